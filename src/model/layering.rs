//! Layering: which web.config goes over which paths of its server's applicationHost.config.

mod kept;
mod placing;

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::model::attributes;
use crate::model::estate_file::EstateFile;
use crate::model::iis::{Iis, Refusal, RefusalKind, depth};
use crate::model::input::{Content, Input, NOTHING_OF_OURS};
use crate::model::layering::placing::{Placed, Places};
use crate::model::owner::Owners;
use crate::model::place::{self, Found};
use crate::model::server::Server;
use crate::model::site::Overrides;
use crate::read::problem::{Problem, ProblemKind};
use crate::read::tally::{MAX_OF_LINES, Tally};
use crate::text::source::Sources;
use crate::text::span::{SourceId, Span};

/// Layers every web.config over the configuration of its server. What is wrong with one becomes a problem of its
/// input; what is wrong with entries of the estate file is given back.
pub(super) fn layer(
    servers: &mut BTreeMap<&str, Server>,
    inputs: &mut [Input],
    owners: &mut Owners,
    sources: &Sources,
    estate_file: Option<&EstateFile>,
) -> Vec<Problem> {
    let mut problems = Problems::default();
    kept::fill(inputs, owners, sources, &mut problems);
    let (places, faults) = Places::find(servers, inputs, owners, sources, estate_file);
    let read: &[Input] = inputs;
    let layer_one = |(key, server): (&&str, &mut Server)| {
        let mut problems = Problems::default();
        let files = places.of.get(*key).map_or(&[][..], Vec::as_slice);
        for (index, iis) in server.iis.iter_mut().enumerate() {
            mount(iis, index, files, read, sources, &mut problems);
        }
        if let Some(problem) = keep(server, MAX_LOOKUPS) {
            problems.add(problem);
        }
        twice_in_collections(server, &mut problems);
        problems
    };
    let found: Vec<Problems> = servers.par_iter_mut().map(layer_one).collect();
    found
        .into_iter()
        .flat_map(|found| found.0)
        .for_each(|(_, found)| found.into_iter().for_each(|it| problems.add(it)));
    for index in places.idle {
        inputs[index].set_aside(NOTHING_OF_OURS);
    }
    let by_source: BTreeMap<SourceId, usize> =
        inputs.iter().enumerate().map(|(index, input)| (input.source, index)).collect();
    for (source, found) in problems.0 {
        if let Some(index) = by_source.get(&source) {
            inputs[*index].take_problems(found);
        }
    }
    let mut told = Tally::of(MAX_OF_LINES);
    for fault in faults {
        told.push(fault);
    }
    told.finish()
}

/// How many location tags and bodies of web.config files are worked out for further paths of their files.
const MAX_REPEATED: usize = 200_000;

/// Problems by the file that they stand in.
#[derive(Debug, Default)]
struct Problems(BTreeMap<SourceId, Vec<Problem>>);

impl Problems {
    fn add(&mut self, problem: Problem) {
        self.0.entry(problem.span.source).or_default().push(problem);
    }

    /// Takes in a problem that may be the last one again.
    fn once(&mut self, problem: Problem) {
        let found = self.0.entry(problem.span.source).or_default();
        if found.last() != Some(&problem) {
            found.push(problem);
        }
    }
}

/// Puts the web.config files of a server over one of its configurations, upper ones first.
fn mount(iis: &mut Iis, index: usize, files: &[Placed], inputs: &[Input], sources: &Sources, problems: &mut Problems) {
    let mut homes: BTreeMap<(usize, String), Vec<(&str, usize)>> = BTreeMap::new();
    for file in files {
        let Content::WebConfig(config) = &inputs[file.input].content else { continue };
        for (path, why) in &file.doubts[index] {
            iis.doubt(path, config, why);
        }
        for path in &file.homes[index] {
            homes.entry((depth(path), path.to_lowercase())).or_default().push((path, file.input));
        }
    }
    let mut refused: BTreeMap<usize, Vec<(Refusal, &str)>> = BTreeMap::new();
    let mut repeated = 0;
    for ((_, key), found) in homes {
        let (home, first) = found[0];
        let text = |input: usize| sources.get(inputs[input].source).text();
        let others: Vec<usize> = found[1..].iter().map(|(_, it)| *it).filter(|it| text(*it) != text(first)).collect();
        let Content::WebConfig(config) = &inputs[first].content else { continue };
        if !others.is_empty() {
            clash(iis, (&key, home), (first, &others), inputs, problems);
            continue;
        }
        if iis.sites.overrides(&key, iis.fragment) == Overrides::Ignored && config.matters() {
            let message =
                format!("IIS does not read the web.config of {home}: its pool has enableConfigurationOverride off");
            problems.add(Problem::new(ProblemKind::WebConfigIgnored, config.place(), message));
        }
        if refused.contains_key(&first) {
            repeated += config.layer_count();
            if repeated > MAX_REPEATED {
                let why = "the web.config files of the server are for more paths than are looked at";
                iis.doubt(&key, config, why);
                problems.once(Problem::new(ProblemKind::IisUnplaced, config.place(), why));
                continue;
            }
        }
        let refusals = iis.mount(home, config).into_iter().map(|it| (it, home));
        refused.entry(first).or_default().extend(refusals);
    }
    refused.into_values().flat_map(|found| told(&found)).for_each(|problem| problems.add(problem));
}

