//! Differences: what a change does, no more and no less, and what it hides.

mod files;
pub(crate) mod pairs;
mod single;

use owalint::report::Options;
use serde_json::{Value, json};

use crate::scratch::{Files, Folder, edit, expect, fixture, repository, run};

fn folder(before: &Files, after: &Files) -> Folder {
    let folder = Folder::new();
    for (below, files) in [("before", before), ("after", after)] {
        for (path, bytes) in files {
            folder.write(&format!("{below}/{path}"), bytes);
        }
    }
    folder
}

fn diff_in(folder: &Folder, more: &[&str]) -> (i32, String) {
    let output = run(&[&["diff", "before", "after"], more].concat(), &folder.0);
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), text)
}

fn diff(before: &Files, after: &Files) -> Value {
    let (rc, text) = diff_in(&folder(before, after), &["--format", "json"]);
    let diff: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"));
    assert_eq!(diff["exit_code"], rc);
    diff
}

fn base() -> Files {
    fixture("rules/base")
}

fn edited(path: &str, from: &str, to: &str) -> Files {
    let mut files = base();
    edit(&mut files, path, from, to);
    files
}

/// Each change with its rule.
fn changes(diff: &Value) -> Vec<String> {
    let word = |it: &Value| format!("{} {}", it["change"].as_str().unwrap(), it["rule"].as_str().unwrap());
    diff["findings"].as_array().unwrap().iter().map(word).collect()
}

/// Each file that is not as before, with what became of it.
fn file_changes(diff: &Value) -> Vec<String> {
    let word = |it: &Value| format!("{}: {}", it["path"].as_str().unwrap(), it["change"].as_str().unwrap());
    diff["files"].as_array().unwrap().iter().map(word).collect()
}

#[test]
fn one_flag_has_exactly_its_consequences() {
    let after = edited("CAS2/applicationHost.config", "Ssl, Ssl128", "Ssl, SslNegotiateCert, SslRequireCert");
    let diff = diff(&base(), &after);
    assert_eq!(changes(&diff), ["new P42-003"]);
    assert_eq!(diff["findings"][0]["side"], "after");
    let outcomes = diff["outcomes"].as_array().unwrap();
    assert_eq!(outcomes.len(), 1);
    assert_eq!((&outcomes[0]["before"], &outcomes[0]["after"]), (&json!("proxied"), &json!("forbidden 403.7")));
    assert_eq!(outcomes[0]["because_after"]["text"], "Ssl, SslNegotiateCert, SslRequireCert");
    let settings = diff["settings"].as_array().unwrap();
    assert_eq!(settings.len(), 1, "{settings:?}");
    assert_eq!((&settings[0]["name"], &settings[0]["inherited"]), (&json!("access@sslFlags"), &json!(true)));
    assert_eq!(file_changes(&diff), ["CAS2/applicationHost.config: changed"]);
    assert_eq!(diff["exit_code"], 1);
}

#[test]
fn what_goes_back_is_fixed() {
    let before = edited("CAS2/applicationHost.config", "Ssl, Ssl128", "Ssl, SslNegotiateCert, SslRequireCert");
    let diff = diff(&before, &base());
    assert_eq!((changes(&diff), &diff["exit_code"]), (vec!["fixed P42-003".to_owned()], &json!(0)));
    assert_eq!(diff["findings"][0]["side"], "before");
}

/// The text of a file that states nothing of its own may change; that is told apart from a change that does something.
#[test]
fn text_that_changes_nothing_is_said() {
    let after = edited(
        "CAS2/applicationHost.config",
        "<handlers accessPolicy=\"Read, Script\" />\n    <httpRedirect",
        "<!-- moved -->\n    <handlers accessPolicy=\"Read, Script\" />\n    <httpRedirect",
    );
    let diff = diff(&base(), &after);
    assert_eq!(file_changes(&diff), ["CAS2/applicationHost.config: text changed, effect same"]);
    assert_eq!((&diff["settings"], &diff["verdict"]), (&json!([]), &json!("clean")));
}

