//! Findings about several servers at once: which servers came to them, and which left.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Finding;
use crate::rule::book::Book;

/// The servers of such findings on one side, by rule.
#[derive(Default)]
pub(super) struct Groups(BTreeMap<String, BTreeSet<String>>);

impl Groups {
    /// Takes in a finding, if it is one about several servers.
    pub(super) fn take(&mut self, book: &Book, finding: &Finding) {
        if book.get(&finding.rule).and_then(|rule| rule.check).is_some_and(|row| row.is_group) {
            self.0.entry(finding.rule.clone()).or_default().extend(servers(finding).map(str::to_lowercase));
        }
    }

    /// The servers of a finding of the other side that this side's finding of the rule does not name; `None` where this
    /// side has none.
    pub(super) fn lacks(&self, finding: &Finding) -> Option<Vec<String>> {
        let here = self.0.get(&finding.rule)?;
        Some(servers(finding).filter(|it| !here.contains(&it.to_lowercase())).map(str::to_owned).collect())
    }
}

fn servers(finding: &Finding) -> impl Iterator<Item = &str> {
    finding.sources.iter().chain(&finding.targets).map(String::as_str)
}
