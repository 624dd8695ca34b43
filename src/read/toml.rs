//! TOML with the exact place of every key and value: rule files, the estate file and the configuration.

mod fields;
mod literal;
pub mod parsed;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

use ::toml::Spanned;
use ::toml::de::{DeInteger, DeTable, DeValue, Error};
use toml_parser::lexer::TokenKind;

pub use self::fields::{Fields, nearest};
use crate::read::problem::{Problem, ProblemKind};
use crate::text::scalar::Scalar;
use crate::text::span::{SourceId, Span};

/// How deep tables and lists may nest; no file of ours needs more than five levels.
const MAX_DEPTH: usize = 32;

/// How many parts a dotted key may have.
const MAX_PARTS: usize = 16;

/// How many syntax errors of one file are reported; the later ones mostly follow from the earlier.
const MAX_ERRORS: usize = 10;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<'t> {
    /// What the value is.
    pub value: Value<'t>,
    /// The value as written, with its quotes or brackets. A table with a header has the span of the header, and a list
    /// of such tables that of the first; a table that only dotted keys make has the span of its key.
    pub span: Span,
}

/// The kinds of values.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'t> {
    /// A text. It is verbatim, with the span between the quotes, if nothing in it was escaped or folded.
    Text(Scalar<'t>),
    /// An integer.
    Integer(i64),
    /// A number with a fraction or an exponent.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A date, a time or both, as written.
    Date(Scalar<'t>),
    /// A list; `[[name]]` makes a list of tables.
    List(Vec<Node<'t>>),
    /// A table.
    Table(Table<'t>),
}

/// Keys and their values, in the order of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Table<'t> {
    /// The entries; no key stands here twice.
    pub entries: Vec<Entry<'t>>,
    /// What stands for the table as a whole: its header, its braces, or its key; in a file's outermost table the first
    /// key. What is missing in a table is reported here.
    pub head: Span,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<'t> {
    /// The key without quotes. Where headers or dotted keys name a table several times, the first.
    pub key: Scalar<'t>,
    /// The value.
    pub node: Node<'t>,
}

/// Reads a TOML file.
///
/// # Errors
///
/// Its syntax errors, and what nests or counts beyond reason, as problems of this kind.
pub fn read(text: &str, source: SourceId, kind: ProblemKind) -> Result<Table<'_>, Vec<Problem>> {
    let mut reading = Reading { text, source, kind, problems: Vec::new() };
    if let Some(dot) = dot_too_many(text) {
        reading.reject(dot, format!("this key has more than {MAX_PARTS} parts"));
        return Err(reading.problems);
    }
    let (parsed, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        reading.take_errors(&errors);
        return Err(reading.problems);
    }
    let mut root = reading.table(parsed.into_inner(), Span::file(source), 0);
    if let Some(first) = root.entries.first() {
        root.head = first.key.span;
    }
    if reading.problems.is_empty() { Ok(root) } else { Err(reading.problems) }
}

impl<'t> Table<'t> {
    /// The value of this key.
    pub fn get(&self, key: &str) -> Option<&Node<'t>> {
        self.entries.iter().find(|it| it.key.text == key).map(|it| &it.node)
    }
}

impl Value<'_> {
    /// The kind in words, with its article: `a boolean`.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "a text",
            Value::Integer(_) => "an integer",
            Value::Float(_) => "a fraction",
            Value::Boolean(_) => "a boolean",
            Value::Date(_) => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

/// The dot at which a key has more parts than it may. The parser allows 80 parts and 80 levels of braces, which together
/// make a tree so deep that dropping it can overflow the stack; so this is looked at before anything is parsed.
fn dot_too_many(text: &str) -> Option<Range<usize>> {
    let mut dots = 0;
    for token in toml_parser::Source::new(text).lex() {
        match token.kind() {
            TokenKind::Dot if dots + 1 == MAX_PARTS => return Some(token.span().start()..token.span().end()),
            TokenKind::Dot => dots += 1,
            TokenKind::Atom | TokenKind::BasicString | TokenKind::LiteralString | TokenKind::Whitespace => {}
            _ => dots = 0,
        }
    }
    None
}

