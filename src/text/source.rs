//! Sources: the decoded files of a run, and the only conversion from an offset to a line and a column.

use std::sync::OnceLock;

use super::decode::{Decoded, Encoding};
use super::seam::Seam;
use super::span::{SourceId, Span};

/// A line and a column, both counted from one; a column counts Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Line, from 1. `\r\n`, `\n` and a lone `\r` end a line; nothing else does.
    pub line: u32,
    /// Column, from 1, in Unicode scalar values.
    pub column: u32,
}

/// The bytes of a block, within which characters are counted one by one.
const BLOCK: usize = 4096;

/// One file of the run, decoded.
#[derive(Debug)]
pub struct Source {
    path: String,
    text: String,
    encoding: Encoding,
    damaged: bool,
    seams: Vec<Seam>,
    line_starts: OnceLock<Vec<u32>>,
    /// The characters before each block of [`BLOCK`] bytes: a file may be one line, with many places on it.
    blocks: OnceLock<Vec<u32>>,
}

impl Source {
    /// A source from its path, as reports show it, and its decoded text.
    pub fn new(path: String, decoded: Decoded) -> Source {
        let Decoded { text, encoding, damaged, seams } = decoded;
        Source { path, text, encoding, damaged, seams, line_starts: OnceLock::new(), blocks: OnceLock::new() }
    }

    /// The path relative to the snapshot's root, with `/`; for rule and configuration files the path that was given.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The decoded text, without a byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How the bytes were decoded.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Whether some bytes could not be decoded.
    pub fn is_damaged(&self) -> bool {
        self.damaged
    }

    /// Where the file goes on in another encoding.
    pub fn seams(&self) -> &[Seam] {
        &self.seams
    }

    /// Where each line begins, in bytes of the text.
    pub fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| line_starts(&self.text))
    }

    /// The index, from zero, of the line that holds the byte at `offset`.
    pub fn line_index(&self, offset: u32) -> usize {
        self.line_starts().partition_point(|start| *start <= offset) - 1
    }

    /// The bytes of the line with this index, without its line end.
    pub fn line_range(&self, index: usize) -> std::ops::Range<usize> {
        let starts = self.line_starts();
        let start = starts[index] as usize;
        let end = starts.get(index + 1).map_or(self.text.len(), |next| *next as usize);
        let line = &self.text[start..end];
        start..start + line.trim_end_matches(['\r', '\n']).len()
    }

    /// The characters from `start` to `end`.
    fn characters(&self, start: usize, end: usize) -> u32 {
        let bytes = self.text.as_bytes();
        if end - start <= BLOCK {
            return begun(&bytes[start..end]);
        }
        let blocks = self.blocks.get_or_init(|| {
            let sums = bytes.chunks(BLOCK).scan(0, |sum, block| {
                *sum += begun(block);
                Some(*sum)
            });
            std::iter::once(0).chain(sums).collect()
        });
        let before = |at: usize| blocks[at / BLOCK] + begun(&bytes[at / BLOCK * BLOCK..at]);
        before(end) - before(start)
    }

    /// The place of the byte at `offset`. The only function that makes a [`Place`].
    pub fn place(&self, offset: u32) -> Place {
        let index = self.line_index(offset);
        let start = self.line_starts()[index] as usize;
        let column = self.characters(start, offset as usize);
        Place { line: index as u32 + 1, column: column + 1 }
    }
}

/// How many characters begin among these bytes.
fn begun(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count() as u32
}

fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
            starts.push(at as u32 + 1);
        }
    }
    starts
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

    /// The text of `span`, exactly as it stands in the decoded source.
    pub fn text(&self, span: Span) -> &str {
        &self.get(span.source).text()[span.range()]
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
    fn columns_of_long_lines_count_characters_too() {
        let text = "x\n".to_owned() + &"aüß😀".repeat(2000);
        let it = source(&text);
        for (before, (at, _)) in text[2..].char_indices().enumerate() {
            assert_eq!(it.place(2 + at as u32), Place { line: 2, column: before as u32 + 1 });
        }
        for length in [BLOCK, BLOCK + 1, 2 * BLOCK, 3 * BLOCK - 1] {
            let it = source(&"x".repeat(length));
            assert_eq!(it.place(length as u32), Place { line: 1, column: length as u32 + 1 });
        }
    }

    #[test]
    fn the_end_of_the_text_has_a_place() {
        assert_eq!(source("ab\n").place(3), Place { line: 2, column: 1 });
        assert_eq!(source("").place(0), Place { line: 1, column: 1 });
    }
}
