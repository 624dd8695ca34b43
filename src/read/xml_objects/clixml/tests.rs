//! Tests of the CLIXML reader: what every element says, and what is wrong with some.

use std::fmt::Write as _;

use super::*;
use crate::read::object::{Object, Value};
use crate::read::xml;
use crate::text::span::SourceId;

const SOURCE: SourceId = SourceId(0);

/// What the reader makes of a file: the objects, and every problem as `id span text: message`.
pub(super) fn read_all(text: &str) -> (Exports<'_>, Vec<String>) {
    let (document, faults) = xml::read(text, SOURCE);
    let (exports, problems) = read(&document, text);
    let problems = faults.into_iter().chain(problems);
    let said = problems.map(|it| format!("{} {}: {}", it.kind.row().id, &text[it.span.range()], it.message));
    let said = said.collect();
    exports.objects.iter().for_each(|object| check_spans(text, object));
    (exports, said)
}

fn check_spans(text: &str, object: &Object<'_>) {
    let mut scalars: Vec<&crate::text::scalar::Scalar<'_>> = object.types.iter().collect();
    for property in &object.properties {
        scalars.push(&property.name);
        assert!(text.get(property.value.span().range()).is_some());
        match &property.value {
            Value::Text(text) | Value::Number(text) => scalars.push(text),
            Value::List(list) => scalars.extend(list.items.iter().map(|it| &it.text)),
            Value::Record(record) => scalars.extend(record.fields.iter().flat_map(|(name, value)| [name, value])),
            Value::Empty(_) | Value::Unreadable(_) => {}
        }
    }
    for scalar in scalars {
        let there = text.get(scalar.span.range()).expect("a span lies in the text");
        assert!(!scalar.verbatim || there == scalar.text, "{there:?} is not {:?}", scalar.text);
    }
}

/// A value in a line: how it is read, and what stands at its place if that is something else.
pub(super) fn said(text: &str, value: &Value<'_>) -> String {
    let place = &text[value.span().range()];
    let word = match value {
        Value::Empty(_) => "empty".to_owned(),
        Value::Unreadable(_) => "unreadable".to_owned(),
        Value::Text(text) => format!("text {}", text.text),
        Value::Number(number) => format!("number {}", number.text),
        Value::List(list) => format!("list{} {}", if list.truncated { " cut" } else { "" }, list.text.text),
        Value::Record(record) => {
            let mut word = "record".to_owned();
            for (name, value) in &record.fields {
                let _ = write!(word, " {}={}", name.text, value.text);
            }
            word
        }
    };
    if word.ends_with(place) && !place.is_empty() { word } else { format!("{word} @ {place}") }
}

fn objs(inside: &str) -> String {
    format!("<Objs Version=\"1.1.0.1\">{inside}</Objs>")
}

/// What the one property of the one object says, and the problems.
fn property(value: &str) -> (String, Vec<String>) {
    let text = objs(&format!("<Obj RefId=\"0\"><Props>{value}</Props></Obj>"));
    let (exports, problems) = read_all(&text);
    let [object] = &exports.objects[..] else { panic!("{value}: {problems:?}") };
    let [property] = &object.properties[..] else { panic!("{value}: {:?}", object.properties) };
    (said(&text, &property.value), problems)
}

fn check_property(value: &str, wanted: &str) {
    assert_eq!(property(value), (wanted.to_owned(), Vec::new()), "{value}");
}

