//! Renderers: a report in, bytes out; one file a format, and a table of them.

pub mod azure;
pub mod csv;
pub mod diff;
pub mod escape;
pub mod excerpt;
pub mod github;
pub mod gitlab;
pub mod html;
pub mod human;
pub mod json;
pub mod junit;
pub mod link;
pub mod markdown;
pub mod pages;
pub mod sarif;
pub mod short;
pub mod style;
pub mod tables;
pub mod trials;

use crate::report::Report;
use crate::text::source::Sources;

/// How a report is to be drawn.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look<'l> {
    /// Whether to colour.
    pub color: bool,
    /// Whether to leave the closing block out.
    pub quiet: bool,
    /// What stands before the paths of the snapshot in formats whose readers look for the files: the way from where
    /// they begin to the snapshot's root, with a slash at its end.
    pub prefix: &'l str,
    /// Where the snapshot is kept, if that was said.
    pub version_control: Option<VersionControl<'l>>,
    /// The width of the terminal that is printed to, in cells; `None` for files and pipes, where nothing is wrapped.
    pub width: Option<usize>,
    /// Where files lie, if names in the human report are to be links.
    pub links: Option<link::Folders<'l>>,
}

/// Where a snapshot is kept.
#[derive(Debug, Clone, Copy)]
pub struct VersionControl<'l> {
    /// The address of the repository.
    pub repository: &'l str,
    /// The commit.
    pub revision: Option<&'l str>,
    /// The branch.
    pub branch: Option<&'l str>,
}

/// One format of `check`.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// The name that `--format` takes.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// The report in this format.
    pub render: fn(&Report, &Sources, Look<'_>) -> String,
}

/// The formats of `check`.
pub const FORMATS: &[Format] = &[
    Format { name: "human", about: "findings with their snippets, for a terminal", render: human::render },
    Format { name: "short", about: "one line a finding", render: short::render },
    Format {
        name: "json",
        about: "one document, the same for the same snapshot",
        render: |report, _, _| json::render(report),
    },
    Format { name: "sarif", about: "SARIF 2.1.0, for code scanning", render: sarif::render },
    Format { name: "github", about: "annotations of a GitHub workflow", render: github::render },
    Format { name: "gitlab", about: "a Code Quality report of GitLab", render: gitlab::render },
    Format { name: "azure", about: "issues of an Azure pipeline", render: azure::render },
    Format { name: "junit", about: "test cases, for any server", render: junit::render },
    Format { name: "markdown", about: "a comment for a change, or a job's summary", render: markdown::render },
    Format { name: "html", about: "one page for reviewers, without anything from outside", render: html::render },
    Format { name: "csv", about: "one row a finding, for spreadsheets", render: csv::render },
];
