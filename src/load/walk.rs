//! Walking: every file below a path, folder by folder.
#![allow(clippy::disallowed_methods, reason = "this is where folders are read")]

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use crate::load::shown;

/// Folders of version control, which are never a part of a snapshot.
const PASSED_OVER: [&str; 3] = [".git", ".hg", ".svn"];

/// What lies at a path.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The files as reports name them, and where they are; what cannot be read is one of them, and told when it is read.
    pub(super) files: Vec<(String, PathBuf)>,
    /// Files and folders that are no part of the snapshot, and why.
    pub(super) passed_over: Vec<(String, String)>,
}

/// A walk over paths.
#[derive(Debug, Clone, Copy)]
pub(super) struct Walk<'w> {
    /// The linted paths, canonical.
    pub(super) roots: &'w [PathBuf],
    /// The folder to which shown paths are relative.
    pub(super) root: &'w Path,
}

impl Walk<'_> {
    /// Everything at a path that was given. The folders in it, mostly one a server, are walked beside each other.
    pub(super) fn path(self, path: &Path) -> Vec<Found> {
        let mut found = Found::default();
        let mut folders = Vec::new();
        for entry in WalkDir::new(path).max_depth(1).into_iter().filter_entry(is_own) {
            match entry {
                Ok(entry) if entry.file_type().is_dir() && entry.depth() == 1 => folders.push(entry.into_path()),
                other => self.take(path, other, &mut found),
            }
        }
        let below = folders.par_iter().map(|folder| self.folder(folder));
        [found].into_par_iter().chain(below).collect()
    }

    fn folder(self, folder: &Path) -> Found {
        let mut found = Found::default();
        // A link that took the place of the folder meanwhile is not followed.
        for entry in WalkDir::new(folder).follow_root_links(false).into_iter().filter_entry(is_own) {
            self.take(folder, entry, &mut found);
        }
        found
    }

    fn take(self, path: &Path, entry: Result<DirEntry, walkdir::Error>, found: &mut Found) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => self.visit(&entry, found),
            Err(error) => {
                let path = error.path().unwrap_or(path);
                found.files.push((shown(path, self.root), path.to_path_buf()));
            }
        }
    }

    fn visit(self, entry: &DirEntry, found: &mut Found) {
        let path = entry.path();
        let shown = shown(path, self.root);
        if entry.file_type().is_file() {
            found.files.push((shown, path.to_path_buf()));
        } else if entry.path_is_symlink() {
            let inside = path.canonicalize().is_ok_and(|target| self.roots.iter().any(|root| target.starts_with(root)));
            if inside {
                found.passed_over.push((shown, "a link to another part of the snapshot".to_owned()));
            } else {
                found.files.push((shown, path.to_path_buf()));
            }
        } else {
            found.passed_over.push((shown, "not a regular file".to_owned()));
        }
    }
}

/// Whether an entry is not a folder of version control; a path that was given is walked whatever it is.
fn is_own(entry: &DirEntry) -> bool {
    let is_passed_over = || entry.file_name().to_str().is_some_and(|name| PASSED_OVER.contains(&name));
    entry.depth() == 0 || !(entry.file_type().is_dir() && is_passed_over())
}
