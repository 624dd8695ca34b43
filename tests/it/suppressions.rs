//! Suppressions: what they set aside, what they never touch, and what is said of those that do nothing or are over.

use owalint::report::Options;
use serde_json::Value;

use crate::places::check_places;
use crate::scratch::{Files, Folder, Linted, fixture, lint_files, lint_with, run};

const SHOWN: Options = Options {
    fail_on: owalint::finding::Severity::Error,
    fail_confidence: owalint::finding::Confidence::Low,
    max_warnings: None,
    allow_incomplete: false,
    exit_zero: false,
    show_suppressed: true,
    show_baselined: false,
    with_outcomes: false,
};

/// Two sources at HQ and six sites with one cause each.
fn estate() -> Files {
    fixture("estates/every-direct-cause")
}

/// The estate on a day, with one suppression that has these keys and a reason.
fn with(keys: &str, today: &str) -> Linted {
    let text = format!("[[suppress]]\n{keys}\nreason = \"known\"\n");
    let linted = lint_with(estate(), &text, today, SHOWN).unwrap_or_else(|wrong| panic!("{text}: {wrong:?}"));
    check_places(&linted);
    linted
}

fn suppressed(keys: &str) -> Linted {
    with(keys, "2026-06-15")
}

/// The sources and the target of every finding of a rule, reported and suppressed.
fn pairs(linted: &Linted, rule: &str) -> (Vec<String>, Vec<String>) {
    let list = |sources: &[String], targets: &[String]| -> Vec<String> {
        sources.iter().flat_map(|from| targets.iter().map(move |to| format!("{from}>{to}"))).collect()
    };
    let reported = linted.report.findings.iter().filter(|it| it.rule == rule);
    let aside = linted.report.suppressed.iter().flatten().map(|it| &it.finding).filter(|it| it.rule == rule);
    let mut reported: Vec<String> = reported.flat_map(|it| list(&it.sources, &it.targets)).collect();
    let mut aside: Vec<String> = aside.flat_map(|it| list(&it.sources, &it.targets)).collect();
    reported.sort();
    aside.sort();
    (reported, aside)
}

/// Every pair of P42-001 of the estate that the words choose.
fn chosen(is_chosen: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let (all, _) = pairs(&lint_files(estate()), "P42-001");
    assert_eq!(all.len(), 12);
    let split = |pair: &String| pair.split_once('>').map(|(from, to)| (from.to_owned(), to.to_owned())).unwrap();
    all.iter().filter(|pair| is_chosen(&split(pair).0, &split(pair).1)).cloned().collect()
}

