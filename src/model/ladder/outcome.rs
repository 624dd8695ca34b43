//! Outcomes: what the steps of the ladder come to for a pair.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Confidence, Label};
use crate::model::answer::{Answer, Missing};
use crate::model::ladder::{Ladder, Pair, STEPS, labels};
use crate::model::server::Server;
use crate::model::verdict::Verdict;

/// What will become of a request.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The step that decides; `None` if none stops the request, or if it cannot be told.
    pub step: Option<usize>,
    /// The outcome: that of the step, `proxied` or `unknown`.
    pub word: &'static str,
    /// The event, if it is certain.
    pub event: Option<u16>,
    /// The status, if a step with one decides.
    pub status: Option<&'static str>,
    /// How sure the outcome is.
    pub confidence: Confidence,
    /// The places that it rests on.
    pub because: Vec<Label>,
    /// What would settle the steps that are open.
    pub missing: Vec<Missing>,
    /// What was taken for granted.
    pub assumes: Vec<String>,
}

/// How many steps decide before anything is taken for granted of AD sites and redirection.
const BY_SITE: usize = 2;

/// The sources of a kind that did not yet tell what is missing of themselves, by the steps that it leaves open.
#[derive(Default)]
struct Told(BTreeMap<(usize, Vec<usize>), BTreeSet<usize>>);

