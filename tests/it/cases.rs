//! Rule cases: for every rule the snapshots in which it fires, holds its peace, or cannot be asked.
//!
//! A case is a folder `fixtures/rules/<id>/{fires,holds,open}-<what>/`, read and run as `owalint rules test` does it.
//! `expected.txt` is the report as a person sees it.

use owalint::cases::run::{Asked, run};
use owalint::cases::{self, Case};
use owalint::rule::book::Book;
use owalint::text::source::Sources;

use crate::scratch::{expect, files_below, lint_files, repository};

/// Every case of the built-in rules, and the rules.
pub(crate) fn all() -> (Vec<Case>, Book) {
    let mut sources = Sources::default();
    let (book, problems) = Book::open(Vec::new(), &mut sources);
    assert!(problems.is_empty(), "{problems:?}");
    let (cases, problems) =
        cases::read("fixtures/rules", files_below(&repository().join("fixtures/rules")), &book, &mut sources);
    let told = |it: &owalint::read::problem::Problem| format!("{}: {}", sources.get(it.span.source).path(), it.message);
    assert!(problems.is_empty(), "{:#?}", problems.iter().map(told).collect::<Vec<_>>());
    (cases, book)
}

#[test]
fn every_case_says_what_its_name_promises() {
    let (mut cases, book) = all();
    for case in &mut cases {
        case.expected = None;
    }
    let trials = run(&cases, &book, Asked::All, |_| true);
    let failed: Vec<_> = trials.cases.iter().filter(|it| !it.verdict.passes()).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    for trial in &trials.cases {
        let folder = repository().join("fixtures/rules").join(&trial.rule).join(&trial.case);
        expect(&folder.join("expected.txt"), trial.report.as_ref().unwrap());
    }
    assert!(trials.passed, "{:#?}", trials.untested);
}

#[test]
fn the_base_is_sound() {
    let linted = lint_files(cases::built_in_base());
    assert_eq!(linted.report.exit_code, 0, "{}", linted.human());
}
