//! URL Rewrite: what its rules do with one request.
//!
//! Rules are taken in their order, global ones first and those of parents before those of children; an action that
//! answers ends that (the module's configuration reference). What depends on something that no export holds, such as
//! a cookie or whether a file exists, is not told.

mod pattern;

use crate::model::attributes::{DISTRIBUTED_REWRITES, GLOBAL_REWRITES};
use crate::model::iis::Item;
use crate::model::place::IisPlace;
use crate::model::rewrite::pattern::Syntax;
use crate::model::url::Url;
use crate::text::span::Span;

/// What the rules do with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rewriting {
    /// They let it through as it is.
    Untouched,
    /// They send it elsewhere on the server, or to another one.
    Rewritten,
    /// They redirect it.
    Redirected,
    /// They answer 403.
    Forbidden,
    /// They answer another status.
    Answered,
    /// They close the connection.
    Aborted,
}

impl Rewriting {
    /// The words that rules use, by their order.
    pub const WORDS: [&'static str; 6] = ["untouched", "rewritten", "redirected", "forbidden", "answered", "aborted"];

    /// The word that rules use.
    pub fn word(self) -> &'static str {
        Rewriting::WORDS[self as usize]
    }
}

/// What the rules do with a request, and what shows it: the action and the pattern.
#[derive(Debug)]
pub enum Outcome<'i> {
    /// It is told; the rule that does it, if one does.
    Told(Rewriting, Option<Applied<'i>>),
    /// Which rules are in force is not known: why, and where that shows.
    Undetermined(String, Option<Span>),
    /// What a rule does is not: why, and where that shows.
    Unjudged(String, Span),
}

/// The rule that a request ends at.
#[derive(Debug)]
pub struct Applied<'i> {
    /// The rule.
    pub rule: Item<'i>,
    /// Where its action stands.
    pub action: Span,
    /// Where its pattern stands.
    pub pattern: Option<Span>,
}

/// A request as far as the exports show it.
#[derive(Debug)]
pub struct Request<'r> {
    /// The path without a slash at its beginning: `owa/ping.owa`.
    pub path: &'r str,
    /// The URL that it is sent to, if that is known.
    pub url: Option<&'r Url>,
}

enum Matched {
    Yes,
    No,
    Unknown(String, Span),
}

/// What the rules in force at a place do with a request.
pub fn at<'i>(place: &IisPlace<'i>, request: &Request<'_>) -> Outcome<'i> {
    let mut doubts: Vec<(Rewriting, String, Span)> = Vec::new();
    for items in [GLOBAL_REWRITES, DISTRIBUTED_REWRITES] {
        let collection = place.iis.collection(&place.chain, &items);
        if let Some((why, span)) = collection.undetermined {
            return Outcome::Undetermined(why, span);
        }
        for rule in collection.items {
            let (does, action) = action_of(&rule);
            let stops = rule.attribute("stopProcessing").is_some_and(|it| it.is("true"));
            let path = path_for(&rule, request.path);
            match matched(&rule, path, request) {
                Matched::No => {}
                Matched::Unknown(why, span) if does != Rewriting::Untouched || stops => doubts.push((does, why, span)),
                Matched::Unknown(..) => {}
                Matched::Yes if does == Rewriting::Untouched && !stops => {}
                Matched::Yes if does == Rewriting::Untouched => break,
                Matched::Yes => {
                    let pattern = rule.inside("match").find_map(|it| it.attribute("url").map(|it| it.span));
                    return ended(does, doubts, Some(Applied { rule, action, pattern }));
                }
            }
        }
    }
    ended(Rewriting::Untouched, doubts, None)
}

