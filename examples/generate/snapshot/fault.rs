//! The faults that are put into servers, each with the rule that is to find it.

use crate::shapes::object::{Object, Value, forms};

/// One way to break proxying to a server, or a setting of its own that does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The InternalUrl is plain http, and no source may use that.
    PlainHttp,
    /// The directory demands certificates of clients.
    ClientCertificate,
    /// Integrated Windows authentication is off in IIS.
    WindowsOffInIis,
    /// Scripts may not run in the directory.
    NoScripts,
    /// There is no InternalUrl.
    NoUrl,
    /// The InternalUrl ends in something else than `/owa`.
    OtherPath,
    /// The directory is as setup leaves it, with forms.
    Forms,
    /// The URL is https, and the site has no such binding.
    NoBinding,
    /// The opt-in stands in the registry as a text.
    SwitchAsText,
}

impl Fault {
    /// All of them.
    pub(crate) const ALL: [Fault; 9] = [
        Fault::PlainHttp,
        Fault::ClientCertificate,
        Fault::WindowsOffInIis,
        Fault::NoScripts,
        Fault::NoUrl,
        Fault::OtherPath,
        Fault::Forms,
        Fault::NoBinding,
        Fault::SwitchAsText,
    ];

    /// The rule that is to find it.
    pub(crate) fn rule(self) -> &'static str {
        match self {
            Fault::PlainHttp => "P42-001",
            Fault::ClientCertificate => "P42-003",
            Fault::WindowsOffInIis => "PRX-105",
            Fault::NoScripts => "P42-006",
            Fault::NoUrl => "PRX-102",
            Fault::OtherPath => "PRX-101",
            Fault::Forms => "PRX-104",
            Fault::NoBinding => "PRX-115",
            Fault::SwitchAsText => "HYG-201",
        }
    }

    /// Whether it shows in the registry export only.
    pub(crate) fn is_of_registry(self) -> bool {
        self == Fault::SwitchAsText
    }

    /// The virtual directory of the server with this fault in it.
    pub(crate) fn break_vdir(self, vdir: Object, server: &str) -> Object {
        let host = format!("{}.corp.example.com", server.to_lowercase());
        match self {
            Fault::PlainHttp => vdir.with("InternalUrl", Value::Uri(format!("http://{host}/owa"))),
            Fault::NoUrl => vdir.with("InternalUrl", Value::Null),
            Fault::OtherPath => vdir.with("InternalUrl", Value::Uri(format!("https://{host}/owa?layout=premium"))),
            Fault::Forms => forms(server),
            _ => vdir,
        }
    }
}
