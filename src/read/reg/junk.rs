//! Lines that regedit takes for comments although they were meant as something else.

use std::ops::Range;

use super::fault::Fault;
use super::key;
use super::line::{BLANKS, Cursor};
use crate::read::problem::ProblemKind;

/// Quotes that are no straight double ones; word processors and web pages put them in their place.
const OTHER_QUOTES: [char; 6] = ['\u{201c}', '\u{201d}', '\u{201e}', '\'', '\u{2018}', '\u{2019}'];

/// Whether the line is a comment by custom; regedit itself ignores any line that begins with nothing it knows.
pub(super) fn is_comment(cursor: &Cursor<'_>) -> bool {
    cursor.rest().starts_with([';', '#']) || cursor.rest().starts_with("//")
}

/// Why a line that begins with neither `[`, `@` nor `"` was meant as a value; the cursor stands at its first character.
pub(super) fn lost_value(cursor: &Cursor<'_>) -> Option<Fault> {
    let line = cursor.rest();
    if let Some(inner) = behind_invisible(line) {
        let is_value = inner.starts_with(['"', '@']) && inner.contains('=');
        let end = cursor.at() + line.len() - inner.len();
        let message = "this character is no blank to regedit, which takes the line for a comment";
        return is_value.then(|| Fault::new(cursor.at()..end, message));
    }
    if !line.starts_with(|first: char| first.is_alphanumeric() || first == '_' || OTHER_QUOTES.contains(&first)) {
        return None;
    }
    let first = memchr::memchr(b'=', line.as_bytes())?;
    let before_data = memchr::memchr_iter(b'=', line.as_bytes()).find(|at| looks_like_data(&line[at + 1..]));
    let equals = before_data.or_else(|| is_one_word(&line[..first]).then_some(first))?;
    let name = line[..equals].trim_end_matches(BLANKS);
    let message = if name.starts_with(OTHER_QUOTES) {
        "the name does not stand in straight double quotes, so regedit takes the line for a comment"
    } else {
        "the name has no opening quote, so regedit takes the line for a comment"
    };
    Some(Fault::new(cursor.at()..cursor.at() + name.len(), message))
}

/// Why a line was meant as a key: it names one, and lacks the opening bracket or has something before it.
pub(super) fn lost_key(cursor: &Cursor<'_>) -> Option<Fault> {
    let range = cursor.rest_range();
    let line = &cursor.text()[range.clone()];
    let path = line.strip_suffix(']')?;
    let path = behind_invisible(path).and_then(|inner| inner.strip_prefix('[')).unwrap_or(path);
    let (root, _) = path.split_once('\\').unwrap_or((path, ""));
    let message = "regedit takes this line for a comment, so the values below go to the key above it";
    (key::is_root(root) && !path.contains('[')).then(|| Fault::of(ProblemKind::RegKeyIgnored, range, message))
}

/// The line if it holds hex bytes and nothing was to continue: data that was cut off from the value above.
pub(super) fn orphan(cursor: &Cursor<'_>, is_indented: bool) -> Option<Range<usize>> {
    let mut behind = *cursor;
    let digits = behind.take_while(|byte| byte.is_ascii_hexdigit());
    let is_byte = matches!(digits.len(), 1 | 2);
    let is_list = behind.eat(",") || (is_indented && behind.is_done());
    (is_byte && is_list).then(|| cursor.rest_range())
}

/// What stands behind characters that look like nothing, such as no-break spaces and byte order marks in the middle of
/// a file.
fn behind_invisible(line: &str) -> Option<&str> {
    let inner = line.trim_start_matches(|it: char| it.is_whitespace() || it.is_control() || it == '\u{feff}');
    (inner.len() < line.len()).then_some(inner)
}

/// Whether a name is a word by itself: prose seldom has an `=` behind its first word.
fn is_one_word(name: &str) -> bool {
    let name = name.trim_end_matches(BLANKS);
    !name.is_empty() && name.chars().all(|it| it.is_alphanumeric() || it == '_')
}

fn looks_like_data(behind: &str) -> bool {
    let data = behind.trim_start_matches(BLANKS);
    let begins = |tag: &str| data.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
    data.starts_with('"') || data.starts_with(OTHER_QUOTES) || ["dword:", "hex:", "hex("].into_iter().any(begins)
}
