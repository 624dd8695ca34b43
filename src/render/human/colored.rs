//! The colours of drawn findings, as escape sequences.

use std::fmt::Write as _;

use codespan_reporting::diagnostic::{LabelStyle, Severity as Gravity};
use codespan_reporting::term;

/// Collects what codespan writes, with the escape sequences of its styles.
#[derive(Default)]
pub(super) struct Colored {
    pub(super) text: String,
}

impl std::io::Write for Colored {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.text.push_str(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Colored {
    fn style(&mut self, code: &str) -> std::io::Result<()> {
        let _ = write!(self.text, "\u{1b}[{code}m");
        Ok(())
    }

    fn gravity(&mut self, gravity: Gravity) -> std::io::Result<()> {
        self.style(if gravity >= Gravity::Error { "31" } else { "33" })
    }
}

impl term::WriteStyle for Colored {
    fn set_header(&mut self, gravity: Gravity) -> std::io::Result<()> {
        self.style(if gravity >= Gravity::Error { "1;31" } else { "1;33" })
    }

    fn set_header_message(&mut self) -> std::io::Result<()> {
        self.style("1")
    }

    fn set_line_number(&mut self) -> std::io::Result<()> {
        self.style("34")
    }

    fn set_note_bullet(&mut self) -> std::io::Result<()> {
        self.style("34")
    }

    fn set_source_border(&mut self) -> std::io::Result<()> {
        self.style("34")
    }

    fn set_label(&mut self, gravity: Gravity, style: LabelStyle) -> std::io::Result<()> {
        match style {
            LabelStyle::Primary => self.gravity(gravity),
            LabelStyle::Secondary => self.style("36"),
        }
    }

    fn reset(&mut self) -> std::io::Result<()> {
        self.style("0")
    }
}
