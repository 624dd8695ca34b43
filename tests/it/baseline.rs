//! Baselines: what they hold back wherever it moves, what they never hold back, and that adding and pruning are apart.

mod several;

use std::path::Path;

use serde_json::Value;

use crate::encodings::encoded;
use crate::scratch::{Files, Folder, edit, fixture, run};

/// Two servers, of which one is addressed over http and wants a client certificate.
fn faulty() -> Files {
    let mut files = fixture("rules/base");
    edit(&mut files, "CAS2/owa.txt", "https://cas2", "http://cas2");
    edit(&mut files, "CAS2/applicationHost.config", "sslFlags=\"None\" />", "sslFlags=\"None\" /><!-- -->");
    edit(&mut files, "CAS2/applicationHost.config", "Ssl, Ssl128", "Ssl, SslNegotiateCert, SslRequireCert");
    files
}

fn code(arguments: &[&str], folder: &Folder) -> (i32, String) {
    let output = run(arguments, &folder.0);
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), text)
}

/// A folder with a snapshot `a` and its baseline beside it.
fn with_baseline(files: &Files) -> Folder {
    let folder = Folder::new();
    put(&folder, "a", files);
    let (rc, text) = code(&["baseline", "add", "a", "--file", "known.toml"], &folder);
    assert_eq!(rc, 0, "{text}");
    folder
}

fn put(folder: &Folder, below: &str, files: &Files) {
    for (path, bytes) in files {
        folder.write(&format!("{below}/{path}"), bytes);
    }
}

fn check(folder: &Folder, snapshot: &str) -> Value {
    let output = run(&["check", snapshot, "--baseline", "known.toml", "--format", "json"], &folder.0);
    serde_json::from_slice(&output.stdout).unwrap()
}

fn baseline(folder: &Folder) -> String {
    std::fs::read_to_string(folder.0.join("known.toml")).unwrap()
}

fn rules(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap()).collect()
}

#[test]
fn what_was_there_does_not_fail_the_run_and_is_counted() {
    let folder = with_baseline(&faulty());
    assert_eq!(code(&["check", "a"], &folder).0, 1);
    let report = check(&folder, "a");
    assert_eq!((&report["verdict"], &report["exit_code"]), (&"clean".into(), &0.into()), "{report}");
    assert!(report["summary"]["baselined"].as_u64().unwrap() >= 1);
    let (_, shown) = code(&["check", "a", "--baseline", "known.toml", "--show-baselined"], &folder);
    assert!(shown.contains("in the baseline:\n") && shown.contains("error[P42-001]"), "{shown}");
    assert!(shown.lines().any(|it| it.starts_with("clean") && it.contains(" baselined ")), "{shown}");
    assert_eq!(code(&["check", "a", "--baseline", "known.toml", "--fail-on", "warning"], &folder).0, 0);
}

#[test]
fn other_files_encodings_and_orders_keep_it() {
    let folder = with_baseline(&faulty());
    let moved: Files = faulty()
        .into_iter()
        .map(|(path, bytes)| {
            let text = String::from_utf8(bytes).unwrap();
            match path.as_str() {
                "owalint-estate.toml" => (path, text.into_bytes()),
                "CAS2/owa.txt" => {
                    let mut lines: Vec<&str> = text.trim().lines().collect();
                    lines.reverse();
                    (
                        "CAS2/again.log".to_owned(),
                        encoded(&format!("\r\n\r\n\r\n{}\r\n", lines.join("\r\n")), "utf-16le mark"),
                    )
                }
                _ => (path, encoded(&format!("{text}\r\n"), "utf-16le mark")),
            }
        })
        .collect();
    put(&folder, "b", &moved);
    let (report, again) = (check(&folder, "a"), check(&folder, "b"));
    assert_eq!(again["summary"]["baselined"], report["summary"]["baselined"], "{again}");
    assert_eq!(again["summary"]["findings"]["error"], 0);
    assert!(!rules(&again).contains(&"INP-562"));
    let before = baseline(&folder);
    assert_eq!(code(&["baseline", "add", "b", "--file", "known.toml"], &folder).0, 0);
    assert_eq!(code(&["baseline", "prune", "b", "--file", "known.toml"], &folder).0, 0);
    assert_eq!(baseline(&folder), before);
}

#[test]
fn the_same_fault_of_another_server_is_new() {
    let mut old = fixture("rules/base");
    edit(&mut old, "CAS2/owa.txt", "https://cas2", "http://cas2");
    let folder = with_baseline(&old);
    let mut more = old;
    edit(&mut more, "CAS1/owa.txt", "https://cas1", "http://cas1");
    put(&folder, "b", &more);
    let report = check(&folder, "b");
    let new: Vec<&Value> = report["findings"].as_array().unwrap().iter().filter(|it| it["rule"] == "P42-001").collect();
    assert_eq!(new.len(), 1, "{report}");
    assert_eq!(new[0]["targets"], serde_json::json!(["CAS1"]));
    assert_eq!(report["exit_code"], 1);
}

