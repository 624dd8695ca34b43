//! JSON: documents as their types declare them, with keys in a fixed order.

use std::fmt::Write as _;
use std::io::{self, Write};

use rayon::prelude::*;
use serde::Serialize;

use crate::model::ladder::Pair;
use crate::report::paths::rows::Rows;
use crate::report::paths::{Path, Paths, SCHEMA};
use crate::text::show::is_hostile;

/// How many rows are made before they are written.
const AT_ONCE: usize = 4096;

/// How many of these one thread makes.
const TOGETHER: usize = 256;

/// The document, indented, with a line end.
///
/// Characters that would steer a terminal are written as escapes, which mean the same to every reader of JSON.
pub fn render(document: &impl Serialize) -> String {
    let mut text =
        serde_json::to_string_pretty(document).unwrap_or_else(|error| unreachable!("internal error: {error}"));
    text.push('\n');
    // The writer has escaped the controls below the blank, so that most documents are seen through at a glance.
    if text.bytes().any(|byte| byte >= 0x7f) && text.chars().any(must_be_escaped) { escaped(&text) } else { text }
}

/// Writes the outcomes of all pairs as [`render`] writes [`Paths`], and keeps no more than some of them at a time.
///
/// # Errors
/// If it cannot be written.
pub fn write_paths(rows: &Rows<'_>, out: &mut dyn Write) -> io::Result<()> {
    let document = |paths: Vec<Path>| render(&Paths { schema: SCHEMA, paths });
    // What stands before the first row and behind the last one, by a document without any.
    let empty = document(Vec::new());
    let (head, tail) = empty.split_once(']').unwrap_or_default();
    let tail = format!("\n  ]{tail}");
    let mut pairs = rows.pairs();
    let mut is_first = true;
    loop {
        let next: Vec<Pair> = pairs.by_ref().take(AT_ONCE).collect();
        if next.is_empty() {
            break;
        }
        let part = |pairs: &[Pair]| document(pairs.iter().map(|pair| rows.row(*pair)).collect());
        let parts: Vec<String> = next.par_chunks(TOGETHER).map(part).collect();
        for part in &parts {
            let rows = part.strip_prefix(head).and_then(|it| it.strip_suffix(&tail)).unwrap_or_default();
            out.write_all(if is_first { head } else { "," }.as_bytes())?;
            out.write_all(rows.as_bytes())?;
            is_first = false;
        }
    }
    out.write_all(if is_first { &empty } else { &tail }.as_bytes())?;
    out.flush()
}

/// Outside of strings a document has no such characters, so that all of them can be replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    for character in text.chars() {
        if must_be_escaped(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(character);
        }
    }
    out
}

fn must_be_escaped(character: char) -> bool {
    character != '\n' && is_hostile(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_escaped_and_reads_the_same() {
        let text = "a\u{202e}b\u{9b}c\u{e0001}\u{7f}\n";
        let written = render(&text);
        assert_eq!(written, "\"a\\u202eb\\u009bc\\udb40\\udc01\\u007f\\n\"\n");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
}
