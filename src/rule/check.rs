//! Rules over an estate: what they find, and what they could not be asked.

mod known;
mod pairs;

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Confidence, Finding, Label, Severity, spoken};
use crate::model::ad_site::{self, Aspect};
use crate::model::answer::Missing;
use crate::model::ladder::Ladder;
use crate::rule::ask::{Scope, Subject};
use crate::rule::book::Book;
use crate::rule::check::known::Known;
use crate::rule::checks::Hit;
use crate::rule::condition::{Condition, Holds};
use crate::rule::gaps;
use crate::rule::load::Rule;
use crate::rule::value::Value;
use crate::text::secret::masked;

/// What could not be asked: by rule and reason, the servers that it is about and what would settle it.
pub type Unasked = BTreeMap<(String, String), (BTreeSet<String>, String)>;

/// Asks every rule that is `asked` of everything in its scope, and hands over one finding for each pair, virtual
/// directory or server; gives what could not be asked.
pub fn check(
    book: &Book,
    ladder: &Ladder<'_>,
    asked: impl Fn(&Rule) -> bool,
    mut tell: impl FnMut(Finding),
) -> Unasked {
    let mut open = Unasked::new();
    let mut refined: BTreeMap<&str, BTreeSet<Subject>> = BTreeMap::new();
    let mut rules: Vec<&Rule> = book.rules().filter(|rule| asked(rule)).collect();
    rules.sort_by_key(|rule| rule.refines.is_none());
    for rule in rules {
        let mut firing = BTreeSet::new();
        let replaced = refined.get(rule.id.as_str());
        Asking::new(rule, ladder).ask_all(replaced.is_some(), &mut |subject, said| match said {
            _ if replaced.is_some_and(|subjects| subjects.contains(&subject)) => {}
            Said::Finding(finding) => {
                if rule.refines.is_some() {
                    firing.insert(subject);
                }
                tell(*finding);
            }
            Said::Open(missing) => leave_open(&mut open, rule, missing),
            Said::Nothing => {}
        });
        if let Some(other) = &rule.refines {
            refined.entry(other).or_default().extend(firing);
        }
        if let Some(row) = rule.check {
            for hit in (row.check)(ladder) {
                tell(finding_of(rule, ladder, hit));
            }
        }
    }
    open
}

fn leave_open(open: &mut Unasked, rule: &Rule, missing: Vec<Missing>) {
    if !rule.tells_open() {
        return;
    }
    for it in missing {
        let (servers, _) = open.entry((rule.id.clone(), it.reason)).or_insert_with(|| (BTreeSet::new(), it.ask_for));
        servers.insert(it.server);
    }
}

/// What a rule says of a subject.
pub(super) enum Said {
    Nothing,
    Finding(Box<Finding>),
    Open(Vec<Missing>),
}

/// A rule being asked; what depends on one side of a pair is worked out once, and a side that fails a condition takes
/// all its pairs with it.
pub(super) struct Asking<'a, 'e> {
    rule: &'a Rule,
    ladder: &'a Ladder<'e>,
    when: Vec<Known<'a>>,
    any: Vec<Known<'a>>,
    unless: Vec<Known<'a>>,
}

/// What the conditions of a rule came to.
#[derive(Default)]
struct Proof {
    primary: Option<Label>,
    related: Vec<Label>,
    assumes: Vec<String>,
    open: Vec<Missing>,
    value: String,
    items: Vec<String>,
    failed: bool,
}

impl<'a, 'e> Asking<'a, 'e> {
    pub(super) fn new(rule: &'a Rule, ladder: &'a Ladder<'e>) -> Asking<'a, 'e> {
        let known = |conditions: &'a [Condition]| -> Vec<Known<'a>> {
            let asked = conditions.iter().filter(|_| rule.check.is_none());
            asked.map(|condition| Known::new(condition, ladder, rule.scope)).collect()
        };
        Asking { rule, ladder, when: known(&rule.when), any: known(&rule.any), unless: known(&rule.unless) }
    }

    /// Asks the rule of everything in its scope: of pairs only those that no earlier step has decided. With `each` an
    /// open answer is told of every pair, else of one for all that are left open by the same.
    fn ask_all(&self, each: bool, say: &mut impl FnMut(Subject, Said)) {
        let ladder = self.ladder;
        match self.rule.scope {
            _ if self.rule.check.is_some() => {}
            Scope::Server => (0..ladder.estate.servers.len()).map(Subject::Server).for_each(|it| say(it, self.ask(it))),
            Scope::Vdir => (0..ladder.targets.len()).map(Subject::Vdir).for_each(|it| say(it, self.ask(it))),
            Scope::Pair => self.ask_pairs(each, say),
            Scope::AdSite => (0..ladder.ad_sites.len()).map(Subject::AdSite).for_each(|it| say(it, self.ask(it))),
        }
    }

