//! The objects of an export: those that went through the pipeline one by one, and those in lists of them.

use std::collections::{BTreeSet, HashSet};

use super::index::Index;
use super::node::{Kind, short};
use super::unreadable;
use super::value::Values;
use crate::read::object::{Object, Shape};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::xml::{ElementId, XmlDocument};
use crate::read::xml_objects::Exports;
use crate::read::xml_objects::gather::Properties;

/// Takes in every object below `root`.
pub(super) fn walk<'t>(
    document: &XmlDocument<'t>,
    text: &'t str,
    root: ElementId,
    exports: &mut Exports<'t>,
    problems: &mut Vec<Problem>,
) {
    let index = Index::new(document, root, problems);
    let mut walk = Walk { values: Values::new(document, text, &index), exports, taken: HashSet::new() };
    let mut pending: Vec<ElementId> = Vec::new();
    for child in document.children(root) {
        if walk.is_of_stream(child) {
            continue;
        }
        pending.push(child);
        while let Some(id) = pending.pop() {
            let inside = walk.visit(id, root);
            pending.extend(inside.into_iter().rev());
        }
    }
    walk.inner_types();
    problems.append(&mut walk.values.problems);
}

struct Walk<'d, 't, 'e> {
    values: Values<'d, 't>,
    exports: &'e mut Exports<'t>,
    /// What was visited: a list may refer to itself, and one object may go through the pipeline twice.
    taken: HashSet<ElementId>,
}

impl<'t> Walk<'_, 't, '_> {
    /// Whether an element belongs to another stream than that of objects; an error is told.
    fn is_of_stream(&mut self, id: ElementId) -> bool {
        let Some(stream) = self.values.document.get(id).attribute("S") else { return false };
        if stream.value.is("Error") {
            self.exports.errors.push(self.values.document.get(id).tag);
        }
        !stream.value.is("Output")
    }

    /// Takes in an object, or gives what is in a list of them.
    fn visit(&mut self, id: ElementId, root: ElementId) -> Vec<ElementId> {
        if !self.taken.insert(id) {
            return Vec::new();
        }
        let element = self.values.document.get(id);
        match self.values.kind(id) {
            Some(Kind::Obj) => self.object(id),
            Some(Kind::Ref) => self.values.index.target(id).into_iter().collect(),
            Some(Kind::List) => self.values.document.children(id).collect(),
            Some(Kind::Dictionary) => self.entries(id),
            Some(kind) if kind.is_value() => Vec::new(),
            _ => {
                let is_on_top = element.parent == Some(root);
                let place = if is_on_top { "where objects stand" } else { "in a list of objects" };
                let message = format!("`{}` is no object and stands {place}", short(element.local_name()));
                self.values.problems.push(unreadable(element.name.span, message));
                Vec::new()
            }
        }
    }

    /// The values of a dictionary.
    fn entries(&self, id: ElementId) -> Vec<ElementId> {
        let document = self.values.document;
        let is_key = |id: &ElementId| document.get(*id).attribute("N").is_some_and(|it| it.value.text == "Key");
        document.children(id).flat_map(|entry| document.children(entry)).filter(|id| !is_key(id)).collect()
    }

    fn object(&mut self, id: ElementId) -> Vec<ElementId> {
        let document = self.values.document;
        let element = document.get(id);
        let parts = self.values.parts(id);
        let is_wrapper = |base: &ElementId| {
            matches!(self.values.kind(*base), Some(Kind::List | Kind::Dictionary | Kind::Obj | Kind::Ref))
        };
        let inside: Vec<ElementId> = parts.base.into_iter().filter(is_wrapper).collect();
        if !inside.is_empty() && (parts.members.is_empty() || document.is_cut(id)) {
            return inside;
        }
        if document.is_cut(id) {
            let message = "this object is not whole: the file breaks off or is damaged inside it";
            self.values.problems.push(Problem::new(ProblemKind::ObjectCut, element.tag, message));
            return Vec::new();
        }
        let types = self.values.types(id);
        if types.first().is_some_and(|it| it.text.ends_with(".ErrorRecord")) {
            self.exports.errors.push(element.tag);
            return inside;
        }
        for odd in &parts.odd {
            let name = &document.get(*odd).name;
            let message = format!("`{}` has no place in an object, or stands there twice", short(&name.text));
            self.values.problems.push(unreadable(name.span, message));
        }
        let mut properties = Properties::default();
        for member in &parts.members {
            self.property(*member, &mut properties);
        }
        let properties = properties.into_list();
        self.exports.objects.push(Object { shape: Shape::Clixml, span: element.tag, command: None, types, properties });
        inside
    }

    /// Takes in a property. `SerializationData` is what Exchange needs to make the object live again; no other shape
    /// of an export shows it.
    fn property(&mut self, member: ElementId, properties: &mut Properties<'t>) {
        let Some(name) = self.values.name(member) else {
            let place = self.values.document.get(member).name.span;
            self.values.problems.push(unreadable(place, "this value of an object has no name"));
            return;
        };
        if self.values.kind(member) == Some(Kind::Bytes) && name.text == "SerializationData" {
            return;
        }
        let value = self.values.value(member);
        properties.push(name, value, &mut self.values.problems);
    }

    /// The types of objects that are values of others.
    fn inner_types(&mut self) {
        let mut seen = BTreeSet::new();
        for names in &self.values.index.types {
            let is_taken = self.values.document.get(*names).parent.is_some_and(|object| self.taken.contains(&object));
            let Some(first) = self.values.first_type(*names).filter(|_| !is_taken) else { continue };
            if seen.insert(first.text.to_string()) {
                self.exports.inner_types.push(first);
            }
        }
    }
}
