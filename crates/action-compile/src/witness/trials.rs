//! The trials of one body: each small ctx is taken as far as its errors can be told apart.
//!
//! Invariant: a witness makes the body fail as it is written, whichever of its errors comes first;
//! all ctxs are tried with few errors mended before any is tried with more, for what a mended
//! expression leads to is no error of the body.

use std::collections::BTreeMap;

use diagnostics::{Diagnostic, Rule, Witness};
use jsonnet_eval::{Evaluated, Evaluator, Failure, FailureKind, Limit, Limits};
use serde_json::Value;

use super::mend::Mended;
use super::{LONGEST_TRIAL, SECOND_TRIAL, TRIALS};
use crate::lint::HEADER_NOT_IN_ALLOWLIST;

/// After so many ctxs that fail for what no ctx has, the others are taken to do so too.
const REPEATS: usize = 3;

pub(super) struct Trials<'a, 'f> {
    evaluator: &'a dyn Evaluator,
    text: &'a str,
    mended: Mended,
    ctxs: Vec<Value>,
    left: usize,
    /// Whether a trial took too long once.
    was_late: bool,
    /// What mended expressions are.
    neutral: &'static str,
    errors: Vec<&'f mut Diagnostic>,
}

/// No further trial is allowed.
struct Spent;

/// How far a ctx has been taken: which errors are mended for it.
type Level = Vec<usize>;

impl<'a, 'f> Trials<'a, 'f> {
    pub(super) fn new(
        evaluator: &'a dyn Evaluator,
        text: &'a str,
        mended: Mended,
        ctxs: Vec<Value>,
        errors: Vec<&'f mut Diagnostic>,
    ) -> Self {
        Self {
            evaluator,
            text,
            mended,
            ctxs,
            left: TRIALS,
            was_late: false,
            neutral: "null",
            errors,
        }
    }

    /// Gives what can be confirmed its witness.
    pub(super) fn run(mut self) {
        // Null is what most places take; behind `… != null` it hides a branch.
        for neutral in ["null", "''"] {
            self.neutral = neutral;
            let mut levels: Vec<Option<Level>> = vec![Some(Level::new()); self.ctxs.len()];
            for _ in 0..=self.errors.len() {
                // Nothing left to try is as good as nothing left to find.
                if self.is_done() || self.round(&mut levels).is_err() {
                    return;
                }
            }
        }
    }

    /// Whether a finding holds whatever the ctx is.
    fn is_certain(&self, index: usize) -> bool {
        let certain: [&Rule; 3] = [
            &jsonnet_check::UNKNOWN_MEMBER,
            &HEADER_NOT_IN_ALLOWLIST,
            &jsonnet_check::UNKNOWN_STD_FUNCTION,
        ];
        self.errors
            .get(index)
            .is_some_and(|it| certain.contains(&it.rule))
    }

    fn is_done(&self) -> bool {
        self.errors.iter().all(|it| it.witness.is_some())
    }

    /// Takes every ctx one error further.
    fn round(&mut self, levels: &mut [Option<Level>]) -> Result<(), Spent> {
        // What each level and message came to, and how often.
        let mut known: BTreeMap<(Level, String), (Vec<usize>, usize)> = BTreeMap::new();
        for (ctx, level) in levels.iter_mut().enumerate() {
            if self.is_done() {
                return Ok(());
            }
            let Some(mended) = level.clone() else {
                continue;
            };
            let mut same = known.iter().filter(|((at, _), _)| *at == mended);
            let only = same.next().filter(|_| same.next().is_none());
            let only = only.filter(|(_, (causes, count))| {
                *count >= REPEATS && causes.iter().all(|it| self.is_certain(*it))
            });
            if let Some((_, (causes, _))) = only {
                *level = next(&mended, causes);
                continue;
            }
            let text = self.mended.without(&mended, self.neutral);
            let Some(failure) = self.failure(&text, ctx)? else {
                *level = None;
                continue;
            };
            let key = (mended.clone(), failure.message.clone());
            let causes = match known.get_mut(&key) {
                Some((causes, count)) => {
                    *count += 1;
                    causes.clone()
                }
                None => {
                    let causes = self.causes(&mended, &failure, ctx)?;
                    known.insert(key, (causes.clone(), 1));
                    causes
                }
            };
            for cause in &causes {
                self.attribute(*cause, ctx, &mended, &failure)?;
            }
            *level = next(&mended, &causes);
        }
        Ok(())
    }

