//! The estate: every server with what its exports say, and where exports of one thing contradict each other.

use std::collections::BTreeMap;

use crate::model::estate_file::{EstateFile, EstateServer};
use crate::model::iis::ELSEWHERE;
use crate::model::input::{self, Content, Exported, Input};
use crate::model::layering;
use crate::model::owner::{self, Owners};
use crate::model::registry::{Dispute, Registry};
use crate::model::server::Server;
use crate::model::vdir::{self, ObjectKind, Vdir};
use crate::model::version::{Release, Version};
use crate::read::problem::{Problem, ProblemKind};
use crate::text::scalar::Text;
use crate::text::source::Sources;
use crate::text::span::Span;

/// All servers, sorted by name.
#[derive(Debug, Default)]
pub struct Estate {
    /// The servers.
    pub servers: Vec<Server>,
    /// Properties in which two exports of one virtual directory differ.
    pub vdir_clashes: Vec<VdirClash>,
    /// Properties in which two exports of one server differ; what they say is not used.
    pub server_clashes: Vec<ServerClash>,
    /// Registry values that two files of one server set differently.
    pub registry_clashes: Vec<(String, Dispute)>,
    /// The estate file's entries that outcomes rest on, if it lies in the snapshot: the servers that it describes.
    pub estate_file: Option<EstateFileNote>,
    /// Entries of the estate file that fit nothing in the snapshot.
    pub faults: Vec<Problem>,
}

/// Two exports of one virtual directory that differ.
#[derive(Debug, Clone)]
pub struct VdirClash {
    /// The server.
    pub server: String,
    /// The virtual directory.
    pub vdir: String,
    /// The property.
    pub property: String,
    /// The value in the one export.
    pub one: Span,
    /// The value in the other.
    pub other: Span,
}

/// Two exports of one server that differ.
#[derive(Debug, Clone)]
pub struct ServerClash {
    /// The server.
    pub server: String,
    /// The property.
    pub property: &'static str,
    /// The value in the one export.
    pub one: Span,
    /// The value in the other.
    pub other: Span,
}

/// What an estate file inside the snapshot says.
#[derive(Debug, Clone)]
pub struct EstateFileNote {
    /// Its first server.
    pub place: Span,
    /// The servers for which it gives a site, addresses, a version or files.
    pub servers: Vec<String>,
}

/// Where among those of its server each virtual directory stands, by server, whether it is a control panel, and key.
type Slots = BTreeMap<(String, bool, String), usize>;

/// How many pairs of a source server and a virtual directory are worked out: those of some fourteen thousand servers
/// with a directory each.
pub const MAX_PAIRS: usize = 200_000_000;

/// Keeps the servers that come first by name, as many as have no more pairs than that.
fn keep(servers: &mut Vec<Server>, pairs: usize) -> Option<Problem> {
    let mut vdirs = 0;
    let fits = servers.iter().enumerate().take_while(|(others, server)| {
        vdirs += server.vdirs.len();
        others * vdirs <= pairs
    });
    let (kept, all) = (fits.count(), servers.len());
    let place = servers.get(kept)?.place;
    servers.truncate(kept);
    let message = format!("there are {all} servers, and only the first {kept} by name were looked at");
    Some(Problem::new(ProblemKind::TooManyServers, place, message))
}

impl Estate {
    /// Puts the inputs together. Each input's problems may grow by what only the whole shows.
    pub fn assemble(inputs: &mut [Input], sources: &Sources, estate_file: Option<&EstateFile>) -> (Estate, Owners) {
        let mut owners = Owners::find(inputs, sources, estate_file);
        let known = owners.servers.clone();
        let mut estate = Estate::default();
        let mut servers: BTreeMap<&str, Server> =
            known.iter().map(|(key, known)| (key.as_str(), Server::new(known.name.clone(), known.place))).collect();
        let mut elsewhere = Vec::new();
        let mut slots = Slots::default();
        for (index, input) in inputs.iter_mut().enumerate() {
            let owner = owners.of[index].as_deref();
            match &mut input.content {
                Content::Objects(objects) => estate.take_objects(&mut servers, &mut slots, objects, owner),
                Content::Iis(iis) => {
                    let given = Content::Given { is_unusable: iis.unusable.is_some() };
                    if let Some(server) = owner.and_then(|key| servers.get_mut(key))
                        && let Content::Iis(iis) = std::mem::replace(&mut input.content, given)
                    {
                        let list = if iis.excerpt { &mut server.excerpts } else { &mut server.iis };
                        list.push(*iis);
                    }
                }
                Content::Registry(document, _) => {
                    if let Some(server) = owner.and_then(|key| servers.get_mut(key)) {
                        // Whether the file holds anything is asked again; what it holds is in the model from here on.
                        let first = document.operations.first().cloned();
                        server.registry.get_or_insert_with(Registry::default).apply(std::mem::take(document));
                        document.operations.extend(first);
                    }
                }
                Content::IisElsewhere(span) => elsewhere.extend(owner.map(|key| (key, *span))),
                Content::WebConfig(_) | Content::Piece(_) | Content::Given { .. } | Content::Nothing => {}
            }
        }
        for (key, span) in elsewhere {
            for iis in servers.get_mut(key).into_iter().flat_map(|server| &mut server.iis) {
                iis.unusable = Some((ELSEWHERE, span));
            }
        }
        let registries = servers.values().filter_map(|server| server.registry.as_ref());
        registries.for_each(|registry| input::report_control_set(inputs, registry));
        for clash in &estate.server_clashes {
            let Some(server) = servers.get_mut(owner::short(&clash.server).as_str()) else { continue };
            match clash.property {
                "Site" => server.site = None,
                "Fqdn" => server.fqdn = None,
                "service pack" => server.release = None,
                _ => server.version = None,
            }
        }
        for described in estate_file.iter().flat_map(|file| &file.servers) {
            if let Some(server) = servers.get_mut(owner::short(&described.name.text).as_str()) {
                describe(server, described);
            }
        }
        estate.faults = layering::layer(&mut servers, inputs, &mut owners, sources, estate_file);
        estate.servers = servers.into_values().collect();
        estate.faults.extend(keep(&mut estate.servers, MAX_PAIRS));
        estate.finish(estate_file);
        (estate, owners)
    }

