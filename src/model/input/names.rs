//! Names of properties, by which exports of interest are told from other files.

use crate::model::input::text::contains_word;

/// The property that all objects have which Format- cmdlets make for the screen.
pub(super) const FORMAT_CLASS: &str = "ClassId2e4f51ef21dd47e99d3c952918aff9cd";

/// Properties of virtual directories that hardly anything else has.
pub(super) const URLS_AND_METHODS: &[&str] = KNOWN.split_at(6).0;

/// Those, and properties of servers that hardly anything else has.
pub(super) const TELLING: &[&str] = KNOWN.split_at(10).0;

/// Properties of virtual directories and servers, by which the columns of a table are told: those
/// that nothing else has first.
pub(super) const KNOWN: &[&str] = &[
    "InternalUrl",
    "ExternalUrl",
    "OwaVersion",
    "MetabasePath",
    "InternalAuthenticationMethods",
    "RedirectToOptimalOWAServer",
    "ServerRole",
    "IsClientAccessServer",
    "AutoDiscoverSiteScope",
    "AutoDiscoverServiceInternalUri",
    "Identity",
    "Name",
    "Server",
    "ServerName",
    "Fqdn",
    "Site",
    "Path",
    "WebSite",
    "Id",
    "Guid",
    "DistinguishedName",
    "ObjectClass",
    "ObjectCategory",
    "AdminDisplayVersion",
    "ExchangeVersion",
    "ExternalAuthenticationMethods",
    "BasicAuthentication",
    "DigestAuthentication",
    "FormsAuthentication",
    "WindowsAuthentication",
    "LogonFormat",
    "DefaultDomain",
    "CrossSiteRedirectType",
    "FailbackUrl",
    "VirtualDirectoryType",
    "Edition",
    "Domain",
    "OriginatingServer",
    "RunspaceId",
    "PSComputerName",
    "IsValid",
    "WhenChanged",
    "WhenCreated",
];

/// Whether a text holds a word that exports of interest have, whatever their shape.
pub(super) fn is_of_interest(text: &str) -> bool {
    const WORDS: [&str; 16] = [
        "metabasepath",
        "internalauthenticationmethods",
        "redirecttooptimalowaserver",
        "owa (",
        "internalurl",
        "externalurl",
        "owavirtualdirectory",
        "ecpvirtualdirectory",
        "ecp (",
        "owaversion",
        "serverrole",
        "exchangeserver",
        "clientaccessserver",
        "autodiscoversitescope",
        "registry::",
        "psprovider",
    ];
    WORDS.iter().any(|word| contains_word(text, word))
}
