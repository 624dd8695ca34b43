//! Limits: time grows with the size of files only, and what is over a limit is said.
//!
//! Where something were quadratic, a test here would not end.

use owalint::read::reg::{self, Wanted};
use owalint::render::{FORMATS, Look};
use owalint::text::decode::{Encoding, decode};
use owalint::text::source::Source;
use owalint::text::span::SourceId;

use crate::scratch::{Files, Linted, edit, fixture, lint_files};

fn with(path: &str, text: impl Into<Vec<u8>>) -> Linted {
    let mut files: Files = fixture("rules/base");
    files.retain(|(it, _)| it != path);
    files.push((path.to_owned(), text.into()));
    let linted = lint_files(files);
    for format in FORMATS {
        assert!(!(format.render)(&linted.report, &linted.sources, Look::default()).is_empty());
    }
    linted
}

fn base(path: &str) -> String {
    String::from_utf8(fixture("rules/base").into_iter().find(|(it, _)| it == path).unwrap().1).unwrap()
}

/// The base's configuration with more before its end.
fn config(more: &str) -> String {
    base("CAS2/applicationHost.config").replace("</configuration>", &format!("{more}</configuration>"))
}

fn location(path: &str, inner: &str) -> String {
    format!("<location path=\"{path}\"><system.webServer>{inner}</system.webServer></location>\n")
}

