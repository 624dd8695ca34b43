//! Kinds of sources: those that every step of the ladder takes alike, so that most pairs need not be looked at one by one.

use std::collections::BTreeMap;

use crate::model::answer::Answer;
use crate::model::estate::Estate;
use crate::model::ladder::steps::SourceSteps;
use crate::model::ladder::{Choice, Ladder, Pair};
use crate::model::verdict::Verdict;

/// The sources by their kinds.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    /// The kind of each server, by its index.
    of: Vec<usize>,
    /// The servers of each kind.
    pub(super) sources: Vec<Vec<usize>>,
    /// The AD site of each server as a number; `None` where it is not known.
    sites: Vec<Option<usize>>,
    /// The servers of each of these sites.
    members: Vec<Vec<usize>>,
}

/// The step that goes by addresses.
const BY_ADDRESS: usize = 9;

impl Kinds {
    /// Sources of one kind have the same version and release, and the same state of both settings that steps ask sources
    /// for; of all of them the AD site is known, or of none.
    pub(super) fn new(estate: &Estate, steps: &[SourceSteps]) -> Kinds {
        let (mut kinds, mut names) = (BTreeMap::new(), BTreeMap::new());
        let (mut of, mut sites) = (Vec::new(), Vec::new());
        let (mut sources, mut members) = (Vec::<Vec<usize>>::new(), Vec::<Vec<usize>>::new());
        for (index, (server, steps)) in estate.servers.iter().zip(steps).enumerate() {
            let site = steps.site.as_deref().map(|site| {
                let next = names.len();
                let site = *names.entry(site).or_insert(next);
                members.resize_with(names.len(), Vec::new);
                members[site].push(index);
                site
            });
            let version = server.version.map(|(it, _)| it);
            let release = server.release.map(|(it, _)| it);
            let next = kinds.len();
            let key = (
                (site.is_some(), server.vdirs.is_empty()),
                (version, release),
                (state(&steps.redirects), state(&steps.opt_in)),
            );
            let kind = *kinds.entry(key).or_insert(next);
            of.push(kind);
            sources.resize_with(kinds.len(), Vec::new);
            sources[kind].push(index);
            sites.push(site);
        }
        Kinds { of, sources, sites, members }
    }

    /// The servers of the AD site of a server.
    pub(super) fn members_of(&self, server: usize) -> &[usize] {
        self.sites[server].map_or(&[], |site| &self.members[site])
    }

    /// Whether both servers are known to lie in one AD site.
    fn are_together(&self, one: usize, other: usize) -> bool {
        self.sites[one].is_some() && self.sites[one] == self.sites[other]
    }
}

fn state(answer: &Answer<bool>) -> Option<bool> {
    answer.known().copied()
}

impl Ladder<'_> {
    /// The kind of a source. For one target, sources of one kind have the same kind of verdict on every step that does
    /// not go by addresses, if all of them lie in the target's AD site or none of them does.
    pub fn kind_of(&self, source: usize) -> usize {
        self.kinds.of[source]
    }

    /// The sources by kinds whose outcomes leave the same open as well, but for the names of the sources themselves.
    pub fn kinds_by_reason(&self) -> Vec<Vec<usize>> {
        let mut kinds: BTreeMap<(usize, [Option<String>; 2]), Vec<usize>> = BTreeMap::new();
        for (source, (server, steps)) in self.estate.servers.iter().zip(&self.by_source).enumerate() {
            let reasons = [&steps.redirects, &steps.opt_in].map(|answer| match answer {
                Answer::Open(missing, _) => Some(missing.reason_without(&server.name)),
                Answer::Is(..) => None,
            });
            kinds.entry((self.kind_of(source), reasons)).or_default().push(source);
        }
        kinds.into_values().collect()
    }

    /// Whether a source is known to lie in the AD site of a target.
    pub fn is_beside(&self, pair: Pair) -> bool {
        self.kinds.are_together(pair.source, self.server_of[pair.target])
    }

    /// Whether a source is known to be one that may proxy without SSL.
    pub fn has_opted_in(&self, source: usize) -> bool {
        state(&self.by_source[source].opt_in) == Some(true)
    }

    /// Whether addresses of sources decide what a target does with them.
    pub fn goes_by_address(&self, target: usize) -> bool {
        self.by_target[target].denied.is_none()
    }

    /// Whether no step before `step` can tell sources of one kind apart.
    pub fn takes_kinds_alike(&self, target: usize, step: usize) -> bool {
        step <= BY_ADDRESS || !self.goes_by_address(target)
    }

    /// Which of a target's URLs a source proxies to: 0 for `InternalUrl`, 1 for `ExternalUrl`; `None` where that is not
    /// known.
    pub fn url_index(&self, pair: Pair) -> Option<usize> {
        self.choice(pair).ok().map(|choice| choice as usize)
    }

    /// Whether it is known whether a source redirects.
    pub fn knows_redirection(&self, source: usize) -> bool {
        state(&self.by_source[source].redirects).is_some()
    }

    /// Whether a step says yes, without its places.
    pub(super) fn says_yes(&self, pair: Pair, step: usize) -> bool {
        let (source, home) = (pair.source, self.server_of[pair.target]);
        let (of_source, of_target) = (&self.by_source[source], &self.by_target[pair.target]);
        let is_yes = |verdict: &Verdict| matches!(verdict, Verdict::Yes(..));
        let by_url = |index: usize| match self.choice(pair) {
            Ok(choice) => is_yes(&of_target.by_url[choice as usize][index]),
            Err(_) => false,
        };
        match step {
            0 => [source, home].iter().any(|it| self.estate.servers[*it].is_2013_or_later()),
            1 => self.is_beside(pair),
            2 => is_yes(&of_target.has_external) && is_yes(&of_source.redirect),
            4 => by_url(0),
            5 => {
                let is_plain = |choice: Choice| is_yes(&of_target.plain[choice as usize]);
                is_yes(&of_source.not_allowed) && self.choice(pair).is_ok_and(is_plain)
            }
            6 => by_url(1),
            7 => by_url(2),
            step => is_yes(&self.verdict(pair, step)),
        }
    }
}
