//! Format-List text: objects of labelled values, as PowerShell prints them and as people paste them.

use crate::read::problem::Problem;
use crate::text::scalar::Scalar;
use crate::text::span::{SourceId, Span};

/// What a file of Format-List output holds.
#[derive(Debug, Clone, Default)]
pub struct ListDocument<'t> {
    /// The objects, in the order of the file.
    pub objects: Vec<ListObject<'t>>,
}

/// One object: its properties in the order of the file.
#[derive(Debug, Clone)]
pub struct ListObject<'t> {
    /// From the first label to the end of the last value.
    pub span: Span,
    /// The prompt line that printed the object, if one stands above it: its command, without the prompt.
    pub command: Option<Scalar<'t>>,
    /// Names are unique, without regard to case, unless both say the same.
    pub properties: Vec<Property<'t>>,
}

/// One property: a label and what stands behind its colon.
#[derive(Debug, Clone)]
pub struct Property<'t> {
    /// The label.
    pub name: Scalar<'t>,
    /// The value.
    pub value: Value<'t>,
}

/// What stands behind a label's colon.
#[derive(Debug, Clone)]
pub enum Value<'t> {
    /// Nothing: null, an empty string or a getter that failed. The span is the empty place behind the label's colon.
    Empty(Span),
    /// A text; wrapped lines are joined.
    Text(Scalar<'t>),
    /// The text cannot be known: two different values, or lines that cannot be joined with certainty.
    Unreadable(Span),
}

/// The items of a `{a, b}` value.
#[derive(Debug, Clone)]
pub struct Items<'t> {
    /// The items, trimmed; none for `{}`.
    pub items: Vec<Scalar<'t>>,
    /// Whether the list was cut (`{a, b...}` or `{a, b…}`): an item that is not here may still be in the list.
    pub truncated: bool,
}

/// Reads Format-List text. Blocks that are no objects are passed over; what looks like an object and cannot be read
/// is a problem.
pub fn read(_text: &str, _source: SourceId) -> (ListDocument<'_>, Vec<Problem>) {
    (ListDocument::default(), Vec::new())
}

/// The items of a value in braces; `None` where the text is no list.
pub fn items<'t>(_value: &Scalar<'t>) -> Option<Items<'t>> {
    None
}
