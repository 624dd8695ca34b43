//! Scratch: snapshots in memory, and folders for tests of the binary.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use owalint::config::Config;
use owalint::lint;
use owalint::load::Snapshot;
use owalint::model::estate_file::EstateFile;
use owalint::model::ladder::Ladder;
use owalint::read::reg::Wanted;
use owalint::render::{self, Look};
use owalint::report::facts::{self, Facts};
use owalint::report::paths::{self, Paths};
use owalint::report::{Options, Report};
use owalint::rule::book::Book;
use owalint::text::decode::decode;
use owalint::text::source::{Source, Sources};

/// The files of a snapshot: paths relative to its root, and bytes.
pub(crate) type Files = Vec<(String, Vec<u8>)>;

/// Everything that a lint of files in memory gives.
pub(crate) struct Linted {
    pub(crate) report: Report,
    pub(crate) paths: Paths,
    pub(crate) facts: Facts,
    pub(crate) sources: Sources,
}

impl Linted {
    /// The report as a person sees it, without colours.
    pub(crate) fn human(&self) -> String {
        render::human::render(&self.report, &self.sources, Look { color: false, quiet: false, ..Look::default() })
    }

    /// The ids of the findings, in the order of the report.
    pub(crate) fn rules(&self) -> Vec<&str> {
        self.report.findings.iter().map(|finding| finding.rule.as_str()).collect()
    }

    /// Whether a question of a rule was left open.
    pub(crate) fn is_open(&self, rule: &str) -> bool {
        self.report.open.iter().any(|open| open.rule.as_deref() == Some(rule))
    }
}

/// Lints files in memory with the built-in rules.
pub(crate) fn lint_files(files: Files) -> Linted {
    lint_with(files, "", "2026-06-15", Options::default()).unwrap()
}

/// Lints files in memory with the built-in rules and a configuration, on some day; if the configuration is refused,
/// gives what is wrong with it: the text at each place, and the message.
pub(crate) fn lint_with(
    files: Files,
    configuration: &str,
    today: &str,
    options: Options,
) -> Result<Linted, Vec<(String, String)>> {
    let mut sources = Sources::default();
    let snapshot = Snapshot::from_memory(files, &mut sources);
    let (book, problems) = Book::open(Vec::new(), &mut sources);
    assert!(problems.is_empty(), "{problems:?}");
    let id = sources.add(Source::new("owalint.toml".to_owned(), decode(configuration.as_bytes().to_vec())));
    let config = Config::read(id, sources.get(id), &book, today.parse().unwrap()).map_err(|problems| {
        let shown = problems.into_iter().map(|it| (sources.text(it.span).to_owned(), it.message));
        shown.collect::<Vec<_>>()
    })?;
    let estate_file = snapshot.estate_file.map(|id| EstateFile::read(sources.get(id).text(), id, true).unwrap());
    let facts = {
        let read = lint::read(&snapshot, &sources, estate_file.as_ref(), &Wanted::all());
        facts::facts(&Ladder::new(&read.estate), &sources, true)
    };
    let mut read = lint::read(&snapshot, &sources, estate_file.as_ref(), &book.wanted());
    let paths = paths::paths(&Ladder::new(&read.estate), &sources);
    let report = lint::check(&mut read, &sources, &book, &config, None, &options);
    Ok(Linted { report, paths, facts, sources })
}

/// The files below a folder of `fixtures/`.
pub(crate) fn fixture(folder: &str) -> Files {
    files_below(&repository().join("fixtures").join(folder))
}

/// The files below any folder.
pub(crate) fn files_below(folder: &Path) -> Files {
    let mut files = Files::new();
    let mut pending = vec![folder.to_path_buf()];
    while let Some(here) = pending.pop() {
        for entry in std::fs::read_dir(&here).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else {
                let shown = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                files.push((shown, std::fs::read(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Puts an edit into one file of a snapshot; the text must be there exactly once.
pub(crate) fn edit(files: &mut Files, path: &str, from: &str, to: &str) {
    let (_, bytes) = files.iter_mut().find(|(it, _)| it == path).unwrap_or_else(|| panic!("no file {path}"));
    let text = String::from_utf8(std::mem::take(bytes)).unwrap();
    assert_eq!(text.matches(from).count(), 1, "`{from}` stands once in {path}");
    *bytes = text.replace(from, to).into_bytes();
}

/// A folder that is removed when the test ends.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Folder {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("owalint-test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    /// A folder that holds these files.
    pub(crate) fn with(files: &Files) -> Folder {
        let folder = Folder::new();
        for (path, bytes) in files {
            folder.write(path, bytes);
        }
        folder
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.0.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    pub(crate) fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs the built binary, away from any configuration of the machine.
pub(crate) fn run(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_owalint"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("FORCE_COLOR")
        .env_remove("FORCE_HYPERLINK")
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

/// Compares with a stored text; `OWALINT_UPDATE=1` rewrites it, and a missing one fails.
pub(crate) fn expect(path: &Path, actual: &str) {
    if std::env::var_os("OWALINT_UPDATE").is_some_and(|it| it == "1") {
        std::fs::write(path, actual).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(path)
        .unwrap_or_else(|_| panic!("{} is missing; OWALINT_UPDATE=1 cargo test writes it", path.display()));
    assert!(expected == actual, "{} differs; it would be:\n{actual}", path.display());
}
