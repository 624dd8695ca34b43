//! Which values of a JSON file are the exported objects, and which stand where no export puts one.

use crate::read::json::text;
use crate::read::json::tree::{Kind, Tree};
use crate::read::lost;
use crate::read::problem::{Problem, ProblemKind};

/// The exported objects, and what stands beside them.
#[derive(Debug, Default)]
pub(super) struct Items {
    /// The objects by their nodes, in the order of the file; each was read to its end.
    pub(super) records: Vec<usize>,
    /// Texts that stand where an object would.
    texts: Vec<usize>,
    /// Wrapped lists whose count is not that of their items: the count, and the number of items.
    miscounted: Vec<(usize, usize)>,
}

/// Finds the exported objects. A list of lists comes from commands whose results were put into one list.
pub(super) fn find(tree: &Tree<'_>) -> Items {
    let mut items = Items::default();
    for root in tree.roots() {
        let Some(list) = items.list(tree, root) else {
            items.take(tree, root);
            continue;
        };
        for item in tree.children(list) {
            match items.list(tree, item) {
                Some(inner) => tree.children(inner).for_each(|item| items.take(tree, item)),
                None => items.take(tree, item),
            }
        }
    }
    items
}

/// Windows PowerShell writes a list that was given members of its own as `{"value": […], "Count": n}`; its items, and
/// where the count stands.
pub(super) fn wrapped(tree: &Tree<'_>, node: usize) -> Option<(usize, Option<usize>)> {
    let mut list = None;
    let mut count = None;
    for (key, value) in tree.pairs(node) {
        match tree.raw(key) {
            "\"value\"" if tree.kind(value) == Kind::List => list = Some(value),
            "\"Count\"" if tree.kind(value) == Kind::Number => count = Some(value),
            _ => return None,
        }
    }
    list.map(|list| (list, count))
}

impl Items {
    /// The list that a node is, or that is wrapped in it.
    fn list(&mut self, tree: &Tree<'_>, node: usize) -> Option<usize> {
        match tree.kind(node) {
            Kind::List => Some(node),
            Kind::Record => {
                let (list, count) = wrapped(tree, node)?;
                let items = tree.children(list).count();
                self.miscounted.extend(count.filter(|it| tree.raw(*it) != items.to_string()).map(|it| (it, items)));
                Some(list)
            }
            _ => None,
        }
    }

    fn take(&mut self, tree: &Tree<'_>, node: usize) {
        match tree.kind(node) {
            Kind::Record if tree.is_whole(node) => self.records.push(node),
            Kind::Text { .. } => self.texts.push(node),
            _ => {}
        }
    }
}

/// What is to be said of a file whose objects these are.
pub(super) fn report(tree: &Tree<'_>, items: &Items, telling: &[&str]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let is_summary = |text: &str| lost::why(text).is_some() || text.contains(" (");
    if let Some(node) = items.texts.iter().find(|node| is_summary(&text::scalar(tree, **node).0.text)) {
        let message = "an object lay too deep for this export, which has a text in its place";
        problems.push(Problem::new(ProblemKind::JsonUnreadable, text::scalar(tree, *node).0.span, message));
    }
    for (count, items) in &items.miscounted {
        let message = format!("the count says {}, and the list holds {items} items", tree.raw(*count));
        problems.push(Problem::new(ProblemKind::JsonUnreadable, tree.span(*count), message));
    }
    problems.extend(buried(tree, items, telling));
    problems
}

/// The first key of interest that is in none of the objects, or deeper in one than its own properties. What stands in an
/// object that was not read to its end has been said to be lost.
fn buried(tree: &Tree<'_>, items: &Items, telling: &[&str]) -> Option<Problem> {
    let mut records = items.records.iter().copied().peekable();
    let mut own = None;
    let is_cut = |node: &usize| tree.kind(*node) == Kind::Record && !tree.is_whole(*node);
    let end = (0..tree.len()).find(is_cut).unwrap_or(tree.len());
    for node in 0..end {
        if records.next_if_eq(&node).is_some() {
            own = Some((tree.node(node).depth + 1, tree.behind(node)));
        }
        let Kind::Key { .. } = tree.kind(node) else { continue };
        let is_own = own.is_some_and(|(depth, end)| node < end && tree.node(node).depth == depth);
        if is_own {
            continue;
        }
        let (key, _) = text::scalar(tree, node);
        if telling.iter().any(|it| key.is(it)) {
            let message = format!("`{}` stands deeper in this file than PowerShell exports it", key.text);
            return Some(Problem::new(ProblemKind::JsonWrapped, key.span, message));
        }
    }
    None
}
