//! Made-up snapshots of any size, with faults in a share of the servers, and what a lint is to find in them.

mod application_host;
mod fault;
mod random;
mod registry;

use std::fmt::Write as _;
use std::io;

use serde_json::{Value as Json, json};

use crate::shapes::object::{Object, Value, control_panel, server, vdir};
use crate::shapes::writers;
use application_host::{Bulk, application_host};
pub(crate) use fault::Fault;
use random::Random;

/// How objects are exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `Format-List`.
    List,
    /// `Export-Clixml`.
    Clixml,
    /// `ConvertTo-Json`.
    Json,
    /// One server like this, the next like that.
    Mixed,
}

/// How much of the registry is exported.
#[allow(dead_code, reason = "no test exports the largest")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Registry {
    /// Nothing.
    None,
    /// The key of OWA.
    Small,
    /// The services of one control set, 280 KB.
    Services,
    /// The whole of `HKLM\SYSTEM`, 300 MB.
    System,
}

/// What a snapshot is made from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// How many servers there are.
    pub(crate) servers: usize,
    /// How their objects are exported.
    pub(crate) shape: Shape,
    /// How much of the registry goes with them.
    pub(crate) registry: Registry,
    /// Decides all that is left open.
    pub(crate) seed: u64,
    /// The share of servers that have a fault.
    pub(crate) faults: f64,
    /// Whether files are small: four of a few KB for each server.
    pub(crate) is_small: bool,
}

/// How many servers one AD site has; in a small estate each server has a site of its own, so that there are pairs.
const SITE: usize = 4;

/// A file of a snapshot: its path and its bytes.
pub(crate) type File = (String, Vec<u8>);

impl Plan {
    /// The fault of a server, if it has one.
    pub(crate) fn fault(&self, index: usize) -> Option<Fault> {
        let mut random = Random::new(self.seed, index as u64 * 2);
        let is_shown = |fault: &Fault| self.registry != Registry::None || !fault.is_of_registry();
        let possible: Vec<Fault> = Fault::ALL.into_iter().filter(is_shown).collect();
        random.happens(self.faults).then(|| random.one_of(&possible))
    }

    /// The files of one server; the registry export comes last.
    pub(crate) fn files(&self, index: usize) -> io::Result<Vec<File>> {
        let mut random = Random::new(self.seed, index as u64 * 2 + 1);
        let fault = self.fault(index);
        let name = name(index);
        let servers_of_one = if self.servers < 2 * SITE { 1 } else { SITE };
        let site = format!("Site{:04}", index / servers_of_one);
        let owa = vdir(&name);
        let owa = fault.map_or(owa.clone(), |fault| fault.break_vdir(owa, &name));
        let owa = if self.is_small { owa } else { with_the_rest(owa, &mut random) };
        let mut files = vec![self.export(index, "owa", &[owa]), self.export(index, "server", &[server(&name, &site)])];
        let bulk = if self.is_small { Bulk::Little } else { Bulk::Whole };
        let host = application_host(&mut random, bulk, fault);
        files.push((format!("{name}/applicationHost.config"), host.into_bytes()));
        if !self.is_small {
            files.push(self.export(index, "ecp", &[control_panel(&name)]));
            files.push((format!("{name}/ClientAccess/owa/web.config"), web_config(&mut random).into_bytes()));
        }
        if self.registry != Registry::None {
            let mut bytes = Vec::new();
            registry::export(&mut bytes, &mut random, self.registry, fault)?;
            files.push((format!("{name}/owa.reg"), bytes));
        }
        Ok(files)
    }

    /// What a lint is to find: each server with a fault, and the rule.
    pub(crate) fn truth(&self) -> Json {
        let faults = (0..self.servers).filter_map(|index| {
            let fault = self.fault(index)?;
            let role = if fault.is_of_registry() { "server" } else { "target" };
            Some(json!({ role: name(index), "rule": fault.rule() }))
        });
        json!({ "servers": self.servers, "seed": self.seed, "faults": faults.collect::<Vec<_>>() })
    }

    fn export(&self, index: usize, what: &str, objects: &[Object]) -> File {
        let shapes = [Shape::List, Shape::Clixml, Shape::Json];
        let shape = if self.shape == Shape::Mixed { shapes[index % shapes.len()] } else { self.shape };
        let (ending, text) = match shape {
            Shape::Clixml => ("xml", writers::clixml(objects)),
            Shape::Json => ("json", writers::old_json(objects)),
            Shape::List | Shape::Mixed => ("txt", writers::list(objects, Some(119))),
        };
        (format!("{}/{what}.{ending}", name(index)), text.replace('\n', "\r\n").into_bytes())
    }
}

/// The name of a server.
fn name(index: usize) -> String {
    format!("CAS{index:05}")
}

/// The properties that no rule asks about: switches, lists of types, and an object that prints itself.
fn with_the_rest(mut object: Object, random: &mut Random) -> Object {
    const SWITCHES: [&str; 24] = [
        "ActiveSyncIntegrationEnabled",
        "AllAddressListsEnabled",
        "CalendarEnabled",
        "ChangePasswordEnabled",
        "ContactsEnabled",
        "DelegateAccessEnabled",
        "DirectFileAccessOnPublicComputersEnabled",
        "ExplicitLogonEnabled",
        "ForceSaveAttachmentFilteringEnabled",
        "GlobalAddressListEnabled",
        "InstantMessagingEnabled",
        "JournalEnabled",
        "JunkEmailEnabled",
        "NotesEnabled",
        "OWALightEnabled",
        "PremiumClientEnabled",
        "PublicFoldersEnabled",
        "RecoverDeletedItemsEnabled",
        "RulesEnabled",
        "SMimeEnabled",
        "SearchFoldersEnabled",
        "SignaturesEnabled",
        "SpellCheckerEnabled",
        "ThemeSelectionEnabled",
    ];
    const TYPES: [&str; 8] = [
        "application/pdf",
        "application/vnd.ms-excel",
        "image/jpeg",
        "text/html",
        "application/x-shockwave-flash",
        "video/mpeg",
        "text/xml",
        "application/x-javascript",
    ];
    object.properties.extend(SWITCHES.map(|name| (name, Value::Switch(random.below(2) == 0))));
    for (name, count) in [("AllowedMimeTypes", 40), ("ForceSaveMimeTypes", 30), ("AllowedFileTypes", 60)] {
        object.properties.push((name, Value::Texts((0..count).map(|_| random.one_of(&TYPES)).collect())));
    }
    object.properties.push(("Id", Value::Record("0.10 (14.0.100.0)".to_owned())));
    object
}

/// A web.config of an application: settings of its own, and none that a rule asks about.
fn web_config(random: &mut Random) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<configuration>\r\n  <appSettings>\r\n    <!-- Settings of the application -->\r\n",
    );
    for number in 0..200 {
        let _ = write!(out, "    <add key=\"Setting{number}\" value=\"{}\" />\r\n", random.next());
    }
    out.push_str("  </appSettings>\r\n  <system.web>\r\n    <compilation defaultLanguage=\"c#\" debug=\"false\">\r\n      <assemblies>\r\n");
    for number in 0..60 {
        let _ = write!(
            out,
            "        <add assembly=\"Example.Part{number}, Version=14.0.0.0, Culture=neutral, PublicKeyToken={:016x}\" />\r\n",
            random.next()
        );
    }
    out.push_str("      </assemblies>\r\n    </compilation>\r\n  </system.web>\r\n</configuration>\r\n");
    out
}
