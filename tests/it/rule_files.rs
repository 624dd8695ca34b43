//! Rule files: every mistake is a finding in the file, at the place, with the nearest right word; and a sound one works.

use owalint::lint;
use owalint::render::{self, Look};
use owalint::report::Options;
use owalint::rule::book::{Book, RuleFile};
use owalint::text::source::Sources;

use crate::scratch::{Folder, expect, fixture, repository, run};

const RULE: &str = r#"name       = "plain-http-internal-url-of-ours"
severity   = "error"
confidence = "high"
event      = 42
scope      = "pair"
summary    = "{target} publishes a plain http InternalUrl and {source} may not proxy without SSL"
why        = "Because."

[[when]]
ask     = "target.internal-url.scheme"
is      = "https"
label   = "the source is sent here"
primary = true

[[when]]
ask     = "source.allows-proxying-without-ssl"
is      = false
if-open = "assume"
label   = "and {source} does not allow that"
"#;

fn check(rule: &str) -> (i32, serde_json::Value, String) {
    let snapshot = Folder::with(&fixture("rules/base"));
    let rules = Folder::new();
    rules.write("OURS-001.toml", rule);
    let output = run(&["check", snapshot.path(), "--rules", rules.path(), "--format", "json"], &rules.0);
    let human = run(&["check", snapshot.path(), "--rules", rules.path()], &rules.0);
    let document = serde_json::from_slice(&output.stdout).unwrap();
    (output.status.code().unwrap(), document, String::from_utf8(human.stdout).unwrap())
}

#[test]
fn a_rule_of_the_users_own_fires() {
    let (code, document, human) = check(RULE);
    assert_eq!(code, 1, "{human}");
    let findings = document["findings"].as_array().unwrap();
    let ours: Vec<_> = findings.iter().filter(|it| it["rule"] == "OURS-001").collect();
    assert_eq!(ours.len(), 2);
    assert_eq!(ours[0]["primary"]["text"], "https");
}

/// Every mistake: what it is called, the text of a sound rule, and what stands there instead. The reports are stored.
const MISTAKES: [(&str, &str, &str); 37] = [
    ("unknown-key", "summary ", "sumary "),
    ("unknown-key-of-condition", "is      = false", "isnt    = false"),
    ("missing-keys", "name       = \"plain-http-internal-url-of-ours\"\nseverity   = \"error\"\n", ""),
    ("bad-severity", "severity   = \"error\"", "severity   = \"eror\""),
    ("bad-name", "name       = \"plain", "name       = \"Plain"),
    ("bad-event", "event      = 42", "event      = \"42\""),
    ("bad-scope", "scope      = \"pair\"", "scope      = \"pairs\""),
    ("unknown-question", "target.internal-url.scheme", "target.internal-url.sheme"),
    ("misspelt-role", "target.internal-url.scheme", "targt.internal-url.scheme"),
    ("wrong-role-for-scope", "scope      = \"pair\"", "scope      = \"vdir\""),
    ("question-missing", "target.internal-url.scheme", "target"),
    ("open-question-without-a-name", "\"target.internal-url.scheme\"", "\"target.vdir\""),
    ("open-question-without-quotes", "\"target.internal-url.scheme\"", "\"target.vdir.LogonFormat\""),
    ("quotes-behind-a-closed-question", "\"target.internal-url.scheme\"", "'target.internal-url.\"scheme\"'"),
    (
        "registry-short-root",
        "\"source.allows-proxying-without-ssl\"",
        "'source.registry.\"HKLM\\SYSTEM\\Setup\\Oobe\"'",
    ),
    ("iis-names-by-case", "\"target.internal-url.scheme\"", "'target.iis.\"system.webserver/handlers@accessPolicy\"'"),
    (
        "backslash-in-double-quotes",
        "source.allows-proxying-without-ssl",
        "source.registry.'HKEY_LOCAL_MACHINE\\SYSTEM\\Setup\\Oobe'",
    ),
    ("test-does-not-fit", "is      = \"https\"", "at-least = 3"),
    ("value-does-not-fit", "is      = false", "is      = \"no\""),
    (
        "word-that-is-no-answer",
        "\"target.internal-url.scheme\"\nis      = \"https\"",
        "\"target.version\"\nis      = \"2001\"",
    ),
    (
        "flag-that-does-not-exist",
        "\"target.internal-url.scheme\"\nis      = \"https\"",
        "\"target.ssl-flags\"\nhas     = \"Ssl182\"",
    ),
    ("no-test", "is      = \"https\"\n", ""),
    ("two-tests", "is      = \"https\"", "is      = \"https\"\nmatches = \"h*\""),
    ("bad-glob", "is      = \"https\"", "matches = \"http[s\""),
    ("bad-if-open", "if-open = \"assume\"", "if-open = \"asume\""),
    ("nothing-to-assume", "is      = \"https\"", "is      = \"https\"\nif-open = \"assume\""),
    ("unset-of-no-attribute", "is      = \"https\"", "is      = \"https\"\nunset   = \"http\""),
    ("unknown-gap-in-summary", "{target} publishes", "{taget} publishes"),
    ("unknown-gap-in-label", "and {source} does", "and {server} does"),
    ("scope-of-no-rule", "scope      = \"pair\"", "scope      = \"estate\""),
    ("gap-not-closed-at-the-end", "and {source} does not allow that", "and not allowed on {source"),
    ("if-open-beside-known", "is      = false\nif-open = \"assume\"", "known   = true\nif-open = \"skip\""),
    ("gap-not-closed", "{target} publishes", "{target publishes"),
    ("no-primary", "primary = true\n", ""),
    ("two-primaries", "if-open = \"assume\"", "if-open = \"assume\"\nprimary = true"),
    (
        "never-both",
        "source.allows-proxying-without-ssl\"\nis      = false\nif-open = \"assume\"",
        "target.internal-url.scheme\"\nmatches = \"*p\"",
    ),
    ("syntax", "is      = \"https\"", "is      = \"https"),
];

