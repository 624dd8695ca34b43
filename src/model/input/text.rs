//! Text inputs: Format-List output, and shapes that are recognised and not read.

use crate::model::input::names::is_of_interest;
use crate::model::input::{Input, foreign, objects, registry};
use crate::read::format_list;
use crate::text::span::SourceId;

/// Reads text that is neither a registry file nor XML: Format-List output, or a shape that is refused.
pub(super) fn read_text(id: SourceId, text: &str) -> Input {
    registry::with_queries(id, text, read_list(id, text))
}

/// Whether a name stands before a colon or an equals sign, or between quotes: as a key, not as a word.
pub(super) fn is_keyed(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + name.len()..]);
        let quoted = before.ends_with(['"', '\'']) && after.starts_with(['"', '\'']);
        quoted || after.trim_start().starts_with('=')
    })
}

/// Whether a line is the head of a table of virtual directories: names of their properties, and nothing else.
pub(super) fn is_header(line: &str, delimiters: &[char]) -> bool {
    const KNOWN: [&str; 9] = [
        "InternalUrl",
        "ExternalUrl",
        "OwaVersion",
        "Identity",
        "Server",
        "ServerName",
        "Name",
        "MetabasePath",
        "InternalAuthenticationMethods",
    ];
    let is_name = |cell: &&str| !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_alphanumeric());
    delimiters.iter().any(|delimiter| {
        let cells = line.split(*delimiter).map(|cell| cell.trim().trim_matches('"')).filter(|cell| !cell.is_empty());
        let cells: Vec<&str> = cells.collect();
        let ours = cells.iter().filter(|cell| KNOWN.iter().any(|it| it.eq_ignore_ascii_case(cell))).count();
        ours >= 2
            && ours * 2 >= cells.len()
            && cells.iter().all(is_name)
            && cells.iter().any(|cell| KNOWN[..3].iter().any(|it| it.eq_ignore_ascii_case(cell)))
    })
}

/// Reads Format-List text; what holds no object of interest is ignored.
fn read_list(id: SourceId, text: &str) -> Input {
    if !is_of_interest(text) && !foreign::mentions_others(text) {
        return match foreign::lone_error(id, text) {
            Some(problem) => Input::refused(id, "other-export", problem),
            None => Input::ignored(id, "unknown", "nothing of ours in it"),
        };
    }
    let (document, mut problems) = format_list::read(text, id);
    problems.extend(foreign::foreign_parts(id, text, &document.unread));
    let format = if document.is_transcript { "transcript" } else { "format-list" };
    let (mut objects, mut items) = (Vec::new(), Vec::new());
    for object in document.objects {
        match registry::item(&object) {
            Some(item) => items.push(item),
            None => {
                problems.extend(foreign::stray_switch(&object));
                objects.push(object);
            }
        }
    }
    registry::with_items(id, items, objects::take(id, format, objects, problems))
}

pub(super) fn mentions_vdirs(text: &str) -> bool {
    contains_word(text, "owavirtualdirectory")
        || contains_word(text, "owa-virtual-directory")
        || contains_word(text, "owaversion")
}

/// Whether a text holds a word, without regard to ASCII case.
pub(super) fn contains_word(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let rarest = word.iter().enumerate().max_by_key(|(_, byte)| RARITY[usize::from(**byte)]);
    let Some((before, rarest)) = rarest else { return true };
    let is_word = |at: usize| {
        let found = at.checked_sub(before).and_then(|start| text.get(start..start + word.len()));
        found.is_some_and(|it| it.eq_ignore_ascii_case(word))
    };
    memchr::memchr2_iter(rarest.to_ascii_lowercase(), rarest.to_ascii_uppercase(), text).any(is_word)
}

/// How rare each byte is in exports, from blanks and the letters that stand everywhere on.
const RARITY: [u8; 256] = {
    const LETTERS: &[u8; 26] = b"etaoinsrhldcumfpgwybvkxjzq";
    let mut rarity = [LETTERS.len() as u8 / 2; 256];
    rarity[b' ' as usize] = 0;
    let mut at = 0;
    while at < LETTERS.len() {
        rarity[LETTERS[at] as usize] = at as u8;
        rarity[LETTERS[at].to_ascii_uppercase() as usize] = at as u8;
        at += 1;
    }
    rarity
};

pub(super) fn file_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase()
}
