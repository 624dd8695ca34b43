//! The picture of the sites: their servers, and what becomes of requests between them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::grid::class;
use crate::render::escape::xml;
use crate::report::outcomes::{Ending, Gravity, Outcomes, named};

/// The most sites that are drawn; with more, a picture shows nothing.
const DRAWN: usize = 10;

/// How many servers of a site are named.
const NAMED: usize = 6;

/// How much room there is around the boxes.
const ROOM: f64 = 16.0;

const BOX: f64 = 150.0;

/// A site where it is drawn: the middle of its box, and its height.
struct Site<'o> {
    name: &'o str,
    servers: Vec<&'o str>,
    x: f64,
    y: f64,
    height: f64,
}

/// Draws the sites on a circle, and an arrow for each way on which requests go.
pub(super) fn draw(out: &mut String, outcomes: &Outcomes) {
    let names: BTreeSet<&str> = outcomes.servers.iter().map(|server| server.site.as_str()).collect();
    if names.len() < 2 || names.len() > DRAWN {
        return;
    }
    let sites = placed(&names, outcomes);
    let (left, top, width, height) = bounds(&sites);
    let fails = |(_, endings): &(&(String, String), &BTreeMap<Ending, usize>)| worst(endings) >= Gravity::Unknown;
    let _ = writeln!(out, "<h2>Sites</h2>");
    let _ = writeln!(
        out,
        "<div class=\"scroll\"><svg viewBox=\"{left:.0} {top:.0} {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\" aria-label=\"{} sites; {} of {} ways between them have failures or open questions\">",
        sites.len(),
        outcomes.between_sites.iter().filter(fails).count(),
        outcomes.between_sites.len(),
    );
    for gravity in [Gravity::Aside, Gravity::Works, Gravity::Unknown, Gravity::Fails] {
        let _ = write!(
            out,
            "<marker id=\"to-{0}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path class=\"{0}\" d=\"M1 1 L7 4 L1 7\"/></marker>",
            class(gravity)
        );
    }
    for ((from, to), endings) in &outcomes.between_sites {
        let find = |name: &str| sites.iter().find(|site| site.name == name);
        if let (Some(from), Some(to)) = (find(from), find(to)) {
            arrow(out, from, to, endings);
        }
    }
    for site in &sites {
        square(out, site);
    }
    out.push_str("</svg></div>\n");
}

fn placed<'o>(names: &BTreeSet<&'o str>, outcomes: &'o Outcomes) -> Vec<Site<'o>> {
    let count = f64::from(names.len() as u32);
    let radius = (count * 34.0).clamp(130.0, 330.0);
    let site = |(index, name): (usize, &&'o str)| {
        let of_site = |server: &&'o crate::report::outcomes::Line| server.site == **name;
        let servers: Vec<&str> = outcomes.servers.iter().filter(of_site).map(|server| server.name.as_str()).collect();
        let angle = std::f64::consts::TAU * f64::from(index as u32) / count - std::f64::consts::FRAC_PI_2;
        let lines = f64::from(servers.len().min(NAMED + 1) as u32);
        Site { name, servers, x: 1.12 * radius * angle.cos(), y: radius * angle.sin(), height: 34.0 + 15.0 * lines }
    };
    names.iter().enumerate().map(site).collect()
}

/// What the picture takes: its left and upper edge, its width and its height, with room for the bends of the arrows.
fn bounds(sites: &[Site<'_>]) -> (f64, f64, f64, f64) {
    let end = |of: &dyn Fn(&Site<'_>) -> f64| sites.iter().map(of).fold(f64::MIN, f64::max) + ROOM;
    let (left, right) = (-end(&|site| BOX / 2.0 - site.x), end(&|site| site.x + BOX / 2.0));
    let (top, bottom) = (-end(&|site| site.height / 2.0 - site.y), end(&|site| site.y + site.height / 2.0));
    (left, top, right - left, bottom - top)
}

fn square(out: &mut String, site: &Site<'_>) {
    let (left, top) = (site.x - BOX / 2.0, site.y - site.height / 2.0);
    let _ = write!(
        out,
        "<rect x=\"{left:.0}\" y=\"{top:.0}\" width=\"{BOX}\" height=\"{:.0}\" rx=\"6\"/><text x=\"{:.0}\" y=\"{:.0}\" font-weight=\"600\">{}</text>",
        site.height,
        left + 10.0,
        top + 20.0,
        xml(&short(named(site.name)))
    );
    let mut y = top + 38.0;
    let more = site.servers.len().saturating_sub(NAMED);
    let rest = (more > 0).then(|| format!("and {more} more"));
    for name in site.servers.iter().take(NAMED).map(|it| (*it).to_owned()).chain(rest) {
        let _ =
            write!(out, "<text class=\"small\" x=\"{:.0}\" y=\"{y:.0}\">{}</text>", left + 10.0, xml(&short(&name)));
        y += 15.0;
    }
    out.push('\n');
}

/// A name as far as its box is wide.
fn short(name: &str) -> String {
    if name.chars().count() <= 20 { name.to_owned() } else { name.chars().take(19).chain(['…']).collect() }
}

/// A curve from edge to edge, bent to one side so that the way back has a place of its own.
fn arrow(out: &mut String, from: &Site<'_>, to: &Site<'_>, endings: &BTreeMap<Ending, usize>) {
    if std::ptr::eq(from, to) {
        return;
    }
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx.hypot(dy).max(1.0);
    let (bend_x, bend_y) = (-dy / length * 26.0, dx / length * 26.0);
    let (mid_x, mid_y) = (f64::midpoint(from.x, to.x) + bend_x, f64::midpoint(from.y, to.y) + bend_y);
    let (start_x, start_y) = edge(from, mid_x, mid_y);
    let (end_x, end_y) = edge(to, mid_x, mid_y);
    let all: Vec<String> = endings.iter().map(|(ending, count)| format!("{count} × {}", ending.outcome)).collect();
    let _ = writeln!(
        out,
        "<path class=\"{0}\" marker-end=\"url(#to-{0})\" d=\"M{start_x:.0} {start_y:.0} Q{mid_x:.0} {mid_y:.0} {end_x:.0} {end_y:.0}\"><title>{1}</title></path>",
        class(worst(endings)),
        xml(&format!("{} to {}: {}", named(from.name), named(to.name), all.join(", ")))
    );
}

/// Where the line from a site's middle to a point leaves its box.
fn edge(site: &Site<'_>, x: f64, y: f64) -> (f64, f64) {
    let (dx, dy) = (x - site.x, y - site.y);
    let (half_x, half_y) = (BOX / 2.0 + 3.0, site.height / 2.0 + 3.0);
    let scale = (half_x / dx.abs().max(0.001)).min(half_y / dy.abs().max(0.001));
    (site.x + dx * scale, site.y + dy * scale)
}

fn worst(endings: &BTreeMap<Ending, usize>) -> Gravity {
    endings.last_key_value().map_or(Gravity::Aside, |(ending, _)| ending.gravity)
}
