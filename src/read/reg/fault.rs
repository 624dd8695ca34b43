//! What makes a line malformed, and where.

use std::ops::Range;

use crate::read::problem::ProblemKind;

/// Why regedit ignores a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// Which problem it is.
    pub(super) kind: ProblemKind,
    /// The smallest text that is at fault.
    pub(super) range: Range<usize>,
    /// What is wrong with it: lower case, no full stop, one clause.
    pub(super) message: &'static str,
    /// The line that is lost along with the malformed one.
    pub(super) swallowed: Option<Range<usize>>,
}

impl Fault {
    /// A malformed line that does no harm beyond itself.
    pub(super) fn new(range: Range<usize>, message: &'static str) -> Fault {
        Fault::of(ProblemKind::RegValueIgnored, range, message)
    }

    /// A fault with a problem of its own.
    pub(super) fn of(kind: ProblemKind, range: Range<usize>, message: &'static str) -> Fault {
        Fault { kind, range, message, swallowed: None }
    }

    /// A NUL in a line: it ends the buffer that regedit holds the line in.
    pub(super) fn nul(range: Range<usize>) -> Fault {
        Fault::of(
            ProblemKind::RegNul,
            range,
            "a NUL character ends this line for regedit, and lines below may be lost too",
        )
    }

    /// A `#` behind or within data, where only `;` begins a comment.
    pub(super) fn hash(range: Range<usize>, message: &'static str) -> Fault {
        Fault::of(ProblemKind::RegHashComment, range, message)
    }
}
