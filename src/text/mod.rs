//! Sources and their decoding, spans, and the one conversion from an offset to a line and a column.

mod characters;
pub mod decode;
pub mod origin;
pub mod pieces;
pub mod scalar;
pub mod seam;
pub mod secret;
pub mod show;
pub mod source;
pub mod span;
pub mod stream;
