//! Policy: what the configuration makes of each finding of an estate, and which of its entries did nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
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
    /// It is set aside by the suppression with this index.
    Suppressed(usize),
}

/// A configuration over an estate. It is asked about every finding, of every pair, before findings are folded.
#[derive(Debug)]
pub struct Policy<'c> {
    config: &'c Config,
    estate: &'c Estate,
    servers: BTreeMap<&'c str, usize>,
    overrides: Vec<Reached>,
    overrides_of: BTreeMap<&'c str, Index>,
    overrides_used: BTreeSet<usize>,
    suppressions: Vec<Reached>,
    suppressions_of: BTreeMap<&'c str, Index>,
    /// The suppressions that a finding met, whether or not their time is over.
    suppressions_met: BTreeSet<usize>,
    /// The rules that suppressions name and that found something.
    found: BTreeSet<&'c str>,
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

/// The servers of a finding, by index.
struct Servers {
    sources: Vec<usize>,
    targets: Vec<usize>,
}

impl<'c> Policy<'c> {
    /// The policy of a configuration for an estate.
    pub fn new(config: &'c Config, estate: &'c Estate) -> Policy<'c> {
        let overrides: Vec<Reached> = config.overrides.iter().map(|it| it.reach.over(estate)).collect();
        let suppressions: Vec<Reached> = config.suppressions.iter().map(|it| it.reach.over(estate)).collect();
        let mut overrides_of = BTreeMap::new();
        for (number, it) in config.overrides.iter().enumerate() {
            it.rules.keys().for_each(|rule| enter(&mut overrides_of, rule, number, &overrides[number]));
        }
        let mut suppressions_of = BTreeMap::new();
        for (number, it) in config.suppressions.iter().enumerate() {
            it.rules.iter().for_each(|rule| enter(&mut suppressions_of, rule, number, &suppressions[number]));
        }
        Policy {
            config,
            estate,
            servers: estate.servers.iter().enumerate().map(|(index, it)| (it.name.as_str(), index)).collect(),
            overrides,
            overrides_of,
            overrides_used: BTreeSet::new(),
            suppressions,
            suppressions_of,
            suppressions_met: BTreeSet::new(),
            found: BTreeSet::new(),
        }
    }

    /// The finding with the severity that it has here; `None` if its rule is not asked. Of the overrides that meet it,
    /// the one holds that chooses the rule most precisely, then the one with the most precise place, then the last.
    pub fn grade(&mut self, finding: Finding) -> Option<Finding> {
        let severity = self.config.severity(&finding.rule, finding.severity)?;
        let Some(index) = self.overrides_of.get(finding.rule.as_str()) else {
            return Some(Finding { severity, ..finding });
        };
        let met = |number: &usize| (&self.config.overrides[*number].reach, &self.overrides[*number]);
        let servers = self.servers_of(&finding);
        let meeting = index.near(&servers).filter(|number| meets(met(number), &finding, &servers));
        let numbers: Vec<usize> = meeting.collect();
        self.overrides_used.extend(&numbers);
        let precision = |number: &usize| {
            let entry = &self.config.overrides[*number];
            (entry.rules.get(&finding.rule), entry.reach.precision(), *number)
        };
        let best = numbers.into_iter().max_by_key(precision);
        let severity = best.map_or(severity, |number| self.config.overrides[number].severity);
        Some(Finding { severity, ..finding })
    }

    /// What becomes of a finding, after its severity is known. Where several suppressions meet it, the first holds.
    pub fn disposition(&mut self, finding: &Finding) -> Disposition {
        let Some((rule, index)) = self.suppressions_of.get_key_value(finding.rule.as_str()) else {
            return Disposition::Reported;
        };
        let met = |number: &usize| (&self.config.suppressions[*number].reach, &self.suppressions[*number]);
        let servers = self.servers_of(finding);
        let meeting = index.near(&servers).filter(|number| meets(met(number), finding, &servers));
        let numbers: Vec<usize> = meeting.collect();
        self.suppressions_met.extend(&numbers);
        self.found.insert(rule);
        let holding = numbers.into_iter().filter(|number| !self.config.suppressions[*number].is_over);
        holding.min().map_or(Disposition::Reported, Disposition::Suppressed)
    }

    /// What is to be said of entries that did nothing or are over, after all findings were seen; `open` are the rules
    /// that could not be asked everywhere.
    pub fn remarks(self, open: &BTreeSet<&str>) -> Vec<Remark> {
        let mut remarks = Vec::new();
        for (number, suppression) in self.config.suppressions.iter().enumerate() {
            let is_met = self.suppressions_met.contains(&number);
            if suppression.is_over {
                remarks.extend(over(suppression, is_met));
            } else if !is_met && suppression.rules.iter().any(|rule| self.config.asks(rule)) {
                remarks.push(self.unused(suppression, open));
            }
        }
        for (number, it) in self.config.overrides.iter().enumerate() {
            if !self.overrides_used.contains(&number) && it.rules.keys().any(|rule| self.config.asks(rule)) {
                let message = "this override changes no finding";
                remarks.push(Remark {
                    problem: Problem::new(ProblemKind::UnusedOverride, it.place, message),
                    label: "no finding of this here",
                    related: self.strangers(&it.reach),
                });
            }
        }
        remarks
    }

    fn unused(&self, suppression: &Suppression, open: &BTreeSet<&str>) -> Remark {
        let rules = suppression.rules.join(", ");
        let has_found = suppression.rules.iter().any(|rule| self.found.contains(rule.as_str()));
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

    fn servers_of(&self, finding: &Finding) -> Servers {
        let indexes = |names: &[String]| names.iter().filter_map(|it| self.servers.get(it.as_str()).copied()).collect();
        Servers { sources: indexes(&finding.sources), targets: indexes(&finding.targets) }
    }
}

impl Index {
    /// The entries that may be about a finding with these servers, each once.
    fn near<'i>(&'i self, servers: &Servers) -> impl Iterator<Item = usize> + use<'i> {
        let mut lists = vec![&self.anywhere];
        let indexes: BTreeSet<usize> = servers.sources.iter().chain(&servers.targets).copied().collect();
        lists.extend(indexes.iter().filter_map(|it| self.by_server.get(it)));
        let numbers: BTreeSet<usize> = lists.into_iter().flatten().copied().collect();
        numbers.into_iter()
    }
}

/// Puts an entry under a rule, and under the servers of which one must take part.
fn enter<'c>(index: &mut BTreeMap<&'c str, Index>, rule: &'c str, number: usize, reached: &Reached) {
    let of_rule = index.entry(rule).or_default();
    match reached.servers() {
        None => of_rule.anywhere.push(number),
        Some(set) => {
            for (server, _) in set.iter().enumerate().filter(|(_, is_met)| **is_met) {
                of_rule.by_server.entry(server).or_default().push(number);
            }
        }
    }
}

fn meets((reach, reached): (&Reach, &Reached), finding: &Finding, servers: &Servers) -> bool {
    reached.meets(&servers.sources, &servers.targets) && reach.holds_vdir(finding)
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
