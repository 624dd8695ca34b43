//! Rows: the outcomes of all pairs one after the other, of which none is kept.

use std::collections::BTreeMap;

use crate::finding::Label;
use crate::model::ladder::{Ladder, Pair};
use crate::report::Location;
use crate::report::paths::{Path, located};
use crate::text::source::Sources;

/// The outcome of every pair, in the order of [`super::paths`], made when it is asked for.
///
/// What is kept grows with the servers: every place that a row may show is known before the first one is made.
#[derive(Debug)]
pub struct Rows<'r> {
    ladder: &'r Ladder<'r>,
    files: &'r Sources,
    /// The sources by name.
    sources: Vec<usize>,
    /// The targets by the name of their server and their own.
    targets: Vec<usize>,
    places: BTreeMap<Label, Location>,
}

impl<'r> Rows<'r> {
    /// Gets ready: each file with a place that may be shown is fetched once.
    pub fn new(ladder: &'r Ladder<'r>, files: &'r Sources) -> Rows<'r> {
        let servers = &ladder.estate.servers;
        let mut by_name: Vec<usize> = (0..servers.len()).collect();
        by_name.sort_by_key(|it| &servers[*it].name);
        Rows {
            ladder,
            files,
            sources: by_name,
            targets: targets_by_name(ladder),
            places: located(ladder.labels(), files),
        }
    }

    /// The pairs in their order.
    pub fn pairs(&self) -> impl Iterator<Item = Pair> + '_ {
        self.sources.iter().flat_map(|source| {
            let others = self.targets.iter().filter(|target| self.ladder.server_of(**target) != *source);
            others.map(|target| Pair { source: *source, target: *target })
        })
    }

    /// The outcome of a pair.
    pub fn row(&self, pair: Pair) -> Path {
        let known = |label: &Label| self.places.get(label).cloned();
        Path::new(self.ladder, pair, |label| known(label).or_else(|| Some(Location::of(self.files, label))))
    }
}

/// The targets by the name of their server and their own.
pub(super) fn targets_by_name(ladder: &Ladder<'_>) -> Vec<usize> {
    let targets = &ladder.targets;
    let mut by_name: Vec<usize> = (0..targets.len()).collect();
    by_name.sort_by_key(|it| (&targets[*it].server.name, &targets[*it].vdir.identity));
    by_name
}
