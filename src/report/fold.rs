//! Folding: findings with one place and one rule become one finding that lists its servers.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::xxh3_128;

use crate::finding::{Confidence, Finding, Severity, Template};
use crate::report::{Location, Reported};
use crate::text::source::Sources;
use crate::text::span::Span;

/// How many servers a finding lists by name.
const LISTED: usize = 100;

/// Folds findings with equal rule, primary place, severity and confidence.
pub fn fold(findings: Vec<Finding>, sources: &Sources) -> Vec<Reported> {
    let mut groups: BTreeMap<(String, Span, Severity, Confidence), Group> = BTreeMap::new();
    for finding in findings {
        let key = (finding.rule.clone(), finding.primary.span, finding.severity, finding.confidence);
        match groups.get_mut(&key) {
            Some(group) => group.take(finding),
            None => {
                groups.insert(key, Group::new(finding));
            }
        }
    }
    groups.into_values().map(|group| group.reported(sources)).collect()
}

struct Group {
    first: Finding,
    seen: std::collections::BTreeSet<Span>,
    vdirs: Vec<String>,
    causes: Vec<String>,
}

impl Group {
    fn new(first: Finding) -> Group {
        let seen = first.related.iter().map(|label| label.span).collect();
        let vdirs = vdir_of(&first).into_iter().collect();
        let causes = vec![first.cause.clone()];
        Group { first, seen, vdirs, causes }
    }

    fn take(&mut self, finding: Finding) {
        if let Some(vdir) = vdir_of(&finding).filter(|vdir| !self.vdirs.contains(vdir)) {
            self.vdirs.push(vdir);
        }
        if !self.causes.contains(&finding.cause) {
            self.causes.push(finding.cause);
        }
        self.first.sources.extend(finding.sources);
        self.first.targets.extend(finding.targets);
        self.first.assumes.extend(finding.assumes);
        let fresh = finding.related.into_iter().filter(|label| self.seen.insert(label.span));
        self.first.related.extend(fresh);
    }

    fn reported(self, sources: &Sources) -> Reported {
        let Group { first: mut it, vdirs, mut causes, .. } = self;
        for names in [&mut it.sources, &mut it.targets, &mut it.assumes] {
            names.sort();
            names.dedup();
        }
        causes.sort();
        let fingerprint = fingerprint(&it, &causes);
        let (from, to) = (spoken(&it.sources), spoken(&it.targets));
        let about = if it.sources.is_empty() { &to } else { &from };
        let fill = |template: &Template| {
            let mut template = template.clone();
            template.values.push(("target", to.clone()));
            template.values.insert(0, ("server", about.clone()));
            if vdirs.len() > 1 {
                let all = format!("{} and {} more", vdirs[0], vdirs.len() - 1);
                template.values.insert(0, ("vdir", all));
            }
            template.render(&from)
        };
        let message = fill(&it.message);
        let help = it.help.as_ref().map(|template| {
            let mut template = template.clone();
            template.values.push(("target", to.clone()));
            template.render(&from)
        });
        let sources_total = it.sources.len();
        Reported {
            message,
            help,
            sources_total,
            primary: Location::of(sources, &it.primary),
            related: it.related.iter().map(|label| Location::of(sources, label)).collect(),
            rule: it.rule,
            name: it.name,
            severity: it.severity,
            confidence: it.confidence,
            event: it.event,
            sources: it.sources.into_iter().take(LISTED).collect(),
            targets: it.targets.into_iter().take(LISTED).collect(),
            assumes: it.assumes,
            references: it.references,
            fingerprint,
        }
    }
}

fn vdir_of(finding: &Finding) -> Option<String> {
    finding.message.values.iter().find(|(name, _)| *name == "vdir").map(|(_, value)| value.clone())
}

/// Made of rule, servers, object and normalised cause, so that a fault keeps it wherever its text moves.
fn fingerprint(finding: &Finding, causes: &[String]) -> String {
    let lower = |names: &[String]| names.iter().map(|name| name.to_lowercase()).collect::<Vec<_>>().join(",");
    let parts = [&finding.rule, &lower(&finding.sources), &lower(&finding.targets), &causes.join("\u{1f}")];
    let text = parts.map(String::as_str).join("\u{1e}");
    format!("{:032x}", xxh3_128(text.as_bytes()))
}

/// Names as a sentence lists them: all of a few, the first ones of many.
fn spoken(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] if names.len() <= 4 => format!("{} and {last}", most.join(", ")),
        _ => format!("{} and {} more servers", names[..3].join(", "), names.len() - 3),
    }
}
