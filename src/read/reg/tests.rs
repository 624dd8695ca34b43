//! Tests of the reader: the cases known from real regedit, what is read where those are silent, and places.

use std::collections::BTreeMap;

use super::{Data, Operation, RegDocument, read};
use crate::read::problem::{Problem, ProblemKind};
use crate::text::decode::{Encoding, decode};
use crate::text::scalar::Scalar;
use crate::text::span::{SourceId, Span};

mod any_text;
mod headers;
mod vectors;

const SOURCE: SourceId = SourceId(0);
const KEY: &str = r"HKEY_CURRENT_USER\K";
const FIVE: &str = "Windows Registry Editor Version 5.00";

/// Keys below the root and values in them, by their names in lower case.
type Registry = BTreeMap<String, (String, BTreeMap<String, String>)>;

/// What the registry holds after the operations.
fn project(document: &RegDocument<'_>) -> Registry {
    let mut registry = Registry::new();
    let mut current = None;
    for operation in &document.operations {
        match operation {
            Operation::OpenKey(key) => {
                let folded = key.path.text.to_lowercase();
                registry.entry(folded.clone()).or_insert_with(|| (key.path.text.to_string(), BTreeMap::new()));
                current = Some(folded);
            }
            Operation::DeleteKey(key) => {
                let folded = key.path.text.to_lowercase();
                registry.retain(|path, _| *path != folded && !path.starts_with(&format!("{folded}\\")));
                current = None;
            }
            Operation::SetValue { name, data, .. } => {
                let (_, values) = registry.get_mut(current.as_ref().unwrap()).unwrap();
                let shown = if name.name.text.is_empty() { "@" } else { &name.name.text };
                values.insert(name.name.text.to_lowercase(), format!("{shown}={}", show_data(data)));
            }
            Operation::DeleteValue { name, .. } => {
                let (_, values) = registry.get_mut(current.as_ref().unwrap()).unwrap();
                values.remove(&name.name.text.to_lowercase());
            }
            Operation::ShowKey { .. } | Operation::Absent { .. } => panic!("a file asks nothing"),
        }
    }
    registry
}

fn show_data(data: &Data<'_>) -> String {
    match data {
        Data::Text(text) => format!("sz {}", text.text),
        Data::Dword(number) => format!("dword {number:x}"),
        Data::Untyped(_) => panic!("a file says what type data has"),
        Data::Bytes { kind: kind @ (1 | 2 | 7), bytes } => {
            let units: Vec<u16> = bytes.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
            format!("hex({kind:x}) {}", String::from_utf16_lossy(&units).replace('\0', "\\0"))
        }
        Data::Bytes { kind, bytes } => {
            let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("hex({kind:x}) {}", digits.concat())
        }
    }
}

fn show_registry(registry: &Registry) -> String {
    let mut shown = Vec::new();
    for (path, values) in registry.values() {
        if path != KEY {
            shown.push(format!("[{}]", path[KEY.len()..].trim_start_matches('\\')));
        }
        shown.extend(values.values().cloned());
    }
    shown.join(" & ")
}

fn word(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::RegValueIgnored => "ignored",
        ProblemKind::RegKeyIgnored => "key",
        ProblemKind::RegUnknownRoot => "root",
        ProblemKind::RegSwallowed => "swallowed",
        ProblemKind::RegDataCut => "cut",
        ProblemKind::RegShortRoot => "short",
        ProblemKind::RegHeaderDoubtful => "doubtful",
        ProblemKind::RegHeaderRefused => "refused",
        ProblemKind::RegEncodingRefused => "encoding",
        ProblemKind::RegTextGarbled => "garbled",
        ProblemKind::RegNul => "nul",
        ProblemKind::RegHeaderEmpty => "empty",
        ProblemKind::RegWindows31 => "old",
        ProblemKind::RegBelowDeleted => "deleted",
        ProblemKind::RegAboveKeys => "above",
        ProblemKind::RegCommaMissing => "comma",
        ProblemKind::RegHashComment => "hash",
        ProblemKind::RegStringAmbiguous => "ambiguous",
        ProblemKind::RegStringOdd => "odd",
        ProblemKind::RegBracketMoved => "bracket",
        other => panic!("the reader does not report {other:?}"),
    }
}

fn show_problems(text: &str, problems: &[Problem]) -> String {
    let shown: Vec<String> =
        problems.iter().map(|it| format!("{}:{}", word(it.kind), &text[it.span.range()])).collect();
    shown.join(" & ")
}

