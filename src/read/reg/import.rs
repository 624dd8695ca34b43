//! The import: the lines of a .reg file carried out from top to bottom, with the key that is open at each.

use std::collections::BTreeSet;
use std::ops::Range;

use super::fault::Fault;
use super::header::{self, Form, Format, Header};
use super::keeping::Keeping;
use super::key::{self, KeyLine};
use super::line::{Cursor, Lines};
use super::wanted::Wanted;
use super::{Operation, RegDocument, junk, sound, value};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::tally::Counts;
use crate::text::decode::Encoding;
use crate::text::span::{SourceId, Span};

/// Reads the whole file, or the part of it that it begins with; a file whose header regedit refuses has no operations.
pub(super) fn import<'t>(
    text: &'t str,
    source: SourceId,
    encoding: Encoding,
    wanted: &Wanted,
    seen: &mut Seen,
) -> (RegDocument<'t>, Vec<Problem>) {
    let mut problems = Vec::new();
    if let Some(message) = refused_encoding(encoding) {
        problems.push(Problem::new(ProblemKind::RegEncodingRefused, Span::file(source), message));
    }
    problems.extend(garbled_text(text, source, encoding));
    let format = match header::judge(text) {
        Header::Valid(format) => format,
        Header::Doubtful(format, behind) => {
            let span = Span::new(source, behind.start, behind.end);
            let message = "whether regedit accepts a header with something behind it is not documented";
            problems.push(Problem::new(ProblemKind::RegHeaderDoubtful, span, message));
            format
        }
        Header::Refused(kind, line, message) => {
            let span = Span::new(source, line.start, line.end);
            problems.push(Problem::new(kind, span, message));
            return (RegDocument::default(), problems);
        }
    };
    let mut lines = Lines::new(text);
    lines.next();
    let form = Form { format, is_utf16: encoding.is_utf16() };
    let import = Import {
        lines,
        source,
        form,
        current: Current::None,
        below_hex: false,
        keeping: Keeping::new(wanted),
        seen,
        document: RegDocument::default(),
        problems,
    };
    import.run()
}

/// Reads a part of a file in the format of version 5, in UTF-16, that begins with a key line, behind other parts.
pub(super) fn go_on<'t>(
    text: &'t str,
    source: SourceId,
    wanted: &Wanted,
    seen: &mut Seen,
) -> (RegDocument<'t>, Vec<Problem>) {
    let import = Import {
        lines: Lines::new(text),
        source,
        form: Form { format: Format::Five, is_utf16: true },
        current: Current::None,
        below_hex: false,
        keeping: Keeping::new(wanted),
        seen,
        document: RegDocument::default(),
        problems: Vec::new(),
    };
    import.run()
}

/// What is said or kept once a file.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The problems that were reported of which one a file is enough.
    said: BTreeSet<ProblemKind>,
    /// How many problems of each kind there are.
    counts: Counts,
    /// Whether a key was opened.
    pub(super) has_key: bool,
    /// Whether a key of a numbered control set was kept.
    pub(super) has_numbered: bool,
}

impl Seen {
    /// Says what was counted only, once all of the file was read.
    pub(super) fn finish(&self, problems: &mut [Problem]) {
        self.counts.finish(problems);
    }
}

/// Why regedit would not read a file of this encoding as it was read here.
fn refused_encoding(encoding: Encoding) -> Option<&'static str> {
    match encoding {
        Encoding::Utf8Bom => Some("regedit takes the byte order mark of UTF-8 for a part of the header"),
        Encoding::Utf16Le => Some("regedit does not recognise UTF-16 without a byte order mark"),
        Encoding::Utf16Be | Encoding::Utf16BeBom => Some("regedit does not read big-endian UTF-16"),
        Encoding::Utf32 => Some("regedit does not read UTF-32"),
        Encoding::Utf8 | Encoding::Utf16LeBom | Encoding::Windows1252 => None,
    }
}

