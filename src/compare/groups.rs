//! Findings about several that are alike: of which ones a snapshot says it, which came, and which left.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, spoken};

/// What such findings of one side are about, by rule and object.
#[derive(Default)]
pub(super) struct Groups(BTreeMap<(String, String), BTreeSet<String>>);

impl Groups {
    /// Takes in a finding, if it is one about several.
    pub(super) fn take(&mut self, finding: &Finding) {
        if !finding.parts.is_empty() {
            let key = (finding.rule.clone(), finding.object.clone());
            self.0.entry(key).or_default().extend(finding.parts.iter().cloned());
        }
    }

    /// Those that a finding of the other side is about and this side's finding of the rule is not; `None` where this
    /// side has none.
    pub(super) fn lacks(&self, finding: &Finding) -> Option<Vec<String>> {
        let here = self.0.get(&(finding.rule.clone(), finding.object.clone()))?;
        Some(finding.parts.iter().filter(|it| !here.contains(*it)).cloned().collect())
    }
}

/// A finding as one about some of its parts alone.
pub(super) fn of_parts(finding: &Finding, parts: Vec<String>) -> Finding {
    let (sources, targets) = finding.servers_of(parts.iter().map(String::as_str));
    Finding { sources, targets, parts, ..finding.clone() }
}

/// Why a finding changed, said of some of its servers alone.
pub(super) fn said(some: &Finding, reason: Option<String>) -> String {
    let names: Vec<String> = some.sources.iter().chain(&some.targets).cloned().collect();
    let why = reason.map_or(String::new(), |why| format!(" ({why})"));
    format!("this is said of {} alone; the rest is as before{why}", spoken(&names))
}
