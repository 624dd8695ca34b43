//! Shapes: one estate exported in every way and every encoding gives the same findings and the same facts.

pub(crate) mod object;
pub(crate) mod writers;

use serde_json::Value as Json;

use self::object::{Object, Value, control_panel, forms, server, vdir};
use crate::encodings::encoded;
use crate::places::check_places;
use crate::scratch::{Files, Linted, fixture, lint_files};

/// A way to export objects: its name, and what it writes of them; the last argument is the command that printed them.
pub(crate) type Shape = (&'static str, fn(&[Object], &str) -> String);

pub(crate) const SHAPES: &[Shape] = &[
    ("Format-List without a width", |objects, _| writers::list(objects, None)),
    ("Format-List, wrapped", |objects, _| writers::list(objects, Some(119))),
    ("transcript", writers::transcript),
    ("Export-Clixml", |objects, _| writers::clixml(objects)),
    ("Export-Clixml of remote objects", |objects, _| writers::remote_clixml(objects)),
    ("ConvertTo-Xml", |objects, _| writers::convert_to_xml(objects)),
    ("ConvertTo-Json of 5.1", |objects, _| writers::old_json(objects)),
    ("ConvertTo-Json of 7", |objects, _| writers::new_json(objects)),
    ("Export-Csv", |objects, _| writers::csv(objects, ',', true)),
    ("Export-Csv with semicolons", |objects, _| writers::csv(objects, ';', false)),
    ("Export-Csv with tabs", |objects, _| writers::csv(objects, '\t', false)),
];

const NAMES: [&str; 4] = ["CAS1", "CAS2", "CAS3", "CAS4"];

/// Four servers in two sites: one is sound, one is addressed over http, one is as setup leaves it, and one has a URL
/// that is none of OWA and an empty list of methods.
pub(crate) fn vdirs() -> Vec<Object> {
    vec![
        vdir("CAS1"),
        vdir("CAS2").with("InternalUrl", Value::Uri("http://cas2.corp.example.com/owa".to_owned())),
        forms("CAS3"),
        vdir("CAS4").with("InternalUrl", Value::Uri("https://cas4.corp.example.com/owa?a=1&b=2".to_owned())),
    ]
}

/// The snapshot with the objects of each command in a file of its own.
pub(crate) fn snapshot(write: impl Fn(&[Object], &str) -> String) -> Files {
    snapshot_of(&vdirs(), write)
}

/// The same of other virtual directories.
pub(crate) fn snapshot_of(vdirs: &[Object], write: impl Fn(&[Object], &str) -> String) -> Files {
    let servers: Vec<Object> =
        NAMES.iter().map(|name| server(name, if *name == "CAS1" { "HQ" } else { "Branch" })).collect();
    let panels: Vec<Object> = NAMES.iter().map(|name| control_panel(name)).collect();
    let exports = [
        ("owa", write(vdirs, "Get-OwaVirtualDirectory | Format-List")),
        ("ecp", write(&panels, "Get-EcpVirtualDirectory | Format-List")),
        ("servers", write(&servers, "Get-ExchangeServer | Format-List")),
    ];
    let mut files: Files =
        exports.into_iter().map(|(name, text)| (format!("org/{name}.txt"), text.into_bytes())).collect();
    for (path, bytes) in fixture("rules/base")
        .into_iter()
        .filter(|(path, _)| path.starts_with("CAS2/app") || path.starts_with("CAS2/owa.reg"))
    {
        for name in NAMES {
            files.push((path.replace("CAS2", name), bytes.clone()));
        }
    }
    files
}

/// What a lint says, without places and without what is said of the files themselves.
fn said(linted: &Linted) -> Json {
    let report = serde_json::to_value(&linted.report).unwrap();
    let findings: Vec<Json> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| !finding["rule"].as_str().unwrap().starts_with("INP-"))
        .map(|finding| without_places(finding.clone()))
        .collect();
    let facts = serde_json::to_value(&linted.facts).unwrap();
    let paths = serde_json::to_value(&linted.paths).unwrap();
    serde_json::json!({
        "verdict": report["verdict"], "findings": sorted(findings), "open": report["open"],
        "facts": without_places(facts), "paths": without_places(paths),
    })
}

/// Findings stand by their places, which differ.
fn sorted(mut findings: Vec<Json>) -> Vec<Json> {
    findings.sort_by_key(ToString::to_string);
    findings
}

/// Locations keep their label only.
fn without_places(mut value: Json) -> Json {
    let mut pending = vec![&mut value];
    while let Some(value) = pending.pop() {
        match value {
            Json::Object(fields) if fields.contains_key("start") && fields.contains_key("text") => {
                fields.retain(|key, _| key == "label");
            }
            Json::Object(fields) => pending.extend(fields.values_mut()),
            Json::Array(items) => pending.extend(items),
            _ => {}
        }
    }
    value
}

#[track_caller]
fn compare(name: &str, wanted: &Json, linted: &Linted) {
    check_places(linted);
    let errors: Vec<&str> = linted
        .report
        .findings
        .iter()
        .filter(|it| it.rule.starts_with("INP-") && it.severity.word() == "error")
        .map(|it| it.message.as_str())
        .collect();
    assert!(errors.is_empty(), "{name}: {errors:?}");
    let said = said(linted);
    for part in ["verdict", "open", "findings", "paths", "facts"] {
        assert_eq!(
            serde_json::to_string_pretty(&said[part]).unwrap(),
            serde_json::to_string_pretty(&wanted[part]).unwrap(),
            "{part} of {name}"
        );
    }
}

#[test]
fn every_shape_says_the_same() {
    let wanted = said(&lint_files(snapshot(SHAPES[0].1)));
    for rule in ["P42-001", "PRX-101", "PRX-104"] {
        assert!(wanted["findings"].to_string().contains(rule), "{rule} is found");
    }
    for (name, write) in SHAPES {
        compare(name, &wanted, &lint_files(snapshot(write)));
    }
}

#[test]
fn every_shape_says_the_same_in_every_encoding() {
    let wanted = said(&lint_files(snapshot(SHAPES[0].1)));
    let encodings = ["utf-8 mark", "utf-16le", "utf-16le mark", "utf-16be", "utf-16be mark"];
    for (name, write) in SHAPES {
        for (encoding, end) in encodings.iter().zip(["\r\n", "\n", "\r\n", "\r", "\r\n"]) {
            let files = snapshot(write).into_iter().map(|(path, bytes)| {
                let text = String::from_utf8(bytes).unwrap().replace("\r\n", "\n").replace('\n', end);
                (path, encoded(&text, encoding))
            });
            let linted = lint_files(files.collect());
            compare(&format!("{name} in {encoding} with {end:?}"), &wanted, &linted);
        }
    }
}

/// Half of the servers exported in one shape, the other half in another, and all of them in both: no two shapes of the
/// same settings contradict each other.
#[test]
fn shapes_of_one_estate_do_not_contradict_each_other() {
    let wanted = said(&lint_files(snapshot(SHAPES[0].1)));
    for (name, write) in SHAPES {
        let mut files = snapshot(SHAPES[1].1);
        files.extend(
            snapshot(write)
                .into_iter()
                .filter(|(path, _)| path.starts_with("org/"))
                .map(|(path, bytes)| (format!("again/{path}"), bytes)),
        );
        let linted = lint_files(files);
        check_places(&linted);
        let said = said(&linted);
        assert_eq!(said["paths"], wanted["paths"], "{name}");
        assert_eq!(said["findings"], wanted["findings"], "{name}");
    }
}
