//! The configuration: which rules are asked, severities by place, thresholds, and where it is found.

use owalint::finding::Confidence::{High, Low, Medium};
use owalint::report::Options;

use crate::scratch::{Files, Folder, Linted, edit, fixture, lint_with, run};

fn estate() -> Files {
    fixture("estates/every-direct-cause")
}

fn linted(text: &str) -> Linted {
    lint_with(estate(), text, "2026-06-15", Options::default()).unwrap_or_else(|wrong| panic!("{text}: {wrong:?}"))
}

/// The severities of a rule's findings with their targets.
fn severities(linted: &Linted, rule: &str) -> Vec<(String, &'static str)> {
    let found = linted.report.findings.iter().filter(|it| it.rule == rule);
    let mut found: Vec<_> = found.map(|it| (it.targets.join(","), it.severity.word())).collect();
    found.sort();
    found
}

#[test]
fn of_overrides_the_most_precise_holds_then_the_last() {
    let entry = |keys: &str, severity: &str| format!("[[override]]\n{keys}\nseverity = \"{severity}\"\n");
    let rule = "rule = \"P42-003\"";
    let family = "rules = [\"P42\"]";
    for (entries, severity) in [
        (vec![("[severity]\n\"P42-003\" = \"warning\"\n".to_owned())], "warning"),
        (vec!["[severity]\n\"P42\" = \"info\"\n\"P42-0\" = \"warning\"\n".to_owned()], "warning"),
        (vec!["[severity]\n\"P42-003\" = \"warning\"\n\"P42-0\" = \"info\"\n".to_owned()], "warning"),
        (
            vec![
                "[severity]\n\"P42-003\" = \"warning\"\n".to_owned(),
                entry("rules = [\"P42\"]\nsite = \"Ghent\"", "info"),
            ],
            "info",
        ),
        // The rule's own id goes before its family, whatever the place.
        (
            vec![
                entry(&format!("{rule}\nsite = \"*\""), "warning"),
                entry(&format!("{family}\nvdir = 'GHENTCAS1\\owa*'"), "info"),
            ],
            "warning",
        ),
        (
            vec![
                entry(&format!("{family}\nserver = \"GHENT*\""), "info"),
                entry("rules = [\"P42-00\"]\nsite = \"Ghent\"", "warning"),
            ],
            "warning",
        ),
        // A virtual directory goes before a server, a server before a site, a name before a glob.
        (
            vec![
                entry(&format!("{rule}\nvdir = 'GHENTCAS1\\*'"), "warning"),
                entry(&format!("{rule}\ntarget = \"GHENTCAS1\""), "info"),
            ],
            "warning",
        ),
        (
            vec![
                entry(&format!("{rule}\ntarget = \"GHENT*\""), "warning"),
                entry(&format!("{rule}\nsite = \"Ghent\""), "info"),
            ],
            "warning",
        ),
        (
            vec![
                entry(&format!("{rule}\nserver = \"GHENTCAS1\""), "warning"),
                entry(&format!("{rule}\nserver = \"GHENT*\""), "info"),
            ],
            "warning",
        ),
        // Of equals the last.
        (
            vec![
                entry(&format!("{rule}\nserver = \"GHENTCAS1\""), "info"),
                entry(&format!("{rule}\nserver = \"ghentcas1\""), "warning"),
            ],
            "warning",
        ),
    ] {
        let text = entries.concat();
        let linted = linted(&text);
        assert_eq!(severities(&linted, "P42-003"), [("GHENTCAS1".to_owned(), severity)], "{text}");
    }
}

#[test]
fn an_override_changes_only_what_it_names() {
    let text = "[[override]]\nrules = [\"P42\"]\nsource = \"HQCAS1\"\ntarget-site = \"Porto\"\nseverity = \"info\"\n";
    let linted = linted(text);
    let porto: Vec<_> =
        linted.report.findings.iter().filter(|it| it.rule == "P42-001" && it.targets == ["PORTOCAS1"]).collect();
    assert_eq!(porto.len(), 2, "one as it was, and one of another severity");
    for it in porto {
        assert_eq!(it.sources == ["HQCAS1"], it.severity.word() == "info", "{:?}", it.sources);
    }
    assert!(!linted.rules().contains(&"INP-597"));
}

