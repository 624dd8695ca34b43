//! The commands around rules: explaining and listing them, writing new ones, and running their cases.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use owalint::cases::{self, Case, EXPECTED_FILE, run, scaffold};
use owalint::config::{self, Config};
use owalint::lint;
use owalint::load::{self, Snapshot};
use owalint::read::problem::Problem;
use owalint::render;
use owalint::report::Options;
use owalint::report::explain::{self, Example, Explained, Here};
use owalint::report::trials::Trials;
use owalint::rule::ask::Scope;
use owalint::rule::book::{self, Book};
use owalint::rule::load::Rule;
use owalint::text::source::Sources;

use crate::cli::{ExplainArgs, NewArgs, RuleArgs, RulesArgs, RulesCommand, SnapshotArgs, TestArgs};
use crate::{Failure, Outcome, nothing_read, print, progress, read_estate, show, snapshot, write};

/// The page of a rule; with a snapshot also what the rule says of it.
pub(crate) fn explain(args: &ExplainArgs, sources: &mut Sources) -> Outcome {
    let (explained, code) = progress::over("explaining", || explained(args, sources))?;
    show(&args.style, |color| render::pages::page(&explained, color), &explained)?;
    Ok(code)
}

fn explained(args: &ExplainArgs, sources: &mut Sources) -> Result<(Explained, u8), Failure> {
    let given = SnapshotArgs { paths: args.paths.clone(), estate: args.estate.clone(), threads: None };
    let mut snapshot = if args.paths.is_empty() { None } else { Some(snapshot(&given, sources)?) };
    let mut nothing = Snapshot::default();
    let (book, config) =
        crate::rules(&args.rules, &mut [snapshot.as_mut().map_or(&mut nothing, |(it, _)| it)], sources)?;
    let id = config::rule_id(&args.rule, &book).map_err(Failure::Words)?;
    let all = explain::rules(&book, |rule, severity| config.severity(rule, severity));
    let Some(page) = all.rules.into_iter().find(|page| page.rule == id) else {
        return Err(Failure::Words(format!("there is no page for {id}")));
    };
    let example = example(&id, &args.rules, &book, sources)?;
    let (here, code) = match snapshot {
        None => (None, 0),
        Some((snapshot, estate_file)) => {
            let estate_file = read_estate(estate_file, sources)?;
            let mut read = lint::read(&snapshot, sources, estate_file.as_ref(), &book.wanted());
            let code = nothing_read(&read);
            let report = lint::check(&mut read, sources, &book, &config, None, &Options::default());
            (Some(Here::of(&id, config.asks(&id), book.get(&id).is_none_or(Rule::tells_open), report)), code)
        }
    };
    crate::unchanged(sources)?;
    Ok((Explained { schema: "owalint.rule/1", page, example, here }, code))
}

/// The first case in which a rule fires: of a rule of the user's own one that lies beside it.
fn example(id: &str, args: &RuleArgs, book: &Book, sources: &mut Sources) -> Result<Option<Example>, Failure> {
    let mut found = run::example(&cases::read("fixtures/rules", cases::built_in_of(id), book, sources).0, book);
    for folder in &args.rules {
        if found.is_some() {
            break;
        }
        let (mut cases, _) = read_cases(folder, book, sources)?;
        cases.retain(|case| case.rule == id);
        found = run::example(&cases, book);
    }
    Ok(found)
}

/// The rules in force, or what the subcommand asks for.
pub(crate) fn rules(args: &RulesArgs, sources: &mut Sources) -> Outcome {
    match &args.command {
        Some(RulesCommand::New(args)) => new(args),
        Some(RulesCommand::Test(args)) => test(args, sources),
        Some(RulesCommand::Schema) => {
            print(&render::json::render(&owalint::rule::schema::schema()))?;
            Ok(0)
        }
        None => list(args, sources),
    }
}

fn list(args: &RulesArgs, sources: &mut Sources) -> Outcome {
    let (book, config) = crate::rules(&args.rules, &mut [&mut Snapshot::default()], sources)?;
    if args.questions {
        let questions = explain::questions(&book);
        show(&args.style, |color| render::tables::questions(&questions, color), &questions)?;
        return Ok(0);
    }
    let all = explain::rules(&book, |rule, severity| config.severity(rule, severity));
    show(&args.style, |color| render::tables::rules(&all, color), &all)?;
    Ok(0)
}

// ---- new rules -----------------------------------------------------------------------------------------------------

