//! The table of pairs: each on a line of its own or, where there are many, those that fare alike.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::render::style::Style;
use crate::report::paths::classes::{Class, Classes};
use crate::report::paths::{Path, Paths};
use crate::text::show::visible;

/// A line of the table.
type Row = [String; 6];

/// The pairs as a table.
pub fn paths(paths: &Paths, color: bool) -> String {
    let style = Style { color };
    if paths.paths.is_empty() {
        return "no pair of a source server and an OWA virtual directory of another server is known\n".to_owned();
    }
    let mut out = table("source", paths.paths.iter().map(|path| row(&path.source, path)).collect(), style);
    let has_unknown_sites = paths.paths.iter().any(|path| path.site == "unknown");
    let assumes: BTreeSet<&String> = paths.paths.iter().flat_map(|path| &path.assumes).collect();
    close(&mut out, has_unknown_sites, assumes.into_iter().map(String::as_str), style);
    out
}

/// The pairs as a table of sources that fare alike on a target.
pub fn classes(classes: &Classes, color: bool) -> String {
    let style = Style { color };
    let rows = classes.classes.iter().map(|it| row(&names(it), &it.first)).collect();
    let mut out = table("sources", rows, style);
    let _ = writeln!(
        out,
        "\nthe {} pairs are grouped: sources that fare alike on a target are one row, with the reason of the first; \
         `--format json` lists each pair",
        classes.pairs
    );
    let assumes = alike(&classes.assumes);
    close(&mut out, classes.has_unknown_sites, assumes.iter().map(String::as_str), style);
    out
}

/// Assumptions that say the same `at` different places, each told once with its first places.
fn alike(assumes: &BTreeSet<String>) -> Vec<String> {
    const NAMED: usize = 3;
    let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for it in assumes {
        let (what, place) = it.split_once(" at ").unwrap_or((it, ""));
        places.entry(what).or_default().push(place);
    }
    let told = |(what, places): (&str, Vec<&str>)| {
        let named = places[..places.len().min(NAMED)].join(", ");
        let more = match places.len() - places.len().min(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        if named.is_empty() { what.to_owned() } else { format!("{what} at {named}{more}") }
    };
    places.into_iter().map(told).collect()
}

/// The first sources of a class, and how many more there are.
fn names(class: &Class) -> String {
    let named = class.named.join(", ");
    match class.count - class.named.len() {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

fn row(sources: &str, path: &Path) -> Row {
    let status = path.status.map_or(String::new(), |status| format!(" {status}"));
    let event = path.event.map_or_else(|| "-".to_owned(), |event| event.to_string());
    let why = match path.because.first() {
        _ if path.outcome == "unknown" => path.missing.join("; "),
        Some(place) => format!("{} ({}:{}:{})", place.label, place.path, place.start.line, place.start.column),
        None => String::new(),
    };
    let outcome = format!("{}{status}", path.outcome);
    [sources, &path.vdir, &outcome, &event, path.url.as_deref().unwrap_or("-"), &why].map(|it| visible(it).into_owned())
}

fn table(sources: &str, lines: Vec<Row>, style: Style) -> String {
    let mut rows = vec![[sources, "target", "outcome", "event", "url", "why"].map(str::to_owned)];
    rows.extend(lines);
    let widths: Vec<usize> =
        (0..5).map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)).collect();
    let mut out = String::new();
    for (index, row) in rows.iter().enumerate() {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let pad = widths.get(column).map_or(0, |width| width - cell.chars().count());
            let shown = match (index, column) {
                (0, _) => style.bold(cell),
                (_, 2) if cell.starts_with("proxied") || cell == "redirect" || cell == "same-site" => style.green(cell),
                (_, 2) if cell == "unknown" || cell == "not-applicable" => style.yellow(cell),
                (_, 2) => style.red(cell),
                _ => cell.clone(),
            };
            let _ = write!(line, "{shown}{}", " ".repeat(pad + 2));
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

/// What holds of many rows.
fn close<'p>(out: &mut String, has_unknown_sites: bool, assumes: impl Iterator<Item = &'p str>, style: Style) {
    if has_unknown_sites {
        out.push_str("\nsome AD sites are not known: pairs of one site are not proxied at all\n");
    }
    for (index, it) in assumes.enumerate() {
        if index == 0 {
            let _ = writeln!(out, "\n{}", style.bold("assumed:"));
        }
        let _ = writeln!(out, "  - {}", visible(it));
    }
}
