//! Explanations: a rule's page, and the list of rules.

use serde::Serialize;

use crate::finding::{Confidence, Severity};
use crate::model::ladder::STEPS;
use crate::read::problem::{PROBLEMS, ProblemRow};
use crate::report::open::Open;
use crate::report::{Report, Reported};
use crate::rule::ask::Scope;
use crate::rule::book::Book;
use crate::rule::condition::{Condition, IfOpen};
use crate::rule::load::{Rule, Source};
use crate::rule::questions::{Question, by_role};
use crate::rule::value::{Literal, Test};

/// One rule as a page shows it.
#[derive(Debug, Serialize)]
pub struct Page {
    /// The id.
    pub rule: String,
    /// The name.
    pub name: String,
    /// How grave its findings are, after configuration; `off` where it is not asked.
    pub severity: &'static str,
    /// How well founded it is.
    pub confidence: Confidence,
    /// The event that it predicts.
    pub event: Option<u16>,
    /// The version of owalint that has it first.
    pub since: Option<String>,
    /// What it is asked about.
    pub scope: &'static str,
    /// What it says, in a sentence.
    pub summary: String,
    /// What happens and why.
    pub why: String,
    /// The conditions, in words.
    pub conditions: Vec<String>,
    /// Where it is less grave or less sure, and how it stands to other rules.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// What it cannot see.
    pub unseen: Option<String>,
    /// What the sources disagree about.
    pub disputed: Option<String>,
    /// Where its facts come from.
    pub founded_on: Vec<Source>,
}

/// What `rules` says.
#[derive(Debug, Serialize)]
pub struct Rules {
    /// The version of this document's form.
    pub schema: &'static str,
    /// The rules by id.
    pub rules: Vec<Page>,
}

/// What `rules --questions` says.
#[derive(Debug, Serialize)]
pub struct Questions {
    /// The version of this document's form.
    pub schema: &'static str,
    /// The questions, by whom they are about.
    pub questions: Vec<QuestionRow>,
}

/// One question.
#[derive(Debug, Serialize)]
pub struct QuestionRow {
    /// The words that it can begin with.
    pub about: &'static str,
    /// The name.
    pub name: &'static str,
    /// Whether a name in quotes follows.
    pub is_open: bool,
    /// The type of its answers, in words.
    #[serde(rename = "type")]
    pub kind: String,
    /// The documented default that a rule may assume.
    pub default: Option<bool>,
    /// What it asks.
    pub doc: &'static str,
    /// A condition with it, as the lines of a rule file.
    pub example: String,
    /// The ids of the rules that ask it.
    pub asked_by: Vec<String>,
}

/// Every question that a rule can ask.
pub fn questions(book: &Book) -> Questions {
    let asked_by = |question: &Question| {
        let rules = book.rules().filter(|rule| rule.conditions().any(|it| it.ask.question == question));
        rules.map(|rule| rule.id.clone()).collect()
    };
    let rows = by_role().into_iter().flat_map(|(about, questions)| {
        questions.into_iter().map(move |it| QuestionRow {
            about,
            name: it.name,
            is_open: it.is_open,
            kind: it.ty.words(),
            default: it.default,
            doc: it.doc,
            example: it.condition(),
            asked_by: asked_by(it),
        })
    });
    Questions { schema: "owalint.questions/1", questions: rows.collect() }
}

/// What `explain` says.
#[derive(Debug, Serialize)]
pub struct Explained {
    /// The version of this document's form.
    pub schema: &'static str,
    /// The rule.
    #[serde(flatten)]
    pub page: Page,
    /// A case in which it fires.
    pub example: Option<Example>,
    /// What it says of the snapshot that was given.
    pub here: Option<Here>,
}

/// A case in which a rule fires.
#[derive(Debug, Serialize)]
pub struct Example {
    /// What the case shows.
    pub says: String,
    /// The finding as a person sees it.
    pub report: String,
    /// What to do, with the names of the case.
    pub help: Option<String>,
}

/// What a rule says of one snapshot.
#[derive(Debug, Serialize)]
pub struct Here {
    /// `fires`, `open`, `silent`, or `off` where configuration or a flag says that it is not asked.
    pub state: &'static str,
    /// Its findings.
    pub findings: Vec<Reported>,
    /// What it could not be asked.
    pub open: Vec<Open>,
    /// Whether the rule says at all what it could not be asked.
    pub tells_open: bool,
}

impl Here {
    /// What a report says of one rule.
    pub fn of(rule: &str, is_asked: bool, tells_open: bool, report: Report) -> Here {
        let findings: Vec<Reported> = report.findings.into_iter().filter(|it| it.rule == rule).collect();
        let open: Vec<Open> = report.open.into_iter().filter(|it| it.rule.as_deref() == Some(rule)).collect();
        let state = match (findings.is_empty(), open.is_empty()) {
            (false, _) => "fires",
            (true, false) => "open",
            (true, true) if is_asked => "silent",
            (true, true) => "off",
        };
        Here { state, findings, open, tells_open }
    }

