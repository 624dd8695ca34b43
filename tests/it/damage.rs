//! Damage: whatever is broken, hidden or written so that it cannot be read is said, and never comes out as clean.

use crate::places::check_places;
use crate::scratch::{Files, Linted, edit, fixture, lint_files};

const CONFIG: &str = "CAS2/applicationHost.config";
const REQUIRED: &str = r#"<access sslFlags="Ssl, SslRequireCert" />"#;

fn base() -> Files {
    fixture("rules/base")
}

fn with(path: &str, bytes: impl Into<Vec<u8>>) -> Files {
    let mut files = base();
    files.retain(|(it, _)| it != path);
    files.push((path.to_owned(), bytes.into()));
    files
}

fn text(path: &str) -> String {
    String::from_utf8(base().into_iter().find(|(it, _)| it == path).unwrap().1).unwrap()
}

fn lint(files: Files) -> Linted {
    let linted = lint_files(files);
    check_places(&linted);
    linted
}

/// A third server whose virtual directory could not be proxied to; nothing else of it is given.
fn third(head: &str, tail: &str) -> Files {
    let vdir = text("CAS2/owa.txt").replace("CAS2", "CAS3").replace("cas2", "cas3").replace("https://", "http://");
    with("CAS3/owa.txt", format!("{head}{vdir}{tail}"))
}

fn assert_not_clean(what: &str, linted: &Linted) {
    assert_ne!(linted.report.exit_code, 0, "{what} comes out as clean:\n{}", linted.human());
}

#[test]
fn what_iis_refuses_is_not_clean() {
    let location =
        |inner: &str| format!("  <location path=\"Default Web Site/owa\">{inner}</location>\n</configuration>");
    let security = |inner: &str| format!("<system.webServer><security>{inner}</security></system.webServer>");
    let endings = [
        location(&security(REQUIRED)).replace("location", "Location"),
        location(&security(&REQUIRED.replace("sslFlags", "sslFlag"))),
        location(&security(&REQUIRED.replace("sslFlags", "SSLFlags"))),
        location(&security(&REQUIRED.replace("access", "acess"))),
        location(&format!("<system.webServer>{REQUIRED}</system.webServer>")),
        location(&format!("<security>{REQUIRED}</security>")),
        location(&location(&security(REQUIRED)).replace("</configuration>", "")),
        location(&security("<ipSecurity><Add ipAddress=\"0.0.0.0\" subnetMask=\"0.0.0.0\" /></ipSecurity>")),
        location(&security("<ipSecurity configsource=\"x.config\" />")),
        location(&security("<access><EncryptedData>AAAA</EncryptedData></access>")),
        location(&security("<access sslFlags=\"8\" />")),
        location(&security("<access sslFlags=\"\" />")),
        location(&security(REQUIRED)).replace("path=\"", "path=\"/"),
        location(&security(REQUIRED)).replace("Site/owa", "Site//owa"),
        location(&security(REQUIRED)).replace("Site/owa", "Site\\owa"),
        location(&security(REQUIRED)).replace("Site/owa\"", "Site/owa \""),
        location(&security(REQUIRED))
            .replace("<location ", "<location overrideMode=\"Allow\" allowOverride=\"false\" "),
        format!("</configuration>\n{}", location(&security(REQUIRED)).replace("</configuration>", "")),
        format!("</configuration>\n<configuration>{}", location(&security(REQUIRED))),
    ];
    for ending in endings {
        let config = text(CONFIG).replace("</configuration>", &ending);
        assert_not_clean(&ending, &lint(with(CONFIG, config)));
    }
}

#[test]
fn what_is_wrong_in_the_body_is_not_clean() {
    let config = text(CONFIG);
    for (from, to) in [
        ("<add value=\"Negotiate\"", "<add Value=\"Negotiate\""),
        ("providers>", "Providers>"),
        ("configSections>", "configSection>"),
        ("configuration>", "CONFIGURATION>"),
        ("<applicationPools>", "<applicationPools configSource=\"pools.config\">"),
        (" protocol=\"https\"", " Protocol=\"https\""),
        (" serverAutoStart=", " ServerAutoStart="),
    ] {
        assert!(config.contains(from), "{from}");
        assert_not_clean(to, &lint(with(CONFIG, config.replace(from, to))));
    }
}

