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
    /// The width was at least this.
    width: usize,
}

impl Geometry {
    /// What the lines of these entries tell: the longest was not too long.
    pub(super) fn of<'e>(page: &Page<'_>, entries: &(impl Iterator<Item = &'e Entry> + Clone)) -> Geometry {
        let longest_label = entries.clone().map(|entry| entry.label.name.len()).max().unwrap_or(0);
        let base = uniform_column(entries.clone()).map_or(longest_label + 3, |column| column + 2);
        let pieces = entries.clone().flat_map(|entry| &entry.pieces);
        let longest = base + pieces.map(|piece| cells(piece_text(page, *piece))).max().unwrap_or(0);
        let is_wrapped = entries.clone().any(|entry| entry.pieces.len() > 1);
        Geometry { base, width: if is_wrapped { longest } else { longest.max(NARROWEST) } }
    }

    /// Whether `text` can have been broken before `next`: PowerShell moves no word to a new line that still fits with
    /// the blank behind it.
    pub(super) fn may_break(&self, text: &str, next: &str) -> bool {
        let word = trim(next).split(' ').next().unwrap_or_default();
        self.base + cells(trim(text)) + cells(word) + 2 > self.width
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
