//! Settings of exported objects: what a property says, and the ways in which it can fail to say it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::answer::{List, Missing};
use crate::model::enumeration;
use crate::model::words::held_value;
use crate::read::object::{List as ReadList, Property, Record, Shape, Value};
use crate::text::scalar::{Scalar, Text};
use crate::text::span::Span;

/// How many items of a list are read; of a longer one it is not known what else is in it.
pub const MAX_ITEMS: usize = 100_000;

/// The properties of an object by name in lower case.
pub type Settings = BTreeMap<Cow<'static, str>, Setting>;

/// One property of one object, from one or several exports.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The name as first written.
    pub name: Cow<'static, str>,
    /// What it says.
    pub field: Field,
}

/// What a property says.
#[derive(Debug, Clone)]
pub enum Field {
    /// A text, which may be a list in braces.
    Known(Content),
    /// Exported, and empty.
    Empty(Span),
    /// A list that was cut when it was printed.
    Truncated(Content),
    /// Exported in a way that cannot be read with certainty.
    Unreadable(Span),
    /// Two exports of the same object differ; both places.
    Conflicting(Span, Span),
}

/// A text, and its items where it is a list.
#[derive(Debug, Clone)]
pub struct Content {
    /// The whole value as printed.
    pub text: Text,
    /// The items, if the value is a list in braces.
    pub items: Option<Vec<Text>>,
    /// Whether there are more than [`MAX_ITEMS`], so that the rest was not read.
    pub is_over_limit: bool,
}

impl Field {
    /// What a property of an exported object says.
    ///
    /// Where wrapped lines were joined without proof of where blanks belong, a URL or a path in IIS that then holds a
    /// blank is not believed, and a list shows only what is in it.
    pub fn of(property: &Property<'_>, shape: Shape) -> Field {
        let name = property.name.text.as_ref();
        match &property.value {
            Value::Empty(span) => Field::Empty(*span),
            Value::Unreadable(span) => Field::Unreadable(*span),
            Value::List(list) => Field::of_list(name, list, property.reconstructed),
            Value::Number(number) => match enumeration::named(name, number) {
                Ok(text) => {
                    let items = enumeration::is_list(name).then(|| vec![text.clone()]);
                    Field::Known(Content { text, items, is_over_limit: false })
                }
                Err(span) => Field::Unreadable(span),
            },
            Value::Record(record) => match record_text(name, record) {
                Some(text) => Field::of_text(name, &text, shape, false),
                None => Field::Unreadable(record.span),
            },
            Value::Text(text) => Field::of_text(name, text, shape, property.reconstructed),
        }
    }

    fn of_text(name: &str, text: &Scalar<'_>, shape: Shape, reconstructed: bool) -> Field {
        let text = held_value(text);
        if reconstructed && is_one_word(name) && text.text.contains(' ') {
            return Field::Unreadable(text.span);
        }
        // Braces and dots show that somebody exported what Format-List prints, which may be cut.
        let is_printed = || text.text.contains(['{', '}', '\u{2026}']) || text.text.contains("...");
        let is_list = shape != Shape::List && enumeration::is_list(name) && !is_printed();
        let mut items = is_list.then(|| words(&text));
        let is_over_limit = items.as_ref().is_some_and(|items| items.len() > MAX_ITEMS);
        if let Some(items) = &mut items {
            items.truncate(MAX_ITEMS);
        }
        let content = Content { text, items, is_over_limit };
        if is_over_limit { Field::Truncated(content) } else { Field::Known(content) }
    }

    fn of_list(name: &str, list: &ReadList<'_>, reconstructed: bool) -> Field {
        let is_over_limit = list.items.len() > MAX_ITEMS;
        let mut is_whole = !list.truncated && !reconstructed && !is_over_limit;
        let mut items = Vec::with_capacity(list.items.len().min(MAX_ITEMS));
        for item in list.items.iter().take(MAX_ITEMS) {
            let named = if item.is_number { enumeration::named(name, &item.text) } else { Ok(held_value(&item.text)) };
            match named {
                Ok(text) => items.push(text),
                Err(_) => is_whole = false,
            }
        }
        let content = Content { text: list.text.clone().into_owned(), items: Some(items), is_over_limit };
        if is_whole { Field::Known(content) } else { Field::Truncated(content) }
    }

    /// The place of the value.
    pub fn span(&self) -> Span {
        match self {
            Field::Known(content) | Field::Truncated(content) => content.text.span,
            Field::Empty(span) | Field::Unreadable(span) | Field::Conflicting(span, _) => *span,
        }
    }

    /// Whether this is a list of more items than are read.
    pub fn is_over_limit(&self) -> bool {
        matches!(self, Field::Truncated(content) if content.is_over_limit)
    }

