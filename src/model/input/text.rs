//! Text inputs: Format-List output, and shapes that are recognised and not read.

use crate::model::input::{Content, Exported, Input};
use crate::model::place;
use crate::model::vdir::{self, ObjectKind};
use crate::read::format_list;
use crate::read::problem::{Problem, ProblemKind};
use crate::text::span::{SourceId, Span};

/// Shapes that hold settings of interest and that this version does not read.
pub(super) fn other_shape(id: SourceId, text: &str) -> Option<Problem> {
    let start = text.trim_start();
    let first_line = start.lines().next().unwrap_or_default();
    let what = if start.starts_with(['{', '[']) && text.contains("\"InternalUrl\"") && !start.starts_with("[PS]") {
        "virtual directories as JSON"
    } else if contains_word(first_line, "#TYPE") && mentions_vdirs(text) || is_csv_header(first_line) {
        "virtual directories as CSV"
    } else if text.contains("HKEY_LOCAL_MACHINE\\") && text.contains("    REG_") {
        "the registry as `reg query` prints it"
    } else {
        return None;
    };
    let offset = text.len() - start.len();
    let length = first_line.chars().next().map_or(0, char::len_utf8);
    let message = format!("{what} is not read by this version");
    Some(Problem::new(ProblemKind::ShapeNotRead, Span::new(id, offset, offset + length), message))
}

fn is_csv_header(line: &str) -> bool {
    [',', ';', '\t'].iter().any(|delimiter| {
        let cells: Vec<&str> = line.split(*delimiter).map(|cell| cell.trim().trim_matches('"')).collect();
        let known = [
            "InternalUrl",
            "ExternalUrl",
            "Identity",
            "Server",
            "Name",
            "MetabasePath",
            "InternalAuthenticationMethods",
        ];
        cells.iter().any(|cell| cell.eq_ignore_ascii_case("InternalUrl"))
            && cells.iter().filter(|cell| known.iter().any(|it| it.eq_ignore_ascii_case(cell))).count() >= 2
    })
}

/// Reads Format-List text; what holds no object of interest is ignored.
pub(super) fn read_list(id: SourceId, text: &str) -> Input<'_> {
    const WORDS: [&str; 6] =
        ["internalurl", "externalurl", "owavirtualdirectory", "owaversion", "serverrole", "autodiscoversitescope"];
    if !WORDS.iter().any(|word| contains_word(text, word)) {
        return Input::ignored(id, "unknown", "nothing of ours in it");
    }
    let (document, mut problems) = format_list::read(text, id);
    let mut objects = Vec::new();
    for object in document.objects {
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
    if objects.is_empty() && problems.is_empty() {
        return Input::ignored(id, "format-list", "no OWA virtual directory and no server in it");
    }
    Input::new(id, "format-list", Content::Objects(objects), problems)
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