#[test]
fn adding_never_removes_and_pruning_never_takes_in() {
    let folder = with_baseline(&faulty());
    let mut other = fixture("rules/base");
    edit(&mut other, "CAS1/owa.txt", "https://cas1", "http://cas1");
    put(&folder, "b", &other);
    let before = baseline(&folder);
    code(&["baseline", "add", "b", "--file", "known.toml"], &folder);
    let both = baseline(&folder);
    assert!(before.lines().all(|line| both.contains(line)) && both.lines().count() > before.lines().count());
    let (rc, said) = code(&["baseline", "prune", "a", "--file", "known.toml"], &folder);
    assert_eq!((rc, baseline(&folder)), (0, before), "{said}");
    assert!(said.contains(" removed"), "{said}");
    put(&folder, "sound", &fixture("rules/base"));
    let (_, said) = code(&["baseline", "prune", "sound", "--file", "known.toml"], &folder);
    assert!(said.contains("\n0 entries in the baseline now"), "{said}");
}

#[test]
fn what_cannot_be_checked_any_more_is_not_pruned() {
    let folder = with_baseline(&faulty());
    let before = baseline(&folder);
    for lost in ["CAS2/", "CAS2/owa.txt"] {
        let name = lost.replace('/', "-");
        put(&folder, &name, &faulty().into_iter().filter(|(path, _)| !path.starts_with(lost)).collect());
        let (rc, said) = code(&["baseline", "prune", &name, "--file", "known.toml"], &folder);
        assert_eq!(rc, 0);
        assert!(said.contains("nothing here shows that their findings are gone"), "{said}");
        assert_eq!(baseline(&folder), before, "{lost}");
    }
}

#[test]
fn what_could_not_be_read_or_asked_is_never_held_back() {
    let mut files = faulty();
    files.retain(|(path, _)| path != "CAS1/owa.reg");
    files.push((
        "CAS1/broken.reg".to_owned(),
        b"Windows Registry Editor Version 9.00\r\n\r\n[HKEY_LOCAL_MACHINE\\A]\r\n".to_vec(),
    ));
    let folder = with_baseline(&files);
    let text = baseline(&folder);
    assert!(!text.contains("\"INP-") && !text.contains("\"INC-"), "{text}");
    let report = check(&folder, "a");
    assert!(rules(&report).iter().any(|it| it.starts_with("INP-")), "{report}");
    assert_eq!(report["exit_code"], 1);
    put(&folder, "open", &faulty().into_iter().filter(|(path, _)| path != "CAS1/owa.reg").collect());
    assert_eq!(check(&folder, "open")["exit_code"], 3, "open questions stay");
    let line = r#"{ rule = "INP-411", targets = ["CAS1"], cause = "x", severity = "error", count = 1 }"#;
    folder.write("known.toml", format!("schema = \"owalint.baseline/1\"\nfindings = [\n{line},\n]\n"));
    let (rc, said) = code(&["check", "a", "--baseline", "known.toml"], &folder);
    assert!(rc == 2 && said.contains("cannot be held back") && said.contains("known.toml:3:"), "{said}");
}

#[test]
fn entries_that_match_nothing_are_told_at_their_place() {
    let folder = with_baseline(&faulty());
    put(&folder, "sound", &fixture("rules/base"));
    let report = check(&folder, "sound");
    let told: Vec<&Value> =
        report["findings"].as_array().unwrap().iter().filter(|it| it["rule"] == "INP-562").collect();
    assert!(!told.is_empty());
    for it in told {
        assert_eq!((&it["severity"], &it["primary"]["path"]), (&"info".into(), &"known.toml".into()));
        assert!(it["primary"]["text"].as_str().unwrap().starts_with("{ rule = "), "{it}");
    }
    assert_eq!(report["exit_code"], 0);
}

#[test]
fn graver_and_more_than_counted_is_reported() {
    let folder = with_baseline(&faulty());
    let text = baseline(&folder);
    folder.write("known.toml", text.replace("severity = \"error\"", "severity = \"warning\""));
    assert_eq!(check(&folder, "a")["exit_code"], 1);
    folder.write("known.toml", text.replace("cas2\\\\owa", "cas2\\\\other"));
    assert_eq!(check(&folder, "a")["exit_code"], 1);
}

