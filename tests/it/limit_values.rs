//! Limits: what docs/robustness.md says of each holds just at it, and is told just over it.

use owalint::finding::Severity;
use serde_json::Value;

use crate::scratch::{Files, Folder, Linted, edit, fixture, lint_files, run};

fn with(path: &str, text: &str) -> Linted {
    let mut files: Files = fixture("rules/base");
    files.retain(|(it, _)| it != path);
    files.push((path.to_owned(), text.as_bytes().to_vec()));
    lint_files(files)
}

fn base(path: &str) -> String {
    String::from_utf8(fixture("rules/base").into_iter().find(|(it, _)| it == path).unwrap().1).unwrap()
}

fn numbered(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

fn config(more: &str) -> String {
    base("CAS2/applicationHost.config").replace("</configuration>", &format!("{more}</configuration>"))
}

/// The messages of one kind of problem, in order.
fn told<'l>(linted: &'l Linted, rule: &str) -> Vec<&'l str> {
    linted.report.findings.iter().filter(|it| it.rule == rule).map(|it| it.message.as_str()).collect()
}

#[test]
fn limits_of_formats_hold_on_both_sides() {
    let deep = |count: usize| config(&format!("{}{}", "<a>".repeat(count - 1), "</a>".repeat(count - 1)));
    let attributes = |count: usize| config(&format!("<x {} />", numbered(count, |at| format!("a{at}=\"\" "))));
    // Two levels are those of the list and of its object.
    let json = |count: usize| {
        let (begin, end) = ("[".repeat(count - 2), "]".repeat(count - 2));
        format!("[{{\"Server\": \"CAS2\", \"InternalUrl\": \"https://x/owa\", \"a\": {begin}1{end}}}]")
    };
    let csv = |count: usize| {
        let more = numbered(count - 4, |at| format!(",c{at}"));
        format!(
            "Server,InternalUrl,ExternalUrl,Identity{more}\nCAS2,https://x/owa,,CAS2\\owa{}\n",
            ",".repeat(count - 4)
        )
    };
    for (path, text, words) in [
        ("CAS2/applicationHost.config", [deep(128), deep(129)], "elements nest deeper than 128 elements"),
        ("CAS2/applicationHost.config", [attributes(1000), attributes(1001)], "more than 1000 attributes"),
        ("CAS2/more.json", [json(128), json(129)], "nest deeper than 128 levels"),
        ("CAS2/more.csv", [csv(10_000), csv(10_001)], "there are more than 10000 columns"),
    ] {
        for (text, is_over) in text.iter().zip([false, true]) {
            let linted = with(path, text);
            let found = linted.report.findings.iter().find(|it| it.message.contains(words));
            assert_eq!(found.is_some(), is_over, "{path}: {}", linted.human());
            assert!(found.is_none_or(|it| it.primary.path == path && it.severity == Severity::Error));
        }
    }
}

/// A list that was cut has no more items than were read because it has as many as are read.
#[test]
fn a_cut_list_at_the_limit_is_not_over_it() {
    let list = |items: &str| base("CAS2/owa.txt").replace("{Ntlm, WindowsIntegrated}", &format!("{{{items}}}"));
    for (cut, over) in [("Basic...", 0), ("Basic, Basic...", 0), ("Basic, Basic, Basic...", 1)] {
        let linted = with("CAS2/owa.txt", &list(&format!("{}{cut}", "Basic, ".repeat(99_998))));
        assert_eq!(told(&linted, "INP-517").len(), over, "{cut}");
        assert!(!linted.report.open.is_empty(), "{cut}: the list counts as cut");
    }
}

#[test]
fn a_folder_of_more_sites_than_are_named_may_be_that_of_any() {
    let linted = |count: usize| {
        let site = |at: usize| {
            format!(
                "<site name=\"Other{at}\" id=\"{}\"><application path=\"/\"><virtualDirectory path=\"/\" \
                 physicalPath=\"D:\\other{at}\\owa\" /></application></site>",
                at + 2
            )
        };
        let mut files = fixture("rules/base");
        // One of the folders is that of the base.
        edit(&mut files, "CAS2/applicationHost.config", "</sites>", &(numbered(count - 1, site) + "</sites>"));
        let web =
            "<configuration><system.webServer><httpRedirect enabled=\"true\" /></system.webServer></configuration>";
        files.push(("CAS2/owa/web.config".to_owned(), web.as_bytes().to_vec()));
        lint_files(files)
    };
    let of_some = "this folder could be that of Default Web Site/owa or Other0 or Other1 or Other10 and others";
    assert_eq!(told(&linted(32), "INP-504"), [of_some]);
    assert_eq!(told(&linted(33), "INP-504"), ["this folder could be one of many on the server"]);
}