/// Several files with different content for one path: each of them may be the one.
fn clash(
    iis: &mut Iis,
    (key, home): (&str, &str),
    (first, others): (usize, &[usize]),
    inputs: &[Input],
    problems: &mut Problems,
) {
    let why = format!("two web.config files with different content are for {home}");
    for input in others.iter().copied().chain([first]) {
        if let Content::WebConfig(config) = &inputs[input].content {
            iis.doubt(key, config, &why);
        }
    }
    let place = |input: usize| Span::file(inputs[input].source);
    for input in others {
        let problem = Problem::new(ProblemKind::WebConfigTwice, place(*input), why.clone());
        problems.add(problem.see(place(first), "the other file"));
    }
}

/// What one file sets although it may not, told once for all of its paths.
fn told(refusals: &[(Refusal, &str)]) -> Vec<Problem> {
    let mut homes: BTreeMap<(Span, &str), (&Refusal, Vec<&str>)> = BTreeMap::new();
    for (refusal, home) in refusals {
        homes.entry((refusal.set, refusal.what.as_str())).or_insert_with(|| (refusal, Vec::new())).1.push(home);
    }
    let problem = |(refusal, homes): (&Refusal, Vec<&str>)| {
        let more = if homes.len() > 1 { format!(" and {} more", homes.len() - 1) } else { String::new() };
        let what = &refusal.what;
        let (kind, message, label) = match refusal.kind {
            RefusalKind::Locked => (
                ProblemKind::WebConfigLocked,
                format!(
                    "{what} is locked, and set here for {}{more}: IIS answers requests there with 500.19",
                    homes[0]
                ),
                "it is locked here",
            ),
            RefusalKind::DeclaredTwice => (
                ProblemKind::WebConfigRedeclares,
                format!("{what} is declared again for {}{more}: IIS answers requests there with 500.19", homes[0]),
                "it is declared here",
            ),
        };
        Problem::new(kind, refusal.set, message).see(refusal.lock, label)
    };
    homes.into_values().map(problem).collect()
}

/// How many parts of configurations the virtual directories of one server may have to go through, each for one question:
/// those of two hundred directories in configurations of five thousand elements.
const MAX_LOOKUPS: usize = 1_000_000;

/// Keeps the first virtual directories of a server, as many as have no more parts of its configurations to go through
/// than that; a server has some four directories, and hundreds of elements.
fn keep(server: &mut Server, most: usize) -> Option<Problem> {
    let parts: usize = server.iis.iter().chain(&server.excerpts).map(|iis| 1 + iis.weight()).sum();
    let kept = most.checked_div(parts).map_or(server.vdirs.len(), |kept| kept.max(1));
    let (all, first) = (server.vdirs.len(), server.vdirs.get(kept)?);
    let message = format!(
        "{} has {all} virtual directories, and only the first {kept} were looked at in its {parts} parts of configurations",
        server.name
    );
    let problem = Problem::new(ProblemKind::TooManyDirectories, first.place, message);
    server.vdirs.truncate(kept);
    Some(problem)
}

/// Items that are added twice at the paths of a server's virtual directories.
fn twice_in_collections(server: &Server, problems: &mut Problems) {
    let mut told = std::collections::BTreeSet::new();
    for iis in server.iis.iter().filter(|iis| iis.unusable.is_none()) {
        for vdir in &server.vdirs {
            let Found::At(place) = place::find(iis, vdir) else { continue };
            for items in attributes::COLLECTIONS {
                let Some((item, earlier)) = iis.collection(&place.chain, items).twice else { continue };
                if told.insert(item) {
                    let message = format!("an item of {} is there already at {}", items.section, place.path);
                    let problem = Problem::new(ProblemKind::CollectionTwice, item, message);
                    problems.add(problem.see(earlier, "the item with the same key"));
                }
            }
        }
    }
}
