//! Large registry files are read part by part, and nothing that is said of them differs.

use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use owalint::model::input::{Content, Input};
use owalint::model::registry::wanted;
use owalint::read::reg::{self, Wanted};
use owalint::text::decode::decode;
use owalint::text::origin::{Fetched, Origin};
use owalint::text::source::Source;
use owalint::text::span::{SourceId, Span};
use owalint::text::stream::Stream;
use proptest::prelude::*;

use crate::generated::snapshot::{Plan, Registry, Shape};
use crate::generated::{PLAN, files};

const ID: SourceId = SourceId(0);
const HEADER: &str = "Windows Registry Editor Version 5.00\r\n";

fn utf16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// The file, and how often all of it was fetched.
fn streamed(bytes: &[u8], size: usize) -> (Source, Arc<AtomicUsize>) {
    let (whole, parts) = (bytes.to_vec(), bytes.to_vec());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let origin = Origin::new(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(decode(whole.clone()))
    });
    let begin = move || {
        let stream = Stream::open(Box::new(Cursor::new(parts.clone())), size).ok().flatten();
        Ok(stream.map_or_else(|| Fetched::Whole(decode(parts.clone())), Fetched::Parts))
    };
    (Source::fetched("a.reg".to_owned(), origin.with_parts(begin)), count)
}

/// Every place that is in what was read.
fn places(input: &Input) -> Vec<Span> {
    let mut places: Vec<Span> = input.problems.iter().map(|it| it.span).collect();
    places.extend(input.problems.iter().flat_map(|it| &it.related).map(|it| it.span));
    let Content::Registry(document, _) = &input.content else { return places };
    for operation in &document.operations {
        match operation {
            reg::Operation::OpenKey(key) | reg::Operation::DeleteKey(key) => places.extend([key.path.span, key.line]),
            reg::Operation::SetValue { name, data_span, .. } | reg::Operation::DeleteValue { name, data_span } => {
                places.extend([name.name.span, *data_span]);
            }
            reg::Operation::ShowKey { .. } | reg::Operation::Absent { .. } => panic!("a file asks nothing"),
        }
    }
    places
}

/// Reads bytes both ways and compares what comes of it; says whether they could be read part by part.
fn same_both_ways(bytes: &[u8], size: usize, wanted: &Wanted) -> bool {
    let whole = Source::new("a.reg".to_owned(), decode(bytes.to_vec()));
    let (parts, fetched) = streamed(bytes, size);
    let (one, other) = (Input::read(ID, &whole, wanted), Input::open(ID, &parts, wanted).unwrap());
    assert_eq!(format!("{one:#?}"), format!("{other:#?}"));
    assert_eq!((whole.encoding(), whole.is_damaged()), (parts.encoding(), parts.is_damaged()));
    for span in places(&one) {
        let at = |source: &Source| {
            let (first, last) = (source.line_index(span.start), source.line_index(span.end));
            let near = first.saturating_sub(1)..=last;
            let lines: Vec<_> = near.map(|it| (source.line_range(it), source.secrets(it))).collect();
            let texts: Vec<String> = lines.iter().map(|(range, _)| source.slice(range.clone()).to_owned()).collect();
            (source.place(span.start), source.place(span.end), source.slice(span.range()).to_owned(), lines, texts)
        };
        assert_eq!(at(&whole), at(&parts), "{span:?}");
    }
    let is_in_parts = fetched.load(Ordering::Relaxed) == 0;
    // The file as a whole is known again.
    assert_eq!(parts.text(), whole.text());
    is_in_parts
}

#[test]
fn large_files_are_read_part_by_part() {
    let plan = Plan { servers: 1, registry: Registry::Services, shape: Shape::List, ..PLAN };
    let (_, bytes) = files(&plan).into_iter().find(|(path, _)| path.rsplit('.').next() == Some("reg")).unwrap();
    let text = decode(bytes).text;
    let switch = "\"AllowProxyingWithoutSsl\"=dword:00000001\r\n";
    let middle = text[..text.len() / 2].rfind("\r\n[").unwrap() + 2;
    let end_of_key = middle + text[middle..].find("\r\n").unwrap() + 2;
    for edited in [
        text.clone(),
        format!("{}{switch}{}", &text[..end_of_key], &text[end_of_key..]),
        format!("{}\"a\"=hex:41,\\\r\n{}", &text[..middle], &text[middle..]),
        format!("{}\"a\"=dword:x\r\n{}", &text[..middle], &text[middle..]),
        format!("{}a\"=dword:1\r\n\"b\"=\"ü😀\"\r\n{}", &text[..middle], &text[middle..]),
        text[..text.len() - 7].to_owned(),
    ] {
        for size in [1 << 12, (1 << 14) + 2] {
            assert!(same_both_ways(&utf16(&edited), size, &wanted([])));
        }
    }
}

/// What is counted only is counted over all parts.
#[test]
fn many_problems_are_counted_over_all_parts() {
    let lines = "[HKEY_LOCAL_MACHINE\\SOFTWARE\\A]\r\n\"a\"=dword:x\r\n".repeat(3000);
    assert!(same_both_ways(&utf16(&format!("{HEADER}\r\n{lines}")), 1 << 12, &wanted([])));
}

/// A file that cannot be divided is not searched again and again; if it were, this would take minutes.
#[test]
fn a_file_without_seams_is_read_in_linear_time() {
    for piece in ["; x\r\n[HKEY_LOCAL_MACHINE\\A]\r\n", "[\\\r\n", "\"a\"=dword:1\r\n", "; x\r\n\r\n \r\n"] {
        let text = format!("{HEADER}\r\n{}", piece.repeat((3 << 20) / piece.len()));
        let (source, _) = streamed(&utf16(&text), 1 << 11);
        assert!(Input::open(ID, &source, &wanted([])).is_ok());
    }
}

/// Lines that a file may be divided at, and some that it may not.
const LINES: &[&str] = &[
    r"[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchange OWA]",
    r"[HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Services\MSExchange OWA]",
    r"[HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Services\Other]",
    r"[HKEY_LOCAL_MACHINE\SOFTWARE\Other\Deep]",
    r"[HKLM\SOFTWARE\Other]",
    r"[-HKEY_LOCAL_MACHINE\SOFTWARE\Other]",
    r#""AllowProxyingWithoutSsl"=dword:00000001"#,
    r#""a"=hex:41,\"#,
    r#""a"=hex:41,\ ; more"#,
    r#""a"="b;\\""#,
    r#""a"=hex(2):41,00"#,
    r#""a"="ü😀""#,
    r#""a"=dword:g"#,
    "  42,00",
    "; comment \\",
    "",
    "",
    " ",
    "x",
    "\0",
    "\u{feff}",
    "潬杮",
];

proptest! {
    #[test]
    fn parts_say_what_the_whole_says(
        lines in prop::collection::vec((prop::sample::select(LINES), prop::sample::select(&["\r\n", "\r\n", "\r\n", "\n", "\r"])), 0..60),
        size in 2_usize..300,
        cut in 0_usize..4,
    ) {
        let body: String = lines.into_iter().flat_map(|(line, end)| [line, end]).collect();
        let mut bytes = utf16(&format!("{HEADER}\r\n{body}"));
        bytes.truncate(bytes.len() - cut);
        same_both_ways(&bytes, size * 2, &wanted([]));
        same_both_ways(&bytes, size * 2, &Wanted::all());
    }
}
