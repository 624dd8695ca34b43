//! Values that questions answer with, and the tests that conditions put them to.

use crate::model::answer::{List, Missing};
use crate::rule::glob::Glob;

/// What a question answers with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// True or false.
    Boolean(bool),
    /// A number.
    Number(i64),
    /// A text; empty where a setting is empty.
    Text(String),
    /// A list, which may have been cut.
    List(List),
}

/// The type of a question's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// True or false.
    Boolean,
    /// A number.
    Number,
    /// Any text.
    Text,
    /// One of these words.
    Words(&'static [&'static str]),
    /// A list of texts.
    List,
    /// A list of these words.
    Flags(&'static [&'static str]),
    /// Whatever the setting holds; known only when it is read.
    Any,
}

/// A value as a rule file writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// `true` or `false`.
    Boolean(bool),
    /// An integer.
    Number(i64),
    /// A text.
    Text(String),
}

/// What a condition asks of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// It is this one; texts are compared without regard to case, as Exchange and IIS do.
    Is(Literal),
    /// It is one of these.
    OneOf(Vec<Literal>),
    /// The list holds this item.
    Has(String),
    /// The list does not hold this item.
    Lacks(String),
    /// The text, or an item of the list, matches this glob.
    Matches(Glob),
    /// The number, or the number of items, is this at least.
    AtLeast(i64),
    /// The number, or the number of items, is this at most.
    AtMost(i64),
    /// Whether the answer is known at all.
    Known(bool),
}

impl Type {
    /// The type in words, with its article.
    pub fn words(self) -> String {
        match self {
            Type::Boolean => "true or false".to_owned(),
            Type::Number => "a number".to_owned(),
            Type::Text => "a text".to_owned(),
            Type::Words(words) => format!("one of `{}`", words.join("`, `")),
            Type::List => "a list".to_owned(),
            Type::Flags(words) => format!("a list of `{}`", words.join("`, `")),
            Type::Any => "whatever the setting holds".to_owned(),
        }
    }
}

impl Test {
    /// Whether a known value passes.
    ///
    /// # Errors
    /// What would settle it, where a cut list does not tell.
    pub fn passes(&self, value: &Value) -> Result<bool, Missing> {
        if let (Test::Is(_) | Test::OneOf(_), Value::List(List { cut: Some(missing), .. })) = (self, value) {
            return Err(missing.clone());
        }
        Ok(match (self, value) {
            (Test::Is(literal), value) => literal.equals(value),
            (Test::OneOf(literals), value) => literals.iter().any(|literal| literal.equals(value)),
            (Test::Has(item), Value::List(list)) => list.has(item)?,
            (Test::Lacks(item), Value::List(list)) => !list.has(item)?,
            (Test::Has(item), value) => value.shown().eq_ignore_ascii_case(item),
            (Test::Lacks(item), value) => !value.shown().eq_ignore_ascii_case(item),
            (Test::Matches(glob), Value::List(list)) => match &list.cut {
                _ if list.items.iter().any(|item| glob.matches(item)) => true,
                Some(missing) => return Err(missing.clone()),
                None => false,
            },
            (Test::Matches(glob), value) => glob.matches(&value.shown()),
            (Test::AtLeast(limit), Value::List(list)) => match &list.cut {
                Some(missing) if count(list) < *limit => return Err(missing.clone()),
                _ => count(list) >= *limit,
            },
            (Test::AtMost(limit), Value::List(list)) => match &list.cut {
                Some(missing) if count(list) <= *limit => return Err(missing.clone()),
                _ => count(list) <= *limit,
            },
            (Test::AtLeast(limit), value) => value.number().is_some_and(|number| number >= *limit),
            (Test::AtMost(limit), value) => value.number().is_some_and(|number| number <= *limit),
            (Test::Known(wanted), _) => *wanted,
        })
    }
}

impl Literal {
    fn equals(&self, value: &Value) -> bool {
        match (self, value) {
            (Literal::Boolean(wanted), Value::Boolean(found)) => wanted == found,
            (Literal::Boolean(wanted), Value::Text(found)) => found.eq_ignore_ascii_case(&wanted.to_string()),
            (Literal::Boolean(wanted), Value::Number(found)) => *wanted == (*found != 0),
            (Literal::Number(wanted), value) => value.number() == Some(*wanted),
            (Literal::Text(wanted), Value::Text(found)) => equal(found, wanted),
            (Literal::Text(wanted), Value::Boolean(found)) => wanted.eq_ignore_ascii_case(&found.to_string()),
            (Literal::Text(wanted), Value::List(list)) => {
                list.cut.is_none() && list.items.join(", ").eq_ignore_ascii_case(wanted)
            }
            _ => false,
        }
    }

    /// The literal as an answer.
    pub fn value(&self) -> Value {
        match self {
            Literal::Boolean(value) => Value::Boolean(*value),
            Literal::Number(value) => Value::Number(*value),
            Literal::Text(value) => Value::Text(value.clone()),
        }
    }

    /// The literal as a rule file writes it.
    pub fn written(&self) -> String {
        match self {
            Literal::Boolean(value) => value.to_string(),
            Literal::Number(value) => value.to_string(),
            Literal::Text(value) => format!("\"{value}\""),
        }
    }
}

impl Value {
    /// The number that this is, or that it writes.
    pub fn number(&self) -> Option<i64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Text(text) => text.trim().parse().ok(),
            Value::Boolean(_) | Value::List(_) => None,
        }
    }

    /// The value as a finding shows it.
    pub fn shown(&self) -> String {
        match self {
            Value::Boolean(value) => value.to_string(),
            Value::Number(value) => value.to_string(),
            Value::Text(value) => value.clone(),
            Value::List(list) => list.items.join(", "),
        }
    }
}

/// Whether both are the same but for case.
fn equal(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
        || !(one.is_ascii() && other.is_ascii()) && one.to_lowercase() == other.to_lowercase()
}

fn count(list: &List) -> i64 {
    i64::try_from(list.items.len()).unwrap_or(i64::MAX)
}