#[test]
fn a_baseline_that_is_not_valid_stops_the_run_with_a_place() {
    let folder = with_baseline(&faulty());
    let text = baseline(&folder);
    for (wrong, place) in [
        (text.replace("count = 1", "count = 0"), "known.toml:5:"),
        (text.replace("cause =", "casue ="), "known.toml:5:"),
        (text.replace("baseline/1", "baseline/9"), "known.toml:3:"),
        (text.replace("]\n", "\n"), "known.toml:"),
        (String::new(), "known.toml:1:1"),
        (
            text.replacen("  {", &format!("{},\n  {{", text.lines().nth(4).unwrap().trim_end_matches(',')), 1),
            "known.toml:6:",
        ),
    ] {
        folder.write("known.toml", &wrong);
        let (rc, said) = code(&["check", "a", "--baseline", "known.toml"], &folder);
        assert!(rc == 2 && said.contains("INP-561") && said.contains(place), "{wrong}\n{said}");
        assert_eq!(code(&["baseline", "add", "a", "--file", "known.toml"], &folder).0, 2);
        assert_eq!(std::fs::read_to_string(folder.0.join("known.toml")).unwrap(), wrong, "it is left as it is");
    }
    assert_eq!(code(&["check", "a", "--baseline", "none.toml"], &folder).0, 2);
    assert_eq!(code(&["baseline", "prune", "a", "--file", "none.toml"], &folder).0, 2);
    assert!(!Path::new(&folder.0.join("none.toml")).exists());
}

#[test]
fn a_baseline_inside_the_linted_paths_is_said_loudly() {
    let folder = with_baseline(&faulty());
    let text = baseline(&folder);
    folder.write("a/known.toml", &text);
    let (_, said) = code(&["check", "a", "--baseline", "a/known.toml"], &folder);
    assert!(said.contains("INP-563") && !said.contains("INP-566"), "{said}");
    let (_, said) = code(&["baseline", "add", "a", "--file", "a/known.toml"], &folder);
    assert!(said.contains("inside the linted paths"), "{said}");
}

#[test]
fn a_baseline_that_nobody_names_is_not_used_and_that_is_said() {
    let folder = with_baseline(&faulty());
    let text = baseline(&folder);
    let plain = code(&["check", "a"], &folder);
    let moved = text.replacen("schema = \"owalint.baseline/1\"\n", "", 1) + "schema = 'owalint.baseline/1'\n";
    let merged = text.replacen("findings = [", "<<<<<<< ours\nfindings = [", 1);
    let later = text.replacen("baseline/1", "baseline/2", 1);
    let utf16 = text.encode_utf16().flat_map(u16::to_le_bytes);
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(utf16).collect();
    let forms = [text.as_bytes(), moved.as_bytes(), merged.as_bytes(), later.as_bytes(), &utf16];
    for bytes in forms {
        for path in ["a/known.toml", "a/CAS2/owa.txt.bak"] {
            folder.write(path, bytes);
            let (rc, said) = code(&["check", "a", "--format", "json"], &folder);
            let report: Value = serde_json::from_str(&said).unwrap();
            let noted = report["findings"].as_array().unwrap().iter().find(|it| it["rule"] == "INP-566").unwrap();
            assert!(noted["primary"]["text"].as_str().unwrap().starts_with("owalint.baseline/"), "{noted}");
            assert_eq!((rc, noted["severity"].as_str()), (plain.0, Some("info")), "{said}");
            assert_eq!(report["summary"]["baselined"], 0, "{said}");
            let inputs = report["inputs"].as_array().unwrap();
            let input = inputs.iter().find(|it| it["path"] == path[2..]).unwrap();
            assert_eq!((&input["status"], &input["format"]), (&"ignored".into(), &"owalint-baseline".into()));
            std::fs::remove_file(folder.0.join(path)).unwrap();
        }
    }
}

#[test]
fn a_file_that_only_speaks_of_baselines_is_none() {
    let folder = Folder::new();
    put(&folder, "a", &faulty());
    let (_, before) = code(&["check", "a", "--format", "json"], &folder);
    let owa = std::fs::read_to_string(folder.0.join("a/CAS2/owa.txt")).unwrap();
    folder.write("a/CAS2/owa.txt", format!("{owa}\n\nschema = \"owalint.baseline/1\"\n"));
    let (_, after) = code(&["check", "a", "--format", "json"], &folder);
    let rules = |text: &str| serde_json::from_str::<Value>(text).map(|it| rules(&it).join(" ")).unwrap();
    assert!(!rules(&after).contains("INP-566"), "{after}");
    assert!(rules(&after).contains(&rules(&before)), "what it holds is read: {} {}", rules(&before), rules(&after));
}
