//! Suppressed findings: what was set aside, by whom, why and until when.

use serde::Serialize;

use crate::config::entry::Suppression;
use crate::report::fold::Folded;
use crate::report::{Location, Reported};
use crate::text::scalar::Text;
use crate::text::secret::masked;
use crate::text::source::Sources;

/// A finding that was set aside.
#[derive(Debug, Clone, Serialize)]
pub struct Suppressed {
    /// The finding, folded with those that the same suppression sets aside.
    #[serde(flatten)]
    pub finding: Reported,
    /// What sets it aside.
    pub suppression: Terms,
}

/// What a suppression says of itself.
#[derive(Debug, Clone, Serialize)]
pub struct Terms {
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day on which it holds.
    pub until: Option<String>,
    /// Where it stands.
    pub at: Location,
}

impl Terms {
    fn new(suppression: &Suppression, sources: &Sources) -> Terms {
        Terms {
            reason: shown(&suppression.reason),
            owner: suppression.owner.as_ref().map(shown),
            until: suppression.until.map(|(last, _)| last.to_string()),
            at: Location::new(sources, suppression.place, ""),
        }
    }

    /// Who answers for it and how long it holds, in brackets to stand behind the reason; empty if it says neither.
    pub fn in_brackets(&self) -> String {
        let owner = self.owner.as_ref().map(|owner| format!("owner {owner}"));
        let until = self.until.as_ref().map(|until| format!("until {until}"));
        let terms: Vec<String> = owner.into_iter().chain(until).collect();
        if terms.is_empty() { String::new() } else { format!(" ({})", terms.join(", ")) }
    }
}

fn shown(text: &Text) -> String {
    masked(text.text.trim()).into_owned()
}

/// The suppressed findings in the order of findings, those of one place by the place of their suppression.
pub fn listed(suppressed: Vec<(Folded, Suppression)>, sources: &Sources) -> Vec<Suppressed> {
    let mut listed: Vec<Suppressed> = Vec::new();
    for (findings, suppression) in suppressed {
        let terms = Terms::new(&suppression, sources);
        let findings = findings.reported(sources).into_iter();
        listed.extend(findings.map(|finding| Suppressed { finding, suppression: terms.clone() }));
    }
    listed.sort_by(|one, other| {
        one.finding.order().cmp(&other.finding.order()).then_with(|| one.suppression.at.cmp(&other.suppression.at))
    });
    listed
}
