//! Edge inputs, to the real binary: what other linters take for an all-clear, or fall over, is said and has its code.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Output, Stdio};

use owalint::render::FORMATS;
use serde_json::Value;

use crate::encodings::{ENCODINGS, encoded};
use crate::scratch::{Files, Folder, edit, files_below, fixture, repository, run};

fn faulty() -> Files {
    let mut files = fixture("rules/base");
    edit(&mut files, "CAS2/owa.txt", "https://cas2", "http://cas2");
    files
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("ended by a signal: {output:?}"))
}

fn report(folder: &Folder, more: &[&str]) -> Value {
    let output = run(&[&["check", ".", "--format", "json"], more].concat(), &folder.0);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["exit_code"], code(&output));
    report
}

/// Rule, path, first line and column, and text of each finding that is no note on how a file is written.
fn seen(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    let told = findings.filter(|it| it["severity"] != "info");
    told.map(|it| {
        format!("{} {} {} {}", it["rule"], it["primary"]["path"], it["primary"]["start"], it["primary"]["text"])
    })
    .collect()
}

/// What Windows PowerShell's `>` and regedit write: a linter that cannot decode it and says nothing is worse than none.
#[test]
fn every_encoding_of_every_file_is_read() {
    let wanted = report(&Folder::with(&faulty()), &[]);
    assert!(seen(&wanted).iter().any(|it| it.starts_with("\"P42-001\"")), "{wanted}");
    for encoding in ENCODINGS {
        let files = faulty().into_iter().map(|(path, bytes)| {
            // Exports only: the estate file is TOML, which is UTF-8.
            let is_export = path != "owalint-estate.toml";
            (path, if is_export { encoded(&String::from_utf8(bytes).unwrap(), encoding) } else { bytes })
        });
        let found = report(&Folder::with(&files.collect()), &[]);
        assert_eq!((seen(&found), &found["exit_code"]), (seen(&wanted), &wanted["exit_code"]), "{encoding}");
        assert_eq!(found["summary"]["files"], wanted["summary"]["files"], "{encoding}");
    }
}