    /// The index of the server with this short name.
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.servers.iter().position(|server| server.name.eq_ignore_ascii_case(name))
    }

    fn take_objects(
        &mut self,
        servers: &mut BTreeMap<&str, Server>,
        slots: &mut Slots,
        objects: &mut [Exported],
        owner: Option<&str>,
    ) {
        for object in objects {
            let named = object.server.as_ref().map(|name| owner::short(&name.text));
            let Some(server) = named.as_deref().or(owner).and_then(|key| servers.get_mut(key)) else { continue };
            match object.kind {
                ObjectKind::Server => self.take_server(server, object),
                kind => {
                    let vdir = Vdir::new(std::mem::take(&mut object.settings), object.span, &server.name);
                    self.take_vdir(server, slots, kind, vdir);
                }
            }
        }
    }

    /// Takes in what `Get-ExchangeServer` or `Get-ClientAccessServer` says of a server; where two exports differ, the
    /// value is not known.
    fn take_server(&mut self, server: &mut Server, object: &Exported) {
        let known = |name: &str| vdir::known(&object.settings, name);
        if let Some(site) = known("site").map(site_name).filter(|site| !site.text.ends_with(['.', '…'])) {
            match &server.site {
                Some(earlier) if earlier.text.to_lowercase() != site.text.to_lowercase() => {
                    self.server_clash(server, "Site", earlier.span, site.span);
                }
                _ => server.site = Some(site),
            }
        }
        if let Some(fqdn) = known("fqdn") {
            match &server.fqdn {
                Some(earlier) if !earlier.is(&fqdn.text) => self.server_clash(server, "Fqdn", earlier.span, fqdn.span),
                _ => server.fqdn = Some(fqdn.clone()),
            }
        }
        let version = known("admindisplayversion").and_then(|it| Some((Version::from_display(&it.text)?, it.span)));
        match (server.version, version) {
            (Some((earlier, one)), Some((later, other))) if earlier != later => {
                self.server_clash(server, "AdminDisplayVersion", one, other);
            }
            _ => server.version = version.or(server.version),
        }
        let release = known("admindisplayversion").and_then(|it| Some((Release::from_display(&it.text)?, it.span)));
        match (server.release, release) {
            (Some((earlier, one)), Some((later, other))) if earlier != later => {
                self.server_clash(server, "service pack", one, other);
            }
            _ => server.release = release.or(server.release),
        }
    }

    fn server_clash(&mut self, server: &Server, property: &'static str, one: Span, other: Span) {
        self.server_clashes.push(ServerClash { server: server.name.clone(), property, one, other });
    }

    fn take_vdir(&mut self, server: &mut Server, slots: &mut Slots, kind: ObjectKind, vdir: Vdir) {
        if let Some(host) = vdir::metabase_host(&vdir.settings) {
            let is_own = owner::short(&host.text) == owner::short(&server.name) && host.text.contains('.');
            if is_own && server.fqdn.is_none() {
                server.fqdn = Some(host);
            }
        }
        let is_panel = kind == ObjectKind::Ecp;
        let vdirs = if is_panel { &mut server.control_panels } else { &mut server.vdirs };
        let slot = *slots.entry((server.name.clone(), is_panel, vdir.key())).or_insert(vdirs.len());
        let Some(mine) = vdirs.get_mut(slot) else {
            vdirs.push(vdir);
            return;
        };
        for (property, one, other) in mine.merge(vdir) {
            self.vdir_clashes.push(VdirClash {
                server: server.name.clone(),
                vdir: mine.identity.clone(),
                property,
                one,
                other,
            });
        }
    }

    fn finish(&mut self, estate_file: Option<&EstateFile>) {
        self.servers.sort_by(|one, other| one.name.cmp(&other.name));
        for server in &mut self.servers {
            server.vdirs.sort_by(|one, other| one.identity.cmp(&other.identity));
            server.control_panels.sort_by(|one, other| one.identity.cmp(&other.identity));
            if let Some(vdir) = server.vdirs.first() {
                server.place = vdir.get("Server").map_or(vdir.place, |setting| setting.field.span());
            }
            if server.version.is_none() {
                server.version = version_of(server);
            }
            if server.release.is_none() {
                server.release = from_vdirs(server, "AdminDisplayVersion", Release::from_display);
            }
            if let Some(registry) = &mut server.registry {
                let disputes = registry.take_disputes();
                self.registry_clashes.extend(disputes.into_iter().map(|it| (server.name.clone(), it)));
            }
        }
        let inside = estate_file.filter(|file| file.in_snapshot && !file.servers.is_empty());
        self.estate_file = inside.map(|file| EstateFileNote {
            place: file.servers[0].name.span,
            servers: file.servers.iter().map(|server| server.name.text.to_string()).collect(),
        });
    }
}

