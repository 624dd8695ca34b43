//! Excerpts: the lines of a source that a finding points at, made fit for a terminal, for codespan to draw.
//!
//! Only lines that are labelled, and those between two of them, are held. Hostile characters are spelt out, and of a
//! long line a window around its labels is shown; line and column numbers stay those of the file.

use std::collections::BTreeMap;
use std::ops::Range;

use codespan_reporting::files::{Error, Files};

use crate::render::link::Linker;
use crate::text::secret;
use crate::text::show::{is_hostile, push_visible};
use crate::text::source::{Source, Sources};
use crate::text::span::{SourceId, Span};

/// The length from which a line is shown in a window, in characters, where no terminal sets a limit.
const LONG: usize = 240;

/// The least length that a terminal can ask for.
const SHORT: usize = 60;

/// How many characters of the beginning of a long line are shown: the name of a property stands there.
const HEAD: usize = 14;

/// What stands for a part that is left out.
const GAP: &str = " … ";

/// How many cells the marks of what is left out may take.
const GAPS: usize = 12;

/// How many characters beside a label are shown of a long line, on each side, at least and at most.
const LEAST_MARGIN: usize = 10;
const MOST_MARGIN: usize = 60;

/// How many cells stand before a line: its number and a rule.
const BEFORE: usize = 8;

/// How many lines of a label over several lines are held, at its start and at its end.
const LINES_OF_LABEL: usize = 8;

/// The excerpts of one finding, by source.
#[derive(Debug)]
pub struct Excerpts<'s> {
    sources: &'s Sources,
    by_source: BTreeMap<SourceId, Excerpt>,
    linker: Linker<'s>,
}

#[derive(Debug, Default)]
struct Excerpt {
    text: String,
    lines: BTreeMap<usize, Line>,
}

/// One line of a source as it is shown.
#[derive(Debug)]
struct Line {
    /// Where it stands in the excerpt's text.
    shown: Range<usize>,
    /// For each shown character: its offset in the source and in the excerpt.
    offsets: Vec<(usize, usize)>,
}

/// The lines of a span with their numbers, made fit to be shown; nothing where the span's file has no text.
pub fn numbered_lines(sources: &Sources, span: Span) -> String {
    let lines = marked_lines(sources, span);
    let width = lines.last().map_or(1, |last| last.number.to_string().len());
    let line = |it: &MarkedLine| format!("{:>width$} │ {}{}{}\n", it.number, it.before, it.marked, it.after);
    lines.iter().map(line).collect()
}

/// One line that a span touches: its number, and its text before, in and behind the span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkedLine {
    /// The number of the line, from 1.
    pub number: usize,
    /// The text before the span.
    pub before: String,
    /// The text of the span in this line.
    pub marked: String,
    /// The text behind it.
    pub after: String,
}

/// The lines of a span, made fit to be shown, with the span marked; nothing where the span's file has no text.
pub fn marked_lines(sources: &Sources, span: Span) -> Vec<MarkedLine> {
    let source = sources.get(span.source);
    if source.is_empty() {
        return Vec::new();
    }
    let excerpt = Excerpt::new(source, &[span], LONG);
    let start = excerpt.shown_at(source, span.start as usize);
    let end = excerpt.shown_at(source, span.end as usize).max(start);
    let line = |(index, line): (&usize, &Line)| {
        let text = line.shown.start..line.shown.end - 1;
        let (from, to) = (start.clamp(text.start, text.end), end.clamp(text.start, text.end));
        let piece = |range: Range<usize>| excerpt.text[range].to_owned();
        MarkedLine {
            number: index + 1,
            before: piece(text.start..from),
            marked: piece(from..to),
            after: piece(to..text.end),
        }
    };
    excerpt.lines.iter().map(line).collect()
}

