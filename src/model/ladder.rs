//! The ladder: the steps that a proxied request takes, what each says of a pair, and the outcome that follows.

mod kinds;
mod labels;
mod near_miss;
pub mod outcome;
mod plain;
mod steps;

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::finding::Confidence;
use crate::model::ad_site::{self, AdSite};
use crate::model::answer::{Answer, Evidence, Missing};
use crate::model::estate::Estate;
use crate::model::ladder::kinds::Kinds;
use crate::model::ladder::plain::PlainTargets;
use crate::model::ladder::steps::{SourceSteps, TargetSteps};
use crate::model::server::Server;
use crate::model::target::Target;
use crate::model::url::Url;
use crate::model::vdir::Vdir;
use crate::model::verdict::Verdict;
use crate::text::span::Span;

/// One step: its name in rules, and what it means for the user if its answer is yes.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The name that rules use.
    pub name: &'static str,
    /// The outcome.
    pub outcome: &'static str,
    /// The HTTP status that the target answers with, where it answers at all.
    pub status: Option<&'static str>,
    /// The event that the source logs.
    pub event: Option<u16>,
    /// How sure it is that the outcome follows from the condition.
    pub confidence: Confidence,
}

const fn step(
    name: &'static str,
    outcome: &'static str,
    status: Option<&'static str>,
    event: Option<u16>,
    confidence: Confidence,
) -> Step {
    Step { name, outcome, status, event, confidence }
}

/// The steps in the order in which they decide: the first yes holds.
pub const STEPS: [Step; 15] = [
    step("not-applicable", "not-applicable", None, None, Confidence::High),
    step("same-site", "same-site", None, None, Confidence::High),
    step("redirect", "redirect", None, None, Confidence::High),
    step("no-candidate", "no-candidate", None, Some(41), Confidence::High),
    step("bad-url", "bad-url", None, Some(38), Confidence::Medium),
    step("blocked-plain-http", "blocked-plain-http", None, Some(42), Confidence::High),
    step("unreachable", "unreachable", None, Some(39), Confidence::High),
    step("ssl-required", "forbidden", Some("403.4"), Some(42), Confidence::High),
    step("client-certificate-required", "forbidden", Some("403.7"), Some(42), Confidence::High),
    step("address-denied", "forbidden", Some("403.6"), Some(42), Confidence::High),
    step("silent-redirect", "silent-redirect", None, None, Confidence::Medium),
    step("unauthorised", "unauthorised", Some("401"), Some(71), Confidence::High),
    step("anonymous", "forbidden", Some("403"), Some(42), Confidence::Medium),
    step("silent-404", "silent-404", Some("404"), None, Confidence::Medium),
    step("script-denied", "forbidden", Some("403.1"), Some(42), Confidence::High),
];

/// The index of the step with this name.
pub fn step_named(name: &str) -> Option<usize> {
    STEPS.iter().position(|step| step.name == name)
}

/// A source server and a target virtual directory of another server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    /// The index of the source in [`Estate::servers`].
    pub source: usize,
    /// The index of the target in [`Ladder::targets`].
    pub target: usize,
}

/// Which of a target's URLs a source proxies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    Internal,
    External,
}

/// By what a source is older than a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Older {
    /// It is Exchange 2007, and the target 2010.
    Generation,
    /// It has an earlier service pack.
    ServicePack,
}

/// The ladder over an estate. What depends on one side alone is worked out once.
#[derive(Debug)]
pub struct Ladder<'e> {
    /// The estate.
    pub estate: &'e Estate,
    /// Every virtual directory with its place in IIS, in the order of servers and identities.
    pub targets: Vec<Target<'e>>,
    server_of: Vec<usize>,
    kinds: Kinds,
    by_source: Vec<SourceSteps>,
    by_target: Vec<TargetSteps>,
    /// The targets of each site, by its name in lower case.
    by_site: BTreeMap<String, Vec<usize>>,
    /// The targets of each site with one host in their InternalUrl, by site and host in lower case.
    by_host: BTreeMap<(String, String), Vec<usize>>,
    /// The AD sites, by name.
    pub ad_sites: Vec<AdSite>,
    plain: PlainTargets,
}

