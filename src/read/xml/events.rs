//! The events of an XML file made into elements, with the checks of well-formedness that the parser leaves to others.

use std::ops::Range;

use quick_xml::events::Event;
use quick_xml::reader::Reader;

use super::fault::{Fault, first_forbidden, forbidden, short};
use super::passing::{Initials, Passed};
use super::plain::{self, Kind, Pair};
use super::tag::{Cursor, begins_doctype, is_blank, is_name, reference_at};
use super::{Attribute, Attributes, Element, ElementId, XmlDocument, beginning};
use crate::read::problem::Problem;
use crate::text::scalar::Scalar;
use crate::text::span::{SourceId, Span};

/// How deep elements may nest; applicationHost.config has some ten levels.
const MAX_DEPTH: usize = 128;

/// How many bytes of a file there are for each of its elements, to begin with.
const BYTES_OF_ELEMENT: usize = 48;
/// For how many elements there is room at most before they are read.
const MOST_EXPECTED: usize = 1024;

/// Every element up to the first fault but those that are passed over, and that fault.
pub(super) fn read<'t>(text: &'t str, source: SourceId, passed: &Passed) -> (XmlDocument<'t>, Vec<Problem>) {
    let start = beginning(text);
    let elements = Vec::with_capacity((text.len() / BYTES_OF_ELEMENT).min(MOST_EXPECTED));
    let (open, pairs) = (Vec::new(), Vec::new());
    let mut reading =
        Reading { text, source, passed: *passed, initials: passed.initials(), start, at: start, elements, open, pairs };
    let Err(fault) = reading.run() else {
        return (XmlDocument { elements: reading.elements, complete: true, cut: Vec::new() }, Vec::new());
    };
    let mut cut = reading.abandon();
    if fault.refuses_file() {
        reading.elements.clear();
        cut.clear();
    }
    (XmlDocument { elements: reading.elements, complete: false, cut }, vec![fault.into_problem(source)])
}

/// A parser of a text that says where markup ends, and judges nothing.
fn parser(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    reader
}

struct Reading<'t> {
    text: &'t str,
    source: SourceId,
    passed: Passed,
    /// What the names of elements may begin with that are passed over.
    initials: Initials,
    /// Where the text begins: behind a byte order mark.
    start: usize,
    /// Where the event that is looked at begins.
    at: usize,
    elements: Vec<Element<'t>>,
    /// The elements whose end tag is still to come, the outermost first.
    open: Vec<Open>,
    /// Room for the attributes of a plain tag.
    pairs: Vec<Pair>,
}

/// An element whose end tag is still to come.
struct Open {
    id: ElementId,
    /// Whether elements directly inside it may be passed over, if that was asked.
    passes: Option<bool>,
}

impl<'t> Reading<'t> {
    /// Reads to the end of the file or to the first fault.
    ///
    /// The parser is only asked where each piece of markup ends. It takes a truncated file for a whole one, and tags
    /// for whatever stands between `<` and `>`; what is in the pieces is checked here.
    fn run(&mut self) -> Result<(), Fault> {
        let text = self.text;
        if text[self.start..].starts_with('\u{feff}') {
            return Err(Fault::new(self.start..self.start + 3, "a second byte order mark stands here"));
        }
        let bad = first_forbidden(text).unwrap_or(usize::MAX);
        let sound = &text.as_bytes()[..bad.min(text.len())];
        let (mut reader, mut from) = (parser(&text[self.start..]), self.start);
        loop {
            if let Some(end) = self.sound_run(sound) {
                (reader, from) = (parser(&text[end..]), end);
            }
            if begins_doctype(&text[self.at..]) {
                return Err(Fault::doctype(self.at));
            }
            let event = reader.read_event().map_err(|_| self.unended())?;
            let end = from + reader.buffer_position() as usize;
            if bad < end {
                return Err(forbidden(text, bad));
            }
            if matches!(event, Event::Eof) {
                return self.finish();
            }
            self.take(&event, end)?;
            self.at = end;
        }
    }

    fn take(&mut self, event: &Event<'t>, end: usize) -> Result<(), Fault> {
        match event {
            Event::Start(_) => {
                let id = self.start_tag(end, self.at + 1..end - 1)?;
                self.open.push(Open { id, passes: None });
                Ok(())
            }
            Event::Empty(_) => self.start_tag(end, self.at + 1..end - 2).map(|_| ()),
            Event::End(_) => self.end_tag(end),
            Event::Text(_) => self.check_text(end),
            Event::GeneralRef(_) => {
                self.check_inside(self.at..end)?;
                reference_at(self.text, self.at, end).map(|_| ())
            }
            Event::CData(_) => self.check_inside(self.at..self.at + "<![CDATA[".len()),
            Event::Comment(_) => self.check_comment(end),
            Event::Decl(_) => self.check_declaration(end),
            Event::PI(_) => self.check_instruction(end),
            Event::DocType(_) | Event::Eof => Ok(()),
        }
    }

