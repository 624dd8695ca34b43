//! Readers: a source in, a spanned document and its problems out. A reader never fails and knows no Exchange.

pub mod format_list;
pub mod problem;
pub mod reg;
pub mod reg_item;
pub mod reg_query;
pub mod toml;
pub mod xml;
