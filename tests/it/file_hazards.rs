//! File hazards: links, pipes, names, changes, and outputs that cannot be written; nothing hangs, each has its result.
#![cfg(unix)]

use std::ffi::OsStr;
use std::fs::Permissions;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::scratch::{Files, Folder, edit, fixture};

/// Runs the binary; what does not end in a minute hangs.
fn run(arguments: &[&str], folder: &Path) -> Output {
    run_into(arguments, folder, Stdio::piped())
}

fn run_into(arguments: &[&str], folder: &Path, output: Stdio) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_owalint"));
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1").env_remove("FORCE_COLOR");
    // Reports lie in a file, since a full pipe would have to be emptied while it is waited for.
    let mut child = command.stdin(Stdio::null()).stdout(output).stderr(Stdio::piped()).spawn().unwrap();
    let reader = child.stdout.take().map(|mut out| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut out, &mut bytes).unwrap();
            bytes
        })
    });
    let end = Instant::now() + Duration::from_secs(60);
    while child.try_wait().unwrap().is_none() {
        assert!(Instant::now() < end, "{arguments:?} hangs: {:?}", child.kill());
        std::thread::sleep(Duration::from_millis(5));
    }
    let rest = child.wait_with_output().unwrap();
    Output { stdout: reader.map(|it| it.join().unwrap()).unwrap_or_default(), ..rest }
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("ended by a signal: {output:?}"))
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn report(folder: &Folder) -> Value {
    let output = run(&["check", ".", "--format", "json"], &folder.0);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["exit_code"], code(&output));
    report
}

fn sound() -> Folder {
    Folder::with(&fixture("rules/base"))
}

fn faulty() -> Files {
    let mut files = fixture("rules/base");
    edit(&mut files, "CAS2/owa.txt", "https://cas2", "http://cas2");
    files
}

/// Status and reason of an input.
fn input(report: &Value, path: &str) -> (String, String) {
    let inputs = report["inputs"].as_array().unwrap();
    let found = inputs.iter().find(|it| it["path"] == path).unwrap_or_else(|| panic!("no {path}: {inputs:?}"));
    (found["status"].as_str().unwrap().to_owned(), found["reason"].as_str().unwrap_or_default().to_owned())
}

