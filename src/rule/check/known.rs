//! What is known of a condition before pairs are asked: what depends on one side is worked out once.

use std::sync::OnceLock;

use crate::model::ladder::{Ladder, Pair};
use crate::rule::ask::{Role, Scope, Subject};
use crate::rule::condition::{Condition, Holds};
use crate::rule::questions::Depends;

/// The state of a condition that a source leaves open.
pub(super) const OPEN: u8 = 3;

/// The state of a condition that holds because something was assumed of the source.
const ASSUMED: u8 = 4;

/// What became of a condition on one side, once it was asked for; `None` stands for one that does not hold, as most do.
type Told = OnceLock<Option<Box<Holds>>>;

static NO: Holds = Holds::No;

fn told(cell: &Told, ask: impl FnOnce() -> Holds) -> &Holds {
    let told = cell.get_or_init(|| match ask() {
        Holds::No => None,
        holds => Some(Box::new(holds)),
    });
    told.as_deref().unwrap_or(&NO)
}

/// A condition with what became of it on each side.
pub(super) struct Known<'a> {
    pub(super) condition: &'a Condition,
    answers: Answers,
}

enum Answers {
    /// It is put to each subject.
    Each,
    /// On each source, or server.
    Sources(Vec<Told>),
    /// On each target.
    Targets(Vec<Told>),
    /// On each of a target's two URLs.
    Urls(Vec<[Told; 2]>),
}

impl<'a> Known<'a> {
    pub(super) fn new(condition: &'a Condition, ladder: &Ladder<'_>, scope: Scope) -> Known<'a> {
        let cells = |number: usize| (0..number).map(|_| Told::new()).collect();
        let answers = match (scope, condition.ask.role, condition.ask.question.depends) {
            (Scope::Pair | Scope::Server, Role::Source, _) => Answers::Sources(cells(ladder.estate.servers.len())),
            (Scope::Pair | Scope::Vdir, Role::Target, _) => Answers::Targets(cells(ladder.targets.len())),
            (Scope::Pair, Role::Pair, Depends::Target | Depends::Url | Depends::Addresses) => {
                Answers::Urls((0..ladder.targets.len()).map(|_| [Told::new(), Told::new()]).collect())
            }
            _ => Answers::Each,
        };
        Known { condition, answers }
    }

    /// Hands over what becomes of the condition on a subject.
    pub(super) fn holding(&self, ladder: &Ladder<'_>, subject: Subject, take: impl FnOnce(&Holds)) {
        let asked = || self.condition.holds(ladder, subject);
        match (&self.answers, subject) {
            (Answers::Sources(known), Subject::Pair(Pair { source, .. }) | Subject::Server(source)) => {
                take(told(&known[source], || self.condition.holds(ladder, Subject::Server(source))));
            }
            (Answers::Targets(known), Subject::Pair(Pair { target, .. }) | Subject::Vdir(target)) => {
                take(told(&known[target], || self.condition.holds(ladder, Subject::Vdir(target))));
            }
            (Answers::Urls(known), Subject::Pair(pair)) => match self.cell(ladder, pair) {
                Some(index) => take(told(&known[pair.target][index], asked)),
                None => take(&asked()),
            },
            _ => take(&asked()),
        }
    }

    /// What becomes of it on one side alone, if it is about that side.
    fn on(&self, ladder: &Ladder<'_>, role: Role, index: usize) -> Option<&Holds> {
        let of = |subject| self.condition.holds(ladder, subject);
        match (&self.answers, role) {
            (Answers::Sources(known), Role::Source) => Some(told(&known[index], || of(Subject::Server(index)))),
            (Answers::Targets(known), Role::Target) => Some(told(&known[index], || of(Subject::Vdir(index)))),
            _ => None,
        }
    }

    /// Under which of a target's two cells the answer for a pair is kept, if it is the same for other sources.
    fn cell(&self, ladder: &Ladder<'_>, pair: Pair) -> Option<usize> {
        match self.condition.ask.question.depends {
            Depends::Target => Some(0),
            Depends::Addresses => (!ladder.goes_by_address(pair.target)).then_some(0),
            Depends::Url => ladder.url_index(pair),
            Depends::Kind | Depends::Apart | Depends::OptedIn | Depends::Both => None,
        }
    }

    /// Whether it fails on one side alone.
    pub(super) fn fails_on(&self, ladder: &Ladder<'_>, role: Role, index: usize) -> bool {
        matches!(self.on(ladder, role, index), Some(Holds::No))
    }

    /// What becomes of it on a source alone, as a number: only sources with the same numbers are alike.
    pub(super) fn state_on_source(&self, ladder: &Ladder<'_>, source: usize) -> u8 {
        match self.on(ladder, Role::Source, source) {
            None => 0,
            Some(Holds::No) => 1,
            Some(Holds::Yes(_, None, _)) => 2,
            Some(Holds::Open(_)) => OPEN,
            Some(Holds::Yes(_, Some(_), _)) => ASSUMED,
        }
    }

    /// Whether sources of one kind, with the same state alone, fare on a target as this one does, if all of them lie
    /// outside its AD site or none of them does.
    pub(super) fn is_alike(&self, ladder: &Ladder<'_>, pair: Pair) -> bool {
        match (self.condition.ask.role, self.condition.ask.question.depends) {
            (Role::Pair, Depends::Both) => false,
            (Role::Pair, Depends::Addresses) => !ladder.goes_by_address(pair.target),
            (Role::Pair, Depends::Apart) => !ladder.is_beside(pair),
            (Role::Pair, Depends::OptedIn) => !ladder.has_opted_in(pair.source),
            _ => true,
        }
    }

    /// Whether the places that it shows are those of the very source.
    pub(super) fn shows_source(&self) -> bool {
        let ask = &self.condition.ask;
        ask.role == Role::Source || (ask.role == Role::Pair && ask.question.depends == Depends::Kind)
    }
}
