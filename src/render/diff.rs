//! Differences: what a change does, for a terminal and as the comment of a review.

mod lines;

use std::fmt::Write as _;

use crate::render::diff::lines::{Ink, finding, outcome, settings};
use crate::render::escape;
use crate::render::human::counted;
use crate::render::link::{Folders, Linker};
use crate::render::style::Style;
use crate::report::diff::{Change, Diff};
use crate::report::open::{Gap, Open, gaps};
use crate::report::verdict::Verdict;

/// How many lines of a section the comment of a review has.
const ROOM: usize = 60;

/// How a difference is drawn for a terminal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look<'l> {
    /// Whether to colour.
    pub color: bool,
    /// Where the files of BEFORE and AFTER lie, if names are to be links.
    pub links: [Option<Folders<'l>>; 2],
}

/// A heading and its lines. Lines that belong to the one above begin with blanks.
type Section = (String, Vec<String>);

/// What a change does, for a terminal.
pub fn human(diff: &Diff, look: Look<'_>) -> String {
    let style = Style { color: look.color };
    let linkers = look.links.map(|folders| Linker::new(folders, &diff.rules));
    let mut out = String::new();
    for (heading, lines) in sections(diff, Ink::Terminal(style, linkers)) {
        let _ = writeln!(out, "{}", style.bold(&heading));
        for line in lines {
            let _ = writeln!(out, "  {line}");
        }
        out.push('\n');
    }
    let line = last_line(diff);
    let line = match diff.verdict {
        Verdict::Clean => style.green(&line),
        Verdict::Findings | Verdict::Untrusted => style.red(&line),
        Verdict::Incomplete | Verdict::NothingRead => style.yellow(&line),
    };
    let _ = writeln!(out, "{}\n{line}", counts(diff));
    out
}

/// What a change does, as the comment of a review.
pub fn markdown(diff: &Diff) -> String {
    let mut out = format!("### owalint diff: {}\n\n", escape::markdown(&last_line(diff)));
    for (heading, lines) in sections(diff, Ink::Markdown) {
        let _ = writeln!(out, "#### {}\n", escape::markdown(heading.trim_end_matches(':')));
        for line in lines.iter().take(ROOM) {
            let indent = if line.starts_with(' ') { "  " } else { "" };
            let _ = writeln!(out, "{indent}* {}", line.trim_start());
        }
        if lines.len() > ROOM {
            let _ = writeln!(out, "* and {}, which `--format json` holds", counted(lines.len() - ROOM, "more line"));
        }
        out.push('\n');
    }
    let _ = writeln!(out, "{}", escape::markdown(&counts(diff)));
    out
}

fn sections(diff: &Diff, ink: Ink<'_>) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    if let Some(intent) = &diff.intent {
        let lines = intent.iter().flat_map(|it| {
            let first = format!("{}: {} ({} of {})", it.status, it.says, it.as_said, counted(it.pairs, "pair"));
            std::iter::once(ink.text(&first)).chain(it.example.as_ref().map(|it| ink.text(&format!("  {it}"))))
        });
        let inside = if diff.intent_inside { " (said by the snapshots themselves: review it too)" } else { "" };
        sections.push((format!("what the change is to do{inside}:"), lines.collect()));
        let others = diff.outcomes.iter().filter(|it| !it.intended).flat_map(|it| outcome(it, ink));
        sections.push(("what else it does to pairs:".to_owned(), others.collect()));
    }
    for change in [
        Change::New,
        Change::NewlyChecked,
        Change::Changed,
        Change::NoLongerCheckable,
        Change::Superseded,
        Change::Fixed,
    ] {
        let lines = diff.findings.iter().filter(|it| it.change == change).flat_map(|it| finding(it, ink));
        sections.push((format!("findings, {}:", change.word()), lines.collect()));
    }
    let heading = if diff.intent.is_some() { "outcomes as intended, or not:" } else { "outcomes:" };
    let intended = diff.outcomes.iter().filter(|it| it.intended).flat_map(|it| outcome(it, ink));
    sections.push((heading.to_owned(), intended.collect()));
    sections.push(("settings in force:".to_owned(), settings(diff, ink)));
    for (heading, open, is_asked_for) in [
        ("can no longer be checked:", &diff.no_longer_checkable, true),
        ("cannot be checked of servers that are new:", &diff.not_checkable, true),
        ("can be checked now:", &diff.newly_checkable, false),
    ] {
        sections.push((heading.to_owned(), checkable(open, is_asked_for, ink)));
    }
    sections.push(("files:".to_owned(), diff.files.iter().flat_map(|it| lines::file(it, ink)).collect()));
    sections.retain(|(_, lines)| !lines.is_empty());
    sections
}

/// What was or is open, with the rules that could not be asked, and what would settle it.
fn checkable(open: &[Open], is_asked_for: bool, ink: Ink<'_>) -> Vec<String> {
    let line = |gap: Gap<'_>| {
        let rules: Vec<&str> = gap.rules.iter().copied().collect();
        let rules = if rules.is_empty() { String::new() } else { format!(" ({})", rules.join(", ")) };
        let settled = if is_asked_for { format!("; to settle it: {}", gap.ask_for) } else { String::new() };
        let before = if is_asked_for { "" } else { "before: " };
        ink.text(&format!("{before}{}{rules}{settled}", gap.words()))
    };
    gaps(open).into_iter().map(line).collect()
}

fn counts(diff: &Diff) -> String {
    let it = &diff.summary;
    format!(
        "for each pair: {} new, {} changed, {} fixed, {} superseded, {} no longer checkable, {} as before · \
         {} compared, {} with another outcome, {} appeared, {} vanished",
        it.new,
        it.changed,
        it.fixed,
        it.superseded,
        it.no_longer_checkable,
        it.unchanged,
        counted(it.pairs, "pair"),
        it.outcomes,
        it.pairs_appeared,
        it.pairs_vanished
    )
}

fn last_line(diff: &Diff) -> String {
    let it = &diff.summary;
    let missed = diff.intent.iter().flatten().filter(|it| it.status == "not achieved").count();
    match diff.verdict {
        Verdict::Findings if missed > 0 || it.collateral > 0 => format!(
            "findings: {} of the intent not achieved, {} became worse beside it",
            counted(missed, "line"),
            counted(it.collateral, "pair")
        ),
        Verdict::Findings => "findings: the change brings something that fails the run".to_owned(),
        Verdict::Incomplete if diff.no_longer_checkable.is_empty() && it.no_longer_checkable == 0 => {
            "incomplete: nothing new that fails the run, but not all of the new servers could be checked".to_owned()
        }
        Verdict::Incomplete => {
            "incomplete: nothing new that fails the run, but less can be checked than before".to_owned()
        }
        Verdict::NothingRead => "nothing read: no export was recognised in one of the snapshots".to_owned(),
        Verdict::Untrusted => "untrusted: the rules, the configuration or the estate file are not valid".to_owned(),
        Verdict::Clean => "clean: nothing new that fails the run, and nothing that can no longer be checked".to_owned(),
    }
}