#[test]
fn files_in_other_shapes_are_not_clean() {
    let vdir = "Name,Server,InternalUrl\r\nowa (Default Web Site),CAS3,http://cas3/owa\r\n";
    let files = [
        third("<snip>\n", ""),
        third("<pre>\n", "</pre>\n"),
        third("<!DOCTYPE html>\n<html><body><pre>\n", "</pre></body></html>\n"),
        third("<!-- CAS3 -->\n", ""),
        with("CAS3/owa.txt", vdir),
        with("CAS3/owa.txt", vdir.replace(',', ";")),
        with("CAS3/owa.txt", vdir.replace(',', "\t")),
        with("CAS3/owa.txt", "| Name | Server | InternalUrl |\n|---|---|---|\n| owa | CAS3 | http://cas3/owa |\n"),
        with("CAS3/owa.txt", "{\"Server\": \"CAS3\", \"InternalUrl\": \"http://cas3/owa\"}\n"),
        with("CAS3/owa.txt", "[PS] C:\\>$x\n@{Server=CAS3; InternalUrl=http://cas3/owa}\n"),
        with("CAS3/owa.txt", "Get-OwaVirtualDirectory : The term is not recognized as the name of a cmdlet\n"),
        with(
            "CAS3/owa.txt",
            "<Objs Version=\"1.1.0.1\"><Obj><MS><S N=\"InternalUrl\">http://cas3/owa</S></MS></Obj></Objs>",
        ),
        with("CAS3/owa.txt", ""),
        with("CAS3/owa.reg", ""),
        with("CAS3/access.config", REQUIRED),
        with(
            "CAS2/web.config",
            "<configuration><system.webServer><httpRedirect enabled=\"true\" /></system.webServer></configuration>",
        ),
        with(
            "CAS2/web.config",
            "<configuration><system.webServer><security><ipSecurity><add ipAddress=\"0.0.0.0\" /></ipSecurity></security></system.webServer></configuration>",
        ),
        with(
            "CAS2/redirection.config",
            "<configuration><configurationRedirection enabled=\"true\" path=\"\\\\x\\y\" /></configuration>",
        ),
    ];
    for files in files {
        let what = String::from_utf8_lossy(&files.last().unwrap().1).chars().take(200).collect::<String>();
        assert_not_clean(&what, &lint(files));
    }
}

#[test]
fn parts_in_another_encoding_are_not_clean() {
    let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let own = text("CAS2/owa.txt");
    let other = own.replace("CAS2", "CAS3").replace("cas2", "cas3");
    for bytes in [
        [vec![0xff, 0xfe], utf16(&own), other.clone().into_bytes()].concat(),
        [other.clone().into_bytes(), utf16(&own)].concat(),
        [other.clone().into_bytes(), vec![0xff, 0xfe], utf16(&own)].concat(),
        [own.clone().into_bytes(), b"\xef\xbb\xbf".to_vec(), other.clone().into_bytes()].concat(),
        [own.clone().into_bytes(), b"\0\0\0\0".to_vec()].concat(),
    ] {
        let linted = lint(with("CAS2/owa.txt", bytes));
        assert_not_clean("a file in two encodings", &linted);
        assert!(linted.rules().iter().any(|rule| ["INP-405", "INP-406"].contains(rule)), "{:?}", linted.rules());
    }
}

#[test]
fn a_redirected_configuration_decides_nothing() {
    let redirection = "<configuration><configurationRedirection enabled=\"true\" path=\"\\\\x\\y\" /></configuration>";
    let linted = lint(with("CAS2/redirection.config", redirection));
    let path = linted.paths.paths.iter().find(|path| path.target == "CAS2").unwrap();
    assert_eq!(path.outcome, "unknown");
}

/// What it set may be what stops requests; the file is not passed over because too little of it is left.
#[test]
fn a_web_config_of_which_nothing_is_left_is_not_clean() {
    let whole = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<configuration><system.webServer>\
        <httpRedirect enabled=\"true\" destination=\"https://x\" /></system.webServer></configuration>";
    let others = ["{}", "x", "\u{1}\u{2}", "<packages />", "<!DOCTYPE x>", "<Configuration />", "Name : x\n"];
    let cut = (1..whole.len()).map(|length| &whole[..length]);
    for text in others.into_iter().chain(cut) {
        let linted = lint(with("CAS2/inetpub/wwwroot/web.config", text));
        assert_not_clean(text, &linted);
        let path = linted.paths.paths.iter().find(|path| path.target == "CAS2").unwrap();
        assert!(["unknown", "silent-redirect"].contains(&path.outcome), "{text}: {}", path.outcome);
        let found = linted.report.findings.iter().find(|it| it.primary.path.ends_with("web.config")).unwrap();
        assert_eq!(found.severity, owalint::finding::Severity::Error, "{text}");
    }
}

#[test]
fn an_application_host_config_of_which_nothing_is_left_is_refused() {
    for text in ["<", "x", "{}", "<packages />", "<?xml version=\"1.0\"?>\n"] {
        let linted = lint(with(CONFIG, text));
        assert_not_clean(text, &linted);
        let input = linted.report.inputs.iter().find(|it| it.path == CONFIG).unwrap();
        assert_eq!((input.format, input.status), ("iis-application-host", "refused"), "{text}");
    }
}