fn utf16(text: &str) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

fn key_path<'d, 't>(operation: &'d Operation<'t>) -> Option<&'d Scalar<'t>> {
    match operation {
        Operation::OpenKey(key) | Operation::DeleteKey(key) => Some(&key.path),
        _ => None,
    }
}

#[test]
fn every_known_case_is_read_as_regedit_reads_it() {
    let mut wrong = Vec::new();
    for row in vectors::VECTORS.lines().filter(|row| !row.is_empty()) {
        let columns: Vec<&str> = row.split(" ‖ ").collect();
        let [number, input, stored, problems] = columns[..] else { panic!("four columns: {row}") };
        let header = if number.ends_with('U') { FIVE } else { "REGEDIT4" };
        let body = input.replace("{K}", KEY).replace('⇥', "\t");
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("{header}\n\n[{KEY}]\n{body}").replace(['\n', '⏎'], end);
            for bytes in [text.clone().into_bytes(), utf16(&text)] {
                let decoded = decode(bytes);
                let (document, mut found) = read(&decoded.text, SOURCE, decoded.encoding);
                let is_crossed = decoded.encoding.is_utf16() == (header == "REGEDIT4");
                found.retain(|it| !(is_crossed && it.kind == ProblemKind::RegStringAmbiguous));
                let found = show_problems(&text, &found).replace('\t', "⇥").replace(KEY, "{K}");
                let result = show_registry(&project(&document)).replace('\t', "⇥");
                if (result.as_str(), found.as_str()) != (stored, problems) {
                    wrong.push(format!("{number} ‖ {input} ‖ {result} ‖ {found}"));
                }
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Reads a version 5 file whose first key is `K`.
fn read_below_key(body: &str) -> (String, String) {
    let text = format!("{FIVE}\r\n\r\n[{KEY}]\r\n{body}");
    let (document, problems) = read(&text, SOURCE, Encoding::Utf16LeBom);
    (show_registry(&project(&document)), show_problems(&text, &problems))
}

fn check(body: &str, stored: &str, problems: &str) {
    let (got_stored, got_problems) = read_below_key(body);
    assert_eq!((got_stored.as_str(), got_problems.as_str()), (stored, problems), "{body:?}");
}

#[test]
fn ansi_strings_become_utf_16_and_are_ended() {
    let text = "REGEDIT4\n[HKEY_CURRENT_USER\\K]\n\"a\"=hex(1):80,93\n\"b\"=hex:80\n";
    let (document, _) = read(text, SOURCE, Encoding::Windows1252);
    assert_eq!(show_registry(&project(&document)), "a=hex(1) \u{20ac}\u{201c}\\0 & b=hex(3) 80");
}

#[test]
fn strings_of_an_odd_number_of_bytes_are_left_alone() {
    let text = format!("{FIVE}\n[{KEY}]\n\"a\"=hex(1):41\n");
    let (document, _) = read(&text, SOURCE, Encoding::Utf16LeBom);
    let Some(Operation::SetValue { data, .. }) = document.operations.last() else { panic!("a value") };
    assert_eq!(*data, Data::Bytes { kind: 1, bytes: vec![0x41] });
}

#[test]
fn strings_that_may_be_read_in_two_ways_are_doubted() {
    for (header, encoding, data, expected) in [
        (FIVE, Encoding::Utf8, "hex(1):41,42", "ambiguous"),
        (FIVE, Encoding::Utf8, "hex(1):41,00", ""),
        (FIVE, Encoding::Utf8, "hex:41,42", ""),
        (FIVE, Encoding::Utf16LeBom, "hex(1):41,42", ""),
        (FIVE, Encoding::Utf16LeBom, "hex(7):41,00,42", "odd"),
        ("REGEDIT4", Encoding::Utf16LeBom, "hex(2):41", "ambiguous"),
        ("REGEDIT4", Encoding::Utf16LeBom, "hex(2):", ""),
        ("REGEDIT4", Encoding::Windows1252, "hex(2):41,42", ""),
        ("REGEDIT4", Encoding::Windows1252, "hex(2):e4", "ambiguous"),
    ] {
        let text = format!("{header}\n[{KEY}]\n\"a\"={data}\n");
        let (document, problems) = read(&text, SOURCE, encoding);
        let expected = if expected.is_empty() { String::new() } else { format!("{expected}:{data}") };
        assert_eq!(show_problems(&text, &problems), expected, "{header} {encoding:?}");
        assert_eq!(document.operations.len(), 2);
    }
}

#[test]
fn bytes_have_any_number_of_digits() {
    check("\"a\"=hex(00000003):0,00ff,f", "a=hex(3) 00ff0f", "");
    check("\"a\"=hex(0000000000000003):1", "a=hex(3) 01", "");
    check("\"a\"=hex():1", "", "ignored:):1");
    check("\"a\"=hex(2:1", "", "ignored:2");
    check("\"a\"=hex(2) :1", "", "ignored:2");
}

#[test]
fn hex_in_notations_that_are_not_documented_is_malformed() {
    check("\"a\"=hex: 11,22", "", "ignored:11");
    check("\"a\"=hex:11, 22", "", "ignored:22");
    check("\"a\"=hex:11 ,22", "", "ignored:,");
    check("\"a\"=hex:0x11,22", "", "ignored:0x11");
    check("\"a\"=hex:+5", "", "ignored:+5");
    check("\"a\"=dword:;c", "", "ignored:;c");
    check("\"a\"=hex:;c", "a=hex(3) ", "");
}

#[test]
fn tags_are_known_in_lower_case_only() {
    check("\"a\"=DWORD:1", "", "ignored:DWORD:1");
    check("\"a\"=Hex(2):1", "", "ignored:Hex(2):1");
    check("\"a\"=qword:1 ", "", "ignored:qword:1");
    check("\"a\"=string:1", "", "ignored:string:1");
    check("\"a\"=\u{201c}b\u{201d}", "", "ignored:\u{201c}b\u{201d}");
}

#[test]
fn values_without_an_open_key_are_not_stored() {
    let text = "REGEDIT4\n\"early\"=\"x\"\n[HKEY_CURRENT_USER\\K]\n\"a\"=\"A\"\n[HKEY_NONE]\n\"b\"=hex:1,\\\n  2\n\"c\"=x\n\
                [ HKEY_CURRENT_USER\\K]\n\"d\"=\"D\"\n[HKEY_CURRENT_USER\\K]\n\"e\"=\"E\"\n";
    let (document, problems) = read(text, SOURCE, Encoding::Utf8);
    assert_eq!(show_registry(&project(&document)), "a=sz A & e=sz E");
    let expected = "above:\"early\" & root:HKEY_NONE & ignored:x & key:[ HKEY_CURRENT_USER\\K]";
    assert_eq!(show_problems(text, &problems), expected);
}

#[test]
fn below_a_swallowed_key_values_go_to_the_key_above() {
    check(
        "\"a\"=hex:1,\\\r\n[HKEY_CURRENT_USER\\L]\r\n\"b\"=\"B\"",
        "b=sz B",
        "ignored:\\ & swallowed:[HKEY_CURRENT_USER\\L]",
    );
}

#[test]
fn roots_are_written_out_and_reported_once() {
    let text = "REGEDIT4\n[hklm]\n[HKCU\\a]\n[hkcr\\b]\n[HKU\\c]\n[HKCC\\d]\n[hkey_dyn_data\\e]\n[HKEY_USERSX]\n";
    let (document, problems) = read(text, SOURCE, Encoding::Utf8);
    let paths: Vec<&str> = document.operations.iter().filter_map(key_path).map(|path| &*path.text).collect();
    let expected = [
        "HKEY_LOCAL_MACHINE",
        "HKEY_CURRENT_USER\\a",
        "HKEY_CLASSES_ROOT\\b",
        "HKEY_USERS\\c",
        "HKEY_CURRENT_CONFIG\\d",
        "HKEY_DYN_DATA\\e",
    ];
    assert_eq!(paths, expected);
    assert_eq!(show_problems(text, &problems), "short:hklm & root:HKEY_USERSX");
}

#[test]
fn junk_is_silent_unless_a_value_or_a_key_is_lost_in_it() {
    for junk in
        ["// comment", "; \"a\"=\"b\"", "#arch=win32", "\u{1a}", FIVE, "REGEDIT4", "a c = b", "65,00", "  65", "x]"]
    {
        check(junk, "", "");
    }
    check("\u{201c}DeferUpgrade\u{201d}=dword:1", "", "ignored:\u{201c}DeferUpgrade\u{201d}");
    check("Name = dword:1", "", "ignored:Name");
    check("Name=hex(7):00", "", "ignored:Name");
    check("a=b=\u{201c}x", "", "ignored:a=b");
    check("Switch = 1", "", "ignored:Switch");
    check("'Switch'=dword:1", "", "ignored:'Switch'");
    check("\u{a0} \"Switch\"=dword:1", "", "ignored:\u{a0} ");
    check("\u{feff}[HKEY_CURRENT_USER\\L]\r\n\"a\"=\"A\"", "a=sz A", "key:\u{feff}[HKEY_CURRENT_USER\\L]");
    check("HKLM\\x]\r\n\"a\"=\"A\"", "a=sz A", "key:HKLM\\x]");
}

#[test]
fn lines_cut_off_from_hex_data_are_reported_once_and_only_below_data_that_is_stored() {
    check("\"a\"=hex:1,\r\n  2,\\\r\n  3\r\n", "a=hex(3) 01", "cut:2,\\");
    check("\"a\"=hex:1,\r\n2,3\r\n", "a=hex(3) 01", "cut:2,3");
    check("\"a\"=hex:1,\r\n\r\n;c\r\n  2 ;c\r\n", "a=hex(3) 01", "cut:2 ;c");
    check("\"a\"=hex:1,\r\nab\r\n", "a=hex(3) 01", "");
    check("\"a\"=hex:1,x\r\n  2,3\r\n", "", "ignored:x");
    check("\"a\"=dword:1\r\n  2,3\r\n", "a=dword 1", "");
}

#[test]
fn a_nul_spoils_its_line() {
    check("\"a\"=\"x\0y\"\r\n\"b\"=dword:1", "b=dword 1", "nul:\0");
    check("\"a\"=hex:1,\\\r\n  2,\0\r\n\"b\"=dword:1", "b=dword 1", "nul:\0");
    check("[HKEY_CURRENT_USER\\L\0]\r\n\"b\"=dword:1", "", "nul:\0");
    check("; \0\r\n\"b\"=dword:1\r\n; \0", "b=dword 1", "nul:\0");
}

#[test]
fn names_and_texts_are_unescaped() {
    check(r#""a\b\\c"="x\ny\rz\ü\"""#, "ab\\c=sz x\ny\rzü\"", "");
    check(r#""a"="x\"#, "", r#"ignored:"x\"#);
    check(r#""a"="x\""#, "", r#"ignored:"x\""#);
}

#[test]
fn places_are_exact() {
    let text = format!(
        "{FIVE}\n [-HKEY_USERS\\\\a\\] x\n\t[HKEY_USERS\\B]\n\"n\\\\m\" = hex(2):41,00,\\ ;c\n\n  42,00 ;c\n@=- ;c\n\"\"=\"v\"\n"
    );
    let (document, problems) = read(&text, SOURCE, Encoding::Utf8);
    assert_eq!(problems, []);
    let [Operation::DeleteKey(gone), Operation::OpenKey(key), set, delete, default] = &document.operations[..] else {
        panic!("five operations: {document:?}")
    };
    let slice = |span: Span| &text[span.range()];
    assert_eq!(
        (slice(gone.path.span), slice(gone.line), gone.path.verbatim),
        ("HKEY_USERS\\\\a\\", "[-HKEY_USERS\\\\a\\]", false)
    );
    assert_eq!((&*gone.path.text, slice(key.line), key.path.verbatim), ("HKEY_USERS\\a", "[HKEY_USERS\\B]", true));
    let Operation::SetValue { name, data_span, .. } = set else { panic!("a value: {set:?}") };
    assert_eq!((&*name.name.text, slice(name.name.span), name.name.verbatim), ("n\\m", "n\\\\m", false));
    assert_eq!(slice(*data_span), "hex(2):41,00,\\ ;c\n\n  42,00");
    let Operation::DeleteValue { name, data_span } = delete else { panic!("a deletion: {delete:?}") };
    assert_eq!((&*name.name.text, slice(name.name.span), name.name.verbatim), ("", "@", false));
    assert_eq!(slice(*data_span), "-");
    let Operation::SetValue { name, data: Data::Text(data), data_span } = default else {
        panic!("a text: {default:?}")
    };
    assert_eq!((&*name.name.text, name.name.verbatim), ("", true));
    assert_eq!((slice(data.span), data.verbatim, slice(*data_span)), ("v", true, "\"v\""));
}
