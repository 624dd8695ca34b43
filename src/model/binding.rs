//! Bindings of a web site: the protocol, port and host name that it answers.

use crate::model::words::held_value;
use crate::read::xml::Element;
use crate::text::scalar::Text;
use crate::text::span::Span;

/// One binding.
#[derive(Debug, Clone)]
pub struct Binding {
    /// The protocol as written: `https`.
    pub protocol: Text,
    /// The binding information as written: `*:443:`.
    pub information: Text,
}

impl Binding {
    /// The binding that an element is; `None` for anything but a `binding` with both attributes.
    pub fn from_xml(element: &Element<'_>) -> Option<Binding> {
        if element.local_name() != "binding" {
            return None;
        }
        let owned = |name: &str| element.attribute(name).map(|it| held_value(&it.value));
        Some(Binding { protocol: owned("protocol")?, information: owned("bindingInformation")? })
    }

    /// Where the binding is shown: its binding information.
    pub fn span(&self) -> Span {
        self.information.span
    }

    /// Whether the binding answers requests of this scheme for this port and host.
    ///
    /// The address is not considered, since a snapshot does not say what a name resolves to. A binding without a host
    /// name, or with `*`, answers every host; `*.name` answers every host directly below the name.
    pub fn answers(&self, scheme: &str, port: u16, host: &str) -> bool {
        let Some((bound_port, bound_host)) = self.port_and_host() else { return false };
        self.protocol.is(scheme) && bound_port == port && host_matches(bound_host, host)
    }

    /// Whether the binding is for one address only: an empty one, and `*`, are all addresses.
    pub fn is_for_one_address(&self) -> bool {
        let address = self.information.text.rsplit_once(':').and_then(|(rest, _)| rest.rsplit_once(':'));
        address.is_some_and(|(address, _)| !matches!(address.trim(), "" | "*" | "0.0.0.0" | "[::]"))
    }

    /// Port and host, taken from the right: `IP:port:host`, where the IP may itself hold colons.
    fn port_and_host(&self) -> Option<(u16, &str)> {
        let (rest, host) = self.information.text.rsplit_once(':')?;
        let (_, port) = rest.rsplit_once(':')?;
        Some((port.trim().parse().ok()?, host.trim()))
    }
}

fn host_matches(bound: &str, host: &str) -> bool {
    match bound.strip_prefix("*.") {
        _ if bound.is_empty() || bound == "*" => true,
        Some(domain) => host.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(domain)),
        None => bound.eq_ignore_ascii_case(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::scalar::Scalar;
    use crate::text::span::SourceId;

    fn answers(information: &str, scheme: &str, port: u16, host: &str) -> bool {
        let text = |it: &'static str| Scalar::slice(SourceId(0), it, 0..it.len());
        let information = Scalar::rewritten(information.to_owned(), Span::file(SourceId(0)));
        Binding { protocol: text("https"), information }.answers(scheme, port, host)
    }

    #[test]
    fn scheme_port_and_host_decide() {
        assert!(answers("*:443:", "https", 443, "cas2"));
        assert!(answers(":443:", "https", 443, "cas2"));
        assert!(answers("127.0.0.1:443:", "https", 443, "cas2"));
        assert!(answers("[::1]:443:", "https", 443, "cas2"));
        assert!(answers("*:443:CAS2.corp", "https", 443, "cas2.CORP"));
        assert!(answers(":44300:*", "https", 44300, "cas2"));
        assert!(answers("*:443:*.corp", "https", 443, "cas2.corp"));
        assert!(!answers("*:443:", "http", 443, "cas2"));
        assert!(!answers("*:443:", "https", 8443, "cas2"));
        assert!(!answers("*:443:other", "https", 443, "cas2"));
        assert!(!answers("*:443:*.corp", "https", 443, "a.cas2.corp"));
        for broken in ["*", "localhost", ":", "::", "808:*", "*:161902:localhost", "*:x:y"] {
            assert!(!answers(broken, "https", 443, "localhost"), "{broken}");
        }
    }
}
