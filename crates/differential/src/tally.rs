//! The figures of a run.

use std::collections::BTreeMap;
use std::fmt;

use crate::case::Verdict;
use crate::coverage::Coverage;

/// Codes that say that something could not be shown, instead of that it fails.
const UNPROVEN: [&str; 2] = ["cannot-prove", "unknown-type"];
/// Codes that no evaluator can confirm: assertions that the program itself makes, and programs that
/// are no functions and so give the same for every input.
const OWN: [&str; 2] = ["failed-assertion", "not-a-function"];

/// Rejections of one code, the first of their programs.
#[derive(Clone, Copy, Debug, Default)]
struct OfCode {
    all: usize,
    not_failing: usize,
    unreached: usize,
    without_witness: usize,
}

/// How many cases came to what.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    sound: usize,
    unsound: usize,
    mistyped: usize,
    undecided: usize,
    by_code: BTreeMap<&'static str, OfCode>,
    unreadable: BTreeMap<&'static str, usize>,
    /// What the programs touched.
    pub coverage: Coverage,
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
            Verdict::Right(codes, witnessed) => {
                self.code(codes).without_witness += usize::from(!witnessed);
            }
            Verdict::Imprecise(codes, _) => self.code(codes).not_failing += 1,
            Verdict::Unreached(codes, _) => self.code(codes).unreached += 1,
        }
    }

    /// The figures of a rejection.
    fn code(&mut self, codes: &[&'static str]) -> &mut OfCode {
        let code = self.by_code.entry(counted_as(codes)).or_default();
        code.all += 1;
        code
    }

    /// Accepted programs that failed, or gave what was not foretold.
    #[must_use]
    pub const fn broken_promises(&self) -> usize {
        self.unsound + self.mistyped
    }

    fn rejected(&self, of: impl Fn(&str) -> bool) -> OfCode {
        let mut sum = OfCode::default();
        for (_, it) in self.by_code.iter().filter(|(code, _)| of(code)) {
            sum.all += it.all;
            sum.not_failing += it.not_failing;
            sum.unreached += it.unreached;
            sum.without_witness += it.without_witness;
        }
        sum
    }

    /// Rejected programs that were not seen to fail although the place is reached, of all rejected
    /// ones; those that only could not be proven and those of the program's own assertions aside.
    #[must_use]
    pub fn imprecise_of(&self) -> (usize, usize) {
        let sum = self.rejected(is_counted);
        (sum.not_failing, sum.all)
    }

    /// Accepted programs, of all that were checked.
    #[must_use]
    pub fn accepted_of(&self) -> (usize, usize) {
        let accepted = self.sound + self.unsound + self.mistyped + self.undecided;
        (accepted, accepted + self.rejected(|_| true).all)
    }
}

/// The code under which a rejection is counted: what could not be shown comes before what was said.
fn counted_as(codes: &[&'static str]) -> &'static str {
    let unproven = UNPROVEN.into_iter().find(|it| codes.contains(it));
    unproven.or(codes.first().copied()).unwrap_or_default()
}

/// Whether a rejection with these codes is imprecise where nothing fails.
pub(crate) fn is_imprecision(codes: &[&'static str]) -> bool {
    is_counted(counted_as(codes))
}

fn is_counted(code: &str) -> bool {
    !UNPROVEN.contains(&code) && !OWN.contains(&code)
}

fn share(part: usize, of: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "shown with two digits")]
    let share = 100.0 * part as f64 / of.max(1) as f64;
    share
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (accepted, all) = self.accepted_of();
        let sum = self.rejected(is_counted);
        let unproven = self.rejected(|it| UNPROVEN.contains(&it));
        let own = self.rejected(|it| OWN.contains(&it));
        let right = |it: OfCode| it.all - it.not_failing - it.unreached;
        writeln!(f, "| | programs | share |\n|---|---:|---:|")?;
        let line = |f: &mut fmt::Formatter<'_>, what: &str, part: usize, of: usize| {
            writeln!(f, "| {what} | {part} | {:.3} % |", share(part, of))
        };
        line(f, "checked", all, all)?;
        line(f, "accepted, of all", accepted, all)?;
        line(f, "accepted and never failed", self.sound, accepted)?;
        line(
            f,
            "**accepted and failed** (unsound)",
            self.unsound,
            accepted,
        )?;
        line(
            f,
            "**accepted, another type than foretold**",
            self.mistyped,
            accepted,
        )?;
        line(f, "accepted, evaluator gave up", self.undecided, accepted)?;
        line(f, "rejected, of all (without the next two)", sum.all, all)?;
        line(
            f,
            "could not be proven (`cannot-prove`, `unknown-type`)",
            unproven.all,
            all,
        )?;
        line(
            f,
            "failed assertions of the program's own, and programs that are no functions",
            own.all,
            all,
        )?;
        line(f, "rejected and fails", right(sum), sum.all)?;
        line(
            f,
            "rejected, not seen to fail (imprecise)",
            sum.not_failing,
            sum.all,
        )?;
        line(
            f,
            "rejected, place not seen to be reached",
            sum.unreached,
            sum.all,
        )?;
        line(
            f,
            "fails, but no witness among the first candidates",
            sum.without_witness,
            right(sum),
        )?;
        writeln!(
            f,
            "\n| first code | rejected | not seen to fail | | not reached | no witness |\n\
             |---|---:|---:|---:|---:|---:|"
        )?;
        for (code, it) in &self.by_code {
            writeln!(
                f,
                "| `{code}` | {} | {} | {:.2} % | {} | {} |",
                it.all,
                it.not_failing,
                share(it.not_failing, it.all),
                it.unreached,
                it.without_witness
            )?;
        }
        for (code, count) in &self.unreadable {
            writeln!(f, "| `{code}` (unreadable) | {count} | | | | |")?;
        }
        writeln!(f, "\n{}", self.coverage)
    }
}
