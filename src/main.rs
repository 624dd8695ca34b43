//! The roof: arguments, files, streams and the exit code.
#![allow(clippy::disallowed_methods, reason = "the environment, the streams and the outputs are this file's work")]

mod author;
mod change;
mod cli;
mod output;
mod pairs;
mod progress;
mod terminal;

use std::env;
use std::hint;
use std::io::{self, IsTerminal, Write};
use std::mem;
use std::path::Path;
use std::process::{self, ExitCode};
use std::time::SystemTime;

use clap::{CommandFactory, Parser};

use cli::{CheckArgs, Cli, Command, FactsArgs, RuleArgs, Shell, SnapshotArgs, StyleArgs, ViewFormat};

use terminal::{Hyperlinks, colors};

use owalint::config::baseline::Baseline;
use owalint::config::date::Date;
use owalint::config::{Config, Thresholds};
use owalint::finding::{Confidence, Severity};
use owalint::lint::{self, Read};
use owalint::load::{self, LoadError, Snapshot};
use owalint::model::estate_file::EstateFile;
use owalint::model::ladder::Ladder;
use owalint::model::registry;
use owalint::read::problem::Problem;
use owalint::read::reg::Wanted;
use owalint::render::link::{self, Folders};
use owalint::render::{self, FORMATS, Look, VersionControl};
use owalint::report::verdict::is_export;
use owalint::report::{Options, Report, facts};
use owalint::rule::book::Book;
use owalint::text::show::visible;
use owalint::text::source::Sources;
use owalint::text::span::SourceId;

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

/// The script that exports all that is read.
const COLLECT: &str = include_str!("collect/collect.ps1");

type Outcome = Result<u8, Failure>;

fn main() -> ExitCode {
    keep_memory();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let mut sources = Sources::default();
    let Some(command) = cli.command else {
        return ExitCode::from(describe(cli.completions).unwrap_or_else(|failure| report_failure(failure, &sources)));
    };
    let result = match command {
        Command::Collect => print(COLLECT).map(|()| 0),
        Command::Check(args) => check(&args, &mut sources),
        Command::Baseline(args) => change::baseline(&args, &mut sources),
        Command::Diff(args) => change::diff(&args, &mut sources),
        Command::Paths(args) => pairs::view(&args, &mut sources),
        Command::Facts(args) => view_facts(&args, &mut sources),
        Command::Explain(args) => author::explain(&args, &mut sources),
        Command::Rules(args) => author::rules(&args, &mut sources),
    };
    let code = result.unwrap_or_else(|failure| report_failure(failure, &sources));
    // What is held goes with the process; to let go of it piece by piece would take longer.
    process::exit(code.into())
}

/// Lets go of one large piece of memory, after which the allocator of GNU systems no longer returns what is freed bit by
/// bit: buffers of whole files are needed again at once, and fresh memory costs more than to read a file into it.
fn keep_memory() {
    const LARGE: usize = 16 << 20;
    drop(hint::black_box(Vec::<u8>::with_capacity(LARGE)));
}

// ---- commands ------------------------------------------------------------------------------------------------------

fn check(args: &CheckArgs, sources: &mut Sources) -> Outcome {
    let (snapshot, report) = progress::over("linting", || linted(args, sources))?;
    let folder = args.relative_to.clone().or_else(|| env::current_dir().ok());
    let prefix = folder.map(|folder| snapshot.below(&folder)).unwrap_or_default();
    let version_control = args.vcs_repository.as_deref().map(|repository| VersionControl {
        repository,
        revision: args.vcs_revision.as_deref(),
        branch: args.vcs_branch.as_deref(),
    });
    let width = terminal_size::terminal_size().filter(|_| io::stdout().is_terminal());
    let width = width.map(|(terminal_size::Width(cells), _)| usize::from(cells));
    let look = Look { quiet: args.quiet, prefix: &prefix, version_control, ..Look::default() };
    let addresses = addresses(args.hyperlinks, snapshot.root());
    let links = addresses.as_ref().map(Addresses::folders);
    let rendered_files: Vec<String> =
        args.output.iter().map(|(format, _)| rendered(format, &report, sources, look)).collect();
    let printed = rendered(&args.format, &report, sources, Look { color: colors(args.color), width, links, ..look });
    unchanged(sources)?;
    for ((_, path), text) in args.output.iter().zip(&rendered_files) {
        write(path, text)?;
    }
    print(&printed)?;
    Ok(report.exit_code)
}

