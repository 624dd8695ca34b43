//! Value lines: `"name"=data` and `@=data`.

use std::ops::Range;

use super::fault::Fault;
use super::header::Form;
use super::line::{Cursor, Lines};
use super::{Data, Operation, ValueName, hex, quoted};
use crate::read::problem::ProblemKind;
use crate::text::scalar::Scalar;
use crate::text::span::{SourceId, Span};

/// A value line that regedit accepts.
#[derive(Debug)]
pub(super) struct Value<'t> {
    /// Sets or deletes the value.
    pub(super) operation: Operation<'t>,
    /// The name as written, with its quotes.
    pub(super) name: Range<usize>,
    /// Whether the data is hex, so that a stray line of hex below was meant to belong to it.
    pub(super) is_hex: bool,
    /// The `\` that hex data ends in when the file ends there.
    pub(super) unfinished: Option<Range<usize>>,
    /// Why the text of a string in hex is not sure.
    pub(super) doubt: Option<Fault>,
}

/// Data as it was read.
struct Written<'t> {
    /// What is stored; `None` for the `-` that deletes.
    data: Option<Data<'t>>,
    /// From the first character of the data to its last.
    range: Range<usize>,
    unfinished: Option<Range<usize>>,
    doubt: Option<Fault>,
}

impl<'t> Written<'t> {
    fn whole(data: Option<Data<'t>>, range: Range<usize>) -> Written<'t> {
        Written { data, range, unfinished: None, doubt: None }
    }
}

/// Reads the value whose name begins at the cursor, and takes the lines that hex data goes on in from `lines`.
pub(super) fn read<'t>(
    mut cursor: Cursor<'t>,
    lines: &mut Lines<'t>,
    source: SourceId,
    form: Form,
) -> Result<Value<'t>, Fault> {
    if let Some(nul) = cursor.nul() {
        return Err(Fault::nul(nul));
    }
    let start = cursor.at();
    let name = ValueName { name: read_name(&mut cursor, source)? };
    let written_name = start..cursor.at();
    find_data(&mut cursor, &written_name)?;
    let Written { data, range, unfinished, doubt } = read_data(cursor, lines, source, form)?;
    let is_hex = matches!(data, Some(Data::Bytes { .. } | Data::Untyped(_)));
    let data_span = Span::new(source, range.start, range.end);
    let operation = match data {
        Some(data) => Operation::SetValue { name, data, data_span },
        None => Operation::DeleteValue { name, data_span },
    };
    Ok(Value { operation, name: written_name, is_hex, unfinished, doubt })
}

fn read_name<'t>(cursor: &mut Cursor<'t>, source: SourceId) -> Result<Scalar<'t>, Fault> {
    let at = cursor.at();
    if cursor.eat("@") {
        return Ok(Scalar::rewritten("", Span::new(source, at, at + 1)));
    }
    quoted::read(cursor, source, "the name has no closing quote")
}

/// Moves over the `=` to the first character of the data.
fn find_data(cursor: &mut Cursor<'_>, name: &Range<usize>) -> Result<(), Fault> {
    cursor.skip_blanks();
    let equals = cursor.at();
    if !cursor.eat("=") {
        let junk = cursor.rest_range();
        let range = if junk.is_empty() { name.clone() } else { junk };
        return Err(Fault::new(range, "no `=` stands behind the name"));
    }
    cursor.skip_blanks();
    if cursor.rest().is_empty() {
        return Err(Fault::new(equals..equals + 1, "no data stands behind the `=`"));
    }
    Ok(())
}

fn read_data<'t>(
    mut cursor: Cursor<'t>,
    lines: &mut Lines<'t>,
    source: SourceId,
    form: Form,
) -> Result<Written<'t>, Fault> {
    let start = cursor.at();
    if cursor.peek() == Some(b'"') {
        let text = quoted::read(&mut cursor, source, "the text has no closing quote")?;
        check_tail(cursor, "text goes on behind the closing quote; a quote within it is written `\\\"`")?;
        return Ok(Written::whole(Some(Data::Text(text)), start..cursor.at()));
    }
    if cursor.eat("-") {
        check_tail(cursor, "something stands behind the `-` that deletes the value")?;
        return Ok(Written::whole(None, start..start + 1));
    }
    if cursor.eat("dword:") {
        let tag = start..cursor.at();
        let number = read_dword(&mut cursor, tag)?;
        return Ok(Written::whole(Some(Data::Dword(number)), start..cursor.at()));
    }
    if let Some(kind) = read_hex_tag(&mut cursor)? {
        let tag = start..cursor.at();
        let list = hex::read(cursor, lines)?;
        if list.is_too_long {
            return Ok(too_long(tag));
        }
        let range = start..list.end;
        let doubt = hex::doubt(kind, &list.bytes, form).map(|(kind, message)| Fault::of(kind, range.clone(), message));
        let bytes = hex::stored(kind, list.bytes, form.format);
        return Ok(Written { data: Some(Data::Bytes { kind, bytes }), range, unfinished: list.unfinished, doubt });
    }
    Err(Fault::new(cursor.rest_range(), unknown_data(cursor.rest())))
}

