//! XML inputs: which of them are IIS configurations, and of which kind.

use crate::model::attributes;
use crate::model::iis::Iis;
use crate::model::input::text::{file_name, mentions_vdirs};
use crate::model::input::{Content, Input};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::xml::{self, XmlDocument};
use crate::text::source::Source;
use crate::text::span::{SourceId, Span};

/// Reads an XML file: an IIS configuration, an export in a shape of its own, or something else.
pub(super) fn read_xml(id: SourceId, source: &Source) -> Input<'_> {
    let text = source.text();
    let (document, problems) = xml::read(text, id);
    if problems.iter().any(|it| it.kind == ProblemKind::XmlDoctype) {
        return if text.contains("<configuration") {
            Input::new(id, "iis-application-host", Content::Nothing, problems)
        } else {
            Input::ignored(id, "xml", "a document of another kind")
        };
    }
    let Some(root) = document.roots().next() else {
        return if looks_like_iis(text) {
            Input::new(id, "iis-application-host", Content::Nothing, problems)
        } else {
            Input::ignored(id, "xml", "XML of another kind")
        };
    };
    let name = document.get(root).local_name();
    match name {
        "Objs" => other_xml(id, &document, text, "clixml"),
        "Objects" => other_xml(id, &document, text, "convertto-xml"),
        _ if name.eq_ignore_ascii_case("configuration") => read_configuration(id, source, &document, problems),
        "location" | "site" | "sites" | "system.webServer" | "system.applicationHost" => {
            let message = format!("a piece of IIS configuration, `{name}`, without the file that it belongs to");
            Input::refused(
                id,
                "iis-fragment",
                Problem::new(ProblemKind::IisUnplaced, document.get(root).name.span, message),
            )
        }
        _ => Input::ignored(id, "xml", "XML of another kind"),
    }
}

fn other_xml<'t>(id: SourceId, document: &XmlDocument<'_>, text: &str, format: &'static str) -> Input<'t> {
    if !mentions_vdirs(text) {
        return Input::ignored(id, format, "no OWA virtual directory in it");
    }
    let place = document.roots().next().map_or(Span::file(id), |root| document.get(root).name.span);
    let message = format!("virtual directories as {format} are not read by this version");
    Input::refused(id, format, Problem::new(ProblemKind::ShapeNotRead, place, message))
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
    let Some(root) = document.roots().next() else { return Input::ignored(id, "xml", "XML of another kind") };
    if let Some(found) = redirection(document, root) {
        if found.is_empty() {
            return Input::ignored(id, "iis-redirection", "IIS reads its configuration from its own folder");
        }
        problems.extend(found);
        return Input::new(id, "iis-redirection", Content::Nothing, problems);
    }
    let name = file_name(source.path());
    let is_host = describes_host(document) || name.contains("applicationhost");
    let (iis, found) = Iis::from_xml(document, root);
    if !is_host && (name.ends_with("web.config") || !has_server_locations(document)) {
        return web_config(id, document, &iis, problems, name.ends_with("web.config"));
    }
    problems.extend(found);
    let root_name = &document.get(root).name;
    if root_name.text != "configuration" {
        let message = "element names are case-sensitive: the root is `configuration`";
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
    let elsewhere = document.get(child).attribute("enabled").filter(|it| !it.value.is("false"));
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
    let section = document
        .elements
        .iter()
        .enumerate()
        .find(|(index, element)| !element.attributes.is_empty() && is_known_section(document, *index));
    if let Some((_, element)) = section {
        let message = format!("`{}` is set here, and it was not told for which path", element.local_name());
        problems.push(Problem::new(ProblemKind::IisUnplaced, element.name.span, message));
        return Input::new(id, "iis-web-config", Content::Nothing, problems);
    }
    if !document.complete && (named || !iis.is_empty()) {
        return Input::new(id, "iis-web-config", Content::Nothing, problems);
    }
    Input::ignored(id, "iis-web-config", "no section in it that a rule asks about")
}

fn is_known_section(document: &XmlDocument<'_>, index: usize) -> bool {
    let mut path = document.elements[index].local_name().to_owned();
    let mut parent = document.elements[index].parent;
    while let Some(id) = parent {
        let element = document.get(id);
        if matches!(element.local_name(), "configuration" | "location") {
            break;
        }
        path = format!("{}/{path}", element.local_name());
        parent = element.parent;
    }
    attributes::ATTRIBUTES.iter().any(|row| row.section == path)
}
