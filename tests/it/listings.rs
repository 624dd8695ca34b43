//! Listings: what people paste, cut and put together is read as far as it goes, and the rest is said with its place.

use crate::places::check_places;
use crate::scratch::{Files, Linted, fixture, lint_files};

const PATH: &str = "CAS2/owa.txt";
const STARS: &str = "**********************\r\n";

/// The base estate with another text in place of the listing of CAS2.
fn with(bytes: impl Into<Vec<u8>>) -> Linted {
    let mut files: Files = fixture("rules/base");
    files.retain(|(path, _)| path != PATH);
    files.push((PATH.to_owned(), bytes.into()));
    let linted = lint_files(files);
    check_places(&linted);
    linted
}

fn own() -> String {
    String::from_utf8(fixture("rules/base").into_iter().find(|(path, _)| path == PATH).unwrap().1).unwrap()
}

/// What is said of the listing: ids, lines, and the text at each place.
fn said(linted: &Linted) -> Vec<(String, u32, String)> {
    let found = linted.report.findings.iter().filter(|it| it.rule.starts_with("INP-") && it.primary.path == PATH);
    found.map(|it| (it.rule.clone(), it.primary.start.line, it.primary.text.clone())).collect()
}

fn input(linted: &Linted) -> (&'static str, &'static str) {
    let input = linted.report.inputs.iter().find(|it| it.path == PATH).unwrap();
    (input.format, input.status)
}

fn reads_cas2(linted: &Linted) -> bool {
    linted.facts.servers.iter().any(|server| server.name == "CAS2" && !server.vdirs.is_empty())
}

/// A transcript of one command that printed `output`, and of more.
fn transcript(output: &str, more: &str) -> String {
    format!(
        "{STARS}Windows PowerShell transcript start\r\nStart time: 20240131093000\r\nMachine: EX01 (Microsoft Windows NT)\r\n{STARS}\
         [PS] C:\\>Get-OwaVirtualDirectory | fl\r\n\r\n\r\n{output}\r\n\r\n{more}\
         {STARS}Windows PowerShell transcript end\r\nEnd time: 20240131093100\r\n{STARS}"
    )
}

#[test]
fn a_transcript_is_read_like_the_listing_in_it() {
    let linted = with(transcript(&own(), ""));
    assert_eq!((input(&linted), said(&linted)), (("transcript", "read"), vec![]), "{}", linted.human());
    assert_eq!(linted.report.exit_code, 0, "{}", linted.human());
}

/// Each line is a part of a transcript, what is said of it, and the beginning of the place.
#[test]
fn what_stands_beside_the_listing_is_said() {
    let query = "\r\nHKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\MSExchange OWA\r\n    AllowProxyingWithoutSsl    REG_DWORD    0x1\r\n\r\n";
    let parts = [
        (format!("C:\\>reg query \"HKLM\\…\\MSExchange OWA\"\r\n{query}"), "INP-588", "C:\\>reg query"),
        (
            "C:\\>type applicationHost.config\r\n<?xml version=\"1.0\"?>\r\n<configuration>\r\n".to_owned(),
            "INP-554",
            "<configuration>",
        ),
        (
            "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\x]\r\n\"AllowProxyingWithoutSsl\"=dword:1\r\n"
                .to_owned(),
            "INP-554",
            "Windows Registry Editor",
        ),
        ("Name,Server,InternalUrl\r\nowa,CAS3,http://cas3/owa\r\n".to_owned(), "INP-554", "Name,Server"),
        ("{\r\n  \"InternalUrl\":  \"http://cas3/owa\"\r\n}\r\n".to_owned(), "INP-554", "\"InternalUrl\""),
        ("@{Name=owa; InternalUrl=http://cas3/owa}\r\n".to_owned(), "INP-554", "@{Name"),
        ("“InternalUrl” : “https://cas3/owa”\r\n".to_owned(), "INP-554", "“InternalUrl”"),
        ("* **RedirectToOptimalOWAServer**: False\r\n".to_owned(), "INP-554", "* **Redirect"),
        (
            "PS C:\\> Get-OwaVirtualDirectory | % { $_.InternalUrl }\r\nhttp://cas3/owa\r\n".to_owned(),
            "INP-554",
            "http://cas3/owa",
        ),
        (
            "PS C:\\> Get-ItemProperty 'HKLM:\\x'\r\n\r\nAllowProxyingWithoutSsl : 1\r\nPSPath                  : x\r\n".to_owned(),
            "INP-554",
            "AllowProxyingWithoutSsl",
        ),
        (
            "PS C:\\> Get-OwaVirtualDirectory -Server CAS3\r\nGet-OwaVirtualDirectory : Доступ запрещен.\r\n".to_owned(),
            "INP-525",
            "Get-OwaVirtualDirectory : ",
        ),
        ("PS> Get-ExchangeServer\r\nGet-ExchangeServer: Zugriff verweigert\r\n".to_owned(), "INP-525", "Get-ExchangeServer: "),
        (
            "Microsoft.PowerShell.Commands.Internal.Format.FormatStartData\r\n".to_owned(),
            "INP-537",
            "Microsoft.PowerShell.Commands.Internal.Format.",
        ),
        (
            "PS> Get-OwaVirtualDirectory\r\n\r\nName Server OwaVersion\r\n---- ------ ----------\r\nowa  CAS3   Exchange2010\r\n"
                .to_owned(),
            "INP-424",
            "Name Server",
        ),
    ];
    for (part, id, place) in parts {
        for text in [transcript(&own(), &part), format!("{}\r\n\r\n{part}", own())] {
            let linted = with(text);
            let said = said(&linted);
            assert!(
                matches!(&said[..], [(rule, _, text)] if rule == id && text.starts_with(place)),
                "{part}: {said:?}"
            );
            assert!(reads_cas2(&linted) && input(&linted).1 == "partly-read", "{part}");
            assert_ne!(linted.report.exit_code, 0, "{part}");
        }
    }
}

