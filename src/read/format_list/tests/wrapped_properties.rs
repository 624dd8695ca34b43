//! Wrapping as the facts state it, written anew for these tests: what it does to any value, reading undoes.

use proptest::prelude::*;

use super::{SourceId, Value, read};

/// How a console breaks lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Culture {
    /// English, French, German, Italian, Portuguese, Spanish.
    Words,
    /// Any other.
    Cells,
}

fn width(character: char) -> usize {
    let wide = ['\u{1100}'..='\u{115f}', '\u{3041}'..='\u{33ff}', '\u{4e00}'..='\u{9fff}', '\u{ac00}'..='\u{d7a3}'];
    if wide.iter().any(|range| range.contains(&character)) { 2 } else { 1 }
}

fn length(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// Steps 1 to 3: pieces at line feeds, carriage returns deleted, each piece wrapped as the culture has it.
fn wrap(value: &str, field: usize, culture: Culture) -> Vec<String> {
    let mut lines = Vec::new();
    for piece in value.replace('\r', "").split('\n') {
        if length(piece) <= field {
            lines.push(piece.to_owned());
        } else if culture == Culture::Cells {
            lines.extend(by_cells(String::new(), piece, field));
        } else {
            lines.extend(by_words(piece, field));
        }
    }
    lines
}

/// Goes on with a line, character by character; one of two cells that does not fit breaks early.
fn by_cells(begun: String, text: &str, field: usize) -> Vec<String> {
    let mut lines = vec![begun];
    for character in text.chars() {
        let line = lines.last_mut().unwrap();
        if length(line) + width(character) > field {
            lines.push(String::new());
        }
        lines.last_mut().unwrap().push(if width(character) > field { '?' } else { character });
    }
    lines
}

/// Steps 4 and 5: words with the blank behind them; what is longer than a whole line goes on where the line stands.
fn by_words(text: &str, field: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut words: Vec<String> = vec![String::new()];
    for character in text.chars() {
        match character {
            ' ' | '\t' => {
                words.last_mut().unwrap().push(character);
                words.push(String::new());
            }
            '\u{ad}' | '\u{a0}' | '\u{2011}' => words.push(String::new()),
            other => words.last_mut().unwrap().push(other),
        }
    }
    for word in words {
        let used = length(lines.last().unwrap());
        if length(&word) > field {
            let begun = lines.pop().unwrap();
            lines.extend(by_cells(begun, &word, field));
        } else if length(&word) > field - used {
            lines.push(word);
        } else {
            lines.last_mut().unwrap().push_str(&word);
        }
    }
    lines
}

fn printed(values: &[(&str, &str)], field: usize, culture: Culture, is_trimmed: bool) -> String {
    let label = values.iter().map(|(name, _)| name.len()).max().unwrap();
    let mut text = String::new();
    for (name, value) in values {
        for (at, line) in wrap(value, field, culture).into_iter().enumerate() {
            let line = if at == 0 { format!("{name:label$} : {line}") } else { format!("{:label$}   {line}", "") };
            text.push_str(if is_trimmed { line.trim_end_matches(' ') } else { &line });
            text.push('\n');
        }
    }
    text + "\n"
}

/// The worked sample of the facts: 65 cells behind a label of 51.
#[test]
fn the_worked_sample_wraps_as_it_did() {
    let value = "{application/vnd.openxmlformats-officedocument.presentationml.presentation, application/vnd.ms-powerpoint, application/x-mspowerpoint}";
    let lines = wrap(value, 65, Culture::Words);
    assert_eq!(lines[0], "{application/vnd.openxmlformats-officedocument.presentationml.pre");
    assert_eq!(lines[1], "sentation, application/vnd.ms-powerpoint, ");
    assert_eq!(wrap("a b", 2, Culture::Words), ["a ", "b"]);
    assert_eq!(wrap("一二", 3, Culture::Cells), ["一", "二"]);
    assert_eq!(wrap("a\u{a0}b\u{2011}c d", 4, Culture::Words), ["abc ", "d"]);
}

const FIELDS: [usize; 7] = [1, 2, 5, 8, 20, 65, 119];

proptest! {
    /// With the blanks that PowerShell printed, plain joining is right for every width and culture.
    #[test]
    fn values_with_their_blanks_come_back(
        value in "[!-z|~]{1,40}( [!-~]{1,40}){0,20}",
        wide in "[一-丅a-z]{1,40}( [一-丅a-z]{1,40}){0,5}",
        at in 0usize..7,
        culture in prop::sample::select(vec![Culture::Words, Culture::Cells]),
    ) {
        let value = untagged(&value);
        let field = FIELDS[at];
        let wide = if field == 1 { "x" } else { &wide };
        compare(&[("Name", &value), ("DisplayName", wide), ("ExternalUrl", ""), ("InternalUrl", "x")], field, culture, false)?;
    }

    /// Without them the width decides; a value of one long word shows it.
    #[test]
    fn trimmed_values_come_back(
        value in "[!-z|~]{1,40}( [!-~]{1,40}){0,20}",
        short in "[!-z|~]{1,9}( [!-~]{1,9}){0,30}",
        at in 3usize..7,
        culture in prop::sample::select(vec![Culture::Words, Culture::Cells]),
    ) {
        let value = untagged(&value);
        let field = FIELDS[at];
        let short = untagged(&short);
        let long = "x".repeat(4 * field + 1);
        let values =
            [("Name", value.as_str()), ("Path", &short), ("Long", &long), ("Longer", &long), ("ExternalUrl", ""), ("InternalUrl", "x")];
        compare(&values, field, culture, true)?;
    }

    /// Whatever cannot be known for certain is said to be joined by guessing, and never wrong in more than blanks.
    #[test]
    fn what_is_guessed_differs_in_blanks_only(
        value in "[!-z|~]{1,30}( {1,3}[!-~]{1,30}){0,9}",
        at in 4usize..7,
        culture in prop::sample::select(vec![Culture::Words, Culture::Cells]),
    ) {
        let value = untagged(&value);
        let text = printed(&[("Name", &value), ("ExternalUrl", ""), ("InternalUrl", "x")], FIELDS[at], culture, true);
        let (document, _) = read(&text, SourceId(0));
        let solid = |text: &str| text.split_whitespace().collect::<String>();
        if let Value::Text(read) = &document.objects[0].properties[0].value {
            prop_assert_eq!(solid(&read.text), solid(&value));
        }
    }
}

/// A value that no web page wraps: tags would be taken out of it.
fn untagged(value: &str) -> String {
    value.replace('<', "_")
}

fn compare(values: &[(&str, &str)], field: usize, culture: Culture, is_trimmed: bool) -> Result<(), TestCaseError> {
    let text = printed(values, field, culture, is_trimmed);
    let (document, problems) = read(&text, SourceId(0));
    prop_assert!(problems.is_empty(), "{problems:?}");
    prop_assert_eq!(document.objects.len(), 1);
    for (property, (name, value)) in document.objects[0].properties.iter().zip(values) {
        prop_assert_eq!(&property.name.text, name);
        let read = match &property.value {
            Value::Text(text) => text.text.as_ref(),
            Value::List(list) => list.text.text.as_ref(),
            _ => "",
        };
        // A single blank is what a trimmed line can have lost; a guess is marked as one.
        if !property.reconstructed {
            prop_assert_eq!(read, *value, "{}", text);
        }
    }
    Ok(())
}
