//! What only a whole rule shows: its primary label, and conditions that exclude each other.

use crate::rule::condition::{Condition, IfOpen};
use crate::rule::load::{Reading, Rule};
use crate::rule::value::{Test, Type};
use crate::text::span::Span;

impl Reading {
    /// Checks a rule whose parts are sound.
    pub(super) fn whole(&mut self, rule: &Rule, has_scope: bool, head: Span) {
        if !has_scope || !self.problems.is_empty() {
            return;
        }
        let primaries: Vec<&Condition> = rule.conditions().filter(|it| it.primary).collect();
        match (rule.check.is_some(), primaries.len()) {
            (false, 1) => {}
            (true, _) => {
                if let Some(stray) = rule.conditions().next() {
                    self.reject(stray.place, "a rule with a `check` has no conditions");
                }
            }
            (false, 0) => {
                let place = rule.when.first().map_or(head, |condition| condition.place);
                self.reject(place, "no condition is `primary = true`, so a finding would have no place");
            }
            (false, _) => self.reject(primaries[1].place, "two conditions are `primary`; a finding has one place"),
        }
        if let Some(primary) = primaries.first().filter(|it| !rule.when.iter().any(|when| when.place == it.place)) {
            self.reject(primary.place, "only a `[[when]]` condition can be primary, since it always holds");
        }
        self.contradictions(rule);
    }

    fn contradictions(&mut self, rule: &Rule) {
        for (index, one) in rule.when.iter().enumerate() {
            for other in rule.when[index + 1..].iter().filter(|other| other.ask == one.ask) {
                if excludes(one, other) {
                    let message = "this condition and an earlier one on the same question can never both hold";
                    self.reject(other.place, message);
                }
            }
            for other in rule.unless.iter().filter(|other| other.ask == one.ask && other.test == one.test) {
                self.reject(other.place, "this is one of the `[[when]]` conditions, so the rule can never fire");
            }
        }
    }
}

/// Whether two tests of one answer can never both hold. Where the answer may be a list, which texts and counts are
/// compared with in other ways, only what holds for lists too is concluded.
fn excludes(one: &Condition, other: &Condition) -> bool {
    let ty = one.ask.question.ty;
    let assumes = [one, other].iter().any(|it| it.if_open == IfOpen::Assume);
    match (&one.test, &other.test) {
        (Test::Known(one), Test::Known(other)) => one != other,
        (Test::Known(known), _) | (_, Test::Known(known)) => !known && !assumes,
        (Test::Has(one), Test::Lacks(other)) | (Test::Lacks(one), Test::Has(other)) => one.eq_ignore_ascii_case(other),
        (Test::AtLeast(least), Test::AtMost(most)) | (Test::AtMost(most), Test::AtLeast(least)) => least > most,
        (one @ (Test::Is(_) | Test::OneOf(_)), other @ (Test::Is(_) | Test::OneOf(_))) => {
            !some_passes(one, other) && !some_passes(other, one)
        }
        (words @ (Test::Is(_) | Test::OneOf(_)), test) | (test, words @ (Test::Is(_) | Test::OneOf(_))) => match test {
            Test::AtLeast(_) | Test::AtMost(_) if ty == Type::Number => !some_passes(words, test),
            Test::Matches(_) if ty == Type::Text => !some_passes(words, test),
            _ => false,
        },
        _ => false,
    }
}

/// Whether one of the values that a test names passes the other.
fn some_passes(names: &Test, other: &Test) -> bool {
    let literals = match names {
        Test::Is(literal) => std::slice::from_ref(literal),
        Test::OneOf(literals) => literals,
        _ => return true,
    };
    literals.iter().any(|it| other.passes(&it.value()).unwrap_or(true))
}
