//! Outcomes: one change of the sound estate, one outcome; and that `paths` and `check` never contradict each other.

use crate::cases;
use crate::scratch::{Files, Linted, edit, fixture, lint_files};

const CONFIG: &str = "CAS2/applicationHost.config";
const STEPS_WITHOUT_FAILURE: [&str; 5] = ["proxied", "redirect", "same-site", "not-applicable", "unknown"];

fn outcome(files: Files) -> String {
    let linted = lint_files(files);
    agree("an outcome", &linted);
    let path = linted.paths.paths.iter().find(|path| path.source == "CAS1" && path.target == "CAS2").unwrap();
    format!("{} {}", path.outcome, path.status.unwrap_or_default()).trim().to_owned()
}

fn changed(edits: &[(&str, &str, &str)]) -> String {
    let mut files = fixture("rules/base");
    for (path, from, to) in edits {
        edit(&mut files, path, from, to);
    }
    outcome(files)
}

/// Puts elements into `security` of the OWA location, and an address of CAS1 into the estate file.
fn with_addresses(restrictions: &str, addresses: &str) -> String {
    let location = format!(
        "  <location path=\"default web site/OWA\"><system.webServer><security>{restrictions}</security></system.webServer></location>\n</configuration>"
    );
    let known = format!("[servers.CAS1]\naddresses = [{addresses}]");
    changed(&[(CONFIG, "</configuration>", &location), ("owalint-estate.toml", "[servers.CAS1]", &known)])
}

#[test]
fn address_rules_are_taken_in_their_order() {
    let deny_all = "<add ipAddress=\"0.0.0.0\" subnetMask=\"0.0.0.0\" />";
    let allow = "<add ipAddress=\"10.1.0.0\" subnetMask=\"255.255.0.0\" allowed=\"true\" />";
    let rows = [
        (format!("<ipSecurity>{deny_all}</ipSecurity>"), "\"10.1.2.3\"", "forbidden 403.6"),
        (format!("<ipSecurity>{deny_all}</ipSecurity>"), "", "forbidden 403.6"),
        (format!("<ipSecurity>{allow}{deny_all}</ipSecurity>"), "\"10.1.2.3\"", "proxied"),
        (format!("<ipSecurity>{allow}{deny_all}</ipSecurity>"), "\"10.2.2.3\"", "forbidden 403.6"),
        (format!("<ipSecurity>{deny_all}{allow}</ipSecurity>"), "\"10.1.2.3\"", "forbidden 403.6"),
        (format!("<ipSecurity allowUnlisted=\"false\">{allow}</ipSecurity>"), "\"10.1.2.3\"", "proxied"),
        (format!("<ipSecurity allowUnlisted=\"false\">{allow}</ipSecurity>"), "\"10.1.2.3\", \"10.9.9.9\"", "unknown"),
        (format!("<ipSecurity allowUnlisted=\"false\">{allow}</ipSecurity>"), "", "unknown"),
        ("<ipSecurity allowUnlisted=\"false\" />".to_owned(), "", "forbidden 403.6"),
        (
            "<ipSecurity><add ipAddress=\"fd00::\" subnetMask=\"16\" /></ipSecurity>".to_owned(),
            "\"fd00::1\"",
            "forbidden 403.6",
        ),
        (
            "<ipSecurity><add ipAddress=\"fd00::\" subnetMask=\"16\" /></ipSecurity>".to_owned(),
            "\"fd01::1\"",
            "proxied",
        ),
        ("<ipSecurity><add ipAddress=\"10.1.2.3\" /></ipSecurity>".to_owned(), "\"10.1.2.4\"", "proxied"),
        ("<ipSecurity><add domainName=\"corp\" /></ipSecurity>".to_owned(), "\"10.1.2.4\"", "unknown"),
        ("<ipSecurity denyAction=\"NotFound\" allowUnlisted=\"false\" />".to_owned(), "", "unknown"),
    ];
    for (restrictions, addresses, wanted) in rows {
        assert_eq!(with_addresses(&restrictions, addresses), wanted, "{restrictions} for {addresses}");
    }
}

