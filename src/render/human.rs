//! Human: findings with their snippets from every file involved, and one closing block with the verdict.

mod colored;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use codespan_reporting::diagnostic::{Diagnostic, Label, LabelStyle, Severity as Gravity};
use codespan_reporting::term::{self, Config};

use crate::finding::Severity;
use crate::render::excerpt::Excerpts;
use crate::render::human::colored::Colored;
use crate::render::link::{self, Linker};
use crate::render::style::Style;
use crate::render::{Look, short};
use crate::report::open::{commands, gaps};
use crate::report::verdict::{Verdict, fails};
use crate::report::{InputLine, Location, Report, Reported};
use crate::text::show::visible;
use crate::text::source::Sources;
use crate::text::span::SourceId;

/// How many related places of one finding are drawn; the rest is counted.
const DRAWN: usize = 8;

/// How many findings of one rule about settings are drawn; the rest is named in a line.
const DRAWN_ALIKE: usize = 3;

/// The findings, the gravest first, and the closing block.
pub fn render(report: &Report, sources: &Sources, look: Look<'_>) -> String {
    let mut out = String::new();
    let linker = Linker::new(look.links, &report.rules);
    let mut findings: Vec<&Reported> = report.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let (notes, drawn): (Vec<&Reported>, Vec<&Reported>) = findings.into_iter().partition(|it| is_note(it));
    let mut alike: BTreeMap<&str, Vec<&Reported>> = BTreeMap::new();
    for finding in drawn {
        let earlier = alike.entry(&finding.rule).or_default();
        if earlier.len() < DRAWN_ALIKE || !finding.rule.starts_with("HYG-") {
            draw(&mut out, finding, sources, look, linker);
        }
        earlier.push(finding);
    }
    for (rule, findings) in alike.into_iter().filter(|(rule, _)| rule.starts_with("HYG-")) {
        if let Some(line) = not_drawn(rule, &findings[findings.len().min(DRAWN_ALIKE)..]) {
            let _ = writeln!(out, "{}\n", fitted(&line, look.width, 0, "    "));
        }
    }
    for line in note_lines(report, &notes, look, linker) {
        let _ = writeln!(out, "{}", fitted(&line, look.width, 0, "    "));
    }
    suppressed(&mut out, report, look, linker);
    baselined(&mut out, report, look, linker);
    if !look.quiet {
        let is_listed =
            report.suppressed.iter().flatten().next().is_some() || report.baselined.iter().flatten().next().is_some();
        if !notes.is_empty() || is_listed {
            out.push('\n');
        }
        closing(&mut out, report, look);
    }
    out
}

/// The notes, a line each, with what would settle it below; of those of one rule about missing evidence the first, and the rest in one line.
fn note_lines(report: &Report, notes: &[&Reported], look: Look<'_>, linker: Linker<'_>) -> Vec<String> {
    let gaps = gaps(&report.open);
    let mut lines = Vec::new();
    let mut alike: BTreeMap<&str, Vec<&Reported>> = BTreeMap::new();
    for note in notes {
        let earlier = alike.entry(&note.rule).or_default();
        if earlier.len() < DRAWN_ALIKE || !note.rule.starts_with("INC-") {
            lines.push(short::line(note, Style { color: look.color }, linker));
            lines.extend(commands(note, &gaps).into_iter().map(|it| format!("    to settle it: {}", visible(it))));
        }
        earlier.push(note);
    }
    let rest = alike.into_iter().filter(|(rule, _)| rule.starts_with("INC-"));
    lines.extend(rest.filter_map(|(rule, notes)| not_drawn(rule, &notes[notes.len().min(DRAWN_ALIKE)..])));
    lines
}

/// The findings of a rule that are not drawn, by their servers; `None` if there is none.
fn not_drawn(rule: &str, findings: &[&Reported]) -> Option<String> {
    let names: BTreeSet<&String> = findings.iter().flat_map(|it| it.sources.iter().chain(&it.targets)).collect();
    let names: Vec<String> = names.into_iter().cloned().collect();
    let (number, servers) = (findings.len(), visible(&listed(&names, names.len())).into_owned());
    let times = if number == 1 { "once".to_owned() } else { format!("{number} times") };
    (number > 0).then(|| format!("{rule} holds {times} more, on {servers}; --format short lists each"))
}

