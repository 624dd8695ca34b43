//! Mutants of a rule file: the same rule with one thing dropped, flipped, weakened or changed.

use owalint::finding::{Confidence, Severity};
use owalint::model::attributes::ATTRIBUTES;
use owalint::model::ladder::STEPS;
use owalint::rule::ask::{Ask, Scope};
use owalint::rule::condition::{Condition, IfOpen};
use owalint::rule::load::Rule;
use owalint::rule::questions::{Question, open};
use owalint::rule::value::{Literal, Test, Type};

/// A rule file with one change.
pub(super) struct Mutant {
    /// What was changed.
    pub(super) name: String,
    /// The text with the change.
    pub(super) text: String,
}

/// A part of a rule file: its head, or one `[[table]]` with its number among those of its name.
#[derive(Clone)]
struct Part {
    table: String,
    number: usize,
    lines: Vec<String>,
}

/// All mutants of a rule; the text is that of its file, from which the rule was read.
pub(super) fn of(rule: &Rule, text: &str) -> Vec<Mutant> {
    let parts = parts(text);
    let mut mutants = Mutants { rule, parts: &parts, made: Vec::new() };
    mutants.head();
    for (index, part) in parts.iter().enumerate() {
        let Some(conditions) = conditions(rule, &part.table) else { continue };
        mutants.condition(index, conditions[part.number - 1]);
    }
    mutants.made
}

/// The conditions in the tables of one name, if that is a name of conditions.
pub(super) fn conditions<'r>(rule: &'r Rule, table: &str) -> Option<Vec<&'r Condition>> {
    match table {
        "when" => Some(rule.when.iter().collect()),
        "any" => Some(rule.any.iter().collect()),
        "unless" => Some(rule.unless.iter().collect()),
        "show" => Some(rule.show.iter().collect()),
        "soften" => Some(rule.soften.iter().map(|it| &it.condition).collect()),
        _ => None,
    }
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts = vec![Part { table: String::new(), number: 0, lines: Vec::new() }];
    for line in text.lines() {
        if let Some(table) = line.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]")) {
            let number = parts.iter().filter(|it| it.table == table).count() + 1;
            parts.push(Part { table: table.to_owned(), number, lines: Vec::new() });
        }
        if let Some(part) = parts.last_mut() {
            part.lines.push(line.to_owned());
        }
    }
    parts
}

impl Part {
    fn name(&self) -> String {
        if self.table.is_empty() { "head".to_owned() } else { format!("{} {}", self.table, self.number) }
    }

    fn line(&self, key: &str) -> Option<usize> {
        self.lines.iter().position(|line| line.split_once('=').is_some_and(|(name, _)| name.trim_end() == key))
    }

    fn value(&self, key: &str) -> Option<&str> {
        self.lines[self.line(key)?].split_once('=').map(|(_, value)| value.trim())
    }
}

struct Mutants<'p> {
    rule: &'p Rule,
    parts: &'p [Part],
    made: Vec<Mutant>,
}

