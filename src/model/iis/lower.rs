//! Lower files: the web.config files that are layered over an applicationHost.config, each at its paths.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::attributes;
use crate::model::iis::chain::Chain;
use crate::model::iis::layer::{Layer, depth};
use crate::model::iis::lock::{self, State, Violation};
use crate::model::iis::{Iis, WebConfig};
use crate::model::site::Overrides;
use crate::text::span::Span;

/// How many parts a path may have for its layers to be put together: each part is looked at in each file.
const MAX_PARTS: usize = 255;

const TOO_DEEP: &str = "the path has more parts than are looked at";

/// How many bodies and location tags of web.config files that may apply at one path are told apart; of more nothing is
/// known there.
const MAX_DOUBTED: usize = 1_000;

const TOO_MANY: &str = "more web.config files may apply here than are looked at";

/// The web.config files of a server, by the paths that they apply to.
#[derive(Debug, Clone, Default)]
pub(super) struct Lower {
    mounts: BTreeMap<String, Mount>,
    doubts: BTreeMap<String, Vec<Doubt>>,
}

impl Lower {
    /// The layers of all files, also of those of which it is not known whether they apply.
    pub(super) fn layers(&self) -> impl Iterator<Item = &Layer> {
        let doubts = self.doubts.values().flatten().flat_map(|it| it.layers.iter());
        self.mounts.values().flat_map(|mount| mount.layers.values().flatten()).chain(doubts)
    }
}

/// A web.config at one path.
#[derive(Debug, Clone)]
struct Mount {
    home: Arc<str>,
    /// The layers by their paths.
    layers: BTreeMap<String, Vec<Layer>>,
    failure: Option<(String, Span)>,
    /// The same as a doubt, for applications whose pool may keep IIS from reading it.
    doubt: Doubt,
}

/// A web.config of which it is not known whether it applies at a path.
#[derive(Debug, Clone)]
pub(super) struct Doubt {
    pub(super) why: String,
    layers: Arc<Vec<Layer>>,
    failure: Option<Span>,
}

impl Doubt {
    fn new(file: &WebConfig, why: String) -> Doubt {
        let failure = file.fault.as_ref().map(|(_, span)| *span);
        Doubt { why, layers: Arc::clone(&file.layers), failure }
    }

    /// Where the file sets an attribute to another value than the one that holds without it.
    pub(super) fn changes(&self, section: &str, attribute: &str, holds: Option<&str>) -> Option<Span> {
        let entries = self.layers.iter().flat_map(|layer| layer.entries.iter());
        let values = entries.filter(|it| it.path == section).filter_map(|it| match it.opacity() {
            Some(_) => Some(it.tag),
            None => it.attribute(attribute).filter(|it| !holds.is_some_and(|holds| it.is(holds))).map(|it| it.span),
        });
        { values }.next()
    }

    fn weight(&self) -> usize {
        self.layers.len()
    }

    /// Where the file changes a collection.
    pub(super) fn changes_items(&self, section: &str) -> Option<Span> {
        self.layers.iter().find_map(|layer| layer.first_item(section))
    }
}

impl Iis {
    /// Layers a web.config over the paths below `home` (`Default Web Site/owa`), which no other one may have.
    /// Gives what it sets although a file above it locks that; so upper files come first.
    pub fn mount(&mut self, home: &str, file: &WebConfig) -> Vec<Refusal> {
        let home: Arc<str> = Arc::from(home.trim_end_matches('/'));
        let key = home.to_lowercase();
        let layers: Vec<Layer> = file.layers.iter().map(|layer| layer.at_home(&home)).collect();
        let refusals = self.refusals(&key, &layers, file);
        let mut failure = file.fault.as_ref().map(|(why, span)| (fails(&home, why), *span));
        if let Some(first) = refusals.first().filter(|_| failure.is_none()) {
            let why = match first.kind {
                RefusalKind::Locked => format!("sets {}, which is locked", first.what),
                RefusalKind::DeclaredTwice => format!("declares {} again", first.what),
            };
            failure = Some((fails(&home, &why), first.set));
        }
        let why = format!("whether the application's pool lets IIS read the web.config of {home} is not known");
        let doubt = Doubt::new(file, why);
        let mut by_key: BTreeMap<String, Vec<Layer>> = BTreeMap::new();
        for layer in layers {
            by_key.entry(layer.key.clone()).or_default().push(layer);
        }
        self.lower.mounts.insert(key, Mount { home, layers: by_key, failure, doubt });
        refusals
    }

