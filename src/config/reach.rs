//! Reach: the servers, AD sites and virtual directories that an entry of the configuration is about.

use crate::config::pattern::Pattern;
use crate::finding::Finding;
use crate::model::estate::Estate;
use crate::model::server::Server;
use crate::read::toml::{Fields, nearest};
use crate::text::span::Span;

/// Which findings an entry is about, by their places in the estate. All keys that are given must match; of the names
/// under one key, one must.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// Of one of the servers, whichever part it plays.
    either: Side,
    /// Of the source.
    source: Side,
    /// Of the target.
    target: Side,
    /// Of the virtual directory: its identity, or what is behind the server's name in it.
    vdirs: Vec<Pattern>,
}

/// What is asked of one server.
#[derive(Debug, Clone, Default)]
struct Side {
    servers: Vec<Pattern>,
    sites: Vec<Pattern>,
}

/// A reach as it stands to the servers of an estate: for each part the servers that match, by index; `None` where
/// nothing is asked of the part.
#[derive(Debug, Clone)]
pub struct Reached {
    either: Option<Vec<bool>>,
    source: Option<Vec<bool>>,
    target: Option<Vec<bool>>,
}

impl Reach {
    /// Takes the keys that say where out of a table.
    pub fn read(fields: &mut Fields<'_>) -> Reach {
        Reach {
            either: Side { servers: patterns(fields, "server", "servers"), sites: patterns(fields, "site", "sites") },
            source: Side {
                servers: patterns(fields, "source", "sources"),
                sites: patterns(fields, "source-site", "source-sites"),
            },
            target: Side {
                servers: patterns(fields, "target", "targets"),
                sites: patterns(fields, "target-site", "target-sites"),
            },
            vdirs: patterns(fields, "vdir", "vdirs"),
        }
    }

    /// Whether it says nothing of where.
    pub fn is_everywhere(&self) -> bool {
        self.patterns().next().is_none()
    }

    /// How precise it is, for overrides that meet: a virtual directory before a server before a site, and names before
    /// globs.
    pub fn precision(&self) -> (u8, bool) {
        let names_server = self.sides().iter().any(|side| !side.servers.is_empty());
        let kind = if self.vdirs.is_empty() { u8::from(names_server) } else { 2 };
        (kind, self.patterns().all(Pattern::is_exact))
    }

    /// Works out which servers match.
    pub fn over(&self, estate: &Estate) -> Reached {
        let of = |side: &Side| (!side.is_empty()).then(|| side.over(estate));
        Reached { either: of(&self.either), source: of(&self.source), target: of(&self.target) }
    }

    /// Whether it is about this virtual directory; a finding about none is only met if none is asked for.
    pub fn holds_vdir(&self, finding: &Finding) -> bool {
        let matches = |identity: &str| {
            let behind = identity.rsplit('\\').next().unwrap_or(identity);
            self.vdirs.iter().any(|it| it.matches(identity) || it.matches(behind))
        };
        self.vdirs.is_empty() || finding.vdir().is_some_and(matches)
    }

    /// The names of servers and sites that match nothing in the estate: where each stands, and what is wrong.
    pub fn strangers(&self, estate: &Estate) -> Vec<(Span, String)> {
        let names: Vec<&str> = estate.servers.iter().map(|server| server.name.as_str()).collect();
        let sites: Vec<&str> =
            estate.servers.iter().filter_map(|server| server.site.as_ref()).map(|site| site.text.as_ref()).collect();
        let mut strangers = Vec::new();
        for side in self.sides() {
            let no_server = side.servers.iter().filter(|it| !estate.servers.iter().any(|server| is_server(it, server)));
            strangers.extend(no_server.map(|it| stranger(it, "server", &names)));
            let no_site = side.sites.iter().filter(|it| !sites.iter().any(|site| it.matches(site)));
            strangers.extend(no_site.map(|it| stranger(it, "site", &sites)));
        }
        strangers
    }

    fn sides(&self) -> [&Side; 3] {
        [&self.either, &self.source, &self.target]
    }

    fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.sides().into_iter().flat_map(|side| side.servers.iter().chain(&side.sites)).chain(&self.vdirs)
    }
}

impl Side {
    fn is_empty(&self) -> bool {
        self.servers.is_empty() && self.sites.is_empty()
    }

    /// Which servers are among the names and in one of the sites. A server whose site is not known is in none.
    fn over(&self, estate: &Estate) -> Vec<bool> {
        let is_named = |server: &Server| self.servers.is_empty() || self.servers.iter().any(|it| is_server(it, server));
        let is_there = |server: &Server| {
            self.sites.is_empty()
                || server.site.as_ref().is_some_and(|site| self.sites.iter().any(|it| it.matches(&site.text)))
        };
        estate.servers.iter().map(|server| is_named(server) && is_there(server)).collect()
    }
}

impl Reached {
    /// The servers of which one takes part in every finding that is met, for an index; `None` if there is no such part.
    pub fn servers(&self) -> Option<&[bool]> {
        self.source.as_deref().or(self.target.as_deref()).or(self.either.as_deref())
    }

    /// Whether a finding with these sources and targets is met.
    pub fn meets(&self, sources: &[usize], targets: &[usize]) -> bool {
        let all = |set: &Option<Vec<bool>>, servers: &[usize]| {
            set.as_ref().is_none_or(|set| !servers.is_empty() && servers.iter().all(|it| set[*it]))
        };
        let any = self.either.as_ref().is_none_or(|set| sources.iter().chain(targets).any(|it| set[*it]));
        any && all(&self.source, sources) && all(&self.target, targets)
    }
}

/// A server is named by its short name or by its full one.
fn is_server(pattern: &Pattern, server: &Server) -> bool {
    pattern.matches(&server.name) || server.fqdn.as_ref().is_some_and(|fqdn| pattern.matches(&fqdn.text))
}

fn stranger(pattern: &Pattern, what: &str, known: &[&str]) -> (Span, String) {
    let near = nearest(&pattern.written.text, known.iter().copied()).filter(|_| pattern.is_exact());
    let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    (pattern.written.span, format!("no {what} here matches `{}`{hint}", pattern.written.text))
}

/// The patterns under a key that takes one or several.
fn patterns(fields: &mut Fields<'_>, one: &'static str, several: &'static str) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    for text in fields.one_or_several(one, several) {
        if text.text.trim().is_empty() {
            fields.reject(text.span, "a name is wanted here; leave the key out if any will do");
        } else {
            patterns.push(Pattern::new(text));
        }
    }
    patterns
}
