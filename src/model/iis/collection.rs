//! Collections: what `add`, `remove` and `clear` of all layers leave in force.

use std::borrow::Cow;

use crate::model::attributes::{Items, Key};
use crate::model::iis::layer::{self, Entry, Layer, attribute, is_within};
use crate::text::scalar::Text;
use crate::text::span::Span;

/// One item of a collection that is in force, and the layer that added it.
#[derive(Debug, Clone)]
pub struct Item<'i> {
    /// The start tag of the element.
    pub tag: Span,
    /// The layer.
    pub layer: &'i Layer,
    attributes: &'i [(Cow<'static, str>, Text)],
    path: &'i str,
    below: &'i [Entry],
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
    /// What `remove` elements name, whether or not it was there.
    pub removed: Vec<Item<'i>>,
    /// Why items may be missing, and where that shows; `None` if the collection is whole.
    pub undetermined: Option<(String, Option<Span>)>,
    /// The first item that is added although one with its key is there, and that one.
    pub twice: Option<(Span, Span)>,
    keys: std::collections::BTreeMap<String, Span>,
}

/// Why nothing is concluded from a collection in which an item stands twice.
pub const TWICE: &str = "an item is added twice, which IIS answers with 500.19";

impl<'i> Item<'i> {
    /// The value of an attribute of the item.
    pub fn attribute(&self, name: &str) -> Option<&'i Text> {
        attribute(self.attributes, name)
    }

    /// Its attributes as written, in their order.
    pub fn attributes(&self) -> impl Iterator<Item = (&'i str, &'i Text)> + use<'i> {
        self.attributes.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// The elements inside it with this path from there (`conditions/add`), in their order.
    pub fn inside(&self, path: &'i str) -> impl Iterator<Item = Item<'i>> + use<'i> {
        let (layer, own) = (self.layer, self.path);
        let here = move |entry: &&Entry| layer::below(&entry.path, own) == Some(path);
        let item = move |entry: &'i Entry| Item {
            tag: entry.tag,
            layer,
            attributes: &entry.attributes,
            path: &entry.path,
            below: &[],
        };
        self.below.iter().filter(here).map(item)
    }
}

impl Default for Collection<'_> {
    fn default() -> Self {
        Collection {
            items: Vec::new(),
            is_default: true,
            place: None,
            removed: Vec::new(),
            undetermined: None,
            twice: None,
            keys: std::collections::BTreeMap::new(),
        }
    }
}

impl<'i> Collection<'i> {
    /// Takes in the element with this index of a layer.
    pub(super) fn take(&mut self, layer: &'i Layer, index: usize, items: &Items) {
        let (entry, section, key) = (&layer.entries[index], items.section, items.key);
        if is_within(section, &entry.path)
            && let Some(why) = entry.opacity()
        {
            self.undetermined = Some((why, Some(entry.tag)));
            return;
        }
        if entry.path == section {
            self.place = Some(entry.tag);
        }
        let Some(name) = layer::below(&entry.path, section) else { return };
        let item = || Item {
            tag: entry.tag,
            layer,
            attributes: &entry.attributes,
            path: &entry.path,
            below: below(layer, index),
        };
        match name {
            "clear" => {
                let twice = self.twice.take();
                *self = Collection { is_default: false, place: Some(entry.tag), twice, ..Collection::default() };
            }
            _ if name == items.element => {
                self.is_default = false;
                if let Some(earlier) = self.keys.insert(key_of(&entry.attributes, key), entry.tag) {
                    self.twice.get_or_insert((entry.tag, earlier));
                    self.undetermined = Some((TWICE.to_owned(), Some(entry.tag)));
                }
                self.items.push(item());
            }
            "remove" => {
                let gone = key_of(&entry.attributes, key);
                if self.keys.remove(&gone).is_some() {
                    self.items.retain(|item| key_of(item.attributes, key) != gone);
                }
                self.removed.push(item());
            }
            _ => {}
        }
    }
}

/// The elements that stand inside the one with this index.
fn below(layer: &Layer, index: usize) -> &[Entry] {
    let rest = &layer.entries[index + 1..];
    let depth = |entry: &Entry| entry.path.matches('/').count();
    let own = depth(&layer.entries[index]);
    &rest[..rest.iter().take_while(|it| depth(it) > own).count()]
}

/// Key attributes compare without case, and together.
fn key_of(attributes: &[(Cow<'static, str>, Text)], key: Key) -> String {
    let part = |(name, default): &(&str, &str)| {
        attribute(attributes, name)
            .map_or_else(|| (*default).to_owned(), |value| value.text.trim().to_ascii_lowercase())
    };
    key.iter().map(part).collect::<Vec<_>>().join("\u{1f}")
}
