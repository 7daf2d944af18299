//! Witnesses: for a body that is rejected, a ctx that really makes it fail.
//!
//! Inputs are tried in the order of [`jsonnet_check::inputs`]: first the smallest of those on which
//! the checker says that an error happens, then other small ones. One counts if it conforms to the schema of the point, which says more than
//! the type, and if the evaluator fails on it for the reason of the finding: an error belongs to a
//! finding if it goes away with the guilty expression (`mend.rs`). What one error hides is looked
//! for on the same ctx with that one mended (`trials.rs`).
//! Invariants:
//! - what is not confirmed is not shown;
//! - the number of trials is bounded, for a body and for a run, so that the same input gives the
//!   same findings in about the same time.

mod mend;
mod trials;

use std::time::Duration;

use diagnostics::Diagnostic;
use jsonnet_check::{Failing, inputs};
use jsonnet_eval::Evaluator;
use jsonnet_syntax::Program;
use kratos::{Point, Release};
use serde_json::Value;

use crate::ctx::CtxContext;
use mend::Mended;
use trials::Trials;

/// Values that are tried for one body at one point.
const CTXS: usize = 48;
/// Of them, those that are made for the findings.
const AIMED: usize = 32;
/// Evaluations for one body at one point.
const TRIALS: usize = 96;
/// A longer body, in bytes, is not tried: Kratos's own worker takes no more (64 KiB of input, in
/// which an encoded body counts twice).
const LONGEST_BODY: usize = 64 * 1024;
/// How long one trial may take; an ordinary body takes a hundredth of it.
const LONGEST_TRIAL: Duration = Duration::from_millis(200);
/// How long one trial of a body may take when it took too long at first: the machine may be busy.
const SECOND_TRIAL: Duration = Duration::from_secs(1);
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
    /// What the checker says of the ctxs on which it fails.
    pub(crate) failing: &'a [Failing],
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
        let ctxs = conforming(rejected, &errors);
        let mended = Mended::new(rejected.program, rejected.text, &errors);
        Trials::new(evaluator, rejected.text, mended, ctxs, errors).run();
    }
}

/// What could not be proven has no witness: nobody knows whether it fails.
fn can_fail(finding: &Diagnostic) -> bool {
    let unproven = [&jsonnet_check::CANNOT_PROVE, &jsonnet_check::UNKNOWN_TYPE];
    finding.is_error() && !unproven.contains(&finding.rule)
}

/// Ctxs that conform, those on which the findings are likely first; of each point in turn.
fn conforming(rejected: &Rejected<'_>, errors: &[&mut Diagnostic]) -> Vec<Value> {
    let (context, release) = (rejected.context, rejected.release);
    let Ok(validator) = jsonschema::validator_for(&context.schema(rejected.points, release)) else {
        return Vec::new();
    };
    let conforms = |it: &Value| validator.is_valid(it);
    // What is known from another point has its witness from there.
    let is_open = |it: &&Failing| errors.iter().any(|error| error.primary == it.place);
    let failing: Vec<Failing> = rejected.failing.iter().filter(is_open).cloned().collect();
    let program = rejected.program;
    let everywhere = context.ty_of_witness(rejected.points, release);
    let mut ctxs = inputs(program, &everywhere, &failing, AIMED, conforms);
    let share = (CTXS / rejected.points.len().max(1)).max(8);
    let mut rows = Vec::new();
    for point in rejected.points {
        let ty = context.ty_of_witness(&[*point], release);
        rows.push(inputs(program, &ty, &[], share, conforms).into_iter());
    }
    while ctxs.len() < CTXS && rows.iter().any(|row| row.len() > 0) {
        for ctx in rows.iter_mut().filter_map(Iterator::next) {
            if !ctxs.contains(&ctx) {
                ctxs.push(ctx);
            }
        }
    }
    ctxs
}
