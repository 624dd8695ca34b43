//! Choices of rules: by id, by name, or by the beginning that the ids of a family share.

use std::collections::BTreeMap;

use crate::config::rule_id;
use crate::read::problem::PROBLEMS;
use crate::read::toml::nearest;
use crate::rule::book::Book;

/// How precise a choice is that names one rule; a family is as precise as its beginning is long.
pub const EXACT: usize = usize::MAX;

/// The rules that one word chooses.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Their ids.
    pub ids: Vec<String>,
    /// How precise the word is; the greater the preciser.
    pub precision: usize,
}

/// How precisely rules are chosen: by id, the most precise word that chooses it.
pub type Chosen = BTreeMap<String, usize>;

/// The rules that a word chooses.
///
/// # Errors
/// That it chooses none, with the nearest word that would.
pub fn choose(word: &str, book: &Book) -> Result<Choice, String> {
    if let Ok(id) = rule_id(word, book) {
        return Ok(Choice { ids: vec![id], precision: EXACT });
    }
    let ids: Vec<String> = ids(book).filter(|id| is_family(word, id)).map(str::to_owned).collect();
    if !ids.is_empty() {
        return Ok(Choice { ids, precision: word.trim_end_matches('-').len() });
    }
    let names = book.rules().map(|rule| rule.name.as_str()).chain(PROBLEMS.iter().map(|row| row.name));
    let near = nearest(word, self::ids(book).map(family).chain(self::ids(book)).chain(names));
    let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    Err(format!("there is no rule `{word}`{hint}"))
}

/// Takes what a word chooses into what was chosen so far.
pub fn add(chosen: &mut Chosen, choice: Choice) {
    for id in choice.ids {
        let precision = chosen.entry(id).or_default();
        *precision = choice.precision.max(*precision);
    }
}

/// Whether a rule is about inputs. What could not be read is told whatever is chosen or set.
pub fn is_input(id: &str) -> bool {
    id.starts_with("INP-")
}

fn ids(book: &Book) -> impl Iterator<Item = &str> {
    book.rules().map(|rule| rule.id.as_str()).chain(PROBLEMS.iter().map(|row| row.id))
}

/// The part of an id before the first hyphen.
fn family(id: &str) -> &str {
    id.split('-').next().unwrap_or(id)
}

/// Whether a word is the beginning of an id and holds at least its family: `HYG`, `HYG-2`, but not `HY`.
fn is_family(word: &str, id: &str) -> bool {
    word.len() >= family(id).len() && id.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word))
}
