//! Groups: entries that stand together, whether or not blank lines were put between them.

use std::collections::BTreeSet;

use crate::read::format_list::cells::cells;
use crate::read::format_list::geometry::{Geometry, last_text};
use crate::read::format_list::line::{Line, Page};
use crate::read::format_list::part::{Doubt, Entry, Part, PartKind};

/// Puts entries together that no boundary divides.
///
/// PowerShell prints a blank line behind each object and none inside. Mail programs and forums put one behind every
/// line; people put one anywhere. Prose ends a group.
pub(super) fn groups(page: &Page<'_>, parts: Vec<Part>) -> Vec<Vec<Entry>> {
    let spacings = double_spacing(page, &parts);
    let chunks = chunks(page, &parts);
    let mut groups: Vec<Group> = Vec::new();
    for ((part, spacing), chunk) in parts.into_iter().zip(spacings).zip(chunks) {
        let open = groups.last_mut().filter(|group| group.is_open);
        match part.kind {
            PartKind::Entry(entry) => match open {
                Some(group) if group.fits(page, &entry, part.blanks, spacing, chunk.as_ref()) => {
                    group.push(page, entry, spacing);
                }
                _ => groups.push(Group::of(page, entry, spacing)),
            },
            PartKind::Prose(lines) => open.into_iter().for_each(|group| group.add_prose(&lines, spacing)),
        }
    }
    groups.into_iter().map(|group| group.entries).collect()
}

/// What the blank lines before a part are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spacing {
    /// They divide.
    Meant,
    /// This many were put behind every line of a run of parts.
    Put(usize),
    /// The same, and the part may or may not be the rest of the value above.
    Doubtful,
}

/// Entries put together so far.
#[derive(Default)]
struct Group {
    is_open: bool,
    entries: Vec<Entry>,
    shape: Columns,
    /// The names of the entries, in lower case.
    names: BTreeSet<String>,
    /// What the blank lines before the last entry are.
    spacing: Option<Spacing>,
}

impl Group {
    fn of(page: &Page<'_>, entry: Entry, spacing: Spacing) -> Group {
        let mut group = Group { is_open: true, ..Group::default() };
        group.push(page, entry, spacing);
        group
    }

    /// Takes in lines that may be the rest of the last value; other prose ends the group.
    fn add_prose(&mut self, lines: &[usize], spacing: Spacing) {
        self.is_open = matches!(spacing, Spacing::Put(_));
        let Some(last) = self.entries.last_mut() else { return };
        match spacing {
            Spacing::Put(_) => last.loose.extend(lines),
            Spacing::Doubtful => last.doubt = last.doubt.or(lines.first().map(|line| Doubt::Below(*line))),
            Spacing::Meant => {}
        }
    }

    fn push(&mut self, page: &Page<'_>, mut entry: Entry, spacing: Spacing) {
        match (spacing, entry.deep) {
            (Spacing::Put(gap), _) => entry.pieces.iter_mut().for_each(|piece| piece.remove_gap(gap)),
            (_, Some(line)) => entry.doubt = entry.doubt.or(Some(Doubt::Below(line))),
            (_, None) => {}
        }
        self.spacing = Some(spacing);
        self.shape.add(page, &entry, self.entries.is_empty());
        self.names.insert(entry.name(page).to_ascii_lowercase());
        self.entries.push(entry);
    }

    /// Whether an entry belongs to this group, `blanks` lines below its last.
    fn fits(&self, page: &Page<'_>, entry: &Entry, blanks: usize, spacing: Spacing, chunk: Option<&Chunk<'_>>) -> bool {
        let Some(last) = self.entries.last() else { return true };
        let (above, below) = (&page.lines[last.line], &page.lines[entry.line]);
        if above.quote != below.quote || above.bullet != below.bullet {
            return false;
        }
        match blanks {
            0 => true,
            _ if lead_cells(above) != lead_cells(below) => false,
            _ if spacing == Spacing::Put(blanks) && self.spacing == Some(spacing) => true,
            1 => chunk.is_some_and(|chunk| self.is_torn_from(chunk)),
            _ => false,
        }
    }

    /// Whether a blank line was put between this group and the chunk below it.
    ///
    /// PowerShell pads labels to the longest of the object. Where labels are padded to a length that none of them has,
    /// the longest stands elsewhere.
    fn is_torn_from(&self, chunk: &Chunk<'_>) -> bool {
        let same = self.shape.column.is_some() && self.shape == Columns { longest: self.shape.longest, ..chunk.shape };
        if !same || (self.shape.is_complete() && chunk.shape.is_complete()) {
            return false;
        }
        chunk.names.iter().all(|name| !self.names.contains(&name.to_ascii_lowercase()))
    }
}

/// How the labels of some entries are padded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Columns {
    /// The cells before the labels.
    lead: usize,
    /// The cells from each label to its colon, where they are the same for all.
    column: Option<usize>,
    /// The longest label.
    longest: usize,
}

