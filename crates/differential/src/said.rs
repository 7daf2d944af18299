//! What the checker says of each program of a run, as one number each.
//!
//! After a change of the checker only those programs need a judge of which it says something else
//! than before, so that a long run is carried over to the next state by a short one.
//!
//! Invariant: equal numbers stand for equal programs, findings and types; inputs and judges have no
//! part in them. Numbers of two builds by one compiler can be compared.

use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use anyhow::Context as _;

use crate::case::Case;

/// What was said, by the number of the program.
#[derive(Clone, Debug, Default)]
pub struct Said(HashMap<u64, u64>);

impl Said {
    /// What the checker says of these programs of a seed.
    #[must_use]
    pub fn of_run(seed: u64, numbers: impl Iterator<Item = u64>) -> Self {
        let said = numbers.map(|it| (it, of_case(&Case::random(seed, it, 0))));
        Self(said.collect())
    }

    /// Reads what [`Display`] wrote.
    ///
    /// # Errors
    /// When a line is not two numbers.
    pub fn read(text: &str) -> anyhow::Result<Self> {
        let line = |line: &str| -> anyhow::Result<(u64, u64)> {
            let (number, said) = line.split_once(' ').context("a line of one word")?;
            Ok((number.parse()?, u64::from_str_radix(said, 16)?))
        };
        text.lines()
            .map(line)
            .collect::<anyhow::Result<_>>()
            .map(Self)
    }

    /// Whether the checker still says the same of the program of that number.
    #[must_use]
    pub fn holds(&self, number: u64, case: &Case) -> bool {
        self.0.get(&number) == Some(&of_case(case))
    }
}

impl Display for Said {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_unstable();
        all.into_iter()
            .try_for_each(|(number, said)| writeln!(f, "{number} {said:016x}"))
    }
}

fn of_case(case: &Case) -> u64 {
    let mut said = DefaultHasher::new();
    case.program.hash(&mut said);
    match case.check() {
        Err(code) => code.hash(&mut said),
        Ok(checked) => {
            checked.result.to_full_string().hash(&mut said);
            for it in &checked.diagnostics {
                let range = it.primary.range.to_usize();
                (it.rule.code, &it.message, range).hash(&mut said);
            }
        }
    }
    said.finish()
}

#[cfg(test)]
mod tests {
    use super::Said;
    use crate::case::Case;

    #[test]
    fn what_was_said_is_known_again() {
        let said = Said::of_run(3, 5..9);
        let read = Said::read(&said.to_string()).unwrap_or_default();
        let case = Case::random(3, 7, 4);
        assert!(read.holds(7, &case));
        assert!(!read.holds(8, &case));
        assert!(!read.holds(9, &Case::random(3, 9, 0)));
        assert!(Said::read("1\n").is_err());
    }
}
