//! Generated documentation: the pages of rules and problems, their index, the questions and the schema are in step.

use std::collections::BTreeMap;

use owalint::cases::{self, run};
use owalint::render::{self, pages};
use owalint::report::explain::{self, Explained};
use owalint::rule::book::Book;
use owalint::rule::schema::schema;
use owalint::text::source::Sources;

use crate::scratch::{files_below, repository};

/// Every generated file, by its path below `docs/`.
fn generated() -> BTreeMap<String, String> {
    let mut sources = Sources::default();
    let (book, problems) = Book::open(Vec::new(), &mut sources);
    assert!(problems.is_empty(), "{problems:?}");
    let mut files = BTreeMap::new();
    let rules = explain::rules(&book, |_, severity| Some(severity));
    files.insert("rules/README.md".to_owned(), pages::index(&rules));
    for page in rules.rules {
        let (cases, problems) = cases::read("fixtures/rules", cases::built_in_of(&page.rule), &book, &mut sources);
        assert!(problems.is_empty(), "{problems:?}");
        let example = run::example(&cases, &book);
        assert!(example.is_some() || page.rule.starts_with("INP-"), "{} has an example", page.rule);
        let path = format!("rules/{}.md", page.rule);
        let explained = Explained { schema: "owalint.rule/1", page, example, here: None };
        files.insert(path, pages::markdown(&explained));
    }
    files.insert("questions.md".to_owned(), pages::questions(&explain::questions(&book)));
    files.insert("rule.schema.json".to_owned(), render::json::render(&schema()));
    files
}

#[test]
fn generated_pages_are_up_to_date() {
    let docs = repository().join("docs");
    let generated = generated();
    if std::env::var_os("OWALINT_UPDATE").is_some_and(|it| it == "1") {
        let _ = std::fs::remove_dir_all(docs.join("rules"));
        std::fs::create_dir_all(docs.join("rules")).unwrap();
        for (path, text) in &generated {
            std::fs::write(docs.join(path), text).unwrap();
        }
        return;
    }
    for (path, text) in &generated {
        let stored = std::fs::read_to_string(docs.join(path)).unwrap_or_default();
        assert!(stored == *text, "docs/{path} is out of date; OWALINT_UPDATE=1 cargo test writes it");
    }
    for (path, _) in files_below(&docs.join("rules")) {
        let is_known = generated.contains_key(&format!("rules/{path}"));
        assert!(is_known, "docs/rules/{path} is of no rule; OWALINT_UPDATE=1 cargo test removes it");
    }
}

/// Names in braces are gaps; one that is left on a page would be taken for a name.
#[test]
fn fixes_on_pages_have_names() {
    for (path, text) in
        generated().into_iter().filter(|(path, _)| path.starts_with("rules/") && !path.contains("README"))
    {
        let fix = text.split("## How to fix it").nth(1).and_then(|it| it.split("\n## ").next()).unwrap_or_default();
        for gap in ["{target}", "{source}", "{vdir}", "{server}", "{set-url}", "{fqdn}", "{value}", "{path}"] {
            assert!(!fix.contains(gap), "{path} shows {gap}");
        }
    }
}

/// What the vocabulary gives as an example is a condition that a rule can have.
#[test]
fn examples_of_questions_are_conditions() {
    let (book, _) = Book::open(Vec::new(), &mut Sources::default());
    for question in explain::questions(&book).questions {
        let scope = question.example.split(['"', '\'', '.']).nth(1).unwrap();
        let rule = format!(
            "name = \"an-example\"\nseverity = \"info\"\nscope = \"{scope}\"\nsummary = \"x\"\nwhy = \"x\"\n\n\
             [[when]]\n{}\nlabel = \"x\"\nprimary = true\n",
            question.example
        );
        let file = owalint::rule::book::RuleFile { path: "EXAMPLE.toml".to_owned(), bytes: rule.clone().into_bytes() };
        let (_, problems) = Book::open(vec![file], &mut Sources::default());
        assert!(problems.is_empty(), "{rule}\n{problems:?}");
    }
}
