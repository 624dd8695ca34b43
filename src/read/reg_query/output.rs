//! The output line by line: which key a value belongs to, and where output ends that proves what is not there.

use std::ops::Range;

use crate::read::problem::{Problem, ProblemKind};
use crate::read::reg::{Data, Extent, KeyPath, Operation, RegDocument, ValueName, is_root, key_path};
use crate::read::reg_query::command::{self, Asked, Command, Console};
use crate::read::reg_query::{NOT_FOUND, lines, value};
use crate::text::scalar::Scalar;
use crate::text::span::{SourceId, Span};

pub(super) fn read(text: &str, source: SourceId) -> (RegDocument<'_>, Vec<Problem>) {
    let mut reader = Reader {
        text,
        source,
        document: RegDocument::default(),
        problems: Vec::new(),
        command: None,
        shown: Vec::new(),
        place: Place::Outside,
        asked_first: None,
        has_default: false,
    };
    for line in lines(text) {
        reader.line(line);
    }
    if reader.place != Place::Outside {
        reader.doubt();
    }
    (reader.document, reader.problems)
}

/// The path of a key that stands by itself on a line, without the computer that may stand before it.
pub(super) fn heading(text: &str, line: Range<usize>) -> Option<(Option<Range<usize>>, Range<usize>)> {
    let written = &text[line.clone()];
    let trimmed = written.trim_matches([' ', '\t']);
    let start = line.start + written.len() - written.trim_start_matches([' ', '\t']).len();
    let whole = start..start + trimmed.len();
    let host = trimmed.strip_prefix("\\\\").and_then(|rest| rest.split_once('\\'));
    let computer = host.map(|(host, _)| start + 2..start + 2 + host.len());
    let path = host.map_or(whole.clone(), |(_, path)| whole.end - path.len()..whole.end);
    let (root, _) = text[path.clone()].split_once('\\')?;
    let is_root = root.starts_with("HKEY_") && is_root(root);
    is_root.then_some((computer, path))
}

/// Where the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Not in the output of a key.
    Outside,
    /// Below a command, where an error would stand.
    BelowCommand,
    /// Below a key, indented by so many blanks.
    InKey(usize),
    /// Below a key of another computer than the first.
    InOther,
}

struct Reader<'t> {
    text: &'t str,
    source: SourceId,
    document: RegDocument<'t>,
    problems: Vec<Problem>,
    /// The command whose output this is.
    command: Option<Command<'t>>,
    /// The operations that show keys of this output, whose extent is to be taken back if a line cannot be read.
    shown: Vec<usize>,
    place: Place,
    /// The computer that the first output is of, empty where it is the one that asks; `None` before any output.
    asked_first: Option<String>,
    /// Whether the key has its default value already.
    has_default: bool,
}

impl<'t> Reader<'t> {
    fn line(&mut self, line: Range<usize>) {
        let written = &self.text[line.clone()];
        if written.trim().is_empty() {
            if self.place != Place::BelowCommand {
                self.place = Place::Outside;
            }
            return;
        }
        let indent = if let Place::InKey(indent) = self.place { indent } else { 0 };
        if let Some(columns) = value::columns(self.text, line.clone(), indent) {
            self.value(line, columns);
        } else if let Some((computer, path)) = heading(self.text, line.clone()) {
            self.key(line, computer, path);
        } else {
            self.other(line);
        }
    }

    fn key(&mut self, line: Range<usize>, computer: Option<Range<usize>>, path: Range<usize>) {
        let written = &self.text[line.clone()];
        let indent = written.len() - written.trim_start_matches([' ', '\t']).len();
        let place = line.start + indent..line.start + written.trim_end().len();
        let span = Span::new(self.source, place.start, place.end);
        let Some(path) = key_path(Scalar::slice(self.source, self.text, path), span) else { return };
        let printed = computer.map(|range| Scalar::slice(self.source, self.text, range));
        let computer = printed.or_else(|| self.command.as_ref().and_then(|command| command.computer.clone()));
        if !self.is_first_computer(computer) {
            if self.place != Place::InOther {
                let message = "this key is of another computer than the first one of the file";
                self.problem(ProblemKind::RegOtherComputer, place, message);
            }
            self.place = Place::InOther;
            return;
        }
        let extent = self.extent(&path);
        if extent == Extent::Tree && self.shown.is_empty() {
            self.whole_tree(&path);
        }
        self.shown.push(self.document.operations.len());
        self.document.operations.push(Operation::ShowKey { path, extent });
        self.place = Place::InKey(indent);
        self.has_default = false;
    }

    fn is_first_computer(&mut self, computer: Option<Scalar<'t>>) -> bool {
        let name = computer.as_ref().map_or_else(String::new, |it| it.text.to_lowercase());
        let first = self.asked_first.get_or_insert_with(|| name.clone());
        let is_first = *first == name;
        if is_first && self.document.computer.is_none() {
            self.document.computer = computer.filter(|it| it.text.parse::<std::net::IpAddr>().is_err());
        }
        is_first
    }

