//! XML with the exact place of every element, attribute name and attribute value.

mod attributes;
mod content;
mod events;
mod fault;
mod passing;
mod plain;
#[cfg(test)]
mod properties;
mod tag;
#[cfg(test)]
mod tests;

pub use self::attributes::Attributes;
pub use self::passing::Passed;
use crate::read::problem::Problem;
use crate::text::scalar::Scalar;
use crate::text::span::{SourceId, Span};

/// An XML file as an arena: elements in document order, so a parent stands before its children.
#[derive(Debug, Clone, Default)]
pub struct XmlDocument<'t> {
    /// Every element that was read and not passed over; after a fault those before it.
    pub elements: Vec<Element<'t>>,
    /// Whether the whole file was read without a fault.
    pub complete: bool,
    /// The elements that the fault left without an end, the outermost first.
    pub cut: Vec<ElementId>,
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
    /// The first element behind this one and all that it holds.
    pub next: ElementId,
    /// The attributes in the order of the file.
    pub attributes: Attributes<'t>,
}

/// An index into [`XmlDocument::elements`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementId(pub u32);

/// One attribute.
#[derive(Debug, Clone)]
pub struct Attribute<'t> {
    /// The name as written.
    pub name: Scalar<'t>,
    /// The value without its quotes, unescaped; verbatim if it holds nothing to unescape and no line end or tab, which
    /// XML reads as a blank.
    pub value: Scalar<'t>,
}

/// Where the XML begins: behind a byte order mark, and behind the line that PowerShell puts before what it writes to a
/// stream as XML.
fn beginning(text: &str) -> usize {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let line = text[mark..].find(['\r', '\n']).filter(|end| text[mark..mark + end].trim_end() == "#< CLIXML");
    mark + line.unwrap_or(0)
}

/// Whether the text looks like XML: what it begins with is a declaration, a comment, a document type or an element.
pub fn claims(text: &str) -> bool {
    let text = text[beginning(text)..].trim_start_matches(tag::is_blank);
    let Some(rest) = text.strip_prefix('<') else { return false };
    rest.starts_with("?xml")
        || rest.starts_with("!--")
        || tag::begins_doctype(text)
        || rest.starts_with(tag::begins_name)
}

/// Reads XML. A fault ends the reading and is a problem at its place; what stands before it is kept.
///
/// A file with a document type is refused: it gives no elements. Several roots are no fault, since documentation and
/// people quote parts of files; [`XmlDocument::only_root`] tells. Text and CDATA are checked; [`XmlDocument::text`] reads them.
pub fn read(text: &str, source: SourceId) -> (XmlDocument<'_>, Vec<Problem>) {
    events::read(text, source, &Passed::NOTHING)
}

/// The same without the elements that nobody asks about. Faults in them are faults all the same.
pub fn read_without<'t>(text: &'t str, source: SourceId, passed: &Passed) -> (XmlDocument<'t>, Vec<Problem>) {
    events::read(text, source, passed)
}

impl<'t> XmlDocument<'t> {
    /// The element that `id` names.
    pub fn get(&self, id: ElementId) -> &Element<'t> {
        &self.elements[id.0 as usize]
    }

    /// The roots: elements that no other holds.
    pub fn roots(&self) -> impl Iterator<Item = ElementId> + '_ {
        self.siblings(ElementId(0), ElementId(self.elements.len() as u32))
    }

    /// The root, if there is exactly one; a file with several is a fragment.
    pub fn only_root(&self) -> Option<ElementId> {
        let root = self.elements.first()?;
        (root.next.0 as usize == self.elements.len()).then_some(ElementId(0))
    }

    /// The elements directly inside `parent`, in document order.
    pub fn children(&self, parent: ElementId) -> impl Iterator<Item = ElementId> + '_ {
        self.siblings(ElementId(parent.0 + 1), self.get(parent).next)
    }

    /// From `first` on one sibling after the other, up to `end`.
    fn siblings(&self, first: ElementId, end: ElementId) -> impl Iterator<Item = ElementId> + '_ {
        let within = move |id: &ElementId| *id < end;
        std::iter::successors(Some(first).filter(within), move |id| Some(self.get(*id).next).filter(within))
    }
}

impl<'t> Element<'t> {
    /// The name without its prefix.
    pub fn local_name(&self) -> &str {
        let prefix = self.name.text.bytes().rposition(|it| it == b':').map_or(0, |colon| colon + 1);
        &self.name.text[prefix..]
    }

    /// The attribute with this name; case counts, as it does in IIS.
    pub fn attribute(&self, name: &str) -> Option<&Attribute<'t>> {
        self.attributes.iter().find(|it| it.name.text == name)
    }
}
