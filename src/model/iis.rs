//! The IIS configuration of one server: its layers, and the value that is in force at a path, with its origin.

mod collection;
mod layer;
mod validity;

use std::collections::BTreeMap;

pub use self::collection::{Collection, Item};
pub use self::layer::Layer;
use crate::model::attributes;
use crate::model::iis::layer::{collect, collect_groups, is_within};
use crate::model::site::Sites;
use crate::read::problem::{Problem, ProblemKind};
use crate::read::xml::{ElementId, XmlDocument};
use crate::text::scalar::Text;
use crate::text::span::Span;

/// Why what a fragment does not set is not known.
pub const FRAGMENT: &str = "is a fragment, and what it does not set may be set elsewhere";

/// Why nothing is concluded from a file that could not be read to its end.
pub const BROKEN: &str = "is not well-formed, and what stands behind the fault is not known";

/// Why nothing is concluded from a file that IIS refuses.
pub const INVALID: &str = "has names that IIS refuses, so what is in force is not what it says";

/// Why nothing is concluded from a file that IIS does not read.
pub const ELSEWHERE: &str = "is not in force: redirection.config sends IIS to another folder";

/// What one applicationHost.config sets.
#[derive(Debug, Clone)]
pub struct Iis {
    /// Whether it has no `configSections`: what a fragment does not set may be set elsewhere.
    pub fragment: bool,
    /// Why nothing is concluded from it, and where that shows: it has a fault, or is not in force.
    pub unusable: Option<(&'static str, Span)>,
    /// The root element's start tag.
    pub root: Span,
    /// Sites and application pools.
    pub sites: Sites,
    layers: Vec<Layer>,
    locks: BTreeMap<String, Lock>,
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

impl Iis {
    /// Takes the settings out of a configuration; gives what is wrong with it beside.
    pub fn from_xml(document: &XmlDocument<'_>, root: ElementId) -> (Iis, Vec<Problem>) {
        let element = document.get(root);
        let mut iis = Iis {
            fragment: true,
            unusable: (!document.complete).then_some((BROKEN, element.tag)),
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
        let mut problems = validity::problems(document, root);
        if let Some(first) = problems.first().filter(|_| iis.unusable.is_none()) {
            iis.unusable = Some((INVALID, first.span));
        }
        problems.extend(iis.problems());
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
            return Effective::Undetermined(FRAGMENT.to_owned(), Some(self.root));
        }
        Effective::Default
    }

    /// The items of the collection `section` (the element that holds `add`) that are in force for a chain of layers.
    pub fn collection<'i>(&self, chain: &[&'i Layer], section: &str, key: &[&str]) -> Collection<'i> {
        let mut it =
            Collection { items: Vec::new(), is_default: true, place: None, removed: Vec::new(), undetermined: None };
        if self.fragment {
            it.undetermined = Some((FRAGMENT.to_owned(), Some(self.root)));
        }
        for level in chain.chunk_by(|one, other| one.key == other.key) {
            for layer in level {
                for entry in &layer.entries {
                    it.take(layer, entry, section, key);
                }
            }
            let mut touching = level.iter().filter_map(|layer| layer.first_item(section));
            if let (Some(_), Some(second)) = (touching.next(), touching.next()) {
                it.undetermined = Some(("two places of one level change it".to_owned(), Some(second)));
            }
        }
        it
    }

    /// Whether a web.config could set this section at a path, so that the file alone does not say what is in force.
    pub fn is_open_to_lower_files(&self, chain: &[&Layer], section: &str) -> bool {
        let speaking = chain.iter().rev().filter(|layer| layer.speaks_of(section));
        match { speaking }.find_map(|layer| layer.allows) {
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
        for (name, value) in self.sites.invalid_switches() {
            let message = format!("`{name}` cannot be `{}`", value.text);
            problems.push(Problem::new(ProblemKind::IisInvalid, value.span, message));
        }
        for layer in &self.layers {
            problems.extend(self.location_problem(layer));
        }
        self.duplicates(&mut problems);
        problems
    }

    /// A location tag whose path is written in a way that may match nothing, or that names no site of the file.
    fn location_problem(&self, layer: &Layer) -> Option<Problem> {
        let path = layer.path.as_ref().filter(|_| !layer.key.is_empty())?;
        let text = path.text.as_ref();
        let odd = text.contains("//") || text.contains(['\\', '%']) || text.starts_with(['/', '.']);
        if odd || text.trim() != text || text.split('/').any(|part| part.trim() != part) {
            let message = "whether IIS matches a path that is written like this is not documented";
            return Some(Problem::new(ProblemKind::IisOddPath, path.span, message));
        }
        let site = layer.key.split('/').next().unwrap_or_default();
        let is_known = self.sites.sites.iter().any(|it| it.name.text.to_lowercase() == site);
        let message = "no site of this file has this name, so the settings apply to nothing";
        (!is_known && !self.sites.sites.is_empty()).then(|| Problem::new(ProblemKind::IisDeadPath, path.span, message))
    }

    fn duplicates(&self, problems: &mut Vec<Problem>) {
        let providers = format!("{}/providers", attributes::WINDOWS);
        for section in [attributes::IP_SECURITY, &providers] {
            let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
            for layer in &self.layers {
                let Some(item) = layer.first_item(section) else { continue };
                if seen.insert(&layer.key, item).is_some() {
                    let message = format!("another place of this level changes {section} too");
                    problems.push(Problem::new(ProblemKind::IisDuplicate, item, message));
                }
            }
        }
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