impl<'e> Ladder<'e> {
    /// Sets the ladder up: every virtual directory is looked up in its server's configuration once.
    pub fn new(estate: &'e Estate) -> Ladder<'e> {
        let vdirs: Vec<(usize, &Vdir)> = estate
            .servers
            .iter()
            .enumerate()
            .flat_map(|(index, it)| it.vdirs.iter().map(move |it| (index, it)))
            .collect();
        let server_of: Vec<usize> = vdirs.iter().map(|(server, _)| *server).collect();
        let targets: Vec<Target<'_>> =
            vdirs.par_iter().map(|(server, vdir)| Target::new(&estate.servers[*server], vdir)).collect();
        let by_source: Vec<SourceSteps> = estate.servers.par_iter().map(SourceSteps::new).collect();
        let kinds = Kinds::new(estate, &by_source);
        let by_target = targets.par_iter().map(TargetSteps::new).collect();
        let mut by_site: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (target, server) in server_of.iter().enumerate() {
            if let Some(site) = &by_source[*server].site {
                by_site.entry(site.clone()).or_default().push(target);
            }
        }
        let mut by_host: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for (site, members) in &by_site {
            for target in members {
                let Some(host) = targets[*target].internal_url().known().and_then(Option::as_ref).and_then(Url::host)
                else {
                    continue;
                };
                by_host.entry((site.clone(), host.to_lowercase())).or_default().push(*target);
            }
        }
        let (ad_sites, plain) = (Vec::new(), PlainTargets::default());
        let mut ladder =
            Ladder { estate, targets, server_of, kinds, by_source, by_target, by_site, by_host, ad_sites, plain };
        ladder.plain = PlainTargets::count(&ladder);
        ladder.ad_sites = ad_site::ad_sites(&ladder);
        ladder
    }

    /// The virtual directories of a server, by their indexes among the targets.
    pub fn targets_of(&self, server: usize) -> impl Iterator<Item = usize> + '_ {
        let start = self.server_of.partition_point(|it| *it < server);
        (start..self.targets.len()).take_while(move |it| self.server_of[*it] == server)
    }