fn new(args: &NewArgs) -> Outcome {
    let taken = if args.dir.exists() { load::load_rules(&args.dir)? } else { Vec::new() };
    let id = match &args.id {
        Some(id) => id.clone(),
        None => free_id(&taken.iter().map(|file| file.path.as_str()).collect::<Vec<_>>())?,
    };
    if !book::is_id(&id) || id == cases::BASE {
        let message =
            format!("`{id}` is no id of a rule: letters, digits, hyphens and underscores are wanted, and not INP");
        return Err(Failure::Words(message));
    }
    let scope = Scope::WORDS.iter().find(|(word, _)| *word == args.scope).map_or(Scope::Vdir, |(_, scope)| *scope);
    let mut files = scaffold::files(&id, &args.name, scope);
    accepted(&id, taken, &files)?;
    if args.base {
        files.extend(scaffold::base());
    }
    let folders = [cases::BASE, &id].map(|name| args.dir.join(cases::FOLDER).join(name));
    let there = [vec![args.dir.join(format!("{id}.toml"))], folders[usize::from(!args.base)..].to_vec()].concat();
    if let Some(path) = there.iter().find(|path| path.exists()) {
        return Err(Failure::Words(format!("{} is there already; nothing was written", path.display())));
    }
    let mut said = String::new();
    for (path, bytes) in &files {
        let path = args.dir.join(path);
        let folder = path.parent().unwrap_or(&args.dir);
        let failed = |cause| Failure::Words(format!("{}: {cause}", path.display()));
        fs::create_dir_all(folder).map_err(failed)?;
        fs::File::create_new(&path).and_then(|mut file| file.write_all(bytes)).map_err(failed)?;
        let _ = writeln!(said, "wrote {}", load::slashed(&path));
    }
    let dir = load::slashed(&args.dir);
    let _ =
        writeln!(said, "`owalint rules test {dir}` runs the cases; `owalint check --rules {dir} PATH` asks the rule");
    print(&said)?;
    Ok(0)
}

/// Tries the new rule together with the built-in rules and those of the folder, before anything is written.
fn accepted(id: &str, mut rules: Vec<book::RuleFile>, files: &cases::Files) -> Result<(), Failure> {
    let (path, bytes) = &files[0];
    let (_, known) = Book::open(rules.clone(), &mut Sources::default());
    rules.push(book::RuleFile { path: path.clone(), bytes: bytes.clone() });
    let (_, problems) = Book::open(rules, &mut Sources::default());
    match problems.iter().find(|problem| !known.contains(problem)) {
        Some(problem) => Err(Failure::Words(format!("{id}: {}", problem.message))),
        None => Ok(()),
    }
}

fn free_id(paths: &[&str]) -> Result<String, Failure> {
    let is_taken = |id: &str| paths.iter().any(|path| path.ends_with(&format!("{id}.toml")));
    let mut ids = (1..1000).map(|number| format!("OWN-{number:03}"));
    ids.find(|id| !is_taken(id)).ok_or_else(|| Failure::Words("all ids from OWN-001 to OWN-999 are taken".to_owned()))
}

// ---- cases ---------------------------------------------------------------------------------------------------------

fn test(args: &TestArgs, sources: &mut Sources) -> Outcome {
    let own = match &args.folder {
        Some(folder) => load::load_rules(folder)?,
        None => Vec::new(),
    };
    let has_rules = args.folder.is_none() || !own.is_empty();
    let (book, mut problems) = Book::open(own, sources);
    let mut config = Config::default();
    config.narrow(&args.select, &[], &book).map_err(Failure::Words)?;
    let (mut cases, more) = match &args.folder {
        Some(folder) => read_cases(folder, &book, sources)?,
        None => cases::read("fixtures/rules", cases::built_in(), &book, sources),
    };
    if problems.is_empty() {
        problems = more;
    }
    if !problems.is_empty() {
        return Err(Failure::Problems(problems));
    }
    cases.retain(|case| config.asks(&case.rule));
    if args.update {
        for case in &mut cases {
            case.expected = None;
        }
    }
    let asked = if args.folder.is_some() { run::Asked::Own } else { run::Asked::All };
    let trials = run::run(&cases, &book, asked, |id| config.asks(id));
    if let Some(folder) = args.folder.as_ref().filter(|_| args.update) {
        store(folder, &trials)?;
    }
    show(&args.style, |color| render::trials::trials(&trials, color), &trials)?;
    Ok(match (has_rules || !trials.cases.is_empty(), trials.passed) {
        (false, _) => 4,
        (true, true) => 0,
        (true, false) => 2,
    })
}

/// Stores the report of every case that does as it says.
fn store(folder: &Path, trials: &Trials) -> Result<(), Failure> {
    for trial in trials.cases.iter().filter(|it| it.verdict.passes()) {
        if let Some(report) = &trial.report {
            write(&folder.join(cases::FOLDER).join(&trial.rule).join(&trial.case).join(EXPECTED_FILE), report)?;
        }
    }
    Ok(())
}

fn read_cases(folder: &Path, book: &Book, sources: &mut Sources) -> Result<(Vec<Case>, Vec<Problem>), Failure> {
    let folder = folder.join(cases::FOLDER);
    Ok(cases::read(&load::slashed(&folder), load::load_below(&folder)?, book, sources))
}
