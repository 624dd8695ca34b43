//! A corpus of real files, where one is given: nothing panics, and every location is true.
//!
//! `OWALINT_CORPUS` names the folder; without it the fixtures stand in, cut off at many places.

use std::path::Path;

use crate::places::check_places;
use crate::scratch::{files_below, fixture, lint_files};

#[test]
fn real_files_are_linted_one_by_one() {
    let Some(folder) = std::env::var_os("OWALINT_CORPUS") else { return };
    for (path, bytes) in files_below(Path::new(&folder)) {
        let name = path.rsplit('/').next().unwrap().to_owned();
        let linted = lint_files(vec![(format!("CAS1/{name}"), bytes)]);
        check_places(&linted);
        assert!(!linted.human().is_empty(), "{path}");
    }
}

#[test]
fn files_that_break_off_anywhere_do_no_harm() {
    let files = fixture("rules/base");
    for index in 0..files.len() {
        let length = files[index].1.len();
        if files[index].0 == "owalint-estate.toml" {
            continue;
        }
        for part in 0..40 {
            let mut cut = files.clone();
            cut[index].1.truncate(length * part / 40);
            let linted = lint_files(cut);
            check_places(&linted);
            assert!(!linted.human().is_empty());
        }
    }
}
