//! Address restrictions: what `ipSecurity` does with requests from a server.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::model::answer::{Answer, Evidence, Missing};
use crate::model::attributes::{self, IP_SECURITY};
use crate::model::iis::{Collection, Effective, Item};
use crate::model::place::IisPlace;
use crate::model::server::Server;
use crate::model::target::{Admission, inherited, undetermined};
use crate::text::span::Span;

/// What `ipSecurity` at a place does with requests from `source`.
///
/// IIS takes the entries in their order; the first that matches decides, and `allowUnlisted` decides where none does
/// (the section's reference documentation). Entries by domain name need a name look-up, which a snapshot cannot answer.
pub fn at(place: &IisPlace<'_>, server: &Server, source: &Server) -> Answer<Admission> {
    of_all(place, server).unwrap_or_else(|| of_source(place, server, source))
}

/// What `ipSecurity` does with requests, where that is the same whoever sends them; `None` where addresses decide.
pub fn of_all(place: &IisPlace<'_>, server: &Server) -> Option<Answer<Admission>> {
    let collection = restrictions(place);
    if let Some((why, span)) = &collection.undetermined {
        return Some(open(server, place, why, span.map(Evidence::value).into_iter().collect()));
    }
    let (unlisted, shown_by) = match unlisted(place) {
        Ok(found) => found,
        Err((why, span)) => return Some(open(server, place, &why, span.map(Evidence::value).into_iter().collect())),
    };
    let entries: Vec<Entry<'_>> = collection.items.iter().map(Entry::new).collect();
    if unlisted && entries.iter().all(|entry| entry.allowed == Some(true)) {
        return Some(Answer::Is(Admission::Allowed, shown(place, &collection, shown_by)));
    }
    if let Some(why) = other_answer(place) {
        return Some(open(server, place, &why, shown(place, &collection, shown_by)));
    }
    if !unlisted && entries.iter().all(|entry| entry.allowed == Some(false)) {
        return Some(Answer::Is(Admission::Denied, shown(place, &collection, shown_by)));
    }
    None
}

fn of_source(place: &IisPlace<'_>, server: &Server, source: &Server) -> Answer<Admission> {
    let collection = restrictions(place);
    let entries: Vec<Entry<'_>> = collection.items.iter().map(Entry::new).collect();
    let unlisted = unlisted(place).unwrap_or((true, Vec::new()));
    let everything = entries.iter().take_while(|it| it.allowed == Some(false)).find(|it| it.is_everything());
    if let Some(entry) = everything.filter(|_| source.addresses.is_empty()) {
        return Answer::Is(Admission::Denied, inherited(entry.place, entry.item.layer, place));
    }
    by_addresses(place, server, source, &entries, unlisted)
}

/// The domain names of `ipSecurity` that may keep a source out: those that are denied, and, where only what is listed is
/// let in, those that are let in. Which names a source has by a reverse look-up is in no export.
pub fn domain_names(place: &IisPlace<'_>, server: &Server) -> Answer<Vec<String>> {
    let collection = restrictions(place);
    if let Some((why, span)) = &collection.undetermined {
        return open(server, place, why, span.map(Evidence::value).into_iter().collect());
    }
    let (unlisted, _) = match unlisted(place) {
        Ok(found) => found,
        Err((why, span)) => return open(server, place, &why, span.map(Evidence::value).into_iter().collect()),
    };
    let (mut names, mut evidence) = (Vec::new(), Vec::new());
    if other_answer(place).is_some() {
        return Answer::Is(names, evidence);
    }
    for entry in collection.items.iter().map(Entry::new) {
        let name = entry.item.attribute("domainName").filter(|_| entry.by_name);
        if let Some(name) = name.filter(|_| !unlisted || entry.allowed != Some(true)) {
            names.push(name.text.to_string());
            evidence.extend(inherited(name.span, entry.item.layer, place));
        }
    }
    Answer::Is(names, evidence)
}

