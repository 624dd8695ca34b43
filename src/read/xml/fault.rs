//! Faults of XML: what is wrong, where, and the characters that XML does not allow anywhere.

use std::ops::Range;

use memchr::memmem;

use crate::read::problem::{Problem, ProblemKind};
use crate::text::span::{SourceId, Span};

/// The one thing that ended the reading of a file.
#[derive(Debug)]
pub(super) struct Fault {
    kind: ProblemKind,
    range: Range<usize>,
    message: String,
}

impl Fault {
    /// The file is not well-formed; `range` is what shows it.
    pub(super) fn new(range: Range<usize>, message: impl Into<String>) -> Fault {
        Fault { kind: ProblemKind::XmlNotWellFormed, range, message: message.into() }
    }

    /// A document type at `at`; its keyword is labelled, since all the rest may be long.
    pub(super) fn doctype(at: usize) -> Fault {
        let range = at..at + "<!DOCTYPE".len();
        Fault { kind: ProblemKind::XmlDoctype, range, message: "a document type is declared here".to_owned() }
    }

    /// Whether the whole file is refused, and not only what stands behind the fault.
    pub(super) fn refuses_file(&self) -> bool {
        self.kind == ProblemKind::XmlDoctype
    }

    /// The problem that the user is told.
    pub(super) fn into_problem(self, source: SourceId) -> Problem {
        Problem::new(self.kind, Span::new(source, self.range.start, self.range.end), self.message)
    }
}

/// How many bytes are looked at in one go.
const BLOCK: usize = 256;

#[expect(clippy::needless_bitwise_bool, reason = "without branches many bytes are compared at once")]
fn is_control(byte: u8) -> bool {
    (byte < b' ') & (byte != b'\t') & (byte != b'\n') & (byte != b'\r')
}

/// The first character that XML allows nowhere, not even as a reference.
pub(super) fn first_forbidden(text: &str) -> Option<usize> {
    // Blocks are looked at as a whole first, without a branch for each byte.
    let has_control = |block: &[u8]| block.iter().fold(false, |found, it| found | is_control(*it));
    let block = text.as_bytes().chunks(BLOCK).position(has_control).map(|index| index * BLOCK);
    let control = block.and_then(|at| Some(at + text.as_bytes()[at..].iter().position(|it| is_control(*it))?));
    let known = &text[..control.unwrap_or(text.len())];
    if known.is_ascii() {
        return control;
    }
    let nonchar = |it: char| memmem::find(known.as_bytes(), it.encode_utf8(&mut [0; 3]).as_bytes());
    ['\u{fffe}', '\u{ffff}'].into_iter().filter_map(nonchar).chain(control).min()
}

/// The fault of a character that XML does not allow.
pub(super) fn forbidden(text: &str, at: usize) -> Fault {
    let length = text[at..].chars().next().map_or(0, char::len_utf8);
    let message = match text[at..].chars().next() {
        Some('\0') | None => "a NUL character stands here, which XML does not allow".to_owned(),
        Some(other) => format!("the character U+{:04X} stands here, which XML does not allow", u32::from(other)),
    };
    Fault::new(at..at + length, message)
}

/// A piece of the file fit for a message: not longer than a name is.
pub(super) fn short(piece: &str) -> String {
    const LONGEST: usize = 40;
    match piece.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &piece[..end]),
        None => piece.to_owned(),
    }
}
