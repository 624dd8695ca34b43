//! The registry of one server, as it would stand after importing its exports in order.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::read::reg::{Data, KeyPath, Operation, RegDocument};
use crate::text::scalar::Text;
use crate::text::span::Span;

/// The key that OWA, ECP and ActiveSync read their proxy settings from (Event 42's documentation names it; the blank
/// belongs to the name).
pub const OWA_KEY: &str = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchange OWA";

/// The numbers of the types that have a meaning here.
pub const REG_SZ: u32 = 1;
const REG_EXPAND_SZ: u32 = 2;
/// The only type that OWA's reader accepts for its switches.
pub const REG_DWORD: u32 = 4;
const REG_MULTI_SZ: u32 = 7;
const REG_QWORD: u32 = 11;

/// Keys and values, by path and name in lower case.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    keys: BTreeMap<String, Key>,
    deleted: BTreeMap<String, Span>,
    /// Values that two files set differently; the later holds.
    pub disputes: Vec<Dispute>,
}

/// One key that an export holds.
#[derive(Debug, Clone)]
pub struct Key {
    /// The path as first written, with its root in full.
    pub path: String,
    /// The line that names it.
    pub line: Span,
    /// The values by name in lower case; the empty name is the default value.
    pub values: BTreeMap<String, RegistryValue>,
    deleted_values: BTreeMap<String, Span>,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryValue {
    /// The name as written.
    pub name: Text,
    /// The number of its type.
    pub kind: u32,
    /// The data as bytes.
    pub bytes: Vec<u8>,
    /// The data as written.
    pub data: Span,
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
    /// Carries out the operations of one file on top of what earlier files did.
    pub fn apply(&mut self, document: &RegDocument<'_>) {
        let mut open: Option<String> = None;
        for operation in &document.operations {
            match operation {
                Operation::OpenKey(path) => open = Some(self.open(path)),
                Operation::DeleteKey(path) => {
                    self.delete(path);
                    open = None;
                }
                Operation::SetValue { name, data, data_span } => {
                    let value = value_of(&name.name, data, *data_span);
                    if let Some(key) = open.as_ref().and_then(|path| self.keys.get_mut(path)) {
                        set(key, value, &mut self.disputes);
                    }
                }
                Operation::DeleteValue { name, data_span } => {
                    if let Some(key) = open.as_ref().and_then(|path| self.keys.get_mut(path)) {
                        let name = name.name.text.to_lowercase();
                        key.values.remove(&name);
                        key.deleted_values.insert(name, *data_span);
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
    /// `SYSTEM\Select` and its `Current` says which one it is.
    pub fn lookup(&self, key: &str, name: &str) -> Lookup<'_> {
        let numbered = self.in_control_set(key).filter(|alias| self.key(key).is_none() && self.covers(alias).is_some());
        match numbered {
            Some(alias) => self.lookup_in(&alias, name),
            None => self.lookup_in(key, name),
        }
    }

    /// Whether the exports cover a key, and what shows it: they hold it or a key above it, or a file deletes it.
    pub fn covers(&self, key: &str) -> Option<Span> {
        let path = key.to_lowercase();
        if let Some(key) = self.keys.get(&path) {
            return Some(key.line);
        }
        let mut end = Some(path.len());
        while let Some(at) = end {
            let ancestor = &path[..at];
            let held = self.keys.get(ancestor).map(|key| key.line);
            if let Some(span) = self.deleted.get(ancestor).copied().or(held) {
                return Some(span);
            }
            end = ancestor.rfind('\\');
        }
        None
    }

    fn lookup_in(&self, key: &str, name: &str) -> Lookup<'_> {
        let Some(held) = self.key(key) else {
            return self.covers(key).map_or(Lookup::NotCovered, Lookup::Absent);
        };
        let name = name.to_lowercase();
        match (held.values.get(&name), held.deleted_values.get(&name)) {
            (Some(value), _) => Lookup::Set(value),
            (None, Some(deletion)) => Lookup::Absent(*deletion),
            (None, None) => Lookup::Absent(held.line),
        }
    }

    fn in_control_set(&self, key: &str) -> Option<String> {
        const CURRENT: &str = r"hkey_local_machine\system\currentcontrolset\";
        let below = key.to_lowercase().strip_prefix(CURRENT)?.to_owned();
        let (current, _) = self.control_set()?;
        Some(format!(r"hkey_local_machine\system\controlset{current:03}\{below}"))
    }

    fn open(&mut self, path: &KeyPath<'_>) -> String {
        let lower = path.path.text.to_lowercase();
        self.keys.entry(lower.clone()).or_insert_with(|| Key {
            path: path.path.text.to_string(),
            line: path.line,
            values: BTreeMap::new(),
            deleted_values: BTreeMap::new(),
        });
        lower
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

fn set(key: &mut Key, value: RegistryValue, disputes: &mut Vec<Dispute>) {
    let name = value.name.text.to_lowercase();
    key.deleted_values.remove(&name);
    if let Some(earlier) = key.values.get(&name) {
        let same = (earlier.kind, &earlier.bytes) == (value.kind, &value.bytes);
        if earlier.data.source != value.data.source && !same {
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

fn value_of(name: &crate::text::scalar::Scalar<'_>, data: &Data<'_>, span: Span) -> RegistryValue {
    let (kind, bytes) = match data {
        Data::Text(text) => (REG_SZ, text.text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()),
        Data::Dword(number) => (REG_DWORD, number.to_le_bytes().to_vec()),
        Data::Bytes { kind, bytes } => (*kind, bytes.clone()),
    };
    RegistryValue { name: name.clone().into_owned(), kind, bytes, data: span }
}

/// A value's data, as reports print it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Printed {
    /// A text, a number or hex pairs.
    One(String),
    /// The strings of a REG_MULTI_SZ.
    Many(Vec<String>),
}

impl RegistryValue {
    /// The number of a REG_DWORD of four bytes; anything else is no number to OWA's reader, which takes only 32-bit
    /// integers and falls back to the default (third-party descriptions of three readers of 15.x agree).
    pub fn dword(&self) -> Option<u32> {
        let bytes: [u8; 4] = self.bytes.as_slice().try_into().ok()?;
        (self.kind == REG_DWORD).then(|| u32::from_le_bytes(bytes))
    }

    /// The name of the type.
    pub fn kind_name(&self) -> String {
        match self.kind {
            0 => "REG_NONE".to_owned(),
            REG_SZ => "REG_SZ".to_owned(),
            REG_EXPAND_SZ => "REG_EXPAND_SZ".to_owned(),
            3 => "REG_BINARY".to_owned(),
            REG_DWORD => "REG_DWORD".to_owned(),
            5 => "REG_DWORD_BIG_ENDIAN".to_owned(),
            6 => "REG_LINK".to_owned(),
            REG_MULTI_SZ => "REG_MULTI_SZ".to_owned(),
            REG_QWORD => "REG_QWORD".to_owned(),
            other => format!("REG_TYPE_0x{other:x}"),
        }
    }

    /// The data as reports print it: numbers of the right length in hex, strings as text, the rest as hex pairs.
    pub fn printed(&self) -> Printed {
        let one = match (self.kind, self.bytes.len()) {
            (REG_DWORD, 4) => self.dword().map(|number| format!("0x{number:08x}")),
            (REG_QWORD, 8) => {
                self.bytes.as_slice().try_into().ok().map(|it| format!("0x{:016x}", u64::from_le_bytes(it)))
            }
            (REG_SZ | REG_EXPAND_SZ, _) => {
                self.units().map(|units| text_of(units.split(|unit| *unit == 0).next().unwrap_or(&[])))
            }
            (REG_MULTI_SZ, _) => match self.units() {
                Some(units) => return Printed::Many(strings_of(&units)),
                None => None,
            },
            _ => None,
        };
        Printed::One(one.unwrap_or_else(|| hex_pairs(&self.bytes)))
    }

    fn units(&self) -> Option<Vec<u16>> {
        self.bytes
            .len()
            .is_multiple_of(2)
            .then(|| self.bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect())
    }
}

fn hex_pairs(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).collect()
}

fn strings_of(units: &[u16]) -> Vec<String> {
    let end = units.windows(2).position(|pair| pair == [0, 0]).map_or(units.len(), |at| at + 1);
    let units = units[..end].strip_suffix(&[0]).unwrap_or(&units[..end]);
    if units.is_empty() { Vec::new() } else { units.split(|unit| *unit == 0).map(text_of).collect() }
}

fn text_of(units: &[u16]) -> String {
    String::from_utf16_lossy(units)
}
