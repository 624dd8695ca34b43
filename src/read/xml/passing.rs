//! Elements that no reader asks about: they are checked as all others are, and not kept.

use memchr::memchr3;

use super::tag::is_blank;

/// Which elements may be passed over: single tags with these names, in elements that say so.
#[derive(Debug, Clone, Copy)]
pub struct Passed {
    /// The names that such elements have.
    pub names: &'static [&'static str],
    /// Whether nobody asks about them in the element that is reached by these names, beginning with the root's.
    pub inside: fn(&[&str]) -> bool,
}

impl Passed {
    /// Passes nothing over.
    pub const NOTHING: Passed = Passed { names: &[], inside: |_| false };

    /// Where a run of elements that may be passed over ends, if one begins at the `<` with which `text` begins.
    ///
    /// It ends before a `<`, so that what follows is read as if nothing had been passed over. Only what is well-formed
    /// beyond doubt is in the run: what has references, prefixes or children is read, kept and judged like all others.
    pub(super) fn run(&self, text: &[u8]) -> Option<usize> {
        let mut end = None;
        let mut at = 0;
        while let Some(tag) = self.single_tag(&text[at..]) {
            let blanks = length(&text[at + tag..], BLANK);
            at += tag + blanks;
            if text.get(at) != Some(&b'<') {
                break;
            }
            end = Some(at);
        }
        end
    }

    /// Whether an element that may be passed over can begin here.
    pub(super) fn may_begin(&self, text: &[u8]) -> bool {
        self.name(text).is_some()
    }

    /// The length of the name that stands behind the `<`, if it is one of those that are passed over.
    fn name(&self, text: &[u8]) -> Option<usize> {
        let [b'<', rest @ ..] = text else { return None };
        let ends =
            |name: &&&str| rest.get(name.len()).is_some_and(|it| matches!(it, b' ' | b'\r' | b'\n' | b'\t' | b'/'));
        let first = rest.first()?;
        let mut alike = self.names.iter().filter(|name| name.as_bytes().first() == Some(first));
        alike.find(|name| ends(name) && rest.starts_with(name.as_bytes())).map(|name| name.len())
    }

    /// The length of the tag that begins here, if it is a sound one that ends with `/>`.
    fn single_tag(&self, text: &[u8]) -> Option<usize> {
        const MOST: usize = 12;
        let mut names: [&[u8]; MOST] = [&[]; MOST];
        let mut at = 1 + self.name(text)?;
        for count in 0..=MOST {
            let blanks = length(&text[at..], BLANK);
            at += blanks;
            if text[at..].starts_with(b"/>") {
                return Some(at + 2);
            }
            let name = &text[at..at + length(&text[at..], NAME)];
            let is_new = !names[..count].iter().any(|it| it.len() == name.len() && *it == name);
            if blanks == 0 || count == MOST || !is_new || !name.first().is_some_and(u8::is_ascii_alphabetic) {
                return None;
            }
            names[count] = name;
            at += name.len();
            let [b'=', quote @ (b'"' | b'\''), ..] = text[at..] else { return None };
            at += 2;
            let end = at + memchr3(quote, b'<', b'&', &text[at..])?;
            if text[end] != quote {
                return None;
            }
            at = end + 1;
        }
        None
    }
}

/// How many bytes at the beginning are of a class.
fn length(text: &[u8], class: u8) -> usize {
    text.iter().position(|it| CLASSES[usize::from(*it)] & class == 0).unwrap_or(text.len())
}

/// What stands between attributes.
const BLANK: u8 = 1;
/// What the name of an attribute may consist of, and no colon: a prefix means that the element is about more than IIS.
const NAME: u8 = 2;

/// The classes of each byte.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        if is_blank(byte as char) {
            classes[at] |= BLANK;
        }
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            classes[at] |= NAME;
        }
        at += 1;
    }
    classes
};
