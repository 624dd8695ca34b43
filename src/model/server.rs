//! A server: its names, its site, and what was exported from it.

use std::net::IpAddr;

use crate::model::answer::{Answer, Evidence, Missing};
use crate::model::iis::Iis;
use crate::model::registry::{Lookup, OWA_KEY, Registry};
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

impl Server {
    /// What a switch is set to. Any REG_DWORD but zero is on; a value of another type or length is as good as absent.
    pub fn switch(&self, switch: Switch) -> Answer<bool> {
        let Some(registry) = &self.registry else {
            return Answer::open(self.no_registry());
        };
        match registry.lookup(OWA_KEY, switch.value) {
            Lookup::NotCovered => Answer::open(self.registry_does_not_cover(OWA_KEY)),
            Lookup::Absent(span) => {
                let note = format!("{} is not set, so it is {}", switch.value, on(switch.default));
                Answer::Is(switch.default, vec![Evidence::noted(span, note)])
            }
            Lookup::Set(value) => match value.dword() {
                Some(number) => Answer::at(number != 0, value.data),
                None => {
                    let note = format!("not a REG_DWORD of four bytes, so it counts as absent: {}", on(switch.default));
                    Answer::Is(switch.default, vec![Evidence::noted(value.data, note)])
                }
            },
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

    /// Whether this is Exchange 2013 or later, as far as it is known.
    pub fn is_2013_or_later(&self) -> bool {
        matches!(self.version, Some((Version::Exchange2013OrLater, _)))
    }

    /// That no registry export was given.
    pub fn no_registry(&self) -> Missing {
        Missing {
            reason: format!("no registry export of {} was given", self.name),
            server: self.name.clone(),
            ask_for: export_command(),
        }
    }

    /// That the registry exports do not hold a key, nor one above it.
    pub fn registry_does_not_cover(&self, key: &str) -> Missing {
        Missing {
            reason: format!("the registry exports of {} do not cover {key}", self.name),
            server: self.name.clone(),
            ask_for: export_command(),
        }
    }

    /// That no applicationHost.config was given.
    pub fn no_iis(&self) -> Missing {
        Missing {
            reason: format!("no applicationHost.config of {} was given", self.name),
            server: self.name.clone(),
            ask_for: format!(r"a copy of %windir%\system32\inetsrv\config\applicationHost.config of {}", self.name),
        }
    }

    /// That no OWA virtual directory was given.
    pub fn no_vdir(&self) -> Missing {
        Missing {
            reason: format!("no OWA virtual directory of {} was given", self.name),
            server: self.name.clone(),
            ask_for: format!("Get-OwaVirtualDirectory -Server {} | Format-List *", quoted(&self.name)),
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
        Missing {
            reason: format!("{name} of {} {state}", vdir.identity),
            server: self.name.clone(),
            ask_for: format!(
                "$FormatEnumerationLimit = -1; Get-OwaVirtualDirectory -Identity {} | Format-List *",
                quoted(&vdir.identity)
            ),
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

fn export_command() -> String {
    let key = OWA_KEY.replacen("HKEY_LOCAL_MACHINE", "HKLM", 1);
    format!("reg export \"{key}\" owa.reg")
}

fn on(value: bool) -> &'static str {
    if value { "on by default" } else { "off by default" }
}
