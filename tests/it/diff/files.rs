//! Files in a difference: what goes and comes with one is told there, a new name is no change, and no change hides.

use owalint::text::decode::decode;
use owalint::text::source::Source;
use serde_json::{Value, json};

use super::{changes, diff, diff_in, edited, file_changes, folder};
use crate::scratch::{Files, edit, fixture};

const OWA_KEY: &str = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchange OWA";

fn estate() -> Files {
    fixture("estates/every-direct-cause")
}

fn without(files: &Files, path: &str) -> Files {
    files.iter().filter(|(it, _)| !it.starts_with(path)).cloned().collect()
}

fn renamed(files: &Files, path: &str, to: &str) -> Files {
    assert!(files.iter().any(|(it, _)| it == path));
    files.iter().map(|(it, bytes)| (if it == path { to.to_owned() } else { it.clone() }, bytes.clone())).collect()
}

/// The settings that no file explains.
fn listed(diff: &Value) -> Vec<&Value> {
    diff["settings"].as_array().unwrap().iter().filter(|it| it["file"].is_null()).collect()
}

fn file<'d>(diff: &'d Value, path: &str) -> &'d Value {
    let mut files = diff["files"].as_array().unwrap().iter();
    files.find(|it| it["path"] == path).unwrap_or_else(|| panic!("{path} in {}", diff["files"]))
}

/// Each export of a server that is deleted, and what nobody can check then.
#[test]
fn settings_go_with_a_deleted_export_and_come_with_an_added_one() {
    for (path, place, why) in [
        (
            "LYONCAS1/iis/applicationHost.config",
            "Default Web Site/owa",
            "no applicationHost.config of LYONCAS1 was given",
        ),
        ("LYONCAS1/registry/owa.reg", OWA_KEY, "no registry export of LYONCAS1 was given"),
        ("LYONCAS1/owa.txt", r"LYONCAS1\owa (Default Web Site)", "no OWA virtual directory of LYONCAS1 was given"),
    ] {
        let cut = without(&estate(), path);
        let diff = self::diff(&estate(), &cut);
        assert_eq!(file_changes(&diff), [format!("{path}: removed")]);
        let it = file(&diff, path);
        let gone = it["settings_gone"].as_u64().unwrap();
        assert!(gone > 0 && it["settings_come"] == 0, "{it}");
        assert!(it["places"].as_array().unwrap().contains(&json!(place)), "{it}");
        assert!(it["no_longer_checkable"].as_array().unwrap().contains(&json!(why)), "{it}");
        assert_eq!(listed(&diff), Vec::<&Value>::new(), "{path}");
        assert_eq!(diff["settings"].as_array().unwrap().len() as u64, gone, "all are in the document");
        let human = diff_in(&folder(&estate(), &cut), &[]).1;
        assert!(human.contains(&format!("{path}: removed, with {gone} settings")), "{human}");
        assert!(!human.contains("settings in force:"), "{human}");
        let back = self::diff(&cut, &estate());
        assert_eq!(file_changes(&back), [format!("{path}: added")]);
        let it = file(&back, path);
        assert_eq!((&it["settings_come"], &it["no_longer_checkable"]), (&json!(gone), &json!([])));
        assert_eq!(listed(&back), Vec::<&Value>::new());
    }
}

#[test]
fn a_new_name_is_no_change() {
    for (path, to) in [
        ("HQCAS1/registry/owa.reg", "HQCAS1/registry/other.reg"),
        ("HQCAS2/owa.txt", "HQCAS2/exports/vdir.log"),
        ("LYONCAS1/iis/applicationHost.config", "LYONCAS1/c/applicationHost.config"),
    ] {
        let diff = self::diff(&estate(), &renamed(&estate(), path, to));
        assert_eq!(file_changes(&diff), [format!("{to}: renamed")]);
        assert_eq!(file(&diff, to)["renamed_from"], path);
        for part in ["findings", "outcomes", "settings", "no_longer_checkable", "newly_checkable"] {
            assert_eq!(diff[part], json!([]), "{part} of {to}");
        }
    }
}

/// What cannot be read is known by its path, which is not to make it new.
#[test]
fn what_cannot_be_read_stays_that_under_another_name() {
    let mut before = estate();
    let text = "<configuration><system.webServer><httpRedirect enabled=\"true\" /></system.webServer></configuration>";
    before.push(("misc/web.config".to_owned(), text.as_bytes().to_vec()));
    let moved = renamed(&before, "misc/web.config", "later/web.config");
    let diff = self::diff(&before, &moved);
    assert_eq!((changes(&diff), file_changes(&diff)), (vec![], vec!["later/web.config: renamed".to_owned()]));
    let gone = self::diff(&before, &estate());
    assert!(changes(&gone).iter().all(|it| it.starts_with("no-longer-checkable INP-")), "{:?}", changes(&gone));
    assert!(!changes(&gone).is_empty());
}