#[test]
fn every_primitive_says_what_powershell_prints() {
    for (value, wanted) in [
        ("<S N=\"a\">https://x/owa</S>", "text https://x/owa"),
        ("<S N=\"a\"> x </S>", "text  x "),
        ("<S N=\"a\">a &amp; b</S>", "text a & b @ a &amp; b"),
        ("<S N=\"a\">x_x000D__x000A_y_x005F_x0041_</S>", "text x\r\ny_x0041_ @ x_x000D__x000A_y_x005F_x0041_"),
        ("<S N=\"a\"></S>", "empty @ <S N=\"a\"></S>"),
        ("<S N=\"a\" />", "empty @ <S N=\"a\" />"),
        ("<S N=\"a\">System.Object[]</S>", "unreadable @ <S N=\"a\">"),
        ("<XD N=\"a\">&lt;a&gt;_x000A_</XD>", "text <a>\n @ &lt;a&gt;_x000A_"),
        ("<SBK N=\"a\">Remove-Item c:\\</SBK>", "text Remove-Item c:\\"),
        ("<URI N=\"a\">https://x/owa_x0041_</URI>", "text https://x/owa_x0041_"),
        ("<URI N=\"a\">\n  https://x/owa\n</URI>", "text https://x/owa"),
        ("<URI N=\"a\"></URI>", "empty @ <URI N=\"a\"></URI>"),
        ("<B N=\"a\">true</B>", "text True @ true"),
        ("<B N=\"a\">0</B>", "text False @ 0"),
        ("<I32 N=\"a\">-5</I32>", "number -5"),
        ("<Db N=\"a\">1.5E+3</Db>", "number 1.5E+3"),
        ("<Db N=\"a\">INF</Db>", "number INF"),
        ("<C N=\"a\">97</C>", "text a @ 97"),
        ("<DT N=\"a\">2020-06-30T16:07:20-05:00</DT>", "text 2020-06-30T16:07:20-05:00"),
        ("<TS N=\"a\">PT8H</TS>", "text PT8H"),
        ("<G N=\"a\">aa22bc35-e666-4dfb-8e9e-b64d19de3886</G>", "text aa22bc35-e666-4dfb-8e9e-b64d19de3886"),
        ("<Version N=\"a\">15.1.2.3</Version>", "text 15.1.2.3"),
        ("<BA N=\"a\">AAEA</BA>", "unreadable @ <BA N=\"a\">"),
        ("<SS N=\"a\">01000000d08c9d</SS>", "unreadable @ <SS N=\"a\">"),
        ("<Nil N=\"a\" />", "empty @ <Nil N=\"a\" />"),
    ] {
        check_property(value, wanted);
    }
}

#[test]
fn objects_say_what_they_print_as_in_any_order_of_their_parts() {
    const ENUM: &str = "<TN RefId=\"9\"><T>A.LogonFormats</T><T>System.Enum</T></TN>";
    for (value, wanted) in [
        (format!("<Obj N=\"a\" RefId=\"1\">{ENUM}<ToString>FullDomain</ToString><I32>0</I32></Obj>"), "text FullDomain"),
        (format!("<Obj N=\"a\" RefId=\"1\"><I32>0</I32><ToString>FullDomain</ToString>{ENUM}</Obj>"), "text FullDomain"),
        (format!("<Obj N=\"a\" RefId=\"1\">{ENUM}<I32>3</I32></Obj>"), "number 3"),
        (format!("<Obj N=\"a\" RefId=\"1\"><ToString></ToString>{ENUM}<I32>3</I32></Obj>"), "number 3"),
        (
            "<Obj N=\"a\"><ToString>CAS1</ToString><Props><S N=\"Name\">x</S></Props><MS><MS N=\"y\"><S N=\"z\">1</S></MS></MS></Obj>"
                .to_owned(),
            "text CAS1",
        ),
        ("<Obj N=\"a\"><ToString /><Props><S N=\"Name\">x</S></Props></Obj>".to_owned(), "empty @ <ToString />"),
        (
            "<Obj N=\"a\"><ToString>System.Object</ToString><Props><S N=\"Name\">x</S><Nil N=\"y\" /><I32 N=\"z\">1</I32></Props></Obj>"
                .to_owned(),
            "record Name=x z=1 @ <Obj N=\"a\">",
        ),
        (
            "<Obj N=\"a\"><MS><S N=\"Major\">15</S><MS N=\"y\"><S N=\"z\">1</S></MS></MS></Obj>".to_owned(),
            "record Major=15 @ <Obj N=\"a\">",
        ),
        ("<Obj N=\"a\"><TN RefId=\"9\"><T>A</T></TN></Obj>".to_owned(), "unreadable @ <Obj N=\"a\">"),
        ("<Obj N=\"a\"><S>x</S><MS><S N=\"y\">z</S></MS></Obj>".to_owned(), "text x"),
        (
            "<Obj N=\"a\"><DCT><En><S N=\"Key\">k</S><B N=\"Value\">1</B></En><En /></DCT></Obj>".to_owned(),
            "record k=True @ <DCT>",
        ),
    ] {
        check_property(&value, wanted);
    }
}

