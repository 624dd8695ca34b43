//! The place of a virtual directory in IIS: its site, its path, and the layers that apply there.

use crate::model::iis::{Chain, Iis};
use crate::model::server::Server;
use crate::model::setting::Field;
use crate::model::site::{Application, Site};
use crate::model::vdir::{self, Vdir};
use crate::text::scalar::Text;
use crate::text::span::Span;

/// Where a virtual directory says that it lies.
#[derive(Debug, Clone)]
pub struct SiteReference {
    /// The number behind `W3SVC` in `MetabasePath`.
    pub id: Option<Text>,
    /// `WebSite`, else the name in brackets of `Name` or `Identity`.
    pub name: Option<Text>,
    /// The path below the site's root: `/owa`.
    pub path: String,
}

/// Where a virtual directory lies in one IIS configuration.
#[derive(Debug, Clone)]
pub struct IisPlace<'e> {
    /// The configuration.
    pub iis: &'e Iis,
    /// The site.
    pub site: &'e Site,
    /// The application of the virtual directory, if the site has it.
    pub application: Option<&'e Application>,
    /// Site and path, as location tags name it: `Default Web Site/owa`.
    pub path: String,
    /// The layers that apply there, from the outermost.
    pub chain: Chain<'e>,
}

/// What became of looking for a virtual directory's site.
#[derive(Debug, Clone)]
pub enum Found<'e> {
    /// The site is there.
    At(IisPlace<'e>),
    /// It is not: why, and where that shows.
    Nowhere(String, Span),
}

impl<'e> Found<'e> {
    /// The place, if the site is there.
    pub fn place(&self) -> Option<&IisPlace<'e>> {
        match self {
            Found::At(place) => Some(place),
            Found::Nowhere(..) => None,
        }
    }
}

impl SiteReference {
    /// What a virtual directory says of its place.
    pub fn of(vdir: &Vdir) -> SiteReference {
        let name = vdir.text("WebSite").cloned().or_else(|| bracketed(vdir));
        let mut reference = SiteReference { id: None, name, path: path_from_name(vdir) };
        if let Some((id, path)) = vdir.text("MetabasePath").and_then(parse) {
            reference.id = Some(id);
            reference.path = path;
        }
        reference
    }

    /// Whether both name the same web site of one server: by id where both have one, else by name.
    pub fn is_site_of(&self, other: &SiteReference) -> bool {
        match (&self.id, &other.id, &self.name, &other.name) {
            (Some(one), Some(two), ..) => one.text == two.text,
            (_, _, Some(one), Some(two)) => one.text.to_lowercase() == two.text.to_lowercase(),
            _ => false,
        }
    }
}

/// Looks for the site of a virtual directory: by its id where one is known, else by its name.
pub fn find<'e>(iis: &'e Iis, vdir: &'e Vdir) -> Found<'e> {
    if let Some(setting) = vdir.get("MetabasePath")
        && matches!(setting.field, Field::Conflicting(..) | Field::Unreadable(_))
    {
        let why = format!("MetabasePath of {} is {}", vdir.identity, setting.field.state());
        return Found::Nowhere(why, setting.field.span());
    }
    let reference = SiteReference::of(vdir);
    match site(iis, &reference) {
        Ok(site) => {
            let path = format!("{}{}", site.name.text, reference.path);
            let chain = iis.chain(&path);
            Found::At(IisPlace { iis, site, application: site.application(&reference.path), path, chain })
        }
        Err((what, span)) => Found::Nowhere(what, span.unwrap_or(vdir.place)),
    }
}

/// Whether the site that a virtual directory names by its id is another than the one it names by its name:
/// the id, the name of its site, and the name that the virtual directory gives.
pub fn disagreement(iis: &Iis, vdir: &Vdir) -> Option<(Text, Text, Text)> {
    let reference = SiteReference::of(vdir);
    let (id, name) = (reference.id.clone()?, reference.name.clone()?);
    let site = site(iis, &reference).ok()?;
    (site.name.text.to_lowercase() != name.text.to_lowercase()).then(|| (id, site.name.clone(), name))
}

/// The servers that the vdir's `MetabasePath` and its `Server` name, where they are not the same.
pub fn foreign_host(server: &Server, vdir: &Vdir) -> Option<Text> {
    let host = vdir::metabase_host(&vdir.settings)?;
    let short = |name: &str| name.split('.').next().unwrap_or(name).to_lowercase();
    (short(&host.text) != short(&server.name)).then_some(host)
}

fn site<'e>(iis: &'e Iis, reference: &SiteReference) -> Result<&'e Site, (String, Option<Span>)> {
    let sites = &iis.sites.sites;
    if let Some(id) = &reference.id {
        let same = |site: &&Site| site.id.as_ref().is_some_and(|it| it.text.trim() == id.text);
        let mut found = sites.iter().filter(same);
        return match (found.next(), found.next(), printed(iis, reference)) {
            (Some(site), None, _) | (None, _, Some(site)) => Ok(site),
            (Some(_), Some(_), _) => Err((format!("two sites have the id {}", id.text), Some(id.span))),
            _ => Err((format!("no site has the id {}", id.text), Some(id.span))),
        };
    }
    let Some(name) = &reference.name else {
        return Err(("nothing in the export says which site it lies in".to_owned(), None));
    };
    let wanted = name.text.to_lowercase();
    let mut found = sites.iter().filter(|site| site.name.text.to_lowercase() == wanted);
    match (found.next(), found.next()) {
        (Some(site), None) => Ok(site),
        (Some(_), Some(_)) => Err((format!("two sites are called {}", name.text), Some(name.span))),
        _ => Err((format!("no site is called {}", name.text), Some(name.span))),
    }
}

/// A site that appcmd printed something of, but not its id: by its name.
fn printed<'e>(iis: &'e Iis, reference: &SiteReference) -> Option<&'e Site> {
    let name = reference.name.as_ref().filter(|_| iis.excerpt)?;
    iis.sites.named(&name.text.to_lowercase()).filter(|site| site.id.is_none())
}

/// Site id and path of `IIS://server/W3SVC/1/ROOT/owa`; `None` for anything of another form.
pub fn parse(metabase: &Text) -> Option<(Text, String)> {
    let lower = metabase.text.to_ascii_lowercase();
    let start = lower.find("/w3svc/")? + "/w3svc/".len();
    let end = start + lower[start..].find('/')?;
    let rest = lower[end..].strip_prefix("/root")?;
    let is_number = !lower[start..end].is_empty() && lower[start..end].bytes().all(|byte| byte.is_ascii_digit());
    if !lower.starts_with("iis://") || !is_number || !(rest.is_empty() || rest.starts_with('/')) {
        return None;
    }
    let path = metabase.text[end + "/root".len()..].trim_end_matches('/').to_owned();
    Some((metabase.sub(start..end), path))
}

/// The site's name in `owa (Default Web Site)`.
fn bracketed(vdir: &Vdir) -> Option<Text> {
    ["Name", "Identity"].iter().filter_map(|name| vdir.text(name)).find_map(|text| {
        let start = text.text.find(" (")? + 2;
        let end = text.text.rfind(')').filter(|end| *end > start)?;
        Some(text.sub(start..end))
    })
}

/// `/owa` from `CAS2\owa (Default Web Site)`.
fn path_from_name(vdir: &Vdir) -> String {
    let name = vdir.identity.rsplit('\\').next().unwrap_or("owa");
    format!("/{}", name.split(" (").next().unwrap_or("owa").trim())
}
