//! Tests of the ConvertTo-Xml reader: texts, lists, records, and what was lost when the file was written.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::read::xml;
use crate::text::span::SourceId;

fn read_all(text: &str) -> (Exports<'_>, Vec<String>) {
    let (document, faults) = xml::read(text, SourceId(0));
    let (exports, problems) = read(&document, text);
    let problems = faults.into_iter().chain(problems);
    let said = problems.map(|it| format!("{} {}: {}", it.kind.row().id, &text[it.span.range()], it.message));
    let said = said.collect();
    (exports, said)
}

/// What the one property of the one object says, with the text at its place, and the problems.
fn property(value: &str) -> (String, String, Vec<String>) {
    let text = format!("<Objects>\n  <Object Type=\"A.B\">\n    {value}\n  </Object>\n</Objects>");
    let (exports, problems) = read_all(&text);
    let [object] = &exports.objects[..] else { panic!("{value}: {problems:?}") };
    assert_eq!(object.type_name(), Some("B"));
    let [property] = &object.properties[..] else { panic!("{value}: {:?}", object.properties) };
    let word = match &property.value {
        Value::Empty(_) => "empty".to_owned(),
        Value::Unreadable(_) => "unreadable".to_owned(),
        Value::Text(text) => format!("text {}", text.text),
        Value::Number(number) => format!("number {}", number.text),
        Value::List(list) => format!("list{} {}", if list.truncated { " cut" } else { "" }, list.text.text),
        Value::Record(record) => {
            let fields = record.fields.iter().map(|(name, value)| format!(" {}={}", name.text, value.text));
            format!("record{}", fields.collect::<String>())
        }
    };
    (word, text[property.value.span().range()].to_owned(), problems)
}

#[test]
fn a_property_is_a_text_a_list_or_a_record() {
    const METHOD: &str = "<Property Type=\"A.AuthenticationMethod\">";
    for (value, word, place) in [
        ("<Property Name=\"a\" Type=\"System.Uri\">https://x/owa</Property>".to_owned(), "text https://x/owa", "https://x/owa"),
        ("<Property Name=\"a\">_x0041_ &amp;</Property>".to_owned(), "text _x0041_ &", "_x0041_ &amp;"),
        ("<Property Name=\"a\" Type=\"System.Boolean\">True</Property>".to_owned(), "text True", "True"),
        ("<Property Name=\"a\" Type=\"System.Int32\">4</Property>".to_owned(), "number 4", "4"),
        ("<Property Name=\"a\">4</Property>".to_owned(), "text 4", "4"),
        ("<Property Name=\"a\" Type=\"System.Object\" />".to_owned(), "empty", "<Property Name=\"a\" Type=\"System.Object\" />"),
        ("<Property Name=\"a\"></Property>".to_owned(), "empty", "<Property Name=\"a\"></Property>"),
        ("<Property Name=\"a\">Basic Fba</Property>".to_owned(), "text Basic Fba", "Basic Fba"),
        ("<Property Name=\"a\">System.Object[]</Property>".to_owned(), "unreadable", "<Property Name=\"a\">"),
        (
            format!("<Property Name=\"a\">\n  {METHOD}Basic</Property>\n  {METHOD} Fba </Property>\n</Property>"),
            "list {Basic, Fba}",
            "Basic</Property>\n  <Property Type=\"A.AuthenticationMethod\"> Fba",
        ),
        (
            "<Property Name=\"a\"><Property>x</Property><Property><Property>y</Property></Property></Property>".to_owned(),
            "list cut {x}",
            "x",
        ),
        (
            "<Property Name=\"a\"><Property Name=\"Major\">15</Property><!-- c --><Property Name=\"Minor\">1</Property></Property>".to_owned(),
            "record Major=15 Minor=1",
            "<Property Name=\"a\">",
        ),
        (
            "<Property Name=\"a\"><Property Name=\"Key\">k</Property><Property Name=\"Value\">v</Property>\
             <Property Name=\"Key\">l</Property><Property Name=\"Value\">w</Property></Property>"
                .to_owned(),
            "record k=v l=w",
            "<Property Name=\"a\">",
        ),
    ] {
        assert_eq!(property(&value), (word.to_owned(), place.to_owned(), Vec::new()), "{value}");
    }
}

