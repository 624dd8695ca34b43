//! Settings of one snapshot as they are compared: by server, place and name.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use xxhash_rust::xxh3::Xxh3DefaultBuilder;

use super::Side;
use super::files::Files;
use crate::model::ladder::Ladder;
use crate::model::place::{Found, IisPlace};
use crate::model::server::Server;
use crate::model::site::Start;
use crate::report::diff::SettingChange;
use crate::report::facts::{self, ServerFacts, Shown};
use crate::text::source::Sources;
use crate::text::span::Span;

/// What Active Directory and remoting keep of an object; no setting (WhenChanged changes with every other property).
const BOOKKEEPING: [&str; 5] = ["whenchanged", "whenchangedutc", "whencreated", "originatingserver", "runspaceid"];

/// The setting that every place in a whole configuration has.
const BINDINGS: &str = "bindings of the site";

/// A text that is held once, however many settings have it.
pub(super) type Shared = Arc<str>;

/// What a setting is found by: server, place and name in lower case.
pub(super) type Key = (Shared, Shared, Shared);

/// What a setting is a setting of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// The server itself.
    Server,
    /// A virtual directory.
    Property,
    /// A path in IIS.
    Iis,
    /// A key of the registry.
    Registry,
}

/// One setting.
pub(super) struct Stated {
    /// What it is a setting of.
    pub(super) kind: Kind,
    /// The value as shown.
    pub(super) value: Shared,
    /// The value as it is compared.
    pub(super) compared: Shared,
    /// Where it comes from, in IIS.
    pub(super) origin: Option<Shared>,
    /// Where it stands.
    pub(super) at: Option<Span>,
    /// The names as written.
    pub(super) names: Key,
}

/// The settings of one snapshot.
#[derive(Default)]
pub(super) struct Settings {
    /// Each by its names.
    pub(super) all: BTreeMap<Key, Stated>,
    /// The places that there are settings of, each with its server.
    pub(super) places: BTreeSet<(Shared, Shared)>,
    /// The files of the virtual directories that lead to the places in IIS.
    pub(super) leads: BTreeMap<(Shared, Shared), String>,
    /// The indexes of the servers by name in lower case.
    servers: BTreeMap<String, usize>,
    /// Every text that a setting has.
    texts: HashSet<Shared, Xxh3DefaultBuilder>,
}

impl Settings {
    /// What is in force in a snapshot.
    pub(super) fn of(side: &Side<'_>, sources: &Sources) -> Settings {
        let mut settings = Settings::default();
        for (index, server) in side.ladder.estate.servers.iter().enumerate() {
            settings.servers.insert(server.name.to_lowercase(), index);
            settings.take_server(server);
        }
        for target in &side.ladder.targets {
            let path = sources.get(target.vdir.place.source).path();
            for place in target.places().iter().filter_map(Found::place) {
                let key = settings.lower(&target.server.name, &place.path);
                settings.leads.entry(key).or_insert_with(|| path.to_owned());
                settings.take_place(&target.server.name, place);
            }
        }
        for server in 0..side.ladder.estate.servers.len() {
            settings.take_facts(facts::of_server(&side.ladder, server, false, |span| span));
        }
        settings
    }

