//! The documents on the configuration: every example loads, and the schema, the pages and the reader know the same keys.

use std::collections::BTreeSet;

use owalint::config::SEVERITIES;
use owalint::finding::{Confidence, Severity};
use owalint::report::Options;
use serde_json::{Value, json};

use crate::scratch::{expect, fixture, lint_with, repository};

/// The keys that say where, each in its two spellings.
const WHERE: [(&str, &str); 7] = [
    ("server", "servers"),
    ("source", "sources"),
    ("target", "targets"),
    ("site", "sites"),
    ("source-site", "source-sites"),
    ("target-site", "target-sites"),
    ("vdir", "vdirs"),
];

fn page() -> String {
    std::fs::read_to_string(repository().join("docs/configuration.md")).unwrap()
}

fn wrong_with(text: &str) -> Vec<(String, String)> {
    lint_with(fixture("rules/base"), text, "2026-06-15", Options::default()).err().unwrap_or_default()
}

/// The schema of the configuration, from the words that the reader takes.
fn schema() -> Value {
    let text = json!({"type": "string", "pattern": "\\S"});
    let one_or_several = json!({"anyOf": [text, {"type": "array", "items": text, "minItems": 1}]});
    let words = |words: &[&str]| json!({"enum": words});
    let severities = Severity::WORDS.map(|(word, _)| word);
    let with_off = SEVERITIES.map(|(word, _)| word);
    let chosen = json!({"type": "array", "items": {"type": "string"}});
    let entry = |own: Vec<(&str, Value)>, required: &[&str]| {
        let both = WHERE.iter().chain(&[("rule", "rules")]).flat_map(|(one, several)| [*one, *several]);
        let mut properties: serde_json::Map<String, Value> =
            both.map(|key| (key.to_owned(), one_or_several.clone())).collect();
        properties.extend(own.into_iter().map(|(key, value)| (key.to_owned(), value)));
        json!({"type": "array", "items": {
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
            "required": required,
            "oneOf": [{"required": ["rule"]}, {"required": ["rules"]}]
        }})
    };
    let suppression =
        vec![("reason", text.clone()), ("owner", text.clone()), ("until", json!({"type": "string", "format": "date"}))];
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "owalint.toml",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "fail-on": words(&severities),
            "fail-confidence": words(&Confidence::WORDS.map(|(word, _)| word)),
            "max-warnings": {"type": "integer", "minimum": 0},
            "allow-incomplete": {"type": "boolean"},
            "rules": {
                "type": "object",
                "additionalProperties": false,
                "properties": {"select": chosen, "ignore": chosen}
            },
            "severity": {"type": "object", "additionalProperties": words(&with_off)},
            "override": entry(vec![("severity", words(&severities))], &["severity"]),
            "suppress": entry(suppression, &["reason"])
        }
    })
}

fn keys(value: &Value) -> Vec<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn the_schema_is_as_stored() {
    let text = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    expect(&repository().join("docs/owalint.schema.json"), &text);
}

/// The reader takes every key of the schema, and of a value of the wrong type it says just that.
#[test]
fn the_reader_knows_the_keys_of_the_schema() {
    let schema = schema();
    let properties = &schema["properties"];
    let entries =
        ["override", "suppress"].map(|name| (format!("[[{name}]]\n"), &properties[name]["items"]["properties"]));
    let tables = [(String::new(), properties), ("[rules]\n".to_owned(), &properties["rules"]["properties"])];
    for (head, properties) in tables.into_iter().chain(entries) {
        for key in keys(properties) {
            let wrong = wrong_with(&format!("{head}{key} = 1.5\n"));
            let is_known = wrong.iter().any(|(at, message)| at == "1.5" && message.contains("wanted here"));
            assert!(is_known && !wrong.iter().any(|(_, it)| it.contains("unknown key")), "{head}{key}: {wrong:?}");
        }
        assert!(wrong_with(&format!("{head}nonsense = 1.5\n")).iter().any(|(at, _)| at == "nonsense"), "{head}");
    }
}

#[test]
fn the_page_names_every_key() {
    let page = page();
    let cells: BTreeSet<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|line| line.split(" |").next())
        .flat_map(|cell| cell.split('`').filter(|it| !it.trim_matches([',', ' ']).is_empty()))
        .collect();
    let schema = schema();
    let properties = &schema["properties"];
    let mut wanted = keys(properties);
    for name in ["override", "suppress"] {
        wanted.extend(keys(&properties[name]["items"]["properties"]));
    }
    wanted.extend(keys(&properties["rules"]["properties"]));
    for key in wanted {
        let is_table = page.contains(&format!("`[{key}]`")) || page.contains(&format!("`[[{key}]]`"));
        assert!(cells.contains(key.as_str()) || is_table, "{key} is in no table of the page: {cells:?}");
    }
}

#[test]
fn the_examples_of_the_page_load() {
    let page = page();
    let examples: Vec<&str> = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!examples.is_empty());
    for example in examples {
        assert!(wrong_with(example).is_empty(), "{example}: {:?}", wrong_with(example));
    }
}

/// What the page says of the example's families and places.
#[test]
fn the_worked_example_does_what_it_says() {
    let page = page();
    let example = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let linted = lint_with(fixture("estates/every-direct-cause"), example, "2027-03-31", Options::default()).unwrap();
    let report = &linted.report;
    assert!(!linted.rules().iter().any(|it| it.starts_with("HYG-2") || *it == "P42-012"), "{:?}", linted.rules());
    assert_eq!(report.summary.suppressed, 1);
    let porto = report.findings.iter().find(|it| it.rule == "P42-001" && it.targets == ["PORTOCAS1"]).unwrap();
    assert!(!porto.sources.contains(&"HQCAS1".to_owned()) && porto.sources.contains(&"LYONCAS1".to_owned()));
    let later = lint_with(fixture("estates/every-direct-cause"), example, "2027-04-01", Options::default()).unwrap();
    assert!(later.rules().contains(&"INP-596"), "{:?}", later.rules());
}

#[test]
fn the_help_shows_a_suppression_that_loads() {
    let help = crate::scratch::run(&["check", "--help"], &repository());
    let help = String::from_utf8(help.stdout).unwrap();
    let start = help.rfind("[[suppress]]").unwrap();
    let example = help[start..].lines().take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    assert!(wrong_with(&example).is_empty(), "{example}: {:?}", wrong_with(&example));
    assert!(example.contains("until"));
}
