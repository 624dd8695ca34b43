//! Lines of a difference: what became of one finding, outcome, setting or file.

use std::borrow::Cow;

use crate::finding::spoken;
use crate::render::escape;
use crate::render::human::counted;
use crate::render::link::Linker;
use crate::render::style::Style;
use crate::report::Location;
use crate::report::diff::{Diff, FileChange, FindingChange, OutcomeChange, SettingChange};
use crate::text::show::visible;

/// How many names of a list are shown.
const NAMES: usize = 12;

/// From how many settings on what an export of one place no longer tells, or tells now, is one line.
const MANY: usize = 6;

/// How text is made fit for where it goes, and names are linked there.
#[derive(Clone, Copy)]
pub(super) enum Ink<'l> {
    /// A terminal, with the links to the files of BEFORE and AFTER.
    Terminal(Style, [Linker<'l>; 2]),
    /// A sentence in Markdown.
    Markdown,
}

impl Ink<'_> {
    pub(super) fn text(self, text: &str) -> String {
        match self {
            Ink::Terminal(..) => visible(text).into_owned(),
            Ink::Markdown => escape::markdown(text),
        }
    }

    /// A path of the snapshot that is named beside it.
    fn file(self, side: &str, path: &str, is_outside: bool) -> String {
        match self {
            Ink::Terminal(_, linkers) => linkers[usize::from(side == "after")].file(path, is_outside),
            Ink::Markdown => escape::markdown(path),
        }
    }

    fn severity_and_rule(self, severity: &str, rule: &str) -> String {
        match self {
            Ink::Terminal(style, [linker, _]) => {
                let word = match severity {
                    "error" => style.red(severity),
                    "warning" => style.yellow(severity),
                    _ => style.cyan(severity),
                };
                format!("{word}[{}]", linker.rule(rule))
            }
            Ink::Markdown => escape::markdown(&format!("{severity}[{rule}]")),
        }
    }
}

pub(super) fn finding(it: &FindingChange, ink: Ink<'_>) -> Vec<String> {
    let found = &it.finding;
    let event = found.event.map_or(String::new(), |event| format!(" [event {event}]"));
    let rule = ink.severity_and_rule(found.severity.word(), &found.rule);
    let mut lines = vec![format!("{rule}{}", ink.text(&format!(": {}{event}", found.message)))];
    lines.push(at(it.side, &found.primary, ink));
    if found.sources_total > 1 {
        lines.push(ink.text(&format!("  sources: {}", listed(&found.sources, found.sources_total))));
    }
    lines.extend(it.reason.as_ref().map(|reason| ink.text(&format!("  {reason}"))));
    lines
}

pub(super) fn outcome(it: &OutcomeChange, ink: Ink<'_>) -> Vec<String> {
    let worse = if it.worse { ", worse" } else { "" };
    let names = listed(&it.sources, it.sources.len());
    let mut lines = vec![ink.text(&format!("{names} to {}: {} → {}{worse}", it.vdir, it.before, it.after))];
    lines.extend(it.because_before.as_ref().map(|place| at("before", place, ink)));
    lines.extend(it.because_after.as_ref().map(|place| at("after", place, ink)));
    lines
}

/// The settings that are not as before, but for those that went or came with a file, which are told there.
pub(super) fn settings(diff: &Diff, ink: Ink<'_>) -> Vec<String> {
    let told: Vec<&SettingChange> = diff.settings.iter().filter(|it| it.file.is_none()).collect();
    let alike = told.chunk_by(|one, other| untold(one).is_some() && untold(one) == untold(other));
    alike
        .flat_map(|alike| match alike {
            [first, ..] if alike.len() >= MANY => many(first, alike, ink),
            few => few.iter().flat_map(|it| setting(it, ink)).collect(),
        })
        .collect()
}

/// What settings share that an export of one place does not tell on one side.
fn untold(it: &SettingChange) -> Option<(&str, &str, Option<&str>, Option<&str>)> {
    let paths = (it.at_before.as_ref().map(|it| it.path.as_str()), it.at_after.as_ref().map(|it| it.path.as_str()));
    let is_untold = !it.shows_absence && (it.before.is_none() || it.after.is_none());
    is_untold.then_some((it.server.as_str(), it.place.as_str(), paths.0, paths.1))
}

