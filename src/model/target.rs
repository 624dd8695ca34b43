//! What is in force at one virtual directory, as a source that proxies to it would meet it.

use crate::model::answer::{Answer, Evidence, List, Missing};
use crate::model::attributes::{self, Kind};
use crate::model::iis::{BROKEN, Collection, ELSEWHERE, Effective, FRAGMENT, INVALID, Item, Layer};
use crate::model::place::{self, Found, IisPlace};
use crate::model::server::Server;
use crate::model::setting::Field;
use crate::model::site::Start;
use crate::model::url::Url;
use crate::model::vdir::Vdir;
use crate::text::scalar::Text;
use crate::text::secret::masked;
use crate::text::span::Span;

/// One virtual directory with its server, and its place in IIS, which is looked up once.
#[derive(Debug)]
pub struct Target<'e> {
    /// The server.
    pub server: &'e Server,
    /// The virtual directory.
    pub vdir: &'e Vdir,
    places: Vec<Found<'e>>,
    internal: Answer<Option<Url>>,
    external: Answer<Option<Url>>,
}

/// What IIS does with requests from a server's addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It lets them in.
    Allowed,
    /// It refuses them.
    Denied,
}

impl<'e> Target<'e> {
    /// Looks the virtual directory up in its server's configuration.
    pub fn new(server: &'e Server, vdir: &'e Vdir) -> Target<'e> {
        let places = server.iis.iter().map(|iis| place::find(iis, vdir)).collect();
        let internal = url(server, vdir, "InternalUrl");
        let external = url(server, vdir, "ExternalUrl");
        Target { server, vdir, places, internal, external }
    }

    /// `InternalUrl`; `None` if it is empty.
    pub fn internal_url(&self) -> &Answer<Option<Url>> {
        &self.internal
    }

    /// `ExternalUrl`; `None` if it is empty.
    pub fn external_url(&self) -> &Answer<Option<Url>> {
        &self.external
    }

    /// The places in IIS that were found, one for each configuration of the server.
    pub fn places(&self) -> &[Found<'e>] {
        &self.places
    }

    /// A property that is a list, such as `InternalAuthenticationMethods`.
    pub fn list(&self, name: &str) -> Answer<List> {
        self.server.list_of(self.vdir, name)
    }

    /// A property as text; `None` if it is empty.
    pub fn text(&self, name: &str) -> Answer<Option<&'e Text>> {
        match self.vdir.get(name).map(|setting| &setting.field) {
            Some(Field::Known(content)) => Answer::at(Some(&content.text), content.text.span),
            Some(Field::Empty(span)) => Answer::at(None, *span),
            other => Answer::open(self.missing(name, other)),
        }
    }

    /// An IIS attribute as text, with the schema's default where no layer sets it.
    pub fn iis_text(&self, section: &str, name: &str) -> Answer<String> {
        self.in_iis(|place| attribute_at(place, self.server, section, name, None))
    }

    /// An IIS attribute as text, if it is one that the attribute can have; `unset` is what holds where no layer sets
    /// one whose default the table does not know.
    pub fn iis_value(&self, section: &str, name: &str, unset: Option<&str>) -> Answer<String> {
        self.accepted(section, name, self.in_iis(|place| attribute_at(place, self.server, section, name, unset)))
    }

    /// An IIS attribute that is true or false.
    pub fn iis_boolean(&self, section: &str, name: &str) -> Answer<bool> {
        self.checked(section, name).map(|text| text.eq_ignore_ascii_case("true"))
    }

    /// An IIS attribute that is a list of flags.
    pub fn iis_flags(&self, section: &str, name: &str) -> Answer<List> {
        self.checked(section, name)
            .map(|text| List::whole(attributes::flags(&text).into_iter().map(str::to_owned).collect()))
    }

    /// The providers of Windows authentication, in their order.
    pub fn providers(&self) -> Answer<List> {
        self.in_iis(|place| providers_at(place, self.server))
    }

    /// Whether Negotiate, or Negotiate held to Kerberos, is among the providers: without it the source's Kerberos
    /// ticket is not taken (documented with Event 71).
    pub fn offers_negotiate(&self) -> Answer<bool> {
        let kerberos = |list: &List| list.items.iter().any(|it| it.eq_ignore_ascii_case("Negotiate:Kerberos"));
        told(self.providers(), |list| if kerberos(list) { Ok(true) } else { list.has("Negotiate") })
    }

    /// Whether scripts may run for requests from other machines: the access policy has Script and not NoRemoteScript.
    pub fn allows_script(&self) -> Answer<bool> {
        let policy = self.iis_flags(attributes::HANDLERS, "accessPolicy");
        told(policy, |list| Ok(list.has("Script")? && !list.has("NoRemoteScript")?))
    }

    /// Whether the site has an application at the virtual directory's path.
    pub fn has_application(&self) -> Answer<bool> {
        self.in_iis(|place| match place.application {
            Some(application) => Answer::at(true, application.path.span),
            None if place.iis.fragment => Answer::open(self.undetermined(FRAGMENT, "the application")),
            None => Answer::Is(false, vec![Evidence::value(place.site.name.span)]),
        })
    }

    /// Whether the site starts by itself.
    pub fn site_starts(&self) -> Answer<bool> {
        self.in_iis(|place| self.start(place.iis.sites.site_starts(place.site, place.iis.fragment), "the site's start"))
    }

    /// Whether the application pool starts by itself; true where there is no application, since another step tells.
    pub fn pool_starts(&self) -> Answer<bool> {
        self.in_iis(|place| match place.application {
            Some(it) => self.start(place.iis.sites.pool_starts(place.site, it, place.iis.fragment), "the pool's start"),
            None => Answer::Is(true, vec![Evidence::value(place.site.name.span)]),
        })
    }

    /// Whether the site has a binding for the scheme, port and host of a URL.
    pub fn has_binding(&self, url: &Url) -> Answer<bool> {
        let (Some(scheme), Some(port), Some(host)) = (url.scheme(), url.port(), url.host()) else {
            return Answer::open(self.undetermined("the URL names no scheme, port and host", "the binding"));
        };
        self.in_iis(|place| {
            if let Some(binding) = place.site.bindings.iter().find(|it| it.answers(&scheme, port, host)) {
                return Answer::at(true, binding.span());
            }
            if place.iis.fragment && place.site.bindings_tag.is_none() {
                return Answer::open(self.undetermined(FRAGMENT, "the bindings"));
            }
            let mut evidence = vec![Evidence::value(place.site.name.span)];
            evidence.extend(
                place
                    .site
                    .bindings
                    .iter()
                    .take(8)
                    .map(|it| Evidence::noted(it.span(), format!("this binding answers {} here", it.protocol.text))),
            );
            Answer::Is(false, evidence)
        })
    }

    /// What `ipSecurity` does with requests from a source.
    pub fn admission(&self, source: &Server) -> Answer<Admission> {
        self.in_iis(|place| super::admission::at(place, self.server, source))
    }

    /// What `ipSecurity` does with requests, where that is the same for every source.
    pub fn admission_of_all(&self) -> Option<Answer<Admission>> {
        let mut depends = false;
        let answer = self.in_iis(|place| {
            super::admission::of_all(place, self.server).unwrap_or_else(|| {
                depends = true;
                Answer::Is(Admission::Allowed, Vec::new())
            })
        });
        (!depends).then_some(answer)
    }

    /// Whether a web.config that was not given could change a section at the virtual directory.
    pub fn may_be_changed_below(&self, section: &str) -> bool {
        self.places.iter().any(|found| match found {
            Found::At(place) => place.iis.is_open_to_lower_files(&place.chain, section),
            Found::Nowhere(..) => false,
        })
    }

    /// The text of an attribute, if it is one that the attribute can have.
    fn checked(&self, section: &str, name: &str) -> Answer<String> {
        self.accepted(section, name, self.iis_text(section, name))
    }

    fn accepted(&self, section: &str, name: &str, answer: Answer<String>) -> Answer<String> {
        let kind = attributes::find(section, name).map_or(Kind::Text, |row| row.kind);
        match answer {
            Answer::Is(text, evidence) if !attributes::accepts(kind, &text) => {
                let missing =
                    self.undetermined(&format!("`{}` is no value for it", masked(&text)), &setting(section, name));
                Answer::Open(missing, evidence)
            }
            answer => answer,
        }
    }

    fn start(&self, start: Start, what: &str) -> Answer<bool> {
        match start {
            Start::Yes(span) => Answer::at(true, span),
            Start::No(span, note) => Answer::Is(false, vec![Evidence { span, note: note.map(str::to_owned) }]),
            Start::Undetermined(why, span) => Answer::Open(self.undetermined(&why, what), vec![Evidence::value(span)]),
        }
    }

    /// Asks every configuration of the server; where they differ, the answer is open.
    fn in_iis<T: PartialEq>(&self, mut ask: impl FnMut(&IisPlace<'e>) -> Answer<T>) -> Answer<T> {
        let mut answers = self.places.iter().map(|found| self.at(found, &mut ask));
        let Some(first) = answers.next() else {
            return Answer::open(self.server.no_iis());
        };
        answers.fold(first, |one, other| self.agreed(one, other))
    }

    fn at<T>(&self, found: &Found<'e>, ask: impl FnOnce(&IisPlace<'e>) -> Answer<T>) -> Answer<T> {
        match found {
            Found::Nowhere(why, span) => {
                let missing = Missing {
                    reason: format!("the web site of {} could not be found: {why}", self.vdir.identity),
                    server: self.server.name.clone(),
                    ask_for: format!("the applicationHost.config that {} runs with", self.server.name),
                };
                Answer::Open(missing, vec![Evidence::value(*span)])
            }
            Found::At(place) => match place.iis.unusable {
                Some((why, span)) => Answer::Open(self.undetermined(why, ""), vec![Evidence::value(span)]),
                None => ask(place),
            },
        }
    }

    fn agreed<T: PartialEq>(&self, one: Answer<T>, other: Answer<T>) -> Answer<T> {
        match (&one, &other) {
            (Answer::Is(first, _), Answer::Is(second, _)) if first == second => one,
            (Answer::Open(..), _) => one,
            (_, Answer::Open(..)) => other,
            _ => {
                let missing = Missing {
                    reason: format!("two applicationHost.config files of {} differ", self.server.name),
                    server: self.server.name.clone(),
                    ask_for: "the one that is in force".to_owned(),
                };
                let mut evidence: Vec<Evidence> = one.evidence().first().cloned().into_iter().collect();
                evidence
                    .extend(other.evidence().first().map(|it| Evidence::noted(it.span, "the other file says this")));
                Answer::Open(missing, evidence)
            }
        }
    }

    fn missing(&self, name: &str, field: Option<&Field>) -> Missing {
        self.server.property_missing(self.vdir, name, field)
    }

    fn undetermined(&self, why: &str, what: &str) -> Missing {
        undetermined(self.server, &self.vdir.identity, why, what)
    }
}

