//! JSON: the objects that `ConvertTo-Json` writes, with the exact place of every key and value.

mod grow;
mod items;
mod lexer;
mod object;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod value;

use crate::read::object::Object;
use crate::read::problem::Problem;
use crate::text::span::SourceId;

use self::object::Reading;

/// Whether a text begins as JSON with an object or a list does. `[PS] C:\>` and `[Section]` do not.
pub fn claims(text: &str) -> bool {
    let text = text.trim_start();
    let (open, rest) = match text.as_bytes() {
        [open @ (b'{' | b'['), ..] => (*open, text[1..].trim_start()),
        _ => return false,
    };
    let word = |word: &str| rest.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    match rest.as_bytes().first() {
        None | Some(b'"' | b'/') => true,
        Some(b'}') => open == b'{',
        Some(b'{' | b'[' | b']' | b'-' | b'0'..=b'9') => open == b'[',
        _ => open == b'[' && (word("null") || word("true") || word("false")),
    }
}

/// Whether a text is JSON that holds nothing: an empty list, an empty object or null.
pub fn is_void(text: &str) -> bool {
    let is_empty = |inner: &str| inner.trim().is_empty();
    let inner = |open, close| text.trim().strip_prefix(open).and_then(|it| it.strip_suffix(close));
    text.trim() == "null" || inner('[', ']').is_some_and(is_empty) || inner('{', '}').is_some_and(is_empty)
}

/// Reads JSON: objects at the top, in a list, in a list of lists, or in the list that Windows PowerShell wraps into
/// `{"value": […], "Count": n}`. An object that stands deeper and has a key of `telling` is a problem.
pub fn read<'t>(text: &'t str, source: SourceId, telling: &[&str]) -> (Vec<Object<'t>>, Vec<Problem>) {
    let tree = grow::grow(text, source);
    let items = items::find(&tree);
    let mut reading = Reading::new(&tree);
    let objects = items.records.iter().filter_map(|item| reading.object(*item)).collect();
    let mut problems = reading.problems.finish();
    problems.extend(items::report(&tree, &items, telling));
    problems.extend(tree.problems);
    (objects, problems)
}
