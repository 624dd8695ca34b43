//! Encodings: the same snapshot in any of them gives the same findings at the same lines and columns.

use crate::places::check_places;
use crate::scratch::{Files, Linted, edit, fixture, lint_files};

/// A finding without what may differ: the path's file is the same, the bytes are not.
type Seen = (String, String, u32, u32, String);

fn faulty() -> Files {
    let mut files = fixture("rules/base");
    edit(&mut files, "CAS2/owa.txt", "https://cas2", "http://cas2");
    edit(&mut files, "CAS2/owa.txt", "LogonFormat", "größeéß    ");
    files
}

fn seen(linted: &Linted) -> Vec<Seen> {
    let findings = linted.report.findings.iter().filter(|finding| !finding.rule.starts_with("INP-"));
    findings
        .map(|it| {
            let at = &it.primary;
            (it.rule.clone(), at.path.clone(), at.start.line, at.start.column, at.text.clone())
        })
        .collect()
}

/// The encodings that exports come in.
pub(crate) const ENCODINGS: [&str; 7] =
    ["utf-8", "utf-8 mark", "utf-16le", "utf-16le mark", "utf-16be", "utf-16be mark", "windows-1252"];

pub(crate) fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    let utf16 = |big: bool| -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    match encoding {
        "utf-8" => text.as_bytes().to_vec(),
        "utf-8 mark" => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        "utf-16le" => utf16(false),
        "utf-16le mark" => [vec![0xff, 0xfe], utf16(false)].concat(),
        "utf-16be" => utf16(true),
        "utf-16be mark" => [vec![0xfe, 0xff], utf16(true)].concat(),
        "windows-1252" => text.chars().map(|it| u8::try_from(u32::from(it)).unwrap()).collect(),
        other => panic!("{other}"),
    }
}

#[test]
fn every_encoding_and_line_end_gives_the_same_findings() {
    let wanted = seen(&lint_files(faulty()));
    assert!(wanted.iter().any(|it| it.0 == "P42-001"));
    for encoding in ENCODINGS {
        for end in ["\n", "\r\n", "\r"] {
            let files = faulty().into_iter().map(|(path, bytes)| {
                let text = String::from_utf8(bytes).unwrap().replace("\r\n", "\n").replace('\n', end);
                let is_estate = path == "owalint-estate.toml";
                (path, if is_estate { text.replace(end, "\n").into_bytes() } else { encoded(&text, encoding) })
            });
            let linted = lint_files(files.collect());
            check_places(&linted);
            assert_eq!(seen(&linted), wanted, "{encoding} with {end:?}");
        }
    }
}

#[test]
fn windows_1252_is_said_to_be_assumed() {
    let files = faulty().into_iter().map(|(path, bytes)| {
        let text = String::from_utf8(bytes).unwrap();
        let bytes = if path == "CAS2/owa.txt" { encoded(&text, "windows-1252") } else { text.into_bytes() };
        (path, bytes)
    });
    let linted = lint_files(files.collect());
    let found = linted.report.findings.iter().find(|finding| finding.rule == "INP-404").unwrap();
    assert_eq!(found.primary.path, "CAS2/owa.txt");
}
