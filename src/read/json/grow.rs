//! The growing of a tree: the grammar of JSON, with a stack of its own in place of calls that call themselves.

use std::ops::Range;

use crate::read::json::lexer::{self, Fault};
use crate::read::json::tree::{Kind, Tree};
use crate::read::problem::{Problem, ProblemKind};
use crate::text::span::{SourceId, Span};

/// How deep lists and objects may nest; `ConvertTo-Json` goes to 100.
pub(super) const MAX_DEPTH: usize = 128;

/// How many keys and values are read from one file.
const MAX_NODES: usize = 20_000_000;

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
    /// How many keys and values are read at most.
    most: usize,
}

/// Reads a text; this never fails, and what could not be read is a problem.
pub(super) fn grow(text: &str, source: SourceId) -> Tree<'_> {
    grow_to(text, source, MAX_NODES)
}

fn grow_to(text: &str, source: SourceId, most: usize) -> Tree<'_> {
    let tree = Tree::new(text, source);
    let mut growing = Growing { tree, open: Vec::new(), at: 0, expect: Expect::Value, comma: None, most };
    if let Err(fault) = growing.run() {
        growing.note(ProblemKind::JsonUnreadable, fault.range, fault.message);
    }
    growing.tree
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
                let start = self.tree.span(*node).range().start;
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
            self.tree.close(node, self.at);
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
        self.open.push(self.tree.len() - 1);
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
        if self.tree.len() == self.most {
            let message = format!("the file holds more than {} keys and values", self.most);
            return Err(Fault::new(self.at..end, message));
        }
        self.comma = None;
        self.tree.push(kind, self.at..end, self.open.len());
        self.at = end;
        Ok(())
    }

    fn settle(&mut self) {
        self.expect = if self.open.is_empty() { Expect::Nothing } else { Expect::Comma };
    }

    fn in_record(&self) -> bool {
        self.open.last().is_some_and(|node| self.tree.kind(*node) == Kind::Record)
    }

    /// Notes the first thing that ConvertTo-Json would not have written.
    fn edited(&mut self, range: Range<usize>, message: &str) {
        if self.tree.problems.iter().all(|it| it.message != message) {
            self.note(ProblemKind::JsonEdited, range, message);
        }
    }

    fn note(&mut self, kind: ProblemKind, range: Range<usize>, message: impl Into<String>) {
        let span = Span::new(self.tree.source, range.start, range.end);
        self.tree.problems.push(Problem::new(kind, span, message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_have_a_limit() {
        let problems = |text: &str| -> Vec<String> {
            let tree = grow_to(text, SourceId(0), 6);
            tree.problems.iter().map(|it| format!("{} {}", &text[it.span.range()], it.message)).collect()
        };
        assert_eq!(problems(r#"[{"a": 1, "b": 2}]"#), [""; 0]);
        assert_eq!(problems(r#"[{"a": 1, "b": 2}, 3]"#), ["3 the file holds more than 6 keys and values"]);
    }
}
