//! Properties of the CLIXML reader: what holds of any text, of every part of an export, and of a hostile one.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::tests::{read_all, said};
use crate::read::object::Value;
use crate::text::decode::decode;

/// Made for this test, in the form that the Exchange Management Shell writes; no line comes from a real server.
const EXPORT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/exports/owa.xml"));

type Said = Vec<BTreeMap<String, String>>;

fn values(text: &str) -> Said {
    let (exports, _) = read_all(text);
    let named = |object: &crate::read::object::Object<'_>| {
        object.properties.iter().map(|it| (it.name.text.to_string(), word(text, &it.value))).collect()
    };
    exports.objects.iter().map(named).collect()
}

/// What a value says, without what stands at its place.
fn word(text: &str, value: &Value<'_>) -> String {
    let said = said(text, value);
    said.split(" @ ").next().unwrap_or_default().to_owned()
}

#[test]
fn the_sample_is_read_whole() {
    let (exports, problems) = read_all(EXPORT);
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(exports.objects.len(), 2);
    let values = values(EXPORT);
    assert_eq!(values[0]["InternalAuthenticationMethods"], "list {Basic, Fba}");
    assert_eq!(values[0]["Id"], "text CAS1\\owa (Default Web Site)");
    assert_eq!(values[1]["InternalUrl"], "text https://cas2.corp.example.com/owa");
}

#[test]
fn no_part_of_an_export_says_what_the_whole_does_not() {
    let whole = values(EXPORT);
    for end in (0..EXPORT.len()).filter(|end| EXPORT.is_char_boundary(*end)) {
        let part = values(&EXPORT[..end]);
        assert!(part.len() <= whole.len());
        for (part, whole) in part.iter().zip(&whole) {
            assert_eq!(part, whole, "cut at {end}");
        }
    }
}