    /// The findings that an error is the error of.
    fn causes(
        &mut self,
        mended: &Level,
        failure: &Failure,
        ctx: usize,
    ) -> Result<Vec<usize>, Spent> {
        let fitting: Vec<usize> = (0..self.errors.len())
            .filter(|it| !mended.contains(it) && self.fits(*it, failure))
            .collect();
        for index in &fitting {
            if !self.fails_alike(mended, &[*index], ctx, failure)? {
                return Ok(vec![*index]);
            }
        }
        // Several that fail alike: each is one that fails when the others are mended.
        let mut causes = Vec::new();
        if fitting.is_empty() || self.fails_alike(mended, &fitting, ctx, failure)? {
            return Ok(causes);
        }
        for index in &fitting {
            let others: Vec<usize> = fitting.iter().copied().filter(|it| it != index).collect();
            if self.fails_alike(mended, &others, ctx, failure)? {
                causes.push(*index);
            }
        }
        Ok(causes)
    }

    /// Whether the error stays when more is mended. Its place does not count: what stands behind a
    /// mended expression has moved.
    fn fails_alike(
        &mut self,
        mended: &Level,
        more: &[usize],
        ctx: usize,
        failure: &Failure,
    ) -> Result<bool, Spent> {
        let text = self.mended.without(&[mended, more].concat(), self.neutral);
        let left = self.failure(&text, ctx)?;
        let alike = |it: &Failure| (it.kind, &it.message) == (failure.kind, &failure.message);
        Ok(left.as_ref().is_some_and(alike))
    }

    /// The error of a program on a ctx, unless it raises its own or gives a value.
    fn failure(&mut self, text: &str, ctx: usize) -> Result<Option<Failure>, Spent> {
        let ctx = self.ctxs.get(ctx).ok_or(Spent)?;
        self.left = self.left.checked_sub(1).ok_or(Spent)?;
        let mut limits = Limits {
            time: LONGEST_TRIAL,
            ..Limits::default()
        };
        let mut outcome = self.evaluator.evaluate(text, ctx, &limits);
        if outcome == Evaluated::Exceeded(Limit::Time) && !self.was_late {
            self.was_late = true;
            limits.time = SECOND_TRIAL;
            outcome = self.evaluator.evaluate(text, ctx, &limits);
        }
        match outcome {
            // A body that is too much for one ctx is too much for the next.
            Evaluated::Exceeded(_) => Err(Spent),
            Evaluated::Failed(failure) => Ok(Some(failure).filter(|it| {
                matches!(
                    it.kind,
                    FailureKind::RuntimeError | FailureKind::StaticError
                )
            })),
            Evaluated::Value(_) => Ok(None),
        }
    }

    fn fits(&self, index: usize, failure: &Failure) -> bool {
        let alone = self.errors.len() == 1;
        let finding = self.errors.get(index);
        finding.is_some_and(|it| fits(it, self.text, failure, alone))
    }

    fn attribute(
        &mut self,
        index: usize,
        ctx: usize,
        mended: &Level,
        failure: &Failure,
    ) -> Result<(), Spent> {
        let is_open = self
            .errors
            .get(index)
            .is_some_and(|it| it.witness.is_none());
        if !is_open || !mended.is_empty() && self.failure(self.text, ctx)?.is_none() {
            return Ok(());
        }
        if let (Some(finding), Some(ctx)) = (self.errors.get_mut(index), self.ctxs.get(ctx)) {
            finding.witness = Some(Witness {
                ctx: ctx.clone(),
                error: failure.to_string(),
            });
        }
        Ok(())
    }
}

/// The level behind these errors; none where it is not known what there is to mend.
fn next(mended: &Level, causes: &[usize]) -> Option<Level> {
    (!causes.is_empty()).then(|| {
        let mut next = [mended, causes].concat();
        next.sort_unstable();
        next
    })
}

/// Whether an error is of the kind that a finding speaks of.
fn fits(finding: &Diagnostic, text: &str, failure: &Failure, alone: bool) -> bool {
    let of_members: [&Rule; 5] = [
        &jsonnet_check::UNKNOWN_MEMBER,
        &HEADER_NOT_IN_ALLOWLIST,
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
