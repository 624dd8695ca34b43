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

mod cells;
mod geometry;
mod group;
mod join;
mod line;
mod object;
mod part;
mod prompt;
mod table;
#[cfg(test)]
mod tests;
mod width;

/// What a file of Format-List output holds.
#[derive(Debug, Clone, Default)]
pub struct ListDocument<'t> {
    /// The objects, in the order of the file.
    pub objects: Vec<Object<'t>>,
}

/// Reads Format-List text. Blocks that are no objects are passed over; what looks like an object and cannot be read
/// is a problem.
pub fn read(text: &str, source: SourceId) -> (ListDocument<'_>, Vec<Problem>) {
    let mut page = Page::new(text, source);
    part::reclaim_continuations(&mut page);
    let mut problems = table::set_aside(&mut page);
    let drafts = object::drafts(&page);
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
    report_lost_lines(&page, &drafts, &mut problems);
    problems.sort_by_key(|problem| (problem.span, problem.kind));
    (ListDocument { objects }, problems)
}

/// A value in braces as a list; `None` where the text is no list.
///
/// PowerShell puts `, ` between items and escapes nothing. After `$FormatEnumerationLimit` items it puts an ellipsis
/// without a separator: three dots up to version 6.1, U+2026 from 6.2 on.
fn list<'t>(value: &Scalar<'t>) -> Option<List<'t>> {
    let inner = value.text.strip_prefix('{')?.strip_suffix('}')?;
    let cut = inner.strip_suffix("...").or_else(|| inner.strip_suffix('\u{2026}'));
    let inner = cut.unwrap_or(inner);
    let mut items = Vec::new();
    let mut start = 1;
    for part in inner.split(", ") {
        let item = cells::trim(part);
        let at = start + cells::leading(part).min(part.len() - item.len());
        items.push(Item { text: value.sub(at..at + item.len()), is_number: false });
        start += part.len() + 2;
    }
    if items.last().is_some_and(|last| last.text.text.is_empty() && (cut.is_some() || items.len() == 1)) {
        items.pop();
    }
    Some(List { text: value.clone(), items, truncated: cut.is_some() })
}

fn finish<'t>(page: &Page<'t>, draft: &Draft, layout: &Layout) -> Object<'t> {
    let properties: Vec<Property<'t>> = draft
        .entries
        .iter()
        .map(|entry| {
            let (value, reconstructed) = join::value(page, entry, layout);
            let value = match value {
                Value::Text(text) => list(&text).map_or(Value::Text(text), Value::List),
                other => other,
            };
            Property { name: page.scalar(entry.line, entry.label.name.clone()), value, reconstructed }
        })
        .collect();
    let command = draft.prompt.as_ref().map(|(line, command)| page.scalar(*line, command.clone()));
    let first = properties.first().map_or(Span::file(page.source), |property| property.name.span);
    let span = properties.iter().fold(first, |span, property| span.to(property.value.span()));
    Object { shape: ObjectShape::List, span, command, types: Vec::new(), properties }
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
    for entry in &draft.entries {
        if let Some(Doubt::Below(line)) = entry.doubt {
            problems
                .push(unreadable(page.line_span(line), "this line may be the rest of the value above it, or may not"));
        }
    }
    if let Some(second) = draft.twice {
        let entry = &draft.entries[second];
        let message = format!("`{}` stands twice in one object, with different values", entry.name(page));
        problems.push(Problem::new(ProblemKind::ListPropertyTwice, label_span(page, entry), message));
    }
}

/// The label with its padding and its colon.
fn label_span(page: &Page<'_>, entry: &Entry) -> Span {
    page.span(entry.line, entry.label.name.start..entry.label.colon + 1)
}

/// Reports lines that name `InternalUrl` and are in no object, so that no URL is lost without a word.
fn report_lost_lines(page: &Page<'_>, drafts: &[Draft], problems: &mut Vec<Problem>) {
    let mut is_read = vec![false; page.lines.len()];
    for entry in drafts.iter().flat_map(|draft| &draft.entries) {
        entry.pieces.iter().for_each(|piece| is_read[piece.line] = true);
        if let Some(Doubt::Below(line)) = entry.doubt {
            is_read[line] = true;
        }
    }
    for (at, line) in page.lines.iter().enumerate().filter(|(at, _)| !is_read[*at]) {
        if !matches!(line.shape, Shape::Blank) && line::seems_internal_url(line) {
            let message = "this line names InternalUrl and is in no object that could be read";
            problems.push(Problem::new(ProblemKind::ListUnreadable, page.line_span(at), message));
        }
    }
}
