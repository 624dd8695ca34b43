//! Results of a SARIF log as they are written: borrowed from the report, so that ten thousand of them are cheap.

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::report::{Location, Point, Reported};

/// One finding.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outcome<'r> {
    pub(super) rule_id: &'r str,
    pub(super) rule_index: Option<usize>,
    pub(super) level: &'static str,
    pub(super) message: Text<String>,
    pub(super) locations: [Place<'r>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related_locations: Vec<Place<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) code_flows: Vec<CodeFlow<'r>>,
    pub(super) partial_fingerprints: Fingerprints<'r>,
    #[serde(serialize_with = "properties")]
    pub(super) properties: &'r Reported,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) suppressions: Option<[Suppression; 1]>,
}

/// A text for people.
#[derive(Serialize)]
pub(super) struct Text<T> {
    pub(super) text: T,
}

#[derive(Serialize)]
pub(super) struct Fingerprints<'r> {
    #[serde(rename = "owalint/v1")]
    pub(super) first: &'r str,
}

/// Why a finding fails no run.
#[derive(Serialize)]
pub(super) struct Suppression {
    kind: &'static str,
    status: &'static str,
    justification: String,
}

impl Suppression {
    pub(super) fn accepted(justification: String) -> [Suppression; 1] {
        [Suppression { kind: "external", status: "accepted", justification }]
    }
}

/// The chain of evidence.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CodeFlow<'r> {
    pub(super) message: Text<&'static str>,
    pub(super) thread_flows: [ThreadFlow<'r>; 1],
}

#[derive(Serialize)]
pub(super) struct ThreadFlow<'r> {
    pub(super) locations: Vec<Step<'r>>,
}

#[derive(Serialize)]
pub(super) struct Step<'r> {
    pub(super) location: Place<'r>,
}

/// A place with what it has to do with the finding.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Place<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text<&'r str>>,
    physical_location: Physical<'r>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical<'r> {
    artifact_location: &'r Value,
    region: Region<'r>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region<'r> {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
    snippet: Text<&'r str>,
}

impl<'r> Place<'r> {
    pub(super) fn new(place: &'r Location, artifact_location: &'r Value, id: Option<usize>) -> Place<'r> {
        let Point { line: start_line, column: start_column } = place.start;
        let Point { line: end_line, column: end_column } = place.end;
        let snippet = Text { text: place.text.as_str() };
        Place {
            id,
            message: Some(Text { text: place.label.as_str() }).filter(|it| !it.text.is_empty()),
            physical_location: Physical {
                artifact_location,
                region: Region { start_line, start_column, end_line, end_column, snippet },
            },
        }
    }
}

/// What SARIF has no field for.
fn properties<S: Serializer>(finding: &Reported, serializer: S) -> Result<S::Ok, S::Error> {
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
    properties.serialize(serializer)
}