impl Mutants<'_> {
    fn push(&mut self, index: usize, change: &str, lines: Vec<String>) {
        let name = format!("{}: {change}", self.parts[index].name());
        let mut parts = self.parts.to_vec();
        parts[index].lines = lines;
        let text = parts.into_iter().flat_map(|part| part.lines).map(|line| line + "\n").collect();
        self.made.push(Mutant { name, text });
    }

    /// Puts another line in the place of the one of a key, or none.
    fn replace(&mut self, index: usize, key: &str, line: Option<String>) {
        let mut lines = self.parts[index].lines.clone();
        let change = line.clone().unwrap_or_else(|| format!("no {key}"));
        match self.parts[index].line(key) {
            Some(at) => drop(lines.splice(at..=at, line)),
            None => lines.splice(1..1, line).for_each(drop),
        }
        self.push(index, &change, lines);
    }

    fn other_words<'w>(&mut self, index: usize, key: &str, words: impl Iterator<Item = &'w str>) {
        let Some(value) = self.parts[index].value(key) else { return };
        let others: Vec<&str> = words.filter(|word| value.trim_matches('"') != *word).collect();
        for word in others {
            self.replace(index, key, Some(format!("{key} = \"{word}\"")));
        }
    }

    fn head(&mut self) {
        self.other_words(0, "severity", Severity::WORDS.iter().map(|(word, _)| *word));
        self.other_words(0, "confidence", Confidence::WORDS.iter().map(|(word, _)| *word));
        self.other_words(0, "scope", Scope::WORDS.iter().map(|(word, _)| *word));
        let head = &self.parts[0];
        if let Some(event) = head.value("event").and_then(|it| it.parse::<u16>().ok()) {
            self.replace(0, "event", Some(format!("event = {}", event + 1)));
        }
        for key in ["event", "refines", "explains", "help"].into_iter().filter(|key| head.value(key).is_some()) {
            if key != "help" {
                self.replace(0, key, None);
            }
        }
        for key in ["step", "after"] {
            let Some(value) = head.value(key) else { continue };
            let at = STEPS.iter().position(|step| value.trim_matches('"') == step.name);
            let near = at.into_iter().flat_map(|at| [at.checked_sub(1), Some(at + 1)]).flatten();
            for step in near.filter_map(|at| STEPS.get(at)) {
                self.replace(0, key, Some(format!("{key} = \"{}\"", step.name)));
            }
            self.replace(0, key, None);
        }
    }

    fn condition(&mut self, index: usize, condition: &Condition) {
        let part = &self.parts[index];
        self.push(index, "dropped", Vec::new());
        for ask in other_questions(&condition.ask, self.rule.scope) {
            self.replace(index, "ask", Some(format!("ask = '{ask}'")));
        }
        for key in ["severity", "confidence", "label"] {
            if part.value(key).is_some() {
                self.replace(index, key, None);
            }
        }
        self.other_words(index, "severity", Severity::WORDS.iter().map(|(word, _)| *word));
        self.other_words(index, "confidence", Confidence::WORDS.iter().map(|(word, _)| *word));
        let if_open = IfOpen::WORDS.iter().filter(|(_, it)| *it != condition.if_open);
        for (word, _) in if_open {
            self.replace(index, "if-open", Some(format!("if-open = \"{word}\"")));
        }
        let key = key_of(&condition.test);
        for test in others(&condition.test, condition.ask.question.ty) {
            self.replace(index, key, Some(test));
        }
        let other_table = match part.table.as_str() {
            "when" => "[[unless]]",
            "any" | "unless" => "[[when]]",
            _ => return,
        };
        let mut lines = part.lines.clone();
        other_table.clone_into(&mut lines[0]);
        self.push(index, &format!("as {other_table}"), lines);
    }
}

/// Questions that a rule of this scope could ask in the place of one, with answers of the same type: the same question of
/// another side, and the two that stand beside it in the vocabulary; of an attribute of IIS the one before and the one
/// behind of its kind, of a property the one of the control panel, and the other way round.
fn other_questions(ask: &Ask, scope: Scope) -> Vec<String> {
    let written = ask.written(scope);
    let role = written.split_once('.').map_or("", |(role, _)| role);
    let same = |question: &Question| question.ty == ask.question.ty && question.is_open == ask.question.is_open;
    let with_argument = |name: String| {
        if ask.argument.is_empty() { name } else { format!("{name}.\"{}\"", ask.argument) }
    };
    let askable: Vec<(String, &Question)> = scope.askable().into_iter().filter(|(_, it)| same(it)).collect();
    let mut others: Vec<String> = askable
        .iter()
        .filter(|(name, it)| it.name == ask.question.name && !name.starts_with(&format!("{role}.")))
        .map(|(name, _)| with_argument(name.clone()))
        .collect();
    if ask.question.name == open::IIS {
        let (section, name) = ask.argument.split_once('@').unwrap_or_default();
        let kind = ATTRIBUTES.iter().find(|row| (row.section, row.name) == (section, name)).map(|row| row.kind);
        let rows: Vec<String> = ATTRIBUTES
            .iter()
            .filter(|row| Some(row.kind) == kind)
            .map(|row| format!("{role}.iis.\"{}@{}\"", row.section, row.name))
            .collect();
        others.extend(beside(&rows, &written));
    } else {
        let names: Vec<String> = askable
            .into_iter()
            .filter(|(name, it)| it.name != open::IIS && name.starts_with(&format!("{role}.")))
            .map(|(name, _)| with_argument(name))
            .collect();
        others.extend(beside(&names, &written));
    }
    others
}

