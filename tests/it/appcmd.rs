//! Output of appcmd: what holds where it was printed, and what is left open.

use crate::places::check_places;
use crate::scratch::{Files, Linted, fixture, lint_files};

const CONFIG: &str = "CAS2/applicationHost.config";
const ASKED: &str = "C:\\Windows\\System32\\inetsrv>appcmd list config \"Default Web Site/owa\" /section:access\r\n";

fn access(flags: &str) -> String {
    format!(
        "<system.webServer>\r\n  <security>\r\n    <access sslFlags=\"{flags}\" />\r\n  </security>\r\n</system.webServer>\r\n"
    )
}

/// The sound estate with this output of appcmd on CAS2, and with its applicationHost.config or without.
fn with(text: &str, has_config: bool) -> Linted {
    let mut snapshot: Files = fixture("rules/base");
    snapshot.retain(|(path, _)| has_config || path != CONFIG);
    snapshot.push(("CAS2/appcmd.txt".to_owned(), text.as_bytes().to_vec()));
    snapshot.sort();
    let linted = lint_files(snapshot);
    check_places(&linted);
    linted
}

/// What the facts say of an attribute at CAS2: the values, each with where it comes from.
fn facts(linted: &Linted, section: &str, attribute: &str) -> Vec<String> {
    let server = linted.facts.servers.iter().find(|it| it.name == "CAS2").unwrap();
    let found = server.iis.iter().filter(|it| it.section.ends_with(section) && it.attribute == attribute);
    found.map(|it| format!("{} by {}", it.value.as_deref().unwrap_or("?"), it.origin)).collect()
}

fn has(linted: &Linted, rule: &str) -> bool {
    linted.rules().contains(&rule)
}

const PRINTED: &str = "by appcmd list config Default Web Site/owa";

#[test]
fn what_appcmd_prints_for_a_path_holds_there() {
    let linted = with(&format!("{ASKED}{}", access("Ssl")), false);
    assert_eq!(facts(&linted, "access", "sslFlags"), [format!("Ssl {PRINTED}")], "{}", linted.human());
    assert!(facts(&linted, "httpRedirect", "enabled").is_empty());
    assert!(has(&linted, "INP-413"), "{:?}", linted.rules());
    assert!(!has(&linted, "INP-510"), "{:?}", linted.rules());
}

#[test]
fn nothing_is_inherited_from_another_path() {
    for path in ["Default Web Site", "Default Web Site/owa/auth", "Default Web Site/ecp"] {
        let asked = ASKED.replace("Default Web Site/owa", path);
        let linted = with(&format!("{asked}{}", access("Ssl")), false);
        assert!(facts(&linted, "access", "sslFlags").is_empty(), "{path}");
    }
}

#[test]
fn beside_an_application_host_config_the_same_is_fine_and_a_difference_is_a_conflict() {
    let alone = with("", true);
    let own = facts(&alone, "access", "sslFlags");
    let flags = own[0].split(" by ").next().unwrap();
    let same = with(&format!("{ASKED}{}", access(flags)), true);
    assert_eq!(facts(&same, "access", "sslFlags"), [own[0].clone(), format!("{flags} {PRINTED}")]);
    assert!(!has(&same, "INP-510") && !same.human().contains("appcmd printed there differ"), "{}", same.human());
    assert_eq!(same.paths.paths.len(), alone.paths.paths.len());
    for (one, other) in same.paths.paths.iter().zip(&alone.paths.paths) {
        assert_eq!(one.outcome, other.outcome);
    }
    let redirected = ASKED.to_owned()
        + "<system.webServer><httpRedirect enabled=\"true\" destination=\"/x\" /></system.webServer>\r\n";
    let differs = with(&redirected, true);
    let path = differs.paths.paths.iter().find(|path| path.target == "CAS2").unwrap();
    assert_eq!(path.outcome, "unknown", "{}", differs.human());
    assert!(differs.human().contains("differ"), "{}", differs.human());
}

