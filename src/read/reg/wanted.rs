//! What of a registry file is kept: the keys and values that somebody will ask for.

use std::cmp::Ordering;
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Part {
    /// In lower case.
    name: String,
    /// Whether a wanted key ends here, so that all below it is wanted too.
    is_key: bool,
    below: Vec<Part>,
}

/// Whether a key is kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Judged<'w> {
    /// It is.
    Wanted,
    /// It is not, and neither is any key that parts from the wanted ones where it does, unless by its end.
    Unwanted(Parting<'w>),
}

/// Where a path parts from those of all wanted keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parting<'w> {
    /// Where its first part stands that no wanted key shares.
    start: usize,
    end: usize,
    /// What wanted keys have there instead; `None` where that takes more than one look.
    instead: Option<&'w [Part]>,
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
    pub(super) fn has_end(&self, path: &[u8]) -> bool {
        let tail = |end: &str| path.get(path.len().checked_sub(end.len())?..);
        self.ends.iter().any(|end| tail(end).is_some_and(|tail| tail.eq_ignore_ascii_case(end.as_bytes())))
    }

    /// Whether a key is kept.
    pub(super) fn judge(&self, path: &str) -> Judged<'_> {
        let Some(keys) = &self.keys else { return Judged::Wanted };
        match keys.unwanted(path, 0).filter(|_| !self.has_end(path.as_bytes())) {
            Some(parting) => Judged::Unwanted(parting),
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

    /// Where a path parts from those of the wanted keys, of what stands from `at` on; `None` where a wanted key lies above
    /// the path or below it, or both are the same.
    fn unwanted(&self, path: &str, at: usize) -> Option<Parting<'_>> {
        let rest = path.get(at..).filter(|_| !self.is_key)?;
        let part = &rest[..memchr::memchr(b'\\', rest.as_bytes()).unwrap_or(rest.len())];
        let end = at + part.len();
        let mut furthest = Parting { start: at, end, instead: Some(&self.below) };
        for below in self.below.iter().filter(|it| is_same(part.as_bytes(), &it.name)) {
            let parting = below.unwanted(path, end + 1)?;
            furthest = match parting.start.cmp(&furthest.start) {
                Ordering::Less => furthest,
                Ordering::Equal => Parting { instead: None, ..furthest },
                Ordering::Greater => parting,
            };
        }
        Some(furthest)
    }
}

/// Whether a part of a path is the wanted one; any numbered control set may be the one in use.
fn is_same(part: &[u8], wanted: &str) -> bool {
    part.eq_ignore_ascii_case(wanted.as_bytes())
        || (!part.is_ascii() && str::from_utf8(part).is_ok_and(|part| part.to_lowercase() == wanted))
        || (wanted == CURRENT && is_control_set(part))
}

/// Whether a part of a path names a control set by its number; more of the path may stand behind it.
pub(super) fn is_control_set(part: &[u8]) -> bool {
    const NUMBERED: &[u8] = b"ControlSet";
    part.get(..NUMBERED.len()).is_some_and(|it| it.eq_ignore_ascii_case(NUMBERED))
}

/// The beginning of the key lines that are passed over without being read.
#[derive(Debug, Default)]
pub(super) struct Passed<'w> {
    prefix: Vec<u8>,
    /// What may not come next, where the prefix ends above the part that no wanted key shares.
    instead: Option<&'w [Part]>,
}

impl<'w> Passed<'w> {
    /// Keys that part from the wanted ones where this one does are passed over from here on.
    pub(super) fn set(&mut self, line: &str, path: Range<usize>, parting: Parting<'w>) {
        let path = &line.as_bytes()[path];
        // Which root keys there are is not known here.
        self.instead = parting.instead.filter(|_| parting.start > 0);
        let end = if self.instead.is_some() { parting.start } else { parting.end };
        self.prefix.clear();
        self.prefix.push(b'[');
        self.prefix.extend_from_slice(&path[..end]);
    }

    /// Whether a line is a flawless key line with that beginning, and with another end than those that are wanted.
    pub(super) fn holds(&self, line: &[u8], wanted: &Wanted) -> bool {
        if self.prefix.is_empty() || !line.starts_with(&self.prefix) {
            return false;
        }
        let Some((b']', path)) = line.split_last() else { return false };
        let rest = path.get(self.prefix.len()..).unwrap_or_default();
        self.parts_like(rest) && is_plain(path) && !wanted.has_end(path)
    }

    /// Whether a path goes on behind the prefix as no wanted key does.
    fn parts_like(&self, rest: &[u8]) -> bool {
        let Some(instead) = self.instead else { return rest.is_empty() || rest[0] == b'\\' };
        let part = &rest[..memchr::memchr(b'\\', rest).unwrap_or(rest.len())];
        // Without a part between them, two `\` are one.
        !part.is_empty() && !instead.iter().any(|it| is_same(part, &it.name))
    }
}

/// Whether a path is as it is written: regedit takes runs of `\` for one and the last ones for none, and a `]` ends it.
#[expect(clippy::needless_bitwise_bool, reason = "without branches many bytes are compared at once")]
fn is_plain(path: &[u8]) -> bool {
    let pairs = path.iter().zip(path.get(1..).unwrap_or_default());
    let is_odd =
        pairs.fold(false, |is_odd, (one, next)| is_odd | (*one == b']') | ((*one == b'\\') & (*next == b'\\')));
    !is_odd && !matches!(path.last(), Some(b'\\' | b']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_part_alike_are_passed_over() {
        let wanted = Wanted::only(
            [r"HKLM\SYSTEM\CurrentControlSet\Services\W3", r"HKLM\SYSTEM\CurrentControlSet\Services\Owa"],
            &[r"\name\name"],
            &[],
        );
        let line = r"[HKLM\SYSTEM\ControlSet001\Services\Disk\Enum]";
        let Judged::Unwanted(parting) = wanted.judge(&line[1..line.len() - 1]) else { panic!("it is wanted") };
        let mut passed = Passed::default();
        passed.set(line, 1..line.len() - 1, parting);
        for (rest, is_passed) in [
            (r"Disk]", true),
            (r"Adp\W3]", true),
            (r"w3]", false),
            (r"OWA\Deep]", false),
            (r"\W3]", false),
            (r"]", false),
            (r"Adp]x]", false),
            (r"Adp", false),
            (r"Adp\Name\Name]", false),
            (r"Adp\Name\\Name]", false),
            (r"Adp\Name\Name\]", false),
            (r"Adp\\Name\Name]", false),
        ] {
            let line = format!(r"[HKLM\SYSTEM\ControlSet001\Services\{rest}");
            assert_eq!(passed.holds(line.as_bytes(), &wanted), is_passed, "{line}");
        }
        assert!(!passed.holds(br"[HKLM\SYSTEM\ControlSet002\Services\Disk]", &wanted));
        let Judged::Unwanted(parting) = wanted.judge("HKU") else { panic!("it is wanted") };
        passed.set("[HKU]", 1..4, parting);
        assert!(passed.holds(br"[HKU\More]", &wanted) && !passed.holds(b"[HKX]", &wanted));
    }

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
            let Judged::Unwanted(parting) = it.judge(path) else { panic!("{path} is wanted") };
            assert_eq!(&path[..parting.end], same);
        }
        assert!(it.has_value(b"oN") && !it.has_value(b"One"));
    }
}
