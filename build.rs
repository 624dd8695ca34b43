//! Lists the files of `rules/` and their cases for the binary, so that a new rule is one file and its folder of cases.
#![allow(clippy::disallowed_methods, reason = "a build script reads its inputs and the environment")]

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=fixtures/rules");
    println!("cargo::rerun-if-changed=build.rs");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("built_in_rules.rs"), rules(&root.join("rules"))?)?;
    fs::write(out.join("built_in_cases.rs"), cases(&root.join("fixtures/rules"))?)?;
    Ok(())
}

fn rules(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut code = String::from(
        "/// The rules that are built in: their ids and texts.\npub const BUILT_IN: &[(&str, &str)] = &[\n",
    );
    for path in below(folder)?.iter().filter(|path| path.extension().is_some_and(|it| it == "toml")) {
        let id = path.file_stem().and_then(|it| it.to_str()).ok_or("a rule file has a name in ASCII")?;
        writeln!(code, "    ({id:?}, include_str!({:?})),", path.display().to_string())?;
    }
    code.push_str("];\n");
    Ok(code)
}

/// The reports that are stored beside the cases are for the tests of this repository, and stay out.
fn cases(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut code = String::from(
        "/// The cases of the built-in rules, and the estate that they edit: paths and contents.\n\
         pub const BUILT_IN_CASES: &[(&str, &[u8])] = &[\n",
    );
    for path in below(folder)?.iter().filter(|path| path.file_name().is_some_and(|it| it != "expected.txt")) {
        let shown = path.strip_prefix(folder)?.to_str().ok_or("a case has a name in ASCII")?.replace('\\', "/");
        writeln!(code, "    ({shown:?}, include_bytes!({:?})),", path.display().to_string())?;
    }
    code.push_str("];\n");
    Ok(code)
}

/// Every file below a folder, sorted.
fn below(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    let mut pending = vec![folder.to_path_buf()];
    while let Some(here) = pending.pop() {
        for entry in fs::read_dir(here)? {
            let path = entry?.path();
            if path.is_dir() { pending.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}
