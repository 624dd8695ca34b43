//! A scalar: one value read from a source, with the place it was read from.

use std::borrow::Cow;
use std::ops::Range;

use super::span::{SourceId, Span};

/// A value and the span that it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar<'t> {
    /// The value: unescaped, joined, decoded.
    pub text: Cow<'t, str>,
    /// Where it stands. A value in several pieces has the span from its first piece to its last.
    pub span: Span,
    /// Whether `text` is exactly the text of `span`, so that a part of one is a part of the other.
    pub verbatim: bool,
}

/// A scalar that outlives the text it was read from.
pub type Text = Scalar<'static>;

impl<'t> Scalar<'t> {
    /// The scalar that is exactly `source[range]`.
    pub fn slice(source: SourceId, text: &'t str, range: Range<usize>) -> Scalar<'t> {
        Scalar {
            text: Cow::Borrowed(&text[range.clone()]),
            span: Span::new(source, range.start, range.end),
            verbatim: true,
        }
    }

    /// A scalar whose text was unescaped or joined, so that only the whole of it has a place.
    pub fn rewritten(text: impl Into<Cow<'t, str>>, span: Span) -> Scalar<'t> {
        Scalar { text: text.into(), span, verbatim: false }
    }

    /// The place of `range` within the text: that part of the span, or the whole span where the text is not verbatim.
    pub fn part(&self, range: Range<usize>) -> Span {
        if self.verbatim {
            let start = self.span.start as usize;
            Span::new(self.span.source, start + range.start, start + range.end)
        } else {
            self.span
        }
    }

    /// `range` of this scalar as a scalar of its own; its span follows the rule of [`Scalar::part`].
    #[must_use]
    pub fn sub(&self, range: Range<usize>) -> Scalar<'t> {
        let span = self.part(range.clone());
        let text = match &self.text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[range]),
            Cow::Owned(text) => Cow::Owned(text[range].to_owned()),
        };
        Scalar { text, span, verbatim: self.verbatim }
    }

    /// The same scalar, with its own copy of the text.
    pub fn into_owned(self) -> Text {
        Scalar { text: Cow::Owned(self.text.into_owned()), span: self.span, verbatim: self.verbatim }
    }

    /// Whether the text equals `other` when ASCII case is ignored.
    pub fn is(&self, other: &str) -> bool {
        self.text.eq_ignore_ascii_case(other)
    }
}
