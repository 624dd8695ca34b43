//! Value lines of `reg query`: name, type and data, with four blanks between them.

use std::ops::Range;

use crate::read::reg::{Data, stored_text};
use crate::text::scalar::Scalar;
use crate::text::span::SourceId;

/// The types by the names that `reg query` prints.
const TYPES: [(&str, u32); 13] = [
    ("REG_NONE", 0),
    ("REG_SZ", 1),
    ("REG_EXPAND_SZ", 2),
    ("REG_BINARY", 3),
    ("REG_DWORD", 4),
    ("REG_DWORD_LITTLE_ENDIAN", 4),
    ("REG_DWORD_BIG_ENDIAN", 5),
    ("REG_LINK", 6),
    ("REG_MULTI_SZ", 7),
    ("REG_RESOURCE_LIST", 8),
    ("REG_FULL_RESOURCE_DESCRIPTOR", 9),
    ("REG_RESOURCE_REQUIREMENTS_LIST", 10),
    ("REG_QWORD", 11),
];

/// What stands between the columns; older versions print a tab.
const SEPARATORS: [&str; 2] = ["    ", "\t"];

/// The columns of a value line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) name: Range<usize>,
    pub(super) kind: u32,
    pub(super) data: Range<usize>,
}

/// The columns of a line below a key that is indented by `indent`; `None` if no type stands in it.
///
/// The first type counts: names and data may hold single blanks, and data anything.
pub(super) fn columns(text: &str, line: Range<usize>, indent: usize) -> Option<Columns> {
    let written = &text[line.clone()];
    let blanks = written.len() - written.trim_start_matches([' ', '\t']).len();
    let lead = match written.get(indent..indent + 4) {
        Some("    ") => indent + 4,
        _ => blanks,
    };
    let from = lead.min(blanks);
    written.match_indices("REG_").filter(|(at, _)| *at > from).find_map(|(at, _)| {
        let separator = SEPARATORS.iter().find(|separator| written[from..at].ends_with(**separator))?;
        let (kind, behind) = kind(&written[at..])?;
        let behind = at + behind;
        let data = SEPARATORS.iter().find_map(|separator| written[behind..].strip_prefix(separator));
        let is_empty = written[behind..].trim_matches([' ', '\t']).is_empty();
        let start = match data {
            Some(data) => written.len() - data.len(),
            None if is_empty => written.len(),
            None => return None,
        };
        let name = line.start + from..line.start + at - separator.len();
        Some(Columns { name, kind, data: line.start + start..line.end })
    })
}

/// The number of the type that the text begins with, and its length; `/z` prints the number behind the name.
fn kind(text: &str) -> Option<(u32, usize)> {
    let length = text.bytes().take_while(|byte| byte.is_ascii_uppercase() || *byte == b'_').count();
    let (_, kind) = TYPES.iter().find(|(name, _)| *name == &text[..length])?;
    let numbered = text[length..].strip_prefix(" (").and_then(|rest| rest.split_once(')'));
    let number = numbered.filter(|(number, _)| *number == kind.to_string()).map_or(0, |(number, _)| number.len() + 3);
    Some((*kind, length + number))
}

/// The data of a type as it is stored; `None` if it is not written as `reg query` writes that type.
pub(super) fn data(text: &str, source: SourceId, kind: u32, range: Range<usize>) -> Option<Data<'_>> {
    let written = &text[range.clone()];
    let number = written.trim_matches([' ', '\t']);
    let bytes = match kind {
        1 => return Some(Data::Text(Scalar::slice(source, text, range))),
        2 => stored_text(written),
        4 => return hex_number(number, 8).map(|number| Data::Dword(number as u32)),
        7 => stored_list(written),
        11 => hex_number(number, 16)?.to_le_bytes().to_vec(),
        _ => hex_pairs(number)?,
    };
    Some(Data::Bytes { kind, bytes })
}

fn hex_number(written: &str, longest: usize) -> Option<u64> {
    let digits = written.strip_prefix("0x").filter(|digits| (1..=longest).contains(&digits.len()))?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u64::from_str_radix(digits, 16).ok()).flatten()
}

fn hex_pairs(written: &str) -> Option<Vec<u8>> {
    let pairs = written.as_bytes().chunks(2);
    let byte = |pair: &[u8]| -> Option<u8> {
        let [high, low] = *pair else { return None };
        let digit = |it: u8| char::from(it).to_digit(16);
        Some((digit(high)? * 16 + digit(low)?) as u8)
    };
    pairs.map(byte).collect()
}

/// The strings of a list stand with a literal `\0` between them, and in older versions behind them.
fn stored_list(written: &str) -> Vec<u8> {
    let written = written.strip_suffix("\\0\\0").or_else(|| written.strip_suffix("\\0")).unwrap_or(written);
    let strings = written.split("\\0").flat_map(|string| string.encode_utf16().chain([0]));
    let end = if written.is_empty() { None } else { Some(0) };
    strings.chain(end).flat_map(u16::to_le_bytes).collect()
}