/// Data of which no more is known than that it is there: regedit may well store it.
fn too_long<'t>(tag: Range<usize>) -> Written<'t> {
    let message = "the data goes on over more than a million lines, so it was not read";
    let doubt = Fault::of(ProblemKind::RegDataTooLong, tag.clone(), message);
    Written { data: Some(Data::Untyped(None)), range: tag, unfinished: None, doubt: Some(doubt) }
}

/// One to eight hex digits; regedit counts leading zeros too.
fn read_dword(cursor: &mut Cursor<'_>, tag: Range<usize>) -> Result<u32, Fault> {
    cursor.skip_blanks();
    let rest = cursor.rest_range();
    let digits = cursor.take_while(|byte| byte.is_ascii_hexdigit());
    if cursor.text()[digits.clone()] == *"0" && cursor.rest().starts_with(['x', 'X']) {
        return Err(Fault::new(rest, "a dword is hex without `0x`"));
    }
    if digits.len() > 8 {
        return Err(Fault::new(digits, "a dword has at most 8 hex digits"));
    }
    match u32::from_str_radix(&cursor.text()[digits], 16) {
        Ok(number) => {
            check_tail(*cursor, "something other than a comment with `;` stands behind the number")?;
            Ok(number)
        }
        Err(_) if rest.is_empty() => Err(Fault::new(tag, "no number stands behind `dword:`")),
        Err(_) => Err(Fault::new(rest, "this is no hex number")),
    }
}

/// Moves over `hex:` or `hex(…):` and gives the number of the type; `None` if the data has no such tag.
fn read_hex_tag(cursor: &mut Cursor<'_>) -> Result<Option<u32>, Fault> {
    if cursor.eat("hex:") {
        return Ok(Some(3));
    }
    if !cursor.eat("hex(") {
        return Ok(None);
    }
    let rest = cursor.rest_range();
    let digits = cursor.take_while(|byte| byte.is_ascii_hexdigit());
    let significant = cursor.text()[digits.clone()].trim_start_matches('0');
    if significant.len() > 8 {
        return Err(Fault::new(digits, "the number of a type is at most ffffffff"));
    }
    if digits.is_empty() || !cursor.eat("):") {
        let length = cursor.text()[rest.clone()].find([')', ':']).unwrap_or(rest.len());
        let range = if length == 0 { rest } else { rest.start..rest.start + length };
        return Err(Fault::new(range, "a type is written as one hex number without `0x`: `hex(7):`"));
    }
    Ok(Some(u32::from_str_radix(significant, 16).unwrap_or(0)))
}

/// Only blanks and a comment with `;` may follow data.
fn check_tail(mut cursor: Cursor<'_>, message: &'static str) -> Result<(), Fault> {
    if cursor.is_done() {
        return Ok(());
    }
    cursor.skip_blanks();
    let message = match cursor.peek() {
        Some(b'#') => return Err(Fault::hash(cursor.rest_range(), "`#` starts no comment behind data")),
        Some(b'\\') => "`\\` continues no data but hex",
        _ => message,
    };
    Err(Fault::new(cursor.rest_range(), message))
}

/// Says what is wrong with data that begins like none that regedit knows.
fn unknown_data(data: &str) -> &'static str {
    let begins = |tag: &str| data.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
    if data.starts_with(['#', ';']) {
        "a comment stands in place of the data"
    } else if data.starts_with(['\u{201c}', '\u{201d}', '\u{201e}', '\'']) {
        "text stands in straight double quotes; these are others"
    } else if begins("qword:") {
        "regedit knows no `qword:`; a QWORD is written `hex(b):`"
    } else if begins("dword:") || begins("hex:") || begins("hex(") {
        "`dword:` and `hex:` are written in lower case"
    } else if begins("dword") || begins("hex") {
        "`dword:` and `hex:` are written without blanks and with a colon"
    } else if data.ends_with('"') {
        "the text has no opening quote"
    } else {
        "this is neither text in quotes nor `dword:`, `hex:` or `-`"
    }
}
