//! Files: what became of each between two snapshots, and which settings went and came with it.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::Side;
use super::settings::{Key, Kind, Settings, Stated};
use crate::finding::Finding;
use crate::model::server::Server;
use crate::report::diff::{FileChange, SettingChange};
use crate::report::open::Open;
use crate::text::source::{Source, Sources};

/// The files of both snapshots.
pub(super) struct Files<'s> {
    before: BTreeMap<&'s str, File<'s>>,
    after: BTreeMap<&'s str, File<'s>>,
    /// The paths of files in BEFORE that have another one in AFTER, and that.
    renamed: BTreeMap<&'s str, &'s str>,
    /// The same the other way.
    earlier: BTreeMap<&'s str, &'s str>,
    /// The paths of files in AFTER that have the text of their file in BEFORE.
    same: BTreeSet<&'s str>,
    /// How many settings of a removed or added file stand in other files on the other side.
    elsewhere: BTreeMap<String, usize>,
    /// The web.config files that AFTER lacks, each with its server. No export says that a server has none, so nothing
    /// shows whether it has them still.
    pub(super) lost_web_configs: BTreeMap<&'s str, &'s str>,
}

struct File<'s> {
    source: &'s Source,
    server: Option<&'s str>,
    format: &'static str,
}

impl<'s> Files<'s> {
    /// The files of two snapshots with these settings.
    pub(super) fn new(
        before: &Side<'s>,
        after: &Side<'s>,
        (old, new): (&Settings, &Settings),
        sources: &'s Sources,
    ) -> Files<'s> {
        let mut files = Files {
            before: files(before, sources),
            after: files(after, sources),
            renamed: BTreeMap::new(),
            earlier: BTreeMap::new(),
            same: BTreeSet::new(),
            elsewhere: BTreeMap::new(),
            lost_web_configs: BTreeMap::new(),
        };
        files.match_texts();
        files.match_settings(old, new, sources);
        files.compare_texts();
        for (here, there) in [(old, new), (new, old)] {
            files.count_elsewhere(here, there, sources);
        }
        let removed = files.removed().into_iter().filter(|(_, file)| file.format == "iis-web-config");
        files.lost_web_configs = removed.filter_map(|(path, file)| Some((path, file.server?))).collect();
        files
    }

    /// The path that a file of BEFORE has in AFTER.
    pub(super) fn later_path<'p>(&'p self, path: &'p str) -> &'p str {
        self.renamed.get(path).copied().unwrap_or(path)
    }

    /// Why a finding that rests on a web.config is not fixed by its absence.
    pub(super) fn lost_evidence(&self, finding: &Finding, sources: &Sources) -> Option<String> {
        let labels = std::iter::once(&finding.primary).chain(&finding.related);
        let mut paths = labels.map(|it| sources.get(it.span.source).path());
        let path = paths.find(|path| self.lost_web_configs.contains_key(path))?;
        Some(format!("{path} is not there any more, and nothing shows whether the server has it still"))
    }

    /// A finding of BEFORE that is known by the name of its file, under the name that the file has in AFTER.
    pub(super) fn under_later_name(&self, finding: &Finding, sources: &Sources) -> Option<Finding> {
        let path = sources.get(finding.primary.span.source).path();
        let later = self.renamed.get(path)?;
        let rest = finding.cause.strip_prefix(path).filter(|rest| rest.starts_with('|'))?;
        Some(Finding { cause: format!("{later}{rest}"), ..finding.clone() })
    }

    /// Whether the file that has this path in AFTER, or has it in BEFORE alone, has the same text in both.
    pub(super) fn has_same_text(&self, path: &str) -> bool {
        self.same.contains(self.later_path(path))
    }

    /// Files that have another name and the same text.
    fn match_texts(&mut self) {
        let texts = |files: &[(&'s str, &File<'s>)]| {
            let hashes: Vec<Option<u128>> = files.par_iter().map(|(_, file)| hash(file.source)).collect();
            let mut all: BTreeMap<(u128, Option<&'s str>), Vec<&'s str>> = BTreeMap::new();
            for ((path, file), hash) in files.iter().zip(hashes) {
                if let Some(hash) = hash {
                    all.entry((hash, file.server)).or_default().push(path);
                }
            }
            all
        };
        let matched = unique(texts(&self.removed()), texts(&self.added()));
        self.take_renamed(matched);
    }

    /// Finds the files that have the same text on both sides. Each is fetched for as long as it is compared.
    fn compare_texts(&mut self) {
        let files: Vec<(&'s str, &File<'s>)> = self.after.iter().map(|(path, file)| (*path, file)).collect();
        let is_same = |(path, file): &(&'s str, &File<'s>)| {
            let earlier = self.earlier.get(path).copied().unwrap_or(path);
            self.before.get(earlier).is_some_and(|it| it.source.has_text_of(file.source))
        };
        self.same = files.into_par_iter().filter(is_same).map(|(path, _)| path).collect();
    }

    /// Files that have another name and text, and state the same settings.
    fn match_settings(&mut self, old: &Settings, new: &Settings, sources: &'s Sources) {
        let stated = |files: &[(&'s str, &File<'s>)], settings: &Settings| {
            let mut hashes: BTreeMap<&str, Xxh3> = BTreeMap::new();
            for (key, it) in &settings.all {
                let Some(at) = it.at else { continue };
                let hash = hashes.entry(sources.get(at.source).path()).or_default();
                for part in [&key.0, &key.1, &key.2, &it.compared] {
                    hash.update(&part.len().to_le_bytes());
                    hash.update(part.as_bytes());
                }
            }
            let mut all: BTreeMap<(u128, Option<&'s str>), Vec<&'s str>> = BTreeMap::new();
            for (path, file) in files {
                if let Some(hash) = hashes.get(path) {
                    all.entry((hash.digest128(), file.server)).or_default().push(path);
                }
            }
            all
        };
        let matched = unique(stated(&self.removed(), old), stated(&self.added(), new));
        self.take_renamed(matched);
    }

    fn take_renamed(&mut self, matched: Vec<(&'s str, &'s str)>) {
        self.earlier.extend(matched.iter().map(|(one, other)| (*other, *one)));
        self.renamed.extend(matched);
    }

    /// The files of BEFORE that AFTER does not have.
    fn removed(&self) -> Vec<(&'s str, &File<'s>)> {
        let is_gone = |path: &&'s str| !self.after.contains_key(*path) && !self.renamed.contains_key(*path);
        self.before.iter().filter(|(path, _)| is_gone(path)).map(|(path, file)| (*path, file)).collect()
    }

    /// The files of AFTER that BEFORE does not have.
    fn added(&self) -> Vec<(&'s str, &File<'s>)> {
        let is_new = |path: &&'s str| !self.before.contains_key(*path) && !self.earlier.contains_key(*path);
        self.after.iter().filter(|(path, _)| is_new(path)).map(|(path, file)| (*path, file)).collect()
    }

    fn count_elsewhere(&mut self, here: &Settings, there: &Settings, sources: &Sources) {
        let path = |it: &Stated| it.at.map(|at| sources.get(at.source).path());
        for (key, it) in &here.all {
            let Some(at) = path(it) else { continue };
            let other = there.all.get(key).filter(|other| other.compared == it.compared);
            if other.and_then(path).is_some_and(|other| other != at) {
                *self.elsewhere.entry(at.to_owned()).or_default() += 1;
            }
        }
    }

    /// The file with which a setting went or came that one side has and the other would not show: that which stated
    /// it, if the other side has no such file, or nothing of the place that it is a setting of.
    pub(super) fn home(
        &self,
        (key, stated): (&Key, &Stated),
        (here, known): (&Side<'_>, &Settings),
        (there, others): (&Side<'_>, &Settings),
        sources: &Sources,
        is_gone: bool,
    ) -> Option<String> {
        let place = (key.0.clone(), key.1.clone());
        let is_one_sided = |path: &str| {
            let (files, renamed) = if is_gone { (&self.after, &self.renamed) } else { (&self.before, &self.earlier) };
            !files.contains_key(path) && !renamed.contains_key(path)
        };
        let of_iis = || {
            let has_iis = |it: &Server| it.iis.iter().any(|it| it.unusable.is_none());
            if others.server(&there.ladder, &key.0).is_some_and(has_iis) {
                return known.leads.get(&place).map(String::as_str);
            }
            let owner = known.server(&here.ladder, &key.0)?;
            let mut roots = owner.iis.iter().chain(&owner.excerpts).map(|it| sources.get(it.root.source).path());
            roots.clone().find(|path| is_one_sided(path)).or_else(|| roots.next())
        };
        let at = stated.at.map(|at| sources.get(at.source).path());
        let home = if stated.kind == Kind::Iis { of_iis().or(at)? } else { at? };
        (is_one_sided(home) || !others.places.contains(&place)).then(|| home.to_owned())
    }

    /// What became of the files that are not as before; `mentioned` are those that something points at that changed.
    pub(super) fn changes(
        &self,
        settings: &[SettingChange],
        mentioned: &BTreeSet<String>,
        after: &Side<'_>,
        lost: &[Open],
    ) -> Vec<FileChange> {
        let mut moved: BTreeMap<&str, Vec<&SettingChange>> = BTreeMap::new();
        for setting in settings {
            if let Some(file) = &setting.file {
                moved.entry(file).or_default().push(setting);
            }
        }
        let lost: BTreeSet<&str> = lost.iter().map(|it| it.reason.as_str()).collect();
        let servers = after.ladder.estate.servers.iter().map(|it| (it.name.to_lowercase(), it)).collect();
        let paths: BTreeSet<&str> = self.before.keys().chain(self.after.keys()).copied().collect();
        let mut changes = Vec::new();
        for path in paths.into_iter().filter(|path| !self.renamed.contains_key(path)) {
            let moved = moved.get(path).map_or(&[][..], Vec::as_slice);
            let Some(change) = self.change(path, !moved.is_empty(), mentioned) else { continue };
            let is_one_sided = change == "added" || change == "removed";
            changes.push(FileChange {
                path: path.to_owned(),
                change,
                renamed_from: self.earlier.get(path).map(|it| (*it).to_owned()),
                settings_gone: moved.iter().filter(|it| it.after.is_none()).count(),
                settings_come: moved.iter().filter(|it| it.before.is_none()).count(),
                settings_elsewhere: self.elsewhere.get(path).copied().filter(|_| is_one_sided).unwrap_or_default(),
                places: places(moved),
                no_longer_checkable: self.unchecked(path, moved, &servers, &lost),
            });
        }
        changes
    }

    fn change(&self, path: &str, has_moved: bool, mentioned: &BTreeSet<String>) -> Option<&'static str> {
        let earlier = self.earlier.get(path).copied();
        let before = self.before.get(earlier.unwrap_or(path));
        let is_same = self.same.contains(path);
        match (before, self.after.get(path)) {
            (Some(_), Some(_)) if is_same && earlier.is_some() => Some("renamed"),
            (Some(_), Some(_)) if is_same => has_moved.then_some("read otherwise"),
            (Some(_), Some(_)) if earlier.is_some() => Some("replaced"),
            (Some(_), Some(_)) if has_moved || mentioned.contains(path) => Some("changed"),
            (Some(_), Some(_)) => Some("text changed, effect same"),
            (None, _) => Some("added"),
            (_, None) => Some("removed"),
        }
    }

    /// What is missing in AFTER that a file of BEFORE told, and leaves something open.
    fn unchecked(
        &self,
        path: &str,
        moved: &[&SettingChange],
        servers_after: &BTreeMap<String, &Server>,
        lost: &BTreeSet<&str>,
    ) -> Vec<String> {
        let Some(file) = self.before.get(path) else { return Vec::new() };
        let is_there = self.after.get(path).is_some_and(|it| it.format == file.format && it.server == file.server);
        let gone = moved.iter().filter(|it| it.after.is_none());
        let mut reasons: BTreeSet<String> = BTreeSet::new();
        let mut servers: BTreeSet<&str> = BTreeSet::new();
        let mut held_vdirs = BTreeSet::new();
        for it in gone {
            servers.insert(&it.server);
            reasons.insert(format!("{} is in BEFORE and not in AFTER", it.place));
            held_vdirs.extend(Some(it.server.as_str()).filter(|_| !it.place.is_empty()));
        }
        servers.extend(file.server.filter(|_| !is_there));
        reasons.insert(format!("{path} is in BEFORE and not in AFTER"));
        for name in servers {
            reasons.insert(format!("{name} is in BEFORE and not in AFTER"));
            let Some(server) = servers_after.get(&name.to_lowercase()) else { continue };
            reasons.extend(match file.format {
                "registry" | "registry-query" | "registry-item" => Some(server.no_registry().reason),
                "iis-application-host" => Some(server.no_iis().reason),
                format if !format.starts_with("iis-") && held_vdirs.contains(name) => Some(server.no_vdir().reason),
                _ => None,
            });
        }
        reasons.into_iter().filter(|it| lost.contains(it.as_str())).collect()
    }
}

fn files<'s>(side: &Side<'s>, sources: &'s Sources) -> BTreeMap<&'s str, File<'s>> {
    let lines: BTreeMap<&str, _> = side.read.inputs.iter().map(|it| (it.path.as_str(), it)).collect();
    let file = |source: &'s Source| {
        let line = lines.get(source.path());
        let server = line.and_then(|it| it.server.as_deref());
        File { source, server, format: line.map_or("unknown", |it| it.format) }
    };
    side.files.iter().map(|id| sources.get(*id)).map(|source| (source.path(), file(source))).collect()
}

/// By what a text is found under another name; nothing for one that says nothing.
fn hash(source: &Source) -> Option<u128> {
    let opened = source.open().ok()?;
    let text = opened.text();
    (!text.trim().is_empty()).then(|| xxh3_128(text.as_bytes()))
}

/// The paths that share a key with exactly one of the other side.
fn unique<'s, K: Ord>(
    mut before: BTreeMap<K, Vec<&'s str>>,
    after: BTreeMap<K, Vec<&'s str>>,
) -> Vec<(&'s str, &'s str)> {
    let mut matched = Vec::new();
    for (key, new) in after {
        if let (Some([one]), [other]) = (before.remove(&key).as_deref(), new.as_slice()) {
            matched.push((*one, *other));
        }
    }
    matched
}

fn places(moved: &[&SettingChange]) -> Vec<String> {
    let place = |it: &&'_ SettingChange| if it.place.is_empty() { it.server.clone() } else { it.place.clone() };
    let places: BTreeSet<String> = moved.iter().map(place).collect();
    places.into_iter().collect()
}
