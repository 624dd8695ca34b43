//! The head of a CSV file: the type that its first line names, the delimiter, and the names of the columns.

use std::collections::BTreeMap;

use crate::read::csv::record::{Cell, MAX_CELLS, Record, record};
use crate::read::csv::span;
use crate::read::problem::{Problem, ProblemKind};
use crate::text::scalar::Scalar;
use crate::text::span::SourceId;

/// How many characters of a line of names are tried as its delimiter.
const MAX_DELIMITERS: usize = 16;

/// Names of properties by which the columns of a file are told.
#[derive(Debug, Clone, Copy)]
pub struct Names<'n> {
    /// All names that an object of interest may have.
    pub known: &'n [&'n str],
    /// Those that nothing else has.
    pub telling: &'n [&'n str],
}

/// What stands above the rows of a file.
#[derive(Debug, Clone)]
pub struct Head<'t> {
    /// The type that `#TYPE` names: that of the first object.
    pub types: Vec<Scalar<'t>>,
    /// The delimiter.
    pub delimiter: char,
    /// The names of the columns.
    pub columns: Vec<Scalar<'t>>,
    /// Whether all names stand in quotes, as Windows PowerShell writes them.
    pub is_quoted: bool,
    /// Where the first row begins.
    pub rows: usize,
}

/// The head of a text; `None` where no line of names stands at its top.
///
/// # Errors
///
/// What is wrong with a line that is one of names.
pub fn head<'t>(text: &'t str, source: SourceId, names: &Names<'_>) -> Result<Option<Head<'t>>, Problem> {
    let mut at = 0;
    let mut types = Vec::new();
    let mut is_w3c = false;
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        let line = line(&text[at..]);
        if !line.starts_with('#') {
            break;
        }
        if let Some(fields) = strip_word(line, "#fields:") {
            at += line.len() - fields.len();
            is_w3c = true;
            break;
        }
        types.extend(type_name(text, source, at).filter(|_| types.is_empty()));
        at += line.len();
    }
    match delimiter(text, at, names, is_w3c, !types.is_empty()) {
        Some(delimiter) => columns(text, source, types, &record(text, at, delimiter), delimiter).map(Some),
        None => Ok(None),
    }
}

/// The type that a `#TYPE` line names.
pub(super) fn type_name(text: &str, source: SourceId, at: usize) -> Option<Scalar<'_>> {
    let line = line(&text[at..]);
    let name = strip_word(line, "#type ")?;
    let start = at + line.len() - name.len() + (name.len() - name.trim_start().len());
    Some(Scalar::slice(source, text, start..start + name.trim().len()))
}

/// The first line of a text, without its line end.
pub(super) fn line(text: &str) -> &str {
    &text[..text.find(['\r', '\n']).unwrap_or(text.len())]
}

fn strip_word<'t>(line: &'t str, word: &str) -> Option<&'t str> {
    line.get(..word.len()).filter(|it| it.eq_ignore_ascii_case(word)).map(|it| &line[it.len()..])
}