    /// The word that reports use for the state.
    pub fn state(&self) -> &'static str {
        match self {
            Field::Known(_) => "known",
            Field::Empty(_) => "empty",
            Field::Truncated(_) => "truncated",
            Field::Unreadable(_) => "unreadable",
            Field::Conflicting(..) => "conflicting",
        }
    }

    /// The text of a known value.
    pub fn known_text(&self) -> Option<&Text> {
        match self {
            Field::Known(content) => Some(&content.text),
            _ => None,
        }
    }

    /// What two exports of the same property say together, and whether they contradict each other.
    #[must_use]
    pub fn merge(self, other: Field) -> Field {
        match (&self, &other) {
            (Field::Conflicting(..), _) | (Field::Empty(_), Field::Empty(_)) => self,
            (Field::Unreadable(_), _) => other,
            (_, Field::Unreadable(_)) => self,
            (Field::Known(one), Field::Known(two)) if one.equals(two) => {
                if one.items.is_none() && two.items.is_some() {
                    other
                } else {
                    self
                }
            }
            // Some shapes write an empty list as they write nothing.
            (Field::Known(list), Field::Empty(_)) if list.is_empty_list() => self,
            (Field::Empty(_), Field::Known(list)) if list.is_empty_list() => other,
            (Field::Truncated(cut), Field::Known(whole)) if cut.begins(whole) => other,
            (Field::Known(whole), Field::Truncated(cut)) if cut.begins(whole) => self,
            (Field::Truncated(one), Field::Truncated(two)) if one.begins(two) => other,
            (Field::Truncated(one), Field::Truncated(two)) if two.begins(one) => self,
            _ => Field::Conflicting(self.span(), other.span()),
        }
    }
}

impl Content {
    /// The value as a list. One without braces, or with other separators than PowerShell prints, is none that can be
    /// trusted to be whole: its words are in the list, and `cut` says that others may be.
    pub fn list(&self, cut: impl FnOnce() -> Missing) -> List {
        match &self.items {
            Some(items) if items.iter().any(|it| it.text.contains([',', ';'])) => {
                let words = items.iter().flat_map(|it| it.text.split([',', ';', ' '])).filter(|word| !word.is_empty());
                List { items: words.map(str::to_owned).collect(), cut: Some(cut()) }
            }
            Some(items) => List::whole(items.iter().map(|it| it.text.to_string()).collect()),
            None => {
                let words = self.text.text.split([',', ';', ' ']).filter(|word| !word.is_empty());
                List { items: words.map(str::to_owned).collect(), cut: Some(cut()) }
            }
        }
    }

    fn is_empty_list(&self) -> bool {
        self.items.as_ref().is_some_and(Vec::is_empty)
    }

    /// Whether both say the same: lists by their items, since every shape of an export writes them in its own way; where
    /// PowerShell makes a text of a list, the items stand with blanks between.
    fn equals(&self, other: &Content) -> bool {
        let joined = |items: &[Text]| items.iter().map(|it| it.text.as_ref()).collect::<Vec<_>>().join(" ");
        match (&self.items, &other.items) {
            (Some(one), Some(two)) => one.iter().map(|it| &it.text).eq(two.iter().map(|it| &it.text)),
            (Some(items), None) => joined(items) == other.text.text,
            (None, Some(items)) => joined(items) == self.text.text,
            (None, None) => self.text.text == other.text.text,
        }
    }

    /// Whether the other list begins with the items of this one.
    fn begins(&self, other: &Content) -> bool {
        match (&self.items, &other.items) {
            (Some(cut), Some(whole)) => {
                cut.len() <= whole.len() && cut.iter().zip(whole).all(|(one, two)| one.text == two.text)
            }
            _ => false,
        }
    }
}

/// Whether values of a property never hold a blank.
fn is_one_word(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.ends_with("url") || lower == "metabasepath"
}

/// The items of a list of names that was exported as one text: `Basic Fba`, or `Basic, Fba`.
fn words(text: &Text) -> Vec<Text> {
    let is_between = |it: char| it == ' ' || it == ',' || it == ';';
    let mut items = Vec::new();
    let mut start = 0;
    for word in text.text.split(is_between) {
        if !word.is_empty() {
            items.push(text.sub(start..start + word.len()));
        }
        start += word.len() + 1;
    }
    items
}

/// The text of an object inside an object, where one of its values is what PowerShell prints for the whole:
/// the URI that it was made from, the name of an identity, the numbers of a version.
fn record_text(name: &str, record: &Record<'_>) -> Option<Text> {
    let whole = |text: String| Scalar::rewritten(text, record.span);
    if let Some(text) = ["value", "OriginalString", "AbsoluteUri"].iter().find_map(|it| record.get(it)) {
        return Some(text.clone().into_owned());
    }
    let number = |part: &str| record.get(part).map(|it| it.text.as_ref());
    if let (Some(major), Some(minor), Some(build)) = (number("Major"), number("Minor"), number("Build")) {
        let revision = number("Revision").unwrap_or("0");
        let is_displayed = name.eq_ignore_ascii_case("AdminDisplayVersion");
        return Some(whole(if is_displayed {
            format!("Version {major}.{minor} (Build {build}.{revision})")
        } else {
            format!("{major}.{minor}.{build}.{revision}")
        }));
    }
    record.get("Name").or_else(|| record.get("DistinguishedName")).map(|it| it.clone().into_owned())
}
