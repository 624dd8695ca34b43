//! JSON as PowerShell writes it, as people change it, and as it breaks.

mod any_text;

use super::{claims, is_void, read};
use crate::read::object::{Object, Value};
use crate::read::problem::{Problem, ProblemKind};
use crate::text::span::SourceId;

const SOURCE: SourceId = SourceId(0);
const TELLING: [&str; 2] = ["InternalUrl", "OwaVersion"];

fn objects(text: &str) -> Vec<Object<'_>> {
    let (objects, problems) = read(text, SOURCE, &TELLING);
    assert!(problems.is_empty(), "{text}: {problems:?}");
    objects
}

fn problems(text: &str) -> Vec<Problem> {
    read(text, SOURCE, &TELLING).1
}

/// The only problem: its kind and the text it is pinned to.
fn problem(text: &str) -> (ProblemKind, &str) {
    let problems = problems(text);
    assert_eq!(problems.len(), 1, "{text}: {problems:?}");
    (problems[0].kind, &text[problems[0].span.range()])
}

/// A value in words, and what was written at its place.
fn shown(text: &str, value: &Value<'_>) -> String {
    let items = |items: &[crate::read::object::Item<'_>]| {
        let item =
            |it: &crate::read::object::Item<'_>| format!("{}{}", it.text.text, if it.is_number { "#" } else { "" });
        items.iter().map(item).collect::<Vec<_>>().join(",")
    };
    let place = &text[value.span().range()];
    match value {
        Value::Empty(_) => format!("empty at {place}"),
        Value::Text(it) if it.verbatim => format!("text {}", it.text),
        Value::Text(it) => format!("text {} at {place}", it.text),
        Value::Number(it) => format!("number {}", it.text),
        Value::List(it) => format!("list {}{}", items(&it.items), if it.truncated { " and others" } else { "" }),
        Value::Record(it) => {
            let field = |(name, value): &(crate::text::scalar::Scalar<'_>, crate::text::scalar::Scalar<'_>)| {
                format!("{}={}", name.text, value.text)
            };
            format!("record {}", it.fields.iter().map(field).collect::<Vec<_>>().join(" "))
        }
        Value::Unreadable(_) => format!("unreadable at {place}"),
    }
}

/// What the value of a property says, whatever problems it has.
fn value(json: &str) -> String {
    let text = format!("{{\"P\": {json}}}");
    let (objects, _) = read(&text, SOURCE, &TELLING);
    shown(&text, &objects[0].properties[0].value)
}

