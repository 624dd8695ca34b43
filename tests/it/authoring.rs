//! Authoring: new rules load and pass, cases have the right verdicts, mistakes in them have places, pages fit a snapshot.

use serde_json::Value;

use crate::scratch::{Folder, edit, expect, fixture, repository, run};

const RULE: &str = r#"name     = "other-logon-format"
severity = "warning"
scope    = "vdir"
summary  = "{vdir} takes another format"
why      = "Because."
help     = "set {vdir} back"

[[when]]
ask     = 'vdir.vdir."LogonFormat"'
is      = "PrincipalName"
label   = "here"
primary = true
"#;

const FIRES: &str =
    "says = \"x\"\n[[edit]]\nfile = \"CAS2/owa.txt\"\nreplace = \": FullDomain\"\nwith = \": PrincipalName\"\n";
const GONE: &str = "says = \"x\"\n[[edit]]\nfile = \"CAS2/owa.txt\"\nreplace = \"LogonFormat                     : FullDomain\\n\"\nwith = \"\"\n";
const HOLDS: &str = "says = \"x\"\n";

fn folder(cases: &[(&str, &str)]) -> Folder {
    let folder = Folder::new();
    folder.write("rules/ACME-001.toml", RULE);
    for (case, text) in cases {
        folder.write(&format!("rules/cases/ACME-001/{case}/case.toml"), text);
    }
    folder
}

