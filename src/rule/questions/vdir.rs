//! Questions about a virtual directory.

use crate::model::answer::{Answer, Evidence, List};
use crate::model::attributes::{self, ACCESS, ANONYMOUS, HANDLERS, HTTP_REDIRECT, WINDOWS};
use crate::model::place::{self, Found};
use crate::model::setting::Field;
use crate::model::target::Target;
use crate::rule::questions::url::{host, part, path, port, scheme, whole};
use crate::rule::questions::{Question, Side, question, target_of};
use crate::rule::value::{Type, Value};

const IIS_SITES: Type = Type::Words(&["found", "missing", "disagrees", "foreign"]);

/// What can be asked of a virtual directory.
pub(super) const QUESTIONS: &[Question] = &[
    question("internal-url", Side::Vdir, Type::Text, "InternalUrl; empty where none is set.", |ladder, subject, _| {
        part(target_of(ladder, subject).internal_url().as_ref(), whole)
    }),
    question(
        "internal-url.scheme",
        Side::Vdir,
        Type::Text,
        "The scheme of InternalUrl, in lower case.",
        |ladder, subject, _| part(target_of(ladder, subject).internal_url().as_ref(), scheme),
    ),
    question("internal-url.host", Side::Vdir, Type::Text, "The host of InternalUrl.", |ladder, subject, _| {
        part(target_of(ladder, subject).internal_url().as_ref(), host)
    }),
    question(
        "internal-url.port",
        Side::Vdir,
        Type::Number,
        "The port of InternalUrl, written or by its scheme.",
        |ladder, subject, _| part(target_of(ladder, subject).internal_url().as_ref(), port),
    ),
    question("internal-url.path", Side::Vdir, Type::Text, "The path of InternalUrl.", |ladder, subject, _| {
        part(target_of(ladder, subject).internal_url().as_ref(), path)
    }),
    question("external-url", Side::Vdir, Type::Text, "ExternalUrl; empty where none is set.", |ladder, subject, _| {
        part(target_of(ladder, subject).external_url().as_ref(), whole)
    }),
    question(
        "external-url.scheme",
        Side::Vdir,
        Type::Text,
        "The scheme of ExternalUrl, in lower case.",
        |ladder, subject, _| part(target_of(ladder, subject).external_url().as_ref(), scheme),
    ),
    question("external-url.host", Side::Vdir, Type::Text, "The host of ExternalUrl.", |ladder, subject, _| {
        part(target_of(ladder, subject).external_url().as_ref(), host)
    }),
    question(
        "internal-authentication-methods",
        Side::Vdir,
        Type::List,
        "InternalAuthenticationMethods: what Active Directory says, by which a source finds its candidates.",
        |ladder, subject, _| target_of(ladder, subject).list("InternalAuthenticationMethods").map(Value::List),
    ),
    question(
        "ssl-flags",
        Side::Vdir,
        Type::Flags(attributes::SSL_FLAGS),
        "The flags of access@sslFlags that are in force.",
        |ladder, subject, _| target_of(ladder, subject).iis_flags(ACCESS, "sslFlags").map(Value::List),
    ),
    question(
        "access-policy",
        Side::Vdir,
        Type::Flags(attributes::ACCESS_POLICY),
        "The flags of handlers@accessPolicy that are in force.",
        |ladder, subject, _| target_of(ladder, subject).iis_flags(HANDLERS, "accessPolicy").map(Value::List),
    ),
    question(
        "windows-authentication",
        Side::Vdir,
        Type::Boolean,
        "Whether Windows authentication is on in IIS.",
        |ladder, subject, _| target_of(ladder, subject).iis_boolean(WINDOWS, "enabled").map(Value::Boolean),
    ),
    question(
        "windows-authentication-providers",
        Side::Vdir,
        Type::List,
        "The providers of Windows authentication in IIS.",
        |ladder, subject, _| target_of(ladder, subject).providers().clone().map(Value::List),
    ),
    question(
        "offers-negotiate",
        Side::Vdir,
        Type::Boolean,
        "Whether Negotiate or Negotiate:Kerberos is among them.",
        |ladder, subject, _| target_of(ladder, subject).offers_negotiate().map(Value::Boolean),
    ),
    question(
        "allows-script",
        Side::Vdir,
        Type::Boolean,
        "Whether the access policy has Script and not NoRemoteScript.",
        |ladder, subject, _| target_of(ladder, subject).allows_script().map(Value::Boolean),
    ),
    question(
        "anonymous-authentication",
        Side::Vdir,
        Type::Boolean,
        "Whether anonymous authentication is on in IIS.",
        |ladder, subject, _| target_of(ladder, subject).iis_boolean(ANONYMOUS, "enabled").map(Value::Boolean),
    ),
    question(
        "http-redirect",
        Side::Vdir,
        Type::Boolean,
        "Whether IIS redirects requests (httpRedirect@enabled).",
        |ladder, subject, _| target_of(ladder, subject).iis_boolean(HTTP_REDIRECT, "enabled").map(Value::Boolean),
    ),
    question(
        "domain-restrictions",
        Side::Vdir,
        Type::List,
        "The domain names in ipSecurity that may keep a server out, with 403.",
        |ladder, subject, _| target_of(ladder, subject).domain_restrictions().map(Value::List),
    ),
    question(
        "dynamic-restrictions",
        Side::Vdir,
        Type::List,
        "Which limits of dynamicIpSecurity are on and answer 403: concurrent-requests, request-rate.",
        |ladder, subject, _| target_of(ladder, subject).dynamic_restrictions().map(Value::List),
    ),
    question(
        "extended-protection",
        Side::Vdir,
        Type::Text,
        "Whether Extended Protection is None, Allow or Require: as IIS has it, else as the cmdlet printed it.",
        |ladder, subject, _| target_of(ladder, subject).extended_protection().map(Value::Text),
    ),
    question(
        "site-starts",
        Side::Vdir,
        Type::Boolean,
        "Whether the web site starts by itself.",
        |ladder, subject, _| target_of(ladder, subject).site_starts().map(Value::Boolean),
    ),
    question(
        "pool-starts",
        Side::Vdir,
        Type::Boolean,
        "Whether the application pool exists and starts by itself.",
        |ladder, subject, _| target_of(ladder, subject).pool_starts().map(Value::Boolean),
    ),
    question(
        "has-application",
        Side::Vdir,
        Type::Boolean,
        "Whether the web site has an application at the path.",
        |ladder, subject, _| target_of(ladder, subject).has_application().map(Value::Boolean),
    ),
    question(
        "iis-site",
        Side::Vdir,
        IIS_SITES,
        "Whether the site is in applicationHost.config: found, missing, disagrees (id and name name different sites), foreign (MetabasePath names another server).",
        |ladder, subject, _| iis_site(target_of(ladder, subject)),
    ),
    question(
        "ad-properties-only",
        Side::Vdir,
        Type::Boolean,
        "Whether the export was made with -ADPropertiesOnly, which prints no settings of IIS.",
        |ladder, subject, _| ad_only(target_of(ladder, subject)),
    ),
    question(
        "key-properties-missing",
        Side::Vdir,
        Type::List,
        "Which of the properties that decide about proxying were not exported.",
        |ladder, subject, _| missing_properties(target_of(ladder, subject)),
    ),
];

fn iis_site(target: &Target<'_>) -> Answer<Value> {
    let is = |word: &str, evidence: Vec<Evidence>| Answer::Is(Value::Text(word.to_owned()), evidence);
    if let Some(host) = place::foreign_host(target.server, target.vdir) {
        let note = format!("MetabasePath names {}, the export names {}", host.text, target.server.name);
        return is("foreign", vec![Evidence::noted(host.span, note)]);
    }
    if target.server.iis.is_empty() {
        return Answer::open(target.server.no_iis());
    }
    for (found, iis) in target.places().iter().zip(&target.server.iis) {
        if let Found::Nowhere(why, span) = found {
            let absent = Evidence::noted(iis.root, "not in this configuration");
            return is("missing", vec![Evidence::noted(*span, why.clone()), absent]);
        }
        if let Some((id, site, name)) = place::disagreement(iis, target.vdir) {
            let note = format!("this id is the site {}", site.text);
            let others =
                [Evidence::noted(site.span, "the site with this id"), Evidence::noted(name.span, "another name")];
            return is("disagrees", [vec![Evidence::noted(id.span, note)], others.to_vec()].concat());
        }
    }
    is("found", vec![Evidence::value(target.vdir.place)])
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
