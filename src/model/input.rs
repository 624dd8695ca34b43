//! Inputs: what each file of a snapshot is, told by its content, and what was read from it.

use std::collections::BTreeMap;

use crate::model::attributes;
use crate::model::iis::Iis;
use crate::model::setting::Setting;
use crate::model::vdir::{self, ObjectKind};
use crate::read::format_list::{self, ListObject};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::reg::{self, Operation, RegDocument};
use crate::read::xml::{self, XmlDocument};
use crate::text::decode::Encoding;
use crate::text::scalar::Text;
use crate::text::source::Source;
use crate::text::span::{SourceId, Span};

/// One file of the snapshot.
#[derive(Debug)]
pub struct Input<'t> {
    /// The source.
    pub source: SourceId,
    /// What kind of file it is: `format-list`, `iis-application-host`, `registry`, …
    pub format: &'static str,
    /// How much of it was used.
    pub status: Status,
    /// Why it was not read, or not wholly.
    pub reason: Option<String>,
    /// What was read.
    pub content: Content<'t>,
    /// What could not be read, or only with a reservation.
    pub problems: Vec<Problem>,
}

/// How much of a file was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// All of it.
    Read,
    /// It has problems inside.
    PartlyRead,
    /// It was recognised, and could not be used.
    Refused,
    /// It holds nothing of ours.
    Ignored,
}

impl Status {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Status::Read => "read",
            Status::PartlyRead => "partly-read",
            Status::Refused => "refused",
            Status::Ignored => "ignored",
        }
    }
}

/// What a file holds.
#[derive(Debug)]
pub enum Content<'t> {
    /// Exported objects.
    Objects(Vec<Exported<'t>>),
    /// An applicationHost.config, or a part of one.
    Iis(Box<Iis>),
    /// A registry export, and the server that it names.
    Registry(RegDocument<'t>, Option<Text>),
    /// Nothing that the model takes.
    Nothing,
}

/// One exported object of interest.
#[derive(Debug)]
pub struct Exported<'t> {
    /// What it is.
    pub kind: ObjectKind,
    /// The object as read.
    pub object: ListObject<'t>,
    /// Its properties by name in lower case.
    pub settings: BTreeMap<String, Setting>,
    /// The server that it names.
    pub server: Option<Text>,
}

