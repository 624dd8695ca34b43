//! The IIS configuration of one server: its layers, and the value that is in force at a path, with its origin.

mod chain;
mod collection;
mod faults;
mod layer;
mod lock;
mod lower;
mod passed;
mod printed;
mod validity;
mod web_config;

use std::collections::BTreeMap;

pub use self::chain::{Chain, Effective};
pub use self::collection::{Collection, Item, TWICE};
pub use self::layer::{Layer, depth};
pub use self::lower::{FAILS, Refusal, RefusalKind};
pub use self::passed::PASSED;
pub use self::printed::Printed;
pub use self::web_config::{Piece, WebConfig};
use crate::model::iis::layer::{Entry, collect};
use crate::model::iis::lock::Sections;
use crate::model::iis::lower::Lower;
use crate::model::site::Sites;
use crate::read::problem::Problem;
use crate::read::xml::{ElementId, XmlDocument};
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
    /// Whether it is what appcmd printed: each of its values holds at exactly one path.
    pub excerpt: bool,
    /// Why nothing is concluded from it, and where that shows: it has a fault, or is not in force.
    pub unusable: Option<(&'static str, Span)>,
    /// The root element's start tag.
    pub root: Span,
    /// Sites and application pools.
    pub sites: Sites,
    layers: Vec<Layer>,
    /// The layers of each path, by their indices.
    by_key: BTreeMap<String, Vec<usize>>,
    sections: Sections,
    lower: Lower,
}

impl Iis {
    /// Takes the settings out of a configuration; gives what is wrong with it beside.
    pub fn from_xml(document: &XmlDocument<'_>, root: ElementId) -> (Iis, Vec<Problem>) {
        let faults = validity::problems(document, root);
        Iis::from_elements(document, root, document.children(root), faults)
    }

    /// Takes the settings out of parts of a configuration that stand by themselves; `first` is the first of them.
    pub fn from_parts(document: &XmlDocument<'_>, first: ElementId) -> (Iis, Vec<Problem>) {
        Iis::from_elements(document, first, document.roots(), validity::problems_of_parts(document))
    }

    fn from_elements(
        document: &XmlDocument<'_>,
        root: ElementId,
        parts: impl Iterator<Item = ElementId>,
        mut problems: Vec<Problem>,
    ) -> (Iis, Vec<Problem>) {
        let place = document.get(root).tag;
        let (mut sites, mut sections) = (Sites::default(), Sections::default());
        let (mut fragment, mut body, mut locations) = (true, Vec::new(), Vec::new());
        for child in parts {
            match document.get(child).local_name() {
                "configSections" => {
                    fragment = false;
                    sections.collect(document, child);
                }
                "location" => locations.push(Layer::location(document, child)),
                "system.applicationHost" => sites.collect(document, child),
                "sites" | "site" | "applicationPools" if document.get(child).depth == 0 => {
                    sites.collect_part(document, child);
                }
                name => collect(document, child, name, &mut body),
            }
        }
        let layers: Vec<Layer> = [Layer::body(body)].into_iter().chain(locations).collect();
        let unusable = match problems.first() {
            _ if !document.complete => Some((BROKEN, place)),
            first => first.map(|it| (INVALID, it.span)),
        };
        faults::of_layers(&layers, &mut problems);
        faults::of_host_layers(&layers, &sites, &mut problems);
        faults::of_sites(&sites, &mut problems);
        let lower = Lower::default();
        let (excerpt, by_key) = (false, BTreeMap::new());
        let mut iis =
            Iis { fragment, excerpt, unusable, root: place, sites, layers: Vec::new(), by_key, sections, lower };
        iis.take_layers(layers);
        (iis, problems)
    }

    fn take_layers(&mut self, layers: Vec<Layer>) {
        for (index, layer) in layers.iter().enumerate() {
            self.by_key.entry(layer.key.clone()).or_default().push(index);
        }
        self.layers = layers;
    }

    /// How many parts of its files a question about one path may have to go through: layers and their elements.
    pub fn weight(&self) -> usize {
        self.layers.iter().chain(self.lower.layers()).map(|layer| 1 + layer.entries.len()).sum()
    }

    /// Whether the file says anything that a virtual directory could be judged by.
    pub fn is_empty(&self) -> bool {
        self.sites.is_empty() && self.layers.iter().all(|layer| layer.entries.is_empty())
    }
}

impl Layer {
    /// The elements of a section that lock something.
    fn locks_of(&self, section: &str) -> impl Iterator<Item = &Entry> {
        self.locking().filter(move |entry| entry.path == section)
    }

    /// The elements that lock something.
    fn locking(&self) -> impl Iterator<Item = &Entry> {
        self.locking.iter().map(|index| &self.entries[*index])
    }
}