    /// The server with this name in lower case; the ladder is that of the same snapshot.
    pub(super) fn server<'e>(&self, ladder: &Ladder<'e>, name: &str) -> Option<&'e Server> {
        self.servers.get(name).map(|index| &ladder.estate.servers[*index])
    }

    fn put(&mut self, names: [&str; 3], kind: Kind, value: &str, origin: Option<&str>, at: Option<Span>) {
        let name = names[2].to_lowercase();
        if BOOKKEEPING.contains(&name.as_str()) {
            return;
        }
        let place = self.lower(names[0], names[1]);
        let key = (place.0.clone(), place.1.clone(), self.shared(&name));
        let value = self.shared(value);
        let origin = origin.map(|it| self.shared(it));
        let names = (self.shared(names[0]), self.shared(names[1]), self.shared(names[2]));
        self.places.insert(place);
        self.all.insert(key, Stated { kind, compared: value.clone(), value, origin, at, names });
    }

    fn shared(&mut self, text: &str) -> Shared {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        let shared = Shared::from(text);
        self.texts.insert(shared.clone());
        shared
    }

    /// A server and a place of it in lower case.
    fn lower(&mut self, server: &str, place: &str) -> (Shared, Shared) {
        (self.shared(&server.to_lowercase()), self.shared(&place.to_lowercase()))
    }

    fn take_server(&mut self, server: &Server) {
        let mut put = |name: &str, value: &str, span: Span| {
            self.put([&server.name, "", name], Kind::Server, value, None, Some(span));
        };
        if let Some(site) = &server.site {
            put("AD site", &site.text, site.span);
        }
        if let Some(fqdn) = &server.fqdn {
            put("full name", &fqdn.text, fqdn.span);
        }
        if let Some((version, span)) = server.version {
            put("version", version.word(), span);
        }
        if let Some((is_facing, span)) = server.internet_facing {
            put("internet-facing", &is_facing.to_string(), span);
        }
        if let Some((_, span)) = server.addresses.first() {
            let addresses = server.addresses.iter().map(|(address, _)| address.to_string()).collect();
            put("addresses", &in_order(addresses).join(", "), *span);
        }
    }

    /// What decides about a request before any section does: the site, its bindings, the application and its pool.
    fn take_place(&mut self, server: &str, place: &IisPlace<'_>) {
        if place.iis.excerpt || place.iis.unusable.is_some() {
            return;
        }
        let (iis, site) = (place.iis, place.site);
        let mut put = |name: &str, value: &str, span: Span| {
            self.put([server, &place.path, name], Kind::Iis, value, None, Some(span));
        };
        let bindings = site.bindings.iter().map(|it| format!("{} {}", it.protocol.text, it.information.text));
        let first = site.bindings.first().map(|it| it.information.span).or(site.bindings_tag).unwrap_or(site.tag);
        put(BINDINGS, &in_order(bindings.collect()).join(", "), first);
        let (starts, span) = started(&iis.sites.site_starts(site, iis.fragment));
        put("the site starts", starts, span);
        let Some(application) = place.application else {
            put("application", "none", site.tag);
            return;
        };
        put("application", &application.path.text, application.path.span);
        let (pool, span) = iis.sites.pool_name(site, application);
        put("pool of the application", pool, span);
        let (starts, span) = started(&iis.sites.pool_starts(site, application, iis.fragment));
        put("the pool starts", starts, span);
    }

    fn take_facts(&mut self, server: ServerFacts<Span>) {
        let name = server.name;
        for vdir in server.vdirs.into_iter().chain(server.control_panels) {
            for it in vdir.properties {
                let value = it.value.as_ref().map(text).unwrap_or_default();
                let value = if it.state == "known" { value } else { format!("{value}<{}>", it.state) };
                self.put([&name, &vdir.identity, &it.name], Kind::Property, &value, None, Some(it.at));
                if let Some(Shown::Many(items)) = it.value {
                    self.compare_unordered(&name, &vdir.identity, &it.name, items);
                }
            }
        }
        for it in server.iis {
            let section = it.section.rsplit('/').next().unwrap_or(it.section);
            let value = it.value.as_deref().unwrap_or("<undetermined>");
            let attribute = format!("{section}@{}", it.attribute);
            self.put([&name, &it.path, &attribute], Kind::Iis, value, Some(&it.origin), it.at);
        }
        for it in server.registry {
            let value = format!("{} {}", it.kind, text(&it.value));
            self.put([&name, &it.key, &it.name], Kind::Registry, &value, None, Some(it.at));
        }
    }

    /// Lists of properties have no order of their own: Active Directory keeps none.
    fn compare_unordered(&mut self, server: &str, place: &str, name: &str, items: Vec<String>) {
        let (server, place) = self.lower(server, place);
        let key = (server, place, self.shared(&name.to_lowercase()));
        let compared = self.shared(&format!("{{{}}}", in_order(items).join(", ")));
        if let Some(stated) = self.all.get_mut(&key).filter(|it| it.value.ends_with('}')) {
            stated.compared = compared;
        }
    }
}

