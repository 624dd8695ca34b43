//! Registry values: their types, what OWA reads in them, and how reports print them.

use crate::read::reg::{Data, stored_text};
use crate::text::scalar::{Scalar, Text};
use crate::text::span::Span;

/// The numbers of the types that have a meaning here.
const REG_SZ: u32 = 1;
const REG_EXPAND_SZ: u32 = 2;
/// The only type that OWA's reader accepts for its switches.
pub const REG_DWORD: u32 = 4;
const REG_MULTI_SZ: u32 = 7;
const REG_QWORD: u32 = 11;

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryValue {
    /// The name as written.
    pub name: Text,
    /// The number of its type; `None` where the export does not say.
    pub kind: Option<u32>,
    /// The data as bytes; none where the type is not known.
    pub bytes: Vec<u8>,
    /// What was printed of data without a type, where it could be read.
    shown: Option<String>,
    /// The data as written.
    pub data: Span,
}

/// The value that an operation sets.
pub(super) fn value_of(name: Scalar<'_>, data: Data<'_>, span: Span) -> RegistryValue {
    let mut shown = None;
    let (kind, bytes) = match data {
        Data::Text(text) => (Some(REG_SZ), stored_text(&text.text)),
        Data::Dword(number) => (Some(REG_DWORD), number.to_le_bytes().to_vec()),
        Data::Bytes { kind, bytes } => (Some(kind), bytes),
        Data::Untyped(text) => {
            shown = text.map(|text| text.text.into_owned());
            (None, Vec::new())
        }
    };
    RegistryValue { name: name.into_owned(), kind, bytes, shown, data: span }
}

/// What a value is to a reader that takes a number of 32 bits and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// This number.
    Number(u32),
    /// As good as absent: it has another type or another length.
    Nothing,
    /// This number, or nothing: it was printed without its type.
    NumberOrNothing(u32),
    /// It is set, and what to is not known.
    Unknown,
}

/// A value's data, as reports print it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Printed {
    /// A text, a number or hex pairs.
    One(String),
    /// The strings of a REG_MULTI_SZ.
    Many(Vec<String>),
}

impl RegistryValue {
    /// The number of a REG_DWORD of four bytes; anything else is no number to OWA's reader, which takes only 32-bit
    /// integers and falls back to the default (third-party descriptions of three readers of 15.x agree).
    pub fn dword(&self) -> Option<u32> {
        let bytes: [u8; 4] = self.bytes.as_slice().try_into().ok()?;
        (self.kind == Some(REG_DWORD)).then(|| u32::from_le_bytes(bytes))
    }

    /// The number that the data is, of a REG_DWORD or REG_QWORD of the right length that fits.
    pub fn number(&self) -> Option<i64> {
        let bytes = self.bytes.as_slice().try_into().ok().filter(|_| self.kind == Some(REG_QWORD));
        let quad = || u64::from_le_bytes(bytes?).try_into().ok();
        self.dword().map(i64::from).or_else(quad)
    }

    /// What OWA's reader makes of it. PowerShell prints a REG_DWORD as a signed number of 32 bits; a REG_QWORD and a
    /// REG_SZ may look the same.
    pub fn reading(&self) -> Reading {
        match (self.kind, &self.shown) {
            (Some(_), _) => self.dword().map_or(Reading::Nothing, Reading::Number),
            (None, None) => Reading::Unknown,
            (None, Some(text)) => match text.parse::<i32>() {
                Ok(number) if number.to_string() == *text => Reading::NumberOrNothing(number.cast_unsigned()),
                _ => Reading::Nothing,
            },
        }
    }

    /// Whether two exports may show the same value.
    pub(super) fn may_be(&self, other: &RegistryValue) -> bool {
        match (self.kind, other.kind) {
            (Some(_), Some(_)) => (self.kind, &self.bytes) == (other.kind, &other.bytes),
            (None, Some(_)) => other.may_be(self),
            (None, None) => self.shown.is_none() || other.shown.is_none() || self.shown == other.shown,
            (Some(kind), None) => match (&other.shown, self.printed()) {
                (Some(shown), _) if kind == REG_DWORD => {
                    self.dword().is_none_or(|it| it.cast_signed().to_string() == *shown)
                }
                (Some(shown), Printed::One(text)) if kind == REG_SZ => text == *shown,
                _ => true,
            },
        }
    }

    /// The name of the type.
    pub fn kind_name(&self) -> String {
        let Some(kind) = self.kind else { return "unknown".to_owned() };
        match kind {
            0 => "REG_NONE".to_owned(),
            REG_SZ => "REG_SZ".to_owned(),
            REG_EXPAND_SZ => "REG_EXPAND_SZ".to_owned(),
            3 => "REG_BINARY".to_owned(),
            REG_DWORD => "REG_DWORD".to_owned(),
            5 => "REG_DWORD_BIG_ENDIAN".to_owned(),
            6 => "REG_LINK".to_owned(),
            REG_MULTI_SZ => "REG_MULTI_SZ".to_owned(),
            REG_QWORD => "REG_QWORD".to_owned(),
            other => format!("REG_TYPE_0x{other:x}"),
        }
    }

    /// The data as reports print it: numbers of the right length in hex, strings as text, the rest as hex pairs.
    pub fn printed(&self) -> Printed {
        let Some(kind) = self.kind else { return Printed::One(self.shown.clone().unwrap_or_default()) };
        let one = match (kind, self.bytes.len()) {
            (REG_DWORD, 4) => self.dword().map(|number| format!("0x{number:08x}")),
            (REG_QWORD, 8) => {
                self.bytes.as_slice().try_into().ok().map(|it| format!("0x{:016x}", u64::from_le_bytes(it)))
            }
            (REG_SZ | REG_EXPAND_SZ, _) => {
                self.units().map(|units| text_of(units.split(|unit| *unit == 0).next().unwrap_or(&[])))
            }
            (REG_MULTI_SZ, _) => match self.units() {
                Some(units) => return Printed::Many(strings_of(&units)),
                None => None,
            },
            _ => None,
        };
        Printed::One(one.unwrap_or_else(|| hex_pairs(&self.bytes)))
    }

    fn units(&self) -> Option<Vec<u16>> {
        self.bytes
            .len()
            .is_multiple_of(2)
            .then(|| self.bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect())
    }
}

fn hex_pairs(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).collect()
}

fn strings_of(units: &[u16]) -> Vec<String> {
    let end = units.windows(2).position(|pair| pair == [0, 0]).map_or(units.len(), |at| at + 1);
    let units = units[..end].strip_suffix(&[0]).unwrap_or(&units[..end]);
    if units.is_empty() { Vec::new() } else { units.split(|unit| *unit == 0).map(text_of).collect() }
}

fn text_of(units: &[u16]) -> String {
    String::from_utf16_lossy(units)
}