fn restrictions<'e>(place: &IisPlace<'e>) -> Collection<'e> {
    place.iis.collection(&place.chain, &attributes::RESTRICTIONS)
}

struct Entry<'i> {
    item: &'i Item<'i>,
    place: Span,
    network: Option<(IpAddr, IpAddr)>,
    by_name: bool,
    allowed: Option<bool>,
}

enum Match {
    Yes,
    No,
    Unknown,
}

impl<'i> Entry<'i> {
    fn new(item: &'i Item<'i>) -> Entry<'i> {
        let address = item.attribute("ipAddress").filter(|it| !it.text.trim().is_empty());
        let name = item.attribute("domainName").filter(|it| !it.text.trim().is_empty());
        let allowed = match item.attribute("allowed") {
            None => Some(false),
            Some(text) if text.is("true") => Some(true),
            Some(text) if text.is("false") => Some(false),
            Some(_) => None,
        };
        let network = address.and_then(|address| {
            let address: IpAddr = address.text.trim().parse().ok()?;
            Some((address, mask_of(address, item.attribute("subnetMask").map(|it| it.text.trim()))?))
        });
        let place = address.or(name).map_or(item.tag, |it| it.span);
        Entry { item, place, network, by_name: address.is_none() && name.is_some(), allowed }
    }

    fn is_everything(&self) -> bool {
        self.network.is_some_and(|(_, mask)| mask == IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }

    fn matches(&self, address: IpAddr) -> Match {
        let same = match (self.network, address) {
            (Some((IpAddr::V4(network), IpAddr::V4(mask))), IpAddr::V4(it)) => network & mask == it & mask,
            (Some((IpAddr::V6(network), IpAddr::V6(mask))), IpAddr::V6(it)) => network & mask == it & mask,
            (Some(_), _) => false,
            (None, _) => return Match::Unknown,
        };
        if same { Match::Yes } else { Match::No }
    }
}

fn by_addresses(
    place: &IisPlace<'_>,
    server: &Server,
    source: &Server,
    entries: &[Entry<'_>],
    (unlisted, unlisted_place): (bool, Vec<Evidence>),
) -> Answer<Admission> {
    let mut verdicts: Vec<(bool, Vec<Evidence>)> = Vec::new();
    for (address, span) in &source.addresses {
        let judged = Evidence::noted(*span, format!("an address of {}", source.name));
        let with_address = |mut evidence: Vec<Evidence>| {
            evidence.push(judged);
            evidence
        };
        match verdict(*address, entries) {
            Ok(None) => verdicts.push((unlisted, with_address(shown_or_lacking(place, unlisted_place.clone())))),
            Ok(Some(entry)) => {
                let evidence = with_address(inherited(entry.place, entry.item.layer, place));
                verdicts.push((entry.allowed == Some(true), evidence));
            }
            Err((entry, why)) => return open(server, place, why, vec![Evidence::value(entry.place)]),
        }
    }
    let places = || entries.iter().map(|entry| Evidence::value(entry.place)).take(8).collect::<Vec<_>>();
    let missing = |reason: String, ask_for: String| Missing { reason, server: source.name.clone(), ask_for };
    match verdicts.iter().filter(|(allowed, _)| *allowed).count() {
        _ if verdicts.is_empty() => {
            let reason =
                format!("ipSecurity on {} could deny {}, whose addresses are not known", server.name, source.name);
            let ask_for = format!("`addresses` of {} in owalint-estate.toml", source.name);
            let evidence = if entries.is_empty() { unlisted_place } else { places() };
            Answer::Open(missing(reason, ask_for), evidence)
        }
        0 => Answer::Is(Admission::Denied, verdicts.swap_remove(0).1),
        allowed if allowed == verdicts.len() => Answer::Is(Admission::Allowed, verdicts.swap_remove(0).1),
        _ => {
            let reason =
                format!("ipSecurity on {} denies some addresses of {} and not others", server.name, source.name);
            Answer::Open(missing(reason, format!("which address {} proxies from", source.name)), places())
        }
    }
}

/// The entry that decides about an address; an entry that cannot be judged stops the search.
fn verdict<'e, 'i>(
    address: IpAddr,
    entries: &'e [Entry<'i>],
) -> Result<Option<&'e Entry<'i>>, (&'e Entry<'i>, &'static str)> {
    for entry in entries {
        match entry.matches(address) {
            Match::No => {}
            Match::Yes if entry.allowed.is_some() => return Ok(Some(entry)),
            Match::Yes => return Err((entry, "an entry's `allowed` is neither true nor false")),
            Match::Unknown if entry.by_name => return Err((entry, "an entry goes by domain name")),
            Match::Unknown => return Err((entry, "an entry's address cannot be read")),
        }
    }
    Ok(None)
}