    /// What to do, with the names of the snapshot; each text once.
    pub fn help(&self) -> Vec<&str> {
        let mut texts: Vec<&str> = self.findings.iter().filter_map(|it| it.help.as_deref()).collect();
        texts.sort_unstable();
        texts.dedup();
        texts
    }
}

/// Every rule's page, by id; `severity` tells what configuration made of a severity.
pub fn rules(book: &Book, severity: impl Fn(&str, Severity) -> Option<Severity>) -> Rules {
    let mut pages: Vec<Page> = book.rules().map(|rule| of_rule(rule, severity(&rule.id, rule.severity))).collect();
    pages.extend(PROBLEMS.iter().map(|row| of_problem(row, severity(row.id, row.severity))));
    pages.sort_by(|one, other| one.rule.cmp(&other.rule));
    Rules { schema: "owalint.rules/1", rules: pages }
}

fn of_rule(rule: &Rule, severity: Option<Severity>) -> Page {
    let in_words = |condition: &Condition| in_words(condition, rule.scope);
    let mut conditions: Vec<String> = rule.when.iter().map(in_words).collect();
    if !rule.any.is_empty() {
        conditions.push(format!("at least one of: {}", rule.any.iter().map(in_words).collect::<Vec<_>>().join("; ")));
    }
    conditions.extend(rule.unless.iter().map(|it| format!("unless {}", in_words(it))));
    if rule.scope == Scope::Pair {
        let earlier: Vec<&str> = STEPS[..rule.step].iter().map(|step| step.name).collect();
        conditions.push(format!("no earlier step of the request decides ({})", earlier.join(", ")));
    }
    let notes = rule.soften.iter().map(|it| {
        let severity = it.severity.map(|it| format!("severity {}", it.word()));
        let confidence = it.confidence.map(|it| format!("confidence {}", it.word()));
        let then: Vec<String> = severity.into_iter().chain(confidence).collect();
        format!("{} where {}", then.join(" and "), in_words(&it.condition))
    });
    let refines = rule.refines.iter().map(|other| format!("takes the place of {other}"));
    let explains = rule.explains.iter().map(|other| format!("says more about {other}"));
    let notes = notes.chain(refines).chain(explains).collect();
    Page {
        rule: rule.id.clone(),
        name: rule.name.clone(),
        severity: severity.map_or("off", Severity::word),
        confidence: rule.confidence,
        event: rule.event,
        since: rule.since.clone(),
        scope: rule.scope.word(),
        summary: rule.summary.clone(),
        why: rule.why.clone(),
        conditions,
        notes,
        help: rule.help.clone(),
        unseen: rule.unseen.clone(),
        disputed: rule.disputed.clone(),
        founded_on: rule.founded_on.clone(),
    }
}

fn of_problem(row: &ProblemRow, severity: Option<Severity>) -> Page {
    Page {
        rule: row.id.to_owned(),
        name: row.name.to_owned(),
        severity: severity.map_or("off", Severity::word),
        confidence: Confidence::High,
        event: None,
        since: None,
        scope: "file",
        summary: row.summary.to_owned(),
        why: row.why.to_owned(),
        conditions: Vec::new(),
        notes: Vec::new(),
        help: Some(row.help.to_owned()),
        unseen: None,
        disputed: None,
        founded_on: Vec::new(),
    }
}

fn in_words(condition: &Condition, scope: Scope) -> String {
    let test = match &condition.test {
        Test::Is(literal) => format!("is {}", literal.written()),
        Test::OneOf(literals) => {
            format!("is one of {}", literals.iter().map(Literal::written).collect::<Vec<_>>().join(", "))
        }
        Test::Has(item) => format!("has {item}"),
        Test::Lacks(item) => format!("lacks {item}"),
        Test::Matches(glob) => format!("matches {}", glob.text),
        Test::AtLeast(limit) => format!("is at least {limit}"),
        Test::AtMost(limit) => format!("is at most {limit}"),
        Test::Known(true) => "is known".to_owned(),
        Test::Known(false) => "is not known".to_owned(),
    };
    let if_open = match condition.if_open {
        IfOpen::Open => "",
        IfOpen::Assume => " (its default, if it is not known)",
        IfOpen::Skip => " (not, if it is not known)",
    };
    let unset = condition.unset.as_ref().map_or_else(String::new, |it| format!(" (`{it}` where no file sets it)"));
    format!("{} {test}{if_open}{unset}", condition.ask.written(scope))
}
