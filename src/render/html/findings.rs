//! The findings of the page, with their filters, snippets and explanations.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::render::escape::{xml, xml_lines};
use crate::render::excerpt::marked_lines;
use crate::render::human::counted;
use crate::report::notes::RuleNote;
use crate::report::outcomes::named;
use crate::report::{Location, Report, Reported};
use crate::text::source::Sources;

/// What divides the values of one attribute: a line feed, which is spelt out in every value.
const DIVIDER: &str = "&#10;";

/// How many names are shown at once.
const NAMED: usize = 12;

/// How many places of one finding are quoted.
const QUOTED: usize = 12;

/// Writes the filters and the findings, the gravest first.
pub(super) fn write(out: &mut String, report: &Report, sources: &Sources) {
    let mut findings: Vec<&Reported> = report.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    out.push_str("<h2 id=\"findings\">Findings</h2>\n");
    if findings.is_empty() {
        out.push_str("<p>Nothing was found.</p>\n");
    }
    let sites = sites(report);
    filters(out, &findings, &sites);
    let notes: BTreeMap<&str, &RuleNote> = report.rules.iter().map(|note| (note.id.as_str(), note)).collect();
    for finding in findings {
        article(out, finding, notes.get(finding.rule.as_str()).copied(), &sites, sources);
    }
    if !report.rules.is_empty() {
        out.push_str("<h2 id=\"rules\">Rules, and what they rest on</h2>\n");
    }
    report.rules.iter().for_each(|note| explanation(out, note));
}

/// The site of each server, by its name.
fn sites(report: &Report) -> BTreeMap<&str, &str> {
    let servers = report.outcomes.iter().flat_map(|outcomes| &outcomes.servers);
    servers.map(|server| (server.name.as_str(), named(&server.site))).collect()
}

fn servers(finding: &Reported) -> BTreeSet<&str> {
    finding.sources.iter().chain(&finding.targets).map(String::as_str).collect()
}

fn filters(out: &mut String, findings: &[&Reported], sites: &BTreeMap<&str, &str>) {
    let of = |values: BTreeSet<&str>| values.into_iter().map(xml).collect::<Vec<_>>();
    let all_servers: BTreeSet<&str> = findings.iter().flat_map(|it| servers(it)).collect();
    let all_sites: BTreeSet<&str> = all_servers.iter().filter_map(|server| sites.get(server).copied()).collect();
    let rules: BTreeSet<&str> = findings.iter().map(|it| it.rule.as_str()).collect();
    let severities: BTreeSet<&str> = findings.iter().map(|it| it.severity.word()).collect();
    out.push_str("<form id=\"filters\" class=\"filters\" hidden aria-label=\"filters\">\n");
    for (name, values) in
        [("server", of(all_servers)), ("site", of(all_sites)), ("rule", of(rules)), ("severity", of(severities))]
    {
        let _ = write!(out, "<label>{name}<select name=\"{name}\"><option value=\"\">all</option>");
        for value in values {
            let _ = write!(out, "<option value=\"{value}\">{value}</option>");
        }
        out.push_str("</select></label>\n");
    }
    out.push_str(
        "<button type=\"reset\">show all</button> <button type=\"button\" id=\"open-all\">open or close all</button>\n\
         <span id=\"shown\" class=\"soft\" role=\"status\"></span></form>\n",
    );
}

fn article(
    out: &mut String,
    finding: &Reported,
    note: Option<&RuleNote>,
    sites: &BTreeMap<&str, &str>,
    sources: &Sources,
) {
    let servers = servers(finding);
    let of_sites: BTreeSet<&str> = servers.iter().filter_map(|server| sites.get(server).copied()).collect();
    let joined = |values: &BTreeSet<&str>| values.iter().map(|it| xml(it)).collect::<Vec<_>>().join(DIVIDER);
    let severity = finding.severity.word();
    let open = if severity == "info" { "" } else { " open" };
    let _ = writeln!(
        out,
        "<article data-rule=\"{}\" data-severity=\"{severity}\" data-servers=\"{}\" data-sites=\"{}\"><details{open}>",
        xml(&finding.rule),
        joined(&servers),
        joined(&of_sites),
    );
    let _ = writeln!(
        out,
        "<summary><span class=\"badge {severity}\">{severity}</span> <b>{}</b> {}</summary><div class=\"body\">",
        xml(&finding.rule),
        xml(&finding.message)
    );
    for (index, place) in std::iter::once(&finding.primary).chain(&finding.related).take(QUOTED).enumerate() {
        quote(out, place, index == 0, sources);
    }
    let hidden = (1 + finding.related_total).saturating_sub(QUOTED);
    if hidden > 0 {
        let _ = writeln!(out, "<p class=\"soft\">and {}</p>", counted(hidden, "more place"));
    }
    facts(out, finding);
    if let Some(note) = note {
        let _ = writeln!(out, "<p><a href=\"#rule-{0}\">why {0}, and what it rests on</a></p>", xml(&note.id));
    }
    out.push_str("</div></details></article>\n");
}

