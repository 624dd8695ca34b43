//! A server: its names, its site, and what was exported from it.

use std::net::IpAddr;

use crate::model::answer::{Answer, Evidence, List, Missing};
use crate::model::command;
use crate::model::iis::Iis;
use crate::model::place::SiteReference;
use crate::model::registry::{Lookup, OWA_KEY, Reading, Registry, RegistryValue};
use crate::model::setting::Field;
use crate::model::vdir::Vdir;
use crate::model::version::{Release, Version};
use crate::text::scalar::Text;
use crate::text::span::Span;

/// A Client Access server and everything that is known of it.
#[derive(Debug, Clone)]
pub struct Server {
    /// The short name, spelt as in the estate file, else as in an export, else as its folder.
    pub name: String,
    /// The full DNS name, if something says it.
    pub fqdn: Option<Text>,
    /// The AD site, if something says it.
    pub site: Option<Text>,
    /// The version of Exchange, if something says it, and what does.
    pub version: Option<(Version, Span)>,
    /// Product and service pack, if something says them, and what does.
    pub release: Option<(Release, Span)>,
    /// Whether users come to it from outside, if the estate file says so.
    pub internet_facing: Option<(bool, Span)>,
    /// The addresses that the estate file gives.
    pub addresses: Vec<(IpAddr, Span)>,
    /// Its OWA virtual directories, by identity.
    pub vdirs: Vec<Vdir>,
    /// Its virtual directories of the Exchange Control Panel, by identity.
    pub control_panels: Vec<Vdir>,
    /// Its applicationHost.config; more than one where several were given.
    pub iis: Vec<Iis>,
    /// What appcmd printed of its configuration, one for each file.
    pub excerpts: Vec<Iis>,
    /// Its registry; `None` if no export was given.
    pub registry: Option<Registry>,
    /// Where the server is first named: what a missing export is pinned to.
    pub place: Span,
}

/// A switch of OWA in the registry.
#[derive(Debug, Clone, Copy)]
pub struct Switch {
    /// The name of the value below [`OWA_KEY`].
    pub value: &'static str,
    /// What OWA assumes where the value is absent or not a REG_DWORD.
    pub default: bool,
}

/// Whether the source may proxy to an http URL (documented with Event 42; off by default).
pub const ALLOW_WITHOUT_SSL: Switch = Switch { value: "AllowProxyingWithoutSsl", default: false };
/// Whether the source accepts certificates that it does not trust (documented with Event 43; on by default).
pub const ALLOW_UNTRUSTED: Switch = Switch { value: "AllowInternalUntrustedCerts", default: true };
/// Whether OWA writes https links although a device in front of it takes SSL off (off by default).
pub const SSL_OFFLOADED: Switch = Switch { value: "SSLOffloaded", default: false };

/// The names of all switches that are looked for wherever they stand; no question asks for the last of them.
pub const SWITCHES: [&str; 4] =
    [ALLOW_WITHOUT_SSL.value, ALLOW_UNTRUSTED.value, SSL_OFFLOADED.value, "AllowExternalUntrustedCerts"];

impl Server {
    /// What a switch is set to. Any REG_DWORD but zero is on; a value of another type or length is as good as absent.
    pub fn switch(&self, switch: Switch) -> Answer<bool> {
        let Some(registry) = &self.registry else {
            return Answer::open(self.no_registry());
        };
        match registry.lookup(OWA_KEY, switch.value) {
            Lookup::NotCovered => self.not_covered(OWA_KEY),
            Lookup::Absent(span) => {
                let note = format!("{} is not set, so it is {}", switch.value, on(switch.default));
                Answer::Is(switch.default, vec![Evidence::noted(span, note)])
            }
            Lookup::Set(value) => self.read(switch, value),
        }
    }

