//! Links in a terminal: they change no text, are closed on their line, and nothing from a name gets out of them.

use owalint::render::link::{Folders, unlinked};
use owalint::render::{self, Look};
use owalint::report::Options;

use crate::cases;
use crate::scratch::{Files, Folder, Linted, edit, files_below, fixture, lint_files, lint_with, repository, run};

const FOLDERS: Folders<'static> = Folders { root: "file:///srv/exports/", working: "file:///home/" };

fn human(linted: &Linted, look: Look<'_>) -> String {
    render::human::render(&linted.report, &linted.sources, look)
}

/// The addresses of a report's links and the text of each; every link is closed on its line.
fn links(report: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for line in report.lines() {
        let mut open = None;
        for piece in line.split("\u{1b}]8;;").skip(1) {
            let (address, text) = piece.split_once("\u{1b}\\").unwrap();
            assert!(address.bytes().all(|it| it.is_ascii_graphic() && it != b';' && it != b'\\'), "{address}");
            match open.take() {
                None => {
                    assert!(!address.is_empty() && !text.is_empty(), "{line}");
                    found.push((address.to_owned(), text.to_owned()));
                    open = Some(());
                }
                Some(()) => assert_eq!(address, "", "{line}"),
            }
        }
        assert!(open.is_none(), "open at the end of its line: {line}");
    }
    found
}

/// Links the report of files in every width and colour, holds that no text changes, and gives the plain one's links.
fn checked(linted: &Linted, about: &str) -> Vec<(String, String)> {
    for width in [None, Some(60), Some(100)] {
        for color in [false, true] {
            let look = Look { color, width, ..Look::default() };
            let report = human(linted, Look { links: Some(FOLDERS), ..look });
            links(&report);
            assert_eq!(unlinked(&report), human(linted, look), "{about} at {width:?}");
        }
    }
    links(&human(linted, Look { links: Some(FOLDERS), ..Look::default() }))
}

#[test]
fn links_change_no_text_of_any_estate() {
    for entry in std::fs::read_dir(repository().join("fixtures/estates")).unwrap() {
        let folder = entry.unwrap().path();
        let linted = lint_files(files_below(&folder));
        let found = checked(&linted, &folder.display().to_string());
        let text = human(&linted, Look::default());
        assert!(text.matches("┌─").count() <= found.len(), "every excerpt has its link");
    }
}

/// What a rule's message, labels and help may hold is in its cases; the first that fires is asked, at the narrowest.
#[test]
fn links_change_no_text_of_any_rule() {
    let (mut cases, _) = cases::all();
    cases.retain(|it| it.name.starts_with("fires-"));
    cases.dedup_by(|it, before| it.rule == before.rule);
    assert!(cases.len() > 80, "every rule has a case: {}", cases.len());
    for case in cases {
        let linted = lint_files(case.files);
        let look = Look { color: true, width: Some(60), ..Look::default() };
        let report = human(&linted, Look { links: Some(FOLDERS), ..look });
        let about = format!("{}/{}", case.rule, case.name);
        assert_eq!(unlinked(&report), human(&linted, look), "{about}");
        let is_linked = links(&report).iter().any(|(_, text)| unlinked(text).contains(&case.rule));
        let has_source = linted.report.rules.iter().any(|it| it.id == case.rule && !it.founded_on.is_empty());
        assert_eq!(is_linked, has_source, "{about}:\n{report}");
    }
}

#[test]
fn rules_lead_to_their_sources_and_excerpts_to_their_files() {
    let linted = lint_files(fixture("estates/every-direct-cause"));
    let found = checked(&linted, "every-direct-cause");
    for finding in &linted.report.findings {
        let note = linted.report.rules.iter().find(|it| it.id == finding.rule).unwrap();
        let rule = found.iter().find(|(_, text)| *text == finding.rule);
        assert_eq!(rule.map(|(address, _)| address), note.founded_on.first().map(|(url, _)| url), "{}", finding.rule);
        let file = format!("file:///srv/exports/{}", finding.primary.path);
        assert!(found.contains(&(file, finding.primary.path.clone())), "{}", finding.primary.path);
    }
    assert!(found.iter().any(|(address, text)| text == "P42-001" && address.starts_with("https://")));
}

#[test]
fn suppressed_findings_are_linked_too() {
    let mut files = fixture("rules/base");
    edit(&mut files, "CAS2/owa.txt", "https://cas2", "http://cas2");
    let configuration = "[[suppress]]\nrule = \"P42-001\"\nreason = \"known\"\n";
    let options = Options { show_suppressed: true, ..Options::default() };
    let linted = lint_with(files, configuration, "2026-06-15", options).unwrap();
    assert!(linted.report.suppressed.iter().flatten().next().is_some());
    let found = checked(&linted, "suppressed");
    assert!(found.iter().any(|(address, _)| address == "file:///srv/exports/CAS2/owa.txt"));
    assert!(found.iter().any(|(_, text)| text == "P42-001"));
}

/// A folder whose name would end the sequence, steer the terminal and be wrapped.
const HOSTILE: &str =
    "a\u{1b}\\b\u{7};c d\u{9c}]8;;https://evil.example.com ü\u{202e} and a name of many words that is wrapped ";

