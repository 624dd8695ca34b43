//! Rule cases: for every rule the snapshots in which it fires, holds its peace, or cannot be asked.
//!
//! A case is a folder `fixtures/rules/<id>/{fires,holds,open}-<what>/`. Its `case.toml` says in a sentence what it shows
//! and edits the sound estate of `fixtures/rules/base`; files beside it take the place of the base's. `expected.txt` is
//! the report as a person sees it.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::scratch::{Files, edit, expect, files_below, lint_files, repository};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What the case shows.
    says: String,
    /// Files of the base that are left out.
    #[serde(default)]
    remove: Vec<String>,
    /// Texts of the base that are replaced.
    #[serde(default)]
    edit: Vec<Edit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    file: String,
    replace: String,
    with: String,
}

/// Every folder of cases with the id of its rule.
pub(crate) fn folders() -> Vec<(String, PathBuf)> {
    let root = repository().join("fixtures/rules");
    let mut folders = Vec::new();
    for rule in std::fs::read_dir(root).unwrap() {
        let rule = rule.unwrap().path();
        let id = rule.file_name().unwrap().to_str().unwrap().to_owned();
        if id == "base" || !rule.is_dir() {
            continue;
        }
        for case in std::fs::read_dir(&rule).unwrap() {
            folders.push((id.clone(), case.unwrap().path()));
        }
    }
    folders.sort();
    folders
}

pub(crate) fn files_of(folder: &Path) -> Files {
    let case: Case = toml::from_str(&std::fs::read_to_string(folder.join("case.toml")).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    assert!(!case.says.is_empty(), "{} says what it shows", folder.display());
    let mut files = files_below(&repository().join("fixtures/rules/base"));
    for path in &case.remove {
        let before = files.len();
        files.retain(|(it, _)| it != path);
        assert_ne!(before, files.len(), "{}: {path} is in the base", folder.display());
    }
    for it in &case.edit {
        edit(&mut files, &it.file, &it.replace, &it.with);
    }
    for (path, bytes) in files_below(folder) {
        if path != "case.toml" && path != "expected.txt" {
            files.retain(|(it, _)| *it != path);
            files.push((path, bytes));
        }
    }
    files
}

#[test]
fn every_case_says_what_its_name_promises() {
    let mut wrong = Vec::new();
    for (rule, folder) in folders() {
        let linted = lint_files(files_of(&folder));
        let name = folder.file_name().unwrap().to_str().unwrap();
        let fires = linted.rules().contains(&rule.as_str());
        let right = match name.split('-').next() {
            Some("fires") => fires,
            Some("holds") => !fires && !linted.is_open(&rule),
            Some("open") => !fires && linted.is_open(&rule),
            _ => false,
        };
        if !right {
            wrong.push(format!("{rule}/{name}: {:?}, open: {}", linted.rules(), linted.is_open(&rule)));
        }
        expect(&folder.join("expected.txt"), &linted.human());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_base_is_sound() {
    let linted = lint_files(files_below(&repository().join("fixtures/rules/base")));
    assert_eq!(linted.report.exit_code, 0, "{}", linted.human());
}
