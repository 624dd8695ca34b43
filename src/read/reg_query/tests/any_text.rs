//! What holds for any text: it is read without panic, every place is true, and what is printed comes out again.

use proptest::prelude::*;

use super::SOURCE;
use crate::read::reg::{Data, Operation};
use crate::read::reg_query::{claims, read};
use crate::text::scalar::Scalar;

fn check_scalar(text: &str, scalar: &Scalar<'_>) {
    let written = &text[scalar.span.range()];
    assert!(!scalar.verbatim || written == scalar.text);
}

fn check_any(text: &str) {
    claims(text, SOURCE);
    let (document, problems) = read(text, SOURCE);
    for operation in &document.operations {
        match operation {
            Operation::ShowKey { path, .. } => check_scalar(text, &path.path),
            Operation::SetValue { name, data, data_span } => {
                check_scalar(text, &name.name);
                assert!(text.get(data_span.range()).is_some());
                if let Data::Text(data) = data {
                    check_scalar(text, data);
                }
            }
            Operation::Absent { path, name } => {
                check_scalar(text, &path.path);
                if let Some(name) = name {
                    check_scalar(text, &name.name);
                }
            }
            other => panic!("a query changes nothing: {other:?}"),
        }
    }
    for problem in problems {
        assert!(text.get(problem.span.range()).is_some());
    }
}

const PIECES: &[&str] = &[
    "\n",
    "\r\n",
    "\r",
    " ",
    "    ",
    "\t",
    "HKEY_LOCAL_MACHINE\\A",
    "\\\\CAS1\\",
    "HKLM\\A",
    "reg query ",
    "C:\\>",
    "PS C:\\> ",
    "[CAS1]: ",
    "/v ",
    "/s",
    "a",
    "\"",
    "'",
    "(Default)",
    "REG_DWORD",
    "REG_SZ",
    "REG_MULTI_SZ",
    "REG_BINARY",
    "0x1",
    "\\0",
    "ERROR: The system was unable to find the specified registry key or value.",
    "ü",
    "\u{feff}",
    "(x)",
];

/// A value as `reg query` prints it: the columns behind the name, and what is to be read from them.
fn value() -> impl Strategy<Value = (String, String)> {
    let text = "[ -~ü]{0,30}";
    prop_oneof![
        text.prop_map(|text| (format!("REG_SZ    {text}"), format!("1 {text}"))),
        any::<u32>().prop_map(|number| (format!("REG_DWORD    {number:#x}"), format!("4 {number}"))),
        any::<u64>().prop_map(|number| (format!("REG_QWORD    {number:#x}"), format!("11 {:?}", number.to_le_bytes()))),
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(|bytes| {
            let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            (format!("REG_BINARY    {}", digits.concat()), format!("3 {bytes:?}"))
        }),
        proptest::collection::vec("[a-z %]{1,8}", 1..5).prop_map(|strings| {
            let bytes: Vec<u8> =
                format!("{}\0\0", strings.join("\0")).encode_utf16().flat_map(u16::to_le_bytes).collect();
            (format!("REG_MULTI_SZ    {}", strings.join("\\0")), format!("7 {bytes:?}"))
        }),
    ]
}

fn read_back(data: &Data<'_>) -> String {
    match data {
        Data::Text(text) => format!("1 {}", text.text),
        Data::Dword(number) => format!("4 {number}"),
        Data::Bytes { kind, bytes } => format!("{kind} {bytes:?}"),
        Data::Untyped(_) => panic!("types are printed"),
    }
}

proptest! {
    #[test]
    fn any_text_is_read(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..60)) {
        check_any(&pieces.concat());
    }

    #[test]
    fn what_is_printed_is_read_back(
        keys in proptest::collection::vec(
            ("[A-Za-z][A-Za-z .]{0,12}[a-z]", proptest::collection::vec(("[!-'*-~][ -~]{0,9}[a-z]", value()), 0..6)),
            1..5,
        )
    ) {
        let mut text = String::new();
        let mut expected = Vec::new();
        for (key, values) in &keys {
            let path = format!("HKEY_LOCAL_MACHINE\\SOFTWARE\\{key}");
            text = text + "\r\n" + &path + "\r\n";
            expected.push(path);
            for (name, (columns, data)) in values {
                prop_assume!(!name.contains("    ") && name != "<NO NAME>");
                text = text + "    " + name + "    " + columns + "\r\n";
                expected.push(format!("{name}={data}"));
            }
        }
        text.push_str("\r\n");
        let (document, problems) = read(&text, SOURCE);
        let operations = document.operations.iter().map(|operation| match operation {
            Operation::ShowKey { path, .. } => path.path.text.to_string(),
            Operation::SetValue { name, data, .. } => format!("{}={}", name.name.text, read_back(data)),
            other => panic!("a query changes nothing: {other:?}"),
        });
        prop_assert_eq!(operations.collect::<Vec<_>>(), expected);
        prop_assert_eq!(problems, []);
    }
}

#[test]
fn hostile_output_is_read_in_linear_time() {
    // Anything quadratic would take minutes here.
    let many = 100_000;
    for text in [
        "HKEY_LOCAL_MACHINE\\A\n".repeat(many),
        format!("HKEY_LOCAL_MACHINE\\A\n{}", "    a    REG_DWORD    0x1\n".repeat(many)),
        format!("HKEY_LOCAL_MACHINE\\A\n    {}", "    REG_".repeat(many)),
        "reg query HKLM\\A\n".repeat(many),
        format!("reg query {}", "\"".repeat(many)),
        format!("C:\\>{}", ">".repeat(many)),
        " ".repeat(many * 10),
        format!("HKEY_LOCAL_MACHINE\\A\n    a    REG_MULTI_SZ    {}", "\\0".repeat(many)),
        format!("reg query HKLM\\A /s\n\n{}", "HKEY_LOCAL_MACHINE\\A\nx\n".repeat(many)),
    ] {
        claims(&text, SOURCE);
        read(&text, SOURCE);
    }
}
