//! Registry inputs of every shape: what each proves of a switch, what is open, and what is refused.

use owalint::finding::Confidence;
use owalint::read::reg;
use owalint::text::decode::Encoding;
use owalint::text::span::SourceId;

use crate::places::check_places;
use crate::scratch::{Files, Linted, edit, files_below, fixture, lint_files, repository};

const KEY: &str = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchange OWA";
const SWITCH: &str = "AllowProxyingWithoutSsl";
const PROMPT: &str = r#"C:\>reg query "HKLM\SYSTEM\CurrentControlSet\Services\MSExchange OWA""#;
const NOT_FOUND: &str = "ERROR: The system was unable to find the specified registry key or value.";

/// The sound estate with a plain http URL at CAS2, and these registry files at CAS1 in place of its own.
fn with(registry: &[&str]) -> Linted {
    let mut files: Files = fixture("rules/base");
    edit(&mut files, "CAS2/owa.txt", "https://cas2.corp.example.com/owa", "http://cas2.corp.example.com/owa");
    files.retain(|(path, _)| path != "CAS1/owa.reg");
    for (index, text) in registry.iter().enumerate() {
        files.push((format!("CAS1/registry{index}.txt"), text.replace('\n', "\r\n").into_bytes()));
    }
    files.sort();
    let linted = lint_files(files);
    check_places(&linted);
    linted
}

/// What is known of whether CAS1 may proxy without SSL: a rule that assumes the default says so by its confidence.
fn allows(linted: &Linted) -> Option<bool> {
    match linted.report.findings.iter().find(|finding| finding.rule == "P42-001").map(|it| it.confidence) {
        None => Some(true),
        Some(Confidence::High) => Some(false),
        Some(_) => None,
    }
}

fn value(name: &str, columns: &str) -> String {
    format!("\n{KEY}\n    {name}    {columns}\n\n")
}

/// A key as Get-ItemProperty prints it, with a prompt above it if there is a command.
fn item(command: &str, values: &[(&str, &str)]) -> String {
    let path = r"Microsoft.PowerShell.Core\Registry::HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services";
    let mut text = if command.is_empty() { String::new() } else { format!("PS C:\\> {command}\n") };
    text.push_str("\n\n");
    let added = [
        ("PSPath", format!(r"{path}\MSExchange OWA")),
        ("PSParentPath", path.to_owned()),
        ("PSChildName", "MSExchange OWA".to_owned()),
        ("PSDrive", "HKLM".to_owned()),
        ("PSProvider", r"Microsoft.PowerShell.Core\Registry".to_owned()),
    ];
    let values = values.iter().map(|(name, value)| (*name, (*value).to_owned()));
    for (name, value) in values.chain(added) {
        let name = format!("{name:<24}: ");
        text.extend([name.as_str(), &value, "\n"]);
    }
    text + "\n\n\n"
}

#[test]
fn output_of_reg_query_says_what_the_switch_is_and_whether_it_is_absent() {
    let set = value(SWITCH, "REG_DWORD    0x1");
    let other = value("Start", "REG_DWORD    0x2");
    let services = r"C:\>reg query HKLM\SYSTEM\CurrentControlSet\Services";
    let rows = [
        (set.clone(), Some(true)),
        (value(SWITCH, "REG_DWORD    0x0"), Some(false)),
        (value(SWITCH, "REG_SZ    1"), Some(false)),
        (value(SWITCH, "REG_QWORD    0x1"), Some(false)),
        (other.clone(), None),
        (format!("{PROMPT}\n{other}C:\\>"), Some(false)),
        (format!("{PROMPT} /s\n{other}C:\\>"), Some(false)),
        (format!("{PROMPT} /v Start\n{other}C:\\>"), None),
        (format!("{PROMPT} /v {SWITCH}\n{set}C:\\>"), Some(true)),
        (format!("{PROMPT} /v {SWITCH}\n\n{NOT_FOUND}\n\nC:\\>"), Some(false)),
        (format!("{PROMPT} /v Start\n\n{NOT_FOUND}\n\nC:\\>"), None),
        (format!("{PROMPT}\n\n{NOT_FOUND}\n\nC:\\>"), Some(false)),
        (format!("{PROMPT} | findstr Start\n{other}C:\\>"), None),
        (format!("{services}\n\n{}\n\nC:\\>", KEY.replace("MSExchange OWA", "W3SVC")), None),
        (format!("{services}\n\n{KEY}\n\nC:\\>"), None),
        (format!("{services} /s\n\n{}\n\nC:\\>", KEY.replace("MSExchange OWA", "W3SVC")), Some(false)),
    ];
    for (text, expected) in rows {
        let linted = with(&[&text]);
        assert_eq!(allows(&linted), expected, "{text}\n{}", linted.human());
        assert!(linted.report.inputs.iter().any(|input| input.format == "registry-query"), "{text}");
    }
}

