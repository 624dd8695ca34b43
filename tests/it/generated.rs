//! Made-up estates: a lint finds the faults that were put into them, and no others.

#[path = "../../examples/generate/snapshot/mod.rs"]
pub(crate) mod snapshot;

use std::collections::BTreeSet;

use owalint::finding::Severity;
use serde_json::Value as Json;

use self::snapshot::{Fault, Plan, Registry, Shape};
use crate::places::check_places;
use crate::scratch::{Files, lint_files};

pub(crate) const PLAN: Plan =
    Plan { servers: 9, shape: Shape::Mixed, registry: Registry::Small, seed: 7, faults: 0.5, is_small: true };

pub(crate) fn files(plan: &Plan) -> Files {
    (0..plan.servers).flat_map(|index| plan.files(index).unwrap()).collect()
}

/// Each server with the rule that is to find its fault.
fn wanted(plan: &Plan) -> BTreeSet<(String, String)> {
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    let truth = plan.truth();
    let faults = truth["faults"].as_array().unwrap().iter();
    faults.map(|it| (text(it.get("target").unwrap_or(&it["server"])), text(&it["rule"]))).collect()
}

fn found(plan: &Plan) -> BTreeSet<(String, String)> {
    let linted = lint_files(files(plan));
    check_places(&linted);
    let unread: Vec<&str> =
        linted.report.inputs.iter().filter(|it| it.status == "refused").map(|it| it.path.as_str()).collect();
    assert!(unread.is_empty(), "{unread:?}");
    // A fault that leaves a site without one of several candidates is told, and is no error.
    let is_known = |rule: &str| Fault::ALL.iter().any(|fault| fault.rule() == rule);
    let telling = linted.report.findings.iter().filter(|it| it.severity == Severity::Error || is_known(&it.rule));
    telling
        .flat_map(|finding| {
            let servers = if finding.rule == "HYG-201" { &finding.sources } else { &finding.targets };
            servers.iter().map(|server| (server.clone(), finding.rule.clone())).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn what_was_put_in_is_what_is_found() {
    for shape in [Shape::List, Shape::Clixml, Shape::Json, Shape::Mixed] {
        for registry in [Registry::None, Registry::Small] {
            let plan = Plan { shape, registry, ..PLAN };
            assert_eq!(found(&plan), wanted(&plan), "{plan:?}");
        }
    }
}

#[test]
fn whole_files_say_the_same_as_small_ones() {
    let plan = Plan { servers: 3, registry: Registry::Services, faults: 1.0, is_small: false, ..PLAN };
    assert_eq!(found(&plan), wanted(&plan));
}

#[test]
fn every_fault_is_put_in_and_found() {
    let plan = Plan { servers: 40, shape: Shape::List, faults: 1.0, ..PLAN };
    let rules: BTreeSet<String> = wanted(&plan).into_iter().map(|(_, rule)| rule).collect();
    assert_eq!(rules, Fault::ALL.iter().map(|fault| fault.rule().to_owned()).collect());
    assert_eq!(found(&plan), wanted(&plan));
}

#[test]
fn a_seed_decides_everything() {
    assert_eq!(files(&PLAN), files(&PLAN));
    assert_ne!(files(&PLAN), files(&Plan { seed: 8, ..PLAN }));
    let sound = Plan { faults: 0.0, ..PLAN };
    assert!(found(&sound).is_empty());
}
