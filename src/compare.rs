//! Comparing: two snapshots that were read, and what lies between them.

mod files;
mod groups;
mod known;
mod outcomes;
mod settings;

use std::collections::{BTreeMap, BTreeSet};

use crate::compare::files::Files;
use crate::compare::known::{Other, changed, each, is_joined, known, retaken};
use crate::config::choice::is_input;
use crate::config::intent::Line;
use crate::finding::Finding;
use crate::lint::{Read, Rules, Telling};
use crate::model::ladder::Ladder;
use crate::report::diff::{Change, Counts, Diff, FindingChange, OutcomeChange, SettingChange};
use crate::report::fold::Folded;
use crate::report::notes::RuleNote;
use crate::report::open::Open;
use crate::report::verdict::{Verdict, is_export};
use crate::report::{self, Options, Reported, TOOL};
use crate::rule::state::{About, State, States};
use crate::text::source::Sources;
use crate::text::span::SourceId;

/// One side: a snapshot that was read, its ladder, and the sources that are its files.
pub struct Side<'s> {
    /// What was read.
    pub read: &'s Read,
    /// Its ladder.
    pub ladder: Ladder<'s>,
    /// Its files.
    pub files: Vec<SourceId>,
}

/// What lies between two snapshots.
pub fn compare<'s>(
    before: &Side<'s>,
    after: &Side<'s>,
    sources: &'s Sources,
    rules: Rules<'_>,
    intent: Option<&[Line]>,
    options: &Options,
) -> Diff {
    let (settings, files) = settings::compare(before, after, sources);
    let (old, old_groups, old_open) = known(before, sources, rules, Some(&files));
    let (new, new_groups, new_open) = known(after, sources, rules, None);
    let retaken = retaken(&old, &new);
    let mut changes = Changes::default();
    let earlier = Other { all: &old, groups: &old_groups, retaken: &retaken, changed: changed(&new, &old) };
    changes.take_new(before, after, sources, rules, &earlier, options);
    let later = Other { all: &new, groups: &new_groups, retaken: &retaken, changed: changed(&old, &new) };
    changes.take_gone(before, after, sources, rules, &later, &files);
    let Changes { folded, mut counts, mut fails } = changes;
    let outcomes = outcomes::compare(before, after, intent, &mut counts);
    let of_findings = folded.values().flat_map(Folded::spans);
    sources.hold(of_findings.chain(outcomes.spans()).chain(settings.iter().flat_map(SettingChange::spans)));
    let settings: Vec<SettingChange> = settings.into_iter().map(|it| it.located(sources)).collect();
    let mut findings = Vec::new();
    for ((change, reason), folded) in folded {
        let found = report::sorted(folded, sources).into_iter();
        findings.extend(found.map(|finding| FindingChange {
            change,
            side: change.side(),
            reason: reason.clone(),
            finding,
        }));
    }
    let (mut lost, not_checkable) = split_by_server(beyond(&new_open, &old_open), before);
    lost.extend(vanished(before, after, &files));
    lost.sort();
    let (newly_checkable, _) = split_by_server(beyond(&old_open, &new_open), after);
    let asked = outcomes.asked;
    let (outcomes, intent) = outcomes.told(after, sources);
    let files = files.changes(&settings, &mentioned(&findings, &outcomes, &settings), after, &lost);
    let findings = listed(findings);
    fails |= intent.as_ref().is_some_and(|lines| lines.iter().any(|it| it.status == "not achieved"));
    fails |= intent.is_some() && counts.collateral > 0;
    let is_empty = [before, after].iter().any(|side| !side.read.inputs.iter().any(is_export));
    let verdict = match (is_empty, fails) {
        (true, _) => Verdict::NothingRead,
        (false, true) => Verdict::Findings,
        _ if !lost.is_empty() || !not_checkable.is_empty() || counts.no_longer_checkable > 0 => Verdict::Incomplete,
        _ => Verdict::Clean,
    };
    let ids: BTreeSet<String> = findings.iter().map(|it| it.finding.rule.clone()).collect();
    Diff {
        schema: "owalint.diff/1",
        tool: TOOL,
        verdict,
        exit_code: verdict.exit_code(options),
        summary: counts,
        findings,
        no_longer_checkable: lost,
        not_checkable,
        newly_checkable,
        outcomes,
        settings,
        files,
        intent,
        intent_inside: false,
        asked,
        rules: ids.iter().filter_map(|id| RuleNote::of(id, Some(rules.book))).collect(),
    }
}

/// What of the findings of each kind of change a report lists.
fn listed(findings: Vec<FindingChange>) -> Vec<FindingChange> {
    let mut kinds: BTreeMap<(Change, Option<String>), Vec<Reported>> = BTreeMap::new();
    for it in findings {
        kinds.entry((it.change, it.reason)).or_default().push(it.finding);
    }
    let told = |((change, reason), found): ((Change, Option<String>), Vec<Reported>)| {
        let found = report::bound::listed(found).into_iter();
        found.map(move |finding| FindingChange { change, side: change.side(), reason: reason.clone(), finding })
    };
    kinds.into_iter().flat_map(told).collect()
}

