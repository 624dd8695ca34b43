//! What is written by hand: an input is read as a rule, as a configuration, a baseline, an intent and an estate file.
//! Every mistake has its place; a rule that is taken is asked of a sound estate.
#![no_main]

use libfuzzer_sys::fuzz_target;
use owalint::config::Config;
use owalint::config::baseline::Baseline;
use owalint::config::intent;
use owalint::lint;
use owalint::load::Snapshot;
use owalint::model::estate_file::EstateFile;
use owalint::read::reg::Wanted;
use owalint::report::Options;
use owalint::rule::book::Book;
use owalint::rule::load;
use owalint::text::source::Sources;
use owalint_fuzz::{base, book, check_problems, on_one_thread, only, source};

fuzz_target!(|bytes: &[u8]| {
    // Before anything else, since the rules are read in parallel too.
    on_one_thread();
    let source = source(bytes);
    let text = source.text();
    match load::read("OWN-1", text, only()) {
        Err(problems) => refused(text, &problems),
        Ok(rule) => ask(rule),
    }
    let today = "2026-06-15".parse().expect("this is a day");
    if let Err(problems) = Config::read(only(), &source, book(), today) {
        refused(text, &problems);
    }
    if let Err(problems) = Baseline::read(only(), &source) {
        refused(text, &problems);
    }
    if let Err(problems) = intent::read(only(), &source) {
        refused(text, &problems);
    }
    if let Err(problems) = EstateFile::read(text, only(), true) {
        refused(text, &problems);
    }
});

fn refused(text: &str, problems: &[owalint::read::problem::Problem]) {
    assert!(!problems.is_empty(), "what is refused is refused for a reason");
    check_problems(text, problems);
}

fn ask(rule: load::Rule) {
    let mut sources = Sources::default();
    let snapshot = Snapshot::from_memory(base(), &mut sources);
    let mut read = lint::read(&snapshot, &sources, None, &Wanted::all());
    let own = Book::from_iter([rule]);
    lint::check(&mut read, &sources, &own, &Config::default(), None, &Options::default());
}
