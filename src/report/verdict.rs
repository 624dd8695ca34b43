//! Verdicts and exit codes: the same for every format.

use serde::Serialize;

use crate::finding::Severity;
use crate::report::open::Open;
use crate::report::{InputLine, Options, Reported};

/// What the format of a configuration is called in the list of inputs.
pub const CONFIGURATION: &str = "owalint-configuration";

/// What the format of an estate file is called there.
pub const ESTATE_FILE: &str = "estate";

/// What the format of a baseline is called there.
pub const BASELINE: &str = "owalint-baseline";

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// All of it was checked, and nothing found that fails the run.
    Clean,
    /// Something was found that fails the run.
    Findings,
    /// Nothing was found that fails the run, but the evidence does not allow an all-clear.
    Incomplete,
    /// Nothing in the snapshot was recognised.
    NothingRead,
    /// The run itself is not to be trusted.
    Untrusted,
}

/// Whether a file is an export that was recognised, and not one of ours or of nobody.
pub fn is_export(input: &InputLine) -> bool {
    input.status != "ignored" && ![ESTATE_FILE, CONFIGURATION, BASELINE].contains(&input.format)
}

/// Whether one finding alone fails the run.
pub fn fails(finding: &Reported, options: &Options) -> bool {
    finding.severity >= options.fail_on && finding.confidence >= options.fail_confidence
}

fn too_many_warnings(findings: &[Reported], options: &Options) -> bool {
    let warnings = findings.iter().filter(|finding| finding.severity == Severity::Warning).count();
    options.max_warnings.is_some_and(|limit| warnings > limit)
}

impl Verdict {
    /// The verdict of a run whose rules, configuration and estate file are sound.
    pub fn of(findings: &[Reported], open: &[Open], inputs: &[InputLine], options: &Options) -> Verdict {
        let rejected =
            |finding: &Reported| matches!(finding.rule.as_str(), "INP-491" | "INP-492" | "INP-493" | "INP-561");
        if findings.iter().any(rejected) {
            Verdict::Untrusted
        } else if !inputs.iter().any(is_export) {
            Verdict::NothingRead
        } else if findings.iter().any(|finding| fails(finding, options)) || too_many_warnings(findings, options) {
            Verdict::Findings
        } else if !open.is_empty() {
            Verdict::Incomplete
        } else {
            Verdict::Clean
        }
    }

    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Clean => "clean",
            Verdict::Findings => "findings",
            Verdict::Incomplete => "incomplete",
            Verdict::NothingRead => "nothing-read",
            Verdict::Untrusted => "untrusted",
        }
    }

    /// What the process returns.
    pub fn exit_code(self, options: &Options) -> u8 {
        match self {
            Verdict::Clean => 0,
            Verdict::Findings if options.exit_zero => 0,
            Verdict::Findings => 1,
            Verdict::Incomplete if options.exit_zero || options.allow_incomplete => 0,
            Verdict::Incomplete => 3,
            Verdict::NothingRead => 4,
            Verdict::Untrusted => 2,
        }
    }
}
