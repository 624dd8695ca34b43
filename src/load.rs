//! Loading: walks the linted paths, says how each file is read, and finds rule and configuration files.
//!
//! With `main.rs` and `output.rs` the only place that touches the file system. Nothing outside the given paths is opened.
#![allow(clippy::disallowed_methods, reason = "this is where files are read")]

mod file;
mod walk;

use std::io;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;
use walkdir::WalkDir;

use crate::config;
use crate::load::file::{begin_file, check_readable, read_file, read_named};
use crate::load::walk::{Found, Walk};
use crate::model::estate_file;
use crate::rule::book::RuleFile;
use crate::text::decode::decode;
use crate::text::origin::Origin;
use crate::text::source::{Source, Sources};
use crate::text::span::SourceId;

/// The size from which a file is refused, in bytes. Offsets of decoded text are 32 bits wide, and Windows-1252 can
/// grow threefold.
pub const MAX_BYTES: u64 = 1 << 30;

/// The files of a snapshot.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// The files, by path in bytes.
    pub files: Vec<SourceId>,
    /// The estate file at the root, if there is one.
    pub estate_file: Option<SourceId>,
    /// Estate files elsewhere than at the root, which are not used.
    pub stray_estate_files: Vec<SourceId>,
    /// Configuration files inside the linted paths, which are not used.
    pub configurations: Vec<SourceId>,
    /// The configuration that was named on the command line, if it lies inside the linted paths.
    pub own_configuration: Option<SourceId>,
    /// The baseline that was named on the command line, if it lies inside the linted paths.
    pub own_baseline: Option<SourceId>,
    /// The file that was named there to say what a change is to do, if it lies inside.
    pub own_intent: Option<SourceId>,
    /// Files and folders that are no part of the snapshot, and why.
    pub passed_over: Vec<(String, String)>,
    /// The linted paths, canonical.
    roots: Vec<PathBuf>,
    /// The deepest folder that holds all of them, to which shown paths are relative.
    root: PathBuf,
}

