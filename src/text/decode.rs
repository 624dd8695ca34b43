//! Bytes to text: UTF-8, UTF-16 with and without a byte order mark, and Windows-1252 as the last resort.

use std::borrow::Cow;

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::seam::{self, Seam};

/// How the bytes of a source were turned into text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without a byte order mark; ASCII is UTF-8.
    Utf8,
    /// UTF-8 that begins with a byte order mark.
    Utf8Bom,
    /// UTF-16, little endian, that begins with a byte order mark.
    Utf16LeBom,
    /// UTF-16, big endian, that begins with a byte order mark.
    Utf16BeBom,
    /// UTF-16, little endian, recognised by its NUL bytes.
    Utf16Le,
    /// UTF-16, big endian, recognised by its NUL bytes.
    Utf16Be,
    /// Windows-1252 as WHATWG defines it: assumed where nothing else fits.
    Windows1252,
    /// UTF-32 with a byte order mark: recognised, and not read.
    Utf32,
}

impl Encoding {
    /// The name that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf8Bom => "utf-8-bom",
            Encoding::Utf16LeBom | Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16BeBom | Encoding::Utf16Be => "utf-16be",
            Encoding::Windows1252 => "windows-1252",
            Encoding::Utf32 => "utf-32",
        }
    }

    /// The byte order mark that a file in this encoding begins with.
    fn mark(self) -> &'static [u8] {
        match self {
            Encoding::Utf8Bom => b"\xef\xbb\xbf",
            Encoding::Utf16LeBom => b"\xff\xfe",
            Encoding::Utf16BeBom => b"\xfe\xff",
            _ => b"",
        }
    }

    fn is_big(self) -> bool {
        matches!(self, Encoding::Utf16BeBom | Encoding::Utf16Be)
    }

    /// Whether the file holds 16-bit units.
    pub fn is_utf16(self) -> bool {
        matches!(self, Encoding::Utf16LeBom | Encoding::Utf16BeBom | Encoding::Utf16Le | Encoding::Utf16Be)
    }
}

/// Text, how it was decoded, and whether all of it could be.
#[derive(Debug, Clone)]
pub struct Decoded {
    /// The text without its byte order mark.
    pub text: String,
    /// The encoding that was used.
    pub encoding: Encoding,
    /// Whether bytes that mean nothing in this encoding were replaced by U+FFFD.
    pub damaged: bool,
    /// Where the file goes on in another encoding.
    pub seams: Vec<Seam>,
}

/// Decodes `bytes`; this never fails, and what could not be decoded is U+FFFD in the text.
///
/// A byte order mark decides; without one, NUL bytes at one parity mean UTF-16; valid UTF-8 is UTF-8; the rest is
/// taken as Windows-1252. Where another encoding begins, each part is decoded on its own, as far as that is certain.
pub fn decode(bytes: Vec<u8>) -> Decoded {
    let encoding = detect(&bytes);
    if encoding == Encoding::Utf32 {
        return Decoded { text: String::new(), encoding, damaged: false, seams: Vec::new() };
    }
    let skip = encoding.mark().len();
    let (parts, is_whole) = seam::parts(&bytes, skip, encoding.is_utf16().then_some(encoding.is_big()));
    if let ([_], true, Encoding::Utf8) = (&parts[..], is_whole, encoding) {
        return match String::from_utf8(bytes) {
            Ok(text) => Decoded { text, encoding, damaged: false, seams: Vec::new() },
            Err(error) => {
                let (text, damaged) = decode_as(error.as_bytes(), Encoding::Windows1252);
                Decoded { text: text.into_owned(), encoding: Encoding::Windows1252, damaged, seams: Vec::new() }
            }
        };
    }
    decode_parts(&bytes, encoding, &parts, is_whole)
}

fn decode_parts(bytes: &[u8], first: Encoding, parts: &[seam::Part], is_whole: bool) -> Decoded {
    let mut decoded = Decoded { text: String::new(), encoding: first, damaged: false, seams: Vec::new() };
    for (at, part) in parts.iter().enumerate() {
        let part_bytes = &bytes[part.range.clone()];
        let encoding = match part.encoding {
            // A byte order mark at the beginning of the file says UTF-8 of the first part, whatever its bytes are.
            Encoding::Utf8 if at == 0 && first == Encoding::Utf8Bom => first,
            Encoding::Utf8 if std::str::from_utf8(part_bytes).is_err() => Encoding::Windows1252,
            _ if at == 0 && first.is_utf16() => first,
            other => other,
        };
        let (text, damaged) = decode_as(part_bytes, encoding);
        decoded.damaged |= damaged;
        if at == 0 {
            decoded.encoding = encoding;
            decoded.text = text.into_owned();
        } else {
            decoded.seams.push(Seam { at: decoded.text.len(), byte: part.start, encoding: Some(encoding) });
            decoded.text.push_str(&text);
        }
    }
    if !is_whole {
        let byte = parts.last().map_or(0, |part| part.range.end);
        decoded.seams.push(Seam { at: decoded.text.len(), byte, encoding: None });
    }
    decoded
}

