//! Objects: what every shape of a PowerShell export holds, whatever it looks like: named values, each with its place.

use crate::text::scalar::Scalar;
use crate::text::span::Span;

/// How an object was exported; what a text without a structure of its own means depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// `Format-List`: lists stand in braces and may be cut, null and empty look alike, lines may be wrapped.
    List,
    /// `Export-Clixml`: values have types.
    Clixml,
    /// `ConvertTo-Xml`: values have type names.
    ConvertToXml,
    /// `ConvertTo-Json`: enumerations stand as numbers, and what lies too deep as text.
    Json,
    /// `Export-Csv`: everything is text; a list is its items with blanks between, or the name of its type.
    Csv,
}

/// One exported object.
#[derive(Debug, Clone)]
pub struct Object<'t> {
    /// How it was exported.
    pub shape: Shape,
    /// From its first name to the end of its last value; of XML the tag that opens it.
    pub span: Span,
    /// The prompt line that printed the object, if one stands above it: its command, without the prompt.
    pub command: Option<Scalar<'t>>,
    /// The names of its types, the most derived first; none where the shape does not tell.
    pub types: Vec<Scalar<'t>>,
    /// Names are unique, without regard to case, unless both say the same or both are unreadable.
    pub properties: Vec<Property<'t>>,
}

/// One property: its name and its value.
#[derive(Debug, Clone)]
pub struct Property<'t> {
    /// The name as written.
    pub name: Scalar<'t>,
    /// The value.
    pub value: Value<'t>,
    /// Whether wrapped lines were joined without proof of where blanks belong: the text may hold a blank too many or
    /// lack one where a line ended.
    pub reconstructed: bool,
}

/// The value of a property.
#[derive(Debug, Clone)]
pub enum Value<'t> {
    /// Null or the empty text; the place where a text would stand.
    Empty(Span),
    /// A text as PowerShell prints it: `True` and `False` for truth values, the name for an enumeration.
    Text(Scalar<'t>),
    /// A number, which may stand for a name of an enumeration.
    Number(Scalar<'t>),
    /// A list.
    List(List<'t>),
    /// An object with values of its own, which has no text.
    Record(Record<'t>),
    /// The value cannot be known: two different values, lines that cannot be joined with certainty, a type's name in
    /// place of what it held.
    Unreadable(Span),
}

/// A list.
#[derive(Debug, Clone)]
pub struct List<'t> {
    /// The list as written, from its first character to its last.
    pub text: Scalar<'t>,
    /// The items, trimmed.
    pub items: Vec<Item<'t>>,
    /// Whether the list was cut (`{a, b...}`), or an item of it could not be read: an item that is not here may still
    /// be in the list.
    pub truncated: bool,
}

/// One item of a list.
#[derive(Debug, Clone)]
pub struct Item<'t> {
    /// The item.
    pub text: Scalar<'t>,
    /// Whether it is a number, which may stand for a name of an enumeration.
    pub is_number: bool,
}

/// An object inside an object, without a text of its own: its direct values that are text or number.
#[derive(Debug, Clone)]
pub struct Record<'t> {
    /// From its first character to its last.
    pub span: Span,
    /// Its values by name, in the order of the file.
    pub fields: Vec<(Scalar<'t>, Scalar<'t>)>,
}

impl Object<'_> {
    /// The last part of the most derived type's name: `ADOwaVirtualDirectory` for
    /// `Deserialized.Microsoft.Exchange.Data.Directory.SystemConfiguration.ADOwaVirtualDirectory`.
    pub fn type_name(&self) -> Option<&str> {
        let name = &self.types.first()?.text;
        let name = name.split(['[', '`', ',']).next().unwrap_or(name);
        Some(name.rsplit('.').next().unwrap_or(name).trim())
    }
}

impl Value<'_> {
    /// Where the value stands, or would stand.
    pub fn span(&self) -> Span {
        match self {
            Value::Text(text) | Value::Number(text) => text.span,
            Value::List(list) => list.text.span,
            Value::Record(record) => record.span,
            Value::Empty(span) | Value::Unreadable(span) => *span,
        }
    }
}

impl<'t> Record<'t> {
    /// The value of a field, without regard to case.
    pub fn get(&self, name: &str) -> Option<&Scalar<'t>> {
        self.fields.iter().find(|(field, _)| field.is(name)).map(|(_, value)| value)
    }
}
