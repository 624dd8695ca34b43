//! The integration tests: everything through the library's front door or the built binary.
#![allow(clippy::disallowed_methods, reason = "tests read fixtures and write scratch folders")]
#![allow(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

mod appcmd;
mod authoring;
mod baseline;
mod cases;
mod cli;
mod configuration;
mod configuration_docs;
mod corpus;
mod damage;
mod diff;
mod docs;
mod edge_inputs;
mod encodings;
mod estate_wide;
mod estates;
mod exports;
mod file_hazards;
mod formats;
mod generated;
mod guide;
mod injection;
mod json_csv;
mod kinds;
mod limits;
mod links;
mod listings;
mod mutations;
mod open_questions;
mod outcomes;
mod ownership;
mod partial_evidence;
mod pipelines;
mod places;
mod progress;
mod registry;
mod rule_files;
mod scratch;
mod shapes;
mod suppressions;
mod terminal;
mod tidy;
mod web_config;
