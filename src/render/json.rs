//! JSON: documents as their types declare them, with keys in a fixed order.

use serde::Serialize;

/// The document, indented, with a line end.
pub fn render(document: &impl Serialize) -> String {
    let mut text =
        serde_json::to_string_pretty(document).unwrap_or_else(|error| unreachable!("internal error: {error}"));
    text.push('\n');
    text
}
