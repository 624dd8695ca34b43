//! Objects as PowerShell holds them, from which every shape of an export is written.

/// A value as it is in memory, before a shape makes text of it.
#[derive(Clone)]
pub(crate) enum Value {
    Null,
    Text(&'static str),
    Owned(String),
    Uri(String),
    Switch(bool),
    Number(i32),
    /// An enumeration: its name and its number.
    Name(&'static str, i32),
    /// A list of an enumeration's names.
    Names(Vec<(&'static str, i32)>),
    /// A list of texts.
    Texts(Vec<&'static str>),
    /// An object that prints itself.
    Record(String),
}

/// One object: the name of its type, and its properties.
#[derive(Clone)]
pub(crate) struct Object {
    pub(crate) kind: &'static str,
    pub(crate) properties: Vec<(&'static str, Value)>,
}

impl Object {
    /// Puts another value in place of a property's own.
    pub(crate) fn with(mut self, name: &str, value: Value) -> Object {
        let (_, mine) = self.properties.iter_mut().find(|(it, _)| *it == name).unwrap();
        *mine = value;
        self
    }

    /// The same with forms in place of Integrated Windows authentication.
    pub(crate) fn with_forms(self) -> Object {
        self.with("InternalAuthenticationMethods", Value::Names(vec![BASIC, FORMS]))
            .with("WindowsAuthentication", Value::Switch(false))
            .with("FormsAuthentication", Value::Switch(true))
    }
}

const BASIC: (&str, i32) = ("Basic", 0);
const NTLM: (&str, i32) = ("Ntlm", 2);
const FORMS: (&str, i32) = ("Fba", 3);
const WINDOWS: (&str, i32) = ("WindowsIntegrated", 4);

/// The OWA virtual directory of a server as setup and an admin leave it, ready to be proxied to.
pub(crate) fn vdir(server: &str) -> Object {
    let host = format!("{}.corp.example.com", server.to_lowercase());
    let properties = vec![
        ("Name", Value::Text("owa (Default Web Site)")),
        ("InternalAuthenticationMethods", Value::Names(vec![NTLM, WINDOWS])),
        ("MetabasePath", Value::Owned(format!("IIS://{host}/W3SVC/1/ROOT/owa"))),
        ("BasicAuthentication", Value::Switch(false)),
        ("WindowsAuthentication", Value::Switch(true)),
        ("DigestAuthentication", Value::Switch(false)),
        ("FormsAuthentication", Value::Switch(false)),
        ("DefaultDomain", Value::Null),
        ("WebSite", Value::Text("Default Web Site")),
        ("Path", Value::Text(r"C:\Program Files\Microsoft\Exchange Server\V14\ClientAccess\owa")),
        ("ExtendedProtectionTokenChecking", Value::Name("None", 0)),
        ("ExternalAuthenticationMethods", Value::Names(vec![FORMS])),
        ("BlockedFileTypes", Value::Texts(vec![".bat", ".cmd", ".exe", ".hta", ".js", ".reg", ".vbs"])),
        ("UserContextTimeout", Value::Number(60)),
        ("LogonFormat", Value::Name("FullDomain", 0)),
        ("OwaVersion", Value::Text("Exchange2010")),
        ("RedirectToOptimalOWAServer", Value::Switch(true)),
        ("CrossSiteRedirectType", Value::Text("Manual")),
        ("Server", Value::Owned(server.to_owned())),
        ("InternalUrl", Value::Uri(format!("https://{host}/owa"))),
        ("ExternalUrl", Value::Null),
        ("DistinguishedName", Value::Owned(distinguished("owa (Default Web Site),CN=HTTP,CN=Protocols,CN=", server))),
        ("Identity", Value::Record(format!(r"{server}\owa (Default Web Site)"))),
        ("ObjectClass", Value::Texts(vec!["top", "msExchVirtualDirectory", "msExchOWAVirtualDirectory"])),
    ];
    Object { kind: "Microsoft.Exchange.Data.Directory.SystemConfiguration.ADOwaVirtualDirectory", properties }
}

/// The same as setup leaves it: forms, and no Integrated Windows authentication.
pub(crate) fn forms(server: &str) -> Object {
    vdir(server).with_forms().with("BasicAuthentication", Value::Switch(true))
}

/// The virtual directory of the Exchange Control Panel.
pub(crate) fn control_panel(server: &str) -> Object {
    let host = format!("{}.corp.example.com", server.to_lowercase());
    let properties = vec![
        ("Name", Value::Text("ecp (Default Web Site)")),
        ("InternalAuthenticationMethods", Value::Names(vec![NTLM, WINDOWS])),
        ("MetabasePath", Value::Owned(format!("IIS://{host}/W3SVC/1/ROOT/ecp"))),
        ("WindowsAuthentication", Value::Switch(true)),
        ("FormsAuthentication", Value::Switch(false)),
        ("WebSite", Value::Text("Default Web Site")),
        ("Server", Value::Owned(server.to_owned())),
        ("InternalUrl", Value::Uri(format!("https://{host}/ecp"))),
        ("ExternalUrl", Value::Null),
        ("Identity", Value::Record(format!(r"{server}\ecp (Default Web Site)"))),
        ("ObjectClass", Value::Texts(vec!["top", "msExchVirtualDirectory", "msExchECPVirtualDirectory"])),
    ];
    Object { kind: "Microsoft.Exchange.Data.Directory.SystemConfiguration.ADEcpVirtualDirectory", properties }
}

/// What `Get-ExchangeServer` says of a server.
pub(crate) fn server(name: &str, site: &str) -> Object {
    let properties = vec![
        ("Name", Value::Owned(name.to_owned())),
        ("Fqdn", Value::Owned(format!("{}.corp.example.com", name.to_lowercase()))),
        ("IsClientAccessServer", Value::Switch(true)),
        ("AdminDisplayVersion", Value::Record("Version 14.3 (Build 123.4)".to_owned())),
        ("Site", Value::Record(format!("corp.example.com/Configuration/Sites/{site}"))),
        ("ServerRole", Value::Text("ClientAccess, HubTransport")),
        ("DistinguishedName", Value::Owned(distinguished("", name))),
        ("ObjectClass", Value::Texts(vec!["top", "server", "msExchExchangeServer"])),
    ];
    Object { kind: "Microsoft.Exchange.Data.Directory.Management.ExchangeServer", properties }
}

/// A name long enough to be wrapped on any console.
fn distinguished(before: &str, server: &str) -> String {
    format!(
        "CN={before}{server},CN=Servers,CN=Exchange Administrative Group (FYDIBOHF23SPDLT),CN=Administrative Groups,\
         CN=Example,CN=Microsoft Exchange,CN=Services,CN=Configuration,DC=corp,DC=example,DC=com"
    )
}
