//! owalint: a linter for exported Exchange Client Access, IIS and registry settings.

pub mod finding;
pub mod model;
pub mod read;
pub mod report;
pub mod rule;
pub mod text;
