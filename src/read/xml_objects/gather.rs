//! What both readers share: properties put together to an object, and items to a list.

use std::collections::HashMap;

use crate::read::object::{Item, List, Property, Value};
use crate::read::problem::{Problem, ProblemKind};
use crate::text::scalar::Scalar;
use crate::text::span::Span;

/// The properties of one object. A name that stands twice with different values has none that can be used.
#[derive(Default)]
pub(super) struct Properties<'t> {
    list: Vec<Property<'t>>,
    by_name: HashMap<String, usize>,
}

impl<'t> Properties<'t> {
    /// Takes in a property.
    pub(super) fn push(&mut self, name: Scalar<'t>, value: Value<'t>, problems: &mut Vec<Problem>) {
        let key = name.text.to_ascii_lowercase();
        let Some(index) = self.by_name.get(&key).copied() else {
            self.by_name.insert(key, self.list.len());
            self.list.push(Property { name, value, reconstructed: false });
            return;
        };
        let earlier = &mut self.list[index];
        if !says_the_same(&earlier.value, &value) {
            let message = format!("`{}` stands twice in this object, with different values", name.text);
            problems.push(Problem::new(ProblemKind::ListPropertyTwice, name.span, message));
            earlier.value = Value::Unreadable(earlier.value.span());
        }
    }

    /// All of them, in the order of the file.
    pub(super) fn into_list(self) -> Vec<Property<'t>> {
        self.list
    }
}

fn says_the_same(one: &Value<'_>, other: &Value<'_>) -> bool {
    match (one, other) {
        (Value::Empty(_), Value::Empty(_)) | (Value::Unreadable(_), _) => true,
        (Value::Text(one) | Value::Number(one), Value::Text(other) | Value::Number(other)) => one.text == other.text,
        (Value::List(one), Value::List(other)) => {
            one.truncated == other.truncated
                && one.items.iter().map(|it| &it.text.text).eq(other.items.iter().map(|it| &it.text.text))
        }
        _ => false,
    }
}

/// The list of these items, as PowerShell prints one; an empty list stands at `place`. None is an item that could not be
/// read.
pub(super) fn list<'t>(found: impl Iterator<Item = Option<Item<'t>>>, place: Span) -> Value<'t> {
    let mut items = Vec::new();
    let mut truncated = false;
    for item in found {
        match item {
            Some(item) => items.push(Item { text: trimmed(&item.text), ..item }),
            None => truncated = true,
        }
    }
    let span = match (items.first(), items.last()) {
        (Some(first), Some(last)) => first.text.span.to(last.text.span),
        _ => place,
    };
    let texts: Vec<&str> = items.iter().map(|it| it.text.text.as_ref()).collect();
    let text = format!("{{{}}}", texts.join(", "));
    Value::List(List { text: Scalar::rewritten(text, span), items, truncated })
}

/// The scalar without the blanks around it.
pub(super) fn trimmed<'t>(scalar: &Scalar<'t>) -> Scalar<'t> {
    let text = scalar.text.as_ref();
    let start = text.len() - text.trim_start().len();
    scalar.sub(start..start + text.trim().len())
}
