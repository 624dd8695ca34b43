//! JUnit: findings as test cases, for servers that show nothing else.

use std::fmt::Write as _;

use crate::render::escape::{xml, xml_lines};
use crate::render::short::located;
use crate::render::{Look, human};
use crate::report::verdict::fails;
use crate::report::{Report, Reported};
use crate::text::source::Sources;

/// One case for each finding, which fails if the finding fails the run; one skipped case for each open question; one
/// case that passes if there is neither.
pub fn render(report: &Report, _: &Sources, look: Look<'_>) -> String {
    let failures = report.findings.iter().filter(|it| fails(it, &report.thresholds)).count();
    let cases = report.findings.len() + report.open.len();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let counts =
        format!("tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{}\"", cases.max(1), report.open.len());
    let _ = writeln!(out, "<testsuites name=\"owalint\" {counts}>");
    let _ = writeln!(out, "  <testsuite name=\"owalint\" {counts}>");
    for finding in &report.findings {
        case(&mut out, finding, fails(finding, &report.thresholds), look.prefix);
    }
    for open in &report.open {
        let rule = open.rule.as_deref().unwrap_or("snapshot");
        let name = xml(&open.reason);
        let ask_for = xml(&open.ask_for);
        let _ = writeln!(out, "    <testcase classname=\"owalint.{}\" name=\"{name}\">", xml(rule));
        let _ = writeln!(out, "      <skipped message=\"to settle it: {ask_for}\"/>\n    </testcase>");
    }
    if cases == 0 {
        let _ = writeln!(out, "    <testcase classname=\"owalint\" name=\"{}\"/>", xml(report.verdict.word()));
    }
    let _ = writeln!(out, "    <system-out>{}</system-out>", xml(&human::last_line(report)));
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn case(out: &mut String, finding: &Reported, fails: bool, prefix: &str) {
    let at = &finding.primary;
    let _ = writeln!(
        out,
        "    <testcase classname=\"owalint.{}\" name=\"{}\" file=\"{}\" line=\"{}\">",
        xml(&finding.rule),
        xml(&finding.message),
        xml(&at.path_below(prefix)),
        at.start.line,
    );
    let text = xml_lines(&body(finding, prefix));
    let severity = finding.severity.word();
    if fails {
        let message = xml(&finding.message);
        let _ = writeln!(out, "      <failure type=\"{severity}\" message=\"{message}\">{text}</failure>");
    } else {
        let _ = writeln!(out, "      <system-out>{text}</system-out>");
    }
    out.push_str("    </testcase>\n");
}

fn body(finding: &Reported, prefix: &str) -> String {
    let mut body = located(finding, prefix);
    for place in std::iter::once(&finding.primary).chain(&finding.related).filter(|place| !place.label.is_empty()) {
        let (at, label) = (place.start, place.label.replace(['\n', '\r'], " "));
        let _ = write!(
            body,
            "\n{}:{}:{}: {label}",
            place.path_below(prefix).replace(['\n', '\r'], " "),
            at.line,
            at.column
        );
    }
    for assumption in &finding.assumes {
        let _ = write!(body, "\nassumes: {assumption}");
    }
    if let Some(help) = &finding.help {
        let _ = write!(body, "\nhelp: {}", help.trim());
    }
    body
}
