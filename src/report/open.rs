//! What could not be checked, and which export would settle it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::finding::Severity;
use crate::model::answer::Missing;
use crate::model::ladder::Ladder;
use crate::report::Reported;
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

/// What is open for one reason, for people: on one server, or in the same way on several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap<'o> {
    /// Why, of the first server.
    pub reason: &'o str,
    /// The other servers of which the same holds.
    pub alike: Vec<&'o str>,
    /// What would settle it, of the first server.
    pub ask_for: &'o str,
    /// The rules that could not be asked, by id.
    pub rules: BTreeSet<&'o str>,
}

/// From how many servers on the same reason is told once.
const ALIKE: usize = 4;

/// What is open, by reason; reasons that differ in nothing but the server are told once where there are many.
pub fn gaps(open: &[Open]) -> Vec<Gap<'_>> {
    let mut reasons: BTreeMap<&str, (&Open, BTreeSet<&str>)> = BTreeMap::new();
    for it in open {
        reasons.entry(&it.reason).or_insert_with(|| (it, BTreeSet::new())).1.extend(it.rule.as_deref());
    }
    let mut alike: BTreeMap<(String, String, BTreeSet<&str>), Vec<&Open>> = BTreeMap::new();
    for (first, rules) in reasons.values() {
        alike
            .entry((nameless(first, &first.reason), nameless(first, &first.ask_for), rules.clone()))
            .or_default()
            .push(first);
    }
    let mut gaps = Vec::new();
    for ((_, _, rules), same) in alike {
        let several = if same.len() < ALIKE { same.chunks(1) } else { same.chunks(same.len()) };
        gaps.extend(several.map(|group| Gap {
            reason: &group[0].reason,
            alike: group[1..].iter().flat_map(|it| it.servers.iter().map(String::as_str)).collect(),
            ask_for: &group[0].ask_for,
            rules: rules.clone(),
        }));
    }
    gaps.sort_by_key(|gap| gap.reason);
    gaps
}

/// A text without the name of the server that it is about.
fn nameless(open: &Open, text: &str) -> String {
    match open.servers.as_slice() {
        [only] => text.replace(only.as_str(), "\u{0}"),
        _ => text.to_owned(),
    }
}

impl Gap<'_> {
    /// Why, with the first of the other servers of which the same holds.
    pub fn words(&self) -> String {
        const NAMED: usize = 6;
        let named = self.alike[..self.alike.len().min(NAMED)].join(", ");
        match self.alike.len() {
            0 => self.reason.to_owned(),
            few if few <= NAMED => format!("{}; the same holds for {named}", self.reason),
            many => format!("{}; the same holds for {named} and {} more", self.reason, many - NAMED),
        }
    }

    /// The rules that could not be asked, in words; empty where none is about this alone.
    pub fn unasked(&self) -> String {
        let names: Vec<&str> = self.rules.iter().copied().collect();
        match names.as_slice() {
            [] => String::new(),
            [rule] => format!(" ({rule} was not asked)"),
            many => format!(" ({} rules were not asked: {})", many.len(), many.join(", ")),
        }
    }
}

/// What would give what a note says is missing: the first commands of its help. Nothing where an open question says the
/// same and asks for it.
pub fn commands<'n>(note: &'n Reported, gaps: &[Gap<'_>]) -> Vec<&'n str> {
    let is_command = |line: &&str| line.starts_with("    ");
    if note.severity != Severity::Info || !note.rule.starts_with("INC-") {
        return Vec::new();
    }
    if gaps.iter().any(|gap| note.message.starts_with(gap.reason)) {
        return Vec::new();
    }
    let help = note.help.as_deref().unwrap_or_default();
    help.lines().skip_while(|it| !is_command(it)).take_while(is_command).map(str::trim).collect()
}

fn without_rule(missing: Missing) -> Open {
    Open { rule: None, reason: missing.reason, servers: vec![missing.server], ask_for: missing.ask_for }
}

/// What leaves the outcome of a pair unknown although no rule asks it, such as whether users are redirected.
fn unasked(open: &[Open], ladder: &Ladder<'_>) -> BTreeSet<Missing> {
    let known: BTreeSet<&str> = open.iter().map(|it| it.reason.as_str()).collect();
    ladder.all_unknown().into_iter().filter(|missing| !known.contains(missing.reason.as_str())).collect()
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
