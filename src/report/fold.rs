//! Folding: findings with one place and one rule become one finding that lists its servers.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use crate::finding::fingerprint;
use crate::finding::{Confidence, Finding, LISTED, Severity, Template, spoken};
use crate::model::estate::Estate;
use crate::report::{Location, Reported};
use crate::text::source::Sources;
use crate::text::span::Span;

/// Folds findings with equal rule, primary place, severity and confidence, as they come.
#[derive(Debug, Default)]
pub struct Folded {
    groups: BTreeMap<(String, Span, Severity, Confidence), Group>,
    names: Names,
}

/// The names of servers, each held once, since many findings list most of them.
#[derive(Debug, Default)]
struct Names {
    numbers: HashMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    fn number(&mut self, name: String) -> u32 {
        if let Some(number) = self.numbers.get(&name) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.names.push(name.clone());
        self.numbers.insert(name, number);
        number
    }

    fn numbers(&mut self, names: Vec<String>) -> Vec<u32> {
        names.into_iter().map(|name| self.number(name)).collect()
    }

    /// The names in order, and the place of each in it.
    fn in_order(self) -> Ranked {
        let mut named: Vec<(String, usize)> = self.names.into_iter().zip(0..).collect();
        named.sort_unstable();
        let mut ranks = vec![0; named.len()];
        for (rank, (_, number)) in (0..).zip(&named) {
            ranks[*number] = rank;
        }
        Ranked { names: named.into_iter().map(|(name, _)| name).collect(), ranks }
    }
}

/// The names of servers in order, so that those of each finding are put in order by numbers.
struct Ranked {
    names: Vec<String>,
    /// The place of each name among them, by its number.
    ranks: Vec<u32>,
}

impl Ranked {
    /// The places of these numbers in the order of names, each once.
    fn ranks(&self, numbers: &[u32]) -> Vec<u32> {
        let mut ranks: Vec<u32> = numbers.iter().map(|it| self.ranks[*it as usize]).collect();
        ranks.sort_unstable();
        ranks.dedup();
        ranks
    }

    /// The names at these places.
    fn names(&self, ranks: &[u32]) -> Vec<&str> {
        ranks.iter().map(|rank| self.names[*rank as usize].as_str()).collect()
    }
}

impl Folded {
    /// For findings about the servers of an estate.
    pub fn among(estate: &Estate) -> Folded {
        let mut folded = Folded::default();
        for (index, server) in (0..).zip(&estate.servers) {
            let number = folded.names.number(server.name.clone());
            debug_assert_eq!(number, index, "each server has a name of its own");
        }
        folded
    }

    /// Takes in a finding; one that gives sources by their indexes only where the estate is known.
    pub fn take(&mut self, mut finding: Finding) {
        let mut servers = Servers {
            sources: self.names.numbers(std::mem::take(&mut finding.sources)),
            targets: self.names.numbers(std::mem::take(&mut finding.targets)),
        };
        // The servers of the estate have their indexes as numbers.
        debug_assert!(finding.more_sources.iter().all(|index| (*index as usize) < self.names.names.len()));
        servers.sources.append(&mut finding.more_sources);
        let key = (finding.rule.clone(), finding.primary.span, finding.severity, finding.confidence);
        match self.groups.entry(key) {
            Entry::Occupied(mut group) => group.get_mut().take(finding, &servers),
            Entry::Vacant(place) => {
                place.insert(Group::new(finding, &servers));
            }
        }
    }

    /// The spans of all places that are told.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        self.groups.values().flat_map(|group| {
            let related = group.first.related.iter().map(|label| label.span).take(LISTED);
            related.chain([group.first.primary.span])
        })
    }

    /// How many findings there are, folded.
    pub fn count(&self) -> usize {
        self.groups.len()
    }

    /// The findings with their texts filled in and their places worked out.
    pub fn reported(self, sources: &Sources) -> Vec<Reported> {
        let Folded { groups, names } = self;
        let names = names.in_order();
        groups.into_par_iter().map(|(_, group)| group.reported(&names, sources)).collect()
    }
}

/// The servers of a finding, by number.
struct Servers {
    sources: Vec<u32>,
    targets: Vec<u32>,
}

#[derive(Debug)]
struct Group {
    first: Finding,
    /// All related places; those that are not among the related ones of the first are there to be counted.
    seen: Gathered<Span>,
    sources: Gathered<u32>,
    targets: Gathered<u32>,
    assumes: BTreeSet<String>,
    vdirs: Vec<String>,
    causes: BTreeSet<String>,
    /// The sources for which the finding is all that stops a request, and those for which it is not.
    near: Gathered<u32>,
    far: Gathered<u32>,
}

