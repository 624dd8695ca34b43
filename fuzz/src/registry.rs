//! Registry files read in other ways: only what is wanted of them, and part by part, which must tell what the whole tells.

use std::io::Cursor;

use owalint::model::input::{Content, Input};
use owalint::read::reg::{KeyPath, Operation, RegDocument, Wanted, read, read_wanted};
use owalint::text::decode::{Encoding, decode};
use owalint::text::origin::{Fetched, Origin};
use owalint::text::source::Source;
use owalint::text::span::Span;
use owalint::text::stream::Stream;

use crate::{only, source};

/// What is wanted: keys of OWA and a short one, an end of a path, and values.
const KEYS: [&str; 2] = [r"hkey_local_machine\system\currentcontrolset\services\msexchange owa", r"hkey_users\k"];
// Of two parts, so that what stands between them counts.
const END: &str = r"\n\e";
const VALUES: [&str; 2] = ["AllowProxyingWithoutSsl", "v"];

/// The first line of a file that is read part by part.
const HEADER: &str = "Windows Registry Editor Version 5.00\r\n";

fn wanted() -> Wanted {
    Wanted::only(KEYS, &[END], &VALUES)
}

fn is_control_set(part: &str) -> bool {
    part.get(..10).is_some_and(|it| it.eq_ignore_ascii_case("controlset"))
}

/// Whether a key is wanted by its path, as [`Wanted::only`] says it.
fn is_wanted(path: &str) -> bool {
    let ends =
        path.len() >= END.len() && path.as_bytes()[path.len() - END.len()..].eq_ignore_ascii_case(END.as_bytes());
    let fits = |key: &str| {
        let same = |(part, wanted): (&str, &str)| {
            part.to_lowercase() == wanted || (wanted == "currentcontrolset" && is_control_set(part))
        };
        path.split('\\').zip(key.split('\\')).all(same)
    };
    ends || KEYS.into_iter().any(fits)
}

/// What is to be kept of the operations of a whole file.
fn kept<'o, 't>(operations: &'o [Operation<'t>]) -> Vec<&'o Operation<'t>> {
    let (mut kept, mut has_first, mut has_numbered) = (Vec::new(), false, false);
    // The open key, whether all of it is wanted, and whether it was kept.
    let mut open: Option<(&Operation<'_>, bool, bool)> = None;
    for operation in operations {
        match operation {
            Operation::OpenKey(KeyPath { path, .. }) => {
                let keeps = is_wanted(&path.text);
                let numbered = !keeps && path.text.split('\\').nth(2).is_some_and(is_control_set);
                let is_kept = keeps || !has_first || (numbered && !has_numbered);
                has_numbered |= numbered;
                has_first = true;
                open = Some((operation, keeps, is_kept));
                kept.extend(is_kept.then_some(operation));
            }
            Operation::SetValue { name, .. } | Operation::DeleteValue { name, .. } => {
                let Some((key, keeps, is_kept)) = &mut open else { panic!("a value of no key") };
                if *keeps || VALUES.iter().any(|it| it.eq_ignore_ascii_case(&name.name.text)) {
                    if !std::mem::replace(is_kept, true) {
                        kept.push(*key);
                    }
                    kept.push(operation);
                }
            }
            Operation::DeleteKey(_) => {
                open = None;
                kept.push(operation);
            }
            Operation::ShowKey { .. } | Operation::Absent { .. } => panic!("a file asks nothing"),
        }
    }
    kept
}

/// Reads what is wanted and the whole, and compares.
pub fn check_wanted(text: &str, encoding: Encoding) {
    let (whole, all_problems) = read(text, only(), encoding);
    let (some, problems) = read_wanted(text, only(), encoding, &wanted());
    assert_eq!(problems, all_problems);
    assert_eq!(some.operations.iter().collect::<Vec<_>>(), kept(&whole.operations), "{text}");
}

/// The places of what was read.
fn places(document: &RegDocument<'_>) -> Vec<Span> {
    let of = |operation: &Operation<'_>| match operation {
        Operation::OpenKey(key) | Operation::DeleteKey(key) => [key.path.span, key.line],
        Operation::SetValue { name, data_span, .. } | Operation::DeleteValue { name, data_span } => {
            [name.name.span, *data_span]
        }
        Operation::ShowKey { .. } | Operation::Absent { .. } => panic!("a file asks nothing"),
    };
    document.operations.iter().flat_map(of).collect()
}

/// Reads a text behind the header as UTF-16, whole and in parts of `size` bytes, and compares what both tell.
pub fn check_parts(text: &str, size: usize) {
    let body = text.split_once('\n').map_or(text, |(_, body)| body);
    let units = [0xfeff].into_iter().chain(HEADER.encode_utf16()).chain(body.encode_utf16());
    let bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    let (all, parts) = (bytes.clone(), bytes.clone());
    let origin = Origin::new(move || Ok(decode(all.clone())));
    let begin = move || {
        let stream = Stream::open(Box::new(Cursor::new(parts.clone())), size).ok().flatten();
        Ok(stream.map_or_else(|| Fetched::Whole(decode(parts.clone())), Fetched::Parts))
    };
    let (whole, parts) = (source(&bytes), Source::fetched("input".to_owned(), origin.with_parts(begin)));
    for wanted in [Wanted::all(), wanted()] {
        let one = Input::read(only(), &whole, &wanted);
        let Ok(other) = Input::open(only(), &parts, &wanted) else { panic!("it can be read") };
        assert_eq!((one.format, one.status, &one.reason), (other.format, other.status, &other.reason), "{text}");
        assert_eq!(one.problems, other.problems, "{text}");
        let mut spans: Vec<Span> = one.problems.iter().map(|it| it.span).collect();
        match (&one.content, &other.content) {
            (Content::Registry(one, told), Content::Registry(other, told_other)) => {
                assert_eq!((one, told), (other, told_other), "{text}");
                spans.extend(places(one));
            }
            (one, other) => assert_eq!(format!("{one:?}"), format!("{other:?}"), "{text}"),
        }
        for span in spans {
            let at = |it: &Source| (it.place(span.start), it.place(span.end), it.slice(span.range()).to_owned());
            assert_eq!(at(&whole), at(&parts), "{span:?} of {text}");
        }
    }
}
