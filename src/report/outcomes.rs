//! Outcomes at a glance: what becomes of every pair, as a grid of sources by targets or, where there are many, by site.

use std::collections::BTreeMap;

use crate::model::ladder::Ladder;
use crate::model::ladder::outcome::Outcome;

/// Up to how many sources and targets each pair has a cell of its own.
const SINGLE: usize = 40;

/// What becomes of requests between servers.
#[derive(Debug, Clone, Default)]
pub struct Outcomes {
    /// What the rows and columns are.
    pub by: By,
    /// The rows: what requests come from, with the site of each.
    pub sources: Vec<Line>,
    /// The columns: what requests are for, with the site of each.
    pub targets: Vec<Line>,
    /// For a row and a column how many pairs end in each way; nothing where there is no pair.
    pub cells: BTreeMap<(usize, usize), BTreeMap<Ending, usize>>,
    /// How many pairs of two sites end in each way; a site by its name, or empty where it is not known.
    pub between_sites: BTreeMap<(String, String), BTreeMap<Ending, usize>>,
    /// The servers, and the site of each.
    pub servers: Vec<Line>,
}

/// What a row or a column of the grid is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// A server, or a virtual directory of one.
    #[default]
    Server,
    /// An AD site.
    Site,
}

/// A row or a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is called.
    pub name: String,
    /// The AD site, or empty where it is not known.
    pub site: String,
}

/// How a pair ends; the later the worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ending {
    /// How bad that is.
    pub gravity: Gravity,
    /// The outcome, as `paths` says it.
    pub outcome: &'static str,
    /// The event, if there is one.
    pub event: Option<u16>,
}

/// How bad an ending is; the later the worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// Nothing is proxied here, and nothing has to be.
    Aside,
    /// It works.
    Works,
    /// It cannot be told.
    Unknown,
    /// Users do not get through.
    Fails,
}

impl Ending {
    fn of(outcome: &Outcome) -> Ending {
        let gravity = match outcome.word {
            "not-applicable" | "same-site" | "redirect" => Gravity::Aside,
            "proxied" => Gravity::Works,
            "unknown" => Gravity::Unknown,
            _ => Gravity::Fails,
        };
        Ending { gravity, outcome: outcome.word, event: outcome.event }
    }
}

/// What becomes of every pair of the estate.
pub fn outcomes(ladder: &Ladder<'_>) -> Outcomes {
    let servers = &ladder.estate.servers;
    let site = |server: usize| servers[server].site.as_ref().map_or(String::new(), |site| site.text.to_string());
    let is_small = servers.len() <= SINGLE && ladder.targets.len() <= SINGLE;
    let mut found = Outcomes { by: if is_small { By::Server } else { By::Site }, ..Outcomes::default() };
    found.servers = (0..servers.len()).map(|it| Line { name: servers[it].name.clone(), site: site(it) }).collect();
    let mut sites: Vec<String> = found.servers.iter().map(|server| server.site.clone()).collect();
    sites.sort();
    sites.dedup();
    let place = |name: &String| sites.binary_search(name).unwrap_or_default();
    if is_small {
        found.sources.clone_from(&found.servers);
        let target =
            |it: usize| Line { name: ladder.targets[it].vdir.identity.clone(), site: site(ladder.server_of(it)) };
        found.targets = (0..ladder.targets.len()).map(target).collect();
    } else {
        let line = |site: &String| Line { name: named(site).to_owned(), site: site.clone() };
        found.sources = sites.iter().map(line).collect();
        found.targets.clone_from(&found.sources);
    }
    for pair in ladder.pairs() {
        let ending = Ending::of(&ladder.outcome(pair));
        let (from, to) = (&found.servers[pair.source].site, &found.servers[ladder.server_of(pair.target)].site);
        let cell = if is_small { (pair.source, pair.target) } else { (place(from), place(to)) };
        *found.between_sites.entry((from.clone(), to.clone())).or_default().entry(ending).or_default() += 1;
        *found.cells.entry(cell).or_default().entry(ending).or_default() += 1;
    }
    found
}

/// A site's name for people.
pub fn named(site: &str) -> &str {
    if site.is_empty() { "site not known" } else { site }
}
