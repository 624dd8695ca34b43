//! JSON and CSV: the same object gives the same facts and findings as Format-List, and other files give none.

use std::collections::BTreeMap;

use crate::encodings::{ENCODINGS, encoded};
use crate::places::check_places;
use crate::scratch::{Files, Linted, edit, fixture, lint_files};

/// The properties of the virtual directory in one of the base's exports, as Format-List shows them.
fn properties(files: &Files, path: &str) -> Vec<(String, String)> {
    let text = String::from_utf8(files.iter().find(|(it, _)| it == path).unwrap().1.clone()).unwrap();
    let pairs = text.lines().filter_map(|line| line.split_once(" :"));
    pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

fn items(value: &str) -> Option<Vec<&str>> {
    let inner = value.strip_prefix('{')?.strip_suffix('}')?;
    Some(inner.split(", ").filter(|it| !it.is_empty()).collect())
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// How one of the PowerShells writes the object as JSON.
fn json(object: &[(String, String)], colon: &str, list: fn(&[&str]) -> String) -> String {
    let value = |name: &str, value: &str| match (value, items(value)) {
        ("True" | "False", _) => value.to_lowercase(),
        ("", _) => "null".to_owned(),
        (_, Some(items)) if name.ends_with("Methods") => list(&items),
        (_, Some(items)) => serde_json::to_string(&items).unwrap(),
        _ => quoted(value),
    };
    let pairs: Vec<String> =
        object.iter().map(|(name, text)| format!("    {}{colon}{}", quoted(name), value(name, text))).collect();
    format!("{{\r\n{}\r\n}}\r\n", pairs.join(",\r\n"))
}

fn csv(object: &[(String, String)], delimiter: &str, type_line: &str) -> String {
    let cell = |text: &str| if text.is_empty() { String::new() } else { format!("\"{}\"", text.replace('"', "\"\"")) };
    let head: Vec<String> = object.iter().map(|(name, _)| cell(name)).collect();
    let row: Vec<String> = object
        .iter()
        .map(|(_, value)| cell(&items(value).map_or_else(|| value.clone(), |items| items.join(" "))))
        .collect();
    format!("{type_line}{}\r\n{}\r\n", head.join(delimiter), row.join(delimiter))
}

fn number(name: &str) -> usize {
    ["Basic", "Digest", "Ntlm", "Fba", "WindowsIntegrated"].iter().position(|it| *it == name).unwrap()
}

/// The object in every shape that is read: the name of the file, and its text.
fn shapes(object: &[(String, String)]) -> Vec<(&'static str, String)> {
    let numbers =
        |items: &[&str]| format!("[{}]", items.iter().map(|it| number(it).to_string()).collect::<Vec<_>>().join(", "));
    let wrapped = |items: &[&str]| {
        format!(
            "{{\"value\":[{}],\"Count\":{}}}",
            items.iter().map(|it| number(it).to_string()).collect::<Vec<_>>().join(","),
            items.len()
        )
    };
    let names = |items: &[&str]| serde_json::to_string(items).unwrap();
    let joined = |items: &[&str]| quoted(&items.join(" "));
    vec![
        ("owa.json", json(object, ":  ", numbers)),
        ("owa.txt", json(object, ":  ", wrapped)),
        ("names.json", json(object, ": ", names)),
        ("deep.json", format!("[\n{},\nnull]", json(object, ": ", joined))),
        (
            "owa.csv",
            csv(object, ",", "#TYPE Microsoft.Exchange.Data.Directory.SystemConfiguration.ADOwaVirtualDirectory\r\n"),
        ),
        ("culture.csv", csv(object, ";", "")),
        ("tabs.tsv", csv(object, "\t", "")),
    ]
}

/// What is known of the virtual directories: state and value of each property. Lists of names compare by their items,
/// others by what Format-List can hold of them.
fn facts(linted: &Linted) -> BTreeMap<String, String> {
    let document = serde_json::to_value(&linted.facts).unwrap();
    let mut facts = BTreeMap::new();
    for server in document["servers"].as_array().unwrap() {
        for vdir in server["vdirs"].as_array().unwrap() {
            for property in vdir["properties"].as_array().unwrap() {
                let value = match property["value"].as_array() {
                    Some(items) => items.iter().map(|it| it.as_str().unwrap()).collect::<Vec<_>>().join(" "),
                    None => property["value"].as_str().unwrap_or_default().to_owned(),
                };
                let key = format!("{} {}", vdir["identity"], property["name"]);
                facts.insert(key, format!("{} {value}", property["state"]));
            }
        }
    }
    facts
}

/// Findings by rule and by the text that they are pinned to.
fn findings(linted: &Linted) -> Vec<(String, Vec<String>, Vec<String>)> {
    let mut findings: Vec<_> =
        linted.report.findings.iter().map(|it| (it.rule.clone(), it.sources.clone(), it.targets.clone())).collect();
    findings.sort();
    findings
}

fn faulty() -> Files {
    let mut files = fixture("rules/base");
    edit(&mut files, "CAS2/owa.txt", "https://cas2", "http://cas2");
    files
}

fn in_shape(files: &Files, name: &str, bytes: Vec<u8>) -> Files {
    let mut files = files.clone();
    files.retain(|(path, _)| path != "CAS2/owa.txt");
    files.push((format!("CAS2/{name}"), bytes));
    files
}

#[test]
fn every_shape_gives_the_same_facts_and_findings() {
    let files = faulty();
    let wanted = lint_files(files.clone());
    assert!(wanted.rules().contains(&"P42-001"));
    for (name, text) in shapes(&properties(&files, "CAS2/owa.txt")) {
        let linted = lint_files(in_shape(&files, name, text.into_bytes()));
        check_places(&linted);
        assert_eq!(facts(&linted), facts(&wanted), "{name}");
        assert_eq!(findings(&linted), findings(&wanted), "{name}");
        let scheme = linted.report.findings.iter().find(|it| it.rule == "P42-001").unwrap();
        assert_eq!(scheme.primary.text, "http", "{name}");
    }
}

#[test]
fn every_encoding_and_line_end_gives_the_same_places() {
    let files = faulty();
    for (name, text) in shapes(&properties(&files, "CAS2/owa.txt")) {
        let mut wanted = None;
        for encoding in ENCODINGS {
            for end in ["\r\n", "\n", "\r"] {
                let text = text.replace("\r\n", "\n").replace('\n', end);
                let linted = lint_files(in_shape(&files, name, encoded(&text, encoding)));
                check_places(&linted);
                let places = linted.report.findings.iter().filter(|it| it.rule != "INP-404");
                let places = places.map(|it| (it.rule.clone(), it.primary.start.line, it.primary.start.column));
                let found = (facts(&linted), places.collect::<Vec<_>>());
                assert_eq!(&found, wanted.get_or_insert_with(|| found.clone()), "{name} {encoding} {end:?}");
            }
        }
    }
}

/// A file beside the sound base: its status and the problems that it adds.
fn beside(name: &str, text: &str) -> (&'static str, Vec<String>) {
    let mut files = fixture("rules/base");
    let path = format!("org/{name}");
    files.push((path.clone(), text.as_bytes().to_vec()));
    let linted = lint_files(files);
    check_places(&linted);
    let problems = linted.report.findings.iter().filter(|it| it.primary.path == path).map(|it| it.rule.clone());
    let mut problems: Vec<String> = problems.filter(|it| it.starts_with("INP-")).collect();
    problems.dedup();
    let document = serde_json::to_value(&linted.report).unwrap();
    let input = document["inputs"].as_array().unwrap().iter().find(|it| it["path"] == path).unwrap().clone();
    let status = ["read", "partly-read", "refused", "ignored"].into_iter().find(|it| input["status"] == *it).unwrap();
    assert!(status == "read" || input["reason"].is_string(), "{text}");
    (status, problems)
}

#[test]
fn files_of_others_are_ignored_with_a_reason() {
    for (name, text) in [
        ("package.json", "{\"name\": \"x\", \"version\": \"1.0.0\", \"dependencies\": {\"a\": \"^1\"}}"),
        ("tsconfig.json", "{\n  // comment\n  \"compilerOptions\": {\"path\": [\"a\",],},\n}"),
        ("people.csv", "Name,Mail\nA,a@example.com\n"),
        ("sites.csv", "Name;Path;Site\na;b;c\n"),
        (
            "ews.json",
            "[{\"Name\":\"EWS (Default Web Site)\",\"Server\":\"CAS1\",\"InternalUrl\":\"https://cas1/EWS\",\"X\":\"System.Object[]\"}]",
        ),
        ("ews.csv", "Name,Server,InternalUrl\nEWS (Default Web Site),CAS1,https://cas1/EWS\n"),
        ("notes.txt", "Set Server, InternalUrl and ExternalUrl, then restart.\n"),
        ("legacy.json", "{\"Name\":\"Exchange (Default Web Site)\",\"Server\":\"CAS1\",\"OwaVersion\":0}"),
    ] {
        assert_eq!(beside(name, text), ("ignored", Vec::new()), "{name}");
    }
}

#[test]
fn exports_that_hold_nothing_of_use_are_refused_and_named() {
    let format = "ClassId2e4f51ef21dd47e99d3c952918aff9cd";
    for (name, text, problem) in [
        ("fl.json", format!("[{{\"{format}\":\"033ecb2bc07a4d43b5ef94ed5a35d280\",\"pageHeaderEntry\":null}}]"), "INP-537"),
        ("fl.csv", format!("#TYPE Microsoft.PowerShell.Commands.Internal.Format.FormatStartData\n\"{format}\",\"pageHeaderEntry\",\"autosizeInfo\"\n\"033e\",,\n"), "INP-537"),
        ("reg.json", "{\"AllowProxyingWithoutSsl\":1,\"PSPath\":\"Microsoft.PowerShell.Core\\\\Registry::HKEY_LOCAL_MACHINE\\\\SYSTEM\\\\CurrentControlSet\\\\Services\\\\MSExchange OWA\",\"PSChildName\":\"MSExchange OWA\"}".to_owned(), "INP-526"),
        ("binding.json", "[{\"protocol\":\"https\",\"bindingInformation\":\"*:443:\"}]".to_owned(), "INP-527"),
        ("access.json", "{\"sslFlags\":\"Ssl\",\"PSPath\":\"MACHINE/WEBROOT/APPHOST\"}".to_owned(), "INP-527"),
        ("wrapped.json", "{\"CAS3\":{\"Server\":\"CAS3\",\"InternalUrl\":\"http://cas3/owa\"}}".to_owned(), "INP-534"),
        ("grouped.json", "[{\"Name\":\"CAS3\",\"Count\":1,\"Group\":[{\"InternalUrl\":\"http://cas3/owa\"}]}]".to_owned(), "INP-534"),
        ("console.json", "{\"Server\":\"CAS3\",\"InternalUrl\":\"http://ca\ns3/owa\"}".to_owned(), "INP-531"),
        ("deep.json", "[\"@{Server=CAS3; InternalUrl=http://cas3/owa}\"]".to_owned(), "INP-531"),
        ("empty.json", "[]".to_owned(), "INP-407"),
        ("headless.csv", "\"CAS3\",\"https://cas3/owa\"\n".to_owned(), "INP-541"),
        ("headless.txt", "CAS3;CAS3\\owa (Default Web Site);True\n".to_owned(), "INP-541"),
        ("unknown.csv", "#TYPE Selected.Microsoft.Exchange.Data.Directory.SystemConfiguration.ADOwaVirtualDirectory\n\"S\",\"U\"\n\"CAS3\",\"x\"\n".to_owned(), "INP-541"),
        ("table.md", "| Server | InternalUrl |\n|--------|-------------|\n".to_owned(), "INP-554"),
        ("twice.csv", "Server,InternalUrl,server\nCAS3,http://cas3/owa,x\n".to_owned(), "INP-541"),
        ("open.csv", "Server,InternalUrl\n\"CAS3,http://cas3/owa\n".to_owned(), "INP-542"),
        ("short.csv", "\"Server\",\"InternalUrl\"\n\"CAS3\"\n".to_owned(), "INP-543"),
    ] {
        assert_eq!(beside(name, &text), ("refused", vec![problem.to_owned()]), "{name}");
    }
}

#[test]
fn rows_of_several_kinds_are_told_apart() {
    let mut files = fixture("rules/base");
    let text = "#TYPE Microsoft.Exchange.Data.Directory.SystemConfiguration.ADOwaVirtualDirectory\r\n\
        \"Name\",\"Server\",\"InternalUrl\",\"OwaVersion\"\r\n\
        \"owa (Default Web Site)\",\"CAS3\",\"https://cas3/owa\",\"Exchange2010\"\r\n\
        \"EWS (Default Web Site)\",\"CAS3\",\"https://cas3/EWS\",\r\n\
        \"ecp (Default Web Site)\",\"CAS3\",\"https://cas3/ecp\",\r\n\
        \"webmail (Default Web Site)\",\"CAS4\",\"https://cas4/owa\",\"Exchange2010\"\r\n";
    files.push(("org/all.csv".to_owned(), text.as_bytes().to_vec()));
    let linted = lint_files(files);
    let document = serde_json::to_value(&linted.facts).unwrap();
    let count = |name: &str, kind: &str| {
        let server = document["servers"].as_array().unwrap().iter().find(|it| it["name"] == name).unwrap();
        server[kind].as_array().unwrap().len()
    };
    assert_eq!((count("CAS3", "vdirs"), count("CAS3", "control_panels"), count("CAS4", "vdirs")), (1, 1, 1));
}

#[test]
fn servers_are_read_from_both_shapes() {
    for (name, text) in [
        (
            "servers.json",
            "[{\"Name\":\"CAS3\",\"Fqdn\":\"cas3.corp.example.com\",\"ServerRole\":38,\"Site\":{\"Name\":\"HQ\",\"DistinguishedName\":\"CN=HQ,CN=Sites\"},\"AdminDisplayVersion\":{\"Major\":14,\"Minor\":3,\"Build\":123,\"Revision\":4}}]",
        ),
        (
            "servers.csv",
            "#TYPE Microsoft.Exchange.Data.Directory.Management.ExchangeServer\r\n\"Name\",\"Fqdn\",\"ServerRole\",\"Site\"\r\n\"CAS3\",\"cas3.corp.example.com\",\"Mailbox, ClientAccess\",\"corp.example.com/Configuration/Sites/HQ\"\r\n",
        ),
        ("cas.csv", "Name,Fqdn,AutoDiscoverSiteScope,Site\nCAS3,cas3.corp.example.com,System.String[],HQ\n"),
        (
            "typed.csv",
            "#TYPE Selected.Microsoft.Exchange.Data.Directory.Management.ExchangeServer\r\n\"Name\",\"Site\",\"Fqdn\"\r\n\"CAS3\",\"HQ\",\"cas3.corp.example.com\"\r\n",
        ),
    ] {
        let mut files = fixture("rules/base");
        files.push((format!("org/{name}"), text.as_bytes().to_vec()));
        let linted = lint_files(files);
        check_places(&linted);
        let document = serde_json::to_value(&linted.facts).unwrap();
        let server = document["servers"].as_array().unwrap().iter().find(|it| it["name"] == "CAS3").cloned();
        let server = server.unwrap_or_else(|| panic!("{name}"));
        assert_eq!((&server["site"], &server["fqdn"]), (&"HQ".into(), &"cas3.corp.example.com".into()), "{name}");
    }
}

#[test]
fn lists_in_odd_forms_are_known_only_where_they_are_whole() {
    for (value, state, shown) in [
        ("4", "known", "[\"WindowsIntegrated\"]"),
        ("[0, 99]", "truncated", "[\"Basic\"]"),
        ("99", "unreadable", "null"),
        ("\"Basic, Fba\"", "known", "[\"Basic\",\"Fba\"]"),
        ("\"{Basic, Fba}\"", "known", "\"{Basic, Fba}\""),
        ("[]", "known", "[]"),
    ] {
        let text = format!(
            "{{\"Name\":\"owa (Default Web Site)\",\"Server\":\"CAS3\",\"InternalAuthenticationMethods\":{value}}}"
        );
        let mut files = fixture("rules/base");
        files.push(("org/cas3.json".to_owned(), text.into_bytes()));
        let linted = lint_files(files);
        let document = serde_json::to_value(&linted.facts).unwrap();
        let server = document["servers"].as_array().unwrap().iter().find(|it| it["name"] == "CAS3").unwrap().clone();
        let properties = server["vdirs"][0]["properties"].as_array().unwrap().clone();
        let methods = properties.iter().find(|it| it["name"] == "InternalAuthenticationMethods").unwrap();
        assert_eq!(
            (methods["state"].as_str().unwrap(), methods["value"].to_string()),
            (state, shown.to_owned()),
            "{value}"
        );
    }
}

#[test]
fn what_printed_braces_hold_is_not_known_to_be_all() {
    let mut files = fixture("rules/base");
    let object = properties(&files, "CAS2/owa.txt");
    let text = json(&object, ": ", |items| quoted(&format!("{{{}}}", items.join(", "))));
    files = in_shape(&files, "owa.json", text.replace("WindowsIntegrated", "Basic").into_bytes());
    let linted = lint_files(files);
    assert!(linted.is_open("PRX-103") && !linted.rules().contains(&"PRX-103"));
}

#[test]
fn json_and_csv_among_lists_are_said() {
    for rest in [
        "[PS] C:\\>Get-OwaVirtualDirectory | ConvertTo-Json\r\n{\r\n    \"Server\": \"CAS3\",\r\n    \"InternalUrl\": \"http://cas3/owa\"\r\n}\r\n",
        "[PS] C:\\>Get-OwaVirtualDirectory | ConvertTo-Csv\r\n\"Server\",\"InternalUrl\"\r\n\"CAS3\",\"http://cas3/owa\"\r\n",
    ] {
        let mut files = fixture("rules/base");
        let (_, bytes) = files.iter_mut().find(|(path, _)| path == "CAS2/owa.txt").unwrap();
        bytes.extend_from_slice(rest.as_bytes());
        let linted = lint_files(files);
        check_places(&linted);
        assert!(linted.rules().contains(&"INP-554"), "{rest}: {:?}", linted.rules());
    }
}
