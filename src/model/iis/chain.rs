//! Chains: the layers that reach one path, and what they leave in force there.

use crate::model::attributes::{self, Items};
use crate::model::iis::collection::Collection;
use crate::model::iis::layer::{Layer, is_within};
use crate::model::iis::lock::{self, State};
use crate::model::iis::lower::Doubt;
use crate::model::iis::{FRAGMENT, Iis};
use crate::text::scalar::Text;
use crate::text::span::Span;

/// The layers that reach one path, from the outermost file and path to the innermost.
#[derive(Debug, Clone, Default)]
pub struct Chain<'i> {
    pub(super) layers: Vec<&'i Layer>,
    /// Why requests to the path fail whatever the layers say, and where that shows.
    pub(super) failure: Option<(&'i str, Span)>,
    /// The web.config files that may lie on the way to the path.
    pub(super) doubts: Vec<&'i Doubt>,
    /// The paths on the way that a web.config was given for.
    pub(super) given: Vec<&'i str>,
    /// The paths on the way that none was given for, in lower case; IIS looks for one at each.
    pub(super) unseen: Vec<String>,
}

/// What is in force for one attribute at one path.
#[derive(Debug, Clone)]
pub enum Effective<'i> {
    /// The nearest layer that sets it.
    Set {
        /// The value as written.
        value: &'i Text,
        /// The layer.
        layer: &'i Layer,
    },
    /// No layer sets it, and the file is whole: the schema's default holds.
    Default,
    /// It cannot be told: why, and where that shows.
    Undetermined(String, Option<Span>),
}

impl<'i> Chain<'i> {
    /// Why requests to the path fail whatever the layers say, and where that shows.
    pub fn failure(&self) -> Option<(&'i str, Span)> {
        self.failure
    }

    /// The paths on the way that a web.config was given for.
    pub fn given(&self) -> &[&'i str] {
        &self.given
    }

    /// The paths on the way that none was given for, in lower case.
    pub fn unseen(&self) -> &[String] {
        &self.unseen
    }

