//! Parts: each label with the lines that are certainly or possibly its value, and the prose between.

use std::ops::Range;

use crate::read::format_list::cells::{cells, is_blank, leading};
use crate::read::format_list::line::{Label, Line, Page, Shape};

/// A stretch of lines that belong together, and how many blank lines stand before it.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) blanks: usize,
    pub(super) kind: PartKind,
}

#[derive(Debug)]
pub(super) enum PartKind {
    Entry(Entry),
    /// Lines that are no part of a value by their indentation.
    Prose(Vec<usize>),
}

impl Part {
    /// The entry, where the part is one.
    pub(super) fn entry(&self) -> Option<&Entry> {
        match &self.kind {
            PartKind::Entry(entry) => Some(entry),
            PartKind::Prose(_) => None,
        }
    }
}

/// A label and the lines of its value.
#[derive(Debug)]
pub(super) struct Entry {
    /// The line of the label.
    pub(super) line: usize,
    pub(super) label: Label,
    /// The cells from the label's first character to its colon: L + 1.
    pub(super) column: usize,
    /// The lines of the value; the first is what stands behind the colon.
    pub(super) pieces: Vec<Piece>,
    /// Lines right below that may be the rest of a value which lost its indentation, or prose.
    pub(super) loose: Vec<usize>,
    /// A line that is indented deeper than the value and stands below a blank line.
    pub(super) deep: Option<usize>,
    /// Why the value cannot be known.
    pub(super) doubt: Option<Doubt>,
}

/// One line of a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) line: usize,
    /// Where the value's text begins in the line.
    pub(super) from: usize,
    /// How many blank lines stand before the piece.
    pub(super) blanks: usize,
    pub(super) kind: PieceKind,
}

/// How a line of a value is known to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PieceKind {
    /// It stands behind the colon.
    First,
    /// It is indented.
    Indented,
    /// It has lost its indentation.
    Unindented,
}

impl Piece {
    /// The line as the rest of a value that has lost its indentation. One blank is that of a word which was broken.
    pub(super) fn unindented(page: &Page<'_>, home: usize, line: usize) -> Piece {
        let indent = indent(&page.lines[line], &page.lines[home]);
        let from = indent.from + if indent.cells > 1 { leading(&page.lines[line].text[indent.from..]) } else { 0 };
        Piece { line, from, blanks: 0, kind: PieceKind::Unindented }
    }

    /// Forgets the blank lines that were put behind every line.
    pub(super) fn remove_gap(&mut self, gap: usize) {
        self.blanks = self.blanks.saturating_sub(gap) / (gap + 1);
    }
}

/// Why a value cannot be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Tabs stand where PowerShell prints spaces, so the columns cannot be told.
    Tabs,
    /// This line below may be the rest of the value.
    Below(usize),
    /// The line itself may be the rest of the value above.
    Itself,
    /// The object gives the property another value elsewhere.
    Twice,
    /// The file ends inside the value.
    Cut,
    /// A character is written by its name, as HTML does.
    Entity,
    /// It goes on over more lines than are read.
    Long,
}

impl Entry {
    fn new(page: &Page<'_>, at: usize, label: &Label) -> Entry {
        let from = label.colon + 1;
        Entry {
            line: at,
            label: label.clone(),
            column: page.lines[at].column(label),
            pieces: vec![Piece { line: at, from, blanks: 0, kind: PieceKind::First }],
            loose: Vec::new(),
            deep: None,
            doubt: if label.tab { Some(Doubt::Tabs) } else { page.entity_doubt(at) },
        }
    }

    /// The property's name as written.
    pub(super) fn name<'p>(&self, page: &'p Page<'_>) -> &'p str {
        &page.lines[self.line].text[self.label.name.clone()]
    }

    /// The first cell of the value, counted from the label's first: PowerShell separates by ` : `, so L + 3.
    pub(super) fn value_column(&self) -> usize {
        self.column + 2
    }
}

/// Takes lines for text that look like a prompt, a rule or an elision and are indented like the rest of a value.
pub(super) fn reclaim_continuations(page: &mut Page<'_>) {
    let mut home: Option<(usize, usize)> = None;
    for at in 0..page.lines.len() {
        let line = &page.lines[at];
        let continues = home.is_some_and(|(home, column)| {
            let indent = indent(line, &page.lines[home]);
            line.quote == page.lines[home].quote && !indent.has_tab && (column..=column + 1).contains(&indent.cells)
        });
        match &line.shape {
            Shape::Blank => {}
            Shape::Label(_) | Shape::Other if continues => {}
            Shape::Label(label) => home = Some((at, line.column(label) + 2)),
            Shape::Prompt(_) | Shape::Barrier | Shape::Stars | Shape::Elision if continues => {
                page.lines[at].shape = Shape::Other;
            }
            _ => home = None,
        }
    }
}