#[test]
fn a_path_that_is_not_there_stops_every_command() {
    let folder = Folder::with(&Files::new());
    folder.write("good/CAS2/owa.txt", faulty().into_iter().find(|(path, _)| path == "CAS2/owa.txt").unwrap().1);
    for arguments in [
        &["check", "nowhere"][..],
        &["check", "good", "nowhere"],
        &["check", "nowhere", "--exit-zero", "--allow-incomplete"],
        &["check", "good", "--estate", "nowhere"],
        &["check", "good", "--config", "nowhere"],
        &["check", "good", "--rules", "nowhere"],
        &["check", "good", "--baseline", "nowhere"],
        &["check", ""],
        &["paths", "nowhere"],
        &["facts", "nowhere"],
        &["explain", "P42-001", "nowhere"],
        &["diff", "good", "nowhere"],
        &["diff", "nowhere", "good"],
        &["baseline", "add", "nowhere", "--file", "b.toml"],
        &["rules", "test", "nowhere"],
    ] {
        let output = run(arguments, &folder.0);
        assert_eq!((code(&output), output.stdout.len()), (2, 0), "{arguments:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.starts_with("error: ") && (arguments[1].is_empty() || said.contains("nowhere")), "{said}");
    }
    assert!(!folder.0.join("b.toml").exists());
}

/// The good files are linted as before, the bad one is a finding at its place, and the run fails for it.
#[test]
fn an_unparsable_file_among_good_ones_is_a_finding_and_hides_none() {
    let wanted = seen(&report(&Folder::with(&faulty()), &[]));
    for (path, text, rule) in [
        ("CAS2/inetpub/wwwroot/web.config", "<configuration><system.webServer><", "INP-411"),
        ("CAS1/more.reg", "Windows Registry Editor Version 9.00\r\n\r\n[HKEY_LOCAL_MACHINE\\A]\r\n", "INP-431"),
        ("org/owa.json", "[{\"InternalUrl\": \"https://x/owa\", \"Server\":", "INP-531"),
        ("org/owa.xml", "<Objs Version=\"1.1.0.1\"><Obj", "INP-411"),
        ("org/owa.csv", "\"Server\",\"InternalUrl\"\r\n\"CAS3,\"http://x/owa\r\n", "INP-54"),
    ] {
        let folder = Folder::with(&faulty());
        folder.write(path, text);
        let report = report(&folder, &[]);
        let findings = report["findings"].as_array().unwrap();
        let at_place = |it: &&Value| it["rule"].as_str().unwrap().starts_with(rule) && it["primary"]["path"] == path;
        assert!(findings.iter().any(|it| at_place(&it)), "{path}: {report:#}");
        assert!(wanted.iter().all(|it| seen(&report).contains(it)), "{path}: {:?}", seen(&report));
        let input = report["inputs"].as_array().unwrap().iter().find(|it| it["path"] == path).unwrap();
        assert!(input["status"] == "refused" || input["status"] == "partly-read", "{input}");
        assert_eq!(report["exit_code"], 1);
        let sound = Folder::with(&fixture("rules/base"));
        sound.write(path, text);
        assert_eq!(code(&run(&["check", "."], &sound.0)), 1, "{path}: an unread file alone fails the run");
        assert_ne!(code(&run(&["check", ".", "--allow-incomplete"], &sound.0)), 0, "{path}");
    }
}

#[test]
fn an_empty_directory_is_no_all_clear_in_any_format() {
    let folder = Folder::new();
    let hollow = Folder::new();
    hollow.write("a/b/.git/config", "");
    hollow.write("a/photo.png", b"\x89PNG\r\n\x1a\n");
    for folder in [folder, hollow] {
        for format in FORMATS {
            let output = run(&["check", ".", "--format", format.name], &folder.0);
            assert_eq!(code(&output), 4, "{}", format.name);
            assert_eq!(code(&run(&["check", ".", "--format", format.name, "--exit-zero"], &folder.0)), 4);
            let text = String::from_utf8(output.stdout).unwrap();
            let is_list = ["gitlab", "csv"].contains(&format.name);
            let says = ["nothing read", "nothing-read", "no server is known"].iter().any(|it| text.contains(it));
            assert!(says || is_list, "{}: {text}", format.name);
        }
        for command in ["paths", "facts"] {
            assert_eq!(code(&run(&[command, "."], &folder.0)), 4);
        }
    }
}

/// A reader that stops after a line, of reports that are longer than a pipe holds.
#[test]
fn a_reader_that_goes_away_changes_no_exit_code() {
    let estate = repository().join("fixtures/estates/every-direct-cause");
    let estate = estate.to_str().unwrap();
    let long: &[&[&str]] = &[
        &["check", estate, "--format", "sarif"],
        &["check", estate, "--format", "html"],
        &["check", estate],
        &["check", estate, "--exit-zero"],
        &["facts", estate, "--format", "json"],
        &["diff", estate, estate, "--format", "json"],
        &["rules", "--format", "json"],
        &["collect"],
        &["--man"],
        &["--help"],
        &["--completions", "bash"],
    ];
    for arguments in long {
        let whole = run(arguments, &repository());
        let mut child = Command::new(env!("CARGO_BIN_EXE_owalint"))
            .args(*arguments)
            .current_dir(repository())
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::with_capacity(16, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(child.wait().unwrap().code(), whole.status.code(), "{arguments:?}");
        assert_eq!(said, "", "{arguments:?}");
        assert!(String::from_utf8(whole.stdout).unwrap().starts_with(&first));
    }
    let sizes = long[..2].iter().map(|it| run(it, &repository()).stdout.len());
    assert!(sizes.min() > Some(65_536), "they are longer than a pipe holds");
}

#[test]
fn the_same_input_gives_the_same_bytes_every_time() {
    let folder = Folder::with(&files_below(&repository().join("fixtures/estates/lookalikes")));
    let moved = Folder::new();
    let mut files = files_below(&folder.0);
    files.reverse();
    for (path, bytes) in &files {
        moved.write(path, bytes);
    }
    for format in FORMATS {
        let mut outputs = Vec::new();
        for (folder, threads) in
            [(&folder, "1"), (&folder, "2"), (&folder, "7"), (&moved, "1"), (&moved, "3"), (&moved, "8")]
        {
            outputs.push(run(&["check", ".", "--format", format.name, "--threads", threads], &folder.0).stdout);
        }
        assert!(!outputs[0].is_empty());
        outputs.dedup();
        assert_eq!(outputs.len(), 1, "{}", format.name);
    }
}

/// A path that is given twice, or lies in another one, is linted once; a copy of an export says nothing new.
#[test]
fn what_is_given_twice_counts_once() {
    let folder = Folder::with(&faulty());
    let once = run(&["check", ".", "--format", "json"], &folder.0).stdout;
    let twice = run(&["check", ".", "CAS2", "./CAS1/../CAS1", ".", "--format", "json"], &folder.0).stdout;
    assert!(once == twice);
    let wanted = report(&folder, &[]);
    for (path, copy) in [
        ("CAS2/owa.txt", "CAS2/z/owa.txt"),
        ("CAS1/owa.reg", "CAS1/z.reg"),
        ("CAS2/applicationHost.config", "CAS2/old/b.config"),
    ] {
        let bytes = std::fs::read(folder.0.join(path)).unwrap();
        folder.write(copy, bytes);
    }
    let found = report(&folder, &[]);
    assert_eq!(seen(&found), seen(&wanted));
    assert_eq!((&found["summary"]["findings"], &found["open"]), (&wanted["summary"]["findings"], &wanted["open"]));
}

#[test]
fn where_nothing_was_read_the_files_are_named_and_why() {
    let folder = Folder::new();
    for number in 0..12 {
        folder.write(&format!("notes-{number:02}.txt"), "what we did on Monday\n");
    }
    let said = String::from_utf8(run(&["check", "."], &folder.0).stdout).unwrap();
    assert!(
        said.contains("  - notes-00.txt: nothing of ours in it\n") && said.contains("  and 2 more files;"),
        "{said}"
    );
}
