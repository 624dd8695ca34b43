//! Ownership: whose file it is, and what is said where that cannot be told.

use crate::scratch::{Files, Folder, Linted, fixture, lint_files, run};

/// The base's files of one server under another path.
fn moved(files: Files, from: &str, to: &str) -> Files {
    let rename = |path: String| if path == from { to.to_owned() } else { path };
    files.into_iter().map(|(path, bytes)| (rename(path), bytes)).collect()
}

fn without(mut files: Files, path: &str) -> Files {
    files.retain(|(it, _)| it != path);
    files
}

fn owner(linted: &Linted, path: &str) -> Option<String> {
    linted.report.inputs.iter().find(|input| input.path == path).unwrap().server.clone()
}

fn base() -> Files {
    fixture("rules/base")
}

#[test]
fn a_folder_or_a_file_name_that_names_a_known_server_decides() {
    for path in [
        "CAS2/iis/applicationHost.config",
        "exports/cas2/inetsrv/config/applicationHost.config",
        "all/CAS2-applicationHost.config",
        "all/applicationHost.CAS2.config",
        "all/cas2.corp.example.com.config",
        "cas2.corp.example.com/applicationHost.config",
    ] {
        let linted = lint_files(moved(base(), "CAS2/applicationHost.config", path));
        assert_eq!(owner(&linted, path).as_deref(), Some("CAS2"), "{path}");
        assert_eq!(linted.report.exit_code, 0, "{path}: {}", linted.human());
    }
}

#[test]
fn a_longer_name_is_not_taken_for_a_shorter_one() {
    let linted = lint_files(moved(base(), "CAS2/applicationHost.config", "iis/CAS22-applicationHost.config"));
    assert_eq!(owner(&linted, "iis/CAS22-applicationHost.config"), None);
    assert!(linted.rules().contains(&"INP-441"), "{}", linted.human());
    assert_eq!(linted.report.exit_code, 1);
}

#[test]
fn a_folder_introduces_a_server() {
    let mut files = base();
    let config = files.iter().find(|(path, _)| path == "CAS2/applicationHost.config").unwrap().1.clone();
    files.push(("CAS9/iis/applicationHost.config".to_owned(), config));
    let linted = lint_files(files);
    assert_eq!(owner(&linted, "CAS9/iis/applicationHost.config").as_deref(), Some("CAS9"));
    assert_eq!(linted.report.exit_code, 3, "a server without a virtual directory is no all-clear");
}

#[test]
fn a_registry_export_that_names_its_server_is_its_own() {
    let text = "Windows Registry Editor Version 5.00\r\n\r\n\
        [HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName]\r\n\"ComputerName\"=\"CAS2\"\r\n\r\n\
        [HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\MSExchange OWA]\r\n\"SSLOffloaded\"=dword:00000000\r\n";
    let mut files = without(base(), "CAS2/owa.reg");
    files.push(("CAS1/stray.reg".to_owned(), text.as_bytes().to_vec()));
    let linted = lint_files(files);
    assert_eq!(owner(&linted, "CAS1/stray.reg").as_deref(), Some("CAS2"));
    assert!(linted.rules().contains(&"INP-442"), "the folder names another server: {:?}", linted.rules());
}

#[test]
fn the_estate_file_can_say_whose_a_file_is() {
    let mut files = moved(base(), "CAS2/applicationHost.config", "misc/two.config");
    let (_, estate) = files.iter_mut().find(|(path, _)| path == "owalint-estate.toml").unwrap();
    let text = String::from_utf8(estate.clone()).unwrap();
    *estate = text.replace("[servers.CAS2]", "[servers.CAS2]\nfiles = [\"misc/two.*\"]").into_bytes();
    let linted = lint_files(files);
    assert_eq!(owner(&linted, "misc/two.config").as_deref(), Some("CAS2"));
}

