//! The binary: flags, exit codes, outputs, and a closed pipe.

use std::process::{Command, Stdio};

use crate::scratch::{Files, Folder, edit, fixture, repository, run};

fn faulty() -> Files {
    let mut files = fixture("rules/base");
    edit(&mut files, "CAS2/owa.txt", "https://cas2", "http://cas2");
    files
}

fn code(arguments: &[&str], folder: &Folder) -> i32 {
    run(arguments, &folder.0).status.code().unwrap()
}

#[test]
fn exit_codes_are_the_promised_ones() {
    let sound = Folder::with(&fixture("rules/base"));
    let faulty = Folder::with(&faulty());
    let partial = Folder::with(&fixture("rules/base"));
    std::fs::remove_file(partial.0.join("CAS2/applicationHost.config")).unwrap();
    let prose = Folder::new();
    prose.write("readme.md", "# nothing here\n");
    assert_eq!(code(&["check", "."], &sound), 0);
    assert_eq!(code(&["check", "."], &faulty), 1);
    assert_eq!(code(&["check", ".", "--exit-zero"], &faulty), 0);
    assert_eq!(code(&["check", ".", "--select", "HYG-209"], &faulty), 0);
    assert_eq!(code(&["check", ".", "--ignore", "P42-001,P42-002"], &faulty), 0);
    assert_eq!(code(&["check", "."], &partial), 3);
    assert_eq!(code(&["check", ".", "--allow-incomplete"], &partial), 0);
    assert_eq!(code(&["check", ".", "--fail-on", "info"], &partial), 1);
    assert_eq!(code(&["check", "."], &prose), 4);
    assert_eq!(code(&["paths", "."], &prose), 4);
    assert_eq!(code(&["facts", "."], &prose), 4);
    assert_eq!(code(&["check", "nowhere"], &prose), 2);
    assert_eq!(code(&["check", "--nonsense"], &prose), 2);
    assert_eq!(code(&["check", ".", "--select", "P42-999"], &sound), 2);
    assert_eq!(code(&["explain", "P42-001"], &prose), 0);
    assert_eq!(code(&["explain", "plain-http-internal-url"], &prose), 0);
    assert_eq!(code(&["explain", "P42-999"], &prose), 2);
    assert_eq!(code(&["rules"], &prose), 0);
    assert_eq!(code(&["--help"], &prose), 0);
}

#[test]
fn several_outputs_are_written_in_one_run() {
    let snapshot = Folder::with(&faulty());
    let out = Folder::new();
    let json = format!("json={}/report.json", out.path());
    let short = format!("short={}/report.txt", out.path());
    assert_eq!(code(&["check", snapshot.path(), "--output", &json, "--output", &short], &out), 1);
    let report = std::fs::read_to_string(out.0.join("report.json")).unwrap();
    assert!(report.contains("\"P42-001\""));
    assert!(std::fs::read_to_string(out.0.join("report.txt")).unwrap().contains("[P42-001]"));
}

#[test]
fn a_snapshot_cannot_configure_its_own_review() {
    let snapshot = Folder::with(&faulty());
    snapshot.write("owalint.toml", "[severity]\n\"P42-001\" = \"off\"\n");
    assert_eq!(code(&["check", "."], &snapshot), 1);
    let beside = Folder::new();
    for (path, bytes) in self::faulty() {
        beside.write(&format!("in/{path}"), bytes);
    }
    beside.write("owalint.toml", "[severity]\n\"P42-001\" = \"off\"\n\"P42-002\" = \"warning\"\n");
    assert_eq!(code(&["check", "in"], &beside), 0);
    beside.write("owalint.toml", "[severity]\n\"P42-0O1\" = \"off\"\n");
    let output = run(&["check", "in"], &beside.0);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stdout).unwrap().contains("did you mean `P42-001`"));
}

#[test]
fn a_bad_estate_file_is_shown_and_exits_with_2() {
    let snapshot = Folder::with(&faulty());
    snapshot.write("owalint-estate.toml", "[servers.CAS1]\nsitte = \"HQ\"\n");
    let output = run(&["check", "."], &snapshot.0);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("did you mean `site`") && text.contains("owalint-estate.toml:2:1"), "{text}");
}

#[test]
fn an_estate_file_from_elsewhere_takes_the_place_of_the_snapshots() {
    let snapshot = Folder::with(&faulty());
    let estate = Folder::new();
    estate.write("one-site.toml", "[servers.CAS1]\nsite = \"HQ\"\n[servers.CAS2]\nsite = \"hq\"\n");
    let file = estate.0.join("one-site.toml");
    assert_eq!(code(&["check", ".", "--estate", file.to_str().unwrap()], &snapshot), 0);
}

#[test]
fn the_way_a_path_is_written_changes_nothing() {
    let snapshot = Folder::with(&faulty());
    let inside = snapshot.0.join("CAS1");
    let one = run(&["check", snapshot.path(), "--format", "json"], &std::env::temp_dir()).stdout;
    let other = run(&["check", "..", "--format", "json", "--threads", "1"], &inside).stdout;
    let both = run(&["check", "./CAS1", "CAS2", "org", "owalint-estate.toml"], &snapshot.0);
    assert_eq!(one, other);
    assert_eq!(both.status.code(), Some(2), "a path that does not exist");
}

#[test]
fn a_closed_pipe_keeps_the_exit_code() {
    let snapshot = Folder::with(&faulty());
    let mut child = Command::new(env!("CARGO_BIN_EXE_owalint"))
        .args(["check", snapshot.path()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn colours_are_asked_for() {
    let snapshot = Folder::with(&faulty());
    let plain = run(&["check", "."], &snapshot.0).stdout;
    let colored = run(&["check", ".", "--color", "always"], &snapshot.0).stdout;
    assert!(!plain.contains(&0x1b) && colored.contains(&0x1b));
}

#[test]
fn hostile_text_never_reaches_the_terminal() {
    let mut files = fixture("rules/base");
    edit(&mut files, "CAS2/owa.txt", "https://cas2", "http://cas2\u{1b}]0;owned\u{7}\u{202e}");
    let snapshot = Folder::with(&files);
    for format in ["human", "short"] {
        let text = run(&["check", ".", "--format", format], &snapshot.0).stdout;
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains("P42-001"), "{text}");
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text}");
    }
}

#[test]
fn the_readmes_first_command_works() {
    let root = repository();
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let line = readme.lines().find(|line| line.starts_with("cargo run --release -- ")).unwrap();
    let arguments: Vec<&str> = line.trim_start_matches("cargo run --release -- ").split_whitespace().collect();
    let output = run(&arguments, &root);
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{printed}");
    assert!(readme.contains(printed.trim()), "the README shows another output than:\n{printed}");
}
