//! A tally of problems: the first ones of each kind are said one by one, and the rest by their number.

use std::collections::BTreeMap;

use crate::read::problem::{Problem, ProblemKind};

/// How many problems of one kind are said of one file; the last of them says how many there are.
const MAX_OF_A_KIND: usize = 50;

/// The same for files whose lines have problems of their own, each of which somebody may want to see.
pub(crate) const MAX_OF_LINES: usize = 1_000;

/// The problems of one file.
#[derive(Debug)]
pub(crate) struct Tally {
    most: usize,
    problems: Vec<Problem>,
    /// How many there are of each kind, and where the last one stands that is said.
    kinds: BTreeMap<ProblemKind, (usize, usize)>,
}

impl Default for Tally {
    fn default() -> Tally {
        Tally::of(MAX_OF_A_KIND)
    }
}

impl Tally {
    /// One that says so many of a kind.
    pub(crate) fn of(most: usize) -> Tally {
        Tally { most, problems: Vec::new(), kinds: BTreeMap::new() }
    }

    /// Takes in a problem.
    pub(crate) fn push(&mut self, problem: Problem) {
        let (count, last) = self.kinds.entry(problem.kind).or_default();
        *count += 1;
        if *count <= self.most {
            *last = self.problems.len();
            self.problems.push(problem);
        }
    }

    /// Takes in a problem of which one of its kind is enough.
    pub(crate) fn once(&mut self, problem: Problem) {
        if !self.kinds.contains_key(&problem.kind) {
            self.push(problem);
        }
    }

    /// What is to be said.
    pub(crate) fn finish(mut self) -> Vec<Problem> {
        for (count, last) in self.kinds.into_values().filter(|(count, _)| *count > self.most) {
            tell_rest(&mut self.problems[last], count);
        }
        self.problems
    }
}

/// The problems of a file that are found in several steps: how many of each kind are not kept.
#[derive(Debug, Default)]
pub(crate) struct LeftOut(BTreeMap<ProblemKind, usize>);

impl LeftOut {
    /// Keeps the first problems of each kind, and counts the others.
    pub(crate) fn bound(&mut self, problems: &mut Vec<Problem>) {
        let mut kept: BTreeMap<ProblemKind, usize> = BTreeMap::new();
        problems.retain(|problem| {
            let count = kept.entry(problem.kind).or_default();
            *count += 1;
            let is_kept = *count <= MAX_OF_LINES;
            if !is_kept {
                *self.0.entry(problem.kind).or_default() += 1;
            }
            is_kept
        });
    }

    /// Says of the last problem of each kind how many there are, where that is more than were kept.
    pub(crate) fn tell(self, problems: &mut [Problem]) {
        for (kind, count) in self.0 {
            problems
                .iter_mut()
                .rfind(|it| it.kind == kind)
                .into_iter()
                .for_each(|last| tell_rest(last, count + MAX_OF_LINES));
        }
    }
}

fn tell_rest(last: &mut Problem, count: usize) {
    last.message = format!("{}; the file has {count} of these", last.message);
}

/// How often each kind came up, where the problems themselves are kept elsewhere.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    counts: BTreeMap<ProblemKind, usize>,
}

impl Counts {
    /// Counts a problem; whether it is to be said.
    pub(crate) fn take(&mut self, kind: ProblemKind) -> bool {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        *count <= MAX_OF_LINES
    }

    /// Says of the last problem of each kind how many there are, where that is more than were said.
    pub(crate) fn finish(&self, problems: &mut [Problem]) {
        for (kind, count) in self.counts.iter().filter(|(_, count)| **count > MAX_OF_LINES) {
            problems.iter_mut().rfind(|it| it.kind == *kind).into_iter().for_each(|last| tell_rest(last, *count));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::span::{SourceId, Span};

    #[test]
    fn what_is_too_much_is_counted() {
        let mut tally = Tally::default();
        let problem = |kind| Problem::new(kind, Span::file(SourceId(0)), "a fault");
        tally.once(problem(ProblemKind::CsvQuoting));
        tally.once(problem(ProblemKind::CsvQuoting));
        (0..1000).for_each(|_| tally.push(problem(ProblemKind::CsvRowUneven)));
        let problems = tally.finish();
        assert_eq!(problems.len(), 1 + MAX_OF_A_KIND);
        assert_eq!(problems[0].message, "a fault");
        assert_eq!(problems[1].message, "a fault");
        assert_eq!(problems[MAX_OF_A_KIND].message, "a fault; the file has 1000 of these");
    }
}
