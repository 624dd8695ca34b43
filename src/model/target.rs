//! What is in force at one virtual directory, as a source that proxies to it would meet it.

mod error_pages;
mod filters;
mod in_force;
mod unseen;

use std::sync::OnceLock;

use crate::model::answer::{Answer, Evidence, List, Missing};
use crate::model::attributes::{self, Kind};
use crate::model::iis::FRAGMENT;
use crate::model::place::{self, Found, IisPlace};
use crate::model::rewrite::Rewriting;
use crate::model::server::Server;
use crate::model::setting::Field;
use crate::model::site::Start;
use crate::model::target::in_force::{attribute_at, providers_at, setting};
pub(in crate::model) use crate::model::target::in_force::{inherited, undetermined};
use crate::model::url::Url;
use crate::model::vdir::Vdir;
use crate::text::scalar::Text;
use crate::text::secret::masked;

/// What settles it where two configurations of one server differ.
pub const IN_FORCE: &str = "the one that is in force";

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
    rewriting: OnceLock<Answer<Rewriting>>,
    providers: OnceLock<Answer<List>>,
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
        let places = server.iis.iter().chain(&server.excerpts).map(|iis| place::find(iis, vdir)).collect();
        let internal = url(server, vdir, "InternalUrl");
        let external = url(server, vdir, "ExternalUrl");
        Target { server, vdir, places, internal, external, rewriting: OnceLock::new(), providers: OnceLock::new() }
    }

    /// `InternalUrl`; `None` if it is empty.
    pub fn internal_url(&self) -> &Answer<Option<Url>> {
        &self.internal
    }

    /// `ExternalUrl`; `None` if it is empty.
    pub fn external_url(&self) -> &Answer<Option<Url>> {
        &self.external
    }

    /// The places in IIS that were found, one for each configuration of the server, then one for each excerpt.
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
    pub fn providers(&self) -> &Answer<List> {
        self.providers.get_or_init(|| self.in_whole(|place| providers_at(place, self.server)))
    }

    /// Whether Negotiate, or Negotiate held to Kerberos, is among the providers: without it the source's Kerberos
    /// ticket is not taken (documented with Event 71).
    pub fn offers_negotiate(&self) -> Answer<bool> {
        let kerberos = |list: &List| list.items.iter().any(|it| it.eq_ignore_ascii_case("Negotiate:Kerberos"));
        told(self.providers().clone(), |list| if kerberos(list) { Ok(true) } else { list.has("Negotiate") })
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
        self.in_whole(|place| {
            self.start(place.iis.sites.site_starts(place.site, place.iis.fragment), "the site's start")
        })
    }

    /// Whether the application pool starts by itself; true where there is no application, since another step tells.
    pub fn pool_starts(&self) -> Answer<bool> {
        self.in_whole(|place| match place.application {
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
            if place.iis.sites.may_inherit_bindings(place.site) {
                let why = "the site lists no bindings, and whether it takes those of siteDefaults is not documented";
                return Answer::open(self.undetermined(why, "the bindings"));
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
        self.in_whole(|place| super::admission::at(place, self.server, source))
    }

    /// What `ipSecurity` does with requests, where that is the same for every source.
    pub fn admission_of_all(&self) -> Option<Answer<Admission>> {
        let mut depends = false;
        let answer = self.in_whole(|place| {
            super::admission::of_all(place, self.server).unwrap_or_else(|| {
                depends = true;
                Answer::Is(Admission::Allowed, Vec::new())
            })
        });
        (!depends).then_some(answer)
    }

    /// The domain names of `ipSecurity` that may keep a source out.
    pub fn domain_restrictions(&self) -> Answer<List> {
        self.in_iis(|place| super::admission::domain_names(place, self.server)).map(List::whole)
    }

    /// Which dynamic restrictions are on and answer 403: `concurrent-requests`, `request-rate`.
    pub fn dynamic_restrictions(&self) -> Answer<List> {
        const LIMITS: [(&str, &str); 2] =
            [("concurrent-requests", attributes::DENY_CONCURRENT), ("request-rate", attributes::DENY_RATE)];
        let only_logs = self.iis_boolean(attributes::DYNAMIC_IP, "enableLoggingOnlyMode");
        let action = self.checked(attributes::DYNAMIC_IP, "denyAction");
        let (mut names, mut evidence) = (Vec::new(), Vec::new());
        for (name, section) in LIMITS {
            match self.iis_boolean(section, "enabled") {
                Answer::Open(missing, shown) => return Answer::Open(missing, shown),
                Answer::Is(true, shown) => {
                    names.push(name.to_owned());
                    evidence.extend(shown);
                }
                Answer::Is(false, _) => {}
            }
        }
        match (only_logs, action) {
            _ if names.is_empty() => Answer::Is(List::whole(names), evidence),
            (Answer::Open(missing, shown), _) | (_, Answer::Open(missing, shown)) => Answer::Open(missing, shown),
            (Answer::Is(false, _), Answer::Is(action, _)) if action.eq_ignore_ascii_case("Forbidden") => {
                Answer::Is(List::whole(names), evidence)
            }
            _ => Answer::Is(List::whole(Vec::new()), evidence),
        }
    }

    /// Whether a sign-in has to be tied to its connection: `None`, `Allow` or `Require`. The stricter of what the cmdlet
    /// printed and of what IIS has in force holds, since either may be older.
    pub fn extended_protection(&self) -> Answer<String> {
        let printed = self
            .text("ExtendedProtectionTokenChecking")
            .map(|text| text.map_or_else(String::new, |text| text.text.to_string()));
        if matches!(&printed, Answer::Is(word, _) if word.eq_ignore_ascii_case("Require")) {
            return printed;
        }
        match (self.checked(attributes::EXTENDED_PROTECTION, "tokenChecking"), &printed) {
            (Answer::Open(..), Answer::Is(..)) => printed,
            (answer, _) => answer,
        }
    }

    /// An attribute at one place that is true or false.
    fn boolean_at(&self, place: &IisPlace<'e>, section: &str, name: &str) -> Answer<bool> {
        self.text_at(place, section, name).map(|text| text.eq_ignore_ascii_case("true"))
    }

    /// An attribute at one place, if it is a value that the attribute can have.
    fn text_at(&self, place: &IisPlace<'e>, section: &str, name: &str) -> Answer<String> {
        self.accepted(section, name, attribute_at(place, self.server, section, name, None))
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

    /// Asks every configuration of the server, and what appcmd printed of it; where they differ, the answer is open.
    /// What appcmd does not show stays with the others.
    fn in_iis<T: PartialEq>(&self, mut ask: impl FnMut(&IisPlace<'e>) -> Answer<T>) -> Answer<T> {
        let is_shown = |answer: &Answer<T>| match answer {
            Answer::Is(..) => true,
            Answer::Open(missing, _) => !missing.reason.ends_with(FRAGMENT),
        };
        let answers = self.places.iter().enumerate().filter_map(|(index, found)| {
            if index < self.server.iis.len() {
                return Some((self.at(found, &mut ask), false));
            }
            let usable = found.place().filter(|place| place.iis.unusable.is_none())?;
            Some((ask(usable), true)).filter(|(answer, _)| is_shown(answer))
        });
        self.all_agreed(answers)
    }

    /// Asks every whole configuration of the server, for what appcmd never shows, or not to its end.
    fn in_whole<T: PartialEq>(&self, mut ask: impl FnMut(&IisPlace<'e>) -> Answer<T>) -> Answer<T> {
        let (whole, _) = self.places.split_at(self.server.iis.len());
        self.all_agreed(whole.iter().map(|it| (self.at(it, &mut ask), false)))
    }

    fn all_agreed<T: PartialEq>(&self, answers: impl Iterator<Item = (Answer<T>, bool)>) -> Answer<T> {
        let agreed = answers.reduce(|one, other| self.agreed(one, other));
        agreed.map_or_else(|| Answer::open(self.server.no_iis()), |(answer, _)| answer)
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

    /// What two answers leave, each with whether appcmd gave it.
    fn agreed<T: PartialEq>(&self, one: (Answer<T>, bool), other: (Answer<T>, bool)) -> (Answer<T>, bool) {
        let ((one, one_printed), (other, printed)) = (one, other);
        let answer = match (&one, &other) {
            (Answer::Is(first, _), Answer::Is(second, _)) if first == second => one,
            (Answer::Open(..), _) => one,
            (_, Answer::Open(..)) => other,
            _ => {
                let name = &self.server.name;
                let reason = match (one_printed, printed) {
                    (false, false) => format!("two applicationHost.config files of {name} differ"),
                    (true, true) => format!("two outputs of appcmd on {name} differ"),
                    _ => format!("the applicationHost.config of {name} and what appcmd printed there differ"),
                };
                let missing = Missing { reason, server: name.clone(), ask_for: IN_FORCE.to_owned() };
                let mut evidence: Vec<Evidence> = one.evidence().first().cloned().into_iter().collect();
                evidence
                    .extend(other.evidence().first().map(|it| Evidence::noted(it.span, "the other file says this")));
                Answer::Open(missing, evidence)
            }
        };
        (answer, one_printed && printed)
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
