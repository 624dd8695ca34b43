//! Whose file it is: which server each export belongs to, and which servers there are.

use std::collections::BTreeMap;

use crate::model::estate_file::EstateFile;
use crate::model::input::{Content, Input, Status};
use crate::model::vdir::ObjectKind;
use crate::read::problem::{Problem, ProblemKind};
use crate::text::source::Sources;
use crate::text::span::Span;

/// The servers of a snapshot by short name in lower case, and the owner of each input.
#[derive(Debug, Default)]
pub struct Owners {
    /// Every known server.
    pub servers: BTreeMap<String, KnownServer>,
    /// The owner of each input, by its index; `None` for a file that holds objects of several servers, or nothing.
    pub of: Vec<Option<String>>,
}

/// A server that something names.
#[derive(Debug, Clone)]
pub struct KnownServer {
    /// The short name, spelt as the most trusted source spells it.
    pub name: String,
    /// Where it is first named.
    pub place: Span,
    rank: Rank,
    fqdns: Vec<String>,
}

/// What names a server; the earlier the more its spelling is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    EstateFile,
    Vdir,
    OtherContent,
    Folder,
}

/// Folders that say what lies in them, not whose it is.
const GENERIC: [&str; 7] = ["iis", "inetsrv", "config", "registry", "reg", "owa", "exports"];

/// The short name of a server: its first label, in lower case. A name whose first label is a number is no DNS name.
pub fn short(name: &str) -> String {
    first_label(name.trim()).to_lowercase()
}

impl Owners {
    /// Finds the owner of every input, in the order of trust: the estate file, the file's own content, the folder or
    /// the file name, the only server there is. What could not be told becomes a problem of its input.
    pub fn find(inputs: &mut [Input], sources: &Sources, estate_file: Option<&EstateFile>) -> Owners {
        let mut owners = Owners { servers: BTreeMap::new(), of: vec![None; inputs.len()] };
        owners.learn_from_estate_file(estate_file);
        owners.learn_from_content(inputs);
        let paths: Vec<&str> = inputs.iter().map(|input| sources.get(input.source).path()).collect();
        for (index, input) in inputs.iter().enumerate() {
            owners.of[index] =
                Owners::stated(input, paths[index], estate_file).or_else(|| owners.located(input, paths[index]));
        }
        owners.introduce(inputs, &paths);
        for (index, input) in inputs.iter_mut().enumerate() {
            owners.settle(index, input, paths[index]);
        }
        owners
    }

    fn learn_from_estate_file(&mut self, estate_file: Option<&EstateFile>) {
        for server in estate_file.iter().flat_map(|file| &file.servers) {
            self.learn(&server.name.text, server.name.span, Rank::EstateFile);
            if let Some(fqdn) = &server.fqdn {
                self.learn_fqdn(&server.name.text, &fqdn.text);
            }
        }
    }

    fn learn_from_content(&mut self, inputs: &[Input]) {
        for input in inputs {
            match &input.content {
                Content::Objects(objects) => {
                    for object in objects.iter().filter(|it| it.kind != ObjectKind::Server || it.is_client_access()) {
                        if let Some(server) = &object.server {
                            let rank = if object.kind == ObjectKind::Server { Rank::OtherContent } else { Rank::Vdir };
                            self.learn(&server.text, server.span, rank);
                        }
                    }
                }
                Content::Registry(_, Some(name)) => self.learn(&name.text, name.span, Rank::OtherContent),
                _ => {}
            }
        }
    }

    fn learn(&mut self, name: &str, place: Span, rank: Rank) {
        let key = short(name);
        if key.is_empty() {
            return;
        }
        let spelt = first_label(name.trim()).to_owned();
        let known = self.servers.entry(key).or_insert_with(|| KnownServer {
            name: spelt.clone(),
            place,
            rank,
            fqdns: Vec::new(),
        });
        if rank < known.rank {
            known.rank = rank;
            known.name = spelt;
        }
        if name.trim().len() > known.name.len() {
            known.fqdns.push(name.trim().to_lowercase());
        }
    }

