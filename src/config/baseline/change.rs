//! Changing a baseline: taking in what is there, and removing what is gone, never both.

use std::collections::{BTreeMap, BTreeSet};

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
    /// Entries about fewer servers than before.
    pub narrowed: usize,
    /// Entries of findings that are still there.
    pub kept: usize,
    /// Entries that are kept since nothing shows that their findings are gone.
    pub unproved: usize,
}

/// The findings of a run, counted by what they are known by.
#[derive(Debug, Default)]
pub struct Seen(BTreeMap<u128, Kept>);

/// A finding as an entry, and what it is about one by one, where it is about several alike.
#[derive(Debug)]
struct Kept {
    entry: Entry,
    parts: Vec<String>,
}

impl Seen {
    /// Takes in a finding; not one that no baseline may hold back.
    pub fn take(&mut self, finding: &Finding) {
        if !can_hold(&finding.rule) {
            return;
        }
        let new = || Kept { entry: Entry::of(finding), parts: finding.parts.clone() };
        let Kept { entry, .. } = self.0.entry(fingerprint::of_one(finding)).or_insert_with(new);
        entry.count += 1;
        entry.severity = entry.severity.max(finding.severity);
    }
}

impl Baseline {
    /// Takes in what was seen, and removes nothing.
    pub fn add(&mut self, seen: Seen) -> Added {
        let mut added = Added::default();
        for (key, Kept { entry, parts }) in seen.0 {
            if !parts.is_empty() {
                self.add_parts(key, entry, &parts, &mut added);
                continue;
            }
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

    /// Takes in a finding about several alike: nothing where it is about no more of them than is known, and in place of
    /// what it holds all of.
    fn add_parts(&mut self, key: u128, entry: Entry, parts: &[String], added: &mut Added) {
        let is_known = |part: &String| self.alike(&entry).any(|it| it.severity >= entry.severity && it.has(part));
        if parts.iter().all(is_known) {
            added.kept += 1;
            return;
        }
        let is_within = |it: &&Entry| it.severity <= entry.severity && it.parts().iter().all(|it| parts.contains(it));
        let within: Vec<u128> = self.alike(&entry).filter(is_within).map(Entry::key).collect();
        for key in &within {
            self.entries.remove(key);
        }
        *(if within.is_empty() { &mut added.new } else { &mut added.widened }) += 1;
        self.entries.insert(key, entry);
    }

    /// The entries of one rule about one object.
    fn alike<'b>(&'b self, entry: &'b Entry) -> impl Iterator<Item = &'b Entry> {
        self.entries.values().filter(|it| it.is_alike(&entry.rule, &entry.object))
    }

    /// Removes what was not seen and `is_gone`, and takes in nothing.
    pub fn prune(&mut self, seen: &Seen, mut is_gone: impl FnMut(&Entry) -> bool) -> Pruned {
        let mut pruned = Pruned::default();
        let parts = seen.parts();
        for (key, mut entry) in std::mem::take(&mut self.entries) {
            let count = seen.0.get(&key).map_or(0, |it| it.entry.count);
            if count >= entry.count {
                pruned.kept += 1;
            } else if let Some((rest, is_all)) = rest(&entry, &parts) {
                if is_all {
                    pruned.kept += 1;
                } else if is_gone(&entry.of_parts(|it| !rest.contains(it))) {
                    pruned.narrowed += 1;
                    entry = entry.of_parts(|it| rest.contains(it));
                } else {
                    pruned.unproved += 1;
                }
            } else if !is_gone(&entry) {
                pruned.unproved += 1;
            } else if count == 0 {
                pruned.removed += 1;
                continue;
            } else {
                pruned.lowered += 1;
                entry.count = count;
            }
            self.entries.insert(entry.key(), entry);
        }
        pruned
    }
}

/// What is seen of rules about several alike, by rule and object.
type Parts<'s> = BTreeMap<(&'s str, &'s str), BTreeSet<&'s String>>;

impl Seen {
    fn parts(&self) -> Parts<'_> {
        let mut all = Parts::new();
        for Kept { entry, parts } in self.0.values().filter(|it| !it.parts.is_empty()) {
            all.entry((entry.rule.as_str(), entry.object.as_str())).or_default().extend(parts);
        }
        all
    }
}

/// What is left of that which an entry about several alike is about, and whether that is all; `None` if nothing is.
fn rest(entry: &Entry, seen: &Parts<'_>) -> Option<(BTreeSet<String>, bool)> {
    let here = seen.get(&(entry.rule.as_str(), entry.object.as_str()))?;
    let parts = entry.parts();
    let rest: BTreeSet<String> = parts.iter().filter(|it| here.contains(it)).cloned().collect();
    let is_all = rest.len() == parts.len();
    Some((rest, is_all)).filter(|(rest, _)| !rest.is_empty())
}
