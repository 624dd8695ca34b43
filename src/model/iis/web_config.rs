//! web.config files: what one sets, below whatever path it will turn out to lie at.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::attributes;
use crate::model::iis::layer::{self, Entry, Layer, collect, is_within};
use crate::model::iis::lock::Sections;
use crate::model::iis::{faults, validity};
use crate::model::words::held;
use crate::read::problem::{Problem, ProblemKind};
use crate::read::xml::{ElementId, XmlDocument};
use crate::text::scalar::Text;
use crate::text::span::{SourceId, Span};

/// How many elements of sections that are kept elsewhere are repeated, where several places keep theirs in one file.
const MAX_REPEATED: usize = 100_000;

/// What one web.config sets.
#[derive(Debug, Clone)]
pub struct WebConfig {
    /// The body of the file and its location tags; their paths count from the folder of the file.
    pub(super) layers: Arc<Vec<Layer>>,
    /// The sections that it declares.
    pub(super) sections: Sections,
    /// Why IIS does not load the file, and where that shows.
    pub fault: Option<(String, Span)>,
    /// The root element's name.
    root: Span,
}

/// A section by itself, which a `configSource` may name.
#[derive(Debug, Clone)]
pub struct Piece {
    /// The element's name.
    pub name: Text,
    /// The path of the section that it is one of, as far as that is known.
    path: String,
    entries: Vec<Entry>,
    complete: bool,
}

/// A section of a web.config that is kept in another file.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The name of the section's element.
    pub section: String,
    /// The name of the file as written.
    pub file: Text,
}

impl WebConfig {
    /// Takes the settings out of a web.config; gives what is wrong with it beside.
    pub fn from_xml(document: &XmlDocument<'_>, root: ElementId) -> (WebConfig, Vec<Problem>) {
        let (mut body, mut locations, mut sections) = (Vec::new(), Vec::new(), Sections::default());
        for child in document.children(root) {
            match document.get(child).local_name() {
                "configSections" => sections.collect(document, child),
                "location" => locations.push(Layer::location(document, child)),
                name => collect(document, child, name, &mut body),
            }
        }
        let layers: Vec<Layer> = [Layer::body(body)].into_iter().chain(locations).collect();
        let mut problems = validity::problems(document, root);
        let place = &document.get(root).name;
        if place.text != "configuration" {
            let message = "element names are case-sensitive: the root is `configuration`";
            problems.push(Problem::new(ProblemKind::IisInvalid, place.span, message));
        }
        problems
            .extend(layers.iter().flat_map(|layer| layer.entries.iter()).filter_map(|it| beside_source(document, it)));
        let fault = match problems.first() {
            _ if !document.complete => Some(("is not well-formed".to_owned(), document.get(root).tag)),
            first => first.map(|it| ("has what IIS refuses".to_owned(), it.span)),
        };
        faults::of_layers(&layers, &mut problems);
        (WebConfig { layers: Arc::new(layers), sections, fault, root: place.span }, problems)
    }

    /// A web.config of which nothing could be read, so that IIS does not load it either; `fault` says what it is.
    pub fn unread(source: SourceId, fault: &str) -> WebConfig {
        let root = Span::file(source);
        let layers = Arc::new(vec![Layer::body(Vec::new())]);
        WebConfig { layers, sections: Sections::default(), fault: Some((fault.to_owned(), root)), root }
    }

    /// Where the file is shown: what it sets that decides, or what keeps IIS from loading it, else its root.
    pub fn place(&self) -> Span {
        self.decider().map(|(_, span)| span).or(self.fault.as_ref().map(|(_, span)| *span)).unwrap_or(self.root)
    }

    /// Whether it can decide about OWA wherever it lies.
    pub fn matters(&self) -> bool {
        self.fault.is_some() || self.decider().is_some()
    }

    /// Whether there is nothing in it.
    pub fn is_bare(&self) -> bool {
        self.layers.iter().all(|layer| layer.entries.is_empty())
    }

    /// The first element that sets something that decides about OWA, or hides whether it does.
    pub fn decider(&self) -> Option<(String, Span)> {
        let entries = self.layers.iter().flat_map(|layer| layer.entries.iter());
        let first = { entries }.find(|entry| decides(entry))?;
        Some((attributes::last_part(&first.path).to_owned(), first.name()))
    }

