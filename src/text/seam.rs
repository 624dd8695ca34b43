//! Seams: where a file goes on in another encoding, as `>>` of Windows PowerShell leaves it.

use std::collections::BTreeSet;
use std::ops::Range;

use super::decode::Encoding;

/// A place where a file changes its encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seam {
    /// Where in the decoded text.
    pub at: usize,
    /// Where in the bytes of the file.
    pub byte: usize,
    /// What follows; `None` where that is not certain, and then the text ends here.
    pub encoding: Option<Encoding>,
}

/// A stretch of bytes in one encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Where the part begins, with its byte order mark.
    pub(super) start: usize,
    /// The bytes behind the mark.
    pub(super) range: Range<usize>,
    /// UTF-16, or UTF-8 for any 8-bit text.
    pub(super) encoding: Encoding,
}

/// Divides bytes where their encoding changes, and says whether that is certain to the end.
///
/// `big` is the byte order of the first part where it is UTF-16. Only a line end before the seam makes it certain:
/// elsewhere a byte could belong to either side.
pub(super) fn parts(bytes: &[u8], skip: usize, big: Option<bool>) -> (Vec<Part>, bool) {
    let mut parts = Vec::new();
    let (mut start, mut from, mut big) = (0, skip, big);
    loop {
        let found = match big {
            Some(big) => end_of_utf16(&bytes[from..], big),
            None => end_of_8_bit(&bytes[from..]),
        };
        let (end, next) = found.map_or((bytes.len(), None), |(end, next)| (from + end, Some(next)));
        let encoding = match big {
            Some(true) => Encoding::Utf16Be,
            Some(false) => Encoding::Utf16Le,
            None => Encoding::Utf8,
        };
        parts.push(Part { start, range: from..end, encoding });
        match next {
            None => return (parts, true),
            Some(Next::Unknown) => return (parts, false),
            Some(Next::Utf16 { big: other, mark }) => (start, from, big) = (end, end + mark, Some(other)),
            Some(Next::EightBit { mark }) => (start, from, big) = (end, end + mark, None),
        }
    }
}

/// What follows behind a seam, and the length of its byte order mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Utf16 { big: bool, mark: usize },
    EightBit { mark: usize },
    Unknown,
}

/// Where UTF-16 begins in 8-bit text: at the first NUL and the character before it, or at a byte order mark.
///
/// Without a mark it is little endian: that is what Windows PowerShell appends. A stray NUL begins nothing.
fn end_of_8_bit(bytes: &[u8]) -> Option<(usize, Next)> {
    let nul = memchr::memchr(0, bytes)?;
    let marked = |mark: &[u8; 2], at: usize| (at >= 2 && bytes[at - 2..at] == *mark).then(|| at - 2);
    let first = nul.saturating_sub(1);
    if let Some(at) = marked(&[0xff, 0xfe], first) {
        return Some((at, Next::Utf16 { big: false, mark: 2 }));
    }
    if let Some(at) = marked(&[0xfe, 0xff], nul) {
        return Some((at, Next::Utf16 { big: true, mark: 2 }));
    }
    let head = &bytes[first..bytes.len().min(first + 64)];
    let pairs = head.len() / 2;
    let nuls_at = |parity: usize| head.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    if nul == 0 || pairs < 4 || nuls_at(1) * 4 < pairs * 3 || nuls_at(0) * 8 > pairs {
        return None;
    }
    let is_apart = first == 0 || matches!(bytes[first - 1], b'\n' | b'\r');
    Some((first, if is_apart { Next::Utf16 { big: false, mark: 0 } } else { Next::Unknown }))
}

