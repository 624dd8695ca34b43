//! web.config files: where they lie, what they change, and what is left open where that cannot be told.

use crate::outcomes::agree;
use crate::places::check_places;
use crate::scratch::{Files, Linted, edit, fixture, lint_files};

const CONFIG: &str = "CAS2/applicationHost.config";
const OWA: &str = "CAS2/C/Program Files/Microsoft/Exchange Server/V14/ClientAccess/Owa/web.config";
const ROOT: &str = "CAS2/inetpub/wwwroot/web.config";
const ON: &str = "<httpRedirect enabled=\"true\" destination=\"/x\" />";
const OFF: &str = "<httpRedirect enabled=\"false\" />";
const NONE: &str = "<configuration />";

/// Files that are put into the snapshot.
type Given<'a> = &'a [(&'a str, &'a str)];

/// A web.config with these elements in `system.webServer`.
fn server(inside: &str) -> String {
    format!("<configuration><system.webServer>{inside}</system.webServer></configuration>")
}

/// A location tag of a web.config, or of applicationHost.config, with these elements in `system.webServer`.
fn location(attributes: &str, inside: &str) -> String {
    format!("<location {attributes}><system.webServer>{inside}</system.webServer></location>")
}

fn access(flags: &str) -> String {
    format!("<security><access sslFlags=\"{flags}\" /></security>")
}

fn with(edits: &[(&str, &str, &str)], files: Given<'_>) -> Linted {
    let mut snapshot: Files = fixture("rules/base");
    for (path, from, to) in edits {
        edit(&mut snapshot, path, from, to);
    }
    snapshot.extend(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
    snapshot.sort();
    let linted = lint_files(snapshot);
    check_places(&linted);
    agree("a web.config", &linted);
    linted
}

/// The same with something put into applicationHost.config before its end.
fn with_locations(locations: &str, files: Given<'_>) -> Linted {
    let end = format!("{locations}\n</configuration>");
    with(&[(CONFIG, "</configuration>", &end)], files)
}

fn outcome(linted: &Linted) -> &'static str {
    linted.paths.paths.iter().find(|path| path.target == "CAS2").unwrap().outcome
}

/// The value of an attribute at CAS2, with where it comes from.
fn fact(linted: &Linted, section: &str, attribute: &str) -> (Option<String>, String) {
    let server = linted.facts.servers.iter().find(|it| it.name == "CAS2").unwrap();
    let mut found = server.iis.iter().filter(|it| it.section.ends_with(section) && it.attribute == attribute);
    let it = found.next().unwrap();
    (it.value.clone(), it.origin.clone())
}

fn redirect(linted: &Linted) -> String {
    let (value, origin) = fact(linted, "httpRedirect", "enabled");
    match value {
        Some(value) => format!("{value} by {origin}"),
        None => "undetermined".to_owned(),
    }
}

fn has(linted: &Linted, rule: &str) -> bool {
    linted.rules().contains(&rule)
}

fn assumed(linted: &Linted) -> Vec<String> {
    let path = linted.paths.paths.iter().find(|path| path.target == "CAS2").unwrap();
    path.assumes.iter().filter(|it| it.contains("web.config")).cloned().collect()
}