fn quote(out: &mut String, place: &Location, is_primary: bool, sources: &Sources) {
    let class = if is_primary { "place primary" } else { "place" };
    let label = if place.label.is_empty() { String::new() } else { format!(" — {}", xml(&place.label)) };
    let _ = write!(
        out,
        "<div class=\"{class}\"><p><code>{}:{}:{}</code>{label}</p>",
        xml(&place.path),
        place.start.line,
        place.start.column
    );
    let lines = marked_lines(sources, place.span);
    if !lines.is_empty() {
        out.push_str("<pre>");
        for line in lines {
            let _ = writeln!(
                out,
                "<span class=\"number\">{:>5} </span>{}<mark>{}</mark>{}",
                line.number,
                xml(&line.before),
                xml(&line.marked),
                xml(&line.after)
            );
        }
        out.push_str("</pre>");
    }
    out.push_str("</div>\n");
}

fn facts(out: &mut String, finding: &Reported) {
    let event = finding.event.map_or(String::new(), |event| format!("event {event} · "));
    let _ = write!(
        out,
        "<div class=\"facts soft\">{event}confidence {} · {}",
        finding.confidence.word(),
        xml(&finding.name)
    );
    for (word, names, total) in
        [("sources", &finding.sources, finding.sources_total), ("targets", &finding.targets, finding.targets.len())]
    {
        if !names.is_empty() {
            let _ = write!(out, " · {word}: {}", folded(names, total));
        }
    }
    out.push_str("</div>\n");
    if !finding.assumes.is_empty() {
        let items: Vec<String> = finding.assumes.iter().map(|it| xml(it)).collect();
        let _ = writeln!(out, "<p>assumes:</p><ul><li>{}</li></ul>", items.join("</li><li>"));
    }
    if let Some(help) = &finding.help {
        let _ = writeln!(out, "<h3>What to do</h3><pre>{}</pre>", xml_lines(help.trim()));
    }
}

/// Names, the first of them at once and the rest on demand.
fn folded(names: &[String], total: usize) -> String {
    let (first, rest) = names.split_at(names.len().min(NAMED));
    let more = if total > names.len() { format!(" and {} more", total - names.len()) } else { String::new() };
    if rest.is_empty() {
        return xml(&first.join(", ")) + &more;
    }
    let hidden = total - first.len();
    format!(
        "{}, <details class=\"names\"><summary>and {hidden} more</summary> {}{more}</details>",
        xml(&first.join(", ")),
        xml(&rest.join(", "))
    )
}

/// A text of a rule with its code set as code: Markdown as far as rules use it in a line.
fn prose(text: &str) -> String {
    let line = text.replace('\n', " ");
    if !line.matches('`').count().is_multiple_of(2) {
        return xml(&line);
    }
    let mut out = String::new();
    for (index, part) in line.split('`').enumerate() {
        let (before, after) = if index % 2 == 1 { ("<code>", "</code>") } else { ("", "") };
        let _ = write!(out, "{before}{}{after}", xml(part));
    }
    out
}

fn explanation(out: &mut String, note: &RuleNote) {
    let _ = writeln!(
        out,
        "<section class=\"rule\" id=\"rule-{0}\"><h3>{0} <span class=\"soft\">{1}</span></h3>",
        xml(&note.id),
        xml(&note.name)
    );
    for paragraph in note.why.split("\n\n") {
        let _ = writeln!(out, "<p>{}</p>", prose(paragraph.trim()));
    }
    if let Some(unseen) = &note.unseen {
        let _ = writeln!(out, "<p>Not seen here: {}</p>", prose(unseen));
    }
    if !note.founded_on.is_empty() {
        out.push_str("<ul>");
        for (url, says) in &note.founded_on {
            let _ = write!(out, "<li>{} <br><code>{}</code></li>", prose(says), xml(url));
        }
        out.push_str("</ul>\n");
    }
    out.push_str("</section>\n");
}
