//! Differences: what a change does to findings, outcomes, settings and to what can be checked.

use serde::Serialize;

use crate::report::notes::RuleNote;
use crate::report::open::Open;
use crate::report::verdict::Verdict;
use crate::report::{Location, Reported, Tool};
use crate::text::source::Sources;
use crate::text::span::Span;

/// What `diff` says. Paths are relative to the root of the snapshot that is named beside them.
#[derive(Debug, Serialize)]
pub struct Diff {
    /// The version of this document's form.
    pub schema: &'static str,
    /// What wrote it.
    pub tool: Tool,
    /// The verdict on what is new, before any flag softens it.
    pub verdict: Verdict,
    /// What the process returns.
    pub exit_code: u8,
    /// The counts.
    pub summary: Counts,
    /// The findings that are not as before.
    pub findings: Vec<FindingChange>,
    /// What can no longer be checked.
    pub no_longer_checkable: Vec<Open>,
    /// What cannot be checked of servers that only AFTER has.
    pub not_checkable: Vec<Open>,
    /// What can be checked now.
    pub newly_checkable: Vec<Open>,
    /// The outcomes that are not as before.
    pub outcomes: Vec<OutcomeChange>,
    /// The settings that are not as before.
    pub settings: Vec<SettingChange>,
    /// The files that are not as before.
    pub files: Vec<FileChange>,
    /// How the change stands to what it is to do, if that was said.
    pub intent: Option<Vec<Intended>>,
    /// Whether that was said by a file inside the snapshots.
    pub intent_inside: bool,
    /// The rules that there are findings of, by id.
    #[serde(skip)]
    pub rules: Vec<RuleNote>,
    /// How many outcomes of AFTER were worked out: the work, told without a clock.
    #[serde(skip)]
    pub asked: usize,
}

/// The counts of a difference. Findings are counted for each pair.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Counts {
    /// Findings that are new.
    pub new: usize,
    /// Findings that are gone although all was checked.
    pub fixed: usize,
    /// Findings whose severity or confidence changed.
    pub changed: usize,
    /// Findings that are as before.
    pub unchanged: usize,
    /// Findings of which an earlier step of the request decides now.
    pub superseded: usize,
    /// Findings that nobody can check any more.
    pub no_longer_checkable: usize,
    /// Pairs known on both sides.
    pub pairs: usize,
    /// Pairs of those whose outcome changed.
    pub outcomes: usize,
    /// Pairs that are in AFTER only.
    pub pairs_appeared: usize,
    /// Pairs that are in BEFORE only.
    pub pairs_vanished: usize,
    /// Pairs that became worse and that no intent names.
    pub collateral: usize,
}

/// What became of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It is new.
    New,
    /// It is new, and could not be told before.
    NewlyChecked,
    /// It is graver or surer, or less so.
    Changed,
    /// Nobody can check it any more.
    NoLongerCheckable,
    /// An earlier step of the request decides now, or another rule says it.
    Superseded,
    /// It is gone.
    Fixed,
}

impl Change {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Change::New => "new",
            Change::NewlyChecked => "new, and could not be told before",
            Change::Changed => "changed",
            Change::NoLongerCheckable => "no longer checkable",
            Change::Superseded => "superseded",
            Change::Fixed => "fixed",
        }
    }

    /// The snapshot whose places a finding has.
    pub fn side(self) -> &'static str {
        match self {
            Change::New | Change::NewlyChecked | Change::Changed => "after",
            _ => "before",
        }
    }
}

/// Findings of one rule and place that changed in one way.
#[derive(Debug, Serialize)]
pub struct FindingChange {
    /// What became of them.
    pub change: Change,
    /// The snapshot that the places are in.
    pub side: &'static str,
    /// Why, where that is not plain.
    pub reason: Option<String>,
    /// The finding, folded.
    #[serde(flatten)]
    pub finding: Reported,
}

