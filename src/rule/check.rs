//! Rules over an estate: what they find, and what they could not be asked.

mod known;
mod made;
mod pairs;
mod replaced;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::finding::{Confidence, Finding, Label, Severity, spoken};
use crate::model::ad_site::{self, Aspect};
use crate::model::answer::Missing;
use crate::model::ladder::Ladder;
use crate::rule::ask::{Role, Scope, Subject};
use crate::rule::book::Book;
use crate::rule::check::known::Known;
use crate::rule::check::made::{filled, finding, finding_of, names, normalised, on_one_side};
use crate::rule::check::replaced::{About, How, Replaced};
use crate::rule::condition::{Condition, Holds};
use crate::rule::gaps;
use crate::rule::load::Rule;
use crate::rule::value::Value;
use crate::text::secret::masked;

/// What could not be asked: by rule and reason, the servers that it is about and what would settle it.
pub type Unasked = BTreeMap<(String, String), (BTreeSet<String>, String)>;

/// Asks every rule that is `asked` of everything in its scope, and hands over what it finds; gives what could not be
/// asked, and how much work that was.
///
/// There is one finding for each pair, virtual directory or server; of a rule that may be told `joined`, one for all
/// sources that fare alike on a target.
pub fn check(
    book: &Book,
    ladder: &Ladder<'_>,
    asked: impl Fn(&Rule) -> bool,
    joined: impl Fn(&Rule) -> bool,
    mut tell: impl FnMut(Finding),
) -> Checked {
    let mut checked = Checked::default();
    let mut refined: BTreeMap<&str, Replaced> = BTreeMap::new();
    let rules: Vec<&Rule> = book.rules().filter(|rule| asked(rule)).collect();
    // What takes the place of another rule's findings has to be known before that one is asked.
    let (first, then): (Vec<&Rule>, Vec<&Rule>) = rules.into_iter().partition(|rule| rule.refines.is_some());
    for rules in [first, then] {
        let asking: Vec<Asking<'_, '_>> = rules.into_iter().map(|rule| Asking::new(rule, ladder)).collect();
        ask_sides(&asking, ladder);
        let (together, apart): (Vec<_>, Vec<_>) = asking.into_iter().partition(|it| joined(it.rule));
        let said = together.into_par_iter().map(|asking| {
            let mut found = Vec::new();
            let replaced = refined.get(asking.rule.id.as_str());
            let told = ask_one(&asking, replaced, true, &mut |finding| found.push(finding));
            (asking.rule, found, told)
        });
        let said: Vec<_> = said.collect();
        for (rule, found, told) in said {
            found.into_iter().for_each(&mut tell);
            take(rule, told, &mut refined, &mut checked);
        }
        // Findings of single pairs may be many, and are not held.
        for asking in apart {
            let told = ask_one(&asking, refined.get(asking.rule.id.as_str()), false, &mut tell);
            take(asking.rule, told, &mut refined, &mut checked);
        }
    }
    checked
}

/// What came of asking the rules, beside what they found.
#[derive(Debug, Default)]
pub struct Checked {
    /// What could not be asked.
    pub open: Unasked,
    /// How often the conditions of a rule were put to a pair, a virtual directory, a server or a site: the work, told
    /// without a clock.
    pub proofs: usize,
}

/// What a rule leaves open and how often it was asked, and for what it speaks in place of another.
type Told = (Checked, Replaced);

fn take<'r>(rule: &'r Rule, told: Told, refined: &mut BTreeMap<&'r str, Replaced>, checked: &mut Checked) {
    let (Checked { open, proofs }, firing) = told;
    checked.open.extend(open);
    checked.proofs += proofs;
    if let Some(other) = &rule.refines {
        refined.entry(other).or_default().merge(firing);
    }
}

/// Asks all rules what depends on one server alone, server by server, as long as what was read of it is at hand.
fn ask_sides(asking: &[Asking<'_, '_>], ladder: &Ladder<'_>) {
    (0..ladder.estate.servers.len()).into_par_iter().for_each(|server| {
        for it in asking {
            it.ask_side(Role::Source, server);
            ladder.targets_of(server).for_each(|target| it.ask_side(Role::Target, target));
        }
    });
}

fn ask_one(asking: &Asking<'_, '_>, replaced: Option<&Replaced>, joined: bool, tell: &mut impl FnMut(Finding)) -> Told {
    let (rule, ladder) = (asking.rule, asking.ladder);
    let (mut open, mut firing) = (Unasked::new(), Replaced::default());
    let how = How { each: replaced.is_some(), joined, replaced };
    asking.ask_all(how, &mut |about, said| match said {
        Said::Finding(finding) => {
            if rule.refines.is_some() {
                firing.take(about);
            }
            tell(*finding);
        }
        Said::Open(missing) => leave_open(&mut open, rule, missing),
        Said::Nothing => {}
    });
    if let Some(row) = rule.check {
        for hit in (row.check)(ladder) {
            tell(finding_of(rule, ladder, hit));
        }
    }
    (Checked { open, proofs: asking.proofs.load(Ordering::Relaxed) }, firing)
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
    show: Vec<Known<'a>>,
    soften: Vec<Known<'a>>,
    /// How often the conditions were put to something.
    proofs: AtomicUsize,
}

