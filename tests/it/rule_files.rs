//! Rule files: every mistake is a finding in the file, at the place, with the nearest right word; and a sound one works.

use crate::scratch::{Folder, fixture, run};

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

#[test]
fn mistakes_have_carets_and_exit_with_2() {
    let mistakes = [
        (
            "target.internal-url.scheme",
            "target.internal-url.sheme",
            "internal-url.sheme",
            "did you mean `target.internal-url.scheme`",
        ),
        ("target.internal-url.scheme", "targt.internal-url.scheme", "targt", "did you mean `target`"),
        ("is      = false", "is      = \"no\"", "\"no\"", "answers with true or false"),
        ("primary = true\n", "", "[[when]]", "primary"),
        ("severity   = \"error\"", "severity   = \"eror\"", "eror", "did you mean `error`"),
        ("summary ", "sumary ", "sumary", "did you mean `summary`"),
        ("{target} publishes", "{taget} publishes", "{taget}", "did you mean `{target}`"),
        ("if-open = \"assume\"", "if-open = \"asume\"", "asume", "did you mean `assume`"),
        ("is      = false", "isnt    = false", "isnt", "unknown key `isnt`"),
        ("scope      = \"pair\"", "scope      = \"vdir\"", "target", "`vdir`, `server`"),
        ("event      = 42", "event      = \"42\"", "\"42\"", "an integer is wanted"),
        ("is      = \"https\"", "is      = \"https", "", ""),
        ("is      = \"https\"", "has     = \"https\"", "\"https\"", "`has` does not fit"),
        ("name       = \"plain", "name       = \"Plain", "Plain-http-internal-url-of-ours", "kebab-case"),
    ];
    for (from, to, caret, message) in mistakes {
        assert!(RULE.contains(from), "{from}");
        let (code, document, human) = check(&RULE.replacen(from, to, 1));
        assert_eq!((code, document["verdict"].as_str()), (2, Some("untrusted")), "{to}: {human}");
        let findings = document["findings"].as_array().unwrap();
        let hit = findings.iter().any(|finding| {
            finding["rule"] == "INP-491"
                && finding["primary"]["path"].as_str().unwrap().ends_with("OURS-001.toml")
                && finding["primary"]["text"].as_str().unwrap().contains(caret)
                && finding["message"].as_str().unwrap().contains(message)
        });
        assert!(hit, "{to}: {findings:#?}");
        assert!(human.contains('^') || caret.is_empty(), "{human}");
    }
}

#[test]
fn a_rule_that_is_there_already_is_refused() {
    let snapshot = Folder::with(&fixture("rules/base"));
    let rules = Folder::new();
    rules.write("P42-001.toml", RULE);
    let output = run(&["check", snapshot.path(), "--rules", rules.path()], &rules.0);
    assert_eq!(output.status.code(), Some(2));
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
