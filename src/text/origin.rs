//! Origins: how a file is fetched, and what is kept of it when its text is let go.

use std::fmt;

use xxhash_rust::xxh3::xxh3_64;

use super::decode::{Decoded, Encoding};
use super::seam::Seam;

/// Gets a file, each time it is asked for.
pub struct Origin(Box<Fetch>);

type Fetch = dyn Fn() -> Result<Decoded, Unread> + Send + Sync;

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
        Origin(Box::new(fetch))
    }

    pub(super) fn fetch(&self) -> Result<Decoded, Unread> {
        (self.0)()
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

    /// A file that could not be read.
    pub(super) fn unread() -> Nature {
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
        Print { length: text.len(), hash: xxh3_64(text.as_bytes()) }
    }

    /// A text as long as the one that is gone, so that its places are places in this one.
    pub(super) fn blank(self) -> String {
        " ".repeat(self.length)
    }
}
