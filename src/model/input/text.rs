//! Text inputs: Format-List output, and shapes that are recognised and not read.

use crate::model::input::registry;
use crate::model::input::{Content, Exported, Input, Status};
use crate::model::place;
use crate::model::vdir::{self, ObjectKind};
use crate::read::format_list;
use crate::read::problem::{Problem, ProblemKind};
use crate::text::span::{SourceId, Span};

/// Reads text that is neither a registry file nor XML: Format-List output, or a shape that is refused.
pub(super) fn read_text(id: SourceId, text: &str) -> Input<'_> {
    if let Some(problem) = other_shape(id, text) {
        return Input::refused(id, "other-export", problem);
    }
    let input = read_list(id, text);
    let input = match leftover(id, text) {
        Some(problem) if input.status == Status::Ignored => Input::refused(id, "other-export", problem),
        _ => input,
    };
    registry::with_queries(id, text, input)
}

/// Shapes that hold settings of interest and that this version does not read.
fn other_shape(id: SourceId, text: &str) -> Option<Problem> {
    let start = text.trim_start();
    let first_line = start.lines().next().unwrap_or_default();
    let is_json = start.starts_with(['{', '[']) && !start.starts_with("[PS]");
    let what = if is_json && ["internalurl", "owaversion"].iter().any(|key| contains_word(text, &format!("\"{key}\"")))
    {
        "virtual directories as JSON"
    } else if contains_word(first_line, "#TYPE") && mentions_vdirs(text)
        || is_header(first_line, &[',', ';', '\t', '|'])
    {
        "virtual directories as CSV"
    } else {
        return None;
    };
    let offset = text.len() - start.len();
    let length = first_line.chars().next().map_or(0, char::len_utf8);
    let message = format!("this version does not read {what}");
    Some(Problem::new(ProblemKind::ShapeNotRead, Span::new(id, offset, offset + length), message))
}

/// A line that holds our settings in a shape of its own, in a file in which no object could be read.
fn leftover(id: SourceId, text: &str) -> Option<Problem> {
    let mut offset = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let lower = line.to_ascii_lowercase();
        let failed = lower.trim_start().starts_with("get-owavirtualdirectory :")
            || (lower.contains("get-owavirtualdirectory") && lower.contains("not recognized"));
        let keyed = ["internalurl", "externalurl", "owaversion"].iter().any(|name| is_keyed(&lower, name));
        if failed || keyed || is_header(line, &[',', ';', '\t', '|', ' ']) {
            let start = offset + line.len() - line.trim_start().len();
            let message = "this line is about virtual directories, and no object could be read from the file";
            return Some(Problem::new(
                ProblemKind::ShapeNotRead,
                Span::new(id, start, offset + line.trim_end().len()),
                message,
            ));
        }
        offset += line.len();
    }
    None
}

/// Whether a name stands before a colon or an equals sign, or between quotes: as a key, not as a word.
fn is_keyed(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + name.len()..]);
        let quoted = before.ends_with(['"', '\'']) && after.starts_with(['"', '\'']);
        quoted || after.trim_start().starts_with('=')
    })
}

/// Whether a line is the head of a table of virtual directories: names of their properties, and nothing else.
fn is_header(line: &str, delimiters: &[char]) -> bool {
    const KNOWN: [&str; 9] = [
        "InternalUrl",
        "ExternalUrl",
        "OwaVersion",
        "Identity",
        "Server",
        "ServerName",
        "Name",
        "MetabasePath",
        "InternalAuthenticationMethods",
    ];
    let is_name = |cell: &&str| !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_alphanumeric());
    delimiters.iter().any(|delimiter| {
        let cells = line.split(*delimiter).map(|cell| cell.trim().trim_matches('"')).filter(|cell| !cell.is_empty());
        let cells: Vec<&str> = cells.collect();
        let ours = cells.iter().filter(|cell| KNOWN.iter().any(|it| it.eq_ignore_ascii_case(cell))).count();
        ours >= 2
            && ours * 2 >= cells.len()
            && cells.iter().all(is_name)
            && cells.iter().any(|cell| KNOWN[..3].iter().any(|it| it.eq_ignore_ascii_case(cell)))
    })
}

/// Reads Format-List text; what holds no object of interest is ignored.
fn read_list(id: SourceId, text: &str) -> Input<'_> {
    const WORDS: [&str; 14] = [
        "metabasepath",
        "internalauthenticationmethods",
        "redirecttooptimalowaserver",
        "owa (",
        "internalurl",
        "externalurl",
        "owavirtualdirectory",
        "owaversion",
        "serverrole",
        "exchangeserver",
        "clientaccessserver",
        "autodiscoversitescope",
        "registry::",
        "psprovider",
    ];
    if !WORDS.iter().any(|word| contains_word(text, word)) {
        return Input::ignored(id, "unknown", "nothing of ours in it");
    }
    let (document, mut problems) = format_list::read(text, id);
    let mut objects = Vec::new();
    let mut items = Vec::new();
    for object in document.objects {
        if let Some(item) = registry::item(&object) {
            items.push(item);
            continue;
        }
        let kind = vdir::kind_of(&object);
        let settings = vdir::settings_of(&object);
        match kind {
            ObjectKind::Other => {}
            ObjectKind::Unknown => {
                let span = object.properties.first().map_or(object.span, |property| property.name.span);
                let message = "an object with URLs says neither its name nor its class";
                problems.push(Problem::new(ProblemKind::ListObjectUnknown, span, message));
            }
            ObjectKind::Vdir | ObjectKind::Server => {
                let server = match kind {
                    ObjectKind::Server => {
                        vdir::known(&settings, "name").or_else(|| vdir::known(&settings, "fqdn")).cloned()
                    }
                    _ => vdir::server_of(&settings),
                };
                if let Some(metabase) = vdir::known(&settings, "metabasepath").filter(|it| place::parse(it).is_none()) {
                    let message = "this is not of the form `IIS://server/W3SVC/id/ROOT/path`";
                    problems.push(Problem::new(ProblemKind::VdirPlaceUnreadable, metabase.span, message));
                }
                objects.push(Exported { kind, object, settings, server });
            }
        }
    }
    if objects.is_empty() {
        let nothing = Input::new(id, "format-list", Content::Nothing, problems);
        if items.is_empty() && nothing.problems.is_empty() {
            return Input::ignored(id, "format-list", "no OWA virtual directory and no server in it");
        }
        return registry::with_items(id, items, nothing);
    }
    registry::with_items(id, items, Input::new(id, "format-list", Content::Objects(objects), problems))
}

pub(super) fn mentions_vdirs(text: &str) -> bool {
    contains_word(text, "owavirtualdirectory")
        || contains_word(text, "owa-virtual-directory")
        || contains_word(text, "owaversion")
}

/// Whether a text holds a word, without regard to ASCII case.
pub(super) fn contains_word(text: &str, word: &str) -> bool {
    let (first, rest) = (word.as_bytes()[0], &word.as_bytes()[1..]);
    let bytes = text.as_bytes();
    memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), bytes)
        .any(|at| bytes[at + 1..].len() >= rest.len() && bytes[at + 1..at + 1 + rest.len()].eq_ignore_ascii_case(rest))
}

pub(super) fn file_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase()
}
