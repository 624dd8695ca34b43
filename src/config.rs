//! The configuration, `owalint.toml`: which rules are asked, how grave findings are, what is set aside, what fails.

pub mod baseline;
pub mod choice;
pub mod date;
pub mod entry;
pub mod intent;
pub mod pattern;
pub mod policy;
pub mod reach;

use std::collections::BTreeMap;

use self::choice::{Chosen, EXACT, is_input};
use self::date::Date;
use self::entry::{Override, Suppression};
use crate::finding::{Confidence, Severity};
use crate::read::problem::{PROBLEMS, Problem, ProblemKind, ProblemRow};
use crate::read::toml::{self, Entry, Fields, Table, nearest};
use crate::rule::book::Book;
use crate::text::source::Source;
use crate::text::span::SourceId;

/// The name under which the configuration is found.
pub const FILE_NAME: &str = "owalint.toml";

/// The words for severities; `off` is none.
pub const SEVERITIES: [(&str, Option<Severity>); 4] = [
    ("error", Some(Severity::Error)),
    ("warning", Some(Severity::Warning)),
    ("info", Some(Severity::Info)),
    ("off", None),
];

const KIND: ProblemKind = ProblemKind::RejectedConfiguration;

/// What the configuration and the flags say.
#[derive(Debug, Clone, Default)]
pub struct Config {
    severities: BTreeMap<String, Graded>,
    select: Chosen,
    ignore: Chosen,
    /// Whether `select` comes from the command line, which goes before the file.
    selected_by_flag: bool,
    /// The severities of some findings in some places, in the order of the file.
    pub overrides: Vec<Override>,
    /// What is set aside, in the order of the file.
    pub suppressions: Vec<Suppression>,
    /// What fails a run, where the file says so.
    pub thresholds: Thresholds,
}

/// The severity of a rule, and how precisely the word for it names the rule.
#[derive(Debug, Clone, Copy)]
struct Graded {
    severity: Option<Severity>,
    precision: usize,
}

/// What fails a run: the defaults of the flags of the same names.
#[derive(Debug, Clone, Copy, Default)]
pub struct Thresholds {
    /// `fail-on`: the severity from which a finding fails it.
    pub fail_on: Option<Severity>,
    /// `fail-confidence`: the confidence from which a finding fails it.
    pub fail_confidence: Option<Confidence>,
    /// `max-warnings`: how many warnings do not fail it.
    pub max_warnings: Option<usize>,
    /// `allow-incomplete`: whether open questions do not fail it.
    pub allow_incomplete: Option<bool>,
}

impl Config {
    /// Reads a configuration file as it stands today.
    ///
    /// # Errors
    /// Every mistake in it, with its place.
    pub fn read(id: SourceId, source: &Source, book: &Book, today: Date) -> Result<Config, Vec<Problem>> {
        let mut fields = Fields::new(toml::read(source.text(), id, KIND)?, KIND);
        let mut config = Config { thresholds: Thresholds::read(&mut fields), ..Config::default() };
        let mut problems = Vec::new();
        if let Some(table) = fields.table("rules") {
            config.choose(table, book, &mut problems);
        }
        for entry in fields.table("severity").map(|table| table.entries).unwrap_or_default() {
            config.grade(entry, book, &mut fields);
        }
        for table in fields.tables("override") {
            config.overrides.extend(Override::read(table, book, &mut problems));
        }
        for table in fields.tables("suppress") {
            config.suppressions.extend(Suppression::read(table, book, today, &mut problems));
        }
        problems.extend(fields.finish());
        problems.sort_by_key(|it| (it.span.start, it.span.end));
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }

    /// Takes in the flags `--select` and `--ignore`. The former takes the place of all that the file selects and
    /// ignores, the latter is added to it.
    ///
    /// # Errors
    /// A word that chooses no rule, or one about inputs that is to be ignored, in words for the command line.
    pub fn narrow(&mut self, select: &[String], ignore: &[String], book: &Book) -> Result<(), String> {
        if !select.is_empty() {
            (self.select, self.ignore, self.selected_by_flag) = (Chosen::new(), Chosen::new(), true);
        }
        for word in select {
            choice::add(&mut self.select, choice::choose(word, book)?);
        }
        for word in ignore {
            let mut choice = ignorable(word, book)?;
            if !self.selected_by_flag {
                choice.precision = EXACT;
            }
            choice::add(&mut self.ignore, choice);
        }
        Ok(())
    }

