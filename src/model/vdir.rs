//! Virtual directories: which objects of an export are OWA virtual directories, whose they are, and what they say.

use std::collections::BTreeMap;

use crate::model::place;
use crate::model::setting::{Content, Field, Setting, Settings};
use crate::model::version::Version;
use crate::model::words::held_name;
use crate::read::object::{Object, Shape};
use crate::text::scalar::Text;
use crate::text::span::Span;

/// One OWA virtual directory.
#[derive(Debug, Clone)]
pub struct Vdir {
    /// The identity as reports show it: `CAS2\owa (Default Web Site)`.
    pub identity: String,
    /// The properties by name in lower case.
    pub settings: Settings,
    /// Where the object is introduced: the value of `Identity`, `Name` or `Server`, or its first label.
    pub place: Span,
    /// The whole object, to which a missing property can be pinned.
    pub object: Span,
}

/// What an object of an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectKind {
    /// An OWA virtual directory.
    Vdir,
    /// A virtual directory of the Exchange Control Panel, from `Get-EcpVirtualDirectory`.
    Ecp,
    /// A server, from `Get-ExchangeServer` or `Get-ClientAccessServer`.
    Server,
    /// Something else, or nothing of interest.
    Other,
    /// A virtual directory of some kind, and nothing in it says of which.
    Unknown,
}

/// Properties whose difference between two exports says nothing about the configuration: dates are printed as the
/// exporting machine prints them, and another domain controller may have answered.
const VOLATILE: [&str; 9] = [
    "runspaceid",
    "pscomputername",
    "psshowcomputername",
    "originatingserver",
    "objectstate",
    "whenchanged",
    "whenchangedutc",
    "whencreated",
    "whencreatedutc",
];

impl Vdir {
    /// The virtual directory that an exported object is; `server` is its server's name for lack of an identity.
    pub fn new(settings: Settings, object: Span, server: &str) -> Vdir {
        let place = ["identity", "name", "server", "internalurl"]
            .iter()
            .find_map(|name| settings.get(*name))
            .map_or(object, |setting| setting.field.span());
        let identity = identity_of(&settings, server);
        Vdir { identity, settings, place, object }
    }

    /// The property with this name, in any case.
    pub fn get(&self, name: &str) -> Option<&Setting> {
        self.settings.get(name.to_ascii_lowercase().as_str())
    }

    /// The text of a property, if it is known.
    pub fn text(&self, name: &str) -> Option<&Text> {
        known(&self.settings, name)
    }

    /// What is behind the last backslash of the identity, in lower case: the same for one virtual directory in all
    /// of its exports.
    pub fn key(&self) -> String {
        self.identity.rsplit('\\').next().unwrap_or_default().to_lowercase()
    }

    /// Takes in another export of the same virtual directory; gives the properties in which the two differ,
    /// with the places of both values.
    pub fn merge(&mut self, other: Vdir) -> Vec<(String, Span, Span)> {
        let mut differing = Vec::new();
        for (key, setting) in other.settings {
            let Some(mine) = self.settings.get_mut(&key) else {
                self.settings.insert(key, setting);
                continue;
            };
            if VOLATILE.contains(&key.as_ref()) {
                continue;
            }
            let was_conflicting = matches!(mine.field, Field::Conflicting(..));
            let (one, two) = (mine.field.span(), setting.field.span());
            // Nothing of what may be a long list is copied for each export that says something of it.
            mine.field = std::mem::replace(&mut mine.field, Field::Unreadable(one)).merge(setting.field);
            if !was_conflicting && matches!(mine.field, Field::Conflicting(..)) {
                differing.push((mine.name.to_string(), one, two));
            }
        }
        differing
    }

    /// The version of Exchange that this object speaks for, in the order of trust: `AdminDisplayVersion`,
    /// `OwaVersion`, the physical path. `ExchangeVersion` is the schema's version and says nothing.
    pub fn version(&self) -> Option<(Version, Span)> {
        let from = |name: &str, read: fn(&str) -> Option<Version>| {
            self.text(name).and_then(|text| read(&text.text).map(|version| (version, text.span)))
        };
        from("AdminDisplayVersion", Version::from_display)
            .or_else(|| from("OwaVersion", Version::from_owa_version))
            .or_else(|| from("Path", Version::from_path))
    }
}

