//! Questions about what an export says of a virtual directory by itself: its lists, its URLs, and its control panel.

use crate::model::answer::{Answer, Evidence, List};
use crate::model::ladder::Ladder;
use crate::model::panel;
use crate::model::setting::Field;
use crate::model::target::Target;
use crate::model::url::Url;
use crate::read::lost;
use crate::rule::ask::Subject;
use crate::rule::questions::{Question, Side, question, target_of};
use crate::rule::value::{Type, Value};

const PANELS: Type = Type::Words(&panel::WORDS);

/// What can be asked of a virtual directory's export.
pub(super) const QUESTIONS: &[Question] = &[
    question(
        "truncated-lists",
        Side::Vdir,
        Type::List,
        "Which of the lists that decide about authentication may not be whole: cut when they were printed, put together from broken lines, or exported as the name of their type.",
        |ladder, subject, _| truncated_lists(target_of(ladder, subject)),
    ),
    Question {
        is_open: true,
        example: r#"is-external-url."FailbackUrl""#,
        ..question(
            "is-external-url",
            Side::Vdir,
            Type::Boolean,
            "Whether a property holds the same URL as ExternalUrl; false where one of them is empty.",
            is_external,
        )
    },
    question(
        "control-panel",
        Side::Vdir,
        PANELS,
        "Whether the control panel of the same web site could be proxied to by what Active Directory says, and if not, why.",
        |ladder, subject, _| {
            let target = target_of(ladder, subject);
            panel::state(target).map(|word| Value::Text(word.to_owned()))
        },
    ),
    question(
        "control-panel-differs",
        Side::Vdir,
        Type::List,
        "Which of the four authentication switches the control panel of the same web site has otherwise.",
        |ladder, subject, _| panel::differences(target_of(ladder, subject)).map(|it| Value::List(List::whole(it))),
    ),
];

/// The lists of which only a part may have been printed; a cell of a CSV file holds the type's name in place of a list.
fn truncated_lists(target: &Target<'_>) -> Answer<Value> {
    const LISTS: [&str; 4] = [
        "InternalAuthenticationMethods",
        "ExternalAuthenticationMethods",
        "ExtendedProtectionFlags",
        "ExtendedProtectionSPNList",
    ];
    let (mut names, mut evidence) = (Vec::new(), Vec::new());
    for name in LISTS {
        let Some(field) = target.vdir.get(name).map(|it| &it.field) else { continue };
        let is_type_name = field.known_text().is_some_and(|text| lost::is_type_name(&text.text));
        if is_type_name || matches!(field, Field::Truncated(_)) {
            names.push(name.to_owned());
            let note = if is_type_name { "the name of a type" } else { "cut, or put together from broken lines" };
            evidence.push(Evidence::noted(field.span(), format!("{name}: {note}")));
        }
    }
    Answer::Is(Value::List(List::whole(names)), evidence)
}

fn is_external(ladder: &Ladder<'_>, subject: Subject, name: &str) -> Answer<Value> {
    let target = target_of(ladder, subject);
    let external = match target.external_url().as_ref() {
        Answer::Is(Some(url), _) => url,
        other => return other.map(|_| Value::Boolean(false)),
    };
    match target.text(name) {
        Answer::Open(missing, evidence) => Answer::Open(missing, evidence),
        Answer::Is(None, evidence) => Answer::Is(Value::Boolean(false), evidence),
        Answer::Is(Some(text), _) => {
            let is_same = same(&Url::parse(text.clone()), external);
            let evidence = vec![Evidence::value(text.span), Evidence::noted(external.span(), "the ExternalUrl")];
            Answer::Is(Value::Boolean(is_same), evidence)
        }
    }
}

/// Whether two URLs lead to the same place: scheme, host, port and path, without regard to case and a last slash.
fn same(one: &Url, other: &Url) -> bool {
    let parts = |url: &Url| {
        let path = url.path().trim_end_matches('/').to_lowercase();
        (url.scheme(), url.host().map(str::to_lowercase), url.port(), path)
    };
    if one.host().is_none() || other.host().is_none() {
        return one.text().eq_ignore_ascii_case(other.text());
    }
    parts(one) == parts(other)
}
