//! Validity: names that IIS would refuse, because they are in the wrong case, misspelt, or in the wrong place.
//!
//! IIS takes element and attribute names by case and refuses a file with an unknown one, so a setting under such a name
//! is not in force, and neither is the rest of its section. Only names close to one that decides about OWA are looked
//! for; what else a schema extension may add is none of our business.

use crate::model::attributes;
use crate::model::iis::lock;
use crate::read::problem::{Problem, ProblemKind};
use crate::read::xml::{Attribute, Element, ElementId, XmlDocument};
use crate::text::scalar::Scalar;

/// One place in a configuration: what may stand there that decides about OWA, and what else may.
struct Room {
    path: &'static str,
    ours: &'static [&'static str],
    others: &'static [&'static str],
}

const fn room(path: &'static str, ours: &'static [&'static str], others: &'static [&'static str]) -> Room {
    Room { path, ours, others }
}

const ITEMS: &[&str] = &["add", "remove", "clear"];

/// The elements by the path of the one that holds them, without `configuration` and `location` (IIS's schema).
const ROOMS: &[Room] = &[
    room("", &["configSections", "location", "system.applicationHost", "system.webServer"], &["system.web"]),
    room(
        "system.webServer",
        &["handlers", "httpRedirect", "security"],
        &["httpErrors", "httpLogging", "httpProtocol", "httpTracing", "httpCompression", "httpPlatform"],
    ),
    room(
        "system.webServer/security",
        &["access", "ipSecurity", "authentication"],
        &["authorization", "dynamicIpSecurity", "requestFiltering"],
    ),
    room(
        "system.webServer/security/authentication",
        &["anonymousAuthentication", "basicAuthentication", "digestAuthentication", "windowsAuthentication"],
        &[],
    ),
    room("system.webServer/security/authentication/windowsAuthentication", &["providers"], &["extendedProtection"]),
    room("system.webServer/security/authentication/windowsAuthentication/providers", ITEMS, &[]),
    room("system.webServer/security/ipSecurity", ITEMS, &[]),
    room("system.applicationHost", &["sites", "applicationPools"], &[]),
    room(
        "system.applicationHost/sites",
        &["site", "siteDefaults", "applicationDefaults"],
        &["virtualDirectoryDefaults"],
    ),
    room("system.applicationHost/sites/site", &["application", "bindings", "applicationDefaults"], &[]),
    room("system.applicationHost/sites/site/bindings", &["binding", "clear"], &[]),
    room("system.applicationHost/applicationPools", &["add", "applicationPoolDefaults"], &["remove", "clear"]),
];

/// The attributes that decide about OWA, by the element that has them; and others that look alike.
const ATTRIBUTES: &[Room] = &[
    room("location", &["path", "overrideMode", "allowOverride", "inheritInChildApplications"], &[]),
    room("system.webServer/security/access", &["sslFlags"], &[]),
    room("system.webServer/security/ipSecurity", &["allowUnlisted", "enableReverseDns", "denyAction"], &[]),
    room("system.webServer/security/ipSecurity/add", &["ipAddress", "subnetMask", "domainName", "allowed"], &[]),
    room("system.webServer/httpRedirect", &["enabled", "destination"], &["exactDestination"]),
    room("system.webServer/handlers", &["accessPolicy"], &[]),
    room("system.webServer/security/authentication/anonymousAuthentication", &["enabled"], &[]),
    room("system.webServer/security/authentication/basicAuthentication", &["enabled"], &[]),
    room("system.webServer/security/authentication/digestAuthentication", &["enabled"], &[]),
    room("system.webServer/security/authentication/windowsAuthentication", &["enabled"], &[]),
    room("system.webServer/security/authentication/windowsAuthentication/providers/add", &["value"], &[]),
    room("system.webServer/security/authentication/windowsAuthentication/providers/remove", &["value"], &[]),
    room("system.applicationHost/sites/site", &["name", "id", "serverAutoStart"], &[]),
    room("system.applicationHost/sites/site/application", &["path", "applicationPool"], &[]),
    room("system.applicationHost/sites/site/bindings/binding", &["protocol", "bindingInformation"], &[]),
    room("system.applicationHost/applicationPools/add", &["name", "autoStart"], &[]),
];

/// Names that mean one thing only, and so are out of place anywhere else.
const DISTINCT: &[&str] = &[
    "access",
    "ipSecurity",
    "windowsAuthentication",
    "anonymousAuthentication",
    "basicAuthentication",
    "digestAuthentication",
    "httpRedirect",
    "applicationPools",
    "system.webServer",
    "system.applicationHost",
    "location",
    "security",
];

/// Whether the names of what an element holds are looked at; `path` is its path for the table, its name the last of it.
pub(super) fn looks_into(path: &str) -> bool {
    has_room(path) || DISTINCT.contains(&attributes::last_part(path))
}

fn has_room(path: &str) -> bool {
    ROOMS.iter().any(|room| room.path == path)
}

/// What keeps IIS from loading a configuration as it seems to be meant.
pub(super) fn problems(document: &XmlDocument<'_>, root: ElementId) -> Vec<Problem> {
    problems_below(document, Some(root), vec![(root, "")])
}

/// The same of parts of an applicationHost.config that stand by themselves.
pub(super) fn problems_of_parts(document: &XmlDocument<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut pending = Vec::new();
    for part in document.roots() {
        let path = match document.get(part).local_name() {
            "sites" => "system.applicationHost/sites",
            "applicationPools" => "system.applicationHost/applicationPools",
            "site" => "system.applicationHost/sites/site",
            name => below("", name),
        };
        problems.extend(attribute_problems(document.get(part), path));
        pending.push((part, path));
    }
    problems.extend(problems_below(document, None, pending));
    problems
}

fn problems_below(
    document: &XmlDocument<'_>,
    root: Option<ElementId>,
    mut pending: Vec<(ElementId, &'static str)>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut sections = 0;
    while let Some((parent, path)) = pending.pop() {
        for (index, child) in document.children(parent).enumerate() {
            let element = document.get(child);
            if element.local_name() == "configSections" && Some(parent) == root {
                sections += 1;
                if sections > 1 || index > 0 {
                    problems.push(invalid(&element.name, "configSections stands once, before everything else"));
                }
                continue;
            }
            problems.extend(name_problem(element, path, Some(parent) == root));
            let below = below(path, element.local_name());
            problems.extend(attribute_problems(element, below));
            if has_room(below) || DISTINCT.contains(&element.local_name()) {
                pending.push((child, below));
            }
        }
    }
    problems
}

/// The path of an element that is in none of the tables.
const NOWHERE: &str = "?";

/// The path of an element for the tables; what a location tag holds is looked at as if it stood in the body. Of an
/// element that is not in them nothing is in them that it holds.
fn below(path: &str, name: &str) -> &'static str {
    if name == "location" {
        return "location";
    }
    let path = if path == "location" { "" } else { path };
    let start = if path.is_empty() { 0 } else { path.len() + 1 };
    let is_it = |known: &&str| {
        known.len() == start + name.len()
            && known.ends_with(name)
            && known.starts_with(path)
            && (start == 0 || known.as_bytes()[start - 1] == b'/')
    };
    ROOMS.iter().chain(ATTRIBUTES).map(|room| room.path).find(is_it).unwrap_or(NOWHERE)
}

fn name_problem(element: &Element<'_>, path: &str, in_root: bool) -> Option<Problem> {
    let name = element.local_name();
    let room = ROOMS.iter().find(|room| room.path == if path == "location" { "" } else { path });
    if name == "location" && !in_root {
        return Some(invalid(&element.name, "a location tag stands directly in configuration"));
    }
    let Some(room) = room else {
        let stray = DISTINCT.contains(&name);
        return stray.then(|| invalid(&element.name, format!("`{name}` has no place here")));
    };
    if room.ours.contains(&name) || room.others.contains(&name) {
        return None;
    }
    if DISTINCT.contains(&name) {
        return Some(invalid(&element.name, format!("`{name}` has no place here")));
    }
    let meant = room.ours.iter().find(|known| is_near(name, known))?;
    Some(invalid(&element.name, format!("there is no element `{name}` here; `{meant}` may be meant")))
}

fn attribute_problems(element: &Element<'_>, path: &str) -> Vec<Problem> {
    const EVERYWHERE: [&str; 3] = ["configSource", "configProtectionProvider", "childSource"];
    let mut problems = Vec::new();
    let room = ATTRIBUTES.iter().find(|room| room.path == path);
    for attribute in &element.attributes {
        let name = attribute.name.text.as_ref();
        let ours = room.map_or(&[][..], |room| room.ours);
        let others = room.map_or(&[][..], |room| room.others);
        if ours.contains(&name) || others.contains(&name) || EVERYWHERE.contains(&name) {
            continue;
        }
        if lock::is_lock(name) {
            problems.extend(lock_problems(attribute, path));
            continue;
        }
        let by_case = EVERYWHERE.iter().find(|known| known.eq_ignore_ascii_case(name));
        if let Some(meant) = ours.iter().find(|known| is_near(name, known)).or(by_case) {
            let message = format!("there is no attribute `{name}` here; `{meant}` may be meant");
            problems.push(invalid(&attribute.name, message));
        }
    }
    if path == "location" {
        problems.extend(override_problem(element));
    }
    problems
}

/// Names in a lock list that are nearly those of an attribute or element: IIS refuses a lock of an unknown name
/// (`lockAttributes contains unknown attribute`).
fn lock_problems(attribute: &Attribute<'_>, path: &str) -> Vec<Problem> {
    let (rooms, what) = match attribute.name.text.as_ref() {
        "lockAttributes" | "lockAllAttributesExcept" => (ATTRIBUTES, "attribute"),
        "lockElements" | "lockAllElementsExcept" => (ROOMS, "element"),
        _ => return Vec::new(),
    };
    let Some(room) = rooms.iter().find(|room| room.path == path) else { return Vec::new() };
    let mut at = 0;
    let mut problems = Vec::new();
    for part in attribute.value.text.split(',') {
        let name = part.trim();
        let start = at + part.len() - part.trim_start().len();
        at += part.len() + 1;
        let known = room.ours.contains(&name) || room.others.contains(&name);
        let Some(meant) = room.ours.iter().find(|known| is_near(name, known)).filter(|_| !known) else { continue };
        let message = format!("there is no {what} `{name}` here to lock; `{meant}` may be meant");
        let place = attribute.value.part(start..start + name.len());
        problems.push(Problem::new(ProblemKind::IisInvalid, place, message));
    }
    problems
}

fn override_problem(element: &Element<'_>) -> Option<Problem> {
    if let Some(old) = element.attribute("allowOverride").filter(|_| element.attribute("overrideMode").is_none()) {
        let known = old.value.is("true") || old.value.is("false");
        return (!known).then(|| invalid(&old.value, "allowOverride is true or false"));
    }
    let mode = element.attribute("overrideMode")?;
    if let Some(old) = element.attribute("allowOverride") {
        return Some(invalid(&old.name, "a location tag has either overrideMode or allowOverride"));
    }
    let known = ["Inherit", "Allow", "Deny"].iter().any(|word| mode.value.is(word));
    (!known).then(|| invalid(&mode.value, "overrideMode is Inherit, Allow or Deny"))
}

/// The same but for case, or one letter off.
fn is_near(name: &str, known: &str) -> bool {
    name.eq_ignore_ascii_case(known)
        || (known.len() >= 5 && differs_in_one_place(name, known) && strsim::damerau_levenshtein(name, known) == 1)
}

/// Whether nothing but two letters that stand together can differ, which is told without measuring the distance.
fn differs_in_one_place(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let longest = one.len().max(other.len());
    let same = |pairs: &mut dyn Iterator<Item = (&u8, &u8)>| pairs.take_while(|(one, other)| one == other).count();
    let (front, back) = (same(&mut one.iter().zip(other)), same(&mut one.iter().rev().zip(other.iter().rev())));
    // A letter has up to four bytes.
    let two = if one.is_ascii() { 2 } else { 8 };
    longest <= front + back + two
}

fn invalid(at: &Scalar<'_>, message: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::IisInvalid, at.span, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_an_element_of_the_tables_is_in_them_too() {
        for path in ROOMS.iter().chain(ATTRIBUTES).map(|room| room.path) {
            let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
            assert_eq!(below(parent, name), path);
            assert!(has_room(parent), "{parent}");
        }
        assert_eq!(below("location", "system.webServer"), "system.webServer");
        assert_eq!(below("system.webServer", "location"), "location");
        assert_eq!(below(NOWHERE, "security"), NOWHERE);
        assert_eq!(below("system", "webServer"), NOWHERE);
    }
}
