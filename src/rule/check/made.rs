//! Findings as they are made: of what was proved, with the gaps of their texts filled.

use std::collections::BTreeSet;

use crate::finding::{Finding, Label};
use crate::model::ladder::Ladder;
use crate::rule::ask::Subject;
use crate::rule::check::Proof;
use crate::rule::checks::Hit;
use crate::rule::gaps;
use crate::rule::load::Rule;
use crate::text::secret::masked;

/// What goes into the gaps of labels.
pub(super) fn names(values: &[(&'static str, String)], targets: &[String], value: &str) -> Vec<(&'static str, String)> {
    let more = [("target", targets.join(", ")), ("value", masked(value).into_owned())];
    values.iter().cloned().chain(more).collect()
}

/// A label with its gaps filled.
pub(super) fn filled(label: Label, names: &[(&'static str, String)], source: &str) -> Label {
    if !label.message.contains('{') {
        return label;
    }
    Label { message: gaps::template(&label.message, names, false).render(source), ..label }
}

/// The list that a finding rests on, without what its exports are free in: case, and order.
pub(super) fn normalised(proof: &Proof) -> Vec<String> {
    let mut items: Vec<String> = proof.items.iter().map(|it| it.to_lowercase()).collect();
    items.sort();
    items
}

/// What a function of a rule found, as a finding.
pub(super) fn finding_of(rule: &Rule, ladder: &Ladder<'_>, hit: Hit) -> Finding {
    let mut values = gaps::values(ladder, Subject::Server(hit.server));
    values.extend(hit.values);
    let names = std::iter::once(&hit.server).chain(&hit.also).map(|it| ladder.estate.servers[*it].name.clone());
    let names: Vec<String> = names.collect();
    let is_group = rule.check.is_some_and(|row| row.is_group);
    let mut parts: Vec<String> = names.iter().filter(|_| is_group).map(|it| it.to_lowercase()).collect();
    parts.sort();
    let servers = on_one_side(names, hit.of_registry);
    Finding { parts, ..finding(rule, &values, servers, hit.labels, (String::new(), hit.cause)) }
}

/// Sources and targets of a finding about servers: as sources where it is about their registry.
pub(super) fn on_one_side(names: Vec<String>, of_registry: bool) -> (Vec<String>, Vec<String>) {
    if of_registry { (names, Vec::new()) } else { (Vec::new(), names) }
}

/// A finding of a rule, as grave and as sure as the rule says; the first label is the primary one.
pub(super) fn finding(
    rule: &Rule,
    values: &[(&'static str, String)],
    (sources, targets): (Vec<String>, Vec<String>),
    mut labels: Vec<Label>,
    (object, cause): (String, String),
) -> Finding {
    dedup(&mut labels);
    let primary = labels.remove(0);
    Finding {
        rule: rule.id.clone(),
        name: rule.name.clone(),
        severity: rule.severity,
        confidence: rule.confidence,
        event: rule.event,
        message: gaps::template(&rule.summary, values, false),
        sources,
        targets,
        primary,
        related: labels,
        more_places: Vec::new(),
        more_sources: Vec::new(),
        help: rule.help.as_ref().map(|help| gaps::template(help, values, true)),
        near_miss: false,
        assumes: Vec::new(),
        references: rule.founded_on.iter().map(|it| it.url.clone()).collect(),
        object,
        cause,
        parts: Vec::new(),
    }
}

/// Drops labels whose place an earlier one has.
pub(super) fn dedup(labels: &mut Vec<Label>) {
    let mut seen = BTreeSet::new();
    labels.retain(|label| seen.insert(label.span));
}
