//! Bytes to text: UTF-8 stays what it is, seams lie where characters meet, and every offset has its line and column.
#![no_main]

use libfuzzer_sys::fuzz_target;
use owalint::text::decode::decode;
use owalint_fuzz::source;

fuzz_target!(|bytes: &[u8]| {
    let decoded = decode(bytes.to_vec());
    let is_plain = !bytes.contains(&0) && !bytes.starts_with(b"\xff\xfe") && !bytes.starts_with(b"\xfe\xff");
    if let (true, Ok(text)) = (is_plain, std::str::from_utf8(bytes)) {
        assert_eq!(decoded.text, text.strip_prefix('\u{feff}').unwrap_or(text));
        assert!(!decoded.damaged);
    }
    let mut last = 0;
    for seam in &decoded.seams {
        assert!(seam.at >= last && decoded.text.is_char_boundary(seam.at) && seam.byte <= bytes.len());
        last = seam.at;
    }
    check_lines(bytes);
});

/// Counts lines and columns by hand.
fn check_lines(bytes: &[u8]) {
    let source = source(bytes);
    let text = source.text();
    let (mut line, mut column) = (1, 1);
    let mut before = None;
    for (at, character) in text.char_indices().chain([(text.len(), ' ')]) {
        if before == Some('\n') || (before == Some('\r') && character != '\n') || (before == Some('\r') && at == text.len()) {
            (line, column) = (line + 1, 1);
        }
        let place = source.place(at as u32);
        assert_eq!((place.line, place.column), (line, column), "at byte {at}");
        column += 1;
        before = Some(character);
    }
    assert_eq!(source.line_starts().len(), line as usize);
    for index in 0..source.line_starts().len().min(1000) {
        assert!(!text[source.line_range(index)].contains(['\r', '\n']));
        for secret in source.secrets(index).iter() {
            assert!(text.get(secret.clone()).is_some());
        }
    }
}
