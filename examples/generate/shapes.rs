//! The objects and the writers that the tests export estates with, so that every shape is written in one place.
#![allow(dead_code, reason = "the tests use all of them")]
#![allow(clippy::unwrap_used, reason = "writing to a text cannot fail")]

#[path = "../../tests/it/shapes/object.rs"]
pub(crate) mod object;
#[path = "../../tests/it/shapes/writers.rs"]
pub(crate) mod writers;
