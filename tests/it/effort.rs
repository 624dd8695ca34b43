//! The work that rules take, counted and not timed: it grows with the servers, never with their pairs.

use owalint::lint;
use owalint::load::Snapshot;
use owalint::model::ladder::Ladder;
use owalint::rule::book::Book;
use owalint::rule::check;
use owalint::text::source::Sources;

use crate::generated::snapshot::{Plan, Registry, Shape};
use crate::generated::{PLAN, files};

/// How often rules are asked about an estate of so many servers, and how many findings that gives.
fn work(servers: usize, faults: f64) -> (usize, usize) {
    let plan = Plan { servers, faults, shape: Shape::List, registry: Registry::Small, is_small: true, ..PLAN };
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
        let [(few, _), (many, found)] = [60, 240].map(|servers| work(servers, faults));
        assert!(many <= 5 * few, "{faults}: {few} and {many}");
        // There are some eighty rules, and a handful of kinds of sources.
        assert!(many < 240 * 400, "{many}");
        assert!(faults == 0.0 || found > 20, "{found}");
    }
}
