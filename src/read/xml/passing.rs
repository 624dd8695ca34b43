//! Elements that no reader asks about: they are checked as all others are, and not kept.

use std::ops::Range;

use super::tag::is_blank;
use crate::read::scan::first_of;

/// Which elements may be passed over: single tags with these names, in elements that say so.
#[derive(Debug, Clone, Copy)]
pub struct Passed {
    /// The names that such elements have.
    pub names: &'static [&'static str],
    /// Whether nobody asks about them in the element that is reached by these names, beginning with the root's.
    pub inside: fn(&[&str]) -> bool,
}

impl Passed {
    /// Passes nothing over, and asks the parser about every tag.
    pub const NOTHING: Passed = Passed { names: &[], inside: |_| false };

    /// Whether nothing is passed over.
    pub(super) fn is_nothing(&self) -> bool {
        self.names.is_empty()
    }

    /// Where a run of elements that may be passed over ends, if one begins at the `<` with which `text` begins.
    ///
    /// It ends before a `<`, so that what follows is read as if nothing had been passed over. Only what is well-formed
    /// beyond doubt is in the run: what has references, prefixes or children is read, kept and judged like all others.
    pub(super) fn run(&self, text: &[u8]) -> Option<usize> {
        let mut end = None;
        let mut at = 0;
        let mut shape = Shape::default();
        let mut blanks = 0..0;
        while let Some(tag) = shape.end_of_next(text, at).or_else(|| {
            shape = self.single_tag(text, at)?;
            Some(shape.end)
        }) {
            // Most tags are indented like the one above.
            let like_before = tag + blanks.len();
            let is_alike = text.get(like_before) == Some(&b'<') && text[tag..like_before] == text[blanks.clone()];
            at = if is_alike { like_before } else { tag + length(&text[tag..], BLANK) };
            blanks = tag..at;
            if text.get(at) != Some(&b'<') {
                break;
            }
            end = Some(at);
        }
        end
    }

    pub(super) fn initials(&self) -> Initials {
        Initials(self.names.iter().filter_map(|name| name.bytes().next()).fold(0, |all, it| all | Initials::bit(it)))
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

    /// The tag that begins at `start`, if it is a sound one that ends with `/>`.
    fn single_tag(&self, text: &[u8], start: usize) -> Option<Shape> {
        let mut names: [&[u8]; MOST] = [&[]; MOST];
        let mut shape = Shape::default();
        let mut fixed = start;
        let mut at = start + 1 + self.name(&text[start..])?;
        for count in 0..=MOST {
            let blanks = length(&text[at..], BLANK);
            at += blanks;
            if text[at..].starts_with(b"/>") {
                shape.fixed[count] = fixed..at + 2;
                return Some(Shape { values: count, end: at + 2, ..shape });
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
            shape.fixed[count] = fixed..at;
            fixed = end_of_value(text, at, quote)?;
            at = fixed + 1;
        }
        None
    }
}

/// The first bytes of names, by what they have in common with few others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Initials(u32);

impl Initials {
    pub(super) fn may_have(self, first: u8) -> bool {
        self.0 & Initials::bit(first) != 0
    }

    fn bit(first: u8) -> u32 {
        1 << (first % 32)
    }
}

/// How many attributes a tag may have that is passed over.
const MOST: usize = 12;

/// What a sound tag consists of but its values. Whatever stands between the same pieces is as sound, as long as it holds
/// neither the quote nor what would have to be looked at.
#[derive(Default)]
struct Shape {
    /// The pieces, one more than values: the first begins with the `<`, and the others with a quote.
    fixed: [Range<usize>; MOST + 1],
    values: usize,
    /// Where the tag ends.
    end: usize,
}

impl Shape {
    /// Where the tag ends that begins at `at`, if it has this shape.
    fn end_of_next(&self, text: &[u8], at: usize) -> Option<usize> {
        if self.end == 0 {
            return None;
        }
        let mut at = at;
        for fixed in &self.fixed[..self.values] {
            let fixed = &text[fixed.clone()];
            let quote = fixed.last()?;
            at = end_of_value(text, at + text[at..].starts_with(fixed).then_some(fixed.len())?, *quote)?;
        }
        let last = &text[self.fixed[self.values].clone()];
        text[at..].starts_with(last).then_some(at + last.len())
    }
}

/// Where the quote stands that ends the value that begins at `at`, if nothing in it has to be looked at.
fn end_of_value(text: &[u8], at: usize, quote: u8) -> Option<usize> {
    let end = at + first_of(&text[at..], [quote, b'<', b'&'])?;
    (text[end] == quote).then_some(end)
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
