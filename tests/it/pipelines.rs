//! Pipelines: the action, the hook, the snippets of the documents and the collecting script, as far as they go here.

use std::process::{Command, Output};

use crate::scratch::{Folder, edit, fixture, repository, run};

/// A folder with a snapshot in `exports/` in which one server is addressed over http.
fn workspace() -> Folder {
    let mut files = fixture("rules/base");
    edit(&mut files, "CAS2/owa.txt", "https://cas2", "http://cas2");
    Folder::with(&files.into_iter().map(|(path, bytes)| (format!("exports/{path}"), bytes)).collect())
}

/// Puts the binary where a script looks for it.
fn install(folder: &Folder, at: &str) {
    let bytes = std::fs::read(env!("CARGO_BIN_EXE_owalint")).unwrap();
    folder.write(at, bytes);
    let chmod = Command::new("chmod").arg("+x").arg(folder.0.join(at)).status().unwrap();
    assert!(chmod.success());
}

/// The script of the last step of `action.yml`.
fn script() -> String {
    let text = std::fs::read_to_string(repository().join("action.yml")).unwrap();
    let (_, script) = text.rsplit_once("run: |\n").unwrap();
    script.lines().map(|line| line.strip_prefix("        ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

fn bash(folder: &Folder, script: &str, variables: &[(&str, &str)]) -> Output {
    Command::new("bash")
        .args(["-euo", "pipefail", "-c", script])
        .current_dir(&folder.0)
        .env("RUNNER_TEMP", &folder.0)
        .env("GITHUB_STEP_SUMMARY", folder.0.join("summary.md"))
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

#[test]
#[cfg(unix)]
fn the_action_annotates_and_writes_its_files() {
    let folder = workspace();
    install(&folder, "owalint/bin/owalint");
    let variables = [
        ("OWALINT_PATH", "exports"),
        ("OWALINT_ARGS", "--ignore HYG-207"),
        ("OWALINT_SARIF", "owalint.sarif"),
        ("OWALINT_HTML", ""),
    ];
    let output = bash(&folder, &script(), &variables);
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    assert!(printed.contains("::error file=exports/CAS2/owa.txt,line="), "{printed}");
    let read = |name: &str| std::fs::read_to_string(folder.0.join(name)).unwrap();
    assert!(read("summary.md").contains("P42-001") && read("owalint.sarif").contains("exports/CAS2/owa.txt"));
}

/// Every command line of the page runs as it stands there, and says what it says of the same snapshot.
#[test]
#[cfg(unix)]
fn commands_of_the_page_run() {
    let text = std::fs::read_to_string(repository().join("docs/pipelines.md")).unwrap();
    let lines: Vec<&str> =
        text.lines().filter_map(|line| line.split_once("owalint check exports")).map(|it| it.1).collect();
    assert!(lines.len() >= 3, "the page has commands");
    for arguments in lines {
        let folder = workspace();
        install(&folder, "bin/owalint");
        let arguments = arguments.replace("$(Agent.TempDirectory)", ".");
        let output = bash(&folder, &format!("bin/owalint check exports{arguments}"), &[]);
        assert_eq!(output.status.code(), Some(1), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_hook_runs_what_the_command_line_has() {
    let text = std::fs::read_to_string(repository().join(".pre-commit-hooks.yaml")).unwrap();
    let entry = text.lines().find_map(|line| line.trim().strip_prefix("entry: owalint ")).unwrap();
    let folder = workspace();
    let output = run(&[entry, "exports"], &folder.0);
    assert_eq!(output.status.code(), Some(1));
}

/// The script is for PowerShell 2.0, which has none of what came later, and is read in any code page.
#[test]
fn the_collecting_script_is_for_the_oldest_shell() {
    let output = run(&["collect"], &repository());
    let script = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && script.is_ascii());
    for export in [
        "Get-OwaVirtualDirectory",
        "Get-EcpVirtualDirectory",
        "Get-ExchangeServer",
        "applicationHost.config",
        "redirection.config",
        "MSExchange OWA",
        "web.config",
    ] {
        assert!(script.contains(export), "{export} is collected");
    }
    for later in [
        "ConvertTo-Json",
        "[pscustomobject]",
        "[ordered]",
        " -in ",
        " -notin ",
        "Get-CimInstance",
        "$PSItem",
        "::new(",
        "-UseBasicParsing",
        ".Where(",
        ".ForEach(",
    ] {
        assert!(!script.contains(later), "{later} is not in PowerShell 2.0");
    }
    for changing in ["Set-OwaVirtualDirectory", "Set-ItemProperty", "Remove-", "iisreset", "appcmd", "Restart-"] {
        assert!(!script.contains(changing), "{changing} would change a server");
    }
}

#[test]
fn completions_are_printed_for_every_shell() {
    let folder = Folder::new();
    for shell in ["bash", "elvish", "fish", "nushell", "powershell", "zsh"] {
        let output = run(&["--completions", shell], &folder.0);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && text.contains("fail-on") && text.contains("collect"), "{shell}");
    }
    let output = run(&["--man"], &folder.0);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.starts_with(".ie") && text.contains("COMMAND CHECK"));
}
