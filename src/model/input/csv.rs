//! CSV inputs: which of them hold exported objects of interest, and which a wrong export.

use crate::model::input::Input;
use crate::model::input::names::{FORMAT_CLASS, KNOWN, TELLING, is_of_interest};
use crate::model::input::objects;
use crate::model::input::text::{contains_word, mentions_vdirs};
use crate::read::csv::{self, Head, Names};
use crate::read::problem::{Problem, ProblemKind};
use crate::text::source::Source;
use crate::text::span::{SourceId, Span};

const NAMES: Names<'_> = Names { known: KNOWN, telling: TELLING };

/// Reads a CSV file; `None` if it is none.
pub(super) fn read_csv(id: SourceId, source: &Source) -> Option<Input> {
    let text = source.text();
    if !is_of_interest(text) && !contains_word(text, "/owa") && !contains_word(text, FORMAT_CLASS) {
        return None;
    }
    match csv::head(text, id, &NAMES) {
        Ok(Some(head)) => Some(read_rows(id, source, head)),
        Ok(None) => without_head(id, text).map(|problem| Input::refused(id, "csv", problem)),
        Err(problem) => Some(Input::refused(id, "csv", problem)),
    }
}

fn read_rows<'t>(id: SourceId, source: &'t Source, head: Head<'t>) -> Input {
    let (found, problems) = csv::read(source.text(), id, head, &NAMES);
    objects::take(id, "csv", found, problems)
}

/// What is wrong with a text that has cells of interest and no names for them; `None` if it is no CSV.
fn without_head(id: SourceId, text: &str) -> Option<Problem> {
    let mut offset = 0;
    let mut lines = 0;
    for line in text.split_inclusive(['\r', '\n']) {
        let place = Span::new(id, offset, offset + line.trim_end().len());
        offset += line.len();
        lines += usize::from(!line.trim().is_empty());
        if contains_word(line, FORMAT_CLASS) {
            let message = "these are the objects that a Format- cmdlet makes for the screen";
            return Some(Problem::new(ProblemKind::FormatObjects, place, message));
        }
        let is_typed = lines == 1 && contains_word(line, "#TYPE") && (mentions_vdirs(line) || is_of_interest(line));
        if is_typed || [',', ';', '\t', '|'].iter().any(|delimiter| has_cell_of_interest(line, *delimiter)) {
            let message = "no names of properties stand above these values, or no delimiter divides them";
            return Some(Problem::new(ProblemKind::CsvHeadUnreadable, place, message));
        }
        if lines == FIRST_LINES {
            break;
        }
    }
    None
}

/// How many lines are looked at to tell whether a text is CSV.
const FIRST_LINES: usize = 3;

/// Whether a line has several cells, one of which is the URL or the identity of an OWA virtual directory.
fn has_cell_of_interest(line: &str, delimiter: char) -> bool {
    let cells: Vec<&str> = line.trim().split(delimiter).map(|cell| cell.trim().trim_matches('"')).collect();
    let is_identity = |cell: &str| cell.split_once('\\').is_some_and(|(_, name)| name.starts_with("owa ("));
    // A table of Markdown has nothing before its first delimiter.
    cells.len() > 1 && !cells[0].is_empty() && cells.iter().any(|cell| is_owa_url(cell) || is_identity(cell))
}

fn is_owa_url(cell: &str) -> bool {
    let lower = cell.to_ascii_lowercase();
    let url = lower.trim_end_matches('/');
    (url.starts_with("http://") || url.starts_with("https://")) && url.ends_with("/owa") && !url.contains(' ')
}
