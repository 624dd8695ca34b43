//! Plain targets: whether any URL without SSL lies where a server would proxy to.

use std::collections::BTreeMap;

use crate::model::answer::{Answer, Missing};
use crate::model::ladder::Ladder;
use crate::model::verdict::Verdict;

/// How many virtual directories are addressed over http, and of how many that is not known: by sources that redirect,
/// and by sources that do not.
type Counts = [[usize; 2]; 2];

/// The counts of the estate, of each site and of each server, so that a server is judged without its pairs.
#[derive(Debug, Default)]
pub(super) struct PlainTargets {
    all: Counts,
    by_site: BTreeMap<String, Counts>,
    by_server: BTreeMap<usize, Counts>,
}

impl PlainTargets {
    pub(super) fn count(ladder: &Ladder<'_>) -> PlainTargets {
        let mut counts = PlainTargets::default();
        for target in 0..ladder.targets.len() {
            let home = ladder.server_of(target);
            if ladder.estate.servers[home].is_2013_or_later() {
                continue;
            }
            let plain = plain(ladder, target);
            add(&mut counts.all, &plain);
            add(counts.by_server.entry(home).or_default(), &plain);
            if let Some(site) = &ladder.by_source[home].site {
                add(counts.by_site.entry(site.clone()).or_default(), &plain);
            }
        }
        counts
    }
}

impl Ladder<'_> {
    /// Whether a server would proxy to a virtual directory over plain http, if it may.
    pub fn proxies_to_plain_http(&self, server: usize) -> Answer<bool> {
        let redirects = match &self.by_source[server].redirects {
            Answer::Open(missing, _) => return Answer::open(missing.clone()),
            Answer::Is(redirects, _) => usize::from(!redirects),
        };
        let near = match &self.by_source[server].site {
            Some(site) => self.plain.by_site.get(site),
            None => self.plain.by_server.get(&server),
        };
        let near = near.map_or([0, 0], |counts| counts[redirects]);
        let all = self.plain.all[redirects];
        match (all[0] - near[0], all[1] - near[1]) {
            (0, 0) => Answer::Is(false, Vec::new()),
            (0, _) => Answer::open(Missing {
                reason: "the URLs of some OWA virtual directories are not known".to_owned(),
                server: self.estate.servers[server].name.clone(),
                ask_for: "$FormatEnumerationLimit = -1; Get-OwaVirtualDirectory | Format-List * | Out-File -Width 500 owa.txt".to_owned(),
            }),
            _ => Answer::Is(true, Vec::new()),
        }
    }
}

/// What a source that redirects meets, and what one that does not.
fn plain(ladder: &Ladder<'_>, target: usize) -> [Verdict; 2] {
    let steps = &ladder.by_target[target];
    let [internal, external] = &steps.plain;
    match &steps.has_external {
        Verdict::Yes(..) => [Verdict::No, external.clone()],
        Verdict::No => [internal.clone(), internal.clone()],
        Verdict::Open(..) if matches!(internal, Verdict::No) => [Verdict::No, steps.has_external.clone()],
        Verdict::Open(..) => [steps.has_external.clone(), steps.has_external.clone()],
    }
}

fn add(counts: &mut Counts, plain: &[Verdict; 2]) {
    for (count, verdict) in counts.iter_mut().zip(plain) {
        match verdict {
            Verdict::Yes(..) => count[0] += 1,
            Verdict::Open(..) => count[1] += 1,
            Verdict::No => {}
        }
    }
}
