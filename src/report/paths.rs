//! Paths: the predicted outcome of every pair.

pub mod classes;
pub mod rows;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::Serialize;

use crate::finding::{Confidence, Label};
use crate::model::answer::Answer;
use crate::model::ladder::{Ladder, Pair};
use crate::report::Location;
use crate::text::secret::masked;
use crate::text::source::Sources;

/// What `paths` says.
#[derive(Debug, Serialize)]
pub struct Paths {
    /// The version of this document's form.
    pub schema: &'static str,
    /// The pairs by source, target and virtual directory.
    pub paths: Vec<Path>,
}

/// The predicted outcome of one pair.
#[derive(Debug, Serialize)]
pub struct Path {
    /// The source server.
    pub source: String,
    /// The target server.
    pub target: String,
    /// The target virtual directory.
    pub vdir: String,
    /// The URL that the source proxies to.
    pub url: Option<String>,
    /// The outcome.
    pub outcome: &'static str,
    /// The HTTP status that the target answers with.
    pub status: Option<&'static str>,
    /// The event that the source logs.
    pub event: Option<u16>,
    /// How sure the outcome is.
    pub confidence: Confidence,
    /// Whether both AD sites are known.
    pub site: &'static str,
    /// The places that the outcome rests on.
    pub because: Vec<Location>,
    /// What would settle what is open.
    pub missing: Vec<String>,
    /// What was taken for granted.
    pub assumes: Vec<String>,
}

/// The name of the form of the document.
pub const SCHEMA: &str = "owalint.paths/1";

/// The outcome of every pair.
pub fn paths(ladder: &Ladder<'_>, sources: &Sources) -> Paths {
    let mut paths: Vec<Path> =
        ladder.pairs().map(|pair| Path::new(ladder, pair, |label| Some(Location::of(sources, label)))).collect();
    paths.sort_by(|one, other| (&one.source, &one.target, &one.vdir).cmp(&(&other.source, &other.target, &other.vdir)));
    Paths { schema: SCHEMA, paths }
}

impl Path {
    /// The outcome of a pair, with what `place` makes of its labels.
    fn new(ladder: &Ladder<'_>, pair: Pair, place: impl Fn(&Label) -> Option<Location>) -> Path {
        let outcome = ladder.outcome(pair);
        let target = ladder.target(pair);
        Path {
            source: ladder.source(pair).name.clone(),
            target: target.server.name.clone(),
            vdir: target.vdir.identity.clone(),
            url: url(ladder, pair),
            outcome: outcome.word,
            status: outcome.status,
            event: outcome.event,
            confidence: outcome.confidence,
            site: if ladder.sites_known(pair) { "known" } else { "unknown" },
            because: outcome.because.iter().filter_map(place).collect(),
            missing: outcome.missing.into_iter().map(|missing| missing.reason).collect(),
            assumes: outcome.assumes,
        }
    }
}

/// The URL that the source of a pair proxies to, if it is known.
fn url(ladder: &Ladder<'_>, pair: Pair) -> Option<String> {
    match ladder.url(pair) {
        Answer::Is(url, _) => url.map(|url| masked(url.text()).into_owned()),
        Answer::Open(..) => None,
    }
}

/// The places of labels, of which each file was fetched once.
fn located(labels: BTreeSet<Label>, sources: &Sources) -> BTreeMap<Label, Location> {
    sources.hold(labels.iter().map(|label| label.span));
    labels.into_par_iter().map(|label| (Location::of(sources, &label), label)).map(|(at, label)| (label, at)).collect()
}
