//! Notes: what a report says of each rule that it has findings of, for formats that describe rules beside results.

use crate::finding::Severity;
use crate::read::problem::PROBLEMS;
use crate::rule::book::Book;

/// One rule that a report has findings of.
#[derive(Debug, Clone)]
pub struct RuleNote {
    /// The id.
    pub id: String,
    /// The name in kebab-case.
    pub name: String,
    /// How grave its findings are, unless configuration says otherwise.
    pub severity: Severity,
    /// The headline as the rule writes it, with its gaps.
    pub summary: String,
    /// What happens and why, in Markdown.
    pub why: String,
    /// What the rule cannot see, in Markdown.
    pub unseen: Option<String>,
    /// Where its facts come from: address and fact.
    pub founded_on: Vec<(String, String)>,
}

impl RuleNote {
    /// The rule or input problem with this id.
    pub fn of(id: &str, book: Option<&Book>) -> Option<RuleNote> {
        if let Some(row) = PROBLEMS.iter().find(|row| row.id == id) {
            return Some(RuleNote {
                id: row.id.to_owned(),
                name: row.name.to_owned(),
                severity: row.severity,
                summary: row.summary.to_owned(),
                why: row.why.to_owned(),
                unseen: None,
                founded_on: Vec::new(),
            });
        }
        let rule = book?.get(id)?;
        Some(RuleNote {
            id: rule.id.clone(),
            name: rule.name.clone(),
            severity: rule.severity,
            summary: rule.summary.clone(),
            why: rule.why.trim().to_owned(),
            unseen: rule.unseen.as_ref().map(|it| it.trim().to_owned()),
            founded_on: rule.founded_on.iter().map(|it| (it.url.clone(), it.says.clone())).collect(),
        })
    }
}
