//! Facts: what was read and what is in force, each with its place.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::answer::Answer;
use crate::model::attributes::{self, ATTRIBUTES, Attribute, Kind};
use crate::model::iis::{Effective, Item};
use crate::model::ladder::Ladder;
use crate::model::place::{Found, IisPlace};
use crate::model::registry::{OWA_KEY, Printed, Registry};
use crate::model::setting::{Content, Field, Setting};
use crate::model::target::Target;
use crate::model::vdir::Vdir;
use crate::report::Location;
use crate::text::secret::{self, masked};
use crate::text::source::Sources;
use crate::text::span::Span;

/// What `facts` says.
#[derive(Debug, Serialize)]
pub struct Facts {
    /// The version of this document's form.
    pub schema: &'static str,
    /// The servers by name.
    pub servers: Vec<ServerFacts>,
}

/// What is known of one server, with its places as `At`.
#[derive(Debug, Serialize)]
pub struct ServerFacts<At = Location> {
    /// The short name.
    pub name: String,
    /// The full DNS name.
    pub fqdn: Option<String>,
    /// The AD site.
    pub site: Option<String>,
    /// The OWA virtual directories by identity.
    pub vdirs: Vec<VdirFacts<At>>,
    /// The virtual directories of the Exchange Control Panel by identity.
    pub control_panels: Vec<VdirFacts<At>>,
    /// The IIS attributes that are in force at the paths of the virtual directories.
    pub iis: Vec<IisFact<At>>,
    /// The registry values.
    pub registry: Vec<RegistryFact<At>>,
}

/// One virtual directory.
#[derive(Debug, Serialize)]
pub struct VdirFacts<At = Location> {
    /// The identity.
    pub identity: String,
    /// The properties by name.
    pub properties: Vec<PropertyFact<At>>,
}

/// One property.
#[derive(Debug, Serialize)]
pub struct PropertyFact<At = Location> {
    /// The name.
    pub name: String,
    /// Whether it is known, empty, truncated, unreadable or conflicting.
    pub state: &'static str,
    /// The value, if it is known or truncated.
    pub value: Option<Shown>,
    /// Where it stands.
    pub at: At,
}

/// One attribute that is in force.
#[derive(Debug, Serialize)]
pub struct IisFact<At = Location> {
    /// Site and path.
    pub path: String,
    /// The section.
    pub section: &'static str,
    /// The attribute.
    pub attribute: &'static str,
    /// The value, if it could be told.
    pub value: Option<String>,
    /// Where it comes from.
    pub origin: String,
    /// Where it stands; `None` for a default.
    pub at: Option<At>,
}

/// One registry value.
#[derive(Debug, Serialize)]
pub struct RegistryFact<At = Location> {
    /// The key.
    pub key: String,
    /// The name; `@` for the default value.
    pub name: String,
    /// The type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The data.
    pub value: Shown,
    /// Where the data stands.
    pub at: At,
}

/// A text or a list of texts.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Shown {
    /// A text.
    One(String),
    /// A list.
    Many(Vec<String>),
}

/// What is known of every server; `all` lists every registry value, not only those that rules ask about.
pub fn facts(ladder: &Ladder<'_>, sources: &Sources, all: bool) -> Facts {
    let place = |span: Span| Location::new(sources, span, "");
    let servers = (0..ladder.estate.servers.len()).map(|server| of_server(ladder, server, all, place));
    Facts { schema: "owalint.facts/1", servers: servers.collect() }
}

/// What is known of one server, with what `place` makes of the places.
pub fn of_server<At>(
    ladder: &Ladder<'_>,
    index: usize,
    all: bool,
    place: impl Fn(Span) -> At + Copy,
) -> ServerFacts<At> {
    let server = &ladder.estate.servers[index];
    let mut iis: Vec<IisFact<At>> = Vec::new();
    let mut seen = BTreeSet::new();
    for target in ladder.targets_of(index) {
        for fact in iis_facts(&ladder.targets[target], place) {
            if seen.insert((fact.path.clone(), fact.section, fact.attribute, fact.value.clone(), fact.origin.clone())) {
                iis.push(fact);
            }
        }
    }
    ServerFacts {
        name: server.name.clone(),
        fqdn: server.fqdn.as_ref().map(|it| it.text.to_string()),
        site: server.site.as_ref().map(|it| it.text.to_string()),
        vdirs: vdir_facts(&server.vdirs, place),
        control_panels: vdir_facts(&server.control_panels, place),
        iis,
        registry: server.registry.as_ref().map_or_else(Vec::new, |registry| registry_facts(registry, all, place)),
    }
}

fn vdir_facts<At>(vdirs: &[Vdir], place: impl Fn(Span) -> At) -> Vec<VdirFacts<At>> {
    let property = |setting: &Setting| PropertyFact {
        name: setting.name.to_string(),
        state: setting.field.state(),
        value: match &setting.field {
            Field::Known(content) | Field::Truncated(content) if hides_value(&setting.name, content) => {
                Some(Shown::One(secret::MASK.to_string()))
            }
            Field::Known(content) | Field::Truncated(content) => Some(shown(content)),
            _ => None,
        },
        at: place(setting.field.span()),
    };
    vdirs
        .iter()
        .map(|vdir| VdirFacts {
            identity: vdir.identity.clone(),
            properties: vdir.settings.values().map(property).collect(),
        })
        .collect()
}

/// Whether a property's value is a secret by the property's name. A switch that is about passwords is none.
fn hides_value(name: &str, content: &Content) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_switch = content.text.is("true") || content.text.is("false");
    (lower.ends_with("password") || lower.ends_with("secret")) && !is_switch
}

