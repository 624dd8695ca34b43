//! Estate-wide: what is said of many servers at once, and which single setting stands between a pair and success.

use crate::scratch::{Files, edit, fixture, lint_files};

/// The sound base with more servers like CAS2 in its site.
fn with_servers(numbers: std::ops::RangeInclusive<u32>) -> Files {
    let mut files = fixture("rules/base");
    let model: Files = files.iter().filter(|(path, _)| path.starts_with("CAS2/")).cloned().collect();
    for number in numbers {
        let rename =
            |text: &str| text.replace("CAS2", &format!("CAS{number}")).replace("cas2", &format!("cas{number}"));
        for (path, bytes) in &model {
            files.push((rename(path), rename(&String::from_utf8(bytes.clone()).unwrap()).into_bytes()));
        }
        let table = format!("\n[servers.CAS{number}]\nsite = \"Branch\"\nfqdn = \"cas{number}.corp.example.com\"\n");
        files.iter_mut().find(|(path, _)| path == "owalint-estate.toml").unwrap().1.extend(table.into_bytes());
    }
    files
}

#[test]
fn servers_that_are_alike_are_not_compared_in_vain() {
    let linted = lint_files(with_servers(3..=6));
    assert_eq!(linted.rules(), ["INC-307", "INC-319", "INC-316"], "{}", linted.human());
}

#[test]
fn many_findings_of_one_rule_are_drawn_three_times_and_named_once() {
    let mut files = with_servers(3..=9);
    for number in 2..=9 {
        edit(&mut files, &format!("CAS{number}/owa.reg"), "dword:00000000", "dword:00000001");
    }
    let linted = lint_files(files);
    assert_eq!(linted.rules().iter().filter(|rule| **rule == "HYG-208").count(), 8);
    let human = linted.human();
    assert_eq!(human.matches("warning[HYG-208]").count(), 3, "{human}");
    assert!(human.contains("HYG-208 holds 5 times more, on CAS5, CAS6, CAS7, CAS8, CAS9; --format short"), "{human}");
}

#[test]
fn the_odd_ones_of_a_site_are_named_in_one_finding() {
    let mut files = with_servers(3..=9);
    for number in [4, 7] {
        let url = "ExternalUrl                     : ";
        edit(&mut files, &format!("CAS{number}/owa.txt"), url, &format!("{url}https://mail.example.com/owa"));
    }
    let linted = lint_files(files);
    let odd: Vec<_> = linted.report.findings.iter().filter(|it| it.rule == "PRX-126").collect();
    assert_eq!(odd.len(), 1, "{}", linted.human());
    assert_eq!(odd[0].targets, ["CAS4", "CAS7"]);
    assert!(odd[0].message.ends_with(": CAS4 and CAS7"), "{}", odd[0].message);
    assert_eq!(odd[0].related.last().unwrap().label, "CAS2 and 5 more: no ExternalUrl");
}

/// A file, a text in it, and what takes its place.
type Change<'a> = (&'a str, &'a str, &'a str);

/// Changes to the sound base, and the rule whose finding is looked at.
type Wanted<'a> = (&'a [Change<'a>], &'a str);

/// The sources for which a rule's finding is all that stops the request.
fn near_miss(edits: &[Change<'_>], rule: &str) -> Vec<String> {
    let mut files = fixture("rules/base");
    for (path, from, to) in edits {
        edit(&mut files, path, from, to);
    }
    let linted = lint_files(files);
    let finding = linted.report.findings.iter().find(|it| it.rule == rule);
    finding.unwrap_or_else(|| panic!("{rule}: {}", linted.human())).near_miss.clone()
}

#[test]
fn one_setting_is_told_from_several() {
    const IIS: &str = "CAS2/applicationHost.config";
    const OWA: &str = "CAS2/owa.txt";
    let http = (OWA, "https://cas2.corp.example.com/owa", "http://cas2.corp.example.com/owa");
    let windows = (IIS, "<windowsAuthentication enabled=\"true\">", "<windowsAuthentication enabled=\"false\">");
    let no_https = (IIS, "<binding protocol=\"https\" bindingInformation=\"*:443:\" />", "");
    let certificate = (IIS, "\"Ssl, Ssl128\"", "\"Ssl, SslNegotiateCert, SslRequireCert\"");
    let script = (
        IIS,
        "<location path=\"Default Web Site/owa\">\n    <system.webServer>\n      <handlers accessPolicy=\"Read, Script\" />",
        "<location path=\"Default Web Site/owa\">\n    <system.webServer>\n      <handlers accessPolicy=\"Read\" />",
    );
    let methods = (OWA, "{Ntlm, WindowsIntegrated}", "{Basic, Fba}");
    let cut = (OWA, "{Ntlm, WindowsIntegrated}", "{Ntlm...}");
    let older = ("CAS1/owa.txt", "Exchange2010", "Exchange2007");
    let alone: [Wanted<'_>; 6] = [
        (&[http], "P42-001"),
        (&[windows], "PRX-105"),
        (&[no_https], "PRX-115"),
        (&[certificate], "P42-003"),
        (&[script], "P42-006"),
        (&[methods], "PRX-103"),
    ];
    for (edits, rule) in alone {
        assert_eq!(near_miss(edits, rule), ["CAS1"], "{rule} {edits:?}");
    }
    let among_others: [Wanted<'_>; 7] = [
        (&[http, windows], "P42-001"),
        (&[http, no_https], "P42-001"),
        (&[http, cut], "P42-001"),
        (&[windows, script], "PRX-105"),
        (&[certificate, script], "P42-003"),
        (&[methods, windows], "PRX-103"),
        (&[script, older], "P42-006"),
    ];
    for (edits, rule) in among_others {
        assert_eq!(near_miss(edits, rule), [""; 0], "{rule} {edits:?}");
    }
}
