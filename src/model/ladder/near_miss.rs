//! Near misses: whether one setting is all that the snapshot shows to stop a request.

use crate::model::answer::Answer;
use crate::model::attributes::WINDOWS;
use crate::model::ladder::steps::{self, TargetSteps};
use crate::model::ladder::{Choice, Ladder, Pair, STEPS};
use crate::model::target::Target;
use crate::model::url::{HostForm, Url};
use crate::model::verdict::Verdict;
use crate::text::scalar::Text;

/// For each step, whether mending its one cause leaves nothing on the target's side that stops a request.
pub(super) type Alone = [bool; STEPS.len()];

impl Ladder<'_> {
    /// Whether a step stops a request by one setting, and every other step is known to let the request through once
    /// that setting is mended: a URL by the https URL of the same host, anything else as the step asks for.
    pub fn is_only_obstacle(&self, pair: Pair, step: usize) -> bool {
        let passes = |step: usize| matches!(*self.verdict(pair, step), Verdict::No);
        let by_new_url = matches!(STEPS[step].name, "bad-url" | "blocked-plain-http" | "ssl-required");
        self.by_target[pair.target].alone[step]
            && self.choice(pair) == Ok(Choice::Internal)
            && (0..3).all(passes)
            && matches!(*self.verdict(pair, step), Verdict::Yes(..))
            && (by_new_url || passes(5))
            && (step == 9 || passes(9))
            && matches!(self.source_is_older(pair), Answer::Is(None, _))
    }
}

/// What mending one cause on the target leaves of it.
pub(super) fn alone(target: &Target<'_>, steps: &TargetSteps) -> Alone {
    let passes = |verdict: &Verdict| matches!(verdict, Verdict::No);
    let [bad, unreachable, required] = &steps.by_url[Choice::Internal as usize];
    let lets_in = passes(&steps.no_candidate);
    let rest = |but: usize| (0..steps.fixed.len()).all(|index| index == but || passes(&steps.fixed[index]));
    let url = target.internal_url().known().and_then(Option::as_ref);
    let named = url.and_then(Url::host_form).is_some_and(HostForm::is_name);
    let url_passes = named && passes(bad) && passes(unreachable) && passes(required);
    let reaches = |url: Option<Url>| {
        let answer = url.as_ref().map(|url| Answer::at(Some(url), url.span()));
        answer.is_some_and(|answer| passes(&steps::unreachable(target, &answer)))
    };
    let by_twin = lets_in && named && passes(bad) && rest(NONE) && reaches(url.map(over_https));
    let mut alone = [false; STEPS.len()];
    alone[3] = rest(NONE) && one_of_two_lacks(target, url_passes, reaches(documented(target)));
    alone[4] = lets_in && rest(NONE) && reaches(documented(target));
    alone[5] = by_twin;
    alone[6] = lets_in && rest(NONE) && named && passes(bad) && passes(required) && one_does_not_start(target, url);
    alone[7] = by_twin;
    alone[8] = lets_in && url_passes && rest(0);
    alone[9] = lets_in && url_passes && rest(NONE);
    alone[10] = lets_in && url_passes && rest(1);
    alone[11] = lets_in && url_passes && rest(2) && windows_lacks(target) == Some(1);
    alone[12] = lets_in && url_passes && rest(3) && windows_lacks(target) == Some(0);
    alone[14] = lets_in && url_passes && rest(5);
    alone
}

/// No step among those that no URL changes.
const NONE: usize = usize::MAX;

/// The documented form of the URL, where the server's full name is known.
fn documented(target: &Target<'_>) -> Option<Url> {
    let fqdn = target.server.fqdn.as_ref()?;
    Some(Url::parse(Text::rewritten(format!("https://{}/owa", fqdn.text), fqdn.span)))
}

/// The https URL of the same host, on the port that https has.
fn over_https(url: &Url) -> Url {
    Url::parse(Text::rewritten(format!("https://{}/owa", url.host().unwrap_or_default()), url.span()))
}

/// Whether a target is no candidate for one reason alone: its URL, or its authentication methods.
fn one_of_two_lacks(target: &Target<'_>, url_passes: bool, documented_passes: bool) -> bool {
    let methods = target.list("InternalAuthenticationMethods");
    let has = methods.known().map(|list| list.has("WindowsIntegrated"));
    match target.internal_url().known() {
        Some(None) => has == Some(Ok(true)) && documented_passes,
        Some(Some(_)) => has == Some(Ok(false)) && url_passes,
        None => false,
    }
}

/// Whether exactly one of binding, site and pool keeps the request from being answered.
fn one_does_not_start(target: &Target<'_>, url: Option<&Url>) -> bool {
    let Some(url) = url else { return false };
    let answers = [target.has_binding(url), target.site_starts(), target.pool_starts()];
    let count = |wanted: bool| answers.iter().filter(|it| it.known() == Some(&wanted)).count();
    count(false) == 1 && count(true) == 2
}

/// How many of two things Windows authentication lacks, being on and offering Negotiate; `None` if it is not known.
fn windows_lacks(target: &Target<'_>) -> Option<usize> {
    let on = *target.iis_boolean(WINDOWS, "enabled").known()?;
    let negotiate = *target.offers_negotiate().known()?;
    Some(usize::from(!on) + usize::from(!negotiate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_where_this_file_takes_them_to_be() {
        let names: Vec<&str> = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14].iter().map(|step| STEPS[*step].name).collect();
        let wanted = "no-candidate bad-url blocked-plain-http unreachable ssl-required client-certificate-required \
                      address-denied silent-redirect unauthorised anonymous script-denied";
        assert_eq!(names.join(" "), wanted);
    }
}
