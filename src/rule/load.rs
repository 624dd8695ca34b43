//! Rule files: TOML to rules, with everything checked and every mistake at its place.

mod test;
mod whole;

use serde::Serialize;

use crate::finding::{Confidence, Severity};
use crate::model::ladder::{STEPS, step_named};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::toml::{self, Fields, Table};
use crate::rule::ask::{Ask, Scope};
use crate::rule::checks::{CHECKS, CheckRow};
use crate::rule::condition::{Condition, IfOpen};
use crate::rule::gaps;
use crate::rule::questions::open;
use crate::rule::schema;
use crate::rule::value::Test;
use crate::text::scalar::Scalar;
use crate::text::span::{SourceId, Span};

const KIND: ProblemKind = ProblemKind::RejectedRule;

/// A rule, ready to be asked.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The id: the stem of its file.
    pub id: String,
    /// The name in kebab-case.
    pub name: String,
    /// How grave its findings are, unless they are softened.
    pub severity: Severity,
    /// How well founded it is.
    pub confidence: Confidence,
    /// The event that it predicts.
    pub event: Option<u16>,
    /// The version of owalint that has it first.
    pub since: Option<String>,
    /// What it is asked about.
    pub scope: Scope,
    /// The first step of the ladder whose yes does not silence the rule.
    pub step: usize,
    /// The step that the rule is about, if it is about one.
    pub decides: Option<usize>,
    /// The headline.
    pub summary: String,
    /// What happens and why, in Markdown.
    pub why: String,
    /// What to do.
    pub help: Option<String>,
    /// What the rule cannot see, in Markdown.
    pub unseen: Option<String>,
    /// What its sources disagree about, among themselves or with what is known of the product, in Markdown.
    pub disputed: Option<String>,
    /// Where its facts come from.
    pub founded_on: Vec<Source>,
    /// All of these hold.
    pub when: Vec<Condition>,
    /// One of these holds at least; empty if the rule has none.
    pub any: Vec<Condition>,
    /// None of these holds.
    pub unless: Vec<Condition>,
    /// These are shown where they hold, and decide nothing.
    pub show: Vec<Condition>,
    /// Where these hold, the finding is less grave or less sure.
    pub soften: Vec<Soften>,
    /// A rule that this one takes the place of, where it fires.
    pub refines: Option<String>,
    /// A rule that this one only explains further.
    pub explains: Option<String>,
    /// A function in place of conditions.
    pub check: Option<CheckRow>,
    /// Where its file says what is checked against other rules.
    pub places: Places,
}

/// Places in a rule file that are shown when a rule does not fit the others.
#[derive(Debug, Clone, Copy)]
pub struct Places {
    /// The name.
    pub name: Span,
    /// The rule that it refines.
    pub refines: Span,
    /// The rule that it explains.
    pub explains: Span,
}

impl Rule {
    /// Every condition, whatever it decides.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let soften = self.soften.iter().map(|it| &it.condition);
        self.when.iter().chain(&self.any).chain(&self.unless).chain(&self.show).chain(soften)
    }

    /// Whether it is said what the rule could not be asked. The questions of hygiene and of missing evidence do not
    /// stand in the way of an all-clear; all others do, those of rules of the user's own too. A rule that refines or
    /// explains another asks nothing that the other does not ask.
    pub fn tells_open(&self) -> bool {
        let counts = !self.id.starts_with("HYG-") && !self.id.starts_with("INC-");
        counts && self.refines.is_none() && self.explains.is_none()
    }
}

/// A fact that a rule rests on.
#[derive(Debug, Clone, Serialize)]
pub struct Source {
    /// Where it stands.
    pub url: String,
    /// The fact in one sentence.
    pub says: String,
    /// The day, month or year that the source gives for itself.
    pub date: Option<String>,
}

/// A condition under which a finding is less grave or less sure.
#[derive(Debug, Clone)]
pub struct Soften {
    /// The condition.
    pub condition: Condition,
    /// The severity then.
    pub severity: Option<Severity>,
    /// The confidence then.
    pub confidence: Option<Confidence>,
}

