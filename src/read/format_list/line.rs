//! Lines of a listing: their text without escape sequences, what stands before it, and what kind of line each is.

use std::borrow::Cow;
use std::ops::Range;

use crate::read::format_list::cells::{cells, is_blank, leading};
use crate::read::format_list::marks::{Cut, Quote, body, quote, without_marks};
use crate::read::format_list::part::Doubt;
use crate::read::format_list::{frame, html, prompt};
use crate::text::scalar::Scalar;
use crate::text::span::{SourceId, Span};

/// A source's text as lines.
#[derive(Debug)]
pub(super) struct Page<'t> {
    pub(super) text: &'t str,
    pub(super) source: SourceId,
    pub(super) lines: Vec<Line<'t>>,
    /// Whether the page has marks of HTML.
    is_html: bool,
}

/// One line, without its line end.
#[derive(Debug)]
pub(super) struct Line<'t> {
    /// Where the line begins in the source.
    start: usize,
    /// The line without terminal escape sequences.
    pub(super) text: Cow<'t, str>,
    /// What was taken out of `text`, in order.
    cuts: Vec<Cut>,
    /// The quoting marks that the line begins with.
    pub(super) quote: Quote,
    /// Where the text behind the quoting marks begins.
    pub(super) lead: usize,
    /// Where the text behind indentation and bullet begins.
    pub(super) body: usize,
    /// Whether a bullet stands before the body.
    pub(super) bullet: bool,
    /// What kind of line this is.
    pub(super) shape: Shape,
}

/// The kinds of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing but blanks.
    Blank,
    /// `Label : value`.
    Label(Label),
    /// A prompt with its command, or a command alone: the range is the command.
    Prompt(Range<usize>),
    /// The rest of a command that was typed on several lines.
    Continued,
    /// `   Server: CAS2`, as `-GroupBy` prints it above the objects of a group.
    Group(Label),
    /// A Markdown fence or a rule.
    Barrier,
    /// A line of a transcript's header, or a further line of a group's heading.
    Header,
    /// A row of a table, which was reported.
    Row,
    /// A row of stars, as transcripts print them round their headers.
    Stars,
    /// `...` where somebody left lines out.
    Elision,
    /// Any other text: the rest of a value, or prose.
    Other,
}

/// The label of a `Label : value` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) name: Range<usize>,
    pub(super) colon: usize,
    /// Whether the colon directly follows the name; PowerShell always prints a blank between.
    pub(super) tight: bool,
    /// Whether a tab stands next to the colon; PowerShell pads with spaces only.
    pub(super) tab: bool,
}

impl<'t> Page<'t> {
    pub(super) fn new(text: &'t str, source: SourceId) -> Page<'t> {
        let mut lines = Vec::new();
        let mut start = 0;
        let is_html = html::is_html(text);
        let bytes = text.as_bytes();
        let mut ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
        while start < text.len() {
            let at = ends.next().unwrap_or(text.len());
            if at < text.len() && bytes[at] == b'\n' && at > 0 && bytes[at - 1] == b'\r' {
                start = at + 1;
                continue;
            }
            if is_html {
                lines.extend(html::lines(text, start..at).into_iter().map(|line| Line::new(text, line, true)));
            } else {
                lines.push(Line::new(text, start..at, false));
            }
            start = at + 1;
        }
        Page { text, source, lines, is_html }
    }

    /// Whether the last line has its end: a line end, or a tag.
    pub(super) fn is_ended(&self) -> bool {
        self.text.ends_with(['\n', '\r']) || (self.is_html && self.text.ends_with('>'))
    }

    /// Why a value on this line cannot be known, where it holds characters as HTML writes them.
    pub(super) fn entity_doubt(&self, line: usize) -> Option<Doubt> {
        (self.is_html && html::has_entity(&self.lines[line].text)).then_some(Doubt::Entity)
    }

    /// The span of `range` of the line at `index`.
    pub(super) fn span(&self, index: usize, range: Range<usize>) -> Span {
        let place = self.lines[index].place(range);
        Span::new(self.source, place.start, place.end)
    }

    /// The span of the line's text, without the blanks round it.
    pub(super) fn line_span(&self, index: usize) -> Span {
        let text = &self.lines[index].text;
        let end = text.trim_end_matches(is_blank).len();
        self.span(index, leading(text).min(end)..end)
    }

    /// The command at a prompt, with what stands on its further lines.
    pub(super) fn command(&self, prompt: usize, range: &Range<usize>) -> Scalar<'t> {
        let first = self.scalar(prompt, range.clone());
        let more = prompt + 1..frame::command_end(self, prompt);
        let Some(last) = more.clone().next_back() else { return first };
        let mut text = first.text.into_owned();
        for line in more {
            text.push(' ');
            text.push_str(frame::without_prompt(&self.lines[line].text));
        }
        Scalar::rewritten(text.trim_end().to_owned(), first.span.to(self.line_span(last)))
    }

