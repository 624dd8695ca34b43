//! The fast paths give the same reports, byte for byte, as the plain ones: everything read, kept and asked alone.
//!
//! `OWALINT_SNAPSHOTS` says how many made-up snapshots are compared, and `OWALINT_CORPUS` names a folder of real files.

use std::collections::BTreeMap;
use std::path::Path;

use owalint::config::Config;
use owalint::config::policy::Disposition;
use owalint::lint::{self, Rules, Telling};
use owalint::load::{self, Snapshot};
use owalint::model::estate_file::EstateFile;
use owalint::model::ladder::Ladder;
use owalint::read::reg::Wanted;
use owalint::render::{FORMATS, Look};
use owalint::report::fold::Folded;
use owalint::report::{Options, Parts, outcomes};
use owalint::rule::book::Book;
use owalint::text::source::Sources;
use rayon::prelude::*;

use crate::generated::snapshot::{Plan, Registry, Shape};
use crate::generated::{PLAN, files};
use crate::scratch::{Files, Folder, files_below, repository};

/// All formats of the report, each with its name.
type Reports = BTreeMap<&'static str, String>;

fn reports(snapshot: &Snapshot, sources: &mut Sources, is_plain: bool) -> Reports {
    let (book, _) = Book::open(Vec::new(), sources);
    let estate_file = snapshot.estate_file.and_then(|id| EstateFile::read(sources.get(id).text(), id, true).ok());
    let wanted = if is_plain { Wanted::all() } else { book.wanted() };
    let read = lint::read(snapshot, sources, estate_file.as_ref(), &wanted);
    let ladder = Ladder::new(&read.estate);
    let mut findings = Folded::among(&read.estate);
    let telling = if is_plain { Telling::Single } else { Telling::Joined };
    let rules = Rules { book: &book, config: &Config::default(), baseline: None };
    let open = lint::judge(&read.problems, &ladder, sources, rules, telling, |finding, disposition| {
        assert!(matches!(disposition, Disposition::Reported));
        findings.take(finding);
    });
    let parts = Parts {
        findings,
        suppressed: Vec::new(),
        baselined: Folded::default(),
        open,
        servers: read.estate.servers.len(),
        pairs: ladder.pair_count(),
        outcomes: Some(outcomes::outcomes(&ladder)),
        inputs: read.inputs,
    };
    let report = parts.report(sources, Some(&book), &Options { with_outcomes: true, ..Options::default() });
    FORMATS.iter().map(|it| (it.name, (it.render)(&report, sources, Look::default()))).collect()
}

/// Lints a folder in both ways and compares; gives the report in JSON.
fn compare(folder: &Path) -> String {
    let mut sources = Sources::default();
    let fast = reports(&load::load(&[folder.to_owned()], &mut sources).unwrap(), &mut sources, false);
    let mut sources = Sources::default();
    let plain = reports(&Snapshot::from_memory(files_below(folder), &mut sources), &mut sources, true);
    for (name, fast) in &fast {
        assert!(*fast == plain[name], "{}: {name}", folder.display());
    }
    fast["json"].clone()
}

#[test]
fn fixtures_are_reported_the_same() {
    let estates = std::fs::read_dir(repository().join("fixtures/estates")).unwrap();
    let estates: Vec<_> = estates.map(|it| it.unwrap().path()).filter(|it| it.is_dir()).collect();
    assert!(estates.len() > 5);
    estates.par_iter().for_each(|estate| {
        compare(estate);
    });
}

#[test]
fn made_up_snapshots_are_reported_the_same() {
    let count = std::env::var("OWALINT_SNAPSHOTS").map_or(60, |it| it.parse().unwrap());
    let found: usize = (0..count)
        .into_par_iter()
        .map(|seed| {
            let shape = [Shape::List, Shape::Clixml, Shape::Json, Shape::Mixed][seed as usize % 4];
            let registry = if seed % 3 == 0 { Registry::None } else { Registry::Small };
            let servers = 2 + seed as usize % 3;
            let plan = Plan { servers, shape, registry, seed, faults: 0.6, ..PLAN };
            let made: Files = files(&plan);
            compare(&Folder::with(&made).0).matches("\"fingerprint\"").count()
        })
        .sum();
    assert!(found > count as usize, "{found}");
}

#[test]
fn real_files_are_reported_the_same() {
    let Some(folder) = std::env::var_os("OWALINT_CORPUS") else { return };
    let files = files_below(Path::new(&folder));
    files.into_par_iter().for_each(|(path, bytes)| {
        let name = path.rsplit('/').next().unwrap();
        compare(&Folder::with(&vec![(format!("CAS1/{name}"), bytes)]).0);
    });
}
