//! Going on behind what could not be proved: what is said of one member of the output is no reason
//! to say nothing of the others.
//!
//! Invariants:
//! - evaluation goes on only between members of the output, where nothing is being evaluated;
//! - whatever was given up was reported, or is the recursion that was reported before;
//! - what all that comes later may cost is bounded by what the first attempt may.

use std::collections::HashSet;

use jsonnet_syntax::ExprId;

use super::{Checker, FUEL};
use crate::{rules, ty::Ty};

/// Members of members of the output, behind which evaluation goes on this often.
const MAX_INNER: u32 = 8;
/// The innermost calls of a recursion that are looked at to know it again.
const MAX_CYCLE: usize = 8;
/// No attempt is worth starting with fewer steps.
const MIN_RESERVE: u32 = 500;

#[derive(Debug)]
pub(super) struct Resume {
    /// Manifestations inside each other.
    pub(super) nested: u32,
    /// Steps that are granted when the others have ended: half of what was granted before.
    reserve: u32,
    inner: u32,
    /// The calls of recursions that were given up.
    cycles: HashSet<ExprId>,
    was_exhausted: bool,
    /// Whether anything was given up.
    pub(super) was_given_up: bool,
}

impl Default for Resume {
    fn default() -> Self {
        Self {
            nested: 0,
            reserve: FUEL,
            inner: 0,
            cycles: HashSet::new(),
            was_exhausted: false,
            was_given_up: false,
        }
    }
}

impl Checker<'_> {
    /// Whether what is given up now was not given up before.
    pub(super) fn is_new_failure(&mut self, place: ExprId) -> bool {
        if self.is_exhausted() {
            return !std::mem::replace(&mut self.resume.was_exhausted, true);
        }
        let here = self.program.span(place).range;
        let mut said = self.diagnostics.iter();
        let is_said = said.any(|it| {
            let there = it.primary.range;
            it.rule.code == rules::CANNOT_PROVE.code
                && (there.contains(here) || here.contains(there))
        });
        if is_said {
            return false;
        }
        let last = || self.calls.iter().rev().take(MAX_CYCLE);
        let is_new = !last().any(|it| self.resume.cycles.contains(it));
        self.resume.cycles.extend(last());
        is_new
    }

    fn is_exhausted(&self) -> bool {
        self.fuel == 0 || self.worlds.count() > self.max_worlds
    }

    /// The type of a member of the output. Where its evaluation was given up nothing is known of
    /// it, and the others are gone on with.
    pub(crate) fn resumed(&mut self, ty: Ty) -> Ty {
        let is_final = self.max_depth == super::MAX_DEPTH || !self.is_too_deep;
        let in_output = self.depth == self.resume.nested;
        if !self.gave_up || !in_output || !is_final {
            return ty;
        }
        if self.resume.nested > 1 {
            if self.resume.inner >= MAX_INNER {
                return ty;
            }
            self.resume.inner += 1;
        }
        if self.is_exhausted() {
            self.resume.reserve /= 2;
            if self.resume.reserve < MIN_RESERVE {
                return ty;
            }
            self.fuel = self.fuel.max(self.resume.reserve);
            let worlds = usize::try_from(self.resume.reserve / 4).unwrap_or(0);
            self.max_worlds = self.max_worlds.max(self.worlds.count() + worlds);
        }
        self.gave_up = false;
        Ty::Poison
    }
}