const WEB: &str =
    "<configuration><system.webServer><httpRedirect enabled=\"true\" /></system.webServer></configuration>";

/// Whether an attribute of the virtual directory of CAS2 is known.
fn is_known(linted: &Linted, section: &str, attribute: &str) -> bool {
    let server = linted.facts.servers.iter().find(|it| it.name == "CAS2").unwrap();
    let mut found = server.iis.iter().filter(|it| it.section.ends_with(section) && it.attribute == attribute);
    found.next().unwrap().value.is_some()
}

#[test]
fn a_folder_of_more_paths_than_are_looked_at_may_be_that_of_any() {
    let linted = |count: usize| {
        let application = |at: usize| {
            format!(
                "<application path=\"/a{at}\"><virtualDirectory path=\"/\" physicalPath=\"D:\\odd\" /></application>"
            )
        };
        let mut files = fixture("rules/base");
        edit(&mut files, "CAS2/applicationHost.config", "<bindings>", &(numbered(count, application) + "<bindings>"));
        files.push(("CAS2/D/odd/web.config".to_owned(), WEB.as_bytes().to_vec()));
        lint_files(files)
    };
    assert_eq!((told(&linted(255), "INP-504").len(), linted(255).report.exit_code), (0, 0));
    assert_eq!(told(&linted(256), "INP-504"), ["this folder could be one of many on the server"]);
}

#[test]
fn of_more_files_without_a_place_nothing_is_known() {
    let linted = |count: usize| {
        let mut files = fixture("rules/base");
        files.extend((0..count).map(|at| (format!("CAS2/x{at}/web.config"), WEB.as_bytes().to_vec())));
        lint_files(files)
    };
    let (some, many) = (linted(1_000), linted(1_001));
    assert_eq!((told(&some, "INP-414").len(), told(&many, "INP-414").len()), (1_000, 1_001));
    assert!(is_known(&some, "access", "sslFlags") && !is_known(&many, "access", "sslFlags"));
}

#[test]
fn at_a_path_of_too_many_parts_nothing_is_known() {
    let linted = |parts: usize| {
        let mut files = fixture("rules/base");
        // The site is one of the parts.
        edit(&mut files, "CAS2/owa.txt", "/ROOT/owa", &format!("/ROOT{}", "/x".repeat(parts - 1)));
        lint_files(files)
    };
    assert!(is_known(&linted(255), "access", "sslFlags") && !is_known(&linted(256), "access", "sslFlags"));
}

#[test]
fn a_file_of_very_many_paths_is_not_taken_to_all_of_them() {
    let tag = |at: usize| {
        format!(
            "<location path=\"f{at}\"><system.webServer><httpRedirect enabled=\"true\" /></system.webServer></location>"
        )
    };
    let web = format!("<configuration>{}</configuration>", numbered(1_999, tag));
    // The first path is no repetition.
    for (count, over) in [(101, 0), (102, 1)] {
        let mut files = fixture("rules/base");
        let paths = numbered(count, |at| format!("\"Default Web Site/owa/p{at}\", "));
        let (_, bytes) = files.iter_mut().find(|(path, _)| path == "owalint-estate.toml").unwrap();
        bytes.extend(format!("\n[servers.CAS2.web-config]\n\"CAS2/w/web.config\" = [{paths}]\n").into_bytes());
        files.push(("CAS2/w/web.config".to_owned(), web.clone().into_bytes()));
        let linted = lint_files(files);
        assert_eq!(told(&linted, "INP-414").len(), over, "{count}");
        assert_eq!(linted.report.exit_code, over as u8, "{count}");
    }
}

#[test]
fn a_section_that_very_many_places_keep_in_one_file_is_not_known() {
    let items = numbered(1_000, |at| format!("<add ipAddress=\"10.0.{}.{}\" />", at / 250, at % 250));
    let tag = |at: usize| {
        let inner =
            "<system.webServer><security><ipSecurity configSource=\"ip.config\" /></security></system.webServer>";
        format!("<location path=\"f{at}\">{inner}</location>")
    };
    let folder = "CAS2/C/Program Files/Microsoft/Exchange Server/V14/ClientAccess/owa";
    let is_known = |count: usize| {
        let mut files = fixture("rules/base");
        // Without the lock a web.config may set it.
        let (locked, open) = ("name=\"ipSecurity\" overrideModeDefault=\"Deny\"", "name=\"ipSecurity\"");
        edit(&mut files, "CAS2/applicationHost.config", locked, open);
        let web = format!("<configuration>{}</configuration>", numbered(count, tag));
        files.push((format!("{folder}/web.config"), web.into_bytes()));
        files.push((format!("{folder}/ip.config"), format!("<ipSecurity>{items}</ipSecurity>").into_bytes()));
        is_known(&lint_files(files), "access", "sslFlags")
    };
    assert!(is_known(80) && !is_known(120));
}

