//! What holds for any text: it is read without panic and in linear time, and every place is true.

use proptest::prelude::*;

use super::{FIVE, KEY, SOURCE};
use crate::read::reg::{Data, Operation, Wanted, claims, read, read_wanted};
use crate::text::decode::Encoding;
use crate::text::scalar::Scalar;
use crate::text::span::Span;

#[test]
fn hostile_files_are_read_in_linear_time() {
    // Anything quadratic would take minutes here.
    let many = 200_000;
    let key = format!("{FIVE}\n[{KEY}]\n");
    for body in [
        format!("\"a\"=hex:{}", "41,\\\n".repeat(many)),
        format!("\"a\"=hex:{}", "41,".repeat(many)),
        format!("\"a\"=hex:41,\\\n{}", "\n;\n".repeat(many)),
        "\"a\"=hex:41,\\\n\"".repeat(many),
        "\"a\"=\"".repeat(many),
        "\"a\n".repeat(many),
        "[".repeat(many),
        "[HKLM".repeat(many),
        format!("[HKLM{}]", "\\".repeat(many)),
        "x=   ".repeat(many),
        "\"a\"=dword:1 # x\n".repeat(many),
        "\"a\"=dword:0x1\n".repeat(many),
        "\"a\"=hex(1):41,00,42\n".repeat(many),
        "\"a\"=hex:41 42\n".repeat(many),
        format!("\"a\"=dword:{}", "1".repeat(many)),
        ";\n".repeat(many),
        "\0\n".repeat(many),
        "\"a\"=hex:41\n 42\n".repeat(many),
        format!("\"a\"=\"{}", "\\".repeat(many)),
        " ".repeat(many),
    ] {
        let text = key.clone() + &body;
        read(&text, SOURCE, Encoding::Utf8);
        claims(&body);
    }
}

fn check_span(text: &str, span: Span) {
    assert!(text.get(span.range()).is_some(), "{span:?} lies in the text");
}

fn check_scalar(text: &str, scalar: &Scalar<'_>) {
    check_span(text, scalar.span);
    assert!(!scalar.verbatim || text[scalar.span.range()] == scalar.text);
}

/// What holds for every file, whatever is in it.
fn check_any(text: &str) {
    claims(text);
    let (document, problems) = read(text, SOURCE, Encoding::Utf8);
    let mut is_open = false;
    for operation in &document.operations {
        match operation {
            Operation::OpenKey(key) | Operation::DeleteKey(key) => {
                is_open = matches!(operation, Operation::OpenKey(_));
                check_scalar(text, &key.path);
                assert!(text[key.line.range()].starts_with('[') && text[key.line.range()].ends_with(']'));
            }
            Operation::SetValue { name, data, data_span } => {
                assert!(is_open);
                check_scalar(text, &name.name);
                check_span(text, *data_span);
                if let Data::Text(data) = data {
                    check_scalar(text, data);
                }
            }
            Operation::DeleteValue { name, data_span } => {
                assert!(is_open);
                check_scalar(text, &name.name);
                assert_eq!(&text[data_span.range()], "-");
            }
            Operation::ShowKey { .. } | Operation::Absent { .. } => panic!("a file asks nothing"),
        }
    }
    for problem in problems {
        check_span(text, problem.span);
    }
}

/// Pieces that lines of .reg files are made of, and some that they are not.
const PIECES: &[&str] = &[
    "[",
    "]",
    "-",
    "HKEY_USERS",
    "HKLM",
    "\\",
    "\"",
    "@",
    "=",
    "dword:",
    "hex:",
    "hex(2):",
    "hex(",
    "41",
    ",",
    "0",
    "1ff",
    ";",
    "#",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "ü",
    "\u{201c}",
    "\0",
    "\u{1a}",
    "x",
    "n",
    "😀",
    "[HKEY_USERS\\k]\n",
    "\"a\"=",
    "\"a\"=hex:1,\\\n",
];

/// What is wanted in these tests: a key, the end of another and a value.
fn some() -> Wanted {
    Wanted::only([r"HKEY_USERS\k\CurrentControlSet\w"], &[r"\e", r"\name\name"], &["v"])
}

/// What is to be kept of the operations of a whole file.
fn kept<'o, 't>(operations: &'o [Operation<'t>]) -> Vec<&'o Operation<'t>> {
    let (mut kept, mut open, mut has_first, mut has_numbered) = (Vec::new(), None, false, false);
    let is_wanted = |path: &str| {
        let path = path.to_lowercase();
        let parts: Vec<&str> = path.split('\\').collect();
        let wanted = ["hkey_users", "k", "", "w"];
        let fits = |(at, part): (usize, &&str)| match wanted.get(at) {
            Some(&"") => *part == "currentcontrolset" || part.starts_with("controlset"),
            wanted => wanted.is_none_or(|it| it == part),
        };
        path.ends_with(r"\e") || path.ends_with(r"\name\name") || parts.iter().enumerate().all(fits)
    };
    for operation in operations {
        match operation {
            Operation::OpenKey(key) => {
                let third = key.path.text.split('\\').nth(2).unwrap_or_default().to_lowercase();
                let keeps = is_wanted(&key.path.text);
                let is_numbered =
                    !keeps && third.starts_with("controlset") && !std::mem::replace(&mut has_numbered, true);
                open = Some((operation, keeps));
                if keeps || is_numbered || !has_first {
                    kept.push(operation);
                }
                has_first = true;
            }
            Operation::SetValue { name, .. } | Operation::DeleteValue { name, .. } => {
                let Some((key, keeps)) = open else { continue };
                if keeps || name.name.text.eq_ignore_ascii_case("v") {
                    if !kept.iter().any(|it| std::ptr::eq(*it, key)) {
                        kept.push(key);
                    }
                    kept.push(operation);
                }
            }
            Operation::DeleteKey(_) => {
                open = None;
                kept.push(operation);
            }
            Operation::ShowKey { .. } | Operation::Absent { .. } => {}
        }
    }
    kept
}