/// Where in UTF-16 another encoding begins: a run of bytes that are all ASCII and none NUL, or a mark of the other order.
///
/// Two ASCII bytes are a character from U+2000 on, and a long run of only such characters is no text in any language.
fn end_of_utf16(bytes: &[u8], big: bool) -> Option<(usize, Next)> {
    const RUN: usize = 32;
    let other_mark: [u8; 2] = if big { [0xff, 0xfe] } else { [0xfe, 0xff] };
    let mut start = 0;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if !big && at % 2 == 0 {
            let plain = plain_units(&bytes[at..]);
            if plain > 0 {
                at += plain;
                start = at;
                continue;
            }
        }
        if at % 2 == 1 && [bytes[at - 1], *byte] == other_mark {
            return Some((at - 1, Next::Utf16 { big: !big, mark: 2 }));
        }
        if *byte == 0 || !byte.is_ascii() {
            start = at + 1;
        } else if at + 1 - start >= RUN {
            let run = &bytes[start..=at];
            if is_varied(run.iter().step_by(2)) && is_varied(run.iter().skip(1).step_by(2)) {
                let line = line_of_utf16(&bytes[..=at], big);
                let mark = if bytes[line..].starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
                // In big endian the line end itself ends in an ASCII byte.
                let is_apart = start == line + mark || (big && mark == 0 && start + 1 == line);
                return Some((line, if is_apart { Next::EightBit { mark } } else { Next::Unknown }));
            }
            start += 2;
        }
        at += 1;
    }
    None
}

/// How many bytes at the beginning, in steps of a block, hold units of little endian whose upper bytes are all NUL: no
/// seam lies in them, and no run of ASCII bytes reaches out of them.
fn plain_units(bytes: &[u8]) -> usize {
    const BLOCK: usize = 64;
    const UPPER: u64 = 0xff00_ff00_ff00_ff00;
    let is_plain = |block: &[u8; BLOCK]| {
        let words = block.as_chunks::<8>().0.iter();
        words.fold(0, |all, word| all | u64::from_le_bytes(*word)) & UPPER == 0
    };
    bytes.as_chunks::<BLOCK>().0.iter().take_while(|block| is_plain(block)).count() * BLOCK
}

/// Where the line begins that these bytes of UTF-16 end in.
fn line_of_utf16(bytes: &[u8], big: bool) -> usize {
    let ends_line = |pair: &[u8; 2]| {
        let unit = if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) };
        unit == u16::from(b'\n') || unit == u16::from(b'\r')
    };
    bytes.as_chunks::<2>().0.iter().rposition(ends_line).map_or(0, |pair| pair * 2 + 2)
}

