//! Policy: what the configuration makes of each finding of an estate, and which of its entries did nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
use crate::config::baseline::{Baseline, Met};
use crate::config::entry::Suppression;
use crate::config::reach::{Reach, Reached};
use crate::finding::{Finding, Label};
use crate::model::estate::Estate;
use crate::read::problem::{Problem, ProblemKind};
use crate::text::span::Span;

/// What becomes of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// It is reported.
    Reported,
    /// It was there before and is held back by the baseline.
    Baselined,
    /// It is set aside by the suppression with this index.
    Suppressed(usize),
}

/// A configuration over an estate. It is asked about every finding, of every pair, before findings are folded.
#[derive(Debug)]
pub struct Policy<'c> {
    config: &'c Config,
    estate: &'c Estate,
    servers: BTreeMap<&'c str, usize>,
    overrides: Entries<'c>,
    suppressions: Entries<'c>,
    baseline: Option<Met<'c>>,
}

/// The entries of one kind. They are found by rule and by server, so that a finding is held against few of them.
#[derive(Debug, Default)]
struct Entries<'c> {
    reaches: Vec<(&'c Reach, Reached)>,
    by_rule: BTreeMap<&'c str, Index>,
    /// The rules that have an entry and found something.
    found: BTreeSet<&'c str>,
    /// The entries that met a finding.
    used: BTreeSet<usize>,
}

/// The entries about one rule, by the servers of which one takes part in what they are about.
#[derive(Debug, Default)]
struct Index {
    anywhere: Vec<usize>,
    by_server: BTreeMap<usize, Vec<usize>>,
}

/// Something to be said of the configuration itself, and the places that go with it.
#[derive(Debug)]
pub struct Remark {
    /// What is wrong, and where.
    pub problem: Problem,
    /// What the place has to do with it.
    pub label: &'static str,
    /// The other places.
    pub related: Vec<Label>,
}

