//! Taking a table apart by keys: what is missing, of the wrong type or unknown is a problem at its place.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Entry, Node, Table, Value};
use crate::read::problem::{Problem, ProblemKind};
use crate::text::scalar::Scalar;
use crate::text::span::Span;

/// A table that is taken apart key by key. Every taker gives `None` where the key is absent, and where it is wrong,
/// which is a problem then; so a caller asks for everything first and looks at the problems in the end.
#[derive(Debug)]
pub struct Fields<'t> {
    rest: Vec<Entry<'t>>,
    head: Span,
    kind: ProblemKind,
    asked: Vec<&'static str>,
    missing: Vec<&'static str>,
    problems: Vec<Problem>,
}

impl<'t> Fields<'t> {
    /// The fields of this table; what is wrong with them is a problem of this kind.
    pub fn new(table: Table<'t>, kind: ProblemKind) -> Fields<'t> {
        Fields {
            rest: table.entries,
            head: table.head,
            kind,
            asked: Vec::new(),
            missing: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// What stands for the table as a whole, as [`Table::head`] has it.
    pub fn head(&self) -> Span {
        self.head
    }

    /// Reports the keys among these that the table lacks. To be called before they are taken.
    pub fn require(&mut self, names: &[&'static str]) {
        let lacks = |name: &&&str| !self.has(name);
        let missing: Vec<&'static str> = names.iter().filter(lacks).copied().collect();
        self.asked.extend(&missing);
        self.missing.extend(missing);
    }

    /// The keys that were asked for so far.
    pub fn asked(&self) -> &[&'static str] {
        &self.asked
    }

    /// Whether the table has this key and it was not taken yet.
    pub fn has(&self, name: &str) -> bool {
        self.rest.iter().any(|it| it.key.text == name)
    }

    /// The key and its value, whatever that is.
    pub fn take(&mut self, name: &'static str) -> Option<(Scalar<'t>, Node<'t>)> {
        self.asked.push(name);
        let index = self.rest.iter().position(|it| it.key.text == name)?;
        let Entry { key, node } = self.rest.remove(index);
        Some((key, node))
    }

    /// A text.
    pub fn text(&mut self, name: &'static str) -> Option<Scalar<'t>> {
        let (_, node) = self.take(name)?;
        self.as_text(node)
    }

    /// A boolean, and where it stands.
    pub fn boolean(&mut self, name: &'static str) -> Option<(bool, Span)> {
        let (_, node) = self.take(name)?;
        match node.value {
            Value::Boolean(value) => Some((value, node.span)),
            _ => self.wrong("a boolean", &node),
        }
    }

    /// An integer, and where it stands.
    pub fn integer(&mut self, name: &'static str) -> Option<(i64, Span)> {
        let (_, node) = self.take(name)?;
        match node.value {
            Value::Integer(value) => Some((value, node.span)),
            _ => self.wrong("an integer", &node),
        }
    }

    /// One of these words: what it stands for, and where the word is.
    pub fn word<T: Copy>(&mut self, name: &'static str, words: &[(&'static str, T)]) -> Option<(T, Span)> {
        let text = self.text(name)?;
        self.as_word(&text, words)
    }

    /// This text as one of these words.
    pub fn as_word<T: Copy>(&mut self, text: &Scalar<'_>, words: &[(&'static str, T)]) -> Option<(T, Span)> {
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.text) {
            return Some((*value, text.span));
        }
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let message = format!("`{}` is none of `{}`", text.text, names.join("`, `"));
        let message = with_nearest(message, &text.text, names);
        self.reject(text.span, message);
        None
    }

    /// A list of texts. Items that are no texts are reported and left out.
    pub fn texts(&mut self, name: &'static str) -> Option<Vec<Scalar<'t>>> {
        let (_, node) = self.take(name)?;
        let items = self.as_list(node, "a list of texts")?;
        Some(items.into_iter().filter_map(|it| self.as_text(it)).collect())
    }

    /// The texts under a key that is called `one` or `several`, and takes a text or a list of at least one; none where
    /// the key is absent. Whoever writes both means both, but would have to know how they add up.
    pub fn one_or_several(&mut self, one: &'static str, several: &'static str) -> Vec<Scalar<'t>> {
        let (first, second) = (self.take(one), self.take(several));
        if let (Some(_), Some((key, _))) = (&first, &second) {
            self.reject(
                key.span,
                format!("`{one}` and `{several}` are the same; one of them takes all names in a list"),
            );
        }
        let Some((_, node)) = first.or(second) else { return Vec::new() };
        match node.value {
            Value::List(items) if items.is_empty() => {
                self.reject(node.span, "at least one is wanted here; an empty list can never match");
                Vec::new()
            }
            Value::List(items) => items.into_iter().filter_map(|it| self.as_text(it)).collect(),
            Value::Text(text) => vec![text],
            _ => self.wrong("a text or a list of texts", &node).unwrap_or_default(),
        }
    }

