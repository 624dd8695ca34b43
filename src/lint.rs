//! The whole lint: a snapshot, rules and options in; an estate and what the rules say of it out.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use rayon::prelude::*;

use crate::config::Config;
use crate::config::baseline::Baseline;
use crate::config::policy::{Disposition, Policy, Remark};
use crate::finding::{Confidence, Finding, Label, Template};
use crate::load::Snapshot;
use crate::model::estate::Estate;
use crate::model::estate_file::EstateFile;
use crate::model::input::{Input, Status};
use crate::model::ladder::Ladder;
use crate::model::owner::Owners;
use crate::read::problem::{Problem, ProblemKind};
use crate::read::reg::Wanted;
use crate::report::fold::Folded;
use crate::report::open::Open;
use crate::report::verdict::{BASELINE, CONFIGURATION, ESTATE_FILE};
use crate::report::{self, InputLine, Options, Parts, Report};
use crate::rule::book::Book;
use crate::rule::check;
use crate::rule::load::Rule;
use crate::text::source::{Source, Sources};
use crate::text::span::{SourceId, Span};

/// A snapshot that was read: the estate, and what is to be said of each file.
#[derive(Debug)]
pub struct Read {
    /// The servers and their settings.
    pub estate: Estate,
    /// Every visited file.
    pub inputs: Vec<InputLine>,
    /// What could not be read, with the server whose file it is and whether that is a registry export.
    pub problems: Vec<(Problem, Option<String>, bool)>,
}

/// Reads a snapshot: recognises every file, finds its owner, and puts the estate together. Of registry files what is
/// `wanted` is kept.
pub fn read(snapshot: &Snapshot, sources: &Sources, estate_file: Option<&EstateFile>, wanted: &Wanted) -> Read {
    let read_one =
        |id: &SourceId| Input::open(*id, sources.get(*id), wanted).unwrap_or_else(|unread| Input::unread(*id, unread));
    let mut inputs: Vec<Input> = snapshot.files.par_iter().map(read_one).collect();
    let (mut estate, owners) = Estate::assemble(&mut inputs, sources, estate_file);
    let mut problems: Vec<(Problem, Option<String>, bool)> =
        std::mem::take(&mut estate.faults).into_iter().map(|problem| (problem, None, false)).collect();
    let mut lines: Vec<InputLine> = Vec::new();
    for (index, input) in inputs.into_iter().enumerate() {
        let line = line(&input, index, &owners, sources);
        let of_registry = line.format.starts_with("registry");
        problems.extend(input.into_problems().into_iter().map(|problem| (problem, line.server.clone(), of_registry)));
        lines.push(line);
    }
    for id in &snapshot.stray_estate_files {
        let message = "this estate file is not used, since it does not lie at the root of the linted paths";
        problems.push((Problem::new(ProblemKind::EstateFileUnused, Span::file(*id), message), None, false));
        lines.push(line_of(sources.get(*id), ESTATE_FILE, Status::Ignored, Some(message.to_owned())));
    }
    for id in &snapshot.configurations {
        let message = "this configuration is not used, since it lies inside the linted paths";
        problems.push((Problem::new(ProblemKind::ConfigurationInside, Span::file(*id), message), None, false));
        let line = line_of(sources.get(*id), CONFIGURATION, Status::Ignored, Some(message.to_owned()));
        lines.push(line);
    }
    if let Some(id) = snapshot.own_configuration {
        let message = "the configuration in use lies inside the linted paths, so these say how they are judged";
        problems.push((Problem::new(ProblemKind::OwnConfiguration, Span::file(id), message), None, false));
        lines.push(line_of(sources.get(id), CONFIGURATION, Status::Read, None));
    }
    if let Some(id) = snapshot.own_baseline {
        let message = "the baseline in use lies inside the linted paths, so these say what of them is not reported";
        problems.push((Problem::new(ProblemKind::OwnBaseline, Span::file(id), message), None, false));
        lines.push(line_of(sources.get(id), BASELINE, Status::Read, None));
    }
    if let Some(id) = snapshot.own_intent {
        let message = "what the change is to do is said by the snapshots themselves";
        problems.push((Problem::new(ProblemKind::OwnIntent, Span::file(id), message), None, false));
    }
    if let Some(id) = snapshot.estate_file {
        lines.push(line_of(sources.get(id), ESTATE_FILE, Status::Read, None));
    }
    lines.extend(
        snapshot.passed_over.iter().map(|(path, why)| plain_line(path, "unknown", Status::Ignored, Some(why.clone()))),
    );
    Read { estate, inputs: lines, problems }
}

/// Asks the rules and makes the report, which takes the list of inputs out of what was read.
pub fn check(
    read: &mut Read,
    sources: &Sources,
    book: &Book,
    config: &Config,
    baseline: Option<&Baseline>,
    options: &Options,
) -> Report {
    let ladder = Ladder::new(&read.estate);
    let mut findings = Folded::among(&read.estate);
    let mut baselined = Folded::among(&read.estate);
    let mut suppressed: BTreeMap<usize, Folded> = BTreeMap::new();
    let rules = Rules { book, config, baseline };
    let open =
        judge(&read.problems, &ladder, sources, rules, Telling::Joined, |finding, disposition| match disposition {
            Disposition::Reported => findings.take(finding),
            Disposition::Baselined => baselined.take(finding),
            Disposition::Suppressed(by) => {
                suppressed.entry(by).or_insert_with(|| Folded::among(&read.estate)).take(finding);
            }
        });
    let suppressed = suppressed.into_iter().map(|(by, folded)| (folded, config.suppressions[by].clone())).collect();
    let pairs = ladder.pair_count();
    let outcomes = options.with_outcomes.then(|| report::outcomes::outcomes(&ladder));
    let servers = read.estate.servers.len();
    drop(ladder);
    let inputs = mem::take(&mut read.inputs);
    Parts { findings, suppressed, baselined, open, inputs, servers, pairs, outcomes }.report(
        sources,
        Some(book),
        options,
    )
}

