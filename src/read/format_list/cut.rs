//! Cuts: what shows that a listing, a list or a label is not whole.

use crate::read::format_list::cells::{cells, trim_end};
use crate::read::format_list::geometry::last_text;
use crate::read::format_list::line::{Page, Shape};
use crate::read::format_list::object::Draft;
use crate::read::format_list::part::{Doubt, Entry};
use crate::read::problem::{Problem, ProblemKind};

/// A full listing has this many properties at least.
const FULL: usize = 10;

/// Properties that rules ask for and whose names a narrow console cuts.
const LONG_NAMES: &[&str] = &[
    "InternalAuthenticationMethods",
    "ExternalAuthenticationMethods",
    "RedirectToOptimalOWAServer",
    "WindowsAuthentication",
    "AdminDisplayVersion",
    "DistinguishedName",
    "MetabasePath",
    "InternalUrl",
    "ExternalUrl",
];

/// Doubts the last value of a page that ends in the middle of it, and says where a page seems to end too early.
///
/// PowerShell ends a listing with a line end and a blank line. An object that ends the page without
/// one and prints fewer properties than the object of the same command above it was cut; where there is a line end, only
/// in a full listing, since people leave out lines of short ones.
pub(super) fn doubt_last_value(page: &Page<'_>, drafts: &mut [Draft], is_transcript: bool) -> Option<Problem> {
    let is_ended = page.is_ended();
    let last_line = page.lines.len().checked_sub(1)?;
    let (last, above) = drafts.split_last_mut()?;
    if !last.is_telling(page) {
        return None;
    }
    let fewest = if is_ended { FULL } else { 2 };
    let is_same = |above: &&Draft| above.prompt == last.prompt && above.entries.len() >= fewest;
    // A transcript goes on with a blank line, a prompt and a row of stars.
    let is_short = is_transcript || above.last().filter(is_same).is_some_and(|above| is_begun(page, last, above));
    let longest = page.lines.iter().map(|line| cells(&line.text)).max().unwrap_or(0);
    let entry = last.entries.last_mut()?;
    let bottom = entry.pieces.last().map_or(entry.line, |piece| piece.line);
    if !is_ended && bottom + 1 == last_line && is_label_begun(page, last_line) {
        let message = "the file ends in the middle of this line";
        return Some(Problem::new(ProblemKind::ListCut, page.line_span(last_line), message));
    }
    if bottom != last_line || entry.doubt.is_some() || (is_ended && !is_short) {
        return None;
    }
    let is_whole = is_closed(last_text(page, entry)) || (is_ended && cells(&page.lines[bottom].text) < longest);
    let span = page.span(entry.line, entry.label.name.start..entry.label.colon + 1);
    if !is_short {
        let message = "the file ends here without a line end, so that this value may be cut";
        return (!is_whole).then(|| Problem::new(ProblemKind::ListMayBeCut, span, message));
    }
    if !is_whole {
        entry.doubt = Some(Doubt::Cut);
    }
    Some(Problem::new(ProblemKind::ListCut, span, "the file ends here, and this object is not whole"))
}

/// Whether one object begins as another one does, and ends before it.
fn is_begun(page: &Page<'_>, short: &Draft, whole: &Draft) -> bool {
    short.entries.len() < whole.entries.len()
        && short.entries.iter().zip(&whole.entries).all(|(one, other)| one.name(page) == other.name(page))
}

/// Whether no value goes on behind this text.
fn is_closed(text: &str) -> bool {
    text.ends_with('}') || text == "True" || text == "False"
}

/// Whether a line is nothing but the beginning of a label.
fn is_label_begun(page: &Page<'_>, line: usize) -> bool {
    let line = &page.lines[line];
    let name = trim_end(&line.text[line.body..]);
    line.shape == Shape::Other && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Reports labels that were cut: PowerShell clips them to what the console has room for, without a mark.
pub(super) fn report_clipped_labels(page: &Page<'_>, draft: &Draft, problems: &mut Vec<Problem>) {
    let longest = draft.entries.iter().map(|entry| entry.label.name.len()).max().unwrap_or(0);
    let is_clipped = |entry: &&Entry| {
        let name = entry.name(page).to_ascii_lowercase();
        let is_full = name.len() == longest && name.len() >= 4 && name.len() + 1 == entry.column;
        is_full && LONG_NAMES.iter().any(|long| long.len() > name.len() && long.to_ascii_lowercase().starts_with(&name))
    };
    // A name that is the beginning of another one is a property of its own unless the labels are all cut at one width.
    for entry in draft.entries.iter().filter(is_clipped) {
        let message =
            format!("`{}` is the beginning of a longer name, so that its property is not known", entry.name(page));
        let span = page.span(entry.line, entry.label.name.clone());
        problems.push(Problem::new(ProblemKind::ListLabelCut, span, message));
    }
}
