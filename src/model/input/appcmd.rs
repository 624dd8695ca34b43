//! Output of appcmd: what a session printed below its commands, as a part of the configuration that was in force.
//!
//! `list config PATH` shows the configuration that is effective at that path, by default only what is explicitly set;
//! `list site` and its like show one object a line, with its name and its most important properties
//! (<https://learn.microsoft.com/en-us/iis/get-started/getting-started-with-iis/getting-started-with-appcmdexe>).

mod command;
mod object;
#[cfg(test)]
mod tests;

use crate::model::iis::{Iis, Printed};
use crate::model::input::appcmd::command::{Asked, asked};
use crate::model::input::appcmd::object::{OPENS_NAME, is_object, take_element, take_line};
use crate::model::input::text::{contains_word, mentions_vdirs};
use crate::model::input::{Content, Input};
use crate::model::site::{Listing, Sites};
use crate::read::problem::{Problem, ProblemKind};
use crate::read::xml;
use crate::text::span::{SourceId, Span};

const MIXED: &str = "other exports stand in the same file, and nothing of it was read";
const NO_PATH: &str = "no path is named, so it is not known what this holds for";

/// Reads text in which appcmd was asked or answers; `None` if it is something else.
pub(super) fn read_appcmd(id: SourceId, text: &str) -> Option<Input> {
    if !text.contains(OPENS_NAME) && !contains_word(text, "appcmd") {
        return None;
    }
    let first = lines(text).find(|line| is_object(line.text) || is_asked(line.text))?;
    let place = first.span(id);
    if mentions_vdirs(text) || contains_word(text, "HKEY_") {
        return Some(Input::refused(id, "appcmd", Problem::new(ProblemKind::AppcmdOutput, place, MIXED)));
    }
    let mut session = Session::new(id, text.len());
    for line in lines(text) {
        session.take(&line);
    }
    Some(session.end(text, place))
}

/// Reads what appcmd prints with `/xml`, where nothing else stands in the file.
pub(super) fn read_appcmd_xml(id: SourceId, text: &str, place: Span) -> Input {
    let mut session = Session::new(id, text.len());
    session.xml.push_str(text);
    session.end(text, place)
}

fn is_asked(line: &str) -> bool {
    contains_word(line, "appcmd") && contains_word(line, " list ")
}

/// One line without its blanks, and where it begins.
struct Line<'t> {
    at: usize,
    text: &'t str,
    whole: &'t str,
}

impl Line<'_> {
    fn span(&self, id: SourceId) -> Span {
        Span::new(id, self.at, self.at + self.text.len())
    }
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut offset = 0;
    text.split_inclusive(['\n', '\r']).map(move |whole| {
        let at = offset + whole.len() - whole.trim_start().len();
        offset += whole.len();
        Line { at, text: whole.trim(), whole }
    })
}

/// A session while its lines are read.
struct Session {
    id: SourceId,
    /// Whether the command that was read last was refused, and so is what stands below it.
    refused: bool,
    /// The text with a blank for every byte that is no XML, so that places in it are places in the file.
    xml: String,
    printed: Vec<Printed>,
    listing: Listing,
    problems: Vec<Problem>,
    other: Option<(Span, usize)>,
    /// How many elements and tags of the XML are open.
    open: usize,
}

impl Session {
    fn new(id: SourceId, length: usize) -> Session {
        Session {
            id,
            refused: false,
            xml: String::with_capacity(length),
            printed: Vec::new(),
            listing: Listing::default(),
            problems: Vec::new(),
            other: None,
            open: 0,
        }
    }

    fn take(&mut self, line: &Line<'_>) {
        if self.take_text(line) {
            self.xml.push_str(line.whole);
            self.open = still_open(line.text, self.open);
        } else {
            self.xml.extend(std::iter::repeat_n(' ', line.whole.len()));
        }
    }