#[test]
fn a_level_shows_which_keys_are_not_below_it() {
    let parent = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services";
    let command = r"C:\>reg query HKLM\SYSTEM\CurrentControlSet\Services";
    let listed = |key: &str| format!("{command}\n\n{parent}\n    a    REG_DWORD    0x1\n\n{parent}\\{key}\n\nC:\\>");
    assert_eq!(allows(&with(&[&listed("W3SVC")])), Some(false));
    assert_eq!(allows(&with(&[&listed("MSExchange OWA")])), None);
}

#[test]
fn a_query_that_fails_is_said_and_proves_nothing() {
    let linted = with(&[&format!("{PROMPT} /v {SWITCH}\nERROR: Access is denied.\n\nC:\\>")]);
    assert!(linted.rules().contains(&"INP-585"), "{}", linted.human());
    assert_eq!(allows(&linted), None);
    let linted = with(&[&format!("{PROMPT}\n{}\n  rest of a value\n\nC:\\>", value("a", "REG_SZ    x").trim_end())]);
    assert!(linted.rules().contains(&"INP-584"), "{}", linted.human());
    assert_eq!(allows(&linted), None);
}

#[test]
fn later_files_hold_whatever_their_shape() {
    let file = format!("Windows Registry Editor Version 5.00\n\n[{KEY}]\n\"{SWITCH}\"=dword:00000001\n");
    let absent = format!("{PROMPT} /v {SWITCH}\n\n{NOT_FOUND}\n\nC:\\>");
    let linted = with(&[&file, &absent]);
    assert_eq!(allows(&linted), Some(false));
    assert!(linted.rules().contains(&"INC-313"), "{}", linted.human());
    assert_eq!(allows(&with(&[&absent, &file])), Some(true));
    let shown = value("Start", "REG_DWORD    0x2");
    assert_eq!(allows(&with(&[&file, &shown])), Some(true));
}

#[test]
fn what_powershell_shows_lacks_types_and_is_open_where_that_matters() {
    let path = "Get-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\MSExchange OWA'";
    let rows = [
        (item("", &[("Start", "2"), (SWITCH, "1")]), None),
        (item("", &[("Start", "2"), (SWITCH, "-1")]), None),
        (item("", &[("Start", "2"), (SWITCH, "0")]), Some(false)),
        (item("", &[("Start", "2"), (SWITCH, "yes")]), Some(false)),
        (item("", &[("Start", "2"), (SWITCH, "4294967295")]), Some(false)),
        (item("", &[("Start", "2")]), None),
        (item(path, &[("Start", "2")]), Some(false)),
        (item(&format!("{path} | Format-List *"), &[("Start", "2")]), Some(false)),
        (item(&format!("{path} -Name Start"), &[("Start", "2")]), None),
        (item(&format!("{path} | Format-List Start,PS*"), &[("Start", "2")]), None),
    ];
    for (text, expected) in rows {
        let linted = with(&[&text]);
        assert_eq!(allows(&linted), expected, "{text}\n{}", linted.human());
        assert!(linted.rules().contains(&"INP-586"), "{}", linted.human());
        assert!(linted.report.inputs.iter().any(|input| input.format == "registry-item"), "{text}");
    }
}

#[test]
fn a_typed_value_and_the_same_one_without_its_type_are_no_contradiction() {
    let file = format!("Windows Registry Editor Version 5.00\n\n[{KEY}]\n\"{SWITCH}\"=dword:00000001\n");
    let linted = with(&[&file, &item("", &[("Start", "2"), (SWITCH, "1")])]);
    assert_eq!(allows(&linted), Some(true));
    assert!(!linted.rules().contains(&"INC-313"), "{}", linted.human());
    let linted = with(&[&file, &item("", &[("Start", "2"), (SWITCH, "0")])]);
    assert_eq!(allows(&linted), Some(false));
    assert!(linted.rules().contains(&"INC-313"), "{}", linted.human());
}

#[test]
fn numbered_control_sets_count_where_select_says_so() {
    let file = |body: &str| format!("Windows Registry Editor Version 5.00\n\n{body}\n");
    let set = |number: &str, value: u8| {
        format!(
            "[{}]\n\"{SWITCH}\"=dword:0000000{value}\n",
            KEY.replace("CurrentControlSet", &format!("ControlSet{number}"))
        )
    };
    let select = |number: u8| format!("[HKEY_LOCAL_MACHINE\\SYSTEM\\Select]\n\"Current\"=dword:0000000{number}\n");
    let whole = "[HKEY_LOCAL_MACHINE\\SYSTEM]\n";
    let rows: [(&[&str], Option<bool>); 7] = [
        (&[&file(&set("001", 1))], None),
        (&[&file(&format!("{whole}{}", set("001", 1)))], None),
        (&[&file(&set("001", 1)), &file(&select(1))], Some(true)),
        (&[&file(&format!("{}{}{}", set("001", 0), set("002", 1), select(2)))], Some(true)),
        (&[&file(&format!("{}{}{}", set("001", 0), set("002", 1), select(1)))], Some(false)),
        (&[&file(&set("001", 1)), &file(&select(2))], None),
        (
            &[&file(&format!("[{KEY}]\n\"{SWITCH}\"=dword:0\n")), &file(&format!("{}{}", set("001", 1), select(1)))],
            Some(true),
        ),
    ];
    for (files, expected) in rows {
        let linted = with(files);
        assert_eq!(allows(&linted), expected, "{files:?}\n{}", linted.human());
        let is_unknown = linted.rules().contains(&"INP-587");
        let has_select = files.iter().any(|file| file.contains("Select"));
        assert_eq!(is_unknown, !has_select, "{files:?}\n{}", linted.human());
    }
}

