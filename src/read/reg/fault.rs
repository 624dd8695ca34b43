//! What makes a line malformed, and where.

use std::ops::Range;

/// Why regedit ignores a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The smallest text that is at fault.
    pub(super) range: Range<usize>,
    /// What is wrong with it: lower case, no full stop, one clause.
    pub(super) message: &'static str,
    /// The line that is lost along with the malformed one.
    pub(super) swallowed: Option<Range<usize>>,
}

impl Fault {
    /// A fault that does no harm beyond its own line.
    pub(super) fn new(range: Range<usize>, message: &'static str) -> Fault {
        Fault { range, message, swallowed: None }
    }
}
