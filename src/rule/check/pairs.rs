//! Asking a rule of pairs: targets one by one, sources by their kinds.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, LISTED, Label};
use crate::model::ladder::Pair;
use crate::rule::ask::{Role, Scope, Subject};
use crate::rule::check::known::{Known, OPEN};
use crate::rule::check::made::{filled, names};
use crate::rule::check::replaced::{About, How};
use crate::rule::check::{Asking, Proof, Proven, Said};
use crate::rule::condition::Holds;
use crate::rule::gaps;
use crate::rule::questions::Depends;

/// Sources that a rule cannot tell apart where its answer does not rest on both servers.
struct Alike {
    sources: Vec<usize>,
    /// Whether it is open on each of them alone whether a condition holds.
    is_open: bool,
    /// Whether it is known which of a target's URLs they take.
    knows_redirection: bool,
    /// Of which of them it is still to be told what is open on them alone, by the conditions that are.
    untold: RefCell<BTreeMap<u64, BTreeSet<usize>>>,
}

impl Alike {
    /// Chooses the sources of which what is open on them alone was not told yet, and one for what is open on the target.
    fn choose_untold(&self, sides: &Sides, first: usize, others: impl Iterator<Item = usize>, chosen: &mut Chosen) {
        let mut untold = self.untold.borrow_mut();
        let untold = untold.entry(sides.source).or_insert_with(|| self.sources.iter().copied().collect());
        if sides.target && !untold.contains(&first) {
            chosen.alone.push(first);
        }
        if !untold.is_empty() {
            chosen.alone.extend(others.filter(|source| untold.remove(source)));
        }
    }
}

/// On which side of a pair it is open whether a rule's conditions hold.
struct Sides {
    /// The conditions that are open on the source alone, as a set of bits.
    source: u64,
    /// Whether one is open on the target alone.
    target: bool,
}

/// What is to be said about a target.
#[derive(Default)]
struct Chosen {
    /// The sources that are to be asked one by one.
    alone: Vec<usize>,
    /// What is found of several, the first of which proved it.
    joined: Vec<(Vec<usize>, Proof)>,
}

/// The step of requests within one AD site.
const SAME_SITE: usize = 1;

