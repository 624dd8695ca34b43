//! XML inputs: exported objects, and which of the others are IIS configurations, and of which kind.

use crate::model::attributes;
use crate::model::iis::{BROKEN, INVALID, Iis};
use crate::model::input::exports::{mentions_ours, read_clixml, read_convert_to_xml};
use crate::model::input::text::{file_name, read_text};
use crate::model::input::{Content, Input, Status};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::xml::{self, XmlDocument};
use crate::text::source::Source;
use crate::text::span::{SourceId, Span};

/// Reads an XML file: an IIS configuration, an export in a shape of its own, or something else.
pub(super) fn read_xml(id: SourceId, source: &Source) -> Input<'_> {
    let text = source.text();
    let (document, problems) = xml::read(text, id);
    let root = document.roots().next();
    let name = root.map_or("", |root| document.get(root).local_name());
    if problems.iter().any(|it| it.kind == ProblemKind::XmlDoctype) || root.is_none() {
        if looks_exported(text) && mentions_ours(text) {
            return Input::new(id, "clixml", Content::Nothing, problems);
        }
        let is_ours = looks_like_iis(text) || file_name(source.path()).contains("applicationhost");
        return match read_text(id, text) {
            other if other.status != Status::Ignored => other,
            _ if is_ours => Input::new(id, "iis-application-host", Content::Nothing, problems),
            _ => Input::ignored(id, "xml", "a document of another kind"),
        };
    }
    match name {
        "Objs" => read_clixml(id, &document, text, problems),
        "Objects" => read_convert_to_xml(id, &document, text, problems),
        _ if name.eq_ignore_ascii_case("configuration") => read_configuration(id, source, &document, problems),
        _ if PIECES.contains(&name) => {
            let message = format!("a piece of IIS configuration, `{name}`, without the file that it belongs to");
            let place = root.map_or(Span::file(id), |root| document.get(root).name.span);
            Input::refused(id, "iis-fragment", Problem::new(ProblemKind::IisUnplaced, place, message))
        }
        _ => read_text(id, text),
    }
}

/// Elements of an IIS configuration that people export or paste by themselves.
const PIECES: [&str; 17] = [
    "location",
    "site",
    "sites",
    "application",
    "applicationPools",
    "bindings",
    "system.webServer",
    "system.applicationHost",
    "security",
    "access",
    "ipSecurity",
    "httpRedirect",
    "handlers",
    "authentication",
    "windowsAuthentication",
    "anonymousAuthentication",
    "appcmd",
];

fn looks_exported(text: &str) -> bool {
    text.contains("<Objs") || text.contains("<Objects")
}

fn looks_like_iis(text: &str) -> bool {
    ["<configuration", "<location", "system.webServer", "system.applicationHost"].iter().any(|it| text.contains(it))
}

fn read_configuration<'t>(
    id: SourceId,
    source: &Source,
    document: &XmlDocument<'_>,
    mut problems: Vec<Problem>,
) -> Input<'t> {
    let Some(root) = document.roots().next() else { return Input::ignored(id, "xml", "an empty document") };
    if let Some(found) = redirection(document, root) {
        if found.is_empty() {
            return Input::ignored(id, "iis-redirection", "IIS reads its configuration from its own folder");
        }
        let place = found[0].span;
        problems.extend(found);
        return Input::new(id, "iis-redirection", Content::IisElsewhere(place), problems);
    }
    let name = file_name(source.path());
    let is_host = describes_host(document) || name.contains("applicationhost");
    let (mut iis, found) = Iis::from_xml(document, root);
    if !is_host && (name.ends_with("web.config") || !has_server_locations(document)) {
        return web_config(id, document, &iis, problems, name.ends_with("web.config"));
    }
    if let Some(reason) = set_aside(source.path()) {
        return Input::ignored(id, "iis-application-host", reason);
    }
    problems.extend(found);
    let root_name = &document.get(root).name;
    if let Some(second) = document.roots().nth(1) {
        let place = document.get(second).name.span;
        iis.unusable.get_or_insert((BROKEN, place));
        let message = "a second element stands behind the root";
        problems.push(Problem::new(ProblemKind::XmlNotWellFormed, place, message));
    }
    if root_name.text != "configuration" {
        let message = "element names are case-sensitive: the root is `configuration`";
        iis.unusable.get_or_insert((INVALID, root_name.span));
        problems.push(Problem::new(ProblemKind::IisInvalid, root_name.span, message));
    }
    if !is_host && iis.is_empty() && document.complete {
        return Input::ignored(id, "xml", "a configuration without IIS settings");
    }
    if iis.fragment && document.complete {
        let message = "the configuration has no configSections, so what it does not set is not taken as its default";
        problems.push(Problem::new(ProblemKind::IisFragment, root_name.span, message));
    }
    Input::new(id, "iis-application-host", Content::Iis(Box::new(iis)), problems)
}