/// What begins as XML and breaks at once is said to be broken XML, not a part of something else.
#[test]
fn a_stray_end_tag_behind_the_declaration_is_a_fault_of_the_xml() {
    for path in [CONFIG, "CAS2/inetpub/wwwroot/web.config", "CAS2/x.config"] {
        let linted = lint(with(path, "<?xml version=\"1.0\"?>\n</configuration>\n<configuration />\n"));
        assert!(linted.rules().contains(&"INP-411") && !linted.rules().contains(&"INP-554"), "{}", linted.human());
    }
}

/// PowerShell writes such characters and no parser of XML reads them: what stands behind is not passed over.
#[test]
fn control_characters_in_clixml_are_told() {
    let object = "<Obj RefId=\"0\"><TN RefId=\"0\"><T>Deserialized.ADOwaVirtualDirectory</T></TN><Props><S N=\"Server\">CAS3</S><URI N=\"InternalUrl\">http://cas3/owa</URI></Props></Obj>";
    for text in [object.replace("CAS3", "CAS3\u{1}"), format!("\u{b}{object}"), format!("{object}\u{1f}")] {
        let linted = lint(
            third("", "")
                .into_iter()
                .filter(|it| it.0 != "CAS3/owa.txt")
                .chain([("CAS3/owa.xml".to_owned(), format!("<Objs Version=\"1.1.0.1\">{text}</Objs>").into_bytes())])
                .collect(),
        );
        assert_not_clean(&text, &linted);
        assert!(linted.rules().contains(&"INP-411"), "{:?}", linted.rules());
    }
}

#[test]
fn an_unreadable_place_in_iis_is_said() {
    let mut files = base();
    edit(&mut files, "CAS2/owa.txt", "/W3SVC/1/ROOT/owa", "/W3SVC/one/ROOT/owa");
    assert!(lint(files).rules().contains(&"INP-426"));
}

#[test]
fn secrets_are_not_printed() {
    let config = text(CONFIG)
        .replace("applicationPool=\"", "applicationPool=\"no such pool\" password=\"Pa55word\" x=\"")
        .replace("sslFlags=\"Ssl, Ssl128\"", "sslFlags=\"[enc:AesProvider:c2VjcmV0:enc]\"");
    let mut files = with(CONFIG, config);
    edit(&mut files, "CAS1/owa.txt", "https://cas1", "http://admin:S3cret@cas1");
    let linted = lint(files);
    let json = serde_json::to_string(&(&linted.report, &linted.paths, &linted.facts)).unwrap();
    for text in [linted.human(), json] {
        for secret in ["Pa55word", "c2VjcmV0", "S3cret"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[test]
fn ordinary_files_beside_the_exports_change_nothing() {
    for (path, content) in [
        ("README.md", "# Exports\n\nRun `Get-OwaVirtualDirectory | fl` and look at InternalUrl. Note: see below.\n"),
        ("CAS2/notes.txt", "InternalUrl and ExternalUrl were checked on Monday, see the ticket.\n"),
        ("CAS2/packages.config", "<?xml version=\"1.0\"?><packages><package id=\"x\" /></packages>"),
        ("CAS2/report.html", "<!DOCTYPE html><html><body><p>All is well.</p></body></html>"),
        ("CAS2/web.config", "<configuration><system.web><compilation debug=\"false\" /></system.web></configuration>"),
        ("CAS2/list.json", "{\"servers\": [\"CAS1\", \"CAS2\"]}"),
        ("CAS2/mailboxes.csv", "Name,Server,Database\r\nx,CAS2,DB1\r\n"),
    ] {
        let linted = lint(with(path, content));
        assert_eq!(linted.report.exit_code, 0, "{path}: {}", linted.human());
    }
}

#[test]
fn archives_are_not_passed_over() {
    let marks: [(&str, &[u8]); 5] = [
        ("exports.zip", b"PK\x03\x04\x14\x00\x00\x00\x08\x00CAS2/owa.reg"),
        ("exports.7z", b"7z\xbc\xaf\x27\x1c\x00\x04"),
        ("exports.cab", b"MSCF\x00\x00\x00\x00\x10\x20\x00\x00"),
        ("exports.tar.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"),
        ("exports.rar", b"Rar!\x1a\x07\x01\x00"),
    ];
    for (name, bytes) in marks {
        let mut files = fixture("rules/base");
        files.push((name.to_owned(), bytes.to_vec()));
        let linted = lint_files(files);
        assert!(linted.rules().contains(&"INP-428") && linted.report.exit_code == 1, "{name}: {:?}", linted.rules());
    }
}