/// What a list says of a condition; a list that was cut may leave it open.
fn told(answer: Answer<List>, test: impl FnOnce(&List) -> Result<bool, Missing>) -> Answer<bool> {
    match answer {
        Answer::Open(missing, evidence) => Answer::Open(missing, evidence),
        Answer::Is(list, evidence) => match test(&list) {
            Ok(value) => Answer::Is(value, evidence),
            Err(missing) => Answer::Open(missing, evidence),
        },
    }
}

/// An attribute as people name it: `access@sslFlags`.
fn setting(section: &str, name: &str) -> String {
    format!("{}@{name}", section.rsplit('/').next().unwrap_or(section))
}

/// Reasons that concern the whole file.
const WHOLE: [&str; 4] = [FRAGMENT, BROKEN, INVALID, ELSEWHERE];

/// Faults of the whole file are one reason, whatever it was that could not be told.
pub(super) fn undetermined(server: &Server, object: &str, why: &str, what: &str) -> Missing {
    let reason = if WHOLE.contains(&why) {
        format!("the applicationHost.config of {} {why}", server.name)
    } else {
        format!("{what} at {object} on {} could not be told: {why}", server.name)
    };
    let whole = why == FRAGMENT || why == BROKEN;
    let ask_for = if whole { "the whole applicationHost.config" } else { "a corrected applicationHost.config" };
    Missing { reason, server: server.name.clone(), ask_for: format!("{ask_for} of {}", server.name) }
}

