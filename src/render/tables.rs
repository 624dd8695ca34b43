//! Tables and pages for a terminal: pairs, facts, rules and questions.

mod pairs;

use std::fmt::Write as _;

pub use self::pairs::{classes, paths};
use crate::render::style::Style;
use crate::report::Location;
use crate::report::explain::{Questions, Rules};
use crate::report::facts::{Facts, ServerFacts, Shown};
use crate::text::show::visible;

/// The facts, server by server.
pub fn facts(facts: &Facts, color: bool) -> String {
    let style = Style { color };
    let mut out = String::new();
    for server in &facts.servers {
        of_server(&mut out, server, style);
    }
    out
}

fn of_server(out: &mut String, server: &ServerFacts, style: Style) {
    let site = server.site.as_deref().map_or_else(|| "site unknown".to_owned(), |site| format!("site {site}"));
    let fqdn = server.fqdn.as_deref().unwrap_or("full name unknown");
    let _ = writeln!(out, "{} ({}, {})", style.bold(&visible(&server.name)), visible(fqdn), visible(&site));
    for vdir in &server.vdirs {
        let _ = writeln!(out, "  {}", style.cyan(&visible(&vdir.identity)));
        for property in &vdir.properties {
            let value = property.value.as_ref().map_or_else(|| format!("<{}>", property.state), shown);
            let cut = if property.state == "truncated" { " <truncated>" } else { "" };
            let _ = writeln!(out, "    {} = {}{cut}  {}", visible(&property.name), visible(&value), at(&property.at));
        }
    }
    if !server.iis.is_empty() {
        let _ = writeln!(out, "  {}", style.cyan("IIS, in force"));
    }
    for fact in &server.iis {
        let value = fact.value.as_deref().unwrap_or("<undetermined>");
        let place = fact.at.as_ref().map_or(String::new(), |place| format!("  {}", at(place)));
        let section = fact.section.rsplit('/').next().unwrap_or(fact.section);
        let _ = writeln!(
            out,
            "    {}: {section}@{} = {} ({}){place}",
            visible(&fact.path),
            fact.attribute,
            visible(value),
            visible(&fact.origin)
        );
    }
    if !server.registry.is_empty() {
        let _ = writeln!(out, "  {}", style.cyan("registry"));
    }
    for fact in &server.registry {
        let _ = writeln!(
            out,
            "    {}\\{} = {} {}  {}",
            visible(&fact.key),
            visible(&fact.name),
            fact.kind,
            visible(&shown(&fact.value)),
            at(&fact.at)
        );
    }
    out.push('\n');
}

fn shown(value: &Shown) -> String {
    match value {
        Shown::One(text) => text.clone(),
        Shown::Many(items) => list(items),
    }
}

/// A list in braces; of a long one the first items and how many there are, since its place would be lost behind them.
fn list(items: &[String]) -> String {
    const LONG: usize = 160;
    let whole = format!("{{{}}}", items.join(", "));
    if whole.chars().count() <= LONG {
        return whole;
    }
    let mut length = 0;
    let fitting = items.iter().take_while(|item| {
        let is_first = length == 0;
        length += item.chars().count() + 2;
        is_first || length <= LONG / 2
    });
    let shown: Vec<&str> = fitting.map(String::as_str).collect();
    format!("{{{}}} (first {} of {})", shown.join(", "), shown.len(), items.len())
}

fn at(place: &Location) -> String {
    format!("[{}:{}:{}]", visible(&place.path), place.start.line, place.start.column)
}

/// The rules, one a line.
pub fn rules(rules: &Rules, color: bool) -> String {
    let style = Style { color };
    let widest = rules.rules.iter().map(|page| page.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for page in &rules.rules {
        let severity = format!("{:<7}", page.severity);
        let severity = match page.severity {
            "error" => style.red(&severity),
            "warning" => style.yellow(&severity),
            _ => style.cyan(&severity),
        };
        let event = page.event.map_or_else(|| "  ".to_owned(), |event| format!("{event:2}"));
        let _ = writeln!(out, "{}  {severity}  {event}  {:<widest$}  {}", page.rule, page.name, visible(&page.summary));
    }
    out
}

/// The questions that rules can ask, by whom they are about.
pub fn questions(questions: &Questions, color: bool) -> String {
    let style = Style { color };
    let mut out = String::new();
    for rows in questions.questions.chunk_by(|one, other| one.about == other.about) {
        let _ = writeln!(out, "{}", style.bold(rows[0].about));
        for row in rows {
            let name = if row.is_open { format!("{}.\"…\"", row.name) } else { row.name.to_owned() };
            let default = row.default.map_or_else(String::new, |default| format!(", {default} by default"));
            let _ = writeln!(out, "  {name} ({}{default})\n    {}", row.kind, row.doc);
            let _ = writeln!(out, "    such as {}", row.example.replace('\n', ", "));
        }
    }
    out
}
