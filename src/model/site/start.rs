//! Starts: whether a site or a pool starts with the server.

use crate::text::scalar::Text;
use crate::text::span::Span;

/// Whether something starts by itself, and what shows it.
#[derive(Debug, Clone)]
pub enum Start {
    /// It does; the place is the one that says so, or that names it.
    Yes(Span),
    /// It does not, and why, where the place does not say it by itself.
    No(Span, Option<&'static str>),
    /// The file does not say: why.
    Undetermined(String, Span),
}

/// What a switch with this name says.
pub(super) fn switch(value: &Text, name: &str) -> Start {
    if value.is("true") {
        Start::Yes(value.span)
    } else if value.is("false") {
        Start::No(value.span, None)
    } else {
        Start::Undetermined(format!("`{name}` is neither true nor false"), value.span)
    }
}
