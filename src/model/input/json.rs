//! JSON inputs: which of them hold exported objects of interest, and which a wrong export.

use crate::model::input::Input;
use crate::model::input::names::{FORMAT_CLASS, URLS_AND_METHODS, is_of_interest};
use crate::model::input::objects;
use crate::model::input::text::{contains_word, file_name};
use crate::read::json;
use crate::read::object::Object;
use crate::read::problem::{Problem, ProblemKind};
use crate::text::source::Source;
use crate::text::span::{SourceId, Span};

/// Reads a JSON file; `None` if it is none.
pub(super) fn read_json(id: SourceId, source: &Source) -> Option<Input> {
    let text = source.text();
    if !json::claims(text) {
        return None;
    }
    if json::is_void(text) && file_name(source.path()).rsplit('.').next() == Some("json") {
        let problem = Problem::new(ProblemKind::EmptyFile, Span::file(id), "the file holds an empty list");
        return Some(Input::refused(id, "json", problem));
    }
    let of_others = |row: &&Settings| row.words.iter().all(|word| contains_word(text, word));
    let of_others: Vec<&Settings> = SETTINGS.iter().filter(of_others).collect();
    if !is_of_interest(text) && of_others.is_empty() && !contains_word(text, FORMAT_CLASS) {
        return Some(Input::ignored(id, "json", "nothing of ours in it"));
    }
    let (mut found, mut problems) = json::read(text, id, URLS_AND_METHODS);
    problems.extend(objects::take_out_formatting(&mut found));
    problems.extend(settings(&found, &of_others));
    Some(objects::take(id, "json", found, problems))
}

/// Settings that cmdlets other than those of Exchange give as objects.
struct Settings {
    /// Words that a file of them has.
    words: &'static [&'static str],
    /// Names that each of the objects has.
    names: &'static [&'static str],
    kind: ProblemKind,
    message: &'static str,
}

const SETTINGS: [Settings; 4] = [
    Settings {
        words: &["pschildname", "msexchange owa"],
        names: &["PSPath", "PSChildName"],
        kind: ProblemKind::RegistryAsObjects,
        message: "registry values as Get-ItemProperty gives them",
    },
    Settings {
        words: &["AllowProxyingWithoutSsl"],
        names: &["AllowProxyingWithoutSsl"],
        kind: ProblemKind::RegistryAsObjects,
        message: "registry values without their types",
    },
    Settings {
        words: &["bindinginformation"],
        names: &["bindingInformation"],
        kind: ProblemKind::IisAsObjects,
        message: "bindings as a cmdlet of IIS gives them",
    },
    Settings {
        words: &["webroot/apphost"],
        names: &["PSPath"],
        kind: ProblemKind::IisAsObjects,
        message: "IIS configuration as a cmdlet of IIS gives it",
    },
];

/// The first object of each kind that holds settings of the registry or of IIS.
fn settings(found: &[Object<'_>], rows: &[&Settings]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for object in found {
        let name = |wanted: &str| object.properties.iter().find(|it| it.name.is(wanted)).map(|it| it.name.span);
        let row = rows.iter().find(|row| row.names.iter().all(|it| name(it).is_some()));
        let Some((row, span)) = row.and_then(|row| Some((row, name(row.names[0])?))) else { continue };
        if problems.iter().all(|it| it.kind != row.kind) {
            problems.push(Problem::new(row.kind, span, row.message));
        }
    }
    problems
}
