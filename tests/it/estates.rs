//! Whole estates: golden reports, and what must hold of every report beside them.

use owalint::finding::Severity;

use crate::places::check_places;
use crate::scratch::{Files, expect, fixture, lint_files, repository};

const ESTATES: [&str; 6] =
    ["sound", "every-direct-cause", "windows-export", "missing-evidence", "lookalikes", "web-config"];

#[test]
fn reports_are_as_stored() {
    for name in ESTATES {
        let linted = lint_files(fixture(&format!("estates/{name}")));
        check_places(&linted);
        let stored = repository().join("fixtures/expected").join(format!("{name}.txt"));
        expect(&stored, &linted.human());
        let stored = repository().join("fixtures/expected").join(format!("{name}.paths.txt"));
        expect(&stored, &owalint::render::tables::paths(&linted.paths, false));
    }
}

#[test]
fn verdicts_are_the_promised_ones() {
    let verdict = |name: &str| lint_files(fixture(&format!("estates/{name}"))).report.exit_code;
    assert_eq!(ESTATES.map(verdict), [0, 1, 1, 3, 1, 1]);
}

/// `check` is never green where `paths` predicts a failure.
#[test]
fn every_predicted_failure_has_its_finding() {
    for name in ESTATES {
        let linted = lint_files(fixture(&format!("estates/{name}")));
        for path in &linted.paths.paths {
            if ["proxied", "redirect", "same-site", "not-applicable", "unknown"].contains(&path.outcome) {
                continue;
            }
            let found = linted.report.findings.iter().any(|finding| {
                (finding.rule.starts_with("P42-") || finding.rule.starts_with("PRX-"))
                    && finding.event == path.event
                    && finding.sources.contains(&path.source)
                    && finding.targets.contains(&path.target)
            });
            assert!(found, "{name}: {} to {} is {}, and no finding says so", path.source, path.vdir, path.outcome);
        }
    }
}

#[test]
fn the_order_of_files_changes_nothing() {
    let json = |files: Files| owalint::render::json::render(&lint_files(files).report);
    let files = fixture("estates/lookalikes");
    let mut reversed = files.clone();
    reversed.reverse();
    assert_eq!(json(files), json(reversed));
}

/// A finding of severity error about the proxy where nothing is wrong would be a bug of its rule.
pub(crate) fn errors_about_proxying(files: Files) -> Vec<String> {
    let linted = lint_files(files);
    let is_proxying = |id: &str| id.starts_with("P42-") || id.starts_with("PRX-");
    let errors = linted.report.findings.iter().filter(|it| it.severity == Severity::Error && is_proxying(&it.rule));
    errors.map(|it| format!("{}: {}", it.rule, it.message)).collect()
}

#[test]
fn nothing_fires_on_a_sound_estate() {
    for folder in ["estates/sound", "estates/missing-evidence", "rules/base"] {
        let files = fixture(folder);
        assert!(!files.is_empty());
        assert_eq!(errors_about_proxying(files).join("\n"), "", "{folder}");
    }
}
