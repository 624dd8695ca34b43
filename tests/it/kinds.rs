//! Sources of one kind are asked together: whoever asks each pair alone hears the same.

use std::collections::BTreeSet;

use owalint::lint;
use owalint::load::Snapshot;
use owalint::model::estate_file::EstateFile;
use owalint::model::ladder::Ladder;
use owalint::report::fold::Folded;
use owalint::rule::ask::Scope;
use owalint::rule::book::Book;
use owalint::rule::check;
use owalint::rule::state::{About, State, States};
use owalint::text::source::Sources;

use crate::generated::snapshot::{Plan, Registry, Shape};
use crate::generated::{PLAN, files};
use crate::scratch::{Files, fixture};

#[test]
fn every_pair_asked_alone_says_what_its_kind_says() {
    let mut snapshots: Vec<Files> =
        [3, 8].map(|seed| files(&Plan { servers: 24, seed, shape: Shape::List, ..PLAN })).into();
    let registry = Registry::None;
    snapshots.push(files(&Plan { servers: 24, faults: 0.7, shape: Shape::List, registry, ..PLAN }));
    // Some sources have no registry export, and some targets no configuration of IIS.
    let mut uneven = snapshots[0].clone();
    uneven.retain(|(path, _)| !(path.rsplit('.').next() == Some("reg") && path.contains('1')));
    snapshots.push(uneven.clone());
    uneven.retain(|(path, _)| !(path.ends_with("applicationHost.config") && path.contains('2')));
    snapshots.push(uneven);
    snapshots
        .extend(["every-direct-cause", "missing-evidence", "lookalikes"].map(|it| fixture(&format!("estates/{it}"))));
    snapshots.extend([told_apart_by_address(), left_open_by_each()]);
    for files in snapshots {
        let asked = alone_and_together(files);
        assert!(asked > 100, "{asked}");
    }
}

/// The sound estate with four sources in one site, each file as `edit` leaves it.
fn with_four_sources(edit: impl Fn(&str, String) -> String) -> Files {
    let base = fixture("rules/base");
    let mut files = base.clone();
    let mut estate = String::new();
    for number in 3..=5 {
        let own = base.iter().filter_map(|(path, bytes)| Some((path.strip_prefix("CAS1/")?, bytes)));
        files.extend(own.map(|(path, bytes)| {
            let text = String::from_utf8(bytes.clone()).unwrap();
            let text = text.replace("CAS1", &format!("CAS{number}")).replace("cas1", &format!("cas{number}"));
            (format!("CAS{number}/{path}"), text.into_bytes())
        }));
        let table = format!("\n[servers.CAS{number}]\nsite = \"HQ\"\naddresses = [\"10.0.0.{number}\"]\n");
        estate.push_str(&table);
    }
    for (path, bytes) in &mut files {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let text = if path == "owalint-estate.toml" { format!("{text}{estate}") } else { edit(path, text) };
        *bytes = text.into_bytes();
    }
    files
}

/// The target refuses one of them by its address, and would refuse all at their sign-in.
pub(crate) fn told_apart_by_address() -> Files {
    let flags = "<access sslFlags=\"Ssl, Ssl128\" />";
    let restricted =
        "<access sslFlags=\"Ssl\" /><ipSecurity><add ipAddress=\"10.0.0.4\" allowed=\"false\" /></ipSecurity>";
    let (on, off) = ("<windowsAuthentication enabled=\"true\">", "<windowsAuthentication enabled=\"false\">");
    with_four_sources(|path, text| match path {
        "CAS2/applicationHost.config" => text.replace(flags, restricted).replace(on, off),
        _ => text,
    })
}

/// Of none of them is it known which of the target's URLs it takes.
pub(crate) fn left_open_by_each() -> Files {
    let external = ["ExternalUrl                     : ", "https://mail.example.com/owa"];
    with_four_sources(|path, text| match path {
        "CAS2/owa.txt" => text.replace(external[0], &external.concat()),
        _ => text.replace("RedirectToOptimalOWAServer      : True\n", ""),
    })
}

