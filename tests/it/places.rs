//! Places: every location in every document is the text of its file.

use serde_json::Value;

use crate::scratch::Linted;

/// Checks every location of the report, the paths and the facts.
pub(crate) fn check_places(linted: &Linted) {
    let documents = [
        serde_json::to_value(&linted.report).unwrap(),
        serde_json::to_value(&linted.paths).unwrap(),
        serde_json::to_value(&linted.facts).unwrap(),
    ];
    for document in documents {
        let mut pending = vec![&document];
        while let Some(value) = pending.pop() {
            match value {
                Value::Array(items) => pending.extend(items),
                Value::Object(fields) => {
                    if fields.contains_key("start") && fields.contains_key("text") {
                        check_place(linted, value);
                    }
                    pending.extend(fields.values());
                }
                _ => {}
            }
        }
    }
}

/// Cuts the location out of the text by its own means: lines by hand, columns by characters.
fn check_place(linted: &Linted, place: &Value) {
    let path = place["path"].as_str().unwrap();
    let (_, source) = linted.sources.iter().find(|(_, source)| source.path() == path).unwrap();
    let lines = lines(source.text());
    let at = |end: &str| {
        let number = |key: &str| usize::try_from(place[end][key].as_u64().unwrap()).unwrap();
        (number("line") - 1, number("column") - 1)
    };
    let ((first, from), (last, to)) = (at("start"), at("end"));
    let cut = |line: usize, range: std::ops::Range<usize>| -> String {
        lines[line].chars().skip(range.start).take(range.end - range.start).collect()
    };
    let text = if first == last {
        cut(first, from..to)
    } else {
        let middle: String = lines[first + 1..last].concat();
        cut(first, from..usize::MAX) + &middle + &cut(last, 0..to)
    };
    assert_eq!(place["text"].as_str().unwrap(), text, "{path} {place}");
}

fn lines(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let line = lines.last_mut().unwrap();
        line.push(character);
        if character == '\n' || (character == '\r' && characters.peek() != Some(&'\n')) {
            lines.push(String::new());
        }
    }
    lines
}
