//! The nodes of a JSON file, one behind the other in the order of the file, so that no depth of nesting is a danger.

use std::ops::Range;

use crate::read::problem::Problem;
use crate::text::span::{SourceId, Span};

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Truth(bool),
    /// A number.
    Number,
    /// A text, and whether something in it is escaped.
    Text { escaped: bool },
    /// The key of the node behind it.
    Key { escaped: bool },
    /// A list.
    List,
    /// An object.
    Record,
}

/// A key, a value, or what holds others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// How many lists and objects it stands in.
    pub(super) depth: u8,
    start: u32,
    end: u32,
    /// The node behind this one and all in it; [`OPEN`] while that is not known.
    next: u32,
}

/// Marks a list or an object whose end was not read.
const OPEN: u32 = u32::MAX;

/// A whole file.
#[derive(Debug)]
pub(super) struct Tree<'t> {
    pub(super) text: &'t str,
    pub(super) source: SourceId,
    nodes: Vec<Node>,
    /// What stopped the reading, and what PowerShell would not have written.
    pub(super) problems: Vec<Problem>,
}

impl<'t> Tree<'t> {
    pub(super) fn new(text: &'t str, source: SourceId) -> Tree<'t> {
        Tree { text, source, nodes: Vec::new(), problems: Vec::new() }
    }

    /// Adds a node that ends at `end`, in `depth` others; a list or an object is open until it is closed.
    pub(super) fn push(&mut self, kind: Kind, range: Range<usize>, depth: usize) {
        let is_parent = matches!(kind, Kind::List | Kind::Record);
        let next = if is_parent { OPEN } else { self.nodes.len() as u32 + 1 };
        self.nodes.push(Node { kind, depth: depth as u8, start: range.start as u32, end: range.end as u32, next });
    }

    /// Closes a list or an object behind its closing bracket.
    pub(super) fn close(&mut self, node: usize, end: usize) {
        self.nodes[node].next = self.nodes.len() as u32;
        self.nodes[node].end = end as u32;
    }

    /// The values at the top of the file.
    pub(super) fn roots(&self) -> impl Iterator<Item = usize> + '_ {
        self.siblings(0, self.nodes.len())
    }

    /// The items of a list, or the keys and values of an object in turns; those that were read to their end.
    pub(super) fn children(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let is_parent = matches!(self.nodes[node].kind, Kind::List | Kind::Record);
        self.siblings(node + 1, if is_parent { self.behind(node) } else { node + 1 })
    }

    /// The keys and the values of an object.
    pub(super) fn pairs(&self, record: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let mut children = self.children(record);
        std::iter::from_fn(move || Some((children.next()?, children.next()?)))
    }

    /// The nodes from `first` to before `end` that are in no other; a list or an object whose end was not read is the
    /// last of them.
    fn siblings(&self, first: usize, end: usize) -> impl Iterator<Item = usize> + '_ {
        let mut at = first;
        std::iter::from_fn(move || {
            let here = (at < end).then_some(at)?;
            at = self.behind(here);
            Some(here)
        })
    }

    /// The node behind this one and all in it.
    pub(super) fn behind(&self, node: usize) -> usize {
        match self.nodes[node].next {
            OPEN => self.nodes.len(),
            next => next as usize,
        }
    }

    /// Whether a node was read to its end.
    pub(super) fn is_whole(&self, node: usize) -> bool {
        self.nodes[node].next != OPEN
    }

    pub(super) fn node(&self, node: usize) -> Node {
        self.nodes[node]
    }

    pub(super) fn kind(&self, node: usize) -> Kind {
        self.nodes[node].kind
    }

    /// All nodes in the order of the file.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The node as written, with its quotes or brackets.
    pub(super) fn span(&self, node: usize) -> Span {
        let Node { start, end, .. } = self.nodes[node];
        Span::new(self.source, start as usize, end as usize)
    }

    /// What was written.
    pub(super) fn raw(&self, node: usize) -> &'t str {
        &self.text[self.span(node).range()]
    }
}
