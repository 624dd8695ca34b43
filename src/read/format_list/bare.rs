//! Bare lists: one item a line and no braces, as the Exchange admin centre exports them.

use crate::read::format_list::geometry::piece_text;
use crate::read::format_list::join::bounds;
use crate::read::format_list::line::Page;
use crate::read::format_list::object::Draft;
use crate::read::format_list::part::{Entry, PieceKind};
use crate::read::object::{Item, List, Value};
use crate::text::scalar::Scalar;
use crate::text::span::Span;

/// Whether an object was exported by the admin centre when a virtual directory was reset, and not by Format-List.
///
/// Format-List puts every list in braces, so a property that is a list and goes on below without them tells. The admin
/// centre wraps nothing and never prints the properties that a remote session adds.
pub(super) fn has_bare_lists(page: &Page<'_>, draft: &Draft) -> bool {
    let is_remote = draft.entries.iter().any(|entry| entry.name(page).eq_ignore_ascii_case("RunspaceId"));
    !is_remote && draft.entries.iter().any(|entry| is_list(entry.name(page)) && is_bare(page, entry))
}

/// Whether lines below the label are whole items: indented alike, without a blank line, and not in braces.
fn is_bare(page: &Page<'_>, entry: &Entry) -> bool {
    let [first, rest @ ..] = &entry.pieces[..] else { return false };
    !rest.is_empty()
        && entry.doubt.is_none()
        && !piece_text(page, *first).starts_with('{')
        && rest.iter().all(|piece| piece.kind == PieceKind::Indented && piece.blanks == 0)
        && entry.pieces.iter().all(|piece| is_item(piece_text(page, *piece)))
}

/// Names of classes and of ways to log on hold no blank.
fn is_item(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn is_list(name: &str) -> bool {
    name.eq_ignore_ascii_case("ObjectClass") || name.to_ascii_lowercase().ends_with("authenticationmethods")
}

/// The value of an entry of such an object, where it is a list or its lines cannot be told from one.
///
/// Lines of a property that is not known to be a list may be items, or lines of a text.
pub(super) fn value<'t>(page: &Page<'t>, entry: &Entry) -> Option<Value<'t>> {
    let is_single = entry.pieces.len() == 1;
    if entry.doubt.is_some() || (is_single && !is_list(entry.name(page))) {
        return None;
    }
    let scalars: Vec<Scalar<'t>> = entry
        .pieces
        .iter()
        .map(|piece| {
            let (start, end) = bounds(page, *piece);
            page.scalar(piece.line, start..end)
        })
        .filter(|scalar| !scalar.text.is_empty())
        .collect();
    let span = scalars.first()?.span.to(scalars.last()?.span);
    if !is_list(entry.name(page)) {
        return Some(Value::Unreadable(span));
    }
    if !scalars.iter().all(|scalar| is_item(&scalar.text)) {
        return (!is_single).then_some(Value::Unreadable(span));
    }
    Some(Value::List(list(scalars, span)))
}

fn list(scalars: Vec<Scalar<'_>>, span: Span) -> List<'_> {
    let text = match &scalars[..] {
        [only] => only.clone(),
        several => {
            let lines: Vec<&str> = several.iter().map(|scalar| scalar.text.as_ref()).collect();
            Scalar::rewritten(lines.join("\n"), span)
        }
    };
    let items = scalars.into_iter().map(|text| Item { text, is_number: false }).collect();
    List { text, items, truncated: false }
}