#[test]
fn shapes_that_are_not_read_are_refused() {
    let rows = [
        (
            format!(
                "Key Name:          {KEY}\nClass Name:        <NO CLASS>\nLast Write Time:   1/1/2011 - 1:00 PM\nValue 0\n  Name:            {SWITCH}\n  Type:            REG_DWORD\n  Data:            0x1\n"
            ),
            "INP-582",
        ),
        ("regf\0\0\0\u{1}hive\0\0\0\0".to_owned(), "INP-583"),
        ("REGEDIT\nHKEY_CLASSES_ROOT\\k = x\n".to_owned(), "INP-574"),
        (format!("REGEDIT5\n\n[{KEY}]\n\"{SWITCH}\"=dword:00000001\n"), "INP-573"),
        (format!("regedit4\n\n[{KEY}]\n\"{SWITCH}\"=dword:00000001\n"), "INP-431"),
    ];
    for (text, rule) in rows {
        let linted = with(&[&text]);
        assert!(linted.rules().contains(&rule), "{text}\n{}", linted.human());
        assert_eq!(linted.report.exit_code, 1);
        assert_eq!(allows(&linted), None, "{text}");
    }
}

#[test]
fn registry_output_beside_virtual_directories_is_said_to_be_lost() {
    let mut files = fixture("rules/base");
    let (_, owa) = files.iter_mut().find(|(path, _)| path == "CAS1/owa.txt").unwrap();
    owa.extend(format!("\n{PROMPT}\n{}\n", value(SWITCH, "REG_DWORD    0x1")).bytes());
    let linted = lint_files(files);
    check_places(&linted);
    assert!(linted.rules().contains(&"INP-588"), "{}", linted.human());
}

#[test]
fn every_loss_in_a_file_has_a_finding_of_its_own() {
    for (body, rule) in [
        (format!("\"{SWITCH}\"=dword:1\n[{KEY}]\n"), "INP-576"),
        (format!("[-{KEY}]\n\"{SWITCH}\"=dword:1\n"), "INP-575"),
        (format!("[{KEY}]\n\"{SWITCH}\"=dword:1 # on\n"), "INP-578"),
        (format!("[{KEY}]\n\"a\"=hex:1,\\\n\"{SWITCH}\"=dword:1\n"), "INP-437"),
        (format!("[{KEY}]\n\"{SWITCH}\"=hex(4):1\\\n,0,0,0\n"), "INP-577"),
        (format!("[{KEY}]\n\"{SWITCH}\"=hex(4):1,\n  0,0,0\n"), "INP-438"),
        (format!("[{KEY}]\n\"{SWITCH}\"=dword:0x1\n"), "INP-432"),
        (format!("[{KEY}]\n{SWITCH}=1\n"), "INP-432"),
        (format!("[{KEY}]\n\"{SWITCH}\"=\"a\0b\"\n"), "INP-572"),
        (format!("[ {KEY}]\n\"{SWITCH}\"=dword:1\n"), "INP-433"),
        (format!("[HKEY_LOCAL_MACHINES\\x]\n\"{SWITCH}\"=dword:1\n"), "INP-434"),
        (format!("[{KEY}];];\n\"{SWITCH}\"=dword:1\n"), "INP-581"),
    ] {
        let linted = with(&[&format!("Windows Registry Editor Version 5.00\n\n{body}")]);
        assert!(linted.rules().contains(&rule), "{body}\n{}", linted.human());
        assert_ne!(allows(&linted), Some(true), "{body}\n{}", linted.human());
    }
}

#[test]
fn every_prefix_of_every_registry_file_is_read() {
    let files = files_below(&repository().join("fixtures"));
    let mut count = 0;
    for (path, bytes) in files.into_iter().filter(|(path, _)| path.rsplit('.').next() == Some("reg")) {
        let text = owalint::text::decode::decode(bytes).text;
        for (end, _) in text.char_indices() {
            let (_, problems) = reg::read(&text[..end], SourceId(0), Encoding::Utf8);
            assert!(problems.iter().all(|it| text[..end].get(it.span.range()).is_some()), "{path}");
        }
        count += 1;
    }
    assert!(count > 10, "{count} files");
}