    fn read(&self, switch: Switch, value: &RegistryValue) -> Answer<bool> {
        let default = |note: &str| {
            let note = format!("{note}: {}", on(switch.default));
            Answer::Is(switch.default, vec![Evidence::noted(value.data, note)])
        };
        match value.reading() {
            Reading::Number(number) => Answer::at(number != 0, value.data),
            Reading::Nothing if value.kind.is_none() => default("not a number, so it counts as absent"),
            Reading::Nothing => default("not a REG_DWORD of four bytes, so it counts as absent"),
            Reading::NumberOrNothing(number) if (number != 0) == switch.default => {
                default("shown without its type, which makes no difference here")
            }
            Reading::NumberOrNothing(_) | Reading::Unknown => {
                let note = "only a REG_DWORD counts, and this does not show whether it is one";
                Answer::Open(self.type_missing(OWA_KEY, &value.name.text), vec![Evidence::noted(value.data, note)])
            }
        }
    }

    /// That a key is not covered: because no export holds it, or because it is not known whether one that does counts.
    pub fn not_covered<T>(&self, key: &str) -> Answer<T> {
        let held = self.registry.as_ref().and_then(|registry| registry.in_unknown_control_set(key));
        let Some(held) = held else { return Answer::open(self.registry_does_not_cover(key)) };
        let missing = Missing {
            reason: format!(
                "the registry exports of {} hold {key} in a numbered control set only, and not which one is in use",
                self.name
            ),
            server: self.name.clone(),
            ask_for: command::registry(&self.name, r"HKEY_LOCAL_MACHINE\SYSTEM\Select"),
        };
        let note = "this may be the control set in use, or another";
        Answer::Open(missing, vec![Evidence::noted(held.line, note)])
    }

    /// That a value was printed without its type.
    pub fn type_missing(&self, key: &str, value: &str) -> Missing {
        Missing {
            reason: format!("the type of {value} of {} is not shown", self.name),
            server: self.name.clone(),
            ask_for: command::registry(&self.name, key),
        }
    }

    /// Whether the server redirects to the best server instead of proxying (`RedirectToOptimalOWAServer`, which is
    /// True unless changed). `Answer::Is` without evidence means that the default was taken for lack of a vdir.
    pub fn redirects(&self) -> Answer<bool> {
        const NAME: &str = "RedirectToOptimalOWAServer";
        let mut answer: Option<(bool, Span)> = None;
        for vdir in &self.vdirs {
            let (value, span) = match vdir.get(NAME).map(|it| &it.field) {
                Some(Field::Known(content)) if content.text.is("true") => (true, content.text.span),
                Some(Field::Known(content)) if content.text.is("false") => (false, content.text.span),
                other => return Answer::open(self.property_missing(vdir, NAME, other)),
            };
            match answer {
                Some((earlier, place)) if earlier != value => {
                    let missing = Missing {
                        reason: format!("the virtual directories of {} differ in {NAME}", self.name),
                        server: self.name.clone(),
                        ask_for: "which of them users reach".to_owned(),
                    };
                    return Answer::Open(missing, vec![Evidence::value(place), Evidence::value(span)]);
                }
                _ => answer = Some((value, span)),
            }
        }
        match answer {
            Some((value, span)) => Answer::at(value, span),
            None => Answer::Is(true, Vec::new()),
        }
    }

    /// The virtual directory of the control panel that lies in the same web site as one of OWA.
    ///
    /// # Errors
    /// What would settle it, where none or several were given.
    pub fn control_panel_beside(&self, vdir: &Vdir) -> Result<&Vdir, Missing> {
        let own = SiteReference::of(vdir);
        let mut beside = self.control_panels.iter().filter(|panel| SiteReference::of(panel).is_site_of(&own));
        match (beside.next(), beside.next()) {
            (Some(panel), None) => Ok(panel),
            _ => Err(self.no_control_panel(vdir)),
        }
    }

    /// Whether this is Exchange 2013 or later, as far as it is known.
    pub fn is_2013_or_later(&self) -> bool {
        matches!(self.version, Some((Version::Exchange2013OrLater, _)))
    }

