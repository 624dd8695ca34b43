//! The IIS attributes that the model and the rules know, with their types and schema defaults.

/// The type of an attribute's value, as IIS's schema declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Any of these words, with commas; `None` stands for none of them.
    Flags(&'static [&'static str]),
    /// Any text.
    Text,
    /// A collection of `add` elements, shown as the values of their key attribute.
    Collection,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Attribute {
    /// The section's path.
    pub section: &'static str,
    /// The attribute's name, or the name of the collection.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// What holds where no file sets it (the schema that IIS ships; for `providers` the two that setup lists).
    pub default: &'static str,
}

const fn row(section: &'static str, name: &'static str, kind: Kind, default: &'static str) -> Attribute {
    Attribute { section, name, kind, default }
}

/// `system.webServer/security/access`.
pub const ACCESS: &str = "system.webServer/security/access";
/// `system.webServer/security/ipSecurity`.
pub const IP_SECURITY: &str = "system.webServer/security/ipSecurity";
/// `system.webServer/httpRedirect`.
pub const HTTP_REDIRECT: &str = "system.webServer/httpRedirect";
/// `system.webServer/handlers`.
pub const HANDLERS: &str = "system.webServer/handlers";
/// `system.webServer/security/authentication/anonymousAuthentication`.
pub const ANONYMOUS: &str = "system.webServer/security/authentication/anonymousAuthentication";
/// `system.webServer/security/authentication/windowsAuthentication`.
pub const WINDOWS: &str = "system.webServer/security/authentication/windowsAuthentication";
/// `system.webServer/security/authentication/basicAuthentication`.
pub const BASIC: &str = "system.webServer/security/authentication/basicAuthentication";
/// `system.webServer/security/authentication/digestAuthentication`.
pub const DIGEST: &str = "system.webServer/security/authentication/digestAuthentication";

/// The binding of a sign-in to its connection, an element of Windows authentication.
pub const EXTENDED_PROTECTION: &str =
    "system.webServer/security/authentication/windowsAuthentication/extendedProtection";
/// `system.webServer/security/dynamicIpSecurity`.
pub const DYNAMIC_IP: &str = "system.webServer/security/dynamicIpSecurity";
/// The limit of requests at one time, an element of the dynamic restrictions.
pub const DENY_CONCURRENT: &str = "system.webServer/security/dynamicIpSecurity/denyByConcurrentRequests";
/// The limit of requests in a while, an element of the dynamic restrictions.
pub const DENY_RATE: &str = "system.webServer/security/dynamicIpSecurity/denyByRequestRate";
/// `system.web/httpCookies`.
pub const HTTP_COOKIES: &str = "system.web/httpCookies";

/// What tells the entries of `ipSecurity` apart, with the schema's defaults.
pub const IP_SECURITY_KEY: &[(&str, &str)] =
    &[("ipAddress", ""), ("subnetMask", "255.255.255.255"), ("domainName", "")];
/// What tells the providers of Windows authentication apart.
pub const PROVIDERS_KEY: &[(&str, &str)] = &[("value", "")];

/// The flags of `access@sslFlags`.
pub const SSL_FLAGS: &[&str] = &["None", "Ssl", "SslNegotiateCert", "SslRequireCert", "SslMapCert", "Ssl128"];
/// The flags of `handlers@accessPolicy`.
pub const ACCESS_POLICY: &[&str] = &[
    "None",
    "Read",
    "Write",
    "Execute",
    "Source",
    "Script",
    "NoRemoteWrite",
    "NoRemoteRead",
    "NoRemoteExecute",
    "NoRemoteScript",
];
const REDIRECT_STATUS: &[&str] = &["Permanent", "Found", "Temporary", "PermRedirect"];
const TOKEN_CHECKING: &[&str] = &["None", "Allow", "Require"];
const DENY_ACTION: &[&str] = &["AbortRequest", "Unauthorized", "Forbidden", "NotFound"];

