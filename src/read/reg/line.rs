//! Lines of a .reg file, and a cursor within one of them.

use std::ops::Range;

/// The characters that count as blanks; regedit knows no others.
pub(super) const BLANKS: [char; 2] = [' ', '\t'];

/// Walks over the lines of a text, always forward.
#[derive(Debug)]
pub(super) struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lines<'t> {
    /// All lines of `text`.
    pub(super) fn new(text: &'t str) -> Lines<'t> {
        Lines { text, at: 0 }
    }

    /// The whole text.
    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// Where the next line begins.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Goes on at the line that begins at `at`.
    pub(super) fn go_on_at(&mut self, at: usize) {
        self.at = at;
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = Cursor<'t>;

    /// The next line. `\r\n`, `\n` and a lone `\r` end a line, also mixed.
    fn next(&mut self) -> Option<Cursor<'t>> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        if start == bytes.len() {
            return None;
        }
        let end = memchr::memchr2(b'\r', b'\n', &bytes[start..]).map_or(bytes.len(), |length| start + length);
        let line_end = match bytes[end..] {
            [b'\r', b'\n', ..] => 2,
            [_, ..] => 1,
            [] => 0,
        };
        self.at = end + line_end;
        Some(Cursor { text: self.text, at: start, end })
    }
}

/// A place in a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
    end: usize,
}

impl<'t> Cursor<'t> {
    /// The empty line at the beginning of `text`.
    pub(super) fn empty(text: &'t str) -> Cursor<'t> {
        Cursor { text, at: 0, end: 0 }
    }

    /// The whole text that the line is a part of.
    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// The offset of the next character in the whole text.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// What is left of the line.
    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..self.end]
    }

    /// The range of what is left of the line, without trailing blanks.
    pub(super) fn rest_range(&self) -> Range<usize> {
        self.at..self.at + self.rest().trim_end_matches(BLANKS).len()
    }

    /// The range of what is left up to the next blank, comma or comment, at least one character.
    pub(super) fn word_range(&self) -> Range<usize> {
        let rest = self.rest();
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let length = rest[first..].find([' ', '\t', ',', ';']).map_or(rest.len(), |length| first + length);
        self.at..self.at + length
    }

    /// The next byte.
    pub(super) fn peek(&self) -> Option<u8> {
        self.rest().bytes().next()
    }

    /// Moves over blanks.
    pub(super) fn skip_blanks(&mut self) {
        self.take_while(|byte| byte == b' ' || byte == b'\t');
    }

    /// Moves over `expected` if it comes next.
    pub(super) fn eat(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    /// Moves over the ASCII characters that are `wanted`, and gives their range.
    pub(super) fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> Range<usize> {
        let start = self.at;
        let length = self.rest().bytes().take_while(|byte| byte.is_ascii() && wanted(*byte)).count();
        self.at += length;
        start..self.at
    }

    /// Moves to `offset`, which lies ahead in the line and on a character.
    pub(super) fn move_to(&mut self, offset: usize) {
        debug_assert!((self.at..=self.end).contains(&offset), "a cursor stays in its line");
        self.at = offset;
    }

    /// The first NUL of what is left. NUL ends the buffer in which regedit holds a line, so a line with one is cut.
    pub(super) fn nul(&self) -> Option<Range<usize>> {
        memchr::memchr(0, self.rest().as_bytes()).map(|found| self.at + found..self.at + found + 1)
    }

    /// Whether nothing is left but blanks, or blanks and a comment; only `;` begins a comment behind data.
    pub(super) fn is_done(&self) -> bool {
        let rest = self.rest().trim_start_matches(BLANKS);
        rest.is_empty() || rest.starts_with(';')
    }
}
