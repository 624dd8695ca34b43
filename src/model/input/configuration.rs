//! XML inputs: exported objects, and which of the others are IIS configurations, and of which kind.

use crate::model::iis::{BROKEN, INVALID, Iis, PASSED, Piece, WebConfig};
use crate::model::input::appcmd::read_appcmd_xml;
use crate::model::input::exports::{mentions_ours, read_clixml, read_convert_to_xml};
use crate::model::input::text::{file_name, read_text};
use crate::model::input::{Content, Input, Status};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::reg::Wanted;
use crate::read::xml::{self, Element, ElementId, Passed, XmlDocument};
use crate::text::source::Source;
use crate::text::span::{SourceId, Span};

/// Reads an XML file: an IIS configuration, an export in a shape of its own, or something else.
/// Of a configuration everything is kept where everything is wanted of registry files.
pub(super) fn read_xml(id: SourceId, source: &Source, wanted: &Wanted) -> Input {
    let text = source.text();
    let passed = if wanted.is_all() { &Passed::NOTHING } else { &PASSED };
    let (document, problems) = xml::read_without(text, id, passed);
    let root = document.roots().next();
    let name = root.map_or("", |root| document.get(root).local_name());
    if problems.iter().any(|it| it.kind == ProblemKind::XmlDoctype) || root.is_none() {
        if looks_exported(text) && mentions_ours(text) {
            return Input::new(id, "clixml", Content::Nothing, problems);
        }
        let is_ours = looks_like_iis(text) && !file_name(source.path()).ends_with(WEB_CONFIG);
        return match read_text(id, text) {
            other if !other.is_empty() => other,
            _ if is_ours => Input::new(id, "iis-application-host", Content::Nothing, problems),
            other if other.status != Status::Ignored => other,
            _ => Input::ignored(id, "xml", "a document of another kind"),
        };
    }
    match name {
        "Objs" => read_clixml(id, &document, text, problems),
        "Objects" => read_convert_to_xml(id, &document, text, problems),
        "appcmd" => {
            let place = root.map_or(Span::file(id), |root| document.get(root).name.span);
            read_appcmd_xml(id, text, place)
        }
        _ if name.eq_ignore_ascii_case("configuration") => read_configuration(id, source, &document, problems),
        _ if document.roots().all(|it| is_host_part(document.get(it))) => read_parts(id, source, &document, problems),
        _ if PIECES.contains(&name) => read_piece(id, &document, problems),
        _ => read_text(id, text),
    }
}

/// What the name of a web.config ends in.
const WEB_CONFIG: &str = "web.config";

/// A file of which nothing was read: by its name it may be a configuration that IIS would try to load all the same.
pub(super) fn named(input: Input, source: &Source) -> Input {
    let (id, name) = (input.source, file_name(source.path()));
    let is_web = name.ends_with(WEB_CONFIG);
    if !(is_web || name.ends_with("applicationhost.config")) || set_aside(source.path()).is_some() {
        return input;
    }
    let is_xml = xml::claims(source.text());
    let (document, mut problems) = if is_xml { xml::read(source.text(), id) } else { Default::default() };
    match document.roots().next().map(|root| &document.get(root).name) {
        Some(root) if root.is("configuration") => return input,
        Some(root) => {
            let message = "by its name this is a configuration of IIS, and the root of one is `configuration`";
            problems.push(Problem::new(ProblemKind::IisInvalid, root.span, message));
        }
        None if problems.is_empty() && input.problems.is_empty() => {
            let message = "by its name this is a configuration of IIS, and it is no XML";
            problems.push(Problem::new(ProblemKind::XmlNotWellFormed, Span::file(id), message));
        }
        None if problems.is_empty() => problems = input.problems,
        None => {}
    }
    if is_web {
        let config = WebConfig::unread(id, "is none that can be read");
        return Input::new(id, "iis-web-config", Content::WebConfig(Box::new(config)), problems);
    }
    Input::new(id, "iis-application-host", Content::Nothing, problems)
}

/// An element that can only stand in applicationHost.config, and that says by itself what it is about.
fn is_host_part(element: &Element<'_>) -> bool {
    match element.local_name() {
        "location" => element.attribute("path").is_some_and(|it| !matches!(it.value.text.trim(), "" | ".")),
        name => ["system.applicationHost", "sites", "site", "applicationPools"].contains(&name),
    }
}

