//! Large files, read part by part: each part ends before a key line, where nothing of what stands above matters.

use std::ops::Range;

use super::import::{self, Seen};
use super::{Data, KeyPath, Operation, RegDocument, Wanted};
use crate::read::problem::Problem;
use crate::text::decode::Encoding;
use crate::text::span::{SourceId, Span};

/// The first line of a file that can be read part by part.
pub const HEADER: &str = "Windows Registry Editor Version 5.00\r\n";

/// A file in UTF-16 that begins with [`HEADER`], while it is read.
#[derive(Debug)]
pub struct Streamed<'w> {
    source: SourceId,
    wanted: &'w Wanted,
    seen: Seen,
    document: RegDocument<'static>,
    problems: Vec<Problem>,
}

impl<'w> Streamed<'w> {
    /// A file of which nothing was read.
    pub fn new(source: SourceId, wanted: &'w Wanted) -> Streamed<'w> {
        Streamed { source, wanted, seen: Seen::default(), document: RegDocument::default(), problems: Vec::new() }
    }

    /// Reads a part that begins at `start` of the text, and gives the places in it that are kept, as ranges of the text.
    pub fn take(&mut self, part: &str, start: usize) -> Vec<Range<usize>> {
        let (document, mut problems) = if start == 0 {
            import::import(part, self.source, Encoding::Utf16LeBom, self.wanted, &mut self.seen)
        } else {
            import::go_on(part, self.source, self.wanted, &mut self.seen)
        };
        let mut document = document.into_owned();
        let mut places = Vec::new();
        let mut shift = |span: &mut Span| {
            *span = Span::new(span.source, span.range().start + start, span.range().end + start);
            places.push(span.range());
        };
        document.operations.iter_mut().for_each(|operation| each_span(operation, &mut shift));
        for problem in &mut problems {
            shift(&mut problem.span);
            problem.related.iter_mut().for_each(|label| shift(&mut label.span));
        }
        self.document.operations.extend(document.operations);
        self.problems.extend(problems);
        places
    }

    /// What was read.
    pub fn finish(mut self) -> (RegDocument<'static>, Vec<Problem>) {
        self.seen.finish(&mut self.problems);
        (self.document, self.problems)
    }
}

/// Where a text that is read part by part can be divided: before its last key line above which no data goes on. Of a text
/// that has more behind it now, what was searched in vain is not searched again: `from` is where that ends.
pub fn seam(text: &str, from: usize) -> Option<usize> {
    let mut end = text.len();
    let from = from.saturating_sub(1);
    loop {
        let at = from + memchr::memmem::rfind(text.as_bytes().get(from..end)?, b"\n[")? + 1;
        let above = text[..at].trim_end_matches(['\r', '\n', ' ', '\t']);
        let line = above.rsplit('\n').next().unwrap_or_default();
        let goes_on = |line: &str| line.trim_end().ends_with('\\');
        let is_comment = line.trim_start().starts_with([';', '#']);
        if !goes_on(line) && !is_comment && !line.match_indices(';').any(|(at, _)| goes_on(&line[..at])) {
            return Some(at);
        }
        end = at - 1;
    }
}

fn each_span(operation: &mut Operation<'_>, shift: &mut impl FnMut(&mut Span)) {
    let mut key = |path: &mut KeyPath<'_>| {
        shift(&mut path.path.span);
        shift(&mut path.line);
    };
    match operation {
        Operation::OpenKey(path) | Operation::DeleteKey(path) | Operation::ShowKey { path, .. } => key(path),
        Operation::SetValue { name, data, data_span } => {
            shift(&mut name.name.span);
            shift(data_span);
            if let Data::Text(text) | Data::Untyped(Some(text)) = data {
                shift(&mut text.span);
            }
        }
        Operation::DeleteValue { name, data_span } => {
            shift(&mut name.name.span);
            shift(data_span);
        }
        Operation::Absent { path, name } => {
            key(path);
            if let Some(name) = name {
                shift(&mut name.name.span);
            }
        }
    }
}