/// The character that divides a line into the most names that are known, if it can be one of names at all.
fn delimiter(text: &str, at: usize, names: &Names<'_>, is_w3c: bool, is_typed: bool) -> Option<char> {
    let line = line(&text[at..]);
    let mut candidates = vec![',', ';', '\t', '|'];
    let mut in_quotes = false;
    for character in line.chars() {
        in_quotes ^= character == '"';
        let is_free = !in_quotes && !character.is_alphanumeric() && character != '"';
        // A blank between names without quotes is how a table is printed.
        let may_divide = character != ' ' || is_w3c || line.starts_with('"');
        if is_free && may_divide && !candidates.contains(&character) && candidates.len() < MAX_DELIMITERS {
            candidates.push(character);
        }
    }
    let mut best = None;
    for candidate in candidates {
        let record = record(text, at, candidate);
        let names_found = count(text, &record, names, is_typed).filter(|it| has_rows(text, &record, *it, candidate));
        if names_found.is_some_and(|found| best.is_none_or(|(most, _)| found > most)) {
            best = names_found.map(|found| (found, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// How many names of a record are known, if they are enough to take it for the names of an export. Signs of a command
/// line, or nothing before the first delimiter as in a table of Markdown, show that it is another text. Below the name of
/// a type the names need not be telling.
pub(super) fn count(text: &str, record: &Record, names: &Names<'_>, is_typed: bool) -> Option<usize> {
    let is_foreign =
        |cell: &Cell| !cell.quoted && text[cell.inner.clone()].contains(['|', '>', '\\', '{', '}', '$', '"']);
    if record.open_quote.is_some() || record.cells[0].inner.is_empty() || record.cells.iter().any(is_foreign) {
        return None;
    }
    let cells =
        record.cells.iter().map(|cell| &text[cell.inner.clone()]).filter(|name| !name.is_empty()).map(str::trim);
    let is_one_of = |name: &str, list: &[&str]| list.iter().any(|it| it.eq_ignore_ascii_case(name));
    let (mut all, mut known, mut telling) = (0, 0, 0);
    for cell in cells {
        all += 1;
        known += usize::from(is_one_of(cell, names.known));
        telling += usize::from(is_one_of(cell, names.telling));
    }
    let is_alone = all == 1 && telling == 1 && record.cells.iter().all(|cell| cell.quoted);
    ((telling > 0 || is_typed) && (known >= 3 || (known == 2 && all <= 4) || is_alone)).then_some(known)
}

/// How many known names in a row, with no blank in any, are the names of an export whatever stands below.
const CERTAIN: usize = 5;

/// Whether the first record below some names has as many cells, as it has in an export and not in prose. Names in
/// quotes and many names that are known need no such proof.
fn has_rows(text: &str, names: &Record, known: usize, delimiter: char) -> bool {
    let is_clean = |cell: &Cell| cell.quoted || !text[cell.inner.clone()].contains(' ');
    let mut first = record(text, names.next, delimiter);
    while first.is_blank() && first.is_ended() {
        first = record(text, first.next, delimiter);
    }
    let line = &text[first.start..first.end];
    let is_rule = line.contains("--") && line.bytes().all(|it| matches!(it, b'-' | b':' | b'|' | b' ' | b'\t'));
    names.cells.iter().all(|cell| cell.quoted)
        || (known >= CERTAIN && names.cells.iter().all(is_clean))
        || first.is_blank()
        || first.open_quote.is_some()
        || (first.cells.len() >= names.cells.len() && !is_rule)
}

/// The columns that a record names: the last ones without a name do not count, and two of one name are refused.
pub(super) fn columns<'t>(
    text: &'t str,
    source: SourceId,
    types: Vec<Scalar<'t>>,
    record: &Record,
    delimiter: char,
) -> Result<Head<'t>, Problem> {
    let refuse =
        |range, message: String| Err(Problem::new(ProblemKind::CsvHeadUnreadable, span(source, range), message));
    let is_quoted = record.cells.iter().all(|cell| cell.quoted);
    let mut columns: Vec<Scalar<'t>> = record.cells.iter().map(|cell| cell.scalar(text, source)).collect();
    while columns.last().is_some_and(|name| name.text.is_empty()) {
        columns.pop();
    }
    if let Some(cell) = record.cells.get(MAX_CELLS) {
        return refuse(cell.inner.clone(), format!("there are more than {MAX_CELLS} columns"));
    }
    let mut seen = BTreeMap::new();
    for name in columns.iter().filter(|name| !name.text.is_empty()) {
        if seen.insert(name.text.to_lowercase(), name.span).is_some() {
            return refuse(name.span.range(), format!("two columns are called `{}`", name.text));
        }
    }
    Ok(Head { types, delimiter, columns, is_quoted, rows: record.next })
}
