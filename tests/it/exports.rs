//! Exports as XML: the same object says the same in every shape, and what is not read is said.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::places::check_places;
use crate::scratch::{Files, Linted, fixture, lint_files};

/// The properties of the one object in a file of Format-List text, in its order.
type Properties = Vec<(String, String)>;

/// Name, state and value of every property, by name.
type Facts = BTreeMap<String, (String, Value)>;

const HEAD: &str = "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\n";
const VDIR: &str = "Microsoft.Exchange.Data.Directory.SystemConfiguration.ADOwaVirtualDirectory";

fn base(server: &str) -> Properties {
    let path = format!("{server}/owa.txt");
    let (_, bytes) = fixture("rules/base").into_iter().find(|(it, _)| *it == path).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let lines = text.lines().filter_map(|line| line.split_once(" :"));
    lines.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

fn with(path: &str, file: impl Into<Vec<u8>>) -> Files {
    let mut files = fixture("rules/base");
    files.retain(|(it, _)| it != "CAS2/owa.txt");
    files.push((path.to_owned(), file.into()));
    files
}

fn lint(files: Files) -> Linted {
    let linted = lint_files(files);
    check_places(&linted);
    linted
}

fn facts(linted: &Linted, server: &str) -> Facts {
    let facts = serde_json::to_value(&linted.facts).unwrap();
    let servers = facts["servers"].as_array().unwrap();
    let server = servers.iter().find(|it| it["name"] == server).unwrap();
    let fact = |it: &Value| {
        let text = |key: &str| it[key].as_str().unwrap().to_owned();
        (text("name"), (text("state"), it["value"].clone()))
    };
    server["vdirs"][0]["properties"].as_array().unwrap().iter().map(fact).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn items(value: &str) -> Option<Vec<&str>> {
    let inside = value.strip_prefix('{')?.strip_suffix('}')?;
    Some(inside.split(", ").filter(|it| !it.is_empty()).collect())
}

/// An object whose types Exchange brought back to life: identities, enumerations and addresses have their own.
fn live(properties: &Properties, ids: &mut u32) -> String {
    let mut next = || {
        *ids += 1;
        *ids
    };
    let mut text = format!("<Obj RefId=\"{}\"><TN RefId=\"t{}\"><T>{VDIR}</T></TN>\n<Props>\n", next(), next());
    for (name, value) in properties {
        let plain = escaped(value);
        let _ = match name.as_str() {
            "Server" | "Identity" => write!(
                text,
                "<Obj N=\"{name}\" RefId=\"{}\"><Props><S N=\"Name\">wrong</S></Props><ToString>{plain}</ToString></Obj>",
                next()
            ),
            _ if name.ends_with("Url") && value.is_empty() => write!(text, "<Nil N=\"{name}\" />"),
            _ if name.ends_with("Url") => write!(text, "<URI N=\"{name}\">{plain}</URI>"),
            _ if value == "True" || value == "False" => write!(text, "<B N=\"{name}\">{}</B>", value.to_lowercase()),
            _ => match items(value) {
                Some(items) => {
                    let items = items.iter().map(|it| {
                        format!("<Obj RefId=\"{}\"><ToString>{}</ToString><I32>1</I32></Obj>", next(), escaped(it))
                    });
                    let items = items.collect::<String>();
                    write!(text, "<Obj N=\"{name}\" RefId=\"{}\"><LST>{items}</LST></Obj>", next())
                }
                None => write!(text, "<S N=\"{name}\">{plain}</S>"),
            },
        };
        text.push('\n');
    }
    text + "</Props></Obj>\n"
}

/// An object as remoting alone brings it: addresses and identities are text, and so may be lists.
fn remote(properties: &Properties, ids: &mut u32) -> String {
    *ids += 1;
    let mut text = format!("<Obj RefId=\"{ids}\"><TN RefId=\"{ids}\"><T>Deserialized.{VDIR}</T></TN><MS />\n<Props>\n");
    for (name, value) in properties {
        let plain = escaped(value);
        let _ = match items(value) {
            Some(items) if name == "InternalAuthenticationMethods" => {
                write!(text, "<S N=\"{name}\">{}</S>", items.join(" "))
            }
            Some(items) => {
                *ids += 1;
                let items = items.iter().map(|it| format!("<S>{}</S>", escaped(it))).collect::<Vec<_>>().concat();
                write!(text, "<Obj N=\"{name}\" RefId=\"{ids}\"><LST>{items}</LST></Obj>")
            }
            None if value == "True" => write!(text, "<B N=\"{name}\">1</B>"),
            None if value == "False" => write!(text, "<B N=\"{name}\">false</B>"),
            None => write!(text, "<S N=\"{name}\">{plain}</S>"),
        };
        text.push('\n');
    }
    text + "</Props></Obj>\n"
}

/// An object as `ConvertTo-Xml` writes it, with the names of types or without.
fn converted(properties: &Properties, types: bool) -> String {
    let kind = |name: &str| if types { format!(" Type=\"{name}\"") } else { String::new() };
    let mut text = format!("  <Object{}>\n", kind(VDIR));
    for (name, value) in properties {
        let plain = escaped(value);
        let start = format!("    <Property Name=\"{name}\"{}", kind("System.Object"));
        let _ = match items(value) {
            Some(items) => {
                let items =
                    items.iter().map(|it| format!("\n      <Property{}>{}</Property>", kind("A.B"), escaped(it)));
                writeln!(text, "{start}>{}\n    </Property>", items.collect::<String>())
            }
            None if value.is_empty() => writeln!(text, "{start} />"),
            None => writeln!(text, "{start}>{plain}</Property>"),
        };
    }
    text + "  </Object>\n"
}

fn utf16(text: &str) -> Vec<u8> {
    let text = text.replace('\n', "\r\n");
    [vec![0xff, 0xfe], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat()
}

#[test]
fn an_object_says_the_same_in_every_shape() {
    let properties = base("CAS2");
    let wanted = facts(&lint(fixture("rules/base")), "CAS2");
    assert_eq!(wanted.len(), properties.len());
    let declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Objects>\n";
    let shapes = [
        format!("{HEAD}{}</Objs>", live(&properties, &mut 0)),
        format!("{HEAD}<Obj RefId=\"a\"><LST>{}</LST></Obj></Objs>", live(&properties, &mut 0)),
        format!("#< CLIXML\n{HEAD}{}</Objs>", remote(&properties, &mut 0)),
        format!("{declaration}{}</Objects>", converted(&properties, true)),
        format!("{declaration}{}</Objects>", converted(&properties, false)),
    ];
    for shape in shapes {
        for file in [shape.clone().into_bytes(), utf16(&shape)] {
            let linted = lint(with("CAS2/owa.xml", file));
            assert_eq!(facts(&linted, "CAS2"), wanted, "{shape}");
            assert_eq!(linted.report.exit_code, 0, "{}", linted.human());
        }
    }
}

#[test]
fn two_exports_of_one_object_agree() {
    let properties = base("CAS2");
    let mut files = fixture("rules/base");
    files.push(("CAS2/owa.xml".to_owned(), utf16(&format!("{HEAD}{}</Objs>", live(&properties, &mut 0)))));
    files.push(("CAS2/x.xml".to_owned(), format!("<Objects>{}</Objects>", converted(&properties, true)).into_bytes()));
    let linted = lint(files);
    assert_eq!(linted.report.exit_code, 0, "{}", linted.human());
}

#[test]
fn a_label_sits_on_the_smallest_text_of_a_value() {
    let mut properties = base("CAS2");
    let url = properties.iter_mut().find(|(name, _)| name == "InternalUrl").unwrap();
    url.1 = "http://cas2.corp.example.com/owa".to_owned();
    for shape in [
        format!("{HEAD}{}</Objs>", live(&properties, &mut 0)),
        format!("<Objects>{}</Objects>", converted(&properties, true)),
    ] {
        let linted = lint(with("CAS2/owa.xml", shape));
        let finding = linted.report.findings.iter().find(|it| it.rule == "P42-001").unwrap();
        assert_eq!(finding.primary.text, "http");
    }
}

fn server_object(kind: &str, name: &str, site: &str) -> String {
    format!(
        "<Obj><TN RefId=\"s{name}\"><T>Microsoft.Exchange.Data.Directory.Management.{kind}</T></TN><Props>\
         <S N=\"Name\">{name}</S><Obj N=\"Site\"><ToString>corp.example.com/Configuration/Sites/{site}</ToString></Obj>\
         <S N=\"Fqdn\">{name}.corp.example.com</S><Obj N=\"AdminDisplayVersion\"><Props><I32 N=\"Major\">14</I32>\
         <I32 N=\"Minor\">3</I32><I32 N=\"Build\">123</I32><I32 N=\"Revision\">4</I32></Props></Obj></Props></Obj>"
    )
}

#[test]
fn servers_and_control_panels_are_read() {
    let mut files = fixture("rules/base");
    files.retain(|(path, _)| path != "owalint-estate.toml");
    let servers =
        server_object("ExchangeServer", "CAS1", "HQ") + &server_object("ClientAccessServer", "CAS2", "Branch");
    files.push(("servers.xml".to_owned(), format!("{HEAD}{servers}</Objs>").into_bytes()));
    let panel = "<Obj><TN RefId=\"0\"><T>Deserialized.A.ADEcpVirtualDirectory</T></TN><Props>\
                 <S N=\"Identity\">CAS2\\ecp (Default Web Site)</S><S N=\"InternalUrl\">https://cas2/ecp</S></Props></Obj>";
    files.push(("ecp.xml".to_owned(), format!("{HEAD}{panel}</Objs>").into_bytes()));
    let linted = lint(files);
    let sites: Vec<(&str, Option<&str>, Option<&str>)> =
        linted.facts.servers.iter().map(|it| (it.name.as_str(), it.site.as_deref(), it.fqdn.as_deref())).collect();
    assert_eq!(
        sites,
        [("CAS1", Some("HQ"), Some("CAS1.corp.example.com")), ("CAS2", Some("Branch"), Some("CAS2.corp.example.com"))]
    );
    assert_eq!(linted.facts.servers[1].control_panels[0].identity, "CAS2\\ecp (Default Web Site)");
}

/// The status of the one file beside the base, and the ids of the findings about it.
fn status(file: &str) -> (&'static str, Vec<String>) {
    let linted = lint(with("CAS2/x.xml", file));
    let input = linted.report.inputs.iter().find(|it| it.path == "CAS2/x.xml").unwrap();
    let about = linted.report.findings.iter().filter(|it| it.primary.path == "CAS2/x.xml");
    (input.status, about.map(|it| it.rule.clone()).filter(|it| it.starts_with("INP-")).collect())
}

#[test]
fn what_is_not_read_is_said() {
    let objs = |inside: &str| format!("{HEAD}{inside}</Objs>");
    let note = |name: &str, value: &str| format!("<S N=\"{name}\">{value}</S>");
    let object = |kind: &str, notes: &str| {
        objs(&format!("<Obj RefId=\"0\"><TN RefId=\"0\"><T>{kind}</T></TN><MS>{notes}</MS></Obj>"))
    };
    let owa = note(
        "PSPath",
        "Microsoft.PowerShell.Core\\Registry::HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\MSExchange OWA",
    );
    let other = note("PSPath", "Microsoft.PowerShell.Core\\Registry::HKEY_LOCAL_MACHINE\\SOFTWARE\\Other");
    let custom = "System.Management.Automation.PSCustomObject";
    let vdir = live(&base("CAS2"), &mut 0);
    for (file, wanted, ids) in [
        (object("System.ServiceProcess.ServiceController", &note("Name", "W3SVC")), "ignored", vec![]),
        (object(custom, &(note("AllowProxyingWithoutSsl", "1") + &owa)), "refused", vec!["INP-526"]),
        (object(custom, &other), "ignored", vec![]),
        (
            format!(
                "<Objects><Object><Property Name=\"x\">1</Property>{}</Object></Objects>",
                owa.replace("<S N=", "<Property Name=").replace("</S>", "</Property>")
            ),
            "refused",
            vec!["INP-526"],
        ),
        (
            object("Microsoft.IIs.PowerShell.Framework.ConfigurationAttribute", &note("Value", "Ssl")),
            "refused",
            vec!["INP-527"],
        ),
        (object("Microsoft.PowerShell.Commands.Internal.Format.FormatEntryData", ""), "refused", vec!["INP-537"]),
        (
            object(custom, &format!("<Obj N=\"v\"><TN RefId=\"1\"><T>{VDIR}</T></TN><ToString>x</ToString></Obj>")),
            "refused",
            vec!["INP-529"],
        ),
        (
            format!("<Objects><Object><Property Name=\"v\" Type=\"{VDIR}\">x</Property></Object></Objects>"),
            "refused",
            vec!["INP-529"],
        ),
        (objs("<S S=\"Error\">The term is not recognized</S>"), "refused", vec!["INP-525"]),
        (objs(&format!("{vdir}<S S=\"Error\">Access denied</S>")), "partly-read", vec!["INP-525"]),
        (objs(&note("x", "ADOwaVirtualDirectory as text")), "refused", vec!["INP-425"]),
        (objs(&vdir).replace("Version=\"1.1", "Version=\"2.1"), "refused", vec!["INP-522"]),
        (objs(&format!("{vdir}<Bad />")), "partly-read", vec!["INP-528"]),
        (
            objs(&vdir.replace("</Props></Obj>", "<Ref N=\"Id\" RefId=\"no\" /></Props></Obj>")),
            "partly-read",
            vec!["INP-523"],
        ),
        (format!("{HEAD}{}", vdir.replace("</Props></Obj>", "")), "refused", vec!["INP-411", "INP-521"]),
        (format!("{HEAD}{vdir}<Obj><MS>"), "partly-read", vec!["INP-411", "INP-521"]),
        (format!("<!DOCTYPE Objs [<!ENTITY a \"b\">]>{}", objs(&vdir)), "refused", vec!["INP-412"]),
        // It may have been anything, so that it is no all-clear.
        (format!("{HEAD}<Obj><MS>"), "refused", vec!["INP-411", "INP-521"]),
    ] {
        let mut ids: Vec<String> = ids.into_iter().map(str::to_owned).collect();
        let (status, mut found) = status(&file);
        found.sort();
        ids.sort();
        assert_eq!((status, found), (wanted, ids), "{file}");
    }
}

#[test]
fn every_cut_of_an_export_is_said_and_none_invents_a_value() {
    let properties = base("CAS2");
    let whole = facts(&lint(fixture("rules/base")), "CAS2");
    for file in [
        format!("{HEAD}{}</Objs>", live(&properties, &mut 0)),
        format!("<Objects>{}</Objects>", converted(&properties, true)),
    ] {
        for part in 1..60 {
            let linted = lint(with("CAS2/owa.xml", &file[..file.len() * part / 60]));
            assert_ne!(linted.report.exit_code, 0, "{}", linted.human());
            let servers = serde_json::to_value(&linted.facts).unwrap();
            if servers["servers"][1]["vdirs"][0].is_object() {
                assert_eq!(facts(&linted, "CAS2"), whole);
            }
        }
    }
}

#[test]
fn secrets_are_not_shown() {
    let secret = "01000000d08c9ddf0115d1118c7a00c04fc297eb";
    let vdir = live(&base("CAS2"), &mut 0);
    let extra = format!("<SS N=\"Key\">{secret}</SS><S N=\"ProxyPassword\">{secret}</S><SS>{secret}</SS>");
    let file = format!("{HEAD}{}</Objs>", vdir.replace("</Props>", &format!("{extra}</Props>")));
    let linted = lint(with("CAS2/owa.xml", file));
    let shown =
        [linted.human(), serde_json::to_string(&linted.facts).unwrap(), serde_json::to_string(&linted.report).unwrap()];
    assert!(linted.human().contains("INP-528"), "the nameless value is told");
    assert!(shown.iter().all(|it| !it.contains(secret)));
}
