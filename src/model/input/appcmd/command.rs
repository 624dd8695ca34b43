//! Commands of appcmd: what a line asks for, and of which path.

use std::ops::Range;

use crate::text::scalar::{Scalar, Text};
use crate::text::span::{SourceId, Span};

/// What a command asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// The configuration of a path.
    Config(Text),
    /// The configuration without a path: that of the server.
    Server,
    /// The configuration of a path that only the shell knew, or that is written as a URL.
    Unclear,
    /// Sites, applications, virtual directories or pools.
    Objects,
    /// Anything else.
    Else,
}

/// Reads a line that holds `appcmd` with what follows it.
pub(super) fn asked(id: SourceId, at: usize, line: &str) -> Asked {
    let lower = line.to_ascii_lowercase();
    let Some(start) = lower.find("appcmd") else { return Asked::Else };
    let mut from = start + "appcmd".len();
    for ending in [".exe", "\"", "'"] {
        from += if lower[from..].starts_with(ending) { ending.len() } else { 0 };
    }
    let words = words(line, from);
    let word = |index: usize| words.get(index).map(|it| line[it.clone()].to_ascii_lowercase());
    if word(0).as_deref() != Some("list") {
        return Asked::Else;
    }
    let is_parameter = |text: &str| text.starts_with(['/', '-']);
    let kind = word(1).unwrap_or_default();
    let own = words.iter().skip(2).take_while(|it| !line[(*it).clone()].starts_with(['>', '|']));
    let names: Vec<_> = own.filter(|it| !is_parameter(&line[(*it).clone()])).collect();
    match kind.as_str() {
        "site" | "sites" | "app" | "apps" | "vdir" | "vdirs" | "apppool" | "apppools" => Asked::Objects,
        "config" | "configs" => match names.as_slice() {
            [] => Asked::Server,
            [name] => path(id, at, line, (*name).clone()),
            _ => Asked::Unclear,
        },
        _ => Asked::Else,
    }
}

fn path(id: SourceId, at: usize, line: &str, word: Range<usize>) -> Asked {
    const ROOT: &str = "machine/webroot/apphost/";
    let named = &line[word.clone()];
    if named.contains("://") || named.contains(['$', '%', '*', '\\']) {
        return Asked::Unclear;
    }
    let skipped = if named.to_ascii_lowercase().starts_with(ROOT) { ROOT.len() } else { 0 };
    let kept = named[skipped..].trim_end_matches('/');
    if kept.is_empty() {
        return Asked::Unclear;
    }
    let start = at + word.start + skipped;
    Asked::Config(Scalar {
        text: kept.to_owned().into(),
        span: Span::new(id, start, start + kept.len()),
        verbatim: true,
    })
}

/// The words of a command line, without the quotes around a whole one; a quote that opens in a word holds its blanks.
fn words(line: &str, from: usize) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let (mut start, mut quote) = (None, None);
    for (offset, letter) in line[from..].char_indices() {
        let here = from + offset;
        if quote == Some(letter) {
            quote = None;
        } else if quote.is_none() && matches!(letter, '"' | '\'') {
            quote = Some(letter);
            start.get_or_insert(here);
        } else if quote.is_none() && letter.is_whitespace() {
            words.extend(start.take().map(|start| bare(line, start..here)));
        } else {
            start.get_or_insert(here);
        }
    }
    words.extend(start.map(|start| bare(line, start..line.len())));
    words
}

fn bare(line: &str, word: Range<usize>) -> Range<usize> {
    let text = &line[word.clone()];
    let quoted = ['"', '\''].iter().any(|it| text.len() >= 2 && text.starts_with(*it) && text.ends_with(*it));
    if quoted { word.start + 1..word.end - 1 } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_names_its_path_in_many_ways() {
        let path = |line: &str| match asked(SourceId(0), 0, line) {
            Asked::Config(path) => {
                let span = path.span.start as usize..path.span.end as usize;
                assert_eq!(&line[span], path.text, "{line}");
                path.text.into_owned()
            }
            other => format!("{other:?}"),
        };
        for line in [
            r#"C:\Windows\System32\inetsrv>appcmd list config "Default Web Site/owa" /section:access"#,
            r#"C:\>%windir%\system32\inetsrv\appcmd.exe list config "Default Web Site/owa/" -section:httpRedirect"#,
            r"PS C:\> & $env:windir\system32\inetsrv\appcmd.exe list config 'Default Web Site/owa' /config:*",
            r#"PS C:\> & "$env:windir\system32\inetsrv\appcmd.exe" list config /section:x "Default Web Site/owa""#,
            r#"APPCMD LIST CONFIG "MACHINE/WEBROOT/APPHOST/Default Web Site/owa""#,
            r#"appcmd list config "Default Web Site/owa" > owa.txt"#,
        ] {
            let found = path(line);
            assert_eq!(found, "Default Web Site/owa", "{line}");
        }
        assert_eq!(path("appcmd list config Site/owa"), "Site/owa");
        assert_eq!(path("appcmd list config /section:access"), "Server");
        assert_eq!(path("appcmd list config http://localhost/owa"), "Unclear");
        assert_eq!(path("appcmd list config $path"), "Unclear");
        assert_eq!(path("appcmd list config Default Web Site/owa"), "Unclear");
        assert_eq!(path("appcmd list apps /site.name:x"), "Objects");
        assert_eq!(path("appcmd set config x /enabled:true"), "Else");
        assert_eq!(path("appcmd"), "Else");
    }
}
