//! Hex data: lists of bytes that may go on over many lines, and the bytes that importing stores for them.

use std::ops::Range;

use encoding_rs::WINDOWS_1252;

use super::fault::Fault;
use super::header::{Form, Format};
use super::line::{Cursor, Lines};
use crate::read::problem::ProblemKind;

/// The types that hold strings: `REG_SZ`, `REG_EXPAND_SZ` and `REG_MULTI_SZ`.
const STRINGS: [u32; 3] = [1, 2, 7];

const MISSING_BYTE: &str = "a byte is missing before this comma";
const NO_BYTE: &str = "this is no hex byte";

/// How many lines data may have; what goes on over more is not known. regedit writes 25 bytes a line.
pub(super) const MAX_LINES: usize = 1_000_000;

/// A list of bytes as it is written.
#[derive(Debug, Default)]
pub(super) struct HexList {
    /// The bytes.
    pub(super) bytes: Vec<u8>,
    /// The offset behind the last byte or comma.
    pub(super) end: usize,
    /// The `\` that the list ends in when the file ends there; regedit stores what it has.
    pub(super) unfinished: Option<Range<usize>>,
    /// Whether it goes on over more than [`MAX_LINES`] lines; then the bytes are not all of it.
    pub(super) is_too_long: bool,
}

/// Reads the list that begins at the cursor, and takes the lines it goes on in from `lines`.
///
/// A line that regedit eats without reading it is taken too, whether or not the list is well-formed.
pub(super) fn read<'t>(mut cursor: Cursor<'t>, lines: &mut Lines<'t>) -> Result<HexList, Fault> {
    let mut list = HexList { end: cursor.at(), ..HexList::default() };
    let mut count = 1;
    while let Some(backslash) = read_line(&mut cursor, &mut list)? {
        if list.is_too_long {
            list.bytes.clear();
        }
        let Some(next) = next_line(lines) else {
            list.unfinished = Some(backslash);
            return Ok(list);
        };
        check_start(&next, backslash)?;
        cursor = next;
        count += 1;
        list.is_too_long = count > MAX_LINES;
    }
    Ok(list)
}

/// The bytes that importing stores: strings get a NUL if they lack one, and those of a `REGEDIT4` file become UTF-16.
///
/// One NUL is added even where a list of strings needs two. A string of an odd number of bytes is left as it is.
pub(super) fn stored(kind: u32, mut bytes: Vec<u8>, format: Format) -> Vec<u8> {
    if bytes.is_empty() || !STRINGS.contains(&kind) {
        return bytes;
    }
    match format {
        Format::Four => {
            if bytes.last() != Some(&0) {
                bytes.push(0);
            }
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(&bytes);
            text.encode_utf16().flat_map(u16::to_le_bytes).collect()
        }
        Format::Five => {
            if bytes.len().is_multiple_of(2) && !bytes.ends_with(&[0, 0]) {
                bytes.extend([0, 0]);
            }
            bytes
        }
    }
}

/// Why the text of a string is not sure. Wine decodes by the byte order mark, documentation says by the header; what
/// Windows does where the two differ is not known.
pub(super) fn doubt(kind: u32, bytes: &[u8], form: Form) -> Option<(ProblemKind, &'static str)> {
    if bytes.is_empty() || !STRINGS.contains(&kind) {
        return None;
    }
    let ambiguous = |message| Some((ProblemKind::RegStringAmbiguous, message));
    match (form.format, form.is_utf16) {
        (Format::Five, _) if !bytes.len().is_multiple_of(2) => {
            Some((ProblemKind::RegStringOdd, "this string ends in the middle of a 16-bit character"))
        }
        (Format::Five, false) if bytes.iter().skip(1).step_by(2).any(|byte| *byte != 0) => {
            ambiguous("the header means 16-bit characters and the file is in an 8-bit encoding: read as 16-bit")
        }
        (Format::Four, true) => {
            ambiguous("the header means the ANSI code page and the file is in UTF-16: read as Windows-1252")
        }
        (Format::Four, false) if !bytes.is_ascii() => {
            ambiguous("this string depends on the code page of the machine: read as Windows-1252")
        }
        _ => None,
    }
}

