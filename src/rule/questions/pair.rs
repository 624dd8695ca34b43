//! Questions about a source and a target together.

use crate::model::answer::{Answer, Evidence};
use crate::model::ladder::{Ladder, Older, Pair};
use crate::model::target::Admission;
use crate::model::url::HostForm;
use crate::rule::ask::Subject;
use crate::rule::questions::url::{host, part, port, scheme, whole};
use crate::rule::questions::{Depends, Question, Side, by, question};
use crate::rule::value::{Type, Value};

const FORMS: Type = Type::Words(&["well-formed", "not-absolute", "scheme", "path", "query"]);
const PROPERTIES: Type = Type::Words(&["InternalUrl", "ExternalUrl"]);
const HOST_FORMS: Type = Type::Words(&HostForm::WORDS);
const OLDER: Type = Type::Words(&["no", "generation", "service-pack"]);
const ADMISSIONS: Type = Type::Words(&["allowed", "denied"]);

/// What can be asked of a pair.
pub(super) const QUESTIONS: &[Question] = &[
    by(
        Depends::Url,
        question(
            "url",
            Side::Pair,
            Type::Text,
            "The URL that the source proxies to: InternalUrl, or ExternalUrl where the source does not redirect.",
            |ladder, subject, _| part(ladder.url(pair_of(subject)), whole),
        ),
    ),
    by(
        Depends::Url,
        question("url.scheme", Side::Pair, Type::Text, "Its scheme, in lower case.", |ladder, subject, _| {
            part(ladder.url(pair_of(subject)), scheme)
        }),
    ),
    by(
        Depends::Kind,
        question(
            "url.property",
            Side::Pair,
            PROPERTIES,
            "Which property it is: ExternalUrl where the source does not redirect.",
            property,
        ),
    ),
    by(
        Depends::Url,
        question("url.host", Side::Pair, Type::Text, "Its host.", |ladder, subject, _| {
            part(ladder.url(pair_of(subject)), host)
        }),
    ),
    by(
        Depends::Url,
        question("url.port", Side::Pair, Type::Number, "Its port, written or by its scheme.", |ladder, subject, _| {
            part(ladder.url(pair_of(subject)), port)
        }),
    ),
    by(
        Depends::Url,
        question(
            "url.form",
            Side::Pair,
            FORMS,
            "Whether it can be the URL of an OWA virtual directory, and if not, what is wrong with it.",
            |ladder, subject, _| {
                part(ladder.url(pair_of(subject)), |url| {
                    Some(match url.fault() {
                        Some((fault, span)) => {
                            (Value::Text(fault.word().to_owned()), Evidence::noted(span, fault.meaning()))
                        }
                        None => (Value::Text("well-formed".to_owned()), Evidence::value(url.span())),
                    })
                })
            },
        ),
    ),
    by(
        Depends::Url,
        question("url.host-form", Side::Pair, HOST_FORMS, "What its host is written as.", |ladder, subject, _| {
            part(ladder.url(pair_of(subject)), |url| {
                Some((Value::Text(url.host_form()?.word().to_owned()), Evidence::value(url.host_span()?)))
            })
        }),
    ),
    by(
        Depends::Url,
        question(
            "url.host-is-target",
            Side::Pair,
            Type::Boolean,
            "Whether its host is the target server's own name.",
            host_is_target,
        ),
    ),
    by(
        Depends::Url,
        question(
            "url.host-is-shared",
            Side::Pair,
            Type::Boolean,
            "Whether another virtual directory of the target's site has the same host in its InternalUrl.",
            host_is_shared,
        ),
    ),
    by(
        Depends::Url,
        question(
            "binding",
            Side::Pair,
            Type::Boolean,
            "Whether the target's site has a binding for its scheme, port and host.",
            binding,
        ),
    ),
    by(
        Depends::Addresses,
        question("address", Side::Pair, ADMISSIONS, "What ipSecurity does with the source's addresses.", address),
    ),
    by(
        Depends::OptedIn,
        question(
            "other-source-opted-in",
            Side::Pair,
            Type::Boolean,
            "Whether a server other than source and target may proxy without SSL.",
            other_opt_in,
        ),
    ),
    by(
        Depends::Apart,
        question(
            "other-candidate",
            Side::Pair,
            Type::Boolean,
            "Whether another virtual directory of the target's site or server could be proxied to.",
            other_candidate,
        ),
    ),
    by(
        Depends::Target,
        question(
            "https-candidate",
            Side::Pair,
            Type::Boolean,
            "Whether another server of the target's site could be proxied to over https.",
            https_candidate,
        ),
    ),
    by(
        Depends::Kind,
        question(
            "source-is-older",
            Side::Pair,
            OLDER,
            "Whether the source is older than the target, by the generation or by the service pack; no where it is not known.",
            |ladder, subject, _| {
                let word = |it| match it {
                    None => "no",
                    Some(Older::Generation) => "generation",
                    Some(Older::ServicePack) => "service-pack",
                };
                ladder.source_is_older(pair_of(subject)).map(|it| Value::Text(word(it).to_owned()))
            },
        ),
    ),
];

fn pair_of(subject: Subject) -> Pair {
    match subject {
        Subject::Pair(pair) => pair,
        _ => unreachable!("a question about a pair is never put about one side"),
    }
}

