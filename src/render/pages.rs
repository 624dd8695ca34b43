//! A rule's page: for a terminal, and as Markdown for the documentation.

mod markdown;

use std::fmt::Write as _;

pub use self::markdown::{index, markdown, questions};
use crate::render::human::counted;
use crate::render::link::Linker;
use crate::render::short;
use crate::render::style::Style;
use crate::report::explain::{Explained, Here, Page};
use crate::text::show::visible;

/// One rule's page for a terminal.
pub fn page(explained: &Explained, color: bool) -> String {
    let style = Style { color };
    let page = &explained.page;
    let mut out = format!("{}\n", style.bold(&format!("{} {}", page.rule, page.name)));
    let _ = writeln!(out, "{}\n", state(page));
    let _ = writeln!(out, "{}\n", visible(&page.summary));
    section(&mut out, style, "why", &page.why);
    if let Some(disputed) = &page.disputed {
        section(&mut out, style, "where the sources disagree", disputed);
    }
    if !page.conditions.is_empty() {
        let _ = writeln!(out, "{}", style.cyan("fires when all of this holds"));
        for condition in &page.conditions {
            let _ = writeln!(out, "  - {}", visible(condition));
        }
        out.push('\n');
    }
    for note in &page.notes {
        let _ = writeln!(out, "{}\n", visible(note));
    }
    fixes(&mut out, explained, style);
    if let Some(unseen) = &page.unseen {
        section(&mut out, style, "what it cannot see", unseen);
    }
    if let Some(example) = &explained.example {
        let _ = writeln!(out, "{}\n{}\n", style.cyan("example"), lines(&example.says));
        let _ = writeln!(out, "{}\n", example.report.trim_end());
    }
    if !page.founded_on.is_empty() {
        let _ = writeln!(out, "{}", style.cyan("founded on"));
        for source in &page.founded_on {
            let date = source.date.as_ref().map_or_else(String::new, |date| format!(" (dated {date})"));
            let _ = writeln!(out, "  - {}\n    {}{}", visible(&source.says), visible(&source.url), visible(&date));
        }
        out.push('\n');
    }
    if let Some(here) = &explained.here {
        found(&mut out, here, style);
    }
    out
}

/// What the rule is, in a line; the severity is the one that configuration gives it.
fn state(page: &Page) -> String {
    let event = page.event.map_or(String::new(), |event| format!(" · predicts event {event}"));
    let since = page.since.as_ref().map_or(String::new(), |since| format!(" · since {since}"));
    let asked = if page.scope == "file" { "told of every file" } else { "asked of every" };
    let scope = if page.scope == "file" { "" } else { page.scope };
    let state = format!("severity {} · confidence {} · {asked} {scope}", page.severity, page.confidence.word());
    format!("{}{event}{since}", state.trim_end())
}

/// What to do: with the names of the snapshot, else with those of the example, else as the rule writes it.
fn fixes(out: &mut String, explained: &Explained, style: Style) {
    let here = explained.here.as_ref().map(Here::help).unwrap_or_default();
    let example = explained.example.as_ref().and_then(|it| it.help.as_deref());
    match (here.is_empty(), example, &explained.page.help) {
        (false, ..) => here.into_iter().for_each(|help| section(out, style, "how to fix it here", help)),
        (true, Some(help), _) => section(out, style, "how to fix it (in the example below)", help),
        (true, None, Some(help)) => section(out, style, "how to fix it", help),
        (true, None, None) => {}
    }
}

/// What the rule says of the snapshot that was given.
fn found(out: &mut String, here: &Here, style: Style) {
    let said = match here.state {
        "fires" => format!("it fires: {}", counted(here.findings.len(), "finding")),
        "open" => "it does not fire, and cannot be asked everywhere".to_owned(),
        "silent" if !here.tells_open => {
            "it does not fire; what a rule of its kind could not be asked is not told".to_owned()
        }
        "silent" => "it does not fire, and nothing of it is left open".to_owned(),
        _ => "it is off, or not selected, so it was not asked".to_owned(),
    };
    let _ = writeln!(out, "{}\n{said}", style.cyan("here"));
    for finding in &here.findings {
        let _ = writeln!(out, "  - {}", short::line(finding, style, Linker::default()));
    }
    for open in &here.open {
        let _ = writeln!(out, "  - left open: {}; give {}", visible(&open.reason), visible(&open.ask_for));
    }
}

fn section(out: &mut String, style: Style, title: &str, text: &str) {
    let _ = writeln!(out, "{}\n{}\n", style.cyan(title), lines(text));
}

/// A text of several lines, each fit for a terminal.
fn lines(text: &str) -> String {
    text.trim().lines().map(visible).collect::<Vec<_>>().join("\n")
}
