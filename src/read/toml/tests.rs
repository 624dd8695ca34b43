//! Tests of the TOML tree and of taking tables apart.

use proptest::prelude::*;

use super::*;
use crate::finding::Severity;

const KIND: ProblemKind = ProblemKind::RejectedRule;

fn table(text: &str) -> Table<'_> {
    read(text, SourceId(0), KIND).unwrap_or_else(|problems| panic!("{text:?} is valid: {problems:?}"))
}

/// Each problem as `span text: message`.
fn told(text: &str, problems: &[Problem]) -> Vec<String> {
    assert!(problems.iter().all(|it| it.kind == KIND));
    problems.iter().map(|it| format!("{:?}: {}", &text[it.span.range()], it.message)).collect()
}

fn syntax(text: &str) -> Vec<String> {
    told(text, &read(text, SourceId(0), KIND).unwrap_err())
}

fn scalar<'a, 't>(table: &'a Table<'t>, key: &str) -> &'a Scalar<'t> {
    match &table.get(key).unwrap().value {
        Value::Text(text) | Value::Date(text) => text,
        other => panic!("{key} is {}", other.kind()),
    }
}

#[test]
fn every_kind_of_value_is_read() {
    let text = "a = 'x'\nb = 0x1f\nc = 1_000.5\nd = true\ne = 1979-05-27\nf = [1, 'y']\ng = { h = 2 }\n";
    let it = table(text);
    assert_eq!(it.entries.iter().map(|it| &*it.key.text).collect::<String>(), "abcdefg");
    let kinds: Vec<&str> = it.entries.iter().map(|it| it.node.value.kind()).collect();
    assert_eq!(kinds, ["a text", "an integer", "a fraction", "a boolean", "a date", "a list", "a table"]);
    assert_eq!(it.get("b").unwrap().value, Value::Integer(31));
    assert_eq!(it.get("c").unwrap().value, Value::Float(1000.5));
    assert_eq!(scalar(&it, "e").text, "1979-05-27");
    let spans: Vec<&str> = it.entries.iter().map(|it| &text[it.node.span.range()]).collect();
    assert_eq!(spans, ["'x'", "0x1f", "1_000.5", "true", "1979-05-27", "[1, 'y']", "{ h = 2 }"]);
}

#[test]
fn strings_are_verbatim_where_their_text_is_the_text_between_the_quotes() {
    let text = "a = \"plain ü\"\nb = '\\d'\nc = '''\nx\ny'''\nd = \"\"\"\r\nx\r\ny\"\"\"\ne = ''\nf = ''''''\n";
    let it = table(text);
    for (key, wanted) in [("a", "plain ü"), ("b", "\\d"), ("c", "x\ny"), ("d", "x\r\ny"), ("e", ""), ("f", "")] {
        let value = scalar(&it, key);
        assert!(value.verbatim, "{key}");
        assert_eq!((&*value.text, &text[value.span.range()]), (wanted, wanted), "{key}");
    }
}

#[test]
fn escaped_strings_have_the_span_of_their_literal() {
    let text = "a = \"\\\\a\"\nb = \"x\\ty\"\nc = \"\"\"x \\\n  y\"\"\"\n\"d\\u0065\" = 1\n";
    let it = table(text);
    for (key, wanted, literal) in
        [("a", "\\a", "\"\\\\a\""), ("b", "x\ty", "\"x\\ty\""), ("c", "x y", "\"\"\"x \\\n  y\"\"\"")]
    {
        let value = scalar(&it, key);
        assert!(!value.verbatim, "{key}");
        assert_eq!((&*value.text, &text[value.span.range()]), (wanted, literal), "{key}");
    }
    let key = &it.entries[3].key;
    assert_eq!((&*key.text, key.verbatim, &text[key.span.range()]), ("de", false, "\"d\\u0065\""));
}

#[test]
fn entries_keep_the_order_of_the_file_and_keys_their_places() {
    let text = "z = 1\n'q k' = 2\na.b = 3\n[y]\nm = 1\nc = 2\n[b.x]\n";
    let it = table(text);
    let keys: Vec<&str> = it.entries.iter().map(|it| &text[it.key.span.range()]).collect();
    assert_eq!(keys, ["z", "q k", "a", "y", "b"]);
    let Value::Table(inner) = &it.get("y").unwrap().value else { panic!("a table") };
    assert_eq!(inner.entries.iter().map(|it| &*it.key.text).collect::<String>(), "mc");
}

