//! Whole lints of small snapshots, and what must hold of every report.

use std::sync::OnceLock;

use owalint::config::Config;
use owalint::lint;
use owalint::load::Snapshot;
use owalint::model::estate_file::EstateFile;
use owalint::model::ladder::Ladder;
use owalint::report::facts::{self, Facts};
use owalint::report::paths::{self, Paths};
use owalint::report::{Options, Report};
use owalint::rule::book::Book;
use owalint::text::source::Sources;
use serde_json::Value;

/// The files of a snapshot: paths relative to its root, and bytes.
type Files = Vec<(String, Vec<u8>)>;

/// What a lint gives.
pub struct Run {
    pub report: Report,
    pub paths: Paths,
    pub facts: Facts,
    pub sources: Sources,
}

/// Keeps everything on the thread that is fuzzed.
pub fn on_one_thread() {
    static POOL: OnceLock<()> = OnceLock::new();
    POOL.get_or_init(|| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
        pool.build_global().expect("the pool is built once");
    });
}

/// The built-in rules.
pub fn book() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| {
        let (book, problems) = Book::open(Vec::new(), &mut Sources::default());
        assert!(problems.is_empty());
        book
    })
}

/// The sound estate of two servers that the cases of rules edit.
pub fn base() -> Files {
    macro_rules! files {
        ($($path:literal),*) => {
            vec![$(($path.to_owned(), include_bytes!(concat!("../../fixtures/rules/base/", $path)).to_vec())),*]
        };
    }
    files![
        "CAS1/applicationHost.config",
        "CAS1/owa.reg",
        "CAS1/owa.txt",
        "CAS2/applicationHost.config",
        "CAS2/owa.reg",
        "CAS2/owa.txt",
        "owalint-estate.toml"
    ]
}

/// The sound estate with other files in it, or some of its own with another content.
pub fn replaced(more: impl IntoIterator<Item = (String, Vec<u8>)>) -> Files {
    let mut files = base();
    for (path, bytes) in more {
        files.retain(|(it, _)| *it != path);
        files.push((path, bytes));
    }
    files
}

/// The files that an input is divided into: each begins behind a line `=== PATH`. What stands before the first such
/// line is a file called `input.txt`.
pub fn files(input: &[u8]) -> Files {
    const MOST: usize = 16;
    let mut files: Files = vec![("input.txt".to_owned(), Vec::new())];
    for line in input.split_inclusive(|it| *it == b'\n') {
        match line.strip_prefix(b"=== ") {
            Some(path) if files.len() < MOST => {
                let path = String::from_utf8_lossy(path.trim_ascii_end()).into_owned();
                files.push((path, Vec::new()));
            }
            _ => files.last_mut().expect("there is a first file").1.extend(line),
        }
    }
    files.retain(|(path, bytes)| path != "input.txt" || !bytes.is_empty());
    files.sort();
    files.dedup_by(|one, other| one.0 == other.0);
    files
}

/// Lints files in memory; `None` if their estate file is refused.
pub fn lint(files: Files) -> Option<Run> {
    on_one_thread();
    let mut sources = Sources::default();
    let snapshot = Snapshot::from_memory(files, &mut sources);
    let estate_file = match snapshot.estate_file {
        None => None,
        Some(id) => Some(EstateFile::read(sources.get(id).text(), id, true).ok()?),
    };
    let mut read = lint::read(&snapshot, &sources, estate_file.as_ref(), &book().wanted());
    let (paths, facts) = {
        let ladder = Ladder::new(&read.estate);
        (paths::paths(&ladder, &sources), facts::facts(&ladder, &sources, true))
    };
    let options = Options { with_outcomes: true, ..Options::default() };
    let report = lint::check(&mut read, &sources, book(), &Config::default(), None, &options);
    Some(Run { report, paths, facts, sources })
}

/// Every location in every document is the text of its file, and no input that was not understood is passed over.
pub fn check_places(run: &Run) {
    for document in [
        serde_json::to_value(&run.report).expect("a report is JSON"),
        serde_json::to_value(&run.paths).expect("paths are JSON"),
        serde_json::to_value(&run.facts).expect("facts are JSON"),
    ] {
        let mut pending = vec![&document];
        while let Some(value) = pending.pop() {
            match value {
                Value::Array(items) => pending.extend(items),
                Value::Object(fields) => {
                    if fields.contains_key("start") && fields.contains_key("text") {
                        check_place(run, value);
                    }
                    pending.extend(fields.values());
                }
                _ => {}
            }
        }
    }
    let refused = run.report.inputs.iter().filter(|it| it.status == "refused" || it.status == "partly-read");
    for input in refused {
        let is_said = run.report.findings.iter().any(|it| it.primary.path == input.path && it.rule.starts_with("INP-"));
        assert!(is_said, "{} is {} and no finding says so", input.path, input.status);
        assert_ne!(run.report.exit_code, 0, "{} is {} and all is well", input.path, input.status);
    }
}

/// Cuts a location out of its file by lines and characters, without the conversion that made it.
fn check_place(run: &Run, place: &Value) {
    let path = place["path"].as_str().expect("a path is text");
    let (_, source) = run.sources.iter().find(|(_, it)| it.path() == path).expect("a place lies in a file of the run");
    let lines = lines(source.text());
    let at = |end: &str| {
        let number = |key: &str| place[end][key].as_u64().expect("places are numbers") as usize - 1;
        (number("line"), number("column"))
    };
    let offset = |(line, column): (usize, usize)| -> usize {
        let before: usize = lines[..line].iter().map(|it| it.len()).sum();
        let within: usize = lines[line].chars().take(column).map(char::len_utf8).sum();
        assert!(lines[line].chars().count() >= column, "column {column} of line {line} is none: {place}");
        before + within
    };
    let text = &source.text()[offset(at("start"))..offset(at("end"))];
    assert_eq!(place["text"].as_str().expect("a text is text"), text, "{place}");
}

/// The lines of a text with their ends.
fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\r', '\n']) {
        let length = at + if rest[at..].starts_with("\r\n") { 2 } else { 1 };
        lines.push(&rest[..length]);
        rest = &rest[length..];
    }
    lines.push(rest);
    lines
}
