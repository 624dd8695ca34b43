//! Placing: at which paths of IIS each web.config of a snapshot lies.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::model::estate_file::{EstateFile, PlacedFile};
use crate::model::folder::{Folders, Lies};
use crate::model::iis::Iis;
use crate::model::input::{Content, Input};
use crate::model::owner::Owners;
use crate::model::server::Server;
use crate::read::problem::{Problem, ProblemKind};
use crate::text::source::Sources;
use crate::text::span::Span;

/// Where the web.config files of a snapshot lie.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The files of each server.
    pub(super) of: BTreeMap<String, Vec<Placed>>,
    /// The files that decide about nothing.
    pub(super) idle: Vec<usize>,
}

/// Where one web.config lies in each of its server's configurations.
#[derive(Debug)]
pub(super) struct Placed {
    /// The index of the input.
    pub(super) input: usize,
    /// The paths that it is for.
    pub(super) homes: Vec<Vec<String>>,
    /// The paths that it may be for, and why that is not known.
    pub(super) doubts: Vec<Vec<(String, String)>>,
}

impl Places {
    /// Finds the place of every web.config: the estate file says it, else its folder does.
    pub(super) fn find(
        servers: &BTreeMap<&str, Server>,
        inputs: &mut [Input],
        owners: &Owners,
        sources: &Sources,
        estate_file: Option<&EstateFile>,
    ) -> (Places, Vec<Problem>) {
        let mut faults = estate_file.map_or_else(Vec::new, |file| entries_without_file(file, inputs, sources));
        let mut places = Places::default();
        let mut files: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, input) in inputs.iter().enumerate() {
            let Content::WebConfig(config) = &input.content else { continue };
            match owners.of[index].as_deref().filter(|key| servers.contains_key(key)) {
                Some(key) => files.entry(key).or_default().push(index),
                None => places.idle.extend((!config.matters()).then_some(index)),
            }
        }
        let look = |(key, files): (&&str, &Vec<usize>)| {
            let iis = &servers.get(key)?.iis;
            let folders: Vec<Folders> = iis.iter().map(|iis| Folders::of(&iis.sites)).collect();
            let find = |index: &usize| {
                let path = sources.get(inputs[*index].source).path();
                let entry = estate_file.and_then(|file| file.placement_of(path)).map(|(_, entry)| entry);
                Finding::of(*index, &inputs[*index], (path, &owners.folders_below(key, path)), (iis, &folders), entry)
            };
            Some(((*key).to_owned(), files.iter().filter_map(find).collect::<Vec<Finding>>()))
        };
        let found: Vec<(String, Vec<Finding>)> = files.par_iter().filter_map(look).collect();
        for (key, files) in found {
            for Finding { index, matters, placed, problems, faults: more, fits, .. } in files {
                faults.extend(more);
                if !matters && !fits {
                    places.idle.push(index);
                    continue;
                }
                places.of.entry(key.clone()).or_default().push(placed);
                inputs[index].take_problems(problems);
            }
        }
        (places, faults)
    }
}

impl Placed {
    fn new(input: usize) -> Placed {
        Placed { input, homes: Vec::new(), doubts: Vec::new() }
    }
}

/// One file and where it was found to lie.
struct Finding {
    index: usize,
    /// Whether it decides about anything.
    matters: bool,
    /// Where it is spoken of.
    place: Span,
    /// What it sets first, in words.
    decider: Option<String>,
    placed: Placed,
    problems: Vec<Problem>,
    /// What is wrong with its entry in the estate file.
    faults: Vec<Problem>,
    /// Whether some configuration has a path for it.
    fits: bool,
}

