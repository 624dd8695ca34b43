//! CSV: the objects that `Export-Csv` and `ConvertTo-Csv` write, read as `Import-Csv` reads them, with exact places.

mod head;
mod record;
mod row;
#[cfg(test)]
mod tests;

use crate::read::object::Object;
use crate::read::problem::{Problem, ProblemKind};
use crate::text::span::{SourceId, Span};

pub use self::head::{Head, Names, head};
use self::row::Rows;

/// Reads the rows below a head.
pub fn read<'t>(text: &'t str, source: SourceId, head: Head<'t>, names: &Names<'_>) -> (Vec<Object<'t>>, Vec<Problem>) {
    let mut rows = Rows::new(text, source, head);
    let mut objects = Vec::new();
    while let Some(record) = rows.next_record() {
        if let Some(open) = record.open_quote {
            let message = "this quote is never closed, and everything behind it is one value";
            rows.note(ProblemKind::CsvQuoteOpen, open..open + 1, message);
            break;
        }
        if rows.begins_another(&record, names) {
            continue;
        }
        objects.extend(rows.object(&record));
    }
    (objects, rows.finish())
}

fn span(source: SourceId, range: std::ops::Range<usize>) -> Span {
    Span::new(source, range.start, range.end)
}
