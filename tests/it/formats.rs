//! Formats: all of them carry the same findings, and nothing of the inputs steers who reads them.

use std::collections::BTreeSet;

use owalint::render::{FORMATS, Look};
use serde_json::Value;

use crate::scratch::{Files, Folder, Linted, edit, fixture, lint_files, repository, run};

/// A finding as every format can tell it: rule, path and line.
type Seen = BTreeSet<(String, String, u64)>;

/// Takes the findings out of a report.
type Reader = fn(&str) -> Seen;

const ESTATES: [&str; 5] = ["every-direct-cause", "lookalikes", "missing-evidence", "sound", "windows-export"];

fn estates() -> impl Iterator<Item = Linted> {
    ESTATES.iter().map(|name| lint_files(fixture(&format!("estates/{name}"))))
}

fn rendered(linted: &Linted, format: &str) -> String {
    let format = FORMATS.iter().find(|it| it.name == format).unwrap();
    (format.render)(&linted.report, &linted.sources, Look::default())
}

fn wanted(linted: &Linted) -> Seen {
    let findings = linted.report.findings.iter();
    findings.map(|it| (it.rule.clone(), it.primary.path.clone(), u64::from(it.primary.start.line))).collect()
}

/// Splits `path:line:…` at the first colon that has a number behind it.
fn place(text: &str) -> Option<(String, u64)> {
    let mut from = 0;
    while let Some(at) = text[from..].find(':').map(|at| from + at) {
        let digits: String = text[at + 1..].chars().take_while(char::is_ascii_digit).collect();
        if let Ok(line) = digits.parse() {
            return Some((text[..at].to_owned(), line));
        }
        from = at + 1;
    }
    None
}

fn in_sarif(text: &str) -> Seen {
    let log: Value = serde_json::from_str(text).unwrap();
    let result = |it: &Value| {
        let at = &it["locations"][0]["physicalLocation"];
        let uri = at["artifactLocation"]["uri"].as_str().unwrap().replace("%20", " ");
        (it["ruleId"].as_str().unwrap().to_owned(), uri, at["region"]["startLine"].as_u64().unwrap())
    };
    log["runs"][0]["results"].as_array().unwrap().iter().map(result).collect()
}

fn in_gitlab(text: &str) -> Seen {
    let issues: Value = serde_json::from_str(text).unwrap();
    let issue = |it: &Value| {
        let at = &it["location"];
        let path = at["path"].as_str().unwrap().to_owned();
        (it["check_name"].as_str().unwrap().to_owned(), path, at["lines"]["begin"].as_u64().unwrap())
    };
    issues.as_array().unwrap().iter().map(issue).collect()
}

/// Annotations, and lines of the log: `path:line:column: severity[RULE]: …`.
fn in_github(text: &str) -> Seen {
    let between = |text: &str, before: &str, after: &str| {
        let rest = &text[text.find(before)? + before.len()..];
        Some(rest[..rest.find(after)?].to_owned())
    };
    let line = |line: &str| {
        if line.starts_with("::") {
            let number = between(line, ",line=", ",")?.parse().ok()?;
            return Some((between(line, "title=", " ")?, between(line, " file=", ",line=")?, number));
        }
        in_line(line)
    };
    text.lines().filter_map(line).collect()
}

fn in_line(line: &str) -> Option<(String, String, u64)> {
    let (path, number) = place(line)?;
    let rest = &line[line.find('[')? + 1..];
    Some((rest[..rest.find(']')?].to_owned(), path, number))
}

fn in_azure(text: &str) -> Seen {
    let field = |line: &str, name: &str| {
        let rest = &line[line.find(name)? + name.len()..];
        Some(rest[..rest.find([';', ']'])?].to_owned())
    };
    let line = |line: &str| match line.strip_prefix("##vso[") {
        Some(rest) => {
            Some((field(rest, "code=")?, field(rest, "sourcepath=")?, field(rest, "linenumber=")?.parse().ok()?))
        }
        None => in_line(line),
    };
    text.lines().filter_map(line).collect()
}

