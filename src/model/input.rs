//! Inputs: what each file of a snapshot is, told by its content, and what was read from it.

mod appcmd;
mod baseline;
mod configuration;
mod csv;
mod exports;
mod foreign;
mod json;
mod names;
mod objects;
mod registry;
mod streamed;
mod text;

use memchr::memmem;

use crate::model::iis::{Iis, Piece, WebConfig};
use crate::model::input::appcmd::read_appcmd;
use crate::model::input::baseline::read_baseline;
pub use crate::model::input::configuration::NOTHING_OF_OURS;
use crate::model::input::configuration::read_xml;
pub(crate) use crate::model::input::registry::report_control_set;
use crate::model::input::text::{file_name, read_text};
use crate::model::setting::Settings;
use crate::model::vdir::ObjectKind;
use crate::read::problem::{Problem, ProblemKind};
use crate::read::reg::{self, RegDocument, Wanted};
use crate::read::tally::LeftOut;
use crate::read::xml::{self};
use crate::text::decode::Encoding;
use crate::text::origin::Unread;
use crate::text::scalar::Text;
use crate::text::seam::Seam;
use crate::text::source::{Begun, Source};
use crate::text::span::{SourceId, Span};

/// One file of the snapshot.
#[derive(Debug)]
pub struct Input {
    /// The source.
    pub source: SourceId,
    /// What kind of file it is: `format-list`, `iis-application-host`, `registry`, …
    pub format: &'static str,
    /// How much of it was used.
    pub status: Status,
    /// Why it was not read, or not wholly.
    pub reason: Option<String>,
    /// What was read.
    pub content: Content,
    /// What could not be read, or only with a reservation: of each kind the first ones.
    pub problems: Vec<Problem>,
    /// How many others there are.
    left_out: LeftOut,
}

/// How much of a file was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// All of it.
    Read,
    /// It has problems inside.
    PartlyRead,
    /// It was recognised, and could not be used.
    Refused,
    /// It holds nothing of ours.
    Ignored,
}

impl Status {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Status::Read => "read",
            Status::PartlyRead => "partly-read",
            Status::Refused => "refused",
            Status::Ignored => "ignored",
        }
    }
}

/// What a file holds.
#[derive(Debug)]
pub enum Content {
    /// Exported objects.
    Objects(Vec<Exported>),
    /// An applicationHost.config, or a part of one.
    Iis(Box<Iis>),
    /// What an applicationHost.config held, which the model of its server has now.
    Given {
        /// Whether nothing is concluded from it.
        is_unusable: bool,
    },
    /// A redirection.config that sends IIS to another folder, and where it says so.
    IisElsewhere(Span),
    /// A web.config, whose paths its place in the snapshot or the estate file says.
    WebConfig(Box<WebConfig>),
    /// A section of an IIS configuration by itself, which a web.config may name.
    Piece(Box<Piece>),
    /// A registry export, and the server that it names.
    Registry(RegDocument<'static>, Option<Text>),
    /// Nothing that the model takes.
    Nothing,
}

/// One exported object of interest.
#[derive(Debug)]
pub struct Exported {
    /// What it is.
    pub kind: ObjectKind,
    /// From its first name to the end of its last value; of XML the tag that opens it.
    pub span: Span,
    /// Its properties by name in lower case.
    pub settings: Settings,
    /// The server that it names.
    pub server: Option<Text>,
}

impl Input {
    /// Recognises and reads a source; of a registry file what is wanted.
    pub fn read(id: SourceId, source: &Source, wanted: &Wanted) -> Input {
        let mut input = recognise(id, source, wanted);
        if input.is_empty() && !input.format.starts_with("iis-") {
            input = configuration::named(input, source);
        }
        if input.format != "registry" {
            input.refuse_format_objects(source.text());
        }
        if input.status != Status::Ignored {
            input.problems.extend(text_problems(id, source));
        }
        input.settle();
        input
    }

    /// Reads a source as it comes: a large registry file part by part, anything else as a whole.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn open(id: SourceId, source: &Source, wanted: &Wanted) -> Result<Input, Unread> {
        let whole = match source.begin()? {
            Begun::Whole(whole) => whole,
            Begun::Parts(stream) => {
                if let Some(mut input) = streamed::read(id, source, stream, wanted) {
                    input.settle();
                    return Ok(input);
                }
                source.open()?
            }
        };
        Ok(Input::read(id, &whole, wanted))
    }

