//! Exchange versions: which product a server runs, as far as its exports say.

/// The product generation, as far as Event 42 distinguishes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// Exchange 2007 (8.x).
    Exchange2007,
    /// Exchange 2010 (14.x).
    Exchange2010,
    /// Exchange 2013 and all later versions (15.x): another proxy architecture, to which the model does not apply.
    Exchange2013OrLater,
}

impl Version {
    /// The words that rules use.
    pub const WORDS: [&'static str; 4] = ["2007", "2010", "2013-or-later", "unknown"];

    /// The word that rules use.
    pub fn word(self) -> &'static str {
        match self {
            Version::Exchange2007 => "2007",
            Version::Exchange2010 => "2010",
            Version::Exchange2013OrLater => "2013-or-later",
        }
    }

    /// From `AdminDisplayVersion`: `Version 14.3 (Build 123.4)`.
    pub fn from_display(text: &str) -> Option<Version> {
        let digits = text.find(|it: char| it.is_ascii_digit()).map(|at| &text[at..])?;
        let major = digits.split(|it: char| !it.is_ascii_digit()).next()?;
        match major.parse::<u32>().ok()? {
            8 => Some(Version::Exchange2007),
            14 => Some(Version::Exchange2010),
            15..=20 => Some(Version::Exchange2013OrLater),
            _ => None,
        }
    }

    /// From `OwaVersion`: the value is `Exchange2013` on every later version too.
    ///
    /// `Exchange2003or2000` marks the legacy virtual directories of a 2007 or 2010 server, so it says nothing.
    pub fn from_owa_version(text: &str) -> Option<Version> {
        let year = text.trim().strip_prefix("Exchange")?.parse::<u32>().ok()?;
        Version::from_year(year)
    }

    /// From the physical path of the OWA application: only 2010 and later have a folder named for the version.
    pub fn from_path(text: &str) -> Option<Version> {
        let lower = text.to_ascii_lowercase();
        if lower.contains(r"\v14\") {
            Some(Version::Exchange2010)
        } else if lower.contains(r"\v15\") {
            Some(Version::Exchange2013OrLater)
        } else {
            None
        }
    }

    /// From the estate file: a year (`2010`), a product (`Exchange 2010`) or a version number (`14.3`).
    pub fn from_estate_file(text: &str) -> Option<Version> {
        let digits = text.find(|it: char| it.is_ascii_digit()).map(|at| &text[at..])?;
        let number = digits.split(|it: char| !it.is_ascii_digit()).next()?.parse::<u32>().ok()?;
        if text.to_ascii_lowercase().contains(" se") {
            return Some(Version::Exchange2013OrLater);
        }
        Version::from_year(number).or_else(|| Version::from_display(digits))
    }

    fn from_year(year: u32) -> Option<Version> {
        match year {
            2007 => Some(Version::Exchange2007),
            2010 => Some(Version::Exchange2010),
            2013..=2100 => Some(Version::Exchange2013OrLater),
            _ => None,
        }
    }
}

/// Product and service pack, as `AdminDisplayVersion` counts them: 14.1 is Exchange 2010 with Service Pack 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    major: u32,
    minor: u32,
}

impl Release {
    /// From `AdminDisplayVersion`, `Version 14.3 (Build 123.4)`, or from a version number in the estate file.
    pub fn from_display(text: &str) -> Option<Release> {
        Version::from_display(text)?;
        let digits = text.find(|it: char| it.is_ascii_digit()).map(|at| &text[at..])?;
        let mut numbers = digits.split(|it: char| !it.is_ascii_digit());
        let (major, minor) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
        Some(Release { major, minor })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn service_packs_have_an_order() {
        let release = |text| Release::from_display(text).unwrap();
        assert!(release("Version 14.1 (Build 218.15)") < release("Version 14.3 (Build 123.4)"));
        assert_eq!(release("14.3"), release("Version 14.3 (Build 123.4)"));
        assert_eq!(Release::from_display("2010"), None);
        assert_eq!(Release::from_display("14"), None);
    }

    #[test]
    fn versions_are_told_apart() {
        assert_eq!(Version::from_display("Version 14.3 (Build 123.4)"), Some(Version::Exchange2010));
        assert_eq!(Version::from_display("Version 8.3 (Build 83.6)"), Some(Version::Exchange2007));
        assert_eq!(Version::from_display("Version 15.1 (Build 2106.2)"), Some(Version::Exchange2013OrLater));
        assert_eq!(Version::from_display(""), None);
        assert_eq!(Version::from_owa_version("Exchange2013"), Some(Version::Exchange2013OrLater));
        assert_eq!(Version::from_owa_version("Exchange2003or2000"), None);
        assert_eq!(Version::from_estate_file("Exchange 2019 CU14"), Some(Version::Exchange2013OrLater));
        assert_eq!(Version::from_estate_file("14.3"), Some(Version::Exchange2010));
        assert_eq!(
            Version::from_path(r"C:\Program Files\Microsoft\Exchange Server\V14\ClientAccess\owa"),
            Some(Version::Exchange2010)
        );
    }
}
