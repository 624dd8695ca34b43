//! The configuration, `owalint.toml`: which rules are asked, and how grave their findings are.

use std::collections::BTreeMap;

use crate::finding::Severity;
use crate::read::problem::{PROBLEMS, Problem, ProblemKind};
use crate::read::toml::{self, Fields, nearest};
use crate::rule::book::Book;
use crate::text::source::Source;
use crate::text::span::SourceId;

/// The name under which the configuration is found.
pub const FILE_NAME: &str = "owalint.toml";

/// What the configuration and the flags say.
#[derive(Debug, Clone, Default)]
pub struct Config {
    severities: BTreeMap<String, Option<Severity>>,
    select: Vec<String>,
    ignore: Vec<String>,
}

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    /// Every mistake in it, with its place.
    pub fn read(id: SourceId, source: &Source, book: &Book) -> Result<Config, Vec<Problem>> {
        const WORDS: [(&str, Option<Severity>); 4] = [
            ("error", Some(Severity::Error)),
            ("warning", Some(Severity::Warning)),
            ("info", Some(Severity::Info)),
            ("off", None),
        ];
        let kind = ProblemKind::RejectedConfiguration;
        let mut fields = Fields::new(toml::read(source.text(), id, kind)?, kind);
        let mut config = Config::default();
        let mut problems = Vec::new();
        for entry in fields.table("severity").map(|table| table.entries).unwrap_or_default() {
            let key = entry.key.clone();
            let Some(word) = fields.as_text(entry.node) else { continue };
            let id = match rule_id(&key.text, book) {
                Ok(id) => id,
                Err(message) => {
                    problems.push(Problem::new(kind, key.span, message));
                    continue;
                }
            };
            match WORDS.iter().find(|(known, _)| *known == word.text) {
                Some((_, severity)) => {
                    config.severities.insert(id, *severity);
                }
                None => {
                    let near = nearest(&word.text, WORDS.iter().map(|(word, _)| *word));
                    let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                    let message = format!("`{}` is none of `error`, `warning`, `info`, `off`{hint}", word.text);
                    problems.push(Problem::new(kind, word.span, message));
                }
            }
        }
        problems.extend(fields.finish());
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }

    /// Takes in the flags `--select` and `--ignore`.
    ///
    /// # Errors
    /// A rule that does not exist, in words for the command line.
    pub fn narrow(&mut self, select: Vec<String>, ignore: Vec<String>, book: &Book) -> Result<(), String> {
        let ids = |names: Vec<String>| names.iter().map(|name| rule_id(name, book)).collect::<Result<Vec<_>, _>>();
        (self.select, self.ignore) = (ids(select)?, ids(ignore)?);
        Ok(())
    }

    /// The severity that a rule's findings have, by their own; `None` where the rule is not asked. Problems of inputs
    /// are told whatever is selected or ignored, since that must not hide that something could not be read.
    pub fn severity(&self, rule: &str, severity: Severity) -> Option<Severity> {
        let named = |ids: &[String]| ids.iter().any(|id| id == rule);
        let is_input = rule.starts_with("INP-");
        let chosen = self.select.is_empty() || is_input || named(&self.select);
        let silenced = !chosen || named(&self.ignore);
        let wanted = self.severities.get(rule).copied().unwrap_or(Some(severity)).filter(|_| !silenced);
        if is_input { wanted.or(Some(severity)) } else { wanted }
    }

    /// Whether a rule is asked at all.
    pub fn asks(&self, rule: &str) -> bool {
        self.severity(rule, Severity::Error).is_some()
    }
}

/// The id of the rule that is named by its id, in any case, or by its name.
///
/// # Errors
/// That there is no such rule, with the nearest one.
pub fn rule_id(word: &str, book: &Book) -> Result<String, String> {
    let ids = || {
        book.rules()
            .map(|rule| (rule.id.as_str(), rule.name.as_str()))
            .chain(PROBLEMS.iter().map(|row| (row.id, row.name)))
    };
    if let Some((id, _)) = ids().find(|(id, name)| id.eq_ignore_ascii_case(word) || *name == word) {
        return Ok(id.to_owned());
    }
    let near = nearest(word, ids().flat_map(|(id, name)| [id, name]));
    let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    Err(format!("there is no rule `{word}`{hint}"))
}
