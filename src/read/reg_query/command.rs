//! Commands: which key `reg query` was asked for, and how much of it what it prints shows.

use std::ops::Range;

use crate::read::reg::{Extent, KeyPath, ValueName, key_path};
use crate::text::scalar::Scalar;
use crate::text::span::{SourceId, Span};

/// One `reg query` that somebody ran.
#[derive(Debug, Clone)]
pub(super) struct Command<'t> {
    /// The computer that was asked, where it is not the one that asks.
    pub(super) computer: Option<Scalar<'t>>,
    /// The key that was asked for; `None` where the command could not be read.
    pub(super) path: Option<KeyPath<'t>>,
    /// What of the key was asked for.
    pub(super) asked: Asked<'t>,
}

/// What `reg query` was asked to print.
#[derive(Debug, Clone)]
pub(super) enum Asked<'t> {
    /// The values of the key and the names of the keys below it.
    Level,
    /// All that is in the key and below it (`/s`).
    Tree,
    /// One value (`/v` and `/ve`).
    Value(ValueName<'t>),
    /// A choice (`/f`, `/t`, a pipeline, a switch that is not known): what is not printed may yet be there.
    Some,
}

/// What a line of a console is.
#[derive(Debug)]
pub(super) enum Console<'t> {
    /// A `reg query`, with or without a prompt before it.
    Query(Command<'t>),
    /// A prompt with another command or with none.
    Prompt,
    /// No command.
    Other,
}

/// Reads a line as one of a console.
pub(super) fn read(text: &str, source: SourceId, line: Range<usize>) -> Console<'_> {
    let written = &text[line.clone()];
    let (host, behind) = prompt(written);
    let start = behind.unwrap_or(0);
    let rest = &written[start..];
    let lead = rest.len() - rest.trim_start().len();
    let words = words(text, line.start + start + lead..line.end);
    let is = |at: usize, names: &[&str]| {
        words.get(at).is_some_and(|word| names.iter().any(|name| text[word.clone()].eq_ignore_ascii_case(name)))
    };
    if !(is(0, &["reg", "reg.exe"]) && is(1, &["query"]) && words.len() > 2) {
        return if behind.is_some() { Console::Prompt } else { Console::Other };
    }
    let mut command = arguments(text, source, &words[2..], &line);
    if command.computer.is_none() {
        let host = host.map(|host| line.start + host.start..line.start + host.end);
        command.computer = host.map(|host| Scalar::slice(source, text, host));
    }
    Console::Query(command)
}

/// The computer in a remote prompt, and the length of the prompt: `C:\\…>`, `PS C:\\…>`, `[PS] C:\\…>`, `[CAS1]: PS C:\\…>`.
fn prompt(line: &str) -> (Option<Range<usize>>, Option<usize>) {
    let remote = line.strip_prefix('[').and_then(|it| it.split_once("]: ")).filter(|(_, rest)| rest.starts_with("PS "));
    let host = remote.map(|(host, _)| 1..1 + host.len());
    let rest = remote.map_or(line, |(_, rest)| rest);
    let path = ["[PS]", "PS"].iter().find_map(|tag| rest.strip_prefix(tag)).unwrap_or(rest).trim_start();
    let is_drive = path.find(":\\").is_some_and(|at| at > 0 && path[..at].bytes().all(|it| it.is_ascii_alphanumeric()));
    let end = path.find('>').filter(|_| is_drive);
    (host, end.map(|end| line.len() - path.len() + end + 1))
}

fn arguments<'t>(text: &'t str, source: SourceId, words: &[Range<usize>], line: &Range<usize>) -> Command<'t> {
    let [key, switches @ ..] = words else {
        return Command { computer: None, path: None, asked: Asked::Some };
    };
    let mut key = unquoted(text, key.clone());
    let mut computer = None;
    if let Some(rest) = text[key.clone()].strip_prefix("\\\\") {
        let host = rest.split('\\').next().unwrap_or(rest);
        let start = key.start + 2;
        key.start = (start + host.len() + 1).min(key.end);
        computer = (host != ".").then(|| Scalar::slice(source, text, start..start + host.len()));
    }
    let path = key_path(Scalar::slice(source, text, key), Span::new(source, line.start, line.end));
    Command { computer, path, asked: asked(text, source, switches) }
}

fn asked<'t>(text: &'t str, source: SourceId, switches: &[Range<usize>]) -> Asked<'t> {
    let mut asked = Asked::Level;
    let mut words = switches.iter();
    while let Some(word) = words.next() {
        let word = word.clone();
        let switch = text[word.clone()].to_ascii_lowercase();
        asked = match (switch.as_str(), asked) {
            ("/s", Asked::Level) => Asked::Tree,
            ("/v", Asked::Level) => match words.next() {
                Some(name) => {
                    let name = unquoted(text, name.clone());
                    Asked::Value(ValueName { name: Scalar::slice(source, text, name) })
                }
                None => Asked::Some,
            },
            ("/ve", Asked::Level) => {
                let span = Scalar::slice(source, text, word).span;
                Asked::Value(ValueName { name: Scalar::rewritten("", span) })
            }
            ("/z" | "/reg:64" | "2>&1", asked) => asked,
            _ => return Asked::Some,
        };
    }
    asked
}

impl Asked<'_> {
    /// How much the key with this path shows, printed below the command that asks for `asked`.
    pub(super) fn extent(&self, is_the_key: bool, is_below: bool) -> Extent {
        match self {
            Asked::Level if is_the_key => Extent::Level,
            Asked::Tree if is_the_key || is_below => Extent::Tree,
            Asked::Level | Asked::Tree | Asked::Value(_) | Asked::Some => Extent::Part,
        }
    }
}

/// The words of a command line; quotes hold a word together and stay on it.
fn words(text: &str, line: Range<usize>) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    let mut quote = None;
    for (at, character) in text[line.clone()].char_indices() {
        let at = line.start + at;
        match quote {
            Some(open) if character == open => quote = None,
            Some(_) => {}
            None if character == ' ' || character == '\t' => words.extend(start.take().map(|start| start..at)),
            None => {
                quote = matches!(character, '"' | '\'').then_some(character);
                start.get_or_insert(at);
            }
        }
    }
    words.extend(start.map(|start| start..line.end));
    words
}

/// A word without the quotes around it.
fn unquoted(text: &str, word: Range<usize>) -> Range<usize> {
    let written = &text[word.clone()];
    let quoted = ['"', '\'']
        .iter()
        .find(|quote| written.len() > 1 && written.starts_with(**quote) && written.ends_with(**quote));
    if quoted.is_some() { word.start + 1..word.end - 1 } else { word }
}
