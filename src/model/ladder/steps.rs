//! What one side of a pair decides by itself, whatever the other side is.

use crate::finding::{Confidence, Label};
use crate::model::answer::Answer;
use crate::model::attributes::{ACCESS, ANONYMOUS, HANDLERS, HTTP_REDIRECT, IP_SECURITY, WINDOWS};
use crate::model::ladder::near_miss::{self, Alone};
use crate::model::server::{ALLOW_WITHOUT_SSL, Server};
use crate::model::target::{Admission, Target};
use crate::model::url::Url;
use crate::model::verdict::Verdict;

/// The verdicts that depend on the target alone: by URL those of steps 4, 6 and 7, and those that no URL changes.
#[derive(Debug)]
pub(super) struct TargetSteps {
    pub(super) by_url: [[Verdict; 3]; 2],
    pub(super) no_candidate: Verdict,
    pub(super) fixed: [Verdict; 6],
    /// Whether there is an ExternalUrl to redirect to.
    pub(super) has_external: Verdict,
    /// Whether each of the URLs is a plain http one.
    pub(super) plain: [Verdict; 2],
    /// Whether requests are refused by address, where that does not depend on the source.
    pub(super) denied: Option<Verdict>,
    /// What is taken for granted because a web.config could set it: by the step that asks for it.
    pub(super) set_below: Vec<(usize, String)>,
    /// Whether mending a step's one cause leaves nothing on the target's side that stops a request.
    pub(super) alone: Alone,
}

/// What depends on the source alone.
#[derive(Debug)]
pub(super) struct SourceSteps {
    /// The AD site in lower case.
    pub(super) site: Option<String>,
    pub(super) redirects: Answer<bool>,
    pub(super) redirect: Verdict,
    pub(super) opt_in: Answer<bool>,
    pub(super) not_allowed: Verdict,
}

impl TargetSteps {
    pub(super) fn new(target: &Target<'_>) -> TargetSteps {
        let urls = [target.internal_url(), target.external_url()];
        let external = target.external_url();
        let mut steps = TargetSteps {
            by_url: urls.map(|url| by_url(target, url)),
            no_candidate: no_candidate(target),
            fixed: fixed(target),
            has_external: Verdict::when(
                external,
                |url| Ok(url.is_some()),
                "users are sent here instead",
                Confidence::High,
            ),
            plain: urls.map(|url| Verdict::when_scheme(&url.as_ref(), "http", "the source is sent here without SSL")),
            denied: target.admission_of_all().map(|answer| denial(&answer)),
            set_below: set_below(target),
            alone: Alone::default(),
        };
        steps.alone = near_miss::alone(target, &steps);
        steps
    }
}

impl SourceSteps {
    pub(super) fn new(server: &Server) -> SourceSteps {
        let (redirects, opt_in) = (server.redirects(), server.switch(ALLOW_WITHOUT_SSL));
        SourceSteps {
            site: server.site.as_ref().map(|site| site.text.to_lowercase()),
            redirect: Verdict::when(&redirects, |it| Ok(*it), "the source redirects", Confidence::High),
            not_allowed: Verdict::when(&opt_in, |it| Ok(!it), "and it may not proxy without SSL", Confidence::High),
            redirects,
            opt_in,
        }
    }
}

fn set_below(target: &Target<'_>) -> Vec<(usize, String)> {
    let asked = [(7, ACCESS), (9, IP_SECURITY), (10, HTTP_REDIRECT), (11, WINDOWS), (12, ANONYMOUS), (14, HANDLERS)];
    let assumed = |(step, section)| target.unseen_changes(section).into_iter().map(move |it| (step, it));
    asked.into_iter().flat_map(assumed).collect()
}

/// Whether a source is refused by its address.
pub(super) fn denied(target: &Target<'_>, source: &Server) -> Verdict {
    denial(&target.admission(source))
}

fn denial(admission: &Answer<Admission>) -> Verdict {
    let label = "the source's address is refused";
    Verdict::when(admission, |it| Ok(*it == Admission::Denied), label, Confidence::High)
}

