//! Format-Table output: found by its row of dashes, reported, and kept out of the objects.

use crate::read::format_list::cells::{cells, is_blank};
use crate::read::format_list::line::{Line, Page, Shape};
use crate::read::problem::{Problem, ProblemKind};

/// Columns that tables of virtual directories and servers have.
const COLUMNS: &[&str] = &["Name", "Server", "OwaVersion", "InternalUrl", "ExternalUrl", "Identity"];

/// Columns that no heading is named after, so that one of them alone makes a table.
const URL_COLUMNS: &[&str] = &["InternalUrl", "ExternalUrl"];

/// Turns the rows of every table into barriers, and reports each at its header.
pub(super) fn set_aside(page: &mut Page<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for at in 1..page.lines.len() {
        if page.lines[at].shape != Shape::Barrier || !is_table(&page.lines[at - 1], &page.lines[at]) {
            continue;
        }
        let message = "this is Format-Table output, which cuts values and drops columns";
        problems.push(Problem::new(ProblemKind::TableOutput, page.line_span(at - 1), message));
        page.lines[at - 1].shape = Shape::Barrier;
        for row in &mut page.lines[at + 1..] {
            if matches!(row.shape, Shape::Blank | Shape::Prompt(_) | Shape::Barrier) {
                break;
            }
            row.shape = Shape::Barrier;
        }
    }
    problems
}

/// Whether `dashes` underlines each word of `header`: Format-Table draws as many dashes as a column's label has cells,
/// and draws them right below it.
fn is_table(header: &Line<'_>, dashes: &Line<'_>) -> bool {
    let below = &dashes.text[dashes.lead..];
    if header.quote != dashes.quote || !below.chars().all(|it| it == '-' || is_blank(it)) {
        return false;
    }
    let labels = words(&header.text[header.lead..]);
    let lines = words(below);
    let names = |known: &[&str]| labels.iter().any(|(_, word)| known.iter().any(|it| it.eq_ignore_ascii_case(word)));
    let underlined = labels.len() == lines.len()
        && labels.iter().zip(&lines).all(|(label, line)| label.0 == line.0 && cells(label.1) == cells(line.1));
    underlined && if lines.len() > 1 { names(COLUMNS) } else { names(URL_COLUMNS) }
}

/// The words of a row, each with the cell that it begins in.
fn words(row: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut rest = row;
    let mut column = 0;
    while let Some(start) = rest.find(|it| !is_blank(it)) {
        column += cells(&rest[..start]);
        let word = &rest[start..];
        let word = &word[..word.find(is_blank).unwrap_or(word.len())];
        words.push((column, word));
        column += cells(word);
        rest = &rest[start + word.len()..];
    }
    words
}
