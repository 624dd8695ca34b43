//! What may keep a request from OWA before it is run: URL Rewrite, request filtering and URL authorization.

use crate::model::answer::{Answer, Evidence, List, Missing};
use crate::model::attributes::{self, AUTHORIZATION, FILE_EXTENSIONS, Items, VERBS};
use crate::model::iis::{Collection, Item};
use crate::model::place::IisPlace;
use crate::model::rewrite::{self, Outcome, Request, Rewriting};
use crate::model::target::Target;
use crate::model::target::in_force::{inherited, lacking, undetermined};
use crate::text::scalar::Text;
use crate::text::span::Span;

/// The page that a source asks for before it proxies anybody (third parties, for Exchange 15.x).
const PROBE: &str = "ping.owa";

impl Target<'_> {
    /// What URL Rewrite does with the request by which a source tries the target; several rules ask for it.
    pub fn rewriting(&self) -> &Answer<Rewriting> {
        self.rewriting.get_or_init(|| self.rewrite())
    }

    fn rewrite(&self) -> Answer<Rewriting> {
        let url = self.internal_url().known().and_then(Option::as_ref);
        self.in_whole(|place| {
            let request = Request { path: &probe(place), url };
            match rewrite::at(place, &request) {
                Outcome::Undetermined(why, span) => {
                    let missing = undetermined(self.server, &place.path, &why, "what URL Rewrite does");
                    Answer::Open(missing, span.map(Evidence::value).into_iter().collect())
                }
                Outcome::Unjudged(why, span) => {
                    let missing = undetermined(self.server, &place.path, &why, "what URL Rewrite does");
                    let name = &self.server.name;
                    let ask_for = format!("a request for /{} from a proxying server to {name}", request.path);
                    Answer::Open(Missing { ask_for, ..missing }, vec![Evidence::value(span)])
                }
                Outcome::Told(does, None) => Answer::at(does, lacking(place)),
                Outcome::Told(does, Some(it)) => {
                    let mut evidence = inherited(it.action, it.rule.layer, place);
                    let name = it.rule.attribute("name").map_or("", |name| name.text.as_ref());
                    evidence
                        .extend(it.pattern.map(|span| Evidence::noted(span, format!("the rule `{name}` takes it"))));
                    Answer::Is(does, evidence)
                }
            }
        })
    }

    /// Which parts of request filtering refuse that request: `url-sequence` (404.5), `verb` (404.6), `file-extension`
    /// (404.7) and `hidden-segment` (404.8), as the section's reference documentation gives them.
    pub fn request_filtering(&self) -> Answer<List> {
        self.in_whole(|place| self.filtering_at(place))
    }

    /// Whether URL authorization lets computer accounts in, which sources sign in by.
    pub fn authorizes_computers(&self) -> Answer<bool> {
        self.in_whole(|place| self.authorization_at(place))
    }

    fn filtering_at(&self, place: &IisPlace<'_>) -> Answer<List> {
        let path = format!("/{}", probe(place)).to_lowercase();
        let allowed = match self.items(place, &attributes::ALLOWED_URLS) {
            Ok(collection) => collection,
            Err(open) => return open.map(|()| List::whole(Vec::new())),
        };
        let is_path = |item: &&Item<'_>| item.attribute("url").is_some_and(|it| format!("/{}", trimmed(it)) == path);
        if let Some(item) = allowed.items.iter().find(is_path) {
            return Answer::Is(List::whole(Vec::new()), inherited(item.tag, item.layer, place));
        }
        let contains = |text: &Text| path.contains(&text.text.to_lowercase()) && !text.text.is_empty();
        let hides = |text: &Text| path.split('/').any(|part| part == text.text.to_lowercase());
        let parts = [
            ("url-sequence", self.refused_by(place, &attributes::URL_SEQUENCES, "sequence", contains)),
            ("verb", self.unlisted(place, VERBS, &attributes::VERB_ENTRIES, "verb", "GET")),
            ("file-extension", self.unlisted(place, FILE_EXTENSIONS, &attributes::EXTENSIONS, "fileExtension", ".owa")),
            ("hidden-segment", self.refused_by(place, &attributes::SEGMENTS, "segment", hides)),
        ];
        let (mut names, mut evidence) = (Vec::new(), Vec::new());
        for (name, answer) in parts {
            match answer {
                Answer::Open(missing, shown) => return Answer::Open(missing, shown),
                Answer::Is(true, shown) => {
                    names.push(name.to_owned());
                    evidence.extend(shown);
                }
                Answer::Is(false, _) => {}
            }
        }
        if evidence.is_empty() {
            evidence.push(Evidence::value(lacking(place)));
        }
        Answer::Is(List::whole(names), evidence)
    }

    /// Whether an item of a collection of refusals takes the request.
    fn refused_by(
        &self,
        place: &IisPlace<'_>,
        items: &Items,
        name: &str,
        takes: impl Fn(&Text) -> bool,
    ) -> Answer<bool> {
        let collection = match self.items(place, items) {
            Ok(collection) => collection,
            Err(open) => return open.map(|()| false),
        };
        let found = collection.items.iter().find_map(|item| {
            let text = item.attribute(name).filter(|it| takes(it))?;
            Some(inherited(text.span, item.layer, place))
        });
        found.map_or(Answer::Is(false, Vec::new()), |evidence| Answer::Is(true, evidence))
    }

    /// Whether a list of what is allowed and what is not refuses a text: by its entry, else by `allowUnlisted`.
    fn unlisted(&self, place: &IisPlace<'_>, section: &str, items: &Items, name: &str, wanted: &str) -> Answer<bool> {
        let collection = match self.items(place, items) {
            Ok(collection) => collection,
            Err(open) => return open.map(|()| false),
        };
        let entry = collection.items.iter().find(|item| item.attribute(name).is_some_and(|it| it.is(wanted)));
        let Some(entry) = entry else {
            return self.boolean_at(place, section, "allowUnlisted").map(|allowed| !allowed);
        };
        match entry.attribute("allowed") {
            None => Answer::at(false, entry.tag),
            Some(it) if it.is("true") => Answer::at(false, it.span),
            Some(it) if it.is("false") => Answer::Is(true, inherited(it.span, entry.layer, place)),
            Some(it) => self.doubt(place, "an entry's `allowed` is neither true nor false", section, it.span),
        }
    }

    /// Users are let in by the first rule that takes them; without any rule the section says nothing.
    fn authorization_at(&self, place: &IisPlace<'_>) -> Answer<bool> {
        let collection = match self.items(place, &attributes::AUTHORIZATION_RULES) {
            Ok(collection) => collection,
            Err(open) => return open.map(|()| true),
        };
        let rules: Vec<&Item<'_>> = collection.items.iter().filter(|it| is_for_get(it)).collect();
        for rule in &rules {
            let named = rule.attribute("users").or(rule.attribute("roles"));
            let span = named.map_or(rule.tag, |it| it.span);
            let allows = match rule.attribute("accessType") {
                Some(it) if it.is("Allow") => true,
                Some(it) if it.is("Deny") => false,
                _ => return self.doubt(place, "a rule's `accessType` is neither Allow nor Deny", AUTHORIZATION, span),
            };
            match takes_computers(rule) {
                Some(true) => return Answer::Is(allows, inherited(span, rule.layer, place)),
                Some(false) => {}
                None => {
                    let why = "whether the names of a rule hold the computer accounts is in no export";
                    let ask_for = format!("who is meant by the rules of URL authorization on {}", self.server.name);
                    let open = self.doubt(place, why, AUTHORIZATION, span);
                    return open.asking(ask_for);
                }
            }
        }
        match rules.first() {
            Some(rule) => {
                let named = rule.attribute("users").map_or(rule.tag, |it| it.span);
                Answer::Is(false, inherited(named, rule.layer, place))
            }
            None if collection.is_default => Answer::at(true, lacking(place)),
            None => {
                let span = collection.place.unwrap_or_else(|| lacking(place));
                self.doubt(place, "no rule is left, and what IIS does then is not documented", AUTHORIZATION, span)
            }
        }
    }

    fn doubt(&self, place: &IisPlace<'_>, why: &str, section: &str, span: Span) -> Answer<bool> {
        let name = attributes::last_part(section);
        Answer::Open(undetermined(self.server, &place.path, why, name), vec![Evidence::value(span)])
    }

    /// A collection that is in force at a place, or why that is not known.
    pub(super) fn items<'p>(&self, place: &IisPlace<'p>, items: &Items) -> Result<Collection<'p>, Answer<()>> {
        let collection = place.iis.collection(&place.chain, items);
        match &collection.undetermined {
            None => Ok(collection),
            Some((why, span)) => {
                let missing = undetermined(self.server, &place.path, why, attributes::last_part(items.section));
                Err(Answer::Open(missing, span.map(Evidence::value).into_iter().collect()))
            }
        }
    }
}