/// Why a run cannot begin.
#[derive(Debug, Error)]
pub enum LoadError {
    /// A path that was given does not exist or cannot be read.
    #[error("{}: {cause}", path.display())]
    Path {
        /// The path as given.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
}

/// Finds everything below the given paths; each file is read when it is asked for.
///
/// # Errors
/// If one of the paths does not exist or cannot be read. What cannot be read below them is told when it is read.
pub fn load(paths: &[PathBuf], sources: &mut Sources) -> Result<Snapshot, LoadError> {
    let mut snapshot = Snapshot::default();
    let mut given = Vec::new();
    for path in paths {
        let canonical = path.canonicalize().map_err(|cause| LoadError::Path { path: path.clone(), cause })?;
        check_readable(&canonical).map_err(|cause| LoadError::Path { path: path.clone(), cause })?;
        given.push(canonical);
    }
    let folders: Vec<&Path> =
        given.iter().map(|path| if path.is_dir() { path } else { path.parent().unwrap_or(path) }).collect();
    let root = common(&folders);
    snapshot.root.clone_from(&root);
    snapshot.roots.clone_from(&given);
    let walk = Walk { roots: &given, root: &root };
    let found: Vec<Found> = given.iter().flat_map(|path| walk.path(path)).collect();
    let mut files: Vec<(String, PathBuf)> = Vec::new();
    for found in found {
        files.extend(found.files);
        snapshot.passed_over.extend(found.passed_over);
    }
    files.sort();
    files.dedup();
    for (shown, path) in files {
        let path: Arc<Path> = path.into();
        let again = Arc::clone(&path);
        let origin = Origin::new(move || read_file(&path)).with_parts(move || begin_file(&again));
        snapshot.take(Source::fetched(shown, origin), sources);
    }
    snapshot.passed_over.sort();
    snapshot.passed_over.dedup();
    Ok(snapshot)
}

/// Reads one file that is named on the command line: an estate file or a configuration.
///
/// # Errors
/// If it cannot be read.
pub fn load_named(path: &Path, sources: &mut Sources) -> Result<SourceId, LoadError> {
    let bytes = read_named(path).map_err(|cause| LoadError::Path { path: path.to_path_buf(), cause })?;
    Ok(sources.add(Source::outside(slashed(path), decode(bytes))))
}

/// Reads the rule files of a folder, by name.
///
/// # Errors
/// If the folder or one of its rule files cannot be read.
pub fn load_rules(folder: &Path) -> Result<Vec<RuleFile>, LoadError> {
    let error = |cause: io::Error| LoadError::Path { path: folder.to_path_buf(), cause };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(error)? {
        let path = entry.map_err(error)?.path();
        // What is no file is told when it is read: a rule that is not there would never be missed.
        if path.extension().is_some_and(|it| it.eq_ignore_ascii_case("toml")) {
            paths.push(path);
        }
    }
    paths.sort();
    let read = |path: PathBuf| match read_named(&path) {
        Ok(bytes) => Ok(RuleFile { path: slashed(&path), bytes }),
        Err(cause) => Err(LoadError::Path { path, cause }),
    };
    paths.into_iter().map(read).collect()
}

/// Every file below a folder, by its path relative to it; nothing where there is no such folder.
///
/// # Errors
/// If one of them cannot be read, or is a link, which is not followed, or no file at all: a case that is not there would
/// never be missed.
pub fn load_below(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, LoadError> {
    let error = |path: &Path, cause: io::Error| LoadError::Path { path: path.to_path_buf(), cause };
    match folder.symlink_metadata() {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        _ => std::fs::read_dir(folder).map_err(|cause| error(folder, cause))?,
    };
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).min_depth(1).sort_by_file_name() {
        let entry = entry.map_err(|cause| {
            let path = cause.path().unwrap_or(folder).to_path_buf();
            LoadError::Path { path, cause: cause.into() }
        })?;
        let (path, kind) = (entry.path(), entry.file_type());
        if kind.is_dir() {
            continue;
        }
        if !kind.is_file() {
            let what = if kind.is_symlink() { "a link, which is not followed" } else { "neither a file nor a folder" };
            return Err(error(path, io::Error::new(io::ErrorKind::InvalidInput, what)));
        }
        files.push((shown(path, folder), read_named(path).map_err(|cause| error(path, cause))?));
    }
    Ok(files)
}

/// The configuration that is found upwards from the working directory, never one inside the linted paths. Its path is
/// relative, so that reports of one snapshot are the same wherever that lies.
pub fn find_configuration(here: &Path, snapshots: &[&mut Snapshot]) -> Option<PathBuf> {
    let here = here.canonicalize().ok()?;
    let mut up = PathBuf::new();
    for folder in here.ancestors() {
        let path = folder.join(config::FILE_NAME);
        if path.exists() && !path.is_dir() && !snapshots.iter().any(|snapshot| snapshot.holds(&path)) {
            return Some(up.join(config::FILE_NAME));
        }
        up.push("..");
    }
    None
}

impl Snapshot {
    /// A snapshot of files that are in memory already: their paths relative to the root, with slashes, and their bytes.
    pub fn from_memory(mut files: Vec<(String, Vec<u8>)>, sources: &mut Sources) -> Snapshot {
        files.sort();
        let mut snapshot = Snapshot::default();
        for (path, bytes) in files {
            snapshot.take(Source::new(path, decode(bytes)), sources);
        }
        snapshot
    }

    /// The deepest folder that holds the linted paths, to which shown paths are relative.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The way from a folder down to the snapshot's root, with slashes and one at its end; empty where the root is that
    /// folder or does not lie below it.
    pub fn below(&self, folder: &Path) -> String {
        let Ok(folder) = folder.canonicalize() else { return String::new() };
        match self.root.strip_prefix(&folder).map(slashed) {
            Ok(way) if !way.is_empty() => way + "/",
            _ => String::new(),
        }
    }

