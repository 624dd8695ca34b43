//! The estate file: what its author knows of the servers and the exports do not say.

use std::net::IpAddr;

use crate::model::version::{Release, Version};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::toml::{self, Entry, Fields};
use crate::text::scalar::{Scalar, Text};
use crate::text::span::{SourceId, Span};

/// The name under which the estate file is found at the snapshot's root.
pub const FILE_NAME: &str = "owalint-estate.toml";

/// The servers that an estate file describes.
#[derive(Debug, Clone)]
pub struct EstateFile {
    /// The file.
    pub source: SourceId,
    /// The servers in the order of the file.
    pub servers: Vec<EstateServer>,
    /// Whether the file lies in the snapshot that is under review.
    pub in_snapshot: bool,
}

/// One `[servers.NAME]` table.
#[derive(Debug, Clone)]
pub struct EstateServer {
    /// The name, as the key of the table.
    pub name: Text,
    /// `fqdn`: the full DNS name.
    pub fqdn: Option<Text>,
    /// `site`: the AD site.
    pub site: Option<Text>,
    /// `files`: globs of the files that are the server's, relative to the snapshot's root.
    pub files: Vec<Text>,
    /// `internet-facing`: whether users come to it from outside.
    pub internet_facing: Option<(bool, Span)>,
    /// `version`: the version of Exchange.
    pub version: Option<(Version, Span)>,
    /// The service pack in `version`, if it is a version number.
    pub release: Option<(Release, Span)>,
    /// `addresses`: the addresses that it proxies from.
    pub addresses: Vec<(IpAddr, Span)>,
}

impl EstateFile {
    /// Reads an estate file.
    ///
    /// # Errors
    /// Every mistake in it, with its place.
    pub fn read(text: &str, source: SourceId, in_snapshot: bool) -> Result<EstateFile, Vec<Problem>> {
        let kind = ProblemKind::RejectedEstateFile;
        let mut fields = Fields::new(toml::read(text, source, kind)?, kind);
        let mut problems = Vec::new();
        let mut servers = Vec::new();
        if let Some(table) = fields.table("servers") {
            for Entry { key, node } in table.entries {
                if let Some(server) = fields.as_table(node).and_then(|it| EstateServer::read(&key, it, &mut problems)) {
                    servers.push(server);
                }
            }
        }
        problems.extend(fields.finish());
        problems.extend(twice(&servers));
        if problems.is_empty() { Ok(EstateFile { source, servers, in_snapshot }) } else { Err(problems) }
    }

    /// The name of the server whose `files` hold this path. The first match in the order of the file counts.
    pub fn owner_of(&self, path: &str) -> Option<&str> {
        let path = path.to_lowercase();
        let holds = |server: &&EstateServer| server.files.iter().any(|glob| glob_matches(&glob.text, &path));
        self.servers.iter().find(holds).map(|server| server.name.text.as_ref())
    }
}

impl EstateServer {
    fn read(name: &Scalar<'_>, table: toml::Table<'_>, problems: &mut Vec<Problem>) -> Option<EstateServer> {
        let mut fields = Fields::new(table, ProblemKind::RejectedEstateFile);
        let (version, release) = version(&mut fields).unzip();
        let server = EstateServer {
            name: name.clone().into_owned(),
            fqdn: fields.text("fqdn").map(Scalar::into_owned),
            site: fields.text("site").map(Scalar::into_owned),
            files: fields.texts("files").unwrap_or_default().into_iter().map(Scalar::into_owned).collect(),
            internet_facing: fields.boolean("internet-facing"),
            version,
            release: release.flatten(),
            addresses: addresses(&mut fields),
        };
        if name.text.trim().is_empty() {
            fields.reject(name.span, "a server needs a name");
        }
        for text in [&server.fqdn, &server.site].into_iter().flatten().filter(|text| text.text.trim().is_empty()) {
            fields.reject(text.span, "leave the key out if the value is not known");
        }
        let found = fields.finish();
        let sound = found.is_empty();
        problems.extend(found);
        sound.then_some(server)
    }
}

type Versions = ((Version, Span), Option<(Release, Span)>);

fn version(fields: &mut Fields<'_>) -> Option<Versions> {
    let text = fields.text("version")?;
    let version = Version::from_estate_file(&text.text);
    if version.is_none() {
        fields.reject(text.span, "a version of Exchange from 2007 on is wanted here, such as \"2010\" or \"14.3\"");
    }
    let release = Release::from_display(&text.text).map(|release| (release, text.span));
    version.map(|version| ((version, text.span), release))
}

fn addresses(fields: &mut Fields<'_>) -> Vec<(IpAddr, Span)> {
    let mut addresses = Vec::new();
    for text in fields.texts("addresses").unwrap_or_default() {
        match text.text.trim().parse() {
            Ok(address) => addresses.push((address, text.span)),
            Err(_) => fields.reject(text.span, "an IPv4 or IPv6 address is wanted here"),
        }
    }
    addresses
}

/// Two tables for one server, once by its short name and once by its full one.
fn twice(servers: &[EstateServer]) -> Vec<Problem> {
    let mut seen = std::collections::BTreeMap::new();
    let mut problems = Vec::new();
    for server in servers {
        if seen.insert(super::owner::short(&server.name.text), server.name.span).is_some() {
            let message = format!("{} is described twice", server.name.text);
            problems.push(Problem::new(ProblemKind::RejectedEstateFile, server.name.span, message));
        }
    }
    problems
}

/// Whether a glob matches a path in lower case. A glob without a slash matches in every folder, as in most tools.
fn glob_matches(glob: &str, path: &str) -> bool {
    let glob = glob.to_lowercase().replace('\\', "/");
    let glob = glob.strip_prefix("./").unwrap_or(&glob);
    fast_glob::glob_match(glob, path) || (!glob.contains('/') && fast_glob::glob_match(format!("**/{glob}"), path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<EstateFile, Vec<Problem>> {
        EstateFile::read(text, SourceId(0), true)
    }

    #[test]
    fn servers_are_read_with_their_files() {
        let text = "[servers.CAS1]\nsite = \"HQ\"\nfiles = [\"hq/**\", \"*.CAS1.reg\"]\naddresses = [\"10.0.0.1\", \"fe80::1\"]\nversion = \"2010\"\n";
        let file = read(text).unwrap();
        assert_eq!(file.servers[0].addresses.len(), 2);
        assert_eq!(file.owner_of("HQ/iis/applicationHost.config"), Some("CAS1"));
        assert_eq!(file.owner_of("all/owa.cas1.reg"), Some("CAS1"));
        assert_eq!(file.owner_of("branch/owa.reg"), None);
    }

    #[test]
    fn mistakes_have_places() {
        for (text, part) in [
            ("[servers.CAS1]\nsight = \"HQ\"\n", "sight"),
            ("[servers.CAS1]\naddresses = [\"10.0.0\"]\n", "10.0.0"),
            ("[servers.CAS1]\nversion = \"95\"\n", "95"),
            ("[servers.CAS1]\n[servers.\"cas1.corp.example.com\"]\n", "cas1.corp.example.com"),
            ("[server.CAS1]\nsite = \"HQ\"\n", "server"),
        ] {
            let problems = read(text).unwrap_err();
            assert_eq!(&text[problems[0].span.range()], part, "{problems:?}");
        }
    }
}
