//! JSON: documents as their types declare them, with keys in a fixed order.

use std::fmt::Write as _;

use serde::Serialize;

use crate::text::show::is_hostile;

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