#[test]
fn an_override_that_changes_nothing_is_noted() {
    let linted = linted("[[override]]\nrule = \"P42-003\"\nsite = \"Gent\"\nseverity = \"info\"\n");
    let said = linted.report.findings.iter().find(|it| it.rule == "INP-597").unwrap();
    assert_eq!((said.primary.text.as_str(), said.severity.word()), ("P42-003", "info"));
    assert!(said.message.ends_with(": no site here matches `Gent`; did you mean `Ghent`?"), "{}", said.message);
    assert_eq!(said.related[0].label, "no site here matches `Gent`; did you mean `Ghent`?");
}

#[test]
fn rules_are_chosen_by_id_name_and_family() {
    let asked = |text: &str| -> Vec<String> {
        let linted = linted(text);
        let mut rules: Vec<String> =
            linted.rules().iter().filter(|it| !it.starts_with("INP-")).map(|it| (*it).to_owned()).collect();
        rules.sort();
        rules.dedup();
        rules
    };
    let all = asked("");
    let only = |keep: &dyn Fn(&str) -> bool| -> Vec<String> { all.iter().filter(|it| keep(it)).cloned().collect() };
    assert!(all.iter().any(|it| it.starts_with("HYG-2")) && all.len() > 7, "{all:?}");
    assert_eq!(asked("[rules]\nselect = [\"P42\"]\n"), only(&|it| it.starts_with("P42")));
    assert_eq!(asked("[rules]\nselect = [\"p42-00\"]\n"), only(&|it| it.starts_with("P42-00")));
    assert_eq!(asked("[rules]\nselect = [\"plain-http-internal-url\"]\n"), ["P42-001"]);
    assert_eq!(
        asked("[rules]\nignore = [\"HYG-2\", \"INC-\"]\n"),
        only(&|it| !it.starts_with("HYG") && !it.starts_with("INC"))
    );
    assert_eq!(asked("[rules]\nselect = [\"P42-001\"]\nignore = [\"P42\"]\n"), ["P42-001"], "the more precise word");
    assert_eq!(
        asked("[rules]\nselect = [\"P42\"]\nignore = [\"P42-001\"]\n"),
        only(&|it| it.starts_with("P42") && it != "P42-001")
    );
    assert_eq!(
        asked("[severity]\nP42 = \"off\"\nHYG = \"off\"\n\"P42-003\" = \"warning\"\n"),
        only(&|it| it == "P42-003" || it.starts_with("INC"))
    );
}

#[test]
fn flags_go_before_the_file() {
    let folder = Folder::new();
    for (path, bytes) in estate() {
        folder.write(&format!("in/{path}"), bytes);
    }
    folder.write(
        "owalint.toml",
        "fail-on = \"warning\"\nmax-warnings = 0\n[rules]\nignore = [\"P42-003\"]\n[severity]\n\"P42-004\" = \"off\"\nP42 = \"warning\"\n",
    );
    let rules = |more: &[&str]| -> (i32, Vec<String>) {
        let output = run(&[&["check", "in", "--format", "json"], more].concat(), &folder.0);
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let rules = document["findings"].as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap().to_owned());
        (output.status.code().unwrap(), rules.filter(|it| it.starts_with("P42-00")).collect())
    };
    let has = |found: &(i32, Vec<String>), rule: &str| found.1.iter().any(|it| it == rule);
    let plain = rules(&[]);
    assert!(plain.0 == 1 && !has(&plain, "P42-003") && !has(&plain, "P42-004") && has(&plain, "P42-006"));
    let selected = rules(&["--select", "P42"]);
    assert!(has(&selected, "P42-003") && !has(&selected, "P42-004"), "the file is more precise about P42-004");
    assert!(has(&rules(&["--select", "P42-004"]), "P42-004"), "and the flag as precise");
    let ignored = rules(&["--ignore", "P42-00"]);
    assert!(ignored.1.is_empty(), "{ignored:?}");
    assert_eq!(rules(&["--fail-on", "error"]).0, 1, "there are warnings, and none is allowed");
    assert_eq!(rules(&["--fail-on", "error", "--max-warnings", "99"]).0, 0);
    folder.write("owalint.toml", "[rules]\nselect = [\"P42-001\"]\n");
    assert!(rules(&["--ignore", "P42"]).1.is_empty(), "a flag that ignores goes before a file that selects");
    for flag in ["--ignore", "--select"] {
        let output = run(&["check", "in", flag, "P43"], &folder.0);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && said.contains("did you mean `P42`?"), "{said}");
    }
    assert_eq!(run(&["check", "in", "--ignore", "INP-441"], &folder.0).status.code(), Some(2));
    assert_eq!(run(&["check", "in", "--ignore", "INP"], &folder.0).status.code(), Some(2));
}

