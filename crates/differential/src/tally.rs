//! The figures of a run.

use std::collections::BTreeMap;
use std::fmt;

use crate::case::Verdict;

/// Codes that say that something could not be shown, instead of that it fails.
const UNPROVEN: [&str; 2] = ["cannot-prove", "unknown-type"];

/// How many cases came to what.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    sound: usize,
    unsound: usize,
    mistyped: usize,
    undecided: usize,
    right: usize,
    imprecise: usize,
    unproven: usize,
    unreached: usize,
    unreadable: BTreeMap<&'static str, usize>,
    /// By the first code: rejections, how many of them were not seen to fail, and how many not seen
    /// to be reached.
    by_code: BTreeMap<&'static str, (usize, usize, usize)>,
}

impl Tally {
    /// Counts a verdict.
    pub fn count(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Unreadable(code) => *self.unreadable.entry(code).or_default() += 1,
            Verdict::Sound => self.sound += 1,
            Verdict::Unsound(_) => self.unsound += 1,
            Verdict::Mistyped(_) => self.mistyped += 1,
            Verdict::Undecided(_) => self.undecided += 1,
            Verdict::Right(codes) => {
                self.right += 1;
                self.code(codes).0 += 1;
            }
            Verdict::Imprecise(codes, _) => {
                if is_unproven(codes) {
                    self.unproven += 1;
                } else {
                    self.imprecise += 1;
                }
                let code = self.code(codes);
                code.0 += 1;
                code.1 += 1;
            }
            Verdict::Unreached(codes, _) => {
                self.unreached += 1;
                let code = self.code(codes);
                code.0 += 1;
                code.2 += 1;
            }
        }
    }

    fn code(&mut self, codes: &[&'static str]) -> &mut (usize, usize, usize) {
        let first = codes.first().copied().unwrap_or_default();
        self.by_code.entry(first).or_default()
    }

    /// Accepted programs that failed, or gave what was not foretold.
    #[must_use]
    pub const fn broken_promises(&self) -> usize {
        self.unsound + self.mistyped
    }

    /// Rejected programs that were not seen to fail, of all rejected ones, those that only could
    /// not be proven aside.
    #[must_use]
    pub const fn imprecise_of(&self) -> (usize, usize) {
        (self.imprecise, self.right + self.imprecise + self.unreached)
    }

    /// Accepted programs, of all that were checked.
    #[must_use]
    pub const fn accepted_of(&self) -> (usize, usize) {
        let accepted = self.sound + self.unsound + self.mistyped + self.undecided;
        (accepted, accepted + self.right + self.imprecise + self.unproven + self.unreached)
    }
}

/// Whether all that is said is that something could not be shown.
#[must_use]
pub fn is_unproven(codes: &[&'static str]) -> bool {
    codes.iter().any(|it| UNPROVEN.contains(it))
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (accepted, all) = self.accepted_of();
        let (imprecise, rejected) = self.imprecise_of();
        let share = |part: usize, of: usize| {
            #[expect(clippy::cast_precision_loss, reason = "shown with two digits")]
            let share = 100.0 * part as f64 / of.max(1) as f64;
            share
        };
        writeln!(f, "{all} programs, {:.1} % accepted", share(accepted, all))?;
        writeln!(
            f,
            "accepted: {} never failed, {} failed, {} gave another type, {} undecided",
            self.sound, self.unsound, self.mistyped, self.undecided
        )?;
        writeln!(
            f,
            "rejected: {} fail on some input; {imprecise} were not seen to fail ({:.2} % of \
             {rejected}), {} not to be reached; {} more could only not be proven",
            self.right,
            share(imprecise, rejected),
            self.unreached,
            self.unproven
        )?;
        for (code, (all, imprecise, unreached)) in &self.by_code {
            writeln!(
                f,
                "  {code:28} {all:8}  not seen to fail {imprecise:6} ({:.2} %), to be reached {unreached}",
                share(*imprecise, *all)
            )?;
        }
        for (code, count) in &self.unreadable {
            writeln!(f, "  unreadable: {code} {count}")?;
        }
        Ok(())
    }
}
