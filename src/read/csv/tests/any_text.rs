//! What holds for any CSV: it is read without panic and in linear time, places are true, and values come back.

use proptest::prelude::*;

use super::{NAMES, SOURCE};
use crate::read::csv::{head, read};
use crate::read::object::{Object, Value};
use crate::read::problem::Problem;

/// Which values a writer puts into quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// All but null, as Windows PowerShell does.
    Always,
    /// Those with a delimiter, a line feed or a quote.
    AsNeeded,
}

fn write_cell(value: Option<&str>, delimiter: char, quotes: Quotes) -> String {
    match value {
        None => String::new(),
        Some(value) if quotes == Quotes::AsNeeded && !value.contains([delimiter, '\n', '"']) => value.to_owned(),
        Some(value) => format!("\"{}\"", value.replace('"', "\"\"")),
    }
}

fn write_file(rows: &[Vec<Option<String>>], delimiter: char, quotes: Quotes) -> String {
    let line = |cells: Vec<Option<&str>>| {
        let cells: Vec<String> = cells.iter().map(|it| write_cell(*it, delimiter, quotes)).collect();
        cells.join(&delimiter.to_string()) + "\r\n"
    };
    let mut text = line(vec![Some("Server"), Some("InternalUrl"), Some("Site")]);
    for row in rows {
        text += &line(row.iter().map(Option::as_deref).collect());
    }
    text
}

fn check(text: &str, objects: &[Object<'_>], problems: &[Problem]) {
    for object in objects {
        assert!(text.get(object.span.range()).is_some());
        for property in &object.properties {
            let name = text.get(property.name.span.range()).expect("a place");
            assert!(!property.name.verbatim || name == property.name.text);
            let written = text.get(property.value.span().range()).expect("a place");
            assert!(object.span.contains(property.value.span()));
            if let Value::Text(value) = &property.value {
                assert!(!value.verbatim || written == value.text);
            }
        }
    }
    assert!(problems.iter().all(|it| text.get(it.span.range()).is_some()));
}

fn check_any(text: &str) {
    if let Ok(Some(head)) = head(text, SOURCE, &NAMES) {
        let (objects, problems) = read(text, SOURCE, head, &NAMES);
        check(text, &objects, &problems);
    }
}

fn said(value: &Value<'_>) -> String {
    match value {
        Value::Empty(_) => String::new(),
        Value::Text(text) => text.text.to_string(),
        other => format!("{other:?}"),
    }
}

fn cell(quotes: Quotes) -> BoxedStrategy<Option<String>> {
    // Without quotes a bare `\r` ends a row and blanks at the ends are lost, which is so in PowerShell too.
    let text = match quotes {
        Quotes::Always => "[a-zé😀 ,;|\t\"\r\n/:]{1,12}",
        Quotes::AsNeeded => "[a-zé😀,;|\"/:\n]{1,5}( [a-z,\"\n]{1,5})?",
    };
    prop_oneof![1 => Just(None), 1 => Just(Some("x".to_owned())), 6 => text.prop_map(Some)].boxed()
}

fn file() -> impl Strategy<Value = (Vec<Vec<Option<String>>>, char, Quotes)> {
    let delimiters = prop::sample::select(vec![',', ';', '\t', '|', '^', '§']);
    let quotes = prop::sample::select(vec![Quotes::Always, Quotes::AsNeeded]);
    (delimiters, quotes).prop_flat_map(|(delimiter, quotes)| {
        let row = prop::collection::vec(cell(quotes), 3);
        (prop::collection::vec(row, 1..4), Just(delimiter), Just(quotes))
    })
}

/// Pieces that CSV is made of.
const PIECES: &[&str] = &[
    ",",
    ";",
    "\t",
    "|",
    "\"",
    "\"\"",
    "\n",
    "\r",
    "\r\n",
    " ",
    "#TYPE a.b",
    "#Fields:",
    "Server",
    "InternalUrl",
    "\"Server\",\"InternalUrl\"\n",
    "x",
    "ü",
    "😀",
    "\0",
    "System.Object[]",
    "?",
];

proptest! {
    #[test]
    fn values_come_back_with_every_delimiter((rows, delimiter, quotes) in file()) {
        let text = write_file(&rows, delimiter, quotes);
        let found = head(&text, SOURCE, &NAMES).expect("no fault").expect("a head");
        let (objects, problems) = read(&text, SOURCE, found, &NAMES);
        check(&text, &objects, &problems);
        prop_assert!(problems.is_empty(), "{:?}", problems);
        prop_assert_eq!(objects.len(), rows.len());
        for (object, row) in objects.iter().zip(&rows) {
            let values: Vec<String> = object.properties.iter().map(|it| said(&it.value)).collect();
            let wanted: Vec<String> = row.iter().map(|it| it.clone().unwrap_or_default()).collect();
            prop_assert_eq!(values, wanted, "{:?}", text);
        }
    }

    #[test]
    fn a_part_of_a_file_invents_no_value((rows, delimiter, quotes) in file(), part in 0..1000_usize) {
        let text = write_file(&rows, delimiter, quotes);
        let mut end = text.len() * part / 1000;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        // Half of a doubled quote looks like the end of a value.
        let cut = text[..end].trim_end_matches('"');
        check_any(cut);
        let whole = head(&text, SOURCE, &NAMES).expect("no fault").expect("a head");
        let (whole, _) = read(&text, SOURCE, whole, &NAMES);
        let Ok(Some(found)) = head(cut, SOURCE, &NAMES) else { return Ok(()) };
        if found.columns.len() < 3 {
            return Ok(());
        }
        let (objects, _) = read(cut, SOURCE, found, &NAMES);
        for (object, whole) in objects.iter().zip(&whole) {
            for (property, whole) in object.properties.iter().zip(&whole.properties) {
                let same = said(&property.value) == said(&whole.value);
                prop_assert!(same || matches!(property.value, Value::Unreadable(_)), "{:?} {:?}", cut, property);
            }
        }
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        check_any(&text);
        check_any(&format!("Server,InternalUrl\n{text}"));
    }

    #[test]
    fn any_mixture_of_pieces_is_read(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        check_any(&pieces.concat());
        check_any(&format!("\"Server\";\"InternalUrl\"\r{}", pieces.concat()));
    }
}

#[test]
fn hostile_files_are_read_in_linear_time() {
    // Anything quadratic would take minutes here.
    let many = 200_000;
    let top = "Server,InternalUrl\n";
    for text in [
        format!("{top}{}", "\"".repeat(many)),
        format!("{top}{}", "\"\n".repeat(many)),
        format!("{top}\"{}", "\n".repeat(many)),
        format!("{top}{}", ",".repeat(many)),
        format!("{top}{}", ",\n".repeat(many)),
        format!("{top}{}", "a,b,c\n".repeat(many)),
        format!("{top}{}", "#TYPE x\n".repeat(many)),
        top.repeat(many),
        format!("{top}{}", "\"a\"b,\"System.Object[]\"\n".repeat(many)),
        "#x\n".repeat(many) + top,
        "\n".repeat(many) + top,
        format!("{}\na", "Server,InternalUrl,".repeat(many)),
        format!("Server,InternalUrl{}\na", ",x".repeat(many)),
        (' '..'\u{3000}').collect::<String>().repeat(10),
        "\"".repeat(many),
        ",\"".repeat(many),
    ] {
        check_any(&text);
    }
}
