//! What of a registry file somebody asks for: the keys of OWA and of the server's identity, and those that rules name.

use crate::model::registry::OWA_KEY;
use crate::model::server::SWITCHES;
use crate::read::reg::Wanted;

/// Which control set is in use.
const SELECT: &str = r"HKEY_LOCAL_MACHINE\SYSTEM\Select";

/// Where Exchange keeps its version.
const SETUP: [&str; 2] = [
    r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\ExchangeServer\v14\Setup",
    r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\ExchangeServer\v15\Setup",
];

/// Keys that name the server, by how their paths end.
pub(in crate::model) const COMPUTER_NAME: &str = r"\control\computername\computername";
/// The same, for the name in DNS.
pub(in crate::model) const HOST_NAME: &str = r"\services\tcpip\parameters";

/// What is kept of registry files: what outcomes and checks ask for, wherever a switch of OWA stands, and the keys that
/// rules ask for by name.
pub fn wanted<'k>(keys_of_rules: impl IntoIterator<Item = &'k str>) -> Wanted {
    let keys = [OWA_KEY, SELECT].into_iter().chain(SETUP).chain(keys_of_rules);
    Wanted::only(keys, &[COMPUTER_NAME, HOST_NAME], &SWITCHES)
}
