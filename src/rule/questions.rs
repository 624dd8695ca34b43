//! The vocabulary: every question that a rule can ask, with its type, its meaning and its answer.

use std::collections::BTreeMap;

use crate::model::answer::{Answer, Evidence, List, Missing};
use crate::model::attributes::{self, ACCESS, ANONYMOUS, HANDLERS, HTTP_REDIRECT, WINDOWS};
use crate::model::ladder::Ladder;
use crate::model::place::{self, Found};
use crate::model::registry::{Lookup, OWA_KEY, Printed};
use crate::model::server::{ALLOW_UNTRUSTED, ALLOW_WITHOUT_SSL, SSL_OFFLOADED, Server, Switch};
use crate::model::setting::Field;
use crate::model::target::{Admission, Target};
use crate::model::url::{HostForm, Url};
use crate::model::version::Version;
use crate::rule::ask::Subject;
use crate::rule::value::{Type, Value};

/// Whom a question can be put about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// A server.
    Server,
    /// A virtual directory.
    Vdir,
    /// A source and a target together.
    Pair,
}

/// One row of the vocabulary.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// The name behind the role: `internal-url.scheme`.
    pub name: &'static str,
    /// Whom it can be put about.
    pub side: Side,
    /// The type of its answers.
    pub ty: Type,
    /// Whether a name in quotes follows.
    pub is_open: bool,
    /// For a rule that says `if-open = "assume"`: the documented default.
    pub default: Option<bool>,
    /// Whether the answer comes from the registry, so that a finding about one server lists it as a source.
    pub from_registry: bool,
    /// What it asks, in a sentence.
    pub doc: &'static str,
    /// An example of its use.
    pub example: &'static str,
    /// Checks what stands in quotes.
    pub check: fn(&str) -> Result<(), String>,
    /// The answer.
    pub ask: fn(&Ladder<'_>, Subject, &str) -> Answer<Value>,
}

impl PartialEq for Question {
    fn eq(&self, other: &Question) -> bool {
        (self.name, self.side) == (other.name, other.side)
    }
}

impl Eq for Question {}