#[test]
fn lists_hold_what_their_items_print_as() {
    let one = "<Obj><ToString>Basic</ToString><I32>0</I32></Obj>";
    for (value, wanted) in [
        ("<Obj N=\"a\"><LST><S>Basic</S><S> Fba </S></LST></Obj>".to_owned(), "list {Basic, Fba} @ Basic</S><S> Fba"),
        (format!("<Obj N=\"a\"><TNRef RefId=\"7\" /><LST>{one}</LST><Props /></Obj>"), "list {Basic} @ Basic"),
        ("<Obj N=\"a\"><LST /></Obj>".to_owned(), "list {} @ <LST />"),
        ("<Obj N=\"a\"><IE><I32>0</I32><I32>3</I32></IE></Obj>".to_owned(), "list {0, 3} @ 0</I32><I32>3"),
        ("<LST N=\"a\"><S>x</S><Nil /></LST>".to_owned(), "list {x} @ x"),
        ("<Obj N=\"a\"><STK><S>x</S><Obj><LST><S>y</S></LST></Obj></STK></Obj>".to_owned(), "list cut {x} @ x"),
        ("<Obj N=\"a\"><QUE><S>x</S><S>System.Object[]</S></QUE></Obj>".to_owned(), "list cut {x} @ x"),
        ("<Obj N=\"a\"><ToString>x</ToString><LST><S>y</S></LST></Obj>".to_owned(), "list {y} @ y"),
    ] {
        let text = objs(&format!("<Obj><TN RefId=\"7\"><T>A</T></TN></Obj><Obj><Props>{value}</Props></Obj>"));
        let (exports, problems) = read_all(&text);
        assert_eq!((said(&text, &exports.objects[1].properties[0].value), problems), (wanted.to_owned(), vec![]));
    }
}

#[test]
fn references_mean_what_stands_above_in_a_space_of_their_own() {
    let text = objs(
        "<Obj RefId=\"a\"><TN RefId=\"b\"><T>A.B</T></TN><ToString>outer</ToString><Props>\
         <Obj N=\"Identity\" RefId=\"b\"><TN RefId=\"a\"><T>A.C</T></TN><ToString>inner</ToString></Obj>\
         <Ref N=\"Id\" RefId=\"b\" /><Ref N=\"Self\" RefId=\"a\" /><Obj N=\"Loop\" RefId=\"c\"><LST><Ref RefId=\"c\" />\
         <Ref RefId=\"b\" /></LST></Obj></Props></Obj><Obj><TNRef RefId=\"b\" /><MS /></Obj><Ref RefId=\"b\" />",
    );
    let (exports, problems) = read_all(&text);
    assert_eq!(problems, Vec::<String>::new());
    let names: Vec<Option<&str>> = exports.objects.iter().map(Object::type_name).collect();
    assert_eq!(names, [Some("B"), Some("B"), Some("C")]);
    let values: Vec<String> = exports.objects[0].properties.iter().map(|it| said(&text, &it.value)).collect();
    assert_eq!(values, ["text inner", "text inner", "text outer", "list cut {inner} @ inner"]);
    assert!(exports.inner_types.is_empty());
}

