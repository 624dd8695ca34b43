//! Azure Pipelines: logging commands that make issues of a run.

use std::fmt::Write as _;

use crate::finding::Severity;
use crate::render::human::last_line;
use crate::render::short::located;
use crate::render::{Look, escape};
use crate::report::{Report, Reported};
use crate::text::show::visible;
use crate::text::source::Sources;

/// Errors and warnings as issues, notes as lines of the log, and a last line with the verdict.
pub fn render(report: &Report, _: &Sources, look: Look<'_>) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        let line = match finding.severity {
            Severity::Error => issue("error", finding, look.prefix),
            Severity::Warning => issue("warning", finding, look.prefix),
            Severity::Info => escape::log_line(&located(finding, look.prefix)).into_owned(),
        };
        let _ = writeln!(out, "{line}");
    }
    for open in &report.open {
        let message = format!("not checked: {}; to settle it: {}", open.reason, open.ask_for);
        let _ = writeln!(out, "##vso[task.logissue type=warning]{}", data(&visible(&message)));
    }
    let _ = writeln!(out, "{}", escape::log_line(&last_line(report)));
    out
}

fn issue(kind: &str, finding: &Reported, prefix: &str) -> String {
    let at = &finding.primary;
    let help = finding.help.as_deref().map_or(String::new(), |help| format!("; help: {}", one_line(help)));
    format!(
        "##vso[task.logissue type={kind};sourcepath={};linenumber={};columnnumber={};code={}]{}{}",
        property(&at.path_below(prefix)),
        at.start.line,
        at.start.column,
        property(&finding.rule),
        data(&visible(&finding.message)),
        data(&visible(&help)),
    )
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn data(text: &str) -> String {
    text.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&visible(text)).replace(']', "%5D").replace(';', "%3B")
}
