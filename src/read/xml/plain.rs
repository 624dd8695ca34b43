//! Tags that are well-formed beyond doubt, found without the parser; whatever else stands in a file goes through it.

use std::ops::Range;

use super::tag::{BLANK, IN_NAME};
use crate::read::scan::first_of;

/// How many attributes a tag may have that is read here.
const MOST: usize = 12;

/// A plain tag: its names are ASCII, its values hold nothing that stands for something else, and so does the text
/// behind it, up to the next tag.
pub(super) struct Tag {
    pub(super) kind: Kind,
    pub(super) name: Range<usize>,
    /// Behind its `>`.
    pub(super) end: usize,
    /// The `<` that ends the text behind it.
    pub(super) next: usize,
}

/// What a tag does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Start,
    Empty,
    End,
}

/// The name and the value of an attribute, without its quotes.
pub(super) type Pair = (Range<usize>, Range<usize>);

/// The tag that begins at `start`, if it is a plain one; `attributes` has its attributes then.
pub(super) fn tag(text: &[u8], start: usize, attributes: &mut Vec<Pair>) -> Option<Tag> {
    attributes.clear();
    let is_end = text.get(start + 1) == Some(&b'/');
    let name = name(text, start + 1 + usize::from(is_end))?;
    let mut at = name.end;
    let (kind, end) = loop {
        let from = blanks(text, at);
        match text.get(from)? {
            b'>' if is_end => break (Kind::End, from + 1),
            b'>' => break (Kind::Start, from + 1),
            _ if is_end => return None,
            b'/' if text.get(from + 1) == Some(&b'>') => break (Kind::Empty, from + 2),
            _ if from == at || attributes.len() == MOST => return None,
            _ => attributes.push(attribute(text, from)?),
        }
        at = attributes.last()?.1.end + 1;
    };
    let next = end + first_of(text.get(end..)?, [b'<', b'&', b']'])?;
    (text[next] == b'<' && are_different(text, attributes)).then_some(Tag { kind, name, end, next })
}

fn attribute(text: &[u8], at: usize) -> Option<Pair> {
    let name = name(text, at)?;
    let [b'=', quote @ (b'"' | b'\''), value @ ..] = &text[name.end..] else { return None };
    let start = name.end + 2;
    let end = start + first_of(value, [*quote, b'<', b'&', b'\t', b'\n', b'\r'])?;
    (text[end] == *quote).then_some((name, start..end))
}

/// The name of ASCII that begins at `start`.
fn name(text: &[u8], start: usize) -> Option<Range<usize>> {
    let rest = text.get(start..)?;
    rest.first().filter(|it| it.is_ascii_alphabetic() || matches!(it, b'_' | b':'))?;
    let length = rest.iter().position(|it| !IN_NAME[usize::from(*it)])?;
    Some(start..start + length)
}

/// Where blanks end that begin at `at`.
fn blanks(text: &[u8], at: usize) -> usize {
    text[at..].iter().position(|it| !BLANK[usize::from(*it)]).map_or(text.len(), |length| at + length)
}

/// Whether no two attributes have the same name.
fn are_different(text: &[u8], attributes: &[Pair]) -> bool {
    let is_new = |(at, (name, _)): (usize, &Pair)| {
        attributes[..at].iter().all(|(other, _)| other.len() != name.len() || text[other.clone()] != text[name.clone()])
    };
    attributes.iter().enumerate().all(is_new)
}