/// Lines of files that hold more than is wanted.
const LINES: &[&str] = &[
    r"[HKEY_USERS\k\CurrentControlSet\w\below]",
    r"[HKEY_USERS\k\ControlSet002\w]",
    r"[HKEY_USERS\k\ControlSet002\x\y]",
    r"[HKEY_USERS\k\ControlSet002\x\y\z]",
    r"[HKEY_USERS\k\ControlSet002\x\E]",
    r"[HKEY_USERS\k\ControlSet002\x\y]]",
    r"[HKEY_USERS\k\ControlSet002\x\\y\]",
    r"[HKEY_USERS\k\ControlSet002\x\Name\Name]",
    r"[HKEY_USERS\k\ControlSet002\x\Name\\Name]",
    r"[HKEY_USERS\k\ControlSet002\z\Name\Name\]",
    r"[HKEY_USERS\k\ControlSet002\z\E\]",
    r"[HKEY_USERS\k\ControlSet002\\w]",
    r"[HKEY_USERS\k\\CurrentControlSet\\w\]",
    r"[HKEY_USERS\other]",
    r"[HKEY_USERS\other\deep]",
    r"[HKEY_USERS\other\ControlSet001]",
    r"[HKEY_USERS\more\ControlSet001\a]",
    r"[hku\other\deep]",
    r"[-HKEY_USERS\other]",
    r"[HKEY_USERS\other;a];b]",
    r#""v"=dword:00000001"#,
    r#""V"=-"#,
    r#""\v"="1""#,
    r#""a"="b\\c\"d""#,
    r#""a"="b\nc""#,
    r#""a"="b\0""#,
    r#""a"="b"c"#,
    r#""a"=dword:1"#,
    r#""a"=dword:0000000g"#,
    r#""a"=hex:"#,
    r#""a"=hex:41,42"#,
    r#""a"=hex:41,42,"#,
    r#""a"=hex:41,\"#,
    r#""a"=hex(2):41,00,\"#,
    r#""a"=hex(7):41,00,42"#,
    r#""a"=hex(b):1"#,
    r#""a"=hex(100000):41"#,
    r#"@="default""#,
    "  42,00,00,00",
    "  41",
    "\\",
    "",
    " ",
    "; comment",
    "a=1",
    "\0",
    "ü",
];

proptest! {
    #[test]
    fn what_is_wanted_is_read_as_if_all_were(
        lines in prop::collection::vec((prop::sample::select(LINES), prop::sample::select(&["\r\n", "\r\n", "\n", "\r"])), 0..30),
        is_wide in any::<bool>(),
        is_new in any::<bool>(),
    ) {
        let body: String = lines.into_iter().flat_map(|(line, end)| [line, end]).collect();
        let text = format!("{}\r\n{body}", if is_new { FIVE } else { "REGEDIT4" });
        let encoding = if is_wide { Encoding::Utf16LeBom } else { Encoding::Windows1252 };
        let (whole, all_problems) = read(&text, SOURCE, encoding);
        let (some, problems) = read_wanted(&text, SOURCE, encoding, &some());
        prop_assert_eq!(problems, all_problems);
        let (some, kept) = (some.operations.iter(), kept(&whole.operations));
        prop_assert_eq!(format!("{:#?}", some.collect::<Vec<_>>()), format!("{kept:#?}"), "{}", text);
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        check_any(&text);
        check_any(&format!("REGEDIT4\n[HKEY_USERS\\k]\n{text}"));
    }

    #[test]
    fn any_mixture_of_pieces_is_read(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        let text = pieces.concat();
        check_any(&text);
        check_any(&format!("REGEDIT4{text}"));
        check_any(&format!("{FIVE}\n[HKEY_USERS\\k]\n{text}"));
    }

    #[test]
    fn what_is_escaped_is_read_back(name in "[^\0\r\n]{1,20}", data in "[^\0\r\n]{0,20}") {
        let escape = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        let text = format!("{FIVE}\r\n[{KEY}]\r\n\"{}\"=\"{}\"\r\n", escape(&name), escape(&data));
        let (document, problems) = read(&text, SOURCE, Encoding::Utf16LeBom);
        prop_assert!(problems.is_empty());
        let Some(Operation::SetValue { name: read_name, data: Data::Text(read_data), .. }) = document.operations.last()
        else { panic!("a text") };
        prop_assert_eq!((&*read_name.name.text, &*read_data.text), (&*name, &*data));
    }

    #[test]
    fn bytes_are_read_back(bytes in prop::collection::vec(any::<u8>(), 0..60), wrap in 1_usize..20) {
        let lines: Vec<String> = bytes
            .chunks(wrap)
            .map(|line| line.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(","))
            .collect();
        let text = format!("{FIVE}\r\n[{KEY}]\r\n\"a\"=hex:{}\r\n", lines.join(",\\\r\n  "));
        let (document, problems) = read(&text, SOURCE, Encoding::Utf16LeBom);
        prop_assert!(problems.is_empty());
        let Some(Operation::SetValue { data, .. }) = document.operations.last() else { panic!("bytes") };
        prop_assert_eq!(data, &Data::Bytes { kind: 3, bytes });
    }
}