#[test]
fn the_innermost_layer_holds() {
    let http = ("CAS2/owa.txt", "https://cas2", "http://cas2");
    let opt_in = ("CAS1/owa.reg", "\"SSLOffloaded\"", "\"AllowProxyingWithoutSsl\"=dword:00000001\r\n\"SSLOffloaded\"");
    let layer = |path: &str, flags: &str| {
        format!(
            "<location path=\"{path}\"><system.webServer><security><access sslFlags=\"{flags}\" /></security></system.webServer></location>"
        )
    };
    let rows = [
        (layer("Default Web Site/owa", "None"), "proxied"),
        (layer("default web site/OWA/", "None"), "proxied"),
        (layer("Default Web Site/owa/auth", "None"), "forbidden 403.4"),
        (layer("Default Web Site/ow", "None"), "forbidden 403.4"),
        (layer("Default Web Site/owa", "None") + &layer("", "Ssl"), "proxied"),
        (layer("Other/owa", "None"), "forbidden 403.4"),
    ];
    for (layers, wanted) in rows {
        let config = (CONFIG, "</configuration>", &*format!("{layers}\n</configuration>"));
        assert_eq!(changed(&[http, opt_in, config]), wanted, "{layers}");
    }
}

#[test]
fn what_does_not_start_is_not_reached() {
    let pool = "<add name=\"MSExchangeOWAAppPool\" autoStart=\"true\" />";
    for (to, wanted) in [
        ("<add name=\"MSExchangeOWAAppPool\" autoStart=\"false\" />", "unreachable"),
        ("<add name=\"AnotherPool\" autoStart=\"true\" />", "unreachable"),
        ("<add name=\"MSExchangeOWAAppPool\" /><applicationPoolDefaults autoStart=\"false\" />", "unreachable"),
        (
            "<add name=\"MSExchangeOWAAppPool\" autoStart=\"true\" /><applicationPoolDefaults autoStart=\"false\" />",
            "proxied",
        ),
        ("<add name=\"MSExchangeOWAAppPool\" />", "proxied"),
    ] {
        assert_eq!(changed(&[(CONFIG, pool, to)]), wanted, "{to}");
    }
}

#[test]
fn a_location_tag_locks_only_what_stands_in_it() {
    let location = "<location path=\"\" overrideMode=\"Allow\"><system.webServer><modules /></system.webServer></location>\n</configuration>";
    let mut files = fixture("rules/base");
    edit(&mut files, CONFIG, "</configuration>", location);
    let linted = lint_files(files);
    let path = linted.paths.paths.iter().find(|path| path.target == "CAS2").unwrap();
    assert!(!path.assumes.iter().any(|it| it.contains("changes access")), "{:?}", path.assumes);
    assert!(path.assumes.iter().any(|it| it.contains("changes httpRedirect")), "{:?}", path.assumes);
}

#[test]
fn the_control_set_in_use_is_not_second_to_a_numbered_one() {
    let numbered = "\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\Select]\r\n\"Current\"=dword:00000001\r\n\r\n\
        [HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services\\MSExchange OWA]\r\n\"AllowProxyingWithoutSsl\"=dword:00000001\r\n";
    let mut files = fixture("rules/base");
    edit(&mut files, "CAS2/owa.txt", "https://cas2", "http://cas2");
    let export = files.iter_mut().find(|(path, _)| path == "CAS1/owa.reg").unwrap();
    export.1.extend(numbered.as_bytes());
    assert_eq!(outcome(files), "blocked-plain-http");
}

/// What `paths` predicts, `check` finds, and what an error of a step finds, `paths` does not call proxied.
pub(crate) fn agree(what: &str, linted: &Linted) {
    let steps: Vec<&str> = owalint::rule::book::BUILT_IN
        .iter()
        .filter(|(id, text)| (id.starts_with("P42-") || id.starts_with("PRX-")) && text.contains("\nstep "))
        .map(|(id, _)| *id)
        .collect();
    for path in &linted.paths.paths {
        let of_pair = linted
            .report
            .findings
            .iter()
            .filter(|finding| finding.sources.contains(&path.source) && finding.targets.contains(&path.target));
        let of_pair: Vec<_> = of_pair.filter(|it| it.rule.starts_with("P42-") || it.rule.starts_with("PRX-")).collect();
        if !STEPS_WITHOUT_FAILURE.contains(&path.outcome) {
            let found = of_pair.iter().any(|finding| finding.event == path.event);
            assert!(found, "{what}: {} to {} is {}, and no finding says so", path.source, path.vdir, path.outcome);
        }
        let alone =
            linted.paths.paths.iter().filter(|it| it.target == path.target && it.source == path.source).count() == 1;
        if alone && path.outcome == "proxied" {
            let error = of_pair.iter().find(|it| steps.contains(&it.rule.as_str()) && it.severity.word() == "error");
            assert!(
                error.is_none(),
                "{what}: {} to {} is proxied, and {:?}",
                path.source,
                path.vdir,
                error.map(|it| &it.rule)
            );
        }
    }
}

#[test]
fn paths_and_check_agree_in_every_case() {
    for case in cases::all().0 {
        agree(&format!("{} {}", case.rule, case.name), &lint_files(case.files));
    }
}