/// The findings that are not as before, as they come.
#[derive(Default)]
struct Changes {
    folded: BTreeMap<(Change, Option<String>), Folded>,
    counts: Counts,
    fails: bool,
}

impl Changes {
    /// Takes in what AFTER has and BEFORE has not, or not so grave.
    fn take_new(
        &mut self,
        before: &Side<'_>,
        after: &Side<'_>,
        sources: &Sources,
        rules: Rules<'_>,
        old: &Other<'_>,
        options: &Options,
    ) {
        let Changes { folded, counts, fails } = self;
        let mut states = States::new(rules.book, &before.ladder);
        each(after, sources, rules, (None, Telling::Apart(&old.changed)), |key, finding| {
            if is_joined(&finding, rules) {
                counts.unchanged += finding.source_count();
                return;
            }
            let earlier = old.all.get(&key).or_else(|| old.retaken.after.get(&key).and_then(|it| old.all.get(it)));
            let joined = if earlier.is_none() { old.groups.lacks(&finding) } else { None };
            if joined.as_ref().is_some_and(Vec::is_empty) {
                counts.unchanged += 1;
                return;
            }
            let joined = joined.filter(|joined| joined.len() < finding.parts.len());
            let joined = joined.map(|joined| groups::of_parts(&finding, joined));
            let (change, reason) = match earlier {
                Some(it) if (it.severity, it.confidence) == (finding.severity, finding.confidence) => {
                    counts.unchanged += 1;
                    return;
                }
                Some(it) => (
                    Change::Changed,
                    Some(format!("{}, confidence {} before", it.severity.word(), it.confidence.word())),
                ),
                None => match state(&mut states, joined.as_ref().unwrap_or(&finding)) {
                    State::Unknown(why) if !is_input(&finding.rule) => {
                        (Change::NewlyChecked, Some(format!("before: {why}")))
                    }
                    _ => (Change::New, None),
                },
            };
            let (change, reason) = match joined {
                Some(joined) => (change, Some(groups::said(&joined, reason))),
                None => (change, reason),
            };
            let does_fail = |severity, confidence| severity >= options.fail_on && confidence >= options.fail_confidence;
            *fails |= does_fail(finding.severity, finding.confidence)
                && !earlier.is_some_and(|it| does_fail(it.severity, it.confidence));
            *(if earlier.is_some() { &mut counts.changed } else { &mut counts.new }) += 1;
            folded.entry((change, reason)).or_default().take(finding);
        });
    }

    /// Takes in what BEFORE has and AFTER has not, with the reason.
    fn take_gone(
        &mut self,
        before: &Side<'_>,
        after: &Side<'_>,
        sources: &Sources,
        rules: Rules<'_>,
        new: &Other<'_>,
        files: &Files<'_>,
    ) {
        let Changes { folded, counts, .. } = self;
        let mut states = States::new(rules.book, &after.ladder);
        let file_is_read = |finding: &Finding| file_is_read(finding, after, sources, files);
        let lost_evidence = |finding: &Finding| files.lost_evidence(finding, sources);
        each(before, sources, rules, (Some(files), Telling::Apart(&new.changed)), |key, finding| {
            if is_joined(&finding, rules) || new.all.contains_key(&key) || new.retaken.before.contains(&key) {
                return;
            }
            let left = new.groups.lacks(&finding);
            if left.as_ref().is_some_and(Vec::is_empty) {
                return;
            }
            let is_some = left.as_ref().is_some_and(|left| left.len() < finding.parts.len());
            let (change, reason) = match left.map(|left| groups::of_parts(&finding, left)) {
                None => gone(&mut states, &finding, file_is_read, lost_evidence),
                Some(left) => match gone(&mut states, &left, file_is_read, lost_evidence) {
                    (change, reason) if is_some => (change, Some(groups::said(&left, reason))),
                    whole => whole,
                },
            };
            *match change {
                Change::Fixed => &mut counts.fixed,
                Change::Superseded => &mut counts.superseded,
                _ => &mut counts.no_longer_checkable,
            } += 1;
            folded.entry((change, reason)).or_default().take(finding);
        });
    }
}

fn state(states: &mut States<'_, '_>, it: &Finding) -> State {
    states.of(About {
        rule: &it.rule,
        sources: &it.sources,
        targets: &it.targets,
        object: &it.object,
        parts: &it.parts,
    })
}

