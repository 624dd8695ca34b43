//! The inside of a start tag: its name, its attributes and the references in their values.

use std::ops::Range;

use memchr::memchr_iter;

use super::Attribute;
use super::fault::{Fault, short};
use crate::read::scan::first_of;
use crate::text::scalar::Scalar;
use crate::text::span::SourceId;

/// How many attributes an element may have; the largest of the IIS schema has some forty.
const MAX_ATTRIBUTES: usize = 1000;

/// Reads names and attributes from `at` to `end`: the inside of a tag, without its `<` and `>`.
pub(super) struct Cursor<'t> {
    text: &'t str,
    source: SourceId,
    at: usize,
    end: usize,
}

impl<'t> Cursor<'t> {
    /// A cursor over the inside of a tag.
    pub(super) fn new(text: &'t str, source: SourceId, inside: Range<usize>) -> Cursor<'t> {
        Cursor { text, source, at: inside.start, end: inside.end }
    }

    /// Whether all of the inside was looked at.
    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.end
    }

    /// The name of the element, which stands directly behind the `<`.
    pub(super) fn name(&mut self) -> Result<Scalar<'t>, Fault> {
        let start = self.at;
        let range = self.name_like();
        let name = &self.text[range.clone()];
        if is_name(name) {
            Ok(Scalar::slice(self.source, self.text, range))
        } else if name.starts_with(begins_name) {
            Err(Fault::new(range, format!("`{}` is no element name", short(name))))
        } else {
            Err(Fault::new(start - 1..start, "no element name follows this `<`"))
        }
    }

    /// All attributes. A name that stands twice is a fault at its second place.
    pub(super) fn attributes(&mut self) -> Result<Vec<Attribute<'t>>, Fault> {
        // No attribute has less than one `=`, so that this is room for all of them.
        let inside = &self.text.as_bytes()[self.at..self.end];
        let mut attributes = Vec::with_capacity(memchr_iter(b'=', inside).count().min(MAX_ATTRIBUTES));
        while let Some(attribute) = self.attribute()? {
            if attributes.len() == MAX_ATTRIBUTES {
                let message = format!("this element has more than {MAX_ATTRIBUTES} attributes");
                return Err(Fault::new(attribute.name.span.range(), message));
            }
            attributes.push(attribute);
        }
        match second_of_a_name(&attributes) {
            Some(second) => {
                let message = format!("the attribute `{}` stands twice in this element", short(&second.name.text));
                Err(Fault::new(second.name.span.range(), message))
            }
            None => Ok(attributes),
        }
    }

    /// The next attribute; `None` at the end.
    fn attribute(&mut self) -> Result<Option<Attribute<'t>>, Fault> {
        let blanks = self.blanks();
        if self.is_at_end() {
            return Ok(None);
        }
        let name = self.attribute_name()?;
        if blanks == 0 {
            return Err(Fault::new(name, "no blank stands before this attribute"));
        }
        self.blanks();
        if !self.eat(b'=') {
            let message = format!("the attribute `{}` has no value", short(&self.text[name.clone()]));
            return Err(Fault::new(name, message));
        }
        self.blanks();
        let value = self.quoted()?;
        let value = self.unescaped(value)?;
        Ok(Some(Attribute { name: Scalar::slice(self.source, self.text, name), value }))
    }

    fn attribute_name(&mut self) -> Result<Range<usize>, Fault> {
        let start = self.at;
        let range = self.name_like();
        let name = &self.text[range.clone()];
        if is_name(name) {
            return Ok(range);
        }
        let next = self.text[start..self.end].chars().next();
        Err(match next {
            Some('<') => Fault::new(start..start + 1, "a `<` stands in a tag that was not closed with `>`"),
            Some(other) if name.is_empty() => {
                Fault::new(start..start + other.len_utf8(), format!("`{other}` is out of place in this tag"))
            }
            _ => Fault::new(range, format!("`{}` is no attribute name", short(name))),
        })
    }

    /// What stands between the quotes that follow.
    fn quoted(&mut self) -> Result<Range<usize>, Fault> {
        let open = self.at;
        let quote = if self.eat(b'"') {
            b'"'
        } else if self.eat(b'\'') {
            b'\''
        } else {
            let word = self.word(|it| !BLANK[usize::from(it)]);
            return Err(Fault::new(word, "the value of this attribute does not stand in quotes"));
        };
        let inside = &self.text.as_bytes()[self.at..self.end];
        let value = self.at..self.at + first_of(inside, [quote, b'<']).unwrap_or(inside.len());
        self.at = value.end;
        if self.eat(quote) {
            return Ok(value);
        }
        // Where the line ends before the `<`, it is the quote that is at fault; within a line it may be either.
        if self.is_at_end() || self.text[value].contains('\n') {
            Err(Fault::new(open..open + 1, "this quote is not closed before the next `<`"))
        } else {
            Err(Fault::new(self.at..self.at + 1, "a `<` stands in the value of an attribute"))
        }
    }

    /// The value with its references replaced, and every line end and tab read as a blank.
    fn unescaped(&self, range: Range<usize>) -> Result<Scalar<'t>, Fault> {
        const SPECIAL: [char; 4] = ['&', '\t', '\n', '\r'];
        let raw = &self.text[range.clone()];
        if first_of(raw.as_bytes(), [b'&', b'\t', b'\n', b'\r']).is_none() {
            return Ok(Scalar::slice(self.source, self.text, range));
        }
        let mut unescaped = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = rest.find(SPECIAL) {
            unescaped.push_str(&rest[..at]);
            rest = &rest[at..];
            let used = if rest.starts_with('&') {
                let reference = reference_at(self.text, range.end - rest.len(), range.end)?;
                unescaped.push(reference.character);
                reference.length
            } else {
                unescaped.push(' ');
                if rest.starts_with("\r\n") { 2 } else { 1 }
            };
            rest = &rest[used..];
        }
        unescaped.push_str(rest);
        let span = Scalar::slice(self.source, self.text, range).span;
        Ok(Scalar::rewritten(unescaped, span))
    }

    /// What would be a name if its characters were those of names.
    fn name_like(&mut self) -> Range<usize> {
        self.word(|it| !ENDS_NAME[usize::from(it)])
    }

    fn blanks(&mut self) -> usize {
        self.word(|it| BLANK[usize::from(it)]).len()
    }

    /// Moves over a character of ASCII if it comes next.
    fn eat(&mut self, wanted: u8) -> bool {
        let found = self.text.as_bytes()[self.at..self.end].first() == Some(&wanted);
        self.at += usize::from(found);
        found
    }

    /// Moves over the bytes that belong to a word; those of characters beyond ASCII all belong, or none of them does.
    fn word(&mut self, belongs: impl Fn(u8) -> bool) -> Range<usize> {
        let start = self.at;
        let rest = &self.text.as_bytes()[start..self.end];
        self.at += rest.iter().position(|it| !belongs(*it)).unwrap_or(rest.len());
        start..self.at
    }
}

