//! What a web.config that was not given could set.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::model::attributes;
use crate::model::place::Found;
use crate::model::target::Target;
use crate::model::target::in_force::lacking;
use crate::text::span::Span;

/// The sections of what rules can ask about, each once.
static SECTIONS: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| attributes::ATTRIBUTES.iter().map(|row| attributes::owner(row.section)).collect());

impl Target<'_> {
    /// What is taken for granted of a section because a web.config that was not given could set it: one where none was
    /// given at all, else one for each path on the way that none was given for.
    pub fn unseen_changes(&self, section: &str) -> Vec<String> {
        let name = attributes::last_part(section);
        let mut assumed = Vec::new();
        for place in self.places.iter().filter_map(Found::place) {
            let open = place.iis.open_below(&place.chain, section);
            if place.chain.given().is_empty() && !open.is_empty() {
                assumed.push(format!("no web.config changes {name} at {}", self.vdir.identity));
            } else {
                let at = |key: &str| &place.path[..key.len().min(place.path.len())];
                assumed.extend(
                    { open }
                        .into_iter()
                        .map(|key| format!("no web.config of {} changes {name} at {}", at(key), self.vdir.identity)),
                );
            }
        }
        assumed
    }

    /// The paths on the way that no web.config was given for although it could change what rules ask about, and the
    /// thing in IIS that lies there.
    pub fn unseen_web_configs(&self) -> Option<(Span, Vec<String>)> {
        let places = self.places.iter().filter_map(Found::place);
        let place = { places }.find(|it| !it.iis.excerpt && !it.iis.fragment && it.iis.unusable.is_none())?;
        let mut open: BTreeSet<&str> = BTreeSet::new();
        for section in SECTIONS.iter() {
            if open.len() == place.chain.unseen().len() {
                break;
            }
            open.extend(place.iis.open_below(&place.chain, section));
        }
        let paths: Vec<String> =
            open.iter().map(|key| place.path[..key.len().min(place.path.len())].to_owned()).collect();
        (!paths.is_empty()).then(|| (lacking(place), paths))
    }
}
