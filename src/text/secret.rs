//! Secrets: passwords and encrypted values, which are never printed.

use std::borrow::Cow;
use std::ops::Range;

/// What stands for a character of a secret; one for one, so that columns stay true.
pub const MASK: char = '•';

/// The parts of a text that are secret: what stands between `[enc:` and `:enc]`, the value of an attribute whose name
/// ends in `password`, the content of an element that is named so or is a `SecureString` of CLIXML, and the password of
/// a URL.
pub fn ranges(text: &str) -> Vec<Range<usize>> {
    let lower = text.to_ascii_lowercase();
    let mut ranges = Vec::new();
    let mut behind = 0;
    for (start, _) in lower.match_indices("[enc:") {
        if start < behind {
            continue;
        }
        let end = lower[start..].find(":enc]").map_or(text.len(), |at| start + at);
        behind = end;
        ranges.push(start + "[enc:".len()..end.max(start + "[enc:".len()));
    }
    behind = 0;
    for (at, word) in lower.match_indices("password") {
        if at < behind {
            continue;
        }
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
            behind = end.map_or(text.len(), |end| start + end);
            ranges.push(start..behind);
        } else if rest.starts_with(['"', '\'']) {
            ranges.extend(element_content(text, at + word.len()));
        }
    }
    behind = 0;
    for (at, _) in lower.match_indices("<ss") {
        let is_named_so = text[at + 3..].starts_with(|it: char| it == '>' || it.is_ascii_whitespace());
        if at >= behind
            && is_named_so
            && let Some(range) = element_content(text, at + 3)
        {
            behind = range.end;
            ranges.push(range);
        }
    }
    ranges.extend(url_passwords(text));
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    merged(ranges)
}

/// Ranges that overlap as one, so that a text is walked once beside them.
fn merged(ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Whether an offset lies in one of these ranges, which are sorted and apart.
pub fn hides(ranges: &[Range<usize>], at: usize) -> bool {
    ranges.get(ranges.partition_point(|range| range.end <= at)).is_some_and(|range| range.contains(&at))
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
    Cow::Owned(text.char_indices().map(|(at, it)| if hides(&ranges, at) { MASK } else { it }).collect())
}

/// What stands between the start tag that `within` lies in and the next tag.
fn element_content(text: &str, within: usize) -> Option<Range<usize>> {
    let end = within + text[within..].find(['<', '>'])?;
    let is_start_tag = text[end..].starts_with('>') && !text[within..end].ends_with('/');
    let start = end + 1;
    is_start_tag.then(|| start..text[start..].find('<').map_or(text.len(), |at| start + at))
}

fn url_passwords(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut behind = 0;
    for (at, separator) in text.match_indices("://") {
        let start = at + separator.len();
        if start < behind {
            continue;
        }
        let authority =
            text[start..].find(['/', '?', '#', ' ', '"', '\'', '<', '>']).map_or(text.len(), |end| start + end);
        behind = authority;
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
        assert_eq!(masked("<SS N=\"Key\">01ab</SS><S>x</S>"), "<SS N=\"Key\">••••</SS><S>x</S>");
        assert_eq!(masked("<SS>01"), "<SS>••");
        assert_eq!(masked("<SSL>01</SSL><SS N=\"a\" /><S>x</S>"), "<SSL>01</SSL><SS N=\"a\" /><S>x</S>");
        assert_eq!(masked("<S N=\"ProxyPassword\">x y</S>"), "<S N=\"ProxyPassword\">•••</S>");
        assert_eq!(masked("<S N=\"Password\" /><S>x</S>"), "<S N=\"Password\" /><S>x</S>");
    }
}