/// Every attribute that the model asks about.
pub const ATTRIBUTES: &[Attribute] = &[
    row(ACCESS, "sslFlags", Kind::Flags(SSL_FLAGS), "None"),
    row(IP_SECURITY, "allowUnlisted", Kind::Boolean, "true"),
    row(IP_SECURITY, "enableReverseDns", Kind::Boolean, "false"),
    row(IP_SECURITY, "denyAction", Kind::Word(DENY_ACTION), "Forbidden"),
    row(IP_SECURITY, "entries", Kind::Collection, ""),
    row(HTTP_REDIRECT, "enabled", Kind::Boolean, "false"),
    row(HTTP_REDIRECT, "destination", Kind::Text, ""),
    row(HTTP_REDIRECT, "exactDestination", Kind::Boolean, "false"),
    row(HTTP_REDIRECT, "childOnly", Kind::Boolean, "false"),
    row(HTTP_REDIRECT, "httpResponseStatus", Kind::Word(REDIRECT_STATUS), "Found"),
    row(HANDLERS, "accessPolicy", Kind::Flags(ACCESS_POLICY), "Read"),
    row(ANONYMOUS, "enabled", Kind::Boolean, "true"),
    row(BASIC, "enabled", Kind::Boolean, "false"),
    row(DIGEST, "enabled", Kind::Boolean, "false"),
    row(WINDOWS, "enabled", Kind::Boolean, "false"),
    row(WINDOWS, "useKernelMode", Kind::Boolean, "true"),
    row(WINDOWS, "providers", Kind::Collection, "Negotiate, NTLM"),
    row(EXTENDED_PROTECTION, "tokenChecking", Kind::Word(TOKEN_CHECKING), "None"),
    row(DYNAMIC_IP, "denyAction", Kind::Word(DENY_ACTION), "Forbidden"),
    row(DYNAMIC_IP, "enableLoggingOnlyMode", Kind::Boolean, "false"),
    row(DENY_CONCURRENT, "enabled", Kind::Boolean, "false"),
    row(DENY_RATE, "enabled", Kind::Boolean, "false"),
    row(HTTP_COOKIES, "requireSSL", Kind::Boolean, "false"),
];

/// The row of an attribute that the table knows.
pub fn find(section: &str, name: &str) -> Option<&'static Attribute> {
    ATTRIBUTES.iter().find(|it| it.section == section && it.name == name)
}

/// Whether a path is that of a section that the table knows, not of an element in one.
pub fn is_section(path: &str) -> bool {
    ATTRIBUTES.iter().any(|it| it.section == path) && owner(path) == path
}

/// The section that an element of the table stands in, which is what is declared and locked; else the path itself.
pub fn owner(path: &str) -> &str {
    match path {
        EXTENDED_PROTECTION => WINDOWS,
        DENY_CONCURRENT | DENY_RATE => DYNAMIC_IP,
        _ => path,
    }
}

/// Whether lower configuration files may set a section where applicationHost.config declares nothing else
/// (the `overrideModeDefault` of the file that IIS ships).
pub fn is_open_by_default(section: &str) -> bool {
    !matches!(section, ACCESS | IP_SECURITY | DYNAMIC_IP | HANDLERS | ANONYMOUS | WINDOWS | BASIC | DIGEST)
}

/// Whether a text is a value that an attribute of this type can have.
pub fn accepts(kind: Kind, text: &str) -> bool {
    match kind {
        Kind::Boolean => text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"),
        Kind::Word(words) => words.iter().any(|word| word.eq_ignore_ascii_case(text)),
        Kind::Flags(words) => {
            let is_flag = |flag: &str| words.iter().any(|word| word.eq_ignore_ascii_case(flag));
            text.split(',').all(|flag| is_flag(flag.trim_matches([' ', '\t'])))
        }
        Kind::Text | Kind::Collection => true,
    }
}

/// Whether a value is encrypted by itself, as passwords are.
pub fn is_encrypted(text: &str) -> bool {
    text.trim_start().starts_with("[enc:")
}

/// Whether a text is a number where the schema has words: IIS may take it, but nothing that Microsoft publishes says so.
pub fn is_number(kind: Kind, text: &str) -> bool {
    let text = text.trim();
    matches!(kind, Kind::Word(_) | Kind::Flags(_)) && !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

/// The flags of a list such as `Ssl, Ssl128`, as written.
pub fn flags(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).filter(|flag| !flag.is_empty()).collect()
}