/// Parts of an applicationHost.config that were cut out of it.
fn read_parts(id: SourceId, source: &Source, document: &XmlDocument<'_>, mut problems: Vec<Problem>) -> Input {
    let Some(root) = document.roots().next() else { return Input::ignored(id, "xml", "an empty document") };
    if let Some(reason) = set_aside(source.path()) {
        return Input::ignored(id, "iis-application-host", reason);
    }
    if is_transform(document) {
        return transform(id, document);
    }
    let (iis, found) = Iis::from_parts(document, root);
    problems.extend(found);
    if document.complete {
        let message = "a part of an applicationHost.config, so what it does not set is not taken as its default";
        problems.push(Problem::new(ProblemKind::IisFragment, document.get(root).name.span, message));
    }
    Input::new(id, "iis-application-host", Content::Iis(Box::new(iis)), problems)
}

/// A section by itself: of use only to a web.config that keeps it in this file.
fn read_piece(id: SourceId, document: &XmlDocument<'_>, mut problems: Vec<Problem>) -> Input {
    let Some(root) = document.roots().next() else { return Input::ignored(id, "xml", "an empty document") };
    let name = &document.get(root).name;
    let message = format!("a piece of IIS configuration, `{}`, without the file that it belongs to", name.text);
    problems.push(Problem::new(ProblemKind::IisUnplaced, name.span, message));
    Input::new(id, "iis-fragment", Content::Piece(Box::new(Piece::from_xml(document, root))), problems)
}

/// Whether a document says how a configuration is to be changed when it is deployed, and is none by itself.
fn is_transform(document: &XmlDocument<'_>) -> bool {
    let mut attributes = document.elements.iter().flat_map(|it| &it.attributes);
    attributes.any(|it| matches!(it.name.text.as_ref(), "xdt:Transform" | "xdt:Locator"))
}

fn transform(id: SourceId, document: &XmlDocument<'_>) -> Input {
    let mut attributes = document.elements.iter().flat_map(|it| &it.attributes);
    let place = attributes.find(|it| it.name.text.starts_with("xdt:")).map_or(Span::file(id), |it| it.name.span);
    let message = "this says how a configuration is to be changed when it is deployed, and is none by itself";
    Input::refused(id, "iis-transformation", Problem::new(ProblemKind::IisUnplaced, place, message))
}

/// Elements of an IIS configuration that people export or paste by themselves.
const PIECES: [&str; 19] = [
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
    "basicAuthentication",
    "digestAuthentication",
    "providers",
];

fn looks_exported(text: &str) -> bool {
    text.contains("<Objs") || text.contains("<Objects")
}

fn looks_like_iis(text: &str) -> bool {
    ["<configuration", "<location", "system.webServer", "system.applicationHost"].iter().any(|it| text.contains(it))
}

fn read_configuration(id: SourceId, source: &Source, document: &XmlDocument<'_>, mut problems: Vec<Problem>) -> Input {
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
    if !is_host && (name.ends_with(WEB_CONFIG) || !has_server_locations(document)) {
        return web_config(id, document, root, problems, name.ends_with(WEB_CONFIG));
    }
    if is_transform(document) {
        return transform(id, document);
    }
    let (mut iis, found) = Iis::from_xml(document, root);
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
fn redirection(document: &XmlDocument<'_>, root: ElementId) -> Option<Vec<Problem>> {
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

/// A web.config; one that is named otherwise is one only if it says something.
fn web_config(
    id: SourceId,
    document: &XmlDocument<'_>,
    root: ElementId,
    mut problems: Vec<Problem>,
    named: bool,
) -> Input {
    let (config, found) = WebConfig::from_xml(document, root);
    if is_transform(document) {
        return match config.decider() {
            Some(_) => transform(id, document),
            None => Input::ignored(id, "iis-transformation", NOTHING_OF_OURS),
        };
    }
    if !named && config.decider().is_none() && document.complete {
        return Input::ignored(id, "iis-web-config", NOTHING_OF_OURS);
    }
    problems.extend(found);
    Input::new(id, "iis-web-config", Content::WebConfig(Box::new(config)), problems)
}

/// Why a configuration is not looked at.
pub const NOTHING_OF_OURS: &str = "no section in it that a rule asks about";

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
