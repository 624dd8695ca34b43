//! Text in quotes: names and strings, with their escapes undone.

use super::fault::Fault;
use super::line::Cursor;
use crate::text::scalar::Scalar;
use crate::text::span::{SourceId, Span};

/// Reads the text in quotes that begins at the cursor; `unclosed` is the message for one that does not end.
///
/// regedit undoes `\\`, `\"`, `\n` and `\r`, refuses `\0`, and reads any other `\x` as `x`.
pub(super) fn read<'t>(cursor: &mut Cursor<'t>, source: SourceId, unclosed: &'static str) -> Result<Scalar<'t>, Fault> {
    let whole = cursor.rest_range();
    let text = cursor.text();
    cursor.eat("\"");
    let start = cursor.at();
    let mut undone: Option<String> = None;
    let mut copied = start;
    loop {
        let Some(length) = memchr::memchr2(b'"', b'\\', cursor.rest().as_bytes()) else {
            return Err(Fault::new(whole, unclosed));
        };
        let found = cursor.at() + length;
        cursor.move_to(found);
        if cursor.eat("\"") {
            return Ok(scalar(text, source, start, found, copied, undone));
        }
        let Some(escaped) = cursor.rest()[1..].chars().next() else {
            return Err(Fault::new(whole, unclosed));
        };
        let character = match escaped {
            '0' => return Err(Fault::new(found..found + 2, "`\\0` makes regedit ignore the whole value")),
            'n' => '\n',
            'r' => '\r',
            other => other,
        };
        let undone = undone.get_or_insert_default();
        undone.push_str(&text[copied..found]);
        undone.push(character);
        copied = found + 1 + escaped.len_utf8();
        cursor.move_to(copied);
    }
}

fn scalar(text: &str, source: SourceId, start: usize, end: usize, copied: usize, undone: Option<String>) -> Scalar<'_> {
    match undone {
        None => Scalar::slice(source, text, start..end),
        Some(mut undone) => {
            undone.push_str(&text[copied..end]);
            Scalar::rewritten(undone, Span::new(source, start, end))
        }
    }
}