#[test]
fn two_files_that_one_could_be_are_not_guessed_at() {
    let text = b"nothing of ours\n".to_vec();
    let mut before = estate();
    before.push(("notes/a.txt".to_owned(), text.clone()));
    let mut after = estate();
    after.extend([("notes/b.txt".to_owned(), text.clone()), ("notes/c.txt".to_owned(), text)]);
    let diff = self::diff(&before, &after);
    assert_eq!(file_changes(&diff), ["notes/a.txt: removed", "notes/b.txt: added", "notes/c.txt: added"]);
}

/// A file that is renamed and of which one value is another: the value is told, whatever goes and comes.
#[test]
fn a_change_does_not_hide_behind_a_new_name() {
    let mut after = estate();
    edit(&mut after, "LYONCAS1/owa.txt", "http://lyoncas1", "https://lyoncas1");
    let after = renamed(&after, "LYONCAS1/owa.txt", "LYONCAS1/later.txt");
    let diff = self::diff(&estate(), &after);
    assert_eq!(file_changes(&diff), ["LYONCAS1/later.txt: added", "LYONCAS1/owa.txt: removed"]);
    let names: Vec<&Value> = listed(&diff).iter().map(|it| &it["name"]).collect();
    assert_eq!(names, ["InternalUrl"]);
    assert!(file(&diff, "LYONCAS1/owa.txt")["settings_elsewhere"].as_u64().unwrap() > 20);
    assert_eq!(file(&diff, "LYONCAS1/owa.txt")["settings_gone"], 0);
}

/// The folders of two servers change places: nothing was renamed, and every difference is told of the server it is of.
#[test]
fn files_that_change_places_are_no_renames() {
    let path = |server: &str| format!("{server}/iis/applicationHost.config");
    let (one, other) = (path("LYONCAS1"), path("HQCAS1"));
    let swapped: Files = estate()
        .into_iter()
        .map(|(it, bytes)| match it {
            it if it == one => (other.clone(), bytes),
            it if it == other => (one.clone(), bytes),
            it => (it, bytes),
        })
        .collect();
    let diff = self::diff(&estate(), &swapped);
    assert_eq!(file_changes(&diff), [format!("{other}: changed"), format!("{one}: changed")]);
    let told: Vec<String> =
        listed(&diff).iter().map(|it| format!("{} {}", it["server"], it["name"]).replace('"', "")).collect();
    assert!(told.contains(&"HQCAS1 access@sslFlags".to_owned()), "{told:?}");
    assert!(told.contains(&"LYONCAS1 access@sslFlags".to_owned()), "{told:?}");
}

/// A value that falls back since the file that set it is gone is in force still, and told.
#[test]
fn what_a_deleted_web_config_uncovers_is_told() {
    let estate = fixture("estates/web-config");
    let path = "CAS2/inetpub/wwwroot/web.config";
    let diff = self::diff(&estate, &without(&estate, path));
    let it = file(&diff, path);
    assert_eq!((&it["change"], &it["settings_gone"]), (&json!("removed"), &json!(0)), "{it}");
    assert_ne!(listed(&diff), Vec::<&Value>::new());
    for it in listed(&diff) {
        assert_eq!(it["at_before"]["path"], path, "{it}");
    }
    assert_eq!(
        (&diff["verdict"], &it["no_longer_checkable"][0]),
        (&json!("incomplete"), &json!(format!("{path} is in BEFORE and not in AFTER")))
    );
}

/// A configuration that breaks leaves what was said of it open, and fixes nothing.
#[test]
fn a_broken_export_is_never_a_fix() {
    let path = "LYONCAS1/iis/applicationHost.config";
    let mut after = estate();
    let (_, bytes) = after.iter_mut().find(|(it, _)| it == path).unwrap();
    bytes.truncate(6000);
    let diff = self::diff(&estate(), &after);
    let told = changes(&diff);
    assert!(
        told.contains(&"new INP-411".to_owned()) && told.contains(&"no-longer-checkable INC-307".to_owned()),
        "{told:?}"
    );
    assert!(!told.iter().any(|it| it.starts_with("fixed")), "{told:?}");
    assert!(file(&diff, path)["change"] == "changed" && file(&diff, path)["settings_gone"].as_u64().unwrap() > 20);
    assert_eq!(listed(&diff), Vec::<&Value>::new());
}

