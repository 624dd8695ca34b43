//! Gaps in a rule's texts: which names may stand in braces, and what goes into them.

use crate::finding::Template;
use crate::model::answer::Answer;
use crate::model::ladder::{Ladder, Pair};
use crate::model::place::{Found, SiteReference};
use crate::model::server::{Server, quoted};
use crate::model::target::Target;
use crate::read::toml::nearest;
use crate::rule::ask::{Scope, Subject};
use crate::text::secret::masked;

/// The gaps that texts of a rule of this scope may have.
pub fn names(scope: Scope) -> &'static [&'static str] {
    match scope {
        Scope::Pair => &[
            "source", "target", "vdir", "ecp", "url", "property", "set-url", "scheme", "host", "port", "fqdn", "site",
            "path", "pool",
        ],
        Scope::Vdir => &["server", "vdir", "ecp", "fqdn", "site", "path", "pool"],
        Scope::Server => &["server", "fqdn"],
        Scope::AdSite => &["ad-site", "odd"],
    }
}

/// The gaps of a text that its scope does not know: where each stands, and what is wrong.
pub fn unknown(text: &str, scope: Scope, more: &[&str]) -> Vec<(std::ops::Range<usize>, String)> {
    let mut faults = Vec::new();
    let mut start = 0;
    while let Some(open) = text[start..].find('{').map(|at| start + at) {
        let Some(close) = text[open..].find('}').map(|at| open + at) else {
            faults.extend(torn(text, open));
            break;
        };
        let name = &text[open + 1..close];
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        let known = || names(scope).iter().chain(more).copied();
        if is_name && !known().any(|it| it == name) {
            let message = format!("there is no gap `{{{name}}}` in a rule about {}", scope.phrase());
            let message = match nearest(name, known()) {
                _ if name == "value" => format!("{message}; it can stand in the label of a condition only"),
                Some(near) => format!("{message}; did you mean `{{{near}}}`?"),
                None => format!("{message}; there are `{{{}}}`", known().collect::<Vec<_>>().join("}`, `{")),
            };
            faults.push((open..close + 1, message));
        }
        if name.contains('{') {
            faults.extend(torn(text, open));
        }
        start = close + 1;
    }
    faults
}

/// A gap that is opened here and not closed, if the brace begins a name.
fn torn(text: &str, open: usize) -> Option<(std::ops::Range<usize>, String)> {
    let name = &text[open + 1..];
    let is_part = |it: char| it.is_ascii_lowercase() || it == '-';
    let end = name.find(|it| !is_part(it)).unwrap_or(name.len());
    let begins = name.starts_with(|it: char| it.is_ascii_lowercase());
    begins.then(|| (open..open + 1 + end, "this gap is not closed".to_owned()))
}

/// What goes into the gaps for a subject. `{source}` and `{target}` are filled when findings are folded.
pub fn values(ladder: &Ladder<'_>, subject: Subject) -> Vec<(&'static str, String)> {
    match subject {
        Subject::Server(index) => of_server(&ladder.estate.servers[index]),
        Subject::Vdir(target) => {
            let target = &ladder.targets[target];
            let mut values = of_server(target.server);
            values.extend(of_vdir(target));
            values
        }
        Subject::AdSite(index) => vec![("ad-site", ladder.ad_sites[index].name.clone())],
        Subject::Pair(pair) => {
            let target = ladder.target(pair);
            let mut values = of_vdir(target);
            values.push(("fqdn", fqdn(target.server)));
            let property = if ladder.takes_external(pair) { "ExternalUrl" } else { "InternalUrl" };
            values.push(("property", property.to_owned()));
            values.push(("set-url", set_url(ladder, pair)));
            values.extend(of_url(ladder, pair));
            values
        }
    }
}

/// The template of a text: the same gaps, and for a text of commands the values fit for single quotes.
pub fn template(text: &str, values: &[(&'static str, String)], for_commands: bool) -> Template {
    let fit = |name: &str, value: &String| {
        let is_command = ["set-url", "command"].contains(&name);
        if for_commands && !is_command { inside_quotes(value) } else { value.clone() }
    };
    let values = values.iter().map(|(name, value)| (*name, fit(name, value)));
    Template { text: text.to_owned(), values: values.collect() }
}

/// Help texts hold commands with values between single quotes; a quote in a value must not end the literal.
fn inside_quotes(value: &str) -> String {
    let literal = quoted(value);
    literal[1..literal.len() - 1].to_owned()
}

/// The command that mends the URL that requests go to. A public URL is never the one to change: where the source takes
/// the ExternalUrl, it is to redirect again.
fn set_url(ladder: &Ladder<'_>, pair: Pair) -> String {
    let target = ladder.target(pair);
    match ladder.source(pair).vdirs.first() {
        Some(vdir) if ladder.takes_external(pair) => {
            format!("Set-OwaVirtualDirectory -Identity {} -RedirectToOptimalOWAServer $true", quoted(&vdir.identity))
        }
        _ => format!(
            "Set-OwaVirtualDirectory -Identity {} -InternalUrl {}",
            quoted(&target.vdir.identity),
            quoted(&format!("https://{}/owa", fqdn(target.server)))
        ),
    }
}

fn of_server(server: &Server) -> Vec<(&'static str, String)> {
    vec![("server", server.name.clone()), ("fqdn", fqdn(server))]
}

fn of_vdir(target: &Target<'_>) -> Vec<(&'static str, String)> {
    let place = target.places().iter().find_map(Found::place);
    let reference = SiteReference::of(target.vdir);
    let named = place.map(|place| &place.site.name).or(reference.name.as_ref());
    let site = named.map_or_else(|| "Default Web Site".to_owned(), |name| name.text.to_string());
    let path = place.map_or_else(|| format!("{site}{}", reference.path), |place| place.path.clone());
    let pool = place.and_then(|place| Some(place.iis.sites.pool_name(place.site, place.application?).0.to_owned()));
    let ecp = target.server.control_panel_beside(target.vdir).map(|panel| panel.identity.clone());
    vec![
        ("vdir", target.vdir.identity.clone()),
        ("ecp", ecp.unwrap_or_else(|_| format!("{}\\ecp ({site})", target.server.name))),
        ("site", site),
        ("path", path),
        ("pool", pool.unwrap_or_else(|| "MSExchangeOWAAppPool".to_owned())),
    ]
}

fn of_url(ladder: &Ladder<'_>, pair: Pair) -> Vec<(&'static str, String)> {
    let Answer::Is(Some(url), _) = ladder.url(pair) else {
        return ["url", "scheme", "host", "port"].map(|name| (name, String::new())).to_vec();
    };
    vec![
        ("url", masked(url.text()).into_owned()),
        ("scheme", url.scheme().unwrap_or_default()),
        ("host", url.host().unwrap_or_default().to_owned()),
        ("port", url.port().map_or(String::new(), |port| port.to_string())),
    ]
}

/// The full name where it is known; else the short one, which the reader has to complete.
fn fqdn(server: &Server) -> String {
    server
        .fqdn
        .as_ref()
        .map_or_else(|| format!("{}.<domain>", server.name.to_lowercase()), |fqdn| fqdn.text.to_string())
}
