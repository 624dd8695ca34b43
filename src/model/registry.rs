//! The registry of one server, as it would stand after importing its exports in order.

#[cfg(test)]
mod tests;
mod value;
mod wanted;

use std::collections::BTreeMap;

use crate::read::reg::{Extent, KeyPath, Operation, RegDocument};
use crate::text::span::Span;

use value::value_of;
pub use value::{Printed, REG_DWORD, Reading, RegistryValue};
pub use wanted::wanted;
pub(in crate::model) use wanted::{COMPUTER_NAME, HOST_NAME};

/// The key that OWA, ECP and ActiveSync read their proxy settings from (Event 42's documentation names it; the blank
/// belongs to the name).
pub const OWA_KEY: &str = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchange OWA";

/// Keys and values, by path and name in lower case.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    keys: BTreeMap<String, Key>,
    deleted: BTreeMap<String, Span>,
    /// Values that a query did not find, by key and name.
    absent: BTreeMap<(String, String), Span>,
    /// Values that two files set differently; the later holds.
    disputes: Vec<Dispute>,
}

/// One key that an export holds.
#[derive(Debug, Clone)]
pub struct Key {
    /// The path as first written, with its root in full.
    pub path: String,
    /// The line that names it; where several do, the one that shows most of it.
    pub line: Span,
    /// How much of it is known.
    extent: Extent,
    /// The values by name in lower case; the empty name is the default value.
    pub values: BTreeMap<String, RegistryValue>,
    deleted_values: BTreeMap<String, Span>,
}

/// A value that a later file set differently.
#[derive(Debug, Clone)]
pub struct Dispute {
    /// The key's path.
    pub key: String,
    /// The value's name.
    pub name: String,
    /// The data of the earlier file, which does not hold.
    pub earlier: Span,
    /// The data of the later file, which holds.
    pub later: Span,
}

/// What the exports of a server say about one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup<'r> {
    /// The value is set.
    Set(&'r RegistryValue),
    /// The exports cover the place, and the value is not there; the span is what shows that.
    Absent(Span),
    /// The exports do not cover the place.
    NotCovered,
}

impl Registry {
    /// Carries out the operations of one file on top of what earlier files did. Its data is moved, not copied: a whole
    /// `SYSTEM` has more than a million values.
    pub fn apply(&mut self, document: RegDocument<'_>) {
        let mut open: Option<String> = None;
        for operation in document.operations {
            match operation {
                Operation::OpenKey(path) => open = Some(self.open(&path, Extent::Tree)),
                Operation::ShowKey { path, extent } => {
                    self.is_there(&path.path.text.to_lowercase());
                    open = Some(self.open(&path, extent));
                }
                Operation::Absent { path, name: None } => {
                    self.contradict(&path);
                    self.delete(&path);
                    open = None;
                }
                Operation::Absent { path, name: Some(name) } => self.not_found(&path, &name.name.text),
                Operation::DeleteKey(path) => {
                    self.delete(&path);
                    open = None;
                }
                Operation::SetValue { name, data, data_span } => {
                    let value = value_of(name.name, data, data_span);
                    if let Some((path, key)) = open.as_ref().and_then(|path| Some((path, self.keys.get_mut(path)?))) {
                        if !self.absent.is_empty() {
                            self.absent.remove(&(path.clone(), value.name.text.to_lowercase()));
                        }
                        set(key, value, &mut self.disputes);
                    }
                }
                Operation::DeleteValue { name, data_span } => {
                    if let Some(key) = open.as_ref().and_then(|path| self.keys.get_mut(path)) {
                        let name = name.name.text.to_lowercase();
                        key.values.remove(&name);
                        key.deleted_values.insert(name, data_span);
                    }
                }
            }
        }
    }