/// `redirection.config`: a problem if it sends IIS elsewhere; `None` if the file is something else.
fn redirection(document: &XmlDocument<'_>, root: xml::ElementId) -> Option<Vec<Problem>> {
    let child = document.children(root).find(|it| document.get(*it).local_name() == "configurationRedirection")?;
    let attributes = &document.get(child).attributes;
    let elsewhere = attributes.iter().find(|it| it.name.is("enabled") && !it.value.is("false"));
    let message = "IIS reads its configuration from another folder";
    Some(elsewhere.map(|it| Problem::new(ProblemKind::IisRedirected, it.value.span, message)).into_iter().collect())
}

fn describes_host(document: &XmlDocument<'_>) -> bool {
    document.elements.iter().any(|element| {
        element.local_name() == "system.applicationHost"
            || (element.local_name() == "sectionGroup"
                && element.attribute("name").is_some_and(|it| it.value.text == "system.applicationHost"))
    })
}

/// Whether a configuration without a name to go by sets anything for a path below a site.
fn has_server_locations(document: &XmlDocument<'_>) -> bool {
    document.elements.iter().any(|element| {
        element.depth == 1
            && element.local_name() == "location"
            && element.attribute("path").is_some_and(|it| !matches!(it.value.text.as_ref(), "" | "."))
    })
}

fn web_config<'t>(
    id: SourceId,
    document: &XmlDocument<'_>,
    iis: &Iis,
    mut problems: Vec<Problem>,
    named: bool,
) -> Input<'t> {
    let section = document.elements.iter().enumerate().find(|(index, _)| decides(document, *index));
    if let Some((_, element)) = section {
        let message = format!("`{}` is set here, and nothing says for which path", element.local_name());
        problems.push(Problem::new(ProblemKind::IisUnplaced, element.name.span, message));
        return Input::new(id, "iis-web-config", Content::Nothing, problems);
    }
    if !document.complete && (named || !iis.is_empty()) {
        return Input::new(id, "iis-web-config", Content::Nothing, problems);
    }
    Input::ignored(id, "iis-web-config", "no section in it that a rule asks about")
}

/// Whether an element of a web.config sets something that decides about OWA, or hides whether it does.
fn decides(document: &XmlDocument<'_>, index: usize) -> bool {
    let element = &document.elements[index];
    let has = |name: &str| element.attributes.iter().any(|it| it.name.is(name));
    let mut path = element.local_name().to_ascii_lowercase();
    let mut parent = element.parent;
    while let Some(id) = parent {
        let name = document.get(id).local_name();
        if name.eq_ignore_ascii_case("configuration") || name.eq_ignore_ascii_case("location") {
            break;
        }
        path = format!("{}/{path}", name.to_ascii_lowercase());
        parent = document.get(id).parent;
    }
    if path.starts_with("system.webserver") && (has("configSource") || has("configProtectionProvider")) {
        return true;
    }
    let sections = attributes::ATTRIBUTES.iter().map(|row| row.section.to_ascii_lowercase());
    let below = |section: String| path.strip_prefix(&section).map(str::to_owned);
    sections.filter_map(below).any(|rest| match rest.as_str() {
        "" if path == attributes::HANDLERS.to_ascii_lowercase() => has("accessPolicy"),
        "" => !element.attributes.is_empty(),
        rest => rest.starts_with('/') && path.starts_with("system.webserver/security"),
    })
}

/// Copies that IIS keeps for itself are not the configuration that is in force.
fn set_aside(path: &str) -> Option<&'static str> {
    let mut folders = path.split('/').rev().skip(1);
    folders.find_map(|folder| {
        let lower = folder.to_ascii_lowercase();
        if lower.starts_with("cfghistory") {
            Some("a copy from the configuration history of IIS")
        } else if lower == "apppools" {
            Some("a copy that IIS makes for one application pool")
        } else {
            None
        }
    })
}