/// Reads the bytes of one line; gives the `\` if the list goes on in the next.
fn read_line(cursor: &mut Cursor<'_>, list: &mut HexList) -> Result<Option<Range<usize>>, Fault> {
    loop {
        let digits = cursor.take_while(|byte| byte.is_ascii_hexdigit());
        if digits.is_empty() {
            return line_end(*cursor, None);
        }
        let Some(byte) = byte(&cursor.text()[digits.clone()]) else {
            return Err(Fault::new(digits, "a hex byte is larger than ff"));
        };
        list.bytes.push(byte);
        list.end = cursor.at();
        if !cursor.eat(",") {
            return line_end(*cursor, Some(digits));
        }
        list.end = cursor.at();
    }
}

/// A byte has any number of digits as long as its value fits.
fn byte(digits: &str) -> Option<u8> {
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() { Some(0) } else { u8::from_str_radix(significant, 16).ok() }
}

/// What stands behind the bytes of a line: blanks, a `\`, a comment, or something that spoils the value.
///
/// `last` is the byte before it, unless a comma or nothing stands between.
fn line_end(mut cursor: Cursor<'_>, last: Option<Range<usize>>) -> Result<Option<Range<usize>>, Fault> {
    let start = cursor.at();
    cursor.skip_blanks();
    if cursor.is_done() {
        return Ok(None);
    }
    let message = match cursor.peek() {
        Some(b'\\') => return backslash(cursor, last.is_none()),
        Some(b'#') => return Err(Fault::hash(cursor.rest_range(), "`#` starts no comment behind data")),
        Some(b',') if last.is_none() => MISSING_BYTE,
        Some(b',') => "a blank stands before this comma",
        Some(byte) if byte.is_ascii_hexdigit() && cursor.at() > start => "a blank stands before this hex byte",
        _ => NO_BYTE,
    };
    let range = match (cursor.peek(), last) {
        (Some(b','), _) => cursor.at()..cursor.at() + 1,
        (_, Some(last)) if last.end == cursor.at() => last.start..cursor.word_range().end,
        _ => cursor.word_range(),
    };
    Err(Fault::new(range, message))
}

/// The `\` that continues the data: legal only behind a comma or the colon, and with nothing but a comment behind it.
fn backslash(mut cursor: Cursor<'_>, may_continue: bool) -> Result<Option<Range<usize>>, Fault> {
    let rest = cursor.rest_range();
    cursor.eat("\\");
    let range = rest.start..cursor.at();
    if !cursor.is_done() {
        return Err(Fault::new(rest, "something other than a comment with `;` stands behind the `\\`"));
    }
    if !may_continue {
        let message = "the `\\` continues nothing without a comma before it";
        return Err(Fault::of(ProblemKind::RegCommaMissing, range, message));
    }
    Ok(Some(range))
}

/// The next line that is neither blank nor a comment; regedit skips those within hex data.
fn next_line<'t>(lines: &mut Lines<'t>) -> Option<Cursor<'t>> {
    lines.find(|line| !line.is_done()).map(|mut line| {
        line.skip_blanks();
        line
    })
}

/// Only a hex digit continues the data; any other line is eaten, and the value is lost with it.
fn check_start(line: &Cursor<'_>, backslash: Range<usize>) -> Result<(), Fault> {
    if let Some(nul) = line.nul() {
        return Err(Fault::nul(nul));
    }
    match line.peek() {
        Some(byte) if byte.is_ascii_hexdigit() => Ok(()),
        Some(b'"' | b'@' | b'[') => Err(Fault {
            swallowed: Some(line.rest_range()),
            ..Fault::new(backslash, "the `\\` continues the data, and no hex bytes follow")
        }),
        Some(b'#') => Err(Fault::hash(line.rest_range(), "`#` starts no comment within hex data")),
        Some(b',') => Err(Fault::new(line.at()..line.at() + 1, MISSING_BYTE)),
        Some(b'\\') => Err(Fault::new(line.rest_range(), "a `\\` stands alone, with no hex bytes before it")),
        _ => Err(Fault::new(line.rest_range(), NO_BYTE)),
    }
}
