//! Sites as appcmd lists them: one object at a time, each with its full name.

use std::collections::BTreeMap;

use crate::model::binding::Binding;
use crate::model::iis::Printed;
use crate::model::site::{Application, Folder, Pool, Site, Sites};
use crate::text::scalar::Text;
use crate::text::span::Span;

/// One object that appcmd lists.
#[derive(Debug)]
pub enum Listed {
    /// A site.
    Site {
        /// The line.
        tag: Span,
        /// Its name.
        name: Text,
        /// Its id.
        id: Text,
        /// All of its bindings.
        bindings: Vec<Binding>,
    },
    /// An application: `Default Web Site/owa`, and its pool.
    Application {
        /// Site and path.
        path: Text,
        /// The pool.
        pool: Text,
    },
    /// A virtual directory: `Default Web Site/owa/`, and its folder.
    Folder {
        /// Site and path.
        path: Text,
        /// The folder on disk.
        physical_path: Text,
    },
    /// An application pool.
    Pool {
        /// Its name.
        name: Text,
    },
}

/// The objects of one file.
#[derive(Debug, Default)]
pub struct Listing {
    sites: BTreeMap<String, Site>,
    folders: Vec<(Text, Text)>,
    pools: BTreeMap<String, Pool>,
}

impl Listing {
    /// Takes an object in. The same one may be listed again, as a session goes on; the first one stays.
    pub fn take(&mut self, object: Listed) {
        match object {
            Listed::Site { tag, name, id, bindings } => {
                let site = self.site(&name);
                if site.id.is_none() {
                    (site.name, site.id, site.tag, site.bindings) = (name, Some(id), tag, bindings);
                    site.bindings_tag = Some(tag);
                }
            }
            Listed::Application { path, pool } => {
                let (site, below) = split(&path);
                let site = self.site(&site);
                if site.application(&below.text).is_none() {
                    site.applications.push(Application {
                        path: below,
                        pool: Some(pool),
                        folders: Vec::new(),
                        folder_defaults: None,
                    });
                }
            }
            Listed::Folder { path, physical_path } => self.folders.push((path, physical_path)),
            Listed::Pool { name } => {
                let key = name.text.to_lowercase();
                self.pools.entry(key).or_insert(Pool { name, auto_start: None, overrides: None, twice: false });
            }
        }
    }

    fn site(&mut self, name: &Text) -> &mut Site {
        self.sites.entry(name.text.to_lowercase()).or_insert_with(|| Site {
            name: name.clone(),
            id: None,
            tag: name.span,
            applications: Vec::new(),
            bindings: Vec::new(),
            bindings_tag: None,
            auto_start: None,
            default_pool: None,
            folder_defaults: None,
        })
    }

    /// The folder of the root directory of each application, which has the application's own name.
    fn fill_folders(&mut self) {
        for (path, physical_path) in std::mem::take(&mut self.folders) {
            let (site, below) = split(&path);
            let Some(site) = self.sites.get_mut(&site.text.to_lowercase()) else { continue };
            let wanted = below.text.trim_end_matches('/').to_lowercase();
            let mut applications = site.applications.iter_mut();
            let own = applications.find(|it| it.path.text.trim_end_matches('/').to_lowercase() == wanted);
            let Some(application) = own.filter(|it| it.physical_path().is_none()) else { continue };
            let path = Text::rewritten("/", below.span);
            let root = Folder { path, physical_path: Some(physical_path), allow_below: None };
            application.folders.push(root);
        }
    }
}

impl Sites {
    /// The sites that were listed, and those that the paths of printed configuration name.
    pub fn listed(mut listing: Listing, printed: &[Printed]) -> Sites {
        for it in printed {
            listing.site(&split(&it.path).0);
        }
        listing.fill_folders();
        let mut sites = Sites::default();
        listing.sites.into_values().for_each(|site| sites.take_site(site));
        sites.pools = (!listing.pools.is_empty()).then_some(listing.pools);
        sites
    }
}

/// `Default Web Site` and `/owa`.
fn split(path: &Text) -> (Text, Text) {
    let at = path.text.find('/').unwrap_or(path.text.len());
    (path.sub(0..at), path.sub(at..path.text.len()))
}
