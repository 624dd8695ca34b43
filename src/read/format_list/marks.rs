//! Marks that are no text: escape sequences of terminals, tags of HTML, quoting marks, indentation and bullets.

use std::borrow::Cow;

use crate::read::format_list::cells::leading;
use crate::read::format_list::html;

/// An escape sequence or a tag that was taken out.
#[derive(Debug)]
pub(super) struct Cut {
    /// Where it stood, in the text without them.
    pub(super) at: usize,
    /// Its length.
    pub(super) length: usize,
}

/// How mail and Markdown mark a quoted or commented line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quote {
    None,
    Angle,
    Hash,
}

/// Takes out `ESC [ … m` and its kin: PowerShell 7.2 and later colours labels with them, also in files. Marks of HTML are
/// taken out where the page has them.
pub(super) fn without_marks(line: &str, is_html: bool) -> (Cow<'_, str>, Vec<Cut>) {
    let mut cuts = Vec::new();
    let bytes = line.as_bytes();
    let second = if is_html { b'<' } else { 0x1b };
    if memchr::memchr2(0x1b, second, bytes).is_none() {
        return (Cow::Borrowed(line), cuts);
    }
    let mut clean = String::with_capacity(line.len());
    let mut kept = 0;
    for at in memchr::memchr2_iter(0x1b, second, bytes) {
        if at < kept {
            continue;
        }
        let tag = || html::tag(&bytes[at..]).map(|tag| tag.length);
        let length = if bytes[at] == b'<' { tag() } else { escape_length(&bytes[at..]) };
        if let Some(length) = length {
            clean.push_str(&line[kept..at]);
            cuts.push(Cut { at: clean.len(), length });
            kept = at + length;
        }
    }
    clean.push_str(&line[kept..]);
    (Cow::Owned(clean), cuts)
}

/// The length of the control sequence that `bytes` begins with: `ESC [`, parameters, one final byte; or `ESC ]`, as
/// hyperlinks have it, to a bell or `ESC \`.
fn escape_length(bytes: &[u8]) -> Option<usize> {
    if let Some(text) = bytes.strip_prefix(b"\x1b]") {
        let end = memchr::memchr2(0x07, 0x1b, text)?;
        let is_bell = text[end] == 0x07;
        return (is_bell || text.get(end + 1) == Some(&b'\\')).then_some(end + if is_bell { 3 } else { 4 });
    }
    let parameters = bytes.strip_prefix(b"\x1b[")?;
    let count = parameters.iter().take_while(|byte| (0x20..0x40).contains(*byte)).count();
    parameters.get(count).filter(|last| (0x40..0x7f).contains(*last)).map(|_| count + 3)
}

/// Skips `> ` and `# ` marks; Markdown allows three spaces before the first.
pub(super) fn quote(text: &str) -> (Quote, usize) {
    let bytes = text.as_bytes();
    let mut found = (Quote::None, 0);
    loop {
        let from = found.1;
        let spaces = bytes[from..].iter().take_while(|byte| **byte == b' ').count();
        let at = from + spaces;
        let (kind, behind) = match bytes.get(at) {
            Some(b'>') if spaces <= 3 => (Quote::Angle, at + 1),
            Some(b'#') if spaces <= 3 => {
                let behind = at + bytes[at..].iter().take_while(|byte| **byte == b'#').count();
                if bytes.get(behind).is_some_and(|byte| *byte != b' ') {
                    return found;
                }
                (Quote::Hash, behind)
            }
            _ => return found,
        };
        found = (kind, behind + usize::from(bytes.get(behind) == Some(&b' ')));
    }
}

/// Skips indentation and one bullet.
pub(super) fn body(text: &str, lead: usize) -> (usize, bool) {
    let at = lead + leading(&text[lead..]);
    let rest = &text[at..];
    if let Some(behind) = rest.strip_prefix(['*', '-', '+', '\u{2022}', '\u{b7}', '\u{2013}']) {
        let blanks = leading(behind);
        if blanks > 0 && blanks < behind.len() {
            return (text.len() - behind.len() + blanks, true);
        }
    }
    (at, false)
}
