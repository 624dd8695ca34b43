//! Locks: which sections, attributes and elements lower configuration files may not set.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::attributes;
use crate::model::iis::layer::{self, Entry, Layer};
use crate::model::words::held;
use crate::read::xml::{ElementId, XmlDocument};
use crate::text::span::Span;

/// The sections that a file declares, by their paths.
#[derive(Debug, Clone, Default)]
pub(super) struct Sections(BTreeMap<Cow<'static, str>, Section>);

#[derive(Debug, Clone, Copy)]
struct Section {
    open: bool,
    host_only: bool,
    place: Span,
}

/// Whether a lower file may set a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It may.
    Open,
    /// It may not; the place says so.
    Locked(Span),
    /// No file that was given declares the section, and IIS ships it locked.
    Unknown,
}

/// Something that a lower file sets although a file above it locks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Violation {
    /// What is locked.
    pub(super) what: String,
    /// Where it is set.
    pub(super) set: Span,
    /// Where it is locked.
    pub(super) lock: Span,
}

const LOCKS: [&str; 5] =
    ["lockAttributes", "lockAllAttributesExcept", "lockElements", "lockAllElementsExcept", "lockItem"];

/// Whether an attribute of an element locks something; every element may have such attributes.
pub(super) fn is_lock(name: &str) -> bool {
    LOCKS.contains(&name)
}

impl Sections {
    /// Takes in a `configSections` element. `overrideModeDefault` is Allow unless it is written.
    pub(super) fn collect(&mut self, document: &XmlDocument<'_>, parent: ElementId) {
        let mut pending = vec![(parent, String::new())];
        let mut full = String::new();
        while let Some((parent, path)) = pending.pop() {
            for child in document.children(parent) {
                let element = document.get(child);
                let Some(name) = element.attribute("name") else { continue };
                full.clear();
                full.extend([path.as_str(), if path.is_empty() { "" } else { "/" }, &name.value.text]);
                match element.local_name() {
                    "sectionGroup" => pending.push((child, full.clone())),
                    "section" => {
                        let mode = element.attribute("overrideModeDefault");
                        let level = element.attribute("allowDefinition");
                        let host_only = level
                            .filter(|it| ["AppHostOnly", "MachineOnly", "MachineToRootWeb"].contains(&&*it.value.text));
                        let place = host_only.or(mode).map_or(name.value.span, |it| it.value.span);
                        let open = !mode.is_some_and(|it| it.value.is("Deny"));
                        self.0.insert(held(&full), Section { open, host_only: host_only.is_some(), place });
                    }
                    _ => {}
                }
            }
        }
    }

    /// Where a section is declared.
    pub(super) fn place(&self, section: &str) -> Option<Span> {
        self.0.get(section).map(|it| it.place)
    }

    /// The paths of the sections, each with the place of its declaration.
    pub(super) fn declared(&self) -> impl Iterator<Item = (&str, Span)> {
        self.0.iter().map(|(path, section)| (path.as_ref(), section.place))
    }

    /// Whether a path is that of a section, declared or known.
    pub(super) fn has(&self, path: &str) -> bool {
        self.0.contains_key(path) || attributes::is_section(path)
    }

    /// Whether files below these layers may set a section: the nearest location tag that holds the section and says
    /// so decides, else the declaration.
    pub(super) fn state<'l>(&self, above: impl DoubleEndedIterator<Item = &'l Layer>, section: &str) -> State {
        let section = attributes::owner(section);
        let declared = self.0.get(section);
        if let Some(it) = declared.filter(|it| it.host_only) {
            return State::Locked(it.place);
        }
        let mut speaking = above.rev().filter(|layer| layer.allows.is_some() && layer.speaks_of(section));
        match (speaking.next(), declared) {
            (Some(Layer { allows: Some(false), mode: Some(mode), .. }), _) => State::Locked(*mode),
            (Some(_), _) => State::Open,
            (None, Some(it)) if it.open => State::Open,
            (None, Some(it)) => State::Locked(it.place),
            (None, None) if attributes::is_open_by_default(section) => State::Open,
            (None, None) => State::Unknown,
        }
    }
}

/// Where an element locks one of its attributes.
pub(super) fn of_attribute(entry: &Entry, name: &str) -> Option<Span> {
    let listed = entry.attribute("lockAttributes").filter(|it| lists(&it.text, name, true));
    let rest = entry.attribute("lockAllAttributesExcept").filter(|it| !lists(&it.text, name, false));
    let item = entry.attribute("lockItem").filter(|it| it.is("true"));
    listed.or(rest).or(item).map(|it| it.span)
}

/// Where an element locks an element inside it.
pub(super) fn of_child(entry: &Entry, name: &str) -> Option<Span> {
    let listed = entry.attribute("lockElements").filter(|it| lists(&it.text, name, true));
    let rest = entry.attribute("lockAllElementsExcept").filter(|it| !lists(&it.text, name, false));
    let item = entry.attribute("lockItem").filter(|it| it.is("true"));
    listed.or(rest).or(item).map(|it| it.span)
}

/// What a layer sets although an element of a layer above it locks it.
pub(super) fn violations<'l>(lock: &'l Entry, layer: &'l Layer) -> impl Iterator<Item = Violation> + 'l {
    layer.entries.iter().filter_map(move |entry| match lock.is_item() {
        true => item_violation(lock, entry),
        false if entry.path == lock.path => attribute_violation(lock, entry),
        false => child_violation(lock, entry),
    })
}

fn attribute_violation(lock: &Entry, entry: &Entry) -> Option<Violation> {
    let mut own = entry.attributes.iter().filter(|(name, _)| !is_lock(name));
    own.find_map(|(name, value)| {
        let what = format!("`{name}` of `{}`", attributes::last_part(&entry.path));
        Some(Violation { what, set: value.span, lock: of_attribute(lock, name)? })
    })
}

fn child_violation(lock: &Entry, entry: &Entry) -> Option<Violation> {
    let child = layer::below(&entry.path, &lock.path).filter(|child| !child.contains('/'))?;
    let what = format!("`{child}` in `{}`", attributes::last_part(&lock.path));
    Some(Violation { what, set: entry.tag, lock: of_child(lock, child)? })
}

/// A locked item can neither be removed nor cleared away.
fn item_violation(lock: &Entry, entry: &Entry) -> Option<Violation> {
    let span = lock.attribute("lockItem").filter(|it| it.is("true"))?.span;
    let parent = |it: &Entry| it.path.rsplit_once('/').map(|(parent, _)| parent.to_owned());
    let same = || {
        !entry.attributes.is_empty()
            && entry.attributes.iter().all(|(name, value)| lock.attribute(name).is_some_and(|it| it.is(&value.text)))
    };
    let takes = match attributes::last_part(&entry.path) {
        "clear" => true,
        "remove" => same(),
        _ => false,
    };
    (takes && parent(entry) == parent(lock)).then(|| Violation {
        what: "an item of a collection".to_owned(),
        set: entry.tag,
        lock: span,
    })
}

/// Whether a list of names, with commas, holds a name; `*` stands for all of them where `star` says so.
fn lists(text: &str, name: &str, star: bool) -> bool {
    text.split(',').map(str::trim).any(|it| it == name || (star && it == "*"))
}
