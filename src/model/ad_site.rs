//! AD sites: which servers lie in one, and in what those of one version differ that users take for alike.

use std::collections::BTreeMap;

use crate::model::answer::{Answer, Evidence, Missing};
use crate::model::attributes::ACCESS;
use crate::model::ladder::Ladder;
use crate::model::server::{ALLOW_UNTRUSTED, ALLOW_WITHOUT_SSL, Server};
use crate::model::target::Target;
use crate::model::verdict::Verdict;
use crate::text::span::Span;

/// One AD site.
#[derive(Debug, Clone)]
pub struct AdSite {
    /// The name as first written.
    pub name: String,
    /// The name in lower case.
    pub key: String,
    /// Where a server is said to lie in it.
    pub place: Span,
    /// The indexes of its servers, without those of Exchange 2013 and later.
    pub servers: Vec<usize>,
    /// The first few of its virtual directories that can be proxied to over https.
    pub https: Vec<usize>,
}

/// Something in which the servers of a site should agree.
#[derive(Debug, Clone, Copy)]
pub struct Aspect {
    /// The name in rules.
    pub name: &'static str,
    whose: Whose,
}

#[derive(Debug, Clone, Copy)]
enum Whose {
    Vdir(fn(&Target<'_>) -> Answer<String>),
    Server(fn(&Server) -> Answer<String>),
}

/// All aspects. Which bits of SSL are wanted is left out of the flags: setup itself has written both.
pub const ASPECTS: [Aspect; 6] = [
    Aspect { name: "ExternalUrl", whose: Whose::Vdir(has_external) },
    Aspect { name: "InternalUrl scheme", whose: Whose::Vdir(scheme) },
    Aspect { name: "InternalAuthenticationMethods", whose: Whose::Vdir(methods) },
    Aspect { name: "sslFlags", whose: Whose::Vdir(ssl_flags) },
    Aspect { name: "AllowProxyingWithoutSsl", whose: Whose::Server(|it| on(&it.switch(ALLOW_WITHOUT_SSL))) },
    Aspect { name: "AllowInternalUntrustedCerts", whose: Whose::Server(|it| on(&it.switch(ALLOW_UNTRUSTED))) },
];

impl Aspect {
    /// Whether it is kept in the registry, so that a finding lists the servers as sources.
    pub fn is_of_registry(&self) -> bool {
        matches!(self.whose, Whose::Server(_))
    }
}

/// The aspect with this name, in any case.
pub fn aspect(name: &str) -> Option<&'static Aspect> {
    ASPECTS.iter().find(|aspect| aspect.name.eq_ignore_ascii_case(name))
}

/// What differs from the others of its site; all of them where no value is the commonest.
#[derive(Debug, Clone, Default)]
pub struct Odd {
    /// The virtual directories or servers, by name.
    pub names: Vec<String>,
    /// The indexes of their servers.
    pub servers: Vec<usize>,
    /// A place for each, and one for what is common.
    pub evidence: Vec<Evidence>,
    /// Why the answer may not be whole.
    pub open: Vec<Missing>,
}

struct Voice {
    name: String,
    server: usize,
    span: Span,
}

/// The sites by name, each with its servers.
pub fn ad_sites(ladder: &Ladder<'_>) -> Vec<AdSite> {
    let mut sites: BTreeMap<String, AdSite> = BTreeMap::new();
    for (index, server) in ladder.estate.servers.iter().enumerate().filter(|(_, it)| !it.is_2013_or_later()) {
        let Some(name) = &server.site else { continue };
        let site = sites.entry(name.text.to_lowercase()).or_insert_with(|| AdSite {
            name: name.text.to_string(),
            key: name.text.to_lowercase(),
            place: name.span,
            servers: Vec::new(),
            https: Vec::new(),
        });
        site.servers.push(index);
        for target in ladder.targets_of(index).filter(|_| site.https.len() < 4).collect::<Vec<_>>() {
            let it = &ladder.targets[target];
            let url = it.internal_url().known().and_then(Option::as_ref);
            let is_https = url.is_some_and(|url| url.scheme().as_deref() == Some("https"));
            if is_https && matches!(ladder.no_candidate(target), Verdict::No) {
                site.https.push(target);
            }
        }
    }
    sites.into_values().collect()
}

/// What is odd about a site in one aspect: servers are compared with those of their version, virtual directories with
/// those of the same name and web site.
pub fn odd_ones(ladder: &Ladder<'_>, site: &AdSite, aspect: &Aspect) -> Odd {
    let mut odd = Odd::default();
    let mut groups: BTreeMap<(&str, String), BTreeMap<String, Vec<Voice>>> = BTreeMap::new();
    for index in site.servers.iter().copied() {
        let server = &ladder.estate.servers[index];
        let version = server.version.map_or("unknown", |(version, _)| version.word());
        let mut hear = |key: String, name: &str, answer: Answer<String>| match answer {
            Answer::Open(missing, _) => odd.open.push(missing),
            Answer::Is(value, evidence) => {
                let span = evidence.first().map_or(server.place, |it| it.span);
                let voice = Voice { name: name.to_owned(), server: index, span };
                groups.entry((version, key)).or_default().entry(value).or_default().push(voice);
            }
        };
        match aspect.whose {
            Whose::Server(read) => hear(String::new(), &server.name, read(server)),
            Whose::Vdir(read) => {
                for target in ladder.targets_of(index).map(|it| &ladder.targets[it]) {
                    let has_more = server.vdirs.len() > 1;
                    let name = if has_more { &target.vdir.identity } else { &server.name };
                    hear(target.vdir.key(), name, read(target));
                }
            }
        }
    }
    for values in groups.into_values().filter(|values| values.len() > 1) {
        odd.take(values);
    }
    odd
}

impl Odd {
    fn take(&mut self, values: BTreeMap<String, Vec<Voice>>) {
        let most = values.values().map(Vec::len).max().unwrap_or(0);
        let has_norm = values.values().filter(|voices| voices.len() == most).count() == 1;
        let (norm, others): (Vec<_>, Vec<_>) =
            values.into_iter().partition(|(_, voices)| has_norm && voices.len() == most);
        let mut others: Vec<(Voice, String)> = others
            .into_iter()
            .flat_map(|(value, voices)| voices.into_iter().map(move |voice| (voice, value.clone())))
            .collect();
        others.sort_by(|(one, _), (other, _)| (one.server, &one.name).cmp(&(other.server, &other.name)));
        for (voice, value) in others {
            self.evidence.push(Evidence::noted(voice.span, format!("{}: {value}", voice.name)));
            self.names.push(voice.name);
            self.servers.push(voice.server);
        }
        for (value, voices) in norm {
            let more = voices.len() - 1;
            let and = if more == 0 { String::new() } else { format!(" and {more} more") };
            self.evidence.push(Evidence::noted(voices[0].span, format!("{}{and}: {value}", voices[0].name)));
        }
    }
}

fn has_external(target: &Target<'_>) -> Answer<String> {
    let words = |is_set| if is_set { "an ExternalUrl" } else { "no ExternalUrl" };
    target.external_url().as_ref().map(|url| words(url.is_some()).to_owned())
}

fn scheme(target: &Target<'_>) -> Answer<String> {
    match target.internal_url().as_ref() {
        Answer::Is(Some(url), evidence) => {
            let evidence = url.scheme_span().map_or(evidence, |span| vec![Evidence::value(span)]);
            Answer::Is(url.scheme().unwrap_or_else(|| "no scheme".to_owned()), evidence)
        }
        other => other.map(|_| "no InternalUrl".to_owned()),
    }
}

fn methods(target: &Target<'_>) -> Answer<String> {
    match target.list("InternalAuthenticationMethods") {
        Answer::Open(missing, evidence) => Answer::Open(missing, evidence),
        Answer::Is(list, evidence) => match list.cut {
            Some(missing) => Answer::Open(missing, evidence),
            None => Answer::Is(in_order(list.items), evidence),
        },
    }
}

fn ssl_flags(target: &Target<'_>) -> Answer<String> {
    target.iis_flags(ACCESS, "sslFlags").map(|list| {
        let counts = |it: &String| !it.eq_ignore_ascii_case("Ssl128") && !it.eq_ignore_ascii_case("None");
        let flags: Vec<String> = list.items.into_iter().filter(counts).collect();
        if flags.is_empty() { "SSL not required".to_owned() } else { in_order(flags) }
    })
}

fn on(answer: &Answer<bool>) -> Answer<String> {
    answer.clone().map(|value| if value { "on" } else { "off" }.to_owned())
}

fn in_order(mut items: Vec<String>) -> String {
    items.sort_by_key(|item| item.to_lowercase());
    items.join(", ")
}
