//! Folding: findings with one place and one rule become one finding that lists its servers.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rayon::prelude::*;

use crate::finding::fingerprint;
use crate::finding::{Confidence, Finding, LISTED, Severity, Template, spoken};
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
        for (rank, (_, number)) in named.iter().enumerate() {
            ranks[*number] = rank;
        }
        Ranked { names: named.into_iter().map(|(name, _)| name).collect(), ranks }
    }
}

/// The names of servers in order, so that those of each finding are put in order by numbers.
struct Ranked {
    names: Vec<String>,
    /// The place of each name among them, by its number.
    ranks: Vec<usize>,
}

impl Ranked {
    /// The names with these numbers, sorted.
    fn sorted(&self, numbers: &[u32]) -> Vec<String> {
        let mut ranks: Vec<usize> = numbers.iter().map(|it| self.ranks[*it as usize]).collect();
        ranks.sort_unstable();
        ranks.dedup();
        ranks.into_iter().map(|rank| self.names[rank].clone()).collect()
    }
}

impl Folded {
    /// Takes in a finding.
    pub fn take(&mut self, mut finding: Finding) {
        let servers = Servers {
            sources: self.names.numbers(std::mem::take(&mut finding.sources)),
            targets: self.names.numbers(std::mem::take(&mut finding.targets)),
        };
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
    seen: BTreeSet<Span>,
    sources: Numbers,
    targets: Numbers,
    assumes: BTreeSet<String>,
    vdirs: Vec<String>,
    causes: BTreeSet<String>,
    /// The sources for which the finding is all that stops a request, and those for which it is not.
    near: Numbers,
    far: Numbers,
}

impl Group {
    fn new(mut first: Finding, servers: &Servers) -> Group {
        let mut group = Group {
            seen: first.related.iter().map(|label| label.span).chain(std::mem::take(&mut first.more_places)).collect(),
            sources: Numbers::default(),
            targets: Numbers::default(),
            assumes: std::mem::take(&mut first.assumes).into_iter().collect(),
            vdirs: first.vdir().map(str::to_owned).into_iter().collect(),
            causes: BTreeSet::from([fingerprint::what(&first.object, &first.cause)]),
            near: Numbers::default(),
            far: Numbers::default(),
            first,
        };
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
        for label in finding.related {
            if self.seen.insert(label.span) && self.first.related.len() < LISTED {
                self.first.related.push(label);
            }
        }
        self.seen.extend(finding.more_places);
    }

    fn take_servers(&mut self, servers: &Servers, is_near: bool) {
        let nearness = if is_near { &mut self.near } else { &mut self.far };
        nearness.add(&servers.sources);
        self.sources.add(&servers.sources);
        self.targets.add(&servers.targets);
    }

    fn reported(self, names: &Ranked, sources: &Sources) -> Reported {
        let Group { first: mut it, vdirs, causes, .. } = self;
        it.sources = names.sorted(&self.sources.list);
        it.targets = names.sorted(&self.targets.list);
        it.assumes = self.assumes.into_iter().collect();
        it.related.truncate(LISTED);
        let far: HashSet<u32> = self.far.list.into_iter().collect();
        let near: Vec<u32> = self.near.list.into_iter().filter(|it| !far.contains(it)).collect();
        let near = names.sorted(&near);
        let causes = causes.iter().map(String::as_str);
        let fingerprint = fingerprint::hex(fingerprint::of(&it.rule, &it.sources, &it.targets, causes));
        let (from, to) = (spoken(&it.sources), spoken(&it.targets));
        let about = if it.sources.is_empty() { &to } else { &from };
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
        let sources_total = it.sources.len();
        Reported {
            message,
            help,
            sources_total,
            related_total: self.seen.len(),
            primary: Location::of(sources, &it.primary),
            related: it.related.iter().map(|label| Location::of(sources, label)).collect(),
            rule: it.rule,
            name: it.name,
            severity: it.severity,
            confidence: it.confidence,
            event: it.event,
            sources: it.sources.into_iter().take(LISTED).collect(),
            targets: it.targets.into_iter().take(LISTED).collect(),
            near_miss_total: near.len(),
            near_miss: near.into_iter().take(LISTED).collect(),
            assumes: it.assumes,
            references: it.references,
            fingerprint,
        }
    }
}

/// Numbers of servers, some of them more than once.
#[derive(Debug, Default)]
struct Numbers {
    list: Vec<u32>,
    /// How many there were when each was there once.
    once: usize,
}

impl Numbers {
    /// Adds numbers. No more than twice as many are held as there are, beside a few.
    fn add(&mut self, more: &[u32]) {
        const FEW: usize = 1000;
        self.list.extend(more);
        if self.list.len() > 2 * self.once + FEW {
            self.list.sort_unstable();
            self.list.dedup();
            self.once = self.list.len();
        }
    }
}