    /// Goes over what is sound beyond doubt and begins here, which needs no parser; gives where it ends.
    fn sound_run(&mut self, sound: &'t [u8]) -> Option<usize> {
        let start = self.at;
        while let Some(end) = self.pass_over(sound).or_else(|| self.plain_tag(sound)) {
            self.at = end;
        }
        (self.at != start).then_some(self.at)
    }

    /// Where the elements end that begin here and that nobody asks about.
    fn pass_over(&mut self, sound: &[u8]) -> Option<usize> {
        let text = sound.get(self.at..).filter(|text| text.get(1).is_some_and(|it| self.initials.may_have(*it)))?;
        let holder = self.open.last()?;
        if holder.passes == Some(false) || !self.passed.may_begin(text) || self.open.len() == MAX_DEPTH {
            return None;
        }
        let passes = holder.passes.unwrap_or_else(|| {
            let names: Vec<&str> = self.open.iter().map(|it| self.name_of(it)).collect();
            (self.passed.inside)(&names)
        });
        self.open.last_mut()?.passes = Some(passes);
        let length = self.passed.run(text).filter(|_| passes)?;
        Some(self.at + length)
    }

    /// Takes the tag that begins here if it is a plain one, and gives where the text behind it ends.
    fn plain_tag(&mut self, sound: &[u8]) -> Option<usize> {
        if self.passed.is_nothing() || sound.get(self.at) != Some(&b'<') {
            return None;
        }
        let tag = plain::tag(sound, self.at, &mut self.pairs)?;
        // What stands outside of a root is checked elsewhere, and so is what nests too deep.
        match (tag.kind, self.open.len()) {
            (_, MAX_DEPTH) | (Kind::End, ..=1) | (Kind::Empty, 0) => return None,
            (Kind::End, _) => {
                let open =
                    self.open.pop_if(|it| *self.elements[it.id.0 as usize].name.text == self.text[tag.name.clone()])?;
                self.close(open.id, tag.end);
            }
            (Kind::Start | Kind::Empty, _) => {
                let slice = |range: &Range<usize>| Scalar::slice(self.source, self.text, range.clone());
                let attribute = |(name, value): &Pair| Attribute { name: slice(name), value: slice(value) };
                let attributes = Attributes::of(&self.pairs, attribute);
                let id = self.add(slice(&tag.name), tag.end, attributes);
                if tag.kind == Kind::Start {
                    self.open.push(Open { id, passes: None });
                }
            }
        }
        Some(tag.next)
    }

    fn name_of(&self, open: &Open) -> &str {
        &self.elements[open.id.0 as usize].name.text
    }

    /// Adds the element whose start tag ends at `end`.
    fn start_tag(&mut self, end: usize, inside: Range<usize>) -> Result<ElementId, Fault> {
        let mut cursor = Cursor::new(self.text, self.source, inside);
        let name = cursor.name()?;
        if self.open.len() == MAX_DEPTH {
            return Err(Fault::new(name.span.range(), format!("elements nest deeper than {MAX_DEPTH} elements here")));
        }
        let attributes = cursor.attributes()?;
        Ok(self.add(name, end, attributes.into()))
    }

    fn add(&mut self, name: Scalar<'t>, end: usize, attributes: Attributes<'t>) -> ElementId {
        let span = Span::new(self.source, self.at, end);
        let id = self.elements.len() as u32;
        let (parent, depth) = (self.open.last().map(|it| it.id), self.open.len() as u32);
        self.elements.push(Element { name, tag: span, span, parent, depth, next: ElementId(id + 1), attributes });
        ElementId(id)
    }

    fn end_tag(&mut self, end: usize) -> Result<(), Fault> {
        let name = self.text[self.at + 2..end - 1].trim_end_matches(is_blank);
        let open = self.open.last().map(|it| &self.elements[it.id.0 as usize].name);
        if open.is_some_and(|it| it.text == name) {
            if let Some(it) = self.open.pop() {
                self.close(it.id, end);
            }
            return Ok(());
        }
        let end_tag = self.at..end;
        match open {
            None => Err(Fault::new(end_tag, "this end tag closes nothing")),
            Some(open) if self.open.iter().any(|it| self.name_of(it) == name) => {
                let (open_name, name) = (short(&open.text), short(name));
                let message = format!("`<{open_name}>` is never closed: the next end tag is `</{name}>`");
                Err(Fault::new(open.span.range(), message))
            }
            Some(open) => {
                let message = format!("this end tag does not close `<{}>`", short(&open.text));
                Err(Fault::new(end_tag, message))
            }
        }
    }

    fn close(&mut self, id: ElementId, end: usize) {
        let next = ElementId(self.elements.len() as u32);
        let element = &mut self.elements[id.0 as usize];
        element.next = next;
        element.span = Span::new(self.source, element.tag.start as usize, end);
    }

