//! What the targets share: from bytes to a source or a snapshot, and what must hold of whatever is read from them.

mod documents;
mod registry;
mod snapshot;

pub use documents::{check_objects, check_problems, check_registry, check_scalar, check_span};
pub use registry::{check_parts, check_wanted};
pub use snapshot::{Run, base, book, check_places, files, lint, on_one_thread, replaced};

use owalint::text::decode::decode;
use owalint::text::source::{Source, Sources};
use owalint::text::span::SourceId;

/// The source that these bytes are, as the only one of a run.
pub fn source(bytes: &[u8]) -> Source {
    Source::new("input".to_owned(), decode(bytes.to_vec()))
}

/// The name of the only source of a run.
pub fn only() -> SourceId {
    Sources::default().add(source(b""))
}
