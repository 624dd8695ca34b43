//! Injection: what stands in inputs becomes no escape sequence, markup, command or formula, and no secret is printed.

use owalint::config::Config;
use owalint::lint;
use owalint::load::Snapshot;
use owalint::model::estate_file::EstateFile;
use owalint::model::ladder::Ladder;
use owalint::read::reg::Wanted;
use owalint::render::{self, FORMATS, Look};
use owalint::report::{Options, facts, paths};
use owalint::rule::book::{Book, RuleFile};
use owalint::text::show::is_hostile;
use owalint::text::source::Sources;
use serde_json::Value;

use crate::scratch::{Files, Folder, Linted, edit, fixture, run};

/// What a reader of some output could take for more than text. `EVIL` is what must not happen.
const PAYLOADS: [&str; 9] = [
    "\u{1b}]0;EVIL\u{7}\u{1b}[31m\u{9b}2J\u{7f}\u{8}",
    "\u{202e}EVIL\u{2066}\u{200b}\u{2028}\u{feff}",
    "<img src=x onerror=EVIL><script>EVIL</script>",
    "[EVIL](https://evil.example.com) ![x](https://evil.example.com) @everyone ```EVIL``` **b**",
    "::error::EVIL %0A%0D::set-output name=x::EVIL",
    "##vso[task.complete result=Succeeded;]EVIL ##[error]EVIL",
    "=cmd|' /C EVIL'!A0",
    "x'; EVIL; \u{2019}; EVIL; $(EVIL); `EVIL`; \"; EVIL; & EVIL | EVIL > EVIL",
    "]]>--&gt;&#10;\"EVIL='x\\\"",
];

/// Text that an attribute in XML holds; what no XML can hold is left out.
fn xml(payload: &str) -> String {
    let fit = payload.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    fit.chars().filter(|it| *it >= ' ').collect()
}

/// A string in TOML.
fn toml(payload: &str) -> String {
    let escaped = payload.chars().map(|it| {
        if it.is_control() || it == '"' || it == '\\' { format!("\\u{:04x}", it as u32) } else { it.to_string() }
    });
    format!("\"{}\"", escaped.collect::<String>())
}

/// An estate with faults, and with the payload wherever an author of exports could put it.
fn estate(payload: &str) -> Files {
    let mut files = fixture("rules/base");
    let one_line = payload.replace(['\u{2028}', '\u{8}'], "");
    let vdir = "CAS2/owa.txt";
    edit(
        &mut files,
        vdir,
        "InternalUrl                     : https://cas2.corp.example.com/owa",
        &format!("InternalUrl                     : http://cas2{one_line}/owa"),
    );
    edit(
        &mut files,
        vdir,
        "DefaultDomain                   : ",
        &format!("DefaultDomain                   : {one_line}"),
    );
    edit(&mut files, vdir, "CAS2\\owa (Default Web Site)", &format!("CAS2\\owa (Default Web Site{one_line})"));
    edit(&mut files, vdir, "{Ntlm, WindowsIntegrated}", &format!("{{Ntlm, {one_line}}}"));
    let (_, third) = files.iter().find(|(path, _)| path == "CAS1/owa.txt").unwrap().clone();
    let third = String::from_utf8(third)
        .unwrap()
        .replace("CAS1", &format!("CAS3{one_line}"))
        .replace("https://cas1", "http://cas3");
    files.push(("org/owa.txt".to_owned(), third.into_bytes()));
    let config = "CAS2/applicationHost.config";
    let (_, bytes) = files.iter_mut().find(|(path, _)| path == config).unwrap();
    let text = String::from_utf8(std::mem::take(bytes)).unwrap();
    *bytes = text
        .replace("Default Web Site", &format!("Default Web Site{}", xml(payload)))
        .replace("MSExchangeOWAAppPool", &format!("Pool{}", xml(payload)))
        .replace("\"*:443:\"", &format!("\"*:443:{}\"", xml(payload)))
        .replace("sslFlags=\"None\"", &format!("sslFlags=\"{}\"", xml(payload)))
        .into_bytes();
    let (_, bytes) = files.iter_mut().find(|(path, _)| path == "CAS1/owa.reg").unwrap();
    let name = one_line.replace('\\', "\\\\").replace('"', "\\\"");
    bytes.extend(format!("\"AllowProxyingWithoutSsl{name}\"=dword:1\r\n\"AllowProxyingWithoutSs\"=\"{name}\"\r\n\"x\"={one_line}\r\n[HKLM\\{one_line}\r\n").bytes());
    let (_, bytes) = files.iter_mut().find(|(path, _)| path == "owalint-estate.toml").unwrap();
    let text = String::from_utf8(std::mem::take(bytes)).unwrap();
    *bytes = text
        .replace("\"cas2.corp.example.com\"", &toml(&format!("cas2{payload}")))
        .replace("\"Branch\"", &toml(payload))
        .into_bytes();
    let name = payload.replace(['/', '\0'], "");
    files.push((format!("CAS2/{name}.reg"), b"REGEDIT4 x\n".to_vec()));
    files.push((format!("{name}/applicationHost.config"), b"<configuration><system.webServer>".to_vec()));
    files
}

