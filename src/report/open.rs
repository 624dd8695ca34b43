//! What could not be checked, and which export would settle it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::answer::Missing;
use crate::model::ladder::Ladder;
use crate::rule::check::Unasked;

/// One thing that could not be checked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Open {
    /// The rule that could not be asked; `None` where an export is missing altogether.
    pub rule: Option<String>,
    /// Why.
    pub reason: String,
    /// The servers that it is about, sorted.
    pub servers: Vec<String>,
    /// What would settle it.
    pub ask_for: String,
}

/// Everything that was left open: questions of rules, exports that are missing, and too few servers.
pub fn open(asked: Unasked, ladder: &Ladder<'_>) -> Vec<Open> {
    let mut open: Vec<Open> = asked
        .into_iter()
        .map(|((rule, reason), (servers, ask_for))| Open {
            rule: Some(rule),
            reason,
            servers: servers.into_iter().collect(),
            ask_for,
        })
        .collect();
    open.extend(missing_exports(ladder).into_iter().map(without_rule));
    open.extend(unasked(&open, ladder).into_iter().map(without_rule));
    let servers = &ladder.estate.servers;
    if servers.len() < 2 {
        open.push(Open {
            rule: None,
            reason: format!(
                "{} known: proxying takes two",
                if servers.is_empty() { "no server is" } else { "only one server is" }
            ),
            servers: servers.iter().map(|server| server.name.clone()).collect(),
            ask_for: "the exports of every Client Access server".to_owned(),
        });
    }
    open.sort();
    open
}

/// The questions by reason: for showing them to a person.
pub fn by_reason(open: &[Open]) -> BTreeMap<&str, (Vec<&str>, &str)> {
    let mut reasons: BTreeMap<&str, (Vec<&str>, &str)> = BTreeMap::new();
    for it in open {
        let entry = reasons.entry(&it.reason).or_insert_with(|| (Vec::new(), &it.ask_for));
        entry.0.extend(it.rule.as_deref());
    }
    reasons
}

fn without_rule(missing: Missing) -> Open {
    Open { rule: None, reason: missing.reason, servers: vec![missing.server], ask_for: missing.ask_for }
}

/// What leaves the outcome of a pair unknown although no rule asks it, such as whether users are redirected.
fn unasked(open: &[Open], ladder: &Ladder<'_>) -> BTreeSet<Missing> {
    let known: BTreeSet<&str> = open.iter().map(|it| it.reason.as_str()).collect();
    let mut more = BTreeSet::new();
    for missing in ladder.pairs().flat_map(|pair| ladder.unknown(pair)) {
        if !known.contains(missing.reason.as_str()) {
            more.insert(missing);
        }
    }
    more
}

fn missing_exports(ladder: &Ladder<'_>) -> Vec<Missing> {
    let mut missing = Vec::new();
    for server in &ladder.estate.servers {
        if server.vdirs.is_empty() {
            missing.push(server.no_vdir());
        }
        if server.is_2013_or_later() {
            continue;
        }
        if server.iis.is_empty() && !server.vdirs.is_empty() {
            missing.push(server.no_iis());
        }
        if server.registry.is_none() {
            missing.push(server.no_registry());
        }
    }
    missing
}
