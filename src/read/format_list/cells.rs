//! Cells: how much room text takes on a console, and what counts as a blank there.

/// Whether the character is a blank: white space, or a mark without width that pasting through a browser leaves.
pub(super) fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{feff}' | '\u{200b}')
}

/// The cells that `text` takes.
pub(super) fn cells(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(width).sum() }
}

/// Whether the character takes two cells.
pub(super) fn is_wide(character: char) -> bool {
    width(character) == 2
}

/// PowerShell counts East Asian wide characters as two cells, and so each half of a surrogate pair as one.
fn width(character: char) -> usize {
    match character {
        '\u{200b}' | '\u{feff}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2329}'..='\u{232a}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3040}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe10}'..='\u{fe19}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{10000}'..='\u{10ffff}' => 2,
        _ => 1,
    }
}

/// The length of the blanks that `text` begins with.
pub(super) fn leading(text: &str) -> usize {
    text.len() - text.trim_start_matches(is_blank).len()
}

/// The text without the blanks at its end.
pub(super) fn trim_end(text: &str) -> &str {
    text.trim_end_matches(is_blank)
}

/// The text without the blanks at both ends.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}