/// Whether the conditions of a rule hold.
enum Proven {
    No,
    Yes(Proof),
    Open(Vec<Missing>),
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
        let one = |condition| Known::new(condition, ladder, rule.scope);
        let known = |conditions: &'a [Condition]| -> Vec<Known<'a>> {
            let asked = conditions.iter().filter(|_| rule.check.is_none());
            asked.map(one).collect()
        };
        Asking {
            rule,
            ladder,
            when: known(&rule.when),
            any: known(&rule.any),
            unless: known(&rule.unless),
            show: known(&rule.show),
            soften: rule.soften.iter().map(|it| one(&it.condition)).collect(),
            proofs: AtomicUsize::new(0),
        }
    }

    /// Asks the rule of everything in its scope for which no other speaks: of pairs only those that no earlier step has
    /// decided.
    fn ask_all(&self, how: How<'_>, say: &mut impl FnMut(About<'_>, Said)) {
        let ladder = self.ladder;
        let mut one = |subject: Subject| {
            if !how.replaced.is_some_and(|replaced| replaced.holds(subject)) {
                say(About::One(subject), self.ask(subject));
            }
        };
        match self.rule.scope {
            _ if self.rule.check.is_some() => {}
            Scope::Pair => self.ask_pairs(how, say),
            Scope::Server => (0..ladder.estate.servers.len()).map(Subject::Server).for_each(&mut one),
            Scope::Vdir => (0..ladder.targets.len()).map(Subject::Vdir).for_each(&mut one),
            Scope::AdSite => (0..ladder.ad_sites.len()).map(Subject::AdSite).for_each(&mut one),
        }
    }

    /// Asks the rule of one subject.
    pub(super) fn ask(&self, subject: Subject) -> Said {
        match self.prove(subject) {
            Proven::No => Said::Nothing,
            Proven::Open(missing) => Said::Open(missing),
            Proven::Yes(proof) => Said::Finding(Box::new(self.finding(subject, proof))),
        }
    }

    fn prove(&self, subject: Subject) -> Proven {
        self.proofs.fetch_add(1, Ordering::Relaxed);
        let mut proof = Proof::default();
        for known in &self.when {
            known.holding(self.ladder, subject, |holds| proof.take(known.condition, holds));
            if proof.failed {
                return Proven::No;
            }
        }
        self.any(subject, &mut proof);
        self.unless(subject, &mut proof);
        if proof.failed {
            return Proven::No;
        }
        if !proof.open.is_empty() {
            return Proven::Open(proof.open);
        }
        for known in &self.show {
            known.holding(self.ladder, subject, |holds| {
                if let Holds::Yes(labels, ..) = holds {
                    proof.related.extend(labels.iter().cloned());
                }
            });
        }
        Proven::Yes(proof)
    }

    fn any(&self, subject: Subject, proof: &mut Proof) {
        let (mut held, mut open) = (self.any.is_empty(), Vec::new());
        for known in &self.any {
            known.holding(self.ladder, subject, |holds| match holds {
                Holds::Yes(labels, assumption, _) => {
                    held = true;
                    proof.related.extend(labels.iter().cloned());
                    proof.assumes.extend(assumption.clone());
                }
                Holds::No => {}
                Holds::Open(missing) => open.push(missing.clone()),
            });
        }
        match (held, open.is_empty()) {
            (true, _) => {}
            (false, true) => proof.failed = true,
            (false, false) => proof.open.extend(open),
        }
    }

    fn unless(&self, subject: Subject, proof: &mut Proof) {
        for known in &self.unless {
            known.holding(self.ladder, subject, |holds| match holds {
                Holds::Yes(..) => proof.failed = true,
                Holds::No => {}
                Holds::Open(missing) => proof.open.push(missing.clone()),
            });
        }
    }

    fn finding(&self, subject: Subject, mut proof: Proof) -> Finding {
        let (rule, ladder) = (self.rule, self.ladder);
        let (mut severity, mut confidence) = (rule.severity, rule.confidence);
        if !proof.assumes.is_empty() {
            confidence = confidence.min(Confidence::Medium);
        }
        for (soften, known) in rule.soften.iter().zip(&self.soften) {
            known.holding(ladder, subject, |holds| {
                if let Holds::Yes(labels, ..) = holds {
                    severity = soften.severity.map_or(severity, |it: Severity| it.min(severity));
                    confidence = soften.confidence.map_or(confidence, |it| it.min(confidence));
                    proof.related.extend(labels.iter().cloned());
                }
            });
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
        let names = names(&values, &targets, &proof.value);
        let primary =
            proof.primary.take().unwrap_or_else(|| Label::new(self.place(subject), rule.name.replace('-', " ")));
        let items = normalised(&proof);
        let cause = if items.is_empty() { proof.value.to_lowercase() } else { items.join(", ") };
        let labels = std::iter::once(primary).chain(proof.related).map(|it| filled(it, &names, source)).collect();
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