/// Where no binding answers, the part of the URL that none fits comes first: a port that is written, else the scheme.
fn binding(ladder: &Ladder<'_>, subject: Subject, _: &str) -> Answer<Value> {
    let pair = pair_of(subject);
    let url = match ladder.url(pair) {
        Answer::Is(Some(url), _) => url,
        Answer::Is(None, evidence) => return Answer::Is(Value::Text(String::new()), evidence),
        Answer::Open(missing, evidence) => return Answer::Open(missing, evidence),
    };
    let part = url.written_port_span().or(url.scheme_span()).unwrap_or_else(|| url.span());
    match ladder.target(pair).has_binding(url) {
        Answer::Is(false, evidence) => {
            let site = evidence.into_iter().map(|it| match it.note {
                None => Evidence::noted(it.span, "the web site that should answer"),
                Some(_) => it,
            });
            Answer::Is(Value::Boolean(false), std::iter::once(Evidence::value(part)).chain(site).collect())
        }
        answer => answer.map(Value::Boolean),
    }
}

/// Which property the URL is from; the evidence is the setting that chooses it.
fn property(ladder: &Ladder<'_>, subject: Subject, _: &str) -> Answer<Value> {
    let pair = pair_of(subject);
    let word = if ladder.takes_external(pair) { "ExternalUrl" } else { "InternalUrl" };
    match ladder.url(pair) {
        Answer::Open(missing, evidence) => Answer::Open(missing, evidence),
        Answer::Is(..) => Answer::Is(Value::Text(word.to_owned()), ladder.redirects(pair.source).evidence().to_vec()),
    }
}

fn address(ladder: &Ladder<'_>, subject: Subject, _: &str) -> Answer<Value> {
    let pair = pair_of(subject);
    let word = |it| if it == Admission::Denied { "denied" } else { "allowed" };
    ladder.target(pair).admission(ladder.source(pair)).map(|it| Value::Text(word(it).to_owned()))
}

/// The full name where it is known, else a name that begins with the short one; and the short name alone, which has a
/// service principal name of its own.
fn host_is_target(ladder: &Ladder<'_>, subject: Subject, _: &str) -> Answer<Value> {
    let pair = pair_of(subject);
    let server = ladder.target(pair).server;
    match ladder.url(pair) {
        Answer::Open(missing, evidence) => Answer::Open(missing, evidence),
        Answer::Is(url, evidence) => {
            let Some((url, host, span)) = url.and_then(|url| Some((url, url.host()?, url.host_span()?))) else {
                return Answer::Is(Value::Boolean(true), evidence);
            };
            let own = match &server.fqdn {
                _ if host.eq_ignore_ascii_case(&server.name) => true,
                Some(fqdn) => host.eq_ignore_ascii_case(&fqdn.text),
                None => host.split('.').next().is_some_and(|label| label.eq_ignore_ascii_case(&server.name)),
            };
            let by_name = url.host_form().is_some_and(HostForm::is_name);
            let mut evidence = vec![Evidence::value(span)];
            evidence.extend(
                server
                    .fqdn
                    .as_ref()
                    .map(|fqdn| Evidence::noted(fqdn.span, format!("{} is {}", server.name, fqdn.text))),
            );
            Answer::Is(Value::Boolean(own || !by_name), evidence)
        }
    }
}

fn host_is_shared(ladder: &Ladder<'_>, subject: Subject, _: &str) -> Answer<Value> {
    let pair = pair_of(subject);
    let Answer::Is(Some(url), _) = ladder.url(pair) else {
        return Answer::Is(Value::Boolean(false), Vec::new());
    };
    let sharing = ladder.sharing_host(pair.target, url.host().unwrap_or_default()).take(3);
    let spans = sharing.filter_map(|other| other.internal_url().known()?.as_ref()?.host_span());
    let note = "the same host on another server of the site";
    let evidence: Vec<Evidence> = spans.map(|span| Evidence::noted(span, note)).collect();
    Answer::Is(Value::Boolean(!evidence.is_empty()), evidence)
}

fn other_opt_in(ladder: &Ladder<'_>, subject: Subject, _: &str) -> Answer<Value> {
    let pair = pair_of(subject);
    let own = [pair.source, ladder.server_of(pair.target)];
    let proxies = |server: usize| ladder.reaches(Pair { source: server, target: pair.target }, 2);
    let others = ladder.opted_in().filter(|(server, _)| !own.contains(server) && proxies(*server)).take(3);
    let evidence: Vec<Evidence> = others
        .map(|(server, span)| Evidence::noted(span, format!("{} has it", ladder.estate.servers[server].name)))
        .collect();
    Answer::Is(Value::Boolean(!evidence.is_empty()), evidence)
}

fn other_candidate(ladder: &Ladder<'_>, subject: Subject, _: &str) -> Answer<Value> {
    let pair = pair_of(subject);
    let evidence: Vec<Evidence> = ladder
        .alternatives(pair)
        .map(|other| &ladder.targets[other])
        .take(3)
        .map(|other| Evidence::noted(other.vdir.place, format!("{} could be proxied to instead", other.vdir.identity)))
        .collect();
    Answer::Is(Value::Boolean(!evidence.is_empty()), evidence)
}

fn https_candidate(ladder: &Ladder<'_>, subject: Subject, _: &str) -> Answer<Value> {
    let mates = ladder.https_mates(pair_of(subject).target).take(3);
    let evidence: Vec<Evidence> = mates
        .filter_map(|other| other.internal_url().known()?.as_ref()?.scheme_span())
        .map(|span| Evidence::noted(span, "https on another server of the site"))
        .collect();
    Answer::Is(Value::Boolean(!evidence.is_empty()), evidence)
}
