//! Sources: the decoded files of a run, and the only conversion from an offset to a line and a column.

mod fetching;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;

pub use self::fetching::{Begun, Opened};
use super::characters::{Characters, STEP};
use super::decode::{Decoded, Encoding};
use super::origin::{Nature, Origin, Print};
use super::pieces::{Piece, Pieces, line_starts};
use super::seam::Seam;
use super::secret;
use super::span::{SourceId, Span};

/// A line and a column, both counted from one; a column counts Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Line, from 1. `\r\n`, `\n` and a lone `\r` end a line; nothing else does.
    pub line: u32,
    /// Column, from 1, in Unicode scalar values.
    pub column: u32,
}

/// One file of the run, decoded.
///
/// The text of a file that can be fetched is held from when somebody asks for a place in it: most files have no finding.
#[derive(Debug)]
pub struct Source {
    path: String,
    text: OnceLock<Cow<'static, str>>,
    nature: OnceLock<Nature>,
    /// How to get the file, if it is not held from the beginning.
    origin: Option<Origin>,
    /// What is held of the text of a large file.
    pieces: OnceLock<Pieces>,
    /// What the text was when it was read.
    print: OnceLock<Print>,
    /// Whether it was found to be another one later.
    has_changed: AtomicBool,
    is_outside: bool,
    line_starts: OnceLock<Vec<u32>>,
    characters: Characters,
    /// The secrets of long lines, by line; XML written as one line is asked for once for each of its values.
    secrets: Mutex<BTreeMap<usize, Arc<[Range<usize>]>>>,
}

impl Source {
    /// A source from its path, as reports show it, and its decoded text.
    pub fn new(path: String, decoded: Decoded) -> Source {
        let (nature, text) = Nature::of(decoded);
        Source { text: OnceLock::from(Cow::Owned(text)), nature: nature.into(), ..Source::empty(path, None) }
    }

    /// A file that is fetched when it is asked for.
    pub fn fetched(path: String, origin: Origin) -> Source {
        Source::empty(path, Some(origin))
    }

    fn empty(path: String, origin: Option<Origin>) -> Source {
        Source {
            path,
            text: OnceLock::new(),
            nature: OnceLock::new(),
            origin,
            pieces: OnceLock::new(),
            print: OnceLock::new(),
            has_changed: AtomicBool::new(false),
            is_outside: false,
            line_starts: OnceLock::new(),
            characters: Characters::default(),
            secrets: Mutex::default(),
        }
    }

    fn piece(&self, range: Range<usize>) -> Option<&Piece> {
        self.pieces.get().filter(|_| self.text.get().is_none())?.holding(range)
    }

    fn piece_with_line(&self, index: usize) -> Option<&Piece> {
        self.pieces.get().filter(|_| self.text.get().is_none())?.with_line(index)
    }

    /// A part of the text.
    pub fn slice(&self, range: Range<usize>) -> &str {
        match self.piece(range.clone()) {
            Some(piece) => piece.slice(range),
            None => &self.text()[range],
        }
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.pieces.get().is_none() && self.text().is_empty()
    }

    fn nature(&self) -> &Nature {
        self.nature.get().unwrap_or_else(|| {
            self.text();
            self.nature.get_or_init(Nature::plain)
        })
    }

    /// A source that is no part of the snapshot: a rule, a configuration, an estate file that was named.
    pub fn outside(path: String, decoded: Decoded) -> Source {
        Source { is_outside: true, ..Source::new(path, decoded) }
    }

    /// The same, of a text that is a part of the program.
    pub fn built_in(path: String, text: &'static str) -> Source {
        let nature = Nature::plain();
        Source {
            is_outside: true,
            text: OnceLock::from(Cow::Borrowed(text)),
            nature: nature.into(),
            ..Source::empty(path, None)
        }
    }

    /// Whether it is no part of the snapshot, so that its path is the one that was given.
    pub fn is_outside(&self) -> bool {
        self.is_outside
    }

    /// The path relative to the snapshot's root, with `/`; for rule and configuration files the path that was given.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The decoded text, without a byte order mark.
    pub fn text(&self) -> &str {
        self.text.get_or_init(|| Cow::Owned(self.fetch()))
    }

    /// How many bytes of text are held.
    pub fn held(&self) -> usize {
        self.text.get().map_or(0, |it| it.len()) + self.pieces.get().map_or(0, Pieces::held)
    }

    /// How the bytes were decoded.
    pub fn encoding(&self) -> Encoding {
        self.nature().encoding
    }

    /// Whether some bytes could not be decoded.
    pub fn is_damaged(&self) -> bool {
        self.nature().damaged
    }

    /// Where the file goes on in another encoding.
    pub fn seams(&self) -> &[Seam] {
        &self.nature().seams
    }

