//! The vocabulary: every question that a rule can ask, with its type, its meaning and its answer.

mod ad_site;
mod exported;
pub mod open;
mod pair;
mod requests;
mod server;
mod url;
mod vdir;

use std::collections::BTreeMap;

pub(crate) use server::registry_key;

use crate::model::answer::Answer;
use crate::model::ladder::Ladder;
use crate::model::server::Server;
use crate::model::target::Target;
use crate::rule::ask::Subject;
use crate::rule::value::{Type, Value};

/// Whom a question can be put about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// A server.
    Server,
    /// A virtual directory.
    Vdir,
    /// A source and a target together.
    Pair,
    /// An AD site.
    AdSite,
}

/// What the answer to a question about a pair depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depends {
    /// On the target alone.
    Target,
    /// On the target, and on which of its URLs the source proxies to.
    Url,
    /// On the target alone, unless its address restrictions tell sources apart.
    Addresses,
    /// On the target and the kind of the source; its places are those of the very source.
    Kind,
    /// On the target alone for sources outside its AD site.
    Apart,
    /// On the target alone for sources that may not proxy without SSL.
    OptedIn,
    /// On both servers.
    Both,
}

/// One row of the vocabulary.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// The name behind the role: `internal-url.scheme`.
    pub name: &'static str,
    /// Whom it can be put about.
    pub side: Side,
    /// The type of its answers.
    pub ty: Type,
    /// Whether a name in quotes follows.
    pub is_open: bool,
    /// For a rule that says `if-open = "assume"`: the documented default.
    pub default: Option<bool>,
    /// Whether the answer comes from the registry, so that a finding about one server lists it as a source.
    pub from_registry: bool,
    /// What it asks, in a sentence.
    pub doc: &'static str,
    /// The name with an example of what stands in quotes; empty where nothing does.
    pub example: &'static str,
    /// Checks what stands in quotes.
    pub check: fn(&str) -> Result<(), String>,
    /// For a question about a pair: what the answer depends on.
    pub depends: Depends,
    /// The answer.
    pub ask: fn(&Ladder<'_>, Subject, &str) -> Answer<Value>,
}

impl PartialEq for Question {
    fn eq(&self, other: &Question) -> bool {
        (self.name, self.side) == (other.name, other.side)
    }
}

impl Eq for Question {}

impl Question {
    /// A condition with this question, as the lines of a rule file.
    pub fn condition(&self) -> String {
        let role = match self.side {
            Side::Server => "server",
            Side::Vdir => "vdir",
            Side::Pair => "pair",
            Side::AdSite => "ad-site",
        };
        let ask = if self.is_open { format!("'{role}.{}'", self.example) } else { format!("\"{role}.{}\"", self.name) };
        let test = match self.ty {
            Type::Boolean => "is = true".to_owned(),
            Type::Number => "is = 443".to_owned(),
            Type::Text | Type::Any => "is = \"…\"".to_owned(),
            Type::Words(words) => format!("is = \"{}\"", words[0]),
            Type::List => "has = \"…\"".to_owned(),
            Type::Flags(words) => format!("has = \"{}\"", words[1]),
        };
        format!("ask = {ask}\n{test}")
    }
}

const fn question(
    name: &'static str,
    side: Side,
    ty: Type,
    doc: &'static str,
    ask: fn(&Ladder<'_>, Subject, &str) -> Answer<Value>,
) -> Question {
    Question {
        name,
        side,
        ty,
        is_open: false,
        default: None,
        from_registry: false,
        doc,
        example: "",
        check: |_| Ok(()),
        depends: Depends::Both,
        ask,
    }
}

/// The same question, with what its answer depends on.
const fn by(depends: Depends, question: Question) -> Question {
    Question { depends, ..question }
}

const fn switch(
    name: &'static str,
    default: bool,
    doc: &'static str,
    ask: fn(&Ladder<'_>, Subject, &str) -> Answer<Value>,
) -> Question {
    Question { default: Some(default), from_registry: true, ..question(name, Side::Server, Type::Boolean, doc, ask) }
}

/// Every question, by whom it is about.
pub fn questions() -> impl Iterator<Item = &'static Question> + Clone {
    [
        server::QUESTIONS,
        vdir::QUESTIONS,
        requests::QUESTIONS,
        exported::QUESTIONS,
        open::QUESTIONS,
        pair::QUESTIONS,
        ad_site::QUESTIONS,
    ]
    .into_iter()
    .flatten()
}

/// The questions by the words that they begin with, for listing.
pub fn by_role() -> BTreeMap<&'static str, Vec<&'static Question>> {
    let mut roles: BTreeMap<&'static str, Vec<&'static Question>> = BTreeMap::new();
    for question in questions() {
        let role = match question.side {
            Side::Server => "source, target, server",
            Side::Vdir => "target, vdir",
            Side::Pair => "pair",
            Side::AdSite => "ad-site",
        };
        roles.entry(role).or_default().push(question);
    }
    roles
}

/// The server that a subject is, or has.
pub(super) fn server_of<'l>(ladder: &'l Ladder<'_>, subject: Subject) -> &'l Server {
    match subject {
        Subject::Server(index) => &ladder.estate.servers[index],
        Subject::Vdir(target) => ladder.targets[target].server,
        Subject::Pair(pair) => ladder.source(pair),
        Subject::AdSite(_) => unreachable!("a question about a server is never put about an AD site"),
    }
}

/// The virtual directory that a subject is, or has.
fn target_of<'l, 'e>(ladder: &'l Ladder<'e>, subject: Subject) -> &'l Target<'e> {
    match subject {
        Subject::Vdir(target) => &ladder.targets[target],
        Subject::Pair(pair) => ladder.target(pair),
        Subject::Server(_) | Subject::AdSite(_) => {
            unreachable!("a question about a virtual directory is put about nothing else")
        }
    }
}
