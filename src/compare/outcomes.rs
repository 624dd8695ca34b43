//! Comparing outcomes, pair by pair, and holding them against what a change is to do.

use std::collections::{BTreeMap, BTreeSet};

use super::Side;
use crate::config::intent::Line;
use crate::finding::Label;
use crate::model::ladder::{Ladder, Pair};
use crate::report::Location;
use crate::report::diff::{Counts, Intended, OutcomeChange};
use crate::text::source::Sources;

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
    example: Option<String>,
}

/// The outcomes that changed, folded, and how the change stands to its intent.
pub(super) fn compare(
    before: &Side<'_>,
    after: &Side<'_>,
    sources: &Sources,
    intent: Option<&[Line]>,
    counts: &mut Counts,
) -> (Vec<OutcomeChange>, Option<Vec<Intended>>) {
    let (old, new) = (&before.ladder, &after.ladder);
    let old_sources: BTreeMap<String, usize> = names(old);
    let old_targets: BTreeMap<(String, String), usize> =
        (0..old.targets.len()).map(|it| (identity(old, it), it)).collect();
    let counterpart: Vec<Option<usize>> =
        (0..new.targets.len()).map(|it| old_targets.get(&identity(new, it)).copied()).collect();
    let mut held: Vec<Held<'_>> = intent.unwrap_or_default().iter().map(|line| Held::new(line, new)).collect();
    let mut alike: BTreeMap<Alike, BTreeSet<String>> = BTreeMap::new();
    for pair in new.pairs() {
        let source = &new.source(pair).name;
        let outcome = new.outcome(pair);
        let after_word = shown(outcome.word, outcome.status);
        let earlier = old_sources.get(&source.to_lowercase()).copied().zip(counterpart[pair.target]);
        let earlier = earlier.map(|(source, target)| old.outcome(Pair { source, target }));
        let earlier_word = earlier.as_ref().map(|it| it.word);
        let mut is_named = false;
        for line in held.iter_mut().filter(|it| it.is_about(new, pair)) {
            line.take(new, pair, earlier_word, outcome.word);
            is_named = true;
        }
        let Some(earlier) = earlier else {
            counts.pairs_appeared += 1;
            continue;
        };
        counts.pairs += 1;
        let before_word = shown(earlier.word, earlier.status);
        if before_word == after_word {
            continue;
        }
        counts.outcomes += 1;
        let is_intended = intent.is_none() || is_named;
        counts.collateral += usize::from(!is_intended && rank(outcome.word) > rank(earlier.word));
        let target = new.target(pair);
        let names = (target.server.name.clone(), target.vdir.identity.clone());
        let places = (earlier.because.first().cloned(), outcome.because.first().cloned());
        let key = (names.0, names.1, before_word, after_word, is_intended, places.0, places.1);
        alike.entry(key).or_default().insert(source.clone());
    }
    counts.pairs_vanished = old.pairs().count() - counts.pairs;
    let changes = alike.into_iter().map(|(key, from)| change(key, from, sources)).collect();
    (changes, intent.map(|_| held.into_iter().map(|it| it.said(sources)).collect()))
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

    fn is_about(&self, ladder: &Ladder<'_>, pair: Pair) -> bool {
        self.sources[pair.source]
            && self.targets[ladder.server_of(pair.target)]
            && self.line.is_about(&ladder.target(pair).vdir.identity)
    }

    fn take(&mut self, ladder: &Ladder<'_>, pair: Pair, before: Option<&str>, after: &str) {
        self.pairs += 1;
        self.before += usize::from(before == Some(self.line.outcome));
        if after == self.line.outcome {
            self.as_said += 1;
        } else if self.example.is_none() {
            let (source, target) = (&ladder.source(pair).name, &ladder.target(pair).vdir.identity);
            self.example = Some(format!("{source} to {target} is {after}"));
        }
    }

    /// A line that no pair of AFTER matches is not achieved: nothing shows that it is.
    fn said(self, sources: &Sources) -> Intended {
        let line = self.line;
        let vdir = line.vdir.as_ref().map_or(String::new(), |it| format!(" ({})", it.written.text));
        let status = if self.pairs == 0 || self.as_said < self.pairs {
            "not achieved"
        } else if self.before == self.pairs {
            "already so"
        } else {
            "achieved"
        };
        let example = if self.pairs == 0 { Some("no pair of AFTER is meant".to_owned()) } else { self.example };
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

fn names(ladder: &Ladder<'_>) -> BTreeMap<String, usize> {
    ladder.estate.servers.iter().enumerate().map(|(index, it)| (it.name.to_lowercase(), index)).collect()
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