#[test]
fn a_table_has_the_head_that_stands_for_it() {
    let text = "name = 'x'\n[[when]]\na = 1\n[[when]]\nb = 2\n[inline]\nt = { u = 1 }\n";
    let it = table(text);
    assert_eq!(&text[it.head.range()], "name");
    let Value::List(items) = &it.get("when").unwrap().value else { panic!("a list") };
    let heads = items.iter().map(|it| it.span.start).collect::<Vec<_>>();
    assert_eq!(heads, [11, 26]);
    let Value::Table(inline) = &it.get("inline").unwrap().value else { panic!("a table") };
    assert_eq!(&text[inline.head.range()], "[inline]");
    assert_eq!(&text[inline.get("t").unwrap().span.range()], "{ u = 1 }");
    assert_eq!(table("").head, Span::file(SourceId(0)));
}

#[test]
fn syntax_errors_have_their_place_and_do_not_cascade() {
    assert_eq!(syntax("a = 1\na = 2\n[b]\n[b]\n"), ["\"a\": duplicate key", "\"b\": duplicate key"]);
    assert_eq!(syntax("a = error\n"), ["\"error\": string values must be quoted, expected literal string"]);
    assert_eq!(syntax("a = \"abc\nb = 1\n"), ["\"\": invalid basic string, expected `\"`"]);
    assert_eq!(syntax("ü = 1\n").len(), 1);
    assert_eq!(syntax(&"x y\n".repeat(500)).len(), MAX_ERRORS);
}

