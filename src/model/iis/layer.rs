//! Layers: the places of a configuration that settings apply from, and the elements that set them.

use crate::model::attributes;
use crate::read::problem::{Problem, ProblemKind};
use crate::read::xml::{ElementId, XmlDocument};
use crate::text::scalar::Text;
use crate::text::secret::masked;
use crate::text::span::Span;

/// One place of the file that settings apply from: the body, or a location tag.
#[derive(Debug, Clone)]
pub struct Layer {
    /// The `path` of the location tag as written; `None` for the body of the file.
    pub path: Option<Text>,
    /// The path in lower case, without a slash at its end; empty for the whole server.
    pub(super) key: String,
    pub(super) inherited_by_applications: bool,
    pub(super) allows: Option<bool>,
    pub(super) entries: Vec<Entry>,
}

/// One element below a layer, with its path from there.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) tag: Span,
    pub(super) attributes: Vec<(String, Text)>,
}

impl Layer {
    pub(super) fn body() -> Layer {
        Layer { path: None, key: String::new(), inherited_by_applications: true, allows: None, entries: Vec::new() }
    }

    pub(super) fn location(document: &XmlDocument<'_>, id: ElementId) -> Layer {
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

    /// Whether the layer holds a section, or a group that holds it: a location tag locks only what stands in it.
    pub(super) fn speaks_of(&self, section: &str) -> bool {
        self.entries.iter().any(|entry| entry.path == section)
    }

    /// The first item of a collection that the layer changes.
    pub(super) fn first_item(&self, section: &str) -> Option<Span> {
        let is_item = |entry: &&Entry| {
            entry.is_item() && entry.path.strip_prefix(section).is_some_and(|rest| rest.starts_with('/'))
        };
        self.entries.iter().find(is_item).map(|entry| entry.tag)
    }

    pub(super) fn reaches(&self, key: &str) -> bool {
        self.key.is_empty()
            || key.strip_prefix(&self.key).is_some_and(|below| below.is_empty() || below.starts_with('/'))
    }
}

impl Entry {
    pub(super) fn attribute(&self, name: &str) -> Option<&Text> {
        attribute(&self.attributes, name)
    }

    /// Whether this is an item of a collection, not an element that holds settings.
    pub(super) fn is_item(&self) -> bool {
        matches!(last(&self.path), "add" | "remove" | "clear")
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
            if !attributes::accepts(row.kind, &value.text) {
                let message = format!("`{}` cannot be `{}`", row.name, masked(&value.text));
                problems.push(Problem::new(ProblemKind::IisInvalid, value.span, message));
            }
        }
    }
}

pub(super) fn attribute<'a>(attributes: &'a [(String, Text)], name: &str) -> Option<&'a Text> {
    attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// Whether `path` is the section, or holds it.
pub(super) fn is_within(section: &str, path: &str) -> bool {
    section.strip_prefix(path).is_some_and(|below| below.is_empty() || below.starts_with('/'))
}

pub(super) fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

pub(super) fn collect_groups(document: &XmlDocument<'_>, parent: ElementId, entries: &mut Vec<Entry>) {
    for child in document.children(parent) {
        let name = document.get(child).local_name().to_owned();
        collect(document, child, &name, entries);
    }
}

/// Items of collections that no rule can ask about are most of a real file and are passed over.
pub(super) fn collect(document: &XmlDocument<'_>, root: ElementId, path: &str, entries: &mut Vec<Entry>) {
    let mut pending = vec![(root, path.to_owned())];
    while let Some((id, path)) = pending.pop() {
        let element = document.get(id);
        let mut attributes: Vec<(String, Text)> =
            element.attributes.iter().map(|it| (it.name.text.to_string(), it.value.clone().into_owned())).collect();
        if document.children(id).any(|child| document.get(child).local_name() == "EncryptedData") {
            attributes.push(("configProtectionProvider".to_owned(), Text::rewritten("", element.tag)));
        }
        let children: Vec<(ElementId, String)> = document
            .children(id)
            .filter(|child| keeps(&path, document.get(*child).local_name()))
            .map(|child| (child, format!("{path}/{}", document.get(child).local_name())))
            .collect();
        pending.extend(children.into_iter().rev());
        entries.push(Entry { path, tag: element.tag, attributes });
    }
}

pub(super) fn keeps(parent: &str, name: &str) -> bool {
    match name {
        "add" | "remove" | "clear" => parent == attributes::IP_SECURITY || last(parent) == "providers",
        "mimeMap" | "filter" | "error" | "rule" => false,
        _ => true,
    }
}