#[test]
fn a_hostile_name_stays_inside() {
    let mut files: Files = fixture("estates/every-direct-cause");
    for (path, _) in &mut files {
        *path = format!("{HOSTILE}/{path}");
    }
    files.push((format!("{HOSTILE}/broken.config"), b"<configuration><system.webServer>".to_vec()));
    let linted = lint_files(files);
    let found = checked(&linted, "hostile");
    let begin = "file:///srv/exports/a%1B%5Cb%07%3Bc%20d%C2%9C%5D8%3B%3Bhttps%3A//evil.example.com%20%C3%BC%E2%80%AE";
    assert!(found.iter().any(|(address, _)| address.starts_with(begin)), "{found:?}");
    let names = found.iter().filter(|(address, _)| address.starts_with("file:"));
    assert!(names.clone().count() > 3 && names.into_iter().all(|(address, _)| address.starts_with(begin)));
    let report = human(&linted, Look { links: Some(FOLDERS), width: Some(80), ..Look::default() });
    assert!(links(&report).len() > found.len(), "a name over several lines is linked on each");
    let plain = unlinked(&report);
    assert!(!plain.contains('\u{1b}') && !plain.contains('\u{7}') && !plain.contains('\u{9c}'));
}

#[test]
fn a_rule_without_a_source_is_not_linked() {
    let linted =
        lint_files(vec![("owa.reg".to_owned(), b"Windows Registry Editor Version 5.00\r\n\r\n[HKEY".to_vec())]);
    let note = linted.report.rules.iter().find(|it| it.founded_on.is_empty()).unwrap();
    assert!(checked(&linted, "registry").iter().all(|(_, text)| *text != note.id));
}

#[test]
fn the_flag_decides_and_files_are_named_absolutely() {
    let mut files = fixture("rules/base");
    edit(&mut files, "CAS2/owa.txt", "https://cas2", "http://cas2");
    let snapshot = Folder::with(&files);
    let printed = |arguments: &[&str]| {
        let output = run(&[&["check", "."], arguments].concat(), &snapshot.0);
        String::from_utf8(output.stdout).unwrap()
    };
    let never = printed(&["--hyperlinks", "never"]);
    assert_eq!(printed(&[]), never, "a pipe is no terminal");
    let always = printed(&["--hyperlinks", "always"]);
    assert_eq!(unlinked(&always), never);
    let root = snapshot.0.canonicalize().unwrap();
    let found = links(&always);
    let (address, _) = found.iter().find(|(_, text)| text == "CAS2/owa.txt").unwrap();
    let path = root.to_str().unwrap().trim_start_matches(r"\\?\").replace('\\', "/");
    assert_eq!(*address, format!("file:///{}/CAS2/owa.txt", path.trim_start_matches('/')));
    assert_eq!(printed(&["--hyperlinks", "always", "--format", "short"]), printed(&["--format", "short"]));
    let file = snapshot.0.join("report.txt");
    printed(&["--hyperlinks", "always", "--output", &format!("human={}", file.display())]);
    assert!(!std::fs::read_to_string(file).unwrap().contains('\u{1b}'), "a file has no links");
}

/// The report of a difference: each name leads to the file of the snapshot that it is said of.
#[test]
fn names_of_a_difference_lead_to_the_snapshot_that_they_are_said_of() {
    let before = fixture("estates/every-direct-cause");
    let mut after = before.clone();
    edit(&mut after, "HQCAS1/owa.txt", "https://hqcas1", "http://hqcas1");
    after.retain(|(path, _)| !path.starts_with("LYONCAS1/iis"));
    let folder = Folder::new();
    for (below, files) in [("old", &before), ("new one", &after)] {
        for (path, bytes) in files {
            folder.write(&format!("{below}/{path}"), bytes);
        }
    }
    let printed = |arguments: &[&str]| {
        let output = run(&[&["diff", "old", "new one"], arguments].concat(), &folder.0);
        String::from_utf8(output.stdout).unwrap()
    };
    let (plain, linked) = (printed(&["--hyperlinks", "never"]), printed(&["--hyperlinks", "always"]));
    assert_eq!((printed(&[]), unlinked(&linked)), (plain.clone(), plain));
    let found = links(&linked);
    let leads = |text: &str, end: &str| found.iter().any(|(address, it)| it == text && address.ends_with(end));
    assert!(leads("LYONCAS1/iis/applicationHost.config", "/old/LYONCAS1/iis/applicationHost.config"), "{found:?}");
    assert!(leads("HQCAS1/owa.txt", "/new%20one/HQCAS1/owa.txt") && leads("HQCAS1/owa.txt", "/old/HQCAS1/owa.txt"));
    assert!(found.iter().any(|(address, text)| text.as_bytes()[3] == b'-' && address.starts_with("https://")));
    assert!(!printed(&["--hyperlinks", "always", "--format", "markdown"]).contains('\u{1b}'));
    let coloured = printed(&["--hyperlinks", "always", "--color", "always"]);
    assert!(links(&coloured).len() == found.len() && coloured.contains("\u{1b}[1;36minfo\u{1b}[0m["));
}

#[test]
fn the_flag_is_described() {
    let folder = Folder::new();
    for arguments in [
        &["check", "--help"][..],
        &["diff", "--help"],
        &["--man"],
        &["--completions", "bash"],
        &["--completions", "fish"],
    ] {
        let text = String::from_utf8(run(arguments, &folder.0).stdout).unwrap();
        assert!(text.contains("hyperlinks"), "{arguments:?}");
    }
}
