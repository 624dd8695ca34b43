//! Exported objects of every shape: which of them are of interest, and what is to be said of them.

use crate::finding::Severity;
use crate::model::input::names::FORMAT_CLASS;
use crate::model::input::{Content, Exported, Input};
use crate::model::place;
use crate::model::setting::{MAX_ITEMS, Settings};
use crate::model::vdir::{self, ObjectKind};
use crate::read::object::{Object, Shape};
use crate::read::problem::{Problem, ProblemKind};
use crate::text::span::SourceId;

/// Takes out the objects that Format- cmdlets make for the screen; gives the problem of the first.
pub(super) fn take_out_formatting(found: &mut Vec<Object<'_>>) -> Option<Problem> {
    let is_format =
        |object: &Object<'_>| object.properties.iter().find(|it| it.name.is(FORMAT_CLASS)).map(|it| it.name.span);
    let span = found.iter().find_map(is_format)?;
    found.retain(|object| is_format(object).is_none());
    let message = "these are the objects that a Format- cmdlet makes for the screen";
    Some(Problem::new(ProblemKind::FormatObjects, span, message))
}

/// An object, what it is, and its settings if it is of interest.
pub(super) struct Told<'t> {
    pub(super) object: Object<'t>,
    pub(super) kind: ObjectKind,
    settings: Settings,
}

impl<'t> Told<'t> {
    pub(super) fn of(object: Object<'t>) -> Told<'t> {
        let settings = vdir::settings_of(&object);
        let kind = vdir::kind_of(&object, &settings);
        let settings = if kind == ObjectKind::Other { Settings::new() } else { settings };
        Told { object, kind, settings }
    }
}

/// The input that a file of exported objects is; objects that are nothing of ours are left out.
pub(super) fn take(id: SourceId, format: &'static str, found: Vec<Object<'_>>, problems: Vec<Problem>) -> Input {
    take_told(id, format, found.into_iter().map(Told::of), problems)
}

/// The same of objects whose kind is told already.
pub(super) fn take_told<'t>(
    id: SourceId,
    format: &'static str,
    found: impl IntoIterator<Item = Told<'t>>,
    mut problems: Vec<Problem>,
) -> Input {
    let mut objects = Vec::new();
    for Told { object, kind, settings } in found {
        match kind {
            ObjectKind::Other => {}
            ObjectKind::Unknown => {
                let first = object.properties.first().filter(|_| object.shape != Shape::Csv);
                let span = first.map_or(object.span, |property| property.name.span);
                let message = "an object with URLs says neither its name nor its class";
                problems.push(Problem::new(ProblemKind::ListObjectUnknown, span, message));
            }
            kind => objects.push(exported(kind, &object, settings, &mut problems)),
        }
    }
    let is_fault = |problem: &Problem| problem.kind.row().severity == Severity::Error;
    if objects.is_empty() && !problems.iter().any(is_fault) {
        return Input::ignored(id, format, "no OWA virtual directory and no server in it");
    }
    Input::new(id, format, Content::Objects(objects), problems)
}

fn exported(kind: ObjectKind, object: &Object<'_>, settings: Settings, problems: &mut Vec<Problem>) -> Exported {
    let span = object.span;
    if settings.values().any(|it| it.field.is_over_limit()) {
        problems.extend(lists_over_limit(object, &settings));
    }
    if kind == ObjectKind::Server {
        let server = vdir::known(&settings, "name").or_else(|| vdir::known(&settings, "fqdn")).cloned();
        return Exported { kind, span, settings, server };
    }
    if let Some(metabase) = vdir::known(&settings, "metabasepath").filter(|it| place::parse(it).is_none()) {
        let message = "this is not of the form `IIS://server/W3SVC/id/ROOT/path`";
        problems.push(Problem::new(ProblemKind::VdirPlaceUnreadable, metabase.span, message));
    }
    let server = vdir::server_of(&settings);
    Exported { kind, span, settings, server }
}

fn lists_over_limit(object: &Object<'_>, settings: &Settings) -> Vec<Problem> {
    let is_over_limit =
        |name: &str| settings.get(name.to_ascii_lowercase().as_str()).is_some_and(|it| it.field.is_over_limit());
    let message = format!("this list has more than {MAX_ITEMS} items, so the rest was not read");
    let over_limit = object.properties.iter().filter(|it| is_over_limit(&it.name.text));
    over_limit.map(|it| Problem::new(ProblemKind::TooManyItems, it.name.span, message.clone())).collect()
}