    fn above(&self, layer: &'i Layer) -> impl DoubleEndedIterator<Item = &'i Layer> {
        let level = layer.level();
        self.layers.iter().copied().filter(move |it| it.level() < level && it.reaches(&layer.key))
    }
}

impl Iis {
    /// The value of `section@attribute` that is in force for a chain of layers.
    ///
    /// The nearest layer holds: of two files the lower one, of two paths in one file the deeper one. Whether a lower
    /// file also holds over a deeper path in a file above it is not documented; where they differ it is not told.
    pub fn effective<'i>(&self, chain: &Chain<'i>, section: &str, attribute: &str) -> Effective<'i> {
        if let Some((why, span)) = chain.failure {
            return Effective::Undetermined(why.to_owned(), Some(span));
        }
        let found = self.nearest(chain, section, attribute);
        let text = match &found {
            Effective::Set { value, .. } => Some(value.text.as_ref()),
            Effective::Default => attributes::find(section, attribute).map(|row| row.default),
            Effective::Undetermined(..) => return found,
        };
        for doubt in &chain.doubts {
            if let Some(span) = doubt.changes(section, attribute, text) {
                return Effective::Undetermined(doubt.why.clone(), Some(span));
            }
        }
        found
    }

    fn nearest<'i>(&self, chain: &Chain<'i>, section: &str, attribute: &str) -> Effective<'i> {
        let mut levels = levels(&chain.layers);
        let Some(found) = levels.find_map(|level| effective_at(level, section, attribute)) else {
            if self.fragment {
                return Effective::Undetermined(FRAGMENT.to_owned(), Some(self.root));
            }
            return Effective::Default;
        };
        let Effective::Set { value, layer } = found else { return found };
        if attributes::is_encrypted(&value.text) {
            return Effective::Undetermined(format!("{attribute} of {section} is encrypted"), Some(value.span));
        }
        if let Some((why, span)) = self.may_not_count(chain, layer, section, attribute) {
            return Effective::Undetermined(why, Some(span));
        }
        let deeper = levels.filter(|level| level[0].level() < layer.level() && level[0].depth() > layer.level());
        for other in deeper.filter_map(|level| effective_at(level, section, attribute)) {
            match other {
                Effective::Set { value: earlier, .. } if earlier.is(&value.text) => {}
                Effective::Set { value: earlier, layer: upper } => {
                    let why = format!(
                        "{} and {} set {attribute} of {section} differently, and which of them holds is not documented",
                        upper.origin(),
                        layer.origin()
                    );
                    return Effective::Undetermined(why, Some(earlier.span));
                }
                other => return other,
            }
        }
        found
    }

    /// Why a value may not be in force although its layer is the nearest: a lock above it.
    fn may_not_count(
        &self,
        chain: &Chain<'_>,
        layer: &Layer,
        section: &str,
        attribute: &str,
    ) -> Option<(String, Span)> {
        if layer.home.is_some() && self.sections.state(chain.above(layer), section) == State::Unknown {
            let why = format!("the applicationHost.config does not say whether a web.config may set {section}");
            return Some((why, self.root));
        }
        let outer = chain.layers.iter().filter(|it| it.home == layer.home && it.key != layer.key);
        let locks = outer.filter(|it| it.reaches(&layer.key)).flat_map(|it| it.locks_of(section));
        let lock = { locks }.find_map(|entry| lock::of_attribute(entry, attribute))?;
        let why = format!("{section} is set for a path of the same file that locks {attribute}");
        Some((why, lock))
    }

    /// The items of a collection that are in force for a chain of layers.
    pub fn collection<'i>(&self, chain: &Chain<'i>, items: &Items) -> Collection<'i> {
        let section = items.section;
        let mut it = Collection::default();
        if self.fragment {
            it.undetermined = Some((FRAGMENT.to_owned(), Some(self.root)));
        }
        for level in chain.layers.chunk_by(|one, other| one.is_beside(other)) {
            for layer in level {
                for index in 0..layer.entries.len() {
                    it.take(layer, index, items);
                }
            }
            let mut touching = level.iter().filter_map(|layer| layer.first_item(section));
            if let (Some(_), Some(second)) = (touching.next(), touching.next()) {
                it.undetermined = Some(("two places of one level change it".to_owned(), Some(second)));
            }
        }
        if let Some(found) = self.order_unknown(chain, section) {
            it.undetermined = Some(found);
        }
        if let Some((doubt, span)) = chain.doubts.iter().find_map(|it| Some((it, it.changes_items(section)?))) {
            it.undetermined = Some((doubt.why.clone(), Some(span)));
        }
        if let Some((why, span)) = chain.failure {
            it.undetermined = Some((why.to_owned(), Some(span)));
        }
        it
    }

    /// Why the order of two layers that change a collection is not known.
    fn order_unknown(&self, chain: &Chain<'_>, section: &str) -> Option<(String, Option<Span>)> {
        let touching: Vec<(&Layer, Span)> =
            chain.layers.iter().filter_map(|layer| Some((*layer, layer.first_item(section)?))).collect();
        let owner = attributes::owner(section);
        let lower = touching.iter().filter(|(layer, _)| layer.home.is_some());
        for (layer, _) in lower.clone() {
            if self.sections.state(chain.above(layer), owner) == State::Unknown {
                let why = format!("the applicationHost.config does not say whether a web.config may set {owner}");
                return Some((why, Some(self.root)));
            }
        }
        let deepest = |level: usize| {
            let above = touching.iter().filter(move |(layer, _)| layer.level() < level && layer.depth() > level);
            above.map(|(layer, span)| (layer.origin(), *span)).next()
        };
        lower.map(|(layer, _)| layer).find_map(|layer| {
            let (origin, span) = deepest(layer.level())?;
            let other = layer.origin();
            Some((format!("{origin} and {other} change it, and in which order is not documented"), Some(span)))
        })
    }

    /// The paths on the way to a chain's path at which a web.config that was not given could set a section.
    pub fn open_below<'c>(&self, chain: &'c Chain<'_>, section: &str) -> Vec<&'c str> {
        let is_open = |key: &str| {
            let above = chain.layers.iter().copied().filter(|it| it.reaches(key) && it.level() < super::depth(key));
            match self.sections.state(above, section) {
                State::Open => true,
                State::Locked(_) | State::Unknown => false,
            }
        };
        chain.unseen.iter().map(String::as_str).filter(|key| is_open(key)).collect()
    }
}

/// The layers of a chain grouped by file and path, from the innermost group to the outermost.
fn levels<'c, 'i>(layers: &'c [&'i Layer]) -> impl Iterator<Item = &'c [&'i Layer]> {
    layers.chunk_by(|one, other| one.is_beside(other)).rev()
}

fn effective_at<'i>(level: &[&'i Layer], section: &str, name: &str) -> Option<Effective<'i>> {
    let mut found: Option<Effective<'i>> = None;
    for layer in level {
        for entry in layer.entries.iter().filter(|entry| is_within(section, &entry.path)) {
            if let Some(why) = entry.opacity() {
                return Some(Effective::Undetermined(why, Some(entry.tag)));
            }
            let Some(value) = entry.attribute(name).filter(|_| entry.path == section) else { continue };
            match &found {
                Some(Effective::Set { value: earlier, .. }) if !earlier.is(&value.text) => {
                    let why = format!("two places of one level set {name} of {section} differently");
                    return Some(Effective::Undetermined(why, Some(value.span)));
                }
                _ => found = Some(Effective::Set { value, layer }),
            }
        }
    }
    found
}