/// What XML takes for a blank, by byte.
pub(super) const BLANK: [bool; 256] = table(b" \t\r\n");
/// What ends that which would be a name if its characters were those of names.
const ENDS_NAME: [bool; 256] = table(b" \t\r\n=\"'</");

/// What continues a name, of ASCII.
pub(super) const IN_NAME: [bool; 256] = table(b"-.0123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

const fn table(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
}

/// The first attribute whose name another one before it has. Many are sorted, so that they cost little more than few.
fn second_of_a_name<'a, 't>(attributes: &'a [Attribute<'t>]) -> Option<&'a Attribute<'t>> {
    const FEW: usize = 12;
    if attributes.len() <= FEW {
        let stands_before = |(at, it): &(usize, &'a Attribute<'t>)| {
            attributes[..*at].iter().any(|other| other.name.text == it.name.text)
        };
        return attributes.iter().enumerate().find(stands_before).map(|(_, it)| it);
    }
    let mut sorted: Vec<&Attribute<'t>> = attributes.iter().collect();
    sorted.sort_by(|a, b| a.name.text.cmp(&b.name.text));
    let twice = sorted.windows(2).filter(|pair| pair[0].name.text == pair[1].name.text).map(|pair| pair[1]);
    twice.min_by_key(|it| it.name.span.start)
}

/// A reference such as `&amp;`.
pub(super) struct Reference {
    /// What it stands for.
    pub(super) character: char,
    /// How long it is, from `&` to `;`.
    pub(super) length: usize,
}

/// The reference that begins at `at` and ends before `end`.
pub(super) fn reference_at(text: &str, at: usize, end: usize) -> Result<Reference, Fault> {
    let rest = &text[at + 1..end];
    let length = rest.find(|it: char| it != '#' && !continues_name(it)).unwrap_or(rest.len());
    let name = &rest[..length];
    if length == 0 || !rest[length..].starts_with(';') {
        return Err(Fault::new(at..at + 1, "this `&` begins no reference"));
    }
    let range = at..at + length + 2;
    match referred(name) {
        Some(character) => Ok(Reference { character, length: range.len() }),
        None if name.starts_with('#') => Err(Fault::new(range, "this reference stands for no character")),
        None => Err(Fault::new(range, format!("the entity `&{};` is not defined", short(name)))),
    }
}

/// The character that a reference stands for: one of the five of XML, or one given by its number.
fn referred(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        return match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => None,
        };
    };
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
    // The parser of numbers takes a sign, XML does not.
    let all_digits = digits.chars().all(|it| it.is_digit(radix));
    let number = u32::from_str_radix(digits, radix).ok().filter(|_| all_digits)?;
    char::from_u32(number).filter(|it| is_blank(*it) || *it >= ' ' && !matches!(it, '\u{fffe}' | '\u{ffff}'))
}

/// Whether a `<!DOCTYPE` begins here, in whatever case: in lower case it is HTML, which is no better.
pub(super) fn begins_doctype(text: &str) -> bool {
    text.get(.."<!DOCTYPE".len()).is_some_and(|it| it.eq_ignore_ascii_case("<!DOCTYPE"))
}

/// What XML takes for a blank.
pub(super) const fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

/// Whether this is a name as XML 1.0 has it.
pub(super) fn is_name(text: &str) -> bool {
    if let [first, rest @ ..] = text.as_bytes()
        && text.is_ascii()
    {
        let begins = |it: &u8| it.is_ascii_alphabetic() || matches!(it, b'_' | b':');
        return begins(first) && rest.iter().all(|it| IN_NAME[usize::from(*it)]);
    }
    text.starts_with(begins_name) && text.chars().all(|it| it.is_ascii_alphanumeric() || continues_name(it))
}

/// Whether a name can begin with this character.
pub(super) fn begins_name(character: char) -> bool {
    matches!(character,
        'A'..='Z' | 'a'..='z' | '_' | ':' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

fn continues_name(character: char) -> bool {
    begins_name(character)
        || matches!(character, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}
