//! Partial evidence: whatever file of an estate is cut off, emptied, lost or mixed up, no fault of it turns into an
//! all-clear, and no outcome changes without a word about the file.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use owalint::config::Config;
use owalint::finding::Severity;
use owalint::lint;
use owalint::load::Snapshot;
use owalint::model::estate_file::EstateFile;
use owalint::model::ladder::Ladder;
use owalint::report::facts;
use owalint::report::paths;
use owalint::report::{Options, Reported};
use owalint::rule::book::Book;
use owalint::text::source::Sources;
use rayon::prelude::*;

use crate::places::check_places;
use crate::scratch::{Files, Linted, fixture};

const ESTATES: [&str; 6] =
    ["sound", "every-direct-cause", "windows-export", "missing-evidence", "lookalikes", "web-config"];

const ESTATE_FILE: &str = "owalint-estate.toml";

/// At how many places a file is cut that a fault rests on, and any other one.
const CUTS: [usize; 2] = [50, 6];

/// Lints with the built-in rules, which are read once; `None` if the estate file is refused, and so the run.
fn lint(files: Files) -> Option<Linted> {
    static BOOK: OnceLock<Book> = OnceLock::new();
    let book = BOOK.get_or_init(|| Book::open(Vec::new(), &mut Sources::default()).0);
    let mut sources = Sources::default();
    let snapshot = Snapshot::from_memory(files, &mut sources);
    let estate_file = match snapshot.estate_file {
        None => None,
        Some(id) => Some(EstateFile::read(sources.get(id).text(), id, true).ok()?),
    };
    let read = lint::read(&snapshot, &sources, estate_file.as_ref());
    let (paths, facts) = {
        let ladder = Ladder::new(&read.estate);
        (paths::paths(&ladder, &sources), facts::facts(&ladder, &sources, true))
    };
    let report = lint::check(read, &sources, book, &Config::default(), None, &Options::default());
    Some(Linted { report, paths, facts, sources })
}

/// The server that a file belongs to by its folder, as all files of these estates but those in `org` do.
fn folder(path: &str) -> Option<&str> {
    path.split_once('/').map(|(folder, _)| folder).filter(|it| *it != "org")
}

/// An estate of a server, of the one that comes first among the others, and of what belongs to all.
fn around(estate: &Files, server: Option<&str>) -> Files {
    let all: BTreeSet<&str> = estate.iter().filter_map(|(path, _)| folder(path)).collect();
    let others = all.iter().copied().filter(|it| Some(*it) != server).take(1 + 2 * usize::from(server.is_none()));
    let kept: BTreeSet<&str> = others.chain(server).collect();
    let mut files: Files =
        estate.iter().filter(|(path, _)| folder(path).is_none_or(|it| kept.contains(it))).cloned().collect();
    for (_, bytes) in files.iter_mut().filter(|(path, _)| path == ESTATE_FILE) {
        let text = String::from_utf8(std::mem::take(bytes)).unwrap();
        let tables = text.split_inclusive("\n\n").filter(|table| {
            let named = table.split_once("[servers.").map(|(_, rest)| rest.split([']', '.']).next().unwrap());
            named.is_none_or(|it| kept.contains(it))
        });
        *bytes = tables.collect::<String>().into_bytes();
    }
    files
}

/// The ways in which a file can be damaged: cut off in the middle of lines and between them, emptied, and lost; each with
/// the files as they are then.
fn damages(files: &Files, index: usize, cuts: usize) -> Vec<(String, Files)> {
    let bytes = &files[index].1;
    let with = |content: Vec<u8>| {
        let mut files = files.clone();
        files[index].1 = content;
        files
    };
    let line_end = |at: usize| bytes[at..].iter().position(|it| *it == b'\n').map_or(bytes.len(), |it| at + it + 1);
    let mut damages: Vec<(String, Files)> = (0..cuts)
        .map(|part| (part, bytes.len() * part / cuts))
        .map(|(part, at)| if part % 2 == 1 { line_end(at) } else { at })
        .map(|length| (format!("cut at byte {length}"), with(bytes[..length].to_vec())))
        .collect();
    let mut without = files.clone();
    without.remove(index);
    damages.push(("lost".to_owned(), without));
    damages
}

