//! CSV: one row a finding, for spreadsheets.

use crate::render::Look;
use crate::report::{Location, Report, Reported};
use crate::text::show::visible;
use crate::text::source::Sources;

const COLUMNS: [&str; 20] = [
    "rule",
    "name",
    "severity",
    "confidence",
    "event",
    "message",
    "sources",
    "targets",
    "path",
    "line",
    "column",
    "end_line",
    "end_column",
    "text",
    "label",
    "evidence",
    "help",
    "assumes",
    "references",
    "fingerprint",
];

/// The findings as rows below a header; lines end in CR LF, and every cell is quoted.
pub fn render(report: &Report, _: &Sources, look: Look<'_>) -> String {
    let mut out = String::new();
    row(&mut out, COLUMNS.iter().map(|it| (*it).to_owned()));
    for finding in &report.findings {
        row(&mut out, cells(finding, look.prefix).into_iter());
    }
    out
}

fn cells(finding: &Reported, prefix: &str) -> [String; 20] {
    let at = &finding.primary;
    let place = |place: &Location| {
        format!("{}:{}:{}: {}", place.path_below(prefix), place.start.line, place.start.column, place.label)
    };
    [
        finding.rule.clone(),
        finding.name.clone(),
        finding.severity.word().to_owned(),
        finding.confidence.word().to_owned(),
        finding.event.map_or(String::new(), |event| event.to_string()),
        finding.message.clone(),
        finding.sources.join(" "),
        finding.targets.join(" "),
        at.path_below(prefix),
        at.start.line.to_string(),
        at.start.column.to_string(),
        at.end.line.to_string(),
        at.end.column.to_string(),
        at.text.clone(),
        at.label.clone(),
        finding.related.iter().map(place).collect::<Vec<_>>().join("; "),
        finding.help.as_deref().unwrap_or_default().trim().to_owned(),
        finding.assumes.join("; "),
        finding.references.join(" "),
        finding.fingerprint.clone(),
    ]
}

fn row(out: &mut String, cells: impl Iterator<Item = String>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push('"');
        out.push_str(&safe(&cell).replace('"', "\"\""));
        out.push('"');
    }
    out.push_str("\r\n");
}

/// A text that no spreadsheet takes for a formula, with its line ends kept and all else that is hostile spelt out.
fn safe(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(visible).collect();
    let text = lines.join("\n");
    if text.starts_with(['=', '+', '-', '@', '\t', '|', '%']) { format!("'{text}") } else { text }
}
