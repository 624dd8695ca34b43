//! What no lint of a snapshot can do without: `floor decode FOLDER` reads and decodes every file, and `floor tokens FOLDER`
//! walks over the markup of those that are XML as well. `benches/compare.sh` measures owalint beside it.
#![allow(clippy::disallowed_methods, clippy::print_stderr, reason = "this is a program of its own")]

use std::env;
use std::hint::black_box;
use std::path::PathBuf;
use std::process::ExitCode;

use owalint::text::decode::decode;
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use rayon::prelude::*;
use walkdir::WalkDir;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [what, folder] = &arguments[..] else { return usage() };
    let tokens = match what.as_str() {
        "decode" => false,
        "tokens" => true,
        _ => return usage(),
    };
    let entries = WalkDir::new(folder).into_iter().filter_map(Result::ok);
    let files: Vec<PathBuf> =
        entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect();
    let pass = |path: &PathBuf| {
        let Ok(bytes) = std::fs::read(path) else { return 0 };
        let text = decode(bytes).text;
        if tokens && text.trim_start().starts_with('<') { events(&text) } else { text.len() }
    };
    black_box(files.par_iter().map(pass).sum::<usize>());
    ExitCode::SUCCESS
}

/// How many pieces of markup a text has.
fn events(text: &str) -> usize {
    let mut reader = Reader::from_str(text);
    let mut count = 0;
    while let Ok(event) = reader.read_event() {
        if matches!(event, Event::Eof) {
            break;
        }
        count += 1;
    }
    count
}

fn usage() -> ExitCode {
    eprintln!("usage: floor decode|tokens FOLDER");
    ExitCode::from(2)
}
