//! Mutation tests of the rules: whatever is changed in a built-in rule, a case of it tells.
//!
//! Each mutant is asked of the cases of its rule only, beside the rules that it stands in for or that stand in for it.
//! A case tells if what the rule finds, or leaves open, is not what the stored report says.

mod mutants;

use std::collections::{BTreeMap, BTreeSet};

use owalint::cases::Case;
use owalint::finding::Finding;
use owalint::lint;
use owalint::load::Snapshot;
use owalint::model::estate_file::EstateFile;
use owalint::model::ladder::Ladder;
use owalint::read::reg::Wanted;
use owalint::rule::ask::Scope;
use owalint::rule::book::{BUILT_IN, Book};
use owalint::rule::check::{self, Unasked};
use owalint::rule::condition::IfOpen;
use owalint::rule::load::{self, Rule};
use owalint::text::decode::decode;
use owalint::text::source::{Source, Sources};
use rayon::prelude::*;

use crate::cases;

/// Mutants that no case can tell from the rule, since they mean the same: the rule, the change, and why.
const EQUIVALENT: &[(&str, &str, &str)] = &[
    ("HYG-206", "when 1: if-open = \"assume\"", "the default is off, and on is wanted"),
    ("HYG-207", "when 2: if-open = \"assume\"", "the default is off, and on is wanted"),
    ("HYG-207", "when 2: known = true", "where it is known to be off, an earlier step has stopped the request"),
    ("HYG-207", "when 3: known = true", "where Ssl is among the flags, an earlier step has stopped the request"),
    ("HYG-208", "when 2: if-open = \"assume\"", "the default is off, and on is wanted"),
    ("HYG-210", "when 1: if-open = \"assume\"", "the default is off, and on is wanted"),
    ("P42-002", "show 1: if-open = \"assume\"", "what is shown is never assumed to be on, since the default is off"),
    ("P42-002", "show 1: known = true", "where it is known to be off, an earlier step has stopped the request"),
    ("P42-013", "when 3: if-open = \"assume\"", "the default is off, and on is wanted"),
    ("PRX-106", "head: no step", "rules about pairs begin at that step, and one that explains is no near miss"),
    ("PRX-113", "head: after = \"blocked-plain-http\"", "that step stops no https request"),
    ("PRX-114", "head: after = \"blocked-plain-http\"", "that step stops no https request"),
    ("PRX-114", "when 3: if-open = \"assume\"", "the default is on, and off is wanted"),
    ("PRX-117", "head: after = \"blocked-plain-http\"", "that step stops no https request"),
    (
        "PRX-117",
        "unless 1: if-open = \"skip\"",
        "a condition above asks the same, and leaves the rule open for the same reason",
    ),
    ("PRX-117", "when 2: at-least = -1", "no port is less than 0"),
    ("PRX-127", "when 3: if-open = \"skip\"", "an unknown version is an answer, never open"),
    (
        "PRX-129",
        "when 3: if-open = \"skip\"",
        "never open: a property that was not exported counts as not set, see INC-318",
    ),
    ("PRX-130", "when 2: if-open = \"skip\"", "an unknown version is an answer, never open"),
    ("PRX-131", "when 1: if-open = \"skip\"", "never open: where a version is not known, nothing is compared"),
    ("PRX-134", "head: after = \"blocked-plain-http\"", "that step stops no https request"),
    ("PRX-134", "when 1: if-open = \"skip\"", "an unknown version is an answer, never open"),
];

/// Why a mutant is equivalent by the way in which rules of its kind are asked, if it is.
fn equivalent_by_kind(rule: &Rule, mutant: &str) -> Option<&'static str> {
    let (part, change) = mutant.split_once(": ")?;
    let (table, number) = part.split_once(' ')?;
    let conditions = mutants::conditions(rule, table)?;
    let condition = conditions[number.parse::<usize>().ok()? - 1];
    if let Some(ask) = change.strip_prefix("ask = ") {
        let same =
            rule.scope == Scope::Vdir && name_of(ask.trim_matches('\'')) == name_of(&condition.ask.written(rule.scope));
        return same.then_some("a rule about a virtual directory asks about its server by either word");
    }
    if change != "if-open = \"skip\"" {
        return None;
    }
    match table {
        "show" | "soften" => Some("what is only added to a finding is left out, whether it is open or not"),
        "when" | "any" if condition.if_open == IfOpen::Open && !rule.tells_open() => {
            Some("the rule does not fire, and what it leaves open is not told")
        }
        _ => None,
    }
}

/// A question without the word that says whom it is about.
fn name_of(ask: &str) -> &str {
    ask.split_once('.').map_or(ask, |(_, name)| name)
}

/// A rule under test: itself first, then its mutants, each in a book with the rules that it stands together with.
struct Tried {
    names: Vec<String>,
    books: Vec<Book>,
    refused: usize,
}

