//! The baseline: findings that were there before, which do not fail a run, one entry for each pair.

pub mod change;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::config::choice::is_input;
use crate::finding::{Finding, Severity, fingerprint, owner};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::toml::{self, Fields, Table};
use crate::text::scalar::Scalar;
use crate::text::secret::masked;
use crate::text::show::is_hostile;
use crate::text::source::Source;
use crate::text::span::{SourceId, Span};

/// The version of the file's form.
const SCHEMA: &str = "owalint.baseline/1";

const KIND: ProblemKind = ProblemKind::RejectedBaseline;

/// What was there before.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    entries: BTreeMap<u128, Entry>,
}

/// A finding that was there before. Rule, servers, object and cause are what it is known by; the rest is for readers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The rule.
    pub rule: String,
    /// The names of the sources.
    pub sources: Vec<String>,
    /// The names of the targets.
    pub targets: Vec<String>,
    /// What it is about beside them.
    pub object: String,
    /// The normalised cause, without secrets.
    pub cause: String,
    /// How often it is held back.
    pub count: usize,
    /// How grave it was; what has become graver is not held back.
    pub severity: Severity,
    /// The headline that it had.
    pub message: String,
    /// Where it stands in the file.
    pub place: Option<Span>,
}

/// A baseline and what it met.
#[derive(Debug)]
pub struct Met<'b> {
    baseline: &'b Baseline,
    /// The entries by rule and object.
    by_object: BTreeMap<(&'b str, &'b str), Vec<u128>>,
    counts: BTreeMap<u128, usize>,
}

/// Whether a baseline may hold findings of this rule back. What could not be read, or not be believed, is no fault that
/// one can live with: an all-clear would rest on it.
pub fn can_hold(rule: &str) -> bool {
    !is_input(rule) && !rule.starts_with("INC-")
}

impl Baseline {
    /// Reads a baseline file.
    ///
    /// # Errors
    /// Every mistake in it, with its place.
    pub fn read(id: SourceId, source: &Source) -> Result<Baseline, Vec<Problem>> {
        let mut fields = Fields::new(toml::read(source.text(), id, KIND)?, KIND);
        let mut baseline = Baseline::default();
        if source.text().trim().is_empty() {
            return Err(vec![Problem::new(KIND, Span::file(id), "this file is empty, and no baseline")]);
        }
        fields.require(&["schema", "findings"]);
        fields.word("schema", &[(SCHEMA, ())]);
        let mut problems = Vec::new();
        for table in fields.tables("findings") {
            let Some(entry) = Entry::read(table, &mut problems) else { continue };
            let (key, place) = (entry.key(), entry.place);
            let earlier = baseline.entries.insert(key, entry).and_then(|it| it.place);
            if let (Some(earlier), Some(place)) = (earlier, place) {
                let problem = Problem::new(KIND, place, "this finding stands here twice; `count` says how often it is");
                problems.push(problem.see(earlier, "the first time"));
            }
        }
        problems.extend(fields.finish());
        problems.sort_by_key(|it| (it.span.start, it.span.end));
        if problems.is_empty() { Ok(baseline) } else { Err(problems) }
    }

    /// The entries in the order of the file: by rule, servers, object and cause.
    pub fn entries(&self) -> Vec<&Entry> {
        let mut entries: Vec<&Entry> = self.entries.values().collect();
        entries.sort();
        entries
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The file: one entry a line, sorted, so that a change of it reads as what it is.
    pub fn written(&self) -> String {
        let mut out = format!(
            "# Findings that were there before: `owalint check --baseline` counts them, and they do not fail the run.\n\
             # Written by `owalint baseline add`; `owalint baseline prune` removes what is gone.\n\
             schema = \"{SCHEMA}\"\nfindings = [\n"
        );
        for entry in self.entries() {
            entry.write(&mut out);
        }
        out.push_str("]\n");
        out
    }
}

impl Entry {
    /// What a finding is known by, and what it says; not counted yet.
    fn of(finding: &Finding) -> Entry {
        let from = finding.sources.join(", ");
        let to = finding.targets.join(", ");
        let mut message = finding.message.clone();
        message.values.push(("target", to.clone()));
        message.values.insert(0, ("server", if from.is_empty() { to } else { from.clone() }));
        Entry {
            rule: finding.rule.clone(),
            sources: finding.sources.clone(),
            targets: finding.targets.clone(),
            object: finding.object.clone(),
            cause: masked(&finding.cause).into_owned(),
            count: 0,
            severity: finding.severity,
            message: message.render(&from),
            place: None,
        }
    }

