//! Reports: what a run says, sorted, folded, counted and located, ready to be written in any format.

pub(crate) mod bound;
pub mod diff;
pub mod explain;
pub mod facts;
pub mod fold;
pub mod notes;
pub mod open;
pub mod outcomes;
pub mod paths;
pub mod suppressed;
pub mod trials;
pub mod verdict;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::config::entry::Suppression;
use crate::finding::{Confidence, Label, Severity};
use crate::rule::book::Book;
use crate::text::secret;
use crate::text::source::{Place, Sources};
use crate::text::span::Span;

/// What `check` says.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The version of this document's form.
    pub schema: &'static str,
    /// What wrote it.
    pub tool: Tool,
    /// The verdict, before any flag softens it.
    pub verdict: verdict::Verdict,
    /// What the process returns.
    pub exit_code: u8,
    /// The counts.
    pub summary: Summary,
    /// What failed the run, and what was allowed.
    pub thresholds: Options,
    /// The findings by place.
    pub findings: Vec<Reported>,
    /// The findings that were suppressed, if they are to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suppressed: Option<Vec<suppressed::Suppressed>>,
    /// The findings that the baseline holds back, if they are to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baselined: Option<Vec<Reported>>,
    /// What could not be checked.
    pub open: Vec<open::Open>,
    /// Every file that was visited.
    pub inputs: Vec<InputLine>,
    /// The rules that there are findings of, by id.
    #[serde(skip)]
    pub rules: Vec<notes::RuleNote>,
    /// What becomes of every pair, where a format draws it.
    #[serde(skip)]
    pub outcomes: Option<outcomes::Outcomes>,
}

/// Name and version of this program.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Tool {
    /// `owalint`.
    pub name: &'static str,
    /// The version.
    pub version: &'static str,
}

/// This program.
pub const TOOL: Tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };

/// The counts of a report.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Summary {
    /// How many servers are known.
    pub servers: usize,
    /// How many pairs of a source server and a target virtual directory there are.
    pub pairs: usize,
    /// How many files there are by status.
    pub files: FileCounts,
    /// How many findings there are by severity.
    pub findings: FindingCounts,
    /// How many findings were suppressed.
    pub suppressed: usize,
    /// How many findings the baseline holds.
    pub baselined: usize,
    /// How many questions were left open.
    pub open: usize,
}

/// Files by status.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct FileCounts {
    /// Read whole.
    pub read: usize,
    /// Read with problems inside.
    pub partly_read: usize,
    /// Recognised and not usable.
    pub refused: usize,
    /// Nothing of ours in them.
    pub ignored: usize,
}

/// Findings by severity.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct FindingCounts {
    /// Errors.
    pub error: usize,
    /// Warnings.
    pub warning: usize,
    /// Notes.
    pub info: usize,
}

/// A finding with its texts filled in and its places worked out.
#[derive(Debug, Clone, Serialize)]
pub struct Reported {
    /// The id of the rule.
    pub rule: String,
    /// The name of the rule.
    pub name: String,
    /// How grave it is.
    pub severity: Severity,
    /// How well founded it is.
    pub confidence: Confidence,
    /// The event that it predicts.
    pub event: Option<u16>,
    /// The headline.
    pub message: String,
    /// The sources, sorted; the first hundred.
    pub sources: Vec<String>,
    /// The targets, sorted; the first hundred.
    pub targets: Vec<String>,
    /// How many sources there are.
    pub sources_total: usize,
    /// Where it hurts.
    pub primary: Location,
    /// The other places.
    pub related: Vec<Location>,
    /// What to do.
    pub help: Option<String>,
    /// The sources for which this is all that the snapshot shows to stop a request; the first hundred.
    pub near_miss: Vec<String>,
    /// How many of those there are.
    pub near_miss_total: usize,
    /// What was taken for granted.
    pub assumes: Vec<String>,
    /// Where the facts come from.
    pub references: Vec<String>,
    /// How many related places there are; the first hundred are listed.
    pub related_total: usize,
    /// The same for the same fault on the same servers, wherever its text moves.
    pub fingerprint: String,
}

