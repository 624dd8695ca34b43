//! What of a registry file is kept: the keys and values that somebody will ask for.

use std::ops::Range;

/// Keys by path and values by name; everything else of a file is checked all the same, and not kept.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The wanted keys, part by part; `None` if all is wanted.
    keys: Option<Part>,
    ends: Vec<&'static str>,
    values: Vec<&'static str>,
}

/// A part of the paths of wanted keys, and what follows it in them.
#[derive(Debug, Clone, Default)]
struct Part {
    /// In lower case.
    name: String,
    /// Whether a wanted key ends here, so that all below it is wanted too.
    is_key: bool,
    below: Vec<Part>,
}

/// Whether a key is kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Judged {
    /// It is.
    Wanted,
    /// It is not, and neither is any key that begins with this much of its path, unless by its end.
    Unwanted(usize),
}

/// The name of the control set in use; the others are told by their numbers.
const CURRENT: &str = "currentcontrolset";

impl Wanted {
    /// Everything.
    pub fn all() -> Wanted {
        Wanted::default()
    }

    /// These keys, with those above and below them, in every control set if they lie in the one in use; any key whose
    /// path ends in one of `ends`; and in all other keys the values with one of these names. Case counts nowhere.
    pub fn only<'k>(keys: impl IntoIterator<Item = &'k str>, ends: &[&'static str], values: &[&'static str]) -> Wanted {
        let mut root = Part::default();
        keys.into_iter().for_each(|key| root.add(&key.to_lowercase()));
        Wanted { keys: Some(root), ends: ends.to_vec(), values: values.to_vec() }
    }

    /// Whether everything is kept.
    pub fn is_all(&self) -> bool {
        self.keys.is_none()
    }

    /// Whether a value is kept whatever its key.
    pub(super) fn has_value(&self, name: &[u8]) -> bool {
        self.values.iter().any(|it| it.len() == name.len() && it.as_bytes().eq_ignore_ascii_case(name))
    }

    /// Whether a path is kept by how it ends.
    pub(super) fn has_end(&self, path: &str) -> bool {
        let tail = |end: &str| path.as_bytes().get(path.len().checked_sub(end.len())?..);
        self.ends.iter().any(|end| tail(end).is_some_and(|tail| tail.eq_ignore_ascii_case(end.as_bytes())))
    }

    /// Whether a key is kept.
    pub(super) fn judge(&self, path: &str) -> Judged {
        let Some(keys) = &self.keys else { return Judged::Wanted };
        match keys.unwanted(path, 0).filter(|_| !self.has_end(path)) {
            Some(end) => Judged::Unwanted(end),
            None => Judged::Wanted,
        }
    }
}

impl Part {
    fn add(&mut self, path: &str) {
        let mut part = self;
        for name in path.split('\\') {
            let at = part.below.iter().position(|it| it.name == name).unwrap_or(part.below.len());
            if at == part.below.len() {
                part.below.push(Part { name: name.to_owned(), ..Part::default() });
            }
            part = &mut part.below[at];
        }
        part.is_key = true;
    }

    /// Up to where the first part of a path goes that no wanted key shares, of what stands from `at` on; `None` where a
    /// wanted key lies above the path or below it, or both are the same.
    fn unwanted(&self, path: &str, at: usize) -> Option<usize> {
        let rest = path.get(at..).filter(|_| !self.is_key)?;
        let part = &rest[..memchr::memchr(b'\\', rest.as_bytes()).unwrap_or(rest.len())];
        let end = at + part.len();
        let mut furthest = end;
        for below in self.below.iter().filter(|it| is_same(part, &it.name)) {
            furthest = furthest.max(below.unwanted(path, end + 1)?);
        }
        Some(furthest)
    }
}

/// Whether a part of a path is the wanted one; any numbered control set may be the one in use.
fn is_same(part: &str, wanted: &str) -> bool {
    part.eq_ignore_ascii_case(wanted)
        || (!part.is_ascii() && part.to_lowercase() == wanted)
        || (wanted == CURRENT && is_control_set(part))
}

/// Whether a part of a path names a control set by its number.
pub(super) fn is_control_set(part: &str) -> bool {
    const NUMBERED: &str = "ControlSet";
    part.get(..NUMBERED.len()).is_some_and(|it| it.eq_ignore_ascii_case(NUMBERED))
}

/// The beginning of the key lines that are passed over without being read.
#[derive(Debug, Default)]
pub(super) struct Passed {
    prefix: Vec<u8>,
}

impl Passed {
    /// Keys with the same beginning as this one are passed over from here on.
    pub(super) fn set(&mut self, line: &str, path: Range<usize>) {
        self.prefix.clear();
        self.prefix.push(b'[');
        self.prefix.extend_from_slice(&line.as_bytes()[path]);
    }

    /// Whether a line is a flawless key line with that beginning, and with another end than those that are wanted.
    pub(super) fn holds(&self, line: &[u8], wanted: &Wanted) -> bool {
        if self.prefix.is_empty() || !line.starts_with(&self.prefix) {
            return false;
        }
        let Some((b']', path)) = line.split_last() else { return false };
        let goes_on = path.len() == self.prefix.len() || path.get(self.prefix.len()) == Some(&b'\\');
        goes_on
            && memchr::memchr(b']', path).is_none()
            && std::str::from_utf8(path).is_ok_and(|path| !wanted.has_end(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_above_and_below_are_kept_in_every_control_set() {
        let it = Wanted::only([r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\X Y"], &[r"\name\name"], &["On"]);
        for path in [
            "HKEY_LOCAL_MACHINE",
            r"HKEY_LOCAL_MACHINE\system",
            r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services",
            r"HKEY_LOCAL_MACHINE\SYSTEM\ControlSet003\Services\x y",
            r"HKEY_LOCAL_MACHINE\SYSTEM\ControlSet003\Services\X Y\Deep\Down",
            r"HKEY_LOCAL_MACHINE\Other\Name\NAME",
        ] {
            assert_eq!(it.judge(path), Judged::Wanted, "{path}");
        }
        for (path, same) in [
            ("HKEY_USERS", "HKEY_USERS"),
            (r"HKEY_LOCAL_MACHINE\SYSTEM2\CurrentControlSet", r"HKEY_LOCAL_MACHINE\SYSTEM2"),
            (
                r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\X\Y\Z",
                r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\X",
            ),
        ] {
            assert_eq!(it.judge(path), Judged::Unwanted(same.len()), "{path}");
        }
        assert!(it.has_value(b"oN") && !it.has_value(b"One"));
    }
}
