//! Layers: the places of a configuration that settings apply from, and the elements that set them.

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::attributes::{self, Items};
use crate::model::iis::lock;
use crate::model::words::{held, held_value};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::xml::{ElementId, XmlDocument};
use crate::text::scalar::Text;
use crate::text::secret::masked;
use crate::text::span::Span;

/// One place of a file that settings apply from: the body, or a location tag.
#[derive(Debug, Clone)]
pub struct Layer {
    /// The `path` of the location tag as written; `None` for the body of the file.
    pub path: Option<Text>,
    /// The path from the server's root in lower case, without a slash at its end; empty for the whole server.
    pub(super) key: String,
    /// The path that the web.config lies at, as reports name it; `None` for applicationHost.config.
    pub(super) home: Option<Arc<str>>,
    /// Whether appcmd printed it: what is in force at exactly this path, wherever it is set.
    pub(super) printed: bool,
    pub(super) inherited_by_applications: bool,
    pub(super) allows: Option<bool>,
    /// Where the tag says whether lower files may set what stands in it.
    pub(super) mode: Option<Span>,
    pub(super) entries: Arc<Vec<Entry>>,
    /// The elements among them that lock attributes or elements, by their indices.
    pub(super) locking: Vec<usize>,
}

/// One element below a layer, with its path from there.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) path: Cow<'static, str>,
    /// The collection whose item it is.
    pub(super) items: Option<&'static Items>,
    pub(super) tag: Span,
    /// How long the name in the tag is.
    pub(super) name_length: u32,
    pub(super) attributes: Box<[(Cow<'static, str>, Text)]>,
}

impl Layer {
    pub(super) fn body(entries: Vec<Entry>) -> Layer {
        let body = Layer {
            path: None,
            key: String::new(),
            home: None,
            printed: false,
            inherited_by_applications: true,
            allows: None,
            mode: None,
            entries: Arc::default(),
            locking: Vec::new(),
        };
        body.with(entries)
    }

    /// The layer with these entries.
    pub(super) fn with(self, entries: Vec<Entry>) -> Layer {
        let locks = |entry: &Entry| entry.attributes.iter().any(|(name, _)| lock::is_lock(name));
        let locking = entries.iter().enumerate().filter(|(_, entry)| locks(entry)).map(|(index, _)| index).collect();
        let mut entries = entries;
        entries.shrink_to_fit();
        Layer { entries: Arc::new(entries), locking, ..self }
    }

    pub(super) fn location(document: &XmlDocument<'_>, id: ElementId) -> Layer {
        let element = document.get(id);
        let path = element.attribute("path").map(|it| it.value.clone().into_owned());
        let key = path.as_ref().map_or("", |path| path.text.trim_end_matches('/'));
        let key = if key == "." { String::new() } else { key.to_lowercase() };
        let word = |name: &str| element.attribute(name).map(|it| it.value.text.to_ascii_lowercase());
        let mode = element.attribute("overrideMode").or_else(|| element.attribute("allowOverride"));
        let allows = match mode.map(|it| it.value.text.to_ascii_lowercase()).as_deref() {
            Some("allow" | "true") => Some(true),
            Some("deny" | "false") => Some(false),
            _ => None,
        };
        let mut entries = Vec::new();
        collect_groups(document, id, &mut entries);
        Layer {
            path,
            key,
            inherited_by_applications: word("inheritInChildApplications").as_deref() != Some("false"),
            allows,
            mode: mode.map(|it| it.value.span),
            ..Layer::body(entries)
        }
    }

    /// What appcmd printed for a path.
    pub(super) fn printed(path: &Text, entries: Vec<Entry>) -> Layer {
        let key = path.text.to_lowercase();
        Layer { path: Some(path.clone()), key, printed: true, ..Layer::body(entries) }
    }

    /// The layer of a web.config that lies at `home` (`Default Web Site/owa`): its paths count from there.
    pub(super) fn at_home(&self, home: &Arc<str>) -> Layer {
        let below = if self.key.is_empty() { String::new() } else { format!("/{}", self.key) };
        Layer { key: format!("{}{below}", home.to_lowercase()), home: Some(Arc::clone(home)), ..self.clone() }
    }

    /// How reports name the layer.
    pub fn origin(&self) -> String {
        match (&self.home, &self.path) {
            (Some(home), Some(path)) if !matches!(path.text.as_ref(), "" | ".") => {
                format!("web.config {home}, location {}", path.text)
            }
            (Some(home), _) => format!("web.config {home}"),
            (None, Some(path)) if self.printed => format!("appcmd list config {}", path.text),
            (None, Some(path)) => format!("location {}", path.text),
            (None, None) => "applicationHost.config".to_owned(),
        }
    }

    /// The path below the site, in lower case and without a slash at its beginning: empty for a site or the server.
    pub fn path_below_site(&self) -> &str {
        self.key.split_once('/').map_or("", |(_, below)| below)
    }

    /// The path that the web.config lies at; `None` for applicationHost.config.
    pub fn home(&self) -> Option<&str> {
        self.home.as_deref()
    }

    /// Whether the layer is the one of exactly this path.
    pub fn is_at(&self, path: &str) -> bool {
        self.key == path.to_lowercase()
    }

    /// How deep the file lies: 0 for applicationHost.config, 1 for the web.config of a site's root.
    pub(super) fn level(&self) -> usize {
        self.home.as_ref().map_or(0, |home| depth(home))
    }

    /// How deep the path lies that the layer is for.
    pub(super) fn depth(&self) -> usize {
        depth(&self.key)
    }

    /// Whether both layers are of one file and one path.
    pub(super) fn is_beside(&self, other: &Layer) -> bool {
        self.key == other.key && self.home == other.home
    }

    /// Whether the layer holds a section: a location tag locks only what stands in it.
    pub(super) fn speaks_of(&self, section: &str) -> bool {
        self.entries.iter().any(|entry| entry.path == section)
    }

    /// The first item of a collection that the layer changes.
    pub(super) fn first_item(&self, section: &str) -> Option<Span> {
        let is_item = |entry: &&Entry| entry.items.is_some_and(|it| it.section == section);
        self.entries.iter().find(is_item).map(|entry| entry.tag)
    }

    pub(super) fn reaches(&self, key: &str) -> bool {
        self.key.is_empty()
            || key.strip_prefix(&self.key).is_some_and(|below| below.is_empty() || below.starts_with('/'))
    }
}

impl Entry {
    /// Where the name stands in the tag.
    pub(super) fn name(&self) -> Span {
        let start = self.tag.start + 1;
        Span { start, end: start + self.name_length, ..self.tag }
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&Text> {
        attribute(&self.attributes, name)
    }

    /// Whether this is an item of a collection, not an element that holds settings.
    pub(super) fn is_item(&self) -> bool {
        self.items.is_some()
    }

    /// Why the settings of this element cannot be seen, if they are kept elsewhere or encrypted.
    pub(super) fn opacity(&self) -> Option<String> {
        if self.attribute("configSource").or(self.attribute("childSource")).is_some() {
            Some(format!("{} is kept in another file", self.path))
        } else if self.attribute("configProtectionProvider").is_some() {
            Some(format!("{} is encrypted", self.path))
        } else {
            None
        }
    }

    /// Values that their attributes cannot have.
    pub(super) fn problems(&self, problems: &mut Vec<Problem>) {
        for (name, value) in &self.attributes {
            let Some(row) = attributes::find(&self.path, name) else { continue };
            if !attributes::accepts(row.kind, &value.text) && !attributes::is_encrypted(&value.text) {
                let message = if attributes::is_number(row.kind, &value.text) {
                    format!("whether IIS takes a number for `{}` is not documented", row.name)
                } else {
                    format!("`{}` cannot be `{}`", row.name, masked(&value.text))
                };
                problems.push(Problem::new(ProblemKind::IisInvalid, value.span, message));
            }
        }
    }
}

/// How many parts a path has.
pub fn depth(path: &str) -> usize {
    if path.is_empty() { 0 } else { path.split('/').count() }
}

pub(super) fn attribute<'a>(attributes: &'a [(Cow<'static, str>, Text)], name: &str) -> Option<&'a Text> {
    attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// Whether `path` is the section, or holds it.
pub(super) fn is_within(section: &str, path: &str) -> bool {
    // Paths have long beginnings in common, so that where they end is looked at first.
    match section.as_bytes().get(path.len()) {
        Some(b'/') => section.starts_with(path),
        Some(_) => false,
        None => section == path,
    }
}

/// What a path is below a section, if it lies in it.
pub(super) fn below<'p>(path: &'p str, section: &str) -> Option<&'p str> {
    let ends_there = path.as_bytes().get(section.len()) == Some(&b'/') && path.starts_with(section);
    ends_there.then(|| &path[section.len() + 1..])
}

fn collect_groups(document: &XmlDocument<'_>, parent: ElementId, entries: &mut Vec<Entry>) {
    for child in document.children(parent) {
        let name = document.get(child).local_name().to_owned();
        collect(document, child, &name, entries);
    }
}

/// Items of collections that no rule can ask about are most of a real file and are passed over.
pub(super) fn collect(document: &XmlDocument<'_>, root: ElementId, path: &str, entries: &mut Vec<Entry>) {
    let mut pending = vec![(root, held(path))];
    let mut joined = String::new();
    while let Some((id, path)) = pending.pop() {
        let element = document.get(id);
        let mut attributes: Vec<(Cow<'static, str>, Text)> =
            element.attributes.iter().map(|it| (held(&it.name.text), held_value(&it.value))).collect();
        if document.children(id).any(|child| document.get(child).local_name() == "EncryptedData") {
            attributes.push((Cow::Borrowed("configProtectionProvider"), Text::rewritten("", element.tag)));
        }
        let from = pending.len();
        let kept = document.children(id).filter(|child| keeps(&path, document.get(*child).local_name()));
        pending.extend(kept.map(|child| {
            joined.clear();
            joined.extend([&path, "/", document.get(child).local_name()]);
            (child, held(&joined))
        }));
        pending[from..].reverse();
        let items = items_in(&path);
        let name_length = element.name.text.len() as u32;
        let attributes = attributes.into_boxed_slice();
        entries.push(Entry { path, items, tag: element.tag, name_length, attributes });
    }
}

fn keeps(parent: &str, name: &str) -> bool {
    match name {
        "add" if attributes::last_part(parent) == "conditions" => is_of_rewriting(parent),
        "add" | "remove" | "clear" | "error" | "rule" => attributes::collection_in(parent).is_some(),
        "mimeMap" | "filter" | "preCondition" | "rewriteMap" => false,
        _ => true,
    }
}

/// The collection that an element with this path is an item of.
pub(super) fn items_in(path: &str) -> Option<&'static Items> {
    let (section, name) = path.rsplit_once('/')?;
    let items = attributes::collection_in(section)?;
    (name == items.element || matches!(name, "add" | "remove" | "clear")).then_some(items)
}

/// Whether an element stands in a rule of URL Rewrite.
fn is_of_rewriting(path: &str) -> bool {
    [attributes::REWRITE_RULES, attributes::GLOBAL_RULES].iter().any(|it| is_within(path, it))
}
