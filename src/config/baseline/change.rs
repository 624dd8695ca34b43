//! Changing a baseline: taking in what is there, and removing what is gone, never both.

use std::collections::BTreeMap;

use super::{Baseline, Entry, can_hold};
use crate::finding::{Finding, fingerprint};

/// What taking in did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Added {
    /// Entries that are new.
    pub new: usize,
    /// Entries that hold back more than before, or something graver.
    pub widened: usize,
    /// Entries that were there and hold.
    pub kept: usize,
}

/// What removing did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Entries that are gone.
    pub removed: usize,
    /// Entries that hold back less often than before.
    pub lowered: usize,
    /// Entries of findings that are still there.
    pub kept: usize,
    /// Entries that are kept since nothing shows that their findings are gone.
    pub unproved: usize,
}

/// The findings of a run, counted by what they are known by.
#[derive(Debug, Default)]
pub struct Seen(BTreeMap<u128, Entry>);

impl Seen {
    /// Takes in a finding; not one that no baseline may hold back.
    pub fn take(&mut self, finding: &Finding) {
        if !can_hold(&finding.rule) {
            return;
        }
        let entry = self.0.entry(fingerprint::of_one(finding)).or_insert_with(|| Entry::of(finding));
        entry.count += 1;
        entry.severity = entry.severity.max(finding.severity);
    }
}

impl Baseline {
    /// Takes in what was seen, and removes nothing.
    pub fn add(&mut self, seen: Seen) -> Added {
        let mut added = Added::default();
        for (key, entry) in seen.0 {
            let Some(known) = self.entries.get_mut(&key) else {
                added.new += 1;
                self.entries.insert(key, entry);
                continue;
            };
            if known.count < entry.count || known.severity < entry.severity {
                added.widened += 1;
                known.count = known.count.max(entry.count);
                known.severity = known.severity.max(entry.severity);
            } else {
                added.kept += 1;
            }
        }
        added
    }

    /// Removes what was not seen and `is_gone`, and takes in nothing.
    pub fn prune(&mut self, seen: &Seen, mut is_gone: impl FnMut(&Entry) -> bool) -> Pruned {
        let mut pruned = Pruned::default();
        self.entries.retain(|key, entry| {
            let count = seen.0.get(key).map_or(0, |it| it.count);
            if count >= entry.count {
                pruned.kept += 1;
            } else if !is_gone(entry) {
                pruned.unproved += 1;
            } else if count == 0 {
                pruned.removed += 1;
                return false;
            } else {
                pruned.lowered += 1;
                entry.count = count;
            }
            true
        });
        pruned
    }
}