/// An outcome that changed, for the sources that share it.
#[derive(Debug, Serialize)]
pub struct OutcomeChange {
    /// The sources.
    pub sources: Vec<String>,
    /// The target server.
    pub target: String,
    /// The target virtual directory.
    pub vdir: String,
    /// The outcome before, with its status.
    pub before: String,
    /// The outcome after.
    pub after: String,
    /// Whether it became worse.
    pub worse: bool,
    /// Whether an intent names these pairs; always without one.
    pub intended: bool,
    /// What the outcome before rests on.
    pub because_before: Option<Location>,
    /// What the outcome after rests on.
    pub because_after: Option<Location>,
}

/// A setting that changed, with its places as `At`.
#[derive(Debug, Serialize)]
pub struct SettingChange<At = Location> {
    /// The server.
    pub server: String,
    /// Where: a virtual directory, a path in IIS, a key.
    pub place: String,
    /// Which.
    pub name: String,
    /// What it was; `None` if it was not there.
    pub before: Option<String>,
    /// What it is.
    pub after: Option<String>,
    /// Where it comes from before, in IIS.
    pub origin_before: Option<String>,
    /// Where it comes from after, in IIS.
    pub origin_after: Option<String>,
    /// Where it stood.
    pub at_before: Option<At>,
    /// Where it stands.
    pub at_after: Option<At>,
    /// Whether the text of the file that states it is as before, so that something else moved.
    pub text_unchanged: bool,
    /// Whether another layer than that of the path itself states it.
    pub inherited: bool,
    /// Whether the snapshot that has no value would show one: then it is not set there, and not only not exported.
    pub shows_absence: bool,
    /// The file with which it went or came, if it did so only because the file does not tell it any more, or tells it
    /// now; nothing is said then of what is in force.
    pub file: Option<String>,
}

impl SettingChange<Span> {
    /// The places that it shows.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        self.at_before.into_iter().chain(self.at_after)
    }

    /// The same with its places worked out.
    pub fn located(self, sources: &Sources) -> SettingChange {
        let at = |span: Span| Location::new(sources, span, "");
        SettingChange {
            server: self.server,
            place: self.place,
            name: self.name,
            before: self.before,
            after: self.after,
            origin_before: self.origin_before,
            origin_after: self.origin_after,
            at_before: self.at_before.map(at),
            at_after: self.at_after.map(at),
            text_unchanged: self.text_unchanged,
            inherited: self.inherited,
            shows_absence: self.shows_absence,
            file: self.file,
        }
    }
}

/// A file that is not as before.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FileChange {
    /// The path.
    pub path: String,
    /// `text changed, effect same`, `changed`, `added`, `removed`, `renamed` (with the same text), `replaced` (by another
    /// text in another file with the same effect) or `read otherwise` (with the same text).
    pub change: &'static str,
    /// The path that it had, if it was renamed or replaced.
    pub renamed_from: Option<String>,
    /// How many settings went with it, which nothing tells any more.
    pub settings_gone: usize,
    /// How many settings came with it, which nothing told before.
    pub settings_come: usize,
    /// How many of its settings stand in other files on the other side.
    pub settings_elsewhere: usize,
    /// What went from it whole, or came whole: virtual directories, paths in IIS, keys, servers.
    pub places: Vec<String>,
    /// Why something can no longer be checked without it.
    pub no_longer_checkable: Vec<String>,
}

/// One line of an intent, and how the change stands to it.
#[derive(Debug, Serialize)]
pub struct Intended {
    /// The line in words.
    pub says: String,
    /// `already so`, `achieved` or `not achieved`.
    pub status: &'static str,
    /// How many pairs it is about.
    pub pairs: usize,
    /// How many of these are as it says.
    pub as_said: usize,
    /// How many of these were so before.
    pub before: usize,
    /// A pair that is not, and what becomes of it.
    pub example: Option<String>,
    /// Where it stands.
    pub at: Location,
}
