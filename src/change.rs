//! The commands around a change: keeping a baseline, and comparing two snapshots.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use owalint::compare::{self, Side};
use owalint::config::Config;
use owalint::config::baseline::change::Seen;
use owalint::config::baseline::{Baseline, can_hold};
use owalint::config::intent::{self, Line};
use owalint::config::policy::Disposition;
use owalint::finding::Severity;
use owalint::lint::{self, Rules, Telling};
use owalint::load::{self, Snapshot};
use owalint::model::estate_file::EstateFile;
use owalint::model::ladder::Ladder;
use owalint::render::diff::Look;
use owalint::render::{self, human::counted};
use owalint::report::Options;
use owalint::report::diff::Diff;
use owalint::rule::state::{About, State, States};
use owalint::text::show::visible;
use owalint::text::source::Sources;
use owalint::text::span::SourceId;

use crate::cli::{BaselineArgs, BaselineCommand, BaselineFileArgs, DiffArgs, DiffFormat, SnapshotArgs};
use crate::terminal::colors;
use crate::{
    Addresses, Failure, Outcome, addresses, nothing_read, print, progress, read_estate, rules, snapshot, unchanged,
    write,
};

/// Adds to a baseline, or prunes it.
pub(crate) fn baseline(args: &BaselineArgs, sources: &mut Sources) -> Outcome {
    match &args.command {
        BaselineCommand::Add(args) => change_baseline(args, false, sources),
        BaselineCommand::Prune(args) => change_baseline(args, true, sources),
    }
}

/// What a baseline is to become, and what to say of it.
struct Changed {
    baseline: Baseline,
    said: String,
    is_inside: bool,
}

fn change_baseline(args: &BaselineFileArgs, is_prune: bool, sources: &mut Sources) -> Outcome {
    let Some(Changed { baseline, mut said, is_inside }) =
        progress::over("linting", || changed_baseline(args, is_prune, sources))?
    else {
        print("nothing read: no export was recognised here, so the baseline is left as it is\n")?;
        return Ok(4);
    };
    if is_inside {
        said += "the baseline lies inside the linted paths: review it with the rest, or keep it outside\n";
    }
    write(Path::new(&args.file), &baseline.written())?;
    print(&said)?;
    Ok(0)
}

/// The baseline as it is to be; `None` if no export was recognised.
fn changed_baseline(
    args: &BaselineFileArgs,
    is_prune: bool,
    sources: &mut Sources,
) -> Result<Option<Changed>, Failure> {
    let (mut snapshot, estate_file) = snapshot(&args.snapshot, sources)?;
    let (book, config) = rules(&args.rules, &mut [&mut snapshot], sources)?;
    let mut baseline = if is_prune || args.file.exists() {
        let id = snapshot.use_baseline(&args.file, sources)?;
        Baseline::read(id, sources.get(id)).map_err(Failure::Problems)?
    } else {
        Baseline::default()
    };
    let estate_file = read_estate(estate_file, sources)?;
    let read = lint::read(&snapshot, sources, estate_file.as_ref(), &book.wanted());
    if nothing_read(&read) != 0 {
        return Ok(None);
    }
    let ladder = Ladder::new(&read.estate);
    let (mut seen, mut never) = (Seen::default(), 0);
    let in_force = Rules { book: &book, config: &config, baseline: None };
    let open = lint::judge(&read.problems, &ladder, sources, in_force, Telling::Single, |finding, disposition| {
        let is_there = is_prune || disposition == Disposition::Reported;
        never += usize::from(!can_hold(&finding.rule) && finding.severity >= Severity::Warning);
        if is_there {
            seen.take(&finding);
        }
    });
    let file = visible(&args.file.display().to_string()).into_owned();
    let mut said = if is_prune {
        let mut states = States::new(&book, &ladder);
        let done = baseline.prune(&seen, |entry| {
            let (rule, object, parts) = (entry.rule.as_str(), entry.object.as_str(), entry.parts());
            let about = About { rule, sources: &entry.sources, targets: &entry.targets, object, parts: &parts };
            config.asks(rule) && !matches!(states.of(about), State::Unknown(_))
        });
        let mut said = format!("{file}: {} removed, {} kept\n", entries(done.removed), done.kept);
        if done.narrowed > 0 {
            let _ = writeln!(said, "{} of fewer servers than before", done.narrowed);
        }
        if done.lowered > 0 {
            let _ = writeln!(said, "{} lower in count", done.lowered);
        }
        if done.unproved > 0 {
            let _ = writeln!(said, "{} kept, since nothing here shows that their findings are gone", done.unproved);
        }
        said
    } else {
        let done = baseline.add(seen);
        format!("{file}: {} added, {} widened, {} as before\n", done.new, done.widened, done.kept)
    };
    let _ = writeln!(said, "{} in the baseline now", entries(baseline.len()));
    if !is_prune && never > 0 {
        let _ = writeln!(said, "not taken in: {} about what could not be read or believed", counted(never, "finding"));
    }
    if !is_prune && !open.is_empty() {
        let _ = writeln!(said, "not taken in: {}, which `owalint check` lists", counted(open.len(), "open question"));
    }
    Ok(Some(Changed { baseline, said, is_inside: snapshot.holds(&args.file) }))
}

