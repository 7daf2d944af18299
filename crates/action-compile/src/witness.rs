//! Witnesses: for a body that is rejected, a ctx that really makes it fail.
//!
//! Small values of the type of ctx are tried in order, first those that differ in what the body
//! names (`focus.rs`). One counts if it conforms to the schema of the point, which says more than
//! the type, and if the evaluator fails on it for the reason of the finding. Where a body has
//! several errors, an error belongs to a finding if it goes away with the guilty expression
//! (`mend.rs`); what another error hides is looked for with that one mended, on a ctx that makes
//! the body as it is fail too.
//! Invariants:
//! - what is not confirmed is not shown;
//! - the number of trials is bounded, for a body and for a run, so that the same input gives the
//!   same findings in about the same time.

mod focus;
mod mend;

use std::time::Duration;

use diagnostics::{Diagnostic, Rule, Witness};
use jsonnet_check::candidates;
use jsonnet_eval::{Evaluated, Evaluator, Failure, FailureKind, Limits};
use jsonnet_syntax::Program;
use kratos::{Point, Release};
use serde_json::Value;

use crate::ctx::CtxContext;
use mend::Mended;

/// Values that are tried for one body at one point.
const CTXS: usize = 48;
/// Evaluations for one body at one point.
const TRIALS: usize = 96;
/// After so many equal errors without a new witness the rest is looked for with these mended.
const REPEATS: usize = 6;
/// A longer body, in bytes, is not tried: Kratos's own worker takes no more (64 KiB of input, in
/// which an encoded body counts twice).
const LONGEST_BODY: usize = 64 * 1024;
/// How long one trial may take; an ordinary body takes a hundredth of it.
const LONGEST_TRIAL: Duration = Duration::from_millis(200);
/// Bodies of one run for which witnesses are looked for.
const BODIES: usize = 16;

/// Looks for witnesses, until enough bodies have had their turn.
pub(crate) struct Search<'a> {
    evaluator: Option<&'a dyn Evaluator>,
    bodies_left: usize,
}

/// A body, where it runs, and what it is given there.
pub(crate) struct Rejected<'a> {
    pub(crate) text: &'a str,
    pub(crate) program: &'a Program,
    /// Whether the parser found errors.
    pub(crate) is_broken: bool,
    pub(crate) points: &'a [Point],
    pub(crate) release: Release,
    pub(crate) context: &'a CtxContext,
}

impl<'a> Search<'a> {
    pub(crate) fn new(evaluator: Option<&'a dyn Evaluator>) -> Self {
        Self {
            evaluator,
            bodies_left: BODIES,
        }
    }

    /// Gives the findings at error level their witnesses. Their spans are still those of the body.
    pub(crate) fn confirm(&mut self, rejected: &Rejected<'_>, findings: &mut [Diagnostic]) {
        let Some(evaluator) = self.evaluator.filter(|_| self.bodies_left > 0) else {
            return;
        };
        // A text that go-jsonnet does not read fails before any ctx is looked at.
        if rejected.is_broken {
            return;
        }
        let errors: Vec<&mut Diagnostic> = findings.iter_mut().filter(|it| can_fail(it)).collect();
        if errors.is_empty() || rejected.text.len() > LONGEST_BODY {
            return;
        }
        self.bodies_left -= 1;
        let ctxs = conforming(rejected);
        let mut trials = Trials {
            evaluator,
            text: rejected.text,
            mended: Mended::new(rejected.program, rejected.text, &errors),
            failures: vec![None; ctxs.len()],
            ctxs,
            left: TRIALS,
            errors,
        };
        // Nothing left to try is as good as nothing left to find.
        let _ = trials.as_it_is();
        let _ = trials.behind_others();
    }
}

/// What could not be proven has no witness: nobody knows whether it fails.
fn can_fail(finding: &Diagnostic) -> bool {
    let unproven = [&jsonnet_check::CANNOT_PROVE, &jsonnet_check::UNKNOWN_TYPE];
    finding.is_error() && !unproven.contains(&finding.rule)
}

/// Small values that conform, those that differ in what the body names first.
fn conforming(rejected: &Rejected<'_>) -> Vec<Value> {
    let schema = rejected.context.schema(rejected.points, rejected.release);
    let Ok(validator) = jsonschema::validator_for(&schema) else {
        return Vec::new();
    };
    let ty = rejected
        .context
        .ty_of_witness(rejected.points, rejected.release);
    let names = focus::names(rejected.program);
    let mut ctxs: Vec<Value> = Vec::new();
    for ty in [focus::focused(&ty, &names), ty] {
        for ctx in candidates(&ty, CTXS) {
            if ctxs.len() < CTXS && !ctxs.contains(&ctx) && validator.is_valid(&ctx) {
                ctxs.push(ctx);
            }
        }
    }
    ctxs
}

/// The trials of one body.
struct Trials<'a, 'f> {
    evaluator: &'a dyn Evaluator,
    text: &'a str,
    mended: Mended,
    ctxs: Vec<Value>,
    /// How the body as it is ends on each ctx; none where it was not tried.
    failures: Vec<Option<Option<Failure>>>,
    left: usize,
    errors: Vec<&'f mut Diagnostic>,
}