/// A nearer layer that goes away lets a value through that a file states whose text did not change.
#[test]
fn a_layer_that_moves_is_told_from_a_text_that_changes() {
    let web_config = "<?xml version=\"1.0\"?>\n<configuration><system.webServer><httpRedirect enabled=\"true\" destination=\"/x\" /></system.webServer></configuration>\n";
    let path = "CAS2/inetpub/wwwroot/web.config";
    let mut before = edited(
        "CAS2/applicationHost.config",
        "<location path=\"Default Web Site/owa\">\n    <system.webServer>",
        "<location path=\"Default Web Site/owa\">\n    <system.webServer>\n      <httpRedirect enabled=\"false\" />",
    );
    let mut after = base();
    for files in [&mut before, &mut after] {
        files.push((path.to_owned(), web_config.as_bytes().to_vec()));
    }
    let diff = diff(&before, &after);
    let setting = diff["settings"].as_array().unwrap().iter().find(|it| it["name"] == "httpRedirect@enabled");
    let setting = setting.unwrap_or_else(|| panic!("{diff:#}"));
    assert_eq!(setting["at_after"]["path"], path);
    assert_eq!((&setting["text_unchanged"], &setting["inherited"]), (&json!(true), &json!(true)));
}

#[test]
fn a_deleted_export_is_never_a_fix() {
    let faulty = edited("CAS2/applicationHost.config", "Ssl, Ssl128", "Ssl, SslNegotiateCert, SslRequireCert");
    for lost in ["CAS2/applicationHost.config", "CAS2/owa.txt", "CAS2/"] {
        let after: Files = faulty.iter().filter(|(path, _)| !path.starts_with(lost)).cloned().collect();
        let diff = diff(&faulty, &after);
        assert!(changes(&diff).contains(&"no-longer-checkable P42-003".to_owned()), "{lost}: {:?}", changes(&diff));
        assert!(!changes(&diff).iter().any(|it| it.starts_with("fixed")), "{lost}: {:?}", changes(&diff));
        assert_eq!(diff["exit_code"], 3, "{lost}");
        assert_ne!(diff["no_longer_checkable"], json!([]));
        let back = self::diff(&after, &faulty);
        assert!(changes(&back).contains(&"newly-checked P42-003".to_owned()), "{lost}: {:?}", changes(&back));
    }
    let folder = folder(&base(), &base().into_iter().filter(|(path, _)| path != "CAS1/owa.reg").collect());
    assert_eq!(diff_in(&folder, &[]).0, 3);
    assert_eq!(diff_in(&folder, &["--allow-incomplete"]).0, 0);
    assert_eq!(diff_in(&folder, &["--exit-zero"]).0, 0);
}

#[test]
fn an_earlier_cause_supersedes_a_later_one() {
    let before = edited("CAS2/applicationHost.config", "Ssl, Ssl128", "Ssl, SslNegotiateCert, SslRequireCert");
    let mut after = before.clone();
    edit(&mut after, "CAS2/owa.txt", "https://cas2", "http://cas2");
    let diff = diff(&before, &after);
    assert!(changes(&diff).contains(&"superseded P42-003".to_owned()), "{:?}", changes(&diff));
    assert!(changes(&diff).contains(&"new P42-001".to_owned()));
}

#[test]
fn severities_and_causes_that_change_are_no_new_findings() {
    let before = edited("CAS2/applicationHost.config", "Ssl, Ssl128", "Ssl, SslNegotiateCert, SslRequireCert");
    let after = edited("CAS2/applicationHost.config", "Ssl, Ssl128", "Ssl, SslRequireCert");
    let diff = diff(&before, &after);
    assert_eq!(changes(&diff), ["changed P42-003"], "its confidence is less without SslNegotiateCert");
    assert_eq!(diff["exit_code"], 0);
}

