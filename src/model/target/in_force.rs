//! What is in force at one place in IIS, as answers with their evidence.

use crate::model::answer::{Answer, Evidence, List, Missing};
use crate::model::attributes;
use crate::model::command;
use crate::model::iis::{BROKEN, Collection, ELSEWHERE, Effective, FAILS, FRAGMENT, INVALID, Item, Layer};
use crate::model::place::IisPlace;
use crate::model::server::Server;
use crate::text::span::Span;

/// An attribute as people name it: `access@sslFlags`.
pub(super) fn setting(section: &str, name: &str) -> String {
    format!("{}@{name}", attributes::last_part(section))
}

/// Reasons that concern the whole file.
const WHOLE: [&str; 4] = [FRAGMENT, BROKEN, INVALID, ELSEWHERE];

/// Faults of the whole file are one reason, whatever it was that could not be told.
pub(in crate::model) fn undetermined(server: &Server, object: &str, why: &str, what: &str) -> Missing {
    let reason = if why.starts_with(FAILS) {
        format!("on {}, {why}", server.name)
    } else if WHOLE.contains(&why) {
        format!("the applicationHost.config of {} {why}", server.name)
    } else {
        format!("{what} at {object} on {} could not be told: {why}", server.name)
    };
    if why == FRAGMENT || why == BROKEN {
        return Missing { reason, server: server.name.clone(), ask_for: command::iis(&server.name) };
    }
    let ask_for = match () {
        () if why.starts_with(FAILS) => "a corrected web.config",
        () if why.ends_with("not documented") => "the setting in one place only, or the same in both,",
        () => "a corrected applicationHost.config",
    };
    Missing { reason, server: server.name.clone(), ask_for: format!("{ask_for} of {}", server.name) }
}

/// The evidence for a value that a layer sets: the value, and the path of the layer that it is inherited from.
pub(in crate::model) fn inherited(span: Span, layer: &Layer, place: &IisPlace<'_>) -> Vec<Evidence> {
    let mut evidence = vec![Evidence::value(span)];
    if let (Some(home), false) = (layer.home(), layer.is_at(&place.path)) {
        evidence[0].note = Some(format!("set in the web.config of {home}, and inherited"));
    } else if !layer.is_at(&place.path) {
        if let Some(path) = layer.path.as_ref().filter(|path| path.span != span && !path.text.is_empty()) {
            evidence.push(Evidence::noted(path.span, "set for this path, and inherited"));
        } else {
            evidence[0].note = Some("set for the whole server".to_owned());
        }
    }
    evidence
}

/// The thing that lacks a setting: the application, or the site where there is none.
pub(super) fn lacking(place: &IisPlace<'_>) -> Span {
    place.application.map_or(place.site.name.span, |application| application.path.span)
}

pub(super) fn attribute_at(
    place: &IisPlace<'_>,
    server: &Server,
    section: &str,
    name: &str,
    unset: Option<&str>,
) -> Answer<String> {
    match place.iis.effective(&place.chain, section, name) {
        Effective::Set { value, layer } => Answer::Is(value.text.to_string(), inherited(value.span, layer, place)),
        Effective::Default => match attributes::find(section, name).map(|row| row.default).or(unset) {
            Some(default) => {
                let note = format!("no layer sets {}, so it is `{default}`", setting(section, name));
                Answer::Is(default.to_owned(), vec![Evidence::noted(lacking(place), note)])
            }
            None => {
                let why = "no layer sets it, and its default is not known";
                let missing = undetermined(server, &place.path, why, &setting(section, name));
                let ask_for = "the default of the attribute, as `unset` in the rule".to_owned();
                Answer::Open(Missing { ask_for, ..missing }, vec![Evidence::value(lacking(place))])
            }
        },
        Effective::Undetermined(why, span) => {
            let evidence = span.map(Evidence::value).into_iter().collect();
            Answer::Open(undetermined(server, &place.path, &why, &setting(section, name)), evidence)
        }
    }
}

pub(super) fn providers_at(place: &IisPlace<'_>, server: &Server) -> Answer<List> {
    let collection = place.iis.collection(&place.chain, &attributes::PROVIDERS);
    let value = |item: &Item<'_>| item.attribute("value").map_or(String::new(), |value| value.text.trim().to_owned());
    let removed: Vec<String> = collection.removed.iter().map(value).collect();
    let mut items: Vec<String> = collection.items.iter().map(value).collect();
    let by_default = collection.is_default && collection.undetermined.is_none();
    if by_default {
        let left = |it: &&str| !removed.iter().any(|gone| gone.eq_ignore_ascii_case(it));
        items = ["Negotiate", "NTLM"].into_iter().filter(left).map(str::to_owned).collect();
    }
    let mut evidence = providers_evidence(place, &collection);
    if by_default && evidence.is_empty() {
        let note = "no layer lists providers, so they are Negotiate and NTLM";
        evidence.push(Evidence::noted(lacking(place), note));
    } else if evidence.is_empty() {
        evidence.push(Evidence::value(collection.place.unwrap_or_else(|| lacking(place))));
    }
    let cut = collection
        .undetermined
        .map(|(why, _)| undetermined(server, &place.path, &why, "the providers of Windows authentication"));
    Answer::Is(List { items, cut }, evidence)
}

/// What took Negotiate away comes first, if anything did; then the providers that are left.
fn providers_evidence(place: &IisPlace<'_>, collection: &Collection<'_>) -> Vec<Evidence> {
    let span = |item: &Item<'_>| item.attribute("value").map_or(item.tag, |value| value.span);
    let is_negotiate = |item: &&Item<'_>| {
        item.attribute("value").is_some_and(|value| value.text.trim().to_ascii_lowercase().starts_with("negotiate"))
    };
    let has_negotiate = collection.items.iter().any(|item| is_negotiate(&item));
    let gone = collection.removed.iter().rev().find(is_negotiate).filter(|_| !has_negotiate);
    let mut evidence: Vec<Evidence> =
        gone.map(|item| Evidence::noted(span(item), "it is taken out here")).into_iter().collect();
    for item in &collection.items {
        if evidence.is_empty() {
            evidence.extend(inherited(span(item), item.layer, place));
        } else {
            evidence.push(Evidence::noted(span(item), "a provider"));
        }
    }
    evidence
}