    /// `range` of the line at `index` as a scalar; verbatim unless an escape sequence stands inside.
    pub(super) fn scalar(&self, index: usize, range: Range<usize>) -> Scalar<'t> {
        let line = &self.lines[index];
        let place = line.place(range.clone());
        if place.len() == range.len() {
            Scalar::slice(self.source, self.text, place)
        } else {
            let span = Span::new(self.source, place.start, place.end);
            Scalar::rewritten(line.text[range].to_owned(), span)
        }
    }
}

impl<'t> Line<'t> {
    fn new(text: &'t str, range: Range<usize>, is_html: bool) -> Line<'t> {
        let (clean, cuts) = without_marks(&text[range.clone()], is_html);
        let (quote, lead) = quote(&clean);
        let (body, bullet) = body(&clean, lead);
        let shape = shape(&clean, lead, body);
        Line { start: range.start, text: clean, cuts, quote, lead, body, bullet, shape }
    }

    /// The label, where the line has one.
    pub(super) fn label(&self) -> Option<&Label> {
        match &self.shape {
            Shape::Label(label) => Some(label),
            _ => None,
        }
    }

    /// The text behind the quoting marks.
    pub(super) fn content(&self) -> &str {
        &self.text[self.lead..]
    }

    /// The cells from the label's first character to its colon.
    pub(super) fn column(&self, label: &Label) -> usize {
        cells(&self.text[label.name.start..label.colon])
    }

    /// Where `range` of the text stands in the source, without the escape sequences at its ends.
    fn place(&self, range: Range<usize>) -> Range<usize> {
        let taken = |keep: &dyn Fn(&&Cut) -> bool| self.cuts.iter().filter(keep).map(|cut| cut.length).sum::<usize>();
        let start = self.start + range.start + taken(&|cut| cut.at <= range.start);
        let end = self.start + range.end + taken(&|cut| cut.at < range.end);
        start..end.max(start)
    }
}

/// What PowerShell puts before the lines of its other streams.
const STREAMS: &[&str] = &["WARNING", "VERBOSE", "DEBUG"];

fn shape(text: &str, lead: usize, body: usize) -> Shape {
    let trimmed = text[lead..].trim_matches(is_blank);
    if trimmed.is_empty() {
        Shape::Blank
    } else if let Some(label) = label(text, body) {
        let is_message = label.tight && STREAMS.contains(&&text[label.name.clone()]);
        if is_message { Shape::Barrier } else { Shape::Label(label) }
    } else if let Some(command) = prompt::command(text, body) {
        Shape::Prompt(command)
    } else if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
        Shape::Barrier
    } else if is_rule(trimmed, '*') {
        Shape::Stars
    } else if ['-', '=', '_', '~'].iter().any(|mark| is_rule(trimmed, *mark)) {
        Shape::Barrier
    } else if is_elision(trimmed) {
        Shape::Elision
    } else {
        Shape::Other
    }
}

/// The label that the body begins with: a property name, padding, and a colon with a blank behind it.
///
/// Names of Exchange properties are ASCII letters and digits. `InternalUrl:https://…` is taken too, since the line must
/// not be lost.
fn label(text: &str, body: usize) -> Option<Label> {
    let rest = &text[body..];
    if !rest.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let padding = leading(&rest[length..]);
    let colon = length + padding;
    let behind = rest[colon..].strip_prefix(':')?;
    let next = behind.chars().next();
    if next.is_some_and(|next| !is_blank(next)) && !is_internal_url(&rest[..length]) {
        return None;
    }
    let tab = next == Some('\t') || rest[length..colon].contains('\t');
    Some(Label { name: body..body + length, colon: body + colon, tight: padding == 0, tab })
}

/// Whether the name is that of the one property that must never be lost.
pub(super) fn is_internal_url(name: &str) -> bool {
    name.eq_ignore_ascii_case("InternalUrl")
}

/// Whether the name is that of a property that makes an object of one line.
pub(super) fn is_url(name: &str) -> bool {
    is_internal_url(name) || name.eq_ignore_ascii_case("ExternalUrl")
}

fn is_rule(text: &str, mark: char) -> bool {
    text.starts_with(mark)
        && text.chars().filter(|it| *it == mark).count() >= 3
        && text.chars().all(|it| it == mark || it == ' ')
}

fn is_elision(text: &str) -> bool {
    let dots = text.contains("..") || text.contains('\u{2026}');
    let bare = text.trim_matches(['.', '\u{2026}', '[', ']', '<', '>', '(', ')', '-', ' ']);
    (dots && bare.is_empty()) || (bare.len() < text.len() && bare.eq_ignore_ascii_case("snip"))
}

/// Whether a line that is in no object seems to give `InternalUrl` a value, behind whatever marks.
pub(super) fn seems_internal_url(line: &Line<'_>) -> bool {
    let is_mark = |it: char| is_blank(it) || it.is_ascii_punctuation() || it.is_ascii_digit() || !it.is_ascii();
    let text = line.text.trim_start_matches(is_mark);
    let name = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let behind = text[name..].trim_start_matches("&nbsp;").trim_start_matches(is_blank);
    let behind = behind.trim_start_matches("&nbsp;");
    is_internal_url(&text[..name]) && behind.starts_with([':', '\u{ff1a}'])
}
