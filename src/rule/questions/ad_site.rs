//! Questions about an AD site: what differs among servers that users take for alike.

use crate::model::ad_site::{ASPECTS, aspect, odd_ones};
use crate::model::answer::{Answer, List};
use crate::model::ladder::Ladder;
use crate::read::toml::nearest;
use crate::rule::ask::Subject;
use crate::rule::questions::{Question, Side, question};
use crate::rule::value::{Type, Value};

/// What can be asked of an AD site.
pub(super) const QUESTIONS: &[Question] = &[Question {
    is_open: true,
    example: r#"odd-ones."ExternalUrl""#,
    check: known_aspect,
    ..question(
        "odd-ones",
        Side::AdSite,
        Type::List,
        "Which of the site differ from most others in an aspect: servers of one version, or their virtual directories of one name; all of them where there is no most.",
        odd,
    )
}];

fn known_aspect(name: &str) -> Result<(), String> {
    if aspect(name).is_some() {
        return Ok(());
    }
    let names: Vec<&str> = ASPECTS.iter().map(|aspect| aspect.name).collect();
    Err(match nearest(name, names.iter().copied()) {
        Some(near) => format!("there is no aspect `{name}`; did you mean `{near}`?"),
        None => format!("there is no aspect `{name}`; there are `{}`", names.join("`, `")),
    })
}

/// What differs is known even where others of the site are not.
fn odd(ladder: &Ladder<'_>, subject: Subject, argument: &str) -> Answer<Value> {
    let (Subject::AdSite(index), Some(aspect)) = (subject, aspect(argument)) else {
        unreachable!("the argument is checked when the rule is read, and asked of sites alone")
    };
    let odd = odd_ones(ladder, &ladder.ad_sites[index], aspect);
    match odd.open.into_iter().next() {
        Some(missing) if odd.names.is_empty() && ladder.ad_sites[index].servers.len() > 1 => Answer::open(missing),
        _ => Answer::Is(Value::List(List::whole(odd.names)), odd.evidence),
    }
}
