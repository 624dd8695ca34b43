//! owalint: a linter for exported Exchange Client Access, IIS and registry settings.
//!
//! [`lint`] is the whole program as one function of its inputs: no file is read and nothing is printed in this crate
//! outside `main.rs` and `load.rs`.

pub mod cases;
pub mod compare;
pub mod config;
pub mod finding;
pub mod lint;
pub mod load;
pub mod model;
pub mod read;
pub mod render;
pub mod report;
pub mod rule;
pub mod text;