fn url(server: &Server, vdir: &Vdir, name: &str) -> Answer<Option<Url>> {
    match vdir.get(name).map(|setting| &setting.field) {
        Some(Field::Known(content)) => Answer::at(Some(Url::parse(content.text.clone())), content.text.span),
        Some(Field::Empty(span)) => Answer::at(None, *span),
        other => {
            let evidence = other.map(|field| Evidence::value(field.span())).into_iter().collect();
            Answer::Open(server.property_missing(vdir, name, other), evidence)
        }
    }
}

/// The evidence for a value that a layer sets: the value, and the path of the layer that it is inherited from.
pub(super) fn inherited(span: Span, layer: &Layer, place: &IisPlace<'_>) -> Vec<Evidence> {
    let mut evidence = vec![Evidence::value(span)];
    if !layer.is_at(&place.path) {
        if let Some(path) = layer.path.as_ref().filter(|path| path.span != span && !path.text.is_empty()) {
            evidence.push(Evidence::noted(path.span, "set for this path, and inherited"));
        } else {
            evidence[0].note = Some("set for the whole server".to_owned());
        }
    }
    evidence
}

/// The thing that lacks a setting: the application, or the site where there is none.
fn lacking(place: &IisPlace<'_>) -> Span {
    place.application.map_or(place.site.name.span, |application| application.path.span)
}

