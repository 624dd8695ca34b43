//! `ConvertTo-Xml`: objects as `Object` and `Property` elements, whose types may be named.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::read::lost::is_type_name;
use crate::read::object::{Item, Object, Record, Shape, Value};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::xml::{ElementId, XmlDocument};
use crate::read::xml_objects::Exports;
use crate::read::xml_objects::gather::{Properties, list, trimmed};
use crate::text::scalar::Scalar;
use crate::text::span::Span;

/// Reads the objects of every document in the file. `-As Stream` gives the same document in several strings.
///
/// An object that a fault of the XML cut off is not read: what it lacks may have stood behind the fault.
pub fn read<'t>(document: &XmlDocument<'t>, text: &'t str) -> (Exports<'t>, Vec<Problem>) {
    let (exports, taken) = (Exports::default(), BTreeSet::new());
    let mut reading = Reading { document, text, exports, taken, problems: Vec::new() };
    for root in document.roots() {
        if document.get(root).local_name() == "Objects" {
            reading.objects(root);
        } else {
            reading.misplaced(root, "beside the root of an export");
        }
    }
    reading.inner_types();
    (reading.exports, reading.problems)
}

struct Reading<'d, 't> {
    document: &'d XmlDocument<'t>,
    text: &'t str,
    exports: Exports<'t>,
    /// What was taken for an object, or for a list of them.
    taken: BTreeSet<ElementId>,
    problems: Vec<Problem>,
}

impl<'t> Reading<'_, 't> {
    /// Takes in every object below the root; what was exported as a list has them as its nameless properties.
    fn objects(&mut self, root: ElementId) {
        let mut pending: Vec<ElementId> = self.document.children(root).collect();
        pending.reverse();
        while let Some(id) = pending.pop() {
            let name = self.document.get(id).local_name();
            if name != "Object" && name != "Property" {
                self.misplaced(id, "where objects stand");
                continue;
            }
            self.taken.insert(id);
            let is_list = self.properties(id).next().is_some_and(|it| self.name(it).is_none());
            if is_list {
                let items: Vec<ElementId> = self.properties(id).collect();
                pending.extend(items.into_iter().rev());
            } else {
                self.object(id);
            }
        }
    }

    fn object(&mut self, id: ElementId) {
        let document = self.document;
        let tag = document.get(id).tag;
        if document.is_cut(id) {
            let message = "this object is not whole: the file breaks off or is damaged inside it";
            self.problems.push(Problem::new(ProblemKind::ObjectCut, tag, message));
            return;
        }
        let types: Vec<Scalar<'t>> = self.type_of(id).into_iter().collect();
        if types.first().is_some_and(|it| it.text.ends_with(".ErrorRecord")) {
            self.exports.errors.push(tag);
            return;
        }
        let mut properties = Properties::default();
        for child in document.children(id) {
            match self.name(child) {
                Some(name) if self.is_property(child) => {
                    let value = self.value(child);
                    properties.push(name, value, &mut self.problems);
                }
                _ => self.misplaced(child, "between the properties of an object"),
            }
        }
        let properties = properties.into_list();
        self.exports.objects.push(Object { shape: Shape::ConvertToXml, span: tag, command: None, types, properties });
    }

    /// The types of objects that are values of others.
    fn inner_types(&mut self) {
        let mut seen = BTreeSet::new();
        for id in (0..self.document.elements.len() as u32).map(ElementId) {
            let Some(name) = self.type_of(id).filter(|_| !self.taken.contains(&id)) else { continue };
            if seen.insert(name.text.to_string()) {
                self.exports.inner_types.push(name);
            }
        }
    }

    fn misplaced(&mut self, id: ElementId, place: &str) {
        let name = &self.document.get(id).name;
        let shown: String = name.text.chars().take(40).collect();
        let message = format!("`{shown}` stands {place}");
        self.problems.push(Problem::new(ProblemKind::ExportValueUnreadable, name.span, message));
    }

    fn is_property(&self, id: ElementId) -> bool {
        self.document.get(id).local_name() == "Property"
    }

    fn properties(&self, id: ElementId) -> impl Iterator<Item = ElementId> {
        self.document.children(id).filter(|child| self.is_property(*child))
    }

    fn name(&self, id: ElementId) -> Option<Scalar<'t>> {
        self.document.get(id).attribute("Name").map(|it| it.value.clone()).filter(|it| !it.text.is_empty())
    }

    fn type_of(&self, id: ElementId) -> Option<Scalar<'t>> {
        self.document.get(id).attribute("Type").map(|it| trimmed(&it.value))
    }

    /// What a property says: a text, a list where it holds nameless properties, a record where they have names.
    fn value(&mut self, id: ElementId) -> Value<'t> {
        let element = self.document.get(id);
        let (span, tag) = (element.span, element.tag);
        let Some(first) = self.document.children(id).next() else {
            return match self.single(id) {
                Some(item) if item.text.text.trim().is_empty() => Value::Empty(span),
                Some(item) if item.is_number => Value::Number(item.text),
                Some(item) => Value::Text(item.text),
                None => Value::Unreadable(tag),
            };
        };
        if let Some(other) = self.document.children(id).find(|child| !self.is_property(*child)) {
            self.misplaced(other, "inside a property");
            return Value::Unreadable(tag);
        }
        let is_list = self.name(first).is_none();
        if self.properties(id).any(|it| self.name(it).is_none() != is_list)
            || !is_blank(&self.document.text(self.text, id).text)
        {
            let message = "some parts of this value have names, and some have none";
            self.problems.push(Problem::new(ProblemKind::ExportValueUnreadable, tag, message));
            return Value::Unreadable(tag);
        }
        if is_list { self.list(id) } else { Value::Record(self.record(id, tag)) }
    }

    fn list(&mut self, id: ElementId) -> Value<'t> {
        let place = self.document.get(id).span;
        list(self.document.children(id).map(|child| self.single(child)), place)
    }

    /// The values inside by name. The entries of a dictionary stand one after the other, each as its key and its value.
    fn record(&self, id: ElementId, span: Span) -> Record<'t> {
        let named: Vec<(Scalar<'t>, Option<Scalar<'t>>)> = self
            .properties(id)
            .filter_map(|it| Some((self.name(it)?, self.single(it).map(|item| item.text))))
            .collect();
        let is_entry = |pair: &[(Scalar<'t>, Option<Scalar<'t>>)]| {
            pair.len() == 2 && pair[0].0.text == "Key" && pair[1].0.text == "Value"
        };
        let fields = if named.chunks(2).all(is_entry) {
            named.chunks(2).filter_map(|pair| Some((pair[0].1.clone()?, pair[1].1.clone()?))).collect()
        } else {
            named.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
        };
        Record { span, fields }
    }

    /// The text of a property that holds no other; a type's name stands for what was not written.
    fn single(&self, id: ElementId) -> Option<Item<'t>> {
        if self.document.children(id).next().is_some() {
            return None;
        }
        let text = self.document.text(self.text, id);
        if is_type_name(text.text.trim()) {
            return None;
        }
        let is_number = self.type_of(id).is_some_and(|it| is_number_type(&it.text));
        Some(Item { text: if is_number { trimmed(&text) } else { text }, is_number })
    }
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|it| it.is_ascii_whitespace())
}

fn is_number_type(name: &str) -> bool {
    let numbers =
        ["Byte", "SByte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Single", "Double", "Decimal"];
    name.strip_prefix("System.").is_some_and(|name| numbers.contains(&name))
}
