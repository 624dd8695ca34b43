//! Tests of folders: which path of IIS a file of the snapshot belongs to.

use super::*;
use crate::read::xml;
use crate::text::span::SourceId;

const OWA: &str = r"C:\Program Files\Microsoft\Exchange Server\V14\ClientAccess\owa";

fn folders(sites: &str) -> Folders {
    let (document, problems) = xml::read(sites, SourceId(0));
    assert!(problems.is_empty(), "{problems:?}");
    let mut found = Sites::default();
    found.collect_part(&document, document.roots().next().unwrap());
    Folders::of(&found)
}

fn site(applications: &[(&str, &str)]) -> String {
    let application = |(path, folder): &(&str, &str)| {
        format!("<application path='{path}'><virtualDirectory path='/' physicalPath='{folder}' /></application>")
    };
    let applications: String = applications.iter().map(application).collect();
    format!("<sites><site name='Default Web Site' id='1'>{applications}</site></sites>")
}

fn at(folders: &Folders, path: &str) -> String {
    match folders.find(&path.split('/').filter(|it| !it.is_empty()).collect::<Vec<_>>()) {
        Lies::At(paths) => paths.join(" + "),
        Lies::InOneOf(paths) => format!("one of {}", paths.join(" + ")),
        Lies::Unread(why, _) => why.to_owned(),
        Lies::Nowhere => "nowhere".to_owned(),
    }
}

#[test]
fn folders_are_matched_from_their_ends() {
    let folders = folders(&site(&[("/", r"%SystemDrive%\inetpub\wwwroot"), ("/owa", OWA), ("/data", r"D:\data")]));
    for (path, wanted) in [
        ("inetpub/wwwroot", "Default Web Site"),
        ("C/inetpub/wwwroot", "Default Web Site"),
        ("c$/INETPUB/wwwroot", "Default Web Site"),
        ("wwwroot", "Default Web Site"),
        ("web-configs/wwwroot", "Default Web Site"),
        ("C/Program Files/Microsoft/Exchange Server/V14/ClientAccess/Owa", "Default Web Site/owa"),
        ("ClientAccess/owa", "Default Web Site/owa"),
        ("owa", "Default Web Site/owa"),
        ("ClientAccess/owa/auth", "Default Web Site/owa/auth"),
        ("inetpub/wwwroot/aspnet_client", "Default Web Site/aspnet_client"),
        ("D/data", "Default Web Site/data"),
        ("data", "Default Web Site/data"),
        ("C/data", "nowhere"),
        ("C/owa", "nowhere"),
        ("", "nowhere"),
        ("exports", "nowhere"),
        ("ClientAccess", "nowhere"),
        ("inetpub", "nowhere"),
    ] {
        assert_eq!(at(&folders, path), wanted, "{path}");
    }
}

#[test]
fn a_folder_that_fits_twice_is_not_guessed() {
    let front = r"C:\Exchange\FrontEnd\HttpProxy\owa";
    let back = r"C:\Exchange\ClientAccess\owa";
    let folders = folders(&site(&[("/owa", front), ("/back", back), ("/x", r"C:\one\web"), ("/y", r"D:\one\web")]));
    for (path, wanted) in [
        ("owa", "one of Default Web Site/back + Default Web Site/owa"),
        ("HttpProxy/owa", "Default Web Site/owa"),
        ("ClientAccess/owa", "Default Web Site/back"),
        ("one/web", "one of Default Web Site/x + Default Web Site/y"),
        ("D/one/web", "Default Web Site/y"),
        ("C$/one/web", "Default Web Site/x"),
    ] {
        assert_eq!(at(&folders, path), wanted, "{path}");
    }
}

#[test]
fn one_folder_may_serve_several_paths() {
    let folders = folders(&site(&[("/owa", OWA), ("/owa/Calendar", OWA), ("/owa/oma", OWA)]));
    assert_eq!(
        at(&folders, "ClientAccess/owa"),
        "Default Web Site/owa + Default Web Site/owa/Calendar + Default Web Site/owa/oma"
    );
    // The folder `oma` below is not what the path `owa/oma` leads to, but it is below the other two.
    assert_eq!(
        at(&folders, "ClientAccess/owa/oma"),
        "Default Web Site/owa/Calendar/oma + Default Web Site/owa/oma/oma"
    );
}

#[test]
fn a_folder_that_another_directory_replaces_serves_no_path() {
    let folders = folders(&site(&[("/", r"C:\inetpub\wwwroot"), ("/owa", OWA)]));
    assert_eq!(at(&folders, "inetpub/wwwroot/owa"), "another virtual directory takes the place of this folder");
    assert_eq!(at(&folders, "inetpub/wwwroot/owa/auth"), "another virtual directory takes the place of this folder");
}

#[test]
fn sub_folders_may_be_cut_off() {
    let directory = |more: &str, defaults: &str| {
        format!(
            "<sites><site name='S' id='1'><application path='/'><virtualDirectory path='/' physicalPath='C:\\a\\b' {more} /></application>{defaults}</site></sites>"
        )
    };
    let off = "allowSubDirConfig is off for the virtual directory above this folder";
    for (more, defaults, wanted) in [
        ("", "", "S/c"),
        ("allowSubDirConfig='false'", "", off),
        ("", "<virtualDirectoryDefaults allowSubDirConfig='false' />", off),
        ("allowSubDirConfig='true'", "<virtualDirectoryDefaults allowSubDirConfig='false' />", "S/c"),
    ] {
        let folders = folders(&directory(more, defaults));
        assert_eq!(at(&folders, "a/b/c"), wanted, "{more} {defaults}");
        assert_eq!(at(&folders, "a/b"), "S", "its own folder is read");
    }
}

#[test]
fn variables_count_for_nothing() {
    for (physical, path) in [
        (r"%SystemDrive%\inetpub\wwwroot", "inetpub/wwwroot"),
        (r"D:\%SITES%\one\web", "one/web"),
        ("C:/inetpub/wwwroot/", "inetpub/wwwroot"),
        (r"\\server\share\web", "share/web"),
    ] {
        assert_eq!(at(&folders(&site(&[("/", physical)])), path), "Default Web Site", "{physical}");
    }
    assert_eq!(at(&folders(&site(&[("/", "%SITES%")])), "sites"), "nowhere");
}
