//! Folders: which folder of a server a web.config lies in, and which paths lead there.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::site::Sites;
use crate::text::span::Span;

/// The folders that the virtual directories of a configuration lead to.
#[derive(Debug, Default)]
pub struct Folders {
    /// The folders by the parts of their names, each part on its way to the root of the disk.
    nodes: Vec<Node>,
    /// The paths that lead to each folder, by the numbers of the folders.
    ways: Vec<(Folder, Vec<Way>)>,
    numbers: BTreeMap<Folder, usize>,
    /// The paths of virtual directories, in lower case.
    paths: BTreeSet<String>,
}

/// A folder on disk, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Folder {
    /// The drive, or the variable that the path begins with; empty if it begins with neither.
    root: String,
    parts: Vec<String>,
}

/// A path of IIS that leads to a folder.
#[derive(Debug, Clone)]
struct Way {
    path: String,
    allows_below: bool,
    place: Span,
}

#[derive(Debug, Default)]
struct Node {
    below: BTreeMap<String, usize>,
    /// The folders whose names end in the parts that lead here.
    folders: Vec<usize>,
    /// Those of them that have no other parts.
    whole: Vec<usize>,
}

/// Where a file lies in IIS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lies {
    /// At these paths, of which each leads to the folder.
    At(Vec<String>),
    /// In a folder that no path leads to, and the place that shows why.
    Unread(&'static str, Span),
    /// In one of several folders, which these paths lead to.
    InOneOf(Vec<String>),
    /// In none of the folders.
    Nowhere,
}

/// How many folders are told apart; where a file fits more, it may be of any.
const MAX_CHOICES: usize = 32;

/// How many virtual directories may lead to one folder, and how many parts it may have; where there are more, a file in
/// it may be of any.
const MAX_PATHS: usize = 255;

impl Folders {
    /// The folders of a configuration.
    pub fn of(sites: &Sites) -> Folders {
        let mut folders = Folders { nodes: vec![Node::default()], ..Folders::default() };
        for site in &sites.sites {
            for application in &site.applications {
                for it in &application.folders {
                    let below = it.path.text.trim_end_matches('/');
                    let path = format!("{}{}{below}", site.name.text, application.path.text.trim_end_matches('/'));
                    folders.paths.insert(path.to_lowercase());
                    let Some(physical) = &it.physical_path else { continue };
                    let allows_below = sites.allows_below(site, application, it);
                    folders.add(Folder::of(&physical.text), Way { path, allows_below, place: physical.span });
                }
            }
        }
        folders
    }

    fn add(&mut self, folder: Folder, way: Way) {
        if let Some(number) = self.numbers.get(&folder) {
            self.ways[*number].1.push(way);
            return;
        }
        let (number, mut node) = (self.ways.len(), 0);
        for part in folder.parts.iter().rev() {
            let next = self.nodes.len();
            let found = match self.nodes[node].below.get(part) {
                Some(found) => *found,
                None => {
                    self.nodes[node].below.insert(part.clone(), next);
                    self.nodes.push(Node::default());
                    next
                }
            };
            node = found;
            self.nodes[node].folders.push(number);
        }
        self.nodes[node].whole.push(number);
        self.numbers.insert(folder.clone(), number);
        self.ways.push((folder, vec![way]));
    }

    /// Where a file lies whose folders, from the server's downwards, are these.
    ///
    /// A physical path that is there as a whole, from the root of a disk on, leaves no doubt; so does one that begins
    /// the folders. Of others the longest match counts, and where more than one folder fits, all of them do.
    pub fn find(&self, folders: &[&str]) -> Lies {
        let parts: Vec<String> = folders.iter().map(|it| it.to_lowercase()).collect();
        let (mut whole, mut partial) = (BTreeSet::new(), BTreeSet::new());
        let mut longest = 0;
        for end in 1..=parts.len() {
            let (is_whole, matched, candidates) = self.ending_in(&parts[..end]);
            let reach = parts.len() - (end - matched);
            let lies = candidates.into_iter().map(|folder| folder.with(&parts[end..]));
            if !is_whole {
                partial.extend(lies);
            } else if reach >= longest {
                if reach > longest {
                    whole.clear();
                }
                longest = reach;
                whole.extend(lies);
            }
        }
        let found = if whole.is_empty() { partial } else { whole };
        self.lies(&found.into_iter().collect::<Vec<_>>())
    }

