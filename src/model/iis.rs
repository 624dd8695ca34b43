//! The IIS configuration of one server: its layers, and the value that is in force at a path, with its origin.

use std::collections::BTreeMap;

use crate::model::attributes;
use crate::model::site::Sites;
use crate::read::problem::{Problem, ProblemKind};
use crate::read::xml::{ElementId, XmlDocument};
use crate::text::scalar::Text;
use crate::text::span::Span;

/// What one applicationHost.config sets.
#[derive(Debug, Clone)]
pub struct Iis {
    /// Whether it has no `configSections`: what a fragment does not set may be set elsewhere.
    pub fragment: bool,
    /// Whether it was read to its end without a fault; of a broken file nothing is concluded.
    pub broken: Option<Span>,
    /// The root element's start tag.
    pub root: Span,
    /// Sites and application pools.
    pub sites: Sites,
    layers: Vec<Layer>,
    locks: BTreeMap<String, Lock>,
}

/// One place of the file that settings apply from: the body, or a location tag.
#[derive(Debug, Clone)]
pub struct Layer {
    /// The `path` of the location tag as written; `None` for the body of the file.
    pub path: Option<Text>,
    /// The path in lower case, without a slash at its end; empty for the whole server.
    key: String,
    inherited_by_applications: bool,
    allows: Option<bool>,
    entries: Vec<Entry>,
}

/// One element below a layer, with its path from there.
#[derive(Debug, Clone)]
struct Entry {
    path: String,
    tag: Span,
    attributes: Vec<(String, Text)>,
}

#[derive(Debug, Clone, Copy)]
struct Lock {
    open: bool,
}

/// What is in force for one attribute at one path.
#[derive(Debug, Clone)]
pub enum Effective<'i> {
    /// The nearest layer that sets it.
    Set {
        /// The value as written.
        value: &'i Text,
        /// The layer.
        layer: &'i Layer,
    },
    /// No layer sets it, and the file is whole: the schema's default holds.
    Default,
    /// It cannot be told: why, and where that shows.
    Undetermined(String, Option<Span>),
}

/// One item of a collection that is in force, and the layer that added it.
#[derive(Debug, Clone)]
pub struct Item<'i> {
    /// The start tag of the `add` element.
    pub tag: Span,
    /// The layer.
    pub layer: &'i Layer,
    attributes: &'i [(String, Text)],
}

/// A collection that is in force at one path.
#[derive(Debug, Clone)]
pub struct Collection<'i> {
    /// The items in the order that IIS takes them: inherited ones first.
    pub items: Vec<Item<'i>>,
    /// Whether no layer adds or clears anything, so that the schema's default holds.
    pub is_default: bool,
    /// The last `clear`, or the collection's own element: what shows that an item is not there.
    pub place: Option<Span>,
    /// Why items may be missing, and where that shows; `None` if the collection is whole.
    pub undetermined: Option<(String, Option<Span>)>,
}

impl Iis {
    /// Takes the settings out of a configuration; gives what is wrong with it beside.
    pub fn from_xml(document: &XmlDocument<'_>, root: ElementId) -> (Iis, Vec<Problem>) {
        let element = document.get(root);
        let mut iis = Iis {
            fragment: true,
            broken: (!document.complete).then_some(element.tag),
            root: element.tag,
            sites: Sites::default(),
            layers: vec![Layer::body()],
            locks: BTreeMap::new(),
        };
        for child in document.children(root) {
            match document.get(child).local_name() {
                "configSections" => {
                    iis.fragment = false;
                    iis.collect_locks(document, child, "");
                }
                "location" => {
                    let mut layer = Layer::location(document, child);
                    collect_groups(document, child, &mut layer.entries);
                    iis.layers.push(layer);
                }
                "system.applicationHost" => iis.sites.collect(document, child),
                name => {
                    let name = name.to_owned();
                    collect(document, child, &name, &mut iis.layers[0].entries);
                }
            }
        }
        let problems = iis.problems();
        (iis, problems)
    }

    /// Whether the file says anything that a virtual directory could be judged by.
    pub fn is_empty(&self) -> bool {
        self.sites.is_empty() && self.layers.iter().all(|layer| layer.entries.is_empty())
    }

    /// The layers that apply at `path` (`Default Web Site/owa`), from the outermost to the innermost.
    ///
    /// A location tag with `inheritInChildApplications="false"` does not reach into the applications below its path.
    pub fn chain(&self, path: &str) -> Vec<&Layer> {
        let key = path.to_lowercase();
        let application = self.sites.application_of(&key);
        let mut chain: Vec<&Layer> = self
            .layers
            .iter()
            .filter(|layer| {
                layer.reaches(&key)
                    && (layer.inherited_by_applications || self.sites.application_of(&layer.key) == application)
            })
            .collect();
        chain.sort_by_key(|layer| if layer.key.is_empty() { 0 } else { layer.key.split('/').count() });
        chain
    }

