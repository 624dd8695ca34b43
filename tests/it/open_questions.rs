//! Open questions: any property, any IIS attribute, any registry value and the control panel, in every state and scope.

use owalint::cases::{self, Files};
use owalint::config::Config;
use owalint::lint;
use owalint::load::Snapshot;
use owalint::model::estate_file::EstateFile;
use owalint::report::Options;
use owalint::rule::book::{Book, RuleFile};
use owalint::text::source::Sources;

use crate::scratch::edit;

/// What a rule with one condition says: `text (label)` of each finding, and `open: reason; ask for` of each question.
fn said(files: Files, scope: &str, ask: &str, test: &str) -> Vec<String> {
    let rule = format!(
        "name = \"a-rule-of-ours\"\nseverity = \"error\"\nscope = \"{scope}\"\nsummary = \"x\"\nwhy = \"x\"\nafter\n\n\
         [[when]]\nask = '{ask}'\n{test}\nlabel = \"here\"\nprimary = true\n"
    );
    let rule = rule.replace("after\n", if scope == "pair" { "after = \"not-applicable\"\n" } else { "" });
    let mut sources = Sources::default();
    let file = RuleFile { path: "OURS-001.toml".to_owned(), bytes: rule.into_bytes() };
    let (book, problems) = Book::open(vec![file], &mut sources);
    assert!(problems.is_empty(), "{ask} {test}: {problems:?}");
    let snapshot = Snapshot::from_memory(files, &mut sources);
    let estate = snapshot.estate_file.map(|id| EstateFile::read(sources.get(id).text(), id, true).unwrap());
    let mut read = lint::read(&snapshot, &sources, estate.as_ref(), &book.wanted());
    let options = Options::default();
    let report = lint::check(&mut read, &sources, &book, &Config::default(), None, &options);
    let findings = report.findings.iter().filter(|it| it.rule == "OURS-001");
    let findings = findings.map(|it| format!("{} ({})", it.primary.text, it.primary.label));
    let open = report.open.iter().filter(|it| it.rule.as_deref() == Some("OURS-001"));
    findings.chain(open.map(|it| format!("open: {}; {}", it.reason, it.ask_for))).collect()
}

fn base() -> Files {
    cases::built_in_base()
}

fn edited(path: &str, from: &str, to: &str) -> Files {
    let mut files = base();
    edit(&mut files, path, from, to);
    files
}

fn without(path: &str) -> Files {
    base().into_iter().filter(|(it, _)| it != path).collect()
}

fn with(path: &str, text: &str) -> Files {
    let mut files = base();
    files.push((path.to_owned(), text.as_bytes().to_vec()));
    files
}

/// Both scopes that can ask about a virtual directory, of CAS2 alone where the test tells it from CAS1.
fn of_vdir(files: &Files, question: &str, test: &str) -> Vec<String> {
    let one = said(files.clone(), "vdir", &format!("vdir.{question}"), test);
    let two = said(files.clone(), "pair", &format!("target.{question}"), test);
    assert_eq!(one, two, "{question} {test}");
    one
}

const OWA: &str = "CAS2/owa.txt";
const ASK_CAS2: &str = r"$FormatEnumerationLimit = -1; Get-OwaVirtualDirectory -Server 'CAS2' | Format-List * | Out-File -Width 500 'CAS2\owa.txt'";

