//! Fingerprints: what stays the same of a finding wherever its text moves.

use xxhash_rust::xxh3::xxh3_128;

use super::Finding;
use crate::text::secret::masked;

/// The fingerprint of a finding that is not folded: made of rule, servers, object and cause, never of a place.
pub fn of_one(finding: &Finding) -> u128 {
    of(&finding.rule, &finding.sources, &finding.targets, [what(&finding.object, &finding.cause).as_str()])
}

/// The same without the cause: what a finding is about, which stays while the fault there takes another form.
pub fn of_subject(finding: &Finding) -> u128 {
    of(&finding.rule, &finding.sources, &finding.targets, [finding.object.as_str()])
}

/// [`of_one`] and [`of_subject`] of the findings that one about several sources stands for, each about one of them.
pub fn of_each_source(finding: &Finding) -> impl Iterator<Item = (u128, u128)> + '_ {
    let what = what(&finding.object, &finding.cause);
    finding.sources.iter().map(move |source| {
        let of = |what: &str| of(&finding.rule, std::slice::from_ref(source), &finding.targets, [what]);
        (of(&what), of(&finding.object))
    })
}

/// The fingerprint of a rule and servers with the objects and causes that were folded, sorted.
pub fn of<'w>(rule: &str, sources: &[String], targets: &[String], what: impl IntoIterator<Item = &'w str>) -> u128 {
    let mut key = rule.to_owned();
    for names in [sources, targets] {
        key.push('\u{1e}');
        push_lower(&mut key, names);
    }
    key.push('\u{1e}');
    for (index, what) in what.into_iter().enumerate() {
        if index > 0 {
            key.push('\u{1f}');
        }
        key.push_str(what);
    }
    xxh3_128(key.as_bytes())
}

/// Appends names in lower case; a finding may be about thousands.
fn push_lower(key: &mut String, names: &[String]) {
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            key.push(',');
        }
        if name.is_ascii() {
            key.extend(name.chars().map(|it| it.to_ascii_lowercase()));
        } else {
            key.push_str(&name.to_lowercase());
        }
    }
}

/// The object and the cause, without secrets, so that whoever holds a baseline can check it.
pub fn what(object: &str, cause: &str) -> String {
    let cause = masked(cause);
    if object.is_empty() { cause.into_owned() } else { format!("{object}|{cause}") }
}

/// A fingerprint as reports write it.
pub fn hex(fingerprint: u128) -> String {
    format!("{fingerprint:032x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_made_of_names_in_lower_case() {
        let names = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let made = of("R", &names(&["Cas1", "ÄX"]), &names(&["b"]), ["one", "two"]);
        assert_eq!(made, xxh3_128("R\u{1e}cas1,äx\u{1e}b\u{1e}one\u{1f}two".as_bytes()));
    }
}
