//! Pairs one after the other and by classes say what the plain list of all pairs says.

use std::collections::{BTreeMap, BTreeSet};

use owalint::lint;
use owalint::load::{self, Snapshot};
use owalint::model::estate_file::EstateFile;
use owalint::model::ladder::Ladder;
use owalint::model::registry;
use owalint::render::json;
use owalint::report::paths::classes::{Classes, classes};
use owalint::report::paths::paths;
use owalint::report::paths::rows::Rows;
use owalint::text::source::{Source, Sources};

use crate::generated::snapshot::{Plan, Registry, Shape};
use crate::generated::{PLAN, files};
use crate::kinds::{left_open_by_each, told_apart_by_address};
use crate::scratch::{Files, Folder, fixture, repository, run};

/// What pairs of one class have in common in the plain list.
type Seen<'p> = (&'p str, &'p str, Option<&'p str>, Option<u16>, Option<&'p str>);

fn over<T>(files: Files, ask: impl FnOnce(&Ladder<'_>, &Sources) -> T) -> T {
    let mut sources = Sources::default();
    let snapshot = Snapshot::from_memory(files, &mut sources);
    let estate = snapshot.estate_file.and_then(|id| EstateFile::read(sources.get(id).text(), id, true).ok());
    let read = lint::read(&snapshot, &sources, estate.as_ref(), &registry::wanted([]));
    ask(&Ladder::new(&read.estate), &sources)
}

fn streamed(rows: &Rows<'_>) -> String {
    let mut out = Vec::new();
    json::write_paths(rows, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn estates() -> Vec<Files> {
    let folder = repository().join("fixtures/estates");
    let names = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut all: Vec<Files> = names.map(|name| fixture(&format!("estates/{name}"))).collect();
    all.extend([told_apart_by_address(), left_open_by_each(), Files::new()]);
    for (servers, seed, registry) in [(1, 1, Registry::Small), (30, 2, Registry::None), (70, 3, Registry::Small)] {
        all.push(files(&Plan { servers, seed, registry, shape: Shape::Mixed, ..PLAN }));
    }
    let mut hostile = fixture("rules/base");
    for (_, bytes) in &mut hostile {
        *bytes = String::from_utf8(bytes.clone()).unwrap().replace("CAS2", "CAS\u{202e}2").into_bytes();
    }
    all.push(hostile);
    all
}

#[test]
fn pairs_one_after_the_other_are_the_bytes_of_the_plain_document() {
    let mut most = 0;
    for files in estates() {
        over(files, |ladder, sources| {
            let plain = paths(ladder, sources);
            most = most.max(plain.paths.len());
            assert!(streamed(&Rows::new(ladder, sources)) == json::render(&plain));
        });
    }
    assert!(most > 4096, "{most} are written in several goes");
}

#[test]
fn every_place_is_known_before_anything_is_written() {
    let made = files(&Plan { servers: 12, shape: Shape::Mixed, ..PLAN });
    let folder = Folder::with(&made);
    let mut sources = Sources::default();
    let snapshot = load::load(std::slice::from_ref(&folder.0), &mut sources).unwrap();
    let read = lint::read(&snapshot, &sources, None, &registry::wanted([]));
    let ladder = Ladder::new(&read.estate);
    let rows = Rows::new(&ladder, &sources);
    let held = || sources.iter().map(|(_, it)| Source::held(it)).sum::<usize>();
    let before = held();
    drop(folder);
    let written = streamed(&rows);
    assert_eq!((held(), sources.changed().count()), (before, 0));
    assert!(before < made.iter().map(|(_, bytes)| bytes.len()).sum::<usize>());
    over(made, |ladder, sources| assert!(written == json::render(&paths(ladder, sources))));
}

/// Holds classes against the plain list.
fn compare(classes: &Classes, ladder: &Ladder<'_>, sources: &Sources) {
    let plain = paths(ladder, sources);
    let (mut wanted, mut found) = (BTreeMap::<Seen<'_>, BTreeSet<&str>>::new(), BTreeMap::<Seen<'_>, usize>::new());
    for it in &plain.paths {
        let seen = (it.vdir.as_str(), it.outcome, it.status, it.event, it.url.as_deref());
        wanted.entry(seen).or_default().insert(&it.source);
    }
    for class in &classes.classes {
        let it = &class.first;
        let seen = (it.vdir.as_str(), it.outcome, it.status, it.event, it.url.as_deref());
        *found.entry(seen).or_default() += class.count;
        assert!(class.named.iter().all(|name| wanted[&seen].contains(name.as_str())), "{class:?}");
        assert_eq!((&class.named[0], class.named.len()), (&it.source, class.count.min(3)));
        let same = plain.paths.iter().find(|row| (&row.source, &row.vdir) == (&it.source, &it.vdir)).unwrap();
        assert_eq!(
            (format!("{:?}", it.because.first()), &it.missing),
            (format!("{:?}", same.because.first()), &same.missing)
        );
    }
    assert_eq!(found, wanted.iter().map(|(seen, names)| (*seen, names.len())).collect());
    let assumes: BTreeSet<String> = plain.paths.iter().flat_map(|it| it.assumes.clone()).collect();
    let has_unknown_sites = plain.paths.iter().any(|it| it.site == "unknown");
    assert_eq!(
        (&classes.assumes, classes.has_unknown_sites, classes.pairs),
        (&assumes, has_unknown_sites, plain.paths.len())
    );
}

#[test]
fn classes_are_about_the_same_pairs() {
    let mut estates = estates();
    // Nothing tells the versions of some servers, nor the sites of others, nor the virtual directories of others still.
    for lost in ["CAS00003/server", "CAS00004/owa."] {
        let mut uneven = files(&Plan { servers: 12, registry: Registry::Small, ..PLAN });
        uneven.retain(|(path, _)| !path.starts_with(lost));
        estates.push(uneven);
    }
    for files in estates {
        over(files, |ladder, sources| compare(&classes(ladder, sources), ladder, sources));
    }
}

#[test]
fn classes_grow_with_the_targets_and_not_with_the_pairs() {
    // Without a registry export each source leaves something of its own open.
    for registry in [Registry::None, Registry::Small] {
        let count = |servers: usize| {
            let plan = Plan { servers, faults: 0.5, registry, shape: Shape::List, ..PLAN };
            over(files(&plan), |ladder, sources| classes(ladder, sources).classes.len())
        };
        let (few, many) = (count(40), count(120));
        assert!(many <= 4 * few && many < 120 * 5, "{few} and {many}");
    }
}

#[test]
fn a_table_of_many_pairs_has_a_row_for_each_class() {
    let print = |servers: usize| {
        let folder = Folder::with(&files(&Plan { servers, faults: 0.0, shape: Shape::List, ..PLAN }));
        let output = run(&["paths", ".", "--output", "json=all.json", "--output", "human=all.txt"], &folder.0);
        let written = |name: &str| std::fs::read_to_string(folder.0.join(name)).unwrap();
        let (json, table) = (written("all.json"), String::from_utf8(output.stdout).unwrap());
        assert_eq!((output.status.code(), &table), (Some(0), &written("all.txt")));
        let all: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(all["paths"].as_array().unwrap().len(), servers * (servers - 1));
        table
    };
    let table = print(32);
    assert!(table.starts_with("source "), "{table}");
    assert!(table.lines().filter(|it| it.contains("proxied") || it.contains("same-site")).count() == 32 * 31);
    let table = print(33);
    assert!(table.starts_with("sources "), "{table}");
    assert!(table.contains("\nthe 1056 pairs are grouped: "), "{table}");
    let line = table.lines().find(|it| it.contains("proxied")).unwrap();
    assert!(line.starts_with("CAS00004, CAS00005, CAS00006 and 26 more  CAS00000\\owa "), "{line}");
    assert!(table.lines().filter(|it| it.contains("proxied") || it.contains("same-site")).count() == 33 * 2 - 1);
    let assumed: Vec<&str> = table.lines().filter(|it| it.contains("no web.config changes access at ")).collect();
    let [line] = assumed[..] else { panic!("{table}") };
    assert!(line.contains(" at CAS00000\\owa (Default Web Site), ") && line.ends_with(" more"), "{line}");
}
