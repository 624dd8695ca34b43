//! Checks of the switches in the registry: of a wrong type, in a wrong place, of a wrong name, and deleted.

use crate::finding::Label;
use crate::model::ladder::Ladder;
use crate::model::registry::{Key, Lookup, OWA_KEY, REG_DWORD, Registry, RegistryValue};
use crate::model::server::SWITCHES;
use crate::rule::checks::Hit;

fn is_switch(name: &str) -> bool {
    SWITCHES.iter().any(|switch| switch.eq_ignore_ascii_case(name))
}

/// Switches in the right place whose type makes OWA ignore them.
pub(super) fn ineffective_type(ladder: &Ladder<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (index, server) in ladder.estate.servers.iter().enumerate() {
        let Some(key) = server.registry.as_ref().and_then(|registry| registry.current(OWA_KEY)) else { continue };
        let is_ineffective = |value: &&RegistryValue| value.kind.is_some() && value.dword().is_none();
        for value in key.values.values().filter(|value| is_switch(&value.name.text)).filter(is_ineffective) {
            let kind = value.kind_name();
            let label = match value.kind {
                Some(REG_DWORD) => format!("{} bytes, where a REG_DWORD has 4", value.bytes.len()),
                _ => format!("{kind}, where OWA reads only a REG_DWORD"),
            };
            hits.push(Hit {
                server: index,
                also: Vec::new(),
                of_registry: true,
                labels: vec![Label::new(value.data, label), Label::new(value.name.span, "this value is ignored")],
                values: vec![("value", value.name.text.to_string()), ("kind", kind)],
                cause: value.name.text.to_lowercase(),
            });
        }
    }
    hits
}

/// Switches where OWA does not look, and keys named as a switch.
pub(super) fn misplaced_value(ladder: &Ladder<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (index, server) in ladder.estate.servers.iter().enumerate() {
        for key in server.registry.iter().flat_map(Registry::keys) {
            hits.extend(misplaced_in(index, key));
        }
    }
    hits
}

fn misplaced_in(server: usize, key: &Key) -> Vec<Hit> {
    let hit = |labels: Vec<Label>, name: &str| Hit {
        server,
        also: Vec::new(),
        of_registry: true,
        labels,
        values: vec![("value", name.to_owned()), ("key", key.path.clone())],
        cause: format!("{}\\{}", key.path.to_lowercase(), name.to_lowercase()),
    };
    let (above, last) = key.path.rsplit_once('\\').unwrap_or(("", &key.path));
    let mut hits = Vec::new();
    if is_switch(last) && above.eq_ignore_ascii_case(OWA_KEY) {
        let label = "this is a key of that name, not a value of the key above";
        hits.push(hit(vec![Label::new(key.line, label)], last));
    }
    if is_live(&key.path) {
        return hits;
    }
    for value in key.values.values().filter(|value| is_switch(&value.name.text)) {
        let label = format!("OWA does not look for {} here", value.name.text);
        hits.push(hit(
            vec![Label::new(value.name.span, label), Label::new(key.line, "this is not the key of OWA")],
            &value.name.text,
        ));
    }
    hits
}

/// The key of OWA, in the control set in use or in a numbered one (which may be the one in use).
fn is_live(path: &str) -> bool {
    path.eq_ignore_ascii_case(OWA_KEY) || control_set_of(path).is_some()
}

/// The number of the control set, where the path is that of OWA's key in one.
fn control_set_of(path: &str) -> Option<u32> {
    const NUMBERED: &str = r"hkey_local_machine\system\controlset";
    const BELOW: &str = r"\services\msexchange owa";
    let lower = path.to_lowercase();
    let number = lower.strip_prefix(NUMBERED)?.strip_suffix(BELOW)?;
    number.parse().ok().filter(|_| number.len() == 3)
}

