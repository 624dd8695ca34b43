//! A span: a range of the decoded text of one source.

/// Names one source of a run; an index into [`super::source::Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// Bytes `start..end` of the decoded text of one source.
///
/// Both ends lie on character boundaries. An empty span (`start == end`) is a place between two characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The source whose text this is a range of.
    pub source: SourceId,
    /// First byte of the range.
    pub start: u32,
    /// First byte behind the range.
    pub end: u32,
}

impl Span {
    /// The span of bytes `start..end` in `source`.
    pub fn new(source: SourceId, start: usize, end: usize) -> Span {
        debug_assert!(start <= end, "a span runs forward");
        Span { source, start: start as u32, end: end as u32 }
    }

    /// The empty span at the beginning of `source`: a finding about a file as a whole.
    pub fn file(source: SourceId) -> Span {
        Span { source, start: 0, end: 0 }
    }

    /// The span from the start of `self` to the end of `other`, both of the same source.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        debug_assert_eq!(self.source, other.source, "a span lies in one source");
        Span { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The range as indices into the source's text.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether `other` lies within `self`.
    pub fn contains(self, other: Span) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }
}
