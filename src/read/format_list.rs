//! Format-List text: objects of labelled values, as PowerShell prints them and as people paste them.

use crate::read::object::{Item, List, Object, Property, Shape as ObjectShape, Value};
use crate::read::problem::{Problem, ProblemKind};
use crate::text::scalar::Scalar;
use crate::text::span::{SourceId, Span};

use join::{Ends, Layout};
use line::{Page, Shape};
use object::Draft;
use part::{Doubt, Entry};
use width::Evidence;

pub use unread::Unread;

mod bare;
mod cells;
mod cut;
mod frame;
mod geometry;
mod group;
mod html;
mod join;
mod line;
mod marks;
mod object;
mod part;
mod prompt;
mod table;
#[cfg(test)]
mod tests;
mod unread;
mod width;

/// What a file of Format-List output holds.
#[derive(Debug, Clone, Default)]
pub struct ListDocument<'t> {
    /// The objects, in the order of the file.
    pub objects: Vec<Object<'t>>,
    /// What stands beside them.
    pub unread: Vec<Unread<'t>>,
    /// Whether `Start-Transcript` wrote the file.
    pub is_transcript: bool,
}

/// Reads Format-List text. Blocks that are no objects are passed over; what looks like an object and cannot be read
/// is a problem.
pub fn read(text: &str, source: SourceId) -> (ListDocument<'_>, Vec<Problem>) {
    let mut page = Page::new(text, source);
    part::reclaim_continuations(&mut page);
    let is_transcript = frame::set_headers_aside(&mut page);
    frame::join_commands(&mut page);
    frame::find_groups(&mut page);
    let mut problems = table::set_aside(&mut page);
    let mut drafts = object::drafts(&page);
    problems.extend(cut::doubt_last_value(&page, &mut drafts, is_transcript));
    object::doubt_long_values(&mut drafts);
    let ends = Ends::of_page(&page, &drafts);
    let common = Evidence::of_objects(&page, drafts.iter()).width();
    let mut objects = Vec::new();
    for printed in drafts.chunk_by(|one, other| one.prompt == other.prompt) {
        let evidence = Evidence::of_objects(&page, printed.iter());
        let own = evidence.width();
        for draft in printed {
            let layout = Layout::of(&page, draft, ends, (&evidence, own, common));
            objects.push(finish(&page, draft, &layout));
            report(&page, draft, &mut problems);
        }
    }
    let is_read = unread::read_lines(&page, &drafts);
    report_lost_lines(&page, &is_read, &mut problems);
    problems.sort_by_key(|problem| (problem.span, problem.kind));
    let unread = unread::blocks(&page, &is_read);
    (ListDocument { objects, unread, is_transcript }, problems)
}

/// A value in braces as a list; `None` where the text is no list.
///
/// PowerShell puts `, ` between items and escapes nothing. After `$FormatEnumerationLimit` items it puts an ellipsis
/// without a separator: three dots up to version 6.1, U+2026 from 6.2 on. A list without its closing brace was cut too,
/// and its last item may be.
fn list<'t>(value: &Scalar<'t>) -> Option<List<'t>> {
    let inner = value.text.strip_prefix('{')?;
    let (inner, is_cut) = match inner.strip_suffix('}') {
        Some(inner) => {
            let cut = inner.strip_suffix("...").or_else(|| inner.strip_suffix('\u{2026}'));
            (cut.unwrap_or(inner), cut.is_some())
        }
        None => (&inner[..inner.rfind(',').unwrap_or(0)], true),
    };
    let mut items = Vec::new();
    let mut start = 1;
    for part in inner.split(", ") {
        let item = cells::trim(part);
        let at = start + cells::leading(part).min(part.len() - item.len());
        items.push(Item { text: value.sub(at..at + item.len()), is_number: false });
        start += part.len() + 2;
    }
    if items.last().is_some_and(|last| last.text.text.is_empty() && (is_cut || items.len() == 1)) {
        items.pop();
    }
    Some(List { text: value.clone(), items, truncated: is_cut })
}

fn finish<'t>(page: &Page<'t>, draft: &Draft, layout: &Layout) -> Object<'t> {
    let has_bare_lists = bare::has_bare_lists(page, draft);
    let mut properties: Vec<Property<'t>> = draft
        .entries
        .iter()
        .map(|entry| {
            let name = page.scalar(entry.line, entry.label.name.clone());
            if let Some(value) = has_bare_lists.then(|| bare::value(page, entry)).flatten() {
                return Property { name, value, reconstructed: false };
            }
            let (value, reconstructed) = join::value(page, entry, layout);
            let value = match value {
                Value::Text(text) => list(&text).map_or(Value::Text(text), Value::List),
                other => other,
            };
            Property { name, value, reconstructed }
        })
        .collect();
    let command = draft.prompt.as_ref().map(|(line, command)| page.command(*line, command));
    let first = properties.first().map_or(Span::file(page.source), |property| property.name.span);
    let span = properties.iter().fold(first, |span, property| span.to(property.value.span()));
    properties.extend(of_group(page, draft));
    Object { shape: ObjectShape::List, span, command, types: Vec::new(), properties }
}

