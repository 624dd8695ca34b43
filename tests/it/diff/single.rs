//! Single changes: each has its consequences and no others, however the snapshot after it was exported.

use serde_json::{Value, json};

use super::{changes, diff, diff_in, file_changes, folder};
use crate::encodings::encoded;
use crate::scratch::{Files, edit, run};
use crate::shapes::object::{Object, Value as Property};
use crate::shapes::{SHAPES, Shape, snapshot_of, vdirs};

const OWA_KEY: &str = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchange OWA";

/// An estate whose virtual directories can be exported in any shape, with what is done to its other files.
struct Estate {
    vdirs: Vec<Object>,
    edits: fn(&mut Files),
}

impl Estate {
    fn exported(&self) -> Files {
        let mut files = snapshot_of(&self.vdirs, SHAPES[0].1);
        (self.edits)(&mut files);
        files
    }

    /// The same, exported another time: in another shape, order and encoding, and some of it into files of other names.
    fn again(&self, index: usize, (_, write): &Shape) -> Files {
        let mut files = snapshot_of(&self.vdirs, |objects, command| {
            let reversed: Vec<_> = objects.iter().rev().cloned().collect();
            write(&reversed, command)
        });
        (self.edits)(&mut files);
        files.into_iter().map(|(path, bytes)| restyled(path, &String::from_utf8(bytes).unwrap(), index)).collect()
    }
}

fn restyled(path: String, text: &str, index: usize) -> (String, Vec<u8>) {
    let encoding = ["utf-8", "utf-16le mark", "utf-16be mark"][index % 3];
    let text = text.replace("\r\n", "\n");
    if path.ends_with(".config") {
        let declared = if index.is_multiple_of(3) { "UTF-8" } else { "UTF-16" };
        let text = text.replace("encoding=\"UTF-8\"", &format!("encoding=\"{declared}\"")).replace('"', "'");
        return (path, encoded(&text.replace('\n', "\r\n"), encoding));
    }
    if !path.contains("owa.reg") {
        return (path.replace("owa.txt", "z.log"), encoded(&text, encoding));
    }
    match index % 3 {
        0 => (path, registry(&text, "REGEDIT4\n\n", "[", "]", &|name, value| format!("\"{name}\"=dword:{value}"))),
        1 => {
            let prompt = format!("C:\\>reg query \"{OWA_KEY}\"\n\n");
            let line = |name: &str, value: &str| {
                format!("    {name}    REG_DWORD    0x{}", value.trim_start_matches("0000000"))
            };
            (path.replace("owa.reg", "query.txt"), registry(&text, &prompt, "", "", &line))
        }
        _ => {
            let header = "Windows Registry Editor Version 5.00\n\n";
            let bytes = registry(&text, header, "[", "]", &|name, value| format!("\"{name}\"=dword:{value}"));
            (path, encoded(&String::from_utf8(bytes).unwrap(), "utf-16le mark"))
        }
    }
}

/// The values of the key of OWA in another order, as another program writes them.
fn registry(text: &str, header: &str, open: &str, close: &str, line: &dyn Fn(&str, &str) -> String) -> Vec<u8> {
    let values = text.lines().filter_map(|it| it.strip_prefix('"')?.split_once("\"=dword:"));
    let lines: Vec<String> = values.map(|(name, value)| line(name, value)).collect();
    let lines: Vec<String> = lines.into_iter().rev().collect();
    format!("{header}{open}{OWA_KEY}{close}\n{}\n\n", lines.join("\n")).replace('\n', "\r\n").into_bytes()
}

fn unedited(_: &mut Files) {}

/// Two servers may proxy without SSL.
fn opted_in(files: &mut Files) {
    for server in ["CAS1", "CAS3"] {
        opt_in(files, server);
    }
}

fn opt_in(files: &mut Files, server: &str) {
    let value = "\"AllowProxyingWithoutSsl\"=dword:00000001\r\n\"SSLOffloaded\"";
    edit(files, &format!("{server}/owa.reg"), "\"SSLOffloaded\"", value);
}

fn opted_in_once(files: &mut Files) {
    opt_in(files, "CAS3");
}

fn redirected(files: &mut Files) {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<configuration><system.webServer>\
                <httpRedirect enabled=\"true\" destination=\"/x\" /></system.webServer></configuration>\n";
    files.push(("CAS1/inetpub/wwwroot/web.config".to_owned(), text.as_bytes().to_vec()));
}

fn certificates(files: &mut Files) {
    let flags = "Ssl, SslNegotiateCert, SslRequireCert";
    edit(files, "CAS1/applicationHost.config", "Ssl, Ssl128", flags);
}

fn pool_stopped(files: &mut Files) {
    let pool = "<add name=\"MSExchangeOWAAppPool\" autoStart=";
    edit(files, "CAS1/applicationHost.config", &format!("{pool}\"true\""), &format!("{pool}\"false\""));
}

/// What a difference says, without places.
fn said(diff: &Value) -> Value {
    let all = |part: &str, keys: &[&str]| -> Vec<String> {
        let line = |it: &Value| {
            let words = keys.iter().map(|key| it[*key].as_str().map_or_else(|| it[*key].to_string(), str::to_owned));
            words.collect::<Vec<_>>().join(" ")
        };
        diff[part].as_array().unwrap().iter().map(line).collect()
    };
    json!({
        "findings": changes(diff),
        "outcomes": all("outcomes", &["sources", "vdir", "before", "after"]),
        "settings": all("settings", &["server", "name", "before", "after"]),
        "no_longer_checkable": diff["no_longer_checkable"],
        "newly_checkable": diff["newly_checkable"],
    })
}

