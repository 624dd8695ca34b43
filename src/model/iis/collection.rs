//! Collections: what `add`, `remove` and `clear` of all layers leave in force.

use crate::model::iis::layer::{Entry, Layer, attribute, is_within};
use crate::text::scalar::Text;
use crate::text::span::Span;

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
    /// What `remove` elements name, whether or not it was there.
    pub removed: Vec<Item<'i>>,
    /// Why items may be missing, and where that shows; `None` if the collection is whole.
    pub undetermined: Option<(String, Option<Span>)>,
}

impl<'i> Item<'i> {
    /// The value of an attribute of the item.
    pub fn attribute(&self, name: &str) -> Option<&'i Text> {
        attribute(self.attributes, name)
    }
}

impl<'i> Collection<'i> {
    pub(super) fn take(&mut self, layer: &'i Layer, entry: &'i Entry, section: &str, key: &[&str]) {
        if let Some(why) = entry.opacity().filter(|_| is_within(section, &entry.path)) {
            self.undetermined = Some((why, Some(entry.tag)));
            return;
        }
        if entry.path == section {
            self.place = Some(entry.tag);
        }
        match entry.path.strip_prefix(section) {
            Some("/clear") => {
                *self = Collection {
                    items: Vec::new(),
                    is_default: false,
                    place: Some(entry.tag),
                    removed: Vec::new(),
                    undetermined: None,
                };
            }
            Some("/add") => {
                self.is_default = false;
                self.items.push(Item { tag: entry.tag, layer, attributes: &entry.attributes });
            }
            Some("/remove") => {
                self.items.retain(|item| !same_key(item.attributes, &entry.attributes, key));
                self.removed.push(Item { tag: entry.tag, layer, attributes: &entry.attributes });
            }
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
