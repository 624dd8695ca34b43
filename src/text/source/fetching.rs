//! Fetching: the text of a file for as long as it is read, and what of it is held for places in it.

use std::borrow::Cow;
use std::ops::{Deref, Range};
use std::sync::atomic::Ordering;

use super::Source;
use crate::text::decode::Decoded;
use crate::text::origin::{Fetched, Nature, Origin, Print, Unread};
use crate::text::pieces::Pieces;
use crate::text::stream::Stream;

impl Source {
    /// The file for as long as it is read: nothing but what it is like is held afterwards, unless it is in memory anyway.
    ///
    /// # Errors
    /// If it cannot be read; it is empty then.
    pub fn open(&self) -> Result<Opened<'_>, Unread> {
        match self.unheld() {
            Some(origin) => self.opened(origin.fetch()),
            None => Ok(Opened::Held(self)),
        }
    }

    /// The same, or the file part by part, if it is large and in UTF-16 with its byte order mark.
    ///
    /// # Errors
    /// If it cannot be read; it is empty then.
    pub fn begin(&self) -> Result<Begun<'_>, Unread> {
        let Some(origin) = self.unheld() else { return Ok(Begun::Whole(Opened::Held(self))) };
        match origin.begin() {
            Ok(Fetched::Parts(stream)) => Ok(Begun::Parts(stream)),
            Ok(Fetched::Whole(decoded)) => self.opened(Ok(decoded)).map(Begun::Whole),
            Err(unread) => self.opened(Err(unread)).map(Begun::Whole),
        }
    }

    /// How to get the file, if it is not held.
    fn unheld(&self) -> Option<&Origin> {
        self.origin.as_ref().filter(|_| self.text.get().is_none())
    }

    fn opened(&self, fetched: Result<Decoded, Unread>) -> Result<Opened<'_>, Unread> {
        match fetched {
            Ok(decoded) => {
                let Decoded { encoding, damaged, ref seams, ref text } = decoded;
                self.recognise(Print::of(text));
                self.nature.get_or_init(|| Nature { encoding, damaged, seams: seams.clone() });
                Ok(Opened::Fetched(Box::new(Source::new(self.path.clone(), decoded))))
            }
            Err(unread) => {
                self.nature.get_or_init(Nature::plain);
                Err(unread)
            }
        }
    }

    /// Whether another file has the same text; nothing of either is held for that.
    ///
    /// Equal hashes prove nothing of files that were made to have them, so that the texts are compared.
    pub fn has_text_of(&self, other: &Source) -> bool {
        let prints = self.print.get().zip(other.print.get());
        if prints.is_some_and(|(one, other)| one != other) {
            return false;
        }
        let (mut one, mut two) = (self.begin(), other.begin());
        if let (Ok(Begun::Parts(one)), Ok(Begun::Parts(two))) = (&mut one, &mut two)
            && one.runs_like(two)
        {
            self.recognise(one.print());
            other.recognise(two.print());
            return true;
        }
        let (one, other) = (self.rest_of(one), other.rest_of(two));
        one.as_ref().map_or("", |it| it.text()) == other.as_ref().map_or("", |it| it.text())
    }

    /// All of a file of which reading has begun, if it can be read.
    fn rest_of<'s>(&'s self, begun: Result<Begun<'s>, Unread>) -> Option<Opened<'s>> {
        match begun.ok()? {
            Begun::Whole(whole) => Some(whole),
            Begun::Parts(_) => self.open().ok(),
        }
    }

    /// Holds what the file is now against what it was when it was read first.
    fn recognise(&self, print: Print) {
        if *self.print.get_or_init(|| print) != print {
            self.has_changed.store(true, Ordering::Relaxed);
        }
    }

    /// Takes in what is held of a file whose stream was read to its end.
    pub fn hold(&self, pieces: Pieces, stream: &Stream) {
        self.recognise(stream.print());
        self.nature.get_or_init(Nature::streamed);
        self.pieces.get_or_init(|| pieces);
    }

    /// Fetches a file that is not held, and holds the lines of these ranges and the lines around them.
    pub(super) fn hold_around(&self, ranges: Vec<Range<usize>>) {
        let is_held = self.origin.is_none() || self.text.get().is_some() || self.pieces.get().is_some();
        if is_held || self.print.get().is_none() {
            return;
        }
        let text = self.fetch();
        if self.has_changed.load(Ordering::Relaxed) {
            self.text.get_or_init(|| Cow::Owned(text));
            return;
        }
        self.pieces.get_or_init(|| {
            let mut pieces = Pieces::default();
            pieces.take(&text, 0, 0, ranges);
            pieces
        });
    }

    /// The text of a file that was not held. If it is not what was read before, no place in it can be trusted.
    pub(super) fn fetch(&self) -> String {
        let Some(origin) = &self.origin else { return String::new() };
        let fetched = origin.fetch().ok().map(Nature::of);
        match (fetched, self.print.get()) {
            (Some((nature, text)), print) if print.is_none_or(|print| *print == Print::of(&text)) => {
                self.nature.get_or_init(|| nature);
                text
            }
            (_, Some(print)) => {
                self.has_changed.store(true, Ordering::Relaxed);
                print.blank()
            }
            (_, None) => String::new(),
        }
    }
}

/// A file of which reading has begun.
pub enum Begun<'s> {
    /// All of it is there.
    Whole(Opened<'s>),
    /// It comes part by part.
    Parts(Stream),
}

/// A file that is being read.
#[derive(Debug)]
pub enum Opened<'s> {
    /// It is in memory anyway.
    Held(&'s Source),
    /// It is in memory for as long as this is.
    Fetched(Box<Source>),
}

impl Deref for Opened<'_> {
    type Target = Source;

    fn deref(&self) -> &Source {
        match self {
            Opened::Held(source) => source,
            Opened::Fetched(source) => source,
        }
    }
}