fn mkfifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// The names of what lies in a folder.
fn names(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn links_are_not_followed_out_of_the_snapshot_and_loops_end() {
    let (folder, outside) = (sound(), Folder::with(&faulty()));
    symlink(outside.0.join("CAS2/owa.txt"), folder.0.join("CAS2/out.txt")).unwrap();
    symlink(&outside.0, folder.0.join("CAS2/out")).unwrap();
    symlink("nowhere", folder.0.join("CAS2/dangling.txt")).unwrap();
    symlink("loop.txt", folder.0.join("CAS2/loop.txt")).unwrap();
    symlink("..", folder.0.join("CAS2/up")).unwrap();
    symlink(".", folder.0.join("CAS2/self")).unwrap();
    symlink("owa.txt", folder.0.join("CAS2/again.txt")).unwrap();
    let report = report(&folder);
    let out = "it is a link out of the snapshot, which is not followed";
    let nowhere = "it is a link that leads nowhere, which is not followed";
    for (path, reason) in
        [("CAS2/out.txt", out), ("CAS2/out", out), ("CAS2/dangling.txt", nowhere), ("CAS2/loop.txt", nowhere)]
    {
        assert_eq!(input(&report, path), ("refused".to_owned(), reason.to_owned()));
        let told = |it: &Value| it["rule"] == "INP-401" && it["primary"]["path"] == path;
        assert!(report["findings"].as_array().unwrap().iter().any(told), "{path}");
    }
    for path in ["CAS2/up", "CAS2/self", "CAS2/again.txt"] {
        assert_eq!(input(&report, path), ("ignored".to_owned(), "a link to another part of the snapshot".to_owned()));
    }
    assert!(!report.to_string().contains("http://cas2"), "what lies outside was read");
    assert_eq!(report["exit_code"], 1);
}

#[test]
fn pipes_and_devices_are_not_opened() {
    let folder = sound();
    mkfifo(&folder.0.join("CAS2/pipe.txt"));
    let socket = std::os::unix::net::UnixListener::bind(folder.0.join("CAS2/socket.reg")).unwrap();
    let found = report(&folder);
    for path in ["CAS2/pipe.txt", "CAS2/socket.reg"] {
        assert_eq!(input(&found, path), ("ignored".to_owned(), "not a regular file".to_owned()));
    }
    assert_eq!(found["exit_code"], 0);
    drop(socket);
    for path in ["CAS2/pipe.txt", "/dev/null", "/dev/zero", "/dev/tty0"].iter().filter(|it| folder.0.join(it).exists())
    {
        let output = run(&["check", path], &folder.0);
        assert_eq!(code(&output), 2, "{path}");
        assert!(said(&output).contains("neither a file nor a folder"), "{}", said(&output));
    }
}

/// Nobody writes to this pipe, so what reads it would wait for ever.
#[test]
fn a_pipe_that_is_named_ends_the_run() {
    let (folder, beside) = (sound(), Folder::new());
    let pipe = format!("{}/pipe", beside.path());
    beside.write("rules/x", "");
    mkfifo(Path::new(&pipe));
    mkfifo(&beside.0.join("rules/pipe.toml"));
    mkfifo(&folder.0.join("CAS2/pipe.toml"));
    let rules = format!("{}/rules", beside.path());
    for arguments in [
        &["check", ".", "--config", &pipe][..],
        &["check", ".", "--config", "CAS2/pipe.toml"],
        &["check", ".", "--baseline", &pipe],
        &["check", ".", "--estate", &pipe],
        &["check", ".", "--rules", &rules],
        &["diff", ".", ".", "--intent", &pipe],
        &["paths", ".", "--estate", &pipe],
        &["facts", ".", "--estate", &pipe],
        &["explain", "P42-001", ".", "--config", &pipe],
        &["baseline", "add", ".", "--file", &pipe],
        &["baseline", "prune", ".", "--file", &pipe],
        &["rules", "test", &rules],
    ] {
        let output = run(arguments, &folder.0);
        assert_eq!((code(&output), output.stdout.len()), (2, 0), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains("a named pipe or a socket, which is not read"), "{}", said(&output));
    }
    // A configuration that is found is not passed over because it cannot be read.
    mkfifo(&beside.0.join("owalint.toml"));
    let output = run(&["check", folder.path()], &beside.0);
    assert_eq!(code(&output), 2, "{}", said(&output));
    assert!(said(&output).contains("owalint.toml: a named pipe"), "{}", said(&output));
}

/// A rule or a case that is passed over would never be missed.
#[test]
fn what_is_no_file_in_a_folder_of_rules_ends_the_run() {
    let folder = sound();
    let folder_there: fn(&Path) = |path| std::fs::create_dir(path).unwrap();
    let make = [
        ("OWN-001.toml", "OWN-001.toml: ", folder_there),
        ("OWN-001.toml", "OWN-001.toml: ", |path| symlink("nowhere", path).unwrap()),
        ("cases", "cases: ", |path| std::fs::write(path, "").unwrap()),
        ("cases", "cases: ", |path| symlink("nowhere", path).unwrap()),
        ("cases/OWN-001/fires-a", "fires-a: a link, which is not followed", |path| symlink("/", path).unwrap()),
        ("cases/OWN-001/fires-a", "fires-a: a link, which is not followed", |path| symlink("gone", path).unwrap()),
        ("cases/OWN-001/fires-a", "fires-a: neither a file nor a folder", mkfifo),
    ];
    for (name, words, make) in make {
        let rules = Folder::new();
        std::fs::create_dir_all(rules.0.join(name).parent().unwrap()).unwrap();
        make(&rules.0.join(name));
        let output = run(&["rules", "test", rules.path()], &folder.0);
        assert_eq!((code(&output), output.stdout.len()), (2, 0), "{name}: {}", said(&output));
        assert!(said(&output).contains(words), "{name}: {}", said(&output));
    }
    // The folder of the cases itself is named with the rules, and may be a link.
    let (rules, elsewhere) = (Folder::new(), Folder::new());
    elsewhere.write("base/CAS1/owa.txt", "");
    symlink(&elsewhere.0, rules.0.join("cases")).unwrap();
    assert_eq!(code(&run(&["rules", "test", rules.path()], &folder.0)), 4);
}

/// What the process was started with is no such pipe: a shell writes to it.
#[test]
fn a_pipe_of_the_process_itself_is_read() {
    let folder = sound();
    for path in ["/dev/stdin", "/dev/fd/0"] {
        let mut command = Command::new("sh");
        command.args([
            "-c",
            "echo 'nonsense = 1' | \"$0\" check . --config \"$1\"",
            env!("CARGO_BIN_EXE_owalint"),
            path,
        ]);
        let output = command.current_dir(&folder.0).output().unwrap();
        let text = String::from_utf8(output.stdout.clone()).unwrap() + &said(&output);
        assert!(code(&output) == 2 && text.contains("nonsense"), "{text}");
    }
    assert_eq!(code(&run(&["check", ".", "--config", "/dev/null"], &folder.0)), 0);
}

#[test]
fn what_cannot_be_read_is_said() {
    // The memory of a process cannot be read at its beginning, by nobody.
    if Path::new("/proc/self/mem").exists() {
        let folder = sound();
        let output = run(&["check", ".", "/proc/self/mem", "--format", "json"], &folder.0);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let found = report["findings"].as_array().unwrap().iter().find(|it| it["rule"] == "INP-401").unwrap();
        assert!(found["message"].as_str().unwrap().starts_with("it cannot be read: "), "{found}");
        assert_eq!(code(&output), 1);
    }
    let folder = sound();
    let locked = folder.0.join("CAS2/locked.txt");
    folder.write("CAS2/locked.txt", "x");
    folder.write("CAS2/closed/owa.txt", "x");
    std::fs::set_permissions(&locked, Permissions::from_mode(0o000)).unwrap();
    std::fs::set_permissions(folder.0.join("CAS2/closed"), Permissions::from_mode(0o000)).unwrap();
    // Root reads everything, so for root there is nothing to see here.
    if std::fs::File::open(&locked).is_err() {
        let report = report(&folder);
        for path in ["CAS2/locked.txt", "CAS2/closed"] {
            assert_eq!(input(&report, path).0, "refused");
        }
        assert_eq!(report["exit_code"], 1);
    }
    std::fs::set_permissions(folder.0.join("CAS2/closed"), Permissions::from_mode(0o755)).unwrap();
}

/// Whatever a name is made of, it steers no terminal, and its file is linted.
#[test]
fn odd_names_are_names() {
    let folder = Folder::with(&faulty());
    let vdir = std::fs::read(folder.0.join("CAS2/owa.txt")).unwrap();
    std::fs::remove_file(folder.0.join("CAS2/owa.txt")).unwrap();
    for name in [
        &b"not utf-8 \xff\xfe.txt"[..],
        b"not utf-8 \xfe\xff.txt",
        b"two\nlines.txt",
        b"\x1b]0;title\x07\x1b[31m.txt",
        b"\xe2\x80\xaetxt.exe.txt",
        b"::error::x.txt",
        b"##vso[task.complete].txt",
        b"-rf.txt",
        b"=cmd|x.txt",
        b" blank .txt",
        b"back\\slash.txt",
        b"CON.txt",
        b"OWA.TXT",
        b"owa.txt",
        b"%2e%2e.txt",
    ] {
        std::fs::write(folder.0.join("CAS2").join(OsStr::from_bytes(name)), &vdir).unwrap();
    }
    let whole = report(&folder);
    assert_eq!(whole["inputs"].as_array().unwrap().iter().filter(|it| it["format"] == "format-list").count(), 16);
    assert!(whole["findings"].as_array().unwrap().iter().any(|it| it["rule"] == "P42-001"));
    for format in owalint::render::FORMATS {
        let output = run(&["check", ".", "--format", format.name], &folder.0);
        assert_eq!(code(&output), 1);
        let text = String::from_utf8(output.stdout).unwrap();
        let steers = text.chars().find(|it| it.is_control() && *it != '\n' && *it != '\r');
        assert_eq!(steers, None, "{}", format.name);
    }
}

/// Names that differ in case only are two files, and one server.
#[test]
fn names_that_differ_in_case_are_one_server() {
    let folder = sound();
    let vdir = std::fs::read_to_string(folder.0.join("CAS2/owa.txt")).unwrap();
    if folder.0.join("cas2").exists() {
        return;
    }
    folder.write("cas2/owa.txt", &vdir);
    let same = report(&folder);
    assert_eq!((&same["summary"]["servers"], &same["exit_code"]), (&Value::from(2), &Value::from(0)));
    folder.write("cas2/owa.txt", vdir.replace("https://cas2", "http://cas2"));
    let other = report(&folder);
    assert!(other["findings"].as_array().unwrap().iter().any(|it| it["rule"] == "INC-314"), "{other}");
    assert_eq!(other["exit_code"], 1);
}

#[test]
fn many_files_are_read() {
    let folder = Folder::with(&faulty());
    for number in 0..4000 {
        folder.write(&format!("notes/{}/{number}.txt", number % 50), "nothing of ours\n");
    }
    let report = report(&folder);
    assert_eq!(report["summary"]["files"]["ignored"], 4000);
    assert_eq!(report["exit_code"], 1);
}

/// While files and folders come, go, grow and shrink a run ends as any other.
#[test]
fn files_that_change_while_they_are_read_do_no_harm() {
    let folder = Folder::with(&faulty());
    let vdir = std::fs::read(folder.0.join("CAS2/owa.txt")).unwrap();
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let (here, file) = (folder.0.join("CAS2/more"), folder.0.join("CAS2/more/deep/owa.txt"));
            let mut length = 0;
            while !is_over.load(Ordering::Relaxed) {
                length = (length * 7 + 13) % vdir.len();
                let _ = std::fs::create_dir_all(here.join("deep"));
                let _ = std::fs::write(&file, &vdir[..length]);
                let _ = std::fs::write(&file, &vdir);
                let _ = std::fs::remove_file(&file);
                let _ = std::os::unix::fs::symlink("nowhere", &file);
                let _ = std::fs::remove_dir_all(&here);
            }
        });
        for _ in 0..15 {
            let output = run(&["check", ".", "--format", "short"], &folder.0);
            assert_eq!((code(&output), said(&output)), (1, String::new()));
        }
        is_over.store(true, Ordering::Relaxed);
    });
}

