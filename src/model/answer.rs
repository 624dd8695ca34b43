//! Answers: what the model says when it is asked; known with evidence, or open with what would settle it.

use crate::text::span::Span;

/// A place that an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The smallest text that matters.
    pub span: Span,
    /// What the place is, where the asker has no better words; `None` for the answer's own value.
    pub note: Option<String>,
}

impl Evidence {
    /// The place of the answer's own value.
    pub fn value(span: Span) -> Evidence {
        Evidence { span, note: None }
    }

    /// A further place that the answer rests on.
    pub fn noted(span: Span, note: impl Into<String>) -> Evidence {
        Evidence { span, note: Some(note.into()) }
    }
}

/// Why a question is open, and which export would settle it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// What is missing, in a clause: `no applicationHost.config of CAS3 was given`.
    pub reason: String,
    /// The server whose export is missing.
    pub server: String,
    /// What to export, or where to say it.
    pub ask_for: String,
}

impl Missing {
    /// The reason; one about this server's own exports without its name, so that it is the same of others.
    pub fn reason_without(&self, server: &str) -> String {
        if self.server == server { self.reason.replace(server, "") } else { self.reason.clone() }
    }
}

/// The answer to a question about the estate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<T> {
    /// The value, and the places that it rests on.
    Is(T, Vec<Evidence>),
    /// The snapshot does not say; the places are those that show why not.
    Open(Missing, Vec<Evidence>),
}

impl<T> Answer<T> {
    /// A known value at one place.
    pub fn at(value: T, span: Span) -> Answer<T> {
        Answer::Is(value, vec![Evidence::value(span)])
    }

    /// An open answer without a place.
    pub fn open(missing: Missing) -> Answer<T> {
        Answer::Open(missing, Vec::new())
    }

    /// The same with another word for what would settle it.
    #[must_use]
    pub fn asking(self, ask_for: String) -> Answer<T> {
        match self {
            Answer::Open(missing, evidence) => Answer::Open(Missing { ask_for, ..missing }, evidence),
            known @ Answer::Is(..) => known,
        }
    }

    /// The value, if it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Answer::Is(value, _) => Some(value),
            Answer::Open(..) => None,
        }
    }

    /// The places that the answer rests on.
    pub fn evidence(&self) -> &[Evidence] {
        match self {
            Answer::Is(_, evidence) | Answer::Open(_, evidence) => evidence,
        }
    }

    /// The same answer about another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Answer<U> {
        match self {
            Answer::Is(value, evidence) => Answer::Is(change(value), evidence),
            Answer::Open(missing, evidence) => Answer::Open(missing, evidence),
        }
    }
}

impl<T> Answer<Option<T>> {
    /// The same answer about a reference.
    pub fn as_ref(&self) -> Answer<Option<&T>> {
        match self {
            Answer::Is(value, evidence) => Answer::Is(value.as_ref(), evidence.clone()),
            Answer::Open(missing, evidence) => Answer::Open(missing.clone(), evidence.clone()),
        }
    }
}

/// A list, and what would settle it where it was cut: a cut list can show that an item is in it, never that it is not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    /// The items as written.
    pub items: Vec<String>,
    /// Why items may be missing; `None` if the list is whole.
    pub cut: Option<Missing>,
}

impl List {
    /// A list that is whole.
    pub fn whole(items: Vec<String>) -> List {
        List { items, cut: None }
    }

    /// Whether `item` is in the list, without regard to case.
    ///
    /// # Errors
    /// What would settle it, where a cut list does not show the item.
    pub fn has(&self, item: &str) -> Result<bool, Missing> {
        match &self.cut {
            _ if self.items.iter().any(|it| it.eq_ignore_ascii_case(item)) => Ok(true),
            Some(missing) => Err(missing.clone()),
            None => Ok(false),
        }
    }
}