    fn learn_fqdn(&mut self, name: &str, fqdn: &str) {
        if let Some(known) = self.servers.get_mut(&short(name)) {
            known.fqdns.push(fqdn.to_lowercase());
        }
    }

    /// The owner that the estate file or the content names. Objects that name their own servers need none.
    fn stated(input: &Input, path: &str, estate_file: Option<&EstateFile>) -> Option<String> {
        let by_file = || estate_file.and_then(|file| file.owner_of(path)).map(short);
        by_file().or_else(|| match &input.content {
            Content::Registry(_, named) => named.as_ref().map(|name| short(&name.text)),
            _ => None,
        })
    }

    /// The owner that the nearest folder or the file name names, among the known servers.
    fn located(&self, input: &Input, path: &str) -> Option<String> {
        if matches!(input.content, Content::Nothing) && input.status == Status::Ignored {
            return None;
        }
        if let Content::Objects(objects) = &input.content {
            let mut named = objects.iter().map(|it| it.server.as_ref().map(|name| short(&name.text)));
            let first = named.next().flatten();
            if first.is_some() {
                return first.filter(|first| named.all(|it| it.as_ref() == Some(first)));
            }
        }
        self.by_folder(path).or_else(|| self.by_file_name(path))
    }

    fn by_folder(&self, path: &str) -> Option<String> {
        path.split('/').rev().skip(1).find_map(|folder| self.named(folder))
    }

    /// The folders of a file from below that of its server on; all of them if none is the server's.
    pub fn folders_below<'p>(&self, owner: &str, path: &'p str) -> Vec<&'p str> {
        let mut folders: Vec<&str> = path.split('/').collect();
        folders.pop();
        let own = folders.iter().rposition(|folder| self.named(folder).as_deref() == Some(owner));
        folders.split_off(own.map_or(0, |at| at + 1))
    }

    fn named(&self, word: &str) -> Option<String> {
        let lower = word.to_lowercase();
        if self.servers.contains_key(&lower) {
            return Some(lower);
        }
        let has = |known: &KnownServer| known.fqdns.contains(&lower);
        self.servers.iter().find(|(_, known)| has(known)).map(|(key, _)| key.clone())
    }

    /// A file name that starts or ends with a server's name, as a word of its own; the longest name counts.
    fn by_file_name(&self, path: &str) -> Option<String> {
        let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
        let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
        let names = self.servers.iter().flat_map(|(key, known)| {
            known.fqdns.iter().map(move |fqdn| (key, fqdn.as_str())).chain([(key, key.as_str())])
        });
        let mut hits: Vec<(usize, &String)> =
            names.filter(|(_, word)| stands_at_an_end(stem, word)).map(|(key, word)| (word.len(), key)).collect();
        hits.sort();
        let (longest, key) = hits.last()?;
        let disputed = hits.iter().any(|(length, other)| length == longest && other != key);
        (!disputed).then(|| (*key).clone())
    }

    /// An applicationHost.config or a registry export that nothing has placed introduces a server, named as its folder.
    fn introduce(&mut self, inputs: &[Input], paths: &[&str]) {
        for (index, input) in inputs.iter().enumerate() {
            if self.of[index].is_some() || !introduces(input) {
                continue;
            }
            let folder =
                paths[index].split('/').rev().skip(1).find(|it| !GENERIC.contains(&it.to_lowercase().as_str()));
            if let Some(folder) = folder {
                self.learn(folder, Span::file(input.source), Rank::Folder);
                self.of[index] = Some(short(folder));
            }
        }
    }

    fn settle(&mut self, index: usize, input: &mut Input, path: &str) {
        if self.of[index].is_none() && matches!(input.content, Content::WebConfig(_)) {
            self.of[index] = self.located(input, path);
        }
        if self.of[index].is_none() && needs_owner(input) {
            self.of[index] = self.located(input, path);
            if self.of[index].is_none() {
                self.of[index] = self.only(input);
            }
            if self.of[index].is_none() {
                let message = "nothing says which server this file belongs to";
                input.problems.push(Problem::new(ProblemKind::Unattributed, Span::file(input.source), message));
                input.status = if input.names_a_server() { Status::PartlyRead } else { Status::Refused };
                input.reason = Some(message.to_owned());
            }
        }
        self.dispute(index, input, path);
    }

    fn only(&self, input: &mut Input) -> Option<String> {
        let mut servers = self.servers.iter();
        let (Some((key, known)), None) = (servers.next(), servers.next()) else { return None };
        let message = format!("the file names no server and was taken for the only one that is known, {}", known.name);
        input.problems.push(Problem::new(ProblemKind::OnlyServer, Span::file(input.source), message));
        Some(key.clone())
    }

    /// A file in the folder of one server whose content names another.
    fn dispute(&self, index: usize, input: &mut Input, path: &str) {
        let Content::Registry(_, Some(named)) = &input.content else { return };
        let (Some(folder), Some(owner)) = (self.by_folder(path), &self.of[index]) else { return };
        if folder != short(&named.text) {
            let holds = self.servers.get(owner).map_or(owner.as_str(), |known| known.name.as_str());
            let message = format!(
                "the folder names {}, the content names {}; it was taken for {holds}",
                self.servers[&folder].name, named.text
            );
            input.problems.push(Problem::new(ProblemKind::ServerDisputed, named.span, message));
        }
    }
}

