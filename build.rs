//! Lists the files of `rules/` for the binary, so that a new rule is one file.
#![allow(clippy::disallowed_methods, reason = "a build script reads its inputs and the environment")]

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=build.rs");
    let root = env::var("CARGO_MANIFEST_DIR")?;
    let mut files = Vec::new();
    for entry in fs::read_dir(Path::new(&root).join("rules"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "toml") {
            files.push(path);
        }
    }
    files.sort();
    let mut code = String::from(
        "/// The rules that are built in: their ids and texts.\npub const BUILT_IN: &[(&str, &str)] = &[\n",
    );
    for path in files {
        let id = path.file_stem().and_then(|it| it.to_str()).ok_or("a rule file has a name in ASCII")?;
        writeln!(code, "    ({id:?}, include_str!({:?})),", path.display().to_string())?;
    }
    code.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("built_in_rules.rs"), code)?;
    Ok(())
}
