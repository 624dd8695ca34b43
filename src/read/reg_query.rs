//! Output of `reg query`: keys and their values as they were when somebody asked, and what the output proves of the rest.

mod command;
mod output;
#[cfg(test)]
mod tests;
mod value;

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::read::problem::Problem;
use crate::read::reg::RegDocument;
use crate::text::span::{SourceId, Span};

use command::Console;

/// What `reg query` says, in English, where a key or a value does not exist. Other languages are not known.
const NOT_FOUND: &str = "ERROR: The system was unable to find the specified registry key or value.";

/// The word that every command has, in any case.
const QUERY: &[u8] = b"query";

/// Where a text begins to be output of `reg query`: the first key with a value, the first command, or the error.
pub fn claims(text: &str, source: SourceId) -> Option<Span> {
    if !may_claim(text.as_bytes()) {
        return None;
    }
    let mut key: Option<Range<usize>> = None;
    for line in lines(text) {
        let written = &text[line.clone()];
        let span = |range: Range<usize>| Some(Span::new(source, range.start, range.end));
        if written.trim() == NOT_FOUND || matches!(command::read(text, source, line.clone()), Console::Query(_)) {
            return span(line);
        }
        if value::columns(text, line.clone(), 0).is_some() {
            if key.is_some() {
                return key.and_then(span);
            }
        } else if output::heading(text, line.clone()).is_some() {
            key = Some(line);
        } else if !written.trim().is_empty() {
            key = None;
        }
    }
    None
}

/// Whether a text has a word that output of `reg query` cannot be told without, in whatever place.
fn may_claim(text: &[u8]) -> bool {
    static MARKS: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| ["HKEY_", NOT_FOUND].map(Finder::new));
    let is_query = |at: usize| text[at..].get(..QUERY.len()).is_some_and(|it| it.eq_ignore_ascii_case(QUERY));
    MARKS.iter().any(|mark| mark.find(text).is_some()) || memchr::memchr2_iter(b'q', b'Q', text).any(is_query)
}

/// Reads the output, and passes over whatever stands around it.
pub fn read(text: &str, source: SourceId) -> (RegDocument<'_>, Vec<Problem>) {
    output::read(text, source)
}

/// The lines of a text without their ends; `\r\n`, `\n` and a lone `\r` end one.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut start = 0;
    std::iter::from_fn(move || {
        if start == bytes.len() {
            return None;
        }
        let end = memchr::memchr2(b'\r', b'\n', &bytes[start..]).map_or(bytes.len(), |length| start + length);
        let line = start..end;
        start = end + if bytes[end..].starts_with(b"\r\n") { 2 } else { usize::from(end < bytes.len()) };
        Some(line)
    })
}