#[test]
fn the_only_server_gets_what_names_none() {
    let mut files: Files = base().into_iter().filter(|(path, _)| path.starts_with("CAS1/")).collect();
    files = moved(files, "CAS1/owa.reg", "owa.reg");
    let linted = lint_files(files);
    assert_eq!(owner(&linted, "owa.reg").as_deref(), Some("CAS1"));
    assert!(linted.rules().contains(&"INP-443"));
    assert_eq!(linted.report.exit_code, 3, "one server alone is no all-clear");
}

#[test]
fn a_file_of_nobody_is_said_and_not_used() {
    let linted = lint_files(moved(base(), "CAS2/owa.reg", "registry/owa.reg"));
    assert_eq!(owner(&linted, "registry/owa.reg"), None);
    let found = linted.report.findings.iter().find(|finding| finding.rule == "INP-441").unwrap();
    assert_eq!(found.primary.path, "registry/owa.reg");
}

#[test]
fn the_same_vdir_twice_is_one_and_a_difference_opens_it() {
    let mut files = base();
    let vdir = files.iter().find(|(path, _)| path == "CAS2/owa.txt").unwrap().1.clone();
    files.push(("again/owa.txt".to_owned(), vdir.clone()));
    let linted = lint_files(files.clone());
    assert_eq!((linted.report.exit_code, linted.paths.paths.len()), (0, 2), "{}", linted.human());
    let other = String::from_utf8(vdir).unwrap().replace("https://cas2", "http://cas2");
    files.last_mut().unwrap().1 = other.into_bytes();
    let linted = lint_files(files);
    assert!(linted.rules().contains(&"INC-314"), "{:?}", linted.rules());
    let path = linted.paths.paths.iter().find(|path| path.target == "CAS2").unwrap();
    assert_eq!(path.outcome, "unknown");
}

#[test]
fn two_configurations_of_one_server_that_differ_open_its_steps() {
    let mut files = base();
    let config = files.iter().find(|(path, _)| path == "CAS2/applicationHost.config").unwrap().1.clone();
    files.push(("CAS2/old/applicationHost.config".to_owned(), config.clone()));
    assert_eq!(lint_files(files.clone()).report.exit_code, 0);
    let other = String::from_utf8(config).unwrap().replacen("Ssl, Ssl128", "None", 1);
    files.last_mut().unwrap().1 = other.into_bytes();
    let linted = lint_files(files.clone());
    assert!(linted.rules().contains(&"INC-315"), "{}", linted.human());
    let history = files.pop().unwrap();
    files.push(("CAS2/CFGHISTORY_0000000007/applicationHost.config".to_owned(), history.1));
    let linted = lint_files(files);
    assert_eq!(linted.report.exit_code, 0, "a copy from the history does not count: {}", linted.human());
}

#[test]
fn an_estate_file_that_is_not_at_the_root_is_not_used_and_that_is_said() {
    let below: Files = base().into_iter().map(|(path, bytes)| (format!("exports/{path}"), bytes)).collect();
    let linted = lint_files(below.clone());
    assert!(linted.rules().contains(&"INP-567") && linted.rules().contains(&"INC-304"), "{}", linted.human());
    let of = |report: &serde_json::Value| {
        let inputs = report["inputs"].as_array().unwrap();
        let input = inputs.iter().find(|it| it["path"] == "exports/owalint-estate.toml").unwrap();
        (input["status"].as_str().unwrap().to_owned(), input["format"].as_str().unwrap().to_owned())
    };
    let report = serde_json::to_value(&linted.report).unwrap();
    assert_eq!(of(&report), ("ignored".to_owned(), "estate".to_owned()));
    let folder = Folder::with(&below);
    let output = run(&["check", ".", "--estate", "exports/owalint-estate.toml", "--format", "json"], &folder.0);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let rules = report["findings"].as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap());
    assert!(!rules.clone().any(|it| it == "INP-567" || it == "INC-304"), "{:?}", rules.collect::<Vec<_>>());
    assert_eq!(of(&report), ("read".to_owned(), "estate".to_owned()));
    let alone = Folder::with(&vec![("exports/owalint-estate.toml".to_owned(), Vec::new())]);
    assert_eq!(run(&["check", "."], &alone.0).status.code(), Some(4), "an estate file is no export");
}