/// The path of the page that a source asks for, from the site's root and without a slash at its beginning.
fn probe(place: &IisPlace<'_>) -> String {
    let path = place.path.split_once('/').map_or("", |(_, below)| below);
    if path.is_empty() { PROBE.to_owned() } else { format!("{path}/{PROBE}") }
}

fn trimmed(url: &Text) -> String {
    url.text.trim().trim_start_matches('/').to_lowercase()
}

fn is_for_get(rule: &Item<'_>) -> bool {
    let verbs = rule.attribute("verbs").map_or("", |it| it.text.as_ref());
    verbs.trim().is_empty() || verbs.split(',').any(|verb| verb.trim().eq_ignore_ascii_case("GET"))
}

/// Whether a rule takes computer accounts; `None` where it names groups or computers. `?` stands for those who have
/// not signed in.
fn takes_computers(rule: &Item<'_>) -> Option<bool> {
    let listed = |name: &str| rule.attribute(name).map_or("", |it| it.text.as_ref());
    let users: Vec<&str> = listed("users").split(',').map(str::trim).filter(|it| !it.is_empty()).collect();
    if users.contains(&"*") {
        return Some(true);
    }
    let may = !listed("roles").trim().is_empty() || users.iter().any(|user| user.ends_with('$'));
    (!may).then_some(false)
}
