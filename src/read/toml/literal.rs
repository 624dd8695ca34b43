//! The literals of TOML: where the text between the quotes is the text that they stand for.

// The build script has this file too, so it uses nothing else of the crate.
use std::ops::Range;

/// The bytes between the quotes of a literal, or all of a bare key, if what was decoded is exactly what stands there.
pub(super) fn verbatim(text: &str, literal: Range<usize>, decoded: &str) -> Option<Range<usize>> {
    let raw = &text[literal.clone()];
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|it| raw.starts_with(it) && raw.len() >= 2 * it.len());
    let quote = quote.map_or(0, str::len);
    let mut inner = literal.start + quote..literal.end - quote;
    if quote == 3 {
        // A line end directly behind the opening quotes does not belong to the text.
        let within = &text[inner.clone()];
        inner.start += if within.starts_with("\r\n") { 2 } else { usize::from(within.starts_with('\n')) };
    }
    (text[inner.clone()] == *decoded).then_some(inner)
}
