//! The roof: arguments, files, streams and the exit code.
#![allow(clippy::disallowed_methods, reason = "the environment, the streams and the outputs are this file's work")]

mod author;
mod cli;

use std::env;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use cli::{CheckArgs, Cli, Color, Command, FactsArgs, RuleArgs, SnapshotArgs, StyleArgs, ViewArgs, ViewFormat};

use owalint::config::Config;
use owalint::finding::Severity;
use owalint::lint::{self, Read};
use owalint::load::{self, LoadError, Snapshot};
use owalint::model::estate_file::EstateFile;
use owalint::model::ladder::Ladder;
use owalint::read::problem::Problem;
use owalint::render::{self, FORMATS, Look};
use owalint::report::{Options, Report, facts, paths};
use owalint::rule::book::Book;
use owalint::text::show::visible;
use owalint::text::source::Sources;

/// Why a run ends without a report.
enum Failure {
    /// Something that the user gave is wrong, in words.
    Words(String),
    /// Something that the user gave is wrong, with places.
    Problems(Vec<Problem>),
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Failure {
        Failure::Words(error.to_string())
    }
}

type Outcome = Result<u8, Failure>;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let mut sources = Sources::default();
    let result = match cli.command {
        Command::Check(args) => check(&args, &mut sources),
        Command::Paths(args) => view_paths(&args, &mut sources),
        Command::Facts(args) => view_facts(&args, &mut sources),
        Command::Explain(args) => author::explain(&args, &mut sources),
        Command::Rules(args) => author::rules(&args, &mut sources),
    };
    ExitCode::from(result.unwrap_or_else(|failure| report_failure(failure, &sources)))
}

// ---- commands ------------------------------------------------------------------------------------------------------

fn check(args: &CheckArgs, sources: &mut Sources) -> Outcome {
    let options =
        Options { fail_on: args.fail_on.into(), allow_incomplete: args.allow_incomplete, exit_zero: args.exit_zero };
    let report = match linted(args, sources, &options) {
        Ok(report) => report,
        Err(Failure::Problems(problems)) => lint::rejected(problems, sources, &options),
        Err(failure) => return Err(failure),
    };
    for (format, path) in &args.output {
        let text = rendered(format, &report, sources, Look { color: false, quiet: args.quiet });
        write(path, &text)?;
    }
    let look = Look { color: colors(args.color), quiet: args.quiet };
    print(&rendered(&args.format, &report, sources, look))?;
    Ok(report.exit_code)
}

fn linted(args: &CheckArgs, sources: &mut Sources, options: &Options) -> Result<Report, Failure> {
    let (snapshot, estate_file) = snapshot(&args.snapshot, sources)?;
    let (book, config) = rules(&args.rules, Some(&snapshot), sources)?;
    let estate_file = read_estate(estate_file, sources)?;
    let read = lint::read(&snapshot, sources, estate_file.as_ref());
    Ok(lint::check(read, sources, &book, &config, options))
}

fn view_paths(args: &ViewArgs, sources: &mut Sources) -> Outcome {
    let read = read(&args.snapshot, sources)?;
    let ladder = Ladder::new(&read.estate);
    let paths = paths::paths(&ladder, sources);
    show(
        &args.style,
        |color| render::tables::paths(&paths, color) + &render::human::left_out(&read.inputs, color),
        &paths,
    )?;
    Ok(nothing_read(&read))
}

fn view_facts(args: &FactsArgs, sources: &mut Sources) -> Outcome {
    let read = read(&args.snapshot, sources)?;
    let ladder = Ladder::new(&read.estate);
    let facts = facts::facts(&ladder, sources, args.all);
    show(
        &args.style,
        |color| render::tables::facts(&facts, color) + &render::human::left_out(&read.inputs, color),
        &facts,
    )?;
    Ok(nothing_read(&read))
}

// ---- what they share -----------------------------------------------------------------------------------------------

