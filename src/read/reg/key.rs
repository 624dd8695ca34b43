//! Key lines: `[KEY]` and `[-KEY]`.

use std::borrow::Cow;
use std::ops::Range;

use super::KeyPath;
use super::fault::Fault;
use super::line::Cursor;
use crate::read::problem::ProblemKind;
use crate::text::scalar::Scalar;
use crate::text::span::{SourceId, Span};

/// The names of the root keys, each with the abbreviation that newer versions of Windows accept for it.
const ROOTS: [(&str, &str); 6] = [
    ("HKEY_LOCAL_MACHINE", "HKLM"),
    ("HKEY_CURRENT_USER", "HKCU"),
    ("HKEY_CLASSES_ROOT", "HKCR"),
    ("HKEY_USERS", "HKU"),
    ("HKEY_CURRENT_CONFIG", "HKCC"),
    ("HKEY_DYN_DATA", ""),
];

/// A line that begins with `[`.
#[derive(Debug)]
pub(super) enum KeyLine<'t> {
    /// A key of a root that exists.
    Key {
        /// The key.
        path: KeyPath<'t>,
        /// Whether the line deletes it.
        deletes: bool,
        /// The root's name if it is abbreviated.
        short_root: Option<Range<usize>>,
    },
    /// A key of a root that does not exist; this is its name.
    UnknownRoot(Range<usize>),
    /// No key at all.
    Malformed(Fault),
}

/// Reads the key line whose `[` the cursor stands at. The path ends at the last `]` of the line, and has no escapes.
pub(super) fn read(mut cursor: Cursor<'_>, source: SourceId) -> KeyLine<'_> {
    if let Some(nul) = cursor.nul() {
        return KeyLine::Malformed(Fault::nul(nul));
    }
    let line = cursor.rest_range();
    let Some(length) = memchr::memrchr(b']', cursor.rest().as_bytes()) else {
        return KeyLine::Malformed(malformed(line, "the key has no closing bracket"));
    };
    let close = line.start + length;
    cursor.eat("[");
    let mut is_blank = matches!(cursor.peek(), Some(b' ' | b'\t'));
    let deletes = cursor.eat("-");
    is_blank |= deletes && matches!(cursor.peek(), Some(b' ' | b'\t'));
    let inner = cursor.at()..close;
    let line = line.start..close + 1;
    if is_blank {
        return KeyLine::Malformed(malformed(line, "a blank stands before the key's name"));
    }
    if inner.is_empty() {
        return KeyLine::Malformed(malformed(line, "no key stands between the brackets"));
    }
    read_path(cursor.text(), source, inner, &line, deletes)
}

/// The key that a path names by itself; `None` where no root has its first name.
pub(super) fn path(path: Scalar<'_>, line: Span) -> Option<KeyPath<'_>> {
    let (first, rest) = path.text.split_once('\\').unwrap_or((&path.text, ""));
    let (full, _) = root(first)?;
    let path = match normal_path(full, &path.text, rest) {
        Cow::Borrowed(_) => path,
        Cow::Owned(text) => Scalar::rewritten(text, path.span),
    };
    Some(KeyPath { path, line })
}

fn malformed(range: Range<usize>, message: &'static str) -> Fault {
    Fault::of(ProblemKind::RegKeyIgnored, range, message)
}

/// The first `]` of a key line that does not end the key, where a `;` behind it looks like the beginning of a comment.
pub(super) fn later_bracket(line: Cursor<'_>) -> Option<Range<usize>> {
    let text = line.rest();
    let (first, last) = (text.find(']')?, text.rfind(']')?);
    text[first..last].contains(';').then(|| line.at() + first..line.at() + first + 1)
}

/// Whether `name` is the name of a root key, or an abbreviation of one.
pub(super) fn is_root(name: &str) -> bool {
    root(name).is_some()
}

fn read_path<'t>(
    text: &'t str,
    source: SourceId,
    inner: Range<usize>,
    line: &Range<usize>,
    deletes: bool,
) -> KeyLine<'t> {
    let first = text[inner.clone()].split('\\').next().unwrap_or_default();
    let root_range = inner.start..inner.start + first.len();
    let is_short = root(first).is_some_and(|(_, is_short)| is_short);
    let line = Span::new(source, line.start, line.end);
    match path(Scalar::slice(source, text, inner), line) {
        Some(path) => KeyLine::Key { path, deletes, short_root: is_short.then_some(root_range) },
        None => KeyLine::UnknownRoot(root_range),
    }
}

/// The full name of a root key, and whether `name` abbreviates it; case does not count.
fn root(name: &str) -> Option<(&'static str, bool)> {
    ROOTS.iter().find_map(|(full, short)| {
        let is_short = !short.is_empty() && name.eq_ignore_ascii_case(short);
        (is_short || name.eq_ignore_ascii_case(full)).then_some((*full, is_short))
    })
}

/// The path with its root in full; runs of `\` and trailing ones collapse, as they do when regedit creates the key.
fn normal_path<'t>(full: &str, written: &'t str, rest: &str) -> Cow<'t, str> {
    let is_normal = written.starts_with(full) && !written.ends_with('\\') && !written.contains("\\\\");
    if is_normal {
        return Cow::Borrowed(written);
    }
    let mut path = String::with_capacity(full.len() + 1 + rest.len());
    path.push_str(full);
    for part in rest.split('\\').filter(|part| !part.is_empty()) {
        path.push('\\');
        path.push_str(part);
    }
    Cow::Owned(path)
}
