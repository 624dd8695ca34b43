//! Values of JSON: what the value of a property says.

use std::collections::BTreeMap;

use crate::read::json::items::wrapped;
use crate::read::json::text;
use crate::read::json::tree::{Kind, Tree};
use crate::read::lost;
use crate::read::object::{Item, List, Record, Value};
use crate::text::scalar::Scalar;
use crate::text::span::Span;

/// Why a value, or a part of it, cannot be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Half of a surrogate pair.
    LoneSurrogate(Span),
    /// The export has something else in its place.
    Lost(Span, &'static str),
    /// The second of two keys with different values.
    KeyTwice(Span),
}

/// What a value says, and why it is unreadable or wanting, if it is.
pub(super) fn value<'t>(tree: &Tree<'t>, node: usize) -> (Value<'t>, Option<Doubt>) {
    let node = match inner(tree, node) {
        Ok(inner) => inner,
        Err(doubt) => return (Value::Unreadable(tree.span(node)), Some(doubt)),
    };
    let span = tree.span(node);
    match tree.kind(node) {
        Kind::Null | Kind::Key { .. } => (Value::Empty(span), None),
        Kind::Number => (Value::Number(text::scalar(tree, node).0), None),
        Kind::Truth(_) => (Value::Text(text::scalar(tree, node).0), None),
        Kind::Text { .. } => match whole_text(tree, node) {
            Ok(text) if text.text.is_empty() => (Value::Empty(text.span), None),
            Ok(text) => (Value::Text(text), None),
            Err(doubt) => (Value::Unreadable(span), Some(doubt)),
        },
        Kind::List => list(tree, node),
        Kind::Record => match wrapped(tree, node) {
            Some((items, count)) => {
                let (value, doubt) = list(tree, items);
                (miscounted(tree, value, count), doubt)
            }
            None => record(tree, node),
        },
    }
}

/// The value that PowerShell wraps into `{"value": …, "Note": …}` where members were added to it; other values
/// themselves.
fn inner(tree: &Tree<'_>, node: usize) -> Result<usize, Doubt> {
    if tree.kind(node) != Kind::Record {
        return Ok(node);
    }
    let mut found: Option<usize> = None;
    for (key, value) in tree.pairs(node).filter(|(key, _)| tree.raw(*key) == "\"value\"") {
        match found {
            Some(earlier) if tree.raw(earlier) != tree.raw(value) => return Err(Doubt::KeyTwice(tree.span(key))),
            _ => found = Some(value),
        }
    }
    Ok(found.filter(|value| !matches!(tree.kind(*value), Kind::List | Kind::Record)).unwrap_or(node))
}

/// The text of a node, unless it stands for something that was lost, or cannot be had.
fn whole_text<'t>(tree: &Tree<'t>, node: usize) -> Result<Scalar<'t>, Doubt> {
    let (text, lone) = text::scalar(tree, node);
    let doubt = lone.map(Doubt::LoneSurrogate).or_else(|| Some(Doubt::Lost(text.span, lost::why(&text.text)?)));
    match doubt {
        Some(doubt) => Err(doubt),
        None => Ok(text),
    }
}

/// A list. An item that has no text may be any, so the list then is not known to be whole.
fn list<'t>(tree: &Tree<'t>, node: usize) -> (Value<'t>, Option<Doubt>) {
    let mut items = Vec::new();
    let mut truncated = false;
    let mut doubt = None;
    for item in tree.children(node) {
        let found = inner(tree, item).and_then(|item| match tree.kind(item) {
            Kind::Null => Ok(None),
            Kind::Text { .. } => whole_text(tree, item).map(|text| Some((trimmed(&text), false))),
            kind => Ok(Some((text::scalar(tree, item).0, kind == Kind::Number)).filter(|_| has_text(kind))),
        });
        match found {
            Ok(Some((text, is_number))) => items.push(Item { text, is_number }),
            Ok(None) => truncated |= tree.kind(item) != Kind::Null,
            Err(why) => {
                doubt = doubt.or(Some(why));
                truncated = true;
            }
        }
    }
    let text = Scalar::slice(tree.source, tree.text, tree.span(node).range());
    (Value::List(List { text, items, truncated }), doubt)
}

fn has_text(kind: Kind) -> bool {
    matches!(kind, Kind::Number | Kind::Truth(_))
}

fn trimmed<'t>(text: &Scalar<'t>) -> Scalar<'t> {
    let start = text.text.len() - text.text.trim_start().len();
    text.sub(start..start + text.text.trim().len())
}

/// A list whose count says another number than it has items may have held others.
fn miscounted<'t>(tree: &Tree<'t>, value: Value<'t>, count: Option<usize>) -> Value<'t> {
    match value {
        Value::List(list) => {
            let differs = count.is_some_and(|count| tree.raw(count) != list.items.len().to_string());
            Value::List(List { truncated: list.truncated || differs, ..list })
        }
        other => other,
    }
}

/// An object inside an object: its direct values that have a text. One of two different values under one name is not
/// known.
fn record<'t>(tree: &Tree<'t>, node: usize) -> (Value<'t>, Option<Doubt>) {
    let mut fields = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (key, value) in tree.pairs(node) {
        let (name, lone) = text::scalar(tree, key);
        if let Some(earlier) = seen.insert(name.text.to_lowercase(), value) {
            if tree.raw(earlier) != tree.raw(value) {
                return (Value::Unreadable(tree.span(node)), Some(Doubt::KeyTwice(name.span)));
            }
            continue;
        }
        let text = match tree.kind(value) {
            Kind::Text { .. } => whole_text(tree, value).ok(),
            Kind::Number | Kind::Truth(_) => Some(text::scalar(tree, value).0),
            Kind::Null | Kind::Key { .. } | Kind::List | Kind::Record => None,
        };
        fields.extend(text.filter(|text| lone.is_none() && !text.text.is_empty()).map(|text| (name, text)));
    }
    (Value::Record(Record { span: tree.span(node), fields }), None)
}
