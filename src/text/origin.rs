//! Origins: how a file is fetched, and what is kept of it when its text is let go.

use std::fmt;

use xxhash_rust::xxh3::xxh3_64;

use super::decode::{Decoded, Encoding};
use super::seam::Seam;
use super::stream::Stream;

/// Gets a file, each time it is asked for.
pub struct Origin {
    fetch: Box<Fetch>,
    begin: Option<Box<Begin>>,
}

type Fetch = dyn Fn() -> Result<Decoded, Unread> + Send + Sync;
type Begin = dyn Fn() -> Result<Fetched, Unread> + Send + Sync;

/// A file, or the beginning of it.
pub enum Fetched {
    /// All of it.
    Whole(Decoded),
    /// It is large, and comes part by part.
    Parts(Stream),
}

/// Why a file could not be read.
#[derive(Debug, Clone)]
pub struct Unread {
    /// Whether it is too large.
    pub is_too_large: bool,
    /// What happened, in a clause.
    pub message: String,
}

impl Origin {
    /// An origin that calls this function.
    pub fn new(fetch: impl Fn() -> Result<Decoded, Unread> + Send + Sync + 'static) -> Origin {
        Origin { fetch: Box::new(fetch), begin: None }
    }

    /// The same, of a file that may be large: `begin` gives it part by part, if it is.
    #[must_use]
    pub fn with_parts(self, begin: impl Fn() -> Result<Fetched, Unread> + Send + Sync + 'static) -> Origin {
        Origin { begin: Some(Box::new(begin)), ..self }
    }

    pub(super) fn fetch(&self) -> Result<Decoded, Unread> {
        (self.fetch)()
    }

    pub(super) fn begin(&self) -> Result<Fetched, Unread> {
        self.begin.as_ref().map_or_else(|| self.fetch().map(Fetched::Whole), |begin| begin())
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Origin")
    }
}

/// What is to be known of a file without its text.
#[derive(Debug)]
pub(super) struct Nature {
    pub(super) encoding: Encoding,
    pub(super) damaged: bool,
    pub(super) seams: Vec<Seam>,
}

impl Nature {
    /// What a file is like, beside its text.
    pub(super) fn of(decoded: Decoded) -> (Nature, String) {
        let Decoded { text, encoding, damaged, seams } = decoded;
        (Nature { encoding, damaged, seams }, text)
    }

    /// A file that was read part by part.
    pub(super) fn streamed() -> Nature {
        Nature { encoding: Encoding::Utf16LeBom, ..Nature::plain() }
    }

    /// A text in UTF-8 with nothing to be said of it; a file that could not be read is taken as one.
    pub(super) fn plain() -> Nature {
        Nature { encoding: Encoding::Utf8, damaged: false, seams: Vec::new() }
    }
}

/// By what a text is known again: places in one text mean nothing in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Print {
    length: usize,
    hash: u64,
}

impl Print {
    pub(super) fn of(text: &str) -> Print {
        Print::new(text.len(), xxh3_64(text.as_bytes()))
    }

    pub(super) fn new(length: usize, hash: u64) -> Print {
        Print { length, hash }
    }

    /// A text as long as the one that is gone, so that its places are places in this one.
    pub(super) fn blank(self) -> String {
        " ".repeat(self.length)
    }
}