/// The snapshot, and the estate file that goes with it, with whether it lies inside.
fn snapshot(
    args: &SnapshotArgs,
    sources: &mut Sources,
) -> Result<(Snapshot, Option<(owalint::text::span::SourceId, bool)>), Failure> {
    if let Some(threads) = args.threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads));
        pool.build_global().map_err(|error| Failure::Words(format!("--threads: {error}")))?;
    }
    let mut snapshot = load::load(&args.paths, sources)?;
    let estate_file = match &args.estate {
        None => snapshot.estate_file.map(|id| (id, true)),
        Some(path) => {
            let id = snapshot.use_estate_file(path, sources)?;
            Some((id, snapshot.holds(path)))
        }
    };
    Ok((snapshot, estate_file))
}

fn read_estate(
    file: Option<(owalint::text::span::SourceId, bool)>,
    sources: &Sources,
) -> Result<Option<EstateFile>, Failure> {
    match file {
        None => Ok(None),
        Some((id, inside)) => EstateFile::read(sources.get(id).text(), id, inside).map(Some).map_err(Failure::Problems),
    }
}

fn read(args: &SnapshotArgs, sources: &mut Sources) -> Result<Read, Failure> {
    let (snapshot, estate_file) = snapshot(args, sources)?;
    let estate_file = read_estate(estate_file, sources)?;
    Ok(lint::read(&snapshot, sources, estate_file.as_ref()))
}

/// The rules in force and the configuration.
fn rules(args: &RuleArgs, snapshot: Option<&Snapshot>, sources: &mut Sources) -> Result<(Book, Config), Failure> {
    let mut own = Vec::new();
    for folder in &args.rules {
        own.extend(load::load_rules(folder)?);
    }
    let (book, problems) = Book::open(own, sources);
    if !problems.is_empty() {
        return Err(Failure::Problems(problems));
    }
    let found = || {
        let here = env::current_dir().ok()?;
        load::find_configuration(&here, snapshot.unwrap_or(&Snapshot::default()))
    };
    let mut config = match args.config.clone().or_else(found) {
        None => Config::default(),
        Some(path) => {
            let id = load::load_named(&path, sources)?;
            Config::read(id, sources.get(id), &book).map_err(Failure::Problems)?
        }
    };
    config.narrow(args.select.clone(), args.ignore.clone(), &book).map_err(Failure::Words)?;
    Ok((book, config))
}

/// The exit code of a view: 4 if nothing in the snapshot was recognised.
fn nothing_read(read: &Read) -> u8 {
    let recognised = read.inputs.iter().any(|input| input.status != "ignored" && input.format != "estate");
    if recognised { 0 } else { 4 }
}

fn rendered(format: &str, report: &Report, sources: &Sources, look: Look) -> String {
    FORMATS.iter().find(|it| it.name == format).map_or_else(String::new, |it| (it.render)(report, sources, look))
}

fn report_failure(failure: Failure, sources: &Sources) -> u8 {
    let options = Options { fail_on: Severity::Error, allow_incomplete: false, exit_zero: false };
    let text = match failure {
        Failure::Words(words) => format!("error: {}\n", visible(&words)),
        Failure::Problems(problems) => {
            let report = lint::rejected(problems, sources, &options);
            render::human::render(&report, sources, Look { color: false, quiet: true })
        }
    };
    let _ = io::stderr().write_all(text.as_bytes());
    2
}

/// Prints to standard output. A reader that has gone (`| head`) is no fault of the run; anything else is.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Words(format!("the report could not be printed: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints a view, and writes it in the formats and to the files that were asked for.
fn show(style: &StyleArgs, human: impl Fn(bool) -> String, document: &impl serde::Serialize) -> Result<(), Failure> {
    let text = |format: ViewFormat, color: bool| match format {
        ViewFormat::Json => render::json::render(document),
        ViewFormat::Human => human(color),
    };
    for (format, path) in &style.output {
        write(path, &text(*format, false))?;
    }
    print(&text(style.format, colors(style.color)))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|cause| Failure::Words(format!("{}: {cause}", path.display())))
}

fn colors(color: Color) -> bool {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if set("NO_COLOR") => false,
        Color::Auto if set("FORCE_COLOR") => true,
        Color::Auto => io::stdout().is_terminal() && env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}