#[test]
fn servers_sites_and_virtual_directories_say_where() {
    type Chosen = fn(&str, &str) -> bool;
    let cases: [(&str, Chosen); 19] = [
        ("", |_, _| true),
        ("server = \"HQCAS1\"", |from, _| from == "HQCAS1"),
        ("server = 'portocas1'", |from, to| from == "PORTOCAS1" || to == "PORTOCAS1"),
        ("servers = [\"LYONCAS1\", \"HQ*\"]", |from, to| from == "HQCAS1" || from == "LYONCAS1" || to == "LYONCAS1"),
        ("server = \"lyoncas1.corp.example.com\"", |from, to| from == "LYONCAS1" || to == "LYONCAS1"),
        ("target = \"PORTOCAS1\"", |_, to| to == "PORTOCAS1"),
        ("target = \"porto*\"", |_, to| to == "PORTOCAS1"),
        ("source = \"PORTOCAS1\"", |from, _| from == "PORTOCAS1"),
        ("sources = [\"?????CAS1\"]", |from, _| from.len() == 9),
        ("source = \"HQCAS1\"\ntarget = \"PORTOCAS1\"", |from, to| from == "HQCAS1" && to == "PORTOCAS1"),
        ("site = \"hq\"", |from, _| from.starts_with("HQ")),
        ("target-site = \"Porto\"", |_, to| to == "PORTOCAS1"),
        ("source-site = \"P*\"", |from, _| from == "PORTOCAS1"),
        ("site = \"Porto\"\nsource = \"HQCAS1\"", |from, to| from == "HQCAS1" && to == "PORTOCAS1"),
        ("vdir = 'PORTOCAS1\\owa (Default Web Site)'", |_, to| to == "PORTOCAS1"),
        ("vdir = 'OWA (default web site)'", |_, _| true),
        ("vdir = '*CAS1\\owa*'\ntarget-site = \"Porto\"", |_, to| to == "PORTOCAS1"),
        ("vdirs = ['PORTOCAS1\\*']\nsource = \"LYONCAS1\"", |from, to| from == "LYONCAS1" && to == "PORTOCAS1"),
        ("server = \"BASELCAS1\"\nsite = \"Basel\"", |from, _| from == "BASELCAS1"),
    ];
    for (keys, is_chosen) in cases {
        let linted = suppressed(&format!("rule = \"P42-001\"\n{keys}"));
        let (reported, aside) = pairs(&linted, "P42-001");
        assert_eq!(aside, chosen(is_chosen), "{keys}");
        assert_eq!(reported, chosen(|from, to| !is_chosen(from, to)), "{keys}");
        assert!(!linted.rules().iter().any(|rule| rule.starts_with("INP-59")), "{keys}: {:?}", linted.rules());
    }
}

/// What is said of one server of a side is said of the same one.
#[test]
fn a_server_and_a_site_are_those_of_one_server() {
    let linted = suppressed("rule = \"P42-001\"\nserver = \"HQCAS1\"\nsite = \"Porto\"");
    assert!(pairs(&linted, "P42-001").1.is_empty());
    assert!(linted.rules().contains(&"INP-595"));
}

#[test]
fn pairs_are_suppressed_before_they_fold() {
    let linted = suppressed("rule = \"plain-http-internal-url\"\ntarget = \"PORTOCAS1\"\nsource = \"TURINCAS1\"");
    let of = |finding: &owalint::report::Reported| finding.rule == "P42-001" && finding.targets == ["PORTOCAS1"];
    let left = linted.report.findings.iter().find(|it| of(it)).unwrap();
    assert_eq!(left.sources, ["BASELCAS1", "GHENTCAS1", "HQCAS1", "LYONCAS1", "OSLOCAS1"]);
    assert!(!left.message.contains("TURINCAS1") && left.sources_total == 5);
    assert!(left.related.iter().all(|place| !place.path.starts_with("TURINCAS1")), "{:?}", left.related);
    let aside = linted.report.suppressed.as_ref().unwrap();
    assert_eq!((aside.len(), linted.report.summary.suppressed), (1, 1));
    assert!(of(&aside[0].finding) && aside[0].finding.sources == ["TURINCAS1"]);
    assert_ne!(aside[0].finding.fingerprint, left.fingerprint);
}

#[test]
fn a_finding_that_is_wholly_suppressed_is_gone_and_counted() {
    let before = lint_files(estate()).report.summary;
    let linted = suppressed("rule = \"P42-003\"\nowner = \"netops\"\nuntil = 2026-06-15");
    let after = linted.report.summary;
    assert!(!linted.rules().contains(&"P42-003"));
    assert_eq!((after.findings.error, after.suppressed), (before.findings.error - 1, 1));
    let human = linted.human();
    assert!(human.contains("1 suppressed") && human.contains(": known (owner netops, until 2026-06-15)"), "{human}");
    let document = serde_json::to_value(&linted.report).unwrap();
    let it = &document["suppressed"][0];
    assert_eq!((it["rule"].as_str(), it["severity"].as_str()), (Some("P42-003"), Some("error")));
    let terms = &it["suppression"];
    assert_eq!(terms["reason"], "known");
    assert_eq!(terms["owner"], "netops");
    assert_eq!(terms["until"], "2026-06-15");
    assert_eq!((terms["at"]["path"].as_str(), terms["at"]["text"].as_str()), (Some("owalint.toml"), Some("P42-003")));
    let finding: Vec<&String> = document["findings"][0].as_object().unwrap().keys().collect();
    let keys: Vec<&String> = it.as_object().unwrap().keys().filter(|key| *key != "suppression").collect();
    assert_eq!(keys, finding, "a suppressed finding has the shape of any other");
}