    /// The value of `section@attribute` that is in force for a chain of layers.
    pub fn effective<'i>(&self, chain: &[&'i Layer], section: &str, attribute: &str) -> Effective<'i> {
        for level in levels(chain) {
            if let Some(found) = effective_at(level, section, attribute) {
                return found;
            }
        }
        if self.fragment {
            let why = "the configuration is a fragment and does not set it".to_owned();
            return Effective::Undetermined(why, Some(self.root));
        }
        Effective::Default
    }

    /// The items of the collection `section` (the element that holds `add`) that are in force for a chain of layers.
    pub fn collection<'i>(&self, chain: &[&'i Layer], section: &str, key: &[&str]) -> Collection<'i> {
        let mut it = Collection { items: Vec::new(), is_default: true, place: None, undetermined: None };
        if self.fragment {
            let why = "the configuration is a fragment, so items may be inherited".to_owned();
            it.undetermined = Some((why, Some(self.root)));
        }
        for layer in chain {
            for entry in &layer.entries {
                it.take(layer, entry, section, key);
            }
        }
        it
    }

    /// Whether a web.config could set this section at a path, so that the file alone does not say what is in force.
    pub fn is_open_to_lower_files(&self, chain: &[&Layer], section: &str) -> bool {
        match chain.iter().rev().find_map(|layer| layer.allows) {
            Some(allows) => allows,
            None => self.locks.get(section).map_or_else(|| attributes::is_open_by_default(section), |lock| lock.open),
        }
    }

    fn collect_locks(&mut self, document: &XmlDocument<'_>, parent: ElementId, path: &str) {
        let mut pending = vec![(parent, path.to_owned())];
        while let Some((parent, path)) = pending.pop() {
            for child in document.children(parent) {
                let element = document.get(child);
                let Some(name) = element.attribute("name") else { continue };
                let full =
                    if path.is_empty() { name.value.text.to_string() } else { format!("{path}/{}", name.value.text) };
                match element.local_name() {
                    "sectionGroup" => pending.push((child, full)),
                    "section" => {
                        let mode = element.attribute("overrideModeDefault");
                        let open = !mode.is_some_and(|it| it.value.is("Deny"));
                        self.locks.insert(full, Lock { open });
                    }
                    _ => {}
                }
            }
        }
    }

    /// Values that IIS would refuse, and attributes that two places of one level set differently.
    fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for layer in &self.layers {
            for entry in &layer.entries {
                entry.problems(&mut problems);
            }
        }
        self.duplicates(&mut problems);
        problems
    }

    fn duplicates(&self, problems: &mut Vec<Problem>) {
        let mut seen: BTreeMap<(&str, &str, &str), &Text> = BTreeMap::new();
        for layer in &self.layers {
            for entry in layer.entries.iter().filter(|entry| !entry.is_item()) {
                for (name, value) in &entry.attributes {
                    let known = attributes::find(&entry.path, name).is_some();
                    let earlier = seen.insert((&layer.key, &entry.path, name), value);
                    if let Some(earlier) = earlier.filter(|earlier| known && !earlier.is(&value.text)) {
                        let message =
                            format!("`{name}` of {} is `{}` in another place of this level", entry.path, earlier.text);
                        problems.push(Problem::new(ProblemKind::IisDuplicate, value.span, message));
                    }
                }
            }
        }
    }
}

impl Layer {
    fn body() -> Layer {
        Layer { path: None, key: String::new(), inherited_by_applications: true, allows: None, entries: Vec::new() }
    }

    fn location(document: &XmlDocument<'_>, id: ElementId) -> Layer {
        let element = document.get(id);
        let path = element.attribute("path").map(|it| it.value.clone().into_owned());
        let key = path.as_ref().map_or("", |path| path.text.trim_end_matches('/'));
        let key = if key == "." { String::new() } else { key.to_lowercase() };
        let word = |name: &str| element.attribute(name).map(|it| it.value.text.to_ascii_lowercase());
        let allows = match word("overrideMode").or_else(|| word("allowOverride")).as_deref() {
            Some("allow" | "true") => Some(true),
            Some("deny" | "false") => Some(false),
            _ => None,
        };
        let inherited_by_applications = word("inheritInChildApplications").as_deref() != Some("false");
        Layer { path, key, inherited_by_applications, allows, entries: Vec::new() }
    }

    /// How reports name the layer.
    pub fn origin(&self) -> String {
        match &self.path {
            Some(path) => format!("location {}", path.text),
            None => "applicationHost.config".to_owned(),
        }
    }

    /// Whether the layer is the one of exactly this path.
    pub fn is_at(&self, path: &str) -> bool {
        self.key == path.to_lowercase()
    }

    fn reaches(&self, key: &str) -> bool {
        self.key.is_empty()
            || key.strip_prefix(&self.key).is_some_and(|below| below.is_empty() || below.starts_with('/'))
    }
}

impl Entry {
    fn attribute(&self, name: &str) -> Option<&Text> {
        attribute(&self.attributes, name)
    }

    /// Whether this is an item of a collection, not an element that holds settings.
    fn is_item(&self) -> bool {
        matches!(last(&self.path), "add" | "remove" | "clear")
    }

