//! A corpus of real files, where one is given: nothing panics, and every location is true.
//!
//! `OWALINT_CORPUS` names the folder; without it the fixtures stand in, cut off at many places.

use std::path::Path;

use crate::estates::errors_about_proxying;
use crate::places::check_places;
use crate::scratch::{edit, files_below, fixture, lint_files};

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

/// Exchange's own default files, as the configuration of the server that is proxied to in a sound estate: read as the
/// servers they are, of 2013 or later, nothing is wrong with them; were they of 2010, it would be that setup leaves forms.
#[test]
fn the_files_that_setup_leaves_give_no_error_about_proxying() {
    let Some(folder) = std::env::var_os("OWALINT_CORPUS") else { return };
    let is_default = |path: &str| {
        path.contains("css-exchange/") && path.ends_with(".config") && path.to_lowercase().contains("default")
    };
    let defaults: Vec<_> = files_below(Path::new(&folder)).into_iter().filter(|(path, _)| is_default(path)).collect();
    assert!(!defaults.is_empty(), "no default file of Exchange is in the corpus");
    for (path, bytes) in defaults {
        let mut files = fixture("rules/base");
        files.retain(|(it, _)| it != "CAS2/applicationHost.config");
        files.push(("CAS2/applicationHost.config".to_owned(), bytes));
        let but_forms = errors_about_proxying(files.clone()).into_iter().filter(|it| !it.starts_with("PRX-105: "));
        assert_eq!(but_forms.collect::<Vec<_>>().join("\n"), "", "{path}");
        edit(&mut files, "CAS2/owa.txt", ": Exchange2010", ": Exchange2013");
        edit(&mut files, "CAS2/owa.txt", r"Exchange Server\V14\", r"Exchange Server\V15\");
        assert_eq!(errors_about_proxying(files).join("\n"), "", "{path}");
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
