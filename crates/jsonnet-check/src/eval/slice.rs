//! Slices: which elements and characters are left where the bounds are known.
//!
//! go-jsonnet truncates bounds, counts negative ones from the end, and clamps both to the length.
//! Invariant: positions and lengths are kept only where every bound is one known integer.

use std::rc::Rc;

use jsonnet_syntax::ExprId;

use super::{Checker, KindSet, ordering::count, taken::Taken};
use crate::{
    rules,
    ty::{Array, Text, Ty},
    value::{ArrayValue, EnvId, Outcome, Outcomes, Value},
    world::WorldId,
};

/// Start, end and step of a slice.
pub(crate) type Bounds = [Bound; 3];

/// What is known of a bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Bound {
    /// There is none.
    Open,
    /// This integer.
    At(f64),
    /// Some number, or none.
    Unknown,
}

impl Checker<'_> {
    pub(super) fn slice(
        &mut self,
        id: ExprId,
        target: ExprId,
        bounds: [Option<ExprId>; 3],
        env: EnvId,
        world: WorldId,
    ) -> Outcomes {
        let mut world = world;
        let mut known = [Bound::Open; 3];
        // The step is looked at before all else.
        for at in [2, 0, 1] {
            let (Some(Some(bound)), Some(known)) = (bounds.get(at), known.get_mut(at)) else {
                continue;
            };
            let bound = *bound;
            let values = self.eval(bound, env, world);
            let mut worlds = Vec::new();
            let mut all = Vec::new();
            for Outcome { world, value } in values {
                let rule = &rules::WRONG_INDEX;
                let kinds = KindSet::NUMBER.or(KindSet::NULL);
                let what = "a bound of a slice";
                let Some((value, world)) = self.expect(&value, kinds, bound, rule, what, world)
                else {
                    all.push(Bound::Unknown);
                    continue;
                };
                worlds.push(world);
                all.push(self.bound(&value, world));
                let ty = self.data_type(&value, world).unwrap_or(Ty::Poison);
                let low = ty.kinds().number.as_ref().map(|it| it.low);
                if at == 2 && !ty.is_poison() && low.is_some_and(|low| low < 1.0) {
                    self.say(
                        &rules::ARGUMENT_OUT_OF_RANGE,
                        bound,
                        "the step of a slice must be greater than 0",
                    );
                }
            }
            *known = match all.as_slice() {
                [first, rest @ ..] if rest.iter().all(|it| it == first) => *first,
                _ => Bound::Unknown,
            };
            match worlds.into_iter().reduce(|a, b| self.worlds.common(a, b)) {
                Some(it) => world = it,
                None => return Vec::new(),
            }
        }
        let targets = self.eval(target, env, world);
        self.chain(targets, id, |it, value, world| {
            let kinds = KindSet::ARRAY.or(KindSet::STRING);
            let rule = &rules::NOT_INDEXABLE;
            let sliced = it.expect(&value, kinds, target, rule, "what is sliced", world);
            match sliced {
                Some((value, world)) => it.sliced((id, env), &value, known, world),
                None => Self::poison(world),
            }
        })
    }

    /// What is known of the value of a bound.
    pub(crate) fn bound(&mut self, value: &Value, world: WorldId) -> Bound {
        let ty = self.data_type(value, world).unwrap_or(Ty::Poison);
        if ty == Ty::null() {
            return Bound::Open;
        }
        let number = ty.kinds().number.clone().filter(|_| !ty.kinds().null);
        match number.and_then(|it| it.single()) {
            Some(at) if at.fract() == 0.0 && at.abs() < 1e6 && !ty.is_poison() => Bound::At(at),
            _ => Bound::Unknown,
        }
    }

    /// What a slice, written at that place, leaves of an array or string.
    pub(crate) fn sliced(
        &mut self,
        place: (ExprId, EnvId),
        value: &Value,
        bounds: Bounds,
        world: WorldId,
    ) -> Outcomes {
        let left = self.left(value, bounds, world);
        let is_fewer = matches!(bounds, [Bound::At(from), ..] if from >= 1.0);
        let how = if is_fewer && self.length(value, world).0 > 0 {
            Taken::Fewer
        } else {
            Taken::Some
        };
        self.take(place, value, how, left)
    }

    fn left(&mut self, value: &Value, bounds: Bounds, world: WorldId) -> Outcomes {
        if bounds.contains(&Bound::Unknown) {
            return self.part_of(value, world);
        }
        if let Value::Array(array) = value {
            let ArrayValue::Fixed(elements) = &**array else {
                return self.part_of(value, world);
            };
            let Some((skip, take, step)) = positions(bounds, elements.len()) else {
                return self.part_of(value, world);
            };
            let left = elements.iter().skip(skip).take(take).step_by(step);
            let left = ArrayValue::Fixed(left.copied().collect());
            return Self::one(world, Value::Array(Rc::new(left)));
        }
        let Some(ty) = self.data_type(value, world) else {
            return Self::poison(world);
        };
        if ty.is_poison() {
            return Self::poison(world);
        }
        let kinds = ty.kinds();
        let text = kinds.text.as_ref().map(|it| Ty::from(cut(it, bounds)));
        let array = kinds
            .array
            .as_ref()
            .map(|it| Ty::from(shortened(it, bounds)));
        let left = text.into_iter().chain(array).reduce(|a, b| a.join(&b));
        let left = left.unwrap_or_else(Ty::never);
        Self::data(world, left.with_notes(&kinds.notes))
    }

    /// A part of an array or string: each element at most once, in their order.
    pub(crate) fn part_of(&mut self, value: &Value, world: WorldId) -> Outcomes {
        if let Value::Array(_) = value {
            let part = ArrayValue::Part(value.clone());
            return Self::one(world, Value::Array(Rc::new(part)));
        }
        let Some(ty) = self.data_type(value, world) else {
            return Self::poison(world);
        };
        if ty.is_poison() {
            return Self::poison(world);
        }
        let kinds = ty.kinds();
        let mut part = Ty::never();
        if kinds.text.is_some() {
            part = part.join(&Ty::string());
        }
        if let Some(array) = &kinds.array {
            part = part.join(&Ty::from(some_of(array)));
        }
        Self::data(world, part.with_notes(&kinds.notes))
    }
}