/// What kind of object this is, from what it says of itself and from the command that printed it.
///
/// Directories of `OwaVersion` `Exchange2003or2000` (Exchange, Public, Exchweb, Exadmin) are there for mailboxes on
/// Exchange 2003; no later server proxies Outlook Web App to them.
pub fn kind_of(object: &Object<'_>, settings: &Settings) -> ObjectKind {
    if known(settings, "owaversion").is_some_and(|version| version.is("Exchange2003or2000")) {
        return ObjectKind::Other;
    }
    let by_type = || kind_by_type(object).filter(|_| !is_another(object, settings));
    if let Some(kind) = by_type().or_else(|| kind_by_class(settings)) {
        return kind;
    }
    if let Some(version) = settings.get("owaversion").filter(|version| is_said(object, version)) {
        let is_legacy = matches!(version.field, Field::Unreadable(_)) && is_named(settings, &LEGACY);
        return if is_legacy { ObjectKind::Other } else { ObjectKind::Vdir };
    }
    if let Some(kind) = kind_by_name(settings) {
        return kind;
    }
    if is_server(object, settings) || (settings.contains_key("name") && prints_servers(object)) {
        return ObjectKind::Server;
    }
    if !settings.contains_key("internalurl") && !settings.contains_key("externalurl") {
        return ObjectKind::Other;
    }
    if ["name", "identity", "metabasepath"].iter().any(|name| known(settings, name).is_some()) {
        return kind_by_command(object).unwrap_or(ObjectKind::Other);
    }
    kind_by_command(object).unwrap_or(if url_is_owa(settings) { ObjectKind::Vdir } else { ObjectKind::Unknown })
}

/// The server that an object names, with the place: `Server`, `ServerName`, the identity, the host in `MetabasePath`,
/// the distinguished name.
pub fn server_of(settings: &Settings) -> Option<Text> {
    for name in ["server", "servername"] {
        if let Some(text) = known(settings, name) {
            return Some(text.clone());
        }
    }
    let identity = known(settings, "identity").and_then(|it| {
        let end = it.text.find('\\').filter(|end| *end > 0)?;
        Some(it.sub(0..end))
    });
    identity.or_else(|| metabase_host(settings)).or_else(|| distinguished_server(settings))
}

/// The host in `MetabasePath`: `IIS://host/W3SVC/1/ROOT/owa`.
pub fn metabase_host(settings: &Settings) -> Option<Text> {
    let path = known(settings, "metabasepath")?;
    let start = path.text.find("://")? + 3;
    let end = path.text[start..].find('/').map_or(path.text.len(), |at| start + at);
    (end > start).then(|| path.sub(start..end))
}

/// What PowerShell adds to objects that come over the network, and Format-List does not print.
const ADDED: [&str; 2] = ["PSComputerName", "PSShowComputerName"];

/// The properties of an object by name in lower case.
pub fn settings_of(object: &Object<'_>) -> Settings {
    let mut settings = BTreeMap::new();
    for property in object.properties.iter().filter(|it| !ADDED.iter().any(|name| it.name.is(name))) {
        let (name, lower) = held_name(&property.name.text);
        settings.entry(lower).or_insert_with(|| Setting { name, field: Field::of(property, object.shape) });
    }
    settings
}

/// The text of a property, if it is known.
pub fn known<'s>(settings: &'s Settings, name: &str) -> Option<&'s Text> {
    settings.get(name.to_ascii_lowercase().as_str()).and_then(|setting| setting.field.known_text())
}

