//! Settings of exported objects: what a property says, and the ways in which it can fail to say it.

use crate::model::answer::{List, Missing};
use crate::read::format_list::{self, Property, Value};
use crate::text::scalar::{Scalar, Text};
use crate::text::span::Span;

/// One property of one object, from one or several exports.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The name as first written.
    pub name: String,
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
}

impl Field {
    /// What a property of a Format-List object says.
    ///
    /// Where wrapped lines were joined without proof of where blanks belong, a URL or a path in IIS that then holds a
    /// blank is not believed, and a list shows only what is in it.
    pub fn from_list(property: &Property<'_>) -> Field {
        let scalar = match &property.value {
            Value::Empty(span) => return Field::Empty(*span),
            Value::Unreadable(span) => return Field::Unreadable(*span),
            Value::Text(scalar) => scalar,
        };
        let text = scalar.clone().into_owned();
        match format_list::items(scalar) {
            None if property.reconstructed && is_one_word(&property.name.text) && text.text.contains(' ') => {
                Field::Unreadable(text.span)
            }
            None => Field::Known(Content { text, items: None }),
            Some(list) => {
                let items = list.items.into_iter().map(Scalar::into_owned).collect();
                let content = Content { text, items: Some(items) };
                if list.truncated || property.reconstructed { Field::Truncated(content) } else { Field::Known(content) }
            }
        }
    }

    /// The place of the value.
    pub fn span(&self) -> Span {
        match self {
            Field::Known(content) | Field::Truncated(content) => content.text.span,
            Field::Empty(span) | Field::Unreadable(span) | Field::Conflicting(span, _) => *span,
        }
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
            (Field::Known(one), Field::Known(two)) if one.text.text == two.text.text => self,
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
    pub fn list(&self, cut: Missing) -> List {
        match &self.items {
            Some(items) if items.iter().any(|it| it.text.contains([',', ';'])) => {
                let words = items.iter().flat_map(|it| it.text.split([',', ';', ' '])).filter(|word| !word.is_empty());
                List { items: words.map(str::to_owned).collect(), cut: Some(cut) }
            }
            Some(items) => List::whole(items.iter().map(|it| it.text.to_string()).collect()),
            None => {
                let words = self.text.text.split([',', ';', ' ']).filter(|word| !word.is_empty());
                List { items: words.map(str::to_owned).collect(), cut: Some(cut) }
            }
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
