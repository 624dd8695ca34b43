//! GitHub: workflow commands that make annotations at the lines of a change.

use std::fmt::Write as _;

use crate::finding::Severity;
use crate::render::human::last_line;
use crate::render::short::located;
use crate::render::{Look, escape};
use crate::report::{Report, Reported};
use crate::text::show::visible;
use crate::text::source::Sources;

/// How many annotations of one severity GitHub shows of one step; the rest are lines of the log.
const SHOWN: usize = 10;

/// The gravest findings as annotations, the others as lines of the log, and a last line with the verdict.
pub fn render(report: &Report, _: &Sources, look: Look<'_>) -> String {
    let mut out = String::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let mut findings = report.findings.iter().filter(|finding| finding.severity == severity);
        for finding in findings.by_ref().take(SHOWN) {
            let _ = writeln!(out, "{}", annotation(finding, look.prefix));
        }
        for finding in findings {
            let _ = writeln!(out, "{}", escape::log_line(&located(finding, look.prefix)));
        }
    }
    for open in &report.open {
        let line = format!("not checked: {}; to settle it: {}", open.reason, open.ask_for);
        let _ = writeln!(out, "{}", escape::log_line(&line));
    }
    let _ = writeln!(out, "{}", escape::log_line(&last_line(report)));
    out
}

fn annotation(finding: &Reported, prefix: &str) -> String {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let at = &finding.primary;
    let (line, end_line) = (at.start.line, at.end.line);
    // Columns count only where an annotation stays in one line.
    let columns = if line == end_line && at.end.column > at.start.column {
        format!(",col={},endColumn={}", at.start.column, at.end.column)
    } else {
        String::new()
    };
    format!(
        "::{command} file={},line={line},endLine={end_line}{columns},title={}::{}",
        property(&at.path_below(prefix)),
        property(&format!("{} {}", finding.rule, finding.name)),
        data(&body(finding)),
    )
}

/// The headline, the evidence in the other files, what was assumed and what to do.
fn body(finding: &Reported) -> String {
    let mut body = visible(&finding.message).into_owned();
    if !finding.primary.label.is_empty() {
        let _ = write!(body, "\n{}", visible(&finding.primary.label));
    }
    for place in &finding.related {
        let (path, label) = (visible(&place.path), visible(&place.label));
        let _ = write!(body, "\n{path}:{}:{}: {label}", place.start.line, place.start.column);
    }
    for assumption in &finding.assumes {
        let _ = write!(body, "\nassumes: {}", visible(assumption));
    }
    if let Some(help) = &finding.help {
        let lines: Vec<_> = help.trim().lines().map(visible).collect();
        let _ = write!(body, "\nhelp: {}", lines.join("\n"));
    }
    body
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&visible(text)).replace(':', "%3A").replace(',', "%2C")
}