/// Text that regedit would read in the code page of the machine although it is in UTF-8.
fn garbled_text(text: &str, source: SourceId, encoding: Encoding) -> Option<Problem> {
    let at = text.bytes().position(|byte| !byte.is_ascii()).filter(|_| encoding == Encoding::Utf8)?;
    let end = at + text[at..].chars().next().map_or(0, char::len_utf8);
    let message = "regedit reads this file in the ANSI code page, which garbles what is not ASCII";
    Some(Problem::new(ProblemKind::RegTextGarbled, Span::new(source, at, end), message))
}

/// The key that values go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Current {
    /// No key line yet.
    None,
    /// The key of the last [`Operation::OpenKey`].
    Open,
    /// The last key line deleted its key, which leaves none open.
    Deleted,
    /// The last key line was refused; its own problem speaks for the values below it.
    Refused,
}

struct Import<'t, 'w, 's> {
    lines: Lines<'t>,
    source: SourceId,
    form: Form,
    current: Current,
    /// Whether hex data that is stored ended above, with nothing but blank lines and comments since.
    below_hex: bool,
    keeping: Keeping<'t, 'w>,
    seen: &'s mut Seen,
    document: RegDocument<'t>,
    problems: Vec<Problem>,
}

impl<'t> Import<'t, '_, '_> {
    fn run(mut self) -> (RegDocument<'t>, Vec<Problem>) {
        loop {
            self.pass_over();
            let Some(line) = self.lines.next() else { break };
            self.line(line);
        }
        (self.document, self.problems)
    }

    /// Passes over sound lines of keys that nobody wants.
    fn pass_over(&mut self) {
        if self.keeping.keeps || self.current != Current::Open {
            return;
        }
        let bytes = self.lines.text().as_bytes();
        let mut at = self.lines.at();
        let mut unread_key = None;
        while let Some(rest) = bytes.get(at..) {
            if let Some(end) = self.keeping.end_of_unwanted_key(bytes, at) {
                self.below_hex = false;
                unread_key = Some(at);
                at = end;
            } else if let Some(value) = sound::value(bytes, at, self.form, self.keeping.wanted) {
                self.below_hex = value.is_hex;
                at = value.end;
            } else if rest.starts_with(b"\r\n") {
                at += 2;
            } else {
                break;
            }
        }
        if let Some(key) = unread_key {
            // What comes next may be a value that is wanted, and then so is its key.
            let below_hex = self.below_hex;
            self.lines.go_on_at(key);
            self.lines.next().into_iter().for_each(|line| self.key(line));
            self.below_hex = below_hex;
        }
        self.lines.go_on_at(at);
    }

    fn line(&mut self, mut line: Cursor<'t>) {
        let start = line.at();
        line.skip_blanks();
        match line.peek() {
            Some(b'[') => self.key(line),
            Some(b'"' | b'@') => self.value(line),
            Some(_) => self.junk(line, line.at() > start),
            None => {}
        }
    }

    fn key(&mut self, line: Cursor<'t>) {
        self.below_hex = false;
        match key::read(line, self.source) {
            KeyLine::Key { path, deletes, short_root } => {
                if let Some(bracket) = key::later_bracket(line) {
                    let message = "the key's name goes on behind this `]`, up to the last one of the line";
                    self.problem(ProblemKind::RegBracketMoved, bracket, message);
                }
                if let Some(root) = short_root {
                    self.short_root(root);
                }
                if deletes {
                    self.current = Current::Deleted;
                    self.document.operations.push(Operation::DeleteKey(path));
                } else {
                    self.current = Current::Open;
                    self.keeping.open(path, self.lines.text(), self.seen, &mut self.document.operations);
                }
            }
            KeyLine::UnknownRoot(root) => {
                self.current = Current::Refused;
                let message = "no root key has this name, so regedit drops the values below";
                self.problem(ProblemKind::RegUnknownRoot, root, message);
            }
            KeyLine::Malformed(fault) => self.refused_key(fault),
        }
    }