/// What stands before and behind a word in a list of words, around its ends.
fn beside(words: &[String], word: &str) -> Vec<String> {
    let Some(at) = words.iter().position(|it| it == word) else { return Vec::new() };
    let mut near: Vec<String> =
        [at + words.len() - 1, at + 1].iter().map(|index| words[index % words.len()].clone()).collect();
    near.dedup();
    near.retain(|it| it != word);
    near
}

fn key_of(test: &Test) -> &'static str {
    match test {
        Test::Is(_) => "is",
        Test::OneOf(_) => "one-of",
        Test::Has(_) => "has",
        Test::Lacks(_) => "lacks",
        Test::Matches(_) => "matches",
        Test::AtLeast(_) => "at-least",
        Test::AtMost(_) => "at-most",
        Test::Known(_) => "known",
    }
}

/// Other tests to put in the place of one: its opposite, and weaker and stronger ones.
fn others(test: &Test, ty: Type) -> Vec<String> {
    let mut others = match test {
        Test::Known(known) => return vec![format!("known = {}", !known)],
        Test::Is(Literal::Boolean(value)) => vec![format!("is = {}", !value)],
        Test::Is(value) => vec![one_of(&without(ty, std::slice::from_ref(value)))],
        Test::OneOf(values) => one_less(values, ty),
        Test::Has(item) => vec![format!("lacks = \"{item}\"")],
        Test::Lacks(item) => vec![format!("has = \"{item}\"")],
        Test::AtLeast(number) => {
            vec![
                format!("at-least = {}", number - 1),
                format!("at-least = {}", number + 1),
                format!("at-most = {}", number - 1),
            ]
        }
        Test::AtMost(number) => {
            vec![
                format!("at-most = {}", number - 1),
                format!("at-most = {}", number + 1),
                format!("at-least = {}", number + 1),
            ]
        }
        Test::Matches(_) => vec!["is = \"\"".to_owned()],
    };
    others.extend(["known = true".to_owned(), "known = false".to_owned()]);
    others.retain(|other| !other.ends_with("[]"));
    others
}

fn one_less(values: &[Literal], ty: Type) -> Vec<String> {
    let fewer = (0..values.len()).map(|index| {
        let mut fewer = values.to_vec();
        fewer.remove(index);
        one_of(&fewer)
    });
    fewer.chain([one_of(&without(ty, values))]).collect()
}

/// The words that a question may answer with, but for these.
fn without(ty: Type, values: &[Literal]) -> Vec<Literal> {
    let Type::Words(words) = ty else { return Vec::new() };
    words.iter().map(|word| Literal::Text((*word).to_owned())).filter(|word| !values.contains(word)).collect()
}

fn one_of(values: &[Literal]) -> String {
    let words: Vec<String> = values
        .iter()
        .map(|value| match value {
            Literal::Text(text) => format!("\"{text}\""),
            Literal::Number(number) => number.to_string(),
            Literal::Boolean(value) => value.to_string(),
        })
        .collect();
    format!("one-of = [{}]", words.join(", "))
}
