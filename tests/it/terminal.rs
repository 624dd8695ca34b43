//! Terminals: the human report fits into narrow and wide ones, and names alike gaps once.

use owalint::render::{self, Look};

use crate::scratch::{Files, fixture, lint_files};

fn shown(files: Files, width: usize) -> String {
    let linted = lint_files(files);
    render::human::render(&linted.report, &linted.sources, Look { width: Some(width), ..Look::default() })
}

/// How much wider a line may be whose label alone fills it.
const LONG_LABEL: usize = 16;

#[test]
fn prose_and_snippets_fit_into_the_terminal() {
    for width in [80, 120, 200] {
        for line in shown(fixture("estates/every-direct-cause"), width).lines() {
            // Labels stand beside their carets, and commands are not broken.
            let is_label = line.contains('^') || line.contains("--");
            let is_command =
                line.contains("to settle it: ") || line.trim_start().starts_with(['&', '"']) || line.contains("Set-");
            assert!(is_label || is_command || line.chars().count() <= width + LONG_LABEL, "{width}: {line}");
        }
    }
    let narrow = shown(fixture("estates/windows-export"), 80);
    let line = narrow.lines().find(|line| line.starts_with("162 │")).unwrap();
    assert!(line.contains("InternalUrl") && line.contains("http://cas2") && line.chars().count() <= 80, "{line}");
    let caret = narrow.lines().skip_while(|it| !it.starts_with("162 │")).nth(1).unwrap();
    assert_eq!(line.chars().position(|it| it == 'h'), caret.chars().position(|it| it == '^'), "{line}\n{caret}");
}

#[test]
fn the_same_gap_of_many_servers_is_told_once() {
    let mut files = Files::new();
    let (_, vdir) = fixture("rules/base").into_iter().find(|(path, _)| path == "CAS2/owa.txt").unwrap();
    let vdir = String::from_utf8(vdir).unwrap();
    for number in 10..40 {
        let name = format!("CAS{number}");
        files.push((format!("{name}/owa.txt"), vdir.replace("CAS2", &name).replace("cas2", &name).into_bytes()));
    }
    let report = shown(files, 100);
    assert_eq!(report.matches("- no applicationHost.config of CAS10 was given").count(), 1);
    assert!(report.contains("INC-306 holds 27 times more, on CAS13, CAS14"), "{report}");
    assert!(report.contains("the same holds for CAS11, CAS12") && report.contains("and 23 more"), "{report}");
    assert!(
        !report.contains("no applicationHost.config of CAS11 was given (") && !report.contains("of CAS13 was given")
    );
}
