//! A tally of problems: the first ones of each kind are said one by one, and the rest by their number.

use std::collections::BTreeMap;

use crate::read::problem::{Problem, ProblemKind};

/// How many problems of one kind are said of one file; the last of them says how many there are.
const MAX_OF_A_KIND: usize = 50;

/// The problems of one file.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    problems: Vec<Problem>,
    /// How many there are of each kind, and where the last one stands that is said.
    kinds: BTreeMap<ProblemKind, (usize, usize)>,
}

impl Tally {
    /// Takes in a problem.
    pub(crate) fn push(&mut self, problem: Problem) {
        let (count, last) = self.kinds.entry(problem.kind).or_default();
        *count += 1;
        if *count <= MAX_OF_A_KIND {
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
        for (count, last) in self.kinds.into_values().filter(|(count, _)| *count > MAX_OF_A_KIND) {
            let message = &mut self.problems[last].message;
            *message = format!("{message}; the file has {count} of these");
        }
        self.problems
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