impl Input {
    /// Whether some of its objects name their server.
    fn names_a_server(&self) -> bool {
        matches!(&self.content, Content::Objects(objects) if objects.iter().any(|it| it.server.is_some()))
    }
}

impl super::input::Exported {
    /// Whether a server object is a Client Access server, as far as it says.
    pub fn is_client_access(&self) -> bool {
        if self.kind != ObjectKind::Server {
            return false;
        }
        let setting = |name: &str| super::vdir::known(&self.settings, name);
        match setting("serverrole") {
            None => !setting("isclientaccessserver").is_some_and(|it| it.is("False")),
            Some(role) => {
                let lower = role.text.to_ascii_lowercase();
                let later = setting("admindisplayversion")
                    .and_then(|text| super::version::Version::from_display(&text.text))
                    .is_some_and(|version| version == super::version::Version::Exchange2013OrLater);
                lower.contains("clientaccess") || (later && lower.contains("mailbox"))
            }
        }
    }
}

fn introduces(input: &Input) -> bool {
    matches!(input.content, Content::Iis(_) | Content::IisElsewhere(_) | Content::Registry(..))
}

/// Files whose content does not say by itself whose it is.
fn needs_owner(input: &Input) -> bool {
    match &input.content {
        Content::Iis(_) | Content::IisElsewhere(_) | Content::Registry(..) => true,
        Content::WebConfig(config) => config.matters(),
        Content::Objects(objects) => objects.iter().any(|it| it.kind != ObjectKind::Server && it.server.is_none()),
        Content::Nothing | Content::Piece(_) | Content::Given { .. } => false,
    }
}

fn stands_at_an_end(stem: &str, word: &str) -> bool {
    let is_word = |it: Option<char>| it.is_some_and(char::is_alphanumeric);
    let starts = stem.strip_prefix(word).is_some_and(|rest| !is_word(rest.chars().next()));
    let ends = stem.strip_suffix(word).is_some_and(|rest| !is_word(rest.chars().next_back()));
    starts || ends
}

fn first_label(name: &str) -> &str {
    match name.split_once('.') {
        Some((label, _)) if label.contains(|it: char| it.is_alphabetic()) => label,
        _ => name,
    }
}