impl<'c> Policy<'c> {
    /// The policy of a configuration and a baseline for an estate.
    pub fn new(config: &'c Config, baseline: Option<&'c Baseline>, estate: &'c Estate) -> Policy<'c> {
        let mut overrides = Entries::default();
        for it in &config.overrides {
            overrides.add(it.rules.keys(), &it.reach, estate);
        }
        let mut suppressions = Entries::default();
        for it in &config.suppressions {
            suppressions.add(&it.rules, &it.reach, estate);
        }
        let servers = estate.servers.iter().enumerate().map(|(index, it)| (it.name.as_str(), index)).collect();
        Policy { config, estate, servers, overrides, suppressions, baseline: baseline.map(Met::new) }
    }

    /// Whether all findings of a rule are judged alike, whichever servers they are about.
    pub fn is_uniform(&self, rule: &str) -> bool {
        self.baseline.is_none()
            && [&self.overrides, &self.suppressions].iter().all(|entries| !entries.by_rule.contains_key(rule))
    }

    /// The finding with the severity that it has here; `None` if its rule is not asked. Of the overrides that meet it,
    /// the one holds that chooses the rule most precisely, then the one with the most precise place, then the last.
    pub fn grade(&mut self, finding: Finding) -> Option<Finding> {
        let severity = self.config.severity(&finding.rule, finding.severity)?;
        let precision = |number: &usize| {
            let entry = &self.config.overrides[*number];
            (entry.rules.get(&finding.rule), entry.reach.precision(), *number)
        };
        let best = self.overrides.meeting(&finding, &self.servers).into_iter().max_by_key(precision);
        let severity = best.map_or(severity, |number| self.config.overrides[number].severity);
        Some(Finding { severity, ..finding })
    }

    /// What becomes of a finding, after its severity is known. Where several suppressions meet it, the first holds; what
    /// is suppressed counts as met by the baseline all the same, since it is not gone.
    pub fn disposition(&mut self, finding: &Finding) -> Disposition {
        let is_known = self.baseline.as_mut().is_some_and(|baseline| baseline.holds(finding));
        let meeting = self.suppressions.meeting(finding, &self.servers).into_iter();
        let holding = meeting.filter(|number| !self.config.suppressions[*number].is_over).min();
        match holding {
            Some(number) => Disposition::Suppressed(number),
            None if is_known => Disposition::Baselined,
            None => Disposition::Reported,
        }
    }

    /// What is to be said of entries that did nothing or are over, after all findings were seen; `open` are the rules
    /// that could not be asked everywhere.
    pub fn remarks(self, open: &BTreeSet<&str>) -> Vec<Remark> {
        let mut remarks = Vec::new();
        for (number, suppression) in self.config.suppressions.iter().enumerate() {
            let is_met = self.suppressions.used.contains(&number);
            if suppression.is_over {
                remarks.extend(over(suppression, is_met));
            } else if !is_met && suppression.rules.iter().any(|rule| self.config.asks(rule)) {
                remarks.push(self.unused(suppression, open));
            }
        }
        for (number, it) in self.config.overrides.iter().enumerate() {
            if !self.overrides.used.contains(&number) && it.rules.keys().any(|rule| self.config.asks(rule)) {
                let related = self.strangers(&it.reach);
                let why = related.first().map_or(String::new(), |label| format!(": {}", label.message));
                let message = format!("this override changes no finding{why}");
                let problem = Problem::new(ProblemKind::UnusedOverride, it.place, message);
                remarks.push(Remark { problem, label: "no finding of this here", related });
            }
        }
        let unmet = self.baseline.map(|it| it.unmet(|rule| self.config.asks(rule), open)).unwrap_or_default();
        remarks.extend(unmet.into_iter().map(|problem| {
            let related = problem.related.clone();
            Remark { problem, label: "no finding of this here", related }
        }));
        remarks
    }

    fn unused(&self, suppression: &Suppression, open: &BTreeSet<&str>) -> Remark {
        let rules = suppression.rules.join(", ");
        let has_found = suppression.rules.iter().any(|rule| self.suppressions.found.contains(rule.as_str()));
        let what = if has_found {
            format!("no finding of {rules} is where it says")
        } else {
            format!("{rules} found nothing here")
        };
        let is_open = suppression.rules.iter().any(|rule| open.contains(rule.as_str()));
        let but = if is_open { ", though not everything could be asked" } else { "" };
        let message = format!("this suppression suppresses nothing: {what}{but}");
        let mut related = self.strangers(&suppression.reach);
        related.push(Label::new(suppression.reason.span, "the reason that it gives"));
        Remark {
            problem: Problem::new(ProblemKind::UnusedSuppression, suppression.place, message),
            label: "no finding of this here",
            related,
        }
    }

    fn strangers(&self, reach: &Reach) -> Vec<Label> {
        reach.strangers(self.estate).into_iter().map(|(span, message)| Label::new(span, message)).collect()
    }
}

impl<'c> Entries<'c> {
    /// Puts an entry under its rules, and under the servers of which one must take part.
    fn add(&mut self, rules: impl IntoIterator<Item = &'c String>, reach: &'c Reach, estate: &Estate) {
        let reached = reach.over(estate);
        let number = self.reaches.len();
        for rule in rules {
            let index = self.by_rule.entry(rule).or_default();
            let Some(servers) = reached.servers() else {
                index.anywhere.push(number);
                continue;
            };
            for (server, _) in servers.iter().enumerate().filter(|(_, is_met)| **is_met) {
                index.by_server.entry(server).or_default().push(number);
            }
        }
        self.reaches.push((reach, reached));
    }

    /// The entries that a finding meets, each once; they count as used then.
    fn meeting(&mut self, finding: &Finding, servers: &BTreeMap<&str, usize>) -> Vec<usize> {
        let Some((rule, index)) = self.by_rule.get_key_value(finding.rule.as_str()) else { return Vec::new() };
        let indexes = |names: &[String]| -> Vec<usize> {
            names.iter().filter_map(|name| servers.get(name.as_str()).copied()).collect()
        };
        let (sources, targets) = (indexes(&finding.sources), indexes(&finding.targets));
        let near = sources.iter().chain(&targets).filter_map(|server| index.by_server.get(server)).flatten();
        let mut numbers: Vec<usize> = index.anywhere.iter().chain(near).copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.retain(|number| {
            let (reach, reached) = &self.reaches[*number];
            reached.meets(&sources, &targets) && reach.holds_vdir(finding)
        });
        self.found.insert(rule);
        self.used.extend(&numbers);
        numbers
    }
}

fn over(suppression: &Suppression, is_met: bool) -> Option<Remark> {
    let (last, span): (_, Span) = suppression.until?;
    let rules = suppression.rules.join(", ");
    let now = if is_met { "what it held back is reported" } else { "it is needed no longer" };
    Some(Remark {
        problem: Problem::new(
            ProblemKind::ExpiredSuppression,
            span,
            format!("this suppression of {rules} ended with {last}: {now}"),
        ),
        label: "this was its last day",
        related: vec![
            Label::new(suppression.place, "what it suppressed"),
            Label::new(suppression.reason.span, "the reason that it gives"),
        ],
    })
}