fn in_junit(text: &str) -> Seen {
    let document = roxmltree::Document::parse(text).unwrap();
    let cases = document.descendants().filter(|it| it.has_tag_name("testcase") && it.attribute("file").is_some());
    let case = |it: roxmltree::Node| {
        let rule = it.attribute("classname").unwrap().strip_prefix("owalint.").unwrap().to_owned();
        (rule, it.attribute("file").unwrap().to_owned(), it.attribute("line").unwrap().parse().unwrap())
    };
    cases.map(case).collect()
}

fn in_markdown(text: &str) -> Seen {
    let line = |line: &str| {
        let rest = line.strip_prefix("<details><summary>")?;
        let rule = rest.split("<b>").nth(1)?.split("</b>").next()?.to_owned();
        let (path, line) = place(rest.split("<code>").nth(1)?)?;
        Some((rule, path, line))
    };
    text.lines().filter_map(line).collect()
}

/// Rows of quoted cells.
fn in_csv(text: &str) -> Seen {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for row in text.strip_suffix("\r\n").unwrap().split("\r\n") {
        let cells = row.strip_prefix('"').unwrap().strip_suffix('"').unwrap();
        rows.push(cells.split("\",\"").map(|cell| cell.replace("\"\"", "\"")).collect());
    }
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    rows[1..].iter().map(|row| (row[0].clone(), row[8].clone(), row[9].parse().unwrap())).collect()
}

#[test]
fn every_format_carries_the_same_findings() {
    let readers: [(&str, Reader); 8] = [
        ("sarif", in_sarif),
        ("gitlab", in_gitlab),
        ("github", in_github),
        ("azure", in_azure),
        ("junit", in_junit),
        ("markdown", in_markdown),
        ("csv", in_csv),
        ("short", |text| text.lines().filter_map(in_line).collect()),
    ];
    for linted in estates() {
        let wanted = wanted(&linted);
        for (format, read) in readers {
            assert_eq!(read(&rendered(&linted, format)), wanted, "{format}");
        }
    }
}