    /// Whether a path lies inside the linted paths.
    pub fn holds(&self, path: &Path) -> bool {
        let Ok(canonical) = path.canonicalize() else { return false };
        self.roots.iter().any(|root| canonical.starts_with(root))
    }

    /// Takes another file as the estate file in place of the one at the root, which is then no part of the run.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn use_estate_file(&mut self, path: &Path, sources: &mut Sources) -> Result<SourceId, LoadError> {
        let named = self.shown_inside(path);
        let is_named = |id: &SourceId| named.as_deref() == Some(sources.get(*id).path());
        if let Some(id) = self.estate_file.filter(is_named) {
            return Ok(id);
        }
        let inside = self.stray_estate_files.iter().chain(&self.files).copied().find(is_named);
        self.stray_estate_files.retain(|id| Some(*id) != inside);
        self.files.retain(|id| Some(*id) != inside);
        let id = match inside {
            Some(id) => id,
            None => load_named(path, sources)?,
        };
        if self.estate_file.replace(id).is_some() {
            let why = "another estate file was named on the command line".to_owned();
            self.passed_over.push((estate_file::FILE_NAME.to_owned(), why));
        }
        Ok(id)
    }

    /// Takes a file as the configuration, which is then no part of what is linted, if it lies inside.
    pub fn take_configuration(&mut self, path: &Path, sources: &Sources) -> Option<SourceId> {
        self.own_configuration = self.take_out(path, sources);
        self.own_configuration
    }

    /// Takes a file as the baseline, which is then no part of what is linted.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn use_baseline(&mut self, path: &Path, sources: &mut Sources) -> Result<SourceId, LoadError> {
        let inside = self.take_out(path, sources);
        self.own_baseline = inside;
        inside.map_or_else(|| load_named(path, sources), Ok)
    }

    /// Takes a file that was named on the command line out of what is linted, if it lies inside.
    pub fn take_out(&mut self, path: &Path, sources: &Sources) -> Option<SourceId> {
        let named = self.shown_inside(path)?;
        let is_named = |id: &SourceId| named == sources.get(*id).path();
        let id = self.configurations.iter().chain(&self.files).copied().find(is_named)?;
        self.configurations.retain(|it| *it != id);
        self.files.retain(|it| *it != id);
        Some(id)
    }

    /// How a path is shown that lies inside the linted paths.
    fn shown_inside(&self, path: &Path) -> Option<String> {
        let canonical = path.canonicalize().ok().filter(|_| self.holds(path))?;
        Some(shown(&canonical, &self.root))
    }

    fn take(&mut self, source: Source, sources: &mut Sources) {
        let path = source.path();
        let is_at_root = path == estate_file::FILE_NAME;
        let name = path.rsplit('/').next().unwrap_or(path);
        let (is_estate_file, is_configuration) = (name == estate_file::FILE_NAME, name == config::FILE_NAME);
        // What is read by itself has to be there; whether other files are shows when they are read.
        let is_there = !(is_estate_file || is_configuration) || source.open().is_ok();
        let id = sources.add(source);
        if is_there && is_at_root {
            self.estate_file = Some(id);
        } else if is_there && is_estate_file {
            self.stray_estate_files.push(id);
        } else if is_there && is_configuration {
            self.configurations.push(id);
        } else {
            self.files.push(id);
        }
    }
}

/// The deepest folder that holds all of these.
fn common(folders: &[&Path]) -> PathBuf {
    let mut common = folders.first().map_or_else(PathBuf::new, |path| path.to_path_buf());
    for folder in folders {
        while !folder.starts_with(&common) {
            if !common.pop() {
                break;
            }
        }
    }
    common
}

/// A path as reports show it: relative to the root, with slashes.
fn shown(path: &Path, root: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    if let (MAIN_SEPARATOR, Some(plain)) = ('/', relative.to_str()) {
        return plain.to_owned();
    }
    let parts: Vec<String> =
        relative.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    parts.join("/")
}

/// A path as messages about rule and configuration files show it.
pub fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