impl Asking<'_, '_> {
    /// Asks one source of each kind first; the others are asked only where it says something, and where it cannot speak
    /// for them.
    pub(super) fn ask_pairs(&self, how: How<'_>, say: &mut impl FnMut(About<'_>, Said)) {
        let targets: Vec<usize> =
            (0..self.ladder.targets.len()).filter(|it| self.can_hold(Role::Target, *it)).collect();
        if targets.is_empty() {
            return;
        }
        let kinds = self.kinds();
        let mut kind_of = vec![usize::MAX; self.ladder.estate.servers.len()];
        for (index, kind) in kinds.iter().enumerate() {
            kind.sources.iter().for_each(|source| kind_of[*source] = index);
        }
        for target in targets {
            let mut chosen = Chosen::default();
            let is_beside = |source: usize| self.ladder.is_beside(Pair { source, target });
            for kind in &kinds {
                let apart = kind.sources.iter().copied().filter(|source| !is_beside(*source));
                self.choose(target, kind, &apart, how, &mut chosen);
            }
            if self.rule.step <= SAME_SITE {
                let mut near: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
                for source in self.ladder.servers_beside(target).filter(|source| kind_of[*source] < kinds.len()) {
                    near.entry(kind_of[source]).or_default().push(source);
                }
                for (kind, sources) in near {
                    self.choose(target, &kinds[kind], &sources.into_iter(), how, &mut chosen);
                }
            }
            self.tell(target, chosen, how, say);
        }
    }

    /// Says what was chosen, in the order of the sources.
    fn tell(&self, target: usize, chosen: Chosen, how: How<'_>, say: &mut impl FnMut(About<'_>, Said)) {
        let mut parts: Vec<(Vec<usize>, Option<Proof>)> =
            chosen.joined.into_iter().map(|(sources, proof)| (sources, Some(proof))).collect();
        parts.extend(chosen.alone.into_iter().map(|source| (vec![source], None)));
        parts.sort_unstable_by_key(|(sources, _)| sources[0]);
        for (sources, proof) in parts {
            let first = Subject::Pair(Pair { source: sources[0], target });
            match proof {
                Some(proof) => {
                    let found = self.joined(target, &sources, proof);
                    say(About::Sources(&sources, target), Said::Finding(Box::new(found)));
                }
                None if how.replaced.is_some_and(|replaced| replaced.holds(first)) => {}
                None => say(About::One(first), self.ask(first)),
            }
        }
    }

    /// The sources of a kind that are to be asked about a target; all of them lie in its AD site, or none does.
    fn choose(
        &self,
        target: usize,
        kind: &Alike,
        sources: &(impl Iterator<Item = usize> + Clone),
        how: How<'_>,
        chosen: &mut Chosen,
    ) {
        let home = self.ladder.server_of(target);
        let reaches = |source: usize| self.ladder.reaches(Pair { source, target }, self.rule.step);
        let others = || sources.clone().filter(|source| *source != home);
        let Some(first) = others().next() else { return };
        if !self.ladder.takes_kinds_alike(target, self.rule.step) {
            chosen.alone.extend(others().filter(|source| reaches(*source)));
            return;
        }
        if !reaches(first) {
            return;
        }
        let pair = Pair { source: first, target };
        if !self.conditions().all(|it| it.is_alike(self.ladder, pair)) {
            chosen.alone.extend(others());
            return;
        }
        match self.prove(Subject::Pair(pair)) {
            Proven::No => {}
            Proven::Open(_) if !kind.is_open && kind.knows_redirection && !how.each => chosen.alone.push(first),
            Proven::Open(_) => {
                let sides = self.open_sides(pair).filter(|it| kind.knows_redirection && !(how.each && it.target));
                let Some(sides) = sides else { return chosen.alone.extend(others()) };
                let is_replaced =
                    |source: usize| how.replaced.is_some_and(|it| it.holds(Subject::Pair(Pair { source, target })));
                kind.choose_untold(&sides, first, others().filter(|source| !is_replaced(*source)), chosen);
            }
            Proven::Yes(proof) if how.joined && self.can_join(pair) => {
                let is_own = |source: &usize| {
                    !how.replaced.is_some_and(|it| it.holds(Subject::Pair(Pair { source: *source, target })))
                };
                let sources: Vec<usize> = others().filter(is_own).collect();
                match sources.first() {
                    // The proof is that of the first, and goes with its places.
                    Some(source) if *source == first => chosen.joined.push((sources, proof)),
                    _ => chosen.alone.extend(sources),
                }
            }
            Proven::Yes(_) => chosen.alone.extend(others()),
        }
    }

    /// On which sides it is open whether the conditions hold; `None` where one that is open rests on both. Of sources of
    /// one kind the same conditions are open alone.
    fn open_sides(&self, pair: Pair) -> Option<Sides> {
        let is = |known: &Known<'_>, test: fn(&Holds) -> bool| {
            let mut passes = false;
            known.holding(self.ladder, Subject::Pair(pair), |holds| passes = test(holds));
            passes
        };
        let any_holds = self.any.iter().any(|known| is(known, |it| matches!(it, Holds::Yes(..))));
        let (from, to) = (self.when.len(), self.when.len() + self.any.len());
        let mut sides = Sides { source: 0, target: false };
        for (index, known) in self.when.iter().chain(&self.any).chain(&self.unless).enumerate() {
            if (any_holds && (from..to).contains(&index)) || !is(known, |it| matches!(it, Holds::Open(_))) {
                continue;
            }
            match (known.condition.ask.role, known.condition.ask.question.depends) {
                (Role::Source, _) => sides.source |= 1_u64.checked_shl(index as u32)?,
                (Role::Target | Role::TargetServer, _) | (Role::Pair, Depends::Target) => sides.target = true,
                (Role::Pair | Role::AdSite, _) => return None,
            }
        }
        Some(sides)
    }

    /// Whether what is found of a pair can be told of the other sources of its kind in one finding: it has the same
    /// place, and is as grave and as sure.
    fn can_join(&self, pair: Pair) -> bool {
        !self.ladder.goes_by_address(pair.target)
            && self.show.iter().all(|it| it.is_alike(self.ladder, pair))
            && !self.when.iter().any(|it| it.condition.primary && it.shows_source())
    }

    /// One finding of several sources, with the places of each.
    fn joined(&self, target: usize, sources: &[usize], proof: Proof) -> Finding {
        let ladder = self.ladder;
        let subject = |source: usize| Subject::Pair(Pair { source, target });
        let first = subject(sources[0]);
        let target_name = ladder.targets[target].server.name.clone();
        let names = names(&gaps::values(ladder, first), &[target_name], &proof.value);
        let own: Vec<&Known<'_>> = self.conditions().chain(&self.show).filter(|it| it.shows_source()).collect();
        let has_name = ladder.names_source_in_assumptions(sources[0]);
        let mut finding = self.finding(first, proof);
        finding.more_sources = sources[1..].iter().map(|source| *source as u32).collect();
        for source in &sources[1..] {
            let name = &ladder.estate.servers[*source].name;
            for known in &own {
                known.holding(ladder, subject(*source), |holds| {
                    let Holds::Yes(labels, assumption, _) = holds else { return };
                    finding.assumes.extend(assumption.clone());
                    for label in labels {
                        see(&mut finding, label, &names, name);
                    }
                });
            }
            if has_name {
                finding.assumes.extend(ladder.assumptions(Pair { source: *source, target }, self.rule.step + 1));
            }
        }
        finding
    }

    /// The sources that can hold, by what the ladder and the conditions make of them.
    fn kinds(&self) -> Vec<Alike> {
        let mut kinds: BTreeMap<(usize, Vec<u8>), Vec<usize>> = BTreeMap::new();
        for source in (0..self.ladder.estate.servers.len()).filter(|it| self.can_hold(Role::Source, *it)) {
            let states = self.conditions().map(|it| it.state_on_source(self.ladder, source)).collect();
            kinds.entry((self.ladder.kind_of(source), states)).or_default().push(source);
        }
        let alike = |((_, states), sources): ((usize, Vec<u8>), Vec<usize>)| Alike {
            is_open: states.contains(&OPEN),
            knows_redirection: self.ladder.knows_redirection(sources[0]),
            untold: RefCell::default(),
            sources,
        };
        kinds.into_iter().map(alike).collect()
    }

    /// The conditions that decide whether there is a finding, and how grave and how sure it is.
    fn conditions(&self) -> impl Iterator<Item = &Known<'_>> {
        self.when.iter().chain(&self.any).chain(&self.unless).chain(&self.soften)
    }

    /// Asks what depends on one side alone.
    pub(super) fn ask_side(&self, role: Role, index: usize) {
        if self.can_hold(role, index) && role == Role::Source && self.rule.scope == Scope::Pair {
            for known in self.conditions() {
                known.state_on_source(self.ladder, index);
            }
        }
    }

    /// Whether no condition on this side alone fails.
    fn can_hold(&self, role: Role, index: usize) -> bool {
        self.when.iter().all(|known| !known.fails_on(self.ladder, role, index))
    }
}

/// Adds a place to a finding: with its words while few are there, else only to be counted.
fn see(finding: &mut Finding, label: &Label, names: &[(&'static str, String)], source: &str) {
    if label.span == finding.primary.span {
        return;
    }
    if finding.related.len() >= LISTED {
        finding.more_places.push(label.span);
    } else if finding.related.iter().all(|it| it.span != label.span) {
        finding.related.push(filled(label.clone(), names, source));
    }
}
