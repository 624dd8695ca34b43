//! Registry inputs that are no .reg files: what `reg query` and Get-ItemProperty print, and what is refused.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::model::input::{Content, Input, Status};
use crate::model::registry::{COMPUTER_NAME, HOST_NAME, OWA_KEY, Registry};
use crate::read::object::{Object, Property, Value};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::reg::{self, Operation, RegDocument};
use crate::read::reg_item::{ADDED, Item, is_registry_path};
use crate::read::{reg_item, reg_query};
use crate::text::scalar::{Scalar, Text};
use crate::text::span::{SourceId, Span};

/// Adds the output of `reg query` to what else was read from a text.
pub(super) fn with_queries(id: SourceId, text: &str, input: Input) -> Input {
    let Some(place) = reg_query::claims(text, id) else { return input };
    if !matches!(input.content, Content::Nothing) {
        return beside(input, place);
    }
    let (document, mut problems) = reg_query::read(text, id);
    if input.status != Status::Ignored {
        problems.extend(input.problems);
    }
    registry(id, "registry-query", document, problems)
}

/// Adds keys that Get-ItemProperty printed to what else was read from a list.
pub(super) fn with_items(id: SourceId, items: Vec<Item<'_>>, input: Input) -> Input {
    let Some(place) = items.first().map(|item| item.place) else { return input };
    if !matches!(input.content, Content::Nothing) {
        return beside(input, place);
    }
    let (document, mut problems) = reg_item::read(items);
    problems.extend(input.problems);
    registry(id, "registry-item", document, problems)
}

/// A registry export, and the server that it names.
pub(super) fn registry(id: SourceId, format: &'static str, document: RegDocument<'_>, problems: Vec<Problem>) -> Input {
    let asked = document.computer.clone().map(Scalar::into_owned);
    let named = computer_name(&document).or(asked);
    Input::new(id, format, Content::Registry(document.into_owned(), named), problems)
}

/// Says in the file that holds it that the key of OWA stands in a control set of which it is not known whether it counts.
pub(crate) fn report_control_set(inputs: &mut [Input], registry: &Registry) {
    let Some(key) = registry.in_unknown_control_set(OWA_KEY) else { return };
    if let Some(input) = inputs.iter_mut().find(|input| input.source == key.line.source) {
        let message = "nothing says whether this control set is the one in use, so its values were not used";
        input.problems.push(Problem::new(ProblemKind::RegControlSetUnknown, key.line, message));
    }
}

fn beside(mut input: Input, place: Span) -> Input {
    let message = "this registry output stands beside other output in one file, and was not read";
    input.problems.push(Problem::new(ProblemKind::RegBesideObjects, place, message));
    input
}

/// The key that an object of a list shows, if it comes from the registry provider.
pub(super) fn item<'t>(object: &Object<'t>) -> Option<Item<'t>> {
    let find = |name: &str| object.properties.iter().find(|property| property.name.is(name));
    let path = find("PSPath")?;
    let provider = find("PSProvider").and_then(text_of).is_some_and(|it| it.text.ends_with("\\Registry"));
    let written = text_of(path);
    if !provider && !written.is_some_and(|it| is_registry_path(&it.text)) {
        return None;
    }
    let is_added = |property: &&Property<'t>| ADDED.iter().any(|name| property.name.is(name));
    let values = object.properties.iter().filter(|property| !is_added(property));
    Some(Item {
        path: written.filter(|_| !path.reconstructed).cloned(),
        place: path.value.span(),
        computer: find("PSComputerName").and_then(text_of).cloned(),
        is_whole: object.command.as_ref().is_some_and(|command| shows_all(&command.text)),
        values: values.map(|it| (it.name.clone(), shown(it), it.value.span())).collect(),
    })
}

