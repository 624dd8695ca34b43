//! URLs of virtual directories, split into parts that keep their places.

use std::net::{IpAddr, Ipv6Addr};
use std::ops::Range;

use crate::text::scalar::Text;
use crate::text::span::Span;

/// A URL as it was exported, and where its parts stand.
#[derive(Debug, Clone)]
pub struct Url {
    whole: Text,
    scheme: Option<Range<usize>>,
    host: Option<Range<usize>>,
    port: Option<(u16, Range<usize>)>,
    path: Range<usize>,
    query: Option<Range<usize>>,
    fault: Option<(Fault, Range<usize>)>,
}

/// Why a URL cannot be the address of an OWA virtual directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It has no scheme and host, or is not well-formed.
    NotAbsolute,
    /// Its scheme is neither http nor https.
    Scheme,
    /// Its path is not `/owa` or `/owa/`.
    Path,
    /// It has a query.
    Query,
}

impl Fault {
    /// The word that rules use.
    pub fn word(self) -> &'static str {
        match self {
            Fault::NotAbsolute => "not-absolute",
            Fault::Scheme => "scheme",
            Fault::Path => "path",
            Fault::Query => "query",
        }
    }
}

impl Fault {
    /// What is wrong, in a clause.
    pub fn meaning(self) -> &'static str {
        match self {
            Fault::NotAbsolute => "not a well-formed URL with a scheme and a host",
            Fault::Scheme => "neither http nor https",
            Fault::Path => "the path is not /owa",
            Fault::Query => "a query",
        }
    }
}

/// What a host is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostForm {
    /// A DNS name with a domain.
    Name,
    /// A name without a dot.
    ShortName,
    /// The machine itself: `localhost`, `127.0.0.0/8` or `::1`.
    Loopback,
    /// Four decimal numbers.
    Ipv4,
    /// An IPv6 address in brackets.
    Ipv6,
}

impl HostForm {
    /// The words that rules use.
    pub const WORDS: [&'static str; 5] = ["name", "short-name", "loopback", "ipv4", "ipv6"];

    /// The word that rules use.
    pub fn word(self) -> &'static str {
        match self {
            HostForm::Name => "name",
            HostForm::ShortName => "short-name",
            HostForm::Loopback => "loopback",
            HostForm::Ipv4 => "ipv4",
            HostForm::Ipv6 => "ipv6",
        }
    }

    /// Whether it is a name of another machine, for which there can be a service principal name.
    pub fn is_name(self) -> bool {
        matches!(self, HostForm::Name | HostForm::ShortName)
    }
}

impl Url {
    /// Splits a URL. This never fails; what is wrong with it is its [`Url::fault`].
    pub fn parse(whole: Text) -> Url {
        let text = whole.text.clone();
        let mut url =
            Url { whole, scheme: None, host: None, port: None, path: text.len()..text.len(), query: None, fault: None };
        url.split(&text);
        if url.fault.is_none() {
            url.fault = url.shape_fault();
        }
        url
    }

    /// The whole URL as exported.
    pub fn text(&self) -> &str {
        &self.whole.text
    }

    /// Where the whole URL stands.
    pub fn span(&self) -> Span {
        self.whole.span
    }

    /// What keeps the URL from being the address of an OWA virtual directory, and where that stands.
    ///
    /// The source accepts an absolute http or https URL with the path `/owa` or `/owa/` and no query; anything else
    /// is Event 38 (third-party descriptions of the 15.x handler, whose event names match the 14.0 documents).
    pub fn fault(&self) -> Option<(Fault, Span)> {
        self.fault.as_ref().map(|(fault, range)| (*fault, self.whole.part(range.clone())))
    }

    /// The scheme in lower case.
    pub fn scheme(&self) -> Option<String> {
        self.scheme.clone().map(|range| self.whole.text[range].to_ascii_lowercase())
    }

