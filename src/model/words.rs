//! Words that most configurations and exports have: they are held once, and not for each element that has them.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use xxhash_rust::xxh3::xxh3_64;

use crate::model::attributes::{ATTRIBUTES, COLLECTIONS, Kind};
use crate::text::scalar::{Scalar, Text};

type Words = HashSet<&'static str, BuildHasherDefault<OfWhole>>;

/// Hashes a word in one go; the mark that text has behind it says nothing more.
#[derive(Default)]
struct OfWhole(u64);

impl Hasher for OfWhole {
    fn write(&mut self, word: &[u8]) {
        self.0 = xxh3_64(word);
    }

    fn write_u8(&mut self, _end: u8) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Those of the tables, and others that stand in nearly every applicationHost.config.
static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let rows = ATTRIBUTES.iter().flat_map(|row| {
        let words: &[&str] = match row.kind {
            Kind::Word(words) | Kind::Flags(words) => words,
            Kind::Boolean | Kind::Text | Kind::Collection => &[],
        };
        [row.section, row.name, row.default].into_iter().chain(words.iter().copied())
    });
    let collections = COLLECTIONS.iter().flat_map(|it| it.key.iter().map(|(name, _)| *name).chain([it.section]));
    let names = NAMES.iter().flat_map(|(name, lower)| [*name, lower.as_str()]);
    rows.chain(collections).chain(OTHERS.iter().copied()).chain(names).collect()
});

/// The names of properties, and as what settings are looked up by them.
static NAMES: LazyLock<HashMap<&'static str, String, BuildHasherDefault<OfWhole>>> =
    LazyLock::new(|| PROPERTIES.iter().map(|it| (*it, it.to_ascii_lowercase())).collect());

/// Names of properties in exports of virtual directories and servers. One that is not here costs memory, nothing else.
const PROPERTIES: &[&str] = &[
    "Name",
    "InternalAuthenticationMethods",
    "MetabasePath",
    "BasicAuthentication",
    "WindowsAuthentication",
    "DigestAuthentication",
    "FormsAuthentication",
    "DefaultDomain",
    "WebSite",
    "Path",
    "ExtendedProtectionTokenChecking",
    "ExtendedProtectionFlags",
    "ExtendedProtectionSPNList",
    "ExternalAuthenticationMethods",
    "BlockedFileTypes",
    "BlockedMimeTypes",
    "UserContextTimeout",
    "LogonFormat",
    "OwaVersion",
    "RedirectToOptimalOWAServer",
    "CrossSiteRedirectType",
    "Server",
    "ServerName",
    "InternalUrl",
    "ExternalUrl",
    "DistinguishedName",
    "Identity",
    "ObjectClass",
    "ObjectCategory",
    "ActiveSyncIntegrationEnabled",
    "AllAddressListsEnabled",
    "CalendarEnabled",
    "ChangePasswordEnabled",
    "ContactsEnabled",
    "DelegateAccessEnabled",
    "DirectFileAccessOnPublicComputersEnabled",
    "DirectFileAccessOnPrivateComputersEnabled",
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
    "RemindersAndNotificationsEnabled",
    "ReportJunkEmailEnabled",
    "RulesEnabled",
    "SMimeEnabled",
    "SearchFoldersEnabled",
    "SignaturesEnabled",
    "SpellCheckerEnabled",
    "TasksEnabled",
    "TextMessagingEnabled",
    "ThemeSelectionEnabled",
    "UMIntegrationEnabled",
    "UNCAccessOnPublicComputersEnabled",
    "UNCAccessOnPrivateComputersEnabled",
    "WSSAccessOnPublicComputersEnabled",
    "WSSAccessOnPrivateComputersEnabled",
    "AllowedMimeTypes",
    "ForceSaveMimeTypes",
    "AllowedFileTypes",
    "ForceSaveFileTypes",
    "Id",
    "Guid",
    "Fqdn",
    "IsClientAccessServer",
    "AdminDisplayVersion",
    "AdminDisplayName",
    "ExchangeVersion",
    "OriginatingServer",
    "OrganizationId",
    "Site",
    "ServerRole",
    "Edition",
    "Domain",
    "IsValid",
    "RunspaceId",
    "WhenChanged",
    "WhenChangedUTC",
    "WhenCreated",
    "WhenCreatedUTC",
    "LiveIdAuthentication",
    "GzipLevel",
    "FailbackUrl",
    "VirtualDirectoryType",
    "VirtualDirectories",
    "Exchange2003Url",
    "LegacyRedirectType",
    "DefaultClientLanguage",
    "DefaultTheme",
    "OutboundCharset",
    "UseGB18030",
    "UseISO885915",
    "FilterWebBeaconsAndHtmlForms",
    "LogonAndErrorLanguage",
    "LogonPageLightSelectionEnabled",
    "LogonPagePublicPrivateSelectionEnabled",
    "WebReadyFileTypes",
    "WebReadyMimeTypes",
    "WebReadyDocumentViewingOnPublicComputersEnabled",
    "WebReadyDocumentViewingOnPrivateComputersEnabled",
    "WebReadyDocumentViewingForAllSupportedTypes",
    "WebReadyDocumentViewingSupportedFileTypes",
    "WebReadyDocumentViewingSupportedMimeTypes",
];