const fn question(
    name: &'static str,
    side: Side,
    ty: Type,
    doc: &'static str,
    ask: fn(&Ladder<'_>, Subject, &str) -> Answer<Value>,
) -> Question {
    Question {
        name,
        side,
        ty,
        is_open: false,
        default: None,
        from_registry: false,
        doc,
        example: "",
        check: |_| Ok(()),
        ask,
    }
}

const fn switch(
    name: &'static str,
    default: bool,
    doc: &'static str,
    ask: fn(&Ladder<'_>, Subject, &str) -> Answer<Value>,
) -> Question {
    Question { default: Some(default), from_registry: true, ..question(name, Side::Server, Type::Boolean, doc, ask) }
}

const FORMS: Type = Type::Words(&["well-formed", "not-absolute", "scheme", "path", "query"]);
const HOST_FORMS: Type = Type::Words(&["name", "ipv4", "ipv6"]);
const VERSIONS: Type = Type::Words(&Version::WORDS);
const ADMISSIONS: Type = Type::Words(&["allowed", "denied"]);
const IIS_SITES: Type = Type::Words(&["found", "missing", "disagrees", "foreign"]);
const ITEMS: Type = Type::List;

/// Every question.
pub const QUESTIONS: &[Question] = &[
    // ---- about a server
    question("version", Side::Server, VERSIONS, "The product generation of the server.", |ladder, subject, _| {
        version(server(ladder, subject))
    }),
    question("site", Side::Server, Type::Text, "The AD site of the server.", |ladder, subject, _| {
        site(server(ladder, subject))
    }),
    question(
        "has-vdir",
        Side::Server,
        Type::Boolean,
        "Whether an OWA virtual directory of the server was given.",
        |ladder, subject, _| {
            let server = server(ladder, subject);
            Answer::at(Value::Boolean(!server.vdirs.is_empty()), server.place)
        },
    ),
    Question {
        from_registry: true,
        ..question(
            "registry-given",
            Side::Server,
            Type::Boolean,
            "Whether a registry export of the server was given.",
            |ladder, subject, _| {
                let server = server(ladder, subject);
                Answer::at(Value::Boolean(server.registry.is_some()), server.place)
            },
        )
    },
    question(
        "iis-given",
        Side::Server,
        Type::Boolean,
        "Whether an applicationHost.config of the server was given.",
        |ladder, subject, _| {
            let server = server(ladder, subject);
            Answer::at(Value::Boolean(!server.iis.is_empty()), server.place)
        },
    ),
    question(
        "redirects-to-optimal-server",
        Side::Server,
        Type::Boolean,
        "Whether the server redirects users to the best server: RedirectToOptimalOWAServer, True unless changed.",
        |ladder, subject, _| server(ladder, subject).redirects().map(Value::Boolean),
    ),
    switch(
        "allows-proxying-without-ssl",
        false,
        "Whether the server may proxy to an http URL: AllowProxyingWithoutSsl is a REG_DWORD other than zero.",
        |ladder, subject, _| registry_switch(ladder, subject, ALLOW_WITHOUT_SSL),
    ),
    switch(
        "allows-internal-untrusted-certificates",
        true,
        "Whether the server accepts certificates that it does not trust: AllowInternalUntrustedCerts, on unless it is a REG_DWORD of zero.",
        |ladder, subject, _| registry_switch(ladder, subject, ALLOW_UNTRUSTED),
    ),
    switch(
        "offloads-ssl",
        false,
        "Whether OWA is told that a device in front of the server takes SSL off: SSLOffloaded is a REG_DWORD other than zero.",
        |ladder, subject, _| registry_switch(ladder, subject, SSL_OFFLOADED),
    ),
    Question {
        is_open: true,
        from_registry: true,
        example: r#"source.registry."HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\W3SVC\Start""#,
        check: |argument| match argument.rfind('\\') {
            Some(at) if argument.starts_with("HKEY_") && at + 1 < argument.len() => Ok(()),
            _ => Err("a key and a value are wanted here: `HKEY_LOCAL_MACHINE\\…\\Value`".to_owned()),
        },
        ..question(
            "registry",
            Side::Server,
            Type::Any,
            "A value of the server's registry; empty where it is absent.",
            registry_value,
        )
    },
    // ---- about a virtual directory
    question("internal-url", Side::Vdir, Type::Text, "InternalUrl; empty where none is set.", |ladder, subject, _| {
        whole(target(ladder, subject).internal_url())
    }),
    question(
        "internal-url.scheme",
        Side::Vdir,
        Type::Text,
        "The scheme of InternalUrl, in lower case.",
        |ladder, subject, _| part(target(ladder, subject).internal_url(), scheme),
    ),
    question("internal-url.host", Side::Vdir, Type::Text, "The host of InternalUrl.", |ladder, subject, _| {
        part(target(ladder, subject).internal_url(), host)
    }),
    question(
        "internal-url.port",
        Side::Vdir,
        Type::Number,
        "The port of InternalUrl, written or by its scheme.",
        |ladder, subject, _| part(target(ladder, subject).internal_url(), port),
    ),
    question("internal-url.path", Side::Vdir, Type::Text, "The path of InternalUrl.", |ladder, subject, _| {
        part(target(ladder, subject).internal_url(), path)
    }),
    question("external-url", Side::Vdir, Type::Text, "ExternalUrl; empty where none is set.", |ladder, subject, _| {
        whole(target(ladder, subject).external_url())
    }),
    question(
        "external-url.scheme",
        Side::Vdir,
        Type::Text,
        "The scheme of ExternalUrl, in lower case.",
        |ladder, subject, _| part(target(ladder, subject).external_url(), scheme),
    ),
    question("external-url.host", Side::Vdir, Type::Text, "The host of ExternalUrl.", |ladder, subject, _| {
        part(target(ladder, subject).external_url(), host)
    }),
    question(
        "internal-authentication-methods",
        Side::Vdir,
        ITEMS,
        "InternalAuthenticationMethods: what Active Directory says, by which a source finds its candidates.",
        |ladder, subject, _| target(ladder, subject).list("InternalAuthenticationMethods").map(Value::List),
    ),
    question(
        "ssl-flags",
        Side::Vdir,
        ITEMS,
        "The flags of access@sslFlags that are in force.",
        |ladder, subject, _| target(ladder, subject).iis_flags(ACCESS, "sslFlags").map(Value::List),
    ),
    question(
        "access-policy",
        Side::Vdir,
        ITEMS,
        "The flags of handlers@accessPolicy that are in force.",
        |ladder, subject, _| target(ladder, subject).iis_flags(HANDLERS, "accessPolicy").map(Value::List),
    ),
    question(
        "windows-authentication",
        Side::Vdir,
        Type::Boolean,
        "Whether Windows authentication is on in IIS.",
        |ladder, subject, _| target(ladder, subject).iis_boolean(WINDOWS, "enabled").map(Value::Boolean),
    ),
    question(
        "windows-authentication-providers",
        Side::Vdir,
        ITEMS,
        "The providers of Windows authentication in IIS.",
        |ladder, subject, _| target(ladder, subject).providers().map(Value::List),
    ),
    question(
        "offers-negotiate",
        Side::Vdir,
        Type::Boolean,
        "Whether Negotiate or Negotiate:Kerberos is among them.",
        |ladder, subject, _| target(ladder, subject).offers_negotiate().map(Value::Boolean),
    ),
    question(
        "allows-script",
        Side::Vdir,
        Type::Boolean,
        "Whether the access policy has Script and not NoRemoteScript.",
        |ladder, subject, _| target(ladder, subject).allows_script().map(Value::Boolean),
    ),
    question(
        "anonymous-authentication",
        Side::Vdir,
        Type::Boolean,
        "Whether anonymous authentication is on in IIS.",
        |ladder, subject, _| target(ladder, subject).iis_boolean(ANONYMOUS, "enabled").map(Value::Boolean),
    ),
    question(
        "http-redirect",
        Side::Vdir,
        Type::Boolean,
        "Whether IIS redirects requests (httpRedirect@enabled).",
        |ladder, subject, _| target(ladder, subject).iis_boolean(HTTP_REDIRECT, "enabled").map(Value::Boolean),
    ),
    question(
        "site-starts",
        Side::Vdir,
        Type::Boolean,
        "Whether the web site starts by itself.",
        |ladder, subject, _| target(ladder, subject).site_starts().map(Value::Boolean),
    ),
    question(
        "pool-starts",
        Side::Vdir,
        Type::Boolean,
        "Whether the application pool exists and starts by itself.",
        |ladder, subject, _| target(ladder, subject).pool_starts().map(Value::Boolean),
    ),
    question(
        "has-application",
        Side::Vdir,
        Type::Boolean,
        "Whether the web site has an application at the path.",
        |ladder, subject, _| target(ladder, subject).has_application().map(Value::Boolean),
    ),
    question(
        "iis-site",
        Side::Vdir,
        IIS_SITES,
        "Whether the site is in applicationHost.config: found, missing, disagrees (id and name name different sites), foreign (MetabasePath names another server).",
        |ladder, subject, _| iis_site(target(ladder, subject)),
    ),
    question(
        "ad-properties-only",
        Side::Vdir,
        Type::Boolean,
        "Whether the export was made with -ADPropertiesOnly, which prints no settings of IIS.",
        |ladder, subject, _| ad_only(target(ladder, subject)),
    ),
    question(
        "key-properties-missing",
        Side::Vdir,
        ITEMS,
        "Which of the properties that decide about proxying were not exported.",
        |ladder, subject, _| missing_properties(target(ladder, subject)),
    ),
    Question {
        is_open: true,
        example: r#"target.vdir."LogonFormat""#,
        ..question(
            "vdir",
            Side::Vdir,
            Type::Any,
            "A property of the virtual directory; empty where it is empty.",
            property,
        )
    },
    Question {
        is_open: true,
        example: r#"target.iis."system.webServer/httpRedirect@destination""#,
        check: |argument| match argument.split_once('@') {
            Some((section, name)) if section.contains('/') && !name.is_empty() => Ok(()),
            _ => Err("a section and an attribute are wanted here: `system.webServer/…@attribute`".to_owned()),
        },
        ..question(
            "iis",
            Side::Vdir,
            Type::Any,
            "An IIS attribute that is in force at the virtual directory.",
            |ladder, subject, argument| {
                let (section, name) = argument.split_once('@').unwrap_or((argument, ""));
                target(ladder, subject).iis_text(section, name).map(|text| {
                    match attributes::find(section, name).map(|it| it.kind) {
                        Some(attributes::Kind::Flags(_)) => {
                            Value::List(List::whole(attributes::flags(&text).into_iter().map(str::to_owned).collect()))
                        }
                        _ => Value::Text(text),
                    }
                })
            },
        )
    },
    // ---- about a pair
    question(
        "url",
        Side::Pair,
        Type::Text,
        "The URL that the source proxies to: InternalUrl, or ExternalUrl where the source does not redirect.",
        |ladder, subject, _| {
            pair_url(ladder, subject, |url| Some((Value::Text(url.text().to_owned()), Evidence::value(url.span()))))
        },
    ),
    question("url.scheme", Side::Pair, Type::Text, "Its scheme, in lower case.", |ladder, subject, _| {
        pair_url(ladder, subject, scheme)
    }),
    question("url.host", Side::Pair, Type::Text, "Its host.", |ladder, subject, _| pair_url(ladder, subject, host)),
    question("url.port", Side::Pair, Type::Number, "Its port, written or by its scheme.", |ladder, subject, _| {
        pair_url(ladder, subject, port)
    }),
    question(
        "url.form",
        Side::Pair,
        FORMS,
        "Whether it can be the URL of an OWA virtual directory, and if not, what is wrong with it.",
        |ladder, subject, _| {
            pair_url(ladder, subject, |url| {
                Some(match url.fault() {
                    Some((fault, span)) => (Value::Text(fault.word().to_owned()), Evidence::value(span)),
                    None => (Value::Text("well-formed".to_owned()), Evidence::value(url.span())),
                })
            })
        },
    ),
    question("url.host-form", Side::Pair, HOST_FORMS, "What its host is written as.", |ladder, subject, _| {
        pair_url(ladder, subject, |url| {
            let word = match url.host_form()? {
                HostForm::Name => "name",
                HostForm::Ipv4 => "ipv4",
                HostForm::Ipv6 => "ipv6",
            };
            Some((Value::Text(word.to_owned()), Evidence::value(url.host_span()?)))
        })
    }),
    question(
        "url.host-is-target",
        Side::Pair,
        Type::Boolean,
        "Whether its host is the target server's own name.",
        host_is_target,
    ),
    question(
        "url.host-is-shared",
        Side::Pair,
        Type::Boolean,
        "Whether another virtual directory of the target's site has the same host in its InternalUrl.",
        host_is_shared,
    ),
    question(
        "binding",
        Side::Pair,
        Type::Boolean,
        "Whether the target's site has a binding for its scheme, port and host.",
        |ladder, subject, _| match subject {
            Subject::Pair(pair) => match ladder.url(pair) {
                Answer::Is(Some(url), _) => ladder.target(pair).has_binding(url).map(Value::Boolean),
                Answer::Is(None, evidence) => Answer::Is(Value::Text(String::new()), evidence),
                Answer::Open(missing, evidence) => Answer::Open(missing, evidence),
            },
            _ => nothing(),
        },
    ),
    question(
        "address",
        Side::Pair,
        ADMISSIONS,
        "What ipSecurity does with the source's addresses.",
        |ladder, subject, _| match subject {
            Subject::Pair(pair) => ladder
                .target(pair)
                .admission(ladder.source(pair))
                .map(|it| Value::Text(if it == Admission::Denied { "denied" } else { "allowed" }.to_owned())),
            _ => nothing(),
        },
    ),
    question(
        "other-source-opted-in",
        Side::Pair,
        Type::Boolean,
        "Whether a server other than source and target may proxy without SSL.",
        other_opt_in,
    ),
    question(
        "other-candidate",
        Side::Pair,
        Type::Boolean,
        "Whether another virtual directory of the target's site or server could be proxied to.",
        other_candidate,
    ),
];

// ---- whom it is about ----------------------------------------------------------------------------------------------

fn server<'l>(ladder: &'l Ladder<'_>, subject: Subject) -> &'l Server {
    match subject {
        Subject::Server(index) => &ladder.estate.servers[index],
        Subject::Vdir(target) => ladder.targets[target].server,
        Subject::Pair(pair) => ladder.source(pair),
    }
}

fn target<'l, 'e>(ladder: &'l Ladder<'e>, subject: Subject) -> &'l Target<'e> {
    match subject {
        Subject::Vdir(target) => &ladder.targets[target],
        Subject::Pair(pair) => ladder.target(pair),
        Subject::Server(_) => unreachable!("a question about a virtual directory is never put about a server"),
    }
}

fn nothing() -> Answer<Value> {
    unreachable!("a question about a pair is never put about one side")
}

// ---- servers -------------------------------------------------------------------------------------------------------

fn version(server: &Server) -> Answer<Value> {
    match server.version {
        Some((version, span)) => Answer::at(Value::Text(version.word().to_owned()), span),
        None => Answer::at(Value::Text("unknown".to_owned()), server.place),
    }
}

fn site(server: &Server) -> Answer<Value> {
    match &server.site {
        Some(site) => Answer::at(Value::Text(site.text.to_string()), site.span),
        None => Answer::open(Missing {
            reason: format!("the AD site of {} is not known", server.name),
            server: server.name.clone(),
            ask_for: "Get-ExchangeServer | Format-List Name,Site,Fqdn,ServerRole,AdminDisplayVersion".to_owned(),
        }),
    }
}

fn registry_switch(ladder: &Ladder<'_>, subject: Subject, switch: Switch) -> Answer<Value> {
    server(ladder, subject).switch(switch).map(Value::Boolean)
}

fn registry_value(ladder: &Ladder<'_>, subject: Subject, argument: &str) -> Answer<Value> {
    let server = server(ladder, subject);
    let (key, name) = argument.rsplit_once('\\').unwrap_or((OWA_KEY, argument));
    let name = if name == "@" { "" } else { name };
    let Some(registry) = &server.registry else { return Answer::open(server.no_registry()) };
    match registry.lookup(key, name) {
        Lookup::NotCovered => Answer::open(server.registry_does_not_cover(key)),
        Lookup::Absent(span) => {
            Answer::Is(Value::Text(String::new()), vec![Evidence::noted(span, format!("{name} is not set"))])
        }
        Lookup::Set(value) => {
            let read = match (value.dword(), value.printed()) {
                (Some(number), _) => Value::Number(i64::from(number)),
                (None, Printed::One(text)) => Value::Text(text),
                (None, Printed::Many(items)) => Value::List(List::whole(items)),
            };
            Answer::at(read, value.data)
        }
    }
}

// ---- virtual directories -------------------------------------------------------------------------------------------

fn property(ladder: &Ladder<'_>, subject: Subject, name: &str) -> Answer<Value> {
    let target = target(ladder, subject);
    match target.vdir.get(name).map(|it| &it.field) {
        Some(Field::Known(content)) if content.items.is_none() => {
            Answer::at(Value::Text(content.text.text.to_string()), content.text.span)
        }
        Some(Field::Empty(span)) => Answer::at(Value::Text(String::new()), *span),
        _ => target.list(name).map(Value::List),
    }
}

fn iis_site(target: &Target<'_>) -> Answer<Value> {
    let word = |word: &str| Value::Text(word.to_owned());
    if target.places().is_empty() {
        return Answer::open(target.server.no_iis());
    }
    if let Some(host) = place::foreign_host(target.server, target.vdir) {
        let note = format!("MetabasePath names {}, the export names {}", host.text, target.server.name);
        return Answer::Is(word("foreign"), vec![Evidence::noted(host.span, note)]);
    }
    for (found, iis) in target.places().iter().zip(&target.server.iis) {
        match found {
            Found::Nowhere(why, span) => {
                return Answer::Is(
                    word("missing"),
                    vec![Evidence::noted(*span, why.clone()), Evidence::noted(iis.root, "not in this configuration")],
                );
            }
            Found::At(_) => {
                if let Some((id, name)) = place::disagreement(iis, target.vdir) {
                    let note = format!("this id is the site {}", name.text);
                    return Answer::Is(
                        word("disagrees"),
                        vec![Evidence::noted(id.span, note), Evidence::noted(name.span, "the site with this id")],
                    );
                }
            }
        }
    }
    Answer::at(word("found"), target.vdir.place)
}

/// `-ADPropertiesOnly` prints the four switches of IIS as False and leaves the path and the web site empty, while the
/// lists from Active Directory are filled (seen in recorded exports; the switch is documented).
fn ad_only(target: &Target<'_>) -> Answer<Value> {
    const SWITCHES: [&str; 4] =
        ["BasicAuthentication", "WindowsAuthentication", "DigestAuthentication", "FormsAuthentication"];
    let vdir = target.vdir;
    let empty = |name: &str| vdir.get(name).is_some_and(|it| matches!(it.field, Field::Empty(_)));
    let off =
        SWITCHES.iter().filter_map(|name| vdir.text(name)).filter(|text| text.is("False")).count() == SWITCHES.len();
    let filled = matches!(vdir.get("InternalAuthenticationMethods").map(|it| &it.field), Some(Field::Known(content)) if content.items.as_ref().is_none_or(|items| !items.is_empty()));
    let evidence = vdir.get("Path").or_else(|| vdir.get("WebSite")).map_or(vdir.place, |it| it.field.span());
    Answer::at(Value::Boolean(off && empty("Path") && empty("WebSite") && filled), evidence)
}

fn missing_properties(target: &Target<'_>) -> Answer<Value> {
    const KEYS: [&str; 4] = ["InternalUrl", "ExternalUrl", "InternalAuthenticationMethods", "MetabasePath"];
    let missing = KEYS.iter().filter(|name| target.vdir.get(name).is_none()).map(|name| (*name).to_owned()).collect();
    Answer::at(Value::List(List::whole(missing)), target.vdir.place)
}

// ---- URLs ----------------------------------------------------------------------------------------------------------

type Part = Option<(Value, Evidence)>;

fn whole(url: &Answer<Option<Url>>) -> Answer<Value> {
    url.clone().map(|url| Value::Text(url.map_or(String::new(), |it| it.text().to_owned())))
}

fn part(url: &Answer<Option<Url>>, take: fn(&Url) -> Part) -> Answer<Value> {
    match url {
        Answer::Is(Some(url), evidence) => of_url(url, evidence, take),
        Answer::Is(None, evidence) => Answer::Is(Value::Text(String::new()), evidence.clone()),
        Answer::Open(missing, evidence) => Answer::Open(missing.clone(), evidence.clone()),
    }
}

fn pair_url(ladder: &Ladder<'_>, subject: Subject, take: fn(&Url) -> Part) -> Answer<Value> {
    let Subject::Pair(pair) = subject else { return nothing() };
    match ladder.url(pair) {
        Answer::Is(Some(url), evidence) => of_url(url, &evidence, take),
        Answer::Is(None, evidence) => Answer::Is(Value::Text(String::new()), evidence),
        Answer::Open(missing, evidence) => Answer::Open(missing, evidence),
    }
}

fn of_url(url: &Url, evidence: &[Evidence], take: fn(&Url) -> Part) -> Answer<Value> {
    match take(url) {
        Some((value, place)) => Answer::Is(value, vec![place]),
        None => Answer::Is(Value::Text(String::new()), evidence.to_vec()),
    }
}

fn scheme(url: &Url) -> Part {
    Some((Value::Text(url.scheme()?), Evidence::value(url.scheme_span()?)))
}

fn host(url: &Url) -> Part {
    Some((Value::Text(url.host()?.to_owned()), Evidence::value(url.host_span()?)))
}

fn port(url: &Url) -> Part {
    Some((Value::Number(i64::from(url.port()?)), Evidence::value(url.port_span()?)))
}

fn path(url: &Url) -> Part {
    Some((Value::Text(url.path().to_owned()), Evidence::value(url.path_span())))
}

/// The full name counts where it is known; without it, the short name as the first label.
fn host_is_target(ladder: &Ladder<'_>, subject: Subject, _: &str) -> Answer<Value> {
    let Subject::Pair(pair) = subject else { return nothing() };
    let server = ladder.target(pair).server;
    match ladder.url(pair) {
        Answer::Open(missing, evidence) => Answer::Open(missing, evidence),
        Answer::Is(url, evidence) => {
            let Some((url, host, span)) = url.and_then(|url| Some((url, url.host()?, url.host_span()?))) else {
                return Answer::Is(Value::Boolean(true), evidence);
            };
            let own = match &server.fqdn {
                Some(fqdn) => host.eq_ignore_ascii_case(&fqdn.text),
                None => host.split('.').next().is_some_and(|label| label.eq_ignore_ascii_case(&server.name)),
            };
            let by_name = url.host_form() == Some(HostForm::Name);
            let mut evidence = vec![Evidence::value(span)];
            evidence.extend(
                server
                    .fqdn
                    .as_ref()
                    .map(|fqdn| Evidence::noted(fqdn.span, format!("{} is {}", server.name, fqdn.text))),
            );
            Answer::Is(Value::Boolean(own || !by_name), evidence)
        }
    }
}

fn host_is_shared(ladder: &Ladder<'_>, subject: Subject, _: &str) -> Answer<Value> {
    let Subject::Pair(pair) = subject else { return nothing() };
    let home = ladder.target(pair).server;
    let Answer::Is(Some(url), _) = ladder.url(pair) else {
        return Answer::Is(Value::Boolean(false), Vec::new());
    };
    let site = |server: &Server| server.site.as_ref().map(|it| it.text.to_lowercase());
    let others = ladder.targets.iter().filter(|other| {
        other.server.name != home.name && site(other.server).is_some() && site(other.server) == site(home)
    });
    let shared = others
        .filter_map(|other| other.internal_url().known()?.as_ref())
        .filter(|other| matches!((other.host(), url.host()), (Some(one), Some(two)) if one.eq_ignore_ascii_case(two)));
    let evidence: Vec<Evidence> = shared
        .filter_map(Url::host_span)
        .take(3)
        .map(|span| Evidence::noted(span, "the same host on another server of the site"))
        .collect();
    Answer::Is(Value::Boolean(!evidence.is_empty()), evidence)
}

// ---- pairs ---------------------------------------------------------------------------------------------------------

fn other_opt_in(ladder: &Ladder<'_>, subject: Subject, _: &str) -> Answer<Value> {
    let Subject::Pair(pair) = subject else { return nothing() };
    let (source, target) = (ladder.source(pair), ladder.target(pair).server);
    let others = ladder.estate.servers.iter().filter(|server| server.name != source.name && server.name != target.name);
    let evidence: Vec<Evidence> = others
        .filter_map(|server| match server.switch(ALLOW_WITHOUT_SSL) {
            Answer::Is(true, evidence) => {
                evidence.first().map(|it| Evidence::noted(it.span, format!("{} has it", server.name)))
            }
            _ => None,
        })
        .take(3)
        .collect();
    Answer::Is(Value::Boolean(!evidence.is_empty()), evidence)
}

fn other_candidate(ladder: &Ladder<'_>, subject: Subject, _: &str) -> Answer<Value> {
    let Subject::Pair(pair) = subject else { return nothing() };
    let evidence: Vec<Evidence> = ladder
        .alternatives(pair)
        .map(|other| &ladder.targets[other])
        .take(3)
        .map(|other| Evidence::noted(other.vdir.place, format!("{} could be proxied to instead", other.vdir.identity)))
        .collect();
    Answer::Is(Value::Boolean(!evidence.is_empty()), evidence)
}

/// The questions by side, for listing.
pub fn by_side() -> BTreeMap<&'static str, Vec<&'static Question>> {
    let mut sides: BTreeMap<&'static str, Vec<&'static Question>> = BTreeMap::new();
    for question in QUESTIONS {
        let side = match question.side {
            Side::Server => "source, target, server",
            Side::Vdir => "target, vdir",
            Side::Pair => "pair",
        };
        sides.entry(side).or_default().push(question);
    }
    sides
}