#[test]
fn the_nearest_file_holds() {
    let rows: &[(&str, Given<'_>, &str)] = &[
        ("", &[(ROOT, &server(ON))], "true by web.config Default Web Site"),
        ("", &[(OWA, &server(ON))], "true by web.config Default Web Site/owa"),
        ("", &[(ROOT, &server(ON)), (OWA, &server(OFF))], "false by web.config Default Web Site/owa"),
        ("", &[(ROOT, &server(OFF)), (OWA, &server(ON))], "true by web.config Default Web Site/owa"),
        ("", &[(ROOT, &server(ON)), (OWA, NONE)], "true by web.config Default Web Site"),
        (&location("path=\"Default Web Site\"", ON), &[(ROOT, &server(OFF))], "false by web.config Default Web Site"),
        (
            &location("path=\"Default Web Site/owa\"", ON),
            &[(OWA, &server(OFF))],
            "false by web.config Default Web Site/owa",
        ),
        (&location("path=\"Default Web Site/owa\"", ON), &[(ROOT, &server(OFF))], "undetermined"),
        (
            &location("path=\"Default Web Site/owa\"", OFF),
            &[(ROOT, &server(OFF))],
            "false by web.config Default Web Site",
        ),
        (
            &location("path=\"Default Web Site/owa\"", ON),
            &[(ROOT, &server(OFF)), (OWA, &server(OFF))],
            "false by web.config Default Web Site/owa",
        ),
    ];
    for (locations, files, wanted) in rows {
        assert_eq!(redirect(&with_locations(locations, files)), *wanted, "{locations} {files:?}");
    }
}

#[test]
fn locations_of_a_web_config_count_from_its_folder() {
    let root = |attributes: &str| format!("<configuration>{}</configuration>", location(attributes, ON));
    for (attributes, wanted) in [
        ("path=\"owa\"", "true by web.config Default Web Site, location owa"),
        ("path=\"OWA\"", "true by web.config Default Web Site, location OWA"),
        ("path=\".\"", "true by web.config Default Web Site"),
        ("path=\"\"", "true by web.config Default Web Site"),
        ("", "true by web.config Default Web Site"),
        ("path=\"owa/auth\"", "false by applicationHost.config"),
        ("path=\"ecp\"", "false by applicationHost.config"),
        ("path=\"Default Web Site/owa\"", "false by applicationHost.config"),
        ("inheritInChildApplications=\"false\"", "false by applicationHost.config"),
        ("path=\".\" inheritInChildApplications=\"false\"", "false by applicationHost.config"),
    ] {
        assert_eq!(redirect(&with(&[], &[(ROOT, &root(attributes))])), wanted, "{attributes}");
    }
}

#[test]
fn a_redirect_in_a_web_config_is_found_at_its_place() {
    let linted = with(&[], &[(ROOT, &server(ON))]);
    assert_eq!(outcome(&linted), "silent-redirect");
    let finding = linted.report.findings.iter().find(|it| it.rule == "PRX-121").unwrap();
    assert_eq!((finding.primary.path.as_str(), finding.primary.text.as_str()), (ROOT, "true"));
}

#[test]
fn what_was_given_is_no_longer_assumed() {
    let vdir = "CAS2\\owa (Default Web Site)";
    let all = [format!("no web.config changes httpRedirect at {vdir}")];
    let of = |path: &str| [format!("no web.config of {path} changes httpRedirect at {vdir}")];
    assert_eq!(assumed(&with(&[], &[])), all);
    assert_eq!(assumed(&with(&[], &[(OWA, NONE)])), of("Default Web Site"));
    assert_eq!(assumed(&with(&[], &[(ROOT, NONE)])), of("Default Web Site/owa"));
    assert!(assumed(&with(&[], &[(ROOT, NONE), (OWA, NONE)])).is_empty());
    let elsewhere = "CAS2/C/Program Files/Microsoft/Exchange Server/V14/ClientAccess/ecp/web.config";
    assert_eq!(assumed(&with(&[], &[(elsewhere, NONE)])), all);
}

#[test]
fn a_locked_section_makes_requests_fail() {
    let linted = with(&[], &[(OWA, &server(&access("None")))]);
    let finding = linted.report.findings.iter().find(|it| it.rule == "INP-501").unwrap();
    assert_eq!((finding.primary.path.as_str(), finding.primary.text.as_str()), (OWA, "access"));
    assert_eq!((finding.related[0].path.as_str(), finding.related[0].text.as_str()), (CONFIG, "Deny"));
    assert_eq!(outcome(&linted), "unknown");
    assert_eq!(fact(&linted, "access", "sslFlags").0, None);
    assert!(linted.is_open("P42-003"));
}

#[test]
fn locks_are_those_of_the_nearest_place_that_says_so() {
    let file = server(&access("Ssl"));
    let tag = |path: &str, mode: &str| location(&format!("path=\"{path}\" {mode}"), &access("Ssl, Ssl128"));
    for (locations, locked) in [
        (tag("", "overrideMode=\"Allow\""), false),
        (tag("Default Web Site/owa", "overrideMode=\"Allow\""), false),
        (tag("Default Web Site/owa", "allowOverride=\"true\""), false),
        (tag("Default Web Site/owa", "overrideMode=\"Inherit\""), true),
        (tag("Default Web Site/owa/auth", "overrideMode=\"Allow\""), true),
        (tag("", "overrideMode=\"Allow\"") + &tag("Default Web Site/owa", "overrideMode=\"Deny\""), true),
        (tag("", "overrideMode=\"Deny\"") + &tag("Default Web Site/owa", "overrideMode=\"Allow\""), false),
    ] {
        let linted = with_locations(&locations, &[(OWA, &file)]);
        assert_eq!(has(&linted, "INP-501"), locked, "{locations}");
        let wanted = if locked { None } else { Some("Ssl".to_owned()) };
        assert_eq!(fact(&linted, "access", "sslFlags").0, wanted, "{locations}");
    }
    let linted =
        with_locations(&location("path=\"Default Web Site\" overrideMode=\"Deny\"", OFF), &[(OWA, &server(ON))]);
    let finding = linted.report.findings.iter().find(|it| it.rule == "INP-501").unwrap();
    assert_eq!(finding.related[0].text, "Deny");
}

#[test]
fn a_section_for_the_host_alone_is_locked_whatever_tags_say() {
    let declared = "<section name=\"httpRedirect\" overrideModeDefault=\"Allow\" />";
    let host = "<section name=\"httpRedirect\" allowDefinition=\"AppHostOnly\" overrideModeDefault=\"Allow\" />";
    let linted = with(&[(CONFIG, declared, host)], &[(OWA, &server(ON))]);
    assert!(has(&linted, "INP-501"));
    assert_eq!(outcome(&linted), "unknown");
}

#[test]
fn attributes_and_elements_may_be_locked() {
    let body = "<httpRedirect enabled=\"false\" />";
    for (lock, file, locked) in [
        ("lockAttributes=\"enabled\"", ON, true),
        ("lockAttributes=\"destination, enabled\"", ON, true),
        ("lockAttributes=\"*\"", ON, true),
        ("lockAttributes=\"childOnly\"", ON, false),
        ("lockAllAttributesExcept=\"enabled\"", OFF, false),
        ("lockAllAttributesExcept=\"enabled\"", ON, true),
        ("lockItem=\"true\"", ON, true),
        ("lockItem=\"false\"", ON, false),
        ("lockElements=\"add\"", ON, false),
    ] {
        let to = format!("<httpRedirect enabled=\"false\" {lock} />");
        let linted = with(&[(CONFIG, body, &to)], &[(OWA, &server(file))]);
        assert_eq!(has(&linted, "INP-501"), locked, "{lock} {file}");
        assert_eq!(fact(&linted, "httpRedirect", "enabled").0.is_none(), locked, "{lock} {file}");
    }
    // Whether a location tag of the same file may set what its body locks is not documented.
    let to = "<httpRedirect enabled=\"false\" lockAttributes=\"enabled\" />";
    let end = format!("{}\n</configuration>", location("path=\"Default Web Site/owa\"", ON));
    let linted = with(&[(CONFIG, body, to), (CONFIG, "</configuration>", &end)], &[]);
    assert_eq!(redirect(&linted), "undetermined");
}

#[test]
fn locked_elements_and_items_cannot_be_changed_below() {
    let unlocked = "<section name=\"ipSecurity\" overrideModeDefault=\"Allow\" />";
    let declared = (CONFIG, "<section name=\"ipSecurity\" overrideModeDefault=\"Deny\" />", unlocked);
    let rules = |inside: &str| format!("<security><ipSecurity>{inside}</ipSecurity></security>");
    let item = "<add ipAddress=\"10.0.0.1\" allowed=\"true\"";
    for (above, below, locked) in [
        ("<ipSecurity />", rules("<clear />"), false),
        ("<ipSecurity lockElements=\"clear,remove\" />", rules("<clear />"), true),
        ("<ipSecurity lockElements=\"clear,remove\" />", rules(&format!("{item} />")), false),
        ("<ipSecurity lockAllElementsExcept=\"add\" />", rules("<clear />"), true),
        ("<ipSecurity lockElements=\"*\" />", rules(&format!("{item} />")), true),
        (&format!("<ipSecurity>{item} lockItem=\"true\" /></ipSecurity>"), rules("<clear />"), true),
        (
            &format!("<ipSecurity>{item} lockItem=\"true\" /></ipSecurity>"),
            rules("<remove ipAddress=\"10.0.0.1\" />"),
            true,
        ),
        (
            &format!("<ipSecurity>{item} lockItem=\"true\" /></ipSecurity>"),
            rules("<remove ipAddress=\"10.0.0.2\" />"),
            false,
        ),
    ] {
        let body = format!("<access sslFlags=\"None\" />{above}");
        let linted = with(&[declared, (CONFIG, "<access sslFlags=\"None\" />", &body)], &[(OWA, &server(&below))]);
        assert_eq!(has(&linted, "INP-501"), locked, "{above} {below}");
    }
}

#[test]
fn a_file_that_iis_does_not_load_makes_requests_fail() {
    for (text, rule) in [
        ("", "INP-503"),
        (" \r\n", "INP-503"),
        ("<configuration><system.webServer>", "INP-411"),
        (
            "<configuration>\n<system.webServer><HttpRedirect enabled=\"true\" /></system.webServer></configuration>",
            "INP-416",
        ),
        (
            "<configuration><location path=\"a\" overrideMode=\"Allow\" allowOverride=\"true\" /></configuration>",
            "INP-416",
        ),
        (
            "<configuration><configSections><sectionGroup name=\"system.webServer\"><section name=\"httpRedirect\" /></sectionGroup></configSections></configuration>",
            "INP-502",
        ),
        ("<configuration><system.webServer /><configSections /></configuration>", "INP-416"),
    ] {
        for path in [ROOT, OWA] {
            let linted = with(&[], &[(path, text)]);
            assert!(has(&linted, rule), "{text}: {:?}", linted.rules());
            assert_eq!(outcome(&linted), "unknown", "{path}: {text}");
        }
    }
    assert_eq!(outcome(&with(&[], &[(ROOT, NONE), (OWA, "<configuration></configuration>")])), "proxied");
}

#[test]
fn one_file_of_several_paths_is_told_once() {
    let application = "<application path=\"/ecp\" applicationPool=\"MSExchangeECPAppPool\">";
    let more = "<application path=\"/owa/Calendar\" applicationPool=\"MSExchangeOWAAppPool\"><virtualDirectory path=\"/\" physicalPath=\"C:\\Program Files\\Microsoft\\Exchange Server\\V14\\ClientAccess\\owa\" /></application>";
    let edit = (CONFIG, application, &*format!("{more}{application}"));
    let linted = with(&[edit], &[(OWA, &server(&access("None")))]);
    assert_eq!(linted.rules().iter().filter(|it| **it == "INP-501").count(), 1);
    let message = &linted.report.findings.iter().find(|it| it.rule == "INP-501").unwrap().message;
    assert!(message.contains("Default Web Site/owa and 1 more"), "{message}");
    assert_eq!(redirect(&with(&[edit], &[(OWA, &server(ON))])), "true by web.config Default Web Site/owa");
}

#[test]
fn switches_take_lower_files_out_of_force() {
    let pool = "<add name=\"MSExchangeOWAAppPool\" autoStart=\"true\" />";
    let off = "<add name=\"MSExchangeOWAAppPool\" autoStart=\"true\" enableConfigurationOverride=\"false\" />";
    let by_default = format!("{pool}<applicationPoolDefaults enableConfigurationOverride=\"false\" />");
    for to in [off, &by_default] {
        let linted = with(&[(CONFIG, pool, to)], &[(OWA, &server(ON)), (ROOT, &server(ON))]);
        assert_eq!(redirect(&linted), "false by applicationHost.config", "{to}");
        assert!(assumed(&linted).is_empty(), "{to}");
        assert!(has(&linted, "INP-505"), "{to}");
    }
    let odd = "<add name=\"MSExchangeOWAAppPool\" autoStart=\"true\" enableConfigurationOverride=\"maybe\" />";
    let linted = with(&[(CONFIG, pool, odd)], &[(OWA, &server(ON))]);
    assert_eq!(redirect(&linted), "undetermined");
    assert!(has(&linted, "INP-416"));
    let linted = with(&[(CONFIG, pool, odd)], &[(OWA, &server(OFF))]);
    assert_eq!(redirect(&linted), "false by applicationHost.config", "the file changes nothing");
}

#[test]
fn a_place_that_cannot_be_told_is_said_and_nothing_is_guessed() {
    for path in ["CAS2/web.config", "CAS2/exports/web.config", "CAS2/DefaultWebSite-OWA_web.config"] {
        let linted = with(&[], &[(path, &server(ON))]);
        assert!(has(&linted, "INP-414"), "{path}");
        assert_eq!(redirect(&linted), "undetermined", "{path}");
        assert_eq!(fact(&linted, "access", "sslFlags").0.as_deref(), Some("Ssl, Ssl128"), "{path}");
        assert_eq!(outcome(&linted), "unknown", "{path}");
        let linted = with(&[], &[(path, &server(OFF))]);
        assert_eq!(redirect(&linted), "false by applicationHost.config", "wherever {path} lies, it changes nothing");
        let linted = with(&[], &[(path, NONE)]);
        assert_eq!(linted.report.exit_code, 0, "{path}: {}", linted.human());
    }
    let linted = with(&[], &[("web.config", &server(ON))]);
    assert!(has(&linted, "INP-441"));
}

#[test]
fn a_folder_that_fits_several_paths_leaves_each_of_them_open() {
    let site = "</site>";
    let other = "</site><site name=\"Other\" id=\"2\"><application path=\"/\"><virtualDirectory path=\"/\" physicalPath=\"D:\\other\\owa\" /></application></site>";
    let linted = with(&[(CONFIG, site, other)], &[("CAS2/owa/web.config", &server(ON))]);
    let finding = linted.report.findings.iter().find(|it| it.rule == "INP-504").unwrap();
    assert!(finding.message.contains("Default Web Site/owa or Other"), "{}", finding.message);
    assert_eq!(redirect(&linted), "undetermined");
    let linted = with(&[(CONFIG, site, other)], &[("CAS2/other/owa/web.config", &server(ON))]);
    assert_eq!(redirect(&linted), "false by applicationHost.config", "the folder is that of the other site");
    assert_eq!(linted.report.exit_code, 0);
}

#[test]
fn two_files_for_one_path_hold_only_if_they_are_the_same() {
    let copy = "CAS2/backup/C/Program Files/Microsoft/Exchange Server/V14/ClientAccess/Owa/web.config";
    let linted = with(&[], &[(OWA, &server(ON)), (copy, &server(ON))]);
    assert_eq!(redirect(&linted), "true by web.config Default Web Site/owa");
    let linted = with(&[], &[(OWA, &server(ON)), (copy, &server(OFF))]);
    assert!(has(&linted, "INP-506"));
    assert_eq!(redirect(&linted), "undetermined");
}

#[test]
fn the_estate_file_places_what_folders_do_not() {
    let placed = |line: &str| {
        let to = format!("[servers.CAS1]\n[servers.CAS2.web-config]\n{line}\n#");
        with(&[("owalint-estate.toml", "[servers.CAS1]", &to)], &[("CAS2/exports/one.config", &server(ON))])
    };
    let head = "\"CAS2/exports/one.config\" =";
    for (line, wanted) in [
        (format!("{head} \"Default Web Site/owa\""), "true by web.config Default Web Site/owa"),
        (format!("{head} [\"Default Web Site/ecp\", \"default web site\"]"), "true by web.config default web site"),
        (format!("{head} \"Default Web Site/ecp\""), "false by applicationHost.config"),
        (
            "\"cas2\\\\Exports\\\\ONE.config\" = \"Default Web Site/owa\"".to_owned(),
            "true by web.config Default Web Site/owa",
        ),
    ] {
        assert_eq!(redirect(&placed(&line)), wanted, "{line}");
    }
    for (line, text) in [
        (format!("{head} \"Defualt Web Site/owa\""), "Defualt Web Site"),
        ("\"CAS2/exports/two.config\" = \"Default Web Site/owa\"".to_owned(), "CAS2/exports/two.config"),
        ("\"CAS2/owa.txt\" = \"Default Web Site/owa\"".to_owned(), "CAS2/owa.txt"),
    ] {
        let linted = placed(&line);
        let finding = linted.report.findings.iter().find(|it| it.rule == "INP-507").unwrap();
        assert_eq!((finding.primary.path.as_str(), finding.primary.text.as_str()), ("owalint-estate.toml", text));
    }
}

#[test]
fn a_web_config_introduces_no_server() {
    let linted = with(&[], &[("CAS9/inetpub/wwwroot/web.config", &server(ON))]);
    assert_eq!(linted.facts.servers.len(), 2);
    assert!(has(&linted, "INP-441"));
}

#[test]
fn a_section_may_be_kept_in_a_file_of_the_snapshot() {
    let folder = OWA.strip_suffix("web.config").unwrap();
    let file = server("<httpRedirect configSource=\"parts\\redirect.config\" />");
    let part = format!("{folder}parts/redirect.config");
    let linted = with(&[], &[(OWA, &file), (&part, ON)]);
    assert_eq!(redirect(&linted), "true by web.config Default Web Site/owa");
    assert_eq!(linted.report.findings.iter().find(|it| it.rule == "PRX-121").unwrap().primary.path, part);
    assert!(!has(&linted, "INP-414"), "{:?}", linted.rules());
    for source in
        ["other.config", "..\\parts\\redirect.config", "C:\\parts\\redirect.config", "\\\\server\\share\\a.config"]
    {
        let file = server(&format!("<httpRedirect configSource=\"{source}\" />"));
        let linted = with(&[], &[(OWA, &file)]);
        assert!(has(&linted, "INP-508"), "{source}");
        assert_eq!(redirect(&linted), "undetermined", "{source}");
    }
    let linted = with(&[], &[(OWA, &file), (&part, "<access sslFlags=\"None\" />")]);
    assert!(has(&linted, "INP-508") && has(&linted, "INP-414"), "{:?}", linted.rules());
    let linted = with(&[], &[(OWA, &file), (&part, "<httpRedirect enabled=\"true\">")]);
    assert_eq!(redirect(&linted), "undetermined");
    let beside = server("<httpRedirect configSource=\"parts\\redirect.config\" enabled=\"true\" />");
    assert!(has(&with(&[], &[(OWA, &beside), (&part, ON)]), "INP-416"));
}

/// The items of a section count wherever it is kept.
#[test]
fn items_of_a_section_that_is_kept_in_another_file_are_read() {
    let part = format!("{}ip.config", OWA.strip_suffix("web.config").unwrap());
    let locked = "name=\"ipSecurity\" overrideModeDefault=\"Deny\"";
    let entries = |file: &str, files: Given<'_>| {
        let all: Vec<(&str, &str)> = [(OWA, file)].into_iter().chain(files.iter().copied()).collect();
        fact(&with(&[(CONFIG, locked, "name=\"ipSecurity\"")], &all), "ipSecurity", "entries").0
    };
    for items in ["<add ipAddress=\"10.0.0.1\" />", "<add ipAddress=\"10.0.0.1\" /><add ipAddress=\"10.0.0.1\" />", ""]
    {
        let section = format!("<ipSecurity>{items}</ipSecurity>");
        let kept = server("<security><ipSecurity configSource=\"ip.config\" /></security>");
        let plain = entries(&server(&format!("<security>{section}</security>")), &[]);
        assert_eq!(entries(&kept, &[(&part, &section)]), plain, "{items}");
    }
}

