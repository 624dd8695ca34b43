//! Labels: every place that the outcome of a pair may rest on.

use std::collections::BTreeSet;

use crate::finding::Label;
use crate::model::answer::Answer;
use crate::model::ladder::Ladder;
use crate::model::ladder::steps::{self, TargetSteps};
use crate::model::server::Server;
use crate::model::url::Url;
use crate::model::verdict::Verdict;

impl Ladder<'_> {
    /// The labels that outcomes may have, whatever the pair: they grow with the servers and not with the pairs.
    pub fn labels(&self) -> BTreeSet<Label> {
        let mut labels = BTreeSet::new();
        for (index, (server, steps)) in self.estate.servers.iter().zip(&self.by_source).enumerate() {
            labels.extend(of_version(server).filter(|_| server.is_2013_or_later()));
            labels.extend(of_site(server).filter(|_| self.kinds.members_of(index).len() > 1));
            take(&mut labels, &steps.redirect);
            take(&mut labels, &steps.not_allowed);
        }
        for (target, own) in self.targets.iter().zip(&self.by_target) {
            for url in [target.internal_url(), target.external_url()] {
                if let Answer::Is(Some(url), _) = url {
                    labels.insert(of_url(url));
                }
            }
            let TargetSteps { by_url, no_candidate, fixed, has_external, plain, denied, .. } = own;
            let verdicts = by_url.iter().flatten().chain(fixed).chain(plain).chain(denied);
            verdicts.chain([no_candidate, has_external]).for_each(|it| take(&mut labels, it));
            if denied.is_none() {
                self.estate.servers.iter().for_each(|source| take(&mut labels, &steps::denied(target, source)));
            }
        }
        labels
    }
}

/// That a server is no one that proxies as Exchange 2007 and 2010 do.
pub(super) fn of_version(server: &Server) -> Option<Label> {
    let (_, span) = server.version?;
    Some(Label::new(span, format!("{} runs Exchange 2013 or later", server.name)))
}

/// That a server lies in the AD site of the other one.
pub(super) fn of_site(server: &Server) -> Option<Label> {
    let site = server.site.as_ref()?;
    Some(Label::new(site.span, format!("the site of {}, and of the other server", server.name)))
}

/// Where requests go that nothing stops.
pub(super) fn of_url(url: &Url) -> Label {
    Label::new(url.span(), "requests go here")
}

fn take(labels: &mut BTreeSet<Label>, verdict: &Verdict) {
    if let Verdict::Yes(own, _) | Verdict::Open(_, own) = verdict {
        for label in own {
            if !labels.contains(label) {
                labels.insert(label.clone());
            }
        }
    }
}
