//! Streams: a large file in UTF-16, decoded part by part.

use std::io::{self, Read};

use memchr::memchr;
use xxhash_rust::xxh3::Xxh3;

use super::decode::{Decoded, Encoding, append_utf16le};
use super::origin::Print;

/// The bytes of a large file, one after the other.
pub struct Stream {
    bytes: Box<dyn Read + Send>,
    /// How many bytes a part is made of, at least.
    size: usize,
    raw: Vec<u8>,
    /// The beginning of a character that the last part ended in.
    left: usize,
    /// What the text is known again by; `None` where nobody asks for it.
    hash: Option<Box<Xxh3>>,
    length: usize,
}

/// What a part of a file is.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    /// More text, with more to come.
    More,
    /// The last text.
    Last,
    /// It cannot be told part by part what the file holds: another encoding may begin here, or characters that mean
    /// nothing.
    Unclear,
}

/// How many bytes of a large file make a part: few enough for a cache of the processor.
pub const SIZE: usize = 1 << 19;

/// How many bytes are read in one go: few enough for the nearest caches.
const READ: usize = 1 << 16;

/// The byte order mark of UTF-16, little endian.
pub const MARK: [u8; 2] = [0xff, 0xfe];

impl Stream {
    /// A stream of a file, if it begins with the byte order mark of UTF-16, little endian; a part is made of `size` bytes,
    /// at least four.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn open(mut bytes: Box<dyn Read + Send>, size: usize) -> io::Result<Option<Stream>> {
        let mut mark = [0; 2];
        let read = bytes.read_exact(&mut mark);
        match read {
            Ok(()) if mark == MARK => {
                let (raw, hash) = (vec![0; size.clamp(4, READ)], Some(Box::new(Xxh3::new())));
                Ok(Some(Stream { bytes, size, raw, left: 0, hash, length: 0 }))
            }
            Ok(()) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The stream of a file whose head was read, with the byte order mark, to be taken as a whole; a part is as long as
    /// the head.
    pub fn behind(head: &[u8], bytes: Box<dyn Read + Send>) -> Stream {
        let mut raw = head.get(MARK.len()..).unwrap_or_default().to_vec();
        let left = raw.len();
        raw.resize(left.max(4), 0);
        Stream { bytes, size: raw.len(), raw, left, hash: None, length: 0 }
    }

    /// Appends the next part of the text.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn next(&mut self, text: &mut String) -> io::Result<Part> {
        let mut taken = 0;
        while taken < self.size {
            let filled = self.fill()?;
            let is_last = filled < self.raw.len();
            let before = text.len();
            let Some(used) = append_utf16le(text, &self.raw[..filled]) else { return Ok(Part::Unclear) };
            taken += used;
            self.left = filled - used;
            self.raw.copy_within(used..filled, 0);
            let new = &text.as_bytes()[before..];
            if let Some(hash) = &mut self.hash {
                hash.update(new);
            }
            self.length += new.len();
            let is_clear = memchr(0, new).is_none() && u32::try_from(self.length).is_ok();
            if !is_clear || (is_last && self.left > 0) {
                return Ok(Part::Unclear);
            }
            if is_last {
                return Ok(Part::Last);
            }
        }
        Ok(Part::More)
    }

    /// Reads until there is no room or nothing more, and gives how much there is.
    fn fill(&mut self) -> io::Result<usize> {
        let mut filled = self.left;
        while filled < self.raw.len() {
            match self.bytes.read(&mut self.raw[filled..]) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    /// The whole file of about this many bytes, if all of it is clear: what decoding it at once would give.
    pub fn whole(mut self, size: usize) -> Option<Decoded> {
        // Whoever takes the whole text works that out of it.
        self.hash = None;
        let mut text = String::with_capacity(size / 2);
        loop {
            match self.next(&mut text).ok()? {
                Part::More => {}
                Part::Unclear => return None,
                Part::Last => {
                    return Some(Decoded { text, encoding: Encoding::Utf16LeBom, damaged: false, seams: Vec::new() });
                }
            }
        }
    }

    /// Whether both give the same text to their ends, and all of it is clear.
    pub(super) fn runs_like(&mut self, other: &mut Stream) -> bool {
        let (mut text, mut other_text) = (String::new(), String::new());
        loop {
            text.clear();
            other_text.clear();
            match (self.next(&mut text), other.next(&mut other_text)) {
                (Ok(Part::More), Ok(Part::More)) if text == other_text => {}
                (Ok(Part::Last), Ok(Part::Last)) => return text == other_text,
                _ => return false,
            }
        }
    }

    /// By what the whole text is known again, once the last part was read.
    pub(super) fn print(&self) -> Print {
        Print::new(self.length, self.hash.as_ref().map_or(0, |it| it.digest()))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;
    use crate::text::decode::decode;

    proptest! {
        #[test]
        fn a_whole_stream_is_what_decoding_at_once_gives(
            pieces in proptest::collection::vec(
                prop_oneof![
                    "[ -~\r\n]{0,90}".prop_map(|it| it.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()),
                    "\\PC{0,20}".prop_map(|it| it.encode_utf16().flat_map(u16::to_le_bytes).collect()),
                    "[ -~\r\n]{0,90}".prop_map(String::into_bytes),
                    Just(b"\xfe\xff".to_vec()),
                    proptest::collection::vec(any::<u8>(), 0..3),
                ],
                0..6,
            ),
            size in 4_usize..200,
        ) {
            let bytes = [MARK.to_vec(), pieces.concat()].concat();
            let stream = Stream::open(Box::new(Cursor::new(bytes.clone())), size).unwrap();
            let (head, rest) = bytes.split_at(size.min(bytes.len()).max(MARK.len()));
            let behind = Stream::behind(head, Box::new(Cursor::new(rest.to_vec())));
            for stream in stream.into_iter().chain([behind]) {
                let Some(whole) = stream.whole(bytes.len()) else { continue };
                let Decoded { text, encoding, damaged, seams } = decode(bytes.clone());
                prop_assert_eq!((whole.text, whole.encoding, whole.damaged), (text, encoding, damaged));
                prop_assert!(whole.seams.is_empty() && seams.is_empty());
            }
        }

        #[test]
        fn plain_utf_16_is_clear(text in "[ -~äöü\r\n]{0,400}", size in 4_usize..200) {
            let bytes: Vec<u8> = ["\u{feff}", &text].concat().encode_utf16().flat_map(u16::to_le_bytes).collect();
            let stream = Stream::open(Box::new(Cursor::new(bytes)), size).unwrap().unwrap();
            prop_assert_eq!(stream.whole(0).map(|it| it.text), Some(text));
        }
    }
}
