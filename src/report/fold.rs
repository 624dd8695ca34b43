//! Folding: findings with one place and one rule become one finding that lists its servers.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::finding::fingerprint;
use crate::finding::{Confidence, Finding, Severity, Template, spoken};
use crate::report::{Location, Reported};
use crate::text::source::Sources;
use crate::text::span::Span;

/// How many servers a finding lists by name, and how many related places it lists.
const LISTED: usize = 100;

/// Folds findings with equal rule, primary place, severity and confidence, as they come.
#[derive(Debug, Default)]
pub struct Folded {
    groups: BTreeMap<(String, Span, Severity, Confidence), Group>,
}

impl Folded {
    /// Takes in a finding.
    pub fn take(&mut self, finding: Finding) {
        let key = (finding.rule.clone(), finding.primary.span, finding.severity, finding.confidence);
        match self.groups.entry(key) {
            Entry::Occupied(mut group) => group.get_mut().take(finding),
            Entry::Vacant(place) => {
                place.insert(Group::new(finding));
            }
        }
    }

    /// How many findings there are, folded.
    pub fn count(&self) -> usize {
        self.groups.len()
    }

    /// The findings with their texts filled in and their places worked out.
    pub fn reported(self, sources: &Sources) -> Vec<Reported> {
        self.groups.into_values().map(|group| group.reported(sources)).collect()
    }
}

#[derive(Debug)]
struct Group {
    first: Finding,
    seen: BTreeSet<Span>,
    sources: BTreeSet<String>,
    targets: BTreeSet<String>,
    assumes: BTreeSet<String>,
    vdirs: Vec<String>,
    causes: BTreeSet<String>,
    /// The sources for which the finding is all that stops a request, and those for which it is not.
    near: BTreeSet<String>,
    far: BTreeSet<String>,
}

impl Group {
    fn new(mut first: Finding) -> Group {
        let (near, far) = by_distance(&first);
        Group {
            seen: first.related.iter().map(|label| label.span).collect(),
            sources: std::mem::take(&mut first.sources).into_iter().collect(),
            targets: std::mem::take(&mut first.targets).into_iter().collect(),
            assumes: std::mem::take(&mut first.assumes).into_iter().collect(),
            vdirs: first.vdir().map(str::to_owned).into_iter().collect(),
            causes: BTreeSet::from([fingerprint::what(&first.object, &first.cause)]),
            near,
            far,
            first,
        }
    }

    fn take(&mut self, finding: Finding) {
        let (near, far) = by_distance(&finding);
        self.near.extend(near);
        self.far.extend(far);
        if let Some(vdir) = finding.vdir().filter(|vdir| !self.vdirs.iter().any(|it| it == vdir)) {
            self.vdirs.push(vdir.to_owned());
        }
        self.causes.insert(fingerprint::what(&finding.object, &finding.cause));
        self.sources.extend(finding.sources);
        self.targets.extend(finding.targets);
        self.assumes.extend(finding.assumes);
        for label in finding.related {
            if self.seen.insert(label.span) && self.first.related.len() < LISTED {
                self.first.related.push(label);
            }
        }
    }

    fn reported(self, sources: &Sources) -> Reported {
        let Group { first: mut it, vdirs, causes, near, far, .. } = self;
        it.sources = self.sources.into_iter().collect();
        it.targets = self.targets.into_iter().collect();
        it.assumes = self.assumes.into_iter().collect();
        it.related.truncate(LISTED);
        let near: Vec<String> = near.difference(&far).cloned().collect();
        let causes = causes.iter().map(String::as_str);
        let fingerprint = fingerprint::hex(fingerprint::of(&it.rule, &it.sources, &it.targets, causes));
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
            let text = template.render(&from);
            let names_one = ["{vdir}", "{set-url}", "{path}"].iter().any(|gap| template.text.contains(gap));
            match vdirs.get(1..) {
                Some(more) if !more.is_empty() && names_one => {
                    format!("{}\n\nand in the same way for {}", text.trim_end(), spoken(more))
                }
                _ => text,
            }
        });
        let sources_total = it.sources.len();
        Reported {
            message,
            help,
            sources_total,
            related_total: self.seen.len(),
            primary: Location::of(sources, &it.primary),
            related: it.related.iter().map(|label| Location::of(sources, label)).collect(),
            rule: it.rule,
            name: it.name,
            severity: it.severity,
            confidence: it.confidence,
            event: it.event,
            sources: it.sources.into_iter().take(LISTED).collect(),
            targets: it.targets.into_iter().take(LISTED).collect(),
            near_miss_total: near.len(),
            near_miss: near.into_iter().take(LISTED).collect(),
            assumes: it.assumes,
            references: it.references,
            fingerprint,
        }
    }
}

/// The sources of a finding, by whether it is all that stops their requests.
fn by_distance(finding: &Finding) -> (BTreeSet<String>, BTreeSet<String>) {
    let sources = finding.sources.iter().cloned().collect();
    if finding.near_miss { (sources, BTreeSet::new()) } else { (BTreeSet::new(), sources) }
}
