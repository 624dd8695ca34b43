//! The text inside an element, read only where it is asked for.

use std::ops::Range;

use memchr::memchr3;

use super::tag::reference_at;
use super::{ElementId, XmlDocument};
use crate::text::scalar::Scalar;

impl<'t> XmlDocument<'t> {
    /// What stands between the tags of an element; nothing where it has one tag only, or no end tag.
    pub fn inside(&self, text: &str, id: ElementId) -> Range<usize> {
        let element = self.get(id);
        let start = element.tag.end as usize;
        let end = text[start..element.span.end as usize].rfind('<').map(|at| start + at);
        end.filter(|_| !self.is_cut(id)).map_or(start..start, |end| start..end)
    }

    /// The text of an element without its markup and without what other elements inside it hold: references are
    /// replaced, line ends are those of XML. It is verbatim if nothing had to be replaced.
    pub fn text(&self, text: &'t str, id: ElementId) -> Scalar<'t> {
        let range = self.inside(text, id);
        let raw = &text[range.clone()];
        let slice = Scalar::slice(self.get(id).tag.source, text, range.clone());
        if memchr3(b'&', b'<', b'\r', raw.as_bytes()).is_none() {
            return slice;
        }
        let mut plain = String::new();
        let mut at = range.start;
        for child in self.children(id) {
            let child = self.get(child).span.range();
            push_plain(&mut plain, text, at..child.start);
            at = child.end;
        }
        push_plain(&mut plain, text, at..range.end.max(at));
        Scalar::rewritten(plain, slice.span)
    }

    /// Whether a fault left this element without its end.
    pub fn is_cut(&self, id: ElementId) -> bool {
        self.cut.binary_search(&id).is_ok()
    }
}

/// Appends what stands between two elements.
fn push_plain(plain: &mut String, text: &str, range: Range<usize>) {
    let mut at = range.start;
    while let Some(found) = memchr3(b'&', b'<', b'\r', &text.as_bytes()[at..range.end]) {
        plain.push_str(&text[at..at + found]);
        at += found;
        at += push_markup(plain, text, at, range.end);
    }
    plain.push_str(&text[at..range.end]);
}

/// Appends what the piece of markup at `at` stands for, and gives its length.
fn push_markup(plain: &mut String, text: &str, at: usize, end: usize) -> usize {
    const CDATA: &str = "<![CDATA[";
    let rest = &text[at..end];
    let until = |closing: &str| rest.find(closing).map_or(rest.len(), |found| found + closing.len());
    if rest.starts_with('\r') {
        plain.push('\n');
        return if rest.starts_with("\r\n") { 2 } else { 1 };
    }
    if rest.starts_with('&') {
        return match reference_at(text, at, end) {
            Ok(reference) => {
                plain.push(reference.character);
                reference.length
            }
            Err(_) => {
                plain.push('&');
                1
            }
        };
    }
    if let Some(section) = rest.strip_prefix(CDATA) {
        let length = section.find("]]>").unwrap_or(section.len());
        plain.push_str(&section[..length].replace("\r\n", "\n").replace('\r', "\n"));
        return until("]]>");
    }
    until(if rest.starts_with("<!--") { "-->" } else { "?>" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::xml::read;
    use crate::text::span::SourceId;

    fn content(text: &str) -> (String, bool, String) {
        let (document, _) = read(text, SourceId(0));
        let scalar = document.text(text, ElementId(0));
        (scalar.text.to_string(), scalar.verbatim, text[scalar.span.range()].to_owned())
    }

    #[test]
    fn the_text_of_an_element_is_what_stands_between_its_tags() {
        for (text, plain, inside) in [
            ("<a>https://x/owa</a >", "https://x/owa", "https://x/owa"),
            ("<a>a &amp; b &#x41;</a>", "a & b A", "a &amp; b &#x41;"),
            ("<a>x\r\ny\rz</a>", "x\ny\nz", "x\r\ny\rz"),
            ("<a><![CDATA[<&>\r\n]]>!</a>", "<&>\n!", "<![CDATA[<&>\r\n]]>!"),
            ("<a>b<!-- <c> -->d<?p x>y?>e</a>", "bde", "b<!-- <c> -->d<?p x>y?>e"),
            ("<a/>", "", ""),
            ("<a></a>", "", ""),
            ("<a>b<c d='>'>e</c>f</a>", "bf", "b<c d='>'>e</c>f"),
            ("<a>cut", "", ""),
            ("<a><a>x</a>", "", ""),
        ] {
            assert_eq!(content(text), (plain.to_owned(), plain == inside, inside.to_owned()), "{text}");
        }
    }
}
