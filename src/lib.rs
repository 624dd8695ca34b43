//! owalint: a linter for exported Exchange Client Access, IIS and registry settings.

pub mod finding;
pub mod read;
pub mod text;