/// What lies between the settings of two snapshots, and their files.
pub(super) fn compare<'s>(
    before: &Side<'s>,
    after: &Side<'s>,
    sources: &'s Sources,
) -> (Vec<SettingChange<Span>>, Files<'s>) {
    let (old, new) = rayon::join(|| Settings::of(before, sources), || Settings::of(after, sources));
    let files = Files::new(before, after, (&old, &new), sources);
    let keys: BTreeSet<&Key> = old.all.keys().chain(new.all.keys()).collect();
    let mut changes = Vec::new();
    for key in keys {
        let change = match (old.all.get(key), new.all.get(key)) {
            (Some(one), Some(other)) if one.compared == other.compared => continue,
            (Some(it), None) => {
                let shows_absence = shows_absence(after, &new, key, it.kind);
                let home = || files.home((key, it), (before, &old), (after, &new), sources, true);
                let file = if shows_absence { None } else { home() };
                SettingChange { shows_absence, file, ..change(Some(it), None) }
            }
            (None, Some(it)) => {
                let shows_absence = shows_absence(before, &old, key, it.kind);
                let home = || files.home((key, it), (after, &new), (before, &old), sources, false);
                let file = if shows_absence { None } else { home() };
                SettingChange { shows_absence, file, ..change(None, Some(it)) }
            }
            (one, other) => change(one, other),
        };
        let stated = change.at_after.or(change.at_before);
        let text_unchanged = stated.is_some_and(|at| files.has_same_text(sources.get(at.source).path()));
        changes.push(SettingChange { text_unchanged, ..change });
    }
    (changes, files)
}

/// A setting on both sides, of which one may lack it.
fn change(before: Option<&Stated>, after: Option<&Stated>) -> SettingChange<Span> {
    let names = after.or(before).map(|it| &it.names);
    let (server, place, name) = names.map_or(("", "", ""), |(server, place, name)| (server, place, name));
    let origin_after = after.and_then(|it| it.origin.as_ref());
    let inherited = origin_after.is_some_and(|it| &**it != "schema default" && !it.ends_with(place));
    SettingChange {
        server: server.to_owned(),
        place: place.to_owned(),
        name: name.to_owned(),
        before: before.map(|it| it.value.to_string()),
        after: after.map(|it| it.value.to_string()),
        origin_before: before.and_then(|it| it.origin.as_deref()).map(str::to_owned),
        origin_after: origin_after.map(ToString::to_string),
        at_before: before.and_then(|it| it.at),
        at_after: after.and_then(|it| it.at),
        text_unchanged: false,
        inherited,
        shows_absence: false,
        file: None,
    }
}

/// Whether a snapshot that lacks a setting would show it if it were there.
fn shows_absence(side: &Side<'_>, settings: &Settings, key: &Key, kind: Kind) -> bool {
    match kind {
        Kind::Server | Kind::Property => false,
        Kind::Iis => settings.all.contains_key(&(key.0.clone(), key.1.clone(), BINDINGS.into())),
        Kind::Registry => settings
            .server(&side.ladder, &key.0)
            .and_then(|it| it.registry.as_ref())
            .is_some_and(|registry| registry.covers(&key.1).is_some()),
    }
}

fn started(start: &Start) -> (&'static str, Span) {
    match start {
        Start::Yes(span) => ("yes", *span),
        Start::No(span, _) => ("no", *span),
        Start::Undetermined(_, span) => ("<undetermined>", *span),
    }
}

fn in_order(mut items: Vec<String>) -> Vec<String> {
    items.sort();
    items
}

fn text(value: &Shown) -> String {
    match value {
        Shown::One(text) => text.clone(),
        Shown::Many(items) => format!("{{{}}}", items.join(", ")),
    }
}