#[test]
fn suppressed_findings_are_listed_on_request_only() {
    let text = "[[suppress]]\nrule = \"P42-003\"\nreason = \"known\"\n";
    let linted = lint_with(estate(), text, "2026-06-15", Options::default()).unwrap();
    assert!(serde_json::to_value(&linted.report).unwrap().get("suppressed").is_none());
    assert!(linted.human().contains("1 suppressed") && linted.human().contains("--show-suppressed"));
    assert_eq!(linted.report.summary.suppressed, 1);
}

#[test]
fn the_last_day_counts_and_the_day_after_does_not() {
    let keys = "rule = \"P42-003\"\nuntil = 2026-12-31";
    let held = with(keys, "2026-12-31");
    assert!(!held.rules().contains(&"P42-003") && !held.rules().contains(&"INP-596"));
    let over = with(keys, "2027-01-01");
    assert!(over.rules().contains(&"P42-003") && !over.rules().contains(&"INP-595"));
    let said = over.report.findings.iter().find(|it| it.rule == "INP-596").unwrap();
    assert_eq!((said.primary.text.as_str(), said.severity.word()), ("2026-12-31", "warning"));
    assert!(said.message.contains("is reported"), "{}", said.message);
    assert_eq!(over.report.summary.suppressed, 0);
    let needless = with("rule = \"P42-003\"\nserver = \"HQCAS9\"\nuntil = 2026-12-31", "2027-01-01");
    let said = needless.report.findings.iter().find(|it| it.rule == "INP-596").unwrap();
    assert!(said.message.contains("needed no longer"), "{}", said.message);
}

#[test]
fn what_matches_nothing_is_said_where_it_stands() {
    for (keys, text, part) in [
        ("rule = \"PRX-107\"", "PRX-107", "found nothing here"),
        ("rule = \"P42-001\"\nserver = \"HQCAS3\"", "P42-001", "no finding of P42-001 is where it says"),
        ("rules = [\"PRX-107\", \"PRX-108\"]", "PRX-107", "PRX-107, PRX-108 found nothing here"),
        ("rule = \"P42-003\"\nvdir = \"owa\"", "P42-003", "no finding of P42-003"),
    ] {
        let linted = suppressed(keys);
        let said: Vec<_> = linted.report.findings.iter().filter(|it| it.rule == "INP-595").collect();
        assert_eq!(said.len(), 1, "{keys}");
        assert_eq!((said[0].primary.text.as_str(), said[0].severity.word()), (text, "warning"), "{keys}");
        assert!(said[0].message.contains(part), "{keys}: {}", said[0].message);
    }
    let linted = suppressed("rule = \"P42-001\"\nserver = \"HQCAS3\"");
    let said = linted.report.findings.iter().find(|it| it.rule == "INP-595").unwrap();
    let labels: Vec<(&str, &str)> = said.related.iter().map(|it| (it.text.as_str(), it.label.as_str())).collect();
    assert_eq!(labels[0], ("HQCAS3", "no server here matches `HQCAS3`; did you mean `HQCAS1`?"));
    assert_eq!(labels[1].0, "known");
}

#[test]
fn a_suppression_of_a_rule_that_is_not_asked_is_not_unused() {
    let text = "[rules]\nselect = [\"P42-001\"]\n[[suppress]]\nrule = \"PRX-107\"\nreason = \"known\"\n";
    let linted = lint_with(estate(), text, "2026-06-15", SHOWN).unwrap();
    assert!(!linted.rules().contains(&"INP-595"), "{:?}", linted.rules());
}

