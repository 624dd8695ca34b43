//! What `RefId` names: objects and lists of type names, each in a space of its own, and only what stands above.

use std::collections::HashMap;

use crate::read::problem::{Problem, ProblemKind};
use crate::read::xml::{ElementId, XmlDocument};
use crate::text::scalar::Scalar;

/// What the references of one export lead to.
#[derive(Default)]
pub(super) struct Index {
    /// The element that each reference means; one that means nothing, or one of several, is not in here.
    targets: HashMap<ElementId, ElementId>,
    /// The elements that name types, in the order of the file.
    pub(super) types: Vec<ElementId>,
}

/// One space of ids, as far as the file was read.
#[derive(Default)]
struct Space<'d> {
    /// `None` for an id that was given twice.
    elements: HashMap<&'d str, Option<ElementId>>,
}

impl Index {
    /// The element that a `Ref` or a `TNRef` means.
    pub(super) fn target(&self, reference: ElementId) -> Option<ElementId> {
        self.targets.get(&reference).copied()
    }

    /// Follows every reference below `root`.
    pub(super) fn new(document: &XmlDocument<'_>, root: ElementId, problems: &mut Vec<Problem>) -> Index {
        let mut index = Index::default();
        let (mut objects, mut types) = (Space::default(), Space::default());
        for number in root.0 + 1..document.get(root).next.0 {
            let id = ElementId(number);
            match document.get(id).local_name() {
                "Obj" => objects.define(document, id, problems),
                "TN" => {
                    index.types.push(id);
                    types.define(document, id, problems);
                }
                "Ref" => index.follow(document, id, &objects, problems),
                "TNRef" => index.follow(document, id, &types, problems),
                _ => {}
            }
        }
        index
    }

    fn follow(&mut self, document: &XmlDocument<'_>, id: ElementId, space: &Space<'_>, problems: &mut Vec<Problem>) {
        let wanted = reference(document, id);
        match wanted.and_then(|it| space.elements.get(it.text.as_ref())) {
            Some(Some(target)) => {
                self.targets.insert(id, *target);
            }
            // That the id was given twice was said where it was.
            Some(None) => {}
            None => {
                let element = document.get(id);
                let place = wanted.filter(|it| !it.text.is_empty()).map_or(element.name.span, |it| it.span);
                let message = format!("this `{}` leads to nothing that stands above it", element.local_name());
                problems.push(Problem::new(ProblemKind::ClixmlReference, place, message));
            }
        }
    }
}

impl<'d> Space<'d> {
    fn define(&mut self, document: &'d XmlDocument<'_>, id: ElementId, problems: &mut Vec<Problem>) {
        let Some(name) = reference(document, id) else { return };
        let element = self.elements.entry(name.text.as_ref());
        element
            .and_modify(|known| {
                *known = None;
                let place = if name.text.is_empty() { document.get(id).name.span } else { name.span };
                let message = "this id is given a second time, so it is not known which of the two is meant";
                problems.push(Problem::new(ProblemKind::ClixmlReference, place, message));
            })
            .or_insert(Some(id));
    }
}

fn reference<'d, 't>(document: &'d XmlDocument<'t>, id: ElementId) -> Option<&'d Scalar<'t>> {
    document.get(id).attribute("RefId").map(|it| &it.value)
}
