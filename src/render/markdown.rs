//! Markdown: a comment for a change under review, or the summary of a job.

use std::fmt::Write as _;

use crate::finding::Severity;
use crate::render::excerpt::numbered_lines;
use crate::render::{Look, escape, human};
use crate::report::open::gaps;
use crate::report::verdict::Verdict;
use crate::report::{Location, Report, Reported};
use crate::text::show::visible;
use crate::text::source::Sources;

/// The most bytes that are written: GitHub takes comments of 65,536 characters, and this leaves room for the closing.
const ROOM: usize = 56_000;

/// How many places of one finding are quoted.
const QUOTED: usize = 6;

/// The verdict, the findings with the lines that prove them, and what could not be checked.
pub fn render(report: &Report, sources: &Sources, look: Look<'_>) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "### owalint: {}\n", headline(report));
    let _ = writeln!(out, "{}\n", escape::markdown(&human::last_line(report)));
    let mut findings: Vec<&Reported> = report.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let mut left = findings.len();
    for finding in findings {
        let text = section(finding, sources, look.prefix);
        if out.len() + text.len() > ROOM {
            break;
        }
        out.push_str(&text);
        left -= 1;
    }
    if left > 0 {
        let _ = writeln!(
            out,
            "**{} did not fit here**; the other formats hold all of them.\n",
            human::counted(left, "more finding")
        );
    }
    open(&mut out, report);
    let _ =
        writeln!(out, "<sub>not in any snapshot: certificates, SPNs, DNS, firewalls, and whether services run</sub>");
    out
}

fn headline(report: &Report) -> &'static str {
    match report.verdict {
        Verdict::Clean => "✅ clean",
        Verdict::Findings => "❌ findings",
        Verdict::Incomplete => "⚠️ incomplete",
        Verdict::NothingRead => "⚠️ nothing read",
        Verdict::Untrusted => "❌ not to be trusted",
    }
}

fn section(finding: &Reported, sources: &Sources, prefix: &str) -> String {
    let mut out = String::new();
    let mark = match finding.severity {
        Severity::Error => "🔴",
        Severity::Warning => "🟠",
        Severity::Info => "🔵",
    };
    let event = finding.event.map_or(String::new(), |event| format!(" · event {event}"));
    let at = &finding.primary;
    let _ = writeln!(
        out,
        "<details><summary>{mark} {} <b>{}</b> {} — <code>{}:{}:{}</code></summary>\n",
        finding.severity.word(),
        escape::xml(&finding.rule),
        escape::xml(&finding.message).replace('@', "&#64;"),
        escape::xml(&at.path_below(prefix)),
        at.start.line,
        at.start.column,
    );
    for place in std::iter::once(at).chain(finding.related.iter().take(QUOTED - 1)) {
        quote(&mut out, place, sources, prefix);
    }
    let hidden = (1 + finding.related_total).saturating_sub(QUOTED);
    if hidden > 0 {
        let _ = writeln!(out, "and {}\n", human::counted(hidden, "more place"));
    }
    let _ = writeln!(out, "confidence {}{event} · {}\n", finding.confidence.word(), escape::markdown(&finding.name));
    for assumption in &finding.assumes {
        let _ = writeln!(out, "* assumes: {}", escape::markdown(assumption));
    }
    if let Some(help) = &finding.help {
        let lines: Vec<_> = help.trim().lines().map(visible).collect();
        let text = lines.join("\n");
        let fence = escape::fence(&text);
        let _ = writeln!(out, "\nWhat to do:\n\n{fence}text\n{text}\n{fence}\n");
    }
    for reference in &finding.references {
        let _ = writeln!(out, "* <{}>", escape::xml(reference));
    }
    out.push_str("\n</details>\n\n");
    out
}

/// The line of a place with its number, and what it has to do with the finding.
fn quote(out: &mut String, place: &Location, sources: &Sources, prefix: &str) {
    let label = if place.label.is_empty() { String::new() } else { format!(" — {}", escape::markdown(&place.label)) };
    // Markdown counts inside of tags that stand in a paragraph.
    let path = escape::markdown(&place.path_below(prefix));
    let _ = writeln!(out, "<code>{path}:{}:{}</code>{label}\n", place.start.line, place.start.column);
    let lines = numbered_lines(sources, place.span);
    if !lines.is_empty() {
        let fence = escape::fence(&lines);
        let _ = writeln!(out, "{fence}text\n{lines}{fence}\n");
    }
}

fn open(out: &mut String, report: &Report) {
    if report.open.is_empty() {
        return;
    }
    out.push_str("#### Not checked\n\n");
    for gap in gaps(&report.open) {
        let _ = writeln!(
            out,
            "* {}{}; to settle it: {}",
            escape::markdown(&gap.words()),
            escape::markdown(&gap.unasked()),
            escape::markdown(gap.ask_for)
        );
        if out.len() > ROOM + 6_000 {
            out.push_str("* and more, which the other formats hold\n");
            break;
        }
    }
    out.push('\n');
}
