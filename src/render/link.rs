//! Links: names in a terminal that open the file, or the source that a rule is founded on.
//!
//! A link is two sequences (OSC 8) around a text, which take no cells. What an address holds is percent-encoded, so
//! that nothing from an input ends the sequence.

use std::fmt::Write as _;

use crate::render::escape::uri;
use crate::report::Location;
use crate::report::notes::RuleNote;
use crate::text::show::visible;
use crate::text::source::Source;

/// What begins the sequence that opens a link; its address and [`END`] follow.
const BEGIN: &str = "\u{1b}]8;;";

/// What ends a sequence: the string terminator.
const END: &str = "\u{1b}\\";

/// Where files lie, for addresses; both as [`folder`] gives them.
#[derive(Debug, Clone, Copy)]
pub struct Folders<'l> {
    /// The address of the snapshot's root.
    pub root: &'l str,
    /// The address of the working directory.
    pub working: &'l str,
}

/// Links names, or leaves them as they are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Linker<'l> {
    folders: Option<Folders<'l>>,
    rules: &'l [RuleNote],
}

impl<'l> Linker<'l> {
    /// One for the names in a report of these rules; without folders it links nothing.
    pub fn new(folders: Option<Folders<'l>>, rules: &'l [RuleNote]) -> Linker<'l> {
        Linker { folders, rules }
    }

    /// The path of a source, linked to its file.
    pub fn source(self, source: &Source) -> String {
        self.file(source.path(), source.is_outside())
    }

    /// The path of a place, linked to its file.
    pub fn place(self, place: &Location) -> String {
        self.file(&place.path, place.is_outside)
    }

    /// The id of a rule, linked to the first source that it is founded on, if it has one.
    pub fn rule(self, id: &str) -> String {
        let note = self.folders.and_then(|_| self.rules.iter().find(|note| note.id == id));
        let address = note.and_then(|note| note.founded_on.first()).and_then(|(url, _)| web(url));
        linked(id, address.as_deref())
    }

    /// A path, linked to its file, which lies in the snapshot unless it is outside.
    pub fn file(self, path: &str, is_outside: bool) -> String {
        let address = self.folders.and_then(|it| it.file(path, is_outside));
        linked(&visible(path), address.as_deref())
    }
}

impl Folders<'_> {
    /// The address of a file; `None` where its name is no Unicode, since what is shown of it leads nowhere.
    fn file(self, path: &str, is_outside: bool) -> Option<String> {
        if path.contains(char::REPLACEMENT_CHARACTER) {
            return None;
        }
        if is_outside && (path.starts_with('/') || drive(path).is_some()) {
            return Some(absolute(path.as_bytes()));
        }
        Some(format!("{}{}", if is_outside { self.working } else { self.root }, uri(path.as_bytes())))
    }
}

/// The address of a folder from the bytes of its absolute path, with a slash at its end.
pub fn folder(path: &[u8]) -> String {
    let mut address = absolute(path);
    if !address.ends_with('/') {
        address.push('/');
    }
    address
}

/// The address of an absolute path, of Unix or of Windows, there also in its verbatim form.
fn absolute(path: &[u8]) -> String {
    if path.starts_with(b"/") && !path.starts_with(b"//") {
        return format!("file://{}", uri(path));
    }
    let path: Vec<u8> = path.iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect();
    if let Some(share) = path.strip_prefix(b"//?/UNC/") {
        return format!("file://{}", uri(share));
    }
    let path = path.strip_prefix(b"//?/").unwrap_or(&path);
    match path {
        [letter, b':', rest @ ..] if letter.is_ascii_alphabetic() => {
            format!("file:///{}:{}", char::from(*letter), uri(rest))
        }
        [b'/', b'/', share @ ..] => format!("file://{}", uri(share)),
        _ => format!("file:///{}", uri(path)),
    }
}

/// What stands behind the drive of a path of Windows.
fn drive(path: &str) -> Option<&str> {
    let rest = path.strip_prefix(|it: char| it.is_ascii_alphabetic())?;
    rest.strip_prefix(":/")
}