/// An outcome is told where every rule that might have come before leads to the same.
fn ended(does: Rewriting, doubts: Vec<(Rewriting, String, Span)>, applied: Option<Applied<'_>>) -> Outcome<'_> {
    match doubts.into_iter().find(|(other, ..)| *other != does) {
        Some((_, why, span)) => Outcome::Unjudged(why, span),
        None => Outcome::Told(does, applied),
    }
}

fn action_of(rule: &Item<'_>) -> (Rewriting, Span) {
    let Some(action) = rule.inside("action").next() else { return (Rewriting::Untouched, rule.tag) };
    let Some(kind) = action.attribute("type") else { return (Rewriting::Untouched, action.tag) };
    let does = match kind.text.as_ref() {
        "Rewrite" => Rewriting::Rewritten,
        "Redirect" => Rewriting::Redirected,
        "AbortRequest" => Rewriting::Aborted,
        "CustomResponse" if action.attribute("statusCode").is_some_and(|it| it.is("403")) => Rewriting::Forbidden,
        "CustomResponse" => Rewriting::Answered,
        _ => Rewriting::Untouched,
    };
    let place = action.attribute("statusCode").filter(|_| does == Rewriting::Forbidden).unwrap_or(kind);
    (does, place.span)
}

/// A rule sees the path from where it is defined; a global one sees all of it.
fn path_for<'p>(rule: &Item<'_>, path: &'p str) -> &'p str {
    let below_site = rule.layer.path_below_site();
    let rest = path.get(..below_site.len()).filter(|it| it.eq_ignore_ascii_case(below_site));
    rest.map_or(path, |_| path[below_site.len()..].trim_start_matches('/'))
}

fn matched(rule: &Item<'_>, path: &str, request: &Request<'_>) -> Matched {
    match rule.attribute("enabled") {
        Some(enabled) if enabled.is("false") => return Matched::No,
        Some(enabled) if !enabled.is("true") => {
            return Matched::Unknown(
                format!("`enabled` of rewrite {} is neither true nor false", name_of(rule)),
                enabled.span,
            );
        }
        _ => {}
    }
    let syntax = Syntax::of(rule.attribute("patternSyntax").map_or("ECMAScript", |it| it.text.as_ref()));
    let pattern = rule.inside("match").next();
    let Some((element, url)) = pattern.as_ref().and_then(|it| Some((it, it.attribute("url")?))) else {
        return Matched::Unknown(format!("rewrite {} has no pattern", name_of(rule)), rule.tag);
    };
    match pattern::judge(syntax, element, &url.text, path) {
        None => {
            let why = format!("whether the pattern of rewrite {} matches `{path}` is not judged", name_of(rule));
            Matched::Unknown(why, url.span)
        }
        Some(false) => Matched::No,
        Some(true) => conditions(rule, syntax, request),
    }
}

fn conditions(rule: &Item<'_>, syntax: Syntax, request: &Request<'_>) -> Matched {
    let group = rule.inside("conditions").next();
    let any = group.and_then(|it| it.attribute("logicalGrouping").map(|it| it.is("MatchAny"))).unwrap_or(false);
    let (mut unknown, mut count) = (None, 0);
    for condition in rule.inside("conditions/add") {
        count += 1;
        match holds(&condition, syntax, request) {
            Ok(true) if any => return Matched::Yes,
            Ok(false) if !any => return Matched::No,
            Ok(_) => {}
            Err(asked) => {
                unknown.get_or_insert((asked, condition.attribute("input").map_or(condition.tag, |it| it.span)));
            }
        }
    }
    match unknown {
        Some((asked, span)) => {
            Matched::Unknown(format!("a condition of rewrite {} asks for {asked}", name_of(rule)), span)
        }
        None if any && count > 0 => Matched::No,
        None => Matched::Yes,
    }
}

/// Whether a condition holds, or what it asks for that no export shows.
fn holds(condition: &Item<'_>, syntax: Syntax, request: &Request<'_>) -> Result<bool, String> {
    if condition.attribute("matchType").is_some_and(|it| !it.is("Pattern")) {
        return Err("a file or folder".to_owned());
    }
    let input = condition.attribute("input").map_or("", |it| it.text.as_ref());
    let value = variable(input, request).ok_or_else(|| format!("`{input}`"))?;
    let pattern = condition.attribute("pattern").map_or("", |it| it.text.as_ref());
    pattern::judge(syntax, condition, pattern, &value)
        .ok_or_else(|| format!("`{input}` by a pattern that is not judged"))
}

/// A server variable, where the exports show what it is. That OWA asks by GET, without a query, third parties describe
/// for Exchange 15.x.
fn variable(input: &str, request: &Request<'_>) -> Option<String> {
    let secure = || request.url.and_then(Url::scheme).map(|scheme| scheme.eq_ignore_ascii_case("https"));
    match input {
        "{URL}" | "{REQUEST_URI}" | "{PATH_INFO}" => Some(format!("/{}", request.path)),
        "{REQUEST_METHOD}" => Some("GET".to_owned()),
        "{HTTPS}" => secure().map(|it| if it { "ON" } else { "OFF" }.to_owned()),
        "{SERVER_PORT_SECURE}" => secure().map(|it| u8::from(it).to_string()),
        "{SERVER_PORT}" => request.url.and_then(Url::port).map(|it| it.to_string()),
        "{HTTP_HOST}" => {
            let url = request.url?;
            let is_default = matches!((url.scheme()?.as_str(), url.port()?), ("http", 80) | ("https", 443));
            url.host().filter(|_| is_default).map(str::to_owned)
        }
        _ => None,
    }
}

fn name_of(rule: &Item<'_>) -> String {
    rule.attribute("name").map_or_else(|| "rule without a name".to_owned(), |it| format!("rule `{}`", it.text))
}
