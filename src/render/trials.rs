//! Trials for a terminal: what is not as it should be, one line a rule, and the counts.

use std::fmt::Write as _;

use crate::render::human::counted;
use crate::render::style::Style;
use crate::report::trials::{Trial, Trials};
use crate::text::show::visible;

/// The trials: each case that fails with the reasons, the cases of each rule, and the summary.
pub fn trials(trials: &Trials, color: bool) -> String {
    let style = Style { color };
    let mut out = String::new();
    for of_rule in trials.cases.chunk_by(|one, other| one.rule == other.rule) {
        let passed = of_rule.iter().filter(|it| it.verdict.passes()).count();
        let words: Vec<String> = ["reported", "silent", "open", "missing", "noisy", "wrong"]
            .into_iter()
            .filter_map(|word| match of_rule.iter().filter(|it| it.verdict.word() == word).count() {
                0 => None,
                number => Some(format!("{number} {word}")),
            })
            .collect();
        let line =
            format!("{}  {} of {} as they should be: {}", of_rule[0].rule, passed, of_rule.len(), words.join(", "));
        let _ = writeln!(
            out,
            "{}",
            if passed == of_rule.len() { visible(&line).into_owned() } else { style.bold(&visible(&line)) }
        );
        for trial in of_rule.iter().filter(|it| !it.verdict.passes()) {
            failed(&mut out, trial, style);
        }
    }
    for it in &trials.untested {
        let lacks: Vec<String> = it.lacks.iter().map(|kind| format!("`{kind}-…`")).collect();
        let _ = writeln!(out, "{}  {} no case {}", visible(&it.rule), style.red("untested:"), lacks.join(" and none "));
    }
    let summary = &trials.summary;
    let verdict = if trials.passed { style.green("passed") } else { style.red("failed") };
    let _ = writeln!(
        out,
        "{verdict} · {} of {} · {} reported, {} silent, {} open · {} missing, {} noisy, {} wrong · {} untested",
        counted(trials.cases.len(), "case"),
        counted(summary.rules, "rule"),
        summary.reported,
        summary.silent,
        summary.open,
        summary.missing,
        summary.noisy,
        summary.wrong,
        summary.untested,
    );
    out
}

fn failed(out: &mut String, trial: &Trial, style: Style) {
    let word = style.red(trial.verdict.word());
    let _ = writeln!(out, "  {word}: {}, which says: {}", visible(&trial.case), visible(trial.says.trim()));
    for why in &trial.why {
        let _ = writeln!(out, "    {}", visible(why));
    }
}