/// No further trial is allowed.
struct Spent;

impl Trials<'_, '_> {
    /// The error of a program on a ctx, unless it raises its own or gives a value.
    fn failure(&mut self, text: &str, ctx: usize) -> Result<Option<Failure>, Spent> {
        let ctx = self.ctxs.get(ctx).ok_or(Spent)?;
        self.left = self.left.checked_sub(1).ok_or(Spent)?;
        let limits = Limits {
            time: LONGEST_TRIAL,
            ..Limits::default()
        };
        match self.evaluator.evaluate(text, ctx, &limits) {
            // A body that is too much for one ctx is too much for the next.
            Evaluated::Exceeded(_) => {
                self.left = 0;
                Err(Spent)
            }
            Evaluated::Failed(failure) => Ok(Some(failure).filter(|it| {
                matches!(
                    it.kind,
                    FailureKind::RuntimeError | FailureKind::StaticError
                )
            })),
            Evaluated::Value(_) => Ok(None),
        }
    }

    fn own_failure(&mut self, ctx: usize) -> Result<Option<Failure>, Spent> {
        if let Some(Some(known)) = self.failures.get(ctx) {
            return Ok(known.clone());
        }
        let text = self.text;
        let failure = self.failure(text, ctx)?;
        if let Some(slot) = self.failures.get_mut(ctx) {
            *slot = Some(failure.clone());
        }
        Ok(failure)
    }

    fn open(&self) -> Vec<usize> {
        let errors = self.errors.iter().enumerate();
        errors
            .filter(|(_, it)| it.witness.is_none())
            .map(|(index, _)| index)
            .collect()
    }

    fn fits(&self, index: usize, failure: &Failure) -> bool {
        let alone = self.errors.len() == 1;
        self.errors
            .get(index)
            .is_some_and(|it| fits(it, self.text, failure, alone))
    }

    fn attribute(&mut self, index: usize, ctx: usize, failure: &Failure) {
        if let (Some(finding), Some(ctx)) = (self.errors.get_mut(index), self.ctxs.get(ctx)) {
            finding.witness = Some(Witness {
                ctx: ctx.clone(),
                error: failure.to_string(),
            });
        }
    }

    /// The body as it is: which finding does it fail for?
    fn as_it_is(&mut self) -> Result<(), Spent> {
        let mut repeated: (String, usize) = Default::default();
        for ctx in 0..self.ctxs.len() {
            let open = self.open();
            if open.is_empty() || repeated.1 >= REPEATS && self.errors.len() > 1 {
                break;
            }
            let Some(failure) = self.own_failure(ctx)? else {
                continue;
            };
            if failure.message == repeated.0 {
                repeated.1 += 1;
                continue;
            }
            let mut is_new = false;
            for index in open {
                if !self.fits(index, &failure) {
                    continue;
                }
                let without = self.mended.without(index);
                let is_cause = self.errors.len() == 1
                    || self.failure(&without, ctx)?.as_ref() != Some(&failure);
                if is_cause {
                    self.attribute(index, ctx, &failure);
                    is_new = true;
                }
            }
            if !is_new {
                repeated = (failure.message, 1);
            }
        }
        Ok(())
    }

    /// The body with all errors mended but one.
    fn behind_others(&mut self) -> Result<(), Spent> {
        for neutral in ["null", "''"] {
            let open = self.open();
            for (at, index) in open.iter().enumerate() {
                let share = self.left / (open.len() - at).max(1);
                let least = self.left.saturating_sub(share.max(4));
                let alone = self.mended.alone(*index, neutral, false);
                let mended = self.mended.alone(*index, neutral, true);
                for ctx in 0..self.ctxs.len() {
                    if self.left <= least {
                        break;
                    }
                    let Some(failure) = self.failure(&alone, ctx)? else {
                        continue;
                    };
                    if self.fits(*index, &failure)
                        && self.failure(&mended, ctx)?.as_ref() != Some(&failure)
                        && self.own_failure(ctx)?.is_some()
                    {
                        self.attribute(*index, ctx, &failure);
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Whether an error is of the kind that a finding speaks of.
fn fits(finding: &Diagnostic, text: &str, failure: &Failure, alone: bool) -> bool {
    let of_members: [&Rule; 4] = [
        &jsonnet_check::UNKNOWN_MEMBER,
        &jsonnet_check::MEMBER_MAY_BE_ABSENT,
        &jsonnet_check::UNKNOWN_STD_FUNCTION,
        &jsonnet_check::NO_SUPER_MEMBER,
    ];
    let is_of_member = of_members.contains(&finding.rule);
    match failure.message.strip_prefix("Field does not exist: ") {
        Some(name) if is_of_member => {
            let written = finding.primary.range.of(text);
            let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
            let literal = written.trim_matches(['"', '\'']);
            literal == name || !literal.chars().all(is_name)
        }
        Some(_) => alone,
        None => !is_of_member || finding.rule == &jsonnet_check::NO_SUPER_MEMBER,
    }
}
