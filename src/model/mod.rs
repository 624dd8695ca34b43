//! The model: what the exports say is in force on which server, and what follows for each pair of servers.

pub mod ad_site;
pub mod admission;
pub mod answer;
pub mod attributes;
pub mod binding;
pub mod command;
pub mod enumeration;
pub mod estate;
pub mod estate_file;
pub mod folder;
pub mod iis;
pub mod input;
pub mod ladder;
mod layering;
pub mod owner;
pub mod panel;
pub mod place;
pub mod registry;
pub mod rewrite;
pub mod server;
pub mod setting;
pub mod site;
pub mod target;
pub mod url;
pub mod vdir;
pub mod verdict;
pub mod version;
