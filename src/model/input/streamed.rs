//! Large registry files, read while they are fetched: no more of them is held at a time than is looked at.

use crate::model::input::{Input, registry};
use crate::read::reg::Wanted;
use crate::read::reg::streamed::{HEADER, Streamed, seam};
use crate::text::pieces::{Pieces, line_ends};
use crate::text::source::Source;
use crate::text::span::SourceId;
use crate::text::stream::{Part, Stream};

/// Reads a registry file part by part; `None` where that does not tell all that reading it at once would tell.
pub(super) fn read(id: SourceId, source: &Source, mut stream: Stream, wanted: &Wanted) -> Option<Input> {
    let mut reading = Reading { streamed: Streamed::new(id, wanted), pieces: Pieces::default(), start: 0, line: 0 };
    let (mut part, mut next) = (String::new(), String::new());
    let mut searched = 0;
    let mut state = stream.next(&mut part).ok()?;
    if !part.starts_with(HEADER) {
        return None;
    }
    loop {
        match state {
            Part::Unclear => return None,
            Part::Last => break,
            Part::More => {}
        }
        let Some(end) = seam(&part, searched) else {
            searched = part.len();
            state = stream.next(&mut part).ok()?;
            continue;
        };
        next.clear();
        next.push_str(&part[end..]);
        part.truncate(end);
        searched = next.len();
        let (fetched, ()) = rayon::join(|| stream.next(&mut next), || reading.take(&part));
        state = fetched.ok()?;
        std::mem::swap(&mut part, &mut next);
    }
    reading.take(&part);
    let Reading { streamed, pieces, .. } = reading;
    source.hold(pieces, &stream);
    let (document, problems) = streamed.finish();
    Some(registry::registry(id, "registry", document, problems))
}

struct Reading<'w> {
    streamed: Streamed<'w>,
    pieces: Pieces,
    /// Where the next part begins, in bytes of the text, and the index of its first line.
    start: usize,
    line: usize,
}

impl Reading<'_> {
    fn take(&mut self, part: &str) {
        let places = self.streamed.take(part, self.start);
        self.pieces.take(part, self.start, self.line, places);
        self.start += part.len();
        self.line += line_ends(part);
    }
}