fn many(first: &SettingChange, alike: &[&SettingChange], ink: Ink<'_>) -> Vec<String> {
    let names: Vec<String> = alike.iter().map(|it| it.name.clone()).collect();
    let number = counted(names.len(), "setting");
    let moved =
        if first.after.is_none() { "→ <not in the exports>" } else { "<not in the exports> before, told now" };
    let names = listed(&names, names.len());
    let mut lines = vec![ink.text(&format!("{}{number} {moved}: {names}", place(first)))];
    lines.extend(
        first
            .at_before
            .as_ref()
            .map(|it| format!("  {} {}", ink.text("before"), ink.file("before", &it.path, it.is_outside))),
    );
    lines.extend(
        first
            .at_after
            .as_ref()
            .map(|it| format!("  {} {}", ink.text("after"), ink.file("after", &it.path, it.is_outside))),
    );
    lines
}

fn setting(it: &SettingChange, ink: Ink<'_>) -> Vec<String> {
    let nothing = if it.shows_absence { "<not set>" } else { "<not in the exports>" };
    let value = |value: &Option<String>, origin: &Option<String>| {
        let value = value
            .as_deref()
            .map_or(Cow::Borrowed(nothing), |it| if it.is_empty() { Cow::Borrowed("<empty>") } else { it.into() });
        origin.as_ref().map_or(value.to_string(), |origin| format!("{value} ({origin})"))
    };
    let (one, other) = (value(&it.before, &it.origin_before), value(&it.after, &it.origin_after));
    let mut lines = vec![ink.text(&format!("{}{}: {one} → {other}", place(it), it.name))];
    lines.extend(it.at_before.as_ref().map(|place| at("before", place, ink)));
    lines.extend(it.at_after.as_ref().map(|place| at("after", place, ink)));
    if it.text_unchanged {
        lines.push(ink.text("  the text of the file that states it did not change: another file did"));
    } else if it.inherited {
        lines.push(ink.text("  a layer above it states it"));
    }
    lines
}

/// The server and the place of a setting, as they stand before its name.
fn place(it: &SettingChange) -> String {
    if it.place.is_empty() { format!("{}: ", it.server) } else { format!("{}: {} ", it.server, it.place) }
}

pub(super) fn file(it: &FileChange, ink: Ink<'_>) -> Vec<String> {
    let side = if it.change == "removed" { "before" } else { "after" };
    let path = ink.file(side, &it.path, false);
    let earlier = it.renamed_from.as_ref().map(|path| ink.file("before", path, false));
    let mut first = match (it.change, earlier) {
        ("renamed", Some(earlier)) => format!("{path}{}{earlier}", ink.text(": renamed from ")),
        (_, Some(earlier)) => {
            format!("{path}{}{earlier}{}", ink.text(": takes the place of "), ink.text(", with the same effect"))
        }
        ("read otherwise", None) => format!("{path}{}", ink.text(": text as before, and read otherwise")),
        (change, None) => format!("{path}{}", ink.text(&format!(": {change}"))),
    };
    first += &ink.text(&moved(it));
    let mut lines = vec![first];
    if !it.places.is_empty() {
        lines.push(ink.text(&format!("  of {}", spoken(&it.places))));
    }
    lines.extend(it.no_longer_checkable.iter().map(|why| ink.text(&format!("  less can be checked: {why}"))));
    lines
}

/// How many settings went and came with a file, in words.
fn moved(it: &FileChange) -> String {
    let is_one_sided = it.change == "removed" || it.change == "added";
    let mut parts = Vec::new();
    for (number, verb) in [(it.settings_gone, "went"), (it.settings_come, "came")] {
        match counted(number, "setting") {
            _ if number == 0 => {}
            settings if is_one_sided => parts.push(format!(", with {settings}")),
            settings => parts.push(format!("; {settings} {verb} with what it tells")),
        }
    }
    let others = counted(it.settings_elsewhere, "setting");
    match it.change {
        "removed" if it.settings_elsewhere > 0 => parts.push(format!("; {others} of it stand in other files now")),
        "added" if it.settings_elsewhere > 0 => parts.push(format!("; {others} of it stood in other files before")),
        _ => {}
    }
    parts.concat()
}

/// A place in one of the snapshots, on a line of its own.
fn at(side: &str, place: &Location, ink: Ink<'_>) -> String {
    let label = if place.label.is_empty() { String::new() } else { format!(": {}", place.label) };
    let behind = format!(":{}:{}{label}", place.start.line, place.start.column);
    format!("  {side} {}{}", ink.file(side, &place.path, place.is_outside), ink.text(&behind))
}

fn listed(names: &[String], total: usize) -> String {
    let shown = names[..names.len().min(NAMES)].join(", ");
    if total > NAMES { format!("{shown} and {} more", total - NAMES) } else { shown }
}
