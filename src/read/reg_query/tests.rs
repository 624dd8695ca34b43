//! Tests of the reader: what output shows, what it proves of the rest, and places.

mod any_text;

use super::{NOT_FOUND, claims, read};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::reg::{Data, Operation, RegDocument};
use crate::text::span::{SourceId, Span};

const SOURCE: SourceId = SourceId(0);
const KEY: &str = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchange OWA";
const QUERY: &str = r#"reg query "HKLM\SYSTEM\CurrentControlSet\Services\MSExchange OWA""#;

/// The operations, one a line: keys by what is behind `Services`, data with its type.
fn show(document: &RegDocument<'_>) -> String {
    let short = |path: &str| path.rsplit_once(r"\Services").map_or(path, |(_, rest)| rest).to_owned();
    let operations = document.operations.iter().map(|operation| match operation {
        Operation::ShowKey { path, extent } => format!("{extent:?} {}", short(&path.path.text)),
        Operation::SetValue { name, data, .. } => match data {
            Data::Text(text) => format!("{}=sz {}", name.name.text, text.text),
            Data::Dword(number) => format!("{}=dword {number:x}", name.name.text),
            Data::Bytes { kind, bytes } => {
                let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("{}={kind} {}", name.name.text, digits.concat())
            }
            Data::Untyped(_) => panic!("types are printed"),
        },
        Operation::Absent { path, name } => {
            format!(
                "no {}{}",
                short(&path.path.text),
                name.as_ref().map_or(String::new(), |it| format!("!{}", it.name.text))
            )
        }
        other => panic!("a query changes nothing: {other:?}"),
    });
    operations.collect::<Vec<_>>().join(" & ")
}

fn show_problems(text: &str, problems: &[Problem]) -> String {
    let shown = problems.iter().map(|it| {
        let word = match it.kind {
            ProblemKind::RegQueryUnread => "unread",
            ProblemKind::RegQueryFailed => "failed",
            ProblemKind::RegOtherComputer => "other",
            other => panic!("the reader does not report {other:?}"),
        };
        format!("{word}:{}", &text[it.span.range()])
    });
    shown.collect::<Vec<_>>().join(" & ")
}

/// Reads text in which `{K}` is the key, `{Q}` a query of it and `{E}` the error; every kind of line end says the same.
fn check(text: &str, shown: &str, problems: &str) {
    let text = text.replace("{K}", KEY).replace("{Q}", QUERY).replace("{E}", NOT_FOUND);
    for end in ["\n", "\r\n", "\r"] {
        let text = text.replace('\n', end);
        let (document, found) = read(&text, SOURCE);
        assert_eq!((show(&document).as_str(), show_problems(&text, &found).as_str()), (shown, problems), "{text:?}");
    }
}

#[test]
fn values_of_every_type_are_read() {
    for (line, expected) in [
        ("AllowProxyingWithoutSsl    REG_DWORD    0x1", "AllowProxyingWithoutSsl=dword 1"),
        ("a    REG_DWORD    0xffffffff", "a=dword ffffffff"),
        ("a    REG_QWORD    0x10", "a=11 1000000000000000"),
        ("a    REG_BINARY    0A0Bff", "a=3 0a0bff"),
        ("a    REG_BINARY    ", "a=3 "),
        ("a    REG_NONE", "a=0 "),
        ("a    REG_SZ    two words    and more  ", "a=sz two words    and more  "),
        ("a    REG_SZ    ", "a=sz "),
        ("a    REG_SZ", "a=sz "),
        ("a    REG_EXPAND_SZ    %a%", "a=2 2500610025000000"),
        ("a    REG_MULTI_SZ    a\\0b", "a=7 6100000062000000"),
        ("a    REG_MULTI_SZ    ", "a=7 0000"),
        ("two words    REG_SZ    REG_SZ    x", "two words=sz REG_SZ    x"),
        ("a REG_SZ b    REG_DWORD    0x2", "a REG_SZ b=dword 2"),
        ("a    REG_DWORD (4)    0x2", "a=dword 2"),
        ("a\tREG_DWORD\t0x2", "a=dword 2"),
        ("(Default)    REG_SZ    x", "=sz x"),
        ("(Standard)    REG_SZ    x", "=sz x"),
        ("<NO NAME>\tREG_SZ\tx", "=sz x"),
    ] {
        let expected = if line.contains("MULTI_SZ    a") { format!("{expected}0000") } else { expected.to_owned() };
        check(&format!("\n{{K}}\n    {line}\n\n"), &format!("Part \\MSExchange OWA & {expected}"), "");
    }
}