#[test]
fn references_that_lead_nowhere_are_told_and_say_nothing() {
    for (value, problem) in [
        ("<Ref N=\"a\" RefId=\"5\" />", "INP-523 5: this `Ref` leads to nothing that stands above it"),
        ("<Ref N=\"a\" />", "INP-523 Ref: this `Ref` leads to nothing that stands above it"),
        ("<Ref N=\"a\" RefId=\"00\" />", "INP-523 00: this `Ref` leads to nothing that stands above it"),
    ] {
        let (value, problems) = property(value);
        assert!(value.starts_with("unreadable @ <Ref"), "{value}");
        assert_eq!(problems, [problem]);
    }
    let text = objs(
        "<Obj RefId=\"1\"><Props><Obj RefId=\"1\" N=\"a\"><ToString>x</ToString></Obj><Ref N=\"b\" RefId=\"1\" /></Props><TNRef RefId=\"1\" /></Obj>",
    );
    let (exports, problems) = read_all(&text);
    assert_eq!(said(&text, &exports.objects[0].properties[1].value), "unreadable @ <Ref N=\"b\" RefId=\"1\" />");
    assert_eq!(
        problems,
        [
            "INP-523 1: this id is given a second time, so it is not known which of the two is meant",
            "INP-523 1: this `TNRef` leads to nothing that stands above it",
        ]
    );
}

#[test]
fn nothing_of_an_object_is_lost_in_silence() {
    for (value, wanted, problem) in [
        ("<X N=\"a\">1</X>", "unreadable @ <X N=\"a\">", "INP-528 X: `X` is no kind of value"),
        ("<B N=\"a\">True</B>", "unreadable @ <B N=\"a\">", "INP-528 True: this is no value of the kind `B`"),
        ("<I32 N=\"a\">x</I32>", "unreadable @ <I32 N=\"a\">", "INP-528 x: this is no value of the kind `I32`"),
        (
            "<I32 N=\"a\" />",
            "unreadable @ <I32 N=\"a\" />",
            "INP-528 <I32 N=\"a\" />: this is no value of the kind `I32`",
        ),
        ("<S N=\"a\">x<b/></S>", "unreadable @ <S N=\"a\">", "INP-528 b: an element stands inside a plain value"),
        (
            "<S N=\"a\">_xD83D_</S>",
            "text \u{fffd} @ _xD83D_",
            "INP-524 _xD83D_: half of a character stands alone in this text",
        ),
        ("<S N=\"a\">x</S><S>y</S>", "text x", "INP-528 S: this value of an object has no name"),
        (
            "<S N=\"a\">x</S><S N=\"A\">y</S>",
            "unreadable @ x",
            "INP-422 A: `A` stands twice in this object, with different values",
        ),
        (
            "<S N=\"a\">x</S></Props><props /><Props>",
            "text x",
            "INP-528 props: `props` has no place in an object, or stands there twice",
        ),
    ] {
        assert_eq!(property(value), (wanted.to_owned(), vec![problem.to_owned()]), "{value}");
    }
    check_property("<S N=\"a\">x</S><S N=\"A\">x</S>", "text x");
    let text = objs("<Obj><Props><S N=\"Internal_x0055_rl\">x</S></Props></Obj>");
    assert_eq!(read_all(&text).0.objects[0].properties[0].name.text, "InternalUrl");
}

#[test]
fn own_properties_are_those_directly_in_the_object() {
    let text = objs(
        "<Obj><MS><S N=\"RunspaceId\">r</S><MS N=\"PSStandardMembers\"><S N=\"Hidden\">x</S></MS>\
         <BA N=\"SerializationData\">AAEA</BA></MS><Props><Obj N=\"Server\"><ToString>CAS1</ToString><Props>\
         <S N=\"Name\">CAS1</S></Props></Obj><S N=\"Name\">owa</S></Props></Obj>",
    );
    let (exports, problems) = read_all(&text);
    assert_eq!(problems, Vec::<String>::new());
    let own: Vec<(&str, String)> =
        exports.objects[0].properties.iter().map(|it| (&*it.name.text, said(&text, &it.value))).collect();
    let wanted = [("RunspaceId", "text r"), ("Server", "text CAS1"), ("Name", "text owa")];
    assert_eq!(own, wanted.map(|(name, value)| (name, value.to_owned())));
}