impl Ladder<'_> {
    /// Whether a step that decides about a pair does so by what its source is, or by where it lies.
    pub fn is_of_source(&self, pair: Pair, step: usize) -> bool {
        let last = BY_SITE - 1;
        step == last || (step < last && self.source(pair).is_2013_or_later())
    }

    /// What leaves the outcome of a pair unknown; nothing if it is known.
    pub fn unknown(&self, pair: Pair) -> Vec<Missing> {
        self.open_steps(pair).into_iter().map(|(_, missing)| missing).collect()
    }

    /// The steps that leave the outcome of a pair unknown.
    fn open_steps(&self, pair: Pair) -> Vec<(usize, Missing)> {
        let mut open = Vec::new();
        for (step, row) in STEPS.iter().enumerate() {
            match self.verdict(pair, step).as_ref() {
                Verdict::No => {}
                Verdict::Open(missing, _) => open.push((step, missing.clone())),
                Verdict::Yes(..) => {
                    let event = row.event;
                    if event.is_some() && open.iter().all(|(earlier, _)| STEPS[*earlier].event == event) {
                        open.clear();
                    }
                    break;
                }
            }
        }
        open
    }

    /// What leaves the outcome of any pair unknown.
    pub fn all_unknown(&self) -> BTreeSet<Missing> {
        let mut all = BTreeSet::new();
        let mut told = Told::default();
        for target in 0..self.targets.len() {
            for kind in 0..self.kinds.sources.len() {
                self.unknown_of_kind(target, kind, &mut told, &mut all);
            }
        }
        all
    }

    /// What leaves the outcomes of a kind of sources unknown. One of them speaks for all of a target that does not go by
    /// addresses, but for what is missing of each source itself; that is the same for every target on which the same
    /// steps are open, so each source tells it once.
    fn unknown_of_kind(&self, target: usize, kind: usize, told: &mut Told, all: &mut BTreeSet<Missing>) {
        let home = self.server_of[target];
        let sources = &self.kinds.sources[kind];
        let apart = |source: &&usize| **source != home && !self.is_beside(Pair { source: **source, target });
        let Some(first) = sources.iter().find(apart) else { return };
        if self.goes_by_address(target) {
            all.extend(sources.iter().filter(apart).flat_map(|it| self.unknown(Pair { source: *it, target })));
            return;
        }
        let open = self.open_steps(Pair { source: *first, target });
        if open.is_empty() {
            return;
        }
        let name = &self.estate.servers[*first].name;
        let own: Vec<usize> = open.iter().filter(|(_, it)| it.server == *name).map(|(step, _)| *step).collect();
        all.extend(open.into_iter().map(|(_, missing)| missing));
        if own.is_empty() {
            return;
        }
        let left = told.0.entry((kind, own)).or_insert_with(|| sources.iter().copied().collect());
        let now: Vec<usize> = left.iter().filter(apart).copied().collect();
        for source in now {
            left.remove(&source);
            all.extend(self.unknown(Pair { source, target }));
        }
    }

    /// The outcome of a pair.
    ///
    /// An open step before the deciding one leaves the outcome open, unless it and the deciding one end in the same
    /// event: then that event is certain.
    pub fn outcome(&self, pair: Pair) -> Outcome {
        let verdicts: Vec<Cow<'_, Verdict>> = (0..STEPS.len()).map(|step| self.verdict(pair, step)).collect();
        let decider = verdicts.iter().position(|it| matches!(**it, Verdict::Yes(..)));
        let end = decider.unwrap_or(STEPS.len());
        let open: Vec<(usize, &Missing, &[Label])> = verdicts[..end]
            .iter()
            .enumerate()
            .filter_map(|(index, verdict)| match &**verdict {
                Verdict::Open(missing, labels) => Some((index, missing, labels.as_slice())),
                _ => None,
            })
            .collect();
        let mut missing: Vec<Missing> = open.iter().map(|(_, missing, _)| (*missing).clone()).collect();
        missing.sort();
        missing.dedup();
        let assumes = self.assumptions(pair, end + 1);
        let event = decider.and_then(|step| STEPS[step].event);
        let certain = open.iter().all(|(step, ..)| event.is_some() && STEPS[*step].event == event);
        match decider {
            Some(step) if certain => {
                let Verdict::Yes(labels, confidence) = verdicts[step].as_ref() else {
                    unreachable!("the decider says yes")
                };
                Outcome {
                    step: Some(step),
                    word: STEPS[step].outcome,
                    event,
                    status: STEPS[step].status,
                    confidence: *confidence,
                    because: labels.clone(),
                    missing,
                    assumes,
                }
            }
            None if open.is_empty() => self.proxied(pair, assumes),
            _ => Outcome {
                step: None,
                word: "unknown",
                event: None,
                status: None,
                confidence: Confidence::Medium,
                because: open.iter().flat_map(|(_, _, labels)| labels.iter().cloned()).collect(),
                missing,
                assumes,
            },
        }
    }

    /// Whether what is taken for granted of a source names it.
    pub fn names_source_in_assumptions(&self, source: usize) -> bool {
        let server = &self.estate.servers[source];
        server.version.is_none() || server.vdirs.is_empty()
    }

    /// What is taken for granted about a pair whatever the steps say, and by the steps before `end`.
    pub fn assumptions(&self, pair: Pair, end: usize) -> Vec<String> {
        let target = self.target(pair).server;
        let mut assumes = self.assumptions_of_source(pair.source, end);
        assumes.extend(Some(target).filter(|it| it.version.is_none()).map(unknown_version));
        if !self.sites_known(pair) && end > BY_SITE {
            assumes.push("servers whose AD sites are not known lie in different sites".to_owned());
        }
        let below = self.by_target[pair.target].set_below.iter();
        assumes.extend(below.filter(|(step, _)| *step < end).map(|(_, assumption)| assumption.clone()));
        assumes.sort();
        assumes
    }

    /// What is taken for granted about a source whatever its target is, and by the steps before `end`.
    fn assumptions_of_source(&self, source: usize, end: usize) -> Vec<String> {
        let source = &self.estate.servers[source];
        let mut assumes: Vec<String> =
            Some(source).filter(|it| it.version.is_none()).map(unknown_version).into_iter().collect();
        if source.vdirs.is_empty() && end > BY_SITE {
            assumes.push(format!(
                "RedirectToOptimalOWAServer of {} is True, its default: no OWA virtual directory of it was given",
                source.name
            ));
        }
        assumes
    }

    /// What is taken for granted about a source itself by the outcomes of all its pairs.
    pub fn all_assumptions_of_source(&self, source: usize) -> Vec<String> {
        let servers = &self.estate.servers;
        let mut targets = (0..self.targets.len()).filter(|it| self.server_of[*it] != source);
        let goes_on = |target: usize| {
            let homes = [source, self.server_of[target]];
            !homes.iter().any(|it| servers[*it].is_2013_or_later()) && !self.is_beside(Pair { source, target })
        };
        match (self.names_source_in_assumptions(source), targets.next()) {
            (true, Some(first)) if std::iter::once(first).chain(targets).any(goes_on) => {
                self.assumptions_of_source(source, STEPS.len() + 1)
            }
            (true, Some(_)) => self.assumptions_of_source(source, 1),
            _ => Vec::new(),
        }
    }

    fn proxied(&self, pair: Pair, assumes: Vec<String>) -> Outcome {
        let because = match self.url(pair) {
            Answer::Is(Some(url), _) => vec![labels::of_url(url)],
            _ => Vec::new(),
        };
        Outcome {
            step: None,
            word: "proxied",
            event: None,
            status: None,
            confidence: Confidence::High,
            because,
            missing: Vec::new(),
            assumes,
        }
    }
}

fn unknown_version(server: &Server) -> String {
    format!("{} runs Exchange 2007 or 2010: nothing in the snapshot says its version", server.name)
}
