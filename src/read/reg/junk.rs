//! Lines that regedit takes for comments although they were meant as something else.

use std::ops::Range;

use super::fault::Fault;
use super::key;
use super::line::{BLANKS, Cursor};

/// Typographic quotes, which word processors and web pages put in place of straight ones.
const TYPOGRAPHIC: [char; 3] = ['\u{201c}', '\u{201d}', '\u{201e}'];

/// Why a line that begins with neither `[`, `@` nor `"` was meant as a value; the cursor stands at its first character.
pub(super) fn lost_value(cursor: &Cursor<'_>) -> Option<Fault> {
    let line = cursor.rest();
    if !line.starts_with(|first: char| first.is_alphanumeric() || first == '_' || TYPOGRAPHIC.contains(&first)) {
        return None;
    }
    let equals = memchr::memchr_iter(b'=', line.as_bytes()).find(|at| looks_like_data(&line[at + 1..]))?;
    let name = line[..equals].trim_end_matches(BLANKS);
    let message = if name.starts_with(TYPOGRAPHIC) {
        "the name stands in typographic quotes, so regedit takes the line for a comment"
    } else {
        "the name has no opening quote, so regedit takes the line for a comment"
    };
    Some(Fault::new(cursor.at()..cursor.at() + name.len(), message))
}

/// Why a line was meant as a key: it names one and lacks the opening bracket.
pub(super) fn lost_key(cursor: &Cursor<'_>) -> Option<Fault> {
    let range = cursor.rest_range();
    let path = cursor.text()[range.clone()].strip_suffix(']')?;
    let (root, _) = path.split_once('\\')?;
    (key::is_root(root) && !path.contains('[')).then(|| Fault::new(range, "the key has no opening bracket"))
}

/// The line if it holds hex bytes and nothing was to continue: data that was cut off from the value above.
pub(super) fn orphan(cursor: &Cursor<'_>, is_indented: bool) -> Option<Range<usize>> {
    let mut behind = *cursor;
    let digits = behind.take_while(|byte| byte.is_ascii_hexdigit());
    let is_byte = matches!(digits.len(), 1 | 2);
    let is_list = behind.eat(",") || (is_indented && behind.rest().is_empty());
    (is_byte && is_list).then(|| cursor.rest_range())
}

fn looks_like_data(behind: &str) -> bool {
    let data = behind.trim_start_matches(BLANKS);
    let begins = |tag: &str| data.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
    data.starts_with('"') || data.starts_with(TYPOGRAPHIC) || ["dword:", "hex:", "hex("].into_iter().any(begins)
}
