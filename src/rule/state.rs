//! States: what a rule says of one subject by name, to tell why a finding of another snapshot is not there.

use std::collections::BTreeMap;

use crate::finding::{Finding, owner};
use crate::model::ad_site::odd_ones;
use crate::model::answer::{Answer, Missing};
use crate::model::ladder::{Ladder, Pair, STEPS};
use crate::model::verdict::Verdict;
use crate::rule::ask::{Scope, Subject};
use crate::rule::book::Book;
use crate::rule::check::{Asking, Said, aspect};
use crate::rule::load::Rule;

/// What a finding is about, by names.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The id of the rule.
    pub rule: &'a str,
    /// The sources.
    pub sources: &'a [String],
    /// The targets.
    pub targets: &'a [String],
    /// The object, in lower case.
    pub object: &'a str,
    /// Of a finding about several alike those that are asked after, in lower case; none for all of it.
    pub parts: &'a [String],
}

/// What a rule says of a subject.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Its conditions hold.
    Fires,
    /// Its conditions do not hold.
    Silent,
    /// An earlier step of the request decides now: its name.
    Decided(&'static str),
    /// It cannot be told, and why not.
    Unknown(String),
}

/// The rules over an estate, asked of single subjects. What a rule needs of both sides is worked out once.
pub struct States<'a, 'e> {
    book: &'a Book,
    ladder: &'a Ladder<'e>,
    servers: BTreeMap<String, usize>,
    targets: BTreeMap<(usize, String), usize>,
    asking: BTreeMap<String, Asking<'a, 'e>>,
}

impl<'a, 'e> States<'a, 'e> {
    /// The rules of a book over an estate.
    pub fn new(book: &'a Book, ladder: &'a Ladder<'e>) -> States<'a, 'e> {
        let servers = ladder.estate.servers.iter().enumerate().map(|(index, it)| (it.name.to_lowercase(), index));
        let targets = ladder.targets.iter().enumerate();
        let targets = targets.map(|(index, it)| ((ladder.server_of(index), it.vdir.identity.to_lowercase()), index));
        States { book, ladder, servers: servers.collect(), targets: targets.collect(), asking: BTreeMap::new() }
    }

    /// What the rule of a finding says of what it is about.
    pub fn of(&mut self, about: About<'_>) -> State {
        let mut servers = Vec::new();
        for name in about.sources.iter().chain(about.targets) {
            match self.servers.get(&name.to_lowercase()) {
                Some(index) => servers.push(*index),
                None => return State::Unknown(format!("{name} is not in the snapshot")),
            }
        }
        let Some(rule) = self.book.get(about.rule) else {
            return State::Unknown(format!("there is no rule {} here", about.rule));
        };
        if let Some(row) = rule.check {
            return self.of_exports(&servers, !about.sources.is_empty(), row.reads_iis);
        }
        let subject = match self.subject(about, rule.scope, &servers) {
            Ok(subject) => subject,
            Err(why) => return State::Unknown(why),
        };
        if let Subject::Pair(pair) = subject
            && !self.ladder.reaches(pair, rule.step)
        {
            let decides = (0..rule.step).find(|step| matches!(*self.ladder.verdict(pair, *step), Verdict::Yes(..)));
            return State::Decided(decides.map_or("unknown", |step| STEPS[step].name));
        }
        let ladder = self.ladder;
        let asking = self.asking.entry(rule.id.clone()).or_insert_with(|| Asking::new(rule, ladder));
        match asking.ask(subject) {
            Said::Finding(finding) if !about.parts.is_empty() && !finding.parts.is_empty() => {
                self.of_parts(rule, subject, about.parts, &finding)
            }
            Said::Finding(_) => State::Fires,
            Said::Nothing => State::Silent,
            Said::Open(missing) => {
                State::Unknown(missing.into_iter().next().map_or_else(|| "it is open".to_owned(), |it| it.reason))
            }
        }
    }

    /// Of some of those that a finding of another snapshot was about, where the rule fires of the same AD site here.
    fn of_parts(&self, rule: &Rule, subject: Subject, parts: &[String], here: &Finding) -> State {
        if parts.iter().any(|part| here.parts.contains(part)) {
            return State::Fires;
        }
        let (Subject::AdSite(index), Some(aspect)) = (subject, aspect(rule)) else { return State::Fires };
        let odd = odd_ones(self.ladder, &self.ladder.ad_sites[index], aspect);
        let is_asked = |missing: &Missing| parts.iter().any(|part| owner(part) == missing.server.to_lowercase());
        odd.open.into_iter().find(is_asked).map_or(State::Silent, |missing| State::Unknown(missing.reason))
    }

    /// Of rules that are functions only that the exports are there, and can be used, from which they would say it.
    fn of_exports(&self, servers: &[usize], of_registry: bool, of_iis: bool) -> State {
        for (index, server) in servers.iter().map(|it| (*it, &self.ladder.estate.servers[*it])) {
            if of_registry && server.registry.is_none() {
                return State::Unknown(server.no_registry().reason);
            }
            if of_iis && server.iis.is_empty() {
                return State::Unknown(server.no_iis().reason);
            }
            let mut places = self.ladder.targets_of(index).filter(|_| of_iis);
            let open = |target: usize| match self.ladder.targets[target].has_application() {
                Answer::Open(missing, _) => Some(missing.reason),
                Answer::Is(..) => None,
            };
            if let Some(why) = places.find_map(open) {
                return State::Unknown(why);
            }
            if !of_registry && server.vdirs.is_empty() {
                return State::Unknown(server.no_vdir().reason);
            }
        }
        State::Silent
    }

    fn subject(&self, about: About<'_>, scope: Scope, servers: &[usize]) -> Result<Subject, String> {
        let target = |server: Option<&usize>| {
            let key = server.map(|server| (*server, about.object.to_owned()));
            let found = key.and_then(|key| self.targets.get(&key).copied());
            found.ok_or_else(|| format!("{} is not in the snapshot", about.object))
        };
        match (scope, servers) {
            (Scope::Pair, [source, server]) => {
                Ok(Subject::Pair(Pair { source: *source, target: target(Some(server))? }))
            }
            (Scope::Vdir, servers) => target(servers.first()).map(Subject::Vdir),
            (Scope::Server, [server, ..]) => Ok(Subject::Server(*server)),
            (Scope::AdSite, _) => {
                let site = self.ladder.ad_sites.iter().position(|site| site.key == about.object);
                site.map(Subject::AdSite).ok_or_else(|| format!("the AD site {} is not in the snapshot", about.object))
            }
            _ => Err("it names no server".to_owned()),
        }
    }
}