/// A subnet mask is written as an address (`255.255.255.0`) or as the number of its bits; without one it is one address.
fn mask_of(address: IpAddr, mask: Option<&str>) -> Option<IpAddr> {
    let bits = |bits: u32| match address {
        IpAddr::V4(_) => {
            (bits <= 32).then(|| IpAddr::V4(Ipv4Addr::from_bits(u32::MAX.checked_shl(32 - bits).unwrap_or(0))))
        }
        IpAddr::V6(_) => {
            (bits <= 128).then(|| IpAddr::V6(Ipv6Addr::from_bits(u128::MAX.checked_shl(128 - bits).unwrap_or(0))))
        }
    };
    match mask.filter(|it| !it.is_empty()) {
        None => bits(if address.is_ipv4() { 32 } else { 128 }),
        Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok().and_then(bits),
        Some("255.255.255.255") if address.is_ipv6() => bits(128),
        Some(text) => text.parse::<IpAddr>().ok().filter(|it| it.is_ipv4() == address.is_ipv4()),
    }
}

type Unlisted = Result<(bool, Vec<Evidence>), (String, Option<Span>)>;

fn unlisted(place: &IisPlace<'_>) -> Unlisted {
    match place.iis.effective(&place.chain, IP_SECURITY, "allowUnlisted") {
        Effective::Default => Ok((true, Vec::new())),
        Effective::Set { value, layer } if attributes::accepts(attributes::Kind::Boolean, &value.text) => {
            Ok((value.is("true"), inherited(value.span, layer, place)))
        }
        Effective::Set { value, .. } => Err(("`allowUnlisted` is neither true nor false".to_owned(), Some(value.span))),
        Effective::Undetermined(why, span) => Err((why, span)),
    }
}

/// From IIS 8 on, `denyAction` can make IIS answer something else than 403.
fn other_answer(place: &IisPlace<'_>) -> Option<String> {
    match place.iis.effective(&place.chain, IP_SECURITY, "denyAction") {
        Effective::Set { value, .. } if !value.is("Forbidden") => {
            Some(format!("denyAction is `{}`, so a refusal is not answered with 403", value.text))
        }
        _ => None,
    }
}

fn shown(place: &IisPlace<'_>, collection: &Collection<'_>, mut evidence: Vec<Evidence>) -> Vec<Evidence> {
    evidence.extend(collection.items.iter().take(8).map(|item| Evidence::noted(item.tag, "an entry")));
    shown_or_lacking(place, evidence)
}

/// What lacks address restrictions, where nothing shows them.
fn shown_or_lacking(place: &IisPlace<'_>, mut evidence: Vec<Evidence>) -> Vec<Evidence> {
    if evidence.is_empty() {
        let lacking = place.application.map_or(place.site.name.span, |application| application.path.span);
        evidence.push(Evidence::noted(lacking, "no address restriction applies"));
    }
    evidence
}

fn open<T>(server: &Server, place: &IisPlace<'_>, why: &str, evidence: Vec<Evidence>) -> Answer<T> {
    Answer::Open(undetermined(server, &place.path, why, "ipSecurity"), evidence)
}
