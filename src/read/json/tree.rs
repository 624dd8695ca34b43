//! The nodes of a JSON file, one behind the other in the order of the file, so that no depth of nesting is a danger.

use crate::read::json::lexer::{self, Fault};
use crate::read::problem::{Problem, ProblemKind};
use crate::text::span::{SourceId, Span};

/// How deep lists and objects may nest; `ConvertTo-Json` goes to 100.
pub(super) const MAX_DEPTH: usize = 128;

/// How many keys and values are read from one file.
const MAX_NODES: usize = 20_000_000;

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

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    /// A value.
    Value,
    /// A value, or the end of the list that was just begun.
    FirstItem,
    /// A key, or the end of the object that was just begun.
    FirstKey,
    /// A key behind a comma.
    Key,
    /// A comma or the end of what is open.
    Comma,
    /// Another file behind the end of this one, or nothing.
    Nothing,
}

struct Growing<'t> {
    tree: Tree<'t>,
    /// The lists and objects that are open, by their nodes.
    open: Vec<usize>,
    at: usize,
    expect: Expect,
    /// The comma before, while nothing stands behind it.
    comma: Option<usize>,
}

impl<'t> Tree<'t> {
    /// Reads a text; this never fails, and what could not be read is a problem.
    pub(super) fn grow(text: &'t str, source: SourceId) -> Tree<'t> {
        let tree = Tree { text, source, nodes: Vec::new(), problems: Vec::new() };
        let mut growing = Growing { tree, open: Vec::new(), at: 0, expect: Expect::Value, comma: None };
        if let Err(fault) = growing.run() {
            growing.note(ProblemKind::JsonUnreadable, fault.range, fault.message);
        }
        growing.tree
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

impl Growing<'_> {
    fn run(&mut self) -> Result<(), Fault> {
        loop {
            self.skip_blanks_and_comments()?;
            let Some(character) = self.tree.text[self.at..].chars().next() else { return self.finish() };
            match self.expect {
                Expect::Comma => self.behind_value(character)?,
                Expect::Key | Expect::FirstKey if character != '}' => self.key(character)?,
                Expect::Key | Expect::FirstKey => self.close(character)?,
                Expect::FirstItem if character == ']' => self.close(character)?,
                Expect::Value if character == ']' && self.comma.is_some() => self.close(character)?,
                Expect::Value | Expect::FirstItem => self.value(character)?,
                Expect::Nothing => self.another(character)?,
            }
        }
    }

    fn finish(&self) -> Result<(), Fault> {
        match self.open.last() {
            Some(node) => {
                let start = self.tree.nodes[*node].start as usize;
                Err(Fault::new(start..start + 1, "the file ends before this is closed"))
            }
            None => Ok(()),
        }
    }

    fn skip_blanks_and_comments(&mut self) -> Result<(), Fault> {
        loop {
            self.at = lexer::skip_blanks(self.tree.text, self.at);
            let Some(end) = lexer::comment(self.tree.text, self.at)? else { return Ok(()) };
            let message = "this comment is read over by PowerShell 7 and refused by Windows PowerShell";
            self.edited(self.at..self.at + 2, message);
            self.at = end;
        }
    }

    /// A comma, a closing bracket, or a fault.
    fn behind_value(&mut self, character: char) -> Result<(), Fault> {
        if character != ',' {
            return self.close(character);
        }
        self.comma = Some(self.at);
        self.at += 1;
        self.expect = if self.in_record() { Expect::Key } else { Expect::Value };
        Ok(())
    }

    fn close(&mut self, character: char) -> Result<(), Fault> {
        let wanted = if self.in_record() { '}' } else { ']' };
        if character != wanted {
            let message = format!("a comma or `{wanted}` belongs here");
            return Err(Fault::new(self.at..self.at + character.len_utf8(), message));
        }
        if let Some(comma) = self.comma.take() {
            self.edited(comma..comma + 1, "this comma has nothing behind it, which Windows PowerShell refuses");
        }
        self.at += 1;
        if let Some(node) = self.open.pop() {
            let next = self.tree.nodes.len() as u32;
            let node = &mut self.tree.nodes[node];
            (node.end, node.next) = (self.at as u32, next);
        }
        self.settle();
        Ok(())
    }

    fn key(&mut self, character: char) -> Result<(), Fault> {
        if character != '"' {
            let message = "a key in double quotes belongs here";
            return Err(Fault::new(self.at..self.at + character.len_utf8(), message));
        }
        let quoted = lexer::quoted(self.tree.text, self.at)?;
        let colon = lexer::skip_blanks(self.tree.text, quoted.end);
        if !self.tree.text[colon..].starts_with(':') {
            return Err(Fault::new(self.at..quoted.end, "a colon belongs behind this key"));
        }
        self.push(Kind::Key { escaped: quoted.escaped }, quoted.end)?;
        self.at = colon + 1;
        self.expect = Expect::Value;
        Ok(())
    }

    fn value(&mut self, character: char) -> Result<(), Fault> {
        match character {
            '{' | '[' => return self.open(character == '{'),
            '"' => {
                let quoted = lexer::quoted(self.tree.text, self.at)?;
                self.push(Kind::Text { escaped: quoted.escaped }, quoted.end)?;
            }
            _ => self.word(character)?,
        }
        self.settle();
        Ok(())
    }

    fn word(&mut self, character: char) -> Result<(), Fault> {
        let end = lexer::word_end(self.tree.text, self.at);
        let kind = match &self.tree.text[self.at..end] {
            "null" => Kind::Null,
            "true" => Kind::Truth(true),
            "false" => Kind::Truth(false),
            word if lexer::is_number(word) => Kind::Number,
            _ => {
                let end = end.max(self.at + character.len_utf8());
                return Err(Fault::new(self.at..end, "this is no value that JSON has"));
            }
        };
        self.push(kind, end)
    }

    fn open(&mut self, is_record: bool) -> Result<(), Fault> {
        if self.open.len() == MAX_DEPTH {
            let message = format!("lists and objects nest deeper than {MAX_DEPTH} levels here");
            return Err(Fault::new(self.at..self.at + 1, message));
        }
        let kind = if is_record { Kind::Record } else { Kind::List };
        self.push(kind, self.at + 1)?;
        self.open.push(self.tree.nodes.len() - 1);
        self.expect = if is_record { Expect::FirstKey } else { Expect::FirstItem };
        Ok(())
    }

    /// The end of a file, or the beginning of another in the same file.
    fn another(&mut self, character: char) -> Result<(), Fault> {
        if !matches!(character, '{' | '[') {
            let rest = &self.tree.text[self.at..];
            let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
            return Err(Fault::new(self.at..self.at + line, "this stands behind the end of the JSON"));
        }
        if self.tree.problems.iter().all(|it| it.kind != ProblemKind::ExportsRunTogether) {
            let message = "another export begins here, and PowerShell reads only files that hold one";
            self.note(ProblemKind::ExportsRunTogether, self.at..self.at + 1, message);
        }
        self.expect = Expect::Value;
        Ok(())
    }

    fn push(&mut self, kind: Kind, end: usize) -> Result<(), Fault> {
        if self.tree.nodes.len() == MAX_NODES {
            let message = format!("the file holds more than {MAX_NODES} keys and values");
            return Err(Fault::new(self.at..end, message));
        }
        self.comma = None;
        let is_parent = matches!(kind, Kind::List | Kind::Record);
        let next = if is_parent { OPEN } else { self.tree.nodes.len() as u32 + 1 };
        let (start, depth) = (self.at as u32, self.open.len() as u8);
        self.tree.nodes.push(Node { kind, depth, start, end: end as u32, next });
        self.at = end;
        Ok(())
    }

    fn settle(&mut self) {
        self.expect = if self.open.is_empty() { Expect::Nothing } else { Expect::Comma };
    }

    fn in_record(&self) -> bool {
        self.open.last().is_some_and(|node| self.tree.nodes[*node].kind == Kind::Record)
    }

    /// Notes the first thing that ConvertTo-Json would not have written.
    fn edited(&mut self, range: std::ops::Range<usize>, message: &str) {
        if self.tree.problems.iter().all(|it| it.message != message) {
            self.note(ProblemKind::JsonEdited, range, message);
        }
    }

    fn note(&mut self, kind: ProblemKind, range: std::ops::Range<usize>, message: impl Into<String>) {
        let span = Span::new(self.tree.source, range.start, range.end);
        self.tree.problems.push(Problem::new(kind, span, message));
    }
}
