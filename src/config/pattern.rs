//! Patterns for names: exact, or with `*` for any characters and `?` for one; case never counts.

use crate::text::scalar::{Scalar, Text};

/// A name or a glob of names. The globs of paths are no use here: a virtual directory's identity holds a backslash and
/// may hold brackets, which mean themselves.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// The pattern as written.
    pub written: Text,
    lower: Vec<char>,
    is_exact: bool,
}

impl Pattern {
    /// The pattern that stands here.
    pub fn new(written: Scalar<'_>) -> Pattern {
        let lower: Vec<char> = written.text.trim().chars().flat_map(char::to_lowercase).collect();
        let is_exact = !lower.iter().any(|it| matches!(it, '*' | '?'));
        Pattern { written: written.into_owned(), lower, is_exact }
    }

    /// Whether it can match one name only.
    pub fn is_exact(&self) -> bool {
        self.is_exact
    }

    /// Whether it matches the whole of this name.
    pub fn matches(&self, name: &str) -> bool {
        let name = name.chars().flat_map(char::to_lowercase);
        if self.is_exact {
            return name.eq(self.lower.iter().copied());
        }
        let name: Vec<char> = name.collect();
        let (mut at, mut next) = (0, 0);
        // Where the last star stands, and how much of the name it has taken so far.
        let mut star: Option<(usize, usize)> = None;
        while at < name.len() {
            match self.lower.get(next) {
                Some('*') => {
                    star = Some((next, at));
                    next += 1;
                }
                Some(it) if *it == '?' || *it == name[at] => {
                    at += 1;
                    next += 1;
                }
                _ => {
                    let Some((place, taken)) = star else { return false };
                    star = Some((place, taken + 1));
                    (at, next) = (taken + 1, place + 1);
                }
            }
        }
        self.lower[next..].iter().all(|it| *it == '*')
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::span::SourceId;

    #[test]
    fn names_match_whole_and_in_any_case() {
        for (pattern, name, matches) in [
            ("CAS1", "cas1", true),
            ("CAS1", "CAS11", false),
            ("CAS-LAB*", "cas-lab", true),
            ("cas-lab*", "CAS-LAB12", true),
            ("*lab*", "CAS-LAB12", true),
            ("CAS?", "CAS1", true),
            ("CAS?", "CAS", false),
            ("CAS?", "CAS12", false),
            ("*a*b*c", "xxaxxbxxbc", true),
            ("*a*b*c", "xxaxxbxxbcd", false),
            (r"CAS2\owa (Default Web Site)", r"cas2\OWA (default web site)", true),
            (r"*\owa [2]", r"CAS2\owa [2]", true),
            ("*", "", true),
            ("?", "", false),
            ("É*", "école", true),
        ] {
            let written = Scalar::slice(SourceId(0), pattern, 0..pattern.len());
            assert_eq!(Pattern::new(written).matches(name), matches, "{pattern} and {name}");
        }
    }
}