impl<'s> Excerpts<'s> {
    /// The excerpts that hold these spans, for a terminal of this many cells if there is one.
    pub fn new(sources: &'s Sources, spans: &[Span], width: Option<usize>) -> Excerpts<'s> {
        let mut wanted: BTreeMap<SourceId, Vec<Span>> = BTreeMap::new();
        for span in spans {
            wanted.entry(span.source).or_default().push(*span);
        }
        let room = width.map_or(LONG, |width| width.saturating_sub(BEFORE).clamp(SHORT, LONG));
        let by_source =
            wanted.into_iter().map(|(id, spans)| (id, Excerpt::new(sources.get(id), &spans, room))).collect();
        Excerpts { sources, by_source, linker: Linker::default() }
    }

    /// These excerpts, with the names of their files linked.
    #[must_use]
    pub fn linked(self, linker: Linker<'s>) -> Excerpts<'s> {
        Excerpts { linker, ..self }
    }

    /// The range of a span in the excerpt of its source.
    pub fn range(&self, span: Span) -> Range<usize> {
        let source = self.sources.get(span.source);
        let Some(excerpt) = self.by_source.get(&span.source) else { return 0..0 };
        let start = excerpt.shown_at(source, span.start as usize);
        let end = excerpt.shown_at(source, span.end as usize).max(start);
        start..end
    }

    fn excerpt(&self, id: SourceId) -> Result<&Excerpt, Error> {
        self.by_source.get(&id).ok_or(Error::FileMissing)
    }
}

impl Excerpt {
    fn new(source: &Source, spans: &[Span], room: usize) -> Excerpt {
        let mut excerpt = Excerpt::default();
        for index in lines_of(source, spans) {
            excerpt.add(source, index, spans, room);
        }
        excerpt
    }

    /// Takes in a line; of a long one the windows around its labels.
    fn add(&mut self, source: &Source, index: usize, spans: &[Span], room: usize) {
        let range = source.line_range(index);
        let start = self.text.len();
        let mut offsets = Vec::new();
        let secrets = source.secrets(index);
        let mut shown_to = range.start;
        for window in windows(source, range.clone(), spans, room) {
            let from = window.start.max(shown_to);
            if from > shown_to {
                self.text.push_str(GAP);
            }
            for (at, character) in source.slice(from..window.end.max(from)).char_indices() {
                offsets.push((from + at, self.text.len()));
                self.push(character, secret::hides(&secrets, from + at));
            }
            shown_to = window.end.max(from);
        }
        if shown_to < range.end {
            self.text.push_str(GAP);
        }
        offsets.push((range.end, self.text.len()));
        self.text.push('\n');
        self.lines.insert(index, Line { shown: start..self.text.len(), offsets });
    }

    fn push(&mut self, character: char, is_hidden: bool) {
        if is_hidden {
            self.text.push(secret::MASK);
        } else if character == '\t' {
            self.text.push(' ');
        } else if is_hostile(character) {
            push_visible(&mut self.text, character);
        } else {
            self.text.push(character);
        }
    }

    /// Where a byte of the source stands in the excerpt; behind the line's text for its line end.
    fn shown_at(&self, source: &Source, offset: usize) -> usize {
        let index = source.line_index(offset as u32);
        let line = self.lines.get(&index).or_else(|| self.lines.range(..=index).next_back().map(|(_, line)| line));
        let Some(line) = line else { return 0 };
        let at = line.offsets.partition_point(|(from, _)| *from < offset);
        line.offsets.get(at).or(line.offsets.last()).map_or(line.shown.start, |(_, to)| *to)
    }

    /// Where a byte of the excerpt stands in the source.
    fn source_offset(&self, index: usize, shown: usize) -> Option<usize> {
        let line = self.lines.get(&index)?;
        let at = line.offsets.partition_point(|(_, to)| *to < shown);
        line.offsets.get(at).or(line.offsets.last()).map(|(from, _)| *from)
    }
}

/// The lines to hold: those of each label, and the ones between labels that lie close together.
fn lines_of(source: &Source, spans: &[Span]) -> Vec<usize> {
    let mut lines = std::collections::BTreeSet::new();
    for span in spans {
        let (first, last) = (source.line_index(span.start), source.line_index(span.end));
        lines.extend(first..=last.min(first + LINES_OF_LABEL));
        lines.extend(last.saturating_sub(LINES_OF_LABEL).max(first)..=last);
    }
    let labelled: Vec<usize> = lines.iter().copied().collect();
    for pair in labelled.windows(2) {
        if pair[1] - pair[0] <= 3 {
            lines.extend(pair[0]..pair[1]);
        }
    }
    lines.into_iter().collect()
}

/// The parts of a line that are shown, by where they begin: all of a short one; of a long one its beginning and what
/// stands around labels. They may overlap.
fn windows(source: &Source, line: Range<usize>, spans: &[Span], room: usize) -> Vec<Range<usize>> {
    // A character has four bytes at most, so that only lines near the limit are counted.
    if line.len() <= room || (line.len() <= 4 * room && source.slice(line.clone()).chars().count() <= room) {
        return vec![line];
    }
    let is_inside = |range: &Range<usize>| range.start <= line.end && range.end >= line.start;
    let inside: Vec<Range<usize>> = spans.iter().map(|span| span.range()).filter(is_inside).collect();
    let margin = (room.saturating_sub(HEAD + GAPS) / (2 * inside.len().max(1))).clamp(LEAST_MARGIN, MOST_MARGIN);
    let mut windows = Vec::with_capacity(1 + inside.len());
    windows.push(line.start..forth(source, line.start, line.end, HEAD));
    for range in inside {
        let (start, end) = (range.start.clamp(line.start, line.end), range.end.clamp(line.start, line.end));
        let before = back(source, line.start, start, margin);
        let after = forth(source, end, line.end, margin);
        if end - start > room {
            windows.push(before..forth(source, start, line.end, margin));
            windows.push(back(source, line.start, end, margin)..after);
        } else {
            windows.push(before..after);
        }
    }
    windows.sort_by_key(|window| window.start);
    windows
}

fn back(source: &Source, floor: usize, from: usize, count: usize) -> usize {
    source.slice(floor..from).char_indices().rev().nth(count).map_or(floor, |(at, _)| floor + at)
}

fn forth(source: &Source, from: usize, ceiling: usize, count: usize) -> usize {
    source.slice(from..ceiling).char_indices().nth(count).map_or(ceiling, |(at, _)| from + at)
}

impl<'f> Files<'f> for Excerpts<'_> {
    type FileId = SourceId;
    type Name = String;
    type Source = &'f str;

    fn name(&'f self, id: SourceId) -> Result<String, Error> {
        Ok(self.linker.source(self.sources.get(id)))
    }

    fn source(&'f self, id: SourceId) -> Result<&'f str, Error> {
        Ok(&self.excerpt(id)?.text)
    }

    fn line_index(&'f self, id: SourceId, byte: usize) -> Result<usize, Error> {
        let excerpt = self.excerpt(id)?;
        let line = excerpt.lines.iter().find(|(_, line)| line.shown.contains(&byte)).or(excerpt.lines.last_key_value());
        line.map(|(index, _)| *index).ok_or(Error::FileMissing)
    }

    fn line_range(&'f self, id: SourceId, index: usize) -> Result<Range<usize>, Error> {
        let excerpt = self.excerpt(id)?;
        let max = excerpt.lines.last_key_value().map_or(0, |(index, _)| *index);
        excerpt.lines.get(&index).map(|line| line.shown.clone()).ok_or(Error::LineTooLarge { given: index, max })
    }

    fn line_number(&'f self, _: SourceId, index: usize) -> Result<usize, Error> {
        Ok(index + 1)
    }

    fn column_number(&'f self, id: SourceId, index: usize, byte: usize) -> Result<usize, Error> {
        let offset = self.excerpt(id)?.source_offset(index, byte).ok_or(Error::FileMissing)?;
        Ok(self.sources.get(id).place(offset as u32).column as usize)
    }
}
