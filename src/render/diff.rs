//! Differences: what a change does, for a terminal and as the comment of a review.

use std::fmt::Write as _;

use crate::render::escape;
use crate::render::human::counted;
use crate::render::style::Style;
use crate::report::Location;
use crate::report::diff::{Change, Diff, FindingChange, OutcomeChange, SettingChange};
use crate::report::open::gaps;
use crate::report::verdict::Verdict;
use crate::text::show::visible;

/// How many lines of a section the comment of a review has.
const ROOM: usize = 60;

/// How many names of a list are shown.
const NAMES: usize = 12;

/// A heading and its lines. Lines that belong to the one above begin with blanks.
type Section = (String, Vec<String>);

/// What a change does, for a terminal.
pub fn human(diff: &Diff, color: bool) -> String {
    let style = Style { color };
    let mut out = String::new();
    for (heading, lines) in sections(diff) {
        let _ = writeln!(out, "{}", style.bold(&heading));
        for line in lines {
            let _ = writeln!(out, "  {}", visible(&line));
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
    for (heading, lines) in sections(diff) {
        let _ = writeln!(out, "#### {}\n", escape::markdown(heading.trim_end_matches(':')));
        for line in lines.iter().take(ROOM) {
            let indent = if line.starts_with(' ') { "  " } else { "" };
            let _ = writeln!(out, "{indent}* {}", escape::markdown(line.trim_start()));
        }
        if lines.len() > ROOM {
            let _ = writeln!(out, "* and {}, which --format json holds", counted(lines.len() - ROOM, "more line"));
        }
        out.push('\n');
    }
    let _ = writeln!(out, "{}", escape::markdown(&counts(diff)));
    out
}

fn sections(diff: &Diff) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    if let Some(intent) = &diff.intent {
        let lines = intent.iter().flat_map(|it| {
            let first = format!("{}: {} ({} of {})", it.status, it.says, it.as_said, counted(it.pairs, "pair"));
            std::iter::once(first).chain(it.example.as_ref().map(|it| format!("  {it}")))
        });
        let inside = if diff.intent_inside { " (said by the snapshots themselves: review it too)" } else { "" };
        sections.push((format!("what the change is to do{inside}:"), lines.collect()));
        let others = diff.outcomes.iter().filter(|it| !it.intended).flat_map(outcome);
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
        let lines = diff.findings.iter().filter(|it| it.change == change).flat_map(finding);
        sections.push((format!("findings, {}:", change.word()), lines.collect()));
    }
    let heading = if diff.intent.is_some() { "outcomes as intended, or not:" } else { "outcomes:" };
    sections.push((heading.to_owned(), diff.outcomes.iter().filter(|it| it.intended).flat_map(outcome).collect()));
    sections.push(("settings in force:".to_owned(), diff.settings.iter().flat_map(setting).collect()));
    for (heading, open) in
        [("can no longer be checked:", &diff.no_longer_checkable), ("can be checked now:", &diff.newly_checkable)]
    {
        let lines = gaps(open).into_iter().map(|gap| {
            let rules: Vec<&str> = gap.rules.iter().copied().collect();
            let rules = if rules.is_empty() { String::new() } else { format!(" ({})", rules.join(", ")) };
            format!("{}{rules}; to settle it: {}", gap.words(), gap.ask_for)
        });
        sections.push((heading.to_owned(), lines.collect()));
    }
    let files = diff.files.iter().map(|it| format!("{}: {}", it.path, it.change));
    sections.push(("files:".to_owned(), files.collect()));
    sections.retain(|(_, lines)| !lines.is_empty());
    sections
}

fn finding(it: &FindingChange) -> Vec<String> {
    let found = &it.finding;
    let event = found.event.map_or(String::new(), |event| format!(" [event {event}]"));
    let first = format!("{}[{}]: {}{event}", found.severity.word(), found.rule, found.message);
    let mut lines = vec![first, format!("  {}", at(it.side, &found.primary))];
    if found.sources_total > 1 {
        lines.push(format!("  sources: {}", listed(&found.sources, found.sources_total)));
    }
    lines.extend(it.reason.as_ref().map(|reason| format!("  {reason}")));
    lines
}

fn outcome(it: &OutcomeChange) -> Vec<String> {
    let worse = if it.worse { ", worse" } else { "" };
    let names = listed(&it.sources, it.sources.len());
    let mut lines = vec![format!("{names} to {}: {} → {}{worse}", it.vdir, it.before, it.after)];
    lines.extend(it.because_before.as_ref().map(|place| format!("  {}", at("before", place))));
    lines.extend(it.because_after.as_ref().map(|place| format!("  {}", at("after", place))));
    lines
}

fn setting(it: &SettingChange) -> Vec<String> {
    let value = |value: &Option<String>, origin: &Option<String>| {
        let value = value.clone().unwrap_or_else(|| "<not in the exports>".to_owned());
        origin.as_ref().map_or(value.clone(), |origin| format!("{value} ({origin})"))
    };
    let (one, other) = (value(&it.before, &it.origin_before), value(&it.after, &it.origin_after));
    let mut lines = vec![format!("{}: {} {}: {one} → {other}", it.server, it.place, it.name)];
    lines.extend(it.at_before.as_ref().map(|place| format!("  {}", at("before", place))));
    lines.extend(it.at_after.as_ref().map(|place| format!("  {}", at("after", place))));
    if it.text_unchanged {
        lines.push("  the text of the file that states it did not change: another file did".to_owned());
    } else if it.inherited {
        lines.push("  a layer above it states it".to_owned());
    }
    lines
}

fn at(side: &str, place: &Location) -> String {
    let label = if place.label.is_empty() { String::new() } else { format!(": {}", place.label) };
    format!("{side} {}:{}:{}{label}", place.path, place.start.line, place.start.column)
}

fn listed(names: &[String], total: usize) -> String {
    let shown = names[..names.len().min(NAMES)].join(", ");
    if total > NAMES { format!("{shown} and {} more", total - NAMES) } else { shown }
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
        Verdict::Incomplete => {
            "incomplete: nothing new that fails the run, but less can be checked than before".to_owned()
        }
        Verdict::NothingRead => "nothing read: no export was recognised in one of the snapshots".to_owned(),
        Verdict::Untrusted => "untrusted: the rules, the configuration or the estate file are not valid".to_owned(),
        Verdict::Clean => "clean: nothing new that fails the run, and nothing that can no longer be checked".to_owned(),
    }
}