    /// A file that holds nothing of ours, and why.
    pub fn ignored(source: SourceId, format: &'static str, reason: impl Into<String>) -> Input {
        let reason = Some(reason.into());
        Input { status: Status::Ignored, reason, ..Input::new(source, format, Content::Nothing, Vec::new()) }
    }

    /// A file that could not be read, and why.
    pub fn unread(source: SourceId, unread: Unread) -> Input {
        let kind = if unread.is_too_large { ProblemKind::TooLarge } else { ProblemKind::UnreadableFile };
        let reason = Some(unread.message.clone());
        let problems = vec![Problem::new(kind, Span::file(source), unread.message)];
        Input { status: Status::Refused, reason, ..Input::new(source, "unknown", Content::Nothing, problems) }
    }

    fn new(source: SourceId, format: &'static str, content: Content, problems: Vec<Problem>) -> Input {
        let left_out = LeftOut::default();
        Input { source, format, status: Status::Read, reason: None, content, problems, left_out }
    }

    fn refused(source: SourceId, format: &'static str, problem: Problem) -> Input {
        Input::new(source, format, Content::Nothing, vec![problem])
    }

    /// Says of formatting instructions that they are no settings, whatever the shape they were exported in.
    fn refuse_format_objects(&mut self, text: &str) {
        if let Some(problem) = foreign::format_objects(self.source, text) {
            if self.status == Status::Ignored {
                *self = Input::refused(self.source, "other-export", problem);
            } else {
                self.problems.retain(|it| it.kind != ProblemKind::ShapeNotRead);
                self.problems.push(problem);
            }
        }
    }

    /// Sets a file aside that turned out to hold nothing of ours.
    pub(super) fn set_aside(&mut self, reason: &str) {
        *self = Input::ignored(self.source, self.format, reason);
    }

    /// Takes a section by itself as one that a web.config names.
    pub(super) fn use_piece(&mut self) {
        self.problems.retain(|problem| problem.kind != ProblemKind::IisUnplaced);
        (self.status, self.reason) = (Status::Read, None);
        self.settle();
    }

    /// Takes in problems that only the other files show, and sets the status anew.
    pub(super) fn take_problems(&mut self, problems: Vec<Problem>) {
        self.problems.extend(problems);
        self.settle();
    }

    /// Everything that is to be said of the file; of problems that are too many, how many there are.
    pub fn into_problems(self) -> Vec<Problem> {
        let Input { mut problems, left_out, .. } = self;
        left_out.tell(&mut problems);
        problems
    }

    /// Sets the status by what was read and what was not.
    fn settle(&mut self) {
        self.problems.sort_by_key(|problem| (problem.span, problem.kind));
        self.problems.dedup();
        self.left_out.bound(&mut self.problems);
        if self.status == Status::Ignored {
            return;
        }
        let faults: Vec<&Problem> =
            self.problems.iter().filter(|it| it.kind.row().severity == crate::finding::Severity::Error).collect();
        if let Some(first) = faults.first() {
            self.reason = Some(first.message.clone());
            self.status = if self.is_empty() { Status::Refused } else { Status::PartlyRead };
        }
    }

    fn is_empty(&self) -> bool {
        match &self.content {
            Content::Nothing | Content::Piece(_) => true,
            Content::WebConfig(config) => config.fault.is_some(),
            Content::Objects(objects) => objects.is_empty(),
            Content::Iis(iis) => iis.unusable.is_some(),
            Content::Given { is_unusable } => *is_unusable,
            Content::IisElsewhere(_) => true,
            Content::Registry(document, _) => document.operations.is_empty(),
        }
    }
}

fn recognise(id: SourceId, source: &Source, wanted: &Wanted) -> Input {
    let text = source.text();
    if source.encoding() == Encoding::Utf32 {
        let problem = Problem::new(ProblemKind::UnsupportedEncoding, Span::file(id), "the file is UTF-32");
        return Input::refused(id, "unknown", problem);
    }
    if text.trim().is_empty() {
        return empty(id, source);
    }
    if is_archive(source) {
        let message = "this is an archive, and what is in it was not read";
        return Input::refused(id, "archive", Problem::new(ProblemKind::ArchiveNotRead, Span::file(id), message));
    }
    if reg::claims(text) {
        let (document, problems) = reg::read_wanted(text, id, source.encoding(), wanted);
        return registry::registry(id, "registry", document, problems);
    }
    if let Some(input) = read_baseline(id, text) {
        return input;
    }
    if let Some(input) = registry::refused(id, text) {
        return input;
    }
    if xml::claims(text) {
        return read_xml(id, source, wanted);
    }
    if let Some(input) = json::read_json(id, source).or_else(|| csv::read_csv(id, source)) {
        return input;
    }
    read_appcmd(id, text).unwrap_or_else(|| read_text(id, text))
}