#[test]
fn an_item_that_is_added_twice_is_an_error() {
    let rules = |items: &str| format!("<security><ipSecurity>{items}</ipSecurity></security>");
    let body = "<access sslFlags=\"None\" />\n";
    let above =
        "<access sslFlags=\"None\" /><ipSecurity><add ipAddress=\"10.0.0.1\" allowed=\"true\" /></ipSecurity>\n";
    let same = "<add ipAddress=\"10.0.0.1\" subnetMask=\"255.255.255.255\" />";
    for (items, twice) in [
        (same.to_owned(), true),
        (format!("<remove ipAddress=\"10.0.0.1\" />{same}"), false),
        (format!("<clear />{same}"), false),
        (format!("<clear />{same}{same}"), true),
        ("<add ipAddress=\"10.0.0.1\" subnetMask=\"255.255.255.0\" />".to_owned(), false),
    ] {
        let tag = location("path=\"Default Web Site/owa\"", &rules(&items));
        let end = format!("{tag}\n</configuration>");
        let linted = with(&[(CONFIG, body, above), (CONFIG, "</configuration>", &end)], &[]);
        assert_eq!(has(&linted, "INP-509"), twice, "{items}");
        assert_eq!(fact(&linted, "ipSecurity", "entries").0.is_none(), twice, "{items}");
    }
}

