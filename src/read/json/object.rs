//! Objects of JSON: their properties, each name once.

use std::collections::BTreeMap;

use crate::read::json::text;
use crate::read::json::tree::{Kind, Tree};
use crate::read::json::value::{self, Doubt};
use crate::read::lost::Columns;
use crate::read::object::{Object, Property, Shape, Value};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::tally::Tally;
use crate::text::scalar::Scalar;

/// Reads objects, and keeps what is to be said of them.
pub(super) struct Reading<'r, 't> {
    tree: &'r Tree<'t>,
    columns: Columns,
    pub(super) problems: Tally,
}

/// A property that was read, and the node of its value.
struct Read {
    at: usize,
    node: usize,
}

impl<'r, 't> Reading<'r, 't> {
    pub(super) fn new(tree: &'r Tree<'t>) -> Reading<'r, 't> {
        Reading { tree, columns: Columns::default(), problems: Tally::default() }
    }

    /// The object that a node is; `None` for one without properties.
    pub(super) fn object(&mut self, node: usize) -> Option<Object<'t>> {
        let mut properties: Vec<Property<'t>> = Vec::new();
        let mut seen: BTreeMap<String, Read> = BTreeMap::new();
        for (key, node) in self.tree.pairs(node) {
            let (name, lone) = text::scalar(self.tree, key);
            let lower = name.text.to_lowercase();
            if let Some(earlier) = seen.get(&lower) {
                let property = &mut properties[earlier.at];
                self.twice(property, &name, earlier.node, node);
                continue;
            }
            seen.insert(lower, Read { at: properties.len(), node });
            let (value, doubt) = value::value(self.tree, node);
            for doubt in lone.map(Doubt::LoneSurrogate).into_iter().chain(doubt) {
                self.note(&name.text, &doubt);
            }
            self.note_truth_as_text(node, &value);
            properties.push(Property { name, value, reconstructed: false });
        }
        let first = properties.first()?.name.span;
        let span = properties.iter().fold(first, |span, property| span.to(property.value.span()));
        Some(Object { shape: Shape::Json, span, command: None, types: Vec::new(), properties })
    }

    /// A name that comes again, in any case. PowerShell would take the last value; which of two different ones was
    /// meant is not known.
    fn twice(&mut self, property: &mut Property<'t>, name: &Scalar<'t>, one: usize, two: usize) {
        let (kind, message) = if self.tree.raw(one) == self.tree.raw(two) {
            (ProblemKind::JsonEdited, format!("`{}` stands twice in one object, with the same value", name.text))
        } else {
            property.value = Value::Unreadable(self.tree.span(one));
            (ProblemKind::JsonKeyTwice, format!("`{}` stands twice in one object, with different values", name.text))
        };
        self.problems.push(Problem::new(kind, name.span, message));
    }

    fn note(&mut self, name: &str, doubt: &Doubt) {
        let problem = match doubt {
            Doubt::LoneSurrogate(span) => {
                let message = "half of a surrogate pair stands alone here, which is no character";
                Some(Problem::new(ProblemKind::UndecodableText, *span, message))
            }
            Doubt::Lost(span, why) => self.columns.lost(name, *span, why),
            Doubt::KeyTwice(span) => {
                let message = "this key stands twice in one object, with different values";
                Some(Problem::new(ProblemKind::JsonKeyTwice, *span, message))
            }
        };
        if let Some(problem) = problem {
            self.problems.push(problem);
        }
    }

    /// Notes the first truth value in quotes.
    fn note_truth_as_text(&mut self, node: usize, value: &Value<'t>) {
        let Value::Text(text) = value else { return };
        let is_text = matches!(self.tree.kind(node), Kind::Text { .. }) && (text.is("true") || text.is("false"));
        if is_text {
            let message = format!("`{}` is a text here, where ConvertTo-Json writes a truth value", text.text);
            self.problems.once(Problem::new(ProblemKind::JsonTruthAsText, text.span, message));
        }
    }
}