#[test]
fn what_does_not_fit_is_refused() {
    assert_eq!(
        syntax("a = 9223372036854775808\n"),
        ["\"9223372036854775808\": this integer does not fit into 64 bits"]
    );
    assert_eq!(table("a = -9223372036854775808").get("a").unwrap().value, Value::Integer(i64::MIN));
    let nested = |levels: usize| format!("a = {}1{}\n", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(table(&nested(MAX_DEPTH)).entries.len(), 1);
    for levels in [MAX_DEPTH + 1, 40] {
        assert_eq!(syntax(&nested(levels)).len(), 1);
    }
    for parts in [MAX_PARTS + 1, 79, 100_000] {
        assert_eq!(
            syntax(&format!("{} = 1\n", vec!["a"; parts].join("."))),
            ["\".\": this key has more than 16 parts"]
        );
    }
    let dotted = ["a"; MAX_PARTS].join(" . ");
    assert_eq!(table(&format!("{dotted} = 1\nb = '{dotted}. {dotted}'\n")).entries.len(), 2);
    let deepest = format!("[{dotted}]\n{}x = 1{}\n", format!("{dotted} = {{").repeat(78), "}".repeat(78));
    assert_eq!(syntax(&deepest).len(), 1);
}

#[test]
fn fields_are_taken_by_type() {
    let text = "name = 'n'\nsince = 3\nsilent = true\nseverity = 'info'\nwords = ['a', 'b']\n[t]\n[[when]]\n[[when]]\n";
    let mut fields = Fields::new(table(text), KIND);
    fields.require(&["name", "severity"]);
    assert_eq!(fields.text("name").unwrap().text, "n");
    assert_eq!(fields.integer("since").unwrap().0, 3);
    assert!(fields.boolean("silent").unwrap().0);
    let (severity, span) = fields.word("severity", &Severity::WORDS).unwrap();
    assert_eq!((severity, &text[span.range()]), (Severity::Info, "info"));
    assert_eq!(fields.texts("words").unwrap().iter().map(|it| &*it.text).collect::<String>(), "ab");
    assert!(fields.table("t").is_some());
    assert_eq!(fields.tables("when").len(), 2);
    assert_eq!((fields.text("help"), fields.tables("any").len()), (None, 0));
    assert_eq!(fields.finish(), []);
}

#[test]
fn wrong_types_are_reported_at_the_value() {
    let text = "a = true\nb = 'x'\nc = 1\nd = [1, 'x']\ne = [2]\nf = { }\n";
    let mut fields = Fields::new(table(text), KIND);
    assert_eq!((fields.text("a"), fields.boolean("b"), fields.texts("c")), (None, None, None));
    assert_eq!(fields.texts("d").unwrap().len(), 1);
    assert!(fields.tables("e").is_empty());
    assert_eq!(fields.integer("f"), None);
    let wanted = [
        "\"true\": a text is wanted here, this is a boolean",
        "\"'x'\": a boolean is wanted here, this is a text",
        "\"1\": a list of texts is wanted here, this is an integer",
        "\"1\": a text is wanted here, this is an integer",
        "\"2\": a table is wanted here, this is an integer",
        "\"{ }\": an integer is wanted here, this is a table",
    ];
    assert_eq!(told(text, &fields.finish()), wanted);
}

#[test]
fn missing_keys_are_reported_at_the_head_of_the_table() {
    let text = "x = 1\n[[when]]\nis = 1\n";
    let mut fields = Fields::new(table(text), KIND);
    fields.require(&["x", "name"]);
    assert!(fields.take("x").is_some());
    for inner in fields.tables("when") {
        let mut inner = Fields::new(inner, KIND);
        inner.require(&["ask"]);
        assert!(inner.take("is").is_some());
        fields.absorb(inner.finish());
    }
    assert_eq!(
        told(text, &fields.finish()),
        ["\"x\": the key `name` is missing", "\"[[when]]\": the key `ask` is missing"]
    );
}

#[test]
fn unknown_keys_and_words_come_with_the_nearest_right_one() {
    let text = "severty = 'error'\ncolour = 1\nconfidence = 'hihg'\nevent = 'never'\n";
    let mut fields = Fields::new(table(text), KIND);
    assert_eq!(fields.text("severity"), None);
    assert_eq!(fields.word("confidence", &[("high", 1), ("low", 2)]), None);
    assert_eq!(fields.word("event", &[("high", 1), ("low", 2)]), None);
    let wanted = [
        "\"severty\": unknown key `severty`; did you mean `severity`?",
        "\"colour\": unknown key `colour`; there are `confidence`, `event`, `severity`",
        "\"hihg\": `hihg` is none of `high`, `low`; did you mean `high`?",
        "\"never\": `never` is none of `high`, `low`",
    ];
    assert_eq!(told(text, &fields.finish()), wanted);
}

#[test]
fn free_keys_can_be_taken_as_they_come() {
    let mut fields = Fields::new(table("CAS1 = 'a'\nsite = 'x'\nCAS2 = 'b'\n"), KIND);
    assert!(fields.text("site").is_some());
    let others = fields.others();
    assert_eq!(others.iter().map(|it| &*it.key.text).collect::<Vec<_>>(), ["CAS1", "CAS2"]);
    assert_eq!(fields.finish(), []);
}

#[test]
fn nearest_is_near() {
    let words = ["severity", "summary", "since", "is"];
    for (word, wanted) in [
        ("severty", Some("severity")),
        ("sevreity", Some("severity")),
        ("SEVERITY", Some("severity")),
        ("sumary", Some("summary")),
        ("si", Some("is")),
        ("in", Some("is")),
        ("colour", None),
        ("", None),
    ] {
        assert_eq!(nearest(word, words), wanted, "{word}");
    }
    assert_eq!(nearest(&"s".repeat(1 << 20), words), None);
}

/// Checks every span below `node`: in bounds, on character boundaries, and true where it is verbatim.
fn check(text: &str, node: &Node<'_>) {
    assert!(text.get(node.span.range()).is_some());
    match &node.value {
        Value::Text(it) | Value::Date(it) => check_scalar(text, it),
        Value::List(items) => items.iter().for_each(|it| check(text, it)),
        Value::Table(it) => check_table(text, it),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => {}
    }
}

fn check_scalar(text: &str, scalar: &Scalar<'_>) {
    let slice = text.get(scalar.span.range()).unwrap();
    assert!(!scalar.verbatim || slice == scalar.text);
}

fn check_table(text: &str, table: &Table<'_>) {
    assert!(text.get(table.head.range()).is_some());
    for entry in &table.entries {
        check_scalar(text, &entry.key);
        check(text, &entry.node);
    }
}

fn check_any(text: &str) {
    match read(text, SourceId(0), KIND) {
        Ok(table) => check_table(text, &table),
        Err(problems) => {
            assert!(!problems.is_empty());
            assert!(problems.iter().all(|it| text.get(it.span.range()).is_some()));
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        check_any(&text);
    }

    #[test]
    fn pieces_of_toml_are_read_with_true_spans(pieces in prop::collection::vec(prop::sample::select(vec![
        "a", "b.c", "\"q\\n\"", "'ü'", " = ", "=", "\n", "\r\n", "[", "]", "[[", "]]", "{", "}", ",", "1", "0x", "-",
        "true", "\"", "'", "\"\"\"", "'''", "\\", "#", "1979-05-27", "\u{feff}", "\u{0}", ".", "a = 'x'\n", "[t]\n",
    ]), 0..40)) {
        check_any(&pieces.concat());
    }

    #[test]
    fn a_text_comes_back_as_it_was_quoted(text in "[^\\x00-\\x1f\\x7f'\\\\]*") {
        let file = format!("a = '{text}'\n");
        let it = table(&file);
        prop_assert!(scalar(&it, "a").verbatim);
        prop_assert_eq!(&*scalar(&it, "a").text, text.as_str());
    }
}
