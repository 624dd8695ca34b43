//! SARIF 2.1.0: results with their whole chain of evidence, for code scanning services and viewers.

mod result;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Value, json};

use self::result::{CodeFlow, Fingerprints, Outcome, Place, Step, Suppression, Text, ThreadFlow};
use crate::finding::{Confidence, Severity};
use crate::render::{Look, VersionControl, escape, json as json_format};
use crate::report::notes::RuleNote;
use crate::report::open::Open;
use crate::report::verdict::Verdict;
use crate::report::{InputLine, Location, Report, Reported};
use crate::text::source::Sources;

/// The name of the folder that paths are relative to; whoever reads the log says where it is.
const ROOT: &str = "%SRCROOT%";

/// Where this program is kept, as its manifest says; empty where it says nothing.
const HOME: &str = env!("CARGO_PKG_REPOSITORY");

/// How many locations of one result code scanning takes.
const LOCATIONS: usize = 100;

/// The log of one run.
pub fn render(report: &Report, _: &Sources, look: Look<'_>) -> String {
    let log = Log { report, prefix: look.prefix, artifacts: artifacts(report, look.prefix) };
    json_format::render(&log.document(look))
}

#[derive(Serialize)]
struct Document<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'r>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r> {
    tool: Value,
    automation_details: Value,
    column_kind: &'static str,
    default_source_language: &'static str,
    original_uri_base_ids: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_control_provenance: Option<Value>,
    invocations: [Value; 1],
    artifacts: Vec<Value>,
    results: Vec<Outcome<'r>>,
    properties: Value,
}

struct Log<'r> {
    report: &'r Report,
    prefix: &'r str,
    /// How each file is referred to.
    artifacts: BTreeMap<&'r str, Value>,
}

/// Every file that was visited or that a finding points at, in the order of paths.
fn artifacts<'r>(report: &'r Report, prefix: &str) -> BTreeMap<&'r str, Value> {
    let suppressed = report.suppressed.iter().flatten().map(|it| &it.finding);
    let aside = suppressed.chain(report.baselined.iter().flatten());
    let places = report.findings.iter().chain(aside).flat_map(|it| std::iter::once(&it.primary).chain(&it.related));
    let mut paths: BTreeMap<&str, String> =
        report.inputs.iter().map(|it| (it.path.as_str(), it.path_below(prefix))).collect();
    for place in places {
        paths.entry(&place.path).or_insert_with(|| place.path_below(prefix));
    }
    let referred = paths.into_iter().enumerate().map(|(index, (path, below))| {
        let mut artifact = location(&below);
        artifact["index"] = json!(index);
        (path, artifact)
    });
    referred.collect()
}

impl<'r> Log<'r> {
    fn document(&'r self, look: Look<'_>) -> Document<'r> {
        let run = Run {
            tool: self.tool(),
            // A service keeps one analysis of each category, so that snapshots of one repository stay apart.
            automation_details: json!({"id": format!("owalint/{}", self.prefix)}),
            column_kind: "unicodeCodePoints",
            default_source_language: "plaintext",
            original_uri_base_ids: json!({ROOT: {"description": {"text": "the folder that paths of this log are relative to"}}}),
            version_control_provenance: look.version_control.map(provenance),
            invocations: [self.invocation()],
            artifacts: self.artifact_list(),
            results: self.results(),
            properties: json!({"verdict": self.report.verdict.word()}),
        };
        Document { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] }
    }

    fn tool(&self) -> Value {
        let report = self.report;
        let mut driver = json!({
            "name": report.tool.name,
            "fullName": format!("{} {}", report.tool.name, report.tool.version),
            "version": report.tool.version,
            "semanticVersion": report.tool.version,
            "shortDescription": {"text": "Lints exported Exchange, IIS and registry settings for failures of Outlook Web App proxying"},
            "rules": report.rules.iter().map(rule).collect::<Vec<_>>(),
        });
        if !HOME.is_empty() {
            driver["informationUri"] = json!(HOME);
        }
        json!({"driver": driver})
    }

    /// The findings, and the suppressed ones where they are shown, with what was said of them.
    fn results(&'r self) -> Vec<Outcome<'r>> {
        let report = self.report;
        let mut results: Vec<Outcome<'r>> = report.findings.iter().map(|it| self.result(it)).collect();
        for it in report.suppressed.iter().flatten() {
            let terms = &it.suppression;
            let why = Suppression::accepted(format!("{}{}", terms.reason, terms.in_brackets()));
            results.push(Outcome { suppressions: Some(why), ..self.result(&it.finding) });
        }
        for it in report.baselined.iter().flatten() {
            let why = Suppression::accepted("in the baseline".to_owned());
            results.push(Outcome { suppressions: Some(why), ..self.result(it) });
        }
        results
    }

    fn result(&'r self, finding: &'r Reported) -> Outcome<'r> {
        let related = finding.related.iter().take(LOCATIONS).enumerate();
        let steps = std::iter::once(&finding.primary).chain(&finding.related);
        let steps = steps.map(|place| Step { location: self.place(place, None) });
        let flow = (!finding.related.is_empty()).then(|| CodeFlow {
            message: Text { text: "the settings that lead to this, in the order of the argument" },
            thread_flows: [ThreadFlow { locations: steps.collect() }],
        });
        Outcome {
            rule_id: &finding.rule,
            rule_index: self.report.rules.iter().position(|rule| rule.id == finding.rule),
            level: level(finding.severity),
            message: Text { text: message(finding) },
            locations: [self.place(&finding.primary, None)],
            related_locations: related.map(|(index, place)| self.place(place, Some(index + 1))).collect(),
            code_flows: flow.into_iter().collect(),
            partial_fingerprints: Fingerprints { first: &finding.fingerprint },
            properties: finding,
            suppressions: None,
        }
    }

    fn place(&'r self, place: &'r Location, id: Option<usize>) -> Place<'r> {
        Place::new(place, &self.artifacts[place.path.as_str()], id)
    }

    fn artifact_list(&self) -> Vec<Value> {
        let inputs: BTreeMap<&str, &InputLine> = self.report.inputs.iter().map(|it| (it.path.as_str(), it)).collect();
        let describe = |path: &&str| {
            let Some(input) = inputs.get(path) else { return json!({"location": location(path)}) };
            let mut artifact = json!({"location": location(&input.path_below(self.prefix))});
            artifact["roles"] = json!(["analysisTarget"]);
            artifact["encoding"] = json!(input.encoding);
            artifact["properties"] = json!({
                "format": input.format, "server": input.server, "status": input.status, "reason": input.reason,
            });
            artifact
        };
        self.artifacts.keys().map(describe).collect()
    }

    /// How the run went: what could not be read, and what could not be asked, are notifications of the tool.
    fn invocation(&self) -> Value {
        let report = self.report;
        let problems = report.findings.iter().filter(|finding| finding.rule.starts_with("INP-"));
        let mut notifications: Vec<Value> = problems.map(|finding| self.problem(finding)).collect();
        notifications.extend(report.open.iter().map(unasked));
        json!({
            "executionSuccessful": !matches!(report.verdict, Verdict::Untrusted | Verdict::NothingRead),
            "exitCode": report.exit_code,
            "toolExecutionNotifications": notifications,
        })
    }

    fn problem(&self, finding: &Reported) -> Value {
        json!({
            "level": level(finding.severity),
            "message": {"text": finding.message},
            "associatedRule": {"id": finding.rule},
            "locations": [self.place(&finding.primary, None)],
        })
    }
}

