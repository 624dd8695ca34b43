//! The estate file: what its author knows of the servers and the exports do not say.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::model::version::{Release, Version};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::toml::{self, Entry, Fields, Value};
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
    /// The web.config files that it places, by their paths in lower case: the server's and the entry's index.
    placed: BTreeMap<String, (usize, usize)>,
}

/// One entry of `[servers.NAME.web-config]`: a file of the snapshot, and the paths of IIS that lead to its folder.
#[derive(Debug, Clone)]
pub struct PlacedFile {
    /// The file's path relative to the snapshot's root, as the key.
    pub file: Text,
    /// The paths: `Default Web Site/owa`.
    pub paths: Vec<Text>,
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
    /// `web-config`: where its web.config files apply, in place of what their folders say.
    pub web_configs: Vec<PlacedFile>,
}

impl PlacedFile {
    /// The file's path as it is compared: in lower case, with slashes.
    pub fn key(&self) -> String {
        let path = self.file.text.replace('\\', "/").to_lowercase();
        path.strip_prefix("./").unwrap_or(&path).to_owned()
    }
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
        let placed = placed(&servers, &mut problems);
        if problems.is_empty() { Ok(EstateFile { source, servers, in_snapshot, placed }) } else { Err(problems) }
    }

    /// The entry that places a web.config, and the server whose entry it is.
    pub fn placement_of(&self, path: &str) -> Option<(&str, &PlacedFile)> {
        let (server, entry) = self.placed.get(&path.to_lowercase())?;
        let server = &self.servers[*server];
        Some((&server.name.text, &server.web_configs[*entry]))
    }

    /// The name of the server whose `files` hold this path. The first match in the order of the file counts.
    pub fn owner_of(&self, path: &str) -> Option<&str> {
        if let Some((server, _)) = self.placement_of(path) {
            return Some(server);
        }
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
            files: globs(&mut fields),
            internet_facing: fields.boolean("internet-facing"),
            version,
            release: release.flatten(),
            addresses: addresses(&mut fields),
            web_configs: web_configs(&mut fields),
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

/// How many texts the braces of a glob may stand for: `{a,b}{c,d}` for four.
const MAX_EXPANSIONS: usize = 1_000;

fn globs(fields: &mut Fields<'_>) -> Vec<Text> {
    let texts = fields.texts("files").unwrap_or_default();
    for text in texts.iter().filter(|it| expansions(&it.text) > MAX_EXPANSIONS) {
        fields.reject(text.span, format!("the braces of this glob stand for more than {MAX_EXPANSIONS} texts"));
    }
    texts.into_iter().map(Scalar::into_owned).collect()
}

/// How many texts the braces of a glob stand for, or more where some stand inside of others.
fn expansions(glob: &str) -> usize {
    let (mut all, mut open) = (1_usize, Vec::new());
    for byte in glob.bytes() {
        match (byte, open.last_mut()) {
            (b'{', _) => open.push(1),
            (b',', Some(choices)) => *choices += 1,
            (b'}', Some(_)) => all = all.saturating_mul(open.pop().unwrap_or(1)),
            _ => {}
        }
    }
    open.into_iter().fold(all, usize::saturating_mul)
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

fn web_configs(fields: &mut Fields<'_>) -> Vec<PlacedFile> {
    let Some(table) = fields.table("web-config") else { return Vec::new() };
    let mut files = Vec::new();
    for Entry { key, node } in table.entries {
        let is_empty = matches!(&node.value, Value::List(items) if items.is_empty());
        let place = node.span;
        let paths: Vec<Scalar<'_>> = match node.value {
            Value::Text(text) => vec![text],
            Value::List(items) => items.into_iter().filter_map(|it| fields.as_text(it)).collect(),
            _ => fields.wrong("a path of IIS or a list of them", &node).unwrap_or_default(),
        };
        if is_empty {
            fields.reject(place, "a path of IIS is wanted here, such as \"Default Web Site/owa\"");
        }
        for path in &paths {
            let text = path.text.as_ref();
            if text.split('/').any(|part| part.is_empty() || part.trim() != part) || text.contains('\\') {
                let message = "a path of IIS is a site's name and what follows it, such as \"Default Web Site/owa\"";
                fields.reject(path.span, message);
            }
        }
        files.push(PlacedFile { file: key.into_owned(), paths: paths.into_iter().map(Scalar::into_owned).collect() });
    }
    files
}

/// The entries of all servers by the file that they place; one file is one server's.
fn placed(servers: &[EstateServer], problems: &mut Vec<Problem>) -> BTreeMap<String, (usize, usize)> {
    let mut placed = BTreeMap::new();
    for (server, described) in servers.iter().enumerate() {
        for (entry, it) in described.web_configs.iter().enumerate() {
            if placed.insert(it.key(), (server, entry)).is_some() {
                let message = format!("{} is placed twice", it.file.text);
                problems.push(Problem::new(ProblemKind::RejectedEstateFile, it.file.span, message));
            }
        }
    }
    placed
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

    /// Braces are tried one after the other, which would take longer than anybody waits.
    #[test]
    fn globs_stand_for_so_many_texts() {
        let file = |glob: &str| read(&format!("[servers.CAS1]\nfiles = [\"{glob}\"]\n"));
        let ten = "{a,b,c,d,e,f,g,h,i,j}";
        assert_eq!(file(&ten.repeat(3)).unwrap().owner_of("x/abj"), Some("CAS1"));
        for glob in
            [ten.repeat(3) + "{a,b}", "{a,a,a,a,a,a,a,a,a,a}".repeat(20), "{a,".repeat(11), "{a,{b,".repeat(300)]
        {
            let problems = file(&glob).unwrap_err();
            assert_eq!(problems[0].message, "the braces of this glob stand for more than 1000 texts");
        }
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
            ("[servers.CAS1.web-confg]\n\"a/web.config\" = \"Default Web Site\"\n", "web-confg"),
            ("[servers.CAS1.web-config]\n\"a/web.config\" = 3\n", "3"),
            ("[servers.CAS1.web-config]\n\"a/web.config\" = []\n", "[]"),
            ("[servers.CAS1.web-config]\n\"a/web.config\" = [\"/owa\"]\n", "/owa"),
            (
                "[servers.CAS1.web-config]\n\"a/web.config\" = \"Default Web Site\\\\owa\"\n",
                "\"Default Web Site\\\\owa\"",
            ),
            ("[servers.CAS1.web-config]\n\"a/web.config\" = \"A\"\n\"./A/web.config\" = \"B\"\n", "./A/web.config"),
        ] {
            let problems = read(text).unwrap_err();
            assert_eq!(&text[problems[0].span.range()], part, "{problems:?}");
        }
    }
}