    /// Where the scheme stands.
    pub fn scheme_span(&self) -> Option<Span> {
        self.scheme.clone().map(|range| self.whole.part(range))
    }

    /// The host as written, without the brackets of an IPv6 address.
    pub fn host(&self) -> Option<&str> {
        self.host.clone().map(|range| self.whole.text[range].trim_matches(['[', ']']))
    }

    /// Where the host stands.
    pub fn host_span(&self) -> Option<Span> {
        self.host.clone().map(|range| self.whole.part(range))
    }

    /// What the host is written as.
    pub fn host_form(&self) -> Option<HostForm> {
        let range = self.host.clone()?;
        let host = self.host()?;
        let is_bracketed = self.whole.text[range].starts_with('[');
        let address = host.split('%').next()?.parse::<IpAddr>().ok().filter(|it| it.is_ipv6() == is_bracketed);
        Some(match address {
            Some(address) if address.is_loopback() => HostForm::Loopback,
            Some(IpAddr::V4(_)) => HostForm::Ipv4,
            Some(IpAddr::V6(_)) => HostForm::Ipv6,
            None if host.trim_end_matches('.').eq_ignore_ascii_case("localhost") => HostForm::Loopback,
            None if host.contains('.') => HostForm::Name,
            None => HostForm::ShortName,
        })
    }

    /// The port that a request goes to: the one written, else 443 for https and 80 for http.
    pub fn port(&self) -> Option<u16> {
        match (&self.port, self.scheme()?.as_str()) {
            (Some((port, _)), _) => Some(*port),
            (None, "https") => Some(443),
            (None, "http") => Some(80),
            _ => None,
        }
    }

    /// Where the port stands; the host if none is written.
    pub fn port_span(&self) -> Option<Span> {
        self.written_port_span().or_else(|| self.host_span())
    }

    /// Where the port stands, if one is written.
    pub fn written_port_span(&self) -> Option<Span> {
        self.port.as_ref().map(|(_, range)| self.whole.part(range.clone()))
    }

    /// The path as written.
    pub fn path(&self) -> &str {
        &self.whole.text[self.path.clone()]
    }

    /// Where the path stands.
    pub fn path_span(&self) -> Span {
        self.whole.part(self.path.clone())
    }

    fn split(&mut self, text: &str) {
        let Some(colon) = text.find("://").filter(|at| is_scheme(&text[..*at])) else {
            self.fault = Some((Fault::NotAbsolute, 0..text.len()));
            return;
        };
        self.scheme = Some(0..colon);
        let start = colon + 3;
        let end = text[start..].find(['/', '?', '#', '\\']).map_or(text.len(), |at| start + at);
        self.split_path(text, end);
        self.split_authority(text, start..end);
    }

    fn split_path(&mut self, text: &str, start: usize) {
        let end = text[start..].find(['?', '#']).map_or(text.len(), |at| start + at);
        self.path = start..end;
        let fragment = text[end..].find('#').map_or(text.len(), |at| end + at);
        self.query = text[end..].starts_with('?').then_some(end..fragment);
    }

    fn split_authority(&mut self, text: &str, mut range: Range<usize>) {
        if let Some(at) = text[range.clone()].rfind('@') {
            range.start += at + 1;
        }
        let authority = &text[range.clone()];
        let host_end = match (authority.starts_with('['), authority.find(']'), authority.find(':')) {
            (true, Some(close), _) => close + 1,
            (false, _, Some(colon)) => colon,
            _ => authority.len(),
        };
        let host = range.start..range.start + host_end;
        if !is_host(&text[host.clone()]) {
            self.fault = Some((Fault::NotAbsolute, if host.is_empty() { 0..text.len() } else { host }));
            return;
        }
        self.host = Some(host.clone());
        let rest = &text[host.end..range.end];
        match rest.strip_prefix(':') {
            None if rest.is_empty() => {}
            Some("") => {}
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok() => {
                self.port = digits.parse().ok().map(|port| (port, host.end + 1..range.end));
            }
            _ => self.fault = Some((Fault::NotAbsolute, host.end..range.end)),
        }
    }