    /// The sections that decide about OWA and are kept in other files.
    pub fn kept_elsewhere(&self) -> Vec<Kept> {
        let entries = self.layers.iter().flat_map(|layer| layer.entries.iter());
        let ours = entries.filter(|entry| attributes::is_section(&entry.path));
        let kept = |entry: &Entry| {
            let file = entry.attribute("configSource")?.clone();
            Some(Kept { section: attributes::last_part(&entry.path).to_owned(), file })
        };
        ours.filter_map(kept).collect()
    }

    /// Puts sections that are kept in other files in their places.
    pub fn fill(&mut self, found: &[(Kept, &Piece)]) {
        let by_place: BTreeMap<Span, &Piece> = found.iter().map(|(kept, piece)| (kept.file.span, *piece)).collect();
        let piece_of = |entry: &Entry| by_place.get(&entry.attribute("configSource")?.span).copied();
        let (mut used, mut repeated) = (BTreeSet::new(), 0);
        for layer in Arc::make_mut(&mut self.layers) {
            if layer.entries.iter().all(|entry| piece_of(entry).is_none()) {
                continue;
            }
            let mut entries = Vec::with_capacity(layer.entries.len());
            for entry in layer.entries.iter() {
                let Some(piece) = piece_of(entry) else {
                    entries.push(entry.clone());
                    continue;
                };
                repeated += if used.insert(piece.name.span) { 0 } else { piece.entries.len() };
                if repeated > MAX_REPEATED {
                    let why = "keeps a section in one file for more places than are looked at".to_owned();
                    self.fault = self.fault.take().or(Some((why, entry.tag)));
                    return;
                }
                entries.extend(piece.entries.iter().map(|it| it.below(&entry.path, &piece.path)));
            }
            *layer = layer.clone().with(entries);
        }
        if let Some((kept, _)) = found.iter().find(|(_, piece)| !piece.complete).filter(|_| self.fault.is_none()) {
            self.fault = Some(("keeps a section in a file that cannot be read".to_owned(), kept.file.span));
        }
    }

    /// How many bodies and location tags it has.
    pub fn layer_count(&self) -> usize {
        self.layers.len()
    }
}

impl Entry {
    /// The same element of a section with this path, where the section stands at another.
    fn below(&self, path: &str, section: &str) -> Entry {
        let path = held(&format!("{path}{}", self.path.strip_prefix(section).unwrap_or_default()));
        Entry { items: layer::items_in(&path), path, ..self.clone() }
    }
}

impl Piece {
    /// Takes the settings out of a section that stands by itself.
    pub fn from_xml(document: &XmlDocument<'_>, root: ElementId) -> Piece {
        let name = document.get(root).name.clone().into_owned();
        // Which items it may hold is told by the whole path.
        let path = attributes::section_called(document.get(root).local_name()).to_owned();
        let mut entries = Vec::new();
        collect(document, root, &path, &mut entries);
        let complete = document.complete && document.only_root() == Some(root);
        Piece { name, path, entries, complete }
    }

    /// Whether the element is one that a section of this name may be kept as.
    pub fn is_of(&self, kept: &Kept) -> bool {
        self.name.text == kept.section.as_str()
    }
}

/// A section that is kept in another file has nothing beside.
fn beside_source(document: &XmlDocument<'_>, entry: &Entry) -> Option<Problem> {
    let source = entry.attribute("configSource")?;
    let element = document.elements.binary_search_by_key(&entry.tag.start, |it| it.tag.start).ok()?;
    let has_more = entry.attributes.len() > 1 || document.children(ElementId(element as u32)).next().is_some();
    let message = "a section with configSource holds nothing else";
    has_more.then(|| Problem::new(ProblemKind::IisInvalid, source.span, message))
}

/// Whether an element sets something that decides about OWA, or hides whether it does.
fn decides(entry: &Entry) -> bool {
    let sections = attributes::ATTRIBUTES.iter().map(|row| row.section);
    if entry.opacity().is_some() {
        return { sections }.any(|section| is_within(section, &entry.path));
    }
    { sections }.any(|section| match entry.path.strip_prefix(section) {
        Some("") if section == attributes::HANDLERS => entry.attribute("accessPolicy").is_some(),
        Some("") => !entry.attributes.is_empty(),
        Some(rest) => rest.starts_with('/') && section != attributes::HANDLERS,
        None => false,
    })
}