/// The property that the heading of a group gives each of its objects, unless the object prints it itself.
///
/// The heading is wrapped without indentation that tells, so that one of several lines is not joined.
fn of_group<'t>(page: &Page<'t>, draft: &Draft) -> Option<Property<'t>> {
    let at = draft.group?;
    let Shape::Group(label) = &page.lines[at].shape else { return None };
    let name = page.scalar(at, label.name.clone());
    if draft.entries.iter().any(|entry| entry.name(page).eq_ignore_ascii_case(&name.text)) {
        return None;
    }
    let line = &page.lines[at].text;
    let end = cells::trim_end(line).len();
    let start = label.colon + 1 + cells::leading(&line[label.colon + 1..]);
    let is_wrapped = page.lines.get(at + 1).is_some_and(|line| line.shape == Shape::Header);
    let value = if is_wrapped {
        Value::Unreadable(page.span(at, start..end.max(start)))
    } else if start >= end {
        let behind = page.span(at, label.colon + 1..label.colon + 1);
        Value::Empty(behind)
    } else {
        let text = page.scalar(at, start..end);
        list(&text).map_or(Value::Text(text), Value::List)
    };
    Some(Property { name, value, reconstructed: false })
}

/// Says why values of an object are unreadable, unless nobody will ask for them: other text with colons is no object.
fn report(page: &Page<'_>, draft: &Draft, problems: &mut Vec<Problem>) {
    if !draft.is_telling(page) {
        return;
    }
    let unreadable = |span, message: &str| Problem::new(ProblemKind::ListUnreadable, span, message);
    if let Some(entry) = draft.entries.iter().find(|entry| entry.doubt == Some(Doubt::Tabs)) {
        problems.push(unreadable(label_span(page, entry), "tabs stand among the columns of this object"));
    }
    if let Some(entry) = draft.entries.iter().find(|entry| entry.doubt == Some(Doubt::Entity)) {
        problems.push(unreadable(label_span(page, entry), "characters of this value are written as HTML writes them"));
    }
    for entry in draft.entries.iter().filter(|entry| entry.doubt == Some(Doubt::Long)) {
        let message = format!("`{}` goes on over more than {} lines", entry.name(page), object::MAX_LINES);
        problems.push(Problem::new(ProblemKind::ListValueTooLong, label_span(page, entry), message));
    }
    for entry in &draft.entries {
        if let Some(Doubt::Below(line)) = entry.doubt {
            problems
                .push(unreadable(page.line_span(line), "this line may be the rest of the value above it, or may not"));
        }
    }
    cut::report_clipped_labels(page, draft, problems);
    report_open_lists(page, draft, problems);
    if let Some(second) = draft.twice {
        let entry = &draft.entries[second];
        let message = format!("`{}` stands twice in one object, with different values", entry.name(page));
        problems.push(Problem::new(ProblemKind::ListPropertyTwice, label_span(page, entry), message));
    }
}

/// Reports lists without a closing brace; the first line of a value holds the opening one.
fn report_open_lists(page: &Page<'_>, draft: &Draft, problems: &mut Vec<Problem>) {
    let is_open = |entry: &&Entry| {
        let first = entry.pieces.first().is_some_and(|piece| geometry::piece_text(page, *piece).starts_with('{'));
        first && entry.doubt.is_none() && !geometry::last_text(page, entry).ends_with('}')
    };
    for entry in draft.entries.iter().filter(is_open) {
        let message = format!("the list `{}` has no closing brace, so that it was cut", entry.name(page));
        problems.push(Problem::new(ProblemKind::ListCut, label_span(page, entry), message));
    }
}

/// The label with its padding and its colon.
fn label_span(page: &Page<'_>, entry: &Entry) -> Span {
    page.span(entry.line, entry.label.name.start..entry.label.colon + 1)
}

/// Reports lines that name `InternalUrl` and are in no object, so that no URL is lost without a word.
fn report_lost_lines(page: &Page<'_>, is_read: &[bool], problems: &mut Vec<Problem>) {
    for (at, line) in page.lines.iter().enumerate().filter(|(at, _)| !is_read[*at]) {
        if !matches!(line.shape, Shape::Blank) && line::seems_internal_url(line) {
            let message = "this line names InternalUrl and is in no object that could be read";
            problems.push(Problem::new(ProblemKind::ListUnreadable, page.line_span(at), message));
        }
    }
}
