//! XML with the exact place of every element, attribute name and attribute value.

use crate::read::problem::Problem;
use crate::text::scalar::Scalar;
use crate::text::span::{SourceId, Span};

/// An XML file as an arena: elements in document order, so a parent stands before its children.
#[derive(Debug, Clone, Default)]
pub struct XmlDocument<'t> {
    /// Every element that was read; after a fault those before it.
    pub elements: Vec<Element<'t>>,
    /// Whether the whole file was read without a fault.
    pub complete: bool,
}

/// One element.
#[derive(Debug, Clone)]
pub struct Element<'t> {
    /// The name in the start tag, as written, with its prefix.
    pub name: Scalar<'t>,
    /// The start tag, from `<` to `>`.
    pub tag: Span,
    /// From the start tag's `<` to the end tag's `>`; to the fault where there is no end tag.
    pub span: Span,
    /// The element that holds this one; `None` for a root.
    pub parent: Option<ElementId>,
    /// How many elements hold this one: 0 for a root.
    pub depth: u32,
    /// The attributes in the order of the file.
    pub attributes: Vec<Attribute<'t>>,
}

/// An index into [`XmlDocument::elements`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementId(pub u32);

/// One attribute.
#[derive(Debug, Clone)]
pub struct Attribute<'t> {
    /// The name as written.
    pub name: Scalar<'t>,
    /// The value without its quotes, unescaped; verbatim if it holds nothing to unescape.
    pub value: Scalar<'t>,
}

/// Reads XML. A fault ends the reading and is a problem at its place; what stands before it is kept.
pub fn read(_text: &str, _source: SourceId) -> (XmlDocument<'_>, Vec<Problem>) {
    (XmlDocument::default(), Vec::new())
}

impl<'t> XmlDocument<'t> {
    /// The element that `id` names.
    pub fn get(&self, id: ElementId) -> &Element<'t> {
        &self.elements[id.0 as usize]
    }

    /// The roots: elements that no other holds.
    pub fn roots(&self) -> impl Iterator<Item = ElementId> + '_ {
        (0..self.elements.len() as u32).map(ElementId).filter(|id| self.get(*id).parent.is_none())
    }

    /// The elements directly inside `parent`, in document order.
    pub fn children(&self, parent: ElementId) -> impl Iterator<Item = ElementId> + '_ {
        let depth = self.get(parent).depth;
        let below = self.elements[parent.0 as usize + 1..].iter().take_while(move |it| it.depth > depth).count() as u32;
        (parent.0 + 1..=parent.0 + below).map(ElementId).filter(move |id| self.get(*id).depth == depth + 1)
    }
}

impl<'t> Element<'t> {
    /// The name without its prefix.
    pub fn local_name(&self) -> &str {
        self.name.text.rsplit(':').next().unwrap_or(&self.name.text)
    }

    /// The value of the attribute with this name; case counts, as it does in IIS.
    pub fn attribute(&self, name: &str) -> Option<&Attribute<'t>> {
        self.attributes.iter().find(|it| it.name.text == name)
    }
}
