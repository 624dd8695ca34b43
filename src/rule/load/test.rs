//! The tests of conditions: one each, of a type that fits the question.

use crate::read::toml::{self, Fields, Node, Value as Toml};
use crate::rule::ask::Ask;
use crate::rule::glob::Glob;
use crate::rule::load::Reading;
use crate::rule::schema::TESTS;
use crate::rule::value::{Literal, Test, Type};
use crate::text::span::Span;

impl Reading {
    /// The one test of a condition.
    pub(super) fn only_test(&mut self, fields: &mut Fields<'_>, ask: Option<&Ask>) -> Option<Test> {
        let ty = ask.map(|ask| ask.question.ty);
        let before = self.problems.len();
        let mut found: Vec<(Span, Option<Test>)> = Vec::new();
        for name in TESTS {
            if let Some((key, node)) = fields.take(name) {
                found.push((key.span, self.test(name, node, ty)));
            }
        }
        match found.len() {
            0 => {
                self.reject(
                    fields.head(),
                    "a test is missing: `is`, `one-of`, `has`, `lacks`, `matches`, `at-least`, `at-most` or `known`",
                );
                None
            }
            1 => found.pop().and_then(|(_, test)| test),
            _ => {
                if self.problems.len() == before {
                    self.reject(found[1].0, "a condition has one test; write a second condition for another");
                }
                None
            }
        }
    }

    fn test(&mut self, name: &str, node: Node<'_>, ty: Option<Type>) -> Option<Test> {
        let list = |ty: Option<Type>| ty.is_none_or(|it| matches!(it, Type::List | Type::Flags(_) | Type::Any));
        let number =
            |ty: Option<Type>| ty.is_none_or(|it| matches!(it, Type::Number | Type::List | Type::Flags(_) | Type::Any));
        let text =
            |ty: Option<Type>| ty.is_none_or(|it| matches!(it, Type::Text | Type::Words(_) | Type::List | Type::Any));
        let fitting = match name {
            "has" | "lacks" => list(ty),
            "at-least" | "at-most" => number(ty),
            "matches" => text(ty),
            _ => true,
        };
        if !fitting {
            let answers = ty.map(Type::words).unwrap_or_default();
            self.reject(node.span, format!("`{name}` does not fit: the question answers with {answers}"));
            return None;
        }
        match name {
            "is" => self.literal(&node, ty).map(Test::Is),
            "one-of" => self.literals(node, ty),
            "has" => self.item(&node, ty).map(Test::Has),
            "lacks" => self.item(&node, ty).map(Test::Lacks),
            "matches" => self.glob(&node).map(Test::Matches),
            "at-least" => self.number(&node).map(Test::AtLeast),
            "at-most" => self.number(&node).map(Test::AtMost),
            _ => match node.value {
                Toml::Boolean(value) => Some(Test::Known(value)),
                _ => self.wrong(&node, "true or false"),
            },
        }
    }

    fn literals(&mut self, node: Node<'_>, ty: Option<Type>) -> Option<Test> {
        let span = node.span;
        let Toml::List(items) = node.value else { return self.wrong(&node, "a list of values") };
        if items.is_empty() {
            self.reject(span, "nothing is one of no values: this condition can never hold");
            return None;
        }
        items.iter().map(|item| self.literal(item, ty)).collect::<Option<Vec<_>>>().map(Test::OneOf)
    }

    /// A value that an answer of this type can be compared with.
    fn literal(&mut self, node: &Node<'_>, ty: Option<Type>) -> Option<Literal> {
        let literal = match &node.value {
            Toml::Boolean(value) => Literal::Boolean(*value),
            Toml::Integer(value) => Literal::Number(*value),
            Toml::Text(value) => Literal::Text(value.text.to_string()),
            _ => return self.wrong(node, "true, false, a number or a text"),
        };
        let fits = match (ty, &literal) {
            (None | Some(Type::Any), _)
            | (Some(Type::Boolean), Literal::Boolean(_))
            | (Some(Type::Number), Literal::Number(_))
            | (Some(Type::Text), Literal::Text(_)) => true,
            (Some(Type::Words(words)), Literal::Text(word)) => return self.one_of_words(node, word, words, &literal),
            _ => false,
        };
        if fits {
            return Some(literal);
        }
        let answers = ty.map(Type::words).unwrap_or_default();
        let hint = if matches!(ty, Some(Type::List | Type::Flags(_))) { "; use `has` or `lacks`" } else { "" };
        self.reject(
            node.span,
            format!("{} does not fit: the question answers with {answers}{hint}", literal.written()),
        );
        None
    }

    fn one_of_words(&mut self, node: &Node<'_>, word: &str, words: &[&str], literal: &Literal) -> Option<Literal> {
        if words.contains(&word) || word.is_empty() {
            return Some(literal.clone());
        }
        let hint = match toml::nearest(word, words.iter().copied()) {
            Some(near) => format!("; did you mean `{near}`?"),
            None => String::new(),
        };
        self.reject(
            node.span,
            format!("`{word}` is none of `{}`: this condition can never hold{hint}", words.join("`, `")),
        );
        None
    }

    /// An item of a list; of a list of known words only one of them.
    fn item(&mut self, node: &Node<'_>, ty: Option<Type>) -> Option<String> {
        let item = self.word(node)?;
        match ty {
            Some(Type::Flags(words)) if !words.iter().any(|word| word.eq_ignore_ascii_case(&item)) => {
                self.one_of_words(node, &item, words, &Literal::Text(String::new()));
                None
            }
            _ => Some(item),
        }
    }

    fn word(&mut self, node: &Node<'_>) -> Option<String> {
        match &node.value {
            Toml::Text(text) => Some(text.text.to_string()),
            _ => self.wrong(node, "a text"),
        }
    }

    fn glob(&mut self, node: &Node<'_>) -> Option<Glob> {
        let Toml::Text(text) = &node.value else { return self.wrong(node, "a text") };
        match Glob::parse(&text.text) {
            Ok(glob) => Some(glob),
            Err((range, message)) => {
                self.reject(text.part(range), message);
                None
            }
        }
    }

    fn number(&mut self, node: &Node<'_>) -> Option<i64> {
        match node.value {
            Toml::Integer(number) => Some(number),
            _ => self.wrong(node, "an integer"),
        }
    }

    fn wrong<T>(&mut self, node: &Node<'_>, wanted: &str) -> Option<T> {
        self.reject(node.span, format!("{wanted} is wanted here, this is {}", node.value.kind()));
        None
    }
}