/// Decodes bytes without a byte order mark.
fn decode_as(bytes: &[u8], encoding: Encoding) -> (Cow<'_, str>, bool) {
    if encoding.is_utf16() {
        let (text, damaged) = decode_utf16(bytes, encoding.is_big());
        return (Cow::Owned(text), damaged);
    }
    let decoder = match encoding {
        Encoding::Utf16LeBom | Encoding::Utf16Le => UTF_16LE,
        Encoding::Utf16BeBom | Encoding::Utf16Be => UTF_16BE,
        Encoding::Utf8Bom | Encoding::Utf8 => UTF_8,
        Encoding::Windows1252 | Encoding::Utf32 => WINDOWS_1252,
    };
    decoder.decode_without_bom_handling(bytes)
}

/// Decodes UTF-16: blocks of ASCII are narrowed as they stand, and the rest goes through the decoder piece by piece, so
/// that no more memory is taken than the text needs.
fn decode_utf16(bytes: &[u8], big: bool) -> (String, bool) {
    let mut text = String::with_capacity(bytes.len() / 2 + bytes.len() / 64);
    let mut decoder = if big { UTF_16BE } else { UTF_16LE }.new_decoder_without_bom_handling();
    let mut piece = [0; BLOCK * 4];
    let (mut at, mut damaged, mut is_between) = (0, false, true);
    while at < bytes.len() {
        if is_between {
            at += push_ascii(&mut text, &bytes[at..], big);
        }
        let end = bytes.len().min(at + BLOCK);
        // Into a piece of its own: decoding into the text itself would clear all of its spare room each time.
        let (_, read, written, replaced) = decoder.decode_to_utf8(&bytes[at..end], &mut piece, end == bytes.len());
        text.push_str(&String::from_utf8_lossy(&piece[..written]));
        damaged |= replaced;
        at += read;
        // A block that ends in the first half of a pair leaves that half with the decoder.
        let last = bytes[..at].last_chunk::<2>().map_or(0, |pair| pair[usize::from(!big)]);
        is_between = !matches!(last, 0xd8..=0xdb);
    }
    (text, damaged)
}

/// Appends UTF-16, little endian, up to a character that the bytes end in, and gives how many bytes that is.
///
/// `None` where it is not certain that all of it is UTF-16: characters that mean nothing, byte order marks, and units
/// that are two characters of ASCII, since another encoding may begin there.
pub(super) fn append_utf16le(text: &mut String, bytes: &[u8]) -> Option<usize> {
    text.reserve(bytes.len() / 2);
    let mut at = 0;
    loop {
        at += push_ascii(text, &bytes[at..], false);
        // What is left of a block that is not all ASCII, unit by unit.
        let end = (at + BLOCK).min(bytes.len());
        if end - at < 2 {
            return Some(at);
        }
        while at < end {
            let Some(pair) = bytes.get(at..at + 2) else { return Some(at) };
            let unit = u16::from_le_bytes([pair[0], pair[1]]);
            let is_ascii_twice = pair.iter().all(|byte| (1..0x80).contains(byte));
            if is_ascii_twice || matches!(unit, 0xfeff | 0xfffe | 0xffff) {
                return None;
            }
            if let Some(character) = char::from_u32(u32::from(unit)) {
                text.push(character);
                at += 2;
                continue;
            }
            let Some(low) = bytes.get(at + 2..at + 4) else { return Some(at) };
            let low = u16::from_le_bytes([low[0], low[1]]);
            text.push(char::decode_utf16([unit, low]).next()?.ok()?);
            at += 4;
        }
    }
}

/// How many bytes of UTF-16 are looked at in one go.
const BLOCK: usize = 64;

/// Appends whole blocks for as long as all of their characters are ASCII, and gives their length in bytes.
fn push_ascii(text: &mut String, bytes: &[u8], big: bool) -> usize {
    // Which byte of a pair is the high one is known when this is compiled, so that a block is narrowed by a few
    // instructions.
    if big { push_pairs(text, bytes, u16::from_be_bytes) } else { push_pairs(text, bytes, u16::from_le_bytes) }
}