/// Switches below a numbered control set that is not the one in use, or of which nothing says whether it is; not where
/// the one in use has the switch too, since the others are copies. Where the whole key is held in a set of which nothing
/// says whether it is in use, the reader has said so, INP-587, and it is not said twice.
pub(super) fn other_control_set(ladder: &Ladder<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let decided = |registry: &&Registry| registry.in_unknown_control_set(OWA_KEY).is_none();
    for (index, registry) in registries(ladder).filter(|(_, registry)| decided(registry)) {
        let current = registry.control_set();
        for (number, key) in registry.keys().filter_map(|key| Some((control_set_of(&key.path)?, key))) {
            if current.is_some_and(|(current, _)| current == number) {
                continue;
            }
            let is_set = |name: &str| matches!(registry.lookup(OWA_KEY, name), Lookup::Set(_));
            for value in key.values.values().filter(|it| is_switch(&it.name.text) && !is_set(&it.name.text)) {
                let mut labels = vec![Label::new(value.name.span, "this stands in a numbered control set")];
                labels.push(match current {
                    Some((current, place)) => Label::new(place, format!("while control set {current} is in use")),
                    None => Label::new(key.line, "nothing says whether it is the one in use"),
                });
                hits.push(Hit {
                    server: index,
                    also: Vec::new(),
                    of_registry: true,
                    labels,
                    values: vec![("value", value.name.text.to_string()), ("key", key.path.clone())],
                    cause: format!("{}\\{}", key.path.to_lowercase(), value.name.text.to_lowercase()),
                });
            }
        }
    }
    hits
}

/// Values in the right place whose name is nearly that of a switch.
pub(super) fn near_miss_name(ladder: &Ladder<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (index, registry) in registries(ladder) {
        let Some(key) = registry.current(OWA_KEY) else { continue };
        for value in key.values.values() {
            let Some(near) = nearly(&value.name.text) else { continue };
            hits.push(Hit {
                server: index,
                also: Vec::new(),
                of_registry: true,
                labels: vec![Label::new(value.name.span, format!("the name that OWA reads is {near}"))],
                values: vec![("value", value.name.text.to_string()), ("name", near.to_owned())],
                cause: value.name.text.to_lowercase(),
            });
        }
    }
    hits
}

/// Switches that a file deletes and none sets again, and the key of OWA where a file deletes it.
pub(super) fn deleted(ladder: &Ladder<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (index, registry) in registries(ladder) {
        let values = SWITCHES.into_iter().filter_map(|name| Some((name, registry.deletion(OWA_KEY, name)?)));
        let key = registry.key_deletion(OWA_KEY).map(|span| ("the key of MSExchange OWA", span));
        for (name, span) in values.chain(key) {
            hits.push(Hit {
                server: index,
                also: Vec::new(),
                of_registry: true,
                labels: vec![Label::new(span, "this deletes it, so it is taken as absent")],
                values: vec![("value", name.to_owned())],
                cause: name.to_lowercase(),
            });
        }
    }
    hits
}

fn registries<'l>(ladder: &'l Ladder<'_>) -> impl Iterator<Item = (usize, &'l Registry)> {
    ladder.estate.servers.iter().enumerate().filter_map(|(index, it)| Some((index, it.registry.as_ref()?)))
}

/// The switch that a name is a slip of the pen away from: blanks around it, or a few letters.
fn nearly(name: &str) -> Option<&'static str> {
    const SLIPS: usize = 3;
    if is_switch(name) {
        return None;
    }
    let lower = name.trim().to_lowercase();
    let distance = |switch: &&str| strsim::damerau_levenshtein(&switch.to_lowercase(), &lower);
    // Who has to add or leave out more letters than may differ is not compared: names in a file may be of any length.
    let length = lower.chars().count();
    let is_close = |switch: &&str| switch.chars().count().abs_diff(length) <= SLIPS;
    SWITCHES.into_iter().filter(is_close).min_by_key(distance).filter(|it| distance(it) <= SLIPS.min(it.len() / 5))
}
