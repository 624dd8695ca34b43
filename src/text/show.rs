//! Text from inputs made fit for a terminal: nothing that steers a terminal or reorders a line gets through.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with every control, bidirectional and invisible formatting character replaced by a visible escape.
///
/// Line feeds are escaped too: a value never makes a line of its own.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !holds_hostile(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        push_visible(&mut shown, character);
    }
    Cow::Owned(shown)
}

/// Appends one character, escaped if it must not reach a terminal.
pub fn push_visible(shown: &mut String, character: char) {
    match character {
        '\t' => shown.push_str("\\t"),
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        it if is_hostile(it) => {
            let _ = write!(shown, "\\u{{{:x}}}", it as u32);
        }
        it => shown.push(it),
    }
}

/// Whether a text has a character that must not reach a terminal. Nearly every text is plain ASCII, which is seen fast.
fn holds_hostile(text: &str) -> bool {
    !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && text.chars().any(is_hostile)
}

/// Whether a character may not reach a terminal as it is: C0 and C1 controls, bidirectional controls,
/// line and paragraph separators, zero-width and other invisible formatting characters.
pub fn is_hostile(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(visible("https://cas2.corp.example.com/owa – ü"), Cow::Borrowed(_)));
    }

    #[test]
    fn escape_sequences_and_direction_marks_are_spelt_out() {
        assert_eq!(visible("a\u{1b}]0;x\u{7}\u{202e}b\r\n\tc"), "a\\u{1b}]0;x\\u{7}\\u{202e}b\\r\\n\\tc");
    }
}
