//! The arguments: every command and flag, with its help.

mod change;

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::change::{BaselineArgs, BaselineCommand, BaselineFileArgs, DiffArgs, DiffFormat};
use crate::terminal::Hyperlinks;
use owalint::config::date::Date;
use owalint::finding::{Confidence, Severity};
use owalint::render::FORMATS;
use owalint::rule::ask::Scope;

const CHECK_HELP: &str = "\
Example:
  owalint check exports/ --format json --output json=report.json

Configuration:
  owalint.toml is looked for upwards from the working directory, or named
  with --config; one inside the linted paths is never used unless named.
  It holds fail-on, fail-confidence, max-warnings, allow-incomplete, [rules],
  [severity], [[override]] and [[suppress]]; flags go before it. Findings are
  suppressed with a reason:

    [[suppress]]
    rule   = \"P42-001\"
    target = \"CAS-LAB*\"          # or server, source, site, vdir
    reason = \"rebuilt in spring\"
    until  = 2027-03-31

Exit codes:
  0  all of it was checked, nothing that fails the run
  1  a finding at or above --fail-on, or more warnings than --max-warnings
  2  the run is not to be trusted: bad usage, configuration, estate or rule file, or path
  3  no such finding, but not everything could be checked
  4  nothing in the snapshot was recognised";

#[derive(Parser)]
#[command(
    name = "owalint",
    version,
    about,
    long_about = None,
    max_term_width = 100,
    arg_required_else_help = true,
    args_conflicts_with_subcommands = true,
    after_help = "Example:\n  owalint check exports/\n  owalint --completions bash > ~/.local/share/bash-completion/completions/owalint"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Print completions for a shell
    #[arg(long, value_name = "SHELL", value_enum)]
    pub(crate) completions: Option<Shell>,
    /// Print the manual page
    #[arg(long)]
    pub(crate) man: bool,
}

/// The shells that completions are made for.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Shell {
    Bash,
    Elvish,
    Fish,
    Nushell,
    #[value(name = "powershell")]
    Pwsh,
    Zsh,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Lint a snapshot: findings, and what could not be checked
    #[command(after_help = CHECK_HELP)]
    Check(CheckArgs),
    /// Keep a list of findings that were there before, which then do not fail a run
    #[command(
        after_help = "Example:\n  owalint baseline add exports/ --file baseline.toml\n  owalint check exports/ --baseline baseline.toml"
    )]
    Baseline(BaselineArgs),
    /// Say what a change does: findings, outcomes, settings, and what can no longer be checked
    #[command(after_help = change::DIFF_HELP)]
    Diff(DiffArgs),
    /// Predict the outcome of every pair of a source server and a target virtual directory
    ///
    /// Of more than a thousand pairs the table shows the sources that fare alike on a target in one row; JSON lists
    /// each pair, however many there are.
    #[command(after_help = "Example:\n  owalint paths exports/\n  owalint paths exports/ --format json")]
    Paths(ViewArgs),
    /// Show what was read and what is in force, each with its place
    #[command(after_help = "Example:\n  owalint facts exports/ --format json")]
    Facts(FactsArgs),
    /// Explain a rule, offline: what, why, how to fix, sources; with a PATH also what it says there
    #[command(after_help = "Example:\n  owalint explain P42-001 exports/")]
    Explain(ExplainArgs),
    /// List all rules in force, one line each; write and test rules of your own
    #[command(
        args_conflicts_with_subcommands = true,
        after_help = "Example:\n  owalint rules --rules my-rules/\n  owalint rules new other-logon-format --dir my-rules/\n  owalint rules test my-rules/"
    )]
    Rules(RulesArgs),
    /// Print a PowerShell script that exports all that owalint reads
    ///
    /// Run it in the Exchange Management Shell; it changes nothing on the servers.
    #[command(after_help = "Example:\n  owalint collect > collect.ps1")]
    Collect,
}

