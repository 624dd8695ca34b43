//! Enumerations: what the numbers mean that JSON exports hold in place of names, as far as that is known.

use crate::text::scalar::{Scalar, Text};
use crate::text::span::Span;

/// Names of authentication methods by number. `ConvertTo-Json` writes these numbers; the bit flags that Active
/// Directory stores are others (documented order of the enumeration; 0 and 3 were seen in real exports).
const METHODS: &[&str] = &[
    "Basic",
    "Digest",
    "Ntlm",
    "Fba",
    "WindowsIntegrated",
    "LiveIdFba",
    "LiveIdBasic",
    "WSSecurity",
    "Certificate",
    "NegoEx",
    "OAuth",
    "Adfs",
    "Kerberos",
    "Negotiate",
    "LiveIdNegotiate",
];

/// Properties that hold a number of an enumeration, with the numbers that were seen beside their names in real exports.
const NAMED: &[(&str, &[(u32, &str)])] = &[
    ("actionforunknownfileandmimetypes", &[(0, "Allow")]),
    ("allowofflineon", &[(3, "AllComputers")]),
    ("clientauthcleanuplevel", &[(0, "High")]),
    ("edition", &[(2, "StandardEvaluation")]),
    ("extendedprotectiontokenchecking", &[(0, "None")]),
    ("filterwebbeaconsandhtmlforms", &[(0, "UserFilterChoice")]),
    ("gziplevel", &[(0, "Off"), (1, "Low")]),
    ("instantmessagingtype", &[(0, "None")]),
    ("logonformat", &[(0, "FullDomain")]),
    ("objectstate", &[(1, "Unchanged"), (2, "Changed")]),
    ("outboundcharset", &[(1, "AutoDetect")]),
    ("owaversion", &[(4, "Exchange2013")]),
    ("remotedocumentsactionforunknownservers", &[(1, "Block")]),
    ("serverrole", &[(2, "Mailbox")]),
    ("virtualdirectorytype", &[]),
    ("webpartsframeoptionstype", &[(3, "SameOrigin")]),
];

/// Properties of virtual directories that are lists of names without blanks, as real exports show them, beside those
/// whose names end in `AuthenticationMethods`.
const LISTS: &[&str] = &[
    "allowedfiletypes",
    "allowedmimetypes",
    "blockedfiletypes",
    "blockedmimetypes",
    "extendedprotectionflags",
    "extendedprotectionspnlist",
    "forcesavefiletypes",
    "forcesavemimetypes",
    "objectclass",
    "remotedocumentsallowedservers",
    "remotedocumentsblockedservers",
    "remotedocumentsinternaldomainsuffixlist",
    "url",
    "webreadydocumentviewingsupportedfiletypes",
    "webreadydocumentviewingsupportedmimetypes",
    "webreadyfiletypes",
    "webreadymimetypes",
];

/// Whether a property holds a list of names without blanks in them.
pub fn is_list(property: &str) -> bool {
    is_methods(property) || LISTS.iter().any(|it| it.eq_ignore_ascii_case(property))
}

/// Whether a property lists authentication methods.
fn is_methods(property: &str) -> bool {
    const END: &str = "authenticationmethods";
    let start = property.len().checked_sub(END.len());
    start.and_then(|start| property.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(END))
}

/// The name that a number stands for. A number of a property that is no enumeration stands for itself.
///
/// # Errors
/// The number's place, where it stands for a name that is not known.
pub fn named(property: &str, number: &Scalar<'_>) -> Result<Text, Span> {
    let value: Option<u32> = number.text.trim().parse().ok();
    let name = |text: &'static str| Scalar::rewritten(text, number.span);
    if is_methods(property) {
        let method = value.and_then(|it| METHODS.get(it as usize));
        return method.map(|it| name(it)).ok_or(number.span);
    }
    match NAMED.iter().find(|(named, _)| named.eq_ignore_ascii_case(property)) {
        Some((_, names)) => {
            names.iter().find(|(known, _)| Some(*known) == value).map(|(_, text)| name(text)).ok_or(number.span)
        }
        None => Ok(number.clone().into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::span::SourceId;

    fn name(property: &str, number: &str) -> Option<String> {
        let span = Span::new(SourceId(0), 0, number.len());
        named(property, &Scalar::rewritten(number.to_owned(), span)).ok().map(|it| it.text.to_string())
    }

    #[test]
    fn methods_have_names_and_other_numbers_stand_for_themselves() {
        assert_eq!(name("InternalAuthenticationMethods", "4").as_deref(), Some("WindowsIntegrated"));
        assert_eq!(name("InternalAuthenticationMethods", "15"), None);
        assert_eq!(name("InternalAuthenticationMethods", "-1"), None);
        assert_eq!(name("LogonFormat", "0").as_deref(), Some("FullDomain"));
        assert_eq!(name("LogonFormat", "9"), None);
        assert_eq!(name("LogonPageLightSelection", "7").as_deref(), Some("7"));
    }
}