#[test]
fn an_output_that_cannot_be_written_ends_the_run_and_leaves_nothing_behind() {
    let folder = sound();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    if let Ok(full) = full {
        let output = run_into(&["check", "."], &folder.0, Stdio::from(full));
        assert_eq!(code(&output), 2);
        assert!(said(&output).contains("the report could not be printed"), "{}", said(&output));
        let output = run(&["check", ".", "--output", "json=/dev/full"], &folder.0);
        assert_eq!((code(&output), output.stdout.len()), (2, 0));
        assert!(said(&output).contains("/dev/full"), "{}", said(&output));
    }
    let reports = Folder::new();
    reports.write("folder/x", "");
    for path in ["nowhere/report.json", "folder", "folder/x/report.json"] {
        let target = format!("json={}/{path}", reports.path());
        let output = run(&["check", ".", "--output", &target], &folder.0);
        assert_eq!((code(&output), output.stdout.len()), (2, 0), "{path}");
        assert!(said(&output).contains(path), "{}", said(&output));
    }
    assert_eq!(names(&reports.0), ["folder"]);
    assert_eq!(names(&reports.0.join("folder")), ["x"]);
}

/// A limit on the size of files stands for a disk that is full: what was there before stays.
#[test]
fn a_report_that_is_cut_off_replaces_nothing() {
    let (folder, reports) = (Folder::with(&faulty()), Folder::new());
    reports.write("report.html", "before");
    let script = "ulimit -f 1; trap '' XFSZ; exec \"$0\" check . --quiet --output html=\"$1\" >/dev/null";
    let target = reports.0.join("report.html");
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_owalint"), target.to_str().unwrap()]).current_dir(&folder.0);
    let output = command.output().unwrap();
    assert_eq!(code(&output), 2, "{}", said(&output));
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "before");
    assert_eq!(names(&reports.0), ["report.html"]);
}