#[test]
fn an_intent_is_held_against_every_pair() {
    let faulty = edited("CAS2/applicationHost.config", "Ssl, Ssl128", "Ssl, SslNegotiateCert, SslRequireCert");
    let folder = folder(&faulty, &base());
    let line = |source: &str, target: &str, outcome: &str| {
        format!("[[pair]]\nsource = \"{source}\"\ntarget = \"{target}\"\noutcome = \"{outcome}\"\n")
    };
    for (intent, rc, wanted) in [
        (line("cas1", "CAS2", "proxied"), 0, "achieved: cas1 to CAS2: proxied (1 of 1 pair)"),
        (line("CAS2", "CAS1", "proxied"), 0, "already so: CAS2 to CAS1: proxied"),
        (line("*", "CAS?", "proxied"), 0, "achieved: * to CAS?: proxied (2 of 2 pairs)"),
        (line("CAS1", "CAS2", "forbidden"), 1, "not achieved: CAS1 to CAS2: forbidden (0 of 1 pair)"),
        (line("CAS1", "CAS9", "proxied"), 1, "no pair of AFTER is meant"),
    ] {
        folder.write("intent.toml", &intent);
        let (code, text) = diff_in(&folder, &["--intent", "intent.toml"]);
        assert!(code == rc && text.contains(wanted), "{intent}: {code}\n{text}");
    }
    folder.write("intent.toml", line("CAS2", "CAS1", "proxied"));
    let back = self::folder(&base(), &faulty);
    back.write("intent.toml", line("CAS2", "CAS1", "proxied"));
    let (code, text) = diff_in(&back, &["--intent", "intent.toml", "--ignore", "P42-003"]);
    assert_eq!(code, 1, "a pair became worse beside the intent: {text}");
    assert!(text.contains("what else it does to pairs:\n  CAS1 to CAS2"), "{text}");
    for (intent, place) in [
        (line("CAS1", "CAS2", "proxed"), "did you mean `proxied`?"),
        (line("CAS1", "CAS2", "proxied").replace("target", "traget"), "intent.toml:3:1"),
        (String::new(), "intent.toml:1:1"),
    ] {
        folder.write("intent.toml", &intent);
        let (code, text) = diff_in(&folder, &["--intent", "intent.toml"]);
        assert!(code == 2 && text.contains("INP-564") && text.contains(place), "{intent}: {text}");
    }
}

#[test]
fn codes_are_those_of_check() {
    let empty: Files = vec![("readme.txt".to_owned(), b"nothing\n".to_vec())];
    assert_eq!(diff(&base(), &empty)["exit_code"], 4);
    assert_eq!(diff(&empty, &base())["exit_code"], 4);
    assert_eq!(diff_in(&folder(&base(), &base()), &["--config", "none.toml"]).0, 2);
    assert_eq!(run(&["diff", "none", "nowhere"], &Folder::new().0).status.code(), Some(2));
    assert!(!Options::default().allow_incomplete);
}

#[test]
fn reports_are_as_stored() {
    let closed = edited("CAS2/applicationHost.config", "Ssl, Ssl128", "Ssl, SslNegotiateCert, SslRequireCert");
    let estate = fixture("estates/every-direct-cause");
    let cut: Files = estate.iter().filter(|(path, _)| !path.starts_with("LYONCAS1/iis/")).cloned().collect();
    for (name, before, after) in [("flag", &base(), &closed), ("lost-export", &estate, &cut)] {
        let folder = folder(before, after);
        let stored = repository().join("fixtures/expected").join(format!("diff-{name}.txt"));
        expect(&stored, &diff_in(&folder, &[]).1);
        let markdown = diff_in(&folder, &["--format", "markdown"]).1;
        assert!(markdown.starts_with("### owalint diff"), "{markdown}");
    }
}

/// The examples of the page are read by the readers that it is about.
#[test]
fn the_examples_of_the_page_hold() {
    let page = std::fs::read_to_string(repository().join("docs/baseline-and-diff.md")).unwrap();
    let example = |start: &str| {
        let blocks = page.split("```toml\n").skip(1).map(|it| it.split("```").next().unwrap());
        blocks.into_iter().find(|it| it.starts_with(start)).unwrap().to_owned()
    };
    let before = edited("CAS2/owa.txt", "https://cas2", "http://cas2");
    let folder = folder(&before, &base());
    folder.write("baseline.toml", example("schema"));
    let checked = run(&["check", "before", "--baseline", "baseline.toml", "--format", "json"], &folder.0);
    let report: Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!((&report["summary"]["baselined"], checked.status.code()), (&json!(1), Some(0)));
    folder.write("intent.toml", example("[[pair]]"));
    let (code, text) = diff_in(&folder, &["--intent", "intent.toml"]);
    assert!(code == 0 && text.contains("achieved: CAS1 to CAS*: proxied"), "{text}");
}