#[test]
fn a_fragment_above_does_not_say_what_is_locked() {
    let config =
        String::from_utf8(fixture("rules/base").into_iter().find(|(path, _)| path == CONFIG).unwrap().1).unwrap();
    let start = config.find("  <configSections>").unwrap();
    let end = config.find("  <system.applicationHost>").unwrap();
    let linted = with(&[(CONFIG, &config[start..end], "")], &[(OWA, &server(&format!("{ON}{}", access("None"))))]);
    assert_eq!(fact(&linted, "access", "sslFlags").0, None);
    assert!(!has(&linted, "INP-501"));
}

#[test]
fn what_is_no_configuration_by_itself_is_refused() {
    for (text, rule) in [
        (
            "<configuration xmlns:xdt=\"http://schemas.microsoft.com/XML-Document-Transform\"><system.webServer><httpRedirect enabled=\"true\" xdt:Transform=\"Replace\" /></system.webServer></configuration>",
            "INP-414",
        ),
        ("<system.webServer><httpRedirect enabled=\"true\" /></system.webServer>", "INP-414"),
        ("<appcmd><SITE SITE.NAME=\"Default Web Site\" SITE.ID=\"1\" /></appcmd>", "INP-513"),
        (
            "C:\\Windows\\System32\\inetsrv>appcmd list config \"Default Web Site/owa\" /section:access\r\n<system.webServer>",
            "INP-411",
        ),
    ] {
        let linted = with(&[], &[("CAS2/iis/export.txt", text)]);
        assert!(has(&linted, rule), "{text}: {:?}", linted.rules());
        assert_eq!(redirect(&linted), "false by applicationHost.config", "{text}");
    }
}

