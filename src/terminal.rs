//! Terminals: whether what is printed is coloured and has links.
#![allow(clippy::disallowed_methods, reason = "the environment is read here and in main.rs")]

use std::env;
use std::io::{self, IsTerminal};

use clap::ValueEnum;

use crate::cli::Color;

/// When names in the human report are links.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Hyperlinks {
    /// In terminals that are known to have links; FORCE_HYPERLINK=1 and =0 decide where it is set
    Auto,
    /// Also in files and pipes
    Always,
    /// Nowhere
    Never,
}

/// Programs that have links in all versions of today, as they call themselves in `TERM_PROGRAM`.
const PROGRAMS: [&str; 4] = ["iTerm.app", "WezTerm", "vscode", "ghostty"];

/// Parts of `TERM` by which terminals with links are known.
const TERMS: [&str; 3] = ["kitty", "alacritty", "foot"];

/// Variables that are set by terminals with links and by no others: Windows Terminal, kitty, DomTerm.
const MARKS: [&str; 3] = ["WT_SESSION", "KITTY_WINDOW_ID", "DOMTERM"];

/// The first version of VTE whose links work; version 0.50.0 ended at them.
const VTE: u32 = 5001;

pub(crate) fn colors(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if variable("NO_COLOR").is_some() => false,
        Color::Auto if variable("FORCE_COLOR").is_some() => true,
        Color::Auto => io::stdout().is_terminal() && variable("TERM").is_none_or(|term| term != "dumb"),
    }
}

/// Whether names that are printed are links.
pub(crate) fn links(hyperlinks: Hyperlinks) -> bool {
    match hyperlinks {
        Hyperlinks::Always => true,
        Hyperlinks::Never => false,
        Hyperlinks::Auto => has_links(io::stdout().is_terminal(), &variable),
    }
}

/// Whether standard error can be written on and wiped clean again.
pub(crate) fn can_wipe() -> bool {
    io::stderr().is_terminal() && variable("TERM").is_none_or(|term| term != "dumb")
}

/// A variable of the environment; one that is empty counts as not set.
fn variable(name: &str) -> Option<String> {
    env::var_os(name).map(|value| value.to_string_lossy().into_owned()).filter(|value| !value.is_empty())
}

/// Whether links reach a terminal that is known to have them.
fn has_links(is_terminal: bool, variable: &dyn Fn(&str) -> Option<String>) -> bool {
    if let Some(force) = variable("FORCE_HYPERLINK") {
        return force.trim().parse() != Ok(0);
    }
    let term = variable("TERM").unwrap_or_default();
    if !is_terminal || term == "dumb" || variable("NO_COLOR").is_some() {
        return false;
    }
    MARKS.iter().any(|name| variable(name).is_some())
        || variable("TERM_PROGRAM").is_some_and(|program| PROGRAMS.contains(&program.as_str()))
        || variable("VTE_VERSION").and_then(|version| version.parse().ok()).is_some_and(|version: u32| version >= VTE)
        || TERMS.iter().any(|it| term.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a terminal with these variables has links, and whether a pipe has.
    fn decided(variables: &[(&str, &str)]) -> (bool, bool) {
        let variable = |name: &str| variables.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).to_owned());
        (has_links(true, &variable), has_links(false, &variable))
    }

    #[test]
    fn links_reach_only_terminals_that_are_known_to_have_them() {
        let known = [
            ("WT_SESSION", "0"),
            ("KITTY_WINDOW_ID", "1"),
            ("DOMTERM", "version=3"),
            ("TERM_PROGRAM", "iTerm.app"),
            ("TERM_PROGRAM", "vscode"),
            ("VTE_VERSION", "5001"),
            ("VTE_VERSION", "7600"),
            ("TERM", "xterm-kitty"),
            ("TERM", "foot-extra"),
        ];
        for it in known {
            assert_eq!(decided(&[it]), (true, false), "{it:?}");
            assert_eq!(decided(&[it, ("NO_COLOR", "1")]), (false, false), "{it:?}");
            assert_eq!(decided(&[it, ("FORCE_HYPERLINK", "0")]), (false, false), "{it:?}");
        }
        assert_eq!(decided(&[("WT_SESSION", "0"), ("TERM", "dumb")]), (false, false));
        for it in [("TERM", "xterm-256color"), ("TERM_PROGRAM", "Apple_Terminal"), ("VTE_VERSION", "5000")] {
            assert_eq!(decided(&[it]), (false, false), "{it:?}");
        }
        assert_eq!(decided(&[]), (false, false));
    }

    #[test]
    fn links_can_be_forced() {
        let forced = [("FORCE_HYPERLINK", "1"), ("NO_COLOR", "1"), ("TERM", "dumb")];
        assert_eq!(decided(&forced), (true, true));
        assert_eq!(decided(&[("FORCE_HYPERLINK", "true")]), (true, true));
    }
}