#[test]
fn a_default_value_that_is_not_set_is_no_value() {
    check("{K}\n    (Default)    REG_SZ    (value not set)\n\n", r"Part \MSExchange OWA", "");
    check("{K}\n    (Standard)    REG_SZ    (Wert nicht gesetzt)\n\n", r"Part \MSExchange OWA", "");
    check("{K}\n    a    REG_SZ    (value not set)\n\n", r"Part \MSExchange OWA & a=sz (value not set)", "");
}

#[test]
fn what_output_proves_depends_on_the_command() {
    let block = "\n{K}\n    a    REG_DWORD    0x1\n\n{K}\\Sub\n";
    for (command, key, below) in [
        ("", "Part", "Part"),
        ("C:\\>{Q}", "Level", "Part"),
        ("C:\\Windows\\system32> reg.exe QUERY \"{K}\"", "Level", "Part"),
        ("PS C:\\> {Q}", "Level", "Part"),
        ("[PS] C:\\Windows\\system32>{Q}", "Level", "Part"),
        ("{Q}", "Level", "Part"),
        ("C:\\>{Q} /s", "Tree", "Tree"),
        ("C:\\>{Q} /S /z", "Tree", "Tree"),
        ("C:\\>{Q} /v a", "Part", "Part"),
        ("C:\\>{Q} /ve", "Part", "Part"),
        ("C:\\>{Q} /s /v a", "Part", "Part"),
        ("C:\\>{Q} /f a", "Part", "Part"),
        ("C:\\>{Q} /s /t REG_DWORD", "Part", "Part"),
        ("C:\\>{Q} | findstr a", "Part", "Part"),
        ("C:\\>reg query HKLM\\SYSTEM\\CurrentControlSet\\Services", "Part", "Part"),
        ("C:\\>reg query HKLM\\SYSTEM\\CurrentControlSet\\Services /s", "Tree  & Tree", "Tree"),
        ("C:\\>{Q} /s\nC:\\>dir", "Part", "Part"),
    ] {
        let shown = format!(r"{key} \MSExchange OWA & a=dword 1 & {below} \MSExchange OWA\Sub");
        check(&format!("{command}\n{block}\nEnd of search: 1 match(es) found.\n\nC:\\>\n"), &shown, "");
    }
}

#[test]
fn output_that_is_cut_or_unreadable_proves_nothing_of_the_rest() {
    let shown = r"Part \MSExchange OWA & a=dword 1";
    check("C:\\>{Q}\n\n{K}\n    a    REG_DWORD    0x1", shown, "");
    check(
        "C:\\>{Q}\n\n{K}\n    a    REG_DWORD    0x1\n    b    REG_DWORD    1\n\n",
        shown,
        "unread:b    REG_DWORD    1",
    );
    check("C:\\>{Q}\n\n{K}\n    a    REG_DWORD    0x1\n  rest\n\n", shown, "unread:rest");
    check(
        "C:\\>{Q}\n\n{K}\n    b     REG_DWORD    0x1\n    a    REG_DWORD    0x1\n\n",
        shown,
        "unread:b     REG_DWORD    0x1",
    );
    check(
        "C:\\>{Q}\n\n{K}\n    b    REG_FOO    0x1\n    a    REG_DWORD    0x1\n\n",
        shown,
        "unread:b    REG_FOO    0x1",
    );
    check("    a    REG_DWORD    0x1\n", "", "unread:a    REG_DWORD    0x1");
}