#[test]
fn lists_of_objects_are_opened_and_other_streams_left_out() {
    let object = |name: &str| format!("<Obj><MS><S N=\"Name\">{name}</S></MS></Obj>");
    let text = objs(&format!(
        "{}<Obj RefId=\"l\"><LST>{}<Obj><IE>{}</IE></Obj><Ref RefId=\"l\" /></LST></Obj><LST>{}</LST>\
         <Obj><DCT><En><S N=\"Key\">k</S><Obj N=\"Value\"><MS><S N=\"Name\">e</S></MS></Obj></En></DCT></Obj>\
         <S>text</S><Nil /><S S=\"Error\">no</S><Obj S=\"progress\"><MS><S N=\"Name\">p</S></MS></Obj>\
         <Obj S=\"Output\"><MS><S N=\"Name\">f</S></MS></Obj><Obj><TN RefId=\"0\"><T>System.Management.Automation.ErrorRecord</T></TN></Obj>\
         <Obj><MS><Obj N=\"x\"><TN RefId=\"1\"><T>A.Inner</T></TN></Obj></MS></Obj>",
        object("a"),
        object("b"),
        object("c"),
        object("d"),
    ));
    let (exports, problems) = read_all(&text);
    assert_eq!(problems, Vec::<String>::new());
    let names: Vec<&str> = exports
        .objects
        .iter()
        .filter_map(|it| match &it.properties.first()?.value {
            Value::Text(text) => Some(&*text.text),
            _ => None,
        })
        .collect();
    assert_eq!(names, ["a", "b", "c", "d", "e", "f"]);
    assert_eq!(exports.errors.len(), 2);
    assert_eq!(exports.inner_types.iter().map(|it| &*it.text).collect::<Vec<_>>(), ["A.Inner"]);
}

#[test]
fn an_object_around_others_keeps_its_own_properties() {
    let text = objs("<Obj><LST><Obj><MS><S N=\"a\">1</S></MS></Obj></LST><MS><S N=\"b\">2</S></MS></Obj>");
    let (exports, problems) = read_all(&text);
    assert_eq!(problems, Vec::<String>::new());
    let names: Vec<&str> = exports.objects.iter().map(|it| &*it.properties[0].name.text).collect();
    assert_eq!(names, ["b", "a"]);
}

#[test]
fn what_is_no_export_of_version_1_is_told() {
    for (text, objects, problem) in [
        (
            "<Objs Version=\"2.0\"><Obj><MS /></Obj></Objs>",
            0,
            "INP-522 2.0: this version of the format is not one that is read",
        ),
        (
            "<Objs Version=\"1\"><Obj><MS /></Obj></Objs>",
            0,
            "INP-522 1: this version of the format is not one that is read",
        ),
        (
            "<Objs><Obj><MS /></Obj></Objs>",
            1,
            "INP-522 Objs: the root does not say which version of the format this is",
        ),
        (
            "<Objs Version=\"1.1\"><What /></Objs>",
            0,
            "INP-528 What: `What` is no object and stands where objects stand",
        ),
        (
            "<Objs Version=\"1.1\"><Obj RefId=\"1\"><MS /></Obj></Objs><Objs Version=\"1.1\"><Obj RefId=\"1\"><MS /></Obj></Objs>",
            2,
            "INP-411 Objs: a second export begins behind the end of the first",
        ),
        ("<Objs Version=\"1.1\" /><Obj />", 0, "INP-528 Obj: `<Obj>` stands beside the root of an export"),
    ] {
        let (exports, problems) = read_all(text);
        assert_eq!((exports.objects.len(), problems), (objects, vec![problem.to_owned()]), "{text}");
    }
}

#[test]
fn an_object_that_breaks_off_is_not_used() {
    let text = objs("<LST><Obj><MS><S N=\"a\">1</S></MS></Obj><Obj><MS><S N=\"a\">2</S></MS></LST>");
    let (exports, problems) = read_all(&text);
    assert_eq!(exports.objects.len(), 1);
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].starts_with("INP-411 Obj"), "{problems:?}");
    assert!(problems[1].starts_with("INP-521 <Obj>"), "{problems:?}");
}