fn tested(folder: &Folder) -> (i32, Value) {
    let output = run(&["rules", "test", "rules", "--format", "json"], &folder.0);
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

fn verdicts(document: &Value) -> Vec<(&str, &str)> {
    let cases = document["cases"].as_array().unwrap().iter();
    cases.map(|it| (it["case"].as_str().unwrap(), it["verdict"].as_str().unwrap())).collect()
}

#[test]
fn new_rules_load_and_pass_in_every_scope() {
    let folder = Folder::new();
    for scope in ["vdir", "server", "pair"] {
        let output = run(&["rules", "new", &format!("a-{scope}-rule"), "--scope", scope, "--dir", "mine"], &folder.0);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let output = run(&["rules", "test", "mine"], &folder.0);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("9 cases of 3 rules · 3 reported, 3 silent, 3 open"), "{text}");
}

#[test]
fn nothing_is_overwritten_and_nothing_bad_is_written() {
    let folder = Folder::new();
    let new = |arguments: &[&str]| {
        let output = run(&[&["rules", "new"], arguments].concat(), &folder.0);
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(new(&["one", "--id", "ACME-001", "--dir", "mine", "--base"]).0, 0);
    folder.write("mine/ACME-001.toml", "mine");
    let (code, said) = new(&["two", "--id", "ACME-001", "--dir", "mine"]);
    assert_eq!(code, 2, "{said}");
    assert_eq!(std::fs::read_to_string(folder.0.join("mine/ACME-001.toml")).unwrap(), "mine");
    let refused: [(&[&str], &str); 5] = [
        (&["Two", "--dir", "else"], "kebab-case"),
        (&["two", "--id", "P42-001", "--dir", "else"], "there is a rule P42-001 already"),
        (&["two", "--id", "../two", "--dir", "else"], "is no id of a rule"),
        (&["plain-http-internal-url", "--dir", "else"], "is called `plain-http-internal-url` already"),
        (&["two", "--scope", "pairs", "--dir", "else"], "pair"),
    ];
    for (arguments, wanted) in refused {
        let (code, said) = new(arguments);
        assert!(code == 2 && said.contains(wanted), "{arguments:?}: {said}");
    }
    assert!(!folder.0.join("else").exists());
    assert!(folder.0.join("mine/cases/base/CAS2/owa.txt").exists());
}

#[test]
fn cases_have_the_verdict_that_they_deserve() {
    let finding = |more: &str| format!("{FIRES}[[finding]]\n{more}\n");
    let folder = folder(&[
        ("fires-a", FIRES),
        ("fires-b-elsewhere", &finding("file = \"CAS1/owa.txt\"")),
        (
            "fires-c-there",
            &finding(
                "servers = [\"CAS2\"]\nfile = \"CAS2/owa.txt\"\nline = 16\ntext = \"PrincipalName\"\nseverity = \"warning\"",
            ),
        ),
        ("fires-d-not", HOLDS),
        ("fires-e-open", GONE),
        ("fires-f-other-severity", &finding("severity = \"error\"")),
        ("holds-a", HOLDS),
        ("holds-b-not", FIRES),
        ("holds-c-open", GONE),
        ("open-a", GONE),
        ("open-b-not", HOLDS),
        ("open-c-fires", FIRES),
    ]);
    let (code, document) = tested(&folder);
    let wanted = [
        ("fires-a", "reported"),
        ("fires-b-elsewhere", "wrong"),
        ("fires-c-there", "reported"),
        ("fires-d-not", "missing"),
        ("fires-e-open", "missing"),
        ("fires-f-other-severity", "wrong"),
        ("holds-a", "silent"),
        ("holds-b-not", "noisy"),
        ("holds-c-open", "wrong"),
        ("open-a", "open"),
        ("open-b-not", "missing"),
        ("open-c-fires", "noisy"),
    ];
    assert_eq!(verdicts(&document), wanted);
    assert_eq!((code, &document["passed"]), (2, &Value::Bool(false)));
    let human = String::from_utf8(run(&["rules", "test", "rules"], &folder.0).stdout).unwrap();
    expect(&repository().join("fixtures/rule-cases/verdicts.txt"), &human);
}

#[test]
fn a_rule_without_cases_fails_and_a_folder_without_rules_is_4() {
    let untested = folder(&[("fires-a", FIRES)]);
    let (code, document) = tested(&untested);
    assert_eq!((code, document["untested"][0]["lacks"][0].as_str()), (2, Some("holds")));
    let empty = Folder::new();
    empty.write("rules/readme.md", "none");
    assert_eq!(tested(&empty).0, 4);
    assert_eq!(run(&["rules", "test", "nowhere"], &empty.0).status.code(), Some(2));
}

#[test]
fn stored_reports_are_compared_and_written_when_asked() {
    let folder = folder(&[("fires-a", FIRES), ("holds-a", HOLDS)]);
    let update = run(&["rules", "test", "rules", "--update"], &folder.0);
    assert_eq!(update.status.code(), Some(0));
    let stored = folder.0.join("rules/cases/ACME-001/fires-a/expected.txt");
    assert!(std::fs::read_to_string(&stored).unwrap().contains("warning[ACME-001]"));
    assert_eq!(tested(&folder).0, 0);
    std::fs::write(&stored, "something else").unwrap();
    let (code, document) = tested(&folder);
    assert_eq!((code, verdicts(&document)[0]), (2, ("fires-a", "wrong")));
}

#[test]
fn an_estate_of_ones_own_takes_the_place_of_the_built_in_one() {
    let own = "says = \"x\"\nbase = false\n";
    let folder = folder(&[("fires-a", own), ("holds-a", HOLDS)]);
    let directory = String::from_utf8(fixture("rules/base").into_iter().find(|it| it.0 == "CAS2/owa.txt").unwrap().1);
    let directory = directory.unwrap();
    folder.write("rules/cases/ACME-001/fires-a/CAS9/owa.txt", directory.replace("FullDomain", "PrincipalName"));
    folder.write("rules/cases/base/CAS7/owa.txt", directory.replace("CAS2", "CAS7"));
    let (code, document) = tested(&folder);
    assert_eq!(code, 0, "{document:#}");
    folder.write("rules/cases/ACME-001/holds-a/case.toml", "says = \"x\"\nremove = [\"CAS1/owa.txt\"]\n");
    let said = String::from_utf8(run(&["rules", "test", "rules"], &folder.0).stderr).unwrap();
    assert!(said.contains("did you mean `CAS7/owa.txt`?"), "{said}");
}

#[test]
fn mistakes_in_cases_are_shown_at_their_place() {
    let mistakes = [
        ("unknown-file", "fires-a", FIRES.replace("CAS2/owa.txt", "CAS2/ova.txt")),
        ("text-not-there", "fires-a", FIRES.replace(": FullDomain", ": FullDomein")),
        ("text-more-than-once", "fires-a", FIRES.replace(": FullDomain", "CAS2")),
        ("unknown-key", "fires-a", FIRES.replace("says", "sais")),
        ("bad-folder", "fire-a", FIRES.to_owned()),
        ("bad-severity", "fires-a", format!("{FIRES}[[finding]]\nseverity = \"warn\"\n")),
        ("finding-where-none-is-wanted", "holds-a", format!("{HOLDS}[[finding]]\nfile = \"x\"\n")),
        ("syntax", "fires-a", FIRES.replace("says = ", "says : ")),
        ("says-nothing", "fires-a", FIRES.replace("\"x\"", "\" \"")),
    ];
    for (name, case, text) in mistakes {
        let folder = folder(&[(case, &text)]);
        let output = run(&["rules", "test", "rules"], &folder.0);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && said.contains("error[INP-591]"), "{name}: {said}");
        assert!(
            said.contains('^') && said.contains(&format!("rules/cases/ACME-001/{case}/case.toml")),
            "{name}: {said}"
        );
        expect(&repository().join(format!("fixtures/rule-cases/mistake-{name}.txt")), &said);
    }
    let unknown = folder(&[]);
    unknown.write("rules/cases/ACME-01/fires-a/case.toml", FIRES);
    let said = String::from_utf8(run(&["rules", "test", "rules"], &unknown.0).stderr).unwrap();
    assert!(said.contains("there is no rule `ACME-01`") && said.contains("did you mean `ACME-001`?"), "{said}");
}

#[test]
fn the_built_in_rules_pass_their_own_cases() {
    let output = run(&["rules", "test", "--select", "P42-001,HYG-209", "--format", "json"], &repository());
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &document["passed"]), (Some(0), &Value::Bool(true)));
    assert_eq!(document["summary"]["rules"], 2);
}

