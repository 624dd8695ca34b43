//! Checks of what no export shows: AD sites, properties that rules about risks ask, and web.config files.

use std::collections::BTreeSet;

use crate::finding::{Label, spoken};
use crate::model::command;
use crate::model::ladder::Ladder;
use crate::model::panel;
use crate::model::server::Server;
use crate::model::version::Version;
use crate::rule::checks::Hit;

/// The servers whose AD site nothing says, as one finding: it takes two to have pairs.
pub(super) fn sites_unknown(ladder: &Ladder<'_>) -> Vec<Hit> {
    let servers = &ladder.estate.servers;
    let unknown = (0..servers.len()).filter(|it| servers[*it].site.is_none() && !servers[*it].is_2013_or_later());
    let label = |server: usize| Label::new(servers[server].place, "nothing says in which AD site this server lies");
    let places: Vec<(usize, Label)> = unknown.map(|it| (it, label(it))).collect();
    if servers.len() > 1 { together(ladder, places, Vec::new()) } else { Vec::new() }
}

/// The servers whose exports lack properties that rules about risks ask, as one finding; Exchange 2007 has not all.
pub(super) fn secondary_properties(ladder: &Ladder<'_>) -> Vec<Hit> {
    const NAMES: [&str; 4] =
        ["FormsAuthentication", "WindowsAuthentication", "ExtendedProtectionTokenChecking", "CrossSiteRedirectType"];
    let (mut places, mut all) = (Vec::new(), BTreeSet::new());
    for (index, target) in ladder.targets.iter().enumerate().filter(|(_, it)| !it.server.is_2013_or_later()) {
        let is_2007 = matches!(target.server.version, Some((Version::Exchange2007, _)));
        let wanted = &NAMES[..if is_2007 { 2 } else { NAMES.len() }];
        let missing: Vec<&str> = wanted.iter().copied().filter(|name| target.vdir.get(name).is_none()).collect();
        if !missing.is_empty() {
            let label = format!("not exported: {}", missing.join(", "));
            places.push((ladder.server_of(index), Label::new(target.vdir.place, label)));
            all.extend(missing);
        }
    }
    let command = command::directories_of_each(command::OWA, &names(ladder, &places));
    let properties = all.into_iter().collect::<Vec<_>>().join(", ");
    together(ladder, places, vec![("properties", properties), ("command", command)])
}

/// The servers of whose web.config files some were not given where they could change what rules ask about, as one
/// finding; of a fragment nothing is known anyway.
pub(super) fn web_configs(ladder: &Ladder<'_>) -> Vec<Hit> {
    let mut places: Vec<(usize, Label)> = Vec::new();
    for (index, target) in ladder.targets.iter().enumerate().filter(|(_, it)| !it.server.is_2013_or_later()) {
        if let Some((span, paths)) = target.unseen_web_configs() {
            let label = format!("not given: the web.config of {}", spoken(&paths));
            places.push((ladder.server_of(index), Label::new(span, label)));
        }
    }
    let command = command::collect(&names(ladder, &places));
    together(ladder, places, vec![("command", command)])
}

/// The servers whose control panel was not given, or not with what rules ask of it, as one finding. One that was given
/// for another web site shows that the export is there; Exchange 2007 has none.
pub(super) fn control_panels(ladder: &Ladder<'_>) -> Vec<Hit> {
    let is_2007 = |server: &Server| matches!(server.version, Some((Version::Exchange2007, _)));
    let mut places: Vec<(usize, Label)> = Vec::new();
    for (index, target) in ladder.targets.iter().enumerate() {
        if target.server.is_2013_or_later() || is_2007(target.server) {
            continue;
        }
        let label = match panel::beside(target) {
            Some(panel) => {
                let missing = panel::not_shown(panel);
                (!missing.is_empty())
                    .then(|| Label::new(panel.place, format!("not shown, or not whole: {}", missing.join(", "))))
            }
            None if target.server.control_panels.is_empty() => {
                Some(Label::new(target.vdir.place, "no control panel beside it was given"))
            }
            None => None,
        };
        places.extend(label.map(|it| (ladder.server_of(index), it)));
    }
    let command = command::directories_of_each(command::CONTROL_PANEL, &names(ladder, &places));
    together(ladder, places, vec![("command", command)])
}

/// One finding about several servers, with a place on each.
fn together(ladder: &Ladder<'_>, places: Vec<(usize, Label)>, mut values: Vec<(&'static str, String)>) -> Vec<Hit> {
    let servers: BTreeSet<usize> = places.iter().map(|(server, _)| *server).collect();
    let Some(server) = servers.first().copied() else { return Vec::new() };
    values.push(("servers", spoken(&names(ladder, &places))));
    let labels = places.into_iter().map(|(_, label)| label).collect();
    let also = servers.into_iter().skip(1).collect();
    vec![Hit { server, also, of_registry: false, labels, values, cause: String::new() }]
}

/// The names of the servers that places lie on, each once.
fn names(ladder: &Ladder<'_>, places: &[(usize, Label)]) -> Vec<String> {
    let servers: BTreeSet<usize> = places.iter().map(|(server, _)| *server).collect();
    servers.into_iter().map(|it| ladder.estate.servers[it].name.clone()).collect()
}