/// The last line of a report: the verdict and the counts.
pub fn last_line(report: &Report) -> String {
    let summary = &report.summary;
    let verdict = verdict_words(report);
    let counts = [(summary.suppressed, "suppressed"), (summary.baselined, "baselined")];
    let mut set_aside = String::new();
    for (number, word) in counts.iter().filter(|(number, _)| *number > 0) {
        let _ = write!(set_aside, " · {number} {word}");
    }
    format!(
        "{verdict} · {}, {}, {}{set_aside} · {}, {} · {}",
        counted(summary.findings.error, "error"),
        counted(summary.findings.warning, "warning"),
        counted(summary.findings.info, "note"),
        counted(summary.servers, "server"),
        counted(summary.pairs, "pair"),
        counted(summary.open, "open question"),
    )
}

/// What the run came to, in words.
pub fn verdict_words(report: &Report) -> String {
    match report.verdict {
        Verdict::Clean => "clean: nothing found that fails the run, and nothing left open".to_owned(),
        Verdict::Findings => match report.thresholds.max_warnings {
            Some(limit) if !report.findings.iter().any(|finding| fails(finding, &report.thresholds)) => {
                format!("findings: more warnings than the {limit} that are allowed")
            }
            _ => "findings".to_owned(),
        },
        Verdict::Incomplete => "incomplete: what was checked is sound, but not everything could be checked".to_owned(),
        Verdict::NothingRead => "nothing read: no export was recognised here".to_owned(),
        Verdict::Untrusted => "untrusted: the rules, the configuration or the estate file are not valid".to_owned(),
    }
}

/// The same with blanks behind numbers at which no line is broken.
fn with_number(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let is_bound = character == ' ' && out.ends_with(|it: char| it.is_ascii_digit());
        out.push(if is_bound { '\u{a0}' } else { character });
    }
    out
}

/// A number with its noun.
pub fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Notes about inputs and missing evidence are one line each; the closing block says what they mean for the verdict.
fn is_note(finding: &Reported) -> bool {
    finding.severity == Severity::Info && (finding.rule.starts_with("INP-") || finding.rule.starts_with("INC-"))
}

/// The suppressed findings, one line each, with the reason below; only if they are to be shown.
fn suppressed(out: &mut String, report: &Report, look: Look<'_>, linker: Linker<'_>) {
    let style = Style { color: look.color };
    let Some(suppressed) = report.suppressed.as_ref().filter(|it| !it.is_empty()) else { return };
    let _ = writeln!(out, "{}", style.bold("suppressed:"));
    for it in suppressed {
        let Location { path, start, .. } = &it.suppression.at;
        let _ = writeln!(out, "  - {}", short::line(&it.finding, style, linker));
        if !it.finding.sources.is_empty() {
            let names = listed(&it.finding.sources, it.finding.sources_total);
            let _ = writeln!(out, "    sources: {}", visible(&names));
        }
        let why = format!("{}{}", it.suppression.reason, it.suppression.in_brackets());
        let _ = writeln!(out, "    by {}:{}:{}: {}", visible(path), start.line, start.column, visible(&why));
    }
}

/// The findings that the baseline holds back, one line each; only if they are to be shown.
fn baselined(out: &mut String, report: &Report, look: Look<'_>, linker: Linker<'_>) {
    let style = Style { color: look.color };
    let Some(baselined) = report.baselined.as_ref().filter(|it| !it.is_empty()) else { return };
    let _ = writeln!(out, "{}", style.bold("in the baseline:"));
    for finding in baselined {
        let _ = writeln!(out, "  - {}", short::line(finding, style, linker));
        if !finding.sources.is_empty() {
            let names = listed(&finding.sources, finding.sources_total);
            let _ = writeln!(out, "    sources: {}", visible(&names));
        }
    }
}