impl Server {
    fn new(name: String, place: Span) -> Server {
        Server {
            name,
            fqdn: None,
            site: None,
            version: None,
            release: None,
            internet_facing: None,
            addresses: Vec::new(),
            vdirs: Vec::new(),
            control_panels: Vec::new(),
            iis: Vec::new(),
            excerpts: Vec::new(),
            registry: None,
            place,
        }
    }
}

/// The site's own name in `corp.example.com/Configuration/Sites/HQ`.
fn site_name(site: &Text) -> Text {
    match site.text.rfind('/') {
        Some(at) => site.sub(at + 1..site.text.len()),
        None => site.clone(),
    }
}

fn describe(server: &mut Server, described: &EstateServer) {
    if described.site.is_some() {
        server.site.clone_from(&described.site);
    }
    if described.fqdn.is_some() {
        server.fqdn.clone_from(&described.fqdn);
    }
    if described.version.is_some() {
        server.version = described.version;
    }
    if described.release.is_some() {
        server.release = described.release;
    }
    server.internet_facing = described.internet_facing;
    server.addresses.clone_from(&described.addresses);
}

/// The version that a server's exports show, in the order of trust: the display version of any of its virtual
/// directories, `OwaVersion`, the physical path, the site that only 2013 and later have, the registry.
fn version_of(server: &Server) -> Option<(Version, Span)> {
    from_vdirs(server, "AdminDisplayVersion", Version::from_display)
        .or_else(|| from_vdirs(server, "OwaVersion", Version::from_owa_version))
        .or_else(|| from_vdirs(server, "Path", Version::from_path))
        .or_else(|| version_in_iis(server))
        .or_else(|| version_in_registry(server))
}

/// The latest version that a property of the server's virtual directories shows.
fn from_vdirs<V: Ord + Copy>(server: &Server, name: &str, read: fn(&str) -> Option<V>) -> Option<(V, Span)> {
    let texts = server.vdirs.iter().filter_map(|vdir| vdir.text(name));
    texts.filter_map(|text| read(&text.text).map(|version| (version, text.span))).max_by_key(|(version, _)| *version)
}

fn version_in_iis(server: &Server) -> Option<(Version, Span)> {
    let sites = || server.iis.iter().chain(&server.excerpts).flat_map(|iis| &iis.sites.sites);
    let mut owa = sites().filter_map(|site| site.application("/owa")).filter_map(|it| it.physical_path());
    let by_path = owa.find_map(|path| Version::from_path(&path.text).map(|version| (version, path.span)));
    by_path.or_else(|| {
        let back_end = sites().find(|site| site.name.is("Exchange Back End"))?;
        Some((Version::Exchange2013OrLater, back_end.name.span))
    })
}

fn version_in_registry(server: &Server) -> Option<(Version, Span)> {
    let registry = server.registry.as_ref()?;
    let key = |name: &str| registry.key(&format!(r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\ExchangeServer\{name}\Setup"));
    let later = key("v15").map(|key| (Version::Exchange2013OrLater, key.line));
    later.or_else(|| key("v14").map(|key| (Version::Exchange2010, key.line)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::span::SourceId;

    /// How many of ten servers with two virtual directories each are kept, and where the first other one stands.
    fn kept(pairs: usize) -> (usize, Option<u32>) {
        let place = |at: usize| Span::new(SourceId(0), at, at);
        let server = |at: usize| {
            let vdirs = vec![Vdir::new(BTreeMap::new(), place(at), "S"), Vdir::new(BTreeMap::new(), place(at), "S")];
            Server { vdirs, ..Server::new(format!("S{at}"), place(at)) }
        };
        let mut servers: Vec<Server> = (0..10).map(server).collect();
        let problem = keep(&mut servers, pairs);
        (servers.len(), problem.map(|it| it.span.start))
    }

    #[test]
    fn servers_of_too_many_pairs_are_told() {
        assert_eq!(kept(9 * 20), (10, None));
        assert_eq!(kept(9 * 20 - 1), (9, Some(9)));
        assert_eq!(kept(4), (2, Some(2)));
        assert_eq!(kept(0), (1, Some(1)));
    }
}