/// More mistakes, which are keys behind the last condition or at the head.
const MORE: [(&str, &str); 5] = [
    ("single-brackets", "\n[founded-on]\nurl  = \"https://example.com\"\nsays = \"x\"\n"),
    ("when-is-also-unless", "\n[[unless]]\nask = \"target.internal-url.scheme\"\nis  = \"https\"\n"),
    ("soften-without-a-use", "\n[[soften]]\nask = \"source.has-vdir\"\nis = true\n"),
    ("bad-date", "\n[[founded-on]]\nurl  = \"https://example.com\"\nsays = \"x\"\ndate = \"March 2014\"\n"),
    ("source-without-a-fact", "\n[[founded-on]]\nurl  = \"https://example.com\"\n"),
];

const PRIMARY_IN_ANY: &str = r#"
[[any]]
ask     = "source.has-vdir"
is      = true
label   = "it may hold"
primary = true
"#;

/// The report of a run with one rule file, and whether the run has begun.
fn rejected(file: &str, rule: &str) -> (String, usize) {
    let mut sources = Sources::default();
    let own = RuleFile { path: format!("my-rules/{file}"), bytes: rule.as_bytes().to_vec() };
    let (_, problems) = Book::open(vec![own], &mut sources);
    let count = problems.len();
    let options = Options::default();
    let report = lint::rejected(problems, &sources, &options);
    (render::human::render(&report, &sources, Look { quiet: true, ..Look::default() }), count)
}

#[test]
fn every_mistake_is_shown_at_its_place() {
    let edited = MISTAKES.iter().map(|(name, from, to)| {
        assert!(RULE.contains(from), "{name}");
        (*name, "OURS-001.toml", RULE.replacen(from, to, 1))
    });
    let head = |line: &str| format!("{line}\n{RULE}");
    let longer = MORE.iter().map(|(name, more)| (*name, "OURS-001.toml", format!("{RULE}{more}")));
    let others = [
        ("unknown-check", "OURS-001.toml", head("check = \"misplaced-values\"")),
        ("check-of-another-scope", "OURS-001.toml", head("check = \"misplaced-value\"")),
        ("primary-that-may-not-hold", "OURS-001.toml", RULE.replace("primary = true\n", "") + PRIMARY_IN_ANY),
        ("refines-no-rule", "OURS-001.toml", head("refines = \"P42-911\"")),
        ("unknown-step", "OURS-001.toml", head("step = \"ssl-requird\"")),
        ("step-and-after", "OURS-001.toml", head("step = \"ssl-required\"\nafter = \"bad-url\"")),
        ("id-that-is-taken", "P42-001.toml", RULE.to_owned()),
        ("id-that-is-none", "my rule.toml", RULE.to_owned()),
        ("name-that-is-taken", "OURS-001.toml", RULE.replace("-of-ours", "")),
    ];
    let folder = repository().join("fixtures/rule-mistakes");
    for (name, file, rule) in edited.chain(longer).chain(others) {
        let (report, count) = rejected(file, &rule);
        assert!(count > 0, "{name} is no mistake");
        assert!(report.contains("error[INP-491]") && report.contains('^'), "{name} has no caret:\n{report}");
        expect(&folder.join(format!("{name}.txt")), &report);
    }
}

#[test]
fn a_mistake_ends_the_run_with_2_in_every_format() {
    let (code, document, human) = check(&RULE.replacen("severity   = \"error\"", "severity   = \"eror\"", 1));
    assert_eq!((code, document["verdict"].as_str()), (2, Some("untrusted")), "{human}");
    assert_eq!(document["findings"][0]["primary"]["text"], "eror");
    assert!(human.contains("did you mean `error`"), "{human}");
}

#[test]
fn open_questions_reach_any_setting() {
    let rule = RULE
        .replace("target.internal-url.scheme", "target.vdir.\\\"LogonFormat\\\"")
        .replace("is      = \"https\"", "known   = true")
        .replace("source.allows-proxying-without-ssl", "source.registry.\\\"HKEY_LOCAL_MACHINE\\\\SYSTEM\\\\CurrentControlSet\\\\Services\\\\MSExchange OWA\\\\SSLOffloaded\\\"")
        .replace("is      = false\nif-open = \"assume\"", "at-most = 0");
    let (code, document, human) = check(&rule);
    assert_eq!(code, 1, "{human}");
    let text = serde_json::to_string(&document["findings"]).unwrap();
    assert!(text.contains("dword:00000000"), "{human}");
}