#[test]
fn a_page_with_a_snapshot_has_its_names() {
    let mut files = fixture("rules/base");
    edit(&mut files, "CAS1/owa.txt", "https://cas1", "http://cas1");
    let snapshot = Folder::with(&files);
    let page = |arguments: &[&str]| {
        let output = run(&[&["explain"], arguments, &["--format", "json"]].concat(), &snapshot.0);
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code().unwrap(), document)
    };
    let (code, document) = page(&["P42-001", "."]);
    assert_eq!((code, document["here"]["state"].as_str()), (0, Some("fires")));
    assert!(document["here"]["findings"][0]["help"].as_str().unwrap().contains("'CAS1\\owa (Default Web Site)'"));
    assert!(document["example"]["help"].as_str().unwrap().contains("'CAS2\\owa (Default Web Site)'"));
    assert_eq!(document["founded_on"][0]["url"].as_str().map(|it| it.starts_with("https://")), Some(true));
    assert!(document["disputed"].is_string() && document["why"].is_string());
    assert_eq!(page(&["P42-002", "."]).1["here"]["state"], "silent");
    assert_eq!(page(&["P42-001", ".", "--ignore", "P42-001"]).1["here"]["state"], "off");
    assert_eq!(page(&["P42-001"]).1["here"], Value::Null);
    std::fs::remove_file(snapshot.0.join("CAS2/applicationHost.config")).unwrap();
    let (_, document) = page(&["P42-003", "."]);
    assert_eq!(document["here"]["state"], "open");
    assert!(document["here"]["open"][0]["reason"].as_str().unwrap().contains("CAS2"));
    let nothing = Folder::new();
    assert_eq!(run(&["explain", "P42-001", nothing.path()], &nothing.0).status.code(), Some(4));
    assert_eq!(run(&["explain", "P42-001", "nowhere"], &nothing.0).status.code(), Some(2));
}

#[test]
fn the_page_of_a_rule_of_ones_own_has_its_own_example() {
    let folder = folder(&[("fires-a", FIRES)]);
    let output = run(&["explain", "ACME-001", "--rules", "rules"], &folder.0);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("set CAS2\\owa (Default Web Site) back"), "{text}");
    assert!(text.contains("warning[ACME-001]: CAS2\\owa (Default Web Site) takes another format"), "{text}");
}