#[test]
fn a_command_without_a_path_and_output_without_a_command_are_refused() {
    let unplaced = [
        "C:\\>appcmd list config /section:access\r\n",
        "C:\\>appcmd list config http://localhost/owa /section:access\r\n",
        "C:\\>appcmd list backup\r\nC:\\>appcmd set config \"Default Web Site/owa\" /section:access /sslFlags:Ssl\r\n",
        "SITE \"Default Web Site\" (id:1,bindings:http/*:80:,state:Started)\r\n",
    ];
    for asked in unplaced {
        let linted = with(&format!("{asked}{}", access("Ssl")), false);
        assert!(has(&linted, "INP-510"), "{asked}: {:?}", linted.rules());
        assert!(facts(&linted, "access", "sslFlags").is_empty(), "{asked}");
    }
    let mixed = with(&format!("[PS] C:\\>Get-OwaVirtualDirectory | fl\r\n{ASKED}{}", access("Ssl")), false);
    assert!(has(&mixed, "INP-510"), "{:?}", mixed.rules());
}

#[test]
fn errors_and_lines_that_cannot_be_read_are_told() {
    let error = "ERROR ( message:Cannot read configuration file due to insufficient permissions. )\r\n";
    assert!(has(&with(&format!("{ASKED}{error}"), true), "INP-511"));
    assert!(has(&with(&format!("{ASKED}{}C:\\>hostname\r\nCAS2\r\n", access("Ssl")), true), "INP-512"));
    for line in [
        "SITE \"Default Web Site\" (id:1,bindings:http/*:80:,https/*:44",
        "SITE \"Default Web Site\" (id:x,bindings:http/*:80:,state:Started)",
        "SITE \"Default Web Site\" (bindings:http,state:Started)",
        "APP \"Default Web Site/owa\" (",
        "SITE \"Default Web Site\" ()",
        "SITE \"a\" (id:,bindings:,state:)",
    ] {
        let linted = with(&format!("{line}\r\n"), true);
        assert!(has(&linted, "INP-513"), "{line}: {:?}", linted.rules());
    }
    let cut = with(&format!("{ASKED}<system.webServer>\r\n  <security>\r\n"), true);
    assert!(has(&cut, "INP-411"), "{:?}", cut.rules());
    let items = "<system.webServer><security><ipSecurity allowUnlisted=\"false\"><add ipAddress=\"10.0.0.1\" allowed=\"true\" /></ipSecurity></security></system.webServer>";
    assert!(has(&with(&format!("{ASKED}{items}"), true), "INP-514"));
}

#[test]
fn lists_give_sites_bindings_and_applications() {
    let text = "SITE \"Default Web Site\" (id:1,bindings:http/*:80:,net.tcp/808:*,state:Stopped)\r\n\
        APP \"Default Web Site/owa\" (applicationPool:MSExchangeOWAAppPool)\r\n\
        VDIR \"Default Web Site/owa/\" (physicalPath:C:\\Program Files\\Exchange\\Owa)\r\n\
        APPPOOL \"MSExchangeOWAAppPool\" (MgdVersion:v2.0,MgdMode:Integrated,state:Started)\r\n";
    let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<appcmd>\r\n\
        <SITE SITE.NAME=\"Default Web Site\" SITE.ID=\"1\" bindings=\"http/*:80:\" state=\"Started\" />\r\n\
        <APP APP.NAME=\"Default Web Site/owa\" APPPOOL.NAME=\"MSExchangeOWAAppPool\" SITE.NAME=\"Default Web Site\" />\r\n\
        </appcmd>\r\n";
    for listed in [text, xml, &format!("C:\\>appcmd list site /xml\r\n{xml}")] {
        let linted = with(listed, true);
        assert!(
            !linted.rules().iter().any(|it| ["INP-510", "INP-512", "INP-513"].contains(it)),
            "{:?}",
            linted.rules()
        );
        let path = linted.paths.paths.iter().find(|path| path.target == "CAS2").unwrap();
        assert_eq!(path.outcome, "unknown", "the binding for https is missing: {}", linted.human());
    }
    let whole = text.replace("net.tcp/808:*", "https/*:443:");
    let linted = with(&whole, true);
    let path = linted.paths.paths.iter().find(|path| path.target == "CAS2").unwrap();
    let before = with("", true);
    assert_eq!(path.outcome, before.paths.paths.iter().find(|path| path.target == "CAS2").unwrap().outcome);
    let foreign = with("<appcmd><CONFIG CONFIG.SECTION=\"x\" /></appcmd>", true);
    assert!(has(&foreign, "INP-513"), "{:?}", foreign.rules());
}
