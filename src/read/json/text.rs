//! Texts of JSON: what stands between quotes, with its escapes undone.

use crate::read::json::tree::{Kind, Tree};
use crate::text::scalar::Scalar;
use crate::text::span::Span;

/// The text of a key, a text or a number, verbatim where nothing in it is escaped; and where half of a surrogate pair
/// stands alone in it, which no text can hold.
pub(super) fn scalar<'t>(tree: &Tree<'t>, node: usize) -> (Scalar<'t>, Option<Span>) {
    let span = tree.span(node);
    let between_quotes = || span.range().start + 1..span.range().end - 1;
    match tree.kind(node) {
        Kind::Text { escaped: false } | Kind::Key { escaped: false } => {
            (Scalar::slice(tree.source, tree.text, between_quotes()), None)
        }
        Kind::Text { escaped: true } | Kind::Key { escaped: true } => {
            let inner = between_quotes();
            let (text, lone) = unescaped(&tree.text[inner.clone()]);
            let place = Span::new(tree.source, inner.start, inner.end);
            let lone = lone.map(|at| Span::new(tree.source, inner.start + at, inner.start + at + UNIT));
            (Scalar::rewritten(text, place), lone)
        }
        Kind::Truth(truth) => (Scalar::rewritten(if truth { "True" } else { "False" }, span), None),
        Kind::Null | Kind::Number | Kind::List | Kind::Record => {
            (Scalar::slice(tree.source, tree.text, span.range()), None)
        }
    }
}

/// How long an escape such as `\u003c` is.
const UNIT: usize = 6;

/// Undoes escapes, which the lexer has checked; gives the place of the first half of a pair without the other.
fn unescaped(text: &str) -> (String, Option<usize>) {
    let mut plain = String::with_capacity(text.len());
    let mut lone = None;
    let mut at = 0;
    while let Some(length) = text[at..].find('\\') {
        plain.push_str(&text[at..at + length]);
        at += length;
        let behind = text.as_bytes().get(at + 1).copied().unwrap_or(b'\\');
        let Some(unit) = (behind == b'u').then(|| unit(text, at)).flatten() else {
            plain.push(plain_escape(behind));
            at += 2;
            continue;
        };
        let low = unit_escape(text, at + UNIT).filter(|_| (0xd800..0xdc00).contains(&unit));
        let pair = low.map_or(vec![unit], |low| vec![unit, low]);
        let decoded = char::decode_utf16(pair.iter().copied()).next();
        match decoded {
            Some(Ok(character)) => {
                plain.push(character);
                at += UNIT * character.len_utf16();
            }
            _ => {
                lone = lone.or(Some(at));
                plain.push(char::REPLACEMENT_CHARACTER);
                at += UNIT;
            }
        }
    }
    plain.push_str(&text[at..]);
    (plain, lone)
}

fn plain_escape(behind: u8) -> char {
    match behind {
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        other => char::from(other),
    }
}

fn unit_escape(text: &str, at: usize) -> Option<u16> {
    text.get(at..at + 2).filter(|it| *it == "\\u").and_then(|_| unit(text, at))
}

fn unit(text: &str, at: usize) -> Option<u16> {
    text.get(at + 2..at + UNIT).and_then(|digits| u16::from_str_radix(digits, 16).ok())
}
