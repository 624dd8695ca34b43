//! The rules in force: those built into the binary, and those that the user adds.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::model::registry::wanted;
use crate::read::problem::{Problem, ProblemKind};
use crate::read::reg::Wanted;
use crate::read::toml::nearest;
use crate::read::toml::parsed::{Parsed, Part};
use crate::rule::load::{self, Rule};
use crate::rule::questions::registry_key;
use crate::text::decode::decode;
use crate::text::source::{Source, Sources};
use crate::text::span::{SourceId, Span};

include!(concat!(env!("OUT_DIR"), "/built_in_rules.rs"));

/// Every rule in force, by id.
#[derive(Debug, Default)]
pub struct Book {
    rules: BTreeMap<String, Rule>,
}

/// A rule file of the user's own.
#[derive(Debug, Clone)]
pub struct RuleFile {
    /// The path as given.
    pub path: String,
    /// The content.
    pub bytes: Vec<u8>,
}

impl Book {
    /// Reads the built-in rules and the user's own; mistakes in them are problems at their place.
    pub fn open(own: Vec<RuleFile>, sources: &mut Sources) -> (Book, Vec<Problem>) {
        let mut book = Book::default();
        let mut problems = Vec::new();
        let ours = BUILT_IN.iter().zip(PARSED).map(|((id, text), parsed)| {
            (sources.add(Source::built_in(format!("rules/{id}.toml"), text)), Some((*text, parsed)))
        });
        let mut files: Vec<(SourceId, Option<(&str, &Parsed)>)> = ours.collect();
        files.extend(own.into_iter().map(|it| (sources.add(Source::outside(it.path, decode(it.bytes))), None)));
        let read_one = |(id, parsed): &(SourceId, Option<(&'static str, &Parsed)>)| {
            let source = sources.get(*id);
            match parsed {
                Some((text, parsed)) => load::from_table(stem(source.path()), parsed.table(text, *id), *id),
                None => load::read(stem(source.path()), source.text(), *id),
            }
        };
        let read: Vec<_> = files.par_iter().map(read_one).collect();
        for ((id, parsed), rule) in files.into_iter().zip(read) {
            match rule {
                // That ids and names of the built-in rules differ is tested.
                Ok(rule) if parsed.is_some() => {
                    book.rules.insert(rule.id.clone(), rule);
                }
                rule => problems.extend(book.take(rule, sources.get(id), id)),
            }
        }
        problems.extend(book.references());
        (book, problems)
    }

    /// The rules by id.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values()
    }

    /// What of registry files is kept so that every rule can be asked.
    pub fn wanted(&self) -> Wanted {
        let asks = self.rules.values().flat_map(Rule::conditions).map(|condition| &condition.ask);
        wanted(asks.filter_map(registry_key))
    }

    /// The rule with this id, in any case.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules
            .get(id)
            .or_else(|| self.rules.values().find(|rule| rule.id.eq_ignore_ascii_case(id) || rule.name == id))
    }

    fn take(&mut self, rule: Result<Rule, Vec<Problem>>, source: &Source, place: SourceId) -> Vec<Problem> {
        let id = stem(source.path()).to_owned();
        let head = Span::new(place, 0, source.text().lines().next().map_or(0, str::len));
        let reject = |message: String| vec![Problem::new(ProblemKind::RejectedRule, head, message)];
        if !is_id(&id) {
            return reject(format!(
                "the name of the file is the id of the rule, and `{id}` is none: letters, digits, hyphens and underscores are wanted, and not INP"
            ));
        }
        if self.rules.keys().any(|known| known.eq_ignore_ascii_case(&id)) {
            return reject(format!("the name of the file is the id of the rule, and there is a rule {id} already"));
        }
        match rule {
            Err(problems) => problems,
            Ok(rule) => match self.rules.values().find(|other| other.name == rule.name) {
                Some(other) => {
                    let message = format!("rule {} is called `{}` already", other.id, other.name);
                    vec![Problem::new(ProblemKind::RejectedRule, rule.places.name, message)]
                }
                None => {
                    self.rules.insert(id, rule);
                    Vec::new()
                }
            },
        }
    }

    /// Rules that refine or explain a rule that does not exist.
    fn references(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for rule in self.rules.values() {
            let named =
                [("refines", &rule.refines, rule.places.refines), ("explains", &rule.explains, rule.places.explains)];
            for (key, other, place) in named {
                let Some(other) = other.as_ref().filter(|other| !self.rules.contains_key(*other)) else { continue };
                let near = nearest(other, self.rules.keys().map(String::as_str));
                let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                let message = format!("`{key}`: there is no rule {other}{hint}");
                problems.push(Problem::new(ProblemKind::RejectedRule, place, message));
            }
        }
        problems
    }
}

/// The name of a rule file without its ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.strip_suffix(".toml").unwrap_or(name)
}

impl FromIterator<Rule> for Book {
    fn from_iter<I: IntoIterator<Item = Rule>>(rules: I) -> Book {
        Book { rules: rules.into_iter().map(|rule| (rule.id.clone(), rule)).collect() }
    }
}

/// Whether a text can be the id of a rule, and so the stem of its file.
pub fn is_id(id: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !id.is_empty() && id.bytes().all(is_part) && !id.to_ascii_uppercase().starts_with("INP-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::toml;

    #[test]
    fn built_in_rules_are_what_their_texts_say() {
        assert_eq!(BUILT_IN.len(), PARSED.len());
        for ((id, text), parsed) in BUILT_IN.iter().zip(PARSED) {
            let source = SourceId(7);
            let wanted = toml::read(text, source, ProblemKind::RejectedRule);
            assert_eq!(Ok(parsed.table(text, source)), wanted, "{id}");
            let rule = load::from_table(id, parsed.table(text, source), source);
            assert_eq!(format!("{rule:?}"), format!("{:?}", load::read(id, text, source)), "{id}");
            assert!(rule.is_ok(), "{id}");
        }
    }

    #[test]
    fn ids_and_names_of_built_in_rules_differ() {
        let (book, _) = Book::open(Vec::new(), &mut Sources::default());
        let words = book.rules().flat_map(|rule| [rule.id.to_lowercase(), rule.name.clone()]);
        let words: std::collections::BTreeSet<String> = words.collect();
        assert_eq!(words.len(), 2 * BUILT_IN.len());
        assert!(BUILT_IN.iter().all(|(id, _)| is_id(id)));
    }
}