/// Reads one rule file; `id` is the stem of its name.
///
/// # Errors
/// Every mistake in it, with its place.
pub fn read(id: &str, text: &str, source: SourceId) -> Result<Rule, Vec<Problem>> {
    from_table(id, toml::read(text, source, KIND)?, source)
}

/// Reads the outermost table of a rule file; `id` is the stem of its name.
///
/// # Errors
/// Every mistake in it, with its place.
pub fn from_table(id: &str, table: Table<'_>, source: SourceId) -> Result<Rule, Vec<Problem>> {
    let mut fields = Fields::new(table, KIND);
    fields.require(&schema::required(schema::RULE));
    let name = fields.text("name");
    let severity = fields.word("severity", &Severity::WORDS).map(|(it, _)| it);
    let confidence = fields.word("confidence", &Confidence::WORDS).map(|(it, _)| it);
    let scope = fields.word("scope", &Scope::WORDS).map(|(it, _)| it);
    let mut reading =
        Reading { scope: scope.unwrap_or(Scope::Pair), has_scope: scope.is_some(), gaps: &[], problems: Vec::new() };
    let check = reading.check(fields.text("check"));
    reading.gaps = check.map_or(&[], |row| row.gaps);
    let (refines, explains) = (fields.text("refines"), fields.text("explains"));
    let place = |text: &Option<Scalar<'_>>| text.as_ref().map_or(Span::file(source), |it| it.span);
    let places = Places { name: place(&name), refines: place(&refines), explains: place(&explains) };
    let (step, decides) = reading.step(fields.text("step"), fields.text("after"));
    let rule = Rule {
        id: id.to_owned(),
        name: reading.name(name),
        severity: severity.unwrap_or(Severity::Error),
        confidence: confidence.unwrap_or(Confidence::Medium),
        event: reading.event(fields.integer("event")),
        since: fields.text("since").map(|it| it.text.into_owned()),
        scope: reading.scope,
        step,
        decides,
        summary: reading.templated(fields.text("summary")).unwrap_or_default(),
        why: fields.text("why").map(|it| it.text.into_owned()).unwrap_or_default(),
        help: reading.templated(fields.text("help")),
        unseen: fields.text("unseen").map(|it| it.text.into_owned()),
        disputed: fields.text("disputed").map(|it| it.text.into_owned()),
        founded_on: reading.sources(fields.tables("founded-on")),
        when: reading.conditions(fields.tables("when")),
        any: reading.conditions(fields.tables("any")),
        unless: reading.conditions(fields.tables("unless")),
        show: reading.conditions(fields.tables("show")),
        soften: fields.tables("soften").into_iter().filter_map(|it| reading.soften(it)).collect(),
        refines: refines.map(|it| it.text.into_owned()),
        explains: explains.map(|it| it.text.into_owned()),
        check,
        places,
    };
    debug_assert!(schema::is_asked(fields.asked(), schema::RULE, &[]), "the schema has the keys of rules");
    let head = fields.head();
    reading.whole(&rule, scope.is_some(), head);
    reading.problems.extend(fields.finish());
    reading.problems.sort_by_key(|it| it.span);
    if reading.problems.is_empty() { Ok(rule) } else { Err(reading.problems) }
}

struct Reading {
    scope: Scope,
    /// Whether the file names a scope; without one nothing that depends on it can be judged.
    has_scope: bool,
    gaps: &'static [&'static str],
    problems: Vec<Problem>,
}

impl Reading {
    fn reject(&mut self, span: Span, message: impl Into<String>) {
        self.problems.push(Problem::new(KIND, span, message));
    }

    fn name(&mut self, name: Option<Scalar<'_>>) -> String {
        let Some(name) = name else { return String::new() };
        let is_kebab = !name.text.is_empty()
            && name.text.split('-').all(|word| {
                !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            });
        if !is_kebab {
            self.reject(name.span, "a name in kebab-case is wanted here, such as `plain-http-internal-url`");
        }
        name.text.into_owned()
    }

