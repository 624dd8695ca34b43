//! Large registry files, read while they are fetched: no more of them is held at a time than is looked at.

use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

use crate::model::input::{Input, registry};
use crate::read::reg::Wanted;
use crate::read::reg::streamed::{HEADER, Streamed, seam};
use crate::text::pieces::{Pieces, line_ends};
use crate::text::source::Source;
use crate::text::span::SourceId;
use crate::text::stream::{Part, Stream};

/// How many parts may wait to be read: enough for whoever fetches them not to wait for the reader at each.
const WAITING: usize = 2;

/// Reads a registry file part by part; `None` where that does not tell all that reading it at once would tell.
pub(super) fn read(id: SourceId, source: &Source, stream: Stream, wanted: &Wanted) -> Option<Input> {
    let mut reading = Reading { streamed: Streamed::new(id, wanted), pieces: Pieces::default(), start: 0, line: 0 };
    let (parts, fetched) = mpsc::sync_channel(WAITING);
    let (used, buffers) = mpsc::channel();
    let stream = thread::scope(|scope| {
        // Without another thread the file is read at once.
        let fetching = thread::Builder::new().spawn_scoped(scope, move || fetch(stream, &parts, &buffers)).ok()?;
        for part in fetched {
            reading.take(&part);
            // Whoever fetches may be done with buffers.
            let _ = used.send(part);
        }
        fetching.join().ok().flatten()
    })?;
    let Reading { streamed, pieces, .. } = reading;
    source.hold(pieces, &stream);
    let (document, problems) = streamed.finish();
    Some(registry::registry(id, "registry", document, problems))
}

/// Hands over the parts of a file, divided where a reader can begin, into buffers that were used before if there are any.
/// Gives the stream back once all of it was handed over; `None` if it cannot be read part by part.
fn fetch(mut stream: Stream, parts: &SyncSender<String>, used: &Receiver<String>) -> Option<Stream> {
    let mut part = String::new();
    let mut state = stream.next(&mut part).ok()?;
    if !part.starts_with(HEADER) {
        return None;
    }
    let mut searched = 0;
    loop {
        match state {
            Part::Unclear => return None,
            Part::Last => break,
            Part::More => {}
        }
        if let Some(end) = seam(&part, searched) {
            let mut next = used.try_recv().unwrap_or_default();
            next.clear();
            next.push_str(&part[end..]);
            part.truncate(end);
            parts.send(std::mem::replace(&mut part, next)).ok()?;
        }
        searched = part.len();
        state = stream.next(&mut part).ok()?;
    }
    parts.send(part).ok()?;
    Some(stream)
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
