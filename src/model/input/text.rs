//! Text inputs: Format-List output, and shapes that are recognised and not read.

use crate::model::input::names::is_of_interest;
use crate::model::input::{Input, Status, objects};
use crate::read::format_list;
use crate::read::problem::{Problem, ProblemKind};
use crate::text::span::{SourceId, Span};

/// Reads text that is neither a registry file nor XML: Format-List output, or a shape that is refused.
pub(super) fn read_text(id: SourceId, text: &str) -> Input<'_> {
    if let Some(problem) = other_shape(id, text) {
        return Input::refused(id, "other-export", problem);
    }
    let mut input = read_list(id, text);
    if input.status == Status::Ignored {
        return leftover(id, text).map_or(input, |problem| Input::refused(id, "other-export", problem));
    }
    input.problems.extend(among_lists(id, text));
    input
}

/// The first line of JSON or of CSV in a text whose lists were read: the rest of that export was not.
fn among_lists(id: SourceId, text: &str) -> Option<Problem> {
    let mut offset = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let trimmed = line.trim();
        let is_key = || KEYS.iter().any(|key| contains_word(trimmed, &format!("\"{key}\":")));
        if trimmed.starts_with('"') && (is_key() || is_header(trimmed, &[',', ';', '\t', '|'])) {
            let start = offset + line.len() - line.trim_start().len();
            let message = "JSON or CSV stands among other text here, and was not read";
            return Some(Problem::new(ProblemKind::ShapeNotRead, Span::new(id, start, start + trimmed.len()), message));
        }
        offset += line.len();
    }
    None
}

/// Names that are a sign of virtual directories where they stand as keys.
const KEYS: [&str; 3] = ["internalurl", "externalurl", "owaversion"];

/// Shapes that hold settings of interest and that this version does not read.
fn other_shape(id: SourceId, text: &str) -> Option<Problem> {
    let is_query = text.contains("HKEY_LOCAL_MACHINE\\")
        && text.lines().any(|line| line.contains("    REG_") || line.contains("\tREG_"));
    let start = text.len() - text.trim_start().len();
    let length = text[start..].chars().next().map_or(0, char::len_utf8);
    let message = "this version does not read the registry as `reg query` prints it";
    is_query.then(|| Problem::new(ProblemKind::ShapeNotRead, Span::new(id, start, start + length), message))
}

/// A line that holds our settings in a shape of its own, in a file in which no object could be read.
fn leftover(id: SourceId, text: &str) -> Option<Problem> {
    let mut offset = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let lower = line.to_ascii_lowercase();
        let failed = lower.trim_start().starts_with("get-owavirtualdirectory :")
            || (lower.contains("get-owavirtualdirectory") && lower.contains("not recognized"));
        let keyed = KEYS.iter().any(|name| is_keyed(&lower, name));
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
    if !is_of_interest(text) {
        return Input::ignored(id, "unknown", "nothing of ours in it");
    }
    let (document, problems) = format_list::read(text, id);
    objects::take(id, "format-list", document.objects, problems)
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
