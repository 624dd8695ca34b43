//! What holds for any JSON: it is read without panic and in linear time, places are true, and values come back.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::{SOURCE, TELLING};
use crate::read::json::{claims, is_void, read};
use crate::read::object::{Object, Value};
use crate::text::scalar::Scalar;

/// A value, and the two ways in which the two PowerShells write it.
#[derive(Debug, Clone)]
enum Node {
    Null,
    Truth(bool),
    Number(i64),
    Text(String),
    List(Vec<Node>),
}

/// How a file is laid out and escaped.
#[derive(Debug, Clone, Copy)]
struct Layout {
    /// Windows PowerShell: four blanks a step below the key, two blanks behind colons, `\r\n`, and more escapes.
    windows: bool,
    /// All of it in one line.
    compressed: bool,
    /// Everything beyond ASCII escaped.
    ascii: bool,
}

fn write_text(text: &str, layout: Layout) -> String {
    let mut written = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            '/' if layout.windows && text.len().is_multiple_of(5) => written.push_str("\\/"),
            it if it < ' ' || (layout.windows && "<>&'".contains(it)) || (layout.ascii && !it.is_ascii()) => {
                for unit in it.encode_utf16(&mut [0; 2]) {
                    write!(written, "\\u{unit:04x}").unwrap();
                }
            }
            it => written.push(it),
        }
    }
    written + "\""
}

fn write_node(node: &Node, indent: usize, layout: Layout) -> String {
    let end = if layout.windows { "\r\n" } else { "\n" };
    let step = if layout.windows { 4 } else { 2 };
    match node {
        Node::Null => "null".to_owned(),
        Node::Truth(truth) => truth.to_string(),
        Node::Number(number) => number.to_string(),
        Node::Text(text) => write_text(text, layout),
        Node::List(items) => {
            let written: Vec<String> = items.iter().map(|it| write_node(it, indent + step, layout)).collect();
            if layout.compressed {
                return format!("[{}]", written.join(","));
            }
            let inner = " ".repeat(indent + step);
            let lines: Vec<String> = written.iter().map(|it| format!("{inner}{it}")).collect();
            format!("[{end}{}{end}{}]", lines.join(&format!(",{end}")), " ".repeat(indent))
        }
    }
}

fn write_object(object: &[(String, Node)], layout: Layout) -> String {
    let end = if layout.windows { "\r\n" } else { "\n" };
    let colon = if layout.compressed {
        ":"
    } else if layout.windows {
        ":  "
    } else {
        ": "
    };
    let pairs = object.iter().map(|(name, value)| {
        let key = write_text(name, layout);
        let indent = if layout.windows { 4 + key.len() + 3 } else { 2 };
        format!("{key}{colon}{}", write_node(value, indent, layout))
    });
    let pairs: Vec<String> = pairs.collect();
    if layout.compressed {
        return format!("{{{}}}", pairs.join(","));
    }
    let step = if layout.windows { "    " } else { "  " };
    format!("{{{end}{step}{}{end}}}", pairs.join(&format!(",{end}{step}")))
}

fn write_file(objects: &[Vec<(String, Node)>], layout: Layout) -> String {
    let written: Vec<String> = objects.iter().map(|it| write_object(it, layout)).collect();
    if written.len() == 1 { written[0].clone() } else { format!("[\n{}\n]\n", written.join(",\n")) }
}

/// What a value says once it was written and read.
fn said(node: &Node) -> String {
    match node {
        Node::Null => String::new(),
        Node::Truth(truth) => if *truth { "True" } else { "False" }.to_owned(),
        Node::Number(number) => format!("#{number}"),
        Node::Text(text) => text.clone(),
        Node::List(items) => {
            let items = items.iter().filter(|it| !matches!(it, Node::Null));
            format!(
                "{{{}}}",
                items.map(|it| said(it).trim().to_owned()).filter(|it| !it.is_empty()).collect::<Vec<_>>().join("|")
            )
        }
    }
}

fn read_back(value: &Value<'_>) -> String {
    match value {
        Value::Empty(_) => String::new(),
        Value::Text(text) => text.text.to_string(),
        Value::Number(text) => format!("#{}", text.text),
        Value::List(list) => {
            let item = |it: &crate::read::object::Item<'_>| {
                if it.is_number { format!("#{}", it.text.text) } else { it.text.text.to_string() }
            };
            let items: Vec<String> = list.items.iter().map(item).filter(|it| !it.is_empty()).collect();
            format!("{{{}}}", items.join("|"))
        }
        other => format!("{other:?}"),
    }
}

fn check_scalar(text: &str, scalar: &Scalar<'_>) {
    let written = text.get(scalar.span.range()).expect("a place in the text");
    assert!(!scalar.verbatim || written == scalar.text, "{scalar:?}");
}