#[test]
fn a_case_tells_every_change_of_a_rule() {
    let (cases, book) = cases::all();
    let tried: BTreeMap<&str, Tried> = BUILT_IN.iter().map(|(id, text)| (*id, tried(id, text, &book))).collect();
    let told: Vec<(&str, Vec<bool>)> =
        cases.par_iter().map(|case| (case.rule.as_str(), tells(case, &tried[case.rule.as_str()]))).collect();
    let mut survivors: Vec<(&str, &str)> = Vec::new();
    for (id, tried) in &tried {
        let of_rule: Vec<&Vec<bool>> = told.iter().filter(|(rule, _)| rule == id).map(|(_, told)| told).collect();
        let survives = |index: &usize| !of_rule.iter().any(|told| told[*index]);
        survivors.extend((0..tried.names.len()).filter(survives).map(|index| (*id, tried.names[index].as_str())));
    }
    let (refused, asked) =
        tried.values().fold((0, 0), |(refused, asked), it| (refused + it.refused, asked + it.names.len()));
    let listed: BTreeSet<(&str, &str)> = EQUIVALENT.iter().map(|row| (row.0, row.1)).collect();
    let by_kind = by_kind(&tried, &book);
    let known = |it: &&(&str, &str)| listed.contains(*it) || by_kind.contains(*it);
    let missed: Vec<String> =
        survivors.iter().filter(|it| !known(it)).map(|(id, name)| format!("{id} {name}")).collect();
    eprintln!(
        "{} mutants: {refused} refused by the loader, {} told by a case, {} equivalent by kind, {} by an argument, {} missed",
        refused + asked,
        asked - survivors.len(),
        by_kind.len(),
        listed.len(),
        missed.len()
    );
    assert!(missed.is_empty(), "no case tells these:\n{}", missed.join("\n"));
    let stale: Vec<_> = listed.union(&by_kind).filter(|row| !survivors.contains(row)).collect();
    assert!(stale.is_empty(), "a case tells these, or they are not made: {stale:#?}");
}

/// The mutants that are equivalent by their kind.
fn by_kind<'t>(tried: &'t BTreeMap<&str, Tried>, book: &Book) -> BTreeSet<(&'t str, &'t str)> {
    let of_rule = |(id, tried): (&&'t str, &'t Tried)| {
        let rule = book.get(id).expect("a built-in rule is in the book");
        let equivalent = tried.names.iter().filter(move |name| equivalent_by_kind(rule, name).is_some());
        equivalent.map(|name| (*id, name.as_str())).collect::<Vec<_>>()
    };
    tried.iter().flat_map(of_rule).collect()
}

fn tried(id: &str, text: &str, book: &Book) -> Tried {
    let original = read(id, text).unwrap_or_else(|| panic!("{id} loads"));
    let beside: Vec<&Rule> = book
        .rules()
        .filter(|other| other.refines.as_deref() == Some(id) || original.refines.as_ref() == Some(&other.id))
        .collect();
    let together = |rule: Rule| beside.iter().copied().cloned().chain([rule]).collect::<Book>();
    let made = mutants::of(&original, text);
    let all = made.len();
    let mut tried = Tried { names: Vec::new(), books: vec![together(original)], refused: 0 };
    for mutant in made {
        if let Some(rule) = read(id, &mutant.text) {
            tried.names.push(mutant.name);
            tried.books.push(together(rule));
        }
    }
    tried.refused = all - tried.names.len();
    tried
}

fn read(id: &str, text: &str) -> Option<Rule> {
    let mut sources = Sources::default();
    let source = sources.add(Source::new(format!("{id}.toml"), decode(text.as_bytes().to_vec())));
    load::read(id, sources.get(source).text(), source).ok()
}

/// For each mutant of the case's rule whether the case tells it from the rule.
fn tells(case: &Case, tried: &Tried) -> Vec<bool> {
    let mut sources = Sources::default();
    let snapshot = Snapshot::from_memory(case.files.clone(), &mut sources);
    let estate_file = snapshot.estate_file.map(|id| EstateFile::read(sources.get(id).text(), id, true).unwrap());
    let read = lint::read(&snapshot, &sources, estate_file.as_ref(), &Wanted::all());
    let ladder = Ladder::new(&read.estate);
    let mut said = tried.books.iter().map(|book| said(book, &ladder));
    let original = said.next();
    said.map(|said| Some(said) != original).collect()
}

/// What rules say of an estate, as far as a report shows it.
fn said(book: &Book, ladder: &Ladder<'_>) -> (Vec<Finding>, Unasked) {
    let mut findings = Vec::new();
    let open = check::check(
        book,
        ladder,
        |_| true,
        |_| false,
        |finding| findings.push(Finding { cause: String::new(), ..finding }),
    )
    .open;
    findings.sort_by(|one, other| (&one.rule, &one.primary).cmp(&(&other.rule, &other.primary)));
    (findings, open)
}