#[test]
fn what_is_not_written_so_is_told() {
    for (value, problem) in [
        (
            "<Property Name=\"a\"><Property Name=\"b\">x</Property><Property>y</Property></Property>",
            "INP-528 <Property Name=\"a\">: some parts of this value have names, and some have none",
        ),
        (
            "<Property Name=\"a\">text<Property>y</Property></Property>",
            "INP-528 <Property Name=\"a\">: some parts of this value have names, and some have none",
        ),
        ("<Property Name=\"a\"><b /></Property>", "INP-528 b: `b` stands inside a property"),
    ] {
        assert_eq!(
            property(value),
            ("unreadable".to_owned(), "<Property Name=\"a\">".to_owned(), vec![problem.to_owned()])
        );
    }
    let text = "<Objects><Object><Property Name=\"a\">1</Property><Property>2</Property></Object></Objects>";
    assert_eq!(read_all(text).1, ["INP-528 Property: `Property` stands between the properties of an object"]);
}

#[test]
fn lists_of_objects_are_opened() {
    let object = |name: &str| format!("<Property Name=\"Name\">{name}</Property>");
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<Objects>\r\n<Object>{}</Object>\r\n<Object Type=\"System.Object[]\">\
         <Property>{}</Property><Property>{}</Property></Object><Object /><Object Type=\"System.Management.Automation.ErrorRecord\" /></Objects>",
        object("a"),
        object("b"),
        object("c"),
    );
    let (exports, problems) = read_all(&text);
    assert_eq!(problems, Vec::<String>::new());
    assert!(exports.inner_types.is_empty());
    let counts: Vec<usize> = exports.objects.iter().map(|it| it.properties.len()).collect();
    assert_eq!(counts, [1, 1, 1, 0]);
    assert_eq!(exports.errors.len(), 1);
}

#[test]
fn types_of_values_are_told() {
    let text = "<Objects><Object Type=\"A.B\"><Property Name=\"a\" Type=\"A.C\">x</Property>\
                <Property Name=\"b\" Type=\"A.C\">y</Property></Object></Objects>";
    let (exports, _) = read_all(text);
    assert_eq!(exports.inner_types.iter().map(|it| &*it.text).collect::<Vec<_>>(), ["A.C"]);
}

proptest! {
    #[test]
    fn any_elements_are_read_without_a_panic(pieces in prop::collection::vec(prop::sample::select(vec![
        "<Objects>", "</Objects>", "<Object Type=\"A.B\">", "<Object />", "</Object>", "<Property>", "</Property>",
        "<Property Name=\"a\">", "<Property Name=\"Key\">", "<Property Name=\"Value\" Type=\"System.Int32\">", "x", " é ",
        "<Property />", "<What>", "</What>", "<!-- c -->",
    ]), 0..24)) {
        read_all(&pieces.concat());
        read_all(&format!("<Objects>{}", pieces.concat()));
    }
}

#[test]
fn hostile_input_takes_linear_time() {
    const COUNT: usize = 8000;
    let started = Instant::now();
    let named =
        (0..COUNT).map(|index| format!("<Property Name=\"p{index}\">x</Property>")).collect::<Vec<_>>().concat();
    let entries = "<Property Name=\"Key\">k</Property><Property Name=\"Value\">v</Property>".repeat(COUNT);
    let nameless = "<Property>x</Property>".repeat(COUNT);
    for inside in [
        named.clone(),
        "<Property Name=\"p\">x</Property>".repeat(COUNT),
        format!("<Property Name=\"a\">{named}</Property>"),
        format!("<Property Name=\"a\">{nameless}</Property>"),
        format!("<Property Name=\"a\">{entries}</Property>"),
        nameless,
        "<What />".repeat(COUNT),
    ] {
        read_all(&format!("<Objects><Object>{inside}</Object></Objects>"));
        read_all(&format!("<Objects><Object>{inside}"));
    }
    // All of this takes a few seconds without optimisation; a single read in quadratic time would take minutes.
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}

#[test]
fn no_part_of_an_export_says_what_the_whole_does_not() {
    let text = "<Objects><Object><Property Name=\"a\"><Property>x</Property><Property>y</Property></Property>\
                <Property Name=\"b\">é</Property></Object><Object><Property Name=\"a\">z</Property></Object></Objects>";
    let values = |text: &str| -> Vec<Vec<String>> {
        let (exports, _) = read_all(text);
        let said = |object: &Object<'_>| object.properties.iter().map(|it| format!("{:?}", it.value)).collect();
        exports.objects.iter().map(said).collect()
    };
    let whole = values(text);
    assert_eq!(whole.len(), 2);
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        let part = values(&text[..end]);
        assert!(
            part.len() <= whole.len() && part.iter().zip(&whole).all(|(part, whole)| part == whole),
            "cut at {end}"
        );
    }
}
