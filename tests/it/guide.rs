//! The guide to writing rules: its files are written and its commands are run, in order, and say what it shows.

use std::fmt::Write as _;

use crate::scratch::{Folder, repository, run};

/// One fenced block: its information string, and the lines within.
struct Block<'t> {
    info: &'t str,
    lines: Vec<&'t str>,
}

/// Runs a guide in a fresh folder, and gives it back with what its commands really print.
fn followed(text: &str) -> (String, usize) {
    let folder = Folder::new();
    let (mut out, mut commands) = (String::new(), 0);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let _ = writeln!(out, "{line}");
        let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else { continue };
        let block = Block { info, lines: lines.by_ref().take_while(|line| *line != "```").collect() };
        if let Some((_, path)) = block.info.split_once(' ') {
            folder.write(path, block.lines.join("\n") + "\n");
        }
        let shown =
            if block.info == "console" { console(&block, &folder, &mut commands) } else { block.lines.join("\n") };
        let _ = writeln!(out, "{shown}\n```");
    }
    (out, commands)
}

fn console(block: &Block<'_>, folder: &Folder, commands: &mut usize) -> String {
    let mut shown = Vec::new();
    for command in block.lines.iter().filter_map(|line| line.strip_prefix("$ owalint ")) {
        let output = run(&command.split_whitespace().collect::<Vec<_>>(), &folder.0);
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        shown.push(format!("$ owalint {command}\n{}", text.trim_end()));
        *commands += 1;
    }
    shown.join("\n")
}

#[test]
fn the_guide_does_what_it_says() {
    let path = repository().join("docs/writing-rules.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (followed, commands) = followed(&text);
    assert!(commands >= 6, "the guide runs {commands} commands");
    if std::env::var_os("OWALINT_UPDATE").is_some_and(|it| it == "1") {
        std::fs::write(&path, followed).unwrap();
        return;
    }
    assert!(text == followed, "docs/writing-rules.md is out of date (OWALINT_UPDATE=1 cargo test):\n{followed}");
}
