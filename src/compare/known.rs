//! What is known of the findings of each side, pair by pair, so that those that are not as before can be told.

use std::collections::{BTreeMap, BTreeSet};

use crate::compare::Side;
use crate::compare::files::Files;
use crate::compare::groups::Groups;
use crate::config::choice::is_input;
use crate::config::policy::Disposition;
use crate::finding::{Confidence, Finding, Severity, fingerprint};
use crate::lint::{self, Rules, Telling};
use crate::report::open::Open;
use crate::rule::ask::Scope;
use crate::text::source::Sources;

/// What is kept of each finding of a side: as much as it takes to find it again.
#[derive(Clone, Copy)]
pub(super) struct Known<'r> {
    /// The id of its rule; empty if it is of no rule.
    pub(super) rule: &'r str,
    pub(super) subject: u128,
    pub(super) severity: Severity,
    pub(super) confidence: Confidence,
}

pub(super) type All<'r> = BTreeMap<u128, Known<'r>>;

/// What the other side has.
pub(super) struct Other<'o> {
    pub(super) all: &'o All<'o>,
    pub(super) groups: &'o Groups,
    pub(super) retaken: &'o Retaken,
    /// The rules of which the side that is asked has a finding that this one has not, or not as grave and sure.
    pub(super) changed: BTreeSet<&'o str>,
}

/// Every finding that is reported, with what it is known by: of BEFORE under the names that files have later. Notes about
/// files are passed over: they say how a file is written, not what it says.
pub(super) fn each(
    side: &Side<'_>,
    sources: &Sources,
    rules: Rules<'_>,
    (later, telling): (Option<&Files<'_>>, Telling<'_>),
    mut take: impl FnMut(u128, Finding),
) -> Vec<Open> {
    lint::judge(&side.read.problems, &side.ladder, sources, rules, telling, |finding, disposition| {
        let is_note = is_input(&finding.rule) && finding.severity == Severity::Info;
        if disposition == Disposition::Reported && !is_note {
            let renamed = later.and_then(|files| files.under_later_name(&finding, sources));
            take(fingerprint::of_one(renamed.as_ref().unwrap_or(&finding)), finding);
        }
    })
}

/// Whether a finding is about several pairs, each of which has one of its own where they are told by themselves.
pub(super) fn is_joined(finding: &Finding, rules: Rules<'_>) -> bool {
    finding.source_count() > 1 && rules.book.get(&finding.rule).is_some_and(|rule| rule.scope == Scope::Pair)
}

/// What a side has, pair by pair, though pairs that fare alike are asked together.
pub(super) fn known<'r>(
    side: &Side<'_>,
    sources: &Sources,
    rules: Rules<'r>,
    later: Option<&Files<'_>>,
) -> (All<'r>, Groups, Vec<Open>) {
    let (mut all, mut groups) = (All::new(), Groups::default());
    let open = each(side, sources, rules, (later, Telling::Joined), |key, finding| {
        let rule = rules.book.get(&finding.rule).map_or("", |rule| rule.id.as_str());
        let mut put = |key: u128, subject: u128| {
            all.insert(key, Known { rule, subject, severity: finding.severity, confidence: finding.confidence });
        };
        if is_joined(&finding, rules) {
            let name = |index: usize| side.ladder.estate.servers[index].name.as_str();
            fingerprint::of_each_source(&finding, name).for_each(|(key, subject)| put(key, subject));
        } else {
            // What has no object is known by its cause alone: two misplaced values of a server are two things.
            put(key, if finding.object.is_empty() { key } else { fingerprint::of_subject(&finding) });
        }
        groups.take(&finding);
    });
    (all, groups, open)
}

/// The rules of what one side has and the other has not, or not as grave and sure.
pub(super) fn changed<'r>(here: &All<'r>, there: &All<'_>) -> BTreeSet<&'r str> {
    let is_same = |key: &u128, it: &Known<'_>| {
        there.get(key).is_some_and(|other| (other.severity, other.confidence) == (it.severity, it.confidence))
    };
    here.iter().filter(|(key, it)| !is_same(key, it)).map(|(_, it)| it.rule).collect()
}

/// Findings that are the same fault in another form: of one rule about one thing, with another cause.
pub(super) struct Retaken {
    pub(super) after: BTreeMap<u128, u128>,
    pub(super) before: BTreeSet<u128>,
}

pub(super) fn retaken(old: &All<'_>, new: &All<'_>) -> Retaken {
    let mut left: BTreeMap<u128, Vec<u128>> = BTreeMap::new();
    for (key, it) in old.iter().filter(|(key, _)| !new.contains_key(key)) {
        left.entry(it.subject).or_default().push(*key);
    }
    let mut retaken = Retaken { after: BTreeMap::new(), before: BTreeSet::new() };
    for (key, it) in new.iter().filter(|(key, _)| !old.contains_key(key)) {
        if let Some(other) = left.get_mut(&it.subject).and_then(Vec::pop) {
            retaken.after.insert(*key, other);
            retaken.before.insert(other);
        }
    }
    retaken
}