#[test]
fn of_two_suppressions_the_first_holds_and_both_are_used() {
    let text = "[[suppress]]\nrule = \"P42-003\"\nreason = \"first\"\n[[suppress]]\nrules = [\"P42-003\"]\nreason = \"second\"\n";
    let linted = lint_with(estate(), text, "2026-06-15", SHOWN).unwrap();
    let aside = linted.report.suppressed.as_ref().unwrap();
    assert_eq!((aside.len(), aside[0].suppression.reason.as_str()), (1, "first"));
    assert!(!linted.rules().contains(&"INP-595"));
}

/// Not even a suppression of everything makes an all-clear of what could not be read or asked.
#[test]
fn what_could_not_be_read_or_asked_stays() {
    let rules: Vec<String> = owalint::rule::book::BUILT_IN.iter().map(|(id, _)| format!("\"{id}\"")).collect();
    let everything = format!("[[suppress]]\nrules = [{}]\nreason = \"all of it\"\n", rules.join(", "));
    let options = Options { allow_incomplete: false, ..SHOWN };
    let before = lint_files(fixture("estates/missing-evidence"));
    let after = lint_with(fixture("estates/missing-evidence"), &everything, "2026-06-15", options).unwrap();
    assert_eq!(before.report.open, after.report.open);
    assert_eq!((after.report.exit_code, after.report.summary.open), (3, before.report.summary.open));
    let mut broken = fixture("rules/base");
    broken.push(("CAS2/more.reg".to_owned(), b"REGEDIT 5\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\X]\n\"A\"=\"b\"\n".to_vec()));
    let linted = lint_with(broken, &everything, "2026-06-15", SHOWN).unwrap();
    assert!(linted.rules().contains(&"INP-573"), "{:?}", linted.rules());
    assert_eq!(linted.report.exit_code, 1);
    let paths = |linted: &Linted| serde_json::to_value(&linted.paths).unwrap();
    let all = lint_with(estate(), &everything, "2026-06-15", SHOWN).unwrap();
    assert_eq!(paths(&all), paths(&lint_files(estate())), "paths say the same");
    assert_eq!(all.report.exit_code, 0, "{}", all.human());
    assert_eq!(all.report.summary.findings.error, 0);
}