/// What lies at the paths, and what is to be said of it; what is wrong with rules or configuration is a report too.
fn linted(args: &CheckArgs, sources: &mut Sources) -> Result<(Snapshot, Report), Failure> {
    let (mut snapshot, estate_file) = snapshot(&args.snapshot, sources)?;
    let report = match judged(args, &mut snapshot, estate_file, sources) {
        Err(Failure::Problems(problems)) => lint::rejected(problems, sources, &options(args, Thresholds::default())),
        other => other?,
    };
    Ok((snapshot, report))
}

fn judged(
    args: &CheckArgs,
    snapshot: &mut Snapshot,
    estate_file: Option<(SourceId, bool)>,
    sources: &mut Sources,
) -> Result<Report, Failure> {
    let (book, config) = rules(&args.rules, &mut [snapshot], sources)?;
    let baseline = match &args.baseline {
        None => None,
        Some(path) => {
            let id = snapshot.use_baseline(path, sources)?;
            Some(Baseline::read(id, sources.get(id)).map_err(Failure::Problems)?)
        }
    };
    let estate_file = read_estate(estate_file, sources)?;
    let mut read = lint::read(snapshot, sources, estate_file.as_ref(), &book.wanted());
    let report = lint::check(&mut read, sources, &book, &config, baseline.as_ref(), &options(args, config.thresholds));
    // It goes with the process; to let go of a large estate takes as long as a good part of its report.
    mem::forget(read);
    Ok(report)
}

/// What fails the run: the flags before the configuration.
fn options(args: &CheckArgs, file: Thresholds) -> Options {
    let default = Options::default();
    let mut formats = args.output.iter().map(|(format, _)| format).chain([&args.format]);
    Options {
        fail_on: args.fail_on.map(Severity::from).or(file.fail_on).unwrap_or(default.fail_on),
        fail_confidence: args
            .fail_confidence
            .map(Confidence::from)
            .or(file.fail_confidence)
            .unwrap_or(default.fail_confidence),
        max_warnings: args.max_warnings.or(file.max_warnings),
        allow_incomplete: args.allow_incomplete.or(file.allow_incomplete).unwrap_or(default.allow_incomplete),
        exit_zero: args.exit_zero,
        show_suppressed: args.show_suppressed,
        show_baselined: args.show_baselined,
        with_outcomes: formats.any(|format| format == "html"),
    }
}

fn view_facts(args: &FactsArgs, sources: &mut Sources) -> Outcome {
    let wanted = if args.all { Wanted::all() } else { registry::wanted([]) };
    let (read, facts) = progress::over("reading", || {
        let read = read(&args.snapshot, sources, &wanted)?;
        let facts = facts::facts(&Ladder::new(&read.estate), sources, args.all);
        Ok::<_, Failure>((read, facts))
    })?;
    unchanged(sources)?;
    show(
        &args.style,
        |color| render::tables::facts(&facts, color) + &render::human::left_out(&read.inputs, color, None),
        &facts,
    )?;
    Ok(nothing_read(&read))
}

/// Completions for a shell, else the manual page.
fn describe(completions: Option<Shell>) -> Outcome {
    let mut command = Cli::command();
    let mut out = Vec::new();
    match completions {
        Some(Shell::Bash) => clap_complete::generate(clap_complete::Shell::Bash, &mut command, "owalint", &mut out),
        Some(Shell::Elvish) => clap_complete::generate(clap_complete::Shell::Elvish, &mut command, "owalint", &mut out),
        Some(Shell::Fish) => clap_complete::generate(clap_complete::Shell::Fish, &mut command, "owalint", &mut out),
        Some(Shell::Nushell) => {
            clap_complete::generate(clap_complete_nushell::Nushell, &mut command, "owalint", &mut out);
        }
        Some(Shell::Pwsh) => {
            clap_complete::generate(clap_complete::Shell::PowerShell, &mut command, "owalint", &mut out);
        }
        Some(Shell::Zsh) => clap_complete::generate(clap_complete::Shell::Zsh, &mut command, "owalint", &mut out),
        None => manual(&command, &mut out).map_err(|error| Failure::Words(format!("the manual page: {error}")))?,
    }
    print(&String::from_utf8_lossy(&out)).map(|()| 0)
}

/// The manual page, with every command in it.
fn manual(command: &clap::Command, out: &mut Vec<u8>) -> io::Result<()> {
    clap_mangen::Man::new(command.clone()).render(out)?;
    for sub in command.get_subcommands() {
        let page = clap_mangen::Man::new(sub.clone());
        writeln!(out, ".SH \"COMMAND {}\"", sub.get_name().to_uppercase())?;
        page.render_description_section(out)?;
        page.render_options_section(out)?;
    }
    Ok(())
}

// ---- what they share -----------------------------------------------------------------------------------------------