#[test]
fn an_output_takes_the_place_of_what_a_path_leads_to() {
    let (folder, reports) = (sound(), Folder::new());
    reports.write("real/report.json", "before");
    std::fs::set_permissions(reports.0.join("real/report.json"), Permissions::from_mode(0o640)).unwrap();
    symlink("real/report.json", reports.0.join("link.json")).unwrap();
    let check = |target: &str| code(&run(&["check", ".", "--output", &format!("json={target}")], &folder.0));
    assert_eq!(check(&format!("{}/link.json", reports.path())), 0);
    assert!(reports.0.join("link.json").is_symlink());
    let written = std::fs::read_to_string(reports.0.join("real/report.json")).unwrap();
    assert!(written.contains("owalint.report/1"));
    let mode = reports.0.join("real/report.json").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    assert_eq!(check("/dev/null"), 0);
    let longest = format!("{}/{}", reports.path(), "x".repeat(255));
    assert_eq!(check(&longest), 0);
    assert_eq!((names(&reports.0).len(), names(&reports.0.join("real")).len()), (3, 1));
    // A pipe is written to: whoever reads it gets the report.
    mkfifo(&reports.0.join("pipe"));
    let reader = Command::new("cat").arg(reports.0.join("pipe")).stdout(Stdio::piped()).spawn().unwrap();
    assert_eq!(check(&format!("{}/pipe", reports.path())), 0);
    assert_eq!(reader.wait_with_output().unwrap().stdout, written.into_bytes());
}
