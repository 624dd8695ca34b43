//! The frame of a listing: headers of transcripts, commands on several lines, and the headings of groups.

use crate::read::format_list::cells::{cells, is_blank, trim_end};
use crate::read::format_list::line::{Line, Page, Shape, is_url};
use crate::read::format_list::marks::Quote;

/// A header has one line for each entry of `$PSVersionTable`, and a dozen more.
const LONGEST_HEADER: usize = 60;

/// No value that objects are grouped by takes more lines than this.
const LONGEST_HEADING: usize = 20;

/// Each object carries the command that printed it, so that a command must have an end.
const LONGEST_COMMAND: usize = 40;

/// Sets aside the lines between the rows of stars that `Start-Transcript` writes; says whether there were any.
///
/// The words are translated, so that only the shape counts: no blank line, and a colon in every line but the first.
/// With `-IncludeInvocationHeader` there is such a header above each command.
pub(super) fn set_headers_aside(page: &mut Page<'_>) -> bool {
    let mut found = false;
    let mut at = 0;
    while at < page.lines.len() {
        let end = header_end(page, at);
        if let Some(end) = end {
            found = true;
            page.lines[at + 1..end].iter_mut().for_each(|line| line.shape = Shape::Header);
        }
        at = end.unwrap_or(at) + 1;
    }
    found
}

/// The row of stars below a header, where the line at `start` is the one above it.
fn header_end(page: &Page<'_>, start: usize) -> Option<usize> {
    if page.lines[start].shape != Shape::Stars {
        return None;
    }
    let lines = page.lines[start + 1..].iter().take(LONGEST_HEADER);
    let length = lines.take_while(|line| !matches!(line.shape, Shape::Stars | Shape::Blank)).count();
    let end = start + 1 + length;
    if page.lines.get(end).is_none_or(|line| line.shape != Shape::Stars) {
        return None;
    }
    let has_colon = |at: usize| page.lines[at].text.contains([':', '\u{ff1a}']);
    let names_url = |at: usize| {
        let line = &page.lines[at];
        line.label().is_some_and(|label| is_url(&line.text[label.name.clone()]))
    };
    let inside = start + 1..end;
    let is_header = inside.clone().any(has_colon) && (start + 2..end).all(has_colon) && !inside.clone().any(names_url);
    is_header.then_some(end)
}

/// Finds the further lines of commands: behind the prompt `>>`, or below a line that ends in the middle of a command.
pub(super) fn join_commands(page: &mut Page<'_>) {
    let mut length = 0;
    for at in 1..page.lines.len() {
        let is_command = matches!(&page.lines[at - 1].shape, Shape::Prompt(command) if !command.is_empty())
            || page.lines[at - 1].shape == Shape::Continued;
        let line = &page.lines[at];
        let is_prompted = line.text.starts_with(">>");
        let is_open = trim_end(&page.lines[at - 1].text).ends_with(['|', '`', ','])
            && line.quote == Quote::None
            && matches!(line.shape, Shape::Other | Shape::Prompt(_));
        let is_more = is_command && (is_prompted || is_open) && length < LONGEST_COMMAND;
        length = if is_more { length + 1 } else { 0 };
        if is_more {
            page.lines[at].shape = Shape::Continued;
        }
    }
}

/// Finds the headings that `-GroupBy` prints: three spaces, the name, a colon right behind it, blank lines round it, and
/// the labels of an object below. A long heading goes on in lines that are indented alike.
pub(super) fn find_groups(page: &mut Page<'_>) {
    for at in 0..page.lines.len() {
        let is_apart = at == 0 || page.lines[at - 1].shape == Shape::Blank || is_prompt(&page.lines[at - 1].shape);
        let line = &page.lines[at];
        let Some(label) = line.label().filter(|label| label.tight && !label.tab && !line.bullet) else { continue };
        if !is_apart || cells(&line.text[line.lead..line.body]) != 3 || !line.text[line.lead..].starts_with("   ") {
            continue;
        }
        let is_more = |next: &&Line<'_>| next.shape == Shape::Other && next.text[next.lead..].starts_with("   ");
        let more = page.lines[at + 1..].iter().take(LONGEST_HEADING).take_while(is_more).count();
        let below = &page.lines[at + 1 + more..];
        let blanks = below.iter().take_while(|line| line.shape == Shape::Blank).count();
        let is_object = below.get(blanks).is_some_and(|next| {
            next.quote == line.quote && next.body == next.lead && next.label().is_some_and(|label| !label.tight)
        });
        if blanks > 0 && is_object {
            let label = label.clone();
            page.lines[at].shape = Shape::Group(label);
            page.lines[at + 1..=at + more].iter_mut().for_each(|line| line.shape = Shape::Header);
        }
    }
}

fn is_prompt(shape: &Shape) -> bool {
    matches!(shape, Shape::Prompt(_) | Shape::Continued)
}

/// The line below the command at a prompt and its further lines.
pub(super) fn command_end(page: &Page<'_>, prompt: usize) -> usize {
    let more = page.lines[prompt + 1..].iter().take_while(|line| line.shape == Shape::Continued).count();
    prompt + 1 + more
}

/// A further line of a command without its prompt.
pub(super) fn without_prompt(text: &str) -> &str {
    text.trim_start_matches('>').trim_matches(is_blank)
}
