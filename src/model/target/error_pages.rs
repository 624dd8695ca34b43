//! Custom error pages: what becomes of the answers of IIS that a source goes by.

use crate::model::answer::{Answer, Evidence, List};
use crate::model::attributes::{self, HTTP_ERRORS};
use crate::model::iis::Item;
use crate::model::place::IisPlace;
use crate::model::target::Target;
use crate::model::target::in_force::{inherited, lacking};
use crate::text::scalar::Text;

impl Target<'_> {
    /// The 403 statuses that a custom error answers with a redirect or with another page of the site: `403`, `403.4`.
    pub fn masked_refusals(&self) -> Answer<List> {
        self.in_whole(|place| {
            self.error_pages(place, |item| {
                let mode = item.attribute("responseMode").filter(|it| it.is("Redirect") || it.is("ExecuteURL"))?;
                item.attribute("statusCode").filter(|it| it.is("403"))?;
                Some((status(item), inherited(mode.span, item.layer, place)))
            })
        })
    }

    /// The 401 statuses that a custom error answers with a page that runs in another application pool than OWA.
    pub fn error_pages_in_other_pools(&self) -> Answer<List> {
        self.in_whole(|place| {
            self.error_pages(place, |item| {
                item.attribute("responseMode").filter(|it| it.is("ExecuteURL"))?;
                item.attribute("statusCode").filter(|it| it.is("401"))?;
                let path = item.attribute("path")?;
                let other = other_pool(place, path)?;
                let mut evidence = inherited(path.span, item.layer, place);
                evidence.extend(other);
                Some((status(item), evidence))
            })
        })
    }

    /// The custom errors in force that a test picks; none where IIS sends its own detailed errors to everybody.
    fn error_pages(
        &self,
        place: &IisPlace<'_>,
        pick: impl Fn(&Item<'_>) -> Option<(String, Vec<Evidence>)>,
    ) -> Answer<List> {
        let collection = match self.items(place, &attributes::ERROR_PAGES) {
            Ok(collection) => collection,
            Err(open) => return open.map(|()| List::whole(Vec::new())),
        };
        let (names, evidence): (Vec<String>, Vec<Vec<Evidence>>) = collection.items.iter().filter_map(pick).unzip();
        if names.is_empty() {
            return Answer::at(List::whole(names), collection.place.unwrap_or_else(|| lacking(place)));
        }
        match self.text_at(place, HTTP_ERRORS, "errorMode") {
            Answer::Open(missing, shown) => Answer::Open(missing, shown),
            Answer::Is(mode, shown) if mode.eq_ignore_ascii_case("Detailed") => {
                Answer::Is(List::whole(Vec::new()), shown)
            }
            Answer::Is(..) => Answer::Is(List::whole(names), evidence.concat()),
        }
    }
}

/// `403.4`; without a sub-status that of all.
fn status(item: &Item<'_>) -> String {
    let code = item.attribute("statusCode").map_or("", |it| it.text.trim());
    match item.attribute("subStatusCode").map(|it| it.text.trim()).filter(|it| !matches!(*it, "" | "-1")) {
        Some(sub) => format!("{code}.{sub}"),
        None => code.to_owned(),
    }
}

/// The two pools, where the page at a path runs in another than OWA.
fn other_pool(place: &IisPlace<'_>, path: &Text) -> Option<[Evidence; 2]> {
    let own = place.application?;
    let page = path.text.split(['?', '#']).next().unwrap_or_default();
    let key = format!("{}{page}", place.site.name.text).to_lowercase();
    let other = place.iis.sites.holder(&key).filter(|_| page.starts_with('/'))?;
    let (name, pool) = place.iis.sites.pool_name(place.site, own);
    let (other_name, other_pool) = place.iis.sites.pool_name(place.site, other);
    (!name.eq_ignore_ascii_case(other_name)).then(|| {
        [
            Evidence::noted(other_pool, format!("the page runs in the pool {other_name}")),
            Evidence::noted(pool, format!("and OWA in the pool {name}")),
        ]
    })
}