impl Reported {
    /// The order of findings in every format: by primary path, place and rule, then by servers and by how sure they are.
    fn order(&self) -> (&str, Point, Point, &str, &[String], &[String], Severity, Confidence) {
        let at = &self.primary;
        (&at.path, at.start, at.end, &self.rule, &self.sources, &self.targets, self.severity, self.confidence)
    }
}

/// A place in a file, with its text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Location {
    /// The file.
    pub path: String,
    /// The first character.
    pub start: Point,
    /// Behind the last character.
    pub end: Point,
    /// Exactly the characters between the two.
    pub text: String,
    /// What the place has to do with the finding.
    pub label: String,
    /// The span that this was made from.
    #[serde(skip)]
    pub span: Span,
    /// Whether the file is no part of the snapshot.
    #[serde(skip)]
    pub is_outside: bool,
}

/// A line and a column, as reports write them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Point {
    /// The line, from 1.
    pub line: u32,
    /// The column in Unicode scalar values, from 1.
    pub column: u32,
}

impl From<Place> for Point {
    fn from(place: Place) -> Point {
        Point { line: place.line, column: place.column }
    }
}

impl Location {
    /// The place of a span. One that holds a secret is cut to its start, so that the text is true and shows nothing.
    pub fn new(sources: &Sources, span: Span, label: impl Into<String>) -> Location {
        let span = if holds_secret(sources, span) { Span { end: span.start, ..span } } else { span };
        let source = sources.get(span.source);
        Location {
            path: source.path().to_owned(),
            start: source.place(span.start).into(),
            end: source.place(span.end).into(),
            text: sources.text(span).to_owned(),
            label: label.into(),
            span,
            is_outside: source.is_outside(),
        }
    }

    /// The path for a reader that begins at another folder; `prefix` leads from there to the snapshot's root.
    pub fn path_below(&self, prefix: &str) -> String {
        path_below(prefix, &self.path, self.is_outside)
    }

    /// The place of a label.
    pub fn of(sources: &Sources, label: &Label) -> Location {
        Location::new(sources, label.span, label.message.clone())
    }
}

fn path_below(prefix: &str, path: &str, is_outside: bool) -> String {
    if is_outside { path.to_owned() } else { format!("{prefix}{path}") }
}

/// Whether a span shows a part of a secret; its whole lines are looked at, since a name may stand before the value.
fn holds_secret(sources: &Sources, span: Span) -> bool {
    let source = sources.get(span.source);
    let (first, last) = (source.line_index(span.start), source.line_index(span.end));
    let shows = |it: &std::ops::Range<usize>| it.start < span.range().end && span.range().start < it.end;
    if first == last {
        return source.secrets(first).iter().any(shows);
    }
    let start = source.line_range(first).start;
    let lines = source.slice(start..source.line_range(last).end.max(span.range().end));
    secret::ranges(lines).iter().any(|it| start + it.start < span.range().end && span.range().start < start + it.end)
}

/// One visited file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct InputLine {
    /// The path relative to the snapshot's root.
    pub path: String,
    /// What the file is.
    pub format: &'static str,
    /// The server that it belongs to, if it belongs to one.
    pub server: Option<String>,
    /// How it was decoded.
    pub encoding: &'static str,
    /// How much of it was used.
    pub status: &'static str,
    /// Why it was not used, or not wholly.
    pub reason: Option<String>,
    /// Whether it is no part of the snapshot.
    #[serde(skip)]
    pub is_outside: bool,
}

impl InputLine {
    /// The path for a reader that begins at another folder; `prefix` leads from there to the snapshot's root.
    pub fn path_below(&self, prefix: &str) -> String {
        path_below(prefix, &self.path, self.is_outside)
    }
}

