//! Questions about a server.

use crate::model::answer::{Answer, Evidence, List, Missing};
use crate::model::ladder::Ladder;
use crate::model::registry::{Lookup, OWA_KEY, Printed};
use crate::model::server::{ALLOW_UNTRUSTED, ALLOW_WITHOUT_SSL, SSL_OFFLOADED, Server, Switch};
use crate::model::version::Version;
use crate::read::toml::nearest;
use crate::rule::ask::{Ask, Subject};
use crate::rule::questions::{Question, Side, question, server_of, switch};
use crate::rule::value::{Type, Value};

const VERSIONS: Type = Type::Words(&Version::WORDS);

/// What can be asked of a server.
pub(super) const QUESTIONS: &[Question] = &[
    question("version", Side::Server, VERSIONS, "The product generation of the server.", |ladder, subject, _| {
        version(server_of(ladder, subject))
    }),
    question("site", Side::Server, Type::Text, "The AD site of the server.", |ladder, subject, _| {
        site(server_of(ladder, subject))
    }),
    question(
        "has-vdir",
        Side::Server,
        Type::Boolean,
        "Whether an OWA virtual directory of the server was given.",
        |ladder, subject, _| {
            let server = server_of(ladder, subject);
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
                let server = server_of(ladder, subject);
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
            let server = server_of(ladder, subject);
            Answer::at(Value::Boolean(!server.iis.is_empty()), server.place)
        },
    ),
    question(
        "redirects-to-optimal-server",
        Side::Server,
        Type::Boolean,
        "Whether the server redirects users to the best server: RedirectToOptimalOWAServer, True unless changed.",
        |ladder, subject, _| match subject {
            Subject::Server(index) => ladder.redirects(index).clone().map(Value::Boolean),
            _ => server_of(ladder, subject).redirects().map(Value::Boolean),
        },
    ),
    question(
        "internet-facing",
        Side::Server,
        Type::Boolean,
        "Whether users come to the server from outside, as the estate file says.",
        |ladder, subject, _| internet_facing(server_of(ladder, subject)),
    ),
    question(
        "redirects-silently-behind-forms",
        Side::Server,
        Type::Boolean,
        "Whether an OWA virtual directory of the server has CrossSiteRedirectType Silent and forms-based authentication.",
        |ladder, subject, _| redirects_silently(server_of(ladder, subject)),
    ),
    question(
        "proxies-to-plain-http",
        Side::Server,
        Type::Boolean,
        "Whether an OWA virtual directory that the server would proxy to is addressed over plain http.",
        |ladder, subject, _| match subject {
            Subject::Server(index) => ladder.proxies_to_plain_http(index).map(Value::Boolean),
            Subject::Vdir(target) => ladder.proxies_to_plain_http(ladder.server_of(target)).map(Value::Boolean),
            Subject::Pair(pair) => ladder.proxies_to_plain_http(pair.source).map(Value::Boolean),
            Subject::AdSite(_) => unreachable!("a question about a server is never put about an AD site"),
        },
    ),
    question(
        "default-site-bound-to-address",
        Side::Server,
        Type::Boolean,
        "Whether the server has several OWA virtual directories, and the web site with id 1 answers https at single addresses only.",
        |ladder, subject, _| default_site_bound(server_of(ladder, subject)),
    ),
    switch(
        "allows-proxying-without-ssl",
        false,
        "Whether the server may proxy to an http URL: AllowProxyingWithoutSsl is a REG_DWORD other than zero.",
        |ladder, subject, _| match subject {
            Subject::Server(index) => ladder.opt_in(index).clone().map(Value::Boolean),
            _ => registry_switch(ladder, subject, ALLOW_WITHOUT_SSL),
        },
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
        example: r#"registry."HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\W3SVC\Start""#,
        check: check_value,
        ..question(
            "registry",
            Side::Server,
            Type::Any,
            "A value of the server's registry, `@` for the default value of a key: a number for REG_DWORD and REG_QWORD, a list for REG_MULTI_SZ, else a text. An empty text where the value is absent; open where no export covers its key.",
            registry_value,
        )
    },
];

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
    server_of(ladder, subject).switch(switch).map(Value::Boolean)
}

