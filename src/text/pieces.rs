//! Pieces: what is held of the text of a large file, so that places in it are found without all of it.

use std::ops::Range;

use super::characters::Characters;

/// Some whole lines of a text.
#[derive(Debug)]
pub(super) struct Piece {
    /// Where it begins, in bytes of the text.
    start: usize,
    /// The index of its first line, from zero.
    line: usize,
    text: String,
    /// Where each of its lines begins, in bytes of the text.
    line_starts: Vec<usize>,
    characters: Characters,
}

impl Piece {
    fn new(start: usize, line: usize, text: &str) -> Piece {
        let starts = line_starts(text).into_iter().map(|it| start + it as usize);
        let mut line_starts: Vec<usize> = starts.collect();
        // Behind the last line end comes a line that is no part of it.
        if text.ends_with(['\r', '\n']) {
            line_starts.pop();
        }
        Piece { start, line, text: text.to_owned(), line_starts, characters: Characters::default() }
    }

    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// The part of the text that it holds.
    pub(super) fn slice(&self, range: Range<usize>) -> &str {
        &self.text[range.start - self.start..range.end - self.start]
    }

    /// How many characters there are in a part of the text that it holds.
    pub(super) fn characters(&self, range: Range<usize>) -> u32 {
        self.characters.between(&self.text, range.start - self.start, range.end - self.start)
    }

    /// The index of the line that holds a byte.
    pub(super) fn line_index(&self, offset: usize) -> usize {
        self.line + self.line_starts.partition_point(|start| *start <= offset) - 1
    }

    /// The bytes of a line, without its line end.
    pub(super) fn line_range(&self, index: usize) -> Range<usize> {
        let start = self.line_starts[index - self.line];
        let end = self.line_starts.get(index - self.line + 1).map_or(self.end(), |next| *next);
        start..start + self.slice(start..end).trim_end_matches(['\r', '\n']).len()
    }
}

/// The pieces of a text, in order.
#[derive(Debug, Default)]
pub struct Pieces(Vec<Piece>);

/// How many lines around each place are held.
const AROUND: usize = 3;

impl Pieces {
    /// Takes in the lines of these ranges of a part of the text, with the lines around them. The part begins with a line:
    /// at `start`, with the index `line`. Ranges and parts come in their order.
    pub fn take(&mut self, part: &str, start: usize, line: usize, mut ranges: Vec<Range<usize>>) {
        ranges.sort_by_key(|range| range.start);
        let mut lines = Lines { part, at: 0, line };
        let mut wanted: Option<Range<usize>> = None;
        let mut found = Vec::new();
        // Behind places before the end of a line nothing is wanted that is not wanted behind the last of them, so that a
        // long line is not searched again for each place in it.
        let mut searched = 0;
        for range in ranges {
            let (from, to) = (range.start - start, range.end - start);
            if to < searched {
                continue;
            }
            searched = line_end(part, to);
            let (is_near, end) = (wanted.as_ref().is_some_and(|last| from <= last.end), behind(part, to));
            let from = if is_near { from } else { before(part, from) };
            match &mut wanted {
                Some(last) if from <= last.end => last.end = last.end.max(end),
                last => found.extend(last.replace(from..end)),
            }
        }
        for range in found.into_iter().chain(wanted) {
            let index = lines.index_of(range.start);
            self.0.push(Piece::new(start + range.start, index, &part[range]));
        }
    }

    /// How many bytes of text there are in all pieces.
    pub(super) fn held(&self) -> usize {
        self.0.iter().map(|piece| piece.text.len()).sum()
    }

    /// The piece that holds a range. The end of a piece is the beginning of a line that it does not hold.
    pub(super) fn holding(&self, range: Range<usize>) -> Option<&Piece> {
        let at = self.0.partition_point(|piece| piece.start <= range.start).checked_sub(1)?;
        self.0.get(at).filter(|piece| range.start < piece.end() && range.end <= piece.end())
    }

    /// The piece that holds the line with this index.
    pub(super) fn with_line(&self, index: usize) -> Option<&Piece> {
        let at = self.0.partition_point(|piece| piece.line <= index).checked_sub(1)?;
        self.0.get(at).filter(|piece| index < piece.line + piece.line_starts.len())
    }
}

/// Counts lines from one place to the next.
struct Lines<'p> {
    part: &'p str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn index_of(&mut self, at: usize) -> usize {
        self.line += line_ends(&self.part[self.at..at]);
        self.at = at;
        self.line
    }
}