fn identity_of(settings: &Settings, server: &str) -> String {
    if let Some(identity) = known(settings, "identity").filter(|it| it.text.contains('\\')) {
        return identity.text.replace(r"\\", r"\");
    }
    let name = known(settings, "name").or_else(|| known(settings, "identity")).map(|it| it.text.to_string());
    let name = name.or_else(|| known(settings, "website").map(|site| format!("owa ({})", site.text)));
    format!("{server}\\{}", name.as_deref().unwrap_or("owa"))
}

/// The kind by the type that the shape names. `Deserialized.` and `Selected.` stand before the same names.
fn kind_by_type(object: &Object<'_>) -> Option<ObjectKind> {
    let name = object.type_name()?.to_ascii_lowercase();
    match name.as_str() {
        "adowavirtualdirectory" => Some(ObjectKind::Vdir),
        "adecpvirtualdirectory" => Some(ObjectKind::Ecp),
        "exchangeserver" | "clientaccessserver" => Some(ObjectKind::Server),
        _ => name.ends_with("virtualdirectory").then_some(ObjectKind::Other),
    }
}

/// The kind by the name of the virtual directory, or by its path below the site.
fn kind_by_name(settings: &Settings) -> Option<ObjectKind> {
    let path = known(settings, "metabasepath").and_then(place::parse).map(|(_, path)| path);
    let is = |wanted: &str| {
        let mut names = ["name", "identity"].iter().filter_map(|name| known(settings, name));
        names.any(|it| is_vdir_name(&it.text, wanted))
            || path
                .as_ref()
                .is_some_and(|path| path.strip_prefix('/').is_some_and(|it| it.eq_ignore_ascii_case(wanted)))
    };
    if is("owa") {
        Some(ObjectKind::Vdir)
    } else if is("ecp") {
        Some(ObjectKind::Ecp)
    } else {
        None
    }
}

fn kind_by_command(object: &Object<'_>) -> Option<ObjectKind> {
    if runs(object, "get-owavirtualdirectory") {
        Some(ObjectKind::Vdir)
    } else if runs(object, "get-ecpvirtualdirectory") {
        Some(ObjectKind::Ecp)
    } else {
        None
    }
}

fn kind_by_class(settings: &Settings) -> Option<ObjectKind> {
    let classes: Vec<&Content> = ["objectclass", "objectcategory"]
        .iter()
        .filter_map(|name| match &settings.get(*name)?.field {
            Field::Known(content) | Field::Truncated(content) => Some(content),
            _ => None,
        })
        .collect();
    let whole = classes.iter().map(|it| it.text.text.to_ascii_lowercase()).collect::<Vec<_>>().join(" ");
    if whole.contains("owavirtualdirectory") || whole.contains("owa-virtual-directory") {
        Some(ObjectKind::Vdir)
    } else if whole.contains("ecpvirtualdirectory") || whole.contains("ecp-virtual-directory") {
        Some(ObjectKind::Ecp)
    } else if whole.contains("msexchexchangeserver") || whole.contains("ms-exch-exchange-server") {
        Some(ObjectKind::Server)
    } else if whole.contains("virtualdirectory") && !whole.contains("...") && !whole.contains('…') {
        let only_base = whole.replace("msexchvirtualdirectory", "");
        (only_base.contains("virtualdirectory") || whole.contains("virtual-directory")).then_some(ObjectKind::Other)
    } else {
        None
    }
}

/// Whether a property is of the object itself: in CSV all rows have the columns of the first, so an empty cell may be a
/// property that the object does not have.
fn is_said(object: &Object<'_>, setting: &Setting) -> bool {
    object.shape != Shape::Csv || !matches!(setting.field, Field::Empty(_))
}

/// Names of the directories whose `OwaVersion` is `Exchange2003or2000`; JSON has a number in its place whose meaning is
/// not known.
const LEGACY: [&str; 4] = ["exchange", "public", "exchweb", "exadmin"];

/// Whether a row of CSV is another object than the first, whose type alone the file names, going by its class or name.
fn is_another(object: &Object<'_>, settings: &Settings) -> bool {
    const OTHERS: [&str; 7] =
        ["ews", "oab", "autodiscover", "microsoft-server-activesync", "powershell", "mapi", "rpc"];
    object.shape == Shape::Csv
        && (kind_by_class(settings)
            .or_else(|| kind_by_name(settings))
            .is_some_and(|it| Some(it) != kind_by_type(object))
            || is_named(settings, &OTHERS)
            || is_named(settings, &LEGACY))
}

/// Whether the name of an object is one of these, in front of the name of its site.
fn is_named(settings: &Settings, names: &[&str]) -> bool {
    let mut known_names = ["name", "identity"].iter().filter_map(|name| known(settings, name));
    known_names.any(|it| it.text.contains(" (") && names.iter().any(|name| is_vdir_name(&it.text, name)))
}

fn is_server(object: &Object<'_>, settings: &Settings) -> bool {
    let has = |name: &str| settings.get(name).is_some_and(|setting| is_said(object, setting));
    has("name") && (has("serverrole") || has("isclientaccessserver") || has("autodiscoversitescope"))
}

fn prints_servers(object: &Object<'_>) -> bool {
    runs(object, "get-exchangeserver") || runs(object, "get-clientaccessserver")
}

fn is_vdir_name(text: &str, wanted: &str) -> bool {
    let name = text.rsplit('\\').next().unwrap_or(text);
    let name = name.split(" (").next().unwrap_or(name);
    name.trim().eq_ignore_ascii_case(wanted)
}

/// Whether the prompt above an object runs this cmdlet and no other that prints objects.
fn runs(object: &Object<'_>, cmdlet: &str) -> bool {
    object.command.as_ref().is_some_and(|command| {
        let lower = command.text.to_ascii_lowercase();
        lower.contains(cmdlet) && lower.matches("get-").count() == 1
    })
}

fn url_is_owa(settings: &Settings) -> bool {
    ["internalurl", "externalurl"].iter().filter_map(|name| known(settings, name)).any(|url| {
        let lower = url.text.to_ascii_lowercase();
        let path = lower.split("://").nth(1).and_then(|rest| rest.find('/').map(|at| &rest[at..]));
        path.is_some_and(|path| matches!(path.split(['?', '#']).next(), Some("/owa" | "/owa/")))
    })
}

fn distinguished_server(settings: &Settings) -> Option<Text> {
    let name = known(settings, "distinguishedname")?;
    let lower = name.text.to_ascii_lowercase();
    let end = lower.find(",cn=servers")?;
    let start = lower[..end].rfind("cn=")? + 3;
    (start < end).then(|| name.sub(start..end))
}