/// In 16-bit text one byte of each pair is that of the script, and hardly changes: kana are all ASCII in both bytes.
fn is_varied<'b>(bytes: impl Iterator<Item = &'b u8>) -> bool {
    bytes.collect::<BTreeSet<_>>().len() >= 4
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::decode::{Decoded, decode};

    const FIRST: &str = "Name        : owa größe\r\nInternalUrl : https://cas2/owa\r\n";
    const SECOND: &str = "\r\nName        : owa\r\nInternalUrl : http://cas3.corp.example.com/owa\r\n";

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    fn seams(decoded: &Decoded) -> Vec<(usize, usize, Option<Encoding>)> {
        decoded.seams.iter().map(|seam| (seam.at, seam.byte, seam.encoding)).collect()
    }

    #[test]
    fn each_part_is_read_in_its_encoding() {
        let ansi: Vec<u8> = FIRST.chars().map(|it| it as u32 as u8).collect();
        let kinds: [(&[u8], Vec<u8>, Encoding); 5] = [
            (b"", FIRST.as_bytes().to_vec(), Encoding::Utf8),
            (b"\xef\xbb\xbf", FIRST.as_bytes().to_vec(), Encoding::Utf8Bom),
            (b"", ansi, Encoding::Windows1252),
            (b"\xff\xfe", utf16(FIRST, false), Encoding::Utf16LeBom),
            (b"\xfe\xff", utf16(FIRST, true), Encoding::Utf16BeBom),
        ];
        let tails: [(&[u8], Vec<u8>, Encoding); 4] = [
            (b"", SECOND.as_bytes().to_vec(), Encoding::Utf8),
            (b"", utf16(SECOND, false), Encoding::Utf16Le),
            (b"\xff\xfe", utf16(SECOND, false), Encoding::Utf16Le),
            (b"\xfe\xff", utf16(SECOND, true), Encoding::Utf16Be),
        ];
        for (mark, head, encoding) in &kinds {
            for (tail_mark, tail, other) in &tails {
                if encoding.is_utf16() == other.is_utf16() && (!other.is_utf16() || encoding.name() == other.name()) {
                    continue;
                }
                let before = mark.len() + head.len();
                // Behind big endian text the appended little endian one looks like single bytes, and is not certain.
                if *encoding == Encoding::Utf16BeBom && other.is_utf16() && tail_mark.is_empty() {
                    continue;
                }
                let decoded = decode([mark, &head[..], tail_mark, &tail[..]].concat());
                assert_eq!(decoded.text, format!("{FIRST}{SECOND}"), "{encoding:?} {other:?}");
                assert_eq!((decoded.encoding, decoded.damaged), (*encoding, false));
                assert_eq!(seams(&decoded), [(FIRST.len(), before, Some(*other))]);
            }
        }
    }

    /// The same byte by byte, as [`end_of_utf16`] is meant.
    fn end_of_utf16_plainly(bytes: &[u8], big: bool) -> Option<(usize, Next)> {
        let other_mark: [u8; 2] = if big { [0xff, 0xfe] } else { [0xfe, 0xff] };
        let (mut start, mut line) = (0, 0);
        for (at, byte) in bytes.iter().enumerate() {
            if at % 2 == 1 {
                let pair = [bytes[at - 1], *byte];
                if pair == other_mark {
                    return Some((at - 1, Next::Utf16 { big: !big, mark: 2 }));
                }
                let unit = if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
                if unit == 10 || unit == 13 {
                    line = at + 1;
                }
            }
            if *byte == 0 || !byte.is_ascii() {
                start = at + 1;
            } else if at + 1 - start >= 32 {
                let run = &bytes[start..=at];
                if is_varied(run.iter().step_by(2)) && is_varied(run.iter().skip(1).step_by(2)) {
                    let mark = if bytes[line..].starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
                    let is_apart = start == line + mark || (big && mark == 0 && start + 1 == line);
                    return Some((line, if is_apart { Next::EightBit { mark } } else { Next::Unknown }));
                }
                start += 2;
            }
        }
        None
    }

    fn piece() -> impl Strategy<Value = Vec<u8>> {
        let wide = |text: String| (utf16(&text, false), utf16(&text, true));
        prop_oneof![
            "[ -~\r\n]{0,90}".prop_map(move |text| wide(text).0),
            "[ -~\r\n]{0,90}".prop_map(move |text| wide(text).1),
            "[ -~\r\n]{0,90}".prop_map(String::into_bytes),
            "\\PC{0,40}".prop_map(move |text| wide(text).0),
            Just(b"\xff\xfe".to_vec()),
            Just(b"\xfe\xff".to_vec()),
            Just(b"\xef\xbb\xbf".to_vec()),
            proptest::collection::vec(any::<u8>(), 0..5),
        ]
    }

    proptest! {
        #[test]
        fn blocks_are_skipped_only_where_no_seam_is(
            pieces in proptest::collection::vec(piece(), 0..8),
            big in any::<bool>(),
        ) {
            let bytes = pieces.concat();
            prop_assert_eq!(end_of_utf16(&bytes, big), end_of_utf16_plainly(&bytes, big));
        }
    }

    #[test]
    fn parts_may_alternate() {
        let decoded =
            decode([FIRST.as_bytes(), &utf16(SECOND, false), SECOND.as_bytes(), &utf16(FIRST, false)].concat());
        assert_eq!(decoded.text, format!("{FIRST}{SECOND}{SECOND}{FIRST}"));
        assert_eq!(decoded.seams.len(), 3);
    }

    #[test]
    fn a_seam_in_the_middle_of_a_line_ends_the_text() {
        let line = "InternalUrl : https://cas2";
        let decoded = decode([line.as_bytes(), &utf16(SECOND, false)].concat());
        assert_eq!((decoded.text.as_str(), seams(&decoded)), (line, vec![(line.len(), line.len(), None)]));
        let decoded = decode([b"\xff\xfe", &utf16(&format!("{FIRST}{line}"), false)[..], SECOND.as_bytes()].concat());
        assert_eq!(decoded.text, FIRST);
        assert_eq!(decoded.seams[0].encoding, None);
    }

    #[test]
    fn other_text_has_no_seam() {
        let kana = "Name : 仮想ディレクトリ 仮想ディレクトリ 仮想ディレクトリ\n";
        assert_eq!(decode([b"\xff\xfe", &utf16(kana, false)[..]].concat()).seams, []);
        assert_eq!(decode(b"abc\0def and some more text".to_vec()).seams, []);
        assert_eq!(decode(b"some text\n\0\0\0\0".to_vec()).seams, []);
    }
}
