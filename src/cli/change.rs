//! The arguments around a change: of baselines and of differences.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{Color, FailOn, RuleArgs, SnapshotArgs, split_output};
use crate::terminal::Hyperlinks;

pub(super) const DIFF_HELP: &str = "\
Example:
  owalint diff exports-monday/ exports-friday/ --intent change.toml

What the change is to do stands in the file of --intent; * and ? match any:

    [[pair]]
    source  = \"CAS1\"
    target  = \"CAS2\"            # vdir = 'CAS2\\owa (Default Web Site)' for one of several
    outcome = \"proxied\"

Exit codes:
  0  nothing new that fails the run
  1  a new finding at or above --fail-on; with --intent also what was not
     achieved, and other pairs that became worse
  2  the run is not to be trusted
  3  no such finding, but something can no longer be checked, or cannot be of
     a server that is new
  4  nothing was recognised in one of the snapshots";

#[derive(Args)]
pub(crate) struct BaselineArgs {
    #[command(subcommand)]
    pub(crate) command: BaselineCommand,
}

#[derive(Subcommand)]
pub(crate) enum BaselineCommand {
    /// Take in the findings that are there; nothing is removed
    #[command(after_help = "Example:\n  owalint baseline add exports/ --file baseline.toml")]
    Add(BaselineFileArgs),
    /// Remove the findings that are gone; nothing is taken in
    ///
    /// What nobody can check any more is not gone, and stays.
    #[command(after_help = "Example:\n  owalint baseline prune exports/ --file baseline.toml")]
    Prune(BaselineFileArgs),
}

#[derive(Args)]
pub(crate) struct BaselineFileArgs {
    #[command(flatten)]
    pub(crate) snapshot: SnapshotArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    /// The baseline
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
}

#[derive(Args)]
pub(crate) struct DiffArgs {
    /// The snapshot before the change
    pub(crate) before: PathBuf,
    /// The snapshot after it
    pub(crate) after: PathBuf,
    /// Describe servers and sites of both in this file instead of each snapshot's owalint-estate.toml
    #[arg(long, value_name = "FILE", conflicts_with_all = ["estate_before", "estate_after"])]
    pub(crate) estate: Option<PathBuf>,
    /// Describe servers and sites of BEFORE in this file
    #[arg(long, value_name = "FILE")]
    pub(crate) estate_before: Option<PathBuf>,
    /// Describe servers and sites of AFTER in this file
    #[arg(long, value_name = "FILE")]
    pub(crate) estate_after: Option<PathBuf>,
    /// Use this many threads
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    /// Hold the change against what it is to do
    #[arg(long, value_name = "FILE")]
    pub(crate) intent: Option<PathBuf>,
    /// The format of what is printed
    #[arg(long, value_enum, default_value_t = DiffFormat::Human)]
    pub(crate) format: DiffFormat,
    /// Write it in a format to a file as well; can be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = parse_diff_output)]
    pub(crate) output: Vec<(DiffFormat, PathBuf)>,
    /// The severity from which a new finding fails the run [default: error]
    #[arg(long, value_name = "SEVERITY", value_enum)]
    pub(crate) fail_on: Option<FailOn>,
    /// Do not fail the run because something can no longer be checked
    #[arg(long)]
    pub(crate) allow_incomplete: bool,
    /// Return 0 whatever the change does
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// When to colour
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// When to link the names of files and rules in the human report
    #[arg(long, value_enum, default_value_t = Hyperlinks::Auto)]
    pub(crate) hyperlinks: Hyperlinks,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    Human,
    Json,
    Markdown,
}

fn parse_diff_output(text: &str) -> Result<(DiffFormat, PathBuf), String> {
    let (format, path) = split_output(text)?;
    DiffFormat::from_str(format, false).map(|format| (format, path))
}
