//! Case files: what a case shows, how it edits the estate, and which findings it wants.

use memchr::memmem;

use crate::cases::{Files, Wanted};
use crate::finding::Severity;
use crate::read::problem::{Problem, ProblemKind};
use crate::read::toml::{self, Fields, Table, nearest};
use crate::text::scalar::Scalar;
use crate::text::span::SourceId;

const KIND: ProblemKind = ProblemKind::RejectedCase;

/// What a case file comes to.
pub(super) struct CaseFile {
    /// What the case shows.
    pub(super) says: String,
    /// Whether it is the example of its rule's page.
    pub(super) is_example: bool,
    /// The findings that it wants.
    pub(super) wanted: Vec<Wanted>,
    /// The estate, edited.
    pub(super) files: Files,
}

/// Reads a case file and carries its edits out on the estate `base`.
///
/// # Errors
/// Every mistake in it, with its place.
pub(super) fn read(text: &str, source: SourceId, base: &Files) -> Result<CaseFile, Vec<Problem>> {
    let mut fields = Fields::new(toml::read(text, source, KIND)?, KIND);
    fields.require(&["says"]);
    let says = fields.text("says");
    if let Some(says) = says.as_ref().filter(|it| it.text.trim().is_empty()) {
        fields.reject(says.span, "a sentence is wanted here that says what the case shows");
    }
    let is_example = fields.boolean("example").is_some_and(|(value, _)| value);
    let with_base = fields.boolean("base").is_none_or(|(value, _)| value);
    let mut files = if with_base { base.clone() } else { Files::new() };
    for path in fields.texts("remove").unwrap_or_default() {
        match position(&files, &path) {
            Ok(index) => drop(files.remove(index)),
            Err(message) => fields.reject(path.span, message),
        }
    }
    for table in fields.tables("edit") {
        let problems = edit(table, &mut files);
        fields.absorb(problems);
    }
    let mut wanted = Vec::new();
    for table in fields.tables("finding") {
        let (it, problems) = finding(table);
        wanted.push(it);
        fields.absorb(problems);
    }
    let problems = fields.finish();
    let says = says.map(|it| it.text.into_owned()).unwrap_or_default();
    if problems.is_empty() { Ok(CaseFile { says, is_example, wanted, files }) } else { Err(problems) }
}

/// Replaces a text that must stand in the file exactly once, so that an edit never hits what it does not mean.
fn edit(table: Table<'_>, files: &mut Files) -> Vec<Problem> {
    let mut fields = Fields::new(table, KIND);
    fields.require(&["file", "replace", "with"]);
    let (file, from, to) = (fields.text("file"), fields.text("replace"), fields.text("with"));
    if let (Some(file), Some(from), Some(to)) = (file, from, to) {
        match position(files, &file) {
            Err(message) => fields.reject(file.span, message),
            Ok(index) => {
                let bytes = &mut files[index].1;
                match replaced(bytes, &from.text, &to.text) {
                    Ok(edited) => *bytes = edited,
                    Err(fault) => fields.reject(from.span, format!("this text {fault} {}", file.text)),
                }
            }
        }
    }
    fields.finish()
}

fn replaced(bytes: &[u8], from: &str, to: &str) -> Result<Vec<u8>, String> {
    if from.is_empty() {
        return Err("is empty, so it could stand anywhere in".to_owned());
    }
    let mut found = memmem::find_iter(bytes, from);
    match (found.next(), found.count()) {
        (None, _) if std::str::from_utf8(bytes).is_err() || bytes.contains(&0) => {
            Err("cannot be looked for, since only files in UTF-8 can be edited, and that is not the encoding of"
                .to_owned())
        }
        (None, _) => Err("does not stand (blanks and line ends count) in".to_owned()),
        (Some(at), 0) => Ok([&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()),
        (Some(_), more) => Err(format!("stands {} times, and once is wanted, in", more + 1)),
    }
}

fn finding(table: Table<'_>) -> (Wanted, Vec<Problem>) {
    let mut fields = Fields::new(table, KIND);
    let servers = fields.texts("servers").map(|names| {
        let mut names: Vec<String> = names.into_iter().map(|it| it.text.into_owned()).collect();
        names.sort();
        names
    });
    let own = |text: Option<Scalar<'_>>| text.map(|it| it.text.into_owned());
    let wanted = Wanted {
        servers,
        file: own(fields.text("file")),
        line: fields.integer("line").map(|(line, _)| line),
        text: own(fields.text("text")),
        severity: fields.word("severity", &Severity::WORDS).map(|(it, _)| it),
    };
    (wanted, fields.finish())
}

fn position(files: &Files, path: &Scalar<'_>) -> Result<usize, String> {
    files.iter().position(|(it, _)| *it == path.text).ok_or_else(|| {
        let near = nearest(&path.text, files.iter().map(|(it, _)| it.as_str()));
        let names = || files.iter().map(|(it, _)| it.as_str()).take(12).collect::<Vec<_>>().join("`, `");
        match near {
            Some(near) => format!("there is no file `{}` in the estate; did you mean `{near}`?", path.text),
            None if files.is_empty() => "the estate of this case has no files".to_owned(),
            None => format!("there is no file `{}` in the estate; there are `{}`", path.text, names()),
        }
    })
}
