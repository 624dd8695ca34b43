//! What the user is told: findings, their labels, and how grave and how sure they are.

pub mod fingerprint;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::text::span::Span;

/// How grave a finding is; the later the graver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know; nothing breaks because of it.
    Info,
    /// A risk that depends on more than the snapshot shows, or a setting that does nothing.
    Warning,
    /// Users will not get through.
    Error,
}

impl Severity {
    /// All severities with the words that files and reports use.
    pub const WORDS: [(&'static str, Severity); 3] =
        [("error", Severity::Error), ("warning", Severity::Warning), ("info", Severity::Info)];

    /// The word that files and reports use.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// How well founded a finding is; the later the surer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A lead: inference from facts that were not seen in a document.
    Low,
    /// Behaviour that third parties describe, or a documented default that was assumed.
    Medium,
    /// Documented by the vendor, and shown by the snapshot.
    High,
}

impl Confidence {
    /// All confidences with the words that files and reports use.
    pub const WORDS: [(&'static str, Confidence); 3] =
        [("high", Confidence::High), ("medium", Confidence::Medium), ("low", Confidence::Low)];

    /// The word that files and reports use.
    pub fn word(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}

/// How many servers a finding lists by name, and how many related places it lists.
pub const LISTED: usize = 100;

/// A place and what it has to do with the finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// The smallest text that matters.
    pub span: Span,
    /// One clause: what this text has to do with the finding.
    pub message: String,
}

impl Label {
    /// A label on `span`.
    pub fn new(span: Span, message: impl Into<String>) -> Label {
        Label { span, message: message.into() }
    }
}

/// One thing that the user is told, with the places that prove it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The id, such as `P42-001`.
    pub rule: String,
    /// The name in kebab-case.
    pub name: String,
    /// How grave it is, after configuration.
    pub severity: Severity,
    /// How well founded it is.
    pub confidence: Confidence,
    /// The event that the source's log will hold, by its id.
    pub event: Option<u16>,
    /// The headline, as a template: `{source}` is filled in when findings are folded.
    pub message: Template,
    /// Short names of the source servers, or of the server whose registry this is about.
    pub sources: Vec<String>,
    /// Further sources, by their indexes in the estate, of a finding about many that fare alike.
    pub more_sources: Vec<u32>,
    /// Short names of the target servers, or of the server whose vdir or IIS this is about.
    pub targets: Vec<String>,
    /// Where it hurts.
    pub primary: Label,
    /// The other places that prove it, in the order of the argument.
    pub related: Vec<Label>,
    /// Further places, beyond those that are listed.
    pub more_places: Vec<Span>,
    /// What to do, as a template.
    pub help: Option<Template>,
    /// Whether this is all that the snapshot shows to stop the request.
    pub near_miss: bool,
    /// What was taken for granted.
    pub assumes: Vec<String>,
    /// Where the facts come from.
    pub references: Vec<String>,
    /// What it is about beside its servers, in lower case: a virtual directory, a site; empty where it is about no more.
    pub object: String,
    /// The normalised cause, which is spelt the same in every shape of an export.
    pub cause: String,
    /// What it is about one by one, in lower case and sorted, where it is one finding about all that are alike: servers
    /// or virtual directories. Of fewer of them it is the same finding; of a further one it is new.
    pub parts: Vec<String>,
}

impl Finding {
    /// How many sources it is about.
    pub fn source_count(&self) -> usize {
        self.sources.len() + self.more_sources.len()
    }

    /// The servers of some of its parts, as they are named here.
    pub fn servers_of<'p>(&self, parts: impl IntoIterator<Item = &'p str>) -> (Vec<String>, Vec<String>) {
        let owners: BTreeSet<&str> = parts.into_iter().map(owner).collect();
        let those = |names: &[String]| -> Vec<String> {
            names.iter().filter(|name| owners.contains(name.to_lowercase().as_str())).cloned().collect()
        };
        (those(&self.sources), those(&self.targets))
    }

    /// The identity of the virtual directory that it is about, if it is about one.
    pub fn vdir(&self) -> Option<&str> {
        self.message.values.iter().find(|(name, _)| *name == "vdir").map(|(_, value)| value.as_str())
    }
}

/// A text with named gaps, and what goes into them.
///
/// The gaps are filled in one pass, so a value that itself looks like a gap stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    /// The text with gaps such as `{target}`.
    pub text: String,
    /// What each gap stands for.
    pub values: Vec<(&'static str, String)>,
}

impl Template {
    /// A text without gaps, whatever it holds.
    pub fn plain(text: impl Into<String>) -> Template {
        Template { text: "{text}".to_owned(), values: vec![("text", text.into())] }
    }

    /// The text with its gaps filled; `sources` goes into `{source}`.
    pub fn render(&self, sources: &str) -> String {
        let mut out = String::with_capacity(self.text.len() + 32);
        let mut rest = self.text.as_str();
        while let Some(open) = rest.find('{') {
            let (before, gap) = rest.split_at(open);
            out.push_str(before);
            let Some(close) = gap.find('}') else {
                rest = gap;
                break;
            };
            let name = &gap[1..close];
            let value = self.values.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str());
            match value {
                Some(value) => out.push_str(value),
                None if name == "source" => out.push_str(sources),
                None => out.push_str(&gap[..=close]),
            }
            rest = &gap[close + 1..];
        }
        out.push_str(rest);
        out
    }
}

/// The server of a part of a finding: a server itself, or the one whose virtual directory it is.
pub fn owner(part: &str) -> &str {
    part.split('\\').next().unwrap_or(part)
}

/// Names as a sentence lists them: all of a few, the first ones of many.
pub fn spoken(names: &[impl AsRef<str>]) -> String {
    let joined = |names: &[_]| names.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ");
    match names {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [most @ .., last] if names.len() <= 4 => format!("{} and {}", joined(most), last.as_ref()),
        _ => format!("{} and {} more", joined(&names[..3]), names.len() - 3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_once() {
        let template = Template {
            text: "{source} to {target}, {other}".to_owned(),
            values: vec![("target", "{source}".to_owned())],
        };
        assert_eq!(template.render("CAS1"), "CAS1 to {source}, {other}");
    }

    #[test]
    fn plain_text_keeps_its_braces() {
        assert_eq!(Template::plain("{Basic, Fba} {source}").render("CAS1"), "{Basic, Fba} {source}");
    }
}