#[test]
fn what_is_nothing_of_ours_beside_a_listing_is_passed_over() {
    for part in [
        "PS C:\\> dir\r\n\r\n    Directory: C:\\\r\n\r\nMode   LastWriteTime   Name\r\n----   -------------   ----\r\nd----  1/1/2012        inetpub\r\n",
        "PS C:\\> Set-OwaVirtualDirectory -Identity x -InternalUrl https://cas2/owa\r\n",
        "PS C:\\> Get-Mailbox | fl Name\r\n\r\nName : Bob\r\n\r\n",
        "PS C:\\> Get-OwaVirtualDirectory -Server CAS9\r\nPS C:\\> hostname\r\nEX01\r\n",
        "Please check whether the InternalUrl is right, see https://intranet/owa\r\n",
        "WARNING: The object has been corrupted.\r\n",
    ] {
        let linted = with(transcript(&own(), part));
        assert_eq!(said(&linted), [], "{part}");
    }
}

#[test]
fn a_file_in_two_encodings_is_read_in_both_and_said() {
    let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let other = own().replace("CAS2", "CAS3").replace("cas2", "cas3");
    let line = u32::try_from(own().lines().count()).unwrap() + 1;
    for bytes in [
        [own().into_bytes(), utf16(&other)].concat(),
        [own().into_bytes(), vec![0xff, 0xfe], utf16(&other)].concat(),
        [vec![0xef, 0xbb, 0xbf], own().into_bytes(), utf16(&other)].concat(),
        [vec![0xff, 0xfe], utf16(&own()), other.clone().into_bytes()].concat(),
        [vec![0xff, 0xfe], utf16(&own()), vec![0xef, 0xbb, 0xbf], other.clone().into_bytes()].concat(),
    ] {
        let linted = with(bytes);
        assert_eq!(said(&linted), [("INP-406".to_owned(), line, String::new())]);
        let names: Vec<_> = linted.facts.servers.iter().filter(|it| !it.vdirs.is_empty()).map(|it| &it.name).collect();
        assert!(names.iter().any(|it| *it == "CAS2") && names.iter().any(|it| *it == "CAS3"), "{names:?}");
    }
    // Where the seam lies inside a line nothing behind it can be told from what stands before it.
    let linted = with([own().trim_end().as_bytes(), &utf16(&other)[..]].concat());
    assert!(said(&linted).iter().any(|(rule, ..)| rule == "INP-406"));
    assert!(linted.facts.servers.iter().all(|it| it.name != "CAS3"));
}

#[test]
fn an_error_in_place_of_an_export_is_said() {
    for (id, text) in [
        (
            "INP-525",
            "Get-OwaVirtualDirectory : Die Benennung \"Get-OwaVirtualDirectory\" wurde nicht erkannt.\r\nIn Zeile:1 Zeichen:1\r\n    + CategoryInfo          : ObjectNotFound: (x) []\r\n    + FullyQualifiedErrorId : CommandNotFoundException\r\n",
        ),
        ("INP-585", "ERROR: The system was unable to find the specified registry key or value.\r\n"),
        ("INP-525", "ERROR: Access is denied.\r\n"),
    ] {
        let linted = with(text);
        assert!(matches!(&said(&linted)[..], [(rule, 1, _)] if rule == id), "{:?}", said(&linted));
        assert_eq!(input(&linted).1, "refused");
    }
}

#[test]
fn a_transcript_reads_alike_in_every_encoding() {
    let text = transcript(&own().replace('\n', "\r\n"), "größe\r\n");
    let utf16 = |big: bool| -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let wanted = serde_json::to_value(&with(text.as_bytes()).facts).unwrap();
    for end in ["\r\n", "\n", "\r"] {
        let text = text.replace("\r\n", end);
        assert!(serde_json::to_value(&with(text.as_bytes()).facts).unwrap() == wanted, "{end:?}");
    }
    for bytes in [
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        [vec![0xff, 0xfe], utf16(false)].concat(),
        [vec![0xfe, 0xff], utf16(true)].concat(),
    ] {
        assert!(serde_json::to_value(&with(bytes).facts).unwrap() == wanted);
    }
}

/// Wherever a listing is cut, nothing fails, every place is true, and no value that is cut is taken as whole unless a
/// warning says so.
#[test]
fn every_beginning_of_a_listing_is_read() {
    for text in [own(), transcript(&own(), "")] {
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)).step_by(7) {
            let part = &text[..end];
            let linted = with(part);
            let is_mid_line = !part.ends_with(['\r', '\n']) && part.contains("InternalUrl");
            let is_in_value = part.rsplit(['\r', '\n']).next().is_some_and(|line| {
                line.contains(" : ")
                    && !line.trim_end().ends_with(['}', ':'])
                    && !line.ends_with("True")
                    && !line.ends_with("False")
            });
            if is_mid_line && is_in_value {
                assert!(
                    said(&linted).iter().any(|(rule, ..)| ["INP-551", "INP-552"].contains(&rule.as_str())),
                    "{part}"
                );
            }
        }
    }
}
