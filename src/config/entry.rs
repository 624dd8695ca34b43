//! Entries: what `[[override]]` and `[[suppress]]` say of some findings of some rules.

use crate::config::SEVERITIES;
use crate::config::choice::{self, Choice, Chosen, EXACT};
use crate::config::date::Date;
use crate::config::reach::Reach;
use crate::finding::Severity;
use crate::read::problem::{Problem, ProblemKind};
use crate::read::toml::{Fields, Node, Table, Value};
use crate::rule::book::Book;
use crate::text::scalar::{Scalar, Text};
use crate::text::span::Span;

const KIND: ProblemKind = ProblemKind::RejectedConfiguration;

/// Another severity for findings of some rules in some places.
#[derive(Debug, Clone)]
pub struct Override {
    /// The rules, and how precisely each is chosen.
    pub rules: Chosen,
    /// The first word that chooses rules: where the entry is shown.
    pub place: Span,
    /// The places.
    pub reach: Reach,
    /// The severity.
    pub severity: Severity,
}

/// Findings of some rules that are set aside, and why.
#[derive(Debug, Clone)]
pub struct Suppression {
    /// The ids of the rules, in the order of the file.
    pub rules: Vec<String>,
    /// The first word that names a rule: where the entry is shown.
    pub place: Span,
    /// The places.
    pub reach: Reach,
    /// Why.
    pub reason: Text,
    /// Who answers for it.
    pub owner: Option<Text>,
    /// The last day on which it holds.
    pub until: Option<(Date, Span)>,
    /// Whether that day is over.
    pub is_over: bool,
}

impl Override {
    /// Reads one `[[override]]`; `None` where it is not sound.
    pub fn read(table: Table<'_>, book: &Book, problems: &mut Vec<Problem>) -> Option<Override> {
        let mut fields = Fields::new(table, KIND);
        fields.require(&["severity"]);
        let (rules, place) = rules(&mut fields, book, |word, book| {
            let choice = choice::choose(word, book)?;
            told(&choice, word, "an override")?;
            Ok(choice)
        });
        let reach = Reach::read(&mut fields);
        if reach.is_everywhere() {
            let message = "say where with `server`, `site` or `vdir`; for a severity everywhere there is [severity]";
            fields.reject(fields.head(), message);
        }
        let severity = severity(&mut fields);
        close(fields, problems)?;
        let mut chosen = Chosen::new();
        for choice in rules {
            choice::add(&mut chosen, choice);
        }
        Some(Override { rules: chosen, place: place?, reach, severity: severity? })
    }
}

impl Suppression {
    /// Reads one `[[suppress]]` as it stands today; `None` where it is not sound.
    pub fn read(table: Table<'_>, book: &Book, today: Date, problems: &mut Vec<Problem>) -> Option<Suppression> {
        let mut fields = Fields::new(table, KIND);
        fields.require(&["reason"]);
        let (rules, place) = rules(&mut fields, book, |word, book| {
            let choice = choice::choose(word, book)?;
            told(&choice, word, "a suppression")?;
            if choice.precision == EXACT {
                return Ok(choice);
            }
            Err(format!(
                "`{word}` is a family: a suppression names each rule, so that it takes in none that comes later"
            ))
        });
        let reach = Reach::read(&mut fields);
        let reason = words(&mut fields, "reason", "a reason is wanted here: why these findings may stand");
        let owner = words(&mut fields, "owner", "a name is wanted here; leave the key out if nobody answers for it");
        let until = until(&mut fields);
        close(fields, problems)?;
        let mut ids: Vec<String> = Vec::new();
        for id in rules.into_iter().flat_map(|choice| choice.ids) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let is_over = until.is_some_and(|(last, _)| today > last);
        Some(Suppression { rules: ids, place: place?, reach, reason: reason?, owner, until, is_over })
    }
}

/// Takes what was found wrong with a table; `None` if that is anything.
fn close(fields: Fields<'_>, problems: &mut Vec<Problem>) -> Option<()> {
    let found = fields.finish();
    let is_sound = found.is_empty();
    problems.extend(found);
    is_sound.then_some(())
}

/// What the words under `rule` or `rules` choose, and where the first of them stands.
fn rules(
    fields: &mut Fields<'_>,
    book: &Book,
    choose: impl Fn(&str, &Book) -> Result<Choice, String>,
) -> (Vec<Choice>, Option<Span>) {
    if !fields.has("rule") && !fields.has("rules") {
        fields.require(&["rule"]);
    }
    let words = fields.one_or_several("rule", "rules");
    let place = words.first().map(|word| word.span);
    let mut choices = Vec::new();
    for word in words {
        match choose(&word.text, book) {
            Ok(choice) => choices.push(choice),
            Err(message) => fields.reject(word.span, message),
        }
    }
    (choices, place)
}

/// Refuses rules about inputs.
fn told(choice: &Choice, word: &str, what: &str) -> Result<(), String> {
    if choice.ids.iter().any(|id| choice::is_input(id)) {
        return Err(format!(
            "`{word}` is about inputs: what could not be read is always told, and {what} cannot touch it"
        ));
    }
    Ok(())
}

/// A text that is not blank.
fn words(fields: &mut Fields<'_>, name: &'static str, wanted: &str) -> Option<Text> {
    let text = fields.text(name)?;
    if text.text.trim().is_empty() {
        fields.reject(text.span, wanted);
        return None;
    }
    Some(Scalar::into_owned(text))
}

fn severity(fields: &mut Fields<'_>) -> Option<Severity> {
    let (severity, span) = fields.word("severity", &SEVERITIES)?;
    if severity.is_none() {
        fields.reject(span, "findings of some places are left out by [[suppress]], which gives a reason");
    }
    severity
}

fn until(fields: &mut Fields<'_>) -> Option<(Date, Span)> {
    const WANTED: &str = "a day without quotes and without a time is wanted here, such as 2026-12-31";
    let (_, Node { value, span }) = fields.take("until")?;
    let date = match &value {
        Value::Date(text) => text.text.parse().ok(),
        _ => None,
    };
    if date.is_none() {
        fields.reject(span, WANTED);
    }
    date.map(|date| (date, span))
}
