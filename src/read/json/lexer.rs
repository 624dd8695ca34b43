//! The words of JSON: where each ends, and what is wrong with one that ends badly.

use std::ops::Range;

/// What is wrong, and where.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) range: Range<usize>,
    pub(super) message: String,
}

impl Fault {
    pub(super) fn new(range: Range<usize>, message: impl Into<String>) -> Fault {
        Fault { range, message: message.into() }
    }
}

/// What stands between quotes: where it ends, with its closing quote, and whether something in it is escaped.
#[derive(Debug)]
pub(super) struct Quoted {
    pub(super) end: usize,
    pub(super) escaped: bool,
}

/// Reads a text from its opening quote on.
pub(super) fn quoted(text: &str, start: usize) -> Result<Quoted, Fault> {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    let mut escaped = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return Ok(Quoted { end: at + 1, escaped }),
            b'\\' => {
                escaped = true;
                at += escape(text, at)?;
            }
            b'\n' | b'\r' => {
                let message = "the line ends inside this text, as it does in JSON that was copied from a console";
                return Err(Fault::new(start..at, message));
            }
            0..=0x1f => {
                let message = "a control character stands in a text, which ConvertTo-Json writes as an escape";
                return Err(Fault::new(at..at + 1, message));
            }
            _ => at += 1,
        }
    }
    Err(Fault::new(start..start + 1, "the file ends inside this text"))
}

/// The length of an escape.
fn escape(text: &str, at: usize) -> Result<usize, Fault> {
    let bytes = text.as_bytes();
    let behind = text[at + 1..].chars().next().map_or(0, char::len_utf8);
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(2),
        Some(b'u') if bytes.get(at + 2..at + 6).is_some_and(|it| it.iter().all(u8::is_ascii_hexdigit)) => Ok(6),
        Some(b'\n' | b'\r') => {
            Err(Fault::new(at..at + 1, "the line ends inside an escape, as it does in JSON copied from a console"))
        }
        _ => Err(Fault::new(at..at + 1 + behind, "this is no escape of JSON")),
    }
}

/// Where a number or a name such as `true` ends.
pub(super) fn word_end(text: &str, start: usize) -> usize {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_');
    start + text.as_bytes()[start..].iter().take_while(|byte| is_part(byte)).count()
}

/// Whether a word is a number as JSON writes it.
pub(super) fn is_number(word: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let unsigned = word.strip_prefix('-').unwrap_or(word);
    let whole = digits(unsigned);
    if whole == 0 || (whole > 1 && unsigned.starts_with('0')) {
        return false;
    }
    let mut rest = &unsigned[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = &fraction[length..];
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}

/// Where the comment at `start` ends; `None` if none begins there.
pub(super) fn comment(text: &str, start: usize) -> Result<Option<usize>, Fault> {
    let rest = &text[start..];
    if let Some(body) = rest.strip_prefix("//") {
        return Ok(Some(start + 2 + body.find(['\n', '\r']).unwrap_or(body.len())));
    }
    match rest.strip_prefix("/*").map(|body| body.find("*/")) {
        Some(Some(length)) => Ok(Some(start + 2 + length + 2)),
        Some(None) => Err(Fault::new(start..start + 2, "the file ends inside this comment")),
        None => Ok(None),
    }
}

/// The first place from `at` on that is no white space of JSON.
pub(super) fn skip_blanks(text: &str, at: usize) -> usize {
    at + text.as_bytes()[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count()
}
