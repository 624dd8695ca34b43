//! Foreign parts: what stands beside the objects of a listing, is ours, and was not read.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::model::input::names::FORMAT_CLASS;
use crate::model::input::text::{contains_word, is_header, is_keyed};
use crate::model::server::ALLOW_WITHOUT_SSL;
use crate::read::format_list::Unread;
use crate::read::object::Object;
use crate::read::problem::{Problem, ProblemKind};
use crate::read::reg_query;
use crate::text::span::{SourceId, Span};

/// Says of every stretch of lines that was passed over what of ours it holds: each kind once, at its first line.
pub(super) fn foreign_parts(id: SourceId, text: &str, unread: &[Unread<'_>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    // What `reg query` prints has a reader of its own, which says what it could not read.
    let is_query = reg_query::claims(text, id).is_some();
    for block in unread {
        let before = problems.len();
        block_parts(id, text, block, is_query, &mut problems);
        let is_asked = block.command.as_ref().is_some_and(|command| {
            asks_for_ours(&command.text) && !(is_query && contains_word(&command.text, "reg query"))
        });
        if problems.len() == before && is_asked && !block.is_answered && !is_note(&text[block.span.range()]) {
            let message = "what this command printed could not be read";
            problems.push(Problem::new(ProblemKind::ForeignPart, first_line(text, block.span), message));
        }
    }
    problems
}

/// A switch of OWA in an object that does not say which key it comes from.
pub(super) fn stray_switch(object: &Object<'_>) -> Option<Problem> {
    let property = object.properties.iter().find(|property| property.name.is(ALLOW_WITHOUT_SSL.value))?;
    let message = "this object does not say which key of the registry it shows, so it was not used";
    Some(Problem::new(ProblemKind::ForeignPart, property.name.span, message))
}

fn block_parts(id: SourceId, text: &str, block: &Unread<'_>, is_query: bool, problems: &mut Vec<Problem>) {
    let mut seen: Vec<Part> = Vec::new();
    let mut key = None;
    let mut offset = block.span.start as usize;
    for line in text[block.span.range()].split_inclusive(['\n', '\r']) {
        let lower = line.to_ascii_lowercase();
        let lead = line.len() - line.trim_start().len();
        let span = Span::new(id, offset + lead, offset + line.trim_end().len().max(lead));
        offset += line.len();
        let trimmed = lower.trim();
        if trimmed.starts_with("hkey_") || trimmed.starts_with("hklm\\") {
            key = Some(span);
        }
        let is_told = |part: Part| is_new(part, &seen) && !(is_query && part == Part::RegQuery);
        let Some((part, message)) = part_of(line, trimmed).filter(|(part, _)| is_told(*part)) else { continue };
        // What `reg query` prints begins with the line of the key.
        let span = key.filter(|_| part == Part::RegQuery).unwrap_or(span);
        seen.push(part);
        problems.push(Problem::new(part.kind(), span, message));
    }
}

/// Whether a part of a block has something to say beside those above it: settings stand in all of them.
fn is_new(part: Part, seen: &[Part]) -> bool {
    !seen.contains(&part) && (part != Part::Keyed || seen.iter().all(|it| *it == Part::Failure))
}

/// What a line shows to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Failure,
    Xml,
    RegistryFile,
    RegQuery,
    Header,
    Keyed,
}

impl Part {
    fn kind(self) -> ProblemKind {
        if self == Part::Failure { ProblemKind::ExportFailed } else { ProblemKind::ForeignPart }
    }
}

fn part_of(line: &str, lower: &str) -> Option<(Part, &'static str)> {
    const TAGS: [&str; 12] = [
        "<configuration",
        "<system.webserver",
        "<system.applicationhost",
        "<location",
        "<access",
        "<sites",
        "<site ",
        "<ipsecurity",
        "<httpredirect",
        "<authentication",
        "<objs",
        "<objects",
    ];
    if is_failure(lower) {
        return Some((Part::Failure, "a command failed here, so that what it should have printed is missing"));
    }
    if TAGS.iter().any(|tag| lower.contains(tag)) {
        return Some((Part::Xml, "XML here is not read, since the file as a whole is no XML"));
    }
    if lower.starts_with("windows registry editor") || lower == "regedit4" || lower.starts_with("[hkey_") {
        return Some((Part::RegistryFile, "a registry file inside a listing is not read"));
    }
    let is_value = lower.contains(" reg_dword ") || lower.contains("\treg_dword\t");
    if is_value || (lower.contains("msexchange owa") && lower.starts_with("hkey_")) {
        return Some((Part::RegQuery, "the registry as `reg query` prints it is not read inside a listing"));
    }
    if is_header(line, &[',', ';', '\t', '|', ' ']) {
        return Some((Part::Header, "a table of virtual directories inside a listing is not read"));
    }
    if gives_setting(lower) {
        return Some((Part::Keyed, "this line gives a setting that matters, and is in no object that could be read"));
    }
    None
}

