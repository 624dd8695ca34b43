//! What holds of every report: the order of files does not matter, no format lets a character through that steers a
//! terminal, all of them that are JSON parse, and all tell as many findings.
#![no_main]

use libfuzzer_sys::fuzz_target;
use owalint::render::{FORMATS, Look, json};
use owalint::text::show::is_hostile;
use owalint_fuzz::{Run, check_places, files, lint, replaced};
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let files = replaced(files(bytes));
    let Some(run) = lint(files.clone()) else { return };
    check_places(&run);
    let reports = rendered(&run);
    let turned: Vec<_> = files.into_iter().rev().collect();
    let again = lint(turned).expect("the estate file is the same");
    assert_eq!(json::render(&run.paths), json::render(&again.paths));
    assert_eq!(json::render(&run.facts), json::render(&again.facts));
    for ((name, report), (_, other)) in reports.iter().zip(&rendered(&again)) {
        assert_eq!(report, other, "{name} depends on the order of the files");
        check_characters(name, report);
    }
    check_documents(&run, &reports);
});

fn rendered(run: &Run) -> Vec<(&'static str, String)> {
    FORMATS.iter().map(|it| (it.name, (it.render)(&run.report, &run.sources, Look::default()))).collect()
}

/// JSON spells control characters out by itself; what a terminal shows of it may still not be reordered.
fn check_characters(name: &str, report: &str) {
    let is_let_through = |it: &char| is_hostile(*it) && *it != '\n' && !(name == "csv" && *it == '\r');
    if let Some(found) = report.chars().find(is_let_through) {
        let is_json = ["json", "sarif", "gitlab"].contains(&name);
        assert!(is_json && !found.is_control(), "{name} holds {found:?}");
    }
}

fn check_documents(run: &Run, reports: &[(&str, String)]) {
    let findings = run.report.findings.len();
    let document = |name: &str| -> Value {
        let (_, text) = reports.iter().find(|it| it.0 == name).expect("this is a format");
        serde_json::from_str(text).expect("this format is JSON")
    };
    let count = |value: &Value| value.as_array().expect("findings are a list").len();
    assert_eq!(count(&document("json")["findings"]), findings);
    assert_eq!(count(&document("gitlab")), findings);
    assert_eq!(count(&document("sarif")["runs"][0]["results"]), findings);
    let (_, junit) = reports.iter().find(|it| it.0 == "junit").expect("this is a format");
    roxmltree::Document::parse(junit).expect("this format is XML");
    let (_, short) = reports.iter().find(|it| it.0 == "short").expect("this is a format");
    assert!(short.lines().count() >= findings);
}
