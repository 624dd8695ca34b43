//! Exports of PowerShell as XML: what is ours in them, and what is to be exported in another way.

use std::collections::BTreeMap;

use crate::model::input::objects::{Told, take_told};
use crate::model::input::text::{contains_word, mentions_vdirs};
use crate::model::input::{Content, Input, Status};
use crate::model::vdir::ObjectKind;
use crate::read::object::{Object, Value};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::xml::XmlDocument;
use crate::read::xml_objects::{Exports, clixml, convert_to_xml};
use crate::text::span::{SourceId, Span};

/// Reads a file that `Export-Clixml` wrote.
pub(super) fn read_clixml<'t>(
    id: SourceId,
    document: &XmlDocument<'t>,
    text: &'t str,
    problems: Vec<Problem>,
) -> Input {
    take(id, text, "clixml", clixml::read(document, text), problems)
}

/// Reads a file that `ConvertTo-Xml` wrote.
pub(super) fn read_convert_to_xml<'t>(
    id: SourceId,
    document: &XmlDocument<'t>,
    text: &'t str,
    problems: Vec<Problem>,
) -> Input {
    take(id, text, "convertto-xml", convert_to_xml::read(document, text), problems)
}

/// Whether an export that could not be read as a whole may be about settings of ours.
pub(super) fn mentions_ours(text: &str) -> bool {
    const WORDS: [&str; 4] = ["internalurl", "exchangeserver", "clientaccessserver", "ecpvirtualdirectory"];
    mentions_vdirs(text) || WORDS.iter().any(|word| contains_word(text, word))
}

fn take(
    id: SourceId,
    text: &str,
    format: &'static str,
    (exports, mut found): (Exports<'_>, Vec<Problem>),
    mut problems: Vec<Problem>,
) -> Input {
    let Exports { objects: exported, errors, inner_types } = exports;
    let exported: Vec<Told> = exported.into_iter().map(Told::of).collect();
    let is_ours = exported.iter().any(|it| it.kind != ObjectKind::Other) || mentions_ours(text);
    let mut elsewhere: Vec<Problem> = exported.iter().find_map(|it| other_export(&it.object)).into_iter().collect();
    let ours_inside = inner_types.iter().find(|it| is_type_of_ours(&it.text));
    elsewhere.extend(ours_inside.map(|it| {
        let message = "an object of this type stands inside of another, and was not read";
        Problem::new(ProblemKind::ObjectInside, it.span, message)
    }));
    if is_ours || exported.is_empty() {
        elsewhere.extend(errors.into_iter().map(|span| {
            Problem::new(ProblemKind::ExportFailed, span, "an error was exported here in place of an object")
        }));
    }
    // A file that broke off before it named a type may have been an export of ours.
    let may_be_ours = !problems.is_empty() && exported.iter().all(|it| it.object.types.is_empty());
    if !is_ours && !may_be_ours && elsewhere.is_empty() {
        return Input::ignored(id, format, ignored_reason(&exported));
    }
    problems.append(&mut found);
    problems.append(&mut elsewhere);
    bound(&mut problems);
    let input = take_told(id, format, exported, problems);
    if input.status == Status::Ignored && mentions_vdirs(text) {
        let place = Span::file(id);
        let message = "OWA virtual directories are mentioned, and none could be read as an object";
        return Input::new(id, format, Content::Nothing, vec![Problem::new(ProblemKind::ShapeNotRead, place, message)]);
    }
    input
}

/// Keeps the first problems of each kind, and says of the last of them how many more there are.
fn bound(problems: &mut Vec<Problem>) {
    const MOST: usize = 100;
    let mut kept: BTreeMap<ProblemKind, (usize, usize)> = BTreeMap::new();
    let mut bounded: Vec<Problem> = Vec::new();
    for problem in problems.drain(..) {
        let (count, last) = kept.entry(problem.kind).or_default();
        *count += 1;
        if *count <= MOST {
            *last = bounded.len();
            bounded.push(problem);
        }
    }
    for (count, last) in kept.into_values().filter(|(count, _)| *count > MOST) {
        let message = &mut bounded[last].message;
        *message = format!("{message}, and {} more problems of this kind follow", count - MOST);
    }
    *problems = bounded;
}

fn ignored_reason(exported: &[Told<'_>]) -> &'static str {
    if exported.iter().any(|it| provider_path(&it.object).is_some_and(|path| path.contains("registry::"))) {
        "registry values of a key that is not asked about"
    } else {
        "no OWA virtual directory and no server in it"
    }
}

/// Whether objects of a type are read where they stand by themselves.
fn is_type_of_ours(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    ["ADOwaVirtualDirectory", "ADEcpVirtualDirectory", "ExchangeServer", "ClientAccessServer"].contains(&last)
}

/// The path of the provider that gave an object, in lower case.
fn provider_path(object: &Object<'_>) -> Option<String> {
    let property = object.properties.iter().find(|it| it.name.is("PSPath"))?;
    match &property.value {
        Value::Text(text) => Some(text.text.to_lowercase()),
        _ => None,
    }
}

/// That an object is one of another export which matters and is not read in this shape.
fn other_export(object: &Object<'_>) -> Option<Problem> {
    let path = provider_path(object).unwrap_or_default();
    let full_type = object.types.first().map_or("", |it| it.text.as_ref());
    let full_type = full_type.strip_prefix("Deserialized.").unwrap_or(full_type);
    let place = object.properties.first().map_or(object.span, |it| it.name.span);
    let is_registry = path.contains("registry::") || full_type == "Microsoft.Win32.RegistryKey";
    let problem = |kind, message| Some(Problem::new(kind, place, message));
    if is_registry && names_owa_key(object) {
        problem(ProblemKind::RegistryAsObjects, "registry values of OWA stand here as an object")
    } else if full_type.starts_with("Microsoft.IIs.PowerShell.") || path.contains("machine/webroot") {
        problem(ProblemKind::IisAsObjects, "a setting of IIS stands here as an object")
    } else if full_type.starts_with("Microsoft.PowerShell.Commands.Internal.Format.") {
        problem(ProblemKind::ShapeNotRead, "what Format-List prints was exported here, and not the object")
    } else {
        None
    }
}

fn names_owa_key(object: &Object<'_>) -> bool {
    let is_path = |name: &str| name.eq_ignore_ascii_case("PSPath") || name.eq_ignore_ascii_case("Name");
    object.properties.iter().filter(|it| is_path(&it.name.text)).any(|it| match &it.value {
        Value::Text(text) => text.text.to_lowercase().contains("msexchange owa"),
        _ => false,
    })
}
