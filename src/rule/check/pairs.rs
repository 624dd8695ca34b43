//! Asking a rule of pairs: targets one by one, sources by their kinds.

use std::collections::BTreeMap;

use crate::model::ladder::Pair;
use crate::rule::ask::{Role, Subject};
use crate::rule::check::known::{Known, OPEN};
use crate::rule::check::{Asking, Said};

/// Sources that a rule cannot tell apart where its answer does not rest on both servers.
struct Alike {
    sources: Vec<usize>,
    /// Whether what they leave open is the same for all of them.
    leaves_open_alike: bool,
}

impl Asking<'_, '_> {
    /// Asks one source of each kind first; the others are asked only where it says something, or where it cannot speak
    /// for them.
    pub(super) fn ask_pairs(&self, each: bool, say: &mut impl FnMut(Subject, Said)) {
        let kinds = self.kinds();
        for target in (0..self.ladder.targets.len()).filter(|it| self.can_hold(Role::Target, *it)) {
            let mut sources = Vec::new();
            for kind in &kinds {
                self.choose(target, kind, each, &mut sources);
            }
            sources.sort_unstable();
            for source in sources {
                let pair = Pair { source, target };
                say(Subject::Pair(pair), self.ask(Subject::Pair(pair)));
            }
        }
    }

    /// The sources of a kind that are to be asked about a target.
    fn choose(&self, target: usize, kind: &Alike, each: bool, chosen: &mut Vec<usize>) {
        let home = self.ladder.server_of(target);
        let reaches = |source: usize| self.ladder.reaches(Pair { source, target }, self.rule.step);
        let others = || kind.sources.iter().copied().filter(|source| *source != home);
        let Some(first) = others().next() else { return };
        if !self.ladder.takes_kinds_alike(target, self.rule.step) {
            chosen.extend(others().filter(|source| reaches(*source)));
            return;
        }
        if !reaches(first) {
            return;
        }
        if !self.conditions().all(|it| it.is_alike(self.ladder, target)) {
            chosen.extend(others());
            return;
        }
        match self.ask(Subject::Pair(Pair { source: first, target })) {
            Said::Nothing => {}
            Said::Open(_) if kind.leaves_open_alike && !each => chosen.push(first),
            Said::Open(_) | Said::Finding(_) => chosen.extend(others()),
        }
    }

    /// The sources that can hold, by what the ladder and the conditions make of them.
    fn kinds(&self) -> Vec<Alike> {
        let mut kinds: BTreeMap<(usize, Vec<u8>), Vec<usize>> = BTreeMap::new();
        for source in (0..self.ladder.estate.servers.len()).filter(|it| self.can_hold(Role::Source, *it)) {
            let states = self.conditions().map(|it| it.state_on_source(source)).collect();
            kinds.entry((self.ladder.kind_of(source), states)).or_default().push(source);
        }
        let alike = |((_, states), sources): ((usize, Vec<u8>), Vec<usize>)| Alike {
            leaves_open_alike: !states.contains(&OPEN) && self.ladder.knows_redirection(sources[0]),
            sources,
        };
        kinds.into_iter().map(alike).collect()
    }

    fn conditions(&self) -> impl Iterator<Item = &Known<'_>> {
        self.when.iter().chain(&self.any).chain(&self.unless)
    }

    /// Whether no condition on this side alone fails.
    fn can_hold(&self, role: Role, index: usize) -> bool {
        self.when.iter().all(|known| !known.fails_on(role, index))
    }
}