    fn event(&mut self, event: Option<(i64, Span)>) -> Option<u16> {
        let (number, span) = event?;
        let event = u16::try_from(number).ok();
        if event.is_none() {
            self.reject(span, "the id of an event is a number from 0 to 65535");
        }
        event
    }

    /// The first step whose yes does not silence the rule; a rule about a pair that names none is asked of every pair
    /// that is neither out of scope, nor in one site, nor redirected. Beside it the step that it is about, if it names one.
    fn step(&mut self, step: Option<Scalar<'_>>, after: Option<Scalar<'_>>) -> (usize, Option<usize>) {
        if let (Some(_), Some(after)) = (&step, &after) {
            self.reject(after.span, "a rule has either a `step` of its own or comes `after` one");
        }
        for name in [&step, &after]
            .into_iter()
            .flatten()
            .filter(|_| self.scope != Scope::Pair)
            .map(|it| it.span)
            .collect::<Vec<_>>()
        {
            self.reject(name, "only a rule about a pair has a place on the ladder");
        }
        let own = step.map(|name| self.step_named(&name));
        let behind = after.map(|name| self.step_named(&name) + 1);
        (own.or(behind).unwrap_or(3), own)
    }

    fn step_named(&mut self, name: &Scalar<'_>) -> usize {
        if let Some(step) = step_named(&name.text) {
            return step;
        }
        let names = STEPS.iter().map(|step| step.name);
        let message = match toml::nearest(&name.text, names.clone()) {
            Some(near) => format!("there is no step `{}`; did you mean `{near}`?", name.text),
            None => format!("there is no step `{}`; there are `{}`", name.text, names.collect::<Vec<_>>().join("`, `")),
        };
        self.reject(name.span, message);
        0
    }

    fn templated(&mut self, text: Option<Scalar<'_>>) -> Option<String> {
        let text = text?;
        for (range, message) in self.unknown_gaps(&text.text, self.gaps) {
            let span = text.part(range);
            self.reject(span, message);
        }
        Some(text.text.into_owned())
    }

    fn unknown_gaps(&self, text: &str, more: &[&str]) -> Vec<(std::ops::Range<usize>, String)> {
        if self.has_scope { gaps::unknown(text, self.scope, more) } else { Vec::new() }
    }

    fn sources(&mut self, tables: Vec<Table<'_>>) -> Vec<Source> {
        let mut sources = Vec::new();
        for table in tables {
            let mut fields = Fields::new(table, KIND);
            fields.require(&schema::required(schema::SOURCE));
            let date = self.date(fields.text("date"));
            if let (Some(url), Some(says)) = (fields.text("url"), fields.text("says")) {
                sources.push(Source { url: url.text.into_owned(), says: says.text.into_owned(), date });
            }
            debug_assert!(schema::is_asked(fields.asked(), schema::SOURCE, &[]), "the schema has the keys of sources");
            self.problems.extend(fields.finish());
        }
        sources
    }

    fn date(&mut self, date: Option<Scalar<'_>>) -> Option<String> {
        let date = date?;
        let is_part =
            |(part, length): (&str, usize)| part.len() == length && part.bytes().all(|it| it.is_ascii_digit());
        if date.text.split('-').count() > 3 || !date.text.split('-').zip([4, 2, 2]).all(is_part) {
            self.reject(date.span, "a day, month or year is wanted here: `2014-03-31`, `2014-03` or `2014`");
        }
        Some(date.text.into_owned())
    }

    fn check(&mut self, name: Option<Scalar<'_>>) -> Option<CheckRow> {
        let name = name?;
        let check = CHECKS.iter().find(|row| row.name == name.text);
        match check {
            None => {
                let names = CHECKS.iter().map(|row| row.name);
                let message = match toml::nearest(&name.text, names) {
                    Some(near) => format!("there is no check `{}`; did you mean `{near}`?", name.text),
                    None => format!("there is no check `{}`", name.text),
                };
                self.reject(name.span, message);
                None
            }
            Some(row) if row.scope != self.scope => {
                self.reject(name.span, format!("this check is about {}", row.scope.phrase()));
                None
            }
            Some(row) => Some(*row),
        }
    }

