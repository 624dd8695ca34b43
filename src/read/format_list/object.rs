//! Objects: groups of entries divided where a property name repeats, and lines of doubtful belonging settled.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::read::format_list::cells::{leading, trim};
use crate::read::format_list::geometry::{Geometry, last_text, piece_text, uniform_column};
use crate::read::format_list::group::groups;
use crate::read::format_list::line::{Page, Shape, is_url};
use crate::read::format_list::part::{Doubt, Entry, Piece, PieceKind, parts};

/// An object whose values are not joined yet.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) entries: Vec<Entry>,
    /// The prompt line above, and the command on it.
    pub(super) prompt: Option<(usize, Range<usize>)>,
    /// The heading of the group that the object belongs to.
    pub(super) group: Option<usize>,
    /// The first entry that gives a property another value than one above it.
    pub(super) twice: Option<usize>,
}

/// Properties that virtual directories and servers have and other text hardly mentions.
const TELLING: &[&str] = &[
    "InternalUrl",
    "ExternalUrl",
    "MetabasePath",
    "OwaVersion",
    "RunspaceId",
    "DistinguishedName",
    "AdminDisplayVersion",
    "ObjectClass",
    "ObjectCategory",
    "OriginatingServer",
    "WebSite",
    "Identity",
    "Fqdn",
];

impl Draft {
    /// Whether this is an object that somebody may ask about, and no other text with colons.
    pub(super) fn is_telling(&self, page: &Page<'_>) -> bool {
        self.entries.iter().any(|entry| is_one_of(entry.name(page), TELLING))
    }

    /// One label alone is prose such as `Note: …`, unless it is a URL that somebody asked for.
    fn is_object(&self, page: &Page<'_>) -> bool {
        self.entries.len() > 1 || self.entries.iter().any(|entry| is_url(entry.name(page)))
    }
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|it| it.eq_ignore_ascii_case(name))
}

/// The objects of a page.
pub(super) fn drafts(page: &Page<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let mut prompt = None;
    let mut group = None;
    let mut start = 0;
    let ends = (0..page.lines.len()).filter(|at| is_end(&page.lines[*at].shape));
    for end in ends.chain([page.lines.len()]) {
        for entries in groups(page, parts(page, start..end)) {
            let objects = divide(page, entries, prompt.as_ref()).into_iter().filter(|it| it.is_object(page));
            drafts.extend(objects.map(|draft| Draft { group, ..draft }));
        }
        match page.lines.get(end).map(|line| &line.shape) {
            Some(Shape::Prompt(command)) => {
                prompt = (!command.is_empty()).then(|| (end, command.clone()));
                group = None;
            }
            Some(Shape::Group(_)) => group = Some(end),
            _ => {}
        }
        start = end + 1;
    }
    drafts
}

fn is_end(shape: &Shape) -> bool {
    !matches!(shape, Shape::Blank | Shape::Label(_) | Shape::Other | Shape::Elision)
}

/// Divides a group into objects and settles what its lines are.
fn divide(page: &Page<'_>, mut group: Vec<Entry>, prompt: Option<&(usize, Range<usize>)>) -> Vec<Draft> {
    let rest = split_headers(page, &mut group);
    let mut objects = Vec::new();
    for mut entries in [group, rest] {
        doubt_tight_labels(page, &mut entries);
        objects.extend(split_at_repeated_names(page, entries));
    }
    for object in &mut objects {
        object.prompt = prompt.cloned();
        settle_loose_lines(page, &mut object.entries);
        settle_indentation(page, &mut object.entries);
    }
    objects
}

/// Splits off the object below HTTP headers: `Server: Microsoft-IIS/8.5` is none of its properties.
fn split_headers(page: &Page<'_>, group: &mut Vec<Entry>) -> Vec<Entry> {
    let headers = group.iter().take_while(|entry| entry.label.tight).count();
    let is_product = |entry: &Entry| is_one_of(entry.name(page), &["Server"]) && last_text(page, entry).contains('/');
    let is_split = headers < group.len() && group[..headers].iter().any(is_product);
    if is_split { group.split_off(headers) } else { Vec::new() }
}

/// Doubts `Word: text` among `Label : value` lines, where it may be the rest of a value that lost its indentation.
fn doubt_tight_labels(page: &Page<'_>, entries: &mut [Entry]) {
    let tight = entries.iter().filter(|entry| entry.label.tight).count();
    if tight == 0 || tight * 2 >= entries.len() {
        return;
    }
    let geometry = Geometry::of(page, &entries.iter());
    for at in 1..entries.len() {
        let line = entries[at].line;
        let may_go_on = geometry.may_break(last_text(page, &entries[at - 1]), page.lines[line].content());
        if entries[at].label.tight && entries[at - 1].loose.is_empty() && may_go_on {
            doubt(&mut entries[at - 1], Doubt::Below(line));
            doubt(&mut entries[at], Doubt::Itself);
        }
    }
}

/// How many lines a value may have. The longest that PowerShell prints has some thousands on a narrow console.
pub(super) const MAX_LINES: usize = 20_000;

/// Doubts values that have more lines than are read.
pub(super) fn doubt_long_values(drafts: &mut [Draft]) {
    let entries = drafts.iter_mut().flat_map(|draft| &mut draft.entries);
    entries.filter(|entry| entry.pieces.len() > MAX_LINES).for_each(|entry| doubt(entry, Doubt::Long));
}

