//! Short: one line a finding, with its place, for other tools and for a quick look.

use std::fmt::Write as _;

use crate::render::Look;
use crate::render::link::Linker;
use crate::render::style::Style;
use crate::report::{Report, Reported};
use crate::text::show::visible;
use crate::text::source::Sources;

/// The findings, one a line, and a last line with the verdict.
pub fn render(report: &Report, _: &Sources, look: Look<'_>) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        let _ = writeln!(out, "{}", line(finding, Style { color: look.color }, Linker::default()));
    }
    for it in report.suppressed.iter().flatten() {
        let why = format!("{}{}", it.suppression.reason, it.suppression.in_brackets());
        let line = line_of(&it.finding, "suppressed ", Style { color: look.color }, Linker::default());
        let _ = writeln!(out, "{line} · {}", visible(&why));
    }
    for it in report.baselined.iter().flatten() {
        let line = line_of(it, "baselined ", Style { color: look.color }, Linker::default());
        let _ = writeln!(out, "{line}");
    }
    if !look.quiet {
        let _ = writeln!(out, "{}", super::human::last_line(report));
    }
    out
}

/// One finding on one line.
pub fn line(finding: &Reported, style: Style, linker: Linker<'_>) -> String {
    line_of(finding, "", style, linker)
}

/// One finding on one line, with a word before its severity.
fn line_of(finding: &Reported, word_before: &str, style: Style, linker: Linker<'_>) -> String {
    let word = finding.severity.word();
    let severity = match word {
        "error" => style.red(word),
        "warning" => style.yellow(word),
        _ => style.cyan(word),
    };
    let event = finding.event.map_or(String::new(), |event| format!(" [event {event}]"));
    format!(
        "{}:{}:{}: {word_before}{severity}[{}]: {}{event}",
        linker.place(&finding.primary),
        finding.primary.start.line,
        finding.primary.start.column,
        linker.rule(&finding.rule),
        visible(&finding.message),
    )
}

/// One finding on one line, without colours, its path below `prefix`.
pub fn located(finding: &Reported, prefix: &str) -> String {
    let at = &finding.primary;
    let event = finding.event.map_or(String::new(), |event| format!(" [event {event}]"));
    let place = format!("{}:{}:{}", visible(&at.path_below(prefix)), at.start.line, at.start.column);
    format!("{place}: {}[{}]: {}{event}", finding.severity.word(), finding.rule, visible(&finding.message))
}
