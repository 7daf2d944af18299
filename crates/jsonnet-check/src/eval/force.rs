//! Forcing what is suspended.
//!
//! Results are kept per world. What is asked for in many worlds is evaluated once in a world that
//! they all descend from, so that the cost does not grow with the number of paths that lead there.

use std::rc::Rc;

use jsonnet_syntax::ExprId;

use super::{Checker, MAX_MEMO, Manifested};
use crate::{
    rules,
    ty::Ty,
    value::{Body, EnvId, ObjectId, Outcome, Outcomes, ThunkId, Value},
    world::WorldId,
};

/// A result that was kept. Whoever is given it is told nothing again, so that it must go with the
/// diagnostics that were given when it was made.
#[derive(Clone, Copy, Debug)]
pub(super) enum Remembered {
    Thunk(ThunkId, WorldId),
    Manifested((Manifested, WorldId)),
    Asserted(ObjectId, WorldId),
    Layer((ExprId, EnvId, WorldId)),
}

impl Checker<'_> {
    /// Evaluates what is suspended, once per world.
    pub(crate) fn force(&mut self, thunk: ThunkId, world: WorldId, place: ExprId) -> Outcomes {
        let Some(it) = self.store.thunks.get(thunk.0 as usize) else {
            return Vec::new();
        };
        if let Body::Value(value) = &it.body {
            return Self::one(world, value.clone());
        }
        if let Some((_, outcomes)) = it.memo.iter().find(|(known, _)| *known == world) {
            return outcomes.to_vec();
        }
        if self.gave_up {
            return Vec::new();
        }
        if let Some(kept) = &it.kept
            && self.worlds.descends(world, kept.world)
        {
            return Self::one(world, kept.value.clone());
        }
        if it.active.contains(&world) {
            let diagnostic = self
                .diagnostic(
                    &rules::ENDLESS_EVALUATION,
                    place,
                    "this value depends on itself, so its evaluation never ends",
                )
                .help("break the circle");
            self.push(diagnostic);
            return Self::poison(world);
        }
        if it.active.len() > 30 {
            self.give_up(place, "this value may depend on itself without end");
            return Vec::new();
        }
        if it.memo.len() >= MAX_MEMO
            && !it.is_told_apart
            && let Some(outcomes) = self.force_coarsely(thunk, world)
        {
            return outcomes;
        }
        self.force_in(thunk, world)
    }

    /// As [`Self::force`], where nothing is found that would have to be said.
    pub(crate) fn force_silently(
        &mut self,
        thunk: ThunkId,
        world: WorldId,
        place: ExprId,
    ) -> Option<Outcomes> {
        self.silently(|it| it.force(thunk, world, place))
    }

    /// What is found by looking at something where nothing comes up that would have to be said.
    pub(crate) fn silently<T>(&mut self, look: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let diagnostics = self.diagnostics.len();
        let remembered = self.remembered.len();
        let failing = self.failing.count();
        self.coarse += 1;
        let found = look(self);
        self.coarse -= 1;
        let is_told = self.diagnostics.len() > diagnostics;
        if is_told && !self.gave_up {
            self.forget(remembered, diagnostics);
            self.failing.forget(failing);
        }
        if self.coarse == 0 {
            self.remembered.clear();
        }
        (!is_told && !self.gave_up).then_some(found)
    }

    fn force_in(&mut self, thunk: ThunkId, world: WorldId) -> Outcomes {
        let Some(it) = self.store.thunks.get_mut(thunk.0 as usize) else {
            return Vec::new();
        };
        it.active.push(world);
        let outcomes = match it.body.clone() {
            Body::Value(value) => Self::one(world, value),
            Body::Expr(expr, env) => self.eval(expr, env, world),
            Body::Apply(function, args, place) => {
                if self.enter_depth(place) {
                    let outcomes = self.apply(&function, &args, place, world);
                    self.leave_depth();
                    outcomes
                } else {
                    Vec::new()
                }
            }
        };
        let kept = match outcomes.as_slice() {
            [only] if !matches!(only.value, Value::Data(_)) => {
                let goes_through = self.worlds.binds_element(world, only.world);
                goes_through.then(|| only.clone())
            }
            _ => None,
        };
        if let Some(it) = self.store.thunks.get_mut(thunk.0 as usize) {
            it.active.pop();
            if kept.is_some() && !self.gave_up {
                it.kept = kept;
            }
            if self.gave_up {
                return outcomes;
            }
            it.memo.push((world, Rc::from(outcomes.clone())));
        }
        self.remember(Remembered::Thunk(thunk, world));
        outcomes
    }

    pub(super) fn remember(&mut self, it: Remembered) {
        if self.coarse > 0 {
            self.remembered.push(it);
        }
    }

    /// Forgets what was kept since, and what was said since.
    fn forget(&mut self, remembered: usize, diagnostics: usize) {
        for it in self.diagnostics.drain(diagnostics..) {
            self.reported.remove(&(it.primary, it.rule.code));
        }
        for it in self.remembered.drain(remembered..) {
            match it {
                Remembered::Thunk(thunk, world) => {
                    if let Some(it) = self.store.thunks.get_mut(thunk.0 as usize) {
                        it.memo.retain(|(known, _)| *known != world);
                        it.kept = None;
                    }
                }
                Remembered::Manifested(key) => {
                    self.manifested.remove(&key);
                }
                Remembered::Asserted(object, world) => {
                    if let Some(it) = self.asserted.get_mut(&object) {
                        it.retain(|(known, _)| *known != world);
                    }
                }
                Remembered::Layer(key) => {
                    self.store.layer_keys.remove(&key);
                }
            }
        }
    }

    /// What is evaluated in many worlds is evaluated once in one that they all descend from, and
    /// the outcomes are narrowed to the world that asks. Where that finds an error, each world is
    /// evaluated on its own after all: the error may not be feasible in any of them.
    fn force_coarsely(&mut self, thunk: ThunkId, world: WorldId) -> Option<Outcomes> {
        let it = self.store.thunks.get(thunk.0 as usize)?;
        let worlds = it.memo.iter().map(|(world, _)| *world);
        let base = worlds.fold(world, |a, b| self.worlds.common(a, b));
        let known = it.memo.iter().find(|(known, _)| *known == base);
        let outcomes: Rc<[Outcome]> = match known {
            Some((_, outcomes)) => outcomes.clone(),
            None if it.active.contains(&base) => return None,
            None => {
                let diagnostics = self.diagnostics.len();
                let remembered = self.remembered.len();
                let failing = self.failing.count();
                self.coarse += 1;
                let outcomes = self.force_in(thunk, base);
                self.coarse -= 1;
                if self.gave_up {
                    return Some(Vec::new());
                }
                if self.diagnostics.len() > diagnostics {
                    self.forget(remembered, diagnostics);
                    self.failing.forget(failing);
                    let it = self.store.thunks.get_mut(thunk.0 as usize)?;
                    it.is_told_apart = true;
                    return None;
                }
                if self.coarse == 0 {
                    self.remembered.clear();
                }
                Rc::from(outcomes)
            }
        };
        if outcomes.len() > 3 {
            // Many ways at once: what they have in common has to do.
            let mut all = Some(Ty::never());
            for it in outcomes.iter() {
                let ty = self.data_type(&it.value, it.world);
                all = all.zip(ty).map(|(all, ty)| all.join(&ty));
            }
            if let Some(all) = all {
                let joined = Self::data(base, all.clone());
                let it = self.store.thunks.get_mut(thunk.0 as usize)?;
                it.memo.retain(|(known, _)| *known != base);
                it.memo.push((base, Rc::from(joined)));
                return Some(Self::data(world, all));
            }
        }
        let mut narrowed = Vec::new();
        for it in outcomes.iter() {
            if let Some(world) = self.worlds.replay(world, it.world) {
                narrowed.push(Outcome {
                    world,
                    value: it.value.clone(),
                });
            }
        }
        Some(narrowed)
    }
}