#[test]
fn only_the_known_error_below_a_known_command_shows_that_something_is_not_there() {
    check("C:\\>{Q} /v a\n\n\n{E}\n", r"no \MSExchange OWA!a", "");
    check("C:\\>{Q} /ve\n{E}\n", r"no \MSExchange OWA!", "");
    check("C:\\>{Q} /v \"a b\"\n{E}\n", r"no \MSExchange OWA!a b", "");
    check("C:\\>{Q}\n{E}\n", r"no \MSExchange OWA", "");
    check("C:\\>{Q} /s\n{E}\n", r"no \MSExchange OWA", "");
    check("C:\\>{Q} /s /f a\n{E}\n", "", &format!("failed:{NOT_FOUND}"));
    check("{E}\n", "", &format!("failed:{NOT_FOUND}"));
    check("C:\\>{Q}\n\n{K}\n\nC:\\>dir\n{E}\n", r"Level \MSExchange OWA", &format!("failed:{NOT_FOUND}"));
    check("C:\\>{Q}\nERROR: Access is denied.\n", "", "failed:ERROR: Access is denied.");
    check("C:\\>{Q}\nFEHLER: Zugriff verweigert\n", "", "failed:FEHLER: Zugriff verweigert");
}

#[test]
fn output_of_one_computer_is_read() {
    let text = ("C:\\>reg query \\\\CAS1\\HKLM\\A\n\nHKEY_LOCAL_MACHINE\\A\n    a    REG_SZ    x\n\n\
                        C:\\>reg query \\\\CAS2\\HKLM\\A\n\nHKEY_LOCAL_MACHINE\\A\n    b    REG_SZ    x\n\n")
        .to_owned();
    let (document, problems) = read(&text, SOURCE);
    assert_eq!(show(&document), "Level HKEY_LOCAL_MACHINE\\A & a=sz x");
    assert_eq!(document.computer.unwrap().text, "CAS1");
    assert_eq!(show_problems(&text, &problems), "other:HKEY_LOCAL_MACHINE\\A");
    let (document, _) = read("[CAS3]: PS C:\\> reg query HKLM\\A\n\nHKEY_LOCAL_MACHINE\\A\n\n", SOURCE);
    assert_eq!(document.computer.unwrap().text, "CAS3");
}

#[test]
fn surroundings_are_passed_over() {
    check(
        "Dear colleague,\n\n  {K}\n      a    REG_DWORD    0x1\n      b    REG_SZ    \n\nregards\nx: y\n",
        r"Part \MSExchange OWA & a=dword 1 & b=sz ",
        "",
    );
    check("! REG.EXE VERSION 3.0\n\n{K}\n    a\tREG_DWORD\t0x1\n\n", r"Part \MSExchange OWA & a=dword 1", "");
}

#[test]
fn places_are_exact() {
    let text = format!("C:\\>{QUERY} /v x\n\n{NOT_FOUND}\n\n{KEY}\n    a b    REG_DWORD    0x1\n\n");
    let (document, _) = read(&text, SOURCE);
    let [Operation::Absent { path: asked, name: Some(absent) }, Operation::ShowKey { path, .. }, set] =
        &document.operations[..]
    else {
        panic!("three operations: {document:?}")
    };
    let slice = |span: Span| &text[span.range()];
    assert_eq!((slice(asked.line), slice(absent.name.span)), (NOT_FOUND, "x"));
    assert_eq!(slice(asked.path.span), r"HKLM\SYSTEM\CurrentControlSet\Services\MSExchange OWA");
    assert_eq!((slice(path.line), slice(path.path.span)), (KEY, KEY));
    let Operation::SetValue { name, data_span, .. } = set else { panic!("a value") };
    assert_eq!((slice(name.name.span), slice(*data_span)), ("a b", "0x1"));
}

#[test]
fn output_is_claimed_and_prose_is_not() {
    for text in [format!("{KEY}\n    a    REG_DWORD    0x1\n"), format!("C:\\>{QUERY}\n"), format!("{NOT_FOUND}\n")] {
        assert!(claims(&text, SOURCE).is_some(), "{text:?}");
    }
    for text in [
        format!("{KEY}\nis where the values lie\n    a    REG_DWORD    0x1\n"),
        "run `reg query` to see it\n".to_owned(),
        "reg query\n".to_owned(),
        KEY.to_owned(),
        "Name : owa\n".to_owned(),
    ] {
        assert!(claims(&text, SOURCE).is_none(), "{text:?}");
    }
}
