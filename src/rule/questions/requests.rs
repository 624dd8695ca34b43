//! Questions about what IIS does with requests to a virtual directory before OWA sees them, and with its refusals.

use crate::model::rewrite::Rewriting;
use crate::rule::questions::{Question, Side, question, target_of};
use crate::rule::value::{Type, Value};

const REWRITING: Type = Type::Words(&Rewriting::WORDS);

/// What can be asked about requests.
pub(super) const QUESTIONS: &[Question] = &[
    question(
        "rewriting",
        Side::Vdir,
        REWRITING,
        "What URL Rewrite does with the request by which a source tries the directory: untouched, rewritten, redirected, forbidden (403), answered (another status) or aborted.",
        |ladder, subject, _| target_of(ladder, subject).rewriting().clone().map(|it| Value::Text(it.word().to_owned())),
    ),
    question(
        "request-filtering",
        Side::Vdir,
        Type::List,
        "Which parts of request filtering refuse the request by which a source tries the directory: url-sequence, verb, file-extension, hidden-segment.",
        |ladder, subject, _| target_of(ladder, subject).request_filtering().map(Value::List),
    ),
    question(
        "authorizes-computers",
        Side::Vdir,
        Type::Boolean,
        "Whether URL authorization lets in the computer accounts that sources sign in with.",
        |ladder, subject, _| target_of(ladder, subject).authorizes_computers().map(Value::Boolean),
    ),
    question(
        "masked-refusals",
        Side::Vdir,
        Type::List,
        "The 403 statuses that a custom error page of IIS answers with a redirect or another page: 403, 403.4.",
        |ladder, subject, _| target_of(ladder, subject).masked_refusals().map(Value::List),
    ),
    question(
        "error-pages-in-other-pools",
        Side::Vdir,
        Type::List,
        "The 401 statuses that a custom error page answers which runs in another application pool than OWA.",
        |ladder, subject, _| target_of(ladder, subject).error_pages_in_other_pools().map(Value::List),
    ),
];
