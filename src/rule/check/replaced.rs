//! What rules speak for in place of others.

use std::collections::{BTreeMap, BTreeSet};

use crate::rule::ask::Subject;

/// How a rule is asked of everything in its scope.
#[derive(Debug, Clone, Copy)]
pub(super) struct How<'r> {
    /// Whether an open answer is told of every pair, else of one for all that are left open by the same.
    pub(super) each: bool,
    /// Whether sources that fare alike on a target are told in one finding.
    pub(super) joined: bool,
    /// What another rule speaks for.
    pub(super) replaced: Option<&'r Replaced>,
}

/// What something is said of.
#[derive(Debug, Clone, Copy)]
pub(super) enum About<'s> {
    One(Subject),
    /// Pairs of these sources and one target.
    Sources(&'s [usize], usize),
}

/// The subjects for which a rule speaks in place of another: of pairs the sources by target, ascending.
#[derive(Debug, Default)]
pub(super) struct Replaced {
    pairs: BTreeMap<usize, Vec<usize>>,
    others: BTreeSet<Subject>,
}

impl Replaced {
    pub(super) fn take(&mut self, about: About<'_>) {
        match about {
            About::Sources(sources, target) => self.pairs.entry(target).or_default().extend(sources),
            About::One(Subject::Pair(pair)) => self.pairs.entry(pair.target).or_default().push(pair.source),
            About::One(subject) => {
                self.others.insert(subject);
            }
        }
    }

    pub(super) fn merge(&mut self, more: Replaced) {
        self.others.extend(more.others);
        for (target, sources) in more.pairs {
            let all = self.pairs.entry(target).or_default();
            all.extend(sources);
            all.sort_unstable();
        }
    }

    pub(super) fn holds(&self, subject: Subject) -> bool {
        match subject {
            Subject::Pair(pair) => {
                self.pairs.get(&pair.target).is_some_and(|sources| sources.binary_search(&pair.source).is_ok())
            }
            _ => self.others.contains(&subject),
        }
    }
}
