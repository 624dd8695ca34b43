//! Running cases: each is linted like any snapshot, and the report is held against what the case says.

use rayon::prelude::*;

use crate::cases::{Case, EXPECTED_FILE, Kind, Wanted};
use crate::config::Config;
use crate::lint;
use crate::load::Snapshot;
use crate::model::estate_file::EstateFile;
use crate::render::{self, Look};
use crate::report::explain::Example;
use crate::report::trials::{Found, Trial, Trials, Verdict};
use crate::report::{Options, Report, Reported};
use crate::rule::book::{BUILT_IN, Book};
use crate::text::source::Sources;

/// Which rules the report of a case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// All rules in force: for the cases of the built-in rules, whose stored reports show how rules stand together.
    All,
    /// The case's own rule only, so that a stored report does not change with the other rules.
    Own,
}

/// Runs cases, in parallel; the results are in the order of the cases. Rules that are `selected` ought to have cases:
/// all of them, or where each is asked for itself those that are not built in.
pub fn run(cases: &[Case], book: &Book, asked: Asked, selected: impl Fn(&str) -> bool) -> Trials {
    let trials: Vec<Trial> = cases.par_iter().map(|case| try_one(case, book, asked)).collect();
    let ours = |id: &&str| asked == Asked::All || !BUILT_IN.iter().any(|(known, _)| known == id);
    let rules = book.rules().map(|rule| rule.id.as_str()).filter(ours).filter(|id| selected(id));
    Trials::new(rules, trials)
}

/// The first finding of the case that is marked as an example, or of the first that fires, as a person sees it, and its help.
pub fn example(cases: &[Case], book: &Book) -> Option<Example> {
    let firing = || cases.iter().filter(|case| case.kind == Kind::Fires);
    let case = firing().find(|case| case.is_example).or_else(|| firing().next())?;
    let mut sources = Sources::default();
    let mut report = linted(case, book, Asked::All, &mut sources).ok()?;
    report.findings.retain(|finding| finding.rule == case.rule);
    report.findings.truncate(1);
    let help = report.findings.first()?.help.clone();
    let text = render::human::render(&report, &sources, Look { quiet: true, ..Look::default() });
    Some(Example { says: case.says.trim().to_owned(), report: text, help })
}

fn linted(case: &Case, book: &Book, asked: Asked, sources: &mut Sources) -> Result<Report, String> {
    let snapshot = Snapshot::from_memory(case.files.clone(), sources);
    let estate_file = match snapshot.estate_file {
        None => None,
        Some(id) => Some(EstateFile::read(sources.get(id).text(), id, true).map_err(|problems| {
            let first = problems.first().map_or("", |it| it.message.as_str());
            format!("the estate file is not valid: {first}")
        })?),
    };
    let mut config = Config::default();
    if asked == Asked::Own {
        config.narrow(std::slice::from_ref(&case.rule), &[], book)?;
    }
    let options = Options::default();
    let mut read = lint::read(&snapshot, sources, estate_file.as_ref(), &book.wanted());
    Ok(lint::check(&mut read, sources, book, &config, None, &options))
}

fn try_one(case: &Case, book: &Book, asked: Asked) -> Trial {
    let mut sources = Sources::default();
    let (verdict, why, found, report) = match linted(case, book, asked, &mut sources) {
        Err(why) => (Verdict::Wrong, vec![why], Vec::new(), None),
        Ok(report) => {
            let text = render::human::render(&report, &sources, Look::default());
            let (mut verdict, mut why) = judge(case, &report);
            if verdict.passes() && case.expected.as_ref().is_some_and(|expected| *expected != text) {
                verdict = Verdict::Wrong;
                why.push(format!("the report is not the one in {EXPECTED_FILE}"));
            }
            let found = of_rule(case, &report).map(Found::of).collect();
            (verdict, why, found, Some(text))
        }
    };
    Trial {
        rule: case.rule.clone(),
        case: case.name.clone(),
        says: case.says.clone(),
        wanted: case.kind.word(),
        verdict,
        why,
        found,
        report,
    }
}

fn of_rule<'r>(case: &'r Case, report: &'r Report) -> impl Iterator<Item = &'r Reported> {
    report.findings.iter().filter(|finding| finding.rule == case.rule)
}

/// What the case says against what the rule did.
fn judge(case: &Case, report: &Report) -> (Verdict, Vec<String>) {
    let fires = of_rule(case, report).next().is_some();
    let open = report.open.iter().filter(|it| it.rule.as_ref() == Some(&case.rule));
    let open: Vec<String> = open.map(|it| format!("left open: {}", it.reason)).collect();
    let at = || of_rule(case, report).map(|it| format!("it fires: {}", short(it))).collect::<Vec<_>>();
    match (case.kind, fires) {
        (Kind::Fires, true) => {
            let faults = unmatched(case, report);
            (if faults.is_empty() { Verdict::Reported } else { Verdict::Wrong }, faults)
        }
        (Kind::Fires, false) => (Verdict::Missing, [vec!["it does not fire".to_owned()], open].concat()),
        (Kind::Holds | Kind::Open, true) => (Verdict::Noisy, at()),
        (Kind::Holds, false) if open.is_empty() => (Verdict::Silent, Vec::new()),
        (Kind::Holds, false) => (Verdict::Wrong, open),
        (Kind::Open, false) if open.is_empty() => (Verdict::Missing, vec!["nothing is left open".to_owned()]),
        (Kind::Open, false) => (Verdict::Open, Vec::new()),
    }
}

/// The findings that are wanted and not there, and those that are there and not wanted.
fn unmatched(case: &Case, report: &Report) -> Vec<String> {
    if case.wanted.is_empty() {
        return Vec::new();
    }
    let mut left: Vec<&Reported> = of_rule(case, report).collect();
    let mut faults = Vec::new();
    for (index, wanted) in case.wanted.iter().enumerate() {
        match left.iter().position(|finding| fits(wanted, finding)) {
            Some(at) => drop(left.remove(at)),
            None => faults.push(format!("no finding is like `[[finding]]` number {}", index + 1)),
        }
    }
    faults.extend(left.into_iter().map(|it| format!("it also fires: {}", short(it))));
    faults
}

fn fits(wanted: &Wanted, finding: &Reported) -> bool {
    let mut servers: Vec<&String> = finding.sources.iter().chain(&finding.targets).collect();
    servers.sort();
    servers.dedup();
    let at = &finding.primary;
    wanted.servers.as_ref().is_none_or(|names| names.iter().eq(servers))
        && wanted.file.as_ref().is_none_or(|file| *file == at.path)
        && wanted.line.is_none_or(|line| line == i64::from(at.start.line))
        && wanted.text.as_ref().is_none_or(|text| *text == at.text)
        && wanted.severity.is_none_or(|severity| severity == finding.severity)
}

fn short(finding: &Reported) -> String {
    let at = &finding.primary;
    format!("{}:{}:{}: {} (`{}`)", at.path, at.start.line, at.start.column, finding.message, at.text)
}
