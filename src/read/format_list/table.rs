//! Format-Table output: found by its row of dashes, reported, and kept out of the objects.

use crate::read::format_list::cells::{cells, is_blank};
use crate::read::format_list::line::{Line, Page, Shape};
use crate::read::problem::{Problem, ProblemKind};

/// Columns that tables of virtual directories and servers have.
const COLUMNS: &[&str] =
    &["Name", "Server", "OwaVersion", "InternalUrl", "ExternalUrl", "Identity", "ServerRole", "AdminDisplayVersion"];

/// Columns that no table of anything else has.
const OWN_COLUMNS: &[&str] =
    &["OwaVersion", "InternalUrl", "ExternalUrl", "ServerRole", "InternalAuthenticationMethods"];

/// Columns that no heading is named after, so that one of them alone makes a table.
const URL_COLUMNS: &[&str] = &["InternalUrl", "ExternalUrl"];

/// Turns the rows of every table into barriers, and reports each at its header.
pub(super) fn set_aside(page: &mut Page<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut printer = Printer::Unknown;
    for at in 1..page.lines.len() {
        if let Shape::Prompt(command) = &page.lines[at - 1].shape {
            printer = Printer::of(&page.lines[at - 1].text[command.clone()]);
        }
        if page.lines[at].shape != Shape::Barrier || !is_table(&page.lines[at - 1], &page.lines[at], printer) {
            continue;
        }
        let message = "this is Format-Table output, which cuts values and drops columns";
        problems.push(Problem::new(ProblemKind::TableOutput, page.line_span(at - 1), message));
        page.lines[at - 1].shape = Shape::Row;
        page.lines[at].shape = Shape::Row;
        for row in &mut page.lines[at + 1..] {
            if matches!(row.shape, Shape::Blank | Shape::Prompt(_) | Shape::Barrier | Shape::Row) {
                break;
            }
            row.shape = Shape::Row;
        }
    }
    problems
}

/// What the prompt above a table says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Printer {
    /// There is no command.
    Unknown,
    /// The command prints virtual directories or servers.
    Ours,
    /// It prints something else, such as files or mailboxes.
    Other,
}

impl Printer {
    fn of(command: &str) -> Printer {
        let lower = command.to_ascii_lowercase();
        let is_ours = ["virtualdirectory", "exchangeserver", "clientaccessserver"].iter().any(|it| lower.contains(it));
        match (command.is_empty(), is_ours) {
            (true, _) => Printer::Unknown,
            (false, true) => Printer::Ours,
            (false, false) => Printer::Other,
        }
    }

    /// The columns that make a table of several one that somebody may take settings from.
    fn columns(self) -> &'static [&'static str] {
        match self {
            Printer::Unknown | Printer::Ours => COLUMNS,
            Printer::Other => OWN_COLUMNS,
        }
    }
}

/// Whether `dashes` underlines each word of `header`: Format-Table draws as many dashes as a column's label has cells,
/// and draws them right below it.
fn is_table(header: &Line<'_>, dashes: &Line<'_>, printer: Printer) -> bool {
    let below = &dashes.text[dashes.lead..];
    if header.quote != dashes.quote || !below.chars().all(|it| it == '-' || is_blank(it)) {
        return false;
    }
    let labels = words(&header.text[header.lead..]);
    let lines = words(below);
    let names = |known: &[&str]| labels.iter().any(|(_, word)| known.iter().any(|it| it.eq_ignore_ascii_case(word)));
    let underlined = labels.len() == lines.len()
        && labels.iter().zip(&lines).all(|(label, line)| label.0 == line.0 && cells(label.1) == cells(line.1));
    underlined && if lines.len() > 1 { names(printer.columns()) } else { names(URL_COLUMNS) }
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
