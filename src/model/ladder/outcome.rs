//! Outcomes: what the steps of the ladder come to for a pair.

use std::borrow::Cow;

use crate::finding::{Confidence, Label};
use crate::model::answer::{Answer, Missing};
use crate::model::ladder::{Ladder, Pair, STEPS};
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

impl Ladder<'_> {
    /// What leaves the outcome of a pair unknown; nothing if it is known.
    pub fn unknown(&self, pair: Pair) -> Vec<Missing> {
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
        open.into_iter().map(|(_, missing)| missing).collect()
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

    /// What is taken for granted about a pair whatever the steps say, and by the steps before `end`.
    pub fn assumptions(&self, pair: Pair, end: usize) -> Vec<String> {
        let (source, target) = (self.source(pair), self.target(pair));
        let mut assumes = Vec::new();
        for server in [source, target.server] {
            if server.version.is_none() {
                assumes.push(format!(
                    "{} runs Exchange 2007 or 2010: nothing in the snapshot says its version",
                    server.name
                ));
            }
        }
        if !self.sites_known(pair) && end > 2 {
            assumes.push("servers whose AD sites are not known lie in different sites".to_owned());
        }
        if source.vdirs.is_empty() && end > 2 {
            assumes.push(format!(
                "RedirectToOptimalOWAServer of {} is True, its default: no OWA virtual directory of it was given",
                source.name
            ));
        }
        let below = self.by_target[pair.target].set_below.iter();
        assumes.extend(below.filter(|(step, _)| *step < end).map(|(_, assumption)| assumption.clone()));
        assumes.sort();
        assumes
    }

    fn proxied(&self, pair: Pair, assumes: Vec<String>) -> Outcome {
        let because = match self.url(pair) {
            Answer::Is(Some(url), _) => vec![Label::new(url.span(), "requests go here")],
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