impl Columns {
    fn add(&mut self, page: &Page<'_>, entry: &Entry, is_first: bool) {
        let lead = lead_cells(&page.lines[entry.line]);
        let column = (!entry.label.tight).then_some(entry.column);
        if is_first {
            *self = Columns { lead, column, longest: 0 };
        }
        self.column = self.column.filter(|_| column == self.column && lead == self.lead);
        self.longest = self.longest.max(entry.label.name.len());
    }

    fn is_complete(&self) -> bool {
        self.column.is_none_or(|column| self.longest + 1 >= column)
    }
}

/// The cells of indentation and bullet.
fn lead_cells(line: &Line<'_>) -> usize {
    cells(&line.text[line.lead..line.body])
}

/// Entries without a blank line between them.
struct Chunk<'p> {
    shape: Columns,
    names: Vec<&'p str>,
}

/// The chunk that begins at each part one blank line below another; `None` elsewhere.
fn chunks<'p>(page: &'p Page<'_>, parts: &[Part]) -> Vec<Option<Chunk<'p>>> {
    let chunk = |at: usize| {
        let mut chunk = Chunk { shape: Columns::default(), names: Vec::new() };
        let joined = parts[at + 1..].iter().take_while(|part| part.blanks == 0);
        for entry in parts[at..=at].iter().chain(joined).map_while(Part::entry) {
            chunk.shape.add(page, entry, chunk.names.is_empty());
            chunk.names.push(entry.name(page));
        }
        chunk
    };
    (0..parts.len()).map(|at| (at > 0 && parts[at].blanks == 1).then(|| chunk(at))).collect()
}

/// What the blank lines before each part are.
///
/// Three labels in a row with blank lines on both sides are no objects: whoever asks for one property has its name in
/// each, and repeated names divide objects anyway. Two are none where blank lines stand inside the values too.
fn double_spacing(page: &Page<'_>, parts: &[Part]) -> Vec<Spacing> {
    let mut spacings = vec![Spacing::Meant; parts.len()];
    let mut start = 0;
    while start < parts.len() {
        let end = run_end(page, parts, start);
        let run = &parts[start..end];
        let entries = || run.iter().filter_map(Part::entry);
        let mut rest = entries().flat_map(|entry| &entry.pieces[1..]).peekable();
        let is_spaced_inside = rest.peek().is_some() && rest.all(|piece| piece.blanks > 0);
        if entries().count() >= if is_spaced_inside { 2 } else { 3 } {
            mark_run(page, run, &mut spacings[start..end]);
        }
        start = end.max(start + 1);
    }
    spacings
}

/// The end of the run of parts that stand alone between blank lines, equally indented.
fn run_end(page: &Page<'_>, parts: &[Part], start: usize) -> usize {
    let mut lead = None;
    let mut end = start;
    while let Some(part) = parts.get(end) {
        let is_alone = (end == 0 || part.blanks > 0) && parts.get(end + 1).is_none_or(|next| next.blanks > 0);
        let own = part.entry().map(|entry| lead_cells(&page.lines[entry.line]));
        if !is_alone || (own.is_some() && lead.is_some() && own != lead) {
            break;
        }
        lead = own.or(lead);
        end += 1;
    }
    end
}

fn mark_run(page: &Page<'_>, run: &[Part], spacings: &mut [Spacing]) {
    let geometry = Geometry::of(page, &run.iter().filter_map(Part::entry));
    let Some(gap) = run[1..].iter().map(|part| part.blanks).min() else { return };
    let first = run.iter().find_map(Part::entry).map(|entry| entry.name(page));
    let mut above: Option<&str> = None;
    let names_below = names_below(page, run);
    for (at, part) in run.iter().enumerate().skip_while(|(_, part)| part.entry().is_none()) {
        spacings[at] = match &part.kind {
            PartKind::Entry(entry) => {
                above = Some(last_text(page, entry));
                Spacing::Put(gap)
            }
            PartKind::Prose(lines) => {
                let text = |line: usize| page.lines[line].content();
                let last = above;
                for line in lines {
                    above = above.filter(|above| geometry.may_break(above, text(*line))).map(|_| text(*line));
                }
                let is_inside =
                    names_below[at].is_some_and(|next| first.is_some_and(|first| !first.eq_ignore_ascii_case(next)));
                let is_full = last.is_some_and(|last| geometry.may_break_at_any_width(last, text(lines[0])));
                match above {
                    Some(_) if part.blanks == gap => Spacing::Put(gap),
                    None if part.blanks == gap && is_inside && is_full => Spacing::Doubtful,
                    _ => Spacing::Meant,
                }
            }
        };
    }
}

/// For each part the name of the next entry below it.
fn names_below<'p>(page: &'p Page<'_>, run: &[Part]) -> Vec<Option<&'p str>> {
    let mut names = vec![None; run.len()];
    let mut next = None;
    for (name, part) in names.iter_mut().zip(run).rev() {
        *name = next;
        next = part.entry().map(|entry| entry.name(page)).or(next);
    }
    names
}