/// That no file was another one when it was read again: places in the one are not places in the other.
fn unchanged(sources: &Sources) -> Result<(), Failure> {
    match sources.changed().next() {
        None => Ok(()),
        Some(path) => Err(Failure::Words(format!("{} changed while it was read; run again", visible(path)))),
    }
}

/// The addresses of a snapshot's root and of the working directory, which links begin with.
struct Addresses {
    root: String,
    working: String,
}

impl Addresses {
    fn folders(&self) -> Folders<'_> {
        Folders { root: &self.root, working: &self.working }
    }
}

/// Where links lead, if what is printed is to have some.
fn addresses(hyperlinks: Hyperlinks, root: &Path) -> Option<Addresses> {
    let working = env::current_dir().ok().filter(|_| terminal::links(hyperlinks))?;
    let address = |path: &Path| link::folder(path.as_os_str().as_encoded_bytes());
    Some(Addresses { root: address(root), working: address(&working) })
}

/// The snapshot, and the estate file that goes with it, with whether it lies inside.
fn snapshot(args: &SnapshotArgs, sources: &mut Sources) -> Result<(Snapshot, Option<(SourceId, bool)>), Failure> {
    // This thread takes part in the work, and goes on while the others are started: to wait for them takes as long as a
    // good part of a small snapshot.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.threads.map_or(0, usize::from)).use_current_thread();
    match (pool.build(), args.threads) {
        (Ok(pool), _) => mem::forget(pool),
        (Err(error), Some(_)) => return Err(Failure::Words(format!("--threads: {error}"))),
        (Err(_), None) => {}
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

fn read_estate(file: Option<(SourceId, bool)>, sources: &Sources) -> Result<Option<EstateFile>, Failure> {
    match file {
        None => Ok(None),
        Some((id, inside)) => EstateFile::read(sources.get(id).text(), id, inside).map(Some).map_err(Failure::Problems),
    }
}

fn read(args: &SnapshotArgs, sources: &mut Sources, wanted: &Wanted) -> Result<Read, Failure> {
    let (snapshot, estate_file) = snapshot(args, sources)?;
    let estate_file = read_estate(estate_file, sources)?;
    Ok(lint::read(&snapshot, sources, estate_file.as_ref(), wanted))
}

/// The rules in force and the configuration.
///
/// The configuration that is found upwards lies in none of the snapshots.
fn rules(args: &RuleArgs, snapshots: &mut [&mut Snapshot], sources: &mut Sources) -> Result<(Book, Config), Failure> {
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
        load::find_configuration(&here, snapshots)
    };
    let mut config = match args.config.clone().or_else(found) {
        None => Config::default(),
        Some(path) => {
            let inside = snapshots.iter_mut().filter_map(|it| it.take_configuration(&path, sources)).last();
            let id = inside.map_or_else(|| load::load_named(&path, sources), Ok)?;
            let today = args.today.unwrap_or_else(today);
            Config::read(id, sources.get(id), &book, today).map_err(Failure::Problems)?
        }
    };
    config.narrow(&args.select, &args.ignore, &book).map_err(Failure::Words)?;
    Ok((book, config))
}

/// The day by the clock, in UTC, so that it is the same day everywhere.
fn today() -> Date {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Date::from_unix_time(since.as_secs())
}

/// The exit code of a view: 4 if nothing in the snapshot was recognised.
fn nothing_read(read: &Read) -> u8 {
    if read.inputs.iter().any(is_export) { 0 } else { 4 }
}

fn rendered(format: &str, report: &Report, sources: &Sources, look: Look<'_>) -> String {
    FORMATS.iter().find(|it| it.name == format).map_or_else(String::new, |it| (it.render)(report, sources, look))
}

fn report_failure(failure: Failure, sources: &Sources) -> u8 {
    let text = match failure {
        Failure::Words(words) => format!("error: {}\n", visible(&words)),
        Failure::Problems(problems) => {
            let report = lint::rejected(problems, sources, &Options::default());
            render::human::render(&report, sources, Look { color: false, quiet: true, ..Look::default() })
        }
    };
    let _ = io::stderr().write_all(text.as_bytes());
    2
}

/// Prints to standard output.
fn print(text: &str) -> Result<(), Failure> {
    print_with(|out| out.write_all(text.as_bytes()))
}

/// Prints to standard output. A reader that has gone (`| head`) is no fault of the run; anything else is.
fn print_with(content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match content(&mut out).and_then(|()| out.flush()) {
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
    write_with(path, |out| out.write_all(text.as_bytes()))
}

fn write_with(path: &Path, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    output::write(path, content).map_err(|cause| Failure::Words(format!("{}: {cause}", path.display())))
}