/// How many of so many to skip, how many of the others to look at, and in which steps.
fn positions([from, to, step]: Bounds, length: usize) -> Option<(usize, usize, usize)> {
    let clamped = |at: f64| {
        let at = if at < 0.0 {
            at + super::position::as_f64(length)
        } else {
            at
        };
        count(at.max(0.0)).map(|at| at.min(length))
    };
    let at = |bound: Bound, open: usize| match bound {
        Bound::Open => Some(open),
        Bound::At(at) => clamped(at),
        Bound::Unknown => None,
    };
    let (from, to) = (at(from, 0)?, at(to, length)?);
    let step = match step {
        Bound::Open => 1,
        Bound::At(step) if step >= 1.0 => count(step)?,
        _ => return None,
    };
    Some((from, to.saturating_sub(from), step))
}

/// The number of positions from the start, for bounds that count from there.
fn from_start([from, to, step]: Bounds) -> Option<(usize, Option<usize>)> {
    let plain = |bound: Bound| match bound {
        Bound::Open => Some(None),
        Bound::At(at) if at >= 0.0 => count(at).map(Some),
        _ => None,
    };
    if !matches!(step, Bound::Open) && step != Bound::At(1.0) {
        return None;
    }
    Some((plain(from)?.unwrap_or(0), plain(to)?))
}

fn cut(text: &Text, bounds: Bounds) -> Text {
    if let Some(literals) = &text.literals {
        let cut = literals.iter().map(|it| {
            let (skip, take, step) = positions(bounds, it.chars().count())?;
            let left = it.chars().skip(skip).take(take).step_by(step);
            Some(left.collect::<String>().into())
        });
        if let Some(cut) = cut.collect::<Option<Vec<_>>>() {
            return Text::of(cut);
        }
    }
    match from_start(bounds) {
        Some((from, to)) => {
            let (min, _) = left_of((text.min_length, None), from, to);
            Text::at_least(min)
        }
        None => Text::any(),
    }
}

fn shortened(array: &Array, bounds: Bounds) -> Array {
    let Some((from, to)) = from_start(bounds) else {
        return some_of(array);
    };
    let mut left = array.clone();
    left.prefix = array.prefix.iter().skip(from).cloned().collect();
    if let Some(to) = to {
        left.prefix.truncate(to.saturating_sub(from));
    }
    (left.min, left.max) = left_of((array.min, array.max), from, to);
    if let Some(max) = left.max {
        left.prefix.truncate(max);
    }
    left
}

/// The lengths that are left of others.
fn left_of(
    (min, max): (usize, Option<usize>),
    from: usize,
    to: Option<usize>,
) -> (usize, Option<usize>) {
    let end = |length: usize| to.map_or(length, |to| length.min(to));
    let most = match (max, to) {
        (Some(max), _) => Some(end(max)),
        (None, to) => to,
    };
    (
        end(min).saturating_sub(from),
        most.map(|it| it.saturating_sub(from)),
    )
}

fn some_of(array: &Array) -> Array {
    let mut some = Array::of(array.element());
    some.max = array.max;
    (some.unique, some.keyed) = (array.unique, array.keyed);
    some
}
