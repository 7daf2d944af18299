//! Outcomes: the ways in which evaluation goes, followed on and joined.

use jsonnet_syntax::ExprId;

use super::{Checker, MAX_OUTCOMES, MAX_SUSPENDED};
use crate::{
    ty::Ty,
    value::{Outcome, Outcomes, Value},
    world::WorldId,
};

impl Checker<'_> {
    pub(crate) fn one(world: WorldId, value: Value) -> Outcomes {
        vec![Outcome { world, value }]
    }

    pub(crate) fn data(world: WorldId, ty: Ty) -> Outcomes {
        Self::one(world, Value::Data(ty))
    }

    pub(crate) fn poison(world: WorldId) -> Outcomes {
        Self::one(world, Value::poison())
    }

    /// Truths as outcomes.
    pub(crate) fn truths(yes: Vec<WorldId>, no: Vec<WorldId>) -> Outcomes {
        let value = |it: bool| {
            move |world| Outcome {
                world,
                value: Value::Data(Ty::bool(it)),
            }
        };
        let yes = yes.into_iter().map(value(true));
        yes.chain(no.into_iter().map(value(false))).collect()
    }

    /// Goes on from each outcome.
    pub(crate) fn chain(
        &mut self,
        outcomes: Outcomes,
        place: ExprId,
        mut next: impl FnMut(&mut Self, Value, WorldId) -> Outcomes,
    ) -> Outcomes {
        let mut all = Vec::new();
        let many = outcomes.len() > 1;
        for Outcome { world, value } in outcomes {
            let outer = self.failing.enter(world);
            let mut more = next(self, value, world);
            self.failing.leave(outer);
            if !many {
                return more;
            }
            all.append(&mut more);
        }
        self.compact(all, place)
    }

    /// Joins outcomes that need not be kept apart.
    pub(crate) fn compact(&mut self, outcomes: Outcomes, place: ExprId) -> Outcomes {
        if outcomes.len() < 2 {
            return outcomes;
        }
        let too_many = outcomes.len() > MAX_OUTCOMES;
        let mut kept: Outcomes = Vec::with_capacity(outcomes.len());
        for outcome in outcomes {
            // Truths are what conditions ask for: their worlds are joined only when they must be.
            let apart = !too_many && self.is_telling(&outcome.value);
            let same = kept.iter_mut().find(|it| {
                (it.world == outcome.world || !apart) && it.value.is_same(&outcome.value)
            });
            match same {
                Some(it) => it.world = self.worlds.merge(it.world, outcome.world),
                None => kept.push(outcome),
            }
        }
        if kept.len() <= MAX_OUTCOMES {
            return kept;
        }
        let mut joined: Option<(WorldId, Ty)> = None;
        let mut rest = Vec::new();
        for Outcome { world, value } in kept {
            match self.data_type(&value, world) {
                Some(ty) => {
                    joined = Some(match joined {
                        None => (world, ty),
                        Some((at, all)) => (self.worlds.merge(at, world), all.join(&ty)),
                    });
                }
                None => rest.push(Outcome { world, value }),
            }
        }
        if rest.len() > MAX_SUSPENDED {
            self.give_up(place, "this has too many different values to follow");
            return Vec::new();
        }
        rest.extend(joined.map(|(world, ty)| Outcome {
            world,
            value: Value::Data(ty),
        }));
        rest
    }

    fn is_telling(&self, value: &Value) -> bool {
        match value {
            Value::Data(ty) => {
                let kinds = ty.kinds();
                kinds.null || kinds.bools != [false, false]
            }
            _ => false,
        }
    }

    /// The type of a value that holds nothing unevaluated.
    pub(crate) fn data_type(&mut self, value: &Value, world: WorldId) -> Option<Ty> {
        match value {
            Value::Data(ty) => Some(ty.clone()),
            Value::Ref(path) => Some(self.worlds.ty(world, *path)),
            Value::Length(path, offset) => {
                let length = self.worlds.ty(world, *path).length_type();
                Some(length.shifted(f64::from(*offset)))
            }
            _ => None,
        }
    }
}
