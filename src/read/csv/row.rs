//! Rows of CSV: one object each, with the values of its cells.

use std::ops::Range;

use crate::read::csv::head::{self, Head, Names};
use crate::read::csv::record::{Cell, Record, record};
use crate::read::csv::span;
use crate::read::lost::{self, Columns};
use crate::read::object::{Object, Property, Shape, Value};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::tally::Tally;
use crate::text::scalar::Scalar;
use crate::text::span::SourceId;

/// The rows of a file.
pub(super) struct Rows<'t> {
    text: &'t str,
    source: SourceId,
    head: Head<'t>,
    is_ascii: bool,
    at: usize,
    columns: Columns,
    problems: Tally,
}

impl<'t> Rows<'t> {
    pub(super) fn new(text: &'t str, source: SourceId, head: Head<'t>) -> Rows<'t> {
        let mut rows = Rows {
            text,
            source,
            at: head.rows,
            head,
            is_ascii: text.is_ascii(),
            columns: Columns::default(),
            problems: Tally::default(),
        };
        rows.name_columns();
        rows
    }

    /// The next record that is no blank line.
    pub(super) fn next_record(&mut self) -> Option<Record> {
        while self.at < self.text.len() {
            let record = record(self.text, self.at, self.head.delimiter);
            self.at = if record.open_quote.is_some() { self.text.len() } else { record.next };
            if !record.is_blank() {
                return Some(record);
            }
        }
        None
    }

    /// Whether a record is the head of another export that was written behind the first one; it then is the head from
    /// here on. `Import-Csv` would take it for a row.
    pub(super) fn begins_another(&mut self, record: &Record, names: &Names<'_>) -> bool {
        let type_name = head::type_name(self.text, self.source, record.start);
        let is_head = head::count(self.text, record, names, false).is_some();
        if type_name.is_none() && !is_head {
            return false;
        }
        let message = "another export begins here, which Import-Csv takes for rows of the one above";
        self.once(ProblemKind::ExportsRunTogether, record.start..record.end, message);
        if let Some(name) = type_name {
            self.head.types = vec![name];
            return true;
        }
        let types = std::mem::take(&mut self.head.types);
        match head::columns(self.text, self.source, types, record, self.head.delimiter) {
            Ok(head) => {
                self.head = head;
                self.name_columns();
            }
            Err(problem) => {
                self.problems.push(problem);
                self.at = self.text.len();
            }
        }
        true
    }

    /// The object that a record is. A value more or less than there are names shows that some value is not in the column
    /// in which it seems to be, so none of them is used.
    pub(super) fn object(&mut self, record: &Record) -> Option<Object<'t>> {
        let names = self.head.columns.len();
        let surplus = record.cells.get(names..).unwrap_or_default();
        if record.cells.len() < names || surplus.iter().any(|cell| !cell.inner.is_empty()) {
            self.note_uneven(record, names);
            return None;
        }
        let last = record.cells.len() - 1;
        let mut properties = Vec::with_capacity(names);
        for (index, cell) in record.cells.iter().take(names).enumerate() {
            let is_cut = index == last && !record.is_ended() && !cell.quoted;
            let value = if is_cut { self.cut_off(cell) } else { self.value(index, cell) };
            properties.push(Property { name: self.head.columns[index].clone(), value, reconstructed: false });
        }
        let span = span(self.source, record.start..record.end);
        Some(Object { shape: Shape::Csv, span, command: None, types: self.head.types.clone(), properties })
    }

    fn value(&mut self, column: usize, cell: &Cell) -> Value<'t> {
        let text = cell.scalar(self.text, self.source);
        if text.text.is_empty() {
            return Value::Empty(text.span);
        }
        if !cell.tail.is_empty() {
            self.once(ProblemKind::CsvQuoting, cell.tail.clone(), "this text stands behind a closing quote");
        }
        let why = lost::why(&text.text).or_else(|| self.lost_letters(&text));
        let Some(why) = why else { return Value::Text(text) };
        if let Some(problem) = self.columns.lost(&self.head.columns[column].text, text.span, why) {
            self.problems.push(problem);
        }
        Value::Unreadable(text.span)
    }

    /// Why the letters of a value are not known, if so: Windows PowerShell puts all in quotes, and writes ASCII unless told
    /// otherwise. In a URL a question mark may begin a query, unless it stands in the name of the host.
    fn lost_letters(&self, text: &Scalar<'_>) -> Option<&'static str> {
        let doubtful = match text.text.find("://") {
            Some(at) => text.text[at + 3..].split(['/', '\\']).next().unwrap_or_default(),
            None => &text.text,
        };
        let asks = self.is_ascii && self.head.is_quoted && doubtful.contains('?');
        asks.then_some("Windows PowerShell writes `?` in place of letters that ASCII does not have")
    }

    fn cut_off(&mut self, cell: &Cell) -> Value<'t> {
        let message = "no line end stands behind this value, so it may be cut off";
        self.once(ProblemKind::CsvCutOff, cell.inner.clone(), message);
        Value::Unreadable(span(self.source, cell.inner.clone()))
    }

    fn note_uneven(&mut self, record: &Record, names: usize) {
        let cells = record.cells.len();
        let message = if cells < names && !record.is_ended() {
            format!("the file ends in this row, with {cells} cells for {names} names")
        } else {
            format!("this row has {cells} cells, and there are {names} names")
        };
        self.note(ProblemKind::CsvRowUneven, record.start..record.end, &message);
    }

    /// Gives the columns without a name the ones that `Import-Csv` gives them.
    fn name_columns(&mut self) {
        let mut next = 1;
        for index in 0..self.head.columns.len() {
            if self.head.columns[index].text.is_empty() {
                let place = self.head.columns[index].span;
                let message = format!("this column has no name, and Import-Csv calls it H{next}");
                self.once(ProblemKind::CsvColumnUnnamed, place.range(), &message);
                self.head.columns[index] = Scalar::rewritten(format!("H{next}"), place);
                next += 1;
            }
        }
    }

    pub(super) fn note(&mut self, kind: ProblemKind, range: Range<usize>, message: &str) {
        self.problems.push(Problem::new(kind, span(self.source, range), message));
    }

    /// Notes the first problem of a kind.
    fn once(&mut self, kind: ProblemKind, range: Range<usize>, message: &str) {
        let place = span(self.source, range);
        self.problems.once(Problem::new(kind, place, message));
    }

    /// All that is to be said of the file.
    pub(super) fn finish(self) -> Vec<Problem> {
        self.problems.finish()
    }
}
