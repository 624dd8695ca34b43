//! Rules: conjunctions of tests on what the model answers, read from TOML and checked whole before they are asked.

pub mod ask;
pub mod book;
pub mod check;
pub mod checks;
pub mod condition;
pub mod gaps;
pub mod glob;
pub mod load;
pub mod questions;
pub mod schema;
pub mod state;
pub mod value;
