//! Keeping: which operations of a file go into the document.

use super::import::Seen;
use super::wanted::{Judged, Passed, Wanted, is_control_set};
use super::{KeyPath, Operation};

/// What is kept, by what is wanted and by the key that is open.
pub(super) struct Keeping<'t, 'w> {
    pub(super) wanted: &'w Wanted,
    /// Whether all values of the open key are kept.
    pub(super) keeps: bool,
    /// The open key while nothing of it was kept.
    unkept: Option<KeyPath<'t>>,
    passed: Passed<'w>,
    /// Whether a key of a numbered control set was kept.
    has_numbered: bool,
}

impl<'t, 'w> Keeping<'t, 'w> {
    pub(super) fn new(wanted: &'w Wanted) -> Keeping<'t, 'w> {
        Keeping { wanted, keeps: wanted.is_all(), unkept: None, passed: Passed::default(), has_numbered: false }
    }

    /// Takes the key that a line opens. The first one is kept whatever it is, so that a file that opens a key is not one
    /// that does nothing; and the first of a numbered control set, since that such sets are there says something.
    pub(super) fn open(&mut self, path: KeyPath<'t>, text: &str, seen: &mut Seen, operations: &mut Vec<Operation<'t>>) {
        let is_first = !std::mem::replace(&mut seen.has_key, true);
        self.keeps = true;
        self.unkept = None;
        if let Judged::Unwanted(parting) = self.wanted.judge(&path.path.text) {
            self.keeps = false;
            // As it is written only where the path was not changed; then all that begins alike is passed over.
            if path.path.verbatim {
                self.passed.set(text, path.path.span.range(), parting);
            }
            let is_numbered = !seen.has_numbered && is_in_numbered(path.path.text.as_bytes());
            seen.has_numbered |= is_numbered;
            self.has_numbered = seen.has_numbered;
            if !is_first && !is_numbered {
                self.unkept = Some(path);
                return;
            }
        }
        operations.push(Operation::OpenKey(path));
    }

    /// Takes a value of the open key.
    pub(super) fn take(&mut self, operation: Operation<'t>, operations: &mut Vec<Operation<'t>>) {
        let name = match &operation {
            Operation::SetValue { name, .. } | Operation::DeleteValue { name, .. } => &name.name.text,
            _ => return operations.push(operation),
        };
        if self.keeps || self.wanted.has_value(name.as_bytes()) {
            operations.extend(self.unkept.take().map(Operation::OpenKey));
            operations.push(operation);
        }
    }

    /// Where the line at `at` ends, if it opens a key that is sure not to be wanted.
    pub(super) fn end_of_unwanted_key(&self, bytes: &[u8], at: usize) -> Option<usize> {
        if bytes.get(at) != Some(&b'[') {
            return None;
        }
        let end = memchr::memchr2(b'\r', b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
        let line = &bytes[at..end];
        let is_first = || !self.has_numbered && is_in_numbered(line);
        (self.passed.holds(line, self.wanted) && !is_first()).then_some(end)
    }
}

/// Whether a path, or the line of a key, leads into a control set that is told by its number.
fn is_in_numbered(path: &[u8]) -> bool {
    memchr::memchr_iter(b'\\', path).nth(1).is_some_and(|at| is_control_set(&path[at + 1..]))
}
