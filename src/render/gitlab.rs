//! GitLab: the Code Quality report, a JSON list that merge requests compare by fingerprint.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::finding::Severity;
use crate::render::{Look, json};
use crate::report::{Point, Report, Reported};
use crate::text::show::visible;
use crate::text::source::Sources;

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Place,
}

#[derive(Serialize)]
struct Place {
    path: String,
    lines: Lines,
    positions: Positions,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

#[derive(Serialize)]
struct Positions {
    begin: Point,
    end: Point,
}

/// The findings as issues.
pub fn render(report: &Report, _: &Sources, look: Look<'_>) -> String {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut issues = Vec::new();
    for finding in &report.findings {
        let times = seen.entry(&finding.fingerprint).or_default();
        *times += 1;
        issues.push(issue(finding, *times, look.prefix));
    }
    json::render(&issues)
}

/// GitLab drops issues of equal fingerprint, so a further one with the same gets a number.
fn issue(finding: &Reported, times: usize, prefix: &str) -> Issue {
    let at = &finding.primary;
    let fingerprint = &finding.fingerprint;
    Issue {
        description: format!("{}: {}", finding.rule, visible(&finding.message)),
        check_name: finding.rule.clone(),
        fingerprint: if times > 1 { format!("{fingerprint}-{times}") } else { fingerprint.clone() },
        severity: match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "minor",
            Severity::Info => "info",
        },
        location: Place {
            path: at.path_below(prefix),
            lines: Lines { begin: at.start.line, end: at.end.line },
            positions: Positions { begin: at.start, end: at.end },
        },
    }
}
