//! The integration tests: everything through the library's front door or the built binary.
#![allow(clippy::disallowed_methods, reason = "tests read fixtures and write scratch folders")]
#![allow(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

mod cases;
mod cli;
mod corpus;
mod damage;
mod encodings;
mod estate_wide;
mod estates;
mod outcomes;
mod ownership;
mod places;
mod rule_files;
mod scratch;
mod tidy;
