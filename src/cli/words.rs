//! The words of the command line: what flags may be set to, and how their values are read.

use std::path::PathBuf;

use clap::ValueEnum;

use owalint::finding::{Confidence, Severity};
use owalint::render::FORMATS;

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

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    Human,
    Json,
    Markdown,
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

pub(super) fn parse_output(text: &str) -> Result<(String, PathBuf), String> {
    let (format, path) = split_output(text)?;
    let known: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    if !known.contains(&format) {
        return Err(format!("there is no format `{format}`; there are {}", known.join(", ")));
    }
    Ok((format.to_owned(), path))
}

pub(super) fn parse_view_output(text: &str) -> Result<(ViewFormat, PathBuf), String> {
    let (format, path) = split_output(text)?;
    ViewFormat::from_str(format, false).map(|format| (format, path))
}

pub(super) fn parse_diff_output(text: &str) -> Result<(DiffFormat, PathBuf), String> {
    let (format, path) = split_output(text)?;
    DiffFormat::from_str(format, false).map(|format| (format, path))
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