    /// Where each line begins, in bytes of the text.
    pub fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| line_starts(self.text()))
    }

    /// The index, from zero, of the line that holds the byte at `offset`.
    pub fn line_index(&self, offset: u32) -> usize {
        if let Some(piece) = self.piece(offset as usize..offset as usize) {
            return piece.line_index(offset as usize);
        }
        self.line_starts().partition_point(|start| *start <= offset) - 1
    }

    /// The bytes of the line with this index, without its line end.
    pub fn line_range(&self, index: usize) -> Range<usize> {
        if let Some(piece) = self.piece_with_line(index) {
            return piece.line_range(index);
        }
        let starts = self.line_starts();
        let start = starts[index] as usize;
        let end = starts.get(index + 1).map_or(self.text().len(), |next| *next as usize);
        let line = &self.text()[start..end];
        start..start + line.trim_end_matches(['\r', '\n']).len()
    }

    /// The place of the byte at `offset`. The only function that makes a [`Place`].
    pub fn place(&self, offset: u32) -> Place {
        let index = self.line_index(offset);
        let start = self.line_range(index).start;
        let offset = offset as usize;
        let column = match self.piece(start..offset) {
            Some(piece) => piece.characters(start..offset),
            None => self.characters.between(self.text(), start, offset),
        };
        Place { line: index as u32 + 1, column: column + 1 }
    }

    /// The parts of a line that are secret, as ranges of the text.
    pub fn secrets(&self, line: usize) -> Arc<[Range<usize>]> {
        let range = self.line_range(line);
        let find = || {
            let ranges = secret::ranges(self.slice(range.clone())).into_iter();
            ranges.map(|it| range.start + it.start..range.start + it.end).collect()
        };
        if range.len() < STEP {
            return find();
        }
        let mut known = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(line).or_insert_with(find))
    }
}

/// All sources of a run, in the order in which they were taken in: the snapshot by path, then rules and configuration.
#[derive(Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Takes in a source and names it.
    pub fn add(&mut self, source: Source) -> SourceId {
        self.0.push(source);
        SourceId(self.0.len() as u32 - 1)
    }

    /// The source that `id` names.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.0[id.0 as usize]
    }

    /// Holds what the places of these spans take, file by file: no text of a whole file is held for them.
    pub fn hold(&self, spans: impl IntoIterator<Item = Span>) {
        let mut ranges: BTreeMap<SourceId, Vec<Range<usize>>> = BTreeMap::new();
        for span in spans {
            ranges.entry(span.source).or_default().push(span.range());
        }
        let ranges: Vec<_> = ranges.into_iter().collect();
        ranges.into_par_iter().for_each(|(id, ranges)| self.get(id).hold_around(ranges));
    }

    /// The text of `span`, exactly as it stands in the decoded source.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.source).slice(span.range())
    }

    /// The paths of the files that were read twice and were not the same: nothing that is said of them can be trusted.
    pub fn changed(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|it| it.has_changed.load(Ordering::Relaxed)).map(Source::path)
    }

    /// Every source with its name.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.0.iter().enumerate().map(|(index, source)| (SourceId(index as u32), source))
    }

    /// How many sources there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::decode::decode;

    fn source(text: &str) -> Source {
        Source::new("a.txt".to_owned(), decode(text.as_bytes().to_vec()))
    }

    #[test]
    fn all_line_ends_count_once() {
        let it = source("a\r\nb\nc\rd\r\r\ne");
        let lines: Vec<&str> = (0..it.line_starts().len()).map(|index| &it.text()[it.line_range(index)]).collect();
        assert_eq!(lines, ["a", "b", "c", "d", "", "e"]);
    }

    #[test]
    fn columns_count_characters() {
        let it = source("x\nüß😀z");
        let at = it.text().find('z').unwrap() as u32;
        assert_eq!(it.place(at), Place { line: 2, column: 4 });
        assert_eq!(it.place(0), Place { line: 1, column: 1 });
    }

    #[test]
    fn columns_of_long_lines_are_the_same() {
        let text = format!("x\n{}z\n{}y", "aé😀".repeat(2000), "b".repeat(STEP - 1));
        let it = source(&text);
        for (at, _) in text.char_indices().filter(|(at, _)| at % 97 < 3) {
            let line = text[..at].rfind('\n').map_or(0, |it| it + 1);
            assert_eq!(it.place(at as u32).column as usize, text[line..at].chars().count() + 1);
        }
    }

    #[test]
    fn secrets_of_a_line_are_places_in_the_text() {
        for filling in [0, STEP] {
            let text = format!("x\n{} password=\"geheim\" y\n", "a".repeat(filling));
            let it = source(&text);
            for _ in 0..2 {
                assert_eq!(it.secrets(1).iter().map(|it| &text[it.clone()]).collect::<Vec<_>>(), ["geheim"]);
            }
            assert!(it.secrets(0).is_empty());
        }
    }

    #[test]
    fn the_end_of_the_text_has_a_place() {
        assert_eq!(source("ab\n").place(3), Place { line: 2, column: 1 });
        assert_eq!(source("").place(0), Place { line: 1, column: 1 });
    }
}
