//! Writers: every shape of an export, written as PowerShell writes it.
#![allow(clippy::format_push_string, clippy::format_collect, reason = "writers of tests read best as one expression")]

use std::fmt::Write as _;

use super::object::{Object, Value};

/// What `Format-List` prints at this width; `None` for no width at all, as PowerShell 6 and later write files.
pub(crate) fn list(objects: &[Object], width: Option<usize>) -> String {
    let mut out = String::from("\n\n");
    for object in objects {
        let label = object.properties.iter().map(|(name, _)| name.len()).max().unwrap();
        for (name, value) in &object.properties {
            let lines = wrapped(&displayed(value), width.map_or(usize::MAX, |width| width - label - 3));
            for (index, line) in lines.iter().enumerate() {
                match index {
                    0 => writeln!(out, "{name:label$} : {line}").unwrap(),
                    _ => writeln!(out, "{:label$}   {line}", "").unwrap(),
                }
            }
        }
        out.push('\n');
    }
    out.push('\n');
    out
}

/// A transcript in which a command printed the objects: every line has lost the blanks at its end.
pub(crate) fn transcript(objects: &[Object], command: &str) -> String {
    let stars = "*".repeat(22);
    let body: String = list(objects, Some(119)).lines().map(|line| format!("{}\n", line.trim_end())).collect();
    format!(
        "{stars}\nWindows PowerShell transcript start\nStart time: 20240131093000\nUsername: CORP\\admin\n\
         Machine: JUMP1 (Microsoft Windows NT 6.1.7601 Service Pack 1)\n{stars}\n\
         Transcript started, output file is C:\\temp\\owa.txt\n[PS] C:\\Windows\\system32>{command}\n{body}\
         [PS] C:\\Windows\\system32>Stop-Transcript\n{stars}\nWindows PowerShell transcript end\n\
         End time: 20240131093100\n{stars}\n"
    )
}

/// What `Export-Clixml` writes of objects of the shell's own, whose types are there.
pub(crate) fn clixml(objects: &[Object]) -> String {
    let mut next = 0;
    let mut body = String::new();
    for object in objects {
        let id = counted(&mut next);
        write!(body, "<Obj RefId=\"{id}\"><TN RefId=\"{id}\"><T>{}</T><T>System.Object</T></TN><Props>", object.kind)
            .unwrap();
        for (name, value) in &object.properties {
            body.push_str(&typed(name, value, &mut next));
        }
        body.push_str("</Props></Obj>\n");
    }
    format!("<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\n{body}</Objs>")
}

/// What it writes of objects that came over the network: types are `Deserialized.`, and most values are texts.
pub(crate) fn remote_clixml(objects: &[Object]) -> String {
    let mut body = String::new();
    for (id, object) in objects.iter().enumerate() {
        write!(
            body,
            "  <Obj RefId=\"{id}\">\n    <TN RefId=\"{id}\">\n      <T>Deserialized.{}</T>\n    </TN>\n",
            object.kind
        )
        .unwrap();
        body.push_str("    <MS>\n");
        for (name, value) in &object.properties {
            let one = |text: &str| format!("      <S N=\"{name}\">{}</S>\n", escaped(text));
            body.push_str(&match value {
                Value::Null => format!("      <Nil N=\"{name}\" />\n"),
                Value::Switch(it) => format!("      <B N=\"{name}\">{it}</B>\n"),
                Value::Number(it) => format!("      <I32 N=\"{name}\">{it}</I32>\n"),
                Value::Names(_) | Value::Texts(_) => {
                    let items: String = items(value).iter().map(|it| format!("<S>{it}</S>")).collect();
                    format!("      <Obj N=\"{name}\" RefId=\"{name}{id}\"><LST>{items}</LST></Obj>\n")
                }
                other => one(&displayed(other)),
            });
        }
        body.push_str("      <S N=\"PSComputerName\">jump1</S>\n    </MS>\n  </Obj>\n");
    }
    format!("<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\n{body}</Objs>")
}

fn counted(next: &mut u32) -> u32 {
    *next += 1;
    *next
}

fn typed(name: &str, value: &Value, next: &mut u32) -> String {
    let enumeration = |attribute: &str, word: &str, number: i32, id: u32| {
        format!(
            "<Obj{attribute} RefId=\"{id}\"><TN RefId=\"{id}\"><T>Some.Enumeration</T><T>System.Enum</T></TN><ToString>{word}</ToString><I32>{number}</I32></Obj>"
        )
    };
    let attribute = format!(" N=\"{name}\"");
    match value {
        Value::Null => format!("<Nil{attribute} />"),
        Value::Text(_) | Value::Owned(_) => format!("<S{attribute}>{}</S>", escaped(&displayed(value))),
        Value::Uri(uri) => format!("<URI{attribute}>{}</URI>", escaped(uri)),
        Value::Switch(it) => format!("<B{attribute}>{it}</B>"),
        Value::Number(it) => format!("<I32{attribute}>{it}</I32>"),
        Value::Name(word, number) => enumeration(&attribute, word, *number, counted(next)),
        Value::Names(names) => {
            let id = counted(next);
            let items: String =
                names.iter().map(|(word, number)| enumeration("", word, *number, counted(next))).collect();
            format!(
                "<Obj{attribute} RefId=\"{id}\"><TN RefId=\"{id}\"><T>Some.MultiValuedProperty`1[[Some.Enumeration]]</T></TN><LST>{items}</LST></Obj>"
            )
        }
        Value::Texts(texts) => {
            let items: String = texts.iter().map(|it| format!("<S>{it}</S>")).collect();
            format!("<Obj{attribute} RefId=\"{}\"><LST>{items}</LST></Obj>", counted(next))
        }
        Value::Record(text) => {
            let id = counted(next);
            format!(
                "<Obj{attribute} RefId=\"{id}\"><TN RefId=\"{id}\"><T>Some.Record</T></TN><ToString>{}</ToString><Props><S N=\"Name\">else</S><S N=\"InternalUrl\">http://else/owa</S></Props></Obj>",
                escaped(text)
            )
        }
    }
}

