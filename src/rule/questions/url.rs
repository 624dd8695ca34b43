//! Parts of URLs as answers.

use crate::model::answer::{Answer, Evidence};
use crate::model::url::Url;
use crate::rule::value::Value;

/// A value that a URL gives, and where it stands.
pub(super) type Part = Option<(Value, Evidence)>;

pub(super) fn whole(url: &Url) -> Part {
    Some((Value::Text(url.text().to_owned()), Evidence::value(url.span())))
}

/// A part of a URL; an empty text where there is no URL, or no such part.
pub(super) fn part(url: Answer<Option<&Url>>, take: fn(&Url) -> Part) -> Answer<Value> {
    let empty = Value::Text(String::new());
    match url {
        Answer::Open(missing, evidence) => Answer::Open(missing, evidence),
        Answer::Is(url, evidence) => match url.and_then(take) {
            Some((value, place)) => Answer::Is(value, vec![place]),
            None => Answer::Is(empty, evidence),
        },
    }
}

pub(super) fn scheme(url: &Url) -> Part {
    Some((Value::Text(url.scheme()?), Evidence::value(url.scheme_span()?)))
}

pub(super) fn host(url: &Url) -> Part {
    Some((Value::Text(url.host()?.to_owned()), Evidence::value(url.host_span()?)))
}

pub(super) fn port(url: &Url) -> Part {
    Some((Value::Number(i64::from(url.port()?)), Evidence::value(url.port_span()?)))
}

pub(super) fn path(url: &Url) -> Part {
    Some((Value::Text(url.path().to_owned()), Evidence::value(url.path_span())))
}
