//! Progress: said in a terminal only, over long work only, and gone from the screen at the end.
#![cfg(unix)]

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::pty::{self, OpenptFlags};

use crate::scratch::{Folder, fixture};

/// How long the configuration is withheld from a run that is to be long.
const LONG: Duration = Duration::from_millis(2800);

/// A pseudo-terminal: the end that reads what is on it, and the one that programs write to.
fn terminal() -> (File, File) {
    let master = pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    pty::grantpt(&master).unwrap();
    pty::unlockpt(&master).unwrap();
    let name = pty::ptsname(&master, Vec::new()).unwrap();
    let slave = File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    (File::from(master), slave)
}

const CHECK: &[&str] = &["check", ".", "--config", "/dev/stdin"];

/// Begins a run that waits for a file of it that stands on its standard input, and gives it after a while.
fn begun(arguments: &[&str], folder: &Folder, term: &str, stderr: Stdio, after: Duration) -> Child {
    let mut child = Command::new(env!("CARGO_BIN_EXE_owalint"))
        .args(arguments)
        .current_dir(&folder.0)
        .env("TERM", term)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(stderr)
        .spawn()
        .unwrap();
    let mut file = child.stdin.take().unwrap();
    std::thread::sleep(after);
    file.write_all(if arguments.contains(&"--config") { b"allow-incomplete = true\n" } else { b"\n" }).unwrap();
    child
}

/// What a run writes to a terminal on standard error.
fn on_terminal(arguments: &[&str], term: &str, after: Duration) -> String {
    let folder = Folder::with(&fixture("rules/base"));
    let (mut master, slave) = terminal();
    let output = begun(arguments, &folder, term, Stdio::from(slave), after).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "the run ends well");
    assert!(!output.stdout.is_empty());
    // Once no program has the other end, reading ends: with nothing on some systems, with an error on Linux.
    let (mut bytes, mut piece) = (Vec::new(), [0; 256]);
    while let Ok(count @ 1..) = master.read(&mut piece) {
        bytes.extend_from_slice(&piece[..count]);
    }
    String::from_utf8(bytes).unwrap()
}

/// The line that is left where text was written, returned over and wiped.
fn left_on_screen(written: &str) -> String {
    let mut line: Vec<char> = Vec::new();
    let mut at = 0;
    let mut rest = written;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        match character {
            '\r' => at = 0,
            '\u{1b}' => {
                rest = rest.strip_prefix("[K").unwrap();
                line.truncate(at);
            }
            it => {
                if at == line.len() {
                    line.push(it);
                } else {
                    line[at] = it;
                }
                at += 1;
            }
        }
    }
    line.into_iter().collect()
}

#[test]
fn long_work_of_every_command_is_told_and_wiped() {
    for (name, arguments) in [
        ("linting", CHECK),
        ("predicting", &["paths", ".", "--estate", "/dev/stdin"]),
        ("reading", &["facts", ".", "--estate", "/dev/stdin"]),
        ("comparing", &["diff", ".", ".", "--config", "/dev/stdin"]),
        ("linting", &["baseline", "add", ".", "--file", "known.toml", "--config", "/dev/stdin"]),
        ("explaining", &["explain", "P42-001", ".", "--config", "/dev/stdin"]),
    ] {
        let written = on_terminal(arguments, "xterm", LONG);
        let told = |seconds: u32| written.contains(&format!("{name}: {seconds} s"));
        assert!(told(1) && told(2), "{arguments:?}: {written:?}");
        assert_eq!(left_on_screen(&written), "", "{arguments:?}: {written:?}");
    }
}

#[test]
fn short_work_is_not_told() {
    assert_eq!(on_terminal(CHECK, "xterm", Duration::ZERO), "");
}

#[test]
fn what_cannot_be_wiped_is_not_written_on() {
    assert_eq!(on_terminal(CHECK, "dumb", LONG), "");
    let folder = Folder::with(&fixture("rules/base"));
    let output = begun(CHECK, &folder, "xterm", Stdio::piped(), LONG).wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "a pipe is no terminal");
}