#[test]
fn parts_of_an_application_host_config_are_a_fragment() {
    let mut files = fixture("rules/base");
    let (_, bytes) = files.iter_mut().find(|(path, _)| path == CONFIG).unwrap();
    let config = String::from_utf8(std::mem::take(bytes)).unwrap();
    let cut = |from: &str, to: &str| &config[config.find(from).unwrap()..config.rfind(to).unwrap() + to.len()];
    let parts = format!(
        "<!-- cut -->\n{}\n{}",
        cut("<system.applicationHost>", "</system.applicationHost>"),
        cut("<location path=\"Default Web Site\">", "</location>")
    );
    *bytes = parts.into_bytes();
    let linted = lint_files(files);
    check_places(&linted);
    assert!(has(&linted, "INP-413"), "{:?}", linted.rules());
    assert_eq!(fact(&linted, "access", "sslFlags").1, "location Default Web Site");
    assert_eq!(redirect(&linted), "undetermined");
    assert_eq!(outcome(&linted), "unknown");
}

#[test]
fn a_lock_of_an_unknown_name_is_refused() {
    let locks = |name: &str, list: &str| {
        let inside = format!("<security><access {name}=\"{list}\" /></security>");
        with_locations(&location("path=\"Default Web Site/x\"", &inside), &[])
    };
    assert!(has(&locks("lockAttributes", "sslflags"), "INP-416"));
    assert!(has(&locks("lockAllAttributesExcept", "sslFlags, sslFlag"), "INP-416"));
    for (name, list) in [("lockAttributes", "sslFlags"), ("lockAttributes", "*"), ("lockItem", "true")] {
        assert!(!has(&locks(name, list), "INP-416"), "{name} {list}");
    }
}