/// The parts of a range of lines that holds no prompt and no barrier.
pub(super) fn parts(page: &Page<'_>, range: Range<usize>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut blanks = 0;
    for at in range {
        match page.lines[at].shape {
            Shape::Blank => blanks += 1,
            Shape::Label(_) | Shape::Other => {
                add(page, &mut parts, at, blanks);
                blanks = 0;
            }
            _ => {}
        }
    }
    parts
}

fn add(page: &Page<'_>, parts: &mut Vec<Part>, at: usize, blanks: usize) {
    let label = page.lines[at].label();
    let mut doubt = None;
    if let Some(entry) = last_entry(parts) {
        match place(page, entry, at, blanks) {
            Place::Continues(from) => {
                let is_deep = blanks > 0 && leading(&page.lines[at].text[from..]) > 1;
                entry.deep = entry.deep.or(is_deep.then_some(at));
                entry.doubt = entry.doubt.or(page.entity_doubt(at));
                return entry.pieces.push(Piece { line: at, from, blanks, kind: PieceKind::Indented });
            }
            Place::Doubtful(above, itself) => {
                entry.doubt = entry.doubt.or(Some(above));
                doubt = Some(itself);
            }
            Place::Apart if label.is_none() && blanks == 0 => return entry.loose.push(at),
            Place::Apart => {}
        }
    }
    match (label, parts.last_mut().map(|part| &mut part.kind)) {
        (Some(label), _) => {
            let mut entry = Entry::new(page, at, label);
            entry.doubt = entry.doubt.or(doubt);
            parts.push(Part { blanks, kind: PartKind::Entry(entry) });
        }
        // The value above is unreadable because of this line; the line has no use of its own.
        (None, _) if doubt.is_some() => {}
        (None, Some(PartKind::Prose(lines))) if blanks == 0 => lines.push(at),
        (None, _) => parts.push(Part { blanks, kind: PartKind::Prose(vec![at]) }),
    }
}

fn last_entry(parts: &mut [Part]) -> Option<&mut Entry> {
    match parts.last_mut() {
        Some(Part { kind: PartKind::Entry(entry), .. }) => Some(entry),
        _ => None,
    }
}

/// How a line stands to the value above it.
enum Place {
    /// It is the next line of the value, which goes on at this offset.
    Continues(usize),
    /// It may be; what that means for the value above and for the line itself.
    Doubtful(Doubt, Doubt),
    /// It is not indented like the rest of a value.
    Apart,
}

/// Compares a line's indentation with the value column of the entry above.
///
/// PowerShell indents every further line of a value by exactly L + 3 cells, whatever the text says, so text that looks
/// like a label decides nothing there. A blank more is the blank of a word that was broken at the last cell.
fn place(page: &Page<'_>, entry: &Entry, at: usize, blanks: usize) -> Place {
    let line = &page.lines[at];
    let home = &page.lines[entry.line];
    if line.quote != home.quote || !entry.loose.is_empty() {
        return Place::Apart;
    }
    let indent = indent(line, home);
    if indent.has_tab {
        return if blanks == 0 { Place::Doubtful(Doubt::Tabs, Doubt::Tabs) } else { Place::Apart };
    }
    let column = entry.value_column();
    if indent.cells < column {
        return Place::Apart;
    }
    let exact = indent.cells <= column + 1;
    match (exact, blanks, line.label().is_some()) {
        (true, _, _) | (false, _, false) => Place::Continues(cut(&line.text, indent.from, column)),
        (false, 1.., true) => Place::Apart,
        (false, 0, true) => Place::Doubtful(Doubt::Below(at), Doubt::Itself),
    }
}

/// The indentation of a line below the label of `home`.
struct Indent {
    /// Where the line goes on behind what stands before the label of `home` too.
    from: usize,
    cells: usize,
    has_tab: bool,
}

fn indent(line: &Line<'_>, home: &Line<'_>) -> Indent {
    let prefix = &home.text[home.lead..home.body];
    let text = &line.text[line.lead..];
    let (from, rest) = match text.strip_prefix(prefix) {
        Some(rest) => (line.lead + prefix.len(), rest),
        None => without_cells(&line.text, line.lead, cells(prefix)),
    };
    let blanks = &rest[..leading(rest)];
    Indent { from, cells: cells(blanks), has_tab: blanks.contains('\t') }
}

fn without_cells(text: &str, from: usize, count: usize) -> (usize, &str) {
    let at = cut(text, from, count);
    (at, &text[at..])
}

/// The offset behind the first `count` cells of blanks from `from` on.
fn cut(text: &str, from: usize, count: usize) -> usize {
    let mut at = from;
    let mut left = count;
    for character in text[from..].chars().take_while(|it| is_blank(*it) && *it != '\t') {
        if left == 0 {
            break;
        }
        at += character.len_utf8();
        left = left.saturating_sub(cells(character.encode_utf8(&mut [0; 4])));
    }
    at
}
