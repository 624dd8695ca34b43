//! Objects that PowerShell wrote as XML: `Export-Clixml` and `ConvertTo-Xml`, one reader for each.

pub mod clixml;
pub mod convert_to_xml;
mod gather;

use crate::read::object::Object;
use crate::text::scalar::Scalar;
use crate::text::span::Span;

/// What a file of exported objects holds.
#[derive(Debug, Default)]
pub struct Exports<'t> {
    /// The objects that went through the pipeline, in the order of the file; lists of them are opened.
    pub objects: Vec<Object<'t>>,
    /// Where an error was written in place of an object.
    pub errors: Vec<Span>,
    /// The most derived types of objects that are values inside of others, each where it is first named.
    pub inner_types: Vec<Scalar<'t>>,
}
