//! Records of CSV: cells between delimiters, as `Import-Csv` divides them.

use std::borrow::Cow;
use std::ops::Range;

use crate::text::scalar::Scalar;
use crate::text::span::{SourceId, Span};

/// How many cells of one record are kept; no file may have as many columns.
pub(super) const MAX_CELLS: usize = 10_000;

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    /// The value: what stands between the quotes, or all of it.
    pub(super) inner: Range<usize>,
    /// Whether it stands in quotes.
    pub(super) quoted: bool,
    /// Whether quotes are doubled in it.
    doubled: bool,
    /// The text behind the closing quote, which is a part of the value.
    pub(super) tail: Range<usize>,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) start: usize,
    /// Behind the last cell, before the line end.
    pub(super) end: usize,
    /// Behind the line end: where the next record begins.
    pub(super) next: usize,
    pub(super) cells: Vec<Cell>,
    /// Where a quote begins that is never closed.
    pub(super) open_quote: Option<usize>,
}

impl Record {
    /// Whether it is a blank line, or one that holds nothing but an empty value.
    pub(super) fn is_blank(&self) -> bool {
        matches!(self.cells.as_slice(), [cell] if cell.inner.is_empty() && cell.tail.is_empty())
    }

    /// Whether a line end stands behind it.
    pub(super) fn is_ended(&self) -> bool {
        self.next > self.end
    }
}

impl Cell {
    fn bare(inner: Range<usize>) -> Cell {
        let tail = inner.end..inner.end;
        Cell { inner, quoted: false, doubled: false, tail }
    }

    /// The value, verbatim where it stands in one piece.
    pub(super) fn scalar<'t>(&self, text: &'t str, source: SourceId) -> Scalar<'t> {
        if !self.doubled && self.tail.is_empty() {
            return Scalar::slice(source, text, self.inner.clone());
        }
        let inner = &text[self.inner.clone()];
        let mut value: Cow<'t, str> = if self.doubled { inner.replace("\"\"", "\"").into() } else { inner.into() };
        value.to_mut().push_str(&text[self.tail.clone()]);
        Scalar::rewritten(value, Span::new(source, self.inner.start, self.inner.end.max(self.tail.end)))
    }
}

/// Reads the record that begins at `start`.
///
/// A quote is one only where a value begins, behind blanks at most; a line end inside quotes belongs to the value. Any
/// of `\r`, `\n` and `\r\n` ends a record.
pub(super) fn record(text: &str, start: usize, delimiter: char) -> Record {
    let mut scanner = Scanner { text, delimiter, at: start };
    let mut cells = Vec::new();
    let mut open_quote = None;
    loop {
        match scanner.cell() {
            // One more is kept, which shows that there are too many.
            Ok(cell) if cells.len() <= MAX_CELLS => cells.push(cell),
            Ok(_) => {}
            Err(quote) => {
                open_quote = Some(quote);
                break;
            }
        }
        if !scanner.skip_delimiter() {
            break;
        }
    }
    let end = scanner.at;
    Record { start, end, next: end + line_end(&text[end..]), cells, open_quote }
}

/// The length of the line end that a text begins with.
fn line_end(text: &str) -> usize {
    match text.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}

struct Scanner<'t> {
    text: &'t str,
    delimiter: char,
    at: usize,
}

impl Scanner<'_> {
    /// One cell, up to its delimiter or the end of the line; or the quote that is never closed.
    fn cell(&mut self) -> Result<Cell, usize> {
        self.at += self.text[self.at..].bytes().take_while(|byte| self.is_blank(*byte)).count();
        let start = self.at;
        if !self.text[start..].starts_with('"') || self.delimiter == '"' {
            self.skip_value();
            return Ok(Cell::bare(start..self.without_blanks(start)));
        }
        let mut doubled = false;
        let mut at = start + 1;
        loop {
            let Some(length) = memchr::memchr(b'"', &self.text.as_bytes()[at..]) else { return Err(start) };
            at += length + 1;
            if !self.text[at..].starts_with('"') {
                break;
            }
            doubled = true;
            at += 1;
        }
        let inner = start + 1..at - 1;
        self.at = at;
        self.skip_value();
        let is_all_blank = self.text[at..self.at].bytes().all(|byte| self.is_blank(byte));
        let tail = if is_all_blank { inner.end..inner.end } else { at..self.at };
        Ok(Cell { inner, quoted: true, doubled, tail })
    }

    fn is_blank(&self, byte: u8) -> bool {
        matches!(byte, b' ' | b'\t') && char::from(byte) != self.delimiter
    }

    /// The end of a value without the blanks behind it: no value of an export ends in one.
    fn without_blanks(&self, start: usize) -> usize {
        let value = &self.text[start..self.at];
        start + value.trim_end_matches(|it: char| it.is_ascii() && self.is_blank(it as u8)).len()
    }

    fn skip_value(&mut self) {
        let rest = &self.text[self.at..];
        let is_end = |it: char| it == self.delimiter || it == '\n' || it == '\r';
        self.at += rest.find(is_end).unwrap_or(rest.len());
    }

    fn skip_delimiter(&mut self) -> bool {
        let found = self.text[self.at..].starts_with(self.delimiter);
        self.at += if found { self.delimiter.len_utf8() } else { 0 };
        found
    }
}