#[derive(Args)]
pub(crate) struct SnapshotArgs {
    /// Folders or files of the snapshot
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Describe servers and sites in this file instead of the snapshot's owalint-estate.toml
    #[arg(long, value_name = "FILE")]
    pub(crate) estate: Option<PathBuf>,
    /// Use this many threads
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
}

#[derive(Args)]
pub(crate) struct RuleArgs {
    /// Read the configuration from this file instead of the nearest owalint.toml
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Take this day as today, for suppressions that end, so that a run can be repeated [default: the day in UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) today: Option<Date>,
    /// Add the rules of this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Vec<PathBuf>,
    /// Ask only these rules: ids, names, or beginnings of ids such as P42 or HYG-2
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Do not ask these rules: ids, names, or beginnings of ids
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) snapshot: SnapshotArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    /// The format of what is printed
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = PossibleValuesParser::new(FORMATS.iter().map(|format| format.name)))]
    pub(crate) format: String,
    /// Write the report in a format to a file as well; can be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = parse_output)]
    pub(crate) output: Vec<(String, PathBuf)>,
    /// Write paths relative to this folder instead of the working directory, in the formats that other tools read
    ///
    /// `human`, `short` and `json` always have paths relative to the snapshot.
    #[arg(long, value_name = "DIR")]
    pub(crate) relative_to: Option<PathBuf>,
    /// Say in SARIF which repository the snapshot is kept in
    #[arg(long, value_name = "URL")]
    pub(crate) vcs_repository: Option<String>,
    /// Say in SARIF which commit it is
    #[arg(long, value_name = "ID", requires = "vcs_repository")]
    pub(crate) vcs_revision: Option<String>,
    /// Say in SARIF which branch it is on
    #[arg(long, value_name = "NAME", requires = "vcs_repository")]
    pub(crate) vcs_branch: Option<String>,
    /// The severity from which a finding fails the run [default: error]
    #[arg(long, value_name = "SEVERITY", value_enum)]
    pub(crate) fail_on: Option<FailOn>,
    /// The confidence from which such a finding fails the run [default: low]
    #[arg(long, value_name = "CONFIDENCE", value_enum)]
    pub(crate) fail_confidence: Option<FailConfidence>,
    /// Fail the run if there are more warnings than this
    #[arg(long, value_name = "N")]
    pub(crate) max_warnings: Option<usize>,
    /// Do not fail the run because something could not be checked
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) allow_incomplete: Option<bool>,
    /// Return 0 whatever is found
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// List the findings that the configuration suppresses, and why
    #[arg(long)]
    pub(crate) show_suppressed: bool,
    /// Hold back the findings in this file, which `owalint baseline add` writes; they are counted
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// List the findings that the baseline holds back
    #[arg(long)]
    pub(crate) show_baselined: bool,
    /// Print findings only, without the closing block
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// When to colour
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// When to link the names of files and rules in the human report
    #[arg(long, value_enum, default_value_t = Hyperlinks::Auto)]
    pub(crate) hyperlinks: Hyperlinks,
}

#[derive(Args)]
pub(crate) struct ViewArgs {
    #[command(flatten)]
    pub(crate) snapshot: SnapshotArgs,
    #[command(flatten)]
    pub(crate) style: StyleArgs,
}

#[derive(Args)]
pub(crate) struct StyleArgs {
    /// The format of what is printed
    #[arg(long, value_enum, default_value_t = ViewFormat::Human)]
    pub(crate) format: ViewFormat,
    /// Write it in a format to a file as well; can be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = parse_view_output)]
    pub(crate) output: Vec<(ViewFormat, PathBuf)>,
    /// When to colour
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Args)]
pub(crate) struct FactsArgs {
    #[command(flatten)]
    pub(crate) snapshot: SnapshotArgs,
    /// List every registry value, not only those at and below the key of MSExchange OWA
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) style: StyleArgs,
}

