//! Sound value lines, told fast: what is passed over without being kept has to be checked all the same.
//!
//! Only the plain forms are known here, the ones that regedit writes. Whatever is not surely one of them is left to the
//! reader of values, so that the same is said of it as if it were wanted.

use memchr::{memchr2, memchr3};

use super::header::{Form, Format};
use super::hex::MAX_LINES;
use super::wanted::Wanted;

/// A value that can be passed over.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sound {
    /// Where the next line begins.
    pub(super) end: usize,
    /// Whether the data is hex.
    pub(super) is_hex: bool,
}

/// The value whose line begins at `at`, if it is surely sound and nobody wants it by its name.
pub(super) fn value(bytes: &[u8], at: usize, form: Form, wanted: &Wanted) -> Option<Sound> {
    let data = match bytes.get(at)? {
        b'@' => at + 1,
        b'"' => {
            let end = quoted(bytes, at)?;
            if wanted.has_value(&bytes[at + 1..end - 1]) {
                return None;
            }
            end
        }
        _ => return None,
    };
    let data = bytes.get(data..)?.strip_prefix(b"=").map(|_| data + 1)?;
    let rest = &bytes[data..];
    if rest.first() == Some(&b'"') {
        let end = line_end(bytes, quoted(bytes, data)?)?;
        Some(Sound { end, is_hex: false })
    } else if let Some(digits) = rest.strip_prefix(b"dword:") {
        let digits = digits.get(..8)?.iter().all(u8::is_ascii_hexdigit);
        let end = line_end(bytes, data + b"dword:".len() + 8).filter(|_| digits)?;
        Some(Sound { end, is_hex: false })
    } else {
        let (kind, list) = hex_tag(rest)?;
        let (end, length) = hex_list(bytes, data + list)?;
        let is_string = matches!(kind, 1 | 2 | 7);
        let is_sure = !is_string || length == 0 || (is_wide(form) && length.is_multiple_of(2));
        is_sure.then_some(Sound { end, is_hex: true })
    }
}

fn is_wide(form: Form) -> bool {
    form.format == Format::Five && form.is_utf16
}

/// Behind the text in quotes that begins at `at`; only escapes that every reader undoes alike are known.
fn quoted(bytes: &[u8], at: usize) -> Option<usize> {
    let mut from = at + 1;
    loop {
        let found = from + plain(bytes.get(from..)?)?;
        match bytes[found] {
            b'"' => return Some(found + 1),
            b'\\' if matches!(bytes.get(found + 1), Some(b'"' | b'\\')) => from = found + 2,
            _ => return None,
        }
    }
}

/// How many bytes of a text stand before one that needs a look: a quote, an escape, or what no line of text has.
fn plain(bytes: &[u8]) -> Option<usize> {
    // Most texts are so short that a search of their own costs more than it saves.
    const SHORT: usize = 32;
    let needs_look = |it: &u8| matches!(it, b'"' | b'\\' | b'\n' | b'\r' | 0);
    if let Some(found) = bytes.iter().take(SHORT).position(needs_look) {
        return Some(found);
    }
    let rest = bytes.get(SHORT..)?;
    let found = memchr3(b'"', b'\\', b'\n', rest)?;
    Some(SHORT + memchr2(b'\r', 0, &rest[..found]).unwrap_or(found))
}

/// The beginning of the next line, if this one ends at `at`.
fn line_end(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at..)? {
        [b'\r', b'\n', ..] => Some(at + 2),
        [b'\n', ..] => Some(at + 1),
        [] => Some(at),
        _ => None,
    }
}

/// The type's number, and how long the tag is.
fn hex_tag(rest: &[u8]) -> Option<(u8, usize)> {
    let behind = rest.strip_prefix(b"hex")?;
    match behind {
        [b':', ..] => Some((3, 4)),
        [b'(', digit, b')', b':', ..] => {
            let kind = char::from(*digit).to_digit(16)?;
            Some((kind as u8, 7))
        }
        _ => None,
    }
}

/// The next line behind a list of two-digit bytes, and how many there are.
fn hex_list(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let mut at = at;
    let mut length = 0;
    let mut lines = 1;
    loop {
        let full = bytes[at..]
            .as_chunks::<3>()
            .0
            .iter()
            .take_while(|[one, two, comma]| IS_HEX[usize::from(*one)] && IS_HEX[usize::from(*two)] && *comma == b',')
            .count();
        at += full * 3;
        length += full;
        match bytes.get(at..)? {
            [b'\\', ..] => {
                let mut next = line_end(bytes, at + 1)?;
                while bytes.get(next) == Some(&b' ') {
                    next += 1;
                }
                lines += 1;
                if !bytes.get(next)?.is_ascii_hexdigit() || lines > MAX_LINES {
                    return None;
                }
                at = next;
            }
            [one, two, ..] if one.is_ascii_hexdigit() && two.is_ascii_hexdigit() => {
                return Some((line_end(bytes, at + 2)?, length + 1));
            }
            // Nothing at all is a list too; a comma with nothing behind it is left to the reader.
            _ if length == 0 => return Some((line_end(bytes, at)?, 0)),
            _ => return None,
        }
    }
}

const IS_HEX: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = (byte as u8).is_ascii_hexdigit();
        byte += 1;
    }
    table
};
