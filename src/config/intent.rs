//! Intents: what a change is to do, as outcomes of pairs.

use crate::config::pattern::Pattern;
use crate::model::estate::Estate;
use crate::model::ladder::STEPS;
use crate::read::problem::{Problem, ProblemKind};
use crate::read::toml::{self, Fields, Table};
use crate::text::source::Source;
use crate::text::span::{SourceId, Span};

const KIND: ProblemKind = ProblemKind::RejectedIntent;

/// One line: the outcome that some pairs are to have.
#[derive(Debug, Clone)]
pub struct Line {
    /// The sources.
    pub source: Pattern,
    /// The targets.
    pub target: Pattern,
    /// The virtual directories; `None` for all.
    pub vdir: Option<Pattern>,
    /// The outcome.
    pub outcome: &'static str,
    /// Where it stands.
    pub place: Span,
}

/// Reads an intent.
///
/// # Errors
/// Every mistake in it, with its place.
pub fn read(id: SourceId, source: &Source) -> Result<Vec<Line>, Vec<Problem>> {
    let mut fields = Fields::new(toml::read(source.text(), id, KIND)?, KIND);
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    let tables = fields.tables("pair");
    if tables.is_empty() {
        fields.reject(Span::file(id), "no [[pair]] stands here, so the change is to do nothing");
    }
    for table in tables {
        lines.extend(line(table, &mut problems));
    }
    problems.extend(fields.finish());
    problems.sort_by_key(|it| (it.span.start, it.span.end));
    if problems.is_empty() { Ok(lines) } else { Err(problems) }
}

fn line(table: Table<'_>, problems: &mut Vec<Problem>) -> Option<Line> {
    let mut words: Vec<(&'static str, &'static str)> = STEPS.iter().map(|step| (step.outcome, step.outcome)).collect();
    words.extend([("proxied", "proxied"), ("unknown", "unknown")]);
    words.sort_unstable();
    words.dedup();
    let mut fields = Fields::new(table, KIND);
    let place = fields.head();
    fields.require(&["source", "target", "outcome"]);
    let source = fields.text("source").map(Pattern::new);
    let target = fields.text("target").map(Pattern::new);
    let vdir = fields.text("vdir").map(Pattern::new);
    let outcome = fields.word("outcome", &words).map(|(outcome, _)| outcome);
    problems.extend(fields.finish());
    Some(Line { source: source?, target: target?, vdir, outcome: outcome?, place })
}

impl Line {
    /// Which servers of an estate are its sources, and which its targets.
    pub fn over(&self, estate: &Estate) -> (Vec<bool>, Vec<bool>) {
        let of = |pattern: &Pattern| {
            let servers = estate.servers.iter();
            servers
                .map(|it| pattern.matches(&it.name) || it.fqdn.as_ref().is_some_and(|fqdn| pattern.matches(&fqdn.text)))
                .collect()
        };
        (of(&self.source), of(&self.target))
    }

    /// Whether it is about this virtual directory.
    pub fn is_about(&self, identity: &str) -> bool {
        let behind = identity.rsplit('\\').next().unwrap_or(identity);
        self.vdir.as_ref().is_none_or(|it| it.matches(identity) || it.matches(behind))
    }
}
