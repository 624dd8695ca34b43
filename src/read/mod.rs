//! Readers: a source in, a spanned document and its problems out. A reader never fails and knows no Exchange.

pub mod csv;
pub mod format_list;
pub mod json;
pub(crate) mod lost;
pub mod object;
pub mod problem;
pub mod reg;
pub mod reg_item;
pub mod reg_query;
mod scan;
pub(crate) mod tally;
pub mod toml;
pub mod xml;
pub mod xml_objects;
