//! Trials: what became of the cases of rules.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::report::{Location, Reported};

/// What `rules test` says.
#[derive(Debug, Serialize)]
pub struct Trials {
    /// The version of this document's form.
    pub schema: &'static str,
    /// Whether every rule does what its cases say, and every rule has a case that fires and one that holds.
    pub passed: bool,
    /// The counts.
    pub summary: TrialCounts,
    /// The cases by rule and name.
    pub cases: Vec<Trial>,
    /// Rules without a case that fires, or without one that holds: the id, and which.
    pub untested: Vec<Untested>,
}

/// Cases by verdict.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct TrialCounts {
    /// Rules that have cases.
    pub rules: usize,
    /// Cases that fire as they should.
    pub reported: usize,
    /// Cases in which the rule holds its peace as it should.
    pub silent: usize,
    /// Cases in which the rule leaves something open as it should.
    pub open: usize,
    /// Cases in which a finding, or an open question, is missing.
    pub missing: usize,
    /// Cases in which the rule fires and should not.
    pub noisy: usize,
    /// Cases in which the rule says something else than it should.
    pub wrong: usize,
    /// Rules that lack a case.
    pub untested: usize,
}

/// What became of one case.
#[derive(Debug, Clone, Serialize)]
pub struct Trial {
    /// The id of its rule.
    pub rule: String,
    /// Its name.
    pub case: String,
    /// What it shows.
    pub says: String,
    /// What its name promises: `fires`, `holds` or `open`.
    pub wanted: &'static str,
    /// Whether it does.
    pub verdict: Verdict,
    /// What is not as it should be.
    pub why: Vec<String>,
    /// What the rule found.
    pub found: Vec<Found>,
    /// The whole report, for storing it.
    #[serde(skip)]
    pub report: Option<String>,
}

/// What a rule found in a case.
#[derive(Debug, Clone, Serialize)]
pub struct Found {
    /// The headline.
    pub message: String,
    /// The names of all servers that it is about.
    pub servers: Vec<String>,
    /// Its place.
    pub primary: Location,
}

/// A rule that lacks cases.
#[derive(Debug, Clone, Serialize)]
pub struct Untested {
    /// The id.
    pub rule: String,
    /// The kinds of cases that it lacks.
    pub lacks: Vec<&'static str>,
}

/// What became of a case, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It fires, as it should.
    Reported,
    /// It neither fires nor leaves anything open, as it should.
    Silent,
    /// It leaves something open, as it should.
    Open,
    /// A finding, or an open question, is missing.
    Missing,
    /// It fires and should not.
    Noisy,
    /// It says something else than it should.
    Wrong,
}

impl Verdict {
    /// Whether this is as it should be.
    pub fn passes(self) -> bool {
        matches!(self, Verdict::Reported | Verdict::Silent | Verdict::Open)
    }

    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Reported => "reported",
            Verdict::Silent => "silent",
            Verdict::Open => "open",
            Verdict::Missing => "missing",
            Verdict::Noisy => "noisy",
            Verdict::Wrong => "wrong",
        }
    }
}

impl Trials {
    /// The trials of some cases; `rules` are the ids of those that ought to have cases.
    pub fn new<'r>(rules: impl Iterator<Item = &'r str>, cases: Vec<Trial>) -> Trials {
        let untested: Vec<Untested> = rules.filter_map(|rule| lacking(rule, &cases)).collect();
        let count = |verdict: Verdict| cases.iter().filter(|it| it.verdict == verdict).count();
        let summary = TrialCounts {
            rules: cases.iter().map(|it| &it.rule).collect::<BTreeSet<_>>().len(),
            reported: count(Verdict::Reported),
            silent: count(Verdict::Silent),
            open: count(Verdict::Open),
            missing: count(Verdict::Missing),
            noisy: count(Verdict::Noisy),
            wrong: count(Verdict::Wrong),
            untested: untested.len(),
        };
        let passed = untested.is_empty() && cases.iter().all(|it| it.verdict.passes());
        Trials { schema: "owalint.rule-tests/1", passed, summary, cases, untested }
    }
}

impl Found {
    /// What a finding says of itself here.
    pub fn of(finding: &Reported) -> Found {
        let servers: BTreeSet<&String> = finding.sources.iter().chain(&finding.targets).collect();
        Found {
            message: finding.message.clone(),
            servers: servers.into_iter().cloned().collect(),
            primary: finding.primary.clone(),
        }
    }
}

fn lacking(rule: &str, cases: &[Trial]) -> Option<Untested> {
    let has = |kind: &str| cases.iter().any(|it| it.rule == rule && it.wanted == kind);
    let lacks: Vec<&'static str> = ["fires", "holds"].into_iter().filter(|kind| !has(kind)).collect();
    (!lacks.is_empty()).then(|| Untested { rule: rule.to_owned(), lacks })
}
