//! Findings about several servers of a site: of fewer of them they are known, of a further one they are new.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{baseline, check, code, put, with_baseline};
use crate::scratch::{Files, fixture};

/// Servers of one site, of which some have the opt-in and one has no registry export.
fn site(servers: usize, with_opt_in: &[usize], lost: Option<usize>) -> Files {
    let mut files: Files = fixture("rules/base").into_iter().filter(|(path, _)| path.starts_with("CAS1/")).collect();
    let mut estate = String::from("[servers.CAS1]\nsite = \"HQ\"\n");
    let text = |path: &str| String::from_utf8(fixture_file(path)).unwrap();
    for number in 3..3 + servers {
        let name = format!("CAS{number}");
        let named = |text: String| text.replace("CAS2", &name).replace("cas2", &name.to_lowercase());
        write!(estate, "[servers.{name}]\nsite = \"Branch\"\n").unwrap();
        files.push((format!("{name}/owa.txt"), named(text("CAS2/owa.txt")).into_bytes()));
        files.push((format!("{name}/applicationHost.config"), named(text("CAS2/applicationHost.config")).into_bytes()));
        let mut registry = text("CAS2/owa.reg");
        if with_opt_in.contains(&number) {
            registry = registry.replace("\"SSLOff", "\"AllowProxyingWithoutSsl\"=dword:00000001\r\n\"SSLOff");
        }
        if lost != Some(number) {
            files.push((format!("{name}/owa.reg"), registry.into_bytes()));
        }
    }
    files.push(("owalint-estate.toml".to_owned(), estate.into_bytes()));
    files
}

fn fixture_file(path: &str) -> Vec<u8> {
    fixture("rules/base").into_iter().find(|(it, _)| it == path).unwrap().1
}

/// The servers that the finding of a site names, if it is reported.
fn reported(report: &Value) -> Option<Value> {
    let mut findings = report["findings"].as_array().unwrap().iter();
    findings.find(|it| it["rule"] == "HYG-223").map(|it| it["sources"].clone())
}

fn unused(report: &Value) -> usize {
    let is_about = |it: &&Value| it["rule"] == "INP-562" && it["message"].as_str().unwrap().contains("HYG-223");
    report["findings"].as_array().unwrap().iter().filter(is_about).count()
}

#[test]
fn fewer_servers_are_known_and_a_further_one_is_new() {
    let folder = with_baseline(&site(7, &[3, 4], None));
    assert!(baseline(&folder).contains("cause = \"cas3, cas4\""), "{}", baseline(&folder));
    for (with_opt_in, wanted) in [
        (&[3, 4][..], None),
        (&[3], None),
        (&[4], None),
        (&[3, 4, 5], Some(json!(["CAS3", "CAS4", "CAS5"]))),
        (&[5], Some(json!(["CAS5"]))),
        (&[4, 5], Some(json!(["CAS4", "CAS5"]))),
    ] {
        put(&folder, "b", &site(7, with_opt_in, None));
        let report = check(&folder, "b");
        assert_eq!(reported(&report), wanted, "{with_opt_in:?}");
        assert_eq!(unused(&report), usize::from(wanted.is_some()), "{with_opt_in:?}");
    }
}

#[test]
fn adding_widens_and_pruning_narrows() {
    let folder = with_baseline(&site(7, &[3, 4], None));
    let change = |command: &str, below: &str, files: &Files| {
        put(&folder, below, files);
        let (rc, said) = code(&["baseline", command, below, "--file", "known.toml"], &folder);
        assert_eq!(rc, 0, "{said}");
        said
    };
    let whole = baseline(&folder);
    assert!(change("add", "fewer", &site(7, &[3], None)).contains("0 added, 0 widened"), "nothing is new of fewer");
    assert_eq!(baseline(&folder), whole);
    let said = change("prune", "fewer", &site(7, &[3], None));
    assert!(said.contains("1 of fewer servers than before"), "{said}");
    let line = "{ rule = \"HYG-223\", sources = [\"CAS3\"], targets = [], object = \"branch\", cause = \"cas3\"";
    assert!(baseline(&folder).contains(line), "{}", baseline(&folder));
    put(&folder, "again", &site(7, &[3, 4], None));
    assert_eq!(reported(&check(&folder, "again")), Some(json!(["CAS3", "CAS4"])), "what was pruned is new again");
    let said = change("add", "again", &site(7, &[3, 4], None));
    assert!(said.contains(", 1 widened"), "{said}");
    assert_eq!(baseline(&folder), whole);
    change("add", "other", &site(7, &[3, 5], None));
    for known in [&[3, 4, 5][..], &[4, 5], &[5]] {
        put(&folder, "all", &site(7, known, None));
        assert_eq!(reported(&check(&folder, "all")), None, "{known:?}: each of them was taken in");
    }
}

/// A server whose export is gone is not mended.
#[test]
fn what_nobody_can_tell_of_a_server_is_not_pruned() {
    let folder = with_baseline(&site(7, &[3, 4], None));
    let whole = baseline(&folder);
    put(&folder, "lost", &site(7, &[3, 4], Some(4)));
    let (_, said) = code(&["baseline", "prune", "lost", "--file", "known.toml"], &folder);
    assert!(said.contains("nothing here shows that their findings are gone"), "{said}");
    assert_eq!(baseline(&folder), whole);
}

/// The same in a difference: only the server that changed is told.
#[test]
fn a_difference_tells_of_the_server_that_came_or_left() {
    let folder = crate::scratch::Folder::new();
    put(&folder, "two", &site(7, &[3, 4], None));
    for (name, files, wanted) in [
        ("one", site(7, &[3], None), "fixed: this is said of CAS4 alone; the rest is as before"),
        ("three", site(7, &[3, 4, 5], None), "new: this is said of CAS5 alone; the rest is as before"),
        (
            "lost",
            site(7, &[3, 4], Some(4)),
            "no-longer-checkable: this is said of CAS4 alone; the rest is as before (no registry export of CAS4 was given)",
        ),
    ] {
        put(&folder, name, &files);
        let (_, text) = code(&["diff", "two", name, "--format", "json"], &folder);
        let diff: Value = serde_json::from_str(&text).unwrap();
        let told: Vec<String> = diff["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|it| it["rule"] == "HYG-223")
            .map(|it| format!("{}: {}", it["change"].as_str().unwrap(), it["reason"].as_str().unwrap_or_default()))
            .collect();
        assert_eq!(told, [wanted], "{name}");
    }
}
