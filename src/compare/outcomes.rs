//! Comparing outcomes, pair by pair, and holding them against what a change is to do.

use std::collections::{BTreeMap, BTreeSet};

use super::Side;
use crate::config::intent::Line;
use crate::finding::Label;
use crate::model::ladder::{Ladder, Pair};
use crate::report::Location;
use crate::report::diff::{Counts, Intended, OutcomeChange};
use crate::text::source::Sources;
use crate::text::span::Span;

/// What pairs share that changed alike.
type Alike = (String, String, String, String, bool, Option<Label>, Option<Label>);

/// A line of an intent over the servers of AFTER, and what was met.
struct Held<'l> {
    line: &'l Line,
    sources: Vec<bool>,
    targets: Vec<bool>,
    pairs: usize,
    as_said: usize,
    before: usize,
    /// The first pair that is not as the line says, and what becomes of it.
    example: Option<(Pair, &'static str)>,
}

/// The outcomes that changed, folded, and how the change stands to its intent.
pub(super) fn compare<'l>(
    before: &Side<'_>,
    after: &Side<'_>,
    intent: Option<&'l [Line]>,
    counts: &mut Counts,
) -> Outcomes<'l> {
    let (old, new) = (&before.ladder, &after.ladder);
    let held: Vec<Held<'l>> = intent.unwrap_or_default().iter().map(|line| Held::new(line, new)).collect();
    let mut comparing =
        Comparing { old, new, earlier: earlier(old, new), held, alike: BTreeMap::new(), counts, asked: 0 };
    let old_targets: BTreeMap<(String, String), usize> =
        (0..old.targets.len()).map(|it| (identity(old, it), it)).collect();
    let kinds = comparing.kinds();
    for target in 0..new.targets.len() {
        comparing.target(target, old_targets.get(&identity(new, target)).copied(), &kinds, intent.is_some());
    }
    let Comparing { held, alike, counts, asked, .. } = comparing;
    counts.pairs_vanished = old.pair_count() - counts.pairs;
    Outcomes { alike, held: intent.map(|_| held), asked }
}

/// What lies between the outcomes of two snapshots, with places that are not worked out yet.
pub(super) struct Outcomes<'l> {
    alike: BTreeMap<Alike, BTreeSet<String>>,
    held: Option<Vec<Held<'l>>>,
    /// How many outcomes of AFTER were worked out.
    pub(super) asked: usize,
}

impl Outcomes<'_> {
    /// The places that are shown.
    pub(super) fn spans(&self) -> impl Iterator<Item = Span> {
        let labels = self.alike.keys().flat_map(|(.., before, after)| before.iter().chain(after));
        labels.map(|label| label.span).chain(self.held.iter().flatten().map(|it| it.line.place))
    }

    /// The outcomes that changed, and how the change stands to its intent.
    pub(super) fn told(self, after: &Side<'_>, sources: &Sources) -> (Vec<OutcomeChange>, Option<Vec<Intended>>) {
        let changes = self.alike.into_iter().map(|(key, from)| change(key, from, sources)).collect();
        let said = |held: Vec<Held<'_>>| held.into_iter().map(|it| it.said(&after.ladder, sources)).collect();
        (changes, self.held.map(said))
    }
}

/// Two snapshots while their outcomes are compared.
struct Comparing<'c, 'e, 'l> {
    old: &'c Ladder<'e>,
    new: &'c Ladder<'e>,
    /// The index in BEFORE of each server of AFTER that was there.
    earlier: Vec<Option<usize>>,
    held: Vec<Held<'l>>,
    alike: BTreeMap<Alike, BTreeSet<String>>,
    counts: &'c mut Counts,
    asked: usize,
}

