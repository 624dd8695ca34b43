//! HTML: marks round the lines of a listing that went through a web page or a mail, and where they break lines.

use std::ops::Range;

/// The elements that people and mail programs wrap listings in; `<placeholder>` and its like are none.
const TAGS: &[&str] = &[
    "a",
    "b",
    "blockquote",
    "body",
    "br",
    "code",
    "div",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "head",
    "hr",
    "html",
    "i",
    "li",
    "ol",
    "p",
    "pre",
    "span",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "tt",
    "u",
    "ul",
];

/// Those that end a line, by their start tag or by their end tag.
const BREAKS: &[&str] = &["br", "/p", "/div", "/li", "/tr", "/pre"];

/// The longest tag that is taken for one.
const LONGEST: usize = 300;

/// A tag, from its `<` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) length: usize,
    /// Whether a line ends behind it.
    pub(super) is_break: bool,
}

/// Whether a text has marks of HTML: a line break, or an end tag behind a start tag of its name. Either alone may be a
/// part of a value.
pub(super) fn is_html(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut begun = [false; TAGS.len()];
    memchr::memchr_iter(b'<', bytes).any(|at| {
        if tag(&bytes[at..]).is_none() {
            return false;
        }
        let is_end = bytes.get(at + 1) == Some(&b'/');
        let name = &bytes[at + 1 + usize::from(is_end)..];
        let length = name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let index = TAGS.iter().position(|it| it.as_bytes().eq_ignore_ascii_case(&name[..length]));
        let Some(index) = index else { return false };
        begun[index] |= !is_end;
        TAGS[index] == "br" || (is_end && begun[index])
    })
}

/// The tag that `bytes` begin with.
pub(super) fn tag(bytes: &[u8]) -> Option<Tag> {
    let inner = bytes.strip_prefix(b"<")?;
    let slash = usize::from(inner.first() == Some(&b'/'));
    let name = slash + inner[slash..].iter().take(12).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let is_named = |names: &[&str], name: &[u8]| names.iter().any(|it| it.as_bytes().eq_ignore_ascii_case(name));
    if !is_named(TAGS, &inner[slash..name]) || !inner.get(name).is_some_and(|byte| b" \t/>".contains(byte)) {
        return None;
    }
    let rest = &inner[name..inner.len().min(name + LONGEST)];
    let end = rest.iter().position(|byte| b"<>\r\n".contains(byte)).filter(|end| rest[*end] == b'>')?;
    Some(Tag { length: name + end + 2, is_break: is_named(BREAKS, &inner[..name]) })
}

/// A line of a text as the lines that a reader of the page sees: a tag that breaks lines ends one, unless the text's own
/// line end follows.
pub(super) fn lines(text: &str, line: Range<usize>) -> Vec<Range<usize>> {
    let bytes = &text.as_bytes()[line.clone()];
    let content = bytes.trim_ascii_end().len();
    let mut lines = Vec::new();
    let mut start = 0;
    for at in memchr::memchr_iter(b'<', bytes) {
        let Some(tag) = tag(&bytes[at..]).filter(|tag| tag.is_break) else { continue };
        let end = at + tag.length;
        if end < content {
            lines.push(line.start + start..line.start + end);
            start = end;
        }
    }
    lines.push(line.start + start..line.end);
    lines
}

/// Whether a text holds a character of HTML by its name or number: `&amp;`, `&#39;`.
pub(super) fn has_entity(text: &str) -> bool {
    text.match_indices('&').any(|(at, _)| {
        let name = &text[at + 1..];
        let length = name.bytes().take(10).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
        length > 1 && name.as_bytes().get(length) == Some(&b';')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_known_by_their_names() {
        let read = |text: &str| tag(text.as_bytes()).map(|tag| (tag.length, tag.is_break));
        assert_eq!(read("<br>x"), Some((4, true)));
        assert_eq!(read("<BR />x"), Some((6, true)));
        assert_eq!(read("</p>"), Some((4, true)));
        assert_eq!(read("<span class=\"x y\">z"), Some((18, false)));
        for text in ["<placeholder>", "<br", "<b\n>", "< b>", "<>", "<", "<bx>", "<span <br>"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn one_placeholder_makes_no_page() {
        assert!(is_html("a<br>b") && is_html("<b>x</b>"));
        assert!(!is_html("x </p> y") && !is_html("</b><b>"));
        assert!(!is_html("Server : <server>") && !is_html("a < b") && !is_html("<p>") && !is_html("<b>"));
    }
}