/// What a report is made of.
#[derive(Debug)]
pub struct Parts {
    /// The findings.
    pub findings: fold::Folded,
    /// What was suppressed, and the suppression that did it.
    pub suppressed: Vec<(fold::Folded, Suppression)>,
    /// What the baseline holds back.
    pub baselined: fold::Folded,
    /// What could not be checked.
    pub open: Vec<open::Open>,
    /// The files.
    pub inputs: Vec<InputLine>,
    /// How many servers are known.
    pub servers: usize,
    /// How many pairs there are.
    pub pairs: usize,
    /// What becomes of every pair, if it was asked for.
    pub outcomes: Option<outcomes::Outcomes>,
}

/// What softens or widens a report.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Options {
    /// The severity from which a finding fails the run.
    pub fail_on: Severity,
    /// The confidence from which such a finding fails the run.
    pub fail_confidence: Confidence,
    /// How many warnings do not fail the run; `None` if none ever does by number.
    pub max_warnings: Option<usize>,
    /// Whether open questions do not fail the run.
    pub allow_incomplete: bool,
    /// Whether neither findings nor open questions fail the run.
    pub exit_zero: bool,
    /// Whether suppressed findings are shown.
    #[serde(skip)]
    pub show_suppressed: bool,
    /// Whether baselined findings are shown.
    #[serde(skip)]
    pub show_baselined: bool,
    /// Whether a format draws what becomes of every pair.
    #[serde(skip)]
    pub with_outcomes: bool,
}

impl Default for Options {
    /// Errors fail the run, and so does what could not be checked.
    fn default() -> Options {
        Options {
            fail_on: Severity::Error,
            fail_confidence: Confidence::Low,
            max_warnings: None,
            allow_incomplete: false,
            exit_zero: false,
            show_suppressed: false,
            show_baselined: false,
            with_outcomes: false,
        }
    }
}

impl Parts {
    /// Puts a report together: folds, sorts, counts and judges.
    pub fn report(self, sources: &Sources, book: Option<&Book>, options: &Options) -> Report {
        let parts = self;
        bound::hold(&parts, sources, options);
        let all = sorted(parts.findings, sources);
        let mut inputs = parts.inputs;
        inputs.sort();
        let mut open = parts.open;
        open.sort();
        let suppressed_count = parts.suppressed.iter().map(|(findings, _)| findings.count()).sum();
        let suppressed = options.show_suppressed.then(|| suppressed::listed(parts.suppressed, sources));
        let baselined_count = parts.baselined.count();
        let baselined = options.show_baselined.then(|| bound::listed(sorted(parts.baselined, sources)));
        // What is not listed counts all the same.
        let counts = FindingCounts::of(&all);
        let verdict = verdict::Verdict::of(&all, &open, &inputs, options);
        let findings = bound::listed(all);
        let aside = suppressed.iter().flatten().map(|it| &it.finding).chain(baselined.iter().flatten());
        let shown = findings.iter().chain(aside);
        let ids: BTreeSet<&str> = shown.map(|finding| finding.rule.as_str()).collect();
        let rules = ids.into_iter().filter_map(|id| notes::RuleNote::of(id, book)).collect();
        let summary = Summary {
            servers: parts.servers,
            pairs: parts.pairs,
            files: count_files(&inputs),
            findings: counts,
            suppressed: suppressed_count,
            baselined: baselined_count,
            open: open.len(),
        };
        Report {
            schema: "owalint.report/1",
            tool: TOOL,
            verdict,
            exit_code: verdict.exit_code(options),
            summary,
            thresholds: *options,
            findings,
            suppressed,
            baselined,
            open,
            inputs,
            rules,
            outcomes: parts.outcomes,
        }
    }
}

/// Findings in the order of every format.
pub fn sorted(folded: fold::Folded, sources: &Sources) -> Vec<Reported> {
    let mut findings = folded.reported(sources);
    findings.sort_by(|one, other| one.order().cmp(&other.order()));
    findings
}

fn count_files(inputs: &[InputLine]) -> FileCounts {
    let count = |status: &str| inputs.iter().filter(|input| input.status == status).count();
    FileCounts {
        read: count("read"),
        partly_read: count("partly-read"),
        refused: count("refused"),
        ignored: count("ignored"),
    }
}
