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
mod keeping;
mod key;
mod line;
mod quoted;
mod sound;
pub mod streamed;
#[cfg(test)]
mod tests;
mod value;
mod wanted;

pub use wanted::Wanted;

/// What importing a .reg file does, or what a query shows, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegDocument<'t> {
    /// The operations in the order of the file.
    pub operations: Vec<Operation<'t>>,
    /// The computer that was asked, where the output of a query says so.
    pub computer: Option<Scalar<'t>>,
}

/// One thing that importing the file does.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// A key as a query printed it: it is there, and the values below were its values then. Opens the key.
    ShowKey {
        /// The key.
        path: KeyPath<'t>,
        /// What was not printed and yet is known not to be there.
        extent: Extent,
    },
    /// A query says that a value is not there, or without a name that the key is not.
    Absent {
        /// The key, as the command names it; its line is what the query says.
        path: KeyPath<'t>,
        /// The value.
        name: Option<ValueName<'t>>,
    },
}

/// How much of a key an export or a query shows, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// Some values: others may be there.
    Part,
    /// All of its values.
    Values,
    /// All of its values, and the names of the keys right below it.
    Level,
    /// All that is in it and below it.
    Tree,
}

/// A key's path with its root written out, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPath<'t> {
    /// The path: `HKEY_LOCAL_MACHINE\SYSTEM\…`, root in full and in capitals, no doubled or trailing backslashes.
    /// Its span is what stands between the brackets (behind the `-` of a deletion).
    pub path: Scalar<'t>,
    /// The line's `[…]`, brackets included.
    pub line: Span,
}

/// A value's name.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Data that was printed without its type; `None` where it could not be read.
    Untyped(Option<Scalar<'t>>),
    /// `hex…:`: bytes of a type; strings have the NUL that importing adds.
    Bytes {
        /// The type's number: 3 for `hex:`.
        kind: u32,
        /// The bytes as they would be stored, UTF-16LE for strings in a version 5 file.
        bytes: Vec<u8>,
    },
}

impl RegDocument<'_> {
    /// The same, with its own copies of texts.
    pub fn into_owned(self) -> RegDocument<'static> {
        RegDocument {
            operations: self.operations.into_iter().map(Operation::into_owned).collect(),
            computer: self.computer.map(Scalar::into_owned),
        }
    }
}

impl Operation<'_> {
    fn into_owned(self) -> Operation<'static> {
        match self {
            Operation::OpenKey(path) => Operation::OpenKey(path.into_owned()),
            Operation::DeleteKey(path) => Operation::DeleteKey(path.into_owned()),
            Operation::SetValue { name, data, data_span } => {
                Operation::SetValue { name: name.into_owned(), data: data.into_owned(), data_span }
            }
            Operation::DeleteValue { name, data_span } => Operation::DeleteValue { name: name.into_owned(), data_span },
            Operation::ShowKey { path, extent } => Operation::ShowKey { path: path.into_owned(), extent },
            Operation::Absent { path, name } => {
                Operation::Absent { path: path.into_owned(), name: name.map(ValueName::into_owned) }
            }
        }
    }
}

impl KeyPath<'_> {
    fn into_owned(self) -> KeyPath<'static> {
        KeyPath { path: self.path.into_owned(), line: self.line }
    }
}

impl ValueName<'_> {
    fn into_owned(self) -> ValueName<'static> {
        ValueName { name: self.name.into_owned() }
    }
}

impl Data<'_> {
    fn into_owned(self) -> Data<'static> {
        match self {
            Data::Text(text) => Data::Text(text.into_owned()),
            Data::Dword(number) => Data::Dword(number),
            Data::Untyped(text) => Data::Untyped(text.map(Scalar::into_owned)),
            Data::Bytes { kind, bytes } => Data::Bytes { kind, bytes },
        }
    }
}

/// Whether the text is a registry file: its first line is a header, or looks like one that regedit refuses.
pub fn claims(text: &str) -> bool {
    header::claims(text)
}

/// The key that a path names by itself, with its root written out; `None` where it has no root.
pub(super) fn key_path(path: Scalar<'_>, line: Span) -> Option<KeyPath<'_>> {
    key::path(path, line)
}

/// Whether `name` is the name of a root key, or an abbreviation of one.
pub(super) fn is_root(name: &str) -> bool {
    key::is_root(name)
}

/// The bytes that are stored for a text: UTF-16, and a NUL behind it.
pub fn stored_text(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() * 2 + 2);
    bytes.extend(text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes));
    bytes.shrink_to_fit();
    bytes
}

/// Reads a registry file as regedit would import it.
pub fn read(text: &str, source: SourceId, encoding: Encoding) -> (RegDocument<'_>, Vec<Problem>) {
    read_wanted(text, source, encoding, &Wanted::all())
}

/// The same, but of what the file does that is kept which is wanted, with its first key and its first numbered control
/// set, and whatever it deletes; what is wrong is told of all of it.
pub fn read_wanted<'t>(
    text: &'t str,
    source: SourceId,
    encoding: Encoding,
    wanted: &Wanted,
) -> (RegDocument<'t>, Vec<Problem>) {
    let mut seen = import::Seen::default();
    let (document, mut problems) = import::import(text, source, encoding, wanted, &mut seen);
    seen.finish(&mut problems);
    (document, problems)
}
