//! Prompts: lines on which somebody ran a command, with the prompt and without it.

use std::ops::Range;

use crate::read::format_list::cells::{is_blank, leading, trim_end};

/// The command on a prompt line, or the whole body where it is a command without a prompt.
///
/// The Exchange Management Shell prompts with `[PS] C:\…>`, Windows PowerShell with `PS C:\…>`, a remote session with
/// `[server]: PS C:\…>`.
pub(super) fn command(text: &str, body: usize) -> Option<Range<usize>> {
    let rest = trim_end(&text[body..]);
    if let Some(behind) = prompt_length(rest) {
        let start = behind + leading(&rest[behind..]);
        return Some(body + start..body + rest.len().max(start));
    }
    let bare = rest.trim_matches('`');
    let start = body + (rest.len() - rest.trim_start_matches('`').len());
    is_command(bare).then(|| start..start + bare.len())
}

/// The length of the prompt that the text begins with.
fn prompt_length(text: &str) -> Option<usize> {
    let behind_host = text.strip_prefix('[').and_then(|it| it.split_once("]: ")).map(|(_, behind)| behind);
    let rest = behind_host.filter(|behind| behind.starts_with("PS ")).unwrap_or(text);
    let tagged = ["[PS]", "PS]", "PS"].iter().find_map(|tag| rest.strip_prefix(tag));
    let path = tagged.map_or(rest, |path| path.trim_start_matches(is_blank));
    let end = path.find('>')?;
    let is_prompt = match tagged {
        Some(behind) => is_path(&path[..end]) || (end == 0 && behind.starts_with('>')),
        None => is_drive_path(&path[..end], 1),
    };
    is_prompt.then(|| text.len() - path.len() + end + 1)
}

/// Where a shell can stand: `C:\…`, `HKLM:\…`, `/home/…` or `~`.
fn is_path(text: &str) -> bool {
    text.starts_with(['/', '~']) || is_drive_path(text, usize::MAX)
}

fn is_drive_path(text: &str, longest: usize) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    (1..=longest).contains(&letters) && text[letters..].starts_with(":\\")
}

/// Whether the text is a command such as `Get-OwaVirtualDirectory | fl`, and not prose that begins with its name.
fn is_command(text: &str) -> bool {
    text.split(';').take(8).any(|part| {
        let part = part.trim_start_matches(is_blank);
        let length = part.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
        let (name, arguments) = part.split_at(length);
        let arguments = arguments.trim_matches(is_blank);
        let is_getter = name.get(..4).is_some_and(|verb| verb.eq_ignore_ascii_case("get-")) && name.len() > 4;
        is_getter
            && (arguments.is_empty()
                || arguments.starts_with(['-', '|', '"', '\''])
                || (arguments.contains('|') && !arguments.starts_with(':')))
    })
}