/// The address of a source in the web; whatever a URL cannot hold is percent-encoded, and other schemes are not linked.
fn web(url: &str) -> Option<String> {
    let is_web = ["https://", "http://"].iter().any(|scheme| url.starts_with(scheme));
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,=%".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    is_web.then_some(out)
}

fn linked(text: &str, address: Option<&str>) -> String {
    match address {
        Some(address) => format!("{BEGIN}{address}{END}{text}{BEGIN}{END}"),
        None => text.to_owned(),
    }
}

/// A text whose links are closed at the end of each line, and opened again where the next one begins.
pub fn closed_on_each_line(text: &str) -> String {
    if !text.contains(BEGIN) {
        return text.to_owned();
    }
    let mut open = None;
    let mut out = Vec::new();
    for line in text.lines() {
        let rest = line.trim_start_matches(' ');
        let mut whole = line[..line.len() - rest.len()].to_owned();
        whole.extend(open.map(|address: &str| format!("{BEGIN}{address}{END}")));
        whole.push_str(rest);
        for sequence in rest.split(BEGIN).skip(1) {
            let address = sequence.split(END).next().unwrap_or_default();
            open = Some(address).filter(|it| !it.is_empty());
        }
        if open.is_some() {
            let _ = write!(whole, "{BEGIN}{END}");
        }
        out.push(whole);
    }
    out.join("\n")
}

/// A text without the sequences of its links.
pub fn unlinked(text: &str) -> String {
    let mut pieces = text.split(BEGIN);
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |out, piece| out + piece.split_once(END).map_or("", |(_, behind)| behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_every_system_have_an_address() {
        assert_eq!(folder(b"/srv/ex ports"), "file:///srv/ex%20ports/");
        assert_eq!(folder(b"/"), "file:///");
        assert_eq!(folder(b"/a\xff\\b"), "file:///a%FF%5Cb/");
        assert_eq!(folder(br"C:\Users\J;o"), "file:///C:/Users/J%3Bo/");
        assert_eq!(folder(br"\\?\C:\exports"), "file:///C:/exports/");
        assert_eq!(folder(br"\\?\UNC\files\share"), "file://files/share/");
        assert_eq!(folder(br"\\files\share"), "file://files/share/");
    }

    #[test]
    fn files_lie_below_the_root_or_where_they_were_named() {
        let folders = Folders { root: "file:///srv/", working: "file:///home/" };
        let file = |path: &str, is_outside: bool| folders.file(path, is_outside);
        assert_eq!(file("CAS2/owa.txt", false).unwrap(), "file:///srv/CAS2/owa.txt");
        assert_eq!(file("../owalint.toml", true).unwrap(), "file:///home/../owalint.toml");
        assert_eq!(file("/etc/owa lint.toml", true).unwrap(), "file:///etc/owa%20lint.toml");
        assert_eq!(file("C:/owalint.toml", true).unwrap(), "file:///C:/owalint.toml");
        assert_eq!(file("a\u{1b}\\b\u{7};ü", false).unwrap(), "file:///srv/a%1B%5Cb%07%3B%C3%BC");
        assert_eq!(file("lost\u{fffd}", false), None);
    }

    #[test]
    fn only_the_web_is_linked_and_nothing_ends_the_sequence() {
        let url = "https://learn.example.com/a(v=exchg.80)?x=1&y#z";
        assert_eq!(web(url).as_deref(), Some(url));
        assert_eq!(web("https://e/\u{1b}\\ \u{7};ü").as_deref(), Some("https://e/%1B%5C%20%07%3B%C3%BC"));
        assert_eq!(web("javascript:alert(1)"), None);
    }

    #[test]
    fn a_link_over_two_lines_is_one_on_each() {
        let text = linked("a b", Some("file:///a"));
        let wrapped = text.replace(' ', "\n    ");
        let closed = closed_on_each_line(&wrapped);
        let (first, second) = (linked("a", Some("file:///a")), linked("b", Some("file:///a")));
        assert_eq!(closed, format!("{first}\n    {second}"));
        assert_eq!(unlinked(&closed), "a\n    b");
    }
}