    /// The severity that a rule's findings have, by their own; `None` where the rule is not asked. Problems of inputs
    /// are told whatever is selected or ignored, since that must not hide that something could not be read.
    pub fn severity(&self, rule: &str, severity: Severity) -> Option<Severity> {
        let wanted = self.severities.get(rule);
        if is_input(rule) {
            return wanted.and_then(|it| it.severity).or(Some(severity));
        }
        let picked = self.select.get(rule);
        let left_out = picked.is_none() && !self.select.is_empty();
        let ignored = self.ignore.get(rule).is_some_and(|ignored| picked.is_none_or(|picked| ignored >= picked));
        if left_out || ignored {
            return None;
        }
        match wanted {
            None => Some(severity),
            Some(Graded { severity: Some(wanted), .. }) => Some(*wanted),
            Some(off) => {
                let asked_for = picked.filter(|_| self.selected_by_flag).is_some_and(|picked| *picked >= off.precision);
                asked_for.then_some(severity)
            }
        }
    }

    /// Whether a rule is asked at all.
    pub fn asks(&self, rule: &str) -> bool {
        self.severity(rule, Severity::Error).is_some()
    }

    /// Takes in the table `[rules]`.
    fn choose(&mut self, table: Table<'_>, book: &Book, problems: &mut Vec<Problem>) {
        let mut fields = Fields::new(table, KIND);
        for word in fields.texts("select").unwrap_or_default() {
            match choice::choose(&word.text, book) {
                Ok(choice) => choice::add(&mut self.select, choice),
                Err(message) => fields.reject(word.span, message),
            }
        }
        for word in fields.texts("ignore").unwrap_or_default() {
            match ignorable(&word.text, book) {
                Ok(choice) => choice::add(&mut self.ignore, choice),
                Err(message) => fields.reject(word.span, message),
            }
        }
        problems.extend(fields.finish());
    }

    /// Takes in one entry of `[severity]`; of two that name a rule, the more precise one holds.
    fn grade<'t>(&mut self, entry: Entry<'t>, book: &Book, fields: &mut Fields<'t>) {
        let Entry { key, node } = entry;
        let Some(word) = fields.as_text(node) else { return };
        let choice = match choice::choose(&key.text, book) {
            Ok(choice) => choice,
            Err(message) => return fields.reject(key.span, message),
        };
        let Some((severity, span)) = fields.as_word(&word, &SEVERITIES) else { return };
        let is_softened =
            |row: &&ProblemRow| choice.ids.iter().any(|id| id == row.id) && softens(row.severity, severity);
        if let Some(row) = PROBLEMS.iter().find(is_softened) {
            let floor = floor(row.severity).word();
            let message = format!("{} is about inputs, and cannot be made less than {floor}", row.id);
            return fields.reject(span, message);
        }
        let graded = Graded { severity, precision: choice.precision };
        for id in choice.ids {
            match self.severities.get(&id) {
                Some(other) if other.precision == graded.precision => {
                    fields.reject(key.span, format!("the severity of {id} stands here twice"));
                }
                Some(other) if other.precision > graded.precision => {}
                _ => {
                    self.severities.insert(id, graded);
                }
            }
        }
    }
}

impl Thresholds {
    fn read(fields: &mut Fields<'_>) -> Thresholds {
        let max_warnings = fields.integer("max-warnings").and_then(|(number, span)| {
            let number = usize::try_from(number).ok();
            if number.is_none() {
                fields.reject(span, "a number from 0 on is wanted here");
            }
            number
        });
        Thresholds {
            fail_on: fields.word("fail-on", &Severity::WORDS).map(|(severity, _)| severity),
            fail_confidence: fields.word("fail-confidence", &Confidence::WORDS).map(|(confidence, _)| confidence),
            max_warnings,
            allow_incomplete: fields.boolean("allow-incomplete").map(|(value, _)| value),
        }
    }
}

/// The least that a finding about an input may be made: an error stays one, so that no run passes over it, and
/// anything else is at least a note.
fn floor(own: Severity) -> Severity {
    if own == Severity::Error { Severity::Error } else { Severity::Info }
}

fn softens(own: Severity, wanted: Option<Severity>) -> bool {
    wanted.is_none_or(|wanted| wanted < floor(own))
}

/// The rules that a word chooses, if they can be ignored.
fn ignorable(word: &str, book: &Book) -> Result<choice::Choice, String> {
    let choice = choice::choose(word, book)?;
    if choice.ids.iter().any(|id| is_input(id)) {
        return Err(format!("`{word}` is about inputs: what could not be read is always told and cannot be ignored"));
    }
    Ok(choice)
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