    /// Text may hold anything inside a root but `]]>`, and outside only blanks.
    fn check_text(&self, end: usize) -> Result<(), Fault> {
        let piece = &self.text[self.at..end];
        if self.open.is_empty() {
            let stray = piece.trim_start_matches(is_blank);
            let start = end - stray.len();
            let line = stray.lines().next().unwrap_or_default().trim_end_matches(is_blank);
            return if stray.is_empty() { Ok(()) } else { self.check_inside(start..start + line.len()) };
        }
        let found = memchr::memchr(b']', piece.as_bytes()).and_then(|from| Some(from + piece[from..].find("]]>")?));
        match found {
            Some(found) => {
                let found = self.at + found;
                Err(Fault::new(found..found + 3, "`]]>` stands in a text, and no CDATA section ends here"))
            }
            None => Ok(()),
        }
    }

    /// What is not markup stands inside a root.
    fn check_inside(&self, range: Range<usize>) -> Result<(), Fault> {
        if self.open.is_empty() { Err(Fault::new(range, "text stands outside of any element")) } else { Ok(()) }
    }

    fn check_comment(&self, end: usize) -> Result<(), Fault> {
        // Of the closing `-->` the first hyphen is looked at too: a comment cannot end in `--->`.
        let within = self.at + "<!--".len()..end - "->".len();
        match self.text[within.clone()].find("--").map(|found| within.start + found) {
            Some(found) => Err(Fault::new(found..found + 2, "`--` stands inside a comment")),
            None => Ok(()),
        }
    }

    /// The declaration stands at the very beginning. What it says of the encoding is not asked: the file is decoded.
    fn check_declaration(&self, end: usize) -> Result<(), Fault> {
        let keyword = self.at..self.at + "<?xml".len();
        if self.at != self.start {
            return Err(Fault::new(keyword, "an XML declaration stands here and not at the beginning of the file"));
        }
        let attributes = Cursor::new(self.text, self.source, keyword.end..end - "?>".len()).attributes()?;
        let mut names = attributes.iter().map(|it| &*it.name.text).peekable();
        let mut next_is = |name: &str| names.next_if_eq(&name).is_some();
        let has_version = next_is("version");
        next_is("encoding");
        next_is("standalone");
        if has_version && names.next().is_none() {
            Ok(())
        } else {
            Err(Fault::new(keyword, "this XML declaration does not consist of version, encoding and standalone"))
        }
    }

    fn check_instruction(&self, end: usize) -> Result<(), Fault> {
        let within = self.at + "<?".len()..end - "?>".len();
        let target = self.text[within].split(is_blank).next().unwrap_or_default();
        if is_name(target) && !target.eq_ignore_ascii_case("xml") {
            Ok(())
        } else {
            let range = self.at..self.at + "<?".len() + target.len();
            Err(Fault::new(range, "this begins no processing instruction"))
        }
    }

    fn finish(&mut self) -> Result<(), Fault> {
        if let Some(open) = self.open.last() {
            let name = &self.elements[open.id.0 as usize].name;
            let message = format!("`<{}>` is never closed: the file ends inside it", short(&name.text));
            return Err(Fault::new(name.span.range(), message));
        }
        if self.elements.is_empty() {
            return Err(Fault::new(0..0, "there is no element in this file"));
        }
        Ok(())
    }

    /// Ends the open elements where the fault ended the reading, and gives them.
    fn abandon(&mut self) -> Vec<ElementId> {
        let open: Vec<ElementId> = std::mem::take(&mut self.open).into_iter().map(|it| it.id).collect();
        for id in &open {
            self.close(*id, self.at);
        }
        open
    }

    /// What is wrong where the parser found no end of the markup that begins at `at`.
    fn unended(&self) -> Fault {
        const OPENINGS: [(&str, &str); 5] = [
            ("<!--", "this comment is never closed"),
            ("<![CDATA[", "this CDATA section is never closed"),
            ("<!", "this begins neither a comment nor a CDATA section"),
            ("<?", "this processing instruction is never closed"),
            ("</", "this end tag is never closed"),
        ];
        let rest = &self.text[self.at..];
        let opening = OPENINGS.iter().find(|(opening, _)| rest.starts_with(opening));
        match opening {
            Some((opening, message)) => Fault::new(self.at..self.at + opening.len(), *message),
            None if rest.starts_with('&') => Fault::new(self.at..self.at + 1, "this `&` begins no reference"),
            None => self.unended_tag(),
        }
    }

    /// A tag that has no `>`, or whose `>` stands in quotes that nobody meant to open.
    fn unended_tag(&self) -> Fault {
        let start = self.at + 1;
        let end = self.text.strip_suffix('/').unwrap_or(self.text).len().max(start);
        let mut cursor = Cursor::new(self.text, self.source, start..end);
        let name = cursor.name();
        match name {
            Err(fault) if !cursor.is_at_end() => fault,
            Err(_) => Fault::new(self.at..start, "the file ends inside this tag"),
            Ok(name) => match cursor.attributes() {
                Err(fault) if !cursor.is_at_end() => fault,
                _ => Fault::new(name.span.range(), "the file ends inside this tag"),
            },
        }
    }
}