/// How many questions were compared.
fn alone_and_together(files: Files) -> usize {
    let mut sources = Sources::default();
    let snapshot = Snapshot::from_memory(files, &mut sources);
    let (book, _) = Book::open(Vec::new(), &mut sources);
    let estate_file = snapshot.estate_file.map(|id| EstateFile::read(sources.get(id).text(), id, true).unwrap());
    let read = lint::read(&snapshot, &sources, estate_file.as_ref(), &book.wanted());
    let ladder = Ladder::new(&read.estate);
    let mut told = BTreeSet::new();
    let open = check::check(
        &book,
        &ladder,
        |_| true,
        |_| false,
        |it| {
            told.insert((it.rule, it.sources, it.targets, it.object, it.cause));
        },
    )
    .open;
    let mut of_pairs = BTreeSet::new();
    let open_joined = check::check(
        &book,
        &ladder,
        |_| true,
        |_| true,
        |it| {
            let is_pair = book.get(&it.rule).is_some_and(|rule| rule.scope == Scope::Pair);
            let more = it.more_sources.iter().map(|index| read.estate.servers[*index as usize].name.clone());
            let names: Vec<String> = it.sources.iter().cloned().chain(more).collect();
            let apart = if is_pair { names.chunks(1) } else { names.chunks(names.len().max(1)) };
            let of = |sources: &[String]| {
                (it.rule.clone(), sources.to_vec(), it.targets.clone(), it.object.clone(), it.cause.clone())
            };
            of_pairs.extend(apart.map(of));
            if it.sources.is_empty() {
                of_pairs.insert(of(&[]));
            }
        },
    )
    .open;
    assert_eq!((&of_pairs, &open_joined), (&told, &open), "joined findings are about the same pairs");
    same_reports(&book, &ladder, &sources);
    let told: BTreeSet<_> =
        told.into_iter().map(|(rule, sources, to, object, _)| (rule, sources, to, object)).collect();
    let mut states = States::new(&book, &ladder);
    let mut asked = 0;
    let is_refined = |id: &str| book.rules().any(|it| it.refines.as_deref() == Some(id));
    for rule in book.rules().filter(|it| it.scope == Scope::Pair && !is_refined(&it.id)) {
        let mut reasons = BTreeSet::new();
        for pair in ladder.pairs() {
            let (source, target) = (&ladder.source(pair).name, ladder.target(pair));
            let (source, server) = (vec![source.clone()], vec![target.server.name.clone()]);
            let object = target.vdir.identity.to_lowercase();
            let state =
                states.of(About { rule: &rule.id, sources: &source, targets: &server, object: &object, parts: &[] });
            let key = (rule.id.clone(), source, server, object);
            assert_eq!(told.contains(&key), state == State::Fires, "{key:?}: {state:?}");
            asked += 1;
            if let State::Unknown(why) = state {
                reasons.insert(why);
            }
        }
        for why in reasons.into_iter().filter(|_| rule.tells_open()) {
            assert!(open.contains_key(&(rule.id.clone(), why.clone())), "{}: {why}", rule.id);
        }
    }
    asked
}

/// Whether findings are joined makes no difference to what is reported.
fn same_reports(book: &Book, ladder: &Ladder<'_>, sources: &Sources) {
    let [single, joined] = [false, true].map(|joins| {
        let mut folded = Folded::among(ladder.estate);
        check::check(book, ladder, |_| true, |_| joins, |it| folded.take(it));
        let mut reported = folded.reported(sources);
        for it in &mut reported {
            it.related.sort();
        }
        reported
    });
    for (one, other) in single.iter().zip(&joined) {
        assert_eq!(format!("{one:#?}"), format!("{other:#?}"));
    }
    assert_eq!(single.len(), joined.len());
}
