//! Conditions: one test on one question, with the label that its evidence carries.

use crate::finding::Label;
use crate::model::answer::{Answer, Missing};
use crate::model::ladder::Ladder;
use crate::model::verdict;
use crate::rule::ask::{Ask, Subject};
use crate::rule::questions::{open, server_of};
use crate::rule::value::{Test, Value};
use crate::text::secret::masked;
use crate::text::span::Span;

/// One condition of a rule.
#[derive(Debug, Clone)]
pub struct Condition {
    /// What is asked.
    pub ask: Ask,
    /// What the answer is put to.
    pub test: Test,
    /// What becomes of an open answer.
    pub if_open: IfOpen,
    /// For an attribute of IIS whose default is not known: what holds where no file sets it.
    pub unset: Option<String>,
    /// The label of the evidence; without one the evidence is not shown.
    pub label: Option<String>,
    /// Whether the evidence is the place of the finding.
    pub primary: bool,
    /// Where the condition stands in the rule file.
    pub place: Span,
}

/// What becomes of an open answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfOpen {
    /// The rule is left open.
    Open,
    /// The question's documented default is taken.
    Assume,
    /// The condition does not hold: for settings that not every version has, or that only the estate file gives.
    Skip,
}

impl IfOpen {
    /// All of them with the words of rule files.
    pub const WORDS: [(&'static str, IfOpen); 3] =
        [("open", IfOpen::Open), ("assume", IfOpen::Assume), ("skip", IfOpen::Skip)];
}

/// What became of a condition.
#[derive(Debug, Clone)]
pub enum Holds {
    /// It holds; the labels that show it, what had to be assumed, and the value that passed.
    Yes(Vec<Label>, Option<String>, Value),
    /// It does not.
    No,
    /// It cannot be told.
    Open(Missing),
}

impl Condition {
    /// Puts the condition to a subject; the label's gaps are left as they are.
    pub fn holds(&self, ladder: &Ladder<'_>, subject: Subject) -> Holds {
        let answer = self.answer(ladder, subject);
        if let Test::Known(wanted) = self.test {
            let known = matches!(answer, Answer::Is(..));
            let value = Value::Boolean(known);
            return if known == wanted { Holds::Yes(self.labels(&answer), None, value) } else { Holds::No };
        }
        match &answer {
            Answer::Is(value, _) if self.is_no_number(value) => Holds::Open(self.no_number(ladder, subject, value)),
            Answer::Is(value, _) => match self.test.passes(value) {
                Ok(true) => Holds::Yes(self.labels(&answer), None, value.clone()),
                Ok(false) => Holds::No,
                Err(missing) => self.assumed(missing, &answer),
            },
            Answer::Open(missing, _) => self.assumed(missing.clone(), &answer),
        }
    }

    fn answer(&self, ladder: &Ladder<'_>, subject: Subject) -> Answer<Value> {
        match &self.unset {
            None => self.ask.answer(ladder, subject),
            Some(unset) => {
                open::attribute(ladder, self.ask.whom(ladder, subject), &self.ask.argument, Some(unset.as_str()))
            }
        }
    }

    /// Whether a number is wanted and a text is there that is none, such as `unlimited`: it can be told neither that it
    /// is at least as much nor that it is less.
    fn is_no_number(&self, value: &Value) -> bool {
        let wants_number = matches!(self.test, Test::AtLeast(_) | Test::AtMost(_));
        wants_number && matches!(value, Value::Text(text) if !text.is_empty()) && value.number().is_none()
    }

    fn no_number(&self, ladder: &Ladder<'_>, subject: Subject, value: &Value) -> Missing {
        let server = server_of(ladder, self.ask.whom(ladder, subject)).name.clone();
        let asked = if self.ask.argument.is_empty() { self.ask.question.name } else { &self.ask.argument };
        let value = value.shown();
        Missing {
            reason: format!("{asked} of {server} is `{}`, which is no number", masked(&value)),
            server,
            ask_for: "another test in the rule, such as `is` or `matches`".to_owned(),
        }
    }

    fn assumed(&self, missing: Missing, answer: &Answer<Value>) -> Holds {
        let default = match self.if_open {
            IfOpen::Skip => return Holds::No,
            IfOpen::Open => None,
            IfOpen::Assume => self.ask.question.default,
        };
        let Some(default) = default else { return Holds::Open(missing) };
        let value = Value::Boolean(default);
        match self.test.passes(&value) {
            Ok(true) => {
                let state = if default { "on" } else { "off" };
                let setting = self.ask.question.doc.split(": ").last().and_then(|it| it.split([' ', ',', '.']).next());
                let assumption = format!(
                    "{} of {} is {state}, its default: {}",
                    setting.unwrap_or(self.ask.question.name),
                    missing.server,
                    missing.reason
                );
                Holds::Yes(self.labels(answer), Some(assumption), value)
            }
            _ => Holds::No,
        }
    }

    fn labels(&self, answer: &Answer<Value>) -> Vec<Label> {
        self.label.as_ref().map_or_else(Vec::new, |label| verdict::labels(answer, label))
    }
}