/// Names of values may hold anything but a backslash here, since the last one ends the key.
fn check_value(argument: &str) -> Result<(), String> {
    let Some((key, name)) = argument.rsplit_once('\\').filter(|(key, name)| !key.is_empty() && !name.is_empty()) else {
        return Err("a key and a value are wanted here: `HKEY_LOCAL_MACHINE\\…\\Value`".to_owned());
    };
    let root = key.split('\\').next().unwrap_or(key);
    if ROOTS.contains(&root) {
        return Ok(());
    }
    let full = SHORT_ROOTS.iter().find(|(short, _)| short.eq_ignore_ascii_case(root)).map(|(_, full)| *full);
    match full.or_else(|| nearest(root, ROOTS)) {
        Some(near) => Err(format!("`{root}` is no root of the registry; did you mean `{near}\\…\\{name}`?")),
        None => Err(format!("`{root}` is no root of the registry; there are `{}`", ROOTS.join("`, `"))),
    }
}

const ROOTS: [&str; 5] =
    ["HKEY_LOCAL_MACHINE", "HKEY_USERS", "HKEY_CURRENT_USER", "HKEY_CLASSES_ROOT", "HKEY_CURRENT_CONFIG"];

const SHORT_ROOTS: [(&str, &str); 5] = [
    ("HKLM", "HKEY_LOCAL_MACHINE"),
    ("HKU", "HKEY_USERS"),
    ("HKCU", "HKEY_CURRENT_USER"),
    ("HKCR", "HKEY_CLASSES_ROOT"),
    ("HKCC", "HKEY_CURRENT_CONFIG"),
];

/// The key that a question about the registry is about.
pub(crate) fn registry_key(ask: &Ask) -> Option<&str> {
    (ask.question.name == "registry").then(|| key_and_value(&ask.argument).0)
}

fn key_and_value(argument: &str) -> (&str, &str) {
    argument.rsplit_once('\\').unwrap_or((OWA_KEY, argument))
}

fn registry_value(ladder: &Ladder<'_>, subject: Subject, argument: &str) -> Answer<Value> {
    let server = server_of(ladder, subject);
    let (key, name) = key_and_value(argument);
    let (name, shown) = if name == "@" { ("", "the default value") } else { (name, name) };
    let Some(registry) = &server.registry else { return Answer::open(server.no_registry_with(key)) };
    match registry.lookup(key, name) {
        Lookup::NotCovered => server.not_covered(key),
        Lookup::Set(value) if value.kind.is_none() => {
            let note = "this is shown without its type".to_owned();
            Answer::Open(server.type_missing(key, name), vec![Evidence::noted(value.data, note)])
        }
        Lookup::Absent(span) => {
            Answer::Is(Value::Text(String::new()), vec![Evidence::noted(span, format!("{shown} is not set"))])
        }
        Lookup::Set(value) => {
            let read = match (value.number(), value.printed()) {
                (Some(number), _) => Value::Number(number),
                (None, Printed::One(text)) => Value::Text(text),
                (None, Printed::Many(items)) => Value::List(List::whole(items)),
            };
            Answer::at(read, value.data)
        }
    }
}

fn internet_facing(server: &Server) -> Answer<Value> {
    match server.internet_facing {
        Some((value, span)) => Answer::at(Value::Boolean(value), span),
        None => Answer::open(Missing {
            reason: format!("nothing says whether {} is Internet-facing", server.name),
            server: server.name.clone(),
            ask_for: format!("`internet-facing` of {} in owalint-estate.toml", server.name),
        }),
    }
}

fn redirects_silently(server: &Server) -> Answer<Value> {
    for vdir in &server.vdirs {
        let silent = vdir.text("CrossSiteRedirectType").filter(|it| it.is("Silent"));
        let forms = vdir.text("FormsAuthentication").filter(|it| it.is("True"));
        if let (Some(silent), Some(forms)) = (silent, forms) {
            let forms = Evidence::noted(forms.span, "and forms-based authentication is on");
            return Answer::Is(Value::Boolean(true), vec![Evidence::value(silent.span), forms]);
        }
    }
    Answer::Is(Value::Boolean(false), Vec::new())
}

fn default_site_bound(server: &Server) -> Answer<Value> {
    if server.vdirs.len() < 2 {
        return Answer::Is(Value::Boolean(false), Vec::new());
    }
    let sites = server.iis.iter().flat_map(|iis| &iis.sites.sites);
    let mut default = sites.filter(|site| site.id.as_ref().is_some_and(|id| id.is("1")));
    let bindings = default.next().map_or(&[][..], |site| &site.bindings);
    let https: Vec<_> = bindings.iter().filter(|it| it.protocol.is("https")).collect();
    let bound = !https.is_empty() && https.iter().all(|it| it.is_for_one_address());
    let mut evidence: Vec<Evidence> = https.iter().take(4).map(|it| Evidence::value(it.span())).collect();
    let vdirs = server.vdirs.iter().take(4);
    evidence.extend(vdirs.map(|it| Evidence::noted(it.place, "an OWA virtual directory of the server")));
    Answer::Is(Value::Boolean(bound), evidence)
}
