//! What `diff` says of pairs, asked by kinds, is what the plain lists of both snapshots say pair by pair.

use std::collections::{BTreeMap, BTreeSet};

use owalint::compare::{self, Side};
use owalint::config::Config;
use owalint::config::intent::{self, Line};
use owalint::finding::Severity;
use owalint::lint::{self, Rules, Telling};
use owalint::load::Snapshot;
use owalint::model::estate_file::EstateFile;
use owalint::model::ladder::Ladder;
use owalint::report::diff::Diff;
use owalint::report::paths::{Path, paths};
use owalint::report::{Location, Options};
use owalint::rule::book::Book;
use owalint::text::decode::decode;
use owalint::text::source::{Source, Sources};

use crate::generated::snapshot::{Plan, Registry, Shape};
use crate::generated::{PLAN, files};
use crate::kinds::{left_open_by_each, told_apart_by_address};
use crate::scratch::Files;

/// Pairs by source, target and virtual directory, in lower case.
type Pairs = BTreeMap<(String, String, String), Path>;

/// What lies between two snapshots, the plain list of the pairs of each, and how many findings AFTER has where each pair
/// is asked by itself.
pub(crate) fn compared(before: Files, after: Files, intended: Option<&str>) -> (Diff, [Pairs; 2], usize) {
    let mut sources = Sources::default();
    let snapshots = [before, after].map(|files| Snapshot::from_memory(files, &mut sources));
    let (book, _) = Book::open(Vec::new(), &mut sources);
    let id = sources.add(Source::new("intent.toml".to_owned(), decode(intended.unwrap_or_default().into())));
    let lines: Option<Vec<Line>> = intended.map(|_| intent::read(id, sources.get(id)).unwrap());
    let reads = snapshots.each_ref().map(|it| {
        let estate = it.estate_file.map(|id| EstateFile::read(sources.get(id).text(), id, true).unwrap());
        lint::read(it, &sources, estate.as_ref(), &book.wanted())
    });
    let side = |index: usize| {
        let files = snapshots[index].files.iter().copied().chain(snapshots[index].estate_file).collect();
        Side { read: &reads[index], ladder: Ladder::new(&reads[index].estate), files }
    };
    let sides = [side(0), side(1)];
    let rules = Rules { book: &book, config: &Config::default(), baseline: None };
    let diff = compare::compare(&sides[0], &sides[1], &sources, rules, lines.as_deref(), &Options::default());
    let plain = sides.each_ref().map(|it| {
        let key = |it: &Path| [&it.source, &it.target, &it.vdir].map(|name| name.to_lowercase()).into();
        paths(&it.ladder, &sources).paths.into_iter().map(|it| (key(&it), it)).collect()
    });
    let mut found = 0;
    lint::judge(&reads[1].problems, &sides[1].ladder, &sources, rules, Telling::Single, |finding, _| {
        found += usize::from(!(finding.rule.starts_with("INP-") && finding.severity == Severity::Info));
    });
    (diff, plain, found)
}

fn word(path: &Path) -> String {
    path.status.map_or_else(|| path.outcome.to_owned(), |status| format!("{} {status}", path.outcome))
}

fn check(before: Files, after: Files) -> usize {
    let (diff, [old, new], found) = compared(before, after, None);
    let mut wanted = BTreeSet::new();
    for (key, later) in &new {
        let Some(earlier) = old.get(key).filter(|earlier| word(earlier) != word(later)) else { continue };
        let places = [earlier, later].map(|it| format!("{:?}", it.because.first()));
        wanted.insert((later.source.clone(), later.vdir.clone(), word(earlier), word(later), places));
    }
    let mut told = BTreeSet::new();
    for it in &diff.outcomes {
        let place = |at: &Option<Location>| format!("{:?}", at.as_ref());
        let places = [place(&it.because_before), place(&it.because_after)];
        for source in &it.sources {
            told.insert((source.clone(), it.vdir.clone(), it.before.clone(), it.after.clone(), places.clone()));
        }
    }
    assert_eq!(told, wanted);
    let both = new.keys().filter(|key| old.contains_key(*key)).count();
    let counts = &diff.summary;
    assert_eq!(
        (counts.pairs, counts.outcomes, counts.pairs_appeared, counts.pairs_vanished),
        (both, wanted.len(), new.len() - both, old.len() - both)
    );
    assert_eq!(counts.new + counts.changed + counts.unchanged, found);
    wanted.len()
}

#[test]
fn outcomes_are_those_of_the_plain_lists() {
    let plan = Plan { servers: 24, shape: Shape::List, ..PLAN };
    let all = files(&plan);
    let mut snapshots = vec![
        all.clone(),
        files(&Plan { faults: 0.0, ..plan }),
        files(&Plan { registry: Registry::None, ..plan }),
        files(&Plan { seed: 9, ..plan }),
        files(&Plan { servers: 20, ..plan }),
    ];
    let mut uneven = all;
    uneven
        .retain(|(path, _)| !path.contains("3/owa.reg") && !path.contains("4/applicationHost") && !path.contains("5/"));
    snapshots.push(uneven);
    let mut changed = 0;
    for before in &snapshots {
        for after in &snapshots {
            changed += check(before.clone(), after.clone());
        }
    }
    let small = [told_apart_by_address(), left_open_by_each(), crate::scratch::fixture("rules/base")];
    for before in &small {
        for after in &small {
            changed += check(before.clone(), after.clone());
        }
    }
    assert!(changed > 1000, "{changed}");
}

#[test]
fn intents_are_held_against_each_pair() {
    let plan = Plan { servers: 24, shape: Shape::List, ..PLAN };
    let intended = "[[pair]]\nsource = \"CAS0000*\"\ntarget = \"*\"\noutcome = \"proxied\"\n";
    let (diff, [old, new], _) = compared(files(&plan), files(&Plan { faults: 0.1, ..plan }), Some(intended));
    let [line] = diff.intent.unwrap().try_into().unwrap();
    let meant: Vec<(_, &Path)> = new.iter().filter(|(_, it)| it.source.starts_with("CAS0000")).collect();
    let is_so = |it: &Path| it.outcome == "proxied";
    let before = meant.iter().filter(|(key, _)| is_so(&old[*key])).count();
    let (so, not): (Vec<_>, Vec<_>) = meant.into_iter().partition(|(_, it)| is_so(it));
    assert_eq!((line.pairs, line.as_said, line.before), (so.len() + not.len(), so.len(), before));
    let first = format!("{} to {} is {}", not[0].1.source, not[0].1.vdir, not[0].1.outcome);
    assert_eq!(line.example.as_deref(), Some(first.as_str()));
}
