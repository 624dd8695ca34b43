//! The control panel beside OWA: the virtual directory of ECP in the same web site, and how it differs.

use crate::model::answer::{Answer, Evidence};
use crate::model::setting::Field;
use crate::model::target::Target;
use crate::model::url::{HostForm, Url};
use crate::model::vdir::Vdir;

/// What keeps a control panel from being proxied to, in the words that rules use.
pub const WORDS: [&str; 7] =
    ["fit", "not-given", "not-known", "no-url", "plain-http", "loopback", "no-windows-authentication"];

/// Whether the control panel could be proxied to by what Active Directory says: it needs `WindowsIntegrated`, and an
/// https URL of another machine; over http it is passed over unless the source may proxy without SSL, and a loopback
/// host is refused (third-party descriptions of 15.x).
pub fn state(target: &Target<'_>) -> Answer<&'static str> {
    let is = |word, span, why: &str| Answer::Is(word, vec![Evidence::noted(span, why)]);
    let Some(panel) = beside(target) else { return Answer::at("not-given", target.vdir.place) };
    let (url, methods) = (panel.get("InternalUrl"), panel.get("InternalAuthenticationMethods"));
    let methods = match methods.map(|it| &it.field) {
        Some(Field::Known(content)) => content.items.as_ref().map(|items| (items, content.text.span)),
        _ => None,
    };
    if let Some((items, span)) = methods
        && !items.iter().any(|it| it.is("WindowsIntegrated"))
    {
        return is("no-windows-authentication", span, "WindowsIntegrated is not among its methods");
    }
    match url.map(|it| &it.field) {
        Some(Field::Empty(span)) => is("no-url", *span, "it has no InternalUrl"),
        Some(Field::Known(content)) => {
            let url = Url::parse(content.text.clone());
            let host = url.host_span().unwrap_or_else(|| url.span());
            match (url.scheme().as_deref(), url.host_form()) {
                (Some("http"), _) => is("plain-http", url.scheme_span().unwrap_or(host), "its URL is plain http"),
                (_, Some(HostForm::Loopback)) => is("loopback", host, "its URL names whoever asks"),
                _ if methods.is_some() => Answer::at("fit", url.span()),
                _ => Answer::at("not-known", panel.place),
            }
        }
        _ => Answer::at("not-known", panel.place),
    }
}

/// The authentication switches that the control panel has otherwise than OWA. An export without what only IIS knows
/// prints all of them as off, so it says nothing.
pub fn differences(target: &Target<'_>) -> Answer<Vec<String>> {
    const SWITCHES: [&str; 4] =
        ["FormsAuthentication", "WindowsAuthentication", "BasicAuthentication", "DigestAuthentication"];
    let (mut names, mut evidence) = (Vec::new(), Vec::new());
    let panel = beside(target).filter(|panel| asks_iis(panel) && asks_iis(target.vdir));
    for name in SWITCHES {
        let texts = panel.and_then(|panel| panel.text(name)).zip(target.vdir.text(name));
        if let Some((other, own)) = texts.filter(|(other, own)| !other.is(&own.text)) {
            names.push(name.to_owned());
            evidence.push(Evidence::value(own.span));
            evidence.push(Evidence::noted(other.span, format!("{name} of the control panel")));
        }
    }
    Answer::Is(names, evidence)
}

/// Whether an export holds what only IIS knows.
fn asks_iis(vdir: &Vdir) -> bool {
    vdir.text("Path").is_some() || vdir.text("WebSite").is_some()
}

/// The properties of a control panel that rules ask, and that its export does not show, or not whole.
pub fn not_shown(panel: &Vdir) -> Vec<&'static str> {
    const ASKED: [&str; 5] =
        ["InternalUrl", "InternalAuthenticationMethods", "FormsAuthentication", "WindowsAuthentication", "WebSite"];
    let is_shown = |name: &str| matches!(panel.get(name).map(|it| &it.field), Some(Field::Known(_) | Field::Empty(_)));
    ASKED.into_iter().filter(|name| !is_shown(name) && (*name != "WebSite" || !asks_iis(panel))).collect()
}

/// The control panel of the same web site.
pub fn beside<'e>(target: &Target<'e>) -> Option<&'e Vdir> {
    let site = |vdir: &Vdir| {
        let key = vdir.key();
        let start = key.find('(').unwrap_or(key.len());
        key[start..].to_owned()
    };
    target.server.control_panels.iter().find(|panel| site(panel) == site(target.vdir))
}