/// By what findings are made and judged.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'r> {
    /// The rules.
    pub book: &'r Book,
    /// The configuration.
    pub config: &'r Config,
    /// What was there before and is not to fail the run.
    pub baseline: Option<&'r Baseline>,
}

/// How findings of pairs are handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling<'t> {
    /// Each pair by itself.
    Single,
    /// Sources that fare alike on a target together, where nothing tells them apart.
    Joined,
    /// The same, but for these rules each pair by itself.
    Apart(&'t BTreeSet<&'t str>),
}

/// Asks the rules, and hands over every finding with what becomes of it; gives what could not be asked.
pub fn judge(
    problems: &[(Problem, Option<String>, bool)],
    ladder: &Ladder<'_>,
    sources: &Sources,
    rules: Rules<'_>,
    telling: Telling<'_>,
    mut take: impl FnMut(Finding, Disposition),
) -> Vec<Open> {
    let Rules { book, config, baseline } = rules;
    let mut policy = Policy::new(config, baseline, ladder.estate);
    let uniform: BTreeSet<&str> =
        book.rules().map(|rule| rule.id.as_str()).filter(|rule| policy.is_uniform(rule)).collect();
    let is_joined = |rule: &Rule| match telling {
        Telling::Single => false,
        Telling::Joined => uniform.contains(rule.id.as_str()),
        Telling::Apart(rules) => uniform.contains(rule.id.as_str()) && !rules.contains(rule.id.as_str()),
    };
    let mut tell = |finding: Finding| {
        let Some(finding) = policy.grade(finding) else { return };
        let disposition = policy.disposition(&finding);
        take(finding, disposition);
    };
    for (problem, server, of_registry) in problems {
        let path = sources.get(problem.span.source).path();
        let cause = if server.is_some() { problem.message.clone() } else { format!("{path}|{}", problem.message) };
        let servers: Vec<String> = server.iter().cloned().collect();
        let (sources, targets) = if *of_registry { (servers, Vec::new()) } else { (Vec::new(), servers) };
        tell(Finding { sources, targets, cause, ..finding(problem.clone()) });
    }
    let checked = check::check(book, ladder, |rule| config.asks(&rule.id), is_joined, &mut tell);
    let open = report::open::open(checked.open, ladder);
    let could_not_be_asked = open.iter().filter_map(|it| it.rule.as_deref()).collect();
    for Remark { problem, label, related } in policy.remarks(&could_not_be_asked) {
        let remark = Finding { related, ..finding(problem) };
        let primary = Label::new(remark.primary.span, label);
        let severity = config.severity(&remark.rule, remark.severity).unwrap_or(remark.severity);
        take(Finding { severity, primary, ..remark }, Disposition::Reported);
    }
    open
}

/// The report of a run that is not to be trusted: what is wrong with its rules, configuration or estate file.
pub fn rejected(problems: Vec<Problem>, sources: &Sources, options: &Options) -> Report {
    let mut findings = Folded::default();
    problems.into_iter().map(finding).for_each(|finding| findings.take(finding));
    Parts {
        findings,
        suppressed: Vec::new(),
        baselined: Folded::default(),
        open: Vec::new(),
        inputs: Vec::new(),
        servers: 0,
        pairs: 0,
        outcomes: None,
    }
    .report(sources, None, options)
}

/// A problem of an input as a finding.
fn finding(problem: Problem) -> Finding {
    let row = problem.kind.row();
    Finding {
        rule: row.id.to_owned(),
        name: row.name.to_owned(),
        severity: row.severity,
        confidence: Confidence::High,
        event: None,
        message: Template::plain(problem.message.clone()),
        sources: Vec::new(),
        targets: Vec::new(),
        primary: Label::new(problem.span, ""),
        related: problem.related,
        more_places: Vec::new(),
        more_sources: Vec::new(),
        help: Some(Template::plain(row.help)),
        near_miss: false,
        assumes: Vec::new(),
        references: Vec::new(),
        object: String::new(),
        cause: problem.message,
        parts: Vec::new(),
    }
}

fn line(input: &Input, index: usize, owners: &Owners, sources: &Sources) -> InputLine {
    let source = sources.get(input.source);
    let owner = owners.of[index].as_ref().and_then(|key| owners.servers.get(key));
    InputLine {
        path: source.path().to_owned(),
        format: input.format,
        server: owner.filter(|_| input.status != Status::Ignored).map(|known| known.name.clone()),
        encoding: source.encoding().name(),
        status: input.status.word(),
        reason: input.reason.clone(),
        is_outside: false,
    }
}

fn line_of(source: &Source, format: &'static str, status: Status, reason: Option<String>) -> InputLine {
    let is_outside = source.is_outside();
    InputLine { encoding: source.encoding().name(), is_outside, ..plain_line(source.path(), format, status, reason) }
}

fn plain_line(path: &str, format: &'static str, status: Status, reason: Option<String>) -> InputLine {
    InputLine {
        path: path.to_owned(),
        format,
        server: None,
        encoding: "utf-8",
        status: status.word(),
        reason,
        is_outside: false,
    }
}
