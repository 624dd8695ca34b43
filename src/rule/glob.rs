//! Globs of conditions: `*` for any characters, `?` for one, `[a-z]` for one of these, without regard to case.
//!
//! Values are host names, URLs and Windows paths, not paths of files: a slash is a character like any other, and a
//! backslash is a backslash.

use std::ops::Range;

/// A glob that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    /// The glob as written.
    pub text: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// This character.
    One(char),
    /// Any character.
    Any,
    /// Any characters, or none.
    Run,
    /// A character from one of these ranges, or from none of them.
    Set { ranges: Vec<(char, char)>, negated: bool },
}

impl Glob {
    /// Reads a glob.
    ///
    /// # Errors
    /// The part of the text that is wrong, as a range, and what is wrong with it.
    pub fn parse(text: &str) -> Result<Glob, (Range<usize>, String)> {
        let mut parts = Vec::new();
        let mut start = 0;
        while let Some(character) = text[start..].chars().next() {
            let end = match character {
                '[' => closing(text, start).ok_or_else(|| {
                    (start..text.len(), "this `[` is not closed; `[abc]` stands for one of these".to_owned())
                })?,
                _ => start + character.len_utf8(),
            };
            let part = match character {
                '*' => Part::Run,
                '?' => Part::Any,
                '[' => set(&text[start + 1..end - 1]).map_err(|message| (start..end, message))?,
                '{' if text[end..].split('}').next().is_some_and(|inner| inner.contains(',')) => {
                    let message = "braces are no alternatives here; write one condition for each in `[[any]]`";
                    return Err((start..text.len(), message.to_owned()));
                }
                it => Part::One(lower(it)),
            };
            parts.push(part);
            start = end;
        }
        Ok(Glob { text: text.to_owned(), parts })
    }

    /// Whether a whole text matches. After a mismatch only the last `*` is given another character, so the work is
    /// bounded by the lengths of both.
    pub fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().map(lower).collect();
        let (mut part, mut at) = (0, 0);
        let mut retry: Option<(usize, usize)> = None;
        while at < text.len() {
            match self.parts.get(part) {
                Some(Part::Run) => {
                    retry = Some((part, at));
                    part += 1;
                }
                Some(it) if it.takes(text[at]) => {
                    part += 1;
                    at += 1;
                }
                _ => {
                    let Some((run, from)) = retry else { return false };
                    retry = Some((run, from + 1));
                    (part, at) = (run + 1, from + 1);
                }
            }
        }
        self.parts[part..].iter().all(|it| *it == Part::Run)
    }
}

impl Part {
    fn takes(&self, character: char) -> bool {
        match self {
            Part::One(it) => *it == character,
            Part::Any => true,
            Part::Run => false,
            Part::Set { ranges, negated } => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&character)) != *negated
            }
        }
    }
}

/// Behind the bracket that closes the one at `start`; a bracket right behind the opening one is a member of the set.
fn closing(text: &str, start: usize) -> Option<usize> {
    let inner = start + 1 + usize::from(text[start + 1..].starts_with('!'));
    let first = text[inner..].chars().next()?.len_utf8();
    text[inner + first..].find(']').map(|at| inner + first + at + 1)
}

fn set(inner: &str) -> Result<Part, String> {
    let negated = inner.starts_with('!');
    let members: Vec<char> = inner[usize::from(negated)..].chars().map(lower).collect();
    let mut ranges = Vec::new();
    let mut rest = members.as_slice();
    while let Some(low) = rest.first() {
        let range = match rest {
            [low, '-', high, ..] => (*low, *high),
            _ => (*low, *low),
        };
        if range.0 > range.1 {
            return Err(format!("`{}-{}` runs backwards, so nothing is in it", range.0, range.1));
        }
        rest = &rest[if rest.len() > 2 && rest[1] == '-' { 3 } else { 1 }..];
        ranges.push((*low, range.1));
    }
    Ok(Part::Set { ranges, negated })
}

fn lower(character: char) -> char {
    character.to_lowercase().next().unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_whole_texts_without_regard_to_case() {
        let table = [
            ("lb*.example.com", "LB1.EXAMPLE.com", true),
            ("lb*.example.com", "xlb1.example.com", false),
            ("http://*", "http://cas2/owa/x", true),
            ("*/owa", "http://cas2/owa", true),
            ("C:\\Program*\\V14\\*", "c:\\program files\\v14\\owa", true),
            ("cas?", "cas1", true),
            ("cas?", "cas", false),
            ("cas[1-3]", "CAS2", true),
            ("cas[!1-3]", "CAS2", false),
            ("[]]", "]", true),
            ("a*b*c", "aXbXXbc", true),
            ("a*b*c", "aXbXXb", false),
            ("", "", true),
            ("*", "", true),
            ("{1234}", "{1234}", true),
        ];
        for (glob, text, wanted) in table {
            assert_eq!(Glob::parse(glob).map(|it| it.matches(text)), Ok(wanted), "{glob} {text}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_at_its_place() {
        let fault = |glob: &str| Glob::parse(glob).map_err(|(range, _)| range).map(|_| ());
        assert_eq!(fault("cas[12"), Err(3..6));
        assert_eq!(fault("x[3-1]y"), Err(1..6));
        assert_eq!(fault("{a,b}.example.com"), Err(0..17));
    }
}