#[derive(Args)]
pub(crate) struct ExplainArgs {
    /// The rule's id or name
    pub(crate) rule: String,
    /// Folders or files of a snapshot: the fix then has its names, and the page says what the rule finds there
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Describe servers and sites in this file instead of the snapshot's owalint-estate.toml
    #[arg(long, value_name = "FILE", requires = "paths")]
    pub(crate) estate: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    #[command(flatten)]
    pub(crate) style: StyleArgs,
}

#[derive(Args)]
pub(crate) struct RulesArgs {
    #[command(subcommand)]
    pub(crate) command: Option<RulesCommand>,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    /// List the questions that rules can ask instead
    #[arg(long)]
    pub(crate) questions: bool,
    #[command(flatten)]
    pub(crate) style: StyleArgs,
}

#[derive(Subcommand)]
pub(crate) enum RulesCommand {
    /// Write a rule that works and its cases, for you to change; nothing is overwritten
    #[command(
        after_help = "Example:\n  owalint rules new other-logon-format --id ACME-001 --scope vdir --dir my-rules/"
    )]
    New(NewArgs),
    /// Run the cases of the rules in a folder, or those of the built-in rules
    #[command(
        after_help = "Example:\n  owalint rules test my-rules/\n\nExit codes:\n  0  every rule does what its cases say\n  2  a rule is not to be trusted: a case failed or is missing, or a rule or case file is not valid\n  4  there are no rules and no cases"
    )]
    Test(TestArgs),
    /// Print the JSON Schema of rule files, for editors
    #[command(after_help = "Example:\n  owalint rules schema > rule.schema.json")]
    Schema,
}

#[derive(Args)]
pub(crate) struct NewArgs {
    /// The rule's name in kebab-case
    pub(crate) name: String,
    /// The rule's id, which is the name of its file; without one the next free OWN-001
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// What the rule is asked about, once each
    #[arg(long, default_value = "vdir", value_parser = PossibleValuesParser::new(Scope::WORDS.map(|(word, _)| word)))]
    pub(crate) scope: String,
    /// The folder of your rules; it is made if it is not there
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) dir: PathBuf,
    /// Write the estate that cases edit as well, to look at or to change; else the built-in one is used
    #[arg(long)]
    pub(crate) base: bool,
}

#[derive(Args)]
pub(crate) struct TestArgs {
    /// The folder of the rules, with their cases in its folder `cases`; without one the built-in rules are tested
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
    /// Test only these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Store the report of each case that does as it says in its expected.txt, which later runs are compared with
    #[arg(long, requires = "folder")]
    pub(crate) update: bool,
    #[command(flatten)]
    pub(crate) style: StyleArgs,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Info,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum FailConfidence {
    High,
    Medium,
    Low,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ViewFormat {
    Human,
    Json,
}

fn parse_output(text: &str) -> Result<(String, PathBuf), String> {
    let (format, path) = split_output(text)?;
    let known: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    if !known.contains(&format) {
        return Err(format!("there is no format `{format}`; there are {}", known.join(", ")));
    }
    Ok((format.to_owned(), path))
}

fn parse_view_output(text: &str) -> Result<(ViewFormat, PathBuf), String> {
    let (format, path) = split_output(text)?;
    ViewFormat::from_str(format, false).map(|format| (format, path))
}

fn split_output(text: &str) -> Result<(&str, PathBuf), String> {
    match text.split_once('=') {
        Some((format, path)) if !path.is_empty() => Ok((format, PathBuf::from(path))),
        _ => Err("FORMAT=FILE is wanted, such as json=report.json".to_owned()),
    }
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Severity {
        match fail_on {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
            FailOn::Info => Severity::Info,
        }
    }
}

impl From<FailConfidence> for Confidence {
    fn from(fail_confidence: FailConfidence) -> Confidence {
        match fail_confidence {
            FailConfidence::High => Confidence::High,
            FailConfidence::Medium => Confidence::Medium,
            FailConfidence::Low => Confidence::Low,
        }
    }
}
