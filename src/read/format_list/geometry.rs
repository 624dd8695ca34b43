//! Geometry: whether a line can have been broken where it ends.

use crate::read::format_list::cells::{cells, trim};
use crate::read::format_list::line::Page;
use crate::read::format_list::part::{Entry, Piece, PieceKind};

/// Consoles have 80 cells at least, of which PowerShell leaves the last empty.
const NARROWEST: usize = 79;

/// What is known of the width that entries were printed with.
pub(super) struct Geometry {
    /// The cells before each value, as far as the labels tell.
    base: usize,
    /// The longest line: the width was at least this.
    longest: usize,
    /// Whether lines were wrapped, so that the width need not be a console's.
    is_wrapped: bool,
}

impl Geometry {
    /// What the lines of these entries tell: the longest was not too long.
    pub(super) fn of<'e>(page: &Page<'_>, entries: &(impl Iterator<Item = &'e Entry> + Clone)) -> Geometry {
        let base = value_column(page, entries).unwrap_or_else(|| least_value_column(entries));
        let pieces = entries.clone().flat_map(|entry| &entry.pieces);
        let longest = base + pieces.map(|piece| cells(piece_text(page, *piece))).max().unwrap_or(0);
        let is_wrapped = entries.clone().any(|entry| entry.pieces.len() > 1);
        Geometry { base, longest, is_wrapped }
    }

    /// Whether `text` can have been broken before `next`, at a width that consoles have.
    pub(super) fn may_break(&self, text: &str, next: &str) -> bool {
        let width = if self.is_wrapped { self.longest } else { self.longest.max(NARROWEST) };
        self.with_word(text, next) > width
    }

    /// Whether `text` can have been broken before `next`, if the width may be as small as it can be.
    pub(super) fn may_break_at_any_width(&self, text: &str, next: &str) -> bool {
        self.with_word(text, next) > self.longest
    }

    /// The cells of a line with the next word on it: PowerShell moves no word to a new line that still fits with the
    /// blank behind it.
    fn with_word(&self, text: &str, next: &str) -> usize {
        let word = trim(next).split(' ').next().unwrap_or_default();
        self.base + cells(trim(text)) + cells(word) + 2
    }
}

/// The text of a piece, without the blanks round it.
pub(super) fn piece_text<'p>(page: &'p Page<'_>, piece: Piece) -> &'p str {
    trim(&page.lines[piece.line].text[piece.from..])
}

/// The text of a piece from the value column on, to the end of its line.
pub(super) fn line_text<'p>(page: &'p Page<'_>, piece: Piece) -> &'p str {
    let text = &page.lines[piece.line].text[piece.from..];
    if piece.kind == PieceKind::First { text.strip_prefix(' ').unwrap_or(text) } else { text }
}

/// The text of the last line of a value.
pub(super) fn last_text<'p>(page: &'p Page<'_>, entry: &Entry) -> &'p str {
    entry.pieces.last().map_or("", |piece| piece_text(page, *piece))
}

/// The cells from a label to its colon, where they are the same for all entries and a blank stands before each colon.
pub(super) fn uniform_column<'e>(mut entries: impl Iterator<Item = &'e Entry>) -> Option<usize> {
    let first = entries.next()?;
    let uniform = !first.label.tight && entries.all(|it| it.column == first.column && !it.label.tight);
    uniform.then_some(first.column)
}

/// The cells before each value: those of the labels where they are in line, else those that wrapped lines are indented
/// by, else unknown.
pub(super) fn value_column<'e>(page: &Page<'_>, entries: &(impl Iterator<Item = &'e Entry> + Clone)) -> Option<usize> {
    let indented = |entry: &'e Entry| {
        let piece = entry.pieces.iter().find(|piece| piece.kind == PieceKind::Indented)?;
        let (home, line) = (&page.lines[entry.line], &page.lines[piece.line]);
        let indentation = cells(&line.text[line.lead..piece.from]);
        Some(indentation.saturating_sub(cells(&home.text[home.lead..home.body])))
    };
    uniform_column(entries.clone()).map(|column| column + 2).or_else(|| entries.clone().find_map(indented))
}

/// The cells that stand before each value at least: PowerShell pads all labels to the longest.
pub(super) fn least_value_column<'e>(entries: &(impl Iterator<Item = &'e Entry> + Clone)) -> usize {
    entries.clone().map(|entry| entry.label.name.len()).max().unwrap_or(0) + 3
}
