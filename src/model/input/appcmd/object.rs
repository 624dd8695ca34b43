//! Objects that appcmd lists: sites, applications, virtual directories and pools, as lines or as XML.

use std::borrow::Cow;

use crate::model::binding::Binding;
use crate::model::site::{Listed, Listing};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::xml::Element;
use crate::text::scalar::{Scalar, Text};
use crate::text::span::{SourceId, Span};

const KINDS: [&str; 4] = ["SITE", "APP", "VDIR", "APPPOOL"];

/// What stands between the kind of an object and its name.
pub(super) const OPENS_NAME: &str = " \"";

/// Whether a line begins as one that lists an object.
pub(super) fn is_object(line: &str) -> bool {
    line.split_once(OPENS_NAME).is_some_and(|(kind, _)| KINDS.contains(&kind))
}

/// Takes a line such as `SITE "Default Web Site" (id:1,bindings:http/*:80:,state:Started)`; false if its form is another.
pub(super) fn take_line(id: SourceId, at: usize, line: &str, listing: &mut Listing) -> bool {
    let line = Scalar { text: Cow::Owned(line.to_owned()), span: Span::new(id, at, at + line.len()), verbatim: true };
    listed(&line).map(|object| listing.take(object)).is_some()
}

fn listed(line: &Text) -> Option<Listed> {
    let (kind, _) = line.text.split_once(" \"")?;
    let start = kind.len() + 2;
    let end = start + line.text[start..].find("\" (")?;
    let name = line.sub(start..end);
    let inside = end + 3..line.text.strip_suffix(')')?.len();
    if inside.is_empty() || name.text.is_empty() {
        return None;
    }
    let inside = line.sub(inside);
    let behind = |word: &str| inside.text.starts_with(word).then(|| inside.sub(word.len()..inside.text.len()));
    match kind {
        "SITE" => site(line, name, &inside),
        "APP" => Some(Listed::Application { path: name, pool: behind("applicationPool:")? }),
        "VDIR" => Some(Listed::Folder { path: name, physical_path: behind("physicalPath:")? }),
        _ => behind("MgdVersion:").map(|_| Listed::Pool { name }),
    }
}

/// Whether a site runs is not what its configuration says, so `state` is not looked at.
fn site(line: &Text, name: Text, inside: &Text) -> Option<Listed> {
    const BINDINGS: &str = ",bindings:";
    let id_end = inside.text.find(BINDINGS)?;
    let end = inside.text.rfind(",state:")?;
    let id = inside.text[..id_end].strip_prefix("id:")?;
    let is_id = !id.is_empty() && id.bytes().all(|it| it.is_ascii_digit());
    let id = inside.sub("id:".len()..id_end);
    let start = id_end + BINDINGS.len();
    let list = (is_id && start <= end).then(|| inside.sub(start..end))?;
    Some(Listed::Site { tag: line.span, name, id, bindings: bindings(&list)? })
}

/// `http/*:80:,https/*:443:`, where neither addresses nor host names hold a comma.
fn bindings(list: &Text) -> Option<Vec<Binding>> {
    let mut found = Vec::new();
    let mut at = 0;
    for part in list.text.split(',').filter(|_| !list.text.is_empty()) {
        let slash = part.find('/')?;
        let protocol = list.sub(at..at + slash);
        let information = list.sub(at + slash + 1..at + part.len());
        found.push(Binding { protocol, information });
        at += part.len() + 1;
    }
    Some(found)
}

/// Takes an element such as `<SITE SITE.NAME="…" SITE.ID="1" bindings="…" state="Started" />`.
pub(super) fn take_element(element: &Element<'_>, listing: &mut Listing) -> Option<Problem> {
    match from_element(element) {
        Some(object) => {
            listing.take(object);
            None
        }
        None => {
            let message = "this element of appcmd has a form that is not known";
            Some(Problem::new(ProblemKind::AppcmdLineUnread, element.name.span, message))
        }
    }
}

fn from_element(element: &Element<'_>) -> Option<Listed> {
    let text = |name: &str| element.attribute(name).map(|it| it.value.clone().into_owned());
    Some(match element.name.text.as_ref() {
        "SITE" => Listed::Site {
            tag: element.tag,
            name: text("SITE.NAME")?,
            id: text("SITE.ID")?,
            bindings: bindings(&text("bindings")?)?,
        },
        "APP" => Listed::Application { path: text("APP.NAME")?, pool: text("APPPOOL.NAME")? },
        "VDIR" => Listed::Folder { path: text("VDIR.NAME")?, physical_path: text("physicalPath")? },
        "APPPOOL" => Listed::Pool { name: text("APPPOOL.NAME")? },
        _ => return None,
    })
}