/// How many lines end in a text: `\r\n`, `\n` and a lone `\r` end one. The text does not end between `\r` and `\n`.
pub fn line_ends(text: &str) -> usize {
    // So many at a time that their count fits into a byte, which lets many bytes be looked at in one instruction.
    const MANY: usize = 192;
    let bytes = text.as_bytes();
    let Some((last, _)) = bytes.split_last() else { return 0 };
    let ends =
        |(here, next): (&u8, &u8)| u8::from(*here == b'\n') | (u8::from(*here == b'\r') & u8::from(*next != b'\n'));
    let pairs = bytes.chunks(MANY).zip(bytes[1..].chunks(MANY));
    let counts = pairs.map(|(here, next)| here.iter().zip(next).fold(0_u8, |count, pair| count + ends(pair)));
    counts.map(usize::from).sum::<usize>() + usize::from(ends((last, &0)))
}

/// Where each line of a text begins, in bytes.
pub(super) fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
            starts.push(at as u32 + 1);
        }
    }
    starts
}

/// Where the lines begin that are held before a place.
fn before(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut start = at;
    for _ in 0..=AROUND {
        start = memchr::memrchr(b'\n', &bytes[..start.saturating_sub(1)]).map_or(0, |found| found + 1);
    }
    start
}

/// Where the line ends that holds a place, with its line end.
fn line_end(text: &str, at: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |found| at + found + 1)
}

/// Where the lines end that are held behind a place.
fn behind(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut end = at;
    for _ in 0..=AROUND {
        end = memchr::memchr(b'\n', &bytes[end..]).map_or(bytes.len(), |found| end + found + 1);
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::decode::decode;
    use crate::text::source::Source;

    #[test]
    fn places_in_pieces_are_those_of_the_whole() {
        let lines = (0..400).map(|it| format!("{}ü line {it}\r\n", if it % 7 == 0 { "\n" } else { "" }));
        let text = lines.collect::<Vec<_>>().concat();
        let whole = Source::new("a".to_owned(), decode(text.clone().into_bytes()));
        let mut pieces = Pieces::default();
        let middle = text[..text.len() / 2].rfind('\n').map_or(0, |it| it + 1);
        let spans: Vec<Range<usize>> = ["line 3\r", "line 5\r", "line 150\r", "line 300\r", "line 399\r"]
            .iter()
            .map(|it| text.find(it).unwrap())
            .map(|it| it..it + 5)
            .collect();
        let (first, second): (Vec<_>, Vec<_>) = spans.iter().cloned().partition(|it| it.start < middle);
        pieces.take(&text[..middle], 0, 0, first);
        pieces.take(&text[middle..], middle, line_ends(&text[..middle]), second);
        assert!(pieces.0.len() == 4 && pieces.0.iter().map(|it| it.text.len()).sum::<usize>() < 700);
        for span in spans {
            let piece = pieces.holding(span.clone()).unwrap();
            let index = piece.line_index(span.start);
            assert_eq!(index, whole.line_index(span.start as u32));
            for near in index.saturating_sub(AROUND)..=(index + AROUND).min(whole.line_starts().len() - 2) {
                let piece = pieces.with_line(near).unwrap();
                assert_eq!(piece.line_range(near), whole.line_range(near));
                assert_eq!(piece.slice(piece.line_range(near)), &text[whole.line_range(near)]);
            }
        }
        assert!(pieces.holding(text.find("line 200").unwrap()..text.find("line 201").unwrap()).is_none());
        assert!(pieces.with_line(120).is_none());
    }

    #[test]
    fn a_long_line_is_one_piece_whatever_stands_in_it() {
        let line = "üx ".repeat(5_000);
        let text = format!("first\r\n{line}\r\nlast\r\n");
        let inner = |at: usize| 7 + at * 4..7 + at * 4 + 3;
        let mut ranges: Vec<Range<usize>> = (0..5_000).map(inner).collect();
        ranges.push(7..7 + line.len());
        let mut pieces = Pieces::default();
        pieces.take(&text, 0, 0, ranges);
        assert_eq!((pieces.0.len(), pieces.held()), (1, text.len()));
        for at in (0..5_000).step_by(7) {
            let piece = pieces.holding(inner(at)).unwrap();
            assert_eq!(piece.characters(7..inner(at).start) as usize, text[7..inner(at).start].chars().count());
        }
    }
}