    fn read(table: Table<'_>, problems: &mut Vec<Problem>) -> Option<Entry> {
        let mut fields = Fields::new(table, KIND);
        let place = fields.head();
        fields.require(&["rule", "severity", "count"]);
        let rule = fields.text("rule");
        if let Some(rule) = rule.as_ref().filter(|rule| !can_hold(&rule.text)) {
            let message = format!("{} cannot be held back: it says that something could not be checked", rule.text);
            fields.reject(rule.span, message);
        }
        let names =
            |texts: Option<Vec<Scalar<'_>>>| texts.into_iter().flatten().map(|it| it.text.to_string()).collect();
        let text = |text: Option<Scalar<'_>>| text.map_or_else(String::new, |it| it.text.to_string());
        let count = fields.integer("count");
        if let Some((_, span)) = count.filter(|(count, _)| *count < 1) {
            fields.reject(span, "a number from 1 on is wanted here");
        }
        let entry = Entry {
            sources: names(fields.texts("sources")),
            targets: names(fields.texts("targets")),
            object: text(fields.text("object")),
            cause: text(fields.text("cause")),
            count: count.and_then(|(count, _)| usize::try_from(count).ok()).unwrap_or_default(),
            severity: fields.word("severity", &Severity::WORDS).map_or(Severity::Info, |(severity, _)| severity),
            message: text(fields.text("message")),
            place: Some(place),
            rule: rule.map_or_else(String::new, |it| it.text.to_string()),
        };
        let faults = fields.finish();
        let is_sound = faults.is_empty();
        problems.extend(faults);
        is_sound.then_some(entry)
    }

    /// What it is about one by one, if it is about several alike: its cause lists them.
    pub fn parts(&self) -> Vec<String> {
        let mut parts = vec![String::new()];
        let mut depth = 0_usize;
        for piece in self.cause.split_inclusive(", ") {
            if let Some(part) = parts.last_mut() {
                part.push_str(piece);
            }
            depth = (depth + piece.matches('(').count()).saturating_sub(piece.matches(')').count());
            if depth == 0 && piece.ends_with(", ") {
                parts.push(String::new());
            }
        }
        parts.iter().map(|it| it.strip_suffix(", ").unwrap_or(it).to_owned()).collect()
    }

    fn has(&self, part: &str) -> bool {
        self.parts().iter().any(|it| *it == masked(part))
    }

    fn is_alike(&self, rule: &str, object: &str) -> bool {
        self.rule == rule && self.object == object
    }

    /// The same about some of its parts alone.
    fn of_parts(&self, is_meant: impl Fn(&str) -> bool) -> Entry {
        let parts: Vec<String> = self.parts().into_iter().filter(|it| is_meant(it)).collect();
        let those = |names: &[String]| -> Vec<String> {
            let is_owner = |name: &&String| parts.iter().any(|part| owner(part) == name.to_lowercase());
            names.iter().filter(is_owner).cloned().collect()
        };
        let (sources, targets) = (those(&self.sources), those(&self.targets));
        Entry { sources, targets, cause: parts.join(", "), ..self.clone() }
    }

    fn key(&self) -> u128 {
        let what = fingerprint::what(&self.object, &self.cause);
        fingerprint::of(&self.rule, &self.sources, &self.targets, [what.as_str()])
    }

