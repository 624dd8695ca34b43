//! The work that rules take and the text that is held, counted and not timed: neither grows with the pairs of servers.

use owalint::config::Config;
use owalint::lint;
use owalint::load::{self, Snapshot};
use owalint::model::ladder::Ladder;
use owalint::render::{FORMATS, Look};
use owalint::report::Options;
use owalint::rule::book::Book;
use owalint::rule::check;
use owalint::text::source::{Source, Sources};

use crate::diff::pairs::compared;
use crate::generated::snapshot::{Plan, Registry, Shape};
use crate::generated::{PLAN, files};
use crate::scratch::{Folder, edit};

/// How often rules are asked about an estate of so many servers, and how many findings that gives.
fn work(servers: usize, faults: f64, registry: Registry) -> (usize, usize) {
    let plan = Plan { servers, faults, shape: Shape::List, registry, is_small: true, ..PLAN };
    let mut sources = Sources::default();
    let snapshot = Snapshot::from_memory(files(&plan), &mut sources);
    let (book, _) = Book::open(Vec::new(), &mut sources);
    let read = lint::read(&snapshot, &sources, None, &book.wanted());
    let mut found = 0;
    let checked = check::check(&book, &Ladder::new(&read.estate), |_| true, |_| true, |_| found += 1);
    (checked.proofs, found)
}

#[test]
fn twice_the_servers_are_twice_the_work() {
    for faults in [0.0, 0.1] {
        let [(few, _), (many, found)] = [60, 240].map(|servers| work(servers, faults, Registry::Small));
        assert!(many <= 5 * few, "{faults}: {few} and {many}");
        // There are some eighty rules, and a handful of kinds of sources.
        assert!(many < 240 * 400, "{many}");
        assert!(faults == 0.0 || found > 20, "{found}");
    }
}

#[test]
fn what_is_open_of_sources_is_asked_of_each_once() {
    // Without registry exports it is not known of any source whether it proxies without SSL.
    for faults in [0.0, 0.5] {
        let [(few, _), (many, _)] = [60, 240].map(|servers| work(servers, faults, Registry::None));
        assert!(many <= 5 * few, "{faults}: {few} and {many}");
    }
}

#[test]
fn outcomes_of_two_snapshots_are_compared_by_kinds() {
    let asked = |servers: usize| {
        let plan = Plan { servers, faults: 0.0, shape: Shape::List, ..PLAN };
        let (before, mut after) = (files(&plan), files(&plan));
        edit(&mut after, "CAS00001/owa.txt", "https://cas00001.", "http://cas00001.");
        let (diff, ..) = compared(before, after, None);
        assert!(diff.summary.outcomes > servers / 2, "{:?}", diff.summary);
        diff.asked
    };
    let (few, many) = (asked(40), asked(120));
    // Of a target that changed each source is asked, of the others one of each kind and place.
    assert!(many <= 4 * few && many < 120 * 12, "{few} and {many}");
}

#[test]
fn of_files_on_disk_no_more_is_held_than_findings_show() {
    let plan =
        Plan { servers: 12, faults: 0.5, shape: Shape::Mixed, registry: Registry::Services, is_small: false, ..PLAN };
    let files = files(&plan);
    let folder = Folder::with(&files);
    let mut sources = Sources::default();
    let snapshot = load::load(std::slice::from_ref(&folder.0), &mut sources).unwrap();
    let (book, _) = Book::open(Vec::new(), &mut sources);
    let mut read = lint::read(&snapshot, &sources, None, &book.wanted());
    let options = Options { with_outcomes: true, ..Options::default() };
    let report = lint::check(&mut read, &sources, &book, &Config::default(), None, &options);
    assert!(report.findings.len() > 10);
    for format in FORMATS {
        (format.render)(&report, &sources, Look::default());
    }
    let inside = sources.iter().map(|(_, source)| source).filter(|source| !source.is_outside());
    let held: usize = inside.map(Source::held).sum();
    let all: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(held > 0 && held < all / 10, "{held} of {all}");
}
