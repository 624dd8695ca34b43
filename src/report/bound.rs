//! Bounding: a report lists the gravest findings where there are more than anybody can read, and says how many are left.

use std::cmp::Reverse;

use crate::finding::{Confidence, Severity, fingerprint};
use crate::read::problem::ProblemKind;
use crate::report::fold::Folded;
use crate::report::{FindingCounts, Options, Parts, Reported};
use crate::text::source::Sources;

/// How many findings a report lists.
/// A finding that is about no server.
const NOBODY: [&str; 0] = [];

const MAX_FINDINGS: usize = 1_000_000;

/// Holds the places of the findings that are shown, and no other text.
pub(super) fn hold(parts: &Parts, sources: &Sources, options: &Options) {
    let suppressed = parts.suppressed.iter().map(|(findings, _)| findings).filter(|_| options.show_suppressed);
    let baselined = Some(&parts.baselined).filter(|_| options.show_baselined);
    sources.hold([&parts.findings].into_iter().chain(suppressed).chain(baselined).flat_map(Folded::spans));
}

/// What of findings a report lists.
pub(crate) fn listed(findings: Vec<Reported>) -> Vec<Reported> {
    bound(findings, MAX_FINDINGS)
}

impl FindingCounts {
    /// How many there are of each severity.
    pub(super) fn of(findings: &[Reported]) -> FindingCounts {
        let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        FindingCounts { error: count(Severity::Error), warning: count(Severity::Warning), info: count(Severity::Info) }
    }
}

/// Keeps the gravest `most` findings in their order, and tells of the others where the first of them would stand.
fn bound(findings: Vec<Reported>, most: usize) -> Vec<Reported> {
    if findings.len() <= most {
        return findings;
    }
    let total = findings.len();
    let mut by_weight: Vec<usize> = (0..total).collect();
    // Those that are equally grave stay in the order of the report.
    by_weight.sort_by_key(|at| Reverse(findings[*at].severity));
    let mut is_listed = vec![false; total];
    by_weight.into_iter().take(most).for_each(|at| is_listed[at] = true);
    let mut listed = Vec::with_capacity(most + 1);
    let mut is_told = false;
    for (finding, is_listed) in findings.into_iter().zip(is_listed) {
        if is_listed {
            listed.push(finding);
        } else if !std::mem::replace(&mut is_told, true) {
            listed.push(rest(finding, total - most, total));
        }
    }
    listed
}

/// What is said in place of the first finding that is not listed.
fn rest(first: Reported, left: usize, total: usize) -> Reported {
    let row = ProblemKind::FindingsUnlisted.row();
    let message = format!("{left} of {total} findings are not listed, and this is where the first of them would stand");
    let mut primary = first.primary;
    primary.label.clear();
    Reported {
        rule: row.id.to_owned(),
        name: row.name.to_owned(),
        severity: row.severity,
        confidence: Confidence::High,
        event: None,
        fingerprint: fingerprint::hex(fingerprint::of(row.id, &NOBODY, &NOBODY, [message.as_str()])),
        message,
        sources: Vec::new(),
        targets: Vec::new(),
        sources_total: 0,
        primary,
        related: Vec::new(),
        help: Some(row.help.to_owned()),
        near_miss: Vec::new(),
        near_miss_total: 0,
        assumes: Vec::new(),
        references: Vec::new(),
        related_total: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Finding, Label, Template};
    use crate::report::fold::Folded;
    use crate::text::decode::decode;
    use crate::text::source::{Source, Sources};
    use crate::text::span::{SourceId, Span};

    fn plain() -> Finding {
        Finding {
            rule: "P42-001".to_owned(),
            name: String::new(),
            severity: Severity::Info,
            confidence: Confidence::High,
            event: None,
            message: Template::plain("a fault"),
            sources: Vec::new(),
            targets: Vec::new(),
            primary: Label::new(Span::file(SourceId(0)), ""),
            related: Vec::new(),
            more_places: Vec::new(),
            more_sources: Vec::new(),
            help: None,
            near_miss: false,
            assumes: Vec::new(),
            references: Vec::new(),
            object: String::new(),
            cause: String::new(),
            parts: Vec::new(),
        }
    }

    /// Findings at each of the first characters of a file, an error at every tenth.
    fn findings(count: usize) -> (Sources, Folded) {
        let mut sources = Sources::default();
        let id = sources.add(Source::new("a".to_owned(), decode(vec![b'x'; count])));
        let mut folded = Folded::default();
        for at in 0..count {
            let severity = if at % 10 == 9 { Severity::Error } else { Severity::Warning };
            let primary = Label::new(Span::new(id, at, at + 1), "");
            folded.take(Finding { severity, primary, ..plain() });
        }
        (sources, folded)
    }

    #[test]
    fn the_gravest_are_listed_and_the_others_counted() {
        let (sources, folded) = findings(100);
        let all = crate::report::sorted(folded, &sources);
        assert!(bound(all.clone(), 100).iter().all(|it| it.rule == "P42-001"));
        let listed = bound(all, 14);
        assert_eq!(listed.len(), 15);
        let errors = listed.iter().filter(|it| it.severity == Severity::Error).count();
        let rest: Vec<_> = listed.iter().filter(|it| it.rule == "INP-518").collect();
        assert_eq!((errors, rest.len()), (10, 1));
        // Four warnings are listed, the fifth is not.
        assert_eq!(rest[0].primary.start.column, 5);
        assert!(rest[0].message.starts_with("86 of 100 findings are not listed"), "{}", rest[0].message);
        let places: Vec<u32> = listed.iter().map(|it| it.primary.start.column).collect();
        assert!(places.is_sorted(), "{places:?}");
    }
}