/// What is compared with the names of switches takes no memory that grows with both.
#[test]
fn names_of_values_may_be_of_any_length() {
    let key = r"[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchange OWA]";
    let named = |name: &str| {
        let text = format!("Windows Registry Editor Version 5.00\r\n\r\n{key}\r\n\"{name}\"=dword:00000001\r\n");
        with("CAS2/owa.reg", &text).rules().contains(&"HYG-204")
    };
    let near = "AllowProxyingWithoutSs";
    assert!(named(near) && named("AllowProxyingWithoutSslxxx"));
    assert!(!named(&near.repeat(200_000)) && !named("Allow"));
}

#[test]
fn problems_of_an_export_are_counted() {
    let odd = |count: usize| {
        let list = numbered(count, |at| format!("<S N=\"a{at}\">x<b/></S>"));
        let kind = "Microsoft.Exchange.Data.Directory.SystemConfiguration.ADOwaVirtualDirectory";
        format!(
            "<Objs Version=\"1.1.0.1\"><Obj><TN><T>{kind}</T></TN><MS>{list}<S N=\"Server\">CAS2</S></MS></Obj></Objs>"
        )
    };
    let (some, many) = (with("CAS2/more.xml", &odd(100)), with("CAS2/more.xml", &odd(103)));
    let (some, many) = (told(&some, "INP-528"), told(&many, "INP-528"));
    assert_eq!((some.len(), many.len()), (100, 100));
    assert!(!some[99].contains("more problems") && many[99].ends_with(", and 3 more problems of this kind follow"));
}

/// What only the whole shows of a file counts with what the file itself shows, and once.
#[test]
fn problems_that_other_files_show_are_counted() {
    let tags = |count: usize| {
        let odd = |at: usize| format!("<location path=\"Nowhere{at}/owa\"><system.webServer /></location>\n");
        numbered(count, odd)
    };
    let linted = |count: usize, more: &str| {
        let mut files = fixture("rules/base");
        let sets = format!("{}{more}</configuration>", tags(count));
        edit(&mut files, "CAS2/applicationHost.config", "</configuration>", &sets);
        lint_files(files)
    };
    assert_eq!(told(&linted(1_000, ""), "INP-419").len(), 1_000);
    assert!(!told(&linted(1_000, ""), "INP-419")[999].contains("of these"));
    // The collection is one that layering tells of.
    let twice = "<location path=\"Default Web Site/owa\"><system.webServer><security><ipSecurity>\
        <add ipAddress=\"10.0.0.1\" /><add ipAddress=\"10.0.0.1\" /></ipSecurity></security></system.webServer></location>";
    for more in ["", twice] {
        let linted = linted(1_234, more);
        let told = told(&linted, "INP-419");
        assert_eq!(told.len(), 1_000);
        assert!(told[999].ends_with("so the settings apply to nothing; the file has 1234 of these"), "{}", told[999]);
        assert_eq!(told.iter().filter(|it| it.contains("of these")).count(), 1);
    }
    // Locked sections of a web.config, which only the server's configuration shows.
    let section = "<system.webServer><security><access sslFlags=\"None\" /></security></system.webServer>";
    let tag = |at: usize| format!("<location path=\"f{at}\">{section}</location>\n");
    let mut files = fixture("rules/base");
    let web = format!("<configuration>{}</configuration>", numbered(1_500, tag));
    let path = "CAS2/C/Program Files/Microsoft/Exchange Server/V14/ClientAccess/owa/web.config";
    files.push((path.to_owned(), web.into_bytes()));
    let linted = lint_files(files);
    let told = told(&linted, "INP-501");
    assert_eq!(told.len(), 1_000, "{:?}", linted.rules());
    assert!(told[999].ends_with("; the file has 1500 of these"), "{}", told[999]);
}

#[test]
fn entries_of_the_estate_file_without_a_file_are_counted() {
    let mut files = fixture("rules/base");
    let entries = numbered(1_500, |at| format!("\"CAS1/{at}/web.config\" = \"Default Web Site/owa\"\n"));
    let (_, bytes) = files.iter_mut().find(|(path, _)| path == "owalint-estate.toml").unwrap();
    bytes.extend(format!("\n[servers.CAS1.web-config]\n{entries}").into_bytes());
    let linted = lint_files(files);
    let told = told(&linted, "INP-507");
    assert_eq!(told.len(), 1_000, "{:?}", linted.rules());
    assert!(told[999].ends_with("; the file has 1500 of these"), "{}", told[999]);
}