fn draw(out: &mut String, finding: &Reported, sources: &Sources, look: Look<'_>, linker: Linker<'_>) {
    let drawn = &finding.related[..finding.related.len().min(DRAWN)];
    let spans: Vec<_> = std::iter::once(&finding.primary).chain(drawn).map(|place| place.span).collect();
    let excerpts = Excerpts::new(sources, &spans, look.width).linked(linker);
    let mut labels = vec![label(LabelStyle::Primary, &finding.primary, &excerpts)];
    labels.extend(drawn.iter().map(|place| label(LabelStyle::Secondary, place, &excerpts)));
    let gravity = match finding.severity {
        Severity::Error => Gravity::Error,
        Severity::Warning => Gravity::Warning,
        Severity::Info => Gravity::Note,
    };
    let diagnostic = Diagnostic::new(gravity)
        .with_code(linker.rule(&finding.rule))
        .with_message(fitted(&visible(&finding.message), look.width, 18, "    "))
        .with_labels(labels)
        .with_notes(notes(finding, look.width));
    let config = Config::default();
    let drawn = if look.color {
        let mut buffer = Colored::default();
        term::emit_to_write_style(&mut buffer, &config, &excerpts, &diagnostic).map(|()| buffer.text)
    } else {
        term::emit_into_string(&config, &excerpts, &diagnostic)
    };
    match drawn {
        Ok(text) => {
            for line in text.trim_end().lines() {
                out.push_str(line.trim_end());
                out.push('\n');
            }
            out.push('\n');
        }
        Err(_) => {
            let _ = writeln!(out, "{}", short::line(finding, Style { color: look.color }, linker));
        }
    }
}

fn label(style: LabelStyle, place: &Location, excerpts: &Excerpts<'_>) -> Label<SourceId> {
    Label::new(style, place.span.source, excerpts.range(place.span)).with_message(visible(&place.label))
}

fn notes(finding: &Reported, width: Option<usize>) -> Vec<String> {
    let mut notes = Vec::new();
    let family = finding.rule.starts_with("P42-") || finding.rule.starts_with("PRX-");
    let event = finding.event.map_or_else(String::new, |event| format!("event {event} · "));
    if finding.rule.starts_with("INP-") {
        notes.push(finding.name.clone());
    } else {
        notes.push(format!("{event}confidence {} · {}", finding.confidence.word(), finding.name));
    }
    let hidden = finding.related_total.saturating_sub(finding.related.len().min(DRAWN));
    if hidden > 0 {
        notes.push(format!("{} not shown here; --format json has more", counted(hidden, "more place")));
    }
    if finding.sources_total > 1 && family {
        notes.push(format!("sources: {}", visible(&listed(&finding.sources, finding.sources_total))));
    }
    if finding.near_miss_total > 0 {
        let from = format!(" from {}", listed(&finding.near_miss, finding.near_miss_total));
        let from = if finding.near_miss_total < finding.sources_total { visible(&from) } else { "".into() };
        notes.push(format!("near miss: nothing else that the snapshot shows would stop requests{from}"));
    }
    notes.extend(finding.assumes.iter().map(|it| format!("assumes: {}", visible(it))));
    if let Some(help) = &finding.help {
        let lines: Vec<String> = help.trim().lines().map(|line| visible(line).into_owned()).collect();
        notes.push(format!("help: {}", lines.join("\n")));
    }
    notes.into_iter().map(|note| fitted(&note, width, GUTTER, "")).collect()
}

/// How many cells stand before a note, at most of a file of some thousand lines.
const GUTTER: usize = 10;

/// The least width that prose is fitted into.
const NARROW: usize = 50;

