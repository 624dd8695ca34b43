//! Characters: how many of them stand before a place, without walking over a long line again for each place in it.

use std::sync::OnceLock;

/// From how many bytes on a line is long, so that it is not walked again for each place in it.
pub(super) const STEP: usize = 4096;

/// How many characters of a text stand before every multiple of [`STEP`] bytes, once somebody has asked.
#[derive(Debug, Default)]
pub(super) struct Characters(OnceLock<Vec<u32>>);

impl Characters {
    /// How many characters of the text stand between two of its bytes; the same text is meant each time.
    pub(super) fn between(&self, text: &str, start: usize, end: usize) -> u32 {
        if end - start < STEP {
            return count(&text.as_bytes()[start..end]);
        }
        self.before(text, end) - self.before(text, start)
    }

    fn before(&self, text: &str, offset: usize) -> u32 {
        let bytes = text.as_bytes();
        let before = self.0.get_or_init(|| {
            let mut sum = 0;
            let counted = bytes.chunks(STEP).map(|chunk| {
                sum += count(chunk);
                sum
            });
            std::iter::once(0).chain(counted).collect()
        });
        before[offset / STEP] + count(&bytes[offset / STEP * STEP..offset])
    }
}

/// How many characters begin in these bytes of UTF-8.
fn count(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|it| **it & 0xc0 != 0x80).count() as u32
}
