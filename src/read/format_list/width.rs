//! Width: how wide the console was, worked out from where lines were broken.

use std::collections::BTreeSet;

use crate::read::format_list::cells::{cells, trim_end};
use crate::read::format_list::geometry::{line_text, value_column};
use crate::read::format_list::line::Page;
use crate::read::format_list::object::Draft;
use crate::read::format_list::part::Entry;

/// How the breaks of lines that lost their trailing blanks are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Width {
    /// The cells of a full line, which breaks words; `None` where every break stands for a blank.
    pub(super) full: Option<usize>,
    /// Whether any other reading is ruled out.
    pub(super) is_sure: bool,
}

/// Widths that lines commonly have: one less than a console of 80 or 120 cells, or files that are this wide.
const COMMON: &[usize] = &[79, 80, 119, 120];

/// What the lines of some objects tell about the width.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// The longest line.
    longest: usize,
    breaks: Vec<Break>,
}

/// The end of a line whose value goes on.
#[derive(Debug)]
struct Break {
    /// The cells before the value.
    base: usize,
    /// The cells of the value's text on this line.
    cells: usize,
    /// The cells of the text behind the last blank on this line.
    tail: usize,
    /// The cells of the next line's first word, with the blank behind it.
    word: usize,
    /// The property, and which of its breaks this is.
    place: (String, usize),
}

impl Break {
    fn line(&self) -> usize {
        self.base + self.cells
    }
}

impl Evidence {
    /// Evidence from the objects that tell how many cells stand before each value.
    pub(super) fn of_objects<'d>(page: &Page<'_>, drafts: impl Iterator<Item = &'d Draft>) -> Evidence {
        let mut evidence = Evidence::default();
        for draft in drafts {
            if let Some(column) = value_column(page, &draft.entries.iter()) {
                draft.entries.iter().for_each(|entry| evidence.add(page, entry, column));
            }
        }
        evidence
    }

    /// Evidence from one object alone, with this many cells before each value.
    pub(super) fn of_object(page: &Page<'_>, draft: &Draft, column: usize) -> Evidence {
        let mut evidence = Evidence::default();
        draft.entries.iter().for_each(|entry| evidence.add(page, entry, column));
        evidence
    }

    fn add(&mut self, page: &Page<'_>, entry: &Entry, base: usize) {
        if entry.doubt.is_some() {
            return;
        }
        for (at, piece) in entry.pieces.iter().enumerate() {
            let text = trim_end(line_text(page, *piece));
            self.longest = self.longest.max(base + cells(text));
            if let Some(next) = entry.pieces.get(at + 1).filter(|next| next.blanks == 0) {
                self.breaks.push(Break {
                    base,
                    cells: cells(text),
                    tail: cells(text.rsplit(' ').next().unwrap_or(text)),
                    word: first_word(trim_end(line_text(page, *next)), at + 2 == entry.pieces.len()),
                    place: (entry.name(page).to_ascii_lowercase(), at),
                });
            }
        }
    }

    /// Weighs two readings: the longest lines are full and break words, or every break stands for a blank.
    ///
    /// PowerShell breaks a word only where it is longer than a whole line, and moves no word to a new line that still
    /// fits; so each break allows only some widths.
    pub(super) fn width(&self) -> Width {
        let full = self.words_broken_at_full_lines();
        let is_blank_possible = self.is_blank_possible();
        let sure = |full| Width { full, is_sure: true };
        let is_common = |more| COMMON.contains(&(self.longest + more));
        let likely = |full| Width { full, is_sure: false };
        match full {
            Some(places) if !is_blank_possible && (places > 1 || self.is_rest_moved()) => sure(Some(self.longest)),
            Some(places) if places > 2 && (is_common(0) || !is_common(1)) => sure(Some(self.longest)),
            Some(_) if is_common(0) => likely(Some(self.longest)),
            Some(_) if is_common(1) => likely(None),
            Some(2) => likely(Some(self.longest)),
            None if is_blank_possible => sure(None),
            Some(_) | None => likely(None),
        }
    }

    /// In how many places lines of the longest length break what can only be broken there; `None` where none does.
    fn words_broken_at_full_lines(&self) -> Option<usize> {
        let full: Vec<&Break> = self.breaks.iter().filter(|it| it.line() == self.longest).collect();
        let places = full.iter().map(|it| &it.place).collect::<BTreeSet<_>>().len();
        let is_word_longer = |it: &&Break| it.tail + it.word > it.cells;
        // Outside English, French, German, Italian, Portuguese and Spanish lines break at the last cell, in any word.
        let are_all_full = places > 2 && self.breaks.iter().all(|it| it.line() + 1 >= self.longest);
        (!full.is_empty() && (full.iter().all(is_word_longer) || are_all_full)).then_some(places)
    }

    /// Whether some width explains every break by a blank.
    fn is_blank_possible(&self) -> bool {
        let broken = self.breaks.iter().map(|it| it.line() + 1).max().unwrap_or(0);
        let most = self.breaks.iter().map(|it| it.line() + it.word).min().unwrap_or(usize::MAX);
        broken.max(self.longest) <= most
    }

    /// Whether the lines that are not full were broken because the next word did not fit.
    fn is_rest_moved(&self) -> bool {
        self.breaks.iter().filter(|it| it.line() != self.longest).all(|it| it.line() + it.word >= self.longest)
    }

    /// Whether these lines can have been broken at `width`.
    pub(super) fn allows(&self, width: Width) -> bool {
        width.full.is_none_or(|full| self.longest <= full)
    }
}

/// The cells of the first word and of the blank behind it, which only the last word of a value lacks.
fn first_word(text: &str, is_last: bool) -> usize {
    let word = text.split(' ').next().unwrap_or(text);
    cells(word) + usize::from(!is_last || word.len() < text.len())
}
