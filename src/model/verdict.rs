//! Verdicts: yes with evidence, no, or open with the reason; and how they combine.

use crate::finding::{Confidence, Label};
use crate::model::answer::{Answer, Missing};
use crate::model::url::Url;

/// What a step of the ladder says of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The condition holds: the places that show it, and how sure it is.
    Yes(Vec<Label>, Confidence),
    /// It does not hold.
    No,
    /// It cannot be told: why, and the places that show why not.
    Open(Missing, Vec<Label>),
}

impl Verdict {
    /// What an answer says of a condition; a test that gives `Err` cannot tell from this value.
    pub fn when<T>(
        answer: &Answer<T>,
        test: impl FnOnce(&T) -> Result<bool, Missing>,
        label: &str,
        confidence: Confidence,
    ) -> Verdict {
        match answer {
            Answer::Open(missing, _) => Verdict::Open(missing.clone(), labels(answer, "this does not say enough")),
            Answer::Is(value, _) => match test(value) {
                Ok(true) => Verdict::Yes(labels(answer, label), confidence),
                Ok(false) => Verdict::No,
                Err(missing) => Verdict::Open(missing, labels(answer, "the list is not whole")),
            },
        }
    }

    /// Whether a URL has a scheme; the label is on the scheme.
    pub fn when_scheme(url: &Answer<Option<&Url>>, scheme: &str, label: &str) -> Verdict {
        match url {
            Answer::Open(missing, _) => Verdict::Open(missing.clone(), labels(url, "this does not say enough")),
            Answer::Is(Some(url), _) if url.scheme().as_deref() == Some(scheme) => {
                let span = url.scheme_span().unwrap_or_else(|| url.span());
                Verdict::Yes(vec![Label::new(span, label)], Confidence::High)
            }
            Answer::Is(..) => Verdict::No,
        }
    }

    /// Yes if both are yes, no if either is no, else open; nothing is copied for a no.
    pub fn both(one: &Verdict, other: &Verdict) -> Verdict {
        match (one, other) {
            (Verdict::No, _) | (_, Verdict::No) => Verdict::No,
            _ => Verdict::all([one.clone(), other.clone()]),
        }
    }

    /// Yes if every part is yes, no if any part is no, else open.
    pub fn all(parts: impl IntoIterator<Item = Verdict>) -> Verdict {
        let (mut labels, mut confidence, mut open) = (Vec::new(), Confidence::High, None);
        for part in parts {
            match part {
                Verdict::No => return Verdict::No,
                Verdict::Yes(more, sure) => {
                    labels.extend(more);
                    confidence = confidence.min(sure);
                }
                Verdict::Open(missing, more) => open = open.or(Some((missing, more))),
            }
        }
        match open {
            Some((missing, labels)) => Verdict::Open(missing, labels),
            None => Verdict::Yes(labels, confidence),
        }
    }

    /// Yes if any part is yes, no if every part is no, else open.
    pub fn any(parts: impl IntoIterator<Item = Verdict>) -> Verdict {
        let (mut labels, mut confidence, mut open) = (Vec::new(), None, None);
        for part in parts {
            match part {
                Verdict::No => {}
                Verdict::Yes(more, sure) => {
                    labels.extend(more);
                    confidence = confidence.max(Some(sure));
                }
                Verdict::Open(missing, more) => open = open.or(Some((missing, more))),
            }
        }
        match (confidence, open) {
            (Some(confidence), _) => Verdict::Yes(labels, confidence),
            (None, Some((missing, labels))) => Verdict::Open(missing, labels),
            (None, None) => Verdict::No,
        }
    }
}

/// The labels of an answer: the first place carries the asker's words, the others their own.
pub fn labels<T>(answer: &Answer<T>, words: &str) -> Vec<Label> {
    let evidence = answer.evidence();
    let mut labels = Vec::with_capacity(evidence.len());
    for (index, place) in evidence.iter().enumerate() {
        let message = match (index, &place.note) {
            (0, Some(note)) => format!("{words} ({note})"),
            (0, None) => words.to_owned(),
            (_, Some(note)) => note.clone(),
            (_, None) => "see also here".to_owned(),
        };
        labels.push(Label::new(place.span, message));
    }
    labels
}