    /// Why the settings of this element cannot be seen, if they are kept elsewhere or encrypted.
    fn opacity(&self) -> Option<String> {
        if self.attribute("configSource").is_some() {
            Some(format!("{} is kept in another file", self.path))
        } else if self.attribute("configProtectionProvider").is_some() {
            Some(format!("{} is encrypted", self.path))
        } else {
            None
        }
    }

    fn problems(&self, problems: &mut Vec<Problem>) {
        for (name, value) in &self.attributes {
            let rows = || attributes::ATTRIBUTES.iter().filter(|row| row.section.eq_ignore_ascii_case(&self.path));
            let Some(row) = rows().find(|row| row.name.eq_ignore_ascii_case(name)) else { continue };
            let message = if row.section != self.path {
                format!("element names are case-sensitive: the section is {}", row.section)
            } else if row.name != name {
                format!("attribute names are case-sensitive: the name is `{}`", row.name)
            } else if !attributes::accepts(row.kind, &value.text) {
                format!("`{}` cannot be `{}`", row.name, value.text)
            } else {
                continue;
            };
            problems.push(Problem::new(ProblemKind::IisInvalid, value.span, message));
        }
    }
}

impl<'i> Item<'i> {
    /// The value of an attribute of the item.
    pub fn attribute(&self, name: &str) -> Option<&'i Text> {
        attribute(self.attributes, name)
    }
}

impl<'i> Collection<'i> {
    fn take(&mut self, layer: &'i Layer, entry: &'i Entry, section: &str, key: &[&str]) {
        if let Some(why) = entry.opacity().filter(|_| is_within(section, &entry.path)) {
            self.undetermined = Some((why, Some(entry.tag)));
            return;
        }
        if entry.path == section {
            self.place = Some(entry.tag);
        }
        match entry.path.strip_prefix(section) {
            Some("/clear") => {
                *self = Collection { items: Vec::new(), is_default: false, place: Some(entry.tag), undetermined: None };
            }
            Some("/add") => {
                self.is_default = false;
                self.items.push(Item { tag: entry.tag, layer, attributes: &entry.attributes });
            }
            Some("/remove") => self.items.retain(|item| !same_key(item.attributes, &entry.attributes, key)),
            _ => {}
        }
    }
}

fn same_key(one: &[(String, Text)], other: &[(String, Text)], key: &[&str]) -> bool {
    key.iter().all(|name| {
        let text = |it| attribute(it, name).map_or(String::new(), |value| value.text.to_ascii_lowercase());
        text(one) == text(other)
    })
}

fn attribute<'a>(attributes: &'a [(String, Text)], name: &str) -> Option<&'a Text> {
    attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// The layers of a chain grouped by path, from the innermost group to the outermost.
fn levels<'c, 'i>(chain: &'c [&'i Layer]) -> impl Iterator<Item = &'c [&'i Layer]> {
    chain.chunk_by(|one, other| one.key == other.key).rev()
}

fn effective_at<'i>(level: &[&'i Layer], section: &str, name: &str) -> Option<Effective<'i>> {
    let mut found: Option<Effective<'i>> = None;
    for layer in level {
        for entry in layer.entries.iter().filter(|entry| is_within(section, &entry.path)) {
            if let Some(why) = entry.opacity() {
                return Some(Effective::Undetermined(why, Some(entry.tag)));
            }
            let Some(value) = entry.attribute(name).filter(|_| entry.path == section) else { continue };
            match &found {
                Some(Effective::Set { value: earlier, .. }) if !earlier.is(&value.text) => {
                    let why = format!("two places of one level set {name} of {section} differently");
                    return Some(Effective::Undetermined(why, Some(value.span)));
                }
                _ => found = Some(Effective::Set { value, layer }),
            }
        }
    }
    found
}

/// Whether `path` is the section, or holds it.
fn is_within(section: &str, path: &str) -> bool {
    section.strip_prefix(path).is_some_and(|below| below.is_empty() || below.starts_with('/'))
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn collect_groups(document: &XmlDocument<'_>, parent: ElementId, entries: &mut Vec<Entry>) {
    for child in document.children(parent) {
        let name = document.get(child).local_name().to_owned();
        collect(document, child, &name, entries);
    }
}

/// Items of collections that no rule can ask about are most of a real file and are passed over.
fn collect(document: &XmlDocument<'_>, root: ElementId, path: &str, entries: &mut Vec<Entry>) {
    let mut pending = vec![(root, path.to_owned())];
    while let Some((id, path)) = pending.pop() {
        let element = document.get(id);
        let attributes =
            element.attributes.iter().map(|it| (it.name.text.to_string(), it.value.clone().into_owned())).collect();
        let children: Vec<(ElementId, String)> = document
            .children(id)
            .filter(|child| keeps(&path, document.get(*child).local_name()))
            .map(|child| (child, format!("{path}/{}", document.get(child).local_name())))
            .collect();
        pending.extend(children.into_iter().rev());
        entries.push(Entry { path, tag: element.tag, attributes });
    }
}

fn keeps(parent: &str, name: &str) -> bool {
    match name {
        "add" | "remove" | "clear" => parent == attributes::IP_SECURITY || last(parent) == "providers",
        "mimeMap" | "filter" | "error" | "rule" => false,
        _ => true,
    }
}
