//! Tests of the registry as it would stand.

use super::*;
use crate::read::reg;
use crate::text::decode::Encoding;
use crate::text::span::SourceId;

fn registry(files: &[&str]) -> Registry {
    let mut registry = Registry::default();
    for (index, body) in files.iter().enumerate() {
        let text = format!("Windows Registry Editor Version 5.00\r\n\r\n{body}\r\n");
        let (document, _) = reg::read(&text, SourceId(index as u32), Encoding::Utf16LeBom);
        registry.apply(document);
    }
    registry
}

fn opted_in(registry: &Registry) -> Option<u32> {
    match registry.lookup(OWA_KEY, "AllowProxyingWithoutSsl") {
        Lookup::Set(value) => value.dword(),
        _ => None,
    }
}

const KEY: &str = r"[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchange OWA]";

#[test]
fn later_files_hold_and_differences_are_kept() {
    let it = registry(&[
        &format!("{KEY}\r\n\"AllowProxyingWithoutSsl\"=dword:00000001"),
        &format!("{}\r\n\"allowproxyingwithoutSSL\"=dword:00000000", KEY.to_lowercase()),
    ]);
    assert_eq!(opted_in(&it), Some(0));
    assert_eq!(it.clone().take_disputes().len(), 1);
}

#[test]
fn absence_is_known_only_where_an_export_covers_the_place() {
    let parent = r"[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services]";
    let other = r"[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\W3SVC]";
    let deleted = KEY.replacen('[', "[-", 1);
    for (body, covered) in [(KEY, true), (parent, true), (other, false), (&deleted, true)] {
        let it = registry(&[body]);
        let lookup = it.lookup(OWA_KEY, "AllowProxyingWithoutSsl");
        assert_eq!(matches!(lookup, Lookup::Absent(_)), covered, "{body}");
        assert_eq!(lookup == Lookup::NotCovered, !covered, "{body}");
    }
}

#[test]
fn deleting_a_key_deletes_what_is_below() {
    let it = registry(&[&format!(
        "{KEY}\r\n\"AllowProxyingWithoutSsl\"=dword:1\r\n[-HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services]"
    )]);
    assert_eq!(opted_in(&it), None);
    assert_eq!(it.keys().count(), 0);
}

#[test]
fn the_current_control_set_is_found_by_its_number() {
    let numbered = KEY.replace("CurrentControlSet", "ControlSet002");
    let body = format!("{numbered}\r\n\"AllowProxyingWithoutSsl\"=dword:1\r\n");
    assert_eq!(opted_in(&registry(&[&body])), None);
    let select = "[HKEY_LOCAL_MACHINE\\SYSTEM\\Select]\r\n\"Current\"=dword:00000002\r\n";
    assert_eq!(opted_in(&registry(&[&body, select])), Some(1));
}

#[test]
fn data_is_printed_by_its_type() {
    let it = registry(&[&format!(
        "{KEY}\r\n\"a\"=dword:1\r\n\"b\"=\"x\\\\y\"\r\n\"c\"=hex(7):61,00,00,00,62,00,00,00,00,00\r\n\"d\"=hex:0A,0b\r\n\
         \"e\"=hex(b):01,00,00,00,00,00,00,00\r\n\"f\"=hex(4):01\r\n\"g\"=hex(7):\r\n"
    )]);
    let key = it.key(OWA_KEY).unwrap();
    let printed: Vec<Printed> = key.values.values().map(RegistryValue::printed).collect();
    let one = |text: &str| Printed::One(text.to_owned());
    let many = |items: &[&str]| Printed::Many(items.iter().map(|it| (*it).to_owned()).collect());
    assert_eq!(
        printed,
        [
            one("0x00000001"),
            one("x\\y"),
            many(&["a", "b"]),
            one("0a0b"),
            one("0x0000000000000001"),
            one("01"),
            many(&[])
        ]
    );
}