fn attribute_at(
    place: &IisPlace<'_>,
    server: &Server,
    section: &str,
    name: &str,
    unset: Option<&str>,
) -> Answer<String> {
    match place.iis.effective(&place.chain, section, name) {
        Effective::Set { value, layer } => Answer::Is(value.text.to_string(), inherited(value.span, layer, place)),
        Effective::Default => match attributes::find(section, name).map(|row| row.default).or(unset) {
            Some(default) => {
                let note = format!("no layer sets {}, so it is `{default}`", setting(section, name));
                Answer::Is(default.to_owned(), vec![Evidence::noted(lacking(place), note)])
            }
            None => {
                let why = "no layer sets it, and its default is not known";
                let missing = undetermined(server, &place.path, why, &setting(section, name));
                let ask_for = "the default of the attribute, as `unset` in the rule".to_owned();
                Answer::Open(Missing { ask_for, ..missing }, vec![Evidence::value(lacking(place))])
            }
        },
        Effective::Undetermined(why, span) => {
            let evidence = span.map(Evidence::value).into_iter().collect();
            Answer::Open(undetermined(server, &place.path, &why, &setting(section, name)), evidence)
        }
    }
}

fn providers_at(place: &IisPlace<'_>, server: &Server) -> Answer<List> {
    let collection = place.iis.collection(&place.chain, &format!("{}/providers", attributes::WINDOWS), &["value"]);
    let value = |item: &Item<'_>| item.attribute("value").map_or(String::new(), |value| value.text.trim().to_owned());
    let removed: Vec<String> = collection.removed.iter().map(value).collect();
    let mut items: Vec<String> = collection.items.iter().map(value).collect();
    let by_default = collection.is_default && collection.undetermined.is_none();
    if by_default {
        let left = |it: &&str| !removed.iter().any(|gone| gone.eq_ignore_ascii_case(it));
        items = ["Negotiate", "NTLM"].into_iter().filter(left).map(str::to_owned).collect();
    }
    let mut evidence = providers_evidence(place, &collection);
    if by_default && evidence.is_empty() {
        let note = "no layer lists providers, so they are Negotiate and NTLM";
        evidence.push(Evidence::noted(lacking(place), note));
    } else if evidence.is_empty() {
        evidence.push(Evidence::value(collection.place.unwrap_or_else(|| lacking(place))));
    }
    let cut = collection
        .undetermined
        .map(|(why, _)| undetermined(server, &place.path, &why, "the providers of Windows authentication"));
    Answer::Is(List { items, cut }, evidence)
}

/// What took Negotiate away comes first, if anything did; then the providers that are left.
fn providers_evidence(place: &IisPlace<'_>, collection: &Collection<'_>) -> Vec<Evidence> {
    let span = |item: &Item<'_>| item.attribute("value").map_or(item.tag, |value| value.span);
    let is_negotiate = |item: &&Item<'_>| {
        item.attribute("value").is_some_and(|value| value.text.trim().to_ascii_lowercase().starts_with("negotiate"))
    };
    let has_negotiate = collection.items.iter().any(|item| is_negotiate(&item));
    let gone = collection.removed.iter().rev().find(is_negotiate).filter(|_| !has_negotiate);
    let mut evidence: Vec<Evidence> =
        gone.map(|item| Evidence::noted(span(item), "it is taken out here")).into_iter().collect();
    for item in &collection.items {
        if evidence.is_empty() {
            evidence.extend(inherited(span(item), item.layer, place));
        } else {
            evidence.push(Evidence::noted(span(item), "a provider"));
        }
    }
    evidence
}