    /// The servers of the AD site of a target, if that is known.
    pub fn servers_beside(&self, target: usize) -> impl Iterator<Item = usize> + '_ {
        self.kinds.members_of(self.server_of[target]).iter().copied()
    }

    /// Whether a virtual directory is passed over when a source looks for one to proxy to.
    pub fn no_candidate(&self, target: usize) -> &Verdict {
        &self.by_target[target].no_candidate
    }

    /// Virtual directories of other servers of the target's site that can be proxied to over https; a few of them.
    pub fn https_mates(&self, target: usize) -> impl Iterator<Item = &Target<'e>> + '_ {
        let home = self.server_of[target];
        let name = self.by_source[home].site.as_ref();
        let site = name.and_then(|name| self.ad_sites.binary_search_by(|site| site.key.cmp(name)).ok());
        let https = site.into_iter().flat_map(|site| &self.ad_sites[site].https);
        https.filter(move |other| self.server_of[**other] != home).map(|other| &self.targets[*other])
    }

    /// Whether the source is older than the target, and by what (documented with Event 46: the source has to be newer,
    /// or of the same version). Versions that are not known are taken for equal.
    pub fn source_is_older(&self, pair: Pair) -> Answer<Option<Older>> {
        let (source, target) = (self.source(pair), self.target(pair).server);
        let places =
            |one: Span, other: Span| vec![Evidence::value(one), Evidence::noted(other, "the target's version")];
        match (source.version, target.version) {
            (Some((one, place)), Some((other, other_place))) if one < other => {
                return Answer::Is(Some(Older::Generation), places(place, other_place));
            }
            (Some((one, _)), Some((other, _))) if one > other => return Answer::Is(None, Vec::new()),
            _ => {}
        }
        match (source.release, target.release) {
            (Some((one, place)), Some((other, other_place))) if one < other => {
                Answer::Is(Some(Older::ServicePack), places(place, other_place))
            }
            _ => Answer::Is(None, Vec::new()),
        }
    }

    /// The other servers' virtual directories in a target's site that have this host in their InternalUrl.
    pub fn sharing_host(&self, target: usize, host: &str) -> impl Iterator<Item = &Target<'e>> + '_ {
        let home = self.server_of[target];
        let site = self.by_source[home].site.clone();
        let sharing = site.and_then(|site| self.by_host.get(&(site, host.to_lowercase())));
        let others = sharing.into_iter().flatten().filter(move |other| self.server_of[**other] != home);
        others.map(|other| &self.targets[*other])
    }

    /// The servers that may proxy without SSL, with the place that says so.
    pub fn opted_in(&self) -> impl Iterator<Item = (usize, Span)> + '_ {
        self.by_source.iter().enumerate().filter_map(|(index, steps)| match &steps.opt_in {
            Answer::Is(true, evidence) => evidence.first().map(|it| (index, it.span)),
            _ => None,
        })
    }

    /// How many pairs there are.
    pub fn pair_count(&self) -> usize {
        self.estate.servers.len().saturating_sub(1) * self.targets.len()
    }

    /// Every pair of a source server and a virtual directory of another server.
    pub fn pairs(&self) -> impl Iterator<Item = Pair> + '_ {
        (0..self.estate.servers.len()).flat_map(move |source| {
            (0..self.targets.len())
                .filter(move |target| self.server_of[*target] != source)
                .map(move |target| Pair { source, target })
        })
    }

    /// The source of a pair.
    pub fn source(&self, pair: Pair) -> &'e Server {
        &self.estate.servers[pair.source]
    }

    /// The target of a pair.
    pub fn target(&self, pair: Pair) -> &Target<'e> {
        &self.targets[pair.target]
    }

    /// The index of the server that a target belongs to.
    pub fn server_of(&self, target: usize) -> usize {
        self.server_of[target]
    }

    /// The URL that the source would proxy to: `InternalUrl`, or `ExternalUrl` where the source does not redirect
    /// (TechNet bb885049, for Exchange 2007: with RedirectToOptimalOWAServer False, OWA proxies to the ExternalUrl).
    pub fn url(&self, pair: Pair) -> Answer<Option<&Url>> {
        let target = self.target(pair);
        match self.choice(pair) {
            Ok(Choice::Internal) => target.internal_url().as_ref(),
            Ok(Choice::External) => target.external_url().as_ref(),
            Err(missing) => Answer::open(missing),
        }
    }

    /// Whether a server redirects to the best server instead of proxying; all its virtual directories were asked once.
    pub fn redirects(&self, source: usize) -> &Answer<bool> {
        &self.by_source[source].redirects
    }

    /// Whether a server may proxy without SSL; its registry was asked once.
    pub fn opt_in(&self, source: usize) -> &Answer<bool> {
        &self.by_source[source].opt_in
    }

    /// Whether the source proxies to `ExternalUrl`.
    pub fn takes_external(&self, pair: Pair) -> bool {
        self.choice(pair) == Ok(Choice::External)
    }

    /// What a step says of a pair.
    pub fn verdict(&self, pair: Pair, step: usize) -> Cow<'_, Verdict> {
        let steps = &self.by_target[pair.target];
        match step {
            0 => Cow::Owned(self.not_applicable(pair)),
            1 => Cow::Owned(self.same_site(pair)),
            2 => Cow::Owned(self.redirect(pair)),
            3 => Cow::Borrowed(&steps.no_candidate),
            4 => self.by_url(pair, 0),
            5 => Cow::Owned(self.blocked(pair)),
            6 => self.by_url(pair, 1),
            7 => self.by_url(pair, 2),
            8 => Cow::Borrowed(&steps.fixed[0]),
            9 => self.denied(pair),
            step => Cow::Borrowed(&steps.fixed[step - 9]),
        }
    }

    /// Whether no step before `step` says yes, whether or not one is open.
    pub fn reaches(&self, pair: Pair, step: usize) -> bool {
        (0..step).all(|earlier| !self.says_yes(pair, earlier))
    }

    /// Whether both sites of a pair are known.
    pub fn sites_known(&self, pair: Pair) -> bool {
        self.source(pair).site.is_some() && self.target(pair).server.site.is_some()
    }

    /// Other virtual directories of the target's site or server that a source could proxy to instead.
    pub fn alternatives(&self, pair: Pair) -> impl Iterator<Item = usize> + '_ {
        let home = self.server_of[pair.target];
        let site = self.by_source[home].site.as_ref().and_then(|site| self.by_site.get(site));
        let own = self.targets_of(home);
        let (near, own) = match site {
            Some(targets) => (targets.as_slice(), None),
            None => (&[][..], Some(own)),
        };
        near.iter().copied().chain(own.into_iter().flatten()).filter(move |other| {
            let server = self.server_of[*other];
            *other != pair.target
                && server != pair.source
                && !self.estate.servers[server].is_2013_or_later()
                && matches!(self.by_target[*other].no_candidate, Verdict::No)
        })
    }

    fn choice(&self, pair: Pair) -> Result<Choice, Missing> {
        match (&self.by_source[pair.source].redirects, self.target(pair).external_url()) {
            (_, Answer::Is(None, _)) | (Answer::Is(true, _), _) => Ok(Choice::Internal),
            (Answer::Is(false, _), Answer::Is(Some(_), _)) => Ok(Choice::External),
            (Answer::Open(missing, _), Answer::Is(Some(_), _)) | (_, Answer::Open(missing, _)) => Err(missing.clone()),
        }
    }

    fn by_url(&self, pair: Pair, index: usize) -> Cow<'_, Verdict> {
        match self.choice(pair) {
            Ok(choice) => Cow::Borrowed(&self.by_target[pair.target].by_url[choice as usize][index]),
            Err(missing) => Cow::Owned(Verdict::Open(missing, Vec::new())),
        }
    }

    fn not_applicable(&self, pair: Pair) -> Verdict {
        let servers = [self.source(pair), self.target(pair).server];
        if !servers.iter().any(|server| server.is_2013_or_later()) {
            return Verdict::No;
        }
        let later = servers.into_iter().filter(|server| server.is_2013_or_later());
        Verdict::Yes(later.filter_map(labels::of_version).collect(), Confidence::High)
    }

    fn same_site(&self, pair: Pair) -> Verdict {
        let (source, target) = (pair.source, self.server_of[pair.target]);
        if self.by_source[source].site.is_none() || self.by_source[source].site != self.by_source[target].site {
            return Verdict::No;
        }
        let servers = [self.source(pair), self.target(pair).server];
        Verdict::Yes(servers.into_iter().filter_map(labels::of_site).collect(), Confidence::High)
    }

    fn redirect(&self, pair: Pair) -> Verdict {
        Verdict::both(&self.by_target[pair.target].has_external, &self.by_source[pair.source].redirect)
    }

    fn blocked(&self, pair: Pair) -> Verdict {
        let not_allowed = &self.by_source[pair.source].not_allowed;
        match self.choice(pair) {
            Ok(choice) => Verdict::both(&self.by_target[pair.target].plain[choice as usize], not_allowed),
            Err(missing) => Verdict::both(&Verdict::Open(missing, Vec::new()), not_allowed),
        }
    }

    fn denied(&self, pair: Pair) -> Cow<'_, Verdict> {
        match &self.by_target[pair.target].denied {
            Some(verdict) => Cow::Borrowed(verdict),
            None => Cow::Owned(steps::denied(self.target(pair), self.source(pair))),
        }
    }
}