    /// Notes that a web.config may apply at a path, or at any path if that is empty.
    pub fn doubt(&mut self, home: &str, file: &WebConfig, why: &str) {
        let doubts = self.lower.doubts.entry(home.to_lowercase()).or_default();
        let is_over = doubts.first().is_some_and(|it| it.why == TOO_MANY);
        let weight = doubts.iter().map(Doubt::weight).sum::<usize>() + file.layer_count();
        if is_over {
            return;
        }
        if weight > MAX_DOUBTED {
            let failure = Some(file.place());
            *doubts = vec![Doubt { why: TOO_MANY.to_owned(), layers: Arc::default(), failure }];
        } else {
            doubts.push(Doubt::new(file, why.to_owned()));
        }
    }

    /// The layers that apply at `path` (`Default Web Site/owa`), from the outermost to the innermost.
    ///
    /// What appcmd printed reaches its own path only, and has the web.config files in it.
    /// A location tag with `inheritInChildApplications="false"` does not reach into the applications below its path.
    /// What holds at a path of too many parts is not known.
    pub fn chain(&self, path: &str) -> Chain<'_> {
        let key = path.to_lowercase();
        if depth(&key) > MAX_PARTS {
            return Chain { failure: Some((TOO_DEEP, self.root)), ..Chain::default() };
        }
        let application = self.sites.application_of(&key);
        let inherits =
            |layer: &Layer| layer.inherited_by_applications || self.sites.application_of(&layer.key) == application;
        let mut chain = Chain::default();
        for prefix in prefixes(&key).filter(|prefix| !self.excerpt || *prefix == key) {
            let own = self.by_key.get(prefix).into_iter().flatten().map(|index| &self.layers[*index]);
            chain.layers.extend(own.filter(|layer| inherits(layer)));
        }
        if self.excerpt {
            return chain;
        }
        let overrides = self.sites.overrides(&application, self.fragment);
        if overrides == Overrides::Ignored {
            return chain;
        }
        for prefix in prefixes(&key) {
            chain.doubts.extend(self.lower.doubts.get(prefix).into_iter().flatten());
            if prefix.is_empty() {
                continue;
            }
            let Some(mount) = self.lower.mounts.get(prefix) else {
                chain.unseen.push(prefix.to_owned());
                continue;
            };
            chain.given.push(&mount.home);
            if overrides == Overrides::Unknown {
                chain.doubts.push(&mount.doubt);
                continue;
            }
            if chain.failure.is_none() {
                chain.failure = mount.failure.as_ref().map(|(why, span)| (why.as_str(), *span));
            }
            let reaching = prefixes(&key).filter_map(|it| mount.layers.get(it)).flatten();
            chain.layers.extend(reaching.filter(|layer| inherits(layer)));
        }
        if chain.failure.is_none() {
            let failing = chain.doubts.iter().find_map(|doubt| Some((doubt.why.as_str(), doubt.failure?)));
            chain.failure = failing;
        }
        chain
    }

    /// What a web.config sets although a file above it locks it, or declares anew.
    fn refusals(&self, key: &str, layers: &[Layer], file: &WebConfig) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        for (section, span) in file.sections.declared() {
            if let Some(place) = self.sections.place(section) {
                let what = format!("the section `{section}`");
                refusals.push(Refusal { kind: RefusalKind::DeclaredTwice, what, set: span, lock: place });
            }
        }
        for layer in layers {
            let chain = self.chain(&layer.key);
            let above = || chain.layers.iter().copied().filter(|it| it.level() < depth(key));
            for entry in layer.entries.iter().filter(|it| self.sections.has(&it.path)) {
                if let State::Locked(lock) = self.sections.state(above(), &entry.path) {
                    let what = format!("`{}`", attributes::last_part(&entry.path));
                    refusals.push(Refusal { kind: RefusalKind::Locked, what, set: entry.name(), lock });
                }
            }
            for lock in above().flat_map(Layer::locking) {
                refusals.extend(lock::violations(lock, layer).map(|Violation { what, set, lock }| Refusal {
                    kind: RefusalKind::Locked,
                    what,
                    set,
                    lock,
                }));
            }
        }
        refusals
    }
}

/// Something in a web.config that makes IIS answer requests with 500.19.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which rule of IIS it breaks.
    pub kind: RefusalKind,
    /// What is set.
    pub what: String,
    /// Where it is set.
    pub set: Span,
    /// Where it is locked or declared.
    pub lock: Span,
}

/// Which rule of IIS a web.config breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// A file above it locks what it sets.
    Locked,
    /// A file above it declares the section.
    DeclaredTwice,
}

/// What begins the reason why requests fail; it says the path by itself.
pub const FAILS: &str = "requests fail with 500.19: ";

fn fails(home: &str, why: &str) -> String {
    format!("{FAILS}the web.config of {home} {why}")
}

/// The empty path, the site, and so on down to the path itself.
fn prefixes(key: &str) -> impl Iterator<Item = &str> {
    let ends = key.match_indices('/').map(|(at, _)| at).chain([key.len()]);
    [""].into_iter().chain(ends.filter(|end| *end > 0).map(|end| &key[..end]))
}
