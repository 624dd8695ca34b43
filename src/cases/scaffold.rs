//! The files of a new rule: a rule that works and its cases, to be changed by the user.

use std::fmt::Write as _;

use crate::cases::{BASE, CASE_FILE, FOLDER, Files, built_in_base};
use crate::rule::ask::Scope;

/// One edit of a case: the file, the text that stands there, and the text that takes its place.
type Edit = (&'static str, &'static str, &'static str);

/// What a case of a new rule is made of: its name, what it says, its edits, and whether it wants a finding.
type Sketch = (&'static str, &'static str, &'static [Edit], Option<(&'static str, &'static str)>);

/// The files of a new rule with this id and name: paths relative to the folder of rules, and contents.
pub fn files(id: &str, name: &str, scope: Scope) -> Files {
    let mut files = vec![(format!("{id}.toml"), rule(name, scope).into_bytes())];
    for (case, says, edits, finding) in sketches(scope) {
        let path = format!("{FOLDER}/{id}/{case}/{CASE_FILE}");
        files.push((path, case_file(says, edits, *finding).into_bytes()));
    }
    files
}

/// The estate that cases edit, as files relative to the folder of rules.
pub fn base() -> Files {
    built_in_base().into_iter().map(|(path, bytes)| (format!("{FOLDER}/{BASE}/{path}"), bytes)).collect()
}

fn rule(name: &str, scope: Scope) -> String {
    let template = match scope {
        Scope::Vdir => include_str!("templates/vdir.toml"),
        Scope::Server => include_str!("templates/server.toml"),
        Scope::Pair => include_str!("templates/pair.toml"),
        Scope::AdSite => include_str!("templates/ad-site.toml"),
    };
    template.replace("<name>", name)
}

fn sketches(scope: Scope) -> &'static [Sketch] {
    match scope {
        Scope::Vdir => &[
            (
                "fires-on-cas2",
                "TODO: the virtual directory of CAS2 has the value that is wrong.",
                &[("CAS2/owa.txt", ": FullDomain", ": PrincipalName")],
                Some(("CAS2", "PrincipalName")),
            ),
            ("holds-as-it-should-be", "TODO: both virtual directories have the right value.", &[], None),
            (
                "open-not-exported",
                "The export of CAS2 lacks the property.",
                &[("CAS2/owa.txt", "LogonFormat                     : FullDomain\n", "")],
                None,
            ),
        ],
        Scope::Server => &[
            (
                "fires-on-cas2",
                "TODO: the registry of CAS2 has the data that is wrong.",
                &[("CAS2/owa.reg", "dword:00000000", "dword:00000001")],
                Some(("CAS2", "dword:00000001")),
            ),
            ("holds-as-it-should-be", "TODO: both servers have the right data.", &[], None),
            (
                "open-not-exported",
                "The export of CAS2 is of another key.",
                &[("CAS2/owa.reg", "Services\\MSExchange OWA]", "Services\\W3SVC]")],
                None,
            ),
        ],
        Scope::Pair => &[
            (
                "fires-on-the-way-to-cas2",
                "TODO: CAS2 has an InternalUrl with the host that is wrong.",
                &[("CAS2/owa.txt", "https://cas2.corp.example.com/owa", "https://lb1.example.com/owa")],
                Some(("CAS1\", \"CAS2", "lb1.example.com")),
            ),
            ("holds-as-it-should-be", "TODO: both virtual directories have the right host.", &[], None),
            (
                "open-not-exported",
                "The export of CAS2 lacks the URL.",
                &[("CAS2/owa.txt", "InternalUrl                     : https://cas2.corp.example.com/owa\n", "")],
                None,
            ),
        ],
        Scope::AdSite => &[
            (
                "fires-where-they-differ",
                "TODO: CAS1 and CAS2 are in one site, and are not alike.",
                &[ONE_SITE, ("CAS2/owa.txt", "https://cas2.corp.example.com/owa", "http://cas2.corp.example.com/owa")],
                Some(("CAS1\", \"CAS2", "https")),
            ),
            ("holds-as-it-should-be", "TODO: both servers are in one site, and alike.", &[ONE_SITE], None),
            (
                "open-not-exported",
                "Both servers are in one site, and the export of CAS2 lacks the URL.",
                &[
                    ONE_SITE,
                    ("CAS2/owa.txt", "InternalUrl                     : https://cas2.corp.example.com/owa\n", ""),
                ],
                None,
            ),
        ],
    }
}

/// Puts both servers into one AD site.
const ONE_SITE: Edit = ("owalint-estate.toml", "site = \"HQ\"", "site = \"Branch\"");

fn case_file(says: &str, edits: &[Edit], finding: Option<(&str, &str)>) -> String {
    let mut text = format!("says = \"{says}\"\n");
    for (file, replace, with) in edits {
        let quoted = |text: &str| if text.contains('\n') { format!("'''\n{text}'''") } else { format!("'{text}'") };
        let _ = write!(
            text,
            "\n[[edit]]\nfile    = \"{file}\"\nreplace = {}\nwith    = {}\n",
            quoted(replace),
            quoted(with)
        );
    }
    if let Some((servers, found)) = finding {
        let _ = write!(text, "\n[[finding]]\nservers = [\"{servers}\"]\ntext    = '{found}'\n");
    }
    text
}