    /// What regedit does below such a line is not documented: it may well write the values to the key above.
    fn refused_key(&mut self, fault: Fault) {
        self.current = Current::Refused;
        let message = format!("{}; which key the values below go to is not documented", fault.message);
        self.fault(fault.kind, fault.range, message);
    }

    fn short_root(&mut self, root: Range<usize>) {
        if self.seen.said.insert(ProblemKind::RegShortRoot) {
            let message = "an abbreviated root key is not documented for older versions of Windows";
            self.problem(ProblemKind::RegShortRoot, root, message);
        }
    }

    /// The line is read even where its value is dropped: hex data takes the lines it goes on in with it.
    fn value(&mut self, line: Cursor<'t>) {
        self.below_hex = false;
        match value::read(line, &mut self.lines, self.source, self.form) {
            Ok(value) => self.good_value(value),
            Err(fault) => {
                self.fault(fault.kind, fault.range, fault.message);
                if let Some(swallowed) = fault.swallowed {
                    self.swallowed(swallowed);
                }
            }
        }
    }

    fn good_value(&mut self, value: value::Value<'t>) {
        match self.current {
            Current::Open => {
                self.below_hex = value.is_hex;
                self.keeping.take(value.operation, &mut self.document.operations);
                if let Some(doubt) = value.doubt {
                    self.problem(doubt.kind, doubt.range, doubt.message);
                }
                if let Some(backslash) = value.unfinished {
                    self.problem(ProblemKind::RegDataCut, backslash, "the file ends where the data should go on");
                }
            }
            Current::None => {
                self.problem(ProblemKind::RegAboveKeys, value.name, "this value stands above the first key");
            }
            Current::Deleted => {
                let message = "the key line above deletes its key, so this value belongs to none";
                self.problem(ProblemKind::RegBelowDeleted, value.name, message);
            }
            Current::Refused => {}
        }
    }

    /// The key that was open before a swallowed key line stays open.
    fn swallowed(&mut self, line: Range<usize>) {
        let is_key = self.lines_text(&line).starts_with('[');
        let message = match (is_key, self.current) {
            (true, Current::Open) => "this key is lost, and the values below go to the key above it",
            (true, _) => "this key is lost, and so are the values below",
            (false, _) => "this value is lost with the hex data above",
        };
        self.problem(ProblemKind::RegSwallowed, line, message);
    }

    fn junk(&mut self, line: Cursor<'t>, is_indented: bool) {
        if let Some(nul) = line.nul() {
            if !self.seen.said.contains(&ProblemKind::RegNul) {
                self.fault(ProblemKind::RegNul, nul, "a NUL character ends this line, and lines below may be lost too");
            }
            return;
        }
        if junk::is_comment(&line) {
            return;
        }
        let below_hex = std::mem::take(&mut self.below_hex);
        if let Some(orphan) = junk::orphan(&line, is_indented).filter(|_| below_hex) {
            let message = "this line does not belong to the data above, which lacks a `,\\` at its end";
            self.problem(ProblemKind::RegDataCut, orphan, message);
        } else if let Some(fault) = junk::lost_value(&line).or_else(|| junk::lost_key(&line)) {
            self.fault(fault.kind, fault.range, fault.message);
        }
    }

    fn fault(&mut self, kind: ProblemKind, range: Range<usize>, message: impl Into<String>) {
        if kind == ProblemKind::RegNul {
            self.seen.said.insert(kind);
        }
        self.problem(kind, range, message);
    }

    fn lines_text(&self, range: &Range<usize>) -> &'t str {
        &self.lines.text()[range.clone()]
    }

    fn problem(&mut self, kind: ProblemKind, range: Range<usize>, message: impl Into<String>) {
        if self.seen.counts.take(kind) {
            self.problems.push(Problem::new(kind, Span::new(self.source, range.start, range.end), message));
        }
    }
}