/// A rule whose texts hold the payload; the summary is fit for braces by having none.
fn rule(payload: &str) -> RuleFile {
    let text = payload.replace(['{', '}'], "").replace("]]>", "");
    let text = toml(&format!("{{target}} {text}"));
    let bytes = format!(
        "name = \"own-rule\"\nseverity = \"error\"\nconfidence = \"high\"\nevent = 42\nscope = \"pair\"\nsummary = {text}\nwhy = {text}\nhelp = {text}\n\n\
        [[founded-on]]\nurl = \"https://example.com/x\"\nsays = {text}\n\n\
        [[when]]\nask = \"target.internal-url.scheme\"\nis = \"http\"\nlabel = {text}\nprimary = true\n"
    );
    RuleFile { path: "own/OWN-1.toml".to_owned(), bytes: bytes.into_bytes() }
}

fn lint(files: Files, rules: Vec<RuleFile>) -> Linted {
    let mut sources = Sources::default();
    let snapshot = Snapshot::from_memory(files, &mut sources);
    let (book, problems) = Book::open(rules, &mut sources);
    assert!(problems.is_empty(), "{problems:?}");
    let estate_file = snapshot.estate_file.map(|id| EstateFile::read(sources.get(id).text(), id, true).unwrap());
    let mut read = lint::read(&snapshot, &sources, estate_file.as_ref(), &Wanted::all());
    let (paths, facts) = {
        let ladder = Ladder::new(&read.estate);
        (paths::paths(&ladder, &sources), facts::facts(&ladder, &sources, true))
    };
    let options = Options { with_outcomes: true, ..Options::default() };
    let report = lint::check(&mut read, &sources, &book, &Config::default(), None, &options);
    Linted { report, paths, facts, sources }
}

/// Every text that a run can give of an estate, by name; JSON last.
fn outputs(linted: &Linted) -> Vec<(&'static str, String)> {
    let mut outputs: Vec<(&str, String)> =
        FORMATS.iter().map(|it| (it.name, (it.render)(&linted.report, &linted.sources, Look::default()))).collect();
    let narrow = Look { width: Some(60), ..Look::default() };
    outputs.push(("human", render::human::render(&linted.report, &linted.sources, narrow)));
    outputs.push(("paths", render::tables::paths(&linted.paths, false)));
    outputs.push(("facts", render::tables::facts(&linted.facts, false)));
    outputs.push(("json", render::json::render(&linted.paths)));
    outputs.push(("json", render::json::render(&linted.facts)));
    outputs
}

/// Holds one output against what its readers take for more than text.
fn check(name: &str, text: &str) {
    let is_json = ["json", "sarif", "gitlab"].contains(&name);
    let steers = |it: &char| {
        if is_json { it.is_control() && *it != '\n' } else { is_hostile(*it) && !['\n', '\r'].contains(it) }
    };
    assert_eq!(text.chars().find(steers), None, "{name} steers a terminal");
    if is_json {
        serde_json::from_str::<Value>(text).unwrap();
    }
    match name {
        "html" => {
            let lower = text.to_lowercase();
            let scripts = lower.matches("<script").count();
            assert!(!lower.contains("<img") && scripts <= 2, "{scripts} scripts");
            assert!(!lower.contains("href=\"javascript:"));
        }
        "junit" => {
            roxmltree::Document::parse(text).unwrap();
        }
        "csv" => check_cells(text),
        "markdown" => check_markdown(text),
        "github" => {
            for line in text.lines().filter(|it| !it.starts_with("::")) {
                assert!(!line.trim_start().starts_with("::") && !line.contains("##["), "{line}");
            }
            assert!(text.lines().all(|it| !it.starts_with("::set-output")), "{text}");
        }
        "azure" => {
            for line in text.lines() {
                let own = line.starts_with("##vso[task.logissue") || line.starts_with("##vso[task.complete");
                // The agent takes the first mark of a line, and what follows it up to the first bracket.
                assert!(own || !line.contains("##"), "{line}");
                let properties = line.split(']').next().unwrap();
                assert!(!own || properties.contains("linenumber=") || !properties.contains("EVIL"), "{line}");
            }
        }
        _ => {}
    }
}