#[test]
fn mistakes_have_places_and_hints() {
    let rule = "[[suppress]]\nrule = \"P42-001\"\n";
    let sound = "[[suppress]]\nrule = \"P42-001\"\nreason = \"known\"\n";
    for (text, place, part) in [
        (rule.to_owned(), "[[suppress]]", "the key `reason` is missing"),
        (format!("{rule}reason = \"\"\n"), "", "a reason is wanted here"),
        (format!("{rule}reason = \" \t \"\n"), " \t ", "a reason is wanted here"),
        (format!("{rule}reason = 1\n"), "1", "a text is wanted here"),
        ("[[suppress]]\nreason = \"known\"\n".to_owned(), "[[suppress]]", "the key `rule` is missing"),
        (sound.replace("P42-001", "P42-0O1"), "P42-0O1", "did you mean `P42-001`?"),
        (sound.replace("P42-001", "plain-http-internal-ulr"), "plain-http-internal-ulr", "`plain-http-internal-url`?"),
        (sound.replace("P42-001", "P42"), "P42", "names each rule"),
        (sound.replace("P42-001", "INP-441"), "INP-441", "always told"),
        (sound.replace("P42-001", "unused-suppression"), "unused-suppression", "always told"),
        (sound.replace("rule =", "rules = []\n#"), "[]", "at least one"),
        (format!("{sound}rules = [\"P42-002\"]\n"), "rules", "`rule` and `rules` are the same"),
        (format!("{sound}server = \"A\"\nservers = [\"B\"]\n"), "servers", "`server` and `servers` are the same"),
        (format!("{sound}servers = []\n"), "[]", "at least one"),
        (format!("{sound}servers = [1]\n"), "1", "a text is wanted here"),
        (format!("{sound}site = true\n"), "true", "a text or a list of texts is wanted here, this is a boolean"),
        (format!("{sound}site = \" \"\n"), " ", "a name is wanted here"),
        (format!("{sound}targt = \"CAS1\"\n"), "targt", "did you mean `target`?"),
        (format!("{sound}owner = \"\"\n"), "", "a name is wanted here"),
        (format!("{sound}until = \"2026-12-31\"\n"), "\"2026-12-31\"", "a day without quotes"),
        (format!("{sound}until = 2026-12-31T00:00:00Z\n"), "2026-12-31T00:00:00Z", "a day without quotes"),
        (format!("{sound}until = 2026\n"), "2026", "a day without quotes"),
        ("suppress = \"P42-001\"\n".to_owned(), "\"P42-001\"", "a list of tables is wanted here"),
        ("[[supress]]\nrule = \"P42-001\"\n".to_owned(), "supress", "did you mean `suppress`?"),
    ] {
        let wrong = lint_with(fixture("rules/base"), &text, "2026-06-15", SHOWN).err().unwrap_or_default();
        assert!(
            wrong.iter().any(|(at, message)| (at == place || at.trim_matches('"') == place) && message.contains(part)),
            "{text}: {wrong:?}"
        );
    }
    assert!(lint_with(fixture("rules/base"), sound, "2026-06-15", SHOWN).is_ok());
}

#[test]
fn the_binary_takes_its_day_from_the_command_line_and_agrees_with_itself() {
    let folder = Folder::new();
    for (path, bytes) in estate() {
        folder.write(&format!("in/{path}"), bytes);
    }
    let keys = "reason = \"known\"\nuntil = 2026-12-31\n";
    let rules = "[\"P42-001\", \"P42-002\", \"P42-003\", \"P42-004\", \"P42-006\", \"P42-007\"]";
    folder.write("owalint.toml", format!("[[suppress]]\nrules = {rules}\n{keys}"));
    let check = |more: &[&str]| run(&[&["check", "in", "--show-suppressed"], more].concat(), &folder.0);
    let on = |day: &str| check(&["--today", day]).status.code();
    assert_eq!((on("2026-12-31"), on("2027-01-01"), on("tomorrow")), (Some(0), Some(1), Some(2)));
    let json = |threads: &str| check(&["--format", "json", "--today", "2026-12-31", "--threads", threads]).stdout;
    let one = json("1");
    assert_eq!(one, json("4"));
    let document: Value = serde_json::from_slice(&one).unwrap();
    assert_eq!(document["summary"]["suppressed"], document["suppressed"].as_array().unwrap().len());
    assert_eq!(document["verdict"], "clean");
    let short = String::from_utf8(check(&["--format", "short", "--today", "2026-12-31"]).stdout).unwrap();
    assert!(short.contains(": suppressed error[P42-003]: ") && short.contains("· known (until 2026-12-31)"), "{short}");
    assert!(!short.contains(": error["), "{short}");
    std::fs::remove_file(folder.0.join("in/OSLOCAS1/registry/owa.reg")).unwrap();
    assert_eq!(on("2026-12-31"), Some(3), "what is missing is missing");
}

#[test]
fn hostile_reasons_never_reach_the_terminal() {
    let text = "[[suppress]]\nrule = \"P42-003\"\nreason = \"\\u001b]0;owned\\u0007\\u202e\"\nowner = \"\\u001b[2J\"\n";
    let linted = lint_with(estate(), text, "2026-06-15", SHOWN).unwrap();
    let short = owalint::render::short::render(&linted.report, &linted.sources, owalint::render::Look::default());
    for text in [linted.human(), short] {
        assert!(text.contains("owned") && !text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text}");
    }
}
