//! Classes: the sources that fare alike on a target, in place of the many pairs that they make.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::finding::Label;
use crate::model::ladder::outcome::Outcome;
use crate::model::ladder::{Ladder, Pair};
use crate::report::paths::{Path, located, rows, url};
use crate::text::source::Sources;

/// How many sources of a class are named.
const NAMED: usize = 3;

/// What becomes of all pairs.
#[derive(Debug)]
pub struct Classes {
    /// The classes by target, virtual directory and first source.
    pub classes: Vec<Class>,
    /// How many pairs they are about.
    pub pairs: usize,
    /// Whether the AD site of some server is not known.
    pub has_unknown_sites: bool,
    /// What was taken for granted.
    pub assumes: BTreeSet<String>,
}

/// Sources that fare alike on a target: the same becomes of them, for the same reason.
#[derive(Debug)]
pub struct Class {
    /// What becomes of the first of them, with the first place that it rests on.
    pub first: Path,
    /// The names of the first of them.
    pub named: Vec<String>,
    /// How many they are.
    pub count: usize,
}

/// What sources of one class share.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Alike {
    outcome: &'static str,
    status: Option<&'static str>,
    event: Option<u16>,
    url: Option<String>,
    why: Why,
}

/// Why they fare so. What is said of each source itself is the same of all of them, but for names and places.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// Something is missing.
    Missing(Vec<String>),
    /// A step that begins with what the source is.
    Source(usize),
    /// A place of the target.
    Target(Option<Label>),
}

/// The sources of a class of one target.
#[derive(Default)]
struct Members {
    /// The first ones by name.
    first: BTreeMap<String, usize>,
    count: usize,
}

/// What is said of one target.
struct OfTarget {
    classes: Vec<(Pair, Members)>,
    labels: BTreeSet<Label>,
    has_unknown_sites: bool,
    assumes: BTreeSet<String>,
}

/// The classes of all pairs. What they take grows with the targets and the kinds of sources.
pub fn classes(ladder: &Ladder<'_>, sources: &Sources) -> Classes {
    let kinds = ladder.kinds_by_reason();
    let by_name = rows::targets_by_name(ladder);
    let found: Vec<OfTarget> = by_name.par_iter().map(|target| of_target(ladder, *target, &kinds)).collect();
    let mut labels = BTreeSet::new();
    let mut all = Classes { classes: Vec::new(), pairs: 0, has_unknown_sites: false, assumes: BTreeSet::new() };
    let mut members = Vec::new();
    for it in found {
        labels.extend(it.labels);
        all.assumes.extend(it.assumes);
        all.has_unknown_sites |= it.has_unknown_sites;
        members.extend(it.classes);
    }
    all.assumes.extend((0..ladder.estate.servers.len()).flat_map(|it| ladder.all_assumptions_of_source(it)));
    let places = located(labels, sources);
    for (pair, Members { first, count }) in members {
        all.pairs += count;
        let mut row = Path::new(ladder, pair, |label| places.get(label).cloned());
        row.assumes.clear();
        all.classes.push(Class { first: row, named: first.into_keys().collect(), count });
    }
    all
}

/// Asks one source of each kind about a target, and each where the target goes by addresses.
fn of_target(ladder: &Ladder<'_>, target: usize, kinds: &[Vec<usize>]) -> OfTarget {
    let home = ladder.server_of(target);
    let mut all: BTreeMap<Alike, Members> = BTreeMap::new();
    let mut said =
        OfTarget { classes: Vec::new(), labels: BTreeSet::new(), has_unknown_sites: false, assumes: BTreeSet::new() };
    let mut take = |sources: &mut dyn Iterator<Item = usize>| {
        let Some(source) = sources.next() else { return };
        let pair = Pair { source, target };
        let outcome = ladder.outcome(pair);
        said.has_unknown_sites |= !ladder.sites_known(pair);
        let alike = alike(ladder, pair, &outcome);
        said.assumes.extend(outcome.assumes);
        let members = all.entry(alike).or_default();
        std::iter::once(source).chain(sources).for_each(|it| members.take(ladder, it));
    };
    for kind in kinds {
        let is_beside = |source: usize| ladder.is_beside(Pair { source, target });
        let [mut near, mut far] =
            [true, false].map(|beside| kind.iter().copied().filter(move |it| *it != home && is_beside(*it) == beside));
        take(&mut near);
        if ladder.goes_by_address(target) {
            far.for_each(|source| take(&mut std::iter::once(source)));
        } else {
            take(&mut far);
        }
    }
    for members in all.into_values() {
        let Some(source) = members.first.values().next() else { continue };
        let pair = Pair { source: *source, target };
        said.labels.extend(ladder.outcome(pair).because.into_iter().next());
        said.classes.push((pair, members));
    }
    said.classes.sort_by(|one, other| one.1.first.keys().cmp(other.1.first.keys()));
    said
}

fn alike(ladder: &Ladder<'_>, pair: Pair, outcome: &Outcome) -> Alike {
    let name = &ladder.source(pair).name;
    let why = match outcome.step {
        Some(step) if ladder.is_of_source(pair, step) => Why::Source(step),
        None if outcome.word == "unknown" => {
            Why::Missing(outcome.missing.iter().map(|it| it.reason_without(name)).collect())
        }
        _ => Why::Target(outcome.because.first().cloned()),
    };
    let Outcome { word, status, event, .. } = *outcome;
    Alike { outcome: word, status, event, url: url(ladder, pair), why }
}

impl Members {
    fn take(&mut self, ladder: &Ladder<'_>, source: usize) {
        self.count += 1;
        let name = &ladder.estate.servers[source].name;
        if self.first.len() == NAMED && self.first.last_key_value().is_some_and(|(last, _)| last < name) {
            return;
        }
        self.first.insert(name.clone(), source);
        if self.first.len() > NAMED {
            self.first.pop_last();
        }
    }
}
