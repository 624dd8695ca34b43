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
///
/// `name` gives the name of a server of the estate by its index.
pub fn of_each_source<'f>(
    finding: &'f Finding,
    name: impl Fn(usize) -> &'f str + 'f,
) -> impl Iterator<Item = (u128, u128)> + 'f {
    let what = what(&finding.object, &finding.cause);
    let more = finding.more_sources.iter().map(move |index| name(*index as usize));
    finding.sources.iter().map(String::as_str).chain(more).map(move |source| {
        let of = |what: &str| of(&finding.rule, &[source], &finding.targets, [what]);
        (of(&what), of(&finding.object))
    })
}

/// The fingerprint of a rule and servers with the objects and causes that were folded, sorted.
pub fn of<'w>(
    rule: &str,
    sources: &[impl AsRef<str>],
    targets: &[impl AsRef<str>],
    what: impl IntoIterator<Item = &'w str>,
) -> u128 {
    let mut key = rule.to_owned();
    key.push('\u{1e}');
    push_lower(&mut key, sources);
    key.push('\u{1e}');
    push_lower(&mut key, targets);
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
fn push_lower(key: &mut String, names: &[impl AsRef<str>]) {
    key.reserve(names.iter().map(|name| name.as_ref().len() + 1).sum());
    for (index, name) in names.iter().map(AsRef::as_ref).enumerate() {
        if index > 0 {
            key.push(',');
        }
        if name.is_ascii() {
            let from = key.len();
            key.push_str(name);
            key[from..].make_ascii_lowercase();
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
