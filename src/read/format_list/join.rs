//! Joining: the lines of a value as the one text that PowerShell was given.

use crate::read::format_list::cells::{cells, is_blank, is_wide, leading, trim_end};
use crate::read::format_list::geometry::{least_value_column, line_text, piece_text, value_column};
use crate::read::format_list::line::Page;
use crate::read::format_list::object::Draft;
use crate::read::format_list::part::{Doubt, Entry, Piece, PieceKind};
use crate::read::format_list::width::{Evidence, Width};
use crate::read::object::Value;
use crate::text::scalar::Scalar;
use crate::text::span::Span;

/// What the lines of a page tell about blanks at their ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    /// How many blanks were put behind each line: Markdown asks for two to break a line.
    added: usize,
    /// Whether the blanks that PowerShell printed at the ends of lines were kept.
    are_kept: bool,
}

/// How the values of one object are joined.
pub(super) struct Layout {
    ends: Ends,
    width: Width,
    /// The cells before a value, as far as `width` counts them.
    base: usize,
}

impl Ends {
    /// What all objects of a page tell.
    pub(super) fn of_page(page: &Page<'_>, drafts: &[Draft]) -> Ends {
        let entries = || drafts.iter().flat_map(|draft| &draft.entries);
        let added = added_blanks(page, entries());
        let (kept, lost) = traces(page, entries(), added);
        Ends { added, are_kept: kept && !lost }
    }

    /// What one object tells; where it tells nothing or contradicts itself, what the page does.
    fn of_object(self, page: &Page<'_>, draft: &Draft) -> Ends {
        let (kept, lost) = traces(page, draft.entries.iter(), self.added);
        let are_kept = if kept == lost { self.are_kept } else { kept };
        Ends { are_kept, ..self }
    }
}

/// The text without blanks that were put behind it. More than one left over is padding, which no line break leaves.
fn without_added(text: &str, added: usize) -> &str {
    let end = text.trim_end_matches(' ').len();
    let left = (text.len() - end).saturating_sub(added);
    match (added, left) {
        (0, _) => text,
        (_, 1) => &text[..text.len() - added],
        _ => &text[..end],
    }
}

/// How many blanks most lines that hold a whole value end in: PowerShell puts none there.
fn added_blanks<'e>(page: &Page<'_>, entries: impl Iterator<Item = &'e Entry>) -> usize {
    let mut counts = [0usize; 3];
    for entry in entries {
        if let [only] = entry.pieces[..] {
            let text = line_text(page, only);
            let end = text.trim_end_matches(' ').len();
            if end > 0 {
                counts[(text.len() - end).min(2)] += 1;
            }
        }
    }
    let [none, one, two] = counts;
    if two > none + one { 2 } else { usize::from(one + two > none) }
}

/// Whether blanks at the ends of lines were seen, and whether they were missed.
///
/// PowerShell ends the line of an empty value with a colon and one blank, and leaves the blank that it breaks a line at
/// on the upper line.
fn traces<'e>(page: &Page<'_>, entries: impl Iterator<Item = &'e Entry>, added: usize) -> (bool, bool) {
    let (mut are_kept, mut are_lost) = (false, false);
    for entry in entries {
        if let [only] = entry.pieces[..] {
            let behind = &page.lines[only.line].text[only.from..];
            let behind = without_added(behind, added);
            are_kept |= behind == " ";
            are_lost |= behind.is_empty();
        }
        let broken = entry.pieces.split_last().map_or(&[][..], |(_, broken)| broken);
        let texts = broken.iter().map(|piece| without_added(line_text(page, *piece), added));
        are_kept |= texts.filter(|text| !text.is_empty()).any(|text| text.ends_with(' '));
    }
    (are_kept, are_lost)
}

impl Layout {
    /// The layout of one object, from its own lines, those of its command, and those of the page.
    pub(super) fn of(page: &Page<'_>, draft: &Draft, of_page: Ends, widths: (&Evidence, Width, Width)) -> Layout {
        let (of_command, own, common) = widths;
        let ends = of_page.of_object(page, draft);
        let entries = &draft.entries.iter();
        if let Some(base) = value_column(page, entries) {
            let width = if !own.is_sure && common.is_sure && of_command.allows(common) { common } else { own };
            Layout { ends, width, base }
        } else {
            let base = least_value_column(entries);
            Layout { ends, width: Evidence::of_object(page, draft, base).width(), base }
        }
    }