    /// A table.
    pub fn table(&mut self, name: &'static str) -> Option<Table<'t>> {
        let (_, node) = self.take(name)?;
        self.as_table(node)
    }

    /// A list of tables, as `[[name]]` makes it; empty where the key is absent. Items that are no tables are reported
    /// and left out.
    pub fn tables(&mut self, name: &'static str) -> Vec<Table<'t>> {
        let Some((_, node)) = self.take(name) else { return Vec::new() };
        let wanted = if matches!(node.value, Value::Table(_)) {
            "a list of tables, with a header in double brackets,"
        } else {
            "a list of tables"
        };
        let items = self.as_list(node, wanted).unwrap_or_default();
        items.into_iter().filter_map(|it| self.as_table(it)).collect()
    }

    /// This value as a text.
    pub fn as_text(&mut self, node: Node<'t>) -> Option<Scalar<'t>> {
        match node.value {
            Value::Text(text) => Some(text),
            _ => self.wrong("a text", &node),
        }
    }

    /// This value as a table.
    pub fn as_table(&mut self, node: Node<'t>) -> Option<Table<'t>> {
        match node.value {
            Value::Table(table) => Some(table),
            _ => self.wrong("a table", &node),
        }
    }

    /// The items of this value; `wanted` says what it should be, such as `a list of texts`.
    pub fn as_list(&mut self, node: Node<'t>, wanted: &str) -> Option<Vec<Node<'t>>> {
        match node.value {
            Value::List(items) => Some(items),
            _ => self.wrong(wanted, &node),
        }
    }

    /// Reports a value that is not of the type that is wanted.
    pub fn wrong<T>(&mut self, wanted: &str, node: &Node<'t>) -> Option<T> {
        self.reject(node.span, format!("{wanted} is wanted here, this is {}", node.value.kind()));
        None
    }

    /// Reports something else that is wrong with the table.
    pub fn reject(&mut self, span: Span, message: impl Into<String>) {
        self.problems.push(Problem::new(self.kind, span, message));
    }

    /// Takes in what was found wrong elsewhere, such as in a table within this one.
    pub fn absorb(&mut self, problems: Vec<Problem>) {
        self.problems.extend(problems);
    }

    /// The entries that were not asked for so far; they are no longer unknown then. For tables with free keys.
    pub fn others(&mut self) -> Vec<Entry<'t>> {
        std::mem::take(&mut self.rest)
    }

    /// Reports every key that was not asked for or is missing, and gives all problems in the order of the file. A key
    /// that is missing because it is misspelt is one mistake, and told as one.
    pub fn finish(mut self) -> Vec<Problem> {
        for entry in std::mem::take(&mut self.rest) {
            let word = &entry.key.text;
            let near = nearest(word, self.asked.iter().copied());
            self.missing.retain(|name| Some(*name) != near);
            let hint = match near {
                Some(near) => format!("; did you mean `{near}`?"),
                None if self.asked.is_empty() => String::new(),
                None => {
                    let known: BTreeSet<&str> = self.asked.iter().copied().collect();
                    format!("; there are `{}`", known.into_iter().collect::<Vec<_>>().join("`, `"))
                }
            };
            self.reject(entry.key.span, format!("unknown key `{word}`{hint}"));
        }
        match self.missing.as_slice() {
            [] => {}
            [one] => self.reject(self.head, format!("the key `{one}` is missing")),
            several => self.reject(self.head, format!("the keys `{}` are missing", several.join("`, `"))),
        }
        self.problems.sort_by_key(|it| (it.span.start, it.span.end));
        self.problems
    }
}

/// The candidate that `word` most likely stands for: the one with the fewest letters changed, swapped, added or left
/// out, if these are no more than a third of the word's letters, or one; else the only one that the word begins, such as
/// `warning` for `warn`. Case does not count; of equals, the first.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    let limit = (length / 3).max(1);
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let close = |candidate: &&&str| candidate.chars().count().abs_diff(length) <= limit;
    let ranked = candidates.iter().filter(close);
    let ranked = ranked.map(|it| (strsim::damerau_levenshtein(&word, &it.to_lowercase()), *it));
    let near =
        ranked.filter(|(distance, _)| *distance <= limit).min_by_key(|(distance, _)| *distance).map(|(_, it)| it);
    let begun = || {
        let mut longer = candidates.iter().filter(|it| it.to_lowercase().starts_with(&word));
        longer.next().copied().filter(|_| length >= 3 && longer.next().is_none())
    };
    near.or_else(begun)
}

fn with_nearest<'c>(mut message: String, word: &str, candidates: impl IntoIterator<Item = &'c str>) -> String {
    if let Some(candidate) = nearest(word, candidates) {
        let _ = write!(message, "; did you mean `{candidate}`?");
    }
    message
}
