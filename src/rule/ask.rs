//! Asking: from the words of a rule file to a question of the vocabulary, about one side of a pair.

use crate::model::answer::Answer;
use crate::model::ladder::{Ladder, Pair};
use crate::read::toml::nearest;
use crate::rule::questions::{Question, Side, questions};
use crate::rule::value::Value;

/// What a rule is asked about, once each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every pair of a source server and a target virtual directory.
    Pair,
    /// Every virtual directory.
    Vdir,
    /// Every server.
    Server,
    /// Every AD site.
    AdSite,
}

impl Scope {
    /// All scopes with the words of rule files.
    pub const WORDS: [(&'static str, Scope); 4] =
        [("pair", Scope::Pair), ("vdir", Scope::Vdir), ("server", Scope::Server), ("ad-site", Scope::AdSite)];

    /// The word of rule files.
    pub fn word(self) -> &'static str {
        match self {
            Scope::Pair => "pair",
            Scope::Vdir => "vdir",
            Scope::Server => "server",
            Scope::AdSite => "ad-site",
        }
    }

    /// Every question that a rule of this scope can ask, as it writes it; an open one without what stands in quotes.
    pub fn askable(self) -> Vec<(String, &'static Question)> {
        let of_role = |(word, role): &(&'static str, Role)| {
            let (word, role) = (*word, *role);
            questions().filter(move |it| fits(it.side, role)).map(move |it| (format!("{word}.{}", it.name), it))
        };
        self.roles().iter().flat_map(of_role).collect()
    }

    /// The word with its article.
    pub fn phrase(self) -> String {
        let article = if self == Scope::AdSite { "an" } else { "a" };
        format!("{article} {}", self.word())
    }

    /// The words that a question may begin with, and whom each means.
    fn roles(self) -> &'static [(&'static str, Role)] {
        match self {
            Scope::Pair => &[("source", Role::Source), ("target", Role::Target), ("pair", Role::Pair)],
            Scope::Vdir => &[("vdir", Role::Target), ("server", Role::TargetServer)],
            Scope::Server => &[("server", Role::Source)],
            Scope::AdSite => &[("ad-site", Role::AdSite)],
        }
    }
}

/// Whom a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The source server; the server itself in a rule about servers.
    Source,
    /// The target virtual directory, or its server.
    Target,
    /// The target's server only.
    TargetServer,
    /// Both.
    Pair,
    /// The AD site.
    AdSite,
}

/// One thing that a rule is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A pair.
    Pair(Pair),
    /// A virtual directory, by its index among the ladder's targets.
    Vdir(usize),
    /// A server, by its index in the estate.
    Server(usize),
    /// An AD site, by its index in the ladder.
    AdSite(usize),
}

/// A question, and whom it is put about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The question.
    pub question: &'static Question,
    /// Whom it is about.
    pub role: Role,
    /// What stands in quotes behind an open question.
    pub argument: String,
}

impl Ask {
    /// Reads `target.internal-url.scheme` or `source.registry."KEY\VALUE"`.
    ///
    /// # Errors
    /// The part of the text that is wrong, as a range, and what is wrong with it.
    pub fn parse(text: &str, scope: Scope) -> Result<Ask, (std::ops::Range<usize>, String)> {
        let role_end = text.find('.').unwrap_or(text.len());
        let role_word = &text[..role_end];
        let Some((_, role)) = scope.roles().iter().find(|(word, _)| *word == role_word) else {
            let words: Vec<&str> = scope.roles().iter().map(|(word, _)| *word).collect();
            let message = format!("a rule about {} asks about `{}`", scope.phrase(), words.join("`, `"));
            return Err((0..role_end, did_you_mean(&message, role_word, &words)));
        };
        if role_end == text.len() {
            return Err((0..text.len(), format!("the question is missing behind `{role_word}`")));
        }
        let start = role_end + 1;
        let (name, argument) = split_argument(text, start)?;
        let known = questions().filter(|it| fits(it.side, *role));
        let Some(question) = known.clone().find(|it| it.name == name && it.is_open == argument.is_some()) else {
            return Err((start..text.len(), unknown(name, role_word, &known.collect::<Vec<_>>(), argument.is_some())));
        };
        if let Some(Err(message)) = argument.as_ref().map(|it| (question.check)(it)) {
            return Err((start..text.len(), message));
        }
        Ok(Ask { question, role: *role, argument: argument.unwrap_or_default() })
    }

