//! The grid of sources by targets, each cell coloured by what becomes of its pairs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::render::escape::xml;
use crate::report::outcomes::{By, Ending, Gravity, Line, Outcomes, named};

/// From how many columns on they are set close on paper, and up to how many they fit.
const ROOMY: usize = 20;
const PRINTED: usize = 55;

/// Draws the grid with its legend.
pub(super) fn draw(out: &mut String, outcomes: &Outcomes) {
    let (rows, columns) = match outcomes.by {
        By::Server => ("source servers", "target virtual directories"),
        By::Site => ("sites of sources", "sites of targets"),
    };
    let _ = writeln!(out, "<h2 id=\"pairs\">What becomes of requests</h2>");
    let _ = writeln!(
        out,
        "<p class=\"soft\">Rows are {rows}, columns are {columns}. A number is the event that the source logs.</p>"
    );
    legend(out);
    let wide = if outcomes.targets.len() > ROOMY { " wide" } else { "" };
    if outcomes.targets.len() > PRINTED {
        out.push_str("<p class=\"paper\">This table is wider than paper; `owalint paths` lists all pairs.</p>");
    }
    let _ = write!(
        out,
        "<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"sources by targets\">\
         <table class=\"grid{wide}\"><thead><tr><td></td>"
    );
    let names = short_names(outcomes);
    for (target, name) in outcomes.targets.iter().zip(names) {
        let line = Line { name: name.to_owned(), ..target.clone() };
        let _ = write!(
            out,
            "<th scope=\"col\" title=\"{}\"><span>{}</span></th>",
            xml(&target.name),
            title(&line, outcomes.by)
        );
    }
    out.push_str("</tr></thead><tbody>\n");
    for (row, source) in outcomes.sources.iter().enumerate() {
        let _ = write!(out, "<tr><th scope=\"row\">{}</th>", title(source, outcomes.by));
        for column in 0..outcomes.targets.len() {
            cell(out, outcomes.cells.get(&(row, column)));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
}

/// What the columns are called: virtual directories by their server, where none has two of them.
fn short_names(outcomes: &Outcomes) -> Vec<&str> {
    let whole: Vec<&str> = outcomes.targets.iter().map(|it| it.name.as_str()).collect();
    let servers: Vec<&str> = whole.iter().map(|it| it.split('\\').next().unwrap_or(it)).collect();
    let distinct: BTreeSet<&str> = servers.iter().copied().collect();
    if distinct.len() == whole.len() { servers } else { whole }
}

fn title(line: &Line, by: By) -> String {
    match by {
        By::Server if !line.site.is_empty() => {
            format!("{} <span class=\"soft\">{}</span>", xml(&line.name), xml(named(&line.site)))
        }
        _ => xml(&line.name),
    }
}

fn cell(out: &mut String, endings: Option<&BTreeMap<Ending, usize>>) {
    let Some((worst, _)) = endings.and_then(|it| it.last_key_value()) else {
        out.push_str("<td><span class=\"hide\">no pair</span></td>");
        return;
    };
    let all: Vec<String> = endings.into_iter().flatten().map(|(ending, count)| words(*ending, *count)).collect();
    let said = xml(&all.join(", "));
    let _ = write!(
        out,
        "<td class=\"{}\" title=\"{said}\"><span aria-hidden=\"true\">{}</span><span class=\"hide\">{said}</span></td>",
        class(worst.gravity),
        sign(*worst)
    );
}

fn words(ending: Ending, count: usize) -> String {
    let event = ending.event.map_or(String::new(), |event| format!(" (event {event})"));
    if count == 1 { format!("{}{event}", ending.outcome) } else { format!("{count} × {}{event}", ending.outcome) }
}

fn sign(ending: Ending) -> String {
    match (ending.event, ending.gravity) {
        (Some(event), _) => event.to_string(),
        (None, Gravity::Works) => "✓".to_owned(),
        (None, Gravity::Unknown) => "?".to_owned(),
        (None, Gravity::Fails) => "✗".to_owned(),
        (None, Gravity::Aside) => "–".to_owned(),
    }
}

fn legend(out: &mut String) {
    let rows = [
        (Gravity::Fails, "✗ fails: users do not get through, with the event if one is logged"),
        (Gravity::Unknown, "? cannot be told from the snapshot"),
        (Gravity::Works, "✓ proxied"),
        (Gravity::Aside, "– not proxied and need not be: same site, redirected, or Exchange 2013 and later"),
    ];
    out.push_str("<ul class=\"legend\">");
    for (gravity, text) in rows {
        let _ = write!(out, "<li class=\"{}\"><i></i>{text}</li>", class(gravity));
    }
    out.push_str("</ul>\n");
}

/// The class that colours a gravity.
pub(super) fn class(gravity: Gravity) -> &'static str {
    match gravity {
        Gravity::Aside => "aside",
        Gravity::Works => "works",
        Gravity::Unknown => "unknown",
        Gravity::Fails => "fails",
    }
}