    /// Asks the rule of one subject.
    pub(super) fn ask(&self, subject: Subject) -> Said {
        let mut proof = Proof::default();
        for known in &self.when {
            proof.take(known.condition, &known.holds(self.ladder, subject));
            if proof.failed {
                return Said::Nothing;
            }
        }
        self.any(subject, &mut proof);
        self.unless(subject, &mut proof);
        if proof.failed {
            return Said::Nothing;
        }
        if !proof.open.is_empty() {
            return Said::Open(proof.open);
        }
        for condition in &self.rule.show {
            if let Holds::Yes(labels, ..) = condition.holds(self.ladder, subject) {
                proof.related.extend(labels);
            }
        }
        Said::Finding(Box::new(self.finding(subject, proof)))
    }

    fn any(&self, subject: Subject, proof: &mut Proof) {
        let (mut held, mut open) = (self.any.is_empty(), Vec::new());
        for known in &self.any {
            match known.holds(self.ladder, subject).as_ref() {
                Holds::Yes(labels, assumption, _) => {
                    held = true;
                    proof.related.extend(labels.iter().cloned());
                    proof.assumes.extend(assumption.clone());
                }
                Holds::No => {}
                Holds::Open(missing) => open.push(missing.clone()),
            }
        }
        match (held, open.is_empty()) {
            (true, _) => {}
            (false, true) => proof.failed = true,
            (false, false) => proof.open.extend(open),
        }
    }

    fn unless(&self, subject: Subject, proof: &mut Proof) {
        for known in &self.unless {
            match known.holds(self.ladder, subject).as_ref() {
                Holds::Yes(..) => proof.failed = true,
                Holds::No => {}
                Holds::Open(missing) => proof.open.push(missing.clone()),
            }
        }
    }

    fn finding(&self, subject: Subject, mut proof: Proof) -> Finding {
        let (rule, ladder) = (self.rule, self.ladder);
        let (mut severity, mut confidence) = (rule.severity, rule.confidence);
        if !proof.assumes.is_empty() {
            confidence = confidence.min(Confidence::Medium);
        }
        for soften in &rule.soften {
            if let Holds::Yes(labels, ..) = soften.condition.holds(ladder, subject) {
                severity = soften.severity.map_or(severity, |it: Severity| it.min(severity));
                confidence = soften.confidence.map_or(confidence, |it| it.min(confidence));
                proof.related.extend(labels);
            }
        }
        let mut values = gaps::values(ladder, subject);
        let (sources, targets) = self.servers(subject);
        if rule.scope == Scope::AdSite {
            let odd: Vec<String> = proof.items.iter().map(|it| masked(it).into_owned()).collect();
            values.push(("odd", spoken(&odd)));
        }
        if let Subject::Pair(pair) = subject {
            proof.assumes.extend(ladder.assumptions(pair, rule.step + 1));
        }
        let source = sources.first().map_or("", String::as_str);
        let with_names =
            [values.clone(), vec![("target", targets.join(", ")), ("value", masked(&proof.value).into_owned())]]
                .concat();
        let fill = |label: Label| Label {
            message: gaps::template(&label.message, &with_names, false).render(source),
            ..label
        };
        let primary =
            proof.primary.take().unwrap_or_else(|| Label::new(self.place(subject), rule.name.replace('-', " ")));
        let items = normalised(&proof);
        let cause = if items.is_empty() { proof.value.to_lowercase() } else { items.join(", ") };
        let labels = std::iter::once(primary).chain(proof.related).map(fill).collect();
        let found = finding(rule, &values, (sources, targets), labels, (self.object(subject), cause));
        let near_miss = match (subject, rule.decides) {
            (Subject::Pair(pair), Some(step)) => rule.explains.is_none() && ladder.is_only_obstacle(pair, step),
            _ => false,
        };
        let parts = if matches!(subject, Subject::AdSite(_)) { items } else { Vec::new() };
        Finding { severity, confidence, near_miss, assumes: proof.assumes, parts, ..found }
    }

    fn servers(&self, subject: Subject) -> (Vec<String>, Vec<String>) {
        let ladder = self.ladder;
        match subject {
            Subject::Pair(pair) => {
                (vec![ladder.source(pair).name.clone()], vec![ladder.target(pair).server.name.clone()])
            }
            Subject::Vdir(target) => (Vec::new(), vec![ladder.targets[target].server.name.clone()]),
            Subject::Server(index) => {
                let of_registry = self.rule.when.iter().any(|it| it.primary && it.ask.question.from_registry);
                on_one_side(vec![ladder.estate.servers[index].name.clone()], of_registry)
            }
            Subject::AdSite(index) => {
                let Some(aspect) = aspect(self.rule) else { return (Vec::new(), Vec::new()) };
                let odd = ad_site::odd_ones(ladder, &ladder.ad_sites[index], aspect);
                let names = odd.servers.iter().map(|it| ladder.estate.servers[*it].name.clone()).collect();
                on_one_side(names, aspect.is_of_registry())
            }
        }
    }

