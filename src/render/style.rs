//! Colours of a terminal.

/// Puts text between the escape sequences of a style.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether to colour at all.
    pub color: bool,
}

impl Style {
    /// Bold.
    pub fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    /// Red and bold: errors.
    pub fn red(self, text: &str) -> String {
        self.wrap("1;31", text)
    }

    /// Yellow and bold: warnings.
    pub fn yellow(self, text: &str) -> String {
        self.wrap("1;33", text)
    }

    /// Green and bold: what is well.
    pub fn green(self, text: &str) -> String {
        self.wrap("1;32", text)
    }

    /// Cyan: notes.
    pub fn cyan(self, text: &str) -> String {
        self.wrap("1;36", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