fn doubt(entry: &mut Entry, why: Doubt) {
    entry.doubt = entry.doubt.or(Some(why));
}

/// Divides entries where the first name of an object comes again.
///
/// A command prints the same properties for each of its objects. Two wildcards that match the same property
/// (`fl *url*,*auth*`) print it twice with the same value; any other repetition leaves open where the next object
/// begins, so neither value is taken.
fn split_at_repeated_names(page: &Page<'_>, entries: Vec<Entry>) -> Vec<Draft> {
    let names: Vec<String> = entries.iter().map(|entry| entry.name(page).to_ascii_lowercase()).collect();
    let mut objects = Vec::new();
    let mut object = Draft::default();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut start = 0;
    let mut column = None;
    for (at, mut entry) in entries.into_iter().enumerate() {
        let is_doubtful = entry.doubt == Some(Doubt::Itself);
        if let Some(first) = seen.get(names[at].as_str()).copied() {
            if is_doubtful {
                continue;
            }
            let same = same_value(page, &object.entries[first], &entry);
            let again = first == 0 && at > start + 1 && names.get(at + 1) == names.get(start + 1);
            if (first == 0 && !same) || again || (!same && column.is_some_and(|column| column != entry.column)) {
                objects.push(std::mem::take(&mut object));
                seen.clear();
                start = at;
            } else if !same {
                object.twice = object.twice.or(Some(object.entries.len()));
                doubt(&mut object.entries[first], Doubt::Twice);
                doubt(&mut entry, Doubt::Twice);
            }
        }
        seen.entry(names[at].as_str()).or_insert(object.entries.len());
        // PowerShell aligns the labels of an object, so another column means another object.
        column = if object.entries.is_empty() { Some(entry.column) } else { column }
            .filter(|column| !entry.label.tight && *column == entry.column);
        object.entries.push(entry);
    }
    objects.push(object);
    objects
}

fn same_value(page: &Page<'_>, one: &Entry, other: &Entry) -> bool {
    one.pieces.len() == other.pieces.len()
        && one.pieces.iter().zip(&other.pieces).all(|(one, other)| piece_text(page, *one) == piece_text(page, *other))
}

/// Decides of lines without indentation whether they go on with the value above.
///
/// Such a line is the rest of a value where the line above is full and the next line is a label of the same object.
/// Where neither holds it is prose; where one does it cannot be told.
fn settle_loose_lines(page: &Page<'_>, entries: &mut [Entry]) {
    if entries.iter().all(|entry| entry.loose.is_empty()) {
        return;
    }
    let geometry = Geometry::of(page, &entries.iter());
    let last = entries.len() - 1;
    let mut is_unindented = false;
    for (at, entry) in entries.iter_mut().enumerate() {
        let loose = std::mem::take(&mut entry.loose);
        if loose.is_empty() {
            continue;
        }
        let fits = is_broken_at(page, &geometry, entry, &loose);
        if fits && (at < last || is_unindented) {
            is_unindented = true;
            let home = entry.line;
            entry.pieces.extend(loose.iter().map(|line| Piece::unindented(page, home, *line)));
        } else if fits || at < last {
            doubt(entry, Doubt::Below(loose[0]));
        }
    }
    if is_unindented {
        doubt_labels_out_of_line(page, &geometry, entries);
    }
}

/// Whether each of the lines can have been broken off the one above it.
fn is_broken_at(page: &Page<'_>, geometry: &Geometry, entry: &Entry, loose: &[usize]) -> bool {
    let mut above = last_text(page, entry);
    loose.iter().all(|line| {
        let text = trim(page.lines[*line].content());
        let fits = geometry.may_break(above, text);
        above = text;
        fits
    })
}

/// Finds the value column by the indentation of values where labels are out of line: their padding was changed, and the
/// lines below were not.
fn settle_indentation(page: &Page<'_>, entries: &mut [Entry]) {
    if uniform_column(entries.iter()).is_some() {
        return;
    }
    let start = |piece: &Piece| piece.from + leading(&page.lines[piece.line].text[piece.from..]);
    let mut indented: Vec<&mut Piece> = entries.iter_mut().flat_map(|entry| &mut entry.pieces).collect();
    indented.retain(|piece| piece.kind == PieceKind::Indented);
    let column = indented.iter().map(|piece| start(piece)).min();
    for piece in indented {
        let text = &page.lines[piece.line].text;
        piece.from = column.filter(|column| text.is_char_boundary(*column)).unwrap_or_else(|| start(piece));
    }
}

/// Doubts labels that stand out of line where values have lost their indentation: each may be the rest of a value too.
fn doubt_labels_out_of_line(page: &Page<'_>, geometry: &Geometry, entries: &mut [Entry]) {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for entry in entries.iter() {
        *counts.entry(entry.column).or_default() += 1;
    }
    let Some((&column, &count)) = counts.iter().max_by_key(|(_, count)| **count) else { return };
    if count * 3 < entries.len() * 2 {
        return;
    }
    for at in 1..entries.len() {
        let line = entries[at].line;
        let may_go_on = geometry.may_break(last_text(page, &entries[at - 1]), page.lines[line].content());
        if entries[at].column != column && may_go_on {
            doubt(&mut entries[at - 1], Doubt::Below(line));
            doubt(&mut entries[at], Doubt::Itself);
        }
    }
}