impl Comparing<'_, '_, '_> {
    /// The sources of AFTER by what the ladders of both snapshots make of them.
    fn kinds(&self) -> Vec<Vec<usize>> {
        let mut kinds: BTreeMap<(usize, Option<usize>), Vec<usize>> = BTreeMap::new();
        for (source, earlier) in self.earlier.iter().enumerate() {
            let kind = (self.new.kind_of(source), earlier.map(|it| self.old.kind_of(it)));
            kinds.entry(kind).or_default().push(source);
        }
        kinds.into_values().collect()
    }

    /// Compares what becomes of all sources on a target of AFTER, which may have been one in BEFORE: of one source for
    /// all of its kind, unless one of the targets goes by addresses.
    fn target(&mut self, target: usize, before: Option<usize>, kinds: &[Vec<usize>], has_intent: bool) {
        let (old, new, home) = (self.old, self.new, self.new.server_of(target));
        let apart = new.goes_by_address(target) || before.is_some_and(|it| old.goes_by_address(it));
        let lines: Vec<usize> = (0..self.held.len()).filter(|it| self.held[*it].takes(new, target)).collect();
        for kind in kinds {
            let mut near: [Vec<usize>; 4] = Default::default();
            for source in kind.iter().copied().filter(|it| *it != home) {
                let earlier = self.earlier[source].zip(before);
                let was_beside = earlier.is_some_and(|(source, target)| old.is_beside(Pair { source, target }));
                near[usize::from(new.is_beside(Pair { source, target })) + 2 * usize::from(was_beside)].push(source);
            }
            for sources in &near {
                for some in sources.chunks(if apart { 1 } else { sources.len().max(1) }) {
                    self.sources(some, target, before, &lines, has_intent);
                }
            }
        }
    }

    /// Compares what becomes of sources of which all fare alike.
    fn sources(&mut self, some: &[usize], target: usize, before: Option<usize>, lines: &[usize], has_intent: bool) {
        let ends = |source: usize| {
            let later = self.new.outcome(Pair { source, target });
            let earlier = self.earlier[source].zip(before);
            (earlier.map(|(source, target)| self.old.outcome(Pair { source, target })), later)
        };
        let (earlier, later) = ends(some[0]);
        self.asked += 1;
        let mut intended = BTreeSet::new();
        for line in lines {
            let line = &mut self.held[*line];
            for source in some.iter().copied() {
                if line.sources[source] {
                    line.take(Pair { source, target }, earlier.as_ref().map(|it| it.word), later.word);
                    intended.insert(source);
                }
            }
        }
        let Some(earlier) = earlier else {
            self.counts.pairs_appeared += some.len();
            return;
        };
        self.counts.pairs += some.len();
        let words = (shown(earlier.word, earlier.status), shown(later.word, later.status));
        if words.0 == words.1 {
            return;
        }
        self.counts.outcomes += some.len();
        self.asked += some.len();
        let is_worse = rank(later.word) > rank(earlier.word);
        let to = self.new.target(Pair { source: some[0], target });
        for source in some {
            // Some of the places are the source's own.
            let (Some(earlier), later) = ends(*source) else { continue };
            let is_intended = !has_intent || intended.contains(source);
            self.counts.collateral += usize::from(!is_intended && is_worse);
            let names = (to.server.name.clone(), to.vdir.identity.clone());
            let places = (earlier.because.into_iter().next(), later.because.into_iter().next());
            let key = (names.0, names.1, words.0.clone(), words.1.clone(), is_intended, places.0, places.1);
            self.alike.entry(key).or_default().insert(self.new.estate.servers[*source].name.clone());
        }
    }
}

fn change(key: Alike, from: BTreeSet<String>, sources: &Sources) -> OutcomeChange {
    let (target, vdir, before, after, intended, because_before, because_after) = key;
    let at = |label: Option<Label>| label.map(|it| Location::of(sources, &it));
    OutcomeChange {
        sources: from.into_iter().collect(),
        target,
        vdir,
        worse: rank(word(&after)) > rank(word(&before)),
        before,
        after,
        intended,
        because_before: at(because_before),
        because_after: at(because_after),
    }
}

impl<'l> Held<'l> {
    fn new(line: &'l Line, ladder: &Ladder<'_>) -> Held<'l> {
        let (sources, targets) = line.over(ladder.estate);
        Held { line, sources, targets, pairs: 0, as_said: 0, before: 0, example: None }
    }

    /// Whether it is about a target.
    fn takes(&self, ladder: &Ladder<'_>, target: usize) -> bool {
        self.targets[ladder.server_of(target)] && self.line.is_about(&ladder.targets[target].vdir.identity)
    }

    fn take(&mut self, pair: Pair, before: Option<&str>, after: &'static str) {
        self.pairs += 1;
        self.before += usize::from(before == Some(self.line.outcome));
        if after == self.line.outcome {
            self.as_said += 1;
        } else if self.example.is_none_or(|(first, _)| pair < first) {
            self.example = Some((pair, after));
        }
    }

    /// A line that no pair of AFTER matches is not achieved: nothing shows that it is.
    fn said(self, ladder: &Ladder<'_>, sources: &Sources) -> Intended {
        let line = self.line;
        let vdir = line.vdir.as_ref().map_or(String::new(), |it| format!(" ({})", it.written.text));
        let status = if self.pairs == 0 || self.as_said < self.pairs {
            "not achieved"
        } else if self.before == self.pairs {
            "already so"
        } else {
            "achieved"
        };
        let shown = |(pair, after): (Pair, &str)| {
            format!("{} to {} is {after}", ladder.source(pair).name, ladder.target(pair).vdir.identity)
        };
        let example =
            if self.pairs == 0 { Some("no pair of AFTER is meant".to_owned()) } else { self.example.map(shown) };
        Intended {
            says: format!("{} to {}{vdir}: {}", line.source.written.text, line.target.written.text, line.outcome),
            status,
            pairs: self.pairs,
            as_said: self.as_said,
            before: self.before,
            example,
            at: Location::new(sources, line.place, ""),
        }
    }
}

/// The index in BEFORE of each server of AFTER that was there.
fn earlier(old: &Ladder<'_>, new: &Ladder<'_>) -> Vec<Option<usize>> {
    let names: BTreeMap<String, usize> =
        old.estate.servers.iter().enumerate().map(|(index, it)| (it.name.to_lowercase(), index)).collect();
    new.estate.servers.iter().map(|it| names.get(&it.name.to_lowercase()).copied()).collect()
}

fn identity(ladder: &Ladder<'_>, target: usize) -> (String, String) {
    let target = &ladder.targets[target];
    (target.server.name.to_lowercase(), target.vdir.identity.to_lowercase())
}

fn shown(word: &str, status: Option<&str>) -> String {
    status.map_or_else(|| word.to_owned(), |status| format!("{word} {status}"))
}

fn word(shown: &str) -> &str {
    shown.split(' ').next().unwrap_or(shown)
}

/// How bad an outcome is: users get through, nobody can say, they do not.
fn rank(word: &str) -> u8 {
    match word {
        "proxied" | "redirect" | "same-site" => 0,
        "unknown" | "not-applicable" => 1,
        _ => 2,
    }
}