/// A text whose prose fits into the terminal, `taken` cells of which stand before it; indented lines are commands, and
/// stay whole.
fn fitted(text: &str, width: Option<usize>, taken: usize, indent: &str) -> String {
    let Some(width) = width else { return text.to_owned() };
    let width = width.saturating_sub(taken).max(NARROW);
    let options = textwrap::Options::new(width)
        .subsequent_indent(indent)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    let line = |line: &str| {
        let is_command = link::unlinked(line).starts_with("  ");
        if is_command { line.to_owned() } else { link::closed_on_each_line(&textwrap::fill(line, &options)) }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn listed(names: &[String], total: usize) -> String {
    const SHOWN: usize = 12;
    let shown = names[..names.len().min(SHOWN)].join(", ");
    if total > SHOWN { format!("{shown} and {} more", total - SHOWN) } else { shown }
}

/// The files that were not read, or not wholly, each with the reason; nothing if there is none.
pub fn left_out(inputs: &[InputLine], color: bool, width: Option<usize>) -> String {
    let lines: Vec<String> = inputs
        .iter()
        .filter(|input| input.status == "refused" || input.status == "partly-read")
        .map(|input| {
            let reason = input.reason.as_deref().unwrap_or_default();
            let line = format!("{} ({}): {}", visible(&input.path), input.status, visible(reason));
            format!("  - {}", fitted(&line, width, 4, "    "))
        })
        .collect();
    if lines.is_empty() {
        return String::new();
    }
    format!("{}\n{}\n\n", Style { color }.bold("not read, or not wholly:"), lines.join("\n"))
}

/// The first files that hold nothing of ours, and why; where nothing was read, that is what people ask.
fn ignored(out: &mut String, report: &Report, look: Look<'_>) {
    const SHOWN: usize = 10;
    let ignored: Vec<&InputLine> = report.inputs.iter().filter(|it| it.status == "ignored").collect();
    if ignored.is_empty() {
        return;
    }
    let _ = writeln!(out, "{}", Style { color: look.color }.bold("ignored:"));
    for input in ignored.iter().take(SHOWN) {
        let reason = input.reason.as_deref().unwrap_or_default();
        let line = format!("{}: {}", visible(&input.path), visible(reason));
        let _ = writeln!(out, "  - {}", fitted(&line, look.width, 4, "    "));
    }
    if ignored.len() > SHOWN {
        let _ = writeln!(out, "  and {}; --format json lists all", counted(ignored.len() - SHOWN, "more file"));
    }
    out.push('\n');
}

/// Whether an export is missing that the collecting script would give.
fn is_asking(report: &Report) -> bool {
    report.open.iter().any(|it| it.rule.is_none()) || report.findings.iter().any(|it| !commands(it, &[]).is_empty())
}

fn closing(out: &mut String, report: &Report, look: Look<'_>) {
    let style = Style { color: look.color };
    if !report.open.is_empty() {
        let _ = writeln!(out, "{}", style.bold("not checked:"));
        for gap in gaps(&report.open) {
            let why = format!("{}{}", visible(&gap.words()), gap.unasked());
            let _ = writeln!(out, "  - {}", fitted(&why, look.width, 4, "    "));
            // Whole, because most of these are commands.
            let _ = writeln!(out, "    to settle it: {}", visible(gap.ask_for));
        }
        out.push('\n');
    }
    out.push_str(&left_out(&report.inputs, look.color, look.width));
    if report.verdict == Verdict::NothingRead {
        ignored(out, report, look);
    }
    let files = &report.summary.files;
    let _ = writeln!(
        out,
        "files: {} read, {} partly read, {} refused, {} ignored",
        files.read, files.partly_read, files.refused, files.ignored
    );
    let unseen = "not in any snapshot: certificates, SPNs, DNS, firewalls, and whether services run";
    let _ = writeln!(out, "{}", fitted(unseen, look.width, 0, "    "));
    // A number stays with its noun.
    let line = fitted(&with_number(&last_line(report)), look.width, 0, "    ").replace('\u{a0}', " ");
    let line = match report.verdict {
        Verdict::Clean => style.green(&line),
        Verdict::Findings | Verdict::Untrusted => style.red(&line),
        Verdict::Incomplete | Verdict::NothingRead => style.yellow(&line),
    };
    let _ = writeln!(out, "{line}");
    if is_asking(report) {
        let _ = writeln!(out, "`owalint collect` prints collect.ps1, a script that exports all that is read");
    }
    if report.verdict == Verdict::Findings {
        let _ = writeln!(out, "`owalint explain RULE` says more about a rule");
    }
    if report.summary.suppressed > 0 && report.suppressed.is_none() {
        let _ = writeln!(out, "--show-suppressed lists what was suppressed, and why");
    }
    if report.summary.baselined > 0 && report.baselined.is_none() {
        let _ = writeln!(out, "--show-baselined lists what the baseline holds back");
    }
}