fn entries(number: usize) -> String {
    if number == 1 { "1 entry".to_owned() } else { format!("{number} entries") }
}

/// Compares two snapshots.
pub(crate) fn diff(args: &DiffArgs, sources: &mut Sources) -> Outcome {
    let (diff, roots) = progress::over("comparing", || compared(args, sources))?;
    for (format, path) in &args.output {
        write(path, &shown(*format, &diff, Look::default()))?;
    }
    let addresses = roots.map(|root| addresses(args.hyperlinks, &root));
    let links = addresses.each_ref().map(|it| it.as_ref().map(Addresses::folders));
    print(&shown(args.format, &diff, Look { color: colors(args.color), links }))?;
    Ok(diff.exit_code)
}

/// What lies between two snapshots, and where these lie.
fn compared(args: &DiffArgs, sources: &mut Sources) -> Result<(Diff, [PathBuf; 2]), Failure> {
    let side = |path: &PathBuf, own: &Option<PathBuf>, threads| SnapshotArgs {
        paths: vec![path.clone()],
        estate: own.clone().or_else(|| args.estate.clone()),
        threads,
    };
    let (mut before, estate_before) = snapshot(&side(&args.before, &args.estate_before, args.threads), sources)?;
    let (mut after, estate_after) = snapshot(&side(&args.after, &args.estate_after, None), sources)?;
    let (book, config) = rules(&args.rules, &mut [&mut before, &mut after], sources)?;
    let intent = match &args.intent {
        None => None,
        Some(path) => Some(read_intent(path, &mut [&mut before, &mut after], sources)?),
    };
    let is_inside = before.own_intent.is_some() || after.own_intent.is_some();
    let roots = [before.root().to_path_buf(), after.root().to_path_buf()];
    let estates = (read_estate(estate_before, sources)?, read_estate(estate_after, sources)?);
    let wanted = book.wanted();
    let read = |snapshot, estate: &Option<EstateFile>| lint::read(snapshot, sources, estate.as_ref(), &wanted);
    let (old, new) = (read(&before, &estates.0), read(&after, &estates.1));
    let files = |it: &Snapshot| it.files.iter().copied().chain(it.estate_file).collect::<Vec<SourceId>>();
    let before = Side { read: &old, ladder: Ladder::new(&old.estate), files: files(&before) };
    let after = Side { read: &new, ladder: Ladder::new(&new.estate), files: files(&after) };
    let options = diff_options(args, &config);
    let in_force = Rules { book: &book, config: &config, baseline: None };
    let diff = compare::compare(&before, &after, sources, in_force, intent.as_deref(), &options);
    unchanged(sources)?;
    Ok((Diff { intent_inside: is_inside, ..diff }, roots))
}

/// What fails the run: the flags before the configuration.
fn diff_options(args: &DiffArgs, config: &Config) -> Options {
    let (thresholds, default) = (config.thresholds, Options::default());
    Options {
        fail_on: args.fail_on.map(Severity::from).or(thresholds.fail_on).unwrap_or(default.fail_on),
        fail_confidence: thresholds.fail_confidence.unwrap_or(default.fail_confidence),
        allow_incomplete: args.allow_incomplete || thresholds.allow_incomplete.unwrap_or_default(),
        exit_zero: args.exit_zero,
        ..default
    }
}

fn shown(format: DiffFormat, diff: &Diff, look: Look<'_>) -> String {
    match format {
        DiffFormat::Human => render::diff::human(diff, look),
        DiffFormat::Json => render::json::render(diff),
        DiffFormat::Markdown => render::diff::markdown(diff),
    }
}

fn read_intent(path: &Path, snapshots: &mut [&mut Snapshot], sources: &mut Sources) -> Result<Vec<Line>, Failure> {
    let mut inside = None;
    for snapshot in snapshots {
        snapshot.own_intent = snapshot.take_out(path, sources);
        inside = inside.or(snapshot.own_intent);
    }
    let id = inside.map_or_else(|| load::load_named(path, sources), Ok)?;
    intent::read(id, sources.get(id)).map_err(Failure::Problems)
}