#[test]
fn values_of_both_powershells_are_read() {
    for (json, wanted) in [
        ("null", "empty at null"),
        (r#""""#, "empty at "),
        (r#""https://cas1/owa""#, "text https://cas1/owa"),
        ("true", "text True at true"),
        ("false", "text False at false"),
        (r#""True""#, "text True"),
        ("4", "number 4"),
        ("18446744073709551616123", "number 18446744073709551616123"),
        ("-1.5e+3", "number -1.5e+3"),
        ("[]", "list "),
        ("[0, 3]", "list 0#,3#"),
        (r#"["Basic","Fba"]"#, "list Basic,Fba"),
        (r#"[{"value":"Basic","x":1},{"value":3}]"#, "list Basic,3#"),
        (r#"{"value":[0,3],"Count":2}"#, "list 0#,3#"),
        (r#"{"value":[0,3],"Count":3}"#, "list 0#,3# and others"),
        (r#"{"value":["a"]}"#, "list a"),
        (r#"[{"Name":"x"},"a",null,["b"]]"#, "list a and others"),
        (r#"["a","System.Object[]"]"#, "list a and others"),
        (r#""Basic Fba""#, "text Basic Fba"),
        (r#"{"value":"https://cas1/owa","Note":"x"}"#, "text https://cas1/owa"),
        (r#"{"value":3,"Value":"Fba"}"#, "number 3"),
        (r#"{"value":null}"#, "empty at null"),
        (
            r#"{"AbsoluteUri":"http://x/","Port":80,"IsFile":false,"Segments":["/"]}"#,
            "record AbsoluteUri=http://x/ Port=80 IsFile=False",
        ),
        (r#"{"Name":"CAS1","Parent":{"Name":"Servers"},"Rdn":null}"#, "record Name=CAS1"),
        (r#"{"Name":"@{a=b}","x":1}"#, "record x=1"),
        ("{}", "record "),
        (r#""\/Date(1700000000000)\/""#, r"text /Date(1700000000000)/ at \/Date(1700000000000)\/"),
        (r#""2024-01-31T09:30:00+01:00""#, "text 2024-01-31T09:30:00+01:00"),
        (r#""a\u003cb\"c\\d\u0027""#, r#"text a<b"c\d' at a\u003cb\"c\\d\u0027"#),
        (r#""\uD83D\ude00!""#, r"text 😀! at \uD83D\ude00!"),
        (r#""\n\t\b\f\r\/""#, "text \n\t\u{8}\u{c}\r/ at \\n\\t\\b\\f\\r\\/"),
        (r#""@{Name=owa; Id=1}""#, "unreadable at @{Name=owa; Id=1}"),
        (r#""System.String[]""#, "unreadable at System.String[]"),
        (
            r#""Microsoft.Exchange.Data.MultiValuedProperty`1[System.String]""#,
            "unreadable at Microsoft.Exchange.Data.MultiValuedProperty`1[System.String]",
        ),
        (r#""\ud83d""#, r"unreadable at \ud83d"),
        (r#""\ude00\ud83d""#, r"unreadable at \ude00\ud83d"),
        (r#""\ud83dx""#, r"unreadable at \ud83dx"),
        (r#"{"value":"a","value":"b"}"#, r#"unreadable at {"value":"a","value":"b"}"#),
        (r#"{"Name":"a","name":"b"}"#, r#"unreadable at {"Name":"a","name":"b"}"#),
        (r#"{"Name":"a","name":"a"}"#, "record Name=a"),
    ] {
        // The place of an unreadable text may be the text or the whole of what was written.
        let found = value(json);
        assert!(found == wanted || found == wanted.replacen("at ", "at \"", 1) + "\"", "{json}: {found}");
    }
}

#[test]
fn objects_are_found_wherever_powershell_puts_them() {
    let names = |text: &str| -> Vec<String> {
        let found = objects(text);
        found.iter().map(|it| shown(text, &it.properties[0].value)).collect()
    };
    for (text, wanted) in [
        (r#"{"Name": "a"}"#, vec!["text a"]),
        (
            "[\r\n    {\r\n        \"Name\":  \"a\"\r\n    },\r\n    {\r\n        \"Name\":  \"b\"\r\n    }\r\n]\r\n",
            vec!["text a", "text b"],
        ),
        ("[\n  {\n    \"Name\": \"a\"\n  }\n]\n", vec!["text a"]),
        (r#"[null, {"Name":"a"}, null]"#, vec!["text a"]),
        (r#"[[{"Name":"a"}],[{"Name":"b"},{"Name":"c"}]]"#, vec!["text a", "text b", "text c"]),
        (r#"{"value":[{"Name":"a"},{"Name":"b"}],"Count":2}"#, vec!["text a", "text b"]),
        (r#"[{"value":[{"Name":"a"}],"Count":1},{"Name":"b"}]"#, vec!["text a", "text b"]),
        ("[]", vec![]),
        ("{}", vec![]),
        ("null", vec![]),
    ] {
        assert_eq!(names(text), wanted, "{text}");
    }
    let text = r#" {"Server" : "CAS1", "InternalUrl":"http://x"} "#;
    let object = &objects(text)[0];
    assert_eq!(&text[object.span.range()], r#"Server" : "CAS1", "InternalUrl":"http://x"#);
    assert_eq!(&text[object.properties[1].name.span.range()], "InternalUrl");
}

#[test]
fn what_powershell_does_not_write_is_said_at_its_place() {
    for (text, kind, place) in [
        ("{\"a\":1,}", ProblemKind::JsonEdited, ","),
        ("[{\"a\":1},]", ProblemKind::JsonEdited, ","),
        ("// x\n{\"a\":1}", ProblemKind::JsonEdited, "//"),
        ("[/* x */{\"a\":1}/* y */]", ProblemKind::JsonEdited, "/*"),
        ("{\"a\":1,\"a\":1}", ProblemKind::JsonEdited, "a"),
        ("{\"a\":1,\"A\":1}", ProblemKind::JsonEdited, "A"),
        ("{\"a\":1,\"A\":2}", ProblemKind::JsonKeyTwice, "A"),
        ("{\"a\":{\"x\":1,\"X\":2}}", ProblemKind::JsonKeyTwice, "X"),
        ("{\"a\":\"True\",\"b\":\"false\"}", ProblemKind::JsonTruthAsText, "True"),
        ("{\"a\":1}\n{\"a\":2}\n{\"a\":3}", ProblemKind::ExportsRunTogether, "{"),
        ("{\"a\":\"x\\uD800\"}", ProblemKind::UndecodableText, "\\uD800"),
        ("{\"\\uDC00\":1}", ProblemKind::UndecodableText, "\\uDC00"),
        ("[{\"a\":\"@{x=1}\"},{\"A\":\"@{x=2}\"}]", ProblemKind::ValueLost, "@{x=1}"),
        ("[\"@{InternalUrl=http://x}\"]", ProblemKind::JsonUnreadable, "@{InternalUrl=http://x}"),
        ("[\"CAS1\\\\owa (Default Web Site)\"]", ProblemKind::JsonUnreadable, "CAS1\\\\owa (Default Web Site)"),
        ("{\"value\":[{\"a\":1}],\"Count\":2}", ProblemKind::JsonUnreadable, "2"),
        ("{\"CAS1\":{\"InternalUrl\":\"x\"}}", ProblemKind::JsonWrapped, "InternalUrl"),
        ("{\"b\":[{\"internalurl\":\"x\"}],\"c\":{\"OwaVersion\":1}}", ProblemKind::JsonWrapped, "internalurl"),
        ("[[[{\"InternalUrl\":\"x\"}]]]", ProblemKind::JsonWrapped, "InternalUrl"),
        ("{\"InternalUrl\":\"x\",\"b\":{\"InternalUrl\":\"y\"}}", ProblemKind::JsonWrapped, "InternalUrl"),
    ] {
        assert_eq!(problem(text), (kind, place), "{text}");
    }
}

#[test]
fn duplicate_keys_with_different_values_say_nothing() {
    let text = r#"{"InternalUrl":"https://a","Name":"x","INTERNALURL":"http://b"}"#;
    let (objects, problems) = read(text, SOURCE, &TELLING);
    assert_eq!(problems[0].kind, ProblemKind::JsonKeyTwice);
    assert_eq!(objects[0].properties.len(), 2);
    assert!(matches!(objects[0].properties[0].value, Value::Unreadable(_)));
}

#[test]
fn nothing_behind_a_fault_is_used_and_what_is_complete_before_it_is() {
    let first = r#"{"InternalUrl":"a"}"#;
    for (rest, place) in [
        ("{\"Internal\nUrl\":\"b\"}]", "\"Internal"),
        ("{\"InternalUrl\":\"htt\r\np://b\"}]", "\"htt"),
        ("{\"InternalUrl\":tr\nue}]", "tr"),
        ("{\"InternalUrl\":1\n0}]", "0"),
        ("{\"InternalUrl\":\"b\\\n\"}]", "\\"),
        ("{\"InternalUrl\":\"b\\x\"}]", "\\x"),
        ("{\"InternalUrl\":\"b\\u12\"}]", "\\u"),
        ("{\"InternalUrl\":\"b\tc\"}]", "\t"),
        ("{\"InternalUrl\":NaN}]", "NaN"),
        ("{\"InternalUrl\":01}]", "01"),
        ("{\"InternalUrl\":'b'}]", "'"),
        ("{InternalUrl:\"b\"}]", "I"),
        ("{\"InternalUrl\" \"b\"}]", "\"InternalUrl\""),
        ("{\"InternalUrl\":\"b\" \"c\":1}]", "\""),
        ("{\"InternalUrl\":\"b\"]", "]"),
        ("{\"InternalUrl\":\"b\"", "{"),
        ("{\"InternalUrl\":\"b", "\""),
        ("{\"InternalUrl\":", "{"),
        ("/* {\"InternalUrl\":\"b\"}]", "/*"),
        (",{\"InternalUrl\":\"b\"}]", ","),
        ("{\"InternalUrl\":\"b\"", "{"),
    ] {
        let text = format!("[{first},{rest}");
        let (objects, problems) = read(&text, SOURCE, &TELLING);
        assert_eq!(objects.len(), 1, "{text}");
        assert_eq!(problems.len(), 1, "{text}: {problems:?}");
        let fault = (problems[0].kind, &text[problems[0].span.range()]);
        assert_eq!(fault, (ProblemKind::JsonUnreadable, place), "{text}");
    }
    let text = format!("{first} PS C:\\> exit");
    assert_eq!(problem(&text), (ProblemKind::JsonUnreadable, "PS C:\\> exit"));
}

#[test]
fn deep_nesting_is_a_problem_and_no_danger() {
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(problems(&deep(super::grow::MAX_DEPTH)).is_empty());
    assert_eq!(problem(&deep(super::grow::MAX_DEPTH + 1)), (ProblemKind::JsonUnreadable, "["));
}

#[test]
fn other_texts_are_not_claimed() {
    for text in ["{}", "[ ]", "  [{", "{ \"a\"", "[1", "[null]", "{ // x", "[true, 1]", "[\"a\"]", "[[1]]"] {
        assert!(claims(text), "{text}");
    }
    for text in [
        "",
        "x",
        "[PS] C:\\>Get-OwaVirtualDirectory",
        "[Section]\na=1",
        "{Basic, Fba}",
        "[link](http://x)",
        "{InternalUrl}",
        "\"InternalUrl\"",
        "[nullable]",
        "{1}",
        "[x]",
        "InternalUrl : http://x",
    ] {
        assert!(!claims(text), "{text}");
    }
    assert!(is_void(" [\n] ") && is_void("{}") && is_void("null") && !is_void("[null]") && !is_void(""));
}
