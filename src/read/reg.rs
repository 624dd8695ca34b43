//! Registry exports: the lines of a .reg file as regedit would carry them out, with their places.

use crate::read::problem::Problem;
use crate::text::decode::Encoding;
use crate::text::scalar::Scalar;
use crate::text::span::{SourceId, Span};

mod fault;
mod header;
mod hex;
mod import;
mod junk;
mod key;
mod line;
mod quoted;
#[cfg(test)]
mod tests;
mod value;

/// What importing a .reg file does, in order.
#[derive(Debug, Clone, Default)]
pub struct RegDocument<'t> {
    /// The operations in the order of the file.
    pub operations: Vec<Operation<'t>>,
}

/// One thing that importing the file does.
#[derive(Debug, Clone)]
pub enum Operation<'t> {
    /// `[KEY]`: creates the key if need be, and opens it.
    OpenKey(KeyPath<'t>),
    /// `[-KEY]`: deletes the key and all below it, and closes the current key.
    DeleteKey(KeyPath<'t>),
    /// `"name"=data`: sets a value of the key that the last [`Operation::OpenKey`] opened.
    SetValue {
        /// The name; empty for the default value.
        name: ValueName<'t>,
        /// What is stored.
        data: Data<'t>,
        /// The data as written, from its first character to its last (with `dword:` or `hex…:`, or with its quotes).
        data_span: Span,
    },
    /// `"name"=-`: deletes a value of the open key.
    DeleteValue {
        /// The name; empty for the default value.
        name: ValueName<'t>,
        /// The `-`.
        data_span: Span,
    },
}

/// A key's path with its root written out, and where it stands.
#[derive(Debug, Clone)]
pub struct KeyPath<'t> {
    /// The path: `HKEY_LOCAL_MACHINE\SYSTEM\…`, root in full and in capitals, no doubled or trailing backslashes.
    /// Its span is what stands between the brackets (behind the `-` of a deletion).
    pub path: Scalar<'t>,
    /// The line's `[…]`, brackets included.
    pub line: Span,
}

/// A value's name.
#[derive(Debug, Clone)]
pub struct ValueName<'t> {
    /// The name without quotes, unescaped; empty for the default value.
    pub name: Scalar<'t>,
}

/// Data as it would stand in the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data<'t> {
    /// `"text"`: a `REG_SZ`, unescaped; the span is the text between the quotes.
    Text(Scalar<'t>),
    /// `dword:`: a `REG_DWORD`.
    Dword(u32),
    /// `hex…:`: bytes of a type; strings have the NUL that importing adds.
    Bytes {
        /// The type's number: 3 for `hex:`.
        kind: u32,
        /// The bytes as they would be stored, UTF-16LE for strings in a version 5 file.
        bytes: Vec<u8>,
    },
}

/// Whether the text is a registry file: its first line is a header, or looks like one that regedit refuses.
pub fn claims(text: &str) -> bool {
    header::claims(text)
}

/// Reads a registry file as regedit would import it.
pub fn read(text: &str, source: SourceId, encoding: Encoding) -> (RegDocument<'_>, Vec<Problem>) {
    import::import(text, source, encoding)
}
