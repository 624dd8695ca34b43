//! Sound value lines, told fast: what is passed over without being kept has to be checked all the same.
//!
//! Only the plain forms are known here, the ones that regedit writes. Whatever is not surely one of them is left to the
//! reader of values, so that the same is said of it as if it were wanted.

use super::header::{Form, Format};
use super::hex::MAX_LINES;
use super::wanted::Wanted;
use crate::read::scan::first_of;

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
        // A quote, an escape, or what no line of text has.
        let found = from + first_of(bytes.get(from..)?, [b'"', b'\\', b'\n', b'\r', 0])?;
        match bytes[found] {
            b'"' => return Some(found + 1),
            b'\\' if matches!(bytes.get(found + 1), Some(b'"' | b'\\')) => from = found + 2,
            _ => return None,
        }
    }
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
        let many = bytes[at..].as_chunks::<48>().0.iter().take_while(|block| is_listed(block)).count();
        at += many * 48;
        let some = bytes[at..].as_chunks::<24>().0.iter().take_while(|block| is_listed(block)).count();
        at += some * 24;
        let few = bytes[at..].as_chunks::<3>().0.iter().take_while(|block| is_listed(block)).count();
        at += few * 3;
        length += many * 16 + some * 8 + few;
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

/// Whether this is nothing but bytes in hex with a comma behind each.
fn is_listed<const N: usize>(text: &[u8; N]) -> bool {
    // Masks instead of branches, so that many bytes are looked at in one instruction.
    let comma: [u8; N] = const { commas() };
    let wrong = text.iter().zip(comma).fold(0, |wrong, (byte, comma)| {
        let is_hex = (byte.wrapping_sub(b'0') < 10) | ((byte | 0x20).wrapping_sub(b'a') < 6);
        let no_hex = if is_hex { 0 } else { 0xff };
        wrong | (comma & (byte ^ b',')) | (!comma & no_hex)
    });
    wrong == 0
}

/// All bits of each byte where a list has a comma.
const fn commas<const N: usize>() -> [u8; N] {
    let mut mask = [0; N];
    let mut at = 2;
    while at < N {
        mask[at] = 0xff;
        at += 3;
    }
    mask
}