    fn conditions(&mut self, tables: Vec<Table<'_>>) -> Vec<Condition> {
        tables.into_iter().filter_map(|table| self.condition(Fields::new(table, KIND))).collect()
    }

    fn soften(&mut self, table: Table<'_>) -> Option<Soften> {
        let head = table.head;
        let mut fields = Fields::new(table, KIND);
        let severity = fields.word("severity", &Severity::WORDS).map(|(it, _)| it);
        let confidence = fields.word("confidence", &Confidence::WORDS).map(|(it, _)| it);
        let condition = self.condition(fields);
        if severity.is_none() && confidence.is_none() {
            self.reject(head, "a `severity` or a `confidence` is wanted here: what the finding has then");
        }
        Some(Soften { condition: condition?, severity, confidence })
    }

    fn condition(&mut self, mut fields: Fields<'_>) -> Option<Condition> {
        fields.require(&schema::required(schema::CONDITION));
        let ask = fields.text("ask").and_then(|text| self.ask(&text));
        let test = self.only_test(&mut fields, ask.as_ref());
        let if_open = self.if_open(&mut fields, ask.as_ref(), test.as_ref());
        let unset = self.unset(fields.text("unset"), ask.as_ref());
        let label = fields.text("label");
        let primary = fields.boolean("primary").is_some_and(|(value, _)| value);
        if let Some(label) = &label {
            for (range, message) in self.unknown_gaps(&label.text, &["value"]) {
                let span = label.part(range);
                self.reject(span, message);
            }
        }
        if primary && label.is_none() {
            self.reject(fields.head(), "the primary condition wants a `label`");
        }
        debug_assert!(
            schema::is_asked(fields.asked(), schema::CONDITION, schema::SOFTEN),
            "the schema has the keys of conditions"
        );
        let place = fields.head();
        self.problems.extend(fields.finish());
        let label = label.map(|it| it.text.into_owned());
        Some(Condition { ask: ask?, test: test?, if_open, unset, label, primary, place })
    }

    fn ask(&mut self, text: &Scalar<'_>) -> Option<Ask> {
        match Ask::parse(&text.text, self.scope) {
            Ok(ask) => Some(ask),
            Err(_) if !self.has_scope => None,
            Err((range, message)) => {
                let span = text.part(range);
                self.reject(span, message);
                None
            }
        }
    }

    fn if_open(&mut self, fields: &mut Fields<'_>, ask: Option<&Ask>, test: Option<&Test>) -> IfOpen {
        let Some((if_open, span)) = fields.word("if-open", &IfOpen::WORDS) else { return IfOpen::Open };
        if matches!(test, Some(Test::Known(_))) {
            self.reject(span, "a condition with `known` is never open, so `if-open` has no meaning here");
        }
        if if_open == IfOpen::Assume && ask.is_some_and(|ask| ask.question.default.is_none()) {
            self.reject(span, "this question has no documented default that could be assumed");
        }
        if_open
    }

    /// What holds where no file of IIS sets an attribute; the rule cannot change a default that is known.
    fn unset(&mut self, unset: Option<Scalar<'_>>, ask: Option<&Ask>) -> Option<String> {
        let unset = unset?;
        match ask.map(|ask| (ask.question.name == open::IIS, open::default_of(&ask.argument))) {
            Some((false, _)) => self.reject(unset.span, "only a question about an attribute of IIS can be `unset`"),
            Some((true, Some(default))) => {
                let message = format!("the default of this attribute is known, and needs no `unset`: `{default}`");
                self.reject(unset.span, message);
            }
            _ => {}
        }
        Some(unset.text.into_owned())
    }
}