/// A change of one file, however the snapshot after it was exported, has these findings, outcomes and settings.
#[track_caller]
fn check(file: &str, (before, after): (&Estate, &Estate), findings: &[&str], outcomes: &[&str], settings: &[&str]) {
    let wanted = json!({
        "findings": findings, "outcomes": outcomes, "settings": settings,
        "no_longer_checkable": [], "newly_checkable": [],
    });
    let old = before.exported();
    let plain = diff(&old, &after.exported());
    assert_eq!((said(&plain), file_changes(&plain)), (wanted.clone(), vec![file.to_owned()]));
    for (index, shape) in SHAPES.iter().enumerate() {
        let mut said = said(&diff(&old, &after.again(index, shape)));
        let mut sorted = wanted.clone();
        for part in ["findings", "outcomes", "settings"] {
            for it in [&mut said, &mut sorted] {
                it[part].as_array_mut().unwrap().sort_by_key(ToString::to_string);
            }
        }
        assert_eq!(said, sorted, "{}", shape.0);
    }
}

#[test]
fn another_host_in_an_internal_url() {
    let mut moved = vdirs();
    moved[0] = moved[0].clone().with("InternalUrl", Property::Uri("https://10.0.0.9/owa".to_owned()));
    check(
        "org/owa.txt: changed",
        (&Estate { vdirs: vdirs(), edits: unedited }, &Estate { vdirs: moved, edits: unedited }),
        &["new PRX-108"],
        &[],
        &["CAS1 InternalUrl https://cas1.corp.example.com/owa https://10.0.0.9/owa"],
    );
}

#[test]
fn an_opt_in_that_is_taken_back() {
    check(
        "CAS1/owa.reg: changed",
        (&Estate { vdirs: vdirs(), edits: opted_in }, &Estate { vdirs: vdirs(), edits: opted_in_once }),
        &["new P42-001", "new P42-011", "superseded P42-002"],
        &[r#"["CAS1"] CAS2\owa (Default Web Site) forbidden 403.4 blocked-plain-http"#],
        &["CAS1 AllowProxyingWithoutSsl REG_DWORD 0x00000001 null"],
    );
}

#[test]
fn a_web_config_that_is_added() {
    check(
        "CAS1/inetpub/wwwroot/web.config: added",
        (&Estate { vdirs: vdirs(), edits: unedited }, &Estate { vdirs: vdirs(), edits: redirected }),
        &["new PRX-121"],
        &[r#"["CAS2","CAS3","CAS4"] CAS1\owa (Default Web Site) proxied silent-redirect"#],
        &["CAS1 httpRedirect@destination  /x", "CAS1 httpRedirect@enabled false true"],
    );
}

#[test]
fn flags_of_a_layer_above() {
    check(
        "CAS1/applicationHost.config: changed",
        (&Estate { vdirs: vdirs(), edits: unedited }, &Estate { vdirs: vdirs(), edits: certificates }),
        &["new P42-003"],
        &[r#"["CAS2","CAS3","CAS4"] CAS1\owa (Default Web Site) proxied forbidden 403.7"#],
        &["CAS1 access@sslFlags Ssl, Ssl128 Ssl, SslNegotiateCert, SslRequireCert"],
    );
}

#[test]
fn a_pool_that_does_not_start() {
    check(
        "CAS1/applicationHost.config: changed",
        (&Estate { vdirs: vdirs(), edits: unedited }, &Estate { vdirs: vdirs(), edits: pool_stopped }),
        &["new PRX-119"],
        &[r#"["CAS2","CAS3","CAS4"] CAS1\owa (Default Web Site) proxied unreachable"#],
        &["CAS1 the pool starts yes no"],
    );
}

/// The same snapshot exported another time: an empty difference, and a baseline that stays as it is.
#[test]
fn another_export_of_the_same_is_no_change() {
    let estate = Estate { vdirs: vdirs(), edits: opted_in };
    let old = estate.exported();
    for (index, shape) in SHAPES.iter().enumerate() {
        let new = estate.again(index, shape);
        let diff = diff(&old, &new);
        for part in ["findings", "outcomes", "settings", "no_longer_checkable", "newly_checkable"] {
            assert_eq!(diff[part], json!([]), "{part} of {}", shape.0);
        }
        assert_eq!(diff["verdict"], "clean", "{}", shape.0);
        assert!(diff["summary"]["unchanged"].as_u64().unwrap() > 0);
        for file in diff["files"].as_array().unwrap() {
            let change = file["change"].as_str().unwrap();
            assert!(["text changed, effect same", "replaced", "renamed"].contains(&change), "{}: {file}", shape.0);
        }
        let folder = folder(&old, &new);
        let baseline = |arguments: &[&str]| {
            let output = run(&[&["baseline"], arguments].concat(), &folder.0);
            assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
            std::fs::read_to_string(folder.0.join(arguments.last().unwrap())).unwrap()
        };
        let known = baseline(&["add", "before", "--file", "known.toml"]);
        assert!(known.contains("\"P42-002\""), "{known}");
        assert_eq!(baseline(&["add", "after", "--file", "other.toml"]), known, "{}", shape.0);
        assert_eq!(baseline(&["add", "after", "--file", "known.toml"]), known, "{}", shape.0);
        assert_eq!(baseline(&["prune", "after", "--file", "known.toml"]), known, "{}", shape.0);
        let human = diff_in(&folder, &[]).1;
        assert!(human.starts_with("files:\n"), "{}: {human}", shape.0);
    }
}