    fn object(&self, subject: Subject) -> String {
        match subject {
            Subject::Pair(pair) => self.ladder.target(pair).vdir.identity.to_lowercase(),
            Subject::Vdir(target) => self.ladder.targets[target].vdir.identity.to_lowercase(),
            Subject::Server(index) => self.ladder.estate.servers[index].name.to_lowercase(),
            Subject::AdSite(index) => self.ladder.ad_sites[index].key.clone(),
        }
    }

    /// Where a finding stands whose primary answer has no place of its own.
    fn place(&self, subject: Subject) -> crate::text::span::Span {
        match subject {
            Subject::Pair(pair) => self.ladder.target(pair).vdir.place,
            Subject::Vdir(target) => self.ladder.targets[target].vdir.place,
            Subject::Server(index) => self.ladder.estate.servers[index].place,
            Subject::AdSite(index) => self.ladder.ad_sites[index].place,
        }
    }
}

impl Proof {
    fn take(&mut self, condition: &Condition, holds: &Holds) {
        match holds {
            Holds::No => self.failed = true,
            Holds::Open(missing) => self.open.push(missing.clone()),
            Holds::Yes(labels, assumption, value) => {
                self.assumes.extend(assumption.clone());
                let mut labels = labels.iter().cloned();
                if condition.primary {
                    self.primary = labels.next();
                    self.value = value.shown();
                    if let Value::List(list) = value {
                        self.items.clone_from(&list.items);
                    }
                }
                self.related.extend(labels);
            }
        }
    }
}

/// The aspect of an AD site that a rule is about.
pub(super) fn aspect(rule: &Rule) -> Option<&'static Aspect> {
    rule.when.iter().filter(|it| it.primary).find_map(|it| ad_site::aspect(&it.ask.argument))
}

/// The list that a finding rests on, without what its exports are free in: case, and order.
fn normalised(proof: &Proof) -> Vec<String> {
    let mut items: Vec<String> = proof.items.iter().map(|it| it.to_lowercase()).collect();
    items.sort();
    items
}

/// What a function of a rule found, as a finding.
fn finding_of(rule: &Rule, ladder: &Ladder<'_>, hit: Hit) -> Finding {
    let mut values = gaps::values(ladder, Subject::Server(hit.server));
    values.extend(hit.values);
    let names = std::iter::once(&hit.server).chain(&hit.also).map(|it| ladder.estate.servers[*it].name.clone());
    let names: Vec<String> = names.collect();
    let is_group = rule.check.is_some_and(|row| row.is_group);
    let mut parts: Vec<String> = names.iter().filter(|_| is_group).map(|it| it.to_lowercase()).collect();
    parts.sort();
    let servers = on_one_side(names, hit.of_registry);
    Finding { parts, ..finding(rule, &values, servers, hit.labels, (String::new(), hit.cause)) }
}

/// Sources and targets of a finding about servers: as sources where it is about their registry.
fn on_one_side(names: Vec<String>, of_registry: bool) -> (Vec<String>, Vec<String>) {
    if of_registry { (names, Vec::new()) } else { (Vec::new(), names) }
}

/// A finding of a rule, as grave and as sure as the rule says; the first label is the primary one.
fn finding(
    rule: &Rule,
    values: &[(&'static str, String)],
    (sources, targets): (Vec<String>, Vec<String>),
    mut labels: Vec<Label>,
    (object, cause): (String, String),
) -> Finding {
    dedup(&mut labels);
    let primary = labels.remove(0);
    Finding {
        rule: rule.id.clone(),
        name: rule.name.clone(),
        severity: rule.severity,
        confidence: rule.confidence,
        event: rule.event,
        message: gaps::template(&rule.summary, values, false),
        sources,
        targets,
        primary,
        related: labels,
        help: rule.help.as_ref().map(|help| gaps::template(help, values, true)),
        near_miss: false,
        assumes: Vec::new(),
        references: rule.founded_on.iter().map(|it| it.url.clone()).collect(),
        object,
        cause,
        parts: Vec::new(),
    }
}

/// Drops labels whose place an earlier one has.
fn dedup(labels: &mut Vec<Label>) {
    let mut seen = BTreeSet::new();
    labels.retain(|label| seen.insert(label.span));
}
