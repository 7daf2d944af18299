//! Witnesses: for a body that is rejected, a ctx that really makes it fail.
//!
//! Small values of the type of ctx are tried in order. One counts if it conforms to the schema of
//! the point, which says more than the type, and if the evaluator fails on it.
//! Invariants:
//! - what is not confirmed is not shown;
//! - the number of trials is bounded, for a body and for a run, so that the same input gives the
//!   same findings in about the same time.

use std::time::Duration;

use diagnostics::{Diagnostic, Witness};
use jsonnet_check::{Ty, candidates};
use jsonnet_eval::{Evaluated, Evaluator, FailureKind, Limits};
use kratos::{Point, Release};

use crate::ctx::CtxContext;

/// Values that are tried for one body at one point.
const TRIALS: usize = 48;
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
    pub(crate) ctx: &'a Ty,
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
        // What could not be proven has no witness: nobody knows whether it fails.
        let unproven = [&jsonnet_check::CANNOT_PROVE, &jsonnet_check::UNKNOWN_TYPE];
        let fails = |it: &Diagnostic| it.is_error() && !unproven.contains(&it.rule);
        let errors = findings.iter().filter(|it| fails(it)).count();
        if errors == 0 || rejected.text.len() > LONGEST_BODY {
            return;
        }
        self.bodies_left -= 1;
        let schema = rejected.context.schema(rejected.points, rejected.release);
        let Ok(validator) = jsonschema::validator_for(&schema) else {
            return;
        };
        for ctx in candidates(rejected.ctx, TRIALS) {
            if findings.iter().all(|it| !fails(it) || it.witness.is_some()) {
                return;
            }
            if !validator.is_valid(&ctx) {
                continue;
            }
            let limits = Limits {
                time: LONGEST_TRIAL,
                ..Limits::default()
            };
            let outcome = evaluator.evaluate(rejected.text, &ctx, &limits);
            // A body that is too much for one ctx is too much for the next.
            if matches!(outcome, Evaluated::Exceeded(_)) {
                return;
            }
            let Evaluated::Failed(failure) = outcome else {
                continue;
            };
            if !matches!(
                failure.kind,
                FailureKind::RuntimeError | FailureKind::StaticError
            ) {
                continue;
            }
            let open = findings
                .iter_mut()
                .filter(|it| fails(it) && it.witness.is_none());
            // Where several findings stand side by side, an error belongs to the one it names.
            let named = |it: &Diagnostic| {
                let text = it.primary.range.of(rejected.text).trim_matches(['"', '\'']);
                let is_part = |c: char| !(c.is_alphanumeric() || c == '_' || c == '-');
                !text.is_empty() && failure.message.split(is_part).any(|word| word == text)
            };
            for finding in open.filter(|it| errors == 1 || named(it)) {
                finding.witness = Some(Witness {
                    ctx: ctx.clone(),
                    error: failure.to_string(),
                });
            }
        }
    }
}