impl Finding {
    /// Looks for a file with this path and folders in each configuration of its server.
    fn of(
        index: usize,
        input: &Input,
        (path, below): (&str, &[&str]),
        (configurations, folders): (&[Iis], &[Folders]),
        entry: Option<&PlacedFile>,
    ) -> Option<Finding> {
        let Content::WebConfig(config) = &input.content else { return None };
        let is_named = path.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case("web.config"));
        let mut file = Finding {
            index,
            matters: config.matters(),
            place: config.place(),
            decider: config.decider().map(|(name, _)| name),
            placed: Placed::new(index),
            problems: Vec::new(),
            faults: Vec::new(),
            fits: false,
        };
        for (iis, folders) in configurations.iter().zip(folders) {
            match entry {
                Some(entry) => file.stated(iis, entry),
                None if is_named => file.found(folders.find(below)),
                None => file.found(Lies::Nowhere),
            }
        }
        if configurations.is_empty() && file.matters {
            file.unplaced("no applicationHost.config of its server was given, so its place is not known");
        }
        Some(file)
    }

    /// The estate file says the paths; a site that the configuration does not have is a mistake in it.
    fn stated(&mut self, iis: &Iis, entry: &PlacedFile) {
        let mut homes = Vec::new();
        for path in &entry.paths {
            let lower = path.text.to_lowercase();
            let site = lower.split('/').next().unwrap_or_default();
            if iis.sites.sites.is_empty() || iis.sites.named(site).is_some() {
                homes.push(path.text.to_string());
            } else {
                let end = path.text.find('/').unwrap_or(path.text.len());
                let message = format!("the server has no site called {}", &path.text[..end]);
                self.faults.push(Problem::new(ProblemKind::WebConfigMapping, path.part(0..end), message));
            }
        }
        self.fits = true;
        self.push(homes, Vec::new());
    }

    fn found(&mut self, lies: Lies) {
        match lies {
            Lies::At(homes) => {
                self.fits = true;
                self.push(homes, Vec::new());
            }
            Lies::Unread(why, place) => {
                let problem = Problem::new(ProblemKind::WebConfigIgnored, self.place, why);
                self.problems.push(problem.see(place, "the folder of this virtual directory"));
                self.push(Vec::new(), Vec::new());
            }
            Lies::InOneOf(paths) => {
                let why = "a web.config lies in a folder that could be one of several".to_owned();
                let shown: Vec<&str> = paths.iter().map(String::as_str).filter(|it| !it.is_empty()).take(4).collect();
                let more = if paths.len() > shown.len() { " and others" } else { "" };
                let message = match shown.as_slice() {
                    [] => "this folder could be one of many on the server".to_owned(),
                    shown => format!("this folder could be that of {}{more}", shown.join(" or ")),
                };
                self.problems.push(Problem::new(ProblemKind::WebConfigAmbiguous, self.place, message));
                self.push(Vec::new(), paths.into_iter().map(|path| (path, why.clone())).collect());
            }
            Lies::Nowhere => {
                self.unplaced("no physical path of applicationHost.config ends in the folders of this web.config");
                let why = "a web.config sets it, and for which path is not known".to_owned();
                self.push(Vec::new(), vec![(String::new(), why)]);
            }
        }
    }

    fn unplaced(&mut self, why: &str) {
        let message = match &self.decider {
            Some(name) => format!("`{name}` is set here, and nothing says for which path: {why}"),
            None => why.to_owned(),
        };
        self.problems.push(Problem::new(ProblemKind::IisUnplaced, self.place, message));
    }

    fn push(&mut self, homes: Vec<String>, doubts: Vec<(String, String)>) {
        self.placed.homes.push(homes);
        self.placed.doubts.push(doubts);
    }
}

/// Entries of the estate file that name no web.config of the snapshot.
fn entries_without_file(file: &EstateFile, inputs: &[Input], sources: &Sources) -> Vec<Problem> {
    let mut there: BTreeMap<String, bool> = BTreeMap::new();
    for input in inputs {
        let is_web_config = matches!(input.content, Content::WebConfig(_));
        there.insert(sources.get(input.source).path().to_lowercase(), is_web_config);
    }
    let entries = file.servers.iter().flat_map(|server| server.web_configs.iter().map(move |it| (server, it)));
    entries
        .filter_map(|(server, entry)| {
            let message = match there.get(&entry.key()) {
                Some(true) => return None,
                Some(false) => "this file is no web.config",
                None => "the snapshot has no such file",
            };
            let message = format!("{message}, so nothing of {} is taken from it", server.name.text);
            Some(Problem::new(ProblemKind::WebConfigMapping, entry.file.span, message))
        })
        .collect()
}