/// What `ConvertTo-Xml` writes.
pub(crate) fn convert_to_xml(objects: &[Object]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Objects>\n");
    for object in objects {
        writeln!(out, "  <Object Type=\"{}\">", object.kind).unwrap();
        for (name, value) in &object.properties {
            match value {
                Value::Null => writeln!(out, "    <Property Name=\"{name}\" Type=\"System.Object\" />").unwrap(),
                Value::Names(_) | Value::Texts(_) => {
                    writeln!(out, "    <Property Name=\"{name}\" Type=\"Some.List\">").unwrap();
                    for item in items(value) {
                        writeln!(out, "      <Property Type=\"Some.Item\">{item}</Property>").unwrap();
                    }
                    writeln!(out, "    </Property>").unwrap();
                }
                other => {
                    let text = escaped(&displayed(other));
                    writeln!(out, "    <Property Name=\"{name}\" Type=\"Some.Type\">{text}</Property>").unwrap();
                }
            }
        }
        out.push_str("  </Object>\n");
    }
    out + "</Objects>"
}

/// What `ConvertTo-Json` of Windows PowerShell 5.1 writes of live objects: enumerations are numbers.
pub(crate) fn old_json(objects: &[Object]) -> String {
    let objects: Vec<String> = objects.iter().map(|object| json_object(object, ":  ", true)).collect();
    match objects.as_slice() {
        [only] => only.clone(),
        several => format!("[\n    {}\n]", several.join(",\n    ")),
    }
}

/// What `ConvertTo-Json -EnumsAsStrings -AsArray` of PowerShell 7 writes.
pub(crate) fn new_json(objects: &[Object]) -> String {
    let objects: Vec<String> = objects.iter().map(|object| json_object(object, ": ", false)).collect();
    format!("[\n  {}\n]\n", objects.join(",\n  "))
}

fn json_object(object: &Object, colon: &str, by_number: bool) -> String {
    let quoted = |text: &str| {
        let text = serde_json::to_string(text).unwrap();
        if by_number {
            text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026").replace('\'', "\\u0027")
        } else {
            text
        }
    };
    let lines: Vec<String> = object
        .properties
        .iter()
        .map(|(name, value)| {
            let text = match value {
                Value::Null => "null".to_owned(),
                Value::Switch(it) => it.to_string(),
                Value::Number(it) => it.to_string(),
                Value::Name(_, number) if by_number => number.to_string(),
                Value::Names(names) if by_number => {
                    format!("[\n{}\n]", names.iter().map(|(_, it)| it.to_string()).collect::<Vec<_>>().join(",\n"))
                }
                Value::Names(_) | Value::Texts(_) => {
                    format!("[{}]", items(value).iter().map(|it| quoted(it)).collect::<Vec<_>>().join(", "))
                }
                other => quoted(&displayed(other)),
            };
            format!("        \"{name}\"{colon}{text}")
        })
        .collect();
    format!("{{\n{}\n    }}", lines.join(",\n"))
}

/// What `Export-Csv` writes; the type stands above where `typed` says so, as Windows PowerShell does unless told not to.
pub(crate) fn csv(objects: &[Object], delimiter: char, typed: bool) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let joined = |cells: Vec<String>| cells.join(&delimiter.to_string());
    let mut out = String::new();
    if typed {
        writeln!(out, "#TYPE Deserialized.{}", objects[0].kind).unwrap();
    }
    writeln!(out, "{}", joined(objects[0].properties.iter().map(|(name, _)| quoted(name)).collect())).unwrap();
    for object in objects {
        let cells = object.properties.iter().map(|(_, value)| match value {
            Value::Null => String::new(),
            Value::Names(_) | Value::Texts(_) => quoted(&items(value).join(" ")),
            other => quoted(&displayed(other)),
        });
        writeln!(out, "{}", joined(cells.collect())).unwrap();
    }
    out
}

fn items(value: &Value) -> Vec<&'static str> {
    match value {
        Value::Names(names) => names.iter().map(|(name, _)| *name).collect(),
        Value::Texts(texts) => texts.clone(),
        _ => Vec::new(),
    }
}

/// The value as `Format-List` prints it.
fn displayed(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(text) | Value::Name(text, _) => (*text).to_owned(),
        Value::Owned(text) | Value::Uri(text) | Value::Record(text) => text.clone(),
        Value::Switch(it) => if *it { "True" } else { "False" }.to_owned(),
        Value::Number(it) => it.to_string(),
        Value::Names(_) | Value::Texts(_) => format!("{{{}}}", items(value).join(", ")),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Breaks a text of single words and blanks into lines of `width`, blanks staying at the ends of lines.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    if text.len() <= width {
        return vec![text.to_owned()];
    }
    let mut lines = vec![String::new()];
    for word in text.split_inclusive(' ') {
        if word.len() > width {
            for character in word.chars() {
                if lines.last().unwrap().len() == width {
                    lines.push(String::new());
                }
                lines.last_mut().unwrap().push(character);
            }
            continue;
        }
        if word.len() > width - lines.last().unwrap().len() {
            lines.push(String::new());
        }
        lines.last_mut().unwrap().push_str(word);
    }
    lines
}
