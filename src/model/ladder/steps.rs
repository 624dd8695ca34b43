//! The steps that one target decides by itself, whoever the source is.

use crate::finding::{Confidence, Label};
use crate::model::answer::Answer;
use crate::model::attributes::{ACCESS, ANONYMOUS, HTTP_REDIRECT, WINDOWS};
use crate::model::target::Target;
use crate::model::url::Url;
use crate::model::verdict::Verdict;

/// The verdicts that depend on the target alone: by URL those of steps 4, 6 and 7, and those that no URL changes.
#[derive(Debug)]
pub(super) struct TargetSteps {
    pub(super) by_url: [[Verdict; 3]; 2],
    pub(super) no_candidate: Verdict,
    pub(super) fixed: [Verdict; 6],
}

impl TargetSteps {
    pub(super) fn new(target: &Target<'_>) -> TargetSteps {
        let by_url = [target.internal_url(), target.external_url()].map(|url| by_url(target, url));
        TargetSteps { by_url, no_candidate: no_candidate(target), fixed: fixed(target) }
    }
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

fn unreachable(target: &Target<'_>, url: &Answer<Option<&Url>>) -> Verdict {
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
