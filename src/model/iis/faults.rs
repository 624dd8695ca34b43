//! Faults of configurations: values that IIS refuses, and places of one level that contradict each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::attributes;
use crate::model::iis::layer::Layer;
use crate::model::site::Sites;
use crate::read::problem::{Problem, ProblemKind};
use crate::text::scalar::Text;
use crate::text::span::Span;

/// Values that IIS would refuse, and attributes that two places of one level set differently.
pub(super) fn of_layers(layers: &[Layer], problems: &mut Vec<Problem>) {
    for entry in layers.iter().flat_map(|layer| layer.entries.iter()) {
        entry.problems(problems);
    }
    problems.extend(layers.iter().filter_map(odd_path));
    changed_twice(layers, problems);
    set_twice(layers, problems);
}

/// Location tags that name no site of the file, and sections that cannot be kept elsewhere.
pub(super) fn of_host_layers(layers: &[Layer], sites: &Sites, problems: &mut Vec<Problem>) {
    let names: BTreeSet<String> = sites.sites.iter().map(|it| it.name.text.to_lowercase()).collect();
    for layer in layers {
        let Some(path) = layer.path.as_ref().filter(|_| !layer.key.is_empty()) else { continue };
        let site = layer.key.split('/').next().unwrap_or_default();
        if !names.is_empty() && !names.contains(site) && odd_path(layer).is_none() {
            let message = "no site of this file has this name, so the settings apply to nothing";
            problems.push(Problem::new(ProblemKind::IisDeadPath, path.span, message));
        }
        for source in layer.entries.iter().filter_map(|entry| entry.attribute("configSource")) {
            let message = "applicationHost.config does not take configSource within a location tag";
            problems.push(Problem::new(ProblemKind::IisInvalid, source.span, message));
        }
    }
}

/// Switches of sites and pools that are neither true nor false.
pub(super) fn of_sites(sites: &Sites, problems: &mut Vec<Problem>) {
    for (name, value) in sites.invalid_switches() {
        let message = format!("`{name}` cannot be `{}`", value.text);
        problems.push(Problem::new(ProblemKind::IisInvalid, value.span, message));
    }
}

/// A location tag whose path is written in a way that may match nothing.
fn odd_path(layer: &Layer) -> Option<Problem> {
    let path = layer.path.as_ref().filter(|path| !matches!(path.text.as_ref(), "" | "."))?;
    let text = path.text.as_ref();
    let odd = text.contains("//") || text.contains(['\\', '%']) || text.starts_with(['/', '.']);
    (odd || text.trim() != text || text.split('/').any(|part| part.trim() != part)).then(|| {
        let message = "whether IIS matches a path that is written like this is not documented";
        Problem::new(ProblemKind::IisOddPath, path.span, message)
    })
}

/// Collections that two places of one level change: their order is not documented.
fn changed_twice(layers: &[Layer], problems: &mut Vec<Problem>) {
    for section in attributes::COLLECTIONS.iter().map(|it| it.section) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for layer in layers {
            let Some(item) = layer.first_item(section) else { continue };
            if seen.insert(&layer.key, item).is_some() {
                let message = format!("another place of this level changes {section} too");
                problems.push(Problem::new(ProblemKind::IisDuplicate, item, message));
            }
        }
    }
}

fn set_twice(layers: &[Layer], problems: &mut Vec<Problem>) {
    let mut seen: BTreeMap<(&str, &str, &str), &Text> = BTreeMap::new();
    for layer in layers {
        for entry in layer.entries.iter().filter(|entry| !entry.is_item()) {
            for (name, value) in &entry.attributes {
                let known = attributes::find(&entry.path, name).is_some();
                let earlier = seen.insert((&layer.key, &entry.path, name), value);
                if let Some(earlier) = earlier.filter(|earlier| known && !earlier.is(&value.text)) {
                    let message =
                        format!("`{name}` of {} is `{}` in another place of this level", entry.path, earlier.text);
                    problems.push(Problem::new(ProblemKind::IisDuplicate, value.span, message));
                }
            }
        }
    }
}
