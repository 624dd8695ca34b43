//! Sites, their applications and bindings, and application pools, as applicationHost.config lists them.

mod listed;
mod start;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::model::binding::Binding;
use crate::model::iis::FRAGMENT;
pub use crate::model::site::listed::{Listed, Listing};
pub use crate::model::site::start::Start;
use crate::model::site::start::switch;
use crate::model::words::held_value;
use crate::read::xml::{Element, ElementId, XmlDocument};
use crate::text::scalar::Text;
use crate::text::span::Span;

/// Everything below `system.applicationHost` that decides where a request goes.
#[derive(Debug, Clone, Default)]
pub struct Sites {
    /// The sites in the order of the file.
    pub sites: Vec<Site>,
    /// The pools by name in lower case; `None` if the file lists no pools at all.
    pools: Option<BTreeMap<String, Pool>>,
    default_pool: Option<Text>,
    pool_default_start: Option<Text>,
    pool_default_overrides: Option<Text>,
    site_default_start: Option<Text>,
    folder_defaults: Option<Text>,
    has_default_bindings: bool,
    /// The sites by name in lower case; of several with one name the first.
    by_name: BTreeMap<String, usize>,
    /// The applications by site and path in lower case, as indices of both.
    by_path: BTreeMap<String, (usize, usize)>,
}

/// One web site.
#[derive(Debug, Clone)]
pub struct Site {
    /// The name; an empty text if the site has none.
    pub name: Text,
    /// The id as written.
    pub id: Option<Text>,
    /// The start tag.
    pub tag: Span,
    /// The applications in the order of the file.
    pub applications: Vec<Application>,
    /// The bindings in the order of the file.
    pub bindings: Vec<Binding>,
    /// The `bindings` element, if there is one.
    pub bindings_tag: Option<Span>,
    auto_start: Option<Text>,
    default_pool: Option<Text>,
    folder_defaults: Option<Text>,
}

/// One application of a site.
#[derive(Debug, Clone)]
pub struct Application {
    /// The path: `/owa`.
    pub path: Text,
    /// The pool that it names.
    pub pool: Option<Text>,
    /// Its virtual directories: which folders its paths lead to.
    pub folders: Vec<Folder>,
    folder_defaults: Option<Text>,
}

/// One virtual directory of an application.
#[derive(Debug, Clone)]
pub struct Folder {
    /// The path below the application: `/`.
    pub path: Text,
    /// The folder on disk.
    pub physical_path: Option<Text>,
    /// `allowSubDirConfig`: whether IIS looks for web.config files in the folders below.
    allow_below: Option<Text>,
}

/// Whether IIS reads the web.config files of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overrides {
    /// It does.
    Read,
    /// `enableConfigurationOverride` of the application's pool is off.
    Ignored,
    /// The file does not say.
    Unknown,
}

#[derive(Debug, Clone)]
struct Pool {
    name: Text,
    auto_start: Option<Text>,
    overrides: Option<Text>,
    twice: bool,
}

impl Sites {
    /// Takes in a `system.applicationHost` element.
    pub fn collect(&mut self, document: &XmlDocument<'_>, parent: ElementId) {
        for child in document.children(parent) {
            self.collect_part(document, child);
        }
    }

    /// Takes in an element of `system.applicationHost`, or a site by itself.
    pub fn collect_part(&mut self, document: &XmlDocument<'_>, part: ElementId) {
        match document.get(part).local_name() {
            "sites" => self.collect_sites(document, part),
            "applicationPools" => self.collect_pools(document, part),
            "site" => self.take_site(Site::from_xml(document, part)),
            _ => {}
        }
    }

    /// Whether the file lists neither sites nor pools.
    pub fn is_empty(&self) -> bool {
        self.sites.is_empty() && self.pools.is_none()
    }

    /// The switches of sites and pools that are neither true nor false, by their names.
    pub fn invalid_switches(&self) -> impl Iterator<Item = (&'static str, &Text)> {
        let sites = self.sites.iter().map(|site| &site.auto_start).chain([&self.site_default_start]);
        let pools = self.pools.iter().flatten().map(|(_, pool)| &pool.auto_start).chain([&self.pool_default_start]);
        let pools = pools.map(|it| ("autoStart", it));
        let overrides = self.pools.iter().flatten().map(|(_, pool)| &pool.overrides);
        let overrides = overrides.chain([&self.pool_default_overrides]).map(|it| ("enableConfigurationOverride", it));
        sites
            .map(|it| ("serverAutoStart", it))
            .chain(pools)
            .chain(overrides)
            .filter_map(|(name, value)| Some((name, value.as_ref()?)))
            .filter(|(_, value)| !value.is("true") && !value.is("false"))
    }

    /// The path of the application that holds `key` (`default web site/owa/auth`, in lower case), as a path of the
    /// same form; the site itself if none of its applications does.
    pub fn application_of(&self, key: &str) -> String {
        let (name, _) = split(key);
        match self.holder(key) {
            Some(application) => format!("{name}{}", application.path.text.to_lowercase()),
            None => format!("{name}/"),
        }
    }