#[test]
fn every_encoding_and_line_end_gives_the_same_values() {
    let whole = values(EXPORT);
    for end in ["\n", "\r\n"] {
        let text = EXPORT.replace('\n', end);
        let utf16 = |big: bool| -> Vec<u8> {
            let units = text.encode_utf16();
            units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let files: [Vec<u8>; 6] = [
            text.clone().into_bytes(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            [vec![0xff, 0xfe], utf16(false)].concat(),
            [vec![0xfe, 0xff], utf16(true)].concat(),
            utf16(false),
            utf16(true),
        ];
        for file in files {
            assert_eq!(values(&decode(file).text), whole);
        }
    }
}

#[test]
fn hostile_input_takes_linear_time() {
    const COUNT: usize = 8000;
    let started = Instant::now();
    let objs = |inside: &str| format!("<Objs Version=\"1.1.0.1\">{inside}</Objs>");
    let object = |inside: &str| objs(&format!("<Obj RefId=\"0\"><Props>{inside}</Props></Obj>"));
    let many = |piece: fn(usize) -> String| (0..COUNT).map(piece).collect::<String>();
    let long_list = format!("<Obj N=\"a\" RefId=\"1\"><LST>{}</LST></Obj>", "<S>x</S>".repeat(COUNT));
    let nils = format!("<Obj N=\"a\" RefId=\"1\"><LST>{}</LST></Obj>", "<Nil />".repeat(COUNT));
    let escapes = "_x0041_".repeat(COUNT);
    let long_text = format!("<Obj N=\"a\" RefId=\"1\"><ToString>{escapes}</ToString></Obj>");
    let types = format!("<Obj><TN RefId=\"1\">{}</TN></Obj>", "<T>A</T>".repeat(COUNT));
    let references = many(|index| format!("<Ref N=\"r{index}\" RefId=\"1\" />"));
    for text in [
        object(&many(|index| format!("<S N=\"p{index}\">x</S>"))),
        object(&many(|_| "<S N=\"p\">x</S>".to_owned())),
        objs(&many(|index| format!("<Obj RefId=\"{index}\"><MS><Ref N=\"a\" RefId=\"{index}\" /></MS></Obj>"))),
        objs(&many(|_| "<Obj RefId=\"0\" />".to_owned())),
        objs(&many(|_| "<Ref RefId=\"0\" />".to_owned())),
        object(&format!("{long_list}{references}")),
        object(&format!("{nils}{references}")),
        object(&format!("{long_text}{references}")),
        object(&format!("<Obj N=\"a\" RefId=\"1\"><Ref RefId=\"1\" /></Obj>{references}")),
        object(&many(|index| format!("<Ref N=\"r{index}\" RefId=\"0\" />"))),
        objs(&(types + &"<Obj><TNRef RefId=\"1\" /><MS /></Obj>".repeat(COUNT))),
        objs(&format!("<Obj><MS><BA N=\"SerializationData\">{}</BA></MS></Obj>", "A".repeat(100 * COUNT))),
        object(&"<LST>".repeat(COUNT)),
        object(&"<S N=\"_x".repeat(COUNT)),
    ] {
        let (exports, problems) = read_all(&text);
        assert!(exports.objects.len() <= COUNT + 1 && problems.len() <= 2 * COUNT);
    }
    // All of this takes a few seconds without optimisation; a single read in quadratic time would take minutes.
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}

#[test]
fn limits_hold_on_both_sides() {
    let objs = |inside: &str| format!("<Objs Version=\"1.1.0.1\">{inside}</Objs>");
    // The element of the value is one of the objects that are wrapped.
    let wrapped = |count: usize| {
        let (begin, end) = ("<Obj>".repeat(count - 1), "</Obj>".repeat(count - 1));
        objs(&format!("<Obj><MS><Obj N=\"a\">{begin}<S>x</S>{end}</Obj></MS></Obj>"))
    };
    for (count, wanted) in [(16, "text x"), (17, "unreadable")] {
        let text = wrapped(count);
        let (exports, _) = read_all(&text);
        assert!(said(&text, &exports.objects[0].properties[0].value).starts_with(wanted), "{count}");
    }
    let text = objs(&format!("<Obj><TN>{}</TN><MS><S N=\"a\">x</S></MS></Obj>", "<T>A</T>".repeat(20)));
    assert_eq!(read_all(&text).0.objects[0].types.len(), 16);
    // What references repeat: a mebibyte and four times the file.
    let long = "x".repeat(400_000);
    let repeated = |count: usize| {
        let references = "<Ref N=\"r\" RefId=\"1\" />".repeat(count);
        objs(&format!("<Obj><MS><Obj N=\"a\" RefId=\"1\"><S>{long}</S></Obj>{references}</MS></Obj>"))
    };
    let told = |count: usize| read_all(&repeated(count)).1.iter().any(|it| it.contains("references repeat so much"));
    assert_eq!((told(2), told(12)), (false, true));
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        read_all(&text);
    }

    #[test]
    fn any_elements_are_read_without_a_panic(pieces in prop::collection::vec(prop::sample::select(vec![
        "<Objs Version=\"1.1.0.1\">", "</Objs>", "<Obj RefId=\"1\">", "<Obj N=\"a\" RefId=\"2\">", "</Obj>",
        "<Props>", "</Props>", "<MS>", "</MS>", "<LST>", "</LST>", "<LST />", "<DCT>", "</DCT>", "<En>", "</En>",
        "<Ref N=\"b\" RefId=\"1\" />", "<Ref RefId=\"2\" />", "<Nil N=\"c\" />", "<S N=\"d\">x_x000A_</S>", "<S>y</S>",
        "<ToString>z</ToString>", "<TN RefId=\"1\"><T>A.B</T></TN>", "<TNRef RefId=\"1\" />", "<I32>5</I32>", "<What />", " ", "é",
    ]), 0..24)) {
        read_all(&pieces.concat());
        read_all(&format!("<Objs Version=\"1.1.0.1\">{}", pieces.concat()));
    }

    #[test]
    fn any_value_comes_back(text in "[ -~é😀\r\n\t\u{1}_x]{0,24}") {
        let mut escaped = String::new();
        for unit in text.encode_utf16() {
            match unit {
                0..0x20 | 0x5f | 0xd800..0xe000 => escaped.extend(format!("_x{unit:04X}_").chars()),
                0x26 => escaped += "&amp;",
                0x3c => escaped += "&lt;",
                other => escaped.push(char::from_u32(u32::from(other)).unwrap()),
            }
        }
        let file = format!("<Objs Version=\"1.1.0.1\"><Obj><MS><S N=\"a\">{escaped}</S></MS></Obj></Objs>");
        // The `>` of `]]>` would have to be escaped too.
        prop_assume!(!text.contains("]]>"));
        let (exports, problems) = read_all(&file);
        prop_assert!(problems.is_empty(), "{:?}", problems);
        match &exports.objects[0].properties[0].value {
            Value::Text(read) => prop_assert_eq!(read.text.as_ref(), &text),
            Value::Empty(_) => prop_assert!(text.trim().is_empty()),
            other => prop_assert!(false, "{:?}", other),
        }
    }
}