    /// The folders that share the most parts with the end of a path: whether the path has all of theirs, and how many
    /// they share.
    fn ending_in(&self, parts: &[String]) -> (bool, usize, Vec<&Folder>) {
        let (mut node, mut matched) = (0, 0);
        for part in parts.iter().rev() {
            let Some(next) = self.nodes[node].below.get(part) else { break };
            node = *next;
            matched += 1;
            if let Some(drive) = parts[..parts.len() - matched].last().and_then(|it| drive(it)) {
                let whole: Vec<&Folder> = self.all(&self.nodes[node].whole).filter(|it| it.is_on(drive)).collect();
                if !whole.is_empty() {
                    return (true, matched, whole);
                }
            }
        }
        let before = parts[..parts.len() - matched].last();
        if matched == 0 || before.is_some_and(|it| drive(it).is_some()) {
            return (false, matched, Vec::new());
        }
        let node = &self.nodes[node];
        let is_whole = matched == parts.len() && matched > 1 && node.whole.len() == node.folders.len();
        (is_whole, matched, self.all(&node.folders).take(MAX_CHOICES + 1).collect())
    }

    fn all(&self, numbers: &[usize]) -> impl Iterator<Item = &Folder> {
        numbers.iter().map(|number| &self.ways[*number].0)
    }

    fn lies(&self, found: &[Folder]) -> Lies {
        match found {
            [] => Lies::Nowhere,
            several if several.len() > MAX_CHOICES || several.iter().any(|it| it.parts.len() > MAX_PATHS) => any(),
            [folder] => self.paths_to(folder),
            several => {
                let mut paths = Vec::new();
                for folder in several {
                    match self.paths_to(folder) {
                        Lies::At(more) => paths.extend(more),
                        Lies::InOneOf(_) => return any(),
                        Lies::Unread(..) | Lies::Nowhere => {}
                    }
                }
                paths.sort();
                paths.dedup();
                Lies::InOneOf(paths)
            }
        }
    }

    /// The paths that lead to a folder: those of virtual directories of the folder itself, and of folders above it
    /// unless another virtual directory takes the place of a part of the way.
    fn paths_to(&self, folder: &Folder) -> Lies {
        let (mut paths, mut unread, mut looked_at) = (Vec::new(), None, 0);
        for length in (1..=folder.parts.len()).rev() {
            let above = Folder { root: folder.root.clone(), parts: folder.parts[..length].to_vec() };
            let below = &folder.parts[length..];
            for way in self.numbers.get(&above).into_iter().flat_map(|number| &self.ways[*number].1) {
                looked_at += 1;
                if looked_at > MAX_PATHS {
                    return any();
                }
                let path = [&way.path, below.join("/").as_str()].join("/");
                let path = path.trim_end_matches('/');
                if self.is_taken(&way.path, below) {
                    unread = Some(("another virtual directory takes the place of this folder", way.place));
                } else if !below.is_empty() && !way.allows_below {
                    unread = Some(("allowSubDirConfig is off for the virtual directory above this folder", way.place));
                } else {
                    paths.push(path.to_owned());
                }
            }
        }
        match unread {
            Some((why, place)) if paths.is_empty() => Lies::Unread(why, place),
            _ if paths.is_empty() => Lies::Nowhere,
            _ => Lies::At(paths),
        }
    }

    fn is_taken(&self, path: &str, below: &[String]) -> bool {
        let mut path = path.to_lowercase();
        below.iter().any(|part| {
            path.push('/');
            path.push_str(part);
            self.paths.contains(&path)
        })
    }
}

/// Where a file lies of which it is not told apart where it may lie.
fn any() -> Lies {
    Lies::InOneOf(vec![String::new()])
}

impl Folder {
    /// The folder that a physical path names. What a variable stands for is not known: the parts behind it count.
    fn of(physical: &str) -> Folder {
        let lower = physical.trim().to_lowercase().replace('/', "\\");
        let mut parts: Vec<String> =
            lower.split('\\').filter(|it| !it.is_empty() && *it != ".").map(str::to_owned).collect();
        let root = parts.iter().rposition(|it| it.contains(['%', ':'])).map_or(0, |at| at + 1);
        let root = parts.drain(..root).collect::<Vec<_>>().join("\\");
        Folder { root, parts }
    }

    /// The folder with further parts below it.
    fn with(&self, below: &[String]) -> Folder {
        Folder { root: self.root.clone(), parts: [&self.parts, below].concat() }
    }

    /// Whether the folder may lie on a drive: what a variable stands for is not known.
    fn is_on(&self, drive: char) -> bool {
        self.root.contains('%') || self.root.is_empty() || self.root.starts_with(drive)
    }
}

/// The drive that a folder of the snapshot stands for: `C`, `C$`, `C_`, `c:`.
fn drive(part: &str) -> Option<char> {
    let mut characters = part.chars();
    let drive = characters.next().filter(char::is_ascii_alphabetic)?;
    matches!(characters.as_str(), "" | "$" | "_" | ":").then_some(drive)
}
