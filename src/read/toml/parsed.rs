//! TOML that the build script has parsed already: made into the table that reading its text would give.

use std::borrow::Cow;

use super::{Entry, Node, Table, Value};
use crate::text::scalar::Scalar;
use crate::text::span::{SourceId, Span};

/// What stands where in a file of TOML, as the build script wrote it down.
#[derive(Debug, Clone, Copy)]
pub struct Parsed {
    /// Its outermost table, and behind each table and list what is in it.
    pub parts: &'static [Part],
    /// The texts that were unescaped or folded, so that they do not stand in the file.
    pub rewritten: &'static [&'static str],
}

/// Where something begins and ends, in bytes of the file.
pub type At = (u32, u32);

/// A key, a value, or the beginning of one.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// A table with its head and its number of entries: the key and the value of each follow, in the order of the file.
    Table(At, u32),
    /// A list and its number of items, which follow.
    List(At, u32),
    /// A text as written, and the part of the file that it is.
    Text(At, At),
    /// A text as written, and its number among those that were rewritten.
    Rewritten(At, u32),
    /// An integer.
    Integer(At, i32),
    /// `true` or `false`.
    Boolean(At, bool),
}

impl Parsed {
    /// What [`read`](super::read) gives for the text that it was made from; a test compares.
    pub fn table(self, text: &'static str, source: SourceId) -> Table<'static> {
        let mut reading = Reading { text, source, parts: self.parts.iter(), rewritten: self.rewritten };
        match reading.node().value {
            Value::Table(root) => root,
            _ => Table { entries: Vec::new(), head: Span::file(source) },
        }
    }
}

struct Reading {
    text: &'static str,
    source: SourceId,
    parts: std::slice::Iter<'static, Part>,
    rewritten: &'static [&'static str],
}

impl Reading {
    fn node(&mut self) -> Node<'static> {
        let Some(part) = self.parts.next() else {
            return Node { value: Value::List(Vec::new()), span: Span::file(self.source) };
        };
        let (at, value) = match *part {
            Part::Table(head, entries) => {
                let entries = (0..entries).map(|_| Entry { key: self.key(), node: self.node() }).collect();
                (head, Value::Table(Table { entries, head: self.span(head) }))
            }
            Part::List(at, items) => (at, Value::List((0..items).map(|_| self.node()).collect())),
            Part::Text(at, _) | Part::Rewritten(at, _) => (at, Value::Text(self.scalar(*part))),
            Part::Integer(at, value) => (at, Value::Integer(value.into())),
            Part::Boolean(at, value) => (at, Value::Boolean(value)),
        };
        Node { value, span: self.span(at) }
    }

    fn key(&mut self) -> Scalar<'static> {
        let key = self.parts.next().copied();
        self.scalar(key.unwrap_or(Part::Text((0, 0), (0, 0))))
    }

    fn scalar(&self, part: Part) -> Scalar<'static> {
        match part {
            Part::Text(_, inner) => Scalar::slice(self.source, self.text, inner.0 as usize..inner.1 as usize),
            Part::Rewritten(at, number) => {
                Scalar::rewritten(Cow::Borrowed(self.rewritten[number as usize]), self.span(at))
            }
            _ => Scalar::rewritten("", Span::file(self.source)),
        }
    }

    fn span(&self, at: At) -> Span {
        Span::new(self.source, at.0 as usize, at.1 as usize)
    }
}
