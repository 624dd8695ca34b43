//! Unread lines: what a page holds beside its objects, so that nothing is passed over without somebody looking at it.

use crate::read::format_list::line::{Page, Shape};
use crate::read::format_list::object::Draft;
use crate::read::format_list::part::Doubt;
use crate::text::scalar::Scalar;
use crate::text::span::Span;

/// Lines that stand together and are in no object.
#[derive(Debug, Clone)]
pub struct Unread<'t> {
    /// From the first character of the first line to the last one of the last.
    pub span: Span,
    /// The command that printed the lines, if they stand below a prompt.
    pub command: Option<Scalar<'t>>,
    /// Whether the command printed something that was read, or a table, which was reported.
    pub is_answered: bool,
}

/// Which lines are in an object, head a group of objects, or decide whether a value can be read.
pub(super) fn read_lines(page: &Page<'_>, drafts: &[Draft]) -> Vec<bool> {
    let mut is_read = vec![false; page.lines.len()];
    drafts.iter().filter_map(|draft| draft.group).for_each(|heading| is_read[heading] = true);
    for entry in drafts.iter().flat_map(|draft| &draft.entries) {
        entry.pieces.iter().for_each(|piece| is_read[piece.line] = true);
        if let Some(Doubt::Below(line)) = entry.doubt {
            is_read[line] = true;
        }
    }
    is_read
}

/// The unread lines of a page: those between two lines that are read, prompts, or known to be no part of any object.
pub(super) fn blocks<'t>(page: &Page<'t>, is_read: &[bool]) -> Vec<Unread<'t>> {
    let mut blocks: Vec<Unread<'t>> = Vec::new();
    let mut command = None;
    // The first block of the command, and whether something of the command was read.
    let (mut first, mut is_answered) = (0, false);
    let mut is_open = false;
    for (at, line) in page.lines.iter().enumerate() {
        match &line.shape {
            Shape::Prompt(range) => {
                settle(&mut blocks[first..], is_answered);
                first = blocks.len();
                command = (!range.is_empty()).then(|| page.command(at, range));
                (is_open, is_answered) = (false, false);
            }
            Shape::Blank => {}
            _ if is_read[at] => (is_open, is_answered) = (false, true),
            Shape::Row => (is_open, is_answered) = (false, true),
            Shape::Header | Shape::Continued | Shape::Group(_) | Shape::Stars | Shape::Elision => is_open = false,
            Shape::Barrier | Shape::Label(_) | Shape::Other => {
                let span = page.line_span(at);
                match blocks.last_mut().filter(|_| is_open) {
                    Some(block) => block.span = block.span.to(span),
                    None => blocks.push(Unread { span, command: command.clone(), is_answered: false }),
                }
                is_open = true;
            }
        }
    }
    settle(&mut blocks[first..], is_answered);
    blocks
}

fn settle(blocks: &mut [Unread<'_>], is_answered: bool) {
    for block in blocks {
        block.is_answered = is_answered;
    }
}