    /// Every key that is held, in the order of their paths in lower case.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.keys.values()
    }

    /// The line of a file that deletes a value, where the value is gone in the end.
    pub fn deletion(&self, key: &str, name: &str) -> Option<Span> {
        let name = name.to_lowercase();
        match self.key(key) {
            Some(held) if held.values.contains_key(&name) => None,
            Some(held) => held.deleted_values.get(&name).copied(),
            None => None,
        }
    }

    /// The line of a file that deletes a key or one above it, where the key is gone in the end.
    pub fn key_deletion(&self, path: &str) -> Option<Span> {
        let lower = path.to_lowercase();
        if self.keys.contains_key(&lower) {
            return None;
        }
        let ancestors = lower.match_indices('\\').map(|(at, _)| &lower[..at]).chain([lower.as_str()]);
        ancestors.filter_map(|ancestor| self.deleted.get(ancestor).copied()).next_back()
    }

    /// The number of the control set in use, and where `SYSTEM\Select` says so.
    pub fn control_set(&self) -> Option<(u32, Span)> {
        let value = self.key(r"HKEY_LOCAL_MACHINE\SYSTEM\Select")?.values.get("current")?;
        Some((value.dword()?, value.data))
    }

    /// The key with this path, in any case.
    pub fn key(&self, path: &str) -> Option<&Key> {
        self.keys.get(&path.to_lowercase())
    }

    /// The key with this path, also where it is held under the number of the current control set.
    pub fn current(&self, path: &str) -> Option<&Key> {
        self.key(path).or_else(|| self.in_control_set(path).and_then(|alias| self.key(&alias)))
    }

    /// What is known of a value. `CurrentControlSet` is looked for in `ControlSet00N` too, where the exports hold
    /// `SYSTEM\Select` and its `Current` says which one it is. Where both are held, the one in use by its name counts,
    /// unless a later file sets the value in the other.
    pub fn lookup(&self, key: &str, name: &str) -> Lookup<'_> {
        let direct = self.lookup_in(key, name);
        let numbered = self.in_control_set(key).map(|alias| self.lookup_in(&alias, name));
        match (direct, numbered) {
            (Lookup::Set(one), Some(set @ Lookup::Set(other))) if other.data.source > one.data.source => set,
            (Lookup::Absent(span), Some(set @ Lookup::Set(value))) if value.data.source > span.source => set,
            (Lookup::NotCovered, Some(numbered)) => numbered,
            (direct, _) => direct,
        }
    }

    /// Where a key stands in a numbered control set, while nothing says which of them is the one in use.
    pub fn in_unknown_control_set(&self, key: &str) -> Option<&Key> {
        let below = below_current(key)?;
        if self.in_control_set(key).is_some() || self.covers(key).is_some() {
            return None;
        }
        self.numbered().find(|held| held.path.to_lowercase().ends_with(&format!("\\{below}")))
    }

    /// The keys of numbered control sets.
    fn numbered(&self) -> impl Iterator<Item = &Key> {
        const NUMBERED: &str = r"hkey_local_machine\system\controlset";
        let range = self.keys.range(NUMBERED.to_owned()..);
        range.take_while(|(path, _)| path.starts_with(NUMBERED)).map(|(_, key)| key)
    }

    /// Whether the exports cover a key, and what shows it: they hold it or a key above it, or something says that it
    /// is not there.
    ///
    /// A live system always has a `CurrentControlSet`. Exports that hold numbered control sets instead say nothing of
    /// it, even where they hold all of `SYSTEM`.
    pub fn covers(&self, key: &str) -> Option<Span> {
        let path = key.to_lowercase();
        if let Some(key) = self.keys.get(&path) {
            return (key.extent >= Extent::Values).then_some(key.line);
        }
        if let Some(span) = self.deleted.get(&path) {
            return Some(*span);
        }
        let only_numbered = below_current(&path).is_some() && self.numbered().next().is_some();
        let shortest = if only_numbered { CURRENT.len() - 1 } else { 0 };
        let mut has_child = false;
        for (end, _) in path.rmatch_indices('\\').take_while(|(end, _)| *end >= shortest) {
            let ancestor = &path[..end];
            if let Some(span) = self.deleted.get(ancestor) {
                return Some(*span);
            }
            match self.keys.get(ancestor) {
                Some(held) if held.extent == Extent::Tree || (held.extent == Extent::Level && !has_child) => {
                    return Some(held.line);
                }
                held => has_child |= held.is_some(),
            }
        }
        None
    }

    fn lookup_in(&self, key: &str, name: &str) -> Lookup<'_> {
        let name = name.to_lowercase();
        let held = self.key(key);
        if let Some(value) = held.and_then(|held| held.values.get(&name)) {
            return Lookup::Set(value);
        }
        let deletion = held.and_then(|held| held.deleted_values.get(&name)).copied();
        let deletion = deletion.or_else(|| self.absent.get(&(key.to_lowercase(), name)).copied());
        deletion.or_else(|| self.covers(key)).map_or(Lookup::NotCovered, Lookup::Absent)
    }

    fn in_control_set(&self, key: &str) -> Option<String> {
        let below = below_current(key)?;
        let (current, _) = self.control_set()?;
        Some(format!(r"hkey_local_machine\system\controlset{current:03}\{below}"))
    }

    fn open(&mut self, path: &KeyPath<'_>, extent: Extent) -> String {
        let lower = path.path.text.to_lowercase();
        let key = self.keys.entry(lower.clone()).or_insert_with(|| Key {
            path: path.path.text.to_string(),
            line: path.line,
            extent,
            values: BTreeMap::new(),
            deleted_values: BTreeMap::new(),
        });
        if extent > key.extent {
            key.extent = extent;
            key.line = path.line;
        }
        lower
    }

    /// A query shows that a key is there, whatever was said before of it or of the keys above it.
    fn is_there(&mut self, path: &str) {
        for (end, _) in path.match_indices('\\').chain([(path.len(), "")]) {
            self.deleted.remove(&path[..end]);
        }
    }

    /// A query did not find a value; an earlier file that sets it does not hold.
    fn not_found(&mut self, path: &KeyPath<'_>, name: &str) {
        let key = path.path.text.to_lowercase();
        let name = name.to_lowercase();
        if let Some(earlier) = self.keys.get_mut(&key).and_then(|held| held.values.remove(&name)) {
            self.dispute(&path.path.text, &earlier, path.line);
        }
        self.absent.insert((key, name), path.line);
    }

    /// A query did not find a key; earlier files that set values in it do not hold.
    fn contradict(&mut self, path: &KeyPath<'_>) {
        let Some(held) = self.keys.remove(&path.path.text.to_lowercase()) else { return };
        for value in held.values.values() {
            self.dispute(&held.path, value, path.line);
        }
    }

    /// Takes out the values that two files set differently, also where one names the control set in use by its number.
    pub fn take_disputes(&mut self) -> Vec<Dispute> {
        let mut disputes = std::mem::take(&mut self.disputes);
        let current = self.keys.range(CURRENT.to_owned()..).take_while(|(path, _)| path.starts_with(CURRENT));
        for (path, key) in current {
            let Some(alias) = self.in_control_set(path).and_then(|alias| self.keys.get(&alias)) else { continue };
            for (name, one) in &key.values {
                let Some(other) = alias.values.get(name) else { continue };
                if one.data.source != other.data.source && !one.may_be(other) {
                    let (earlier, later) = (one.data.min(other.data), one.data.max(other.data));
                    let name = one.name.text.to_string();
                    disputes.push(Dispute { key: key.path.clone(), name, earlier, later });
                }
            }
        }
        disputes
    }

    fn dispute(&mut self, key: &str, earlier: &RegistryValue, later: Span) {
        if earlier.data.source != later.source {
            let name = earlier.name.text.to_string();
            self.disputes.push(Dispute { key: key.to_owned(), name, earlier: earlier.data, later });
        }
    }

    fn delete(&mut self, path: &KeyPath<'_>) {
        let lower = path.path.text.to_lowercase();
        self.keys.remove(&lower);
        let below = format!("{lower}\\");
        let inside: Vec<String> = self
            .keys
            .range(below.clone()..)
            .map(|(key, _)| key)
            .take_while(|key| key.starts_with(&below))
            .cloned()
            .collect();
        for key in inside {
            self.keys.remove(&key);
        }
        self.deleted.insert(lower, path.line);
    }
}

const CURRENT: &str = r"hkey_local_machine\system\currentcontrolset\";

/// The path of a key below the control set in use, in lower case.
fn below_current(key: &str) -> Option<String> {
    key.to_lowercase().strip_prefix(CURRENT).map(str::to_owned)
}

fn set(key: &mut Key, value: RegistryValue, disputes: &mut Vec<Dispute>) {
    let name = value.name.text.to_lowercase();
    key.deleted_values.remove(&name);
    if let Some(earlier) = key.values.get(&name) {
        let is_same = earlier.may_be(&value);
        if is_same && value.kind.is_none() {
            return;
        }
        if earlier.data.source != value.data.source && !is_same {
            disputes.push(Dispute {
                key: key.path.clone(),
                name: value.name.text.to_string(),
                earlier: earlier.data,
                later: value.data,
            });
        }
    }
    key.values.insert(name, value);
}
