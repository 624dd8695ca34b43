//! The integration tests: everything through the library's front door or the built binary.
