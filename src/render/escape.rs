//! Escapes: text from inputs made fit for formats in which some characters steer whoever reads them.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::text::show::visible;

/// Text for an XML element or attribute: hostile characters are spelt out, the five of XML are entities.
pub fn xml(text: &str) -> String {
    let shown = visible(text);
    let mut out = String::with_capacity(shown.len() + 16);
    let mut rest = &*shown;
    while let Some(at) = rest.find(is_entity) {
        out.push_str(&rest[..at]);
        let mut special = rest[at..].chars();
        special.by_ref().take(1).for_each(|character| push_entity(&mut out, character));
        rest = special.as_str();
    }
    out.push_str(rest);
    out
}

/// Text of several lines for an XML element.
pub fn xml_lines(text: &str) -> String {
    text.lines().map(xml).collect::<Vec<_>>().join("\n")
}

/// Text for a sentence in Markdown: nothing in it is markup, a mention, a link or a line of its own.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for character in visible(text).chars() {
        match character {
            '<' | '>' | '&' | '"' => push_entity(&mut out, character),
            '@' | '#' | ':' => {
                let _ = write!(out, "&#{};", character as u32);
            }
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '+' | '-' | '!' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(character);
            }
            it => out.push(it),
        }
    }
    out
}

/// The fence for a block of code in Markdown: longer than any run of backticks inside.
pub fn fence(text: &str) -> String {
    let longest = text.split(|it: char| it != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

/// A path as a relative URI reference: everything but unreserved characters and `/` is percent-encoded.
pub fn uri(path: impl AsRef<[u8]>) -> String {
    let path = path.as_ref();
    let mut out = String::with_capacity(path.len() + 8);
    for &byte in path {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A line of plain text for a log in which some lines are commands: no part of it is taken for one.
///
/// GitHub's runner takes a line that begins with `::`, and `##[` anywhere in a line; Azure's agent takes `##vso[` and
/// `##[`.
pub fn log_line(text: &str) -> Cow<'_, str> {
    let shown = visible(text);
    if shown.trim_start().starts_with("::") || shown.contains("##") {
        return Cow::Owned(format!("- {}", shown.replace("##", "# #")));
    }
    shown
}

fn push_entity(out: &mut String, character: char) {
    match character {
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '&' => out.push_str("&amp;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        it if is_no_xml(it) => {
            let _ = write!(out, "\\u{{{:x}}}", it as u32);
        }
        it => out.push(it),
    }
}

/// Whether a character is written in another way in XML.
fn is_entity(character: char) -> bool {
    matches!(character, '<' | '>' | '&' | '"' | '\'') || is_no_xml(character)
}

/// The characters that XML 1.0 cannot hold, beside those that are spelt out anyway.
fn is_no_xml(character: char) -> bool {
    matches!(character, '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stays_markup() {
        assert_eq!(xml("<a b='\"&\u{1b}'>\n"), "&lt;a b=&#39;&quot;&amp;\\u{1b}&#39;&gt;\\n");
        assert_eq!(
            markdown("@all <b> [x](y) `c` https://e"),
            "&#64;all &lt;b&gt; \\[x\\]\\(y\\) \\`c\\` https&#58;//e"
        );
        assert_eq!(uri("CAS 2/größe#1%.txt"), "CAS%202/gr%C3%B6%C3%9Fe%231%25.txt");
        assert_eq!(fence("a ``` b"), "````");
        assert_eq!(fence("a"), "```");
    }

    #[test]
    fn no_line_of_a_log_is_a_command() {
        assert_eq!(log_line("::error::x"), "- ::error::x");
        assert_eq!(log_line("a ##vso[task.complete]"), "- a # #vso[task.complete]");
        assert_eq!(log_line("####[x"), "- # ## #[x");
        assert_eq!(log_line("a::b"), "a::b");
    }
}