/// No cell begins with what a spreadsheet takes for a formula.
fn check_cells(text: &str) {
    let (mut is_quoted, mut is_first) = (false, true);
    for character in text.chars() {
        assert!(!(is_first && ['=', '+', '-', '@', '\t'].contains(&character)), "a formula in {text}");
        let is_edge = !is_quoted && [',', '\n', '\r'].contains(&character);
        if character == '"' {
            is_quoted = !is_quoted;
        }
        is_first = is_edge || (is_first && character == '"');
    }
}

/// Outside of code nothing is a tag, an image, a link to elsewhere or a mention.
fn check_markdown(text: &str) {
    let mut fence: Option<&str> = None;
    for line in text.lines() {
        let marks = &line[..line.len() - line.trim_start_matches('`').len()];
        match fence {
            Some(open) if line.trim_end() == open => fence = None,
            Some(_) => {}
            None if marks.len() >= 3 => fence = Some(marks),
            // A block of HTML ends at an empty line, and no markup but tags counts in it.
            None if line.starts_with("<details>") => {
                let words = line.split("<code>").next().unwrap_or_default();
                assert!(!line.contains("<img") && !line.contains("<script") && !words.contains('@'), "{line}");
            }
            None => {
                for evil in ["<img", "<script", "](https://evil", "![x]", "@everyone", "**b**"] {
                    assert!(!line.contains(evil), "{evil} in {line}");
                }
            }
        }
    }
    assert_eq!(fence, None, "a block of code is open at the end");
}

/// The parts of a command line of PowerShell that it does not take for the inside of a literal.
fn outside_of_literals(command: &str) -> String {
    let is_single = |it: char| matches!(it, '\'' | '\u{2018}'..='\u{201b}');
    let is_double = |it: char| matches!(it, '"' | '\u{201c}'..='\u{201e}');
    let mut outside = String::new();
    let mut characters = command.chars().peekable();
    while let Some(character) = characters.next() {
        if is_single(character) {
            while let Some(inside) = characters.next() {
                if is_single(inside) && characters.next_if(|it| is_single(*it)).is_none() {
                    break;
                }
            }
        } else if is_double(character) {
            // A double-quoted text is run where it says so: what is in it counts as outside.
            while let Some(inside) = characters.next() {
                if is_double(inside) && characters.next_if(|it| is_double(*it)).is_none() {
                    break;
                }
                outside.push(inside);
            }
        } else {
            outside.push(character);
        }
    }
    outside
}

/// The commands of a help text: its indented lines, and what stands in backticks on the others.
fn commands(help: &str) -> Vec<&str> {
    const PROGRAMS: [&str; 6] = ["Set-", "Get-", "& \"", "setspn", "reg ", "appcmd"];
    let lines = help.lines().filter(|it| it.starts_with("    ")).map(str::trim);
    let quoted = help.split('`').skip(1).step_by(2);
    let is_command = |it: &&str| PROGRAMS.iter().any(|program| it.starts_with(program));
    lines.chain(quoted).filter(is_command).collect()
}

#[test]
fn no_payload_gets_through_in_any_output() {
    for payload in PAYLOADS {
        let linted = lint(estate(payload), vec![rule(payload)]);
        assert!(linted.rules().contains(&"OWN-1") && linted.rules().contains(&"P42-001"), "{:?}", linted.rules());
        assert!(linted.report.findings.len() > 12, "{}", linted.human());
        for (name, text) in outputs(&linted) {
            assert!(text.contains("EVIL"), "{name} does not show {payload:?}, so it was tried with nothing");
            check(name, &text);
        }
    }
}