/// Where the snapshot is kept.
fn provenance(version: VersionControl<'_>) -> Value {
    let mut provenance = json!({"repositoryUri": version.repository, "mappedTo": {"uriBaseId": ROOT}});
    let known = [("revisionId", version.revision), ("branch", version.branch)];
    for (key, value) in known.into_iter().filter_map(|(key, value)| Some((key, value?))) {
        provenance[key] = json!(value);
    }
    json!([provenance])
}

/// A file by its path; one that cannot be told as relative to the root is a URI of its own.
fn location(path: &str) -> Value {
    let is_relative =
        !path.starts_with(['/', '\\']) && !path.starts_with("..") && path.as_bytes().get(1) != Some(&b':');
    match is_relative {
        true => json!({"uri": escape::uri(path), "uriBaseId": ROOT}),
        false if path.starts_with('/') => json!({"uri": format!("file://{}", escape::uri(path))}),
        false => json!({"uri": escape::uri(path.replace('\\', "/"))}),
    }
}

fn unasked(open: &Open) -> Value {
    let mut notification = json!({
        "level": "warning",
        "message": {"text": format!("not checked: {}; to settle it: {}", open.reason, open.ask_for)},
        "properties": {"servers": open.servers},
    });
    if let Some(rule) = &open.rule {
        notification["properties"]["rule"] = json!(rule);
    }
    notification
}

fn rule(note: &RuleNote) -> Value {
    let mut markdown = format!("{}\n", note.why);
    if let Some(unseen) = &note.unseen {
        let _ = write!(markdown, "\nNot seen here: {unseen}\n");
    }
    for (url, says) in &note.founded_on {
        let _ = write!(markdown, "\n* {says} <{url}>");
    }
    let mut rule = json!({
        "id": note.id,
        "name": note.name,
        "shortDescription": {"text": note.summary},
        "fullDescription": {"text": note.why},
        "help": {"text": markdown, "markdown": markdown},
        "defaultConfiguration": {"level": level(note.severity)},
        "properties": {"tags": tags(&note.id)},
    });
    if let Some((url, _)) = note.founded_on.first() {
        rule["helpUri"] = json!(url);
    }
    rule
}

fn tags(id: &str) -> Vec<&'static str> {
    let family = match id.split('-').next().unwrap_or_default() {
        "P42" => "event-42",
        "PRX" => "proxying",
        "HYG" => "hygiene",
        "INC" => "evidence",
        "INP" => "input",
        _ => "own",
    };
    vec!["exchange", "owa", family]
}

/// The headline, with what was taken for granted and what to do behind it, for viewers that show nothing else.
fn message(finding: &Reported) -> String {
    let mut text = finding.message.clone();
    if finding.confidence != Confidence::High {
        let _ = write!(text, " (confidence {})", finding.confidence.word());
    }
    for assumption in &finding.assumes {
        let _ = write!(text, "\nassumes: {assumption}");
    }
    if let Some(help) = &finding.help {
        let _ = write!(text, "\nhelp: {}", help.trim());
    }
    text
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}
