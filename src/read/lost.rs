//! What exports put in place of a value that they do not hold: the name of its type, or a summary of it.

use std::collections::BTreeSet;

use crate::read::problem::{Problem, ProblemKind};
use crate::text::span::Span;

/// The columns of one file of which it was said that their values are lost; each is said once.
#[derive(Debug, Default)]
pub(crate) struct Columns(BTreeSet<String>);

impl Columns {
    /// The problem of a lost value, unless the file has one of this property already.
    pub(crate) fn lost(&mut self, property: &str, span: Span, why: &'static str) -> Option<Problem> {
        let message = || format!("the value of `{property}` is not in the export: {why}");
        self.0.insert(property.to_lowercase()).then(|| Problem::new(ProblemKind::ValueLost, span, message()))
    }
}

/// Why a text is none that a value could have, if so: PowerShell writes `@{a=b; c=d}` for an object that lies too deep,
/// and the name of the type for one that has no text of its own.
pub(crate) fn why(text: &str) -> Option<&'static str> {
    if text.starts_with("@{") && text.ends_with('}') {
        Some("this is a summary of an object that lay too deep")
    } else if is_type_name(text) {
        Some("this is the name of its type")
    } else {
        None
    }
}

/// Whether a text is the name of a type of .NET: a list such as `System.String[]`, a generic type such as
/// ``…MultiValuedProperty`1[…]``, or a class in one of the name spaces that values of exports come from.
pub(crate) fn is_type_name(text: &str) -> bool {
    const SPACES: [&str; 4] = ["Deserialized.", "Microsoft.Exchange.", "Microsoft.PowerShell.", "System."];
    let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == '+';
    let end = text.find(|it: char| !is_part(it) && it != '.').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let is_word = |part: &str| part.starts_with(|it: char| it.is_alphabetic() || it == '_');
    let is_class = name.contains('.') && name.split('.').all(is_word);
    // Names of .NET have capitals, and those of hosts, which may look the same otherwise, mostly have none.
    let is_capital = name.split('.').all(|part| !part.starts_with(|it: char| it.is_lowercase()));
    let is_known = is_capital && SPACES.iter().any(|it| name.starts_with(it));
    let is_list = rest.strip_prefix('[').is_some_and(|rest| rest.trim_start_matches(',') == "]");
    let is_generic = rest.strip_prefix('`').is_some_and(|rest| rest.starts_with(|it: char| it.is_ascii_digit()));
    is_class && (is_list || is_generic || (rest.is_empty() && is_known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_names_and_summaries_are_no_values() {
        for text in [
            "System.String[]",
            "System.Object[]",
            "System.Byte[,]",
            "System.Object",
            "System.__ComObject",
            "System.Uri",
            "Microsoft.Exchange.Data.MultiValuedProperty`1[System.String]",
            "Microsoft.Exchange.Data.Directory.ADMultiValuedProperty`1[[Microsoft.Exchange.X, Y, Version=1.0.0.0]]",
            "Microsoft.Exchange.Data.Directory.SystemConfiguration.ADOwaVirtualDirectory",
            "System.Collections.ArrayList",
            "System.Collections.Generic.List`1[System.String]",
            "Deserialized.System.Collections.ArrayList",
            "@{Name=owa; Parent=CAS1}",
            "@{}",
        ] {
            assert!(why(text).is_some(), "{text}");
        }
        for text in [
            "",
            "Basic Fba",
            "https://cas1.corp.example.com/owa",
            "microsoft.com",
            "cas1.corp.example.com",
            "Version 14.3 (Build 123.4)",
            "0.10 (14.0.100.0)",
            "[]",
            "a.b",
            "System",
            "System.local",
            "System. Object",
            "https://x/System.Object",
            "CAS1\\owa (Default Web Site)",
            "@ {x}",
        ] {
            assert_eq!(why(text), None, "{text}");
        }
    }
}