/// The errors of a report that rest on a file.
fn errors_of<'l>(linted: &'l Linted, path: &str) -> Vec<&'l Reported> {
    let rests = |it: &&Reported| it.primary.path == path || it.related.iter().any(|place| place.path == path);
    linted.report.findings.iter().filter(|it| it.severity == Severity::Error).filter(rests).collect()
}

fn servers(finding: &Reported) -> BTreeSet<&str> {
    finding.sources.iter().chain(&finding.targets).map(String::as_str).collect()
}

/// Whether something is said in place of a finding: the same again, an error about the file, or a gap at its servers.
fn is_told(finding: &Reported, path: &str, damaged: &Linted) -> bool {
    let servers = servers(finding);
    let again = |it: &&Reported| it.rule == finding.rule && !self::servers(it).is_disjoint(&servers);
    let of_file = |it: &&Reported| it.primary.path == path;
    let errors = || damaged.report.findings.iter().filter(|it| it.severity == Severity::Error);
    errors().any(|it| again(&it) || of_file(&it))
        || damaged.report.open.iter().any(|open| open.servers.iter().any(|it| servers.contains(it.as_str())))
}

/// Whether anything that is left names one of these servers.
fn is_named(servers: &BTreeSet<&str>, files: &Files) -> bool {
    files.iter().any(|(path, bytes)| {
        let text = owalint::text::decode::decode(bytes.clone()).text.to_lowercase();
        let path = path.to_lowercase();
        servers.iter().map(|it| it.to_lowercase()).any(|it| text.contains(&it) || path.contains(&it))
    })
}

/// What is wrong with the report of a damaged estate, held against the report of the whole one.
fn faults(whole: &Linted, damaged: &Linted, path: &str, files: &Files) -> Vec<String> {
    let mut faults = Vec::new();
    for finding in errors_of(whole, path) {
        if !is_told(finding, path, damaged) && is_named(&servers(finding), files) {
            faults.push(format!("{} {} is gone without a word", finding.rule, finding.message));
        }
    }
    let is_said = damaged.report.findings.iter().any(|it| it.primary.path == path && it.rule.starts_with("IN"));
    for before in &whole.paths.paths {
        let same =
            |it: &&paths::Path| (&it.source, &it.target, &it.vdir) == (&before.source, &before.target, &before.vdir);
        let Some(after) = damaged.paths.paths.iter().find(same) else { continue };
        if after.outcome != before.outcome && after.outcome != "unknown" && before.outcome != "unknown" && !is_said {
            faults
                .push(format!("{} to {} was {} and is {}", before.source, before.vdir, before.outcome, after.outcome));
        }
    }
    faults
}

/// Damages every file of an estate in every way, and gives what was wrong with the reports.
fn damaged(name: &str) -> Vec<String> {
    let estate = fixture(&format!("estates/{name}"));
    let paths: Vec<&str> = estate.iter().map(|(path, _)| path.as_str()).collect();
    let told = paths.into_par_iter().flat_map(|path| {
        let files = around(&estate, folder(path));
        let whole = lint(files.clone()).unwrap();
        let index = files.iter().position(|(it, _)| it == path).unwrap();
        let tell = |(how, files): (String, Files)| {
            let Some(damaged) = lint(files.clone()) else { return Vec::new() };
            check_places(&damaged);
            let faults = faults(&whole, &damaged, path, &files);
            faults.into_iter().map(|it| format!("{name}/{path}, {how}: {it}")).collect::<Vec<_>>()
        };
        damages(&files, index, CUTS[usize::from(errors_of(&whole, path).is_empty())])
            .into_par_iter()
            .flat_map(tell)
            .collect::<Vec<_>>()
    });
    told.collect()
}

#[test]
fn no_damage_is_an_all_clear() {
    let faults: Vec<String> = ESTATES.iter().flat_map(|it| damaged(it)).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