    /// The site with this name in lower case.
    pub fn named(&self, name: &str) -> Option<&Site> {
        self.by_name.get(name).map(|index| &self.sites[*index])
    }

    /// Whether IIS reads web.config files for a path (in lower case): the pool of its application may forbid it.
    pub fn overrides(&self, key: &str, fragment: bool) -> Overrides {
        let Some(site) = self.named(split(key).0) else { return Overrides::Read };
        let Some(application) = self.holder(key) else { return Overrides::Read };
        let name = self.pool_name(site, application).0;
        let pool = self.pools.as_ref().and_then(|pools| pools.get(&name.to_lowercase()));
        let written = pool.and_then(|pool| pool.overrides.as_ref()).or(self.pool_default_overrides.as_ref());
        match written {
            _ if pool.is_some_and(|pool| pool.twice) => Overrides::Unknown,
            Some(value) if value.is("false") => Overrides::Ignored,
            Some(value) if value.is("true") => Overrides::Read,
            None if !fragment => Overrides::Read,
            _ => Overrides::Unknown,
        }
    }

    /// Whether IIS looks for web.config files in the folders below that of a virtual directory: what it says itself,
    /// else what the defaults of its application, its site and the server say, else yes.
    pub fn allows_below(&self, site: &Site, application: &Application, folder: &Folder) -> bool {
        let defaults = [&application.folder_defaults, &site.folder_defaults, &self.folder_defaults];
        let written = folder.allow_below.as_ref().or_else(|| defaults.into_iter().find_map(Option::as_ref));
        !written.is_some_and(|it| it.is("false"))
    }

    /// Whether bindings that a site does not list may stand in the defaults of sites.
    pub fn may_inherit_bindings(&self, site: &Site) -> bool {
        self.has_default_bindings && site.bindings.is_empty()
    }

    /// The application that holds a path: the one with the longest path of its own.
    pub fn holder(&self, key: &str) -> Option<&Application> {
        let mut ends = [key.len()].into_iter().chain(key.rmatch_indices('/').map(|(at, _)| at));
        let (site, application) = ends.find_map(|end| self.by_path.get(&key[..end]))?;
        Some(&self.sites[*site].applications[*application])
    }

    /// The name of the pool that an application runs in, and where that shows: `DefaultAppPool` unless something names
    /// another.
    pub fn pool_name<'s>(&'s self, site: &'s Site, application: &'s Application) -> (&'s str, Span) {
        let pool = application.pool.as_ref().or(site.default_pool.as_ref()).or(self.default_pool.as_ref());
        pool.map_or(("DefaultAppPool", application.path.span), |pool| (pool.text.as_ref(), pool.span))
    }

    /// Whether a site starts with the server: its `serverAutoStart`, else that of `siteDefaults`, else true.
    pub fn site_starts(&self, site: &Site, fragment: bool) -> Start {
        match site.auto_start.as_ref().or(self.site_default_start.as_ref()) {
            None if fragment => Start::Undetermined(FRAGMENT.to_owned(), site.name.span),
            None => Start::Yes(site.name.span),
            Some(value) => switch(value, "serverAutoStart"),
        }
    }

    /// Whether the pool that an application runs in starts.
    pub fn pool_starts(&self, site: &Site, application: &Application, fragment: bool) -> Start {
        let (name, place) = self.pool_name(site, application);
        let Some(pools) = &self.pools else {
            if fragment {
                return Start::Undetermined(FRAGMENT.to_owned(), place);
            }
            return Start::Undetermined("the configuration lists no application pools".to_owned(), place);
        };
        match pools.get(&name.to_lowercase()) {
            None if fragment => Start::Undetermined(FRAGMENT.to_owned(), place),
            None => Start::No(place, Some("no pool of this name is defined")),
            Some(pool) if pool.twice => Start::Undetermined(format!("two pools are called {name}"), pool.name.span),
            Some(pool) => match pool.auto_start.as_ref().or(self.pool_default_start.as_ref()) {
                None if fragment => Start::Undetermined(FRAGMENT.to_owned(), pool.name.span),
                None => Start::Yes(pool.name.span),
                Some(value) => switch(value, "autoStart"),
            },
        }
    }

    fn collect_sites(&mut self, document: &XmlDocument<'_>, parent: ElementId) {
        for child in document.children(parent) {
            let element = document.get(child);
            match element.local_name() {
                "site" => self.take_site(Site::from_xml(document, child)),
                "siteDefaults" => {
                    self.site_default_start = owned(element, "serverAutoStart");
                    let mut parts = document.children(child).map(|it| document.get(it).local_name());
                    self.has_default_bindings = parts.any(|it| it == "bindings");
                }
                "virtualDirectoryDefaults" => self.folder_defaults = owned(element, "allowSubDirConfig"),
                "applicationDefaults" => self.default_pool = owned(element, "applicationPool"),
                _ => {}
            }
        }
    }

    fn take_site(&mut self, site: Site) {
        let (index, name) = (self.sites.len(), site.name.text.to_lowercase());
        if let Entry::Vacant(entry) = self.by_name.entry(name.clone()) {
            entry.insert(index);
            for (at, application) in site.applications.iter().enumerate() {
                let path = application.path.text.trim_end_matches('/').to_lowercase();
                self.by_path.entry(format!("{name}{path}")).or_insert((index, at));
            }
        }
        self.sites.push(site);
    }

    fn collect_pools(&mut self, document: &XmlDocument<'_>, parent: ElementId) {
        if is_kept_elsewhere(document, parent) {
            return;
        }
        let pools = self.pools.get_or_insert_default();
        for child in document.children(parent) {
            let element = document.get(child);
            match element.local_name() {
                "add" => {
                    if let Some(name) = owned(element, "name") {
                        let pool = Pool {
                            name,
                            auto_start: owned(element, "autoStart"),
                            overrides: owned(element, "enableConfigurationOverride"),
                            twice: false,
                        };
                        let earlier = pools.insert(pool.name.text.to_lowercase(), pool);
                        if let (Some(_), Some(name)) = (earlier, element.attribute("name")) {
                            pools.entry(name.value.text.to_lowercase()).and_modify(|pool| pool.twice = true);
                        }
                    }
                }
                "remove" => {
                    if let Some(name) = element.attribute("name") {
                        pools.remove(&name.value.text.to_lowercase());
                    }
                }
                "clear" => pools.clear(),
                "applicationPoolDefaults" => {
                    self.pool_default_start = owned(element, "autoStart");
                    self.pool_default_overrides = owned(element, "enableConfigurationOverride");
                }
                _ => {}
            }
        }
    }
}