/// Whether a line gives one of the settings that matter, in whatever marks: as a key, or with a value beside its name.
///
/// A parameter such as `-InternalUrl` gives none, and neither does prose about a setting.
fn gives_setting(lower: &str) -> bool {
    const URLS: [&str; 2] = ["internalurl", "externalurl"];
    const OTHERS: [(&str, &[&str]); 4] = [
        ("internalauthenticationmethods", &["{", "basic", "fba", "ntlm", "windowsintegrated"]),
        ("owaversion", &["exchange20"]),
        ("redirecttooptimalowaserver", &["true", "false"]),
        ("allowproxyingwithoutssl", &["0", "1", "dword"]),
    ];
    let is_url = |name: &str| {
        let rest = behind(lower, name).map(|rest| rest.trim_start_matches(|it: char| !it.is_alphanumeric()));
        let rest = rest.map(|rest| rest.trim_start_matches("is ").trim_start_matches("to "));
        rest.is_some_and(|rest| rest.starts_with("http://") || rest.starts_with("https://"))
    };
    let is_valued = |(name, values): &(&str, &[&str])| {
        let is_mark = |it: char| !it.is_alphanumeric() && it != '{';
        behind(lower, name).is_some_and(|rest| values.iter().any(|it| rest.trim_start_matches(is_mark).starts_with(it)))
    };
    URLS.iter().any(|name| is_url(name) || is_keyed(lower, name))
        || OTHERS.iter().any(|other| is_valued(other) || is_keyed(lower, other.0))
}

/// What stands behind a name, where it is a word of its own and no parameter of a command.
fn behind<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let at = line.find(name)?;
    let is_word = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '-' || it == '$' || it == '.');
    let rest = &line[at + name.len()..];
    (!is_word(line[..at].chars().next_back()) && !rest.starts_with(char::is_alphanumeric)).then_some(rest)
}

/// Whether a line is the beginning of an error that a command of ours ended in: the command, a colon, a message in
/// whatever language. PowerShell writes `Get-X : …`, and from version 7 on `Get-X: …`.
fn is_failure(lower: &str) -> bool {
    let name = lower.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
    let (name, behind) = lower.split_at(name);
    let behind = behind.strip_prefix(' ').unwrap_or(behind);
    let is_message = behind.strip_prefix(':').is_some_and(|message| message.starts_with(' ') && message.len() > 2);
    (name.starts_with("get-") && is_message && asks_for_ours(name))
        || (asks_for_ours(lower) && lower.contains("not recognized"))
}

/// A file that holds nothing but a short error message, as `reg query … > file 2>&1` leaves it.
pub(super) fn lone_error(id: SourceId, text: &str) -> Option<Problem> {
    let trimmed = text.trim();
    let is_error = trimmed.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("error:"));
    let is_short = trimmed.len() < 400 && trimmed.lines().count() <= 3;
    let start = text.len() - text.trim_start().len();
    let span = Span::new(id, start, start + trimmed.len());
    let message = "the file holds nothing but an error message";
    // What `reg query` says in place of its output has a reader of its own.
    (is_error && is_short && reg_query::claims(text, id).is_none())
        .then(|| Problem::new(ProblemKind::ExportFailed, first_line(text, span), message))
}

/// Whether a command prints virtual directories, servers or the registry.
fn asks_for_ours(command: &str) -> bool {
    const COMMANDS: [&str; 4] =
        ["get-owavirtualdirectory", "get-ecpvirtualdirectory", "get-exchangeserver", "get-clientaccessserver"];
    let lower = command.to_ascii_lowercase();
    COMMANDS.iter().any(|it| lower.contains(it))
        || (lower.contains("reg query") && lower.contains("msexchange owa"))
        || lower.contains("applicationhost.config")
}

/// Whether a text is nothing but what PowerShell says beside its output.
fn is_note(text: &str) -> bool {
    text.lines()
        .all(|line| ["WARNING:", "VERBOSE:", "DEBUG:", "```", "***"].iter().any(|it| line.trim().starts_with(it)))
}

fn first_line(text: &str, span: Span) -> Span {
    let line = text[span.range()].split(['\n', '\r']).next().unwrap_or_default();
    Span { end: span.start + line.trim_end().len() as u32, ..span }
}

/// Formatting instructions in place of objects, wherever they stand: the marker is the same in every shape of export.
pub(super) fn format_objects(id: SourceId, text: &str) -> Option<Problem> {
    static MARKS: LazyLock<[Finder<'static>; 2]> =
        LazyLock::new(|| [FORMAT_CLASS, "Microsoft.PowerShell.Commands.Internal.Format."].map(Finder::new));
    let at = MARKS.iter().filter_map(|mark| mark.find(text.as_bytes()).map(|at| (at, mark.needle().len())));
    let (at, length) = at.min()?;
    let message = "these are instructions for formatting, and no settings";
    Some(Problem::new(ProblemKind::FormatObjects, Span::new(id, at, at + length), message))
}

/// Whether a text may hold something that only [`foreign_parts`] sees.
pub(super) fn mentions_others(text: &str) -> bool {
    ["msexchange owa", "allowproxyingwithoutssl", "<system.webserver", "<configuration"]
        .iter()
        .any(|it| contains_word(text, it))
}