fn no_candidate(target: &Target<'_>) -> Verdict {
    let url = Verdict::when(target.internal_url(), |url| Ok(url.is_none()), "no InternalUrl", Confidence::High);
    let methods = target.list("InternalAuthenticationMethods");
    let label = "WindowsIntegrated is not among them";
    Verdict::any([
        url,
        Verdict::when(&methods, |list| list.has("WindowsIntegrated").map(|has| !has), label, Confidence::High),
    ])
}

fn by_url(target: &Target<'_>, url: &Answer<Option<Url>>) -> [Verdict; 3] {
    let url = url.as_ref();
    let bad = match &url {
        Answer::Is(Some(url), _) => match url.fault() {
            Some((_, span)) => Verdict::Yes(vec![Label::new(span, "no URL of OWA has this form")], Confidence::Medium),
            None => Verdict::No,
        },
        other => Verdict::when(other, |_| Ok(false), "", Confidence::Medium),
    };
    let ssl = target.iis_flags(ACCESS, "sslFlags");
    let http = Verdict::when_scheme(&url, "http", "the request comes without SSL");
    let required =
        Verdict::all([http, Verdict::when(&ssl, |it| it.has("Ssl"), "and IIS requires SSL", Confidence::High)]);
    [bad, unreachable(target, &url), required]
}

pub(super) fn unreachable(target: &Target<'_>, url: &Answer<Option<&Url>>) -> Verdict {
    let binding = match url {
        Answer::Is(Some(url), _) if url.fault().is_none() => Verdict::when(
            &target.has_binding(url),
            |it| Ok(!it),
            "no binding of this site answers the URL",
            Confidence::High,
        ),
        Answer::Is(..) => Verdict::No,
        Answer::Open(missing, _) => Verdict::Open(missing.clone(), Vec::new()),
    };
    let site = Verdict::when(&target.site_starts(), |it| Ok(!it), "the site does not start", Confidence::High);
    let pool =
        Verdict::when(&target.pool_starts(), |it| Ok(!it), "the application pool does not start", Confidence::High);
    Verdict::any([binding, site, pool])
}

/// The verdicts of steps 8 and 10 to 14.
fn fixed(target: &Target<'_>) -> [Verdict; 6] {
    let high = Confidence::High;
    let flags = target.iis_flags(ACCESS, "sslFlags");
    let asked = flags.known().is_some_and(|it| it.has("SslNegotiateCert") == Ok(true));
    let certainty = if asked { high } else { Confidence::Medium };
    let certificate =
        Verdict::when(&flags, |it| it.has("SslRequireCert"), "a client certificate is required", certainty);
    let redirect = target.iis_boolean(HTTP_REDIRECT, "enabled");
    let redirect = Verdict::when(&redirect, |it| Ok(*it), "IIS redirects requests", Confidence::Medium);
    let anonymous = target.iis_boolean(ANONYMOUS, "enabled");
    let windows = target.iis_boolean(WINDOWS, "enabled");
    let no_windows = Verdict::when(&windows, |it| Ok(!it), "Windows authentication is off", high);
    let no_negotiate =
        Verdict::when(&target.offers_negotiate(), |it| Ok(!it), "Negotiate is not among the providers", high);
    let not_anonymous = Verdict::when(&anonymous, |it| Ok(!it), "and anonymous authentication is off", high);
    let unauthorised = Verdict::all([Verdict::any([no_windows, no_negotiate]), not_anonymous]);
    let anonymous = Verdict::when(&anonymous, |it| Ok(*it), "requests arrive anonymous", Confidence::Medium);
    let application = target.has_application();
    let application = Verdict::when(&application, |it| Ok(!it), "the site has no such application", Confidence::Medium);
    let script = Verdict::when(&target.allows_script(), |it| Ok(!it), "scripts may not run for other machines", high);
    [certificate, redirect, unauthorised, anonymous, application, script]
}