/// Servers with the same fault: CAS2 publishes plain http, and all the others are told not to proxy to it.
#[test]
fn servers_and_places_of_a_finding_have_a_limit() {
    let listed = |count: usize| {
        let mut files = fixture("rules/base");
        edit(&mut files, "CAS2/owa.txt", "https://cas2", "http://cas2");
        let own: Files = files.iter().filter(|(path, _)| path.starts_with("CAS1/")).cloned().collect();
        for at in 1..count {
            for (path, bytes) in &own {
                let text = String::from_utf8(bytes.clone()).unwrap();
                let text = text.replace("CAS1", &format!("CASX{at}")).replace("cas1", &format!("casx{at}"));
                files.push((path.replace("CAS1", &format!("CASX{at}")), text.into_bytes()));
            }
        }
        let linted = lint_files(files);
        let found = linted.report.findings.iter().find(|it| it.rule == "P42-001").unwrap();
        (found.sources.len(), found.sources_total, found.related.len(), found.related_total)
    };
    assert_eq!(listed(100), (100, 100, 100, 100));
    assert_eq!(listed(101), (100, 101, 100, 101));
}

#[test]
fn the_table_of_pairs_has_a_limit() {
    // One server is a source of all targets, and no other has a registry or a configuration.
    let rows = |count: usize| {
        let mut files = fixture("rules/base");
        files.retain(|(path, _)| path != "owalint-estate.toml");
        let more = base("CAS2/owa.txt");
        let vdirs =
            numbered(count - 2, |at| more.replace("owa (Default Web Site)", &format!("owa{at} (Default Web Site)")));
        files.push(("CAS2/more.txt".to_owned(), vdirs.into_bytes()));
        let folder = Folder::with(&files);
        let json = run(&["paths", ".", "--format", "json"], &folder.0);
        let pairs = serde_json::from_slice::<Value>(&json.stdout).unwrap()["paths"].as_array().unwrap().len();
        let table = String::from_utf8(run(&["paths", "."], &folder.0).stdout).unwrap();
        (pairs, table.lines().count())
    };
    let (whole, classes) = (rows(1_000), rows(1_001));
    assert_eq!((whole.0, classes.0), (1_000, 1_001));
    assert!(whole.1 > 2_000 && classes.1 < 1_100, "{whole:?} {classes:?}");
}

/// Many virtual directories of one server, and a configuration of many parts, none of which is theirs.
#[test]
fn what_directories_of_a_server_may_go_through_has_a_limit() {
    let listing = base("CAS2/owa.txt");
    let places = numbered(2_500, |at| format!("<location path=\"Default Web Site/other{at}\"></location>"));
    let counted = |directories: usize| {
        let mut files = fixture("rules/base");
        let more = |at| listing.replace("owa (Default Web Site)", &format!("owa{at} (Default Web Site)"));
        files.push(("CAS2/more.txt".to_owned(), numbered(directories - 1, more).into_bytes()));
        edit(&mut files, "CAS2/applicationHost.config", "</configuration>", &format!("{places}</configuration>"));
        let linted = lint_files(files);
        let said = told(&linted, "INP-593").first().map(|it| (*it).to_owned());
        (said, linted.report.exit_code)
    };
    let (over, status) = counted(500);
    let over = over.unwrap();
    let numbers: Vec<usize> = over.split(|it: char| !it.is_ascii_digit()).filter_map(|it| it.parse().ok()).collect();
    // The first number is the one in the name of the server.
    let [_, all, kept, parts] = numbers[..] else { panic!("{over}") };
    assert_eq!((all, kept, status), (500, 1_000_000 / parts, 1), "{over}");
    assert!((2_500..2_600).contains(&parts), "{over}");
    assert_eq!(counted(kept).0, None);
    let (over, _) = counted(kept + 1);
    assert!(over.is_some_and(|it| it.contains(&format!("only the first {kept} were"))));
}

/// Files named on the command line over the limit: this one takes no room on the disk.
#[cfg(unix)]
#[test]
fn a_named_file_that_is_too_large_ends_the_run() {
    let (folder, beside) = (Folder::with(&fixture("rules/base")), Folder::new());
    let path = beside.0.join("huge.toml");
    std::fs::File::create(&path).unwrap().set_len(owalint::load::MAX_BYTES + 1).unwrap();
    let output = run(&["check", ".", "--config", path.to_str().unwrap()], &folder.0);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("files over 1073741824 bytes are not read"), "{said}");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
}