/// What holds of every object that was read from a text.
fn check_objects(text: &str, objects: &[Object<'_>]) {
    for object in objects {
        assert!(text.get(object.span.range()).is_some());
        for property in &object.properties {
            check_scalar(text, &property.name);
            assert!(object.span.contains(property.name.span) && object.span.contains(property.value.span()));
            match &property.value {
                Value::Text(scalar) | Value::Number(scalar) => check_scalar(text, scalar),
                Value::List(list) => list.items.iter().for_each(|it| check_scalar(text, &it.text)),
                Value::Record(record) => record.fields.iter().for_each(|(name, value)| {
                    check_scalar(text, name);
                    check_scalar(text, value);
                }),
                Value::Empty(span) | Value::Unreadable(span) => assert!(text.get(span.range()).is_some()),
            }
        }
    }
}

fn check_any(text: &str) {
    claims(text);
    is_void(text);
    let (objects, problems) = read(text, SOURCE, &TELLING);
    check_objects(text, &objects);
    assert!(problems.iter().all(|it| text.get(it.span.range()).is_some()), "{problems:?}");
}

fn node() -> impl Strategy<Value = Node> {
    let leaf = || {
        prop_oneof![
            Just(Node::Null),
            any::<bool>().prop_map(Node::Truth),
            any::<i64>().prop_map(Node::Number),
            any::<String>().prop_map(Node::Text),
            "[a-z:/<>&' é😀\\\\\"]{0,12}".prop_map(Node::Text),
        ]
    };
    prop_oneof![4 => leaf(), 1 => prop::collection::vec(leaf(), 0..4).prop_map(Node::List)]
}

fn object() -> impl Strategy<Value = Vec<(String, Node)>> {
    prop::collection::btree_map("[A-Z][a-z]{2,8}", node(), 1..6).prop_map(|it| it.into_iter().collect())
}

fn layout() -> impl Strategy<Value = Layout> {
    any::<(bool, bool, bool)>().prop_map(|(windows, compressed, ascii)| Layout { windows, compressed, ascii })
}

/// Pieces that JSON is made of, and some that it is not.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "\\u",
    "d83d",
    "\\ude00",
    "null",
    "true",
    "fals",
    "1",
    "-",
    ".5",
    "e9",
    "//",
    "/*",
    "*/",
    "\n",
    "\r\n",
    " ",
    "\"a\"",
    "\"InternalUrl\":",
    "\"value\":[",
    "\"Count\":1",
    "@{",
    "ü",
    "😀",
    "\0",
    "{\"a\":1}",
    "System.Object[]",
];

proptest! {
    #[test]
    fn values_come_back_from_both_layouts(objects in prop::collection::vec(object(), 1..4), layout in layout()) {
        let text = write_file(&objects, layout);
        let (found, _) = read(&text, SOURCE, &TELLING);
        check_objects(&text, &found);
        prop_assert_eq!(found.len(), objects.len());
        for (found, wanted) in found.iter().zip(&objects) {
            prop_assert_eq!(found.properties.len(), wanted.len());
            for (property, (name, value)) in found.properties.iter().zip(wanted) {
                prop_assert_eq!(&*property.name.text, name);
                prop_assert_eq!(read_back(&property.value), said(value), "{}", text);
            }
        }
    }

    #[test]
    fn a_part_of_a_file_gives_some_of_its_objects_and_no_others(
        objects in prop::collection::vec(object(), 2..4), layout in layout(), part in 0..1000_usize,
    ) {
        let text = write_file(&objects, layout);
        let mut end = text.len() * part / 1000;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let cut = &text[..end];
        let (whole, _) = read(&text, SOURCE, &TELLING);
        let (found, problems) = read(cut, SOURCE, &TELLING);
        check_any(cut);
        prop_assert!(found.len() == whole.len() || problems.iter().any(|it| it.kind.row().id == "INP-531") || cut.trim().is_empty());
        for (found, whole) in found.iter().zip(&whole) {
            prop_assert_eq!(format!("{found:?}"), format!("{whole:?}"));
        }
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        check_any(&text);
        check_any(&format!("[{{\"a\":\"{text}"));
    }

    #[test]
    fn any_mixture_of_pieces_is_read(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        check_any(&pieces.concat());
        check_any(&format!("[{{\"a\":{}", pieces.concat()));
    }
}

#[test]
fn hostile_files_are_read_in_linear_time() {
    // Anything quadratic would take minutes here.
    let many = 200_000;
    for text in [
        "[".repeat(many),
        "{\"a\":".repeat(many),
        "{}".repeat(many),
        "{\"a\":1}\n".repeat(many),
        format!("[{}", "{\"a\":1},".repeat(many)),
        format!("[{}", "null,".repeat(many)),
        format!("{{{}", "\"a\":1,".repeat(many)),
        format!("{{{}", "\"a\":1,\"A\":2,".repeat(many)),
        format!("{{\"a\":[{}", "{\"value\":1},".repeat(many)),
        format!("{{\"a\":[{}]}}", "[],".repeat(many)),
        format!("[\"{}\"]", "\\ud800".repeat(many)),
        format!("{{\"a\":\"{}", "\\".repeat(many)),
        "[".to_owned() + &"//\n".repeat(many),
        "[/*".repeat(many),
        format!("[{}", "1".repeat(many)),
        format!("[{}", "NaN,".repeat(many)),
        format!("[{}", "1e99999,".repeat(many)),
        format!("[{}", "1,/*x*/,".repeat(many)),
        format!("[{}]", "[{\"InternalUrl\":1}],".repeat(many)),
        format!("[[[{}]]]", "{\"b\":1},".repeat(many)),
        format!("{{\"value\":[{}],\"Count\":1}}", "{\"a\":1},".repeat(many)),
    ] {
        check_any(&text);
    }
}