    fn shape_fault(&self) -> Option<(Fault, Range<usize>)> {
        let scheme = self.scheme()?;
        if scheme != "http" && scheme != "https" {
            return self.scheme.clone().map(|range| (Fault::Scheme, range));
        }
        if let Some(query) = self.query.clone() {
            return Some((Fault::Query, query));
        }
        if !matches!(self.path().to_ascii_lowercase().as_str(), "/owa" | "/owa/") {
            let range = if self.path.is_empty() { self.host.clone()? } else { self.path.clone() };
            return Some((Fault::Path, range));
        }
        None
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// Hosts are checked only for what placeholders and slips of the pen leave behind; names are not held to DNS.
fn is_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return inner.split('%').next().is_some_and(|address| address.parse::<Ipv6Addr>().is_ok());
    }
    !host.is_empty()
        && !host.chars().any(|it| it.is_whitespace() || matches!(it, '<' | '>' | '"' | '{' | '}' | '|' | '^' | '`'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::scalar::Scalar;
    use crate::text::span::SourceId;

    fn url(text: &str) -> Url {
        Url::parse(Scalar::slice(SourceId(0), text, 0..text.len()).into_owned())
    }

    #[test]
    fn parts_keep_their_places() {
        let it = url("HTTP://cas2.corp.example.com:8080/OWA/");
        assert_eq!(
            (it.scheme().as_deref(), it.host(), it.port()),
            (Some("http"), Some("cas2.corp.example.com"), Some(8080))
        );
        assert_eq!(it.fault(), None);
        assert_eq!(it.scheme_span().unwrap().range(), 0..4);
        assert_eq!(it.host_span().unwrap().range(), 7..28);
        assert_eq!(it.port_span().unwrap().range(), 29..33);
    }

    #[test]
    fn faults_are_found_where_they_stand() {
        for (text, fault, part) in [
            ("cas2/owa", Fault::NotAbsolute, "cas2/owa"),
            ("/owa", Fault::NotAbsolute, "/owa"),
            ("<placeholder>", Fault::NotAbsolute, "<placeholder>"),
            ("https://server name/owa", Fault::NotAbsolute, "server name"),
            ("https://[REDACTED]/owa", Fault::NotAbsolute, "[REDACTED]"),
            ("https:///owa", Fault::NotAbsolute, "https:///owa"),
            ("https://cas2:99999/owa", Fault::NotAbsolute, ":99999"),
            ("ftp://cas2/owa", Fault::Scheme, "ftp"),
            ("https://cas2/exchange", Fault::Path, "/exchange"),
            ("https://cas2", Fault::Path, "cas2"),
            ("https://cas2/owa?x=1", Fault::Query, "?x=1"),
        ] {
            let (found, span) = url(text).fault().expect(text);
            assert_eq!((found, &text[span.range()]), (fault, part), "{text}");
        }
    }

    #[test]
    fn hosts_have_forms() {
        assert_eq!(url("https://10.0.0.1/owa").host_form(), Some(HostForm::Ipv4));
        assert_eq!(url("https://[fd00::1]:443/owa").host_form(), Some(HostForm::Ipv6));
        assert_eq!(url("https://[::1]:443/owa").host(), Some("::1"));
        assert_eq!(url("https://10.0.0/owa").host_form(), Some(HostForm::Name));
        assert_eq!(url("https://cas2/owa").host_form(), Some(HostForm::ShortName));
        for host in ["localhost", "LOCALHOST.", "127.0.0.1", "127.8.8.8"] {
            assert_eq!(url(&format!("https://{host}/owa")).host_form(), Some(HostForm::Loopback), "{host}");
        }
        assert_eq!(url("https://[fe80::1%4]/owa").host_form(), Some(HostForm::Ipv6));
    }
}
