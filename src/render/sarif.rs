//! SARIF 2.1.0: results with their whole chain of evidence, for code scanning services and viewers.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::finding::{Confidence, Severity};
use crate::render::{Look, escape, json as json_format};
use crate::report::notes::RuleNote;
use crate::report::open::Open;
use crate::report::verdict::Verdict;
use crate::report::{InputLine, Location, Report, Reported};
use crate::text::source::Sources;

/// The name of the folder that paths are relative to; whoever reads the log says where it is.
const ROOT: &str = "%SRCROOT%";

/// How many locations of one result code scanning takes.
const LOCATIONS: usize = 100;

/// The log of one run.
pub fn render(report: &Report, _: &Sources, look: Look<'_>) -> String {
    let log = Log { report, prefix: look.prefix, artifacts: artifacts(report) };
    json_format::render(&log.document(look))
}

struct Log<'r> {
    report: &'r Report,
    prefix: &'r str,
    /// The index of each file among the artifacts.
    artifacts: BTreeMap<&'r str, usize>,
}

/// Every file that was visited or that a finding points at, in the order of paths.
fn artifacts(report: &Report) -> BTreeMap<&str, usize> {
    let suppressed = report.suppressed.iter().flatten().map(|it| &it.finding);
    let aside = suppressed.chain(report.baselined.iter().flatten());
    let places = report.findings.iter().chain(aside).flat_map(|it| std::iter::once(&it.primary).chain(&it.related));
    let mut artifacts: BTreeMap<&str, usize> = report
        .inputs
        .iter()
        .map(|it| it.path.as_str())
        .chain(places.map(|it| it.path.as_str()))
        .map(|it| (it, 0))
        .collect();
    for (index, (_, place)) in artifacts.iter_mut().enumerate() {
        *place = index;
    }
    artifacts
}

impl Log<'_> {
    fn document(&self, look: Look<'_>) -> Value {
        let report = self.report;
        let mut run = json!({
            "tool": {"driver": {
                "name": report.tool.name,
                "version": report.tool.version,
                "semanticVersion": report.tool.version,
                "shortDescription": {"text": "Lints exported Exchange, IIS and registry settings for failures of Outlook Web App proxying"},
                "rules": report.rules.iter().map(rule).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "defaultSourceLanguage": "plaintext",
            "originalUriBaseIds": {ROOT: {"description": {"text": "the folder that paths of this log are relative to"}}},
            "invocations": [self.invocation()],
            "artifacts": self.artifact_list(),
            "results": self.results(),
            "properties": {"verdict": report.verdict.word()},
        });
        if let Some(version) = look.version_control {
            let mut provenance = Map::new();
            provenance.insert("repositoryUri".to_owned(), json!(version.repository));
            let known = [("revisionId", version.revision), ("branch", version.branch)];
            for (key, value) in known.into_iter().filter_map(|(key, value)| Some((key, value?))) {
                provenance.insert(key.to_owned(), json!(value));
            }
            provenance.insert("mappedTo".to_owned(), json!({"uriBaseId": ROOT}));
            run["versionControlProvenance"] = json!([provenance]);
        }
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [run],
        })
    }

    /// The findings, and the suppressed ones where they are shown, with what was said of them.
    fn results(&self) -> Vec<Value> {
        let mut results: Vec<Value> = self.report.findings.iter().map(|it| self.result(it)).collect();
        for it in self.report.suppressed.iter().flatten() {
            let mut result = self.result(&it.finding);
            let terms = &it.suppression;
            let justification = format!("{}{}", terms.reason, terms.in_brackets());
            result["suppressions"] =
                json!([{"kind": "external", "status": "accepted", "justification": justification}]);
            results.push(result);
        }
        for it in self.report.baselined.iter().flatten() {
            let mut result = self.result(it);
            result["suppressions"] =
                json!([{"kind": "external", "status": "accepted", "justification": "in the baseline"}]);
            results.push(result);
        }
        results
    }

    fn result(&self, finding: &Reported) -> Value {
        let places: Vec<&Location> = std::iter::once(&finding.primary).chain(&finding.related).collect();
        let related = finding.related.iter().take(LOCATIONS).enumerate();
        let mut properties = json!({
            "confidence": finding.confidence.word(),
            "sources": finding.sources,
            "targets": finding.targets,
            "sourcesTotal": finding.sources_total,
        });
        if let Some(event) = finding.event {
            properties["event"] = json!(event);
        }
        if !finding.assumes.is_empty() {
            properties["assumes"] = json!(finding.assumes);
        }
        let mut result = json!({
            "ruleId": finding.rule,
            "ruleIndex": self.report.rules.iter().position(|rule| rule.id == finding.rule),
            "level": level(finding.severity),
            "message": {"text": message(finding)},
            "locations": [self.location(&finding.primary, None)],
            "partialFingerprints": {"owalint/v1": finding.fingerprint},
            "properties": properties,
        });
        if !finding.related.is_empty() {
            result["relatedLocations"] = related.map(|(index, place)| self.location(place, Some(index + 1))).collect();
            let steps: Vec<Value> =
                places.iter().map(|place| json!({"location": self.location(place, None)})).collect();
            result["codeFlows"] = json!([{
                "message": {"text": "the settings that lead to this, in the order of the argument"},
                "threadFlows": [{"locations": steps}],
            }]);
        }
        result
    }

    fn location(&self, place: &Location, id: Option<usize>) -> Value {
        let mut location = json!({"physicalLocation": {
            "artifactLocation": self.artifact(place),
            "region": {
                "startLine": place.start.line,
                "startColumn": place.start.column,
                "endLine": place.end.line,
                "endColumn": place.end.column,
                "snippet": {"text": place.text},
            },
        }});
        if let Some(id) = id {
            location["id"] = json!(id);
        }
        if !place.label.is_empty() {
            location["message"] = json!({"text": place.label});
        }
        location
    }

    fn artifact(&self, place: &Location) -> Value {
        let mut artifact = location(&place.path_below(self.prefix));
        artifact["index"] = json!(self.artifacts.get(place.path.as_str()));
        artifact
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
            "locations": [self.location(&finding.primary, None)],
        })
    }
}

/// A file by its path; one that cannot be told as relative to the root is a URI of its own.
fn location(path: &str) -> Value {
    let is_relative =
        !path.starts_with(['/', '\\']) && !path.starts_with("..") && path.as_bytes().get(1) != Some(&b':');
    match is_relative {
        true => json!({"uri": escape::uri(path), "uriBaseId": ROOT}),
        false if path.starts_with('/') => json!({"uri": format!("file://{}", escape::uri(path))}),
        false => json!({"uri": escape::uri(&path.replace('\\', "/"))}),
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