#[test]
fn properties_are_answered_in_every_state() {
    let format = r#"vdir."LogonFormat""#;
    let known = edited(OWA, ": FullDomain", ": PrincipalName");
    assert_eq!(of_vdir(&known, format, "is = \"principalname\""), ["PrincipalName (here)"]);
    assert_eq!(of_vdir(&known, r#"vdir."logonformat""#, "matches = \"Principal*\""), ["PrincipalName (here)"]);
    let empty = edited(OWA, ": FullDomain", ": ");
    assert_eq!(of_vdir(&empty, format, "is = \"\""), [" (here)"]);
    let gone = edited(OWA, "LogonFormat                     : FullDomain\n", "");
    let open = format!(r"open: LogonFormat of CAS2\owa (Default Web Site) was not exported; {ASK_CAS2}");
    assert_eq!(of_vdir(&gone, format, "is = \"PrincipalName\""), [open.as_str()]);
    let mut twice = base();
    let again = String::from_utf8(twice.iter().find(|(path, _)| path == OWA).unwrap().1.clone()).unwrap();
    twice.push(("CAS2/again.txt".to_owned(), again.replace(": FullDomain", ": UserName").into_bytes()));
    let open = format!(r"open: LogonFormat of CAS2\owa (Default Web Site) differs between two exports; {ASK_CAS2}");
    assert_eq!(of_vdir(&twice, format, "is = \"PrincipalName\""), [open.as_str()]);
}

#[test]
fn lists_that_were_cut_show_what_is_in_them() {
    let methods = r#"vdir."ExternalAuthenticationMethods""#;
    let cut = edited(OWA, "{Fba}", "{Basic, Ntlm...}");
    let open = format!(
        r"open: ExternalAuthenticationMethods of CAS2\owa (Default Web Site) was cut when it was printed; {ASK_CAS2}"
    );
    assert_eq!(of_vdir(&cut, methods, "has = \"Ntlm\"").len(), 1);
    assert!(of_vdir(&cut, methods, "has = \"Ntlm\"")[0].ends_with("(here)"));
    for test in ["lacks = \"Digest\"", "has = \"Digest\"", "matches = \"Dig*\"", "at-most = 3", "is = \"Basic, Ntlm\""]
    {
        assert_eq!(of_vdir(&cut, methods, test).last(), Some(&open), "{test}");
    }
    assert!(of_vdir(&cut, methods, "matches = \"nt*\"")[0].ends_with("(here)"));
    let whole = edited(OWA, "{Fba}", "{Basic, Ntlm}");
    assert!(of_vdir(&whole, methods, "matches = \"nt*\"")[0].ends_with("(here)"));
    assert_eq!(of_vdir(&whole, methods, "matches = \"dig*\""), [""; 0]);
}

#[test]
fn a_text_that_is_no_number_is_never_small_enough() {
    let limit = r#"vdir."LogonFormat""#;
    let unlimited = edited(OWA, ": FullDomain", ": unlimited");
    let numbered: Files = {
        let mut files = unlimited;
        edit(&mut files, "CAS1/owa.txt", ": FullDomain", ": 100");
        files
    };
    let said = of_vdir(&numbered, limit, "at-least = 500");
    assert_eq!(
        said,
        [
            "open: LogonFormat of CAS2 is `unlimited`, which is no number; another test in the rule, such as `is` or `matches`"
        ]
    );
}

const CONFIG: &str = "CAS2/applicationHost.config";
const FILTERING: &str = r#"iis."system.webServer/security/requestFiltering@allowDoubleEscaping""#;
const LIMITS: &str = r#"iis."system.webServer/security/requestFiltering/requestLimits@maxAllowedContentLength""#;

#[test]
fn attributes_of_iis_are_answered_whether_or_not_they_are_known() {
    let flags = r#"iis."system.webServer/handlers@accessPolicy""#;
    assert_eq!(of_vdir(&base(), flags, "has = \"script\"").len(), 2);
    let destination = r#"iis."system.webServer/httpRedirect@destination""#;
    assert!(
        of_vdir(&base(), destination, "is = \"\"")[0].contains("no layer sets httpRedirect@destination, so it is ``")
    );
    let set = edited(
        CONFIG,
        "      <handlers accessPolicy=\"Read, Script\" />\n",
        "      <handlers accessPolicy=\"Read, Script\" />\n      <security><requestFiltering allowDoubleEscaping=\"true\"><requestLimits maxAllowedContentLength=\"7000\" /></requestFiltering></security>\n",
    );
    let set: Files = set.into_iter().filter(|(path, _)| !path.starts_with("CAS1/app")).collect();
    let found = of_vdir(&set, FILTERING, "is = true");
    assert_eq!(found[0], "true (here)");
    assert!(
        found[1].starts_with("open: no applicationHost.config of CAS1 was given; Copy-Item '\\\\CAS1\\"),
        "{found:?}"
    );
    assert_eq!(of_vdir(&set, LIMITS, "at-most = 7000")[0], "7000 (here)");
    let unset = of_vdir(&base(), FILTERING, "is = true");
    assert_eq!(unset.len(), 2);
    assert_eq!(
        unset[0],
        "open: requestFiltering@allowDoubleEscaping at Default Web Site/owa on CAS1 could not be told: no layer sets it, and its default is not known; the default of the attribute, as `unset` in the rule"
    );
    let by_default = of_vdir(&base(), FILTERING, "is = false\nunset = \"false\"");
    assert_eq!(by_default, ["/owa (here (no layer sets requestFiltering@allowDoubleEscaping, so it is `false`))"; 2]);
    assert_eq!(of_vdir(&base(), FILTERING, "is = true\nunset = \"false\""), [""; 0]);
}

#[test]
fn what_a_fragment_does_not_set_is_open_whatever_the_rule_takes_for_its_default() {
    let mut files = without("CAS1/applicationHost.config");
    let (_, config) = files.iter_mut().find(|(path, _)| path == CONFIG).unwrap();
    let text = String::from_utf8(config.clone()).unwrap();
    let (start, end) = (text.find("  <configSections>").unwrap(), text.find("  <system.applicationHost>").unwrap());
    *config = [&text[..start], &text[end..]].concat().into_bytes();
    let said = of_vdir(&files, FILTERING, "is = false\nunset = \"false\"");
    assert_eq!(said.len(), 2);
    assert!(said.iter().all(|it| it.starts_with("open: ")), "{said:?}");
    assert!(said[1].contains("is a fragment"), "{said:?}");
}

#[test]
fn values_that_iis_refuses_are_no_answers() {
    let files = edited(CONFIG, "<httpRedirect enabled=\"false\" />", "<httpRedirect enabled=\"maybe\" />");
    let said = of_vdir(&files, r#"iis."system.webServer/httpRedirect@enabled""#, "is = true");
    assert!(said.len() == 1 && said[0].starts_with("open: "), "{said:?}");
}

const REG: &str = "CAS2/owa.reg";
const START: &str = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\W3SVC";

/// All three scopes can ask about the registry of a server.
fn of_registry(files: &Files, value: &str, test: &str) -> Vec<String> {
    let question = format!(r#"registry."{START}\{value}""#);
    let one = said(files.clone(), "server", &format!("server.{question}"), test);
    let two = said(files.clone(), "vdir", &format!("server.{question}"), test);
    let three = said(files.clone(), "pair", &format!("source.{question}"), test);
    let four = said(files.clone(), "pair", &format!("target.{question}"), test);
    assert!(one == two && one == three && one == four, "{one:?} {two:?} {three:?} {four:?}");
    one
}

#[test]
fn registry_values_are_answered_in_every_state() {
    let export = |lines: &str| {
        let key = format!("[{START}]\n");
        let mut files = base();
        let text = "Windows Registry Editor Version 5.00\n\n".to_owned() + &key + lines;
        files.push(("CAS2/w3svc.reg".to_owned(), text.into_bytes()));
        files.retain(|(path, _)| path != "CAS1/owa.reg");
        files
    };
    let ask =
        r#"on CAS1, reg export "HKLM\SYSTEM\CurrentControlSet\Services\W3SVC" w3svc.reg, for the file CAS1\w3svc.reg"#;
    let no_export = format!("open: no registry export of CAS1 was given; {ask}");
    let is = |lines: &str, value: &str, test: &str| {
        let mut said = of_registry(&export(lines), value, test);
        assert_eq!(said.pop().as_deref(), Some(no_export.as_str()), "{lines} {test}");
        said
    };
    assert_eq!(is("\"Start\"=dword:00000004\n", "Start", "at-least = 3"), ["dword:00000004 (here)"]);
    assert_eq!(is("\"Start\"=dword:00000004\n", "start", "is = 4"), ["dword:00000004 (here)"]);
    assert_eq!(is("\"Start\"=hex(b):04,00,00,00,00,00,00,00\n", "Start", "is = 4").len(), 1);
    assert_eq!(is("\"Start\"=\"4\"\n", "Start", "is = \"4\""), ["\"4\" (here)"]);
    assert_eq!(is("\"Start\"=hex(7):61,00,00,00,62,00,00,00,00,00\n", "Start", "has = \"b\"").len(), 1);
    assert_eq!(is("@=\"x\"\n", "@", "is = \"x\""), ["\"x\" (here)"]);
    assert_eq!(is("\"Start\"=dword:00000004\n", "@", "is = \"\"").len(), 1);
    assert!(is("\"Start\"=dword:00000004\n", "@", "is = \"\"")[0].contains("the default value is not set"));
    assert!(is("", "Start", "is = \"\"")[0].contains("Start is not set"));
    assert_eq!(is("", "Start", "at-most = 3"), [""; 0]);
    let not_covered = format!("open: the registry exports of CAS1 do not cover {START}; {ask}");
    assert_eq!(of_registry(&base(), "Start", "is = 4")[0], not_covered);
    assert_eq!(of_registry(&without(REG), "Start", "is = 4").len(), 2);
}

const PANEL: &str = "
Name                : ecp (Default Web Site)
MetabasePath        : IIS://CAS2.corp.example.com/W3SVC/1/ROOT/ecp
FormsAuthentication : True
Server              : CAS2
InternalUrl         : https://cas2.corp.example.com/ecp
Identity            : CAS2\\ecp (Default Web Site)
ObjectClass         : {top, msExchVirtualDirectory, msExchECPVirtualDirectory}
";

#[test]
fn the_control_panel_beside_a_directory_can_be_asked() {
    let forms = r#"ecp."FormsAuthentication""#;
    let none = "open: no virtual directory of the control panel beside CAS1\\owa (Default Web Site) was given; $FormatEnumerationLimit = -1; Get-EcpVirtualDirectory -Server 'CAS1' | Format-List * | Out-File -Width 500 'CAS1\\ecp.txt'";
    assert_eq!(of_vdir(&with("CAS2/ecp.txt", PANEL), forms, "is = true"), ["True (here)", none]);
    let elsewhere = PANEL.replace("W3SVC/1/", "W3SVC/2/");
    let said = of_vdir(&with("CAS2/ecp.txt", &elsewhere), forms, "is = true");
    assert!(said.len() == 2 && said[1].contains("beside CAS2\\owa"), "{said:?}");
    let gone = PANEL.replace("FormsAuthentication : True\n", "");
    let said = of_vdir(&with("CAS2/ecp.txt", &gone), forms, "is = true");
    assert!(said[0].contains("FormsAuthentication of CAS2\\ecp (Default Web Site) was not exported"), "{said:?}");
    assert!(said[0].contains("Get-EcpVirtualDirectory -Server 'CAS2' "), "{said:?}");
}