    /// Whether a line is XML; one that is not is taken in.
    fn take_text(&mut self, line: &Line<'_>) -> bool {
        if line.text.is_empty() {
            return false;
        }
        if !line.text.starts_with('<') && contains_word(line.text, "appcmd") {
            self.ask(line);
        } else if line.text.starts_with("ERROR (") {
            let problem = Problem::new(ProblemKind::AppcmdFailed, line.span(self.id), "appcmd says that it failed");
            self.problems.push(problem);
        } else if is_object(line.text) {
            if !take_line(self.id, line.at, line.text, &mut self.listing) {
                let message = "this line of appcmd is cut off, or has a form that is not known";
                self.problems.push(Problem::new(ProblemKind::AppcmdLineUnread, line.span(self.id), message));
            }
        } else if line.text.starts_with("<?xml") && line.text.ends_with("?>") {
            self.open = 0;
        } else if line.text.starts_with('<') || self.open > 0 {
            return !self.refused;
        } else {
            let (_, count) = self.other.get_or_insert((line.span(self.id), 0));
            *count += 1;
        }
        false
    }

    fn ask(&mut self, line: &Line<'_>) {
        (self.refused, self.open) = (true, 0);
        let refuse = |message: &str| Problem::new(ProblemKind::AppcmdOutput, line.span(self.id), message);
        match asked(self.id, line.at, line.text) {
            Asked::Config(path) => {
                self.refused = false;
                self.printed.push(Printed { from: line.at + line.text.len(), path });
            }
            Asked::Objects => self.refused = false,
            Asked::Server => self.problems.push(refuse(NO_PATH)),
            Asked::Unclear => self.problems.push(refuse("which path this names cannot be told from the command")),
            Asked::Else => {
                self.problems.push(refuse("this version reads `list` of config, sites, apps, vdirs and apppools"));
            }
        }
    }

    fn end(mut self, text: &str, place: Span) -> Input {
        debug_assert_eq!(text.len(), self.xml.len());
        if let Some((span, count)) = self.other {
            let more = if count > 1 { format!(", nor are {} more lines", count - 1) } else { String::new() };
            let message = format!("this is no output of appcmd{more}");
            self.problems.push(Problem::new(ProblemKind::AppcmdOtherText, span, message));
        }
        let (document, faults) = xml::read(&self.xml, self.id);
        if !self.xml.trim().is_empty() {
            self.problems.extend(faults);
        }
        for root in document.roots() {
            let element = document.get(root);
            if element.local_name() == "appcmd" {
                for child in document.children(root) {
                    self.problems.extend(take_element(document.get(child), &mut self.listing));
                }
            } else if self.printed.first().is_none_or(|it| it.from > element.tag.start as usize) {
                self.problems.push(Problem::new(ProblemKind::AppcmdOutput, element.name.span, NO_PATH));
            }
        }
        let sites = Sites::listed(std::mem::take(&mut self.listing), &self.printed);
        let complete = document.complete || self.xml.trim().is_empty();
        let (iis, found) = Iis::printed(&document, complete, &self.printed, sites, place);
        self.problems.extend(found);
        if iis.is_empty() {
            if self.problems.is_empty() {
                self.problems.push(Problem::new(ProblemKind::AppcmdOutput, place, "appcmd printed nothing here"));
            }
            return Input::new(self.id, "appcmd", Content::Nothing, self.problems);
        }
        let message = "appcmd shows a part of what is in force, so what it does not show is not taken as its default";
        self.problems.push(Problem::new(ProblemKind::IisFragment, place, message));
        Input::new(self.id, "appcmd", Content::Iis(Box::new(iis)), self.problems)
    }
}

/// How many elements and tags are open behind a line of XML.
fn still_open(line: &str, before: usize) -> usize {
    let mut open = before;
    for (at, _) in line.match_indices(['<', '>']) {
        let (head, tail) = line.split_at(at);
        open = match () {
            () if tail.starts_with("</") => open.saturating_sub(1),
            () if tail.starts_with("<!") || tail.starts_with("<?") => open,
            () if tail.starts_with('<') => open + 1,
            () if head.ends_with('/') => open.saturating_sub(1),
            () => open,
        };
    }
    open
}