    /// What goes between a line and the line below it, and whether that is sure.
    fn between(&self, above: &str, below: &str, kind: PieceKind) -> (&'static str, bool) {
        if above.ends_with(' ') || below.starts_with(' ') {
            return ("", true);
        }
        // The blank behind a broken word can begin a line, and is lost with the line's indentation.
        let is_whole = kind != PieceKind::Unindented;
        if self.ends.are_kept {
            return ("", is_whole);
        }
        let Some(full) = self.width.full else { return (" ", self.width.is_sure) };
        let used = self.base + cells(above);
        let is_pair = above.chars().next_back().is_some_and(is_wide) && below.chars().next().is_some_and(is_wide);
        if used == full {
            ("", self.width.is_sure && is_whole)
        } else if used + 1 == full && is_pair {
            // A wide character that does not fit breaks the line one cell early.
            ("", false)
        } else {
            (" ", self.width.is_sure && used < full)
        }
    }

    /// Whether the blank line above a piece holds just the blank behind a word that was broken and filled the line above.
    fn is_lone_blank(&self, page: &Page<'_>, piece: Piece, above: &str, below: &str) -> bool {
        let blank = &page.lines[piece.line - 1].text;
        if self.ends.are_kept {
            return blank.get(piece.from..) == Some(" ");
        }
        let word = below.split(' ').next().unwrap_or(below);
        self.width.full.is_some_and(|full| self.base + cells(above) == full && self.base + cells(word) + 2 > full)
    }
}

/// The value of an entry, and whether it had to be reconstructed by guessing at blanks.
pub(super) fn value<'t>(page: &Page<'t>, entry: &Entry, layout: &Layout) -> (Value<'t>, bool) {
    if entry.doubt.is_some() {
        return (Value::Unreadable(value_span(page, entry)), false);
    }
    let filled: Vec<Piece> =
        entry.pieces.iter().copied().filter(|piece| !piece_text(page, *piece).is_empty()).collect();
    match filled[..] {
        [] => (Value::Empty(empty_span(page, entry)), false),
        [piece] => {
            let (start, end) = bounds(page, piece);
            (Value::Text(page.scalar(piece.line, start..end)), false)
        }
        [first, .., last] => {
            let (text, is_sure) = joined(page, &filled, layout);
            let start = page.span(first.line, bounds(page, first).0..page.lines[first.line].text.len());
            let end = page.span(last.line, 0..bounds(page, last).1);
            let span = Span { end: end.end, ..start };
            (Value::Text(Scalar::rewritten(text, span)), !is_sure)
        }
    }
}

fn joined(page: &Page<'_>, pieces: &[Piece], layout: &Layout) -> (String, bool) {
    let mut text = String::new();
    let mut above = "";
    let mut is_sure = true;
    for piece in pieces {
        let below = without_added(line_text(page, *piece), layout.ends.added);
        if piece.blanks == 1 && layout.is_lone_blank(page, *piece, above, below) {
            text.push(' ');
        } else if piece.blanks > 0 && !text.is_empty() {
            text.truncate(trim_end(&text).len());
            (0..=piece.blanks).for_each(|_| text.push('\n'));
        } else if !text.is_empty() {
            let (between, sure) = layout.between(above, below, piece.kind);
            text.push_str(between);
            is_sure &= sure;
        }
        text.push_str(if text.is_empty() { below.trim_start_matches(is_blank) } else { below });
        above = below;
    }
    text.truncate(trim_end(&text).len());
    (text, is_sure)
}

/// The range of a piece's text in its line, without the blanks round it.
pub(super) fn bounds(page: &Page<'_>, piece: Piece) -> (usize, usize) {
    let line = &page.lines[piece.line].text;
    let start = piece.from + leading(&line[piece.from..]);
    (start, trim_end(line).len().max(start))
}

/// The place of an empty value: behind the colon, and behind its one blank where there is one.
fn empty_span(page: &Page<'_>, entry: &Entry) -> Span {
    let line = &page.lines[entry.line].text;
    let behind = entry.label.colon + 1;
    let at = behind + usize::from(line[behind..].starts_with(' '));
    page.span(entry.line, at..at)
}

/// From behind the colon to the end of what is or may be the value.
fn value_span(page: &Page<'_>, entry: &Entry) -> Span {
    let (start, end) = bounds(page, entry.pieces[0]);
    let own = page.span(entry.line, start..end);
    let last = entry.pieces.last().map_or(entry.line, |piece| piece.line);
    let last = if let Some(Doubt::Below(below)) = entry.doubt { last.max(below) } else { last };
    if last == entry.line || entry.doubt == Some(Doubt::Long) { own } else { own.to(page.line_span(last)) }
}