impl<'t> Input<'t> {
    /// Recognises and reads a source.
    pub fn read(id: SourceId, source: &'t Source) -> Input<'t> {
        let mut input = recognise(id, source);
        if input.status != Status::Ignored {
            input.problems.extend(text_problems(id, source));
        }
        input.settle();
        input
    }

    /// A file that holds nothing of ours, and why.
    pub fn ignored(source: SourceId, format: &'static str, reason: impl Into<String>) -> Input<'t> {
        let reason = Some(reason.into());
        Input { source, format, status: Status::Ignored, reason, content: Content::Nothing, problems: Vec::new() }
    }

    fn new(source: SourceId, format: &'static str, content: Content<'t>, problems: Vec<Problem>) -> Input<'t> {
        Input { source, format, status: Status::Read, reason: None, content, problems }
    }

    fn refused(source: SourceId, format: &'static str, problem: Problem) -> Input<'t> {
        Input::new(source, format, Content::Nothing, vec![problem])
    }

    /// Sets the status by what was read and what was not.
    fn settle(&mut self) {
        self.problems.sort_by_key(|problem| (problem.span, problem.kind));
        self.problems.dedup();
        if self.status == Status::Ignored {
            return;
        }
        let faults: Vec<&Problem> =
            self.problems.iter().filter(|it| it.kind.row().severity == crate::finding::Severity::Error).collect();
        if let Some(first) = faults.first() {
            self.reason = Some(first.message.clone());
            self.status = if self.is_empty() { Status::Refused } else { Status::PartlyRead };
        }
    }

    fn is_empty(&self) -> bool {
        match &self.content {
            Content::Nothing => true,
            Content::Objects(objects) => objects.is_empty(),
            Content::Iis(iis) => iis.broken.is_some(),
            Content::Registry(document, _) => document.operations.is_empty(),
        }
    }
}

fn recognise(id: SourceId, source: &Source) -> Input<'_> {
    let text = source.text();
    if source.encoding() == Encoding::Utf32 {
        let problem = Problem::new(ProblemKind::UnsupportedEncoding, Span::file(id), "the file is UTF-32");
        return Input::refused(id, "unknown", problem);
    }
    if let Some(reason) = set_aside(source.path()) {
        return Input::ignored(id, "iis-application-host", reason);
    }
    if text.trim().is_empty() {
        return empty(id, source);
    }
    if reg::claims(text) {
        let (document, problems) = reg::read(text, id, source.encoding());
        let named = computer_name(&document);
        return Input::new(id, "registry", Content::Registry(document, named), problems);
    }
    if xml::claims(text) {
        return read_xml(id, source);
    }
    if let Some(problem) = other_shape(id, text) {
        return Input::refused(id, "other-export", problem);
    }
    read_list(id, text)
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

fn empty(id: SourceId, source: &Source) -> Input<'_> {
    let name = file_name(source.path());
    if [".reg", ".config"].iter().any(|ending| name.ends_with(ending)) {
        let problem = Problem::new(ProblemKind::EmptyFile, Span::file(id), "the file is empty");
        return Input::refused(id, "unknown", problem);
    }
    Input::ignored(id, "unknown", "the file is empty")
}

/// Problems of the text itself, whatever the format.
fn text_problems(id: SourceId, source: &Source) -> Vec<Problem> {
    let text = source.text();
    let mut problems = Vec::new();
    if source.encoding() == Encoding::Windows1252 {
        problems.push(Problem::new(
            ProblemKind::AssumedEncoding,
            Span::file(id),
            "not valid UTF-8: read as Windows-1252",
        ));
    }
    let at = |offset: usize, length: usize| Span::new(id, offset, offset + length);
    if let Some(offset) = source.is_damaged().then(|| text.find('\u{fffd}')).flatten() {
        let message = format!("bytes that mean nothing in {} begin here", source.encoding().name());
        problems.push(Problem::new(ProblemKind::UndecodableText, at(offset, 3), message));
    }
    if let Some(offset) = text.find('\0') {
        problems.push(Problem::new(ProblemKind::MixedEncoding, at(offset, 1), "NUL characters begin here"));
    } else if let Some(offset) = text.find('\u{feff}') {
        problems.push(Problem::new(
            ProblemKind::MixedEncoding,
            at(offset, 3),
            "a byte order mark stands in the middle",
        ));
    }
    problems
}

// ---- registry ---------------------------------------------------------------------------------------------------

/// The server that a registry export names: its computer name, else its host name in the TCP/IP parameters.
fn computer_name(document: &RegDocument<'_>) -> Option<Text> {
    let find = |key: &str, value: &str| {
        let mut open = false;
        let mut found = None;
        for operation in &document.operations {
            match operation {
                Operation::OpenKey(path) => open = path.path.text.to_ascii_lowercase().ends_with(key),
                Operation::DeleteKey(_) => open = false,
                Operation::SetValue { name, data: reg::Data::Text(text), .. } if open && name.name.is(value) => {
                    found = Some(text.clone().into_owned());
                }
                _ => {}
            }
        }
        found.filter(|text| !text.text.trim().is_empty())
    };
    find(r"\control\computername\computername", "ComputerName")
        .or_else(|| find(r"\services\tcpip\parameters", "Hostname"))
}

// ---- XML --------------------------------------------------------------------------------------------------------

fn read_xml(id: SourceId, source: &Source) -> Input<'_> {
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
    if let Some(problem) = redirection(document, root) {
        problems.extend(problem);
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
    let enabled = document.get(child).attribute("enabled").filter(|it| !it.value.is("false"))?;
    let message = "IIS reads its configuration from another folder";
    Some(vec![Problem::new(ProblemKind::IisRedirected, enabled.value.span, message)])
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

// ---- text -------------------------------------------------------------------------------------------------------

/// Shapes that hold settings of interest and that this version does not read.
fn other_shape(id: SourceId, text: &str) -> Option<Problem> {
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

fn read_list(id: SourceId, text: &str) -> Input<'_> {
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
                objects.push(Exported { kind, object, settings, server });
            }
        }
    }
    if objects.is_empty() && problems.is_empty() {
        return Input::ignored(id, "format-list", "no OWA virtual directory and no server in it");
    }
    Input::new(id, "format-list", Content::Objects(objects), problems)
}

fn mentions_vdirs(text: &str) -> bool {
    contains_word(text, "owavirtualdirectory")
        || contains_word(text, "owa-virtual-directory")
        || contains_word(text, "owaversion")
}

/// Whether a text holds a word, without regard to ASCII case.
fn contains_word(text: &str, word: &str) -> bool {
    let (first, rest) = (word.as_bytes()[0], &word.as_bytes()[1..]);
    let bytes = text.as_bytes();
    memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), bytes)
        .any(|at| bytes[at + 1..].len() >= rest.len() && bytes[at + 1..at + 1 + rest.len()].eq_ignore_ascii_case(rest))
}

fn file_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase()
}