/// No export says that a server has no web.config, so what one did is not fixed by its absence.
#[test]
fn a_deleted_web_config_is_never_a_fix() {
    let mut before = super::base();
    let text = "<configuration><system.webServer><httpRedirect enabled=\"true\" destination=\"/x\" /></system.webServer></configuration>";
    before.push(("CAS2/inetpub/wwwroot/web.config".to_owned(), text.as_bytes().to_vec()));
    let diff = self::diff(&before, &super::base());
    assert_eq!(
        changes(&diff).iter().filter(|it| it.ends_with("PRX-121")).collect::<Vec<_>>(),
        ["no-longer-checkable PRX-121"]
    );
    assert!(
        diff["findings"].to_string().contains("nothing shows whether the server has it still"),
        "{}",
        diff["findings"]
    );
    assert_eq!(diff["exit_code"], 3);
    let folder = folder(&before, &super::base());
    assert_eq!(diff_in(&folder, &["--allow-incomplete"]).0, 0);
    let off = renamed(&before, "CAS2/inetpub/wwwroot/web.config", "CAS2/inetpub/wwwroot/web.config.old");
    assert!(changes(&self::diff(&before, &off)).iter().all(|it| it != "fixed PRX-121"));
    let mut mended = before.clone();
    edit(&mut mended, "CAS2/inetpub/wwwroot/web.config", "\"true\"", "\"false\"");
    assert_eq!(changes(&self::diff(&before, &mended)), ["fixed PRX-121"]);
}

/// What cannot be checked of a server that is new was never checkable; it is told apart, and no all-clear.
#[test]
fn what_is_open_of_a_new_server_is_told_apart() {
    let mut after = super::base();
    let (_, owa) = after.iter().find(|(path, _)| path == "CAS2/owa.txt").unwrap().clone();
    let owa = String::from_utf8(owa).unwrap().replace("CAS2", "CAS3").replace("cas2", "cas3");
    after.push(("CAS3/owa.txt".to_owned(), owa.into_bytes()));
    let diff = self::diff(&super::base(), &after);
    assert_eq!(diff["no_longer_checkable"], json!([]));
    assert!(diff["not_checkable"].to_string().contains("no applicationHost.config of CAS3 was given"), "{diff:#}");
    assert_eq!((&diff["verdict"], &diff["exit_code"]), (&json!("incomplete"), &json!(3)));
}

/// A value that is taken out of a file is not set then; an export that does not cover its key says nothing.
#[test]
fn what_is_not_set_is_told_from_what_is_not_exported() {
    let value = "\"SSLOffloaded\"=dword:00000000";
    let after = edited("CAS2/owa.reg", value, "");
    let diff = self::diff(&super::base(), &after);
    let told = listed(&diff);
    assert_eq!((told.len(), &told[0]["shows_absence"], &told[0]["after"]), (1, &json!(true), &Value::Null));
    let human = diff_in(&folder(&super::base(), &after), &[]).1;
    assert!(human.contains("SSLOffloaded: REG_DWORD 0x00000000 → <not set>"), "{human}");
    let elsewhere = edited("CAS2/owa.reg", r"Services\MSExchange OWA]", r"Services\MSExchange IS]");
    let diff = self::diff(&super::base(), &elsewhere);
    assert_eq!(file(&diff, "CAS2/owa.reg")["settings_gone"], 1);
    assert_eq!(listed(&diff), Vec::<&Value>::new());
}

/// A virtual directory that goes out of a listing of several goes with it.
#[test]
fn a_virtual_directory_goes_out_of_a_listing_whole() {
    let before = fixture("estates/windows-export");
    let path = "org/owa.txt";
    let (_, bytes) = before.iter().find(|(it, _)| it == path).unwrap();
    let text = Source::new(path.to_owned(), decode(bytes.clone())).text().to_owned();
    let starts: Vec<usize> = text.match_indices("RunspaceId").map(|(at, _)| at).collect();
    assert!(starts.len() > 1, "several in {path}");
    let cut = text[..starts[starts.len() - 1]].to_owned();
    let after: Files = before
        .iter()
        .map(|(it, old)| (it.clone(), if it == path { cut.clone().into_bytes() } else { old.clone() }))
        .collect();
    let diff = self::diff(&before, &after);
    let it = file(&diff, path);
    assert!(it["change"] == "changed" && it["settings_gone"].as_u64().unwrap() > 20, "{it}");
    assert!(it["places"].to_string().contains("CAS2"), "{it}");
    assert_eq!(listed(&diff), Vec::<&Value>::new(), "{}", diff["settings"]);
}