#[test]
fn thresholds_of_the_file_decide_about_the_exit_code() {
    let folder = Folder::new();
    for (path, bytes) in fixture("rules/base") {
        folder.write(&format!("in/{path}"), bytes);
    }
    let mut files = fixture("rules/base");
    edit(&mut files, "CAS2/owa.txt", "https://cas2", "http://cas2");
    for (path, bytes) in &files {
        folder.write(&format!("faulty/{path}"), bytes);
    }
    let code = |text: &str, arguments: &[&str]| -> i32 {
        folder.write("owalint.toml", text);
        run(&[&["check"], arguments].concat(), &folder.0).status.code().unwrap()
    };
    assert_eq!(code("", &["faulty"]), 1);
    let warnings = "[severity]\nP42 = \"warning\"\nHYG = \"off\"\nINC = \"off\"\n";
    assert_eq!(code(warnings, &["faulty"]), 0);
    assert_eq!(code(&format!("max-warnings = 1\n{warnings}"), &["faulty"]), 0);
    assert_eq!(code(&format!("max-warnings = 0\n{warnings}"), &["faulty"]), 1);
    assert_eq!(code(&format!("max-warnings = 0\n{warnings}"), &["faulty", "--exit-zero"]), 0);
    assert_eq!(code(&format!("fail-on = \"warning\"\n{warnings}"), &["faulty"]), 1);
    assert_eq!(code(&format!("fail-on = \"warning\"\n{warnings}"), &["faulty", "--fail-on", "error"]), 0);
    std::fs::remove_file(folder.0.join("in/CAS2/applicationHost.config")).unwrap();
    assert_eq!(code("", &["in"]), 3);
    assert_eq!(code("allow-incomplete = true\n", &["in"]), 0);
    assert_eq!(code("allow-incomplete = true\n", &["in", "--allow-incomplete=false"]), 3);
    assert_eq!(code("allow-incomplete = false\n", &["in", "--allow-incomplete"]), 0);
}

#[test]
fn only_findings_that_are_sure_enough_fail_a_run() {
    let options = |fail_confidence| Options { fail_confidence, ..Options::default() };
    let only = "[rules]\nselect = [\"P42-007\"]\n";
    let code =
        |fail_confidence| lint_with(estate(), only, "2026-06-15", options(fail_confidence)).unwrap().report.exit_code;
    assert_eq!([code(Low), code(Medium), code(High)], [1, 1, 0], "P42-007 is of medium confidence");
}

#[test]
fn a_run_that_only_its_warnings_fail_says_so() {
    let options = Options { max_warnings: Some(0), ..Options::default() };
    let text = "[rules]\nselect = [\"P42-003\"]\n[severity]\n\"P42-003\" = \"warning\"\n";
    let linted = lint_with(estate(), text, "2026-06-15", options).unwrap();
    assert!(linted.human().contains("more warnings than the 0 that are allowed"), "{}", linted.human());
}

#[test]
fn mistakes_have_places_and_hints() {
    for (text, place, part) in [
        ("fail-on = \"eror\"\n", "eror", "did you mean `error`?"),
        ("fail-on = \"off\"\n", "off", "is none of"),
        ("fail-confidence = \"hihg\"\n", "hihg", "did you mean `high`?"),
        ("max-warnings = -1\n", "-1", "a number from 0 on"),
        ("max-warnings = \"1\"\n", "\"1\"", "an integer is wanted"),
        ("allow-incomplete = 1\n", "1", "a boolean is wanted"),
        ("alow-incomplete = true\n", "alow-incomplete", "did you mean `allow-incomplete`?"),
        ("exit-zero = true\n", "exit-zero", "unknown key"),
        ("[rules]\nselect = \"P42\"\n", "\"P42\"", "a list of texts"),
        ("[rules]\nselect = [\"P43\"]\n", "P43", "did you mean `P42`?"),
        ("[rules]\nselect = [\"P4\"]\n", "P4", "there is no rule `P4`"),
        ("[rules]\nignore = [\"INP-4\"]\n", "INP-4", "cannot be ignored"),
        ("[rules]\nignored = []\n", "ignored", "did you mean `ignore`?"),
        ("[rule]\nselect = []\n", "rule", "did you mean `rules`?"),
        ("[severity]\n\"P42-0O1\" = \"off\"\n", "P42-0O1", "did you mean `P42-001`?"),
        ("[severity]\n\"P42-001\" = \"of\"\n", "of", "did you mean `off`?"),
        ("[severity]\n\"P42-001\" = 1\n", "1", "a text is wanted"),
        ("[severity]\n\"INP-441\" = \"off\"\n", "off", "cannot be made less than error"),
        ("[severity]\n\"INP-441\" = \"warning\"\n", "warning", "cannot be made less than error"),
        ("[severity]\n\"INP-404\" = \"off\"\n", "off", "cannot be made less than info"),
        ("[severity]\nINP = \"warning\"\n", "warning", "cannot be made less than error"),
        (
            "[severity]\n\"P42-001\" = \"info\"\nplain-http-internal-url = \"error\"\n",
            "plain-http-internal-url",
            "twice",
        ),
        ("[[override]]\nrule = \"P42-001\"\nsite = \"HQ\"\n", "[[override]]", "`severity` is missing"),
        ("[[override]]\nrule = \"P42-001\"\nseverity = \"info\"\n", "[[override]]", "say where"),
        ("[[override]]\nsite = \"HQ\"\nseverity = \"info\"\n", "[[override]]", "`rule` is missing"),
        ("[[override]]\nrule = \"P42\"\nsite = \"HQ\"\nseverity = \"off\"\n", "off", "[[suppress]]"),
        ("[[override]]\nrule = \"INP\"\nsite = \"HQ\"\nseverity = \"info\"\n", "INP", "always told"),
        (
            "[[override]]\nrule = \"P42\"\nsites = \"HQ\"\nsitess = \"HQ\"\nseverity = \"info\"\n",
            "sitess",
            "did you mean `sites`?",
        ),
    ] {
        let wrong = lint_with(fixture("rules/base"), text, "2026-06-15", Options::default()).err().unwrap_or_default();
        assert!(wrong.iter().any(|(at, message)| at == place && message.contains(part)), "{text}: {wrong:?}");
    }
}