/// Whether the file that a finding is about is still there and can be read.
fn file_is_read(finding: &Finding, after: &Side<'_>, sources: &Sources, files: &Files<'_>) -> bool {
    let source = sources.get(finding.primary.span.source);
    let path = files.later_path(source.path());
    source.is_outside() || after.read.inputs.iter().any(|it| it.path == path && it.status != "refused")
}

/// Why a finding is not there any more.
fn gone(
    states: &mut States<'_, '_>,
    finding: &Finding,
    file_is_read: impl Fn(&Finding) -> bool,
    lost_evidence: impl Fn(&Finding) -> Option<String>,
) -> (Change, Option<String>) {
    if is_input(&finding.rule) {
        return if file_is_read(finding) {
            (Change::Fixed, None)
        } else {
            (Change::NoLongerCheckable, Some("its file is not there any more, or not read".to_owned()))
        };
    }
    match state(states, finding) {
        State::Silent => {
            lost_evidence(finding).map_or((Change::Fixed, None), |why| (Change::NoLongerCheckable, Some(why)))
        }
        State::Fires => (Change::Superseded, Some("another rule says it, or it is suppressed".to_owned())),
        State::Decided(step) => (Change::Superseded, Some(format!("an earlier step decides now: {step}"))),
        State::Unknown(why) => (Change::NoLongerCheckable, Some(why)),
    }
}

/// What is open here and not there, by rule, reason and server.
fn beyond(here: &[Open], there: &[Open]) -> Vec<Open> {
    let known: BTreeSet<(&Option<String>, &str, &str)> = there
        .iter()
        .flat_map(|it| it.servers.iter().map(move |server| (&it.rule, it.reason.as_str(), server.as_str())))
        .collect();
    let left = |it: &Open| {
        let is_new = |server: &&String| !known.contains(&(&it.rule, it.reason.as_str(), server.as_str()));
        Open { servers: it.servers.iter().filter(is_new).cloned().collect(), ..it.clone() }
    };
    here.iter().map(left).filter(|it| !it.servers.is_empty()).collect()
}

/// What is open of servers that the other side has, and of those that it has not.
fn split_by_server(open: Vec<Open>, other: &Side<'_>) -> (Vec<Open>, Vec<Open>) {
    let servers: BTreeSet<String> = other.ladder.estate.servers.iter().map(|it| it.name.to_lowercase()).collect();
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for it in open {
        let (known, unknown): (Vec<String>, Vec<String>) =
            it.servers.iter().cloned().partition(|name| servers.contains(&name.to_lowercase()));
        for (servers, side) in [(known, &mut old), (unknown, &mut new)] {
            if !servers.is_empty() {
                side.push(Open { servers, ..it.clone() });
            }
        }
    }
    (old, new)
}

/// Servers, virtual directories and web.config files that nothing is known of any more.
fn vanished(before: &Side<'_>, after: &Side<'_>, files: &Files<'_>) -> Vec<Open> {
    let servers: BTreeSet<String> = after.ladder.estate.servers.iter().map(|it| it.name.to_lowercase()).collect();
    let vdirs: BTreeSet<String> = after.ladder.targets.iter().map(|it| it.vdir.identity.to_lowercase()).collect();
    let open = |what: &str, server: &str| Open {
        rule: None,
        reason: format!("{what} is in BEFORE and not in AFTER"),
        servers: vec![server.to_owned()],
        ask_for: format!("the exports of {server}; if it was removed on purpose, --allow-incomplete"),
    };
    let gone = before.ladder.estate.servers.iter().filter(|it| !servers.contains(&it.name.to_lowercase()));
    let mut lost: Vec<Open> = gone.map(|it| open(&it.name, &it.name)).collect();
    let targets = before.ladder.targets.iter().filter(|it| servers.contains(&it.server.name.to_lowercase()));
    let targets = targets.filter(|it| !vdirs.contains(&it.vdir.identity.to_lowercase()));
    lost.extend(targets.map(|it| open(&it.vdir.identity, &it.server.name)));
    let left = files.lost_web_configs.iter().filter(|(_, server)| servers.contains(&server.to_lowercase()));
    lost.extend(left.map(|(path, server)| Open {
        ask_for: format!("that file; if {server} has it no longer, --allow-incomplete"),
        ..open(path, server)
    }));
    lost
}

/// The paths that something points at that changed.
fn mentioned(findings: &[FindingChange], outcomes: &[OutcomeChange], settings: &[SettingChange]) -> BTreeSet<String> {
    let of_findings = findings.iter().flat_map(|it| std::iter::once(&it.finding.primary).chain(&it.finding.related));
    let of_outcomes = outcomes.iter().flat_map(|it| it.because_before.iter().chain(&it.because_after));
    let of_settings = settings.iter().flat_map(|it| it.at_before.iter().chain(&it.at_after));
    of_findings.chain(of_outcomes).chain(of_settings).map(|it| it.path.clone()).collect()
}