fn text_of<'p, 't>(property: &'p Property<'t>) -> Option<&'p Scalar<'t>> {
    match &property.value {
        Value::Text(text) | Value::Number(text) => Some(text),
        Value::List(list) => Some(&list.text),
        Value::Empty(_) | Value::Unreadable(_) | Value::Record(_) => None,
    }
}

fn shown<'t>(property: &Property<'t>) -> Option<Scalar<'t>> {
    match &property.value {
        Value::Empty(span) => Some(Scalar::rewritten("", *span)),
        _ => text_of(property).cloned().filter(|_| !property.reconstructed),
    }
}

/// Whether a command prints all values of a key: Get-ItemProperty with a path and no choice, and no choice behind it.
fn shows_all(command: &str) -> bool {
    let lower = command.to_ascii_lowercase();
    let mut stages = lower.split('|').map(str::trim);
    let first = stages.next().unwrap_or_default();
    let Some((name, arguments)) = first.split_once(' ') else { return false };
    let path = arguments.trim_start();
    let path =
        ["-literalpath ", "-pspath ", "-path "].iter().find_map(|it| path.strip_prefix(it)).unwrap_or(path).trim();
    let is_one = match path.chars().next() {
        Some(quote @ ('"' | '\'')) => path.len() > 1 && path[1..].find(quote) == Some(path.len() - 2),
        _ => !path.is_empty() && !path.contains([' ', ';', ',']),
    };
    let is_plain = |stage: &str| {
        matches!(stage, "fl" | "fl *" | "format-list" | "format-list *" | "format-list -property *")
            || stage.starts_with("out-file")
    };
    matches!(name, "get-itemproperty" | "gp") && is_one && !path.contains(['*', '?']) && stages.all(is_plain)
}

/// Registry exports that are recognised and refused.
pub(super) fn refused(id: SourceId, text: &str) -> Option<Input> {
    // A hive begins with `regf`; where its bytes look like UTF-16, that is two other characters.
    if (text.starts_with("regf") && text.contains('\0')) || text.starts_with("\u{6572}\u{6667}") {
        let message = "this is a registry hive, which is binary and was not read";
        return Some(Input::refused(id, "registry", Problem::new(ProblemKind::RegHive, Span::file(id), message)));
    }
    let start = text_export(text)?;
    let message = "this version does not read what regedit exports as a text file";
    let place = Span::new(id, start, start + "Key Name:".len());
    Some(Input::refused(id, "registry", Problem::new(ProblemKind::RegTextExport, place, message)))
}

/// Where regedit's text format names its first key: above the class and the time of the last change.
fn text_export(text: &str) -> Option<usize> {
    static NAME: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("Key Name:"));
    NAME.find(text.as_bytes())?;
    let mut at = 0;
    let mut found = None;
    for line in text.split_inclusive(['\n', '\r']) {
        if found.is_some() && (line.starts_with("Class Name:") || line.starts_with("Last Write Time:")) {
            return found;
        }
        if line.starts_with("Key Name:") {
            found = Some(at);
        } else if !line.trim().is_empty() {
            found = None;
        }
        at += line.len();
    }
    None
}

/// The server that a registry export names: its computer name, else its host name in the TCP/IP parameters.
fn computer_name(document: &RegDocument<'_>) -> Option<Text> {
    let find = |key: &str, value: &str| {
        let mut open = false;
        let mut found = None;
        for operation in &document.operations {
            match operation {
                Operation::OpenKey(path) | Operation::ShowKey { path, .. } => {
                    open = path.path.text.to_ascii_lowercase().ends_with(key);
                }
                Operation::DeleteKey(_) => open = false,
                Operation::SetValue { name, data: reg::Data::Text(text) | reg::Data::Untyped(Some(text)), .. }
                    if open && name.name.is(value) =>
                {
                    found = Some(text.clone().into_owned());
                }
                _ => {}
            }
        }
        found.filter(|text| !text.text.trim().is_empty())
    };
    find(COMPUTER_NAME, "ComputerName").or_else(|| find(HOST_NAME, "Hostname"))
}