/// Paths, names and values of configurations that the tables do not have.
const OTHERS: &[&str] = &[
    "system.applicationHost/applicationPools",
    "system.applicationHost/configHistory",
    "system.applicationHost/customMetadata",
    "system.applicationHost/listenerAdapters",
    "system.applicationHost/log",
    "system.applicationHost/sites",
    "system.applicationHost/webLimits",
    "system.webServer",
    "system.webServer/asp",
    "system.webServer/caching",
    "system.webServer/cgi",
    "system.webServer/fastCgi",
    "system.webServer/globalModules",
    "system.webServer/httpCompression",
    "system.webServer/httpLogging",
    "system.webServer/httpProtocol",
    "system.webServer/httpTracing",
    "system.webServer/isapiFilters",
    "system.webServer/modules",
    "system.webServer/odbcLogging",
    "system.webServer/security/applicationDependencies",
    "system.webServer/security/isapiCgiRestriction",
    "system.webServer/security/requestFiltering",
    "system.webServer/serverSideInclude",
    "system.webServer/tracing/traceFailedRequests",
    "system.webServer/tracing/traceProviderDefinitions",
    "system.webServer/validation",
    "system.webServer/security",
    "system.webServer/security/authentication",
    "system.webServer/security/authentication/clientCertificateMappingAuthentication",
    "system.webServer/security/authentication/iisClientCertificateMappingAuthentication",
    "system.webServer/security/authentication/windowsAuthentication/providers/add",
    "system.webServer/security/authentication/windowsAuthentication/providers/clear",
    "system.webServer/security/ipSecurity/add",
    "system.webServer/defaultDocument",
    "system.webServer/defaultDocument/files",
    "system.webServer/directoryBrowse",
    "system.webServer/urlCompression",
    "system.webServer/staticContent",
    "system.webServer/staticContent/clientCache",
    "system.webServer/serverRuntime",
    "system.webServer/security/requestFiltering/requestLimits",
    "true",
    "false",
    "http",
    "https",
    "1",
    "enabled",
    "showFlags",
    "doDynamicCompression",
    "doStaticCompression",
    "cacheControlMode",
    "cacheControlMaxAge",
    "defaultLogonDomain",
    "logonMethod",
    "lockAttributes",
    "useKernelMode",
    "userName",
    "value",
    "Date, Size, Extension, LongDate",
    "Read, Script",
    "Ssl, Ssl128",
    "UseMaxAge",
    "ClearText",
    "Negotiate",
    "NTLM",
    "/",
    "/owa",
    "/owa/Calendar",
    "/ecp",
    "/EWS",
    "/Autodiscover",
    "/Microsoft-Server-ActiveSync",
    "/OAB",
    "/PowerShell",
    "/Rpc",
    "/RpcWithCert",
    "True",
    "False",
    "top",
    "msExchVirtualDirectory",
    "msExchOWAVirtualDirectory",
    "msExchExchangeServer",
    "Manual",
    "FullDomain",
    "Fba",
    "Ntlm",
    "WindowsIntegrated",
    "Basic",
    "Exchange2007",
    "Exchange2010",
    "owa (Default Web Site)",
    "IUSR",
    "*:80:",
    "*:443:",
    "/Exadmin",
    "/Exchange",
    "/Exchweb",
    "/Public",
    r"%SystemDrive%\inetpub\wwwroot",
    r"C:\Program Files\Microsoft\Exchange Server\V14\ClientAccess\Autodiscover",
    r"C:\Program Files\Microsoft\Exchange Server\V14\ClientAccess\ecp",
    r"C:\Program Files\Microsoft\Exchange Server\V14\ClientAccess\exchweb\EWS",
    r"C:\Program Files\Microsoft\Exchange Server\V14\ClientAccess\OAB",
    r"C:\Program Files\Microsoft\Exchange Server\V14\ClientAccess\owa",
    r"C:\Program Files\Microsoft\Exchange Server\V14\ClientAccess\PowerShell",
    r"C:\Program Files\Microsoft\Exchange Server\V14\ClientAccess\sync",
    "Default Web Site",
    "DefaultAppPool",
    "MSExchangeOWAAppPool",
    "MSExchangeOWACalendarAppPool",
    "MSExchangeECPAppPool",
    "MSExchangeServicesAppPool",
    "MSExchangeAutodiscoverAppPool",
    "MSExchangeSyncAppPool",
    "MSExchangeOABAppPool",
    "MSExchangePowerShellAppPool",
    "MSExchangeRpcProxyAppPool",
];

/// The same text, as one that is held anyway if it is such a word.
pub(crate) fn held(text: &str) -> Cow<'static, str> {
    WORDS.get(text).map_or_else(|| Cow::Owned(text.to_owned()), |word| Cow::Borrowed(*word))
}

/// The name of a property as written, and in lower case.
pub(crate) fn held_name(name: &str) -> (Cow<'static, str>, Cow<'static, str>) {
    match NAMES.get_key_value(name) {
        Some((name, lower)) => (Cow::Borrowed(*name), Cow::Borrowed(lower.as_str())),
        None => (Cow::Owned(name.to_owned()), Cow::Owned(name.to_ascii_lowercase())),
    }
}

/// The same value, for longer than the text that it was read from.
pub(crate) fn held_value(value: &Scalar<'_>) -> Text {
    Scalar { text: held(&value.text), ..*value }
}
