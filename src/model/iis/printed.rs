//! What appcmd printed: values that hold at one path each, and say nothing of any other.

use crate::model::attributes::{self, IP_SECURITY};
use crate::model::iis::layer::{Entry, Layer, collect};
use crate::model::iis::lock::Sections;
use crate::model::iis::lower::Lower;
use crate::model::iis::{BROKEN, INVALID, Iis, faults, validity};
use crate::model::site::Sites;
use crate::read::problem::{Problem, ProblemKind};
use crate::read::xml::XmlDocument;
use crate::text::scalar::Text;
use crate::text::span::Span;

/// A command that printed the configuration of a path.
#[derive(Debug)]
pub struct Printed {
    /// Where the command ends.
    pub from: usize,
    /// The path that it names.
    pub path: Text,
}

impl Iis {
    /// Takes in what commands printed, each up to the next one, and the sites that were listed.
    pub fn printed(
        document: &XmlDocument<'_>,
        complete: bool,
        commands: &[Printed],
        sites: Sites,
        place: Span,
    ) -> (Iis, Vec<Problem>) {
        let mut problems = validity::problems_of_parts(document);
        let mut printed: Vec<Vec<Entry>> = commands.iter().map(|_| Vec::new()).collect();
        for root in document.roots() {
            let element = document.get(root);
            let behind = commands.partition_point(|it| it.from <= element.tag.start as usize);
            if element.local_name() == "system.webServer" && behind > 0 {
                collect(document, root, "system.webServer", &mut printed[behind - 1]);
            }
        }
        let layers: Vec<Layer> =
            commands.iter().zip(printed).map(|(it, entries)| Layer::printed(&it.path, entries)).collect();
        let unusable = match problems.first() {
            _ if !complete => Some((BROKEN, place)),
            first => first.map(|it| (INVALID, it.span)),
        };
        faults::of_layers(&layers, &mut problems);
        problems.extend(layers.iter().flat_map(|it| it.entries.iter()).filter_map(not_asked));
        let mut iis = Iis {
            fragment: true,
            excerpt: true,
            unusable,
            root: place,
            sites,
            layers: Vec::new(),
            by_key: std::collections::BTreeMap::new(),
            sections: Sections::default(),
            lower: Lower::default(),
        };
        iis.take_layers(layers);
        (iis, problems)
    }
}

/// Whether appcmd shows inherited items without `/config:*` is not documented, so that a collection may lack some.
fn not_asked(entry: &Entry) -> Option<Problem> {
    let providers = entry.path.starts_with(attributes::WINDOWS) && entry.is_item();
    let restriction = entry.path == IP_SECURITY && !entry.attributes.is_empty();
    let item = entry.path.starts_with(IP_SECURITY) && entry.is_item();
    (providers || restriction || item).then(|| {
        let message = "what appcmd shows of a collection may lack inherited items, so nothing is concluded from it";
        Problem::new(ProblemKind::AppcmdCollection, entry.name(), message)
    })
}