/// Whether a file is an archive by its name and by its first bytes; documents that are archives inside are none.
fn is_archive(source: &Source) -> bool {
    const ENDINGS: [&str; 6] = [".zip", ".7z", ".cab", ".gz", ".tgz", ".rar"];
    const MARKS: [&str; 5] = ["PK\u{3}\u{4}", "7z\u{bc}\u{af}", "MSCF", "\u{1f}\u{2039}", "Rar!"];
    let name = file_name(source.path());
    // Where its bytes look like UTF-16, two of them are one character, in the one order or in the other.
    let is_mark = |mark: &str| {
        let bytes: Vec<u32> = mark.chars().map(|it| if it == '\u{2039}' { 0x8b } else { u32::from(it) }).collect();
        let wide = |high: usize| -> String {
            let unit = |pair: &[u32]| char::from_u32(pair[high] << 8 | pair[1 - high]);
            bytes.chunks_exact(2).filter_map(unit).collect()
        };
        [mark.to_owned(), wide(0), wide(1)].iter().any(|mark| source.text().starts_with(mark))
    };
    ENDINGS.iter().any(|ending| name.ends_with(ending)) && MARKS.iter().any(|mark| is_mark(mark))
}

/// What the names of exports end in.
const EXPORTS: [&str; 7] = [".reg", ".config", ".txt", ".log", ".xml", ".json", ".csv"];

fn empty(id: SourceId, source: &Source) -> Input {
    let name = file_name(source.path());
    if name.ends_with("web.config") {
        let problem = Problem::new(ProblemKind::WebConfigEmpty, Span::file(id), "the web.config is empty");
        let content = Content::WebConfig(Box::new(WebConfig::unread(id, "is empty")));
        return Input::new(id, "iis-web-config", content, vec![problem]);
    }
    if EXPORTS.iter().any(|ending| name.ends_with(ending)) {
        let problem = Problem::new(ProblemKind::EmptyFile, Span::file(id), "the file is empty");
        return Input::refused(id, "unknown", problem);
    }
    Input::ignored(id, "unknown", "the file is empty")
}

/// Problems of the text itself, whatever the format.
fn text_problems(id: SourceId, source: &Source) -> Vec<Problem> {
    let text = source.text();
    let mut problems = Vec::new();
    problems.extend(seam_problems(id, source));
    if source.encoding() == Encoding::Windows1252 {
        problems.push(Problem::new(
            ProblemKind::AssumedEncoding,
            Span::file(id),
            "not valid UTF-8: read as Windows-1252",
        ));
    }
    let at = |offset: usize, length: usize| Span::new(id, offset, offset + length);
    if let Some(offset) = source.is_damaged().then(|| text.find('\u{fffd}')).flatten() {
        let message = format!("bytes that mean nothing in {} begin here", source.encoding().name());
        problems.push(Problem::new(ProblemKind::UndecodableText, at(offset, 3), message));
    }
    if let Some(offset) = memchr::memchr(0, text.as_bytes()) {
        problems.push(Problem::new(ProblemKind::MixedEncoding, at(offset, 1), "NUL characters begin here"));
    } else if let Some(offset) =
        (!text.is_ascii()).then(|| memmem::find(text.as_bytes(), "\u{feff}".as_bytes())).flatten()
    {
        problems.push(Problem::new(
            ProblemKind::MixedEncoding,
            at(offset, 3),
            "a byte order mark stands in the middle",
        ));
    }
    problems
}

/// Says where a file changes its encoding, and what became of what follows.
fn seam_problems(id: SourceId, source: &Source) -> Vec<Problem> {
    const MOST: usize = 8;
    let seams = source.seams();
    let problem = |(at, seam): (usize, &Seam)| {
        let more =
            if at + 1 == MOST { format!(", and so it goes on for {} places", seams.len()) } else { String::new() };
        let byte = seam.byte;
        let message = match seam.encoding {
            Some(encoding) => {
                format!("from byte {byte} on the file is in {}, and was read as that{more}", encoding.name())
            }
            None => format!("from byte {byte} on the file is in another encoding, and nothing of that was read"),
        };
        Problem::new(ProblemKind::MixedEncoding, Span::new(id, seam.at, seam.at), message)
    };
    let last = seams.len().saturating_sub(1);
    seams.iter().enumerate().filter(|(at, _)| *at < MOST || *at == last).map(problem).collect()
}
