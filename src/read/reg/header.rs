//! The first line: which format a file is in, and why regedit refuses it.

use std::ops::Range;

use super::key;
use super::line::{BLANKS, Cursor, Lines};
use crate::read::problem::ProblemKind;

/// The two formats of keys and values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// `REGEDIT4`: strings in hex are in the ANSI code page.
    Four,
    /// `Windows Registry Editor Version 5.00`: strings in hex are UTF-16LE.
    Five,
}

/// What decides how strings in hex are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    /// What the header says.
    pub(super) format: Format,
    /// Whether the file itself is in UTF-16.
    pub(super) is_utf16: bool,
}

/// What the first line says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// A header that regedit accepts.
    Valid(Format),
    /// A header with blanks or a comment behind it, and where those stand.
    Doubtful(Format, Range<usize>),
    /// No header that anything is imported below: the first line, and why.
    Refused(ProblemKind, Range<usize>, &'static str),
}

/// The headers, exactly as regedit compares them.
const HEADERS: [(&str, Format); 2] =
    [("REGEDIT4", Format::Four), ("Windows Registry Editor Version 5.00", Format::Five)];

/// How first lines begin that are headers of some kind.
const BEGINNINGS: [&str; 3] = ["REGEDIT", "Windows Registry Editor Version", "WINE REGISTRY Version"];

/// Reads the first line. Blanks may stand before the header; nothing else may.
pub(super) fn judge(text: &str) -> Header {
    let mut line = first_line(text);
    line.skip_blanks();
    match likeness(line.rest()) {
        Likeness::Exact(format) => Header::Valid(format),
        Likeness::Trailing(format, length) => {
            line.move_to(line.at() + length);
            let end = line.at() + line.rest().len();
            if !line.rest().trim_start_matches(BLANKS).is_empty() {
                line.skip_blanks();
            }
            Header::Doubtful(format, line.at()..end)
        }
        Likeness::Refused(kind, message) => Header::Refused(kind, line.rest_range(), message),
        Likeness::None => Header::Refused(ProblemKind::RegHeaderRefused, line.rest_range(), why_no_header(text, &line)),
    }
}

/// Whether the text was meant as a registry file, even if regedit refuses it.
///
/// Either its first significant line can be nothing but a header, or keys and values follow.
pub(super) fn claims(text: &str) -> bool {
    let mut lines = Lines::new(text).filter_map(significant);
    let Some(first) = lines.next() else {
        return false;
    };
    if is_surely_header(first) {
        return true;
    }
    let key = if may_be_header(first) { lines.next() } else { Some(first) };
    key.is_some_and(looks_like_key)
        && lines
            .next()
            .is_none_or(|below| looks_like_key(below) || (below.starts_with(['"', '@']) && below.contains('=')))
}

enum Likeness {
    Exact(Format),
    /// Blanks or a comment stand behind a header of this length.
    Trailing(Format, usize),
    Refused(ProblemKind, &'static str),
    /// Nothing like a header.
    None,
}

/// Compares a line without leading blanks with the headers; the whole line counts, and so does case.
fn likeness(line: &str) -> Likeness {
    for (header, format) in HEADERS {
        let Some(behind) = line.strip_prefix(header) else { continue };
        if behind.is_empty() {
            return Likeness::Exact(format);
        }
        let behind = behind.trim_start_matches(BLANKS);
        if behind.is_empty() || behind.starts_with(';') {
            return Likeness::Trailing(format, header.len());
        }
    }
    let trimmed = line.trim_end_matches(BLANKS);
    let [regedit, windows, wine] = BEGINNINGS;
    let refused = |message| Likeness::Refused(ProblemKind::RegHeaderRefused, message);
    if trimmed == regedit {
        let message = "this is the header of the Windows 3.1 format, which knows neither names nor types of values";
        Likeness::Refused(ProblemKind::RegWindows31, message)
    } else if line.starts_with(regedit) {
        let message = "regedit takes a line that only begins with `REGEDIT` for a header, and imports nothing";
        Likeness::Refused(ProblemKind::RegHeaderEmpty, message)
    } else if line.starts_with(wine) {
        refused("this is the header of a registry that Wine stores, not of a .reg file")
    } else if HEADERS.iter().any(|(header, _)| trimmed.eq_ignore_ascii_case(header)) || begins(line, regedit) {
        refused("regedit compares the header with case")
    } else if begins(line, windows) {
        refused("regedit accepts no version but `Windows Registry Editor Version 5.00`")
    } else if HEADERS.iter().any(|(header, _)| trimmed.ends_with(header)) {
        refused("something stands before the header")
    } else {
        Likeness::None
    }
}

fn why_no_header(text: &str, first: &Cursor<'_>) -> &'static str {
    let below = Lines::new(text).skip(1).find_map(significant);
    let stands_below = below.is_some_and(|line| matches!(likeness(line), Likeness::Exact(_) | Likeness::Trailing(..)));
    if stands_below && first.rest_range().is_empty() {
        "the first line is empty, and regedit looks for the header there"
    } else if stands_below && is_comment(first.rest()) {
        "a comment stands above the header, and regedit looks for it in the first line"
    } else {
        "there is no header"
    }
}

/// A line that nobody writes in prose: a header, or its beginning and a version and at most one word more.
fn is_surely_header(line: &str) -> bool {
    if matches!(likeness(line), Likeness::Exact(_) | Likeness::Trailing(..)) || line == BEGINNINGS[0] {
        return true;
    }
    BEGINNINGS.iter().filter(|beginning| begins(line, beginning)).any(|beginning| {
        let version = line[beginning.len()..].trim_matches(BLANKS);
        version.starts_with(|first: char| first.is_ascii_digit()) && version.split_whitespace().count() <= 2
    })
}

/// A line that may be a header if keys and values follow.
fn may_be_header(line: &str) -> bool {
    BEGINNINGS.iter().any(|beginning| begins(line, beginning))
        || HEADERS.iter().any(|(header, _)| line.len() > header.len() && line.ends_with(header))
}

/// `[HKEY_…]`, `[-HKEY_…]`, or the same with an abbreviated root.
fn looks_like_key(line: &str) -> bool {
    let Some(inner) = line.strip_prefix('[') else { return false };
    let Some((path, behind)) = inner.rsplit_once(']') else { return false };
    let path = path.trim_start_matches(BLANKS);
    let path = path.strip_prefix('-').unwrap_or(path).trim_start_matches(BLANKS);
    let root = path.split('\\').next().unwrap_or(path);
    let behind = behind.trim_start_matches(BLANKS);
    (behind.is_empty() || behind.starts_with(';')) && (begins(root, "HKEY_") || key::is_root(root))
}

/// The line without blanks around it; nothing for an empty line or a comment.
fn significant(line: Cursor<'_>) -> Option<&str> {
    let line = line.rest().trim_matches(BLANKS);
    (!line.is_empty() && !is_comment(line)).then_some(line)
}

fn is_comment(line: &str) -> bool {
    line.starts_with([';', '#']) || line.starts_with("//")
}

fn begins(line: &str, beginning: &str) -> bool {
    line.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
}

fn first_line(text: &str) -> Cursor<'_> {
    Lines::new(text).next().unwrap_or_else(|| Cursor::empty(text))
}