    fn write(&self, out: &mut String) {
        let list = |names: &[String]| names.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(", ");
        let _ = write!(out, "  {{ rule = {}, sources = [{}]", quoted(&self.rule), list(&self.sources));
        let _ = write!(out, ", targets = [{}], object = {}", list(&self.targets), quoted(&self.object));
        let _ = write!(out, ", cause = {}, severity = {}", quoted(&self.cause), quoted(self.severity.word()));
        let _ = writeln!(out, ", count = {}, message = {} }},", self.count, quoted(&self.message));
    }
}

impl<'b> Met<'b> {
    /// A baseline that met nothing yet.
    pub fn new(baseline: &'b Baseline) -> Met<'b> {
        let mut by_object: BTreeMap<_, Vec<u128>> = BTreeMap::new();
        for (key, it) in &baseline.entries {
            by_object.entry((it.rule.as_str(), it.object.as_str())).or_default().push(*key);
        }
        Met { baseline, by_object, counts: BTreeMap::new() }
    }

    /// Whether this finding is held back. It counts as met then.
    pub fn holds(&mut self, finding: &Finding) -> bool {
        if !can_hold(&finding.rule) {
            return false;
        }
        let key = fingerprint::of_one(finding);
        let is_enough = |it: &&Entry| finding.severity <= it.severity;
        match self.baseline.entries.get(&key).filter(is_enough) {
            Some(entry) => {
                let met = self.counts.entry(key).or_default();
                *met += 1;
                *met <= entry.count
            }
            None => self.holds_parts(finding),
        }
    }

    /// Whether all that a finding about several alike is about is known, though not as one entry. What an entry has more
    /// is gone, which is no fault.
    fn holds_parts(&mut self, finding: &Finding) -> bool {
        let known = self.by_object.get(&(finding.rule.as_str(), finding.object.as_str()));
        let mut meeting = BTreeSet::new();
        for part in &finding.parts {
            let has = |key: &&u128| {
                let entry = self.baseline.entries.get(key);
                entry.is_some_and(|it| it.severity >= finding.severity && it.has(part))
            };
            let Some(key) = known.into_iter().flatten().find(has) else { return false };
            meeting.insert(*key);
        }
        for key in &meeting {
            *self.counts.entry(*key).or_default() += 1;
        }
        !meeting.is_empty()
    }

    /// What is to be said of entries that met nothing, or less than they count: one problem for each rule. Rules that are
    /// not `asked` are passed over; `open` are those that could not be asked everywhere.
    pub fn unmet(&self, asked: impl Fn(&str) -> bool, open: &BTreeSet<&str>) -> Vec<Problem> {
        let mut unmet: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
        for (key, entry) in &self.baseline.entries {
            let met = self.counts.get(key).copied().unwrap_or_default();
            if let Some(place) = entry.place.filter(|_| met < entry.count && asked(&entry.rule)) {
                unmet.entry(&entry.rule).or_default().push(place);
            }
        }
        let problem = |(rule, mut places): (&str, Vec<Span>)| {
            places.sort();
            let but = if open.contains(rule) { ", though not everything could be asked" } else { "" };
            let entries = match places.len() {
                1 => format!("an entry of the baseline matches no finding of {rule}{but}"),
                number => format!("{number} entries of the baseline match no finding of {rule}{but}"),
            };
            let problem = Problem::new(ProblemKind::UnusedBaselineEntry, places[0], entries);
            places[1..].iter().fold(problem, |problem, place| problem.see(*place, "nor of this"))
        };
        unmet.into_iter().map(problem).collect()
    }
}

/// A text as TOML writes it, on one line and without characters that would steer a terminal.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            it if is_hostile(it) => {
                let _ = write!(out, "\\U{:08x}", it as u32);
            }
            it => out.push(it),
        }
    }
    out.push('"');
    out
}
