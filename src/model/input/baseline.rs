//! Baselines of ours among the inputs: told by their schema, never read as exports, and used only where they are named.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::model::input::Input;
use crate::read::problem::{Problem, ProblemKind};
use crate::read::toml::{self, Value};
use crate::text::span::{SourceId, Span};

/// What the schema of every version begins with.
const SCHEMA: &str = "owalint.baseline/";

static MARK: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(SCHEMA));

const UNUSED: &str = "this baseline is not used, since no --baseline names it";

/// Sets a baseline aside and says that it holds nothing back; `None` if this is something else.
pub(super) fn read_baseline(id: SourceId, text: &str) -> Option<Input> {
    if text.trim_start().starts_with('<') {
        return None;
    }
    MARK.find(text.as_bytes())?;
    let place = as_toml(id, text).or_else(|| as_first_line(id, text))?;
    let problem = Problem::new(ProblemKind::BaselineUnused, place, UNUSED);
    Some(Input { problems: vec![problem], ..Input::ignored(id, "owalint-baseline", UNUSED) })
}

/// The schema of a file that is sound, wherever it stands in it.
fn as_toml(id: SourceId, text: &str) -> Option<Span> {
    let table = toml::read(text, id, ProblemKind::RejectedBaseline).ok()?;
    match &table.get("schema")?.value {
        Value::Text(schema) if schema.text.starts_with(SCHEMA) => Some(schema.span),
        _ => None,
    }
}

/// The schema of a file that is not, such as one with the marks of a merge in it: in the first line that is no comment.
fn as_first_line(id: SourceId, text: &str) -> Option<Span> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let written = line.trim();
        if !written.is_empty() && !written.starts_with('#') {
            let value = written.strip_prefix("schema")?.trim_start().strip_prefix('=')?.trim_start();
            value.strip_prefix(['"', '\''])?.strip_prefix(SCHEMA)?;
            let start = at + line.find(SCHEMA)?;
            let length = text[start..].find(['"', '\'', '\r', '\n']).unwrap_or(text.len() - start);
            return Some(Span::new(id, start, start + length));
        }
        at += line.len();
    }
    None
}
