//! HTML: one page without anything from outside, for people who review a change.

mod findings;
mod grid;
mod topology;

use std::fmt::Write as _;

use crate::render::escape::xml;
use crate::render::{Look, human};
use crate::report::open::{commands, gaps};
use crate::report::verdict::Verdict;
use crate::report::{Report, Reported};
use crate::text::source::Sources;

const STYLE: &str = include_str!("html/report.css");
const SCRIPT: &str = include_str!("html/report.js");

/// What the page may do: its own style, its own script by its digest, and nothing from anywhere else.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-DIGEST'; base-uri 'none'; form-action 'none'";

/// The SHA-256 digest of the script, in base64.
pub const SCRIPT_DIGEST: &str = "Toy1bbSq6ovl2Y/BZFxyT+CZMZ4TK2tYwRQ6K0g3YvA=";

/// The page: the verdict, what becomes of every pair, the findings with the lines that prove them, and what could not be
/// checked.
pub fn render(report: &Report, sources: &Sources, _: Look<'_>) -> String {
    let mut out = String::with_capacity(16_384);
    head(&mut out);
    verdict(&mut out, report);
    if let Some(outcomes) = report.outcomes.as_ref().filter(|outcomes| !outcomes.cells.is_empty()) {
        topology::draw(&mut out, outcomes);
        grid::draw(&mut out, outcomes);
    }
    findings::write(&mut out, report, sources);
    coverage(&mut out, report);
    let tool = report.tool;
    let _ = writeln!(out, "</main><footer class=\"soft\"><p>{} {}</p></footer>", tool.name, tool.version);
    let _ = writeln!(out, "<script>{SCRIPT}</script></body></html>");
    out
}

/// The script as it stands in the page, for the test of its digest.
pub fn script() -> &'static str {
    SCRIPT
}

fn head(out: &mut String) {
    let policy = POLICY.replace("DIGEST", SCRIPT_DIGEST);
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\"><title>owalint report</title>\n\
         <style>{STYLE}</style></head>\n<body><a class=\"skip\" href=\"#findings\">to the findings</a>\n<main>\n"
    );
}

fn verdict(out: &mut String, report: &Report) {
    let (class, headline) = match report.verdict {
        Verdict::Clean => ("works", "Clean"),
        Verdict::Findings => ("fails", "Findings that fail the run"),
        Verdict::Incomplete => ("unknown", "Incomplete"),
        Verdict::NothingRead => ("unknown", "Nothing read"),
        Verdict::Untrusted => ("fails", "Not to be trusted"),
    };
    let summary = &report.summary;
    let _ = writeln!(out, "<h1>owalint</h1><section class=\"verdict {class}\" aria-label=\"verdict\">");
    let words = human::verdict_words(report);
    let words = if words == "findings" { String::new() } else { format!("<p>{}</p>", xml(&words)) };
    let _ = writeln!(out, "<h2 style=\"margin-top:0\">{headline}</h2>{words}");
    out.push_str("<ul class=\"counts\">");
    let counts = [
        (summary.findings.error, "error"),
        (summary.findings.warning, "warning"),
        (summary.findings.info, "note"),
        (summary.open, "open question"),
        (summary.servers, "server"),
        (summary.pairs, "pair"),
        (summary.suppressed, "suppressed finding"),
        (summary.baselined, "baselined finding"),
    ];
    for (number, noun) in counts.into_iter().filter(|(number, noun)| *number > 0 || !noun.ends_with("finding")) {
        let plural = if number == 1 { "" } else { "s" };
        let _ = write!(out, "<li><b>{number}</b> {noun}{plural}</li>");
    }
    out.push_str("</ul><p class=\"soft\">Not in any snapshot: certificates, SPNs, DNS, firewalls, and whether services run.</p></section>\n");
    out.push_str("<nav aria-label=\"parts of this page\">");
    if report.outcomes.as_ref().is_some_and(|it| !it.cells.is_empty()) {
        out.push_str("<a href=\"#pairs\">what becomes of requests</a>");
    }
    out.push_str("<a href=\"#findings\">findings</a><a href=\"#rules\">rules</a><a href=\"#coverage\">what could not be checked</a><a href=\"#files\">files</a></nav>\n");
}

/// What could not be checked, which export would settle it, and what became of every file.
fn coverage(out: &mut String, report: &Report) {
    out.push_str("<h2 id=\"coverage\">What could not be checked</h2>\n");
    let gaps = gaps(&report.open);
    let notes: Vec<(&Reported, Vec<&str>)> =
        report.findings.iter().map(|it| (it, commands(it, &gaps))).filter(|(_, it)| !it.is_empty()).collect();
    if report.open.is_empty() {
        out.push_str("<p>Every question that decides about proxying was answered.</p>\n");
    }
    if !gaps.is_empty() || !notes.is_empty() {
        out.push_str("<div class=\"scroll\"><table><thead><tr><th>why</th><th>what would settle it</th><th>rules not asked</th></tr></thead><tbody>\n");
        for gap in &gaps {
            let rules: Vec<&str> = gap.rules.iter().copied().collect();
            let _ = writeln!(
                out,
                "<tr class=\"unknown\"><td>{}</td><td><code>{}</code></td><td>{}</td></tr>",
                xml(&gap.words()),
                xml(gap.ask_for),
                xml(&rules.join(", "))
            );
        }
        for (note, commands) in notes {
            let _ = writeln!(
                out,
                "<tr><td>{} ({}; the verdict does not count it)</td><td><code>{}</code></td><td></td></tr>",
                xml(&note.message),
                xml(&note.rule),
                xml(&commands.join("; "))
            );
        }
        out.push_str("</tbody></table></div>\n");
    }
    let files = &report.summary.files;
    let _ = writeln!(
        out,
        "<h2 id=\"files\">Files</h2><p>{} read, {} partly read, {} refused, {} ignored</p>\n<details><summary>all files</summary><div class=\"scroll\"><table>\
         <thead><tr><th>file</th><th>what it is</th><th>server</th><th>encoding</th><th>status</th></tr></thead><tbody>",
        files.read, files.partly_read, files.refused, files.ignored
    );
    for input in &report.inputs {
        let class = match input.status {
            "refused" => "fails",
            "partly-read" => "unknown",
            "ignored" => "aside",
            _ => "works",
        };
        let reason = input.reason.as_deref().map_or(String::new(), |reason| format!(": {}", xml(reason)));
        let _ = writeln!(
            out,
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td><td class=\"{class}\">{}{reason}</td></tr>",
            xml(&input.path),
            xml(input.format),
            xml(input.server.as_deref().unwrap_or_default()),
            xml(input.encoding),
            xml(input.status),
        );
    }
    out.push_str("</tbody></table></div></details>\n");
}
