//! Tidy: what the architecture promises, held by tests.

use std::path::PathBuf;

use owalint::cases::Kind;

use crate::cases;
use crate::scratch::repository;

/// The floors from the ground up; a module may use those below it and none above.
const FLOORS: [&[&str]; 9] = [
    &["text"],
    &["finding"],
    &["read"],
    &["model"],
    &["rule"],
    &["config"],
    &["report"],
    &["render"],
    &["load", "lint", "compare", "cases"],
];

fn rust_files(folder: &str) -> Vec<(String, String)> {
    let root = repository();
    let mut files = Vec::new();
    let mut pending = vec![root.join(folder)];
    while let Some(here) = pending.pop() {
        for entry in std::fs::read_dir(here).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let shown = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                files.push((shown, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|modules| modules.contains(&module))
}

#[test]
fn imports_run_downwards() {
    for (path, text) in rust_files("src") {
        let module = path.trim_start_matches("src/").trim_end_matches(".rs").split('/').next().unwrap();
        let Some(floor) = floor_of(module) else { continue };
        for used in text.split("crate::").skip(1) {
            let used: String = used.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '_').collect();
            if let Some(other) = floor_of(&used) {
                assert!(other <= floor, "{path} uses crate::{used}, which lies above it");
            }
        }
        assert!(!text.contains("super::super"), "{path} names a path from the crate's root");
    }
}

#[test]
fn every_file_says_what_it_is() {
    for (path, text) in rust_files("src").into_iter().chain(rust_files("tests")) {
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! ") && first.trim_end().ends_with('.'), "{path} begins with a sentence");
    }
}

/// The one file that is a table, which grows by a row for each kind of problem.
const TABLE: &str = "src/read/problem.rs";

#[test]
fn files_and_functions_stay_small() {
    for (path, text) in rust_files("src") {
        let lines = text.lines().count();
        assert!(lines <= 400 || path == TABLE, "{path} has {lines} lines");
        let mut start = None;
        for (number, line) in text.lines().enumerate() {
            let trimmed = line.trim_start();
            let indent = line.len() - trimmed.len();
            let is_function = ["fn ", "pub fn ", "pub(super) fn ", "pub(crate) fn ", "const fn ", "pub const fn "]
                .iter()
                .any(|it| trimmed.starts_with(it));
            if is_function && !trimmed.ends_with('}') {
                start = Some((number, indent));
            }
            if let Some((from, depth)) = start.filter(|(_, depth)| trimmed.starts_with('}') && indent == *depth) {
                let _ = depth;
                assert!(number - from <= 80, "{path}:{} is a function of {} lines", from + 1, number - from);
                start = None;
            }
        }
    }
}

#[test]
fn no_test_is_switched_off() {
    for (path, text) in rust_files("src").into_iter().chain(rust_files("tests")) {
        let off = ["#[", "ignore"].concat();
        assert!(!text.contains(&off), "{path} has a test that never runs");
    }
}

#[test]
fn paths_in_the_architecture_exist() {
    let text = std::fs::read_to_string(repository().join("ARCHITECTURE.md")).unwrap();
    for word in text.split('`').skip(1).step_by(2) {
        let is_path = word.contains('/') && !word.contains([' ', '<', '*', '{', '…']);
        if is_path {
            assert!(repository().join(word).exists(), "ARCHITECTURE.md names {word}");
        }
    }
}

/// A rule that fires nowhere or always is no rule.
#[test]
fn every_rule_has_its_cases() {
    let mut missing = Vec::new();
    let (cases, book) = cases::all();
    let has = |rule: &str, kind: Kind| cases.iter().any(|it| it.rule == rule && it.kind == kind);
    for rule in book.rules() {
        let can_be_open = rule.tells_open() && !NEVER_OPEN.contains(&rule.id.as_str());
        let kinds = if can_be_open { &Kind::WORDS[..] } else { &Kind::WORDS[..2] };
        for (word, kind) in kinds {
            if !has(&rule.id, *kind) {
                missing.push(format!("{} has no case {word}-…", rule.id));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// Rules that ask only of settings that not every version has, or of versions that count as equal if unknown.
const NEVER_OPEN: [&str; 2] = ["PRX-130", "PRX-131"];

#[test]
fn every_question_is_asked() {
    let rules: String = owalint::rule::book::BUILT_IN.iter().map(|(_, text)| *text).collect();
    for question in owalint::rule::questions::questions().filter(|it| !it.is_open) {
        let asked = rules.contains(&format!(".{}\"", question.name)) || rules.contains(&format!(".{}'", question.name));
        let for_others = FOR_RULES_OF_OTHERS.contains(&question.name);
        assert!(asked != for_others, "{} is {}asked by a rule", question.name, if asked { "" } else { "not " });
    }
}

/// Questions that no built-in rule asks, kept for rules of the user's own: the parts of URLs and of servers.
const FOR_RULES_OF_OTHERS: [&str; 8] = [
    "site",
    "internal-url.host",
    "internal-url.port",
    "internal-url.path",
    "external-url.host",
    "access-policy",
    "url",
    "url.host",
];
