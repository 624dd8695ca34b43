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

/// `system.webServer/httpErrors`.
pub const HTTP_ERRORS: &str = "system.webServer/httpErrors";
/// `system.webServer/security/authorization`: URL authorization.
pub const AUTHORIZATION: &str = "system.webServer/security/authorization";
/// `system.webServer/security/requestFiltering`.
pub const REQUEST_FILTERING: &str = "system.webServer/security/requestFiltering";
/// The file name extensions that request filtering knows.
pub const FILE_EXTENSIONS: &str = "system.webServer/security/requestFiltering/fileExtensions";
/// The verbs that request filtering knows.
pub const VERBS: &str = "system.webServer/security/requestFiltering/verbs";
/// The texts that request filtering takes in no URL.
pub const DENY_URL_SEQUENCES: &str = "system.webServer/security/requestFiltering/denyUrlSequences";
/// The parts of URLs that request filtering hides.
pub const HIDDEN_SEGMENTS: &str = "system.webServer/security/requestFiltering/hiddenSegments";
/// The URLs that request filtering lets through whatever else it says (IIS 7.5).
pub const ALWAYS_ALLOWED_URLS: &str = "system.webServer/security/requestFiltering/alwaysAllowedUrls";
/// `system.webServer/rewrite/rules`: the rules of URL Rewrite for one place.
pub const REWRITE_RULES: &str = "system.webServer/rewrite/rules";
/// `system.webServer/rewrite/globalRules`: the rules of URL Rewrite for the whole server.
pub const GLOBAL_RULES: &str = "system.webServer/rewrite/globalRules";

/// What tells the items of a collection apart, with what each attribute is where it is not written.
pub type Key = &'static [(&'static str, &'static str)];

/// One collection of items that rules can ask about.
#[derive(Debug, Clone, Copy)]
pub struct Items {
    /// The path of the element that holds the items.
    pub section: &'static str,
    /// The name of the element that adds one; the others are `remove` and `clear`.
    pub element: &'static str,
    /// What tells the items apart.
    pub key: Key,
}

const fn items(section: &'static str, element: &'static str, key: Key) -> Items {
    Items { section, element, key }
}

/// The providers of Windows authentication.
pub const PROVIDERS: Items =
    items("system.webServer/security/authentication/windowsAuthentication/providers", "add", &[("value", "")]);
/// The entries of `ipSecurity`.
pub const RESTRICTIONS: Items =
    items(IP_SECURITY, "add", &[("ipAddress", ""), ("subnetMask", "255.255.255.255"), ("domainName", "")]);
/// The custom error pages.
pub const ERROR_PAGES: Items = items(HTTP_ERRORS, "error", &[("statusCode", ""), ("subStatusCode", "-1")]);
/// The rules of URL authorization.
pub const AUTHORIZATION_RULES: Items = items(AUTHORIZATION, "add", &[("users", ""), ("roles", ""), ("verbs", "")]);
/// The file name extensions of request filtering.
pub const EXTENSIONS: Items = items(FILE_EXTENSIONS, "add", &[("fileExtension", "")]);
/// The verbs of request filtering.
pub const VERB_ENTRIES: Items = items(VERBS, "add", &[("verb", "")]);
/// The denied URL sequences of request filtering.
pub const URL_SEQUENCES: Items = items(DENY_URL_SEQUENCES, "add", &[("sequence", "")]);
/// The hidden segments of request filtering.
pub const SEGMENTS: Items = items(HIDDEN_SEGMENTS, "add", &[("segment", "")]);
/// The URLs that request filtering always allows.
pub const ALLOWED_URLS: Items = items(ALWAYS_ALLOWED_URLS, "add", &[("url", "")]);
/// The rules of URL Rewrite for one place.
pub const DISTRIBUTED_REWRITES: Items = items(REWRITE_RULES, "rule", &[("name", "")]);
/// The rules of URL Rewrite for the whole server.
pub const GLOBAL_REWRITES: Items = items(GLOBAL_RULES, "rule", &[("name", "")]);

/// Every collection that rules can ask about (elements and keys: the schema that IIS and URL Rewrite ship).
pub const COLLECTIONS: &[Items] = &[
    PROVIDERS,
    RESTRICTIONS,
    ERROR_PAGES,
    AUTHORIZATION_RULES,
    EXTENSIONS,
    VERB_ENTRIES,
    URL_SEQUENCES,
    SEGMENTS,
    ALLOWED_URLS,
    DISTRIBUTED_REWRITES,
    GLOBAL_REWRITES,
];

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
const ERROR_MODE: &[&str] = &["DetailedLocalOnly", "Custom", "Detailed"];
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
    row(HTTP_ERRORS, "errorMode", Kind::Word(ERROR_MODE), "DetailedLocalOnly"),
    row(HTTP_ERRORS, "error", Kind::Collection, ""),
    row(AUTHORIZATION, "rules", Kind::Collection, ""),
    row(FILE_EXTENSIONS, "allowUnlisted", Kind::Boolean, "true"),
    row(FILE_EXTENSIONS, "entries", Kind::Collection, ""),
    row(VERBS, "allowUnlisted", Kind::Boolean, "true"),
    row(VERBS, "entries", Kind::Collection, ""),
    row(DENY_URL_SEQUENCES, "entries", Kind::Collection, ""),
    row(HIDDEN_SEGMENTS, "entries", Kind::Collection, ""),
    row(ALWAYS_ALLOWED_URLS, "entries", Kind::Collection, ""),
    row(REWRITE_RULES, "rules", Kind::Collection, ""),
    row(GLOBAL_RULES, "rules", Kind::Collection, ""),
];

/// The collection whose items stand in this element.
pub fn collection_in(section: &str) -> Option<&'static Items> {
    COLLECTIONS.iter().find(|it| it.section == section)
}

/// The collection that a row of the table shows.
pub fn collection_of(row: &Attribute) -> Option<&'static Items> {
    collection_in(if row.name == "providers" { PROVIDERS.section } else { row.section })
}

/// The row of an attribute that the table knows.
pub fn find(section: &str, name: &str) -> Option<&'static Attribute> {
    ATTRIBUTES.iter().find(|it| it.section == section && it.name == name)
}

/// Whether a path is that of a section that the table knows, not of an element in one.
pub fn is_section(path: &str) -> bool {
    ATTRIBUTES.iter().any(|it| owner(it.section) == path)
}

/// The path of the section with this name; the name itself where rules ask about none.
pub fn section_called(name: &str) -> &str {
    ATTRIBUTES.iter().map(|it| owner(it.section)).find(|path| last_part(path) == name).unwrap_or(name)
}

/// The last part of a path: the name of the element itself.
pub fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The section that an element of the table stands in, which is what is declared and locked; else the path itself.
pub fn owner(path: &str) -> &str {
    match path {
        EXTENDED_PROTECTION => WINDOWS,
        _ if path == PROVIDERS.section => WINDOWS,
        DENY_CONCURRENT | DENY_RATE => DYNAMIC_IP,
        FILE_EXTENSIONS | VERBS | DENY_URL_SEQUENCES | HIDDEN_SEGMENTS | ALWAYS_ALLOWED_URLS => REQUEST_FILTERING,
        _ => path,
    }
}

/// Whether lower configuration files may set a section where applicationHost.config declares nothing else
/// (the `overrideModeDefault` of the file that IIS ships).
pub fn is_open_by_default(section: &str) -> bool {
    !matches!(
        section,
        ACCESS | IP_SECURITY | DYNAMIC_IP | HANDLERS | ANONYMOUS | WINDOWS | BASIC | DIGEST | GLOBAL_RULES
    )
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