    fn extent(&self, path: &KeyPath<'t>) -> Extent {
        let Some(Command { path: Some(asked_for), asked, .. }) = &self.command else { return Extent::Part };
        let (key, below) = (asked_for.path.text.to_lowercase(), path.path.text.to_lowercase());
        let is_below = below.strip_prefix(&key).is_some_and(|rest| rest.starts_with('\\'));
        asked.extent(key == below, is_below)
    }

    /// `/s` shows all that is below the key that was asked for, also where that key has nothing to print itself.
    fn whole_tree(&mut self, first: &KeyPath<'t>) {
        let asked_for = self.command.as_ref().and_then(|command| command.path.clone());
        if let Some(path) = asked_for.filter(|it| !it.path.is(&first.path.text)) {
            self.shown.push(self.document.operations.len());
            self.document.operations.push(Operation::ShowKey { path, extent: Extent::Tree });
        }
    }

    fn value(&mut self, line: Range<usize>, columns: value::Columns) {
        match self.place {
            Place::InKey(_) => {}
            Place::InOther => return,
            Place::Outside | Place::BelowCommand => {
                return self.unread(line, "this value stands below no key");
            }
        }
        let name = &self.text[columns.name.clone()];
        if name != name.trim() || name.is_empty() {
            return self.unread(line, "the columns of this line are not those of `reg query`");
        }
        let is_in_brackets = |text: &str| text.starts_with('(') && text.ends_with(')');
        let is_default = !self.has_default && (is_in_brackets(name) || name == "<NO NAME>");
        self.has_default |= is_default;
        let range = columns.data.clone();
        if is_default && columns.kind == 1 && is_in_brackets(self.text[range.clone()].trim()) {
            return;
        }
        let Some(data) = value::data(self.text, self.source, columns.kind, range.clone()) else {
            return self.unread(line, "the data is not written as `reg query` writes data of this type");
        };
        let name = Scalar::slice(self.source, self.text, columns.name);
        let name = if is_default { Scalar::rewritten("", name.span) } else { name };
        self.set(ValueName { name }, data, Span::new(self.source, range.start, range.end));
    }

    fn set(&mut self, name: ValueName<'t>, data: Data<'t>, data_span: Span) {
        self.document.operations.push(Operation::SetValue { name, data, data_span });
    }

    /// A line that is neither a key nor a value.
    fn other(&mut self, line: Range<usize>) {
        match command::read(self.text, self.source, line.clone()) {
            Console::Query(command) => {
                self.finish();
                self.command = Some(command);
                self.place = Place::BelowCommand;
            }
            Console::Prompt => self.finish(),
            Console::Other if self.text[line.clone()].trim() == NOT_FOUND => self.not_found(line),
            Console::Other => match self.place {
                Place::InKey(_) => {
                    self.unread(line, "this line is neither a key nor a value, and may belong to the value above");
                }
                Place::BelowCommand => {
                    let message = "this stands where `reg query` prints an error, and does not show what is there";
                    self.problem(ProblemKind::RegQueryFailed, line, message);
                    self.finish();
                }
                Place::Outside => self.command = None,
                Place::InOther => {}
            },
        }
    }

    /// The output of a command has ended, and none of it was in doubt.
    fn finish(&mut self) {
        self.command = None;
        self.shown.clear();
        self.place = Place::Outside;
    }

    /// The message that says that what was asked for is not there; it says nothing where a choice was asked for.
    fn not_found(&mut self, line: Range<usize>) {
        let is_below = self.place == Place::BelowCommand;
        let command = self.command.take().filter(|_| is_below);
        self.finish();
        let computer = command.as_ref().and_then(|command| command.computer.clone());
        let asked = command.and_then(|command| command.path.map(|path| (path, command.asked)));
        let name = match asked {
            Some((path, Asked::Level | Asked::Tree)) => Some((path, None)),
            Some((path, Asked::Value(name))) => Some((path, Some(name))),
            Some((_, Asked::Some)) | None => None,
        };
        let Some((mut path, name)) = name else {
            let message = "nothing above says which key or value was not found";
            return self.problem(ProblemKind::RegQueryFailed, line, message);
        };
        if !self.is_first_computer(computer) {
            let message = "this is said of another computer than the first one of the file";
            return self.problem(ProblemKind::RegOtherComputer, line, message);
        }
        path.line = Span::new(self.source, line.start, line.end);
        self.document.operations.push(Operation::Absent { path, name });
    }

    /// A line of the output that could not be read: what is not in the output may have been in that line.
    fn unread(&mut self, line: Range<usize>, message: &str) {
        let written = &self.text[line.clone()];
        let start = line.start + written.len() - written.trim_start().len();
        self.problem(ProblemKind::RegQueryUnread, start..line.start + written.trim_end().len(), message);
        self.doubt();
    }

    /// Takes back what the output was to prove of what it does not print.
    fn doubt(&mut self) {
        for at in self.shown.drain(..) {
            if let Some(Operation::ShowKey { extent, .. }) = self.document.operations.get_mut(at) {
                *extent = Extent::Part;
            }
        }
        self.command = None;
    }

    fn problem(&mut self, kind: ProblemKind, range: Range<usize>, message: &str) {
        self.problems.push(Problem::new(kind, Span::new(self.source, range.start, range.end), message));
    }
}
