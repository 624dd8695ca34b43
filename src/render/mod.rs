//! Renderers: a report in, bytes out; one file a format, and a table of them.

pub mod excerpt;
pub mod human;
pub mod json;
pub mod pages;
pub mod short;
pub mod style;
pub mod tables;
pub mod trials;

use crate::report::Report;
use crate::text::source::Sources;

/// How a report is to be drawn.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Whether to colour.
    pub color: bool,
    /// Whether to leave the closing block out.
    pub quiet: bool,
}

/// One format of `check`.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// The name that `--format` takes.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// The report in this format.
    pub render: fn(&Report, &Sources, Look) -> String,
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
];