impl Site {
    fn from_xml(document: &XmlDocument<'_>, id: ElementId) -> Site {
        let element = document.get(id);
        let name = owned(element, "name").unwrap_or_else(|| Text::rewritten("", element.tag));
        let mut site = Site {
            name,
            id: owned(element, "id"),
            tag: element.tag,
            applications: Vec::new(),
            bindings: Vec::new(),
            bindings_tag: None,
            auto_start: owned(element, "serverAutoStart"),
            default_pool: None,
            folder_defaults: None,
        };
        for child in document.children(id) {
            let element = document.get(child);
            match element.local_name() {
                "application" => site.applications.extend(Application::from_xml(document, child)),
                "bindings" => {
                    site.bindings_tag = Some(element.tag);
                    for item in document.children(child).map(|it| document.get(it)) {
                        match item.local_name() {
                            "clear" => site.bindings.clear(),
                            _ => site.bindings.extend(Binding::from_xml(item)),
                        }
                    }
                }
                "applicationDefaults" => site.default_pool = owned(element, "applicationPool"),
                "virtualDirectoryDefaults" => site.folder_defaults = owned(element, "allowSubDirConfig"),
                _ => {}
            }
        }
        site.applications.shrink_to_fit();
        site.bindings.shrink_to_fit();
        site
    }

    /// The application with exactly this path, in any case.
    pub fn application(&self, path: &str) -> Option<&Application> {
        let wanted = path.trim_end_matches('/');
        self.applications.iter().find(|it| it.path.text.trim_end_matches('/').to_lowercase() == wanted.to_lowercase())
    }
}

impl Application {
    fn from_xml(document: &XmlDocument<'_>, id: ElementId) -> Option<Application> {
        let element = document.get(id);
        let (mut folders, mut folder_defaults) = (Vec::new(), None);
        for child in document.children(id).map(|child| document.get(child)) {
            match child.local_name() {
                "virtualDirectory" => folders.extend(Folder::from_xml(child)),
                "virtualDirectoryDefaults" => folder_defaults = owned(child, "allowSubDirConfig"),
                _ => {}
            }
        }
        // Most have one.
        folders.shrink_to_fit();
        let (path, pool) = (owned(element, "path")?, owned(element, "applicationPool"));
        Some(Application { path, pool, folders, folder_defaults })
    }

    /// The folder of its root virtual directory.
    pub fn physical_path(&self) -> Option<&Text> {
        self.folders.iter().find(|it| it.path.text == "/")?.physical_path.as_ref()
    }
}

impl Folder {
    fn from_xml(element: &Element<'_>) -> Option<Folder> {
        Some(Folder {
            path: owned(element, "path")?,
            physical_path: owned(element, "physicalPath"),
            allow_below: owned(element, "allowSubDirConfig"),
        })
    }
}

/// The site's name in a path, and what follows it.
fn split(key: &str) -> (&str, &str) {
    key.split_at(key.find('/').unwrap_or(key.len()))
}

/// Whether the content of an element is encrypted or stands in another file.
fn is_kept_elsewhere(document: &XmlDocument<'_>, id: ElementId) -> bool {
    let element = document.get(id);
    ["configSource", "childSource", "configProtectionProvider"].iter().any(|name| element.attribute(name).is_some())
        || document.children(id).any(|child| document.get(child).local_name() == "EncryptedData")
}

fn owned(element: &Element<'_>, name: &str) -> Option<Text> {
    element.attribute(name).map(|it| held_value(&it.value))
}
