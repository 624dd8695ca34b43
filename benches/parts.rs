//! The parts of a lint, each by itself: decoding, the readers, the whole model, rules and rendering.
#![allow(missing_docs, reason = "criterion writes functions without any")]

#[path = "../examples/generate/shapes.rs"]
mod shapes;
#[path = "../examples/generate/snapshot/mod.rs"]
#[allow(dead_code, reason = "the benches need no truth")]
mod snapshot;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use owalint::config::Config;
use owalint::lint;
use owalint::load::Snapshot;
use owalint::model::input::Input;
use owalint::model::ladder::Ladder;
use owalint::model::registry as registry_of;
use owalint::read::reg::Wanted;
use owalint::read::{format_list, reg, xml};
use owalint::render::{FORMATS, Look};
use owalint::report::Options;
use owalint::report::paths::paths;
use owalint::rule::book::Book;
use owalint::text::decode::decode;
use owalint::text::source::{Source, Sources};
use owalint::text::span::SourceId;

use snapshot::{File, Plan, Registry, Shape};

const PLAN: Plan =
    Plan { servers: 60, shape: Shape::List, registry: Registry::Services, seed: 1, faults: 0.5, is_small: false };

/// The files of the first servers of a plan.
fn files(plan: &Plan) -> Vec<File> {
    (0..plan.servers).flat_map(|index| plan.files(index).expect("files in memory can be written")).collect()
}

fn file(plan: &Plan, name: &str) -> Vec<u8> {
    let mut files = files(&Plan { servers: 1, ..*plan }).into_iter();
    files.find(|(path, _)| path.ends_with(name)).expect("each server has one").1
}

fn decoding(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode");
    for (name, path) in [("utf-8", "applicationHost.config"), ("utf-16le", "owa.reg")] {
        let bytes = file(&PLAN, path);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| decode(black_box(bytes.clone()))));
    }
}

fn readers(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    let id = SourceId(0);
    let mut bench = |name: &str, bytes: Vec<u8>, read: &dyn Fn(&Source)| {
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        let source = Source::new(name.to_owned(), decode(bytes));
        group.bench_function(name, |bencher| bencher.iter(|| read(black_box(&source))));
    };
    let host = file(&PLAN, "applicationHost.config");
    let list = file(&PLAN, "owa.txt");
    let registry = file(&PLAN, "owa.reg");
    bench("xml", host.clone(), &|it| drop(xml::read(it.text(), id)));
    bench("registry", registry.clone(), &|it| drop(reg::read(it.text(), id, it.encoding())));
    let wanted = registry_of::wanted([]);
    bench("registry, what is wanted", registry.clone(), &|it| {
        drop(reg::read_wanted(it.text(), id, it.encoding(), &wanted));
    });
    bench("format-list", list.clone(), &|it| drop(format_list::read(it.text(), id)));
    let input = |it: &Source| drop(Input::read(id, it, &Wanted::all()));
    bench("input applicationHost.config", host, &input);
    bench("input owa.reg", registry, &input);
    bench("input owa.txt", list, &input);
    for (shape, name) in [(Shape::Clixml, "owa.xml"), (Shape::Json, "owa.json")] {
        bench(&format!("input {name}"), file(&Plan { shape, ..PLAN }, name), &input);
    }
}

/// A snapshot in memory, with the built-in rules.
fn loaded(plan: &Plan) -> (Snapshot, Sources, Book) {
    let mut sources = Sources::default();
    let snapshot = Snapshot::from_memory(files(plan), &mut sources);
    let (book, problems) = Book::open(Vec::new(), &mut sources);
    assert!(problems.is_empty(), "the built-in rules are sound");
    (snapshot, sources, book)
}

fn estates(criterion: &mut Criterion) {
    let plan = Plan { registry: Registry::Small, is_small: true, ..PLAN };
    let (snapshot, sources, book) = loaded(&plan);
    let pairs = (plan.servers * (plan.servers - 1)) as u64;
    let mut group = criterion.benchmark_group("estate");
    group.sample_size(20);
    group.throughput(Throughput::Elements(plan.servers as u64));
    group.bench_function("files to model", |bencher| {
        bencher.iter(|| lint::read(&snapshot, &sources, None, &book.wanted()));
    });
    group.throughput(Throughput::Elements(pairs));
    let mut read = lint::read(&snapshot, &sources, None, &book.wanted());
    group.bench_function("outcomes", |bencher| {
        bencher.iter(|| paths(&Ladder::new(black_box(&read.estate)), &sources));
    });
    let (config, options) = (Config::default(), Options::default());
    group.bench_function("rules and report", |bencher| {
        bencher.iter_with_large_drop(|| lint::check(&mut read, &sources, &book, &config, None, &options));
    });
}

fn rendering(criterion: &mut Criterion) {
    let plan = Plan { registry: Registry::Small, is_small: true, faults: 1.0, ..PLAN };
    let (snapshot, sources, book) = loaded(&plan);
    let options = Options { with_outcomes: true, ..Options::default() };
    let mut read = lint::read(&snapshot, &sources, None, &book.wanted());
    let report = lint::check(&mut read, &sources, &book, &Config::default(), None, &options);
    let mut group = criterion.benchmark_group("render");
    group.throughput(Throughput::Elements(report.findings.len() as u64));
    for format in FORMATS {
        group.bench_function(format.name, |bencher| {
            bencher.iter(|| (format.render)(black_box(&report), &sources, Look::default()));
        });
    }
}

criterion_group!(benches, decoding, readers, estates, rendering);
criterion_main!(benches);