fn shown(content: &Content) -> Shown {
    match &content.items {
        Some(items) => Shown::Many(items.iter().map(|it| masked(&it.text).into_owned()).collect()),
        None => Shown::One(masked(&content.text.text).into_owned()),
    }
}

fn iis_facts<At>(target: &Target<'_>, at: impl Fn(Span) -> At + Copy) -> Vec<IisFact<At>> {
    let places = target.places().iter().filter_map(|found| match found {
        Found::At(place) if place.iis.unusable.is_none() => Some(place),
        _ => None,
    });
    places
        .flat_map(|place| ATTRIBUTES.iter().map(move |row| (place, row)))
        .filter(|(place, row)| !place.iis.excerpt || is_shown(place, row))
        .filter_map(|(place, row)| match row.kind {
            Kind::Collection => collection_fact(target, place, row, at),
            _ => Some(attribute_fact(place, row.section, row.name, row.default, at)),
        })
        .collect()
}

/// What appcmd printed is told only where it says something.
fn is_shown(place: &IisPlace<'_>, row: &Attribute) -> bool {
    row.kind != Kind::Collection
        && matches!(place.iis.effective(&place.chain, row.section, row.name), Effective::Set { .. })
}

fn attribute_fact<At>(
    place: &IisPlace<'_>,
    section: &'static str,
    attribute: &'static str,
    default: &str,
    at: impl Fn(Span) -> At,
) -> IisFact<At> {
    let (value, origin, at) = match place.iis.effective(&place.chain, section, attribute) {
        Effective::Set { value, layer } => {
            (Some(masked(&value.text).into_owned()), layer.origin(), Some(at(value.span)))
        }
        Effective::Default => (Some(default.to_owned()), "schema default".to_owned(), None),
        Effective::Undetermined(why, span) => (None, format!("undetermined: {why}"), span.map(at)),
    };
    IisFact { path: place.path.clone(), section, attribute, value, origin, at }
}

/// A collection; `None` where no layer says anything of one that few servers have.
fn collection_fact<At>(
    target: &Target<'_>,
    place: &IisPlace<'_>,
    row: &'static Attribute,
    at: impl Fn(Span) -> At,
) -> Option<IisFact<At>> {
    let items = attributes::collection_of(row)?;
    let collection = place.iis.collection(&place.chain, items);
    let is_core = [attributes::PROVIDERS.section, attributes::IP_SECURITY].contains(&items.section);
    if !is_core && collection.is_default && collection.items.is_empty() && collection.undetermined.is_none() {
        return None;
    }
    let origin = match collection.items.last() {
        Some(item) => item.layer.origin(),
        None if collection.is_default => "schema default".to_owned(),
        None => "cleared".to_owned(),
    };
    let place_of = |item: &Item<'_>| match row.name {
        "providers" => item.attribute("value").map_or(item.tag, |it| it.span),
        _ => item.tag,
    };
    let first = collection.items.first().map(place_of).or(collection.place.filter(|_| !collection.is_default));
    let value = match (&collection.undetermined, row.name) {
        (Some(_), _) => None,
        (None, "providers") => match target.providers() {
            Answer::Is(list, _) if list.cut.is_none() => Some(list.items.join(", ")),
            _ => None,
        },
        (None, _) => Some(collection.items.iter().map(item_text).collect::<Vec<_>>().join("; ")),
    };
    let origin = collection.undetermined.as_ref().map_or(origin, |(why, _)| format!("undetermined: {why}"));
    Some(IisFact {
        path: place.path.clone(),
        section: row.section,
        attribute: row.name,
        value,
        origin,
        at: first.map(at),
    })
}

/// An item with its attributes, and of a rewrite rule what it matches and does.
fn item_text(item: &Item<'_>) -> String {
    let mut parts: Vec<String> = written(item, "");
    for inside in ["match", "action"] {
        parts.extend(item.inside(inside).flat_map(|it| written(&it, inside)));
    }
    parts.join(" ")
}

fn written(item: &Item<'_>, element: &str) -> Vec<String> {
    let dot = if element.is_empty() { "" } else { "." };
    item.attributes().map(|(name, value)| format!("{element}{dot}{name}={}", masked(&value.text))).collect()
}

fn registry_facts<At>(registry: &Registry, all: bool, place: impl Fn(Span) -> At) -> Vec<RegistryFact<At>> {
    let current = registry.current(OWA_KEY).map(|key| key.path.to_lowercase());
    let below = current.unwrap_or_else(|| OWA_KEY.to_lowercase());
    let mut facts = Vec::new();
    for key in registry.keys() {
        let lower = key.path.to_lowercase();
        let is_owa = lower == below || lower.strip_prefix(&below).is_some_and(|rest| rest.starts_with('\\'));
        if !(all || is_owa) {
            continue;
        }
        for value in key.values.values() {
            let is_secret = secret::is_secret_name(&value.name.text);
            let data = if is_secret { Span { end: value.data.start, ..value.data } } else { value.data };
            facts.push(RegistryFact {
                key: key.path.clone(),
                name: if value.name.text.is_empty() { "@".to_owned() } else { value.name.text.to_string() },
                kind: value.kind_name(),
                value: match value.printed() {
                    _ if is_secret => Shown::One(secret::MASK.to_string()),
                    Printed::One(text) => Shown::One(masked(&text).into_owned()),
                    Printed::Many(items) => Shown::Many(items.iter().map(|it| masked(it).into_owned()).collect()),
                },
                at: place(data),
            });
        }
    }
    facts
}