fn push_pairs(text: &mut String, bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> usize {
    // Many blocks go into the text at a time: to append is dear.
    const MANY: usize = 64;
    let mut length = 0;
    for many in bytes.chunks(MANY * BLOCK) {
        let mut narrow = [0; MANY * BLOCK / 2];
        let mut blocks = 0;
        for (block, to) in many.as_chunks::<BLOCK>().0.iter().zip(narrow.as_chunks_mut::<{ BLOCK / 2 }>().0) {
            let mut all = 0;
            for (to, pair) in to.iter_mut().zip(block.as_chunks::<2>().0) {
                let unit = unit(*pair);
                all |= unit;
                *to = unit as u8;
            }
            if all > 0x7f {
                break;
            }
            blocks += 1;
        }
        // It is ASCII by how it was made, so that nothing is ever left out.
        text.push_str(str::from_utf8(&narrow[..blocks * BLOCK / 2]).unwrap_or_default());
        length += blocks * BLOCK;
        if blocks < MANY {
            break;
        }
    }
    length
}

fn detect(bytes: &[u8]) -> Encoding {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Encoding::Utf32,
        [0xef, 0xbb, 0xbf, ..] => Encoding::Utf8Bom,
        [0xff, 0xfe, ..] => Encoding::Utf16LeBom,
        [0xfe, 0xff, ..] => Encoding::Utf16BeBom,
        _ => detect_by_nul(bytes),
    }
}

/// Settings are mostly ASCII, so in UTF-16 one byte of nearly every pair is NUL, from the first pairs on; a stray NUL in
/// other text is not, and neither is UTF-16 that was appended to it.
fn detect_by_nul(bytes: &[u8]) -> Encoding {
    let head = &bytes[..bytes.len().min(4096)];
    if memchr::memchr(0, head).is_none() {
        return Encoding::Utf8;
    }
    let parity = |head: &[u8]| {
        let pairs = head.len() / 2;
        let nuls_at = |parity: usize| head.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
        let (even, odd) = (nuls_at(0), nuls_at(1));
        if odd > 0 && odd * 4 >= pairs && even * 8 <= odd {
            Encoding::Utf16Le
        } else if even > 0 && even * 4 >= pairs && odd * 8 <= even {
            Encoding::Utf16Be
        } else {
            Encoding::Utf8
        }
    };
    let first = parity(&head[..head.len().min(32)]);
    if first == parity(head) { first } else { Encoding::Utf8 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
        let mark = if mark { "\u{feff}" } else { "" };
        let units = mark.encode_utf16().chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "\u{201c}Name\u{201d} : größe\r\nInternalUrl : http://x\r\n";
        assert_eq!(decode(text.as_bytes().to_vec()).text, text);
        assert_eq!(decode([b"\xef\xbb\xbf", text.as_bytes()].concat()).text, text);
        for (big, mark) in [(false, false), (false, true), (true, false), (true, true)] {
            let decoded = decode(utf16(text, big, mark));
            assert_eq!((decoded.text.as_str(), decoded.damaged), (text, false), "{:?}", decoded.encoding);
        }
        let ansi = decode(b"\x93Name\x94 : gr\xf6\xdfe\r\nInternalUrl : http://x\r\n".to_vec());
        assert_eq!((ansi.text.as_str(), ansi.encoding), (text, Encoding::Windows1252));
    }

    proptest! {
        #[test]
        fn utf_16_in_blocks_is_what_the_decoder_makes_of_it(
            pieces in proptest::collection::vec(
                prop_oneof![
                    "[ -~\r\n]{0,200}".prop_map(|text| utf16(&text, false, false)),
                    "[ -~\r\n]{0,200}".prop_map(|text| utf16(&text, true, false)),
                    "\\PC{0,40}".prop_map(|text| utf16(&text, false, false)),
                    "[😀-😎]{0,40}".prop_map(|text| utf16(&text, true, false)),
                    proptest::collection::vec(any::<u8>(), 0..70),
                ],
                0..6,
            ),
            big in any::<bool>(),
        ) {
            let bytes = pieces.concat();
            let decoder = if big { UTF_16BE } else { UTF_16LE };
            let (text, damaged) = decoder.decode_without_bom_handling(&bytes);
            prop_assert_eq!(decode_utf16(&bytes, big), (text.into_owned(), damaged));
        }
    }

    #[test]
    fn a_stray_nul_does_not_make_utf_16() {
        assert_eq!(decode(b"abc\0def and some more text".to_vec()).encoding, Encoding::Utf8);
    }

    #[test]
    fn lone_surrogates_and_odd_bytes_are_damage() {
        let mut bytes = utf16("ab", false, true);
        bytes.extend([0x00, 0xd8, 0x41]);
        let decoded = decode(bytes);
        assert!(decoded.damaged);
        assert!(decoded.text.starts_with("ab\u{fffd}"));
    }

    #[test]
    fn utf_32_is_recognised_and_not_read() {
        assert_eq!(decode(vec![0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]).encoding, Encoding::Utf32);
    }
}
