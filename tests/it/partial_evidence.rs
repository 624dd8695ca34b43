//! Partial evidence: no file of an estate is cut, lost or mixed up without a word, and no damage is an all-clear.

use std::collections::BTreeSet;
use std::fmt::Write as _;
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
const CUTS: [usize; 2] = [50, 4];

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
    let mut read = lint::read(&snapshot, &sources, estate_file.as_ref(), &book.wanted());
    let (paths, facts) = {
        let ladder = Ladder::new(&read.estate);
        (paths::paths(&ladder, &sources), facts::facts(&ladder, &sources, false))
    };
    let report = lint::check(&mut read, &sources, book, &Config::default(), None, &Options::default());
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
    // Nobody can know that there was a web.config; what none may change stands among the assumptions.
    let is_lost =
        path.ends_with(".config") && !path.ends_with("applicationHost.config") && !files.iter().any(|it| it.0 == path);
    for finding in errors_of(whole, path) {
        if !is_lost && !is_told(finding, path, damaged) && is_named(&servers(finding), files) {
            faults.push(format!("{} {} is gone without a word", finding.rule, finding.message));
        }
    }
    let is_said = damaged.report.findings.iter().any(|it| it.primary.path == path && it.rule.starts_with("IN"));
    for before in &whole.paths.paths {
        let same =
            |it: &&paths::Path| (&it.source, &it.target, &it.vdir) == (&before.source, &before.target, &before.vdir);
        let Some(after) = damaged.paths.paths.iter().find(same) else { continue };
        let is_assumed = is_lost && after.assumes.iter().any(|it| it.starts_with("no web.config"));
        let is_certain = after.outcome != "unknown" && before.outcome != "unknown";
        if after.outcome != before.outcome && is_certain && !is_said && !is_assumed {
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
    let only = std::env::var("ONLY").ok();
    let faults: Vec<String> =
        ESTATES.iter().filter(|it| only.as_deref().is_none_or(|o| o == **it)).flat_map(|it| damaged(it)).collect();
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// The contents of two files, each in the place of the other.
fn swapped(estate: &Files, one: &str, other: &str) -> Files {
    let place = |path: &str| estate.iter().position(|(it, _)| it == path).unwrap();
    let mut files = estate.clone();
    (files[place(one)].1, files[place(other)].1) = (estate[place(other)].1.clone(), estate[place(one)].1.clone());
    files
}

/// The servers that follow each other in an estate and have a file of this name.
fn neighbours(estate: &Files, name: &str) -> Vec<[String; 2]> {
    let with: Vec<&String> = estate
        .iter()
        .map(|(path, _)| path)
        .filter(|it| it.split_once('/').is_some_and(|(_, rest)| rest == name))
        .collect();
    with.windows(2).map(|two| [two[0].clone(), two[1].clone()]).collect()
}

/// What is known of every virtual directory, by server, without its place.
fn vdirs(linted: &Linted) -> String {
    let mut text = String::new();
    for server in &linted.facts.servers {
        for vdir in &server.vdirs {
            for property in &vdir.properties {
                let value = serde_json::to_value(property).unwrap();
                let [name, state, value] = ["name", "state", "value"].map(|it| &value[it]);
                writeln!(text, "{} {} {name} {state} {value}", server.name, vdir.identity).unwrap();
            }
        }
    }
    text
}

fn outcomes(linted: &Linted) -> Vec<String> {
    let paths = linted.paths.paths.iter();
    paths.map(|it| format!("{} {} {} {:?}", it.source, it.vdir, it.outcome, it.url)).collect()
}

/// A virtual directory names its server, and so belongs to it wherever its file lies.
#[test]
fn virtual_directories_in_folders_of_others_stay_with_their_servers() {
    let mut count = 0;
    for name in ESTATES {
        let estate = fixture(&format!("estates/{name}"));
        let whole = lint(estate.clone()).unwrap();
        for [one, other] in neighbours(&estate, "owa.txt") {
            count += 1;
            let linted = lint(swapped(&estate, &one, &other)).unwrap();
            check_places(&linted);
            assert_eq!(vdirs(&linted), vdirs(&whole), "{name}: {one} and {other}");
            assert_eq!(outcomes(&linted), outcomes(&whole), "{name}: {one} and {other}");
            // A copy of the other server's file in place of its own: that server is not known by it.
            let mut copied = estate.clone();
            let content = estate.iter().find(|(path, _)| *path == other).unwrap().1.clone();
            copied.iter_mut().find(|(path, _)| *path == one).unwrap().1 = content;
            let linted = lint(copied).unwrap();
            let lost = folder(&one).unwrap();
            assert!(!vdirs(&linted).lines().any(|it| it.starts_with(&format!("{lost} "))), "{name}: {one}");
            assert!(linted.report.open.iter().any(|it| it.servers.iter().any(|it| it == lost)), "{name}: {one}");
            assert_ne!(linted.report.exit_code, 0);
        }
    }
    assert!(count > 20);
}

/// A registry export that names its computer belongs to that one, and the folder's other opinion is told.
#[test]
fn registry_exports_in_folders_of_others_stay_with_their_servers() {
    let mut estate = fixture("estates/sound");
    for (path, bytes) in estate.iter_mut().filter(|(path, _)| path.ends_with("/owa.reg")) {
        let key = "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName]";
        bytes.extend(format!("\r\n{key}\r\n\"ComputerName\"=\"{}\"\r\n\r\n", folder(path).unwrap()).into_bytes());
    }
    let whole = lint(estate.clone()).unwrap();
    assert_eq!(whole.report.exit_code, 0, "{}", whole.human());
    for [one, other] in neighbours(&estate, "registry/owa.reg") {
        let linted = lint(swapped(&estate, &one, &other)).unwrap();
        let owner = |path: &str| linted.report.inputs.iter().find(|it| it.path == path).unwrap().server.as_deref();
        assert_eq!((owner(&one), owner(&other)), (folder(&other), folder(&one)));
        let told: Vec<&str> = linted
            .report
            .findings
            .iter()
            .filter(|it| it.rule == "INP-442")
            .map(|it| it.primary.path.as_str())
            .collect();
        assert_eq!(told, [one.as_str(), other.as_str()]);
        assert_eq!(outcomes(&linted), outcomes(&whole));
    }
}

/// A file that says nothing of its server is the folder's: what it holds moves with it, and the two are never mixed.
#[test]
fn configurations_of_two_servers_are_never_mixed() {
    let estate = fixture("estates/every-direct-cause");
    let values = |linted: &Linted, server: &str| -> Vec<String> {
        let server = linted.facts.servers.iter().find(|it| it.name == server).unwrap();
        let shown = server.iis.iter().map(|it| format!("{} {} {:?} {}", it.path, it.attribute, it.value, it.origin));
        shown.collect()
    };
    let whole = lint(estate.clone()).unwrap();
    let mut count = 0;
    for [one, other] in neighbours(&estate, "iis/applicationHost.config") {
        let linted = lint(swapped(&estate, &one, &other)).unwrap();
        let [one, other] = [&one, &other].map(|it| folder(it).unwrap());
        // What is shown depends on the paths of the virtual directories too, which are the same in most estates.
        if values(&whole, one).len() == values(&linted, other).len() {
            count += 1;
            assert_eq!(values(&linted, other), values(&whole, one), "{one} and {other}");
        }
    }
    assert!(count > 3, "{count}");
}
