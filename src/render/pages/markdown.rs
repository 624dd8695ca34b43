//! The pages of the documentation, as Markdown: one a rule, their index, and the vocabulary of questions.

use std::fmt::Write as _;

use crate::report::explain::{Explained, Page, Questions, Rules};
use crate::rule::ask::Scope;
use crate::rule::gaps;
use crate::rule::load::Source;

/// The families of rules, in the order in which they are listed.
const FAMILIES: [(&str, &str, &str); 5] = [
    ("P42-", "P42: Event 42", "The source gets a 403, or refuses to send a request, and logs Event 42."),
    ("PRX-", "PRX: other failures of proxying", "The request fails in another way: with another event, or silently."),
    ("HYG-", "HYG: hygiene", "Settings that contradict each other, do nothing, or show more than they should."),
    ("INC-", "INC: evidence", "Evidence that is missing or cannot be believed."),
    ("INP-", "INP: inputs", "Files that could not be read, or were read with a reservation."),
];

/// One rule's page.
pub fn markdown(explained: &Explained) -> String {
    let page = &explained.page;
    let mut out = format!("# {} {}\n\n{}\n\n{}\n", page.rule, page.name, sentence(&page.summary), facts(page));
    section(&mut out, "Why", &page.why);
    if let Some(disputed) = &page.disputed {
        section(&mut out, "Where the sources disagree", disputed);
    }
    if !page.conditions.is_empty() {
        let conditions: Vec<String> = page.conditions.iter().map(|it| format!("* {}", escaped(it))).collect();
        section(&mut out, "It fires when all of this holds", &conditions.join("\n"));
    }
    for note in &page.notes {
        let _ = write!(out, "\n{}.\n", escaped(&capital(note)));
    }
    fix(&mut out, explained);
    if let Some(unseen) = &page.unseen {
        section(&mut out, "What it cannot see", unseen);
    }
    if let Some(example) = &explained.example {
        let text = format!("{}\n\n```text\n{}\n```", example.says, example.report.trim_end());
        section(&mut out, "Example", &text);
    }
    if !page.founded_on.is_empty() {
        let sources: Vec<String> = page.founded_on.iter().map(source).collect();
        section(&mut out, "Founded on", &sources.join("\n"));
    }
    out
}

fn source(source: &Source) -> String {
    let date = source.date.as_ref().map_or_else(String::new, |date| format!(", dated {date}"));
    format!("* {} <{}>{date}", source.says, source.url)
}

fn facts(page: &Page) -> String {
    let mut facts = vec![format!("severity {}", page.severity), format!("confidence {}", page.confidence.word())];
    facts.push(if page.scope == "file" {
        "told of files".to_owned()
    } else {
        format!("asked of every {}", page.scope)
    });
    facts.extend(page.event.map(|event| format!("predicts Event {event}")));
    facts.extend(page.since.as_ref().map(|since| format!("since {since}")));
    facts.join(" · ")
}

fn fix(out: &mut String, explained: &Explained) {
    let example = explained.example.as_ref().and_then(|it| it.help.as_deref());
    match (example, &explained.page.help) {
        (Some(help), _) => {
            let rule = &explained.page.rule;
            let more = format!(
                "With the names of the example below; `owalint explain {rule} PATH` fills in those of your servers:"
            );
            section(out, "How to fix it", &format!("{more}\n\n{}", capital(help.trim())));
        }
        (None, Some(help)) => section(out, "How to fix it", &sentence(help.trim())),
        (None, None) => {}
    }
}

/// The list of all rules, by family.
pub fn index(rules: &Rules) -> String {
    let mut out = String::from(
        "# Rules\n\nEvery rule and every problem of inputs has a page, which `owalint explain RULE` prints too. \
         These pages are made from the rule files; do not edit them.\n",
    );
    for (prefix, title, about) in FAMILIES {
        let _ =
            write!(out, "\n## {title}\n\n{about}\n\n| rule | severity | event | what it says |\n|---|---|---|---|\n");
        for page in rules.rules.iter().filter(|page| page.rule.starts_with(prefix)) {
            let event = page.event.map_or_else(|| "–".to_owned(), |event| event.to_string());
            let _ = writeln!(
                out,
                "| [{0}]({0}.md) {1} | {2} | {event} | {3} |",
                page.rule,
                page.name,
                page.severity,
                cell(&page.summary)
            );
        }
    }
    out
}

/// The vocabulary: every question that a rule can ask, by whom it is about.
pub fn questions(questions: &Questions) -> String {
    let mut out = String::from(
        "# Questions\n\nWhat the conditions of a rule can ask; `owalint rules --questions` prints it too. A question \
         begins with the word for whom it is about: in a rule about a pair with `source`, `target` or `pair`, in one \
         about a virtual directory with `vdir` or `server`, in one about a server with `server`. This page is made \
         from the vocabulary; do not edit it.\n",
    );
    for rows in questions.questions.chunk_by(|one, other| one.about == other.about) {
        let words: Vec<String> = rows[0].about.split(", ").map(|word| format!("`{word}`")).collect();
        let _ = writeln!(out, "\n## Behind {}", words.join(", "));
        for row in rows {
            let argument = if row.is_open { ".\"…\"" } else { "" };
            let _ = write!(out, "\n### {}{argument}\n\n{}\n\n", row.name, row.doc);
            let _ = writeln!(out, "* answers with {}", row.kind);
            if let Some(default) = row.default {
                let _ = writeln!(out, "* documented default, for `if-open = \"assume\"`: {default}");
            }
            let _ = writeln!(out, "* such as `{}`", row.example.replace('\n', "`, `"));
            let _ = writeln!(out, "* asked by {}", asked_by(&row.asked_by));
        }
    }
    gaps(&mut out);
    out
}

/// The names in braces that texts of rules can have.
fn gaps(out: &mut String) {
    out.push_str(
        "\n## Names in braces\n\n`summary`, `help` and the labels of a rule can hold names in braces, which are filled \
         in; a label can also hold `{value}`, the answer that passed.\n\n",
    );
    for (word, scope) in Scope::WORDS {
        let names: Vec<String> = gaps::names(scope).iter().map(|name| format!("`{{{name}}}`")).collect();
        let _ = writeln!(out, "* in a rule about a {word}: {}", names.join(", "));
    }
}

fn asked_by(rules: &[String]) -> String {
    if rules.is_empty() {
        return "no built-in rule; it is there for rules of your own".to_owned();
    }
    rules.iter().map(|id| format!("[{id}](rules/{id}.md)")).collect::<Vec<_>>().join(", ")
}

fn section(out: &mut String, title: &str, text: &str) {
    let _ = write!(out, "\n## {title}\n\n{}\n", text.trim());
}

fn sentence(text: &str) -> String {
    let text = capital(text);
    if text.ends_with(['.', ':', '?', '!']) || text.lines().last().is_some_and(|it| it.starts_with("    ")) {
        text
    } else {
        format!("{text}.")
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// A condition as a list item: the pipe of a table and the signs of Markdown stay as they are written.
fn escaped(text: &str) -> String {
    text.replace('*', "\\*").replace('<', "\\<").replace('_', "\\_")
}

fn cell(text: &str) -> String {
    escaped(text).replace('|', "\\|")
}