#[test]
fn input_problems_can_be_made_graver() {
    let linted = lint_with(
        fixture("rules/base"),
        "[severity]\nunused-suppression = \"error\"\n[[suppress]]\nrule = \"P42-001\"\nreason = \"known\"\n",
        "2026-06-15",
        Options::default(),
    );
    let linted = linted.unwrap();
    assert_eq!((linted.rules().contains(&"INP-595"), linted.report.exit_code), (true, 1), "{}", linted.human());
}

#[test]
fn all_mistakes_are_told_in_the_order_of_the_file() {
    let text = "fail-on = 1\n[[suppress]]\nrule = \"P42-999\"\n[severity]\n\"P42-998\" = \"off\"\n[[override]]\nrule = \"x\"\n";
    let wrong = lint_with(fixture("rules/base"), text, "2026-06-15", Options::default()).err().unwrap();
    let places: Vec<&str> = wrong.iter().map(|(at, _)| at.as_str()).collect();
    assert_eq!(places, ["1", "[[suppress]]", "P42-999", "P42-998", "[[override]]", "[[override]]", "x"], "{wrong:?}");
}

#[test]
fn a_configuration_that_is_named_is_used_wherever_it_lies_and_that_is_said() {
    let mut files = fixture("rules/base");
    edit(&mut files, "CAS2/owa.txt", "https://cas2", "http://cas2");
    let folder = Folder::with(&files);
    for name in ["owalint.toml", "ours.toml"] {
        folder.write(name, "[severity]\nP42 = \"warning\"\n");
        let output = run(&["check", ".", "--config", name, "--format", "json"], &folder.0);
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let rules: Vec<&str> =
            document["findings"].as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap()).collect();
        assert_eq!(output.status.code(), Some(0), "{name}");
        assert!(rules.contains(&"INP-598") && !rules.contains(&"INP-451"), "{name}: {rules:?}");
        let input = document["inputs"].as_array().unwrap().iter().filter(|it| it["path"] == name).collect::<Vec<_>>();
        assert_eq!((input.len(), input[0]["status"].as_str()), (1, Some("read")), "{name}");
        std::fs::remove_file(folder.0.join(name)).unwrap();
    }
    let alone = Folder::new();
    alone.write("owalint.toml", "");
    assert_eq!(run(&["check", ".", "--config", "owalint.toml"], &alone.0).status.code(), Some(4));
}

#[test]
fn a_configuration_that_is_found_is_shown_from_where_one_stands() {
    let folder = Folder::new();
    for (path, bytes) in fixture("rules/base") {
        folder.write(&format!("below/in/{path}"), bytes);
    }
    folder.write("owalint.toml", "[[suppress]]\nrule = \"P42-001\"\nreason = \"known\"\n");
    let output = run(&["check", "in", "--format", "short"], &folder.0.join("below"));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("../owalint.toml:2:9: warning[INP-595]"), "{said}");
}
