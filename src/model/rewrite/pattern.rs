//! Patterns of URL Rewrite: regular expressions, wildcards and exact texts.

use regex::bytes::RegexBuilder;

use crate::model::iis::Item;

/// The longest compiled form of a pattern that is judged, in bytes.
const LARGEST: usize = 1 << 16;

/// How patterns are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// Regular expressions of ECMAScript.
    Regular,
    /// `*` for any characters, `?` for one.
    Wildcard,
    /// The text itself.
    Exact,
    /// None that the module documents.
    Unknown,
}

impl Syntax {
    pub(super) fn of(text: &str) -> Syntax {
        match text {
            "ECMAScript" => Syntax::Regular,
            "Wildcard" => Syntax::Wildcard,
            "ExactMatch" => Syntax::Exact,
            _ => Syntax::Unknown,
        }
    }
}

/// Whether a pattern takes a text, with `ignoreCase` and `negate` of its element; `None` where that is not judged.
pub(super) fn judge(syntax: Syntax, element: &Item<'_>, pattern: &str, text: &str) -> Option<bool> {
    let switch = |name: &str, default: bool| match element.attribute(name) {
        None => Some(default),
        Some(it) if it.is("true") => Some(true),
        Some(it) if it.is("false") => Some(false),
        Some(_) => None,
    };
    let matches = matches(syntax, pattern, text, switch("ignoreCase", true)?)?;
    Some(matches != switch("negate", false)?)
}

/// Look-around and back-references are not judged: they would cost time that grows without bound. Classes such as `\w`
/// hold what ECMAScript has them hold, ASCII only.
fn matches(syntax: Syntax, pattern: &str, text: &str, ignore_case: bool) -> Option<bool> {
    let expression = match syntax {
        Syntax::Regular => pattern.to_owned(),
        Syntax::Exact => format!("^{}$", regex::escape(pattern)),
        Syntax::Wildcard => {
            let parts = regex::escape(pattern).replace(r"\*", ".*").replace(r"\?", ".");
            format!("^{parts}$")
        }
        Syntax::Unknown => return None,
    };
    let mut builder = RegexBuilder::new(&expression);
    let built =
        builder.unicode(false).case_insensitive(ignore_case).size_limit(LARGEST).dfa_size_limit(LARGEST).build();
    built.ok().map(|it| it.is_match(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_the_module_documents() {
        let cases = [
            (Syntax::Regular, "^owa/", "owa/ping.owa", true, Some(true)),
            (Syntax::Regular, "^OWA/", "owa/ping.owa", true, Some(true)),
            (Syntax::Regular, "^OWA/", "owa/ping.owa", false, Some(false)),
            (Syntax::Regular, r"\.owa$", "owa/ping.owa", true, Some(true)),
            (Syntax::Regular, "ping", "owa/ping.owa", true, Some(true)),
            (Syntax::Regular, "^ecp", "owa/ping.owa", true, Some(false)),
            (Syntax::Regular, "^(?!ecp)", "owa/ping.owa", true, None),
            (Syntax::Regular, r"^[\w.\/]+$", "owa/ping.owa", true, Some(true)),
            (Syntax::Regular, r"^\w+$", "über", true, Some(false)),
            (Syntax::Regular, "(", "owa/ping.owa", true, None),
            (Syntax::Regular, "a{1000}{1000}{1000}", "a", true, None),
            (Syntax::Wildcard, "*", "owa/ping.owa", true, Some(true)),
            (Syntax::Wildcard, "owa/*", "owa/ping.owa", true, Some(true)),
            (Syntax::Wildcard, "owa/????.owa", "owa/ping.owa", true, Some(true)),
            (Syntax::Wildcard, "owa", "owa/ping.owa", true, Some(false)),
            (Syntax::Wildcard, "owa/ping.ow.", "owa/ping.owa", true, Some(false)),
            (Syntax::Exact, "owa/ping.owa", "OWA/ping.owa", true, Some(true)),
            (Syntax::Exact, "owa/ping.owa", "owa/ping.owa2", true, Some(false)),
            (Syntax::Unknown, "*", "owa/ping.owa", true, None),
        ];
        for (syntax, pattern, text, ignore_case, expected) in cases {
            assert_eq!(matches(syntax, pattern, text, ignore_case), expected, "{syntax:?} {pattern} {text}");
        }
    }
}