/// What is suggested is copied into a shell.
#[test]
fn suggested_commands_hold_values_in_literals() {
    let mut count = 0;
    for payload in PAYLOADS {
        let linted = lint(estate(payload), Vec::new());
        let helps = linted.report.findings.iter().filter_map(|it| it.help.as_deref());
        let asked = linted.report.open.iter().flat_map(|it| [it.ask_for.as_str(), it.reason.as_str()]);
        for command in helps.chain(asked).flat_map(commands) {
            count += usize::from(command.contains("EVIL"));
            let outside = outside_of_literals(command);
            assert!(!outside.contains("EVIL"), "{command}");
        }
    }
    assert!(count > 20, "{count} commands had a payload in them");
}

#[test]
fn comparing_and_explaining_let_nothing_through() {
    let sound = Folder::with(&fixture("rules/base"));
    for payload in PAYLOADS {
        let files: Files = estate(payload).into_iter().filter(|(path, _)| path.len() < 100).collect();
        let hostile = Folder::with(&files);
        for arguments in [
            &["diff", sound.path(), hostile.path()][..],
            &["diff", sound.path(), hostile.path(), "--format", "markdown"],
            &["diff", sound.path(), hostile.path(), "--format", "json"],
            &["explain", "P42-001", hostile.path()],
            &["explain", "P42-001", hostile.path(), "--format", "json"],
            &["check", hostile.path(), "--estate", payload],
            &["check", payload],
            &["explain", payload],
            &["check", hostile.path(), "--select", payload],
        ] {
            if arguments.iter().any(|it| it.starts_with('-') && PAYLOADS.contains(it)) {
                continue;
            }
            let output = run(arguments, &hostile.0);
            let format = arguments.last().copied().filter(|it| ["json", "markdown"].contains(it)).unwrap_or("human");
            let text = String::from_utf8(output.stdout).unwrap();
            if !text.is_empty() {
                check(format, &text);
            }
            check("human", &String::from_utf8(output.stderr).unwrap());
            assert!(output.status.code().is_some_and(|it| it < 5), "{arguments:?}");
        }
    }
}

/// Secrets stand in many places of exports; no output quotes one, whatever it is about.
#[test]
fn secrets_are_in_no_output() {
    let secret = "Geheim5uvw";
    let mut files = fixture("rules/base");
    edit(&mut files, "CAS2/owa.txt", "https://cas2.corp", &format!("http://admin:{secret}@cas2.corp"));
    let (_, bytes) = files.iter_mut().find(|(path, _)| path == "CAS2/applicationHost.config").unwrap();
    let text = String::from_utf8(std::mem::take(bytes)).unwrap();
    let more = format!(
        "<configProtectedData><providers><add name=\"x\" sessionKey=\"{secret}\" /></providers></configProtectedData>\n  \
        <system.web><machineKey validationKey=\"{secret}\" decryptionKey=\"{secret}\" /></system.web>\n  \
        <connectionStrings><add connectionString=\"Server=x;Password={secret}\" /></connectionStrings>\n  \
        <location path=\"Default Web Site/owa\"><system.webServer><security><access sslFlags=\"[enc:x:{secret}:enc]\" /></security></system.webServer></location>\n</configuration>"
    );
    *bytes = text
        .replace("userName=\"IUSR\"", &format!("userName=\"IUSR\" password=\"{secret}\" odd=\"x\""))
        .replace("</configuration>", &more)
        .into_bytes();
    let (_, bytes) = files.iter_mut().find(|(path, _)| path == "CAS2/owa.reg").unwrap();
    bytes.extend(format!("\"DefaultPassword\"=\"{secret}\"\r\n\"Password\"={secret}\r\n").bytes());
    let linted = lint(files.clone(), Vec::new());
    assert!(linted.report.exit_code == 1 && linted.report.findings.len() > 3, "{}", linted.human());
    for (name, text) in outputs(&linted) {
        assert!(!text.contains(secret), "{name} tells a secret: {text}");
    }
    let (sound, folder) = (Folder::with(&fixture("rules/base")), Folder::with(&files));
    for format in ["human", "json", "markdown"] {
        let output = run(&["diff", sound.path(), folder.path(), "--format", format], &folder.0);
        assert!(!String::from_utf8_lossy(&output.stdout).contains(secret), "{format}");
    }
}