struct Reading<'t> {
    text: &'t str,
    source: SourceId,
    kind: ProblemKind,
    problems: Vec<Problem>,
}

impl<'t> Reading<'t> {
    /// Turns syntax errors into problems: one a line, because the parser goes on behind an error as well as it can and
    /// then stumbles over what it left.
    fn take_errors(&mut self, errors: &[Error]) {
        let mut found: Vec<(Range<usize>, &str)> =
            errors.iter().map(|it| (self.clamped(it.span()), it.message())).collect();
        found.sort_by_key(|(range, _)| range.start);
        let mut behind = 0;
        for (range, message) in found {
            if self.problems.len() == MAX_ERRORS {
                break;
            }
            let same_line = !self.problems.is_empty() && !self.text[behind..range.start].contains('\n');
            behind = range.start;
            if !same_line {
                let is_escape = message.starts_with("missing escaped value");
                let hint = if is_escape { "; between single quotes a backslash is a backslash" } else { "" };
                self.reject(range, format!("{message}{hint}"));
            }
        }
    }

    /// A range that the parser gave, made one that a span can have.
    fn clamped(&self, range: Option<Range<usize>>) -> Range<usize> {
        let Range { start, end } = range.unwrap_or(0..0);
        let floor = |at: usize| (0..=at.min(self.text.len())).rev().find(|it| self.text.is_char_boundary(*it));
        let start = floor(start).unwrap_or(0);
        start..floor(end).unwrap_or(0).max(start)
    }

    /// The entries in the order of the file: the parser sorts them by name.
    fn table(&mut self, parsed: DeTable<'t>, head: Span, depth: usize) -> Table<'t> {
        let mut entries: Vec<Entry<'t>> = Vec::with_capacity(parsed.len());
        for (key, value) in parsed {
            let key = self.string(key.span(), key.get_ref().clone());
            entries.push(Entry { key, node: self.node(value, depth + 1) });
        }
        entries.sort_by_key(|it| it.key.span.start);
        Table { entries, head }
    }

    fn node(&mut self, parsed: Spanned<DeValue<'t>>, depth: usize) -> Node<'t> {
        let range = parsed.span();
        let span = Span::new(self.source, range.start, range.end);
        let value = match parsed.into_inner() {
            DeValue::String(decoded) => Value::Text(self.string(range, decoded)),
            DeValue::Integer(digits) => Value::Integer(self.integer(range, &digits)),
            DeValue::Float(digits) => Value::Float(digits.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(value) => Value::Boolean(value),
            DeValue::Datetime(_) => Value::Date(Scalar::slice(self.source, self.text, range)),
            DeValue::Array(_) | DeValue::Table(_) if depth > MAX_DEPTH => {
                self.reject(range, format!("tables and lists nest deeper than {MAX_DEPTH} levels here"));
                Value::List(Vec::new())
            }
            DeValue::Array(items) => Value::List(items.into_iter().map(|it| self.node(it, depth + 1)).collect()),
            DeValue::Table(table) => Value::Table(self.table(table, span, depth)),
        };
        Node { value, span }
    }

    /// A string or key from its literal. A span between the quotes is only given where the text is exactly what stands
    /// there, so that a part of the one is a part of the other.
    fn string(&self, literal: Range<usize>, decoded: Cow<'t, str>) -> Scalar<'t> {
        match literal::verbatim(self.text, literal.clone(), &decoded) {
            Some(inner) => Scalar::slice(self.source, self.text, inner),
            None => Scalar::rewritten(decoded, Span::new(self.source, literal.start, literal.end)),
        }
    }

    fn integer(&mut self, range: Range<usize>, digits: &DeInteger<'_>) -> i64 {
        i64::from_str_radix(digits.as_str(), digits.radix()).unwrap_or_else(|_| {
            self.reject(range, "this integer does not fit into 64 bits");
            0
        })
    }

    fn reject(&mut self, range: Range<usize>, message: impl Into<String>) {
        self.problems.push(Problem::new(self.kind, Span::new(self.source, range.start, range.end), message));
    }
}
