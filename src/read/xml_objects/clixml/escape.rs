//! The escapes of CLIXML: `_xHHHH_` for a unit of UTF-16 that XML cannot hold, on top of the references of XML.

use memchr::memchr;

use crate::text::scalar::Scalar;

/// The text with its escapes replaced, and whether a half of a character stood alone in it and became U+FFFD.
///
/// One pass from left to right, in which the closing `_` belongs to the escape: of `_x000D_x000A_` only the first is
/// one. Eight digits are an escape where they stand for a character that takes two units.
pub(super) fn unescaped(scalar: Scalar<'_>) -> (Scalar<'_>, bool) {
    let text = scalar.text.as_ref();
    let Some(first) = next_escape(text, 0) else { return (scalar, false) };
    let mut plain = String::with_capacity(text.len());
    let mut units = Units { plain: &mut plain, high: None, lone: false };
    let mut at = 0;
    let mut next = Some(first);
    while let Some(escape) = next {
        units.text(&text[at..escape.at]);
        match escape.stands_for {
            Unit::Half(unit) => units.unit(unit),
            Unit::Whole(character) => units.text(character.encode_utf8(&mut [0; 4])),
        }
        at = escape.at + escape.length;
        next = next_escape(text, at);
    }
    units.text(&text[at..]);
    units.flush();
    let lone = units.lone;
    (Scalar::rewritten(plain, scalar.span), lone)
}

/// What an escape stands for.
enum Unit {
    /// One unit of UTF-16, which may be a half of a character.
    Half(u16),
    /// A whole character.
    Whole(char),
}

struct Escape {
    at: usize,
    length: usize,
    stands_for: Unit,
}

fn next_escape(text: &str, from: usize) -> Option<Escape> {
    let mut at = from;
    while let Some(found) = memchr(b'_', &text.as_bytes()[at..]) {
        at += found;
        if let Some((length, stands_for)) = escape_at(&text.as_bytes()[at..]) {
            return Some(Escape { at, length, stands_for });
        }
        at += 1;
    }
    None
}

fn escape_at(bytes: &[u8]) -> Option<(usize, Unit)> {
    if !matches!(bytes.get(1), Some(b'x' | b'X')) {
        return None;
    }
    let number = |digits: usize| {
        let piece = bytes.get(2..2 + digits).filter(|piece| piece.iter().all(u8::is_ascii_hexdigit))?;
        let is_closed = bytes.get(2 + digits) == Some(&b'_');
        u32::from_str_radix(std::str::from_utf8(piece).ok()?, 16).ok().filter(|_| is_closed)
    };
    if let Some(unit) = number(4) {
        return Some((7, Unit::Half(unit as u16)));
    }
    let character = number(8).filter(|it| *it >= 0x1_0000).and_then(char::from_u32)?;
    Some((11, Unit::Whole(character)))
}

/// Puts units of UTF-16 together to characters.
struct Units<'p> {
    plain: &'p mut String,
    high: Option<u16>,
    lone: bool,
}

impl Units<'_> {
    fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.flush();
            self.plain.push_str(text);
        }
    }

    fn unit(&mut self, unit: u16) {
        if let Some(high) = self.high
            && let Some(Ok(character)) = char::decode_utf16([high, unit]).next()
        {
            self.high = None;
            self.plain.push(character);
            return;
        }
        self.flush();
        match char::from_u32(u32::from(unit)) {
            Some(character) => self.plain.push(character),
            None if unit < 0xdc00 => self.high = Some(unit),
            None => self.replace(),
        }
    }

    /// Half a character that nothing completed cannot be said in UTF-8.
    fn flush(&mut self) {
        if self.high.take().is_some() {
            self.replace();
        }
    }

    fn replace(&mut self) {
        self.lone = true;
        self.plain.push('\u{fffd}');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::span::SourceId;

    fn decoded(text: &str) -> (String, bool) {
        let (scalar, lone) = unescaped(Scalar::slice(SourceId(0), text, 0..text.len()));
        assert_eq!(scalar.span.range(), 0..text.len());
        assert_eq!(scalar.verbatim, scalar.text == text && !lone && next_escape(text, 0).is_none());
        (scalar.text.into_owned(), lone)
    }

    #[test]
    fn escapes_stand_for_units() {
        for (text, plain) in [
            ("plain_x", "plain_x"),
            ("a_x000D__x000A_b", "a\r\nb"),
            ("_x000D_x000A_", "\rx000A_"),
            ("_x005F_x000A_", "_x000A_"),
            ("_X0041__x0041_", "AA"),
            ("_x12_", "_x12_"),
            ("_x00g1_", "_x00g1_"),
            ("__x0041_", "_A"),
            ("_x_x0041_", "_xA"),
            ("_x0041", "_x0041"),
            ("_xD83D__xDE00_", "😀"),
            ("_x0001F600_", "😀"),
            ("_x00110000_", "_x00110000_"),
            ("_x00000041_", "_x00000041_"),
            ("_x0041BCDE", "_x0041BCDE"),
        ] {
            assert_eq!(decoded(text), (plain.to_owned(), false), "{text}");
        }
    }

    #[test]
    fn a_lone_half_is_replaced_and_told() {
        for (text, plain) in [
            ("_xD83D_", "\u{fffd}"),
            ("_xDE00_", "\u{fffd}"),
            ("_xD83D_x_xDE00_", "\u{fffd}x\u{fffd}"),
            ("_xD83D__xD83D__xDE00_", "\u{fffd}😀"),
            ("_xD83D__x0041_", "\u{fffd}A"),
            ("_xD83D__x0001F600_", "\u{fffd}😀"),
        ] {
            assert_eq!(decoded(text), (plain.to_owned(), true), "{text}");
        }
    }

    /// What PowerShell writes for units of UTF-16, put down from the rule and not from the code above.
    fn encoded(units: &[u16]) -> String {
        let mut text = String::new();
        for (index, unit) in units.iter().enumerate() {
            let before_x = units.get(index + 1).is_some_and(|next| *next == 0x78 || *next == 0x58);
            let is_escaped = *unit < 0x20 || (0x7f..0xa0).contains(unit) || (0xd800..0xe000).contains(unit);
            if is_escaped || (*unit == 0x5f && before_x) {
                text.extend(format!("_x{unit:04X}_").chars());
            } else {
                text.push(char::from_u32(u32::from(*unit)).unwrap());
            }
        }
        text
    }

    fn check_round_trip(units: &[u16]) {
        let wanted = String::from_utf16_lossy(units);
        let is_whole = String::from_utf16(units).is_ok();
        assert_eq!(decoded(&encoded(units)), (wanted, !is_whole), "{units:04x?}");
    }

    #[test]
    fn every_unit_comes_back_alone_and_between_others() {
        for unit in 0..=u16::MAX {
            check_round_trip(&[unit]);
            check_round_trip(&[0x5f, unit, 0x78, 0x5f]);
            check_round_trip(&[0xd83d, unit, 0xde00]);
        }
    }

    proptest! {
        #[test]
        fn any_units_come_back(units in prop::collection::vec(
            prop_oneof![any::<u16>(), 0xd7f0..0xe010_u16, prop::sample::select(vec![0x5f, 0x78, 0x58, 0x30, 0x41, 0xa])], 0..24)) {
            check_round_trip(&units);
        }

        #[test]
        fn any_text_is_taken(text in "[_xX0-9a-fA-FgD8]{0,40}|.{0,20}") {
            decoded(&text);
        }
    }
}
