//! Secrets: passwords and encrypted values, which are never printed.

use std::borrow::Cow;
use std::ops::Range;

/// What stands for a character of a secret; one for one, so that columns stay true.
pub const MASK: char = '•';

/// The parts of a text that are secret: what stands between `[enc:` and `:enc]`, the value of an attribute whose name
/// ends in `password`, and the password of a URL.
pub fn ranges(text: &str) -> Vec<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let mut ranges = Vec::new();
    for (start, _) in lower.match_indices("[enc:") {
        let end = lower[start..].find(":enc]").map_or(text.len(), |at| start + at);
        ranges.push(start + "[enc:".len()..end.max(start + "[enc:".len()));
    }
    for (at, word) in lower.match_indices("password") {
        let rest = &text[at + word.len()..];
        let trimmed = rest.trim_start_matches(['"', '\'', ' ', '=', ':']);
        let lead = &rest[..rest.len() - trimmed.len()];
        if lead.contains(['=', ':']) {
            let start = text.len() - trimmed.len();
            let quote = lead.chars().rev().find(|it| matches!(it, '"' | '\''));
            let end = match quote {
                Some(quote) => trimmed.find(quote),
                None => trimmed.find(char::is_whitespace),
            };
            ranges.push(start..end.map_or(text.len(), |end| start + end));
        }
    }
    ranges.extend(url_passwords(text));
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    ranges
}

/// Whether a name is that of a secret.
pub fn is_secret_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.contains("password") || lower.ends_with("secret")
}

/// The text with its secrets masked.
pub fn masked(text: &str) -> Cow<'_, str> {
    let ranges = ranges(text);
    if ranges.is_empty() {
        return Cow::Borrowed(text);
    }
    let hidden = |at: usize| ranges.iter().any(|range| range.contains(&at));
    Cow::Owned(text.char_indices().map(|(at, it)| if hidden(at) { MASK } else { it }).collect())
}

fn url_passwords(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    for (at, separator) in text.match_indices("://") {
        let start = at + separator.len();
        let authority =
            text[start..].find(['/', '?', '#', ' ', '"', '\'', '<', '>']).map_or(text.len(), |end| start + end);
        let Some(end) = text[start..authority].rfind('@').map(|at| start + at) else { continue };
        if let Some(colon) = text[start..end].find(':') {
            ranges.push(start + colon + 1..end);
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_one_for_one() {
        assert_eq!(masked("<x password=\"geheim\" y=\"1\"/>"), "<x password=\"••••••\" y=\"1\"/>");
        assert_eq!(masked("a=\"[enc:IISRsa:AbC=:enc]\""), "a=\"[enc:•••••••••••:enc]\"");
        assert_eq!(masked("http://admin:Pw@cas2/owa"), "http://admin:••@cas2/owa");
        assert_eq!(masked("\"DefaultPassword\"=\"x y\""), "\"DefaultPassword\"=\"•••\"");
        assert_eq!(masked("https://cas2.corp.example.com:443/owa"), "https://cas2.corp.example.com:443/owa");
        assert_eq!(masked("the password is short"), "the password is short");
    }
}