fn numbered(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

#[test]
fn a_character_without_end_is_read_in_every_kind_of_file() {
    let beginnings = [
        ("CAS2/a.txt", "Name : x\nInternalUrl : "),
        ("CAS2/b.reg", "Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\A]\n\"a\"=hex:"),
        ("CAS2/c.config", "<configuration><system.webServer><security><access sslFlags=\""),
        ("CAS2/d.json", "[{\"InternalUrl\": \"x\", \"a\": "),
        ("CAS2/e.csv", "Server,InternalUrl,ExternalUrl,Identity\n"),
        ("CAS2/f.xml", "<Objs Version=\"1.1.0.1\"><Obj><MS><S N=\"InternalUrl\">"),
        ("CAS2/g.txt", "C:\\>reg query HKLM\\A\n\nHKEY_LOCAL_MACHINE\\A\n"),
        ("CAS2/h.txt", "C:\\>appcmd list config x\n"),
        ("CAS2/i.bin", ""),
    ];
    for piece in ["\\\r\n", "(", "[", "{", ",", "_x", " : ", "<", "\"", "\n\n", "a", "=", "&", "\u{0}", "]]>", "..."] {
        let mut files = fixture("rules/base");
        for (path, beginning) in beginnings {
            files.push((path.to_owned(), (beginning.to_owned() + &piece.repeat(40_000 / piece.len())).into_bytes()));
        }
        let linted = lint_files(files);
        assert_ne!(linted.report.exit_code, 0, "{piece:?}");
        assert!(!linted.human().is_empty());
    }
}

#[test]
fn many_objects_of_one_server_are_read() {
    let vdir = base("CAS2/owa.txt");
    let many = numbered(300, |at| vdir.replace("owa (Default Web Site)", &format!("owa{at} (Default Web Site)")));
    assert_eq!(with("CAS2/owa.txt", many).report.summary.pairs, 301);
    let twice = numbered(300, |at| vdir.replace("https://cas2", &format!("https://h{at}")));
    let linted = with("CAS2/owa.txt", twice);
    assert!(linted.rules().contains(&"INC-314"), "{:?}", linted.rules());
    let wide = vdir.replace("{Ntlm, WindowsIntegrated}", &format!("{{{}}}", "Basic, ".repeat(50_000) + "Ntlm"));
    with("CAS2/owa.txt", wide);
    let properties = numbered(20_000, |at| format!("Property{at} : x\n"));
    with("CAS2/owa.txt", vdir.replace("\nName ", &format!("\n{properties}Name ")));
}

#[test]
fn many_places_of_a_configuration_are_read() {
    let access = |flags: &str| format!("<security><access sslFlags=\"{flags}\" /></security>");
    for more in [
        numbered(3000, |at| location(&format!("Default Web Site/owa/{at}"), &access("Ssl"))),
        numbered(3000, |_| location("Default Web Site/owa", &access("Ssl"))),
        numbered(3000, |at| location("Default Web Site/owa", &access(if at % 2 == 0 { "Ssl" } else { "None" }))),
        numbered(3000, |at| location(&format!("Site {at}"), &access("x"))),
        location(
            "Default Web Site/owa",
            &format!(
                "<security><ipSecurity>{}</ipSecurity></security>",
                numbered(5000, |at| format!("<add ipAddress=\"10.{}.{}.1\" />", at / 250, at % 250))
            ),
        ),
        location(
            "Default Web Site/owa",
            &format!(
                "<security><ipSecurity>{}</ipSecurity></security>",
                "<add ipAddress=\"10.0.0.1\" /><remove ipAddress=\"10.0.0.1\" />".repeat(3000)
            ),
        ),
        location(&"x/".repeat(20_000), &access("Ssl")),
        location("Default Web Site/owa", &access(&"Ssl, ".repeat(20_000))),
        // One line, on which everything stands.
        numbered(3000, |at| location(&format!("Default Web Site/{at}"), &access("odd")).trim().to_owned()),
    ] {
        with("CAS2/applicationHost.config", config(&more));
    }
    let site = |at: usize| {
        format!(
            "<site name=\"s{at}\" id=\"{}\"><application path=\"/\"><virtualDirectory path=\"/\" physicalPath=\"C:\\{at}\" /></application><bindings>{}</bindings></site>",
            at + 2,
            "<binding protocol=\"http\" bindingInformation=\"*:80:\" />".repeat(5)
        )
    };
    let sites = base("CAS2/applicationHost.config").replace("</sites>", &format!("{}</sites>", numbered(2000, site)));
    with("CAS2/applicationHost.config", sites);
}

#[test]
fn many_lines_of_a_listing_are_read() {
    let vdir = base("CAS2/owa.txt");
    let (above, below) = vdir.split_once("InternalUrl").unwrap();
    for text in [
        // A block without a blank line, of one name, of many and of objects.
        "Name : x\n".repeat(20_000),
        vdir.trim().to_owned() + "\n" + &vdir.trim_start().replace("\n\n", "\n").repeat(500),
        // What a value forges: no line of it begins an object.
        format!("{above}DefaultDomain : x{}InternalUrl{below}", "\n\n    Identity : y\n    Name : z".repeat(5_000)),
        // Prompts inside of values, and many commands.
        format!("{above}{}InternalUrl{below}", "\nPS C:\\> get-x".repeat(10_000)),
        "PS C:\\> Get-OwaVirtualDirectory | fl\n\nName : x\nInternalUrl : https://x/owa\n\n".repeat(3_000),
        // Cut lists, and cut lines.
        format!("{above}ObjectClass : {{{}\nInternalUrl{below}", "a, \u{2026}".repeat(50_000)),
        format!("{above}{}InternalUrl{below}", "ExternalUrl : {a...\n".repeat(10_000)),
    ] {
        said_and_open("CAS2/owa.txt", text, "");
    }
}

#[test]
fn many_odd_parts_of_a_configuration_are_read() {
    for more in [
        numbered(20_000, |at| format!("<!-- <location path=\"{at}\"><a/></location> -->")),
        numbered(5_000, |at| format!("<a configSource=\"..\\..\\{at}.config\" />")),
        numbered(5_000, |at| format!("<a configSource=\"\\\\host\\share\\{at}.config\" />")),
        numbered(5_000, |at| format!("<a xmlns=\"urn:{at}\"><b /></a>")),
        numbered(5_000, |at| location(&format!("Default Web Site%2fowa{at} "), "")),
        "<![CDATA[x]]>&#65;<?a b?>".repeat(10_000),
        format!("<machineKey {}=\"x\" />", "password".repeat(20_000)),
        "<connectionStrings><add connectionString=\"Password=x\" /></connectionStrings>".repeat(3_000),
    ] {
        said_and_open("CAS2/applicationHost.config", config(&more), "");
    }
}

/// Bytes of which it has to be found out what they are, and places in them.
#[test]
fn hostile_bytes_are_decoded_in_linear_time() {
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let mark = |bytes: Vec<u8>| [&[0xff, 0xfe], &bytes[..]].concat();
    let line = "InternalUrl : https://cas2/owa größe\r\n";
    for bytes in [
        // Files in two encodings in turn, with and without line ends.
        [line.as_bytes(), &wide(line)].concat().repeat(5_000),
        mark([wide(line), line.as_bytes().to_vec()].concat().repeat(5_000)),
        mark(b"InternalUrl : https://cas2/owa ".repeat(30_000)),
        mark(b"aa".repeat(500_000)),
        // Halves of characters, NULs, marks, and bytes that mean nothing.
        mark([0x00, 0xd8].repeat(300_000)),
        mark(wide("\u{feff}").repeat(300_000)),
        vec![0; 1_000_000],
        b"ab\0".repeat(300_000),
        b"\xff".repeat(1_000_000),
        b"\x80a\xe2\x82".repeat(200_000),
        "😀é".repeat(150_000).into_bytes(),
        b"password=x; ".repeat(80_000),
        b"\r".repeat(1_000_000),
    ] {
        let source = Source::new("a".to_owned(), decode(bytes));
        let (text, end) = (source.text(), source.text().len());
        for at in (0..end).step_by((end / 2_000).max(1)).filter(|at| text.is_char_boundary(*at)) {
            assert!(source.place(at as u32).line >= 1);
        }
        source.secrets(source.line_index(end as u32));
    }
}

#[test]
fn many_values_of_a_registry_are_read() {
    let head = "Windows Registry Editor Version 5.00\r\n\r\n";
    let owa = "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\MSExchange OWA";
    for text in [
        format!("{head}{owa}]\r\n{}", numbered(20_000, |at| format!("\"Value{at}\"=dword:{at:08x}\r\n"))),
        format!(
            "{head}{owa}]\r\n{}",
            "\"AllowProxyingWithoutSsl\"=dword:00000001\r\n\"AllowProxyingWithoutSsl\"=-\r\n".repeat(10_000)
        ),
        format!("{head}{}", numbered(20_000, |at| format!("{owa}\\{at}]\r\n\"a\"=\"b\"\r\n"))),
        format!("{head}{}", numbered(20_000, |at| format!("[-{}\\{at}]\r\n", &owa[1..]))),
        format!("{head}{owa}{}]\r\n\"a\"=\"b\"\r\n", "\\x".repeat(20_000)),
        format!("{head}{owa}]\r\n\"a\"=hex(7):{}", "41,\\\r\n  ".repeat(20_000)),
    ] {
        with("CAS2/owa.reg", text);
    }
}

#[test]
fn many_files_with_problems_are_told() {
    let mut files = fixture("rules/base");
    for at in 0..300 {
        files.push((format!("CAS2/{at}/owa.reg"), b"REGEDIT4 x\r\n".to_vec()));
        files.push((
            format!("nobody/{at}/web.config"),
            b"<configuration><system.webServer><httpRedirect enabled=\"true\" /></system.webServer></configuration>"
                .to_vec(),
        ));
    }
    let linted = lint_files(files);
    assert!(linted.report.findings.len() >= 600, "{}", linted.report.findings.len());
    assert!(!linted.human().is_empty());
}

/// Each limit has its words, and what is over it is not taken for what is not there.
#[test]
fn what_is_over_a_limit_is_said() {
    let deep = |count: usize| config(&format!("{}{}", "<a>".repeat(count), "</a>".repeat(count)));
    let attributes = |count: usize| config(&format!("<x {} />", numbered(count, |at| format!("a{at}=\"\" "))));
    let json = |count: usize| {
        format!("[{{\"InternalUrl\": \"https://x/owa\", \"a\": {}1{}}}]", "[".repeat(count), "]".repeat(count))
    };
    for (path, text, words) in [
        ("CAS2/applicationHost.config", deep(130), "elements nest deeper than 128"),
        ("CAS2/applicationHost.config", attributes(1001), "more than 1000 attributes"),
        ("CAS2/owa.json", json(130), "nest deeper than 128 levels"),
        (
            "CAS2/owa.csv",
            format!("Server,InternalUrl,ExternalUrl,Identity{}\n", numbered(20_000, |at| format!(",c{at}"))),
            "more than 10000 columns",
        ),
    ] {
        let linted = with(path, text);
        let told = linted.report.findings.iter().find(|it| it.message.contains(words));
        let told = told.unwrap_or_else(|| panic!("{words}: {}", linted.human()));
        assert_eq!((told.primary.path.as_str(), told.severity), (path, owalint::finding::Severity::Error));
        assert_eq!(linted.report.exit_code, 1);
    }
    assert_eq!(with("CAS2/applicationHost.config", deep(120)).report.exit_code, 0);
}

/// What a run says with another file in place of one of the base: whether a problem with this id stands in it, and how
/// many questions are left open.
fn said_and_open(path: &str, text: String, id: &str) -> (bool, usize) {
    let mut files = fixture("rules/base");
    files.retain(|(it, _)| it != path);
    files.push((path.to_owned(), text.into_bytes()));
    let report = lint_files(files).report;
    let is_said = report.findings.iter().any(|it| it.rule == id && it.primary.path == path);
    assert!(!is_said || report.exit_code == 1);
    (is_said, report.open.len())
}

#[test]
fn data_of_more_lines_than_are_read_is_not_known() {
    let file = |lines: usize| {
        let data = format!("{}00", "00,\\\r\n  ".repeat(lines - 1));
        let key = r"[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchange OWA]";
        format!("Windows Registry Editor Version 5.00\r\n\r\n{key}\r\n\"AllowProxyingWithoutSsl\"=hex(4):{data}\r\n")
    };
    let ids = |lines: usize, wanted: &Wanted| -> Vec<&str> {
        let (_, problems) = reg::read_wanted(&file(lines), SourceId(0), Encoding::Utf16LeBom, wanted);
        problems.iter().map(|it| it.kind.row().id).collect()
    };
    // What nobody asks for is read just as far.
    for wanted in [Wanted::all(), Wanted::only(["hkey_users"], &[], &[])] {
        assert_eq!(ids(1_000_000, &wanted), [""; 0]);
        assert_eq!(ids(1_000_001, &wanted), ["INP-515"]);
    }
    let mut files = fixture("rules/base");
    edit(&mut files, "CAS2/owa.txt", "https://cas2", "http://cas2");
    files.retain(|(path, _)| path != "CAS1/owa.reg");
    files.push(("CAS1/owa.reg".to_owned(), file(1_000_001).into_bytes()));
    let report = lint_files(files).report;
    let fault = report.findings.iter().find(|it| it.rule == "P42-001").unwrap();
    assert!(fault.assumes.iter().any(|it| it.contains("the type of AllowProxyingWithoutSsl of CAS1 is not shown")));
    assert!(report.findings.iter().any(|it| it.rule == "INP-515" && it.primary.text == "hex(4):"));
}

#[test]
fn a_value_of_more_lines_than_are_read_is_not_known() {
    let vdir = base("CAS2/owa.txt");
    let (above, below) = vdir.split_once("InternalUrl").unwrap();
    let (value, below) = below.split_once('\n').unwrap();
    let column = "InternalUrl".len() + value.find("https").unwrap();
    let wrapped = |lines: usize| {
        let line = format!("\n{}{}", " ".repeat(column), "x".repeat(20));
        format!("{above}InternalUrl{}{}\n{below}", value.trim_end(), line.repeat(lines - 1))
    };
    assert!(!said_and_open("CAS2/owa.txt", wrapped(20_000), "INP-516").0);
    let (is_said, open) = said_and_open("CAS2/owa.txt", wrapped(20_001), "INP-516");
    assert!(is_said && open > 0, "{open}");
}

#[test]
fn a_list_of_more_items_than_are_read_counts_as_cut() {
    let vdir = base("CAS2/owa.txt");
    let listed = |count: usize| {
        assert!(vdir.contains("{Ntlm, WindowsIntegrated}"));
        vdir.replace("{Ntlm, Win", &format!("{{{}Ntlm, Win", "Basic, ".repeat(count - 2)))
    };
    assert_eq!(said_and_open("CAS2/owa.txt", listed(100_000), "INP-517"), (false, 0));
    let (is_said, open) = said_and_open("CAS2/owa.txt", listed(100_001), "INP-517");
    assert!(is_said && open > 0, "{open}");
    // The same list as one text, as CSV has it.
    let csv = |count: usize| {
        let list = "Basic ".repeat(count - 1) + "Ntlm";
        format!(
            "\"Name\",\"Server\",\"InternalUrl\",\"ExternalUrl\",\"Identity\",\"ObjectClass\",\"InternalAuthenticationMethods\"\r\n\
             \"owa (Default Web Site)\",\"CAS2\",\"https://cas2.corp.example.com/owa\",\"\",\"CAS2\\owa (Default Web Site)\",\
             \"top msExchVirtualDirectory msExchOWAVirtualDirectory\",\"{list}\"\r\n"
        )
    };
    assert!(!said_and_open("CAS2/more.csv", csv(100_000), "INP-517").0);
    assert!(said_and_open("CAS2/more.csv", csv(100_001), "INP-517").0);
}

#[test]
fn problems_of_one_kind_are_counted() {
    let lines = numbered(5_000, |at| format!("\"Value{at}\"=dword:x\r\n"));
    let key = "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\MSExchange OWA]";
    let linted = with("CAS1/more.reg", format!("Windows Registry Editor Version 5.00\r\n\r\n{key}\r\n{lines}"));
    let told: Vec<&str> =
        linted.report.findings.iter().filter(|it| it.rule == "INP-432").map(|it| it.message.as_str()).collect();
    assert_eq!(told.len(), 1_000);
    assert!(told[999].ends_with("; the file has 5000 of these"), "{}", told[999]);
}

/// Files over the limit are not opened: this one takes no room on the disk.
#[cfg(unix)]
#[test]
fn a_file_that_is_too_large_is_refused() {
    let folder = crate::scratch::Folder::with(&fixture("rules/base"));
    let file = std::fs::File::create(folder.0.join("CAS2/huge.reg")).unwrap();
    file.set_len(owalint::load::MAX_BYTES + 1).unwrap();
    let output = crate::scratch::run(&["check", ".", "--format", "short"], &folder.0);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("CAS2/huge.reg:1:1: error[INP-402]: it has 1073741825 bytes"), "{text}");
    assert_eq!(output.status.code(), Some(1));
}
