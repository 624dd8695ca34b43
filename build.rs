//! Takes the files of `rules/`, parsed, and their cases into the binary, so that a new rule is one file and its folder.
#![allow(clippy::disallowed_methods, reason = "a build script reads its inputs and the environment")]

#[path = "src/read/toml/literal.rs"]
mod literal;

use std::error::Error;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{env, fs};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=fixtures/rules");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/read/toml/literal.rs");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("built_in_rules.rs"), rules(&root.join("rules"))?)?;
    fs::write(out.join("built_in_cases.rs"), cases(&root.join("fixtures/rules"))?)?;
    Ok(())
}

/// The rules as texts, and what stands where in them, so that no run has to parse them.
fn rules(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut texts = String::from(
        "/// The rules that are built in: their ids and texts.\npub const BUILT_IN: &[(&str, &str)] = &[\n",
    );
    let mut parsed = String::from("/// What stands where in each of them.\nstatic PARSED: &[Parsed] = &[\n");
    for path in below(folder)?.iter().filter(|path| path.extension().is_some_and(|it| it == "toml")) {
        let id = path.file_stem().and_then(|it| it.to_str()).ok_or("a rule file has a name in ASCII")?;
        let shown = path.display().to_string();
        writeln!(texts, "    ({id:?}, include_str!({shown:?})),")?;
        let text = fs::read_to_string(path)?;
        let mut outline = Outline { text: &text, parts: String::new(), rewritten: Vec::new() };
        outline.file().map_err(|error| format!("{shown}: {error}"))?;
        let Outline { parts, rewritten, .. } = outline;
        writeln!(parsed, "    Parsed {{ parts: &[{parts}], rewritten: &{rewritten:?} }},")?;
    }
    Ok(format!("{texts}];\n\n{parsed}];\n"))
}

/// What stands where in a file of TOML, as `src/read/toml/parsed.rs` reads it.
struct Outline<'t> {
    text: &'t str,
    parts: String,
    rewritten: Vec<String>,
}

impl Outline<'_> {
    fn file(&mut self) -> Result<(), Box<dyn Error>> {
        let parsed = DeTable::parse(self.text)?.into_inner();
        let first = parsed.keys().map(Spanned::span).min_by_key(|it| it.start).ok_or("there is nothing in it")?;
        self.table(&parsed, &first)
    }

    fn table(&mut self, table: &DeTable<'_>, head: &Range<usize>) -> Result<(), Box<dyn Error>> {
        write!(self.parts, "Part::Table({},{}),", at(head), table.len())?;
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            self.string(key.span(), key.get_ref())?;
            self.value(value)?;
        }
        Ok(())
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>) -> Result<(), Box<dyn Error>> {
        let span = value.span();
        match value.get_ref() {
            DeValue::String(decoded) => self.string(span, decoded)?,
            DeValue::Integer(digits) => {
                let value = i32::from_str_radix(digits.as_str(), digits.radix())?;
                write!(self.parts, "Part::Integer({},{value}),", at(&span))?;
            }
            DeValue::Boolean(value) => write!(self.parts, "Part::Boolean({},{value}),", at(&span))?,
            DeValue::Array(items) => {
                write!(self.parts, "Part::List({},{}),", at(&span), items.len())?;
                items.iter().try_for_each(|item| self.value(item))?;
            }
            DeValue::Table(table) => self.table(table, &span)?,
            DeValue::Float(_) | DeValue::Datetime(_) => {
                return Err(format!("no key of a rule takes `{}`", &self.text[span]).into());
            }
        }
        Ok(())
    }

    fn string(&mut self, literal: Range<usize>, decoded: &str) -> Result<(), Box<dyn Error>> {
        match literal::verbatim(self.text, literal.clone(), decoded) {
            Some(inner) => write!(self.parts, "Part::Text({},{}),", at(&literal), at(&inner))?,
            None => {
                write!(self.parts, "Part::Rewritten({},{}),", at(&literal), self.rewritten.len())?;
                self.rewritten.push(decoded.to_owned());
            }
        }
        Ok(())
    }
}

fn at(range: &Range<usize>) -> String {
    format!("({},{})", range.start, range.end)
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