    /// That no registry export was given.
    pub fn no_registry(&self) -> Missing {
        self.no_registry_with(OWA_KEY)
    }

    /// That no registry export was given, where a value of this key would settle it.
    pub fn no_registry_with(&self, key: &str) -> Missing {
        Missing {
            reason: format!("no registry export of {} was given", self.name),
            server: self.name.clone(),
            ask_for: command::registry(&self.name, key),
        }
    }

    /// That the registry exports do not hold a key, nor one above it.
    pub fn registry_does_not_cover(&self, key: &str) -> Missing {
        Missing {
            reason: format!("the registry exports of {} do not cover {key}", self.name),
            server: self.name.clone(),
            ask_for: command::registry(&self.name, key),
        }
    }

    /// That no applicationHost.config was given.
    pub fn no_iis(&self) -> Missing {
        Missing {
            reason: format!("no applicationHost.config of {} was given", self.name),
            server: self.name.clone(),
            ask_for: command::iis(&self.name),
        }
    }

    /// That no virtual directory of the control panel was given that lies in the same web site.
    pub fn no_control_panel(&self, vdir: &Vdir) -> Missing {
        Missing {
            reason: format!("no virtual directory of the control panel beside {} was given", vdir.identity),
            server: self.name.clone(),
            ask_for: command::directories(command::CONTROL_PANEL, &self.name),
        }
    }

    /// That no OWA virtual directory was given.
    pub fn no_vdir(&self) -> Missing {
        Missing {
            reason: format!("no OWA virtual directory of {} was given", self.name),
            server: self.name.clone(),
            ask_for: command::directories(command::OWA, &self.name),
        }
    }

    /// A property of a virtual directory as a list.
    pub fn list_of(&self, vdir: &Vdir, name: &str) -> Answer<List> {
        let field = vdir.get(name).map(|setting| &setting.field);
        let missing = || self.property_missing(vdir, name, field);
        match field {
            Some(Field::Known(content)) => Answer::at(content.list(missing), content.text.span),
            Some(Field::Truncated(content)) => {
                let list = content.list(missing);
                Answer::at(List { cut: Some(missing()), ..list }, content.text.span)
            }
            Some(Field::Empty(span)) => Answer::at(List::default(), *span),
            Some(Field::Conflicting(one, other)) => Answer::Open(
                missing(),
                vec![Evidence::value(*one), Evidence::noted(*other, "another export says this")],
            ),
            Some(Field::Unreadable(span)) => Answer::Open(missing(), vec![Evidence::value(*span)]),
            None => Answer::open(missing()),
        }
    }

    /// That a property of a virtual directory was not exported, or cannot be read.
    pub fn property_missing(&self, vdir: &Vdir, name: &str, field: Option<&Field>) -> Missing {
        let state = match field {
            None => "was not exported",
            Some(Field::Truncated(_)) => "was cut when it was printed",
            Some(Field::Conflicting(..)) => "differs between two exports",
            Some(Field::Empty(_)) => "is empty",
            Some(Field::Known(_) | Field::Unreadable(_)) => "cannot be read",
        };
        let is_panel = self.control_panels.iter().any(|it| std::ptr::eq(it, vdir));
        let listing = if is_panel { command::CONTROL_PANEL } else { command::OWA };
        Missing {
            reason: format!("{name} of {} {state}", vdir.identity),
            server: self.name.clone(),
            ask_for: command::directories(listing, &self.name),
        }
    }
}

/// A text as a literal of PowerShell: in single quotes, which PowerShell also takes in their typographic forms.
pub fn quoted(text: &str) -> String {
    let mut literal = String::from("'");
    for character in text.chars() {
        if matches!(character, '\'' | '\u{2018}'..='\u{201b}') {
            literal.push(character);
        }
        literal.push(character);
    }
    literal.push('\'');
    literal
}

fn on(value: bool) -> &'static str {
    if value { "on by default" } else { "off by default" }
}
