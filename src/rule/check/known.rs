//! What is known of a condition before pairs are asked: what depends on one side is worked out once.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::model::ladder::{Ladder, Pair};
use crate::rule::ask::{Role, Scope, Subject};
use crate::rule::condition::{Condition, Holds};
use crate::rule::questions::Depends;

/// The state of a condition that a source leaves open.
pub(super) const OPEN: u8 = 3;

/// A condition with what became of it on each side.
pub(super) struct Known<'a> {
    pub(super) condition: &'a Condition,
    answers: Answers,
}

enum Answers {
    /// It is put to each subject.
    Each,
    /// On each source.
    Sources(Vec<Holds>),
    /// On each target.
    Targets(Vec<Holds>),
    /// On each of a target's two URLs, once it was asked for.
    Urls(Vec<[OnceCell<Holds>; 2]>),
}

impl<'a> Known<'a> {
    pub(super) fn new(condition: &'a Condition, ladder: &Ladder<'_>, scope: Scope) -> Known<'a> {
        let of = |subject| condition.holds(ladder, subject);
        let answers = match (scope, condition.ask.role, condition.ask.question.depends) {
            (Scope::Pair, Role::Source, _) => {
                Answers::Sources((0..ladder.estate.servers.len()).map(Subject::Server).map(of).collect())
            }
            (Scope::Pair, Role::Target, _) => {
                Answers::Targets((0..ladder.targets.len()).map(Subject::Vdir).map(of).collect())
            }
            (Scope::Pair, Role::Pair, Depends::Target | Depends::Url | Depends::Addresses) => {
                Answers::Urls((0..ladder.targets.len()).map(|_| [OnceCell::new(), OnceCell::new()]).collect())
            }
            _ => Answers::Each,
        };
        Known { condition, answers }
    }

    /// What becomes of the condition on a subject.
    pub(super) fn holds(&self, ladder: &Ladder<'_>, subject: Subject) -> Cow<'_, Holds> {
        let asked = || self.condition.holds(ladder, subject);
        match (&self.answers, subject) {
            (Answers::Sources(known), Subject::Pair(pair)) => Cow::Borrowed(&known[pair.source]),
            (Answers::Targets(known), Subject::Pair(pair)) => Cow::Borrowed(&known[pair.target]),
            (Answers::Urls(known), Subject::Pair(pair)) => match self.cell(ladder, pair) {
                Some(index) => Cow::Borrowed(known[pair.target][index].get_or_init(asked)),
                None => Cow::Owned(asked()),
            },
            _ => Cow::Owned(asked()),
        }
    }

    /// Under which of a target's two cells the answer for a pair is kept, if it is the same for other sources.
    fn cell(&self, ladder: &Ladder<'_>, pair: Pair) -> Option<usize> {
        match self.condition.ask.question.depends {
            Depends::Target => Some(0),
            Depends::Addresses => (!ladder.goes_by_address(pair.target)).then_some(0),
            Depends::Url => ladder.url_index(pair),
            Depends::Kind | Depends::Both => None,
        }
    }

    /// Whether it fails on one side alone.
    pub(super) fn fails_on(&self, role: Role, index: usize) -> bool {
        match (&self.answers, role) {
            (Answers::Sources(known), Role::Source) | (Answers::Targets(known), Role::Target) => {
                matches!(known[index], Holds::No)
            }
            _ => false,
        }
    }

    /// What becomes of it on a source alone, as a number: only sources with the same numbers are alike.
    pub(super) fn state_on_source(&self, source: usize) -> u8 {
        match &self.answers {
            Answers::Sources(known) => match known[source] {
                Holds::No => 1,
                Holds::Yes(..) => 2,
                Holds::Open(_) => OPEN,
            },
            _ => 0,
        }
    }

    /// Whether sources of one kind, with the same state alone, fare alike on a target.
    pub(super) fn is_alike(&self, ladder: &Ladder<'_>, target: usize) -> bool {
        match (self.condition.ask.role, self.condition.ask.question.depends) {
            (Role::Pair, Depends::Both) => false,
            (Role::Pair, Depends::Addresses) => !ladder.goes_by_address(target),
            _ => true,
        }
    }
}