impl Group {
    fn new(mut first: Finding, servers: &Servers) -> Group {
        let mut group = Group {
            seen: Gathered::default(),
            sources: Gathered::default(),
            targets: Gathered::default(),
            assumes: std::mem::take(&mut first.assumes).into_iter().collect(),
            vdirs: first.vdir().map(str::to_owned).into_iter().collect(),
            causes: BTreeSet::from([fingerprint::what(&first.object, &first.cause)]),
            near: Gathered::default(),
            far: Gathered::default(),
            first,
        };
        group.seen.add(group.first.related.iter().map(|label| label.span));
        group.seen.add(std::mem::take(&mut group.first.more_places));
        group.take_servers(servers, group.first.near_miss);
        group
    }

    fn take(&mut self, finding: Finding, servers: &Servers) {
        self.take_servers(servers, finding.near_miss);
        if let Some(vdir) = finding.vdir().filter(|vdir| !self.vdirs.iter().any(|it| it == vdir)) {
            self.vdirs.push(vdir.to_owned());
        }
        self.causes.insert(fingerprint::what(&finding.object, &finding.cause));
        self.assumes.extend(finding.assumes);
        self.seen.add(finding.related.iter().map(|label| label.span));
        self.seen.add(finding.more_places);
        // As long as the list is not full, it holds every place that was seen.
        for label in finding.related {
            let listed = &mut self.first.related;
            if listed.len() < LISTED && listed.iter().all(|it| it.span != label.span) {
                listed.push(label);
            }
        }
    }

    fn take_servers(&mut self, servers: &Servers, is_near: bool) {
        let nearness = if is_near { &mut self.near } else { &mut self.far };
        nearness.add(servers.sources.iter().copied());
        self.sources.add(servers.sources.iter().copied());
        self.targets.add(servers.targets.iter().copied());
    }

    fn reported(self, names: &Ranked, sources: &Sources) -> Reported {
        let Group { first: mut it, vdirs, causes, .. } = self;
        let far = names.ranks(&self.far.list);
        let mut near = names.ranks(&self.near.list);
        near.retain(|it| far.binary_search(it).is_err());
        let [source_names, target_names, near] =
            [names.ranks(&self.sources.list), names.ranks(&self.targets.list), near].map(|it| names.names(&it));
        it.assumes = self.assumes.into_iter().collect();
        it.related.truncate(LISTED);
        let causes = causes.iter().map(String::as_str);
        let fingerprint = fingerprint::hex(fingerprint::of(&it.rule, &source_names, &target_names, causes));
        let (from, to) = (spoken(&source_names), spoken(&target_names));
        let about = if source_names.is_empty() { &to } else { &from };
        let fill = |template: &Template| {
            let mut template = template.clone();
            template.values.push(("target", to.clone()));
            template.values.insert(0, ("server", about.clone()));
            if vdirs.len() > 1 {
                let all = format!("{} and {} more", vdirs[0], vdirs.len() - 1);
                template.values.insert(0, ("vdir", all));
            }
            template.render(&from)
        };
        let message = fill(&it.message);
        let help = it.help.as_ref().map(|template| {
            let mut template = template.clone();
            template.values.push(("target", to.clone()));
            let text = template.render(&from);
            let names_one = ["{vdir}", "{set-url}", "{path}"].iter().any(|gap| template.text.contains(gap));
            match vdirs.get(1..) {
                Some(more) if !more.is_empty() && names_one => {
                    format!("{}\n\nand in the same way for {}", text.trim_end(), spoken(more))
                }
                _ => text,
            }
        });
        let listed = |names: &[&str]| names.iter().take(LISTED).map(|name| (*name).to_owned()).collect();
        Reported {
            message,
            help,
            sources_total: source_names.len(),
            related_total: self.seen.count(),
            primary: Location::of(sources, &it.primary),
            related: it.related.iter().map(|label| Location::of(sources, label)).collect(),
            rule: it.rule,
            name: it.name,
            severity: it.severity,
            confidence: it.confidence,
            event: it.event,
            sources: listed(&source_names),
            targets: listed(&target_names),
            near_miss_total: near.len(),
            near_miss: listed(&near),
            assumes: it.assumes,
            references: it.references,
            fingerprint,
        }
    }
}

/// Numbers of servers or places, some of them more than once.
#[derive(Debug)]
struct Gathered<T> {
    list: Vec<T>,
    /// How many there were when each was there once.
    once: usize,
}

impl<T> Default for Gathered<T> {
    fn default() -> Self {
        Gathered { list: Vec::new(), once: 0 }
    }
}

impl<T: Ord> Gathered<T> {
    /// Adds some. No more than twice as many are held as there are, beside a few.
    fn add(&mut self, more: impl IntoIterator<Item = T>) {
        const FEW: usize = 1000;
        self.list.extend(more);
        if self.list.len() > 2 * self.once + FEW {
            self.sort();
        }
    }

    fn sort(&mut self) {
        self.list.sort_unstable();
        self.list.dedup();
        self.once = self.list.len();
    }

    /// How many there are, each counted once.
    fn count(mut self) -> usize {
        self.sort();
        self.once
    }
}
