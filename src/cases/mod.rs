//! Rule cases: small snapshots that say what one rule is to make of them, and the test whether it does.

mod case_file;
pub mod run;
pub mod scaffold;

use std::collections::BTreeMap;

use crate::cases::case_file::CaseFile;
use crate::finding::Severity;
use crate::read::problem::{Problem, ProblemKind};
use crate::read::toml::nearest;
use crate::rule::book::Book;
use crate::text::decode::decode;
use crate::text::source::{Source, Sources};
use crate::text::span::Span;

include!(concat!(env!("OUT_DIR"), "/built_in_cases.rs"));

/// The folder beside rule files that holds their cases.
pub const FOLDER: &str = "cases";

/// The folder among those of the rules that holds the estate which cases edit.
pub const BASE: &str = "base";

/// What a case says, in its folder.
pub const CASE_FILE: &str = "case.toml";

/// The report of a case, in its folder, where one is stored.
pub const EXPECTED_FILE: &str = "expected.txt";

/// The files of a snapshot, or of a folder of cases: relative paths with slashes, and contents.
pub type Files = Vec<(String, Vec<u8>)>;

/// What a rule is to make of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It fires.
    Fires,
    /// It neither fires nor leaves anything open.
    Holds,
    /// It does not fire, and something that it asks is open.
    Open,
}

impl Kind {
    /// All kinds with the words that the names of cases begin with.
    pub const WORDS: [(&'static str, Kind); 3] = [("fires", Kind::Fires), ("holds", Kind::Holds), ("open", Kind::Open)];

    /// The word that the names of such cases begin with.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Fires => "fires",
            Kind::Holds => "holds",
            Kind::Open => "open",
        }
    }
}

/// One case.
#[derive(Debug, Clone)]
pub struct Case {
    /// The id of its rule.
    pub rule: String,
    /// Its folder's name.
    pub name: String,
    /// What its name promises.
    pub kind: Kind,
    /// What it shows, in a sentence.
    pub says: String,
    /// Whether it is the example of its rule's page; without one that is the first case that fires.
    pub is_example: bool,
    /// The findings that the rule is to make, where the case names them: these, and no others.
    pub wanted: Vec<Wanted>,
    /// The snapshot.
    pub files: Files,
    /// The stored report.
    pub expected: Option<String>,
}

/// What a finding is to be like; what is not said may be anything.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The names of all servers that it is about, sorted.
    pub servers: Option<Vec<String>>,
    /// The file of its primary place.
    pub file: Option<String>,
    /// The line of its primary place.
    pub line: Option<i64>,
    /// The text of its primary place.
    pub text: Option<String>,
    /// Its severity.
    pub severity: Option<Severity>,
}

/// The cases of the built-in rules, as files.
pub fn built_in() -> Files {
    BUILT_IN_CASES.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect()
}

/// The cases of one built-in rule, as files.
pub fn built_in_of(rule: &str) -> Files {
    let (mut files, folder) = (built_in(), format!("{rule}/"));
    files.retain(|(path, _)| path.starts_with(&folder));
    files
}

/// The estate that cases edit unless there is one beside them.
pub fn built_in_base() -> Files {
    let below = |path: &str| path.strip_prefix(BASE)?.strip_prefix('/').map(str::to_owned);
    BUILT_IN_CASES.iter().filter_map(|(path, bytes)| Some((below(path)?, bytes.to_vec()))).collect()
}

/// The cases among the files of a folder, `RULE/KIND-WHAT/…`, by rule and name; and the mistakes in them. `shown` is
/// how the folder is called in messages.
pub fn read(shown: &str, files: Files, book: &Book, sources: &mut Sources) -> (Vec<Case>, Vec<Problem>) {
    let mut folders: BTreeMap<(String, String), Files> = BTreeMap::new();
    let mut base = Files::new();
    for (path, bytes) in files {
        let mut parts = path.splitn(3, '/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(BASE), Some(one), rest) => {
                let below = rest.map_or_else(|| one.to_owned(), |rest| format!("{one}/{rest}"));
                base.push((below, bytes));
            }
            (Some(rule), Some(case), Some(rest)) => {
                folders.entry((rule.to_owned(), case.to_owned())).or_default().push((rest.to_owned(), bytes));
            }
            (Some(rule), Some(CASE_FILE), None) => {
                folders.entry((rule.to_owned(), String::new())).or_default().push((CASE_FILE.to_owned(), bytes));
            }
            _ => {}
        }
    }
    if base.is_empty() {
        base = built_in_base();
    }
    let (mut cases, mut problems) = (Vec::new(), Vec::new());
    for ((rule, name), files) in folders {
        match read_one(&format!("{shown}/{rule}/{name}"), (rule, name), files, &base, book, sources) {
            Ok(case) => cases.push(case),
            Err(more) => problems.extend(more),
        }
    }
    (cases, problems)
}

fn read_one(
    shown: &str,
    (rule, name): (String, String),
    mut own: Files,
    base: &Files,
    book: &Book,
    sources: &mut Sources,
) -> Result<Case, Vec<Problem>> {
    let text = take(&mut own, CASE_FILE);
    let has_text = text.is_some();
    let path = format!("{}/{CASE_FILE}", shown.trim_end_matches('/'));
    let id = sources.add(Source::new(path, decode(text.unwrap_or_default())));
    let reject = |message: String| vec![Problem::new(ProblemKind::RejectedCase, Span::file(id), message)];
    let Some((_, kind)) = Kind::WORDS.iter().find(|(word, _)| name.split('-').next() == Some(word)) else {
        let lies = if name.is_empty() { "lies in the folder of its rule".to_owned() } else { format!("is `{name}`") };
        return Err(reject(format!(
            "a case is a folder `fires-…`, `holds-…` or `open-…` of its rule; this one {lies}"
        )));
    };
    let Some(known) = book.rules().find(|it| it.id == rule) else {
        let near = nearest(&rule, book.rules().map(|it| it.id.as_str()));
        let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        return Err(reject(format!("there is no rule `{rule}` that this could be a case of{hint}")));
    };
    if !has_text {
        return Err(reject(format!("a case has a {CASE_FILE} that says what it shows")));
    }
    let expected = take(&mut own, EXPECTED_FILE).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let CaseFile { says, is_example, wanted, mut files } = case_file::read(sources.get(id).text(), id, base)?;
    if !wanted.is_empty() && *kind != Kind::Fires {
        return Err(reject(format!("a case `{}-…` has no `[[finding]]`", kind.word())));
    }
    for (path, bytes) in own {
        files.retain(|(it, _)| *it != path);
        files.push((path, bytes));
    }
    Ok(Case { rule: known.id.clone(), name, kind: *kind, says, is_example, wanted, files, expected })
}

fn take(files: &mut Files, path: &str) -> Option<Vec<u8>> {
    let index = files.iter().position(|(it, _)| it == path)?;
    Some(files.remove(index).1)
}