#[test]
fn sarif_is_valid_and_its_regions_are_their_snippets() {
    let schema = std::fs::read_to_string(repository().join("tests/it/data/sarif-schema-2.1.0.json")).unwrap();
    let mut schema: Value = serde_json::from_str(&schema).unwrap();
    // The pattern of two properties that are not used here has a bracket too many, which strict readers refuse.
    for holder in ["run", "toolComponent"] {
        schema["definitions"][holder]["properties"]["language"].as_object_mut().unwrap().remove("pattern");
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    for linted in estates() {
        let log: Value = serde_json::from_str(&rendered(&linted, "sarif")).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&log).map(|it| format!("{}: {it}", it.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let run = &log["runs"][0];
        let rules: Vec<&str> =
            run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
        for result in run["results"].as_array().unwrap() {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[index], result["ruleId"]);
            let related = result["relatedLocations"].as_array().cloned().unwrap_or_default();
            for location in related.iter().chain(result["locations"].as_array().unwrap()) {
                check_region(&linted, location);
            }
        }
    }
}

/// Cuts the region out of the file by lines and characters.
fn check_region(linted: &Linted, location: &Value) {
    let at = &location["physicalLocation"];
    let uri = at["artifactLocation"]["uri"].as_str().unwrap().replace("%20", " ");
    let (_, source) = linted.sources.iter().find(|(_, source)| source.path() == uri).unwrap();
    let number = |key: &str| usize::try_from(at["region"][key].as_u64().unwrap()).unwrap();
    let offset = |line: usize, column: usize| {
        let range = source.line_starts()[line - 1] as usize..source.text().len();
        range.start + source.text()[range].chars().take(column - 1).map(char::len_utf8).sum::<usize>()
    };
    let (start, end) =
        (offset(number("startLine"), number("startColumn")), offset(number("endLine"), number("endColumn")));
    assert_eq!(&source.text()[start..end], at["region"]["snippet"]["text"].as_str().unwrap(), "{uri}");
}

/// A snapshot whose names and values try to be commands, markup and formulas.
fn hostile() -> Files {
    let mut files = fixture("rules/base");
    edit(&mut files, "CAS2/owa.txt", "https://cas2.corp.example.com/owa", "http://a<b>::error::@all|##vso[x]`%0A/owa");
    edit(&mut files, "CAS1/owa.txt", "https://cas1.corp.example.com/owa", "ht\u{1b}]0;x\u{7}tp://x");
    for name in ["=cmd|'::warning::' <script>alert(1)<", "%0A##[error]x", "a\u{202e}b", "a\r\n::error::x"] {
        files.push((format!("CAS2/{name}.reg"), b"REGEDIT4 x\n".to_vec()));
    }
    files
}

#[test]
fn nothing_of_the_inputs_becomes_a_command_or_markup() {
    let linted = lint_files(hostile());
    for format in FORMATS.iter().filter(|format| format.name != "json") {
        let text = (format.render)(&linted.report, &linted.sources, Look::default());
        let steers = |it: char| it.is_control() && it != '\n' && it != '\r';
        assert!(!text.contains(steers) && !text.contains('\u{202e}'), "{}", format.name);
    }
    let commands = |text: &str| text.lines().filter(|line| line.trim_start().starts_with("::")).count();
    let github = rendered(&linted, "github");
    assert_eq!(commands(&github), linted.report.findings.len().min(30));
    assert!(!github.lines().filter(|line| !line.starts_with("::")).any(|line| line.contains("##[")));
    let azure = rendered(&linted, "azure");
    for line in azure.lines() {
        assert!(line.find("##").is_none_or(|at| at == 0 || line.starts_with("##vso[task.logissue")), "{line}");
    }
    let markdown = without_code(&rendered(&linted, "markdown"));
    assert!(!markdown.contains("<script") && !markdown.contains("<b>::") && !markdown.contains(" @all"));
    let csv = rendered(&linted, "csv");
    assert!(!csv.contains("\"=") && !csv.contains("\"@"));
    roxmltree::Document::parse(&rendered(&linted, "junit")).unwrap();
}

/// Markdown without its fenced blocks, in which nothing is markup; each ends at a line that is its fence again.
fn without_code(text: &str) -> String {
    let mut fence: Option<&str> = None;
    let mut kept = String::new();
    for line in text.lines() {
        match fence {
            Some(end) if line == end => fence = None,
            Some(_) => {}
            None if line.starts_with("```") => fence = line.strip_suffix("text"),
            None => {
                kept.push_str(line);
                kept.push('\n');
            }
        }
    }
    assert!(fence.is_none(), "a fence is left open");
    kept
}

#[test]
fn annotations_stay_within_the_limits_and_the_rest_is_in_the_log() {
    let mut files = fixture("rules/base");
    for number in 0..25 {
        files.push((format!("CAS2/{number}.reg"), b"regedit4\n\n[HKEY_LOCAL_MACHINE\\X]\n".to_vec()));
    }
    let linted = lint_files(files);
    let text = rendered(&linted, "github");
    assert_eq!(text.lines().filter(|line| line.starts_with("::error ")).count(), 10);
    assert_eq!(in_github(&text), wanted(&linted));
}

#[test]
fn paths_begin_where_the_command_runs_or_where_it_is_told() {
    let mut files = fixture("rules/base");
    edit(&mut files, "CAS2/owa.txt", "https://cas2", "http://cas2");
    let files: Files = files.into_iter().map(|(path, bytes)| (format!("deep/in here/{path}"), bytes)).collect();
    let folder = Folder::with(&files);
    let uri = |arguments: &[&str], from: &str| {
        let output = run(arguments, &folder.0.join(from));
        let log: Value = serde_json::from_slice(&output.stdout).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap();
        let result = results.iter().find(|it| it["ruleId"] == "P42-001").unwrap();
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap().to_owned()
    };
    assert_eq!(uri(&["check", "deep/in here", "--format", "sarif"], "."), "deep/in%20here/CAS2/owa.txt");
    assert_eq!(uri(&["check", ".", "--format", "sarif"], "deep/in here"), "CAS2/owa.txt");
    assert_eq!(
        uri(&["check", ".", "--format", "sarif", "--relative-to", ".."], "deep/in here"),
        "in%20here/CAS2/owa.txt"
    );
    assert_eq!(uri(&["check", "..", "--format", "sarif"], "deep/in here/CAS1"), "CAS2/owa.txt");
}
