//! `Export-Clixml`: objects with typed values, names of types told once, and references to what stands above.

mod escape;
mod index;
mod node;
mod value;
mod walk;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use crate::read::problem::{Problem, ProblemKind};
use crate::read::xml::{ElementId, XmlDocument};
use crate::read::xml_objects::Exports;
use crate::text::span::Span;

/// Reads the objects of every document in the file; an export has one, with the root `Objs`.
///
/// After a fault of the XML the objects before it are read. One that the fault cut off is not: what it lacks may have
/// stood behind the fault.
pub fn read<'t>(document: &XmlDocument<'t>, text: &'t str) -> (Exports<'t>, Vec<Problem>) {
    let mut exports = Exports::default();
    let mut problems = Vec::new();
    for (count, root) in document.roots().enumerate() {
        let element = document.get(root);
        if element.local_name() != "Objs" {
            let message = format!("`<{}>` stands beside the root of an export", node::short(element.local_name()));
            problems.push(Problem::new(ProblemKind::ExportValueUnreadable, element.name.span, message));
            continue;
        }
        if count > 0 {
            let message = "a second export begins behind the end of the first";
            problems.push(Problem::new(ProblemKind::XmlNotWellFormed, element.name.span, message));
        }
        if is_version_1(document, root, &mut problems) {
            walk::walk(document, text, root, &mut exports, &mut problems);
        }
    }
    (exports, problems)
}

/// Whether the values mean what this reader takes them to mean.
fn is_version_1(document: &XmlDocument<'_>, root: ElementId, problems: &mut Vec<Problem>) -> bool {
    let element = document.get(root);
    let Some(version) = element.attribute("Version").map(|it| &it.value) else {
        let message = "the root does not say which version of the format this is";
        problems.push(Problem::new(ProblemKind::ClixmlVersion, element.name.span, message));
        return true;
    };
    let mut parts = version.text.trim().split('.').map(|part| part.parse::<u32>().ok());
    let is_first = parts.next().flatten() == Some(1);
    if is_first && parts.clone().all(|part| part.is_some()) && (1..=3).contains(&parts.count()) {
        return true;
    }
    let place = if version.text.is_empty() { element.name.span } else { version.span };
    problems.push(Problem::new(
        ProblemKind::ClixmlVersion,
        place,
        "this version of the format is not one that is read",
    ));
    false
}

/// A problem with a value.
fn unreadable(span: Span, message: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::ExportValueUnreadable, span, message)
}