    /// The question as a rule of this scope writes it.
    pub fn written(&self, scope: Scope) -> String {
        let role = scope.roles().iter().find(|(_, role)| *role == self.role).map_or("", |(word, _)| word);
        match self.argument.as_str() {
            "" => format!("{role}.{}", self.question.name),
            argument => format!("{role}.{}.\"{argument}\"", self.question.name),
        }
    }

    /// The answer about a subject.
    pub fn answer(&self, ladder: &Ladder<'_>, subject: Subject) -> Answer<Value> {
        (self.question.ask)(ladder, self.whom(ladder, subject), &self.argument)
    }

    /// Whom the question is put about, for a subject of the rule's scope.
    pub fn whom(&self, ladder: &Ladder<'_>, subject: Subject) -> Subject {
        let subject = match (self.role, subject) {
            (Role::Source, Subject::Pair(pair)) => Subject::Server(pair.source),
            (Role::Target, Subject::Pair(pair)) => Subject::Vdir(pair.target),
            (Role::TargetServer, Subject::Pair(pair)) => Subject::Server(ladder.server_of(pair.target)),
            (Role::TargetServer, Subject::Vdir(target)) => Subject::Server(ladder.server_of(target)),
            (_, subject) => subject,
        };
        match (self.question.side, subject) {
            (Side::Server, Subject::Vdir(target)) => Subject::Server(ladder.server_of(target)),
            (_, subject) => subject,
        }
    }
}

fn fits(side: Side, role: Role) -> bool {
    match role {
        Role::Source | Role::TargetServer => side == Side::Server,
        Role::Target => matches!(side, Side::Server | Side::Vdir),
        Role::Pair => side == Side::Pair,
        Role::AdSite => side == Side::AdSite,
    }
}

type Split<'a> = Result<(&'a str, Option<String>), (std::ops::Range<usize>, String)>;

fn split_argument(text: &str, start: usize) -> Split<'_> {
    let rest = &text[start..];
    let Some(open) = rest.find(['"', '\'']) else { return Ok((rest, None)) };
    let quote = &rest[open..=open];
    let inner = &rest[open + 1..];
    let name = rest[..open].strip_suffix('.').unwrap_or(&rest[..open]);
    match inner.strip_suffix(quote) {
        Some(argument) if !argument.is_empty() && rest[..open].ends_with('.') => Ok((name, Some(argument.to_owned()))),
        _ => Err((start + open..text.len(), "a name in quotes is wanted here, behind a dot".to_owned())),
    }
}

fn unknown(name: &str, role: &str, known: &[&'static Question], quoted: bool) -> String {
    if let Some(question) = known.iter().find(|it| it.name == name) {
        return if question.is_open {
            format!("`{name}` wants a name in quotes: '{role}.{}'", question.example)
        } else {
            format!("`{name}` takes no name in quotes")
        };
    }
    let unquoted = known.iter().filter(|it| it.is_open).find_map(|it| {
        name.strip_prefix(it.name)?.strip_prefix('.').map(|rest| format!("'{role}.{}.\"{rest}\"'", it.name))
    });
    if let Some(written) = unquoted {
        return format!("what follows stands in quotes: {written}");
    }
    let message = format!("there is no question `{role}.{name}`");
    let candidates: Vec<&str> = known.iter().filter(|it| !quoted || it.is_open).map(|it| it.name).collect();
    match nearest(name, candidates) {
        Some(near) => format!("{message}; did you mean `{role}.{near}`?"),
        None => format!("{message}; `owalint rules --questions` lists them all"),
    }
}

fn did_you_mean(message: &str, word: &str, candidates: &[&str]) -> String {
    match nearest(word, candidates.iter().copied()) {
        Some(candidate) => format!("{message}; did you mean `{candidate}`?"),
        None => message.to_owned(),
    }
}
