//! `==`: what it forces, what it refuses, and what it teaches.

use jsonnet_syntax::ExprId;

use super::{Checker, KindSet, manifest::Purpose};
use crate::{
    rules,
    ty::{Kinds, Number, Refinement, Text, Ty},
    value::{ArrayValue, Layer, Value},
    world::WorldId,
};

impl Checker<'_> {
    /// The worlds in which two values are equal, and those in which they are not.
    pub(crate) fn equal(
        &mut self,
        a: &Value,
        b: &Value,
        place: ExprId,
        world: WorldId,
    ) -> (Vec<WorldId>, Vec<WorldId>) {
        if self.is_poison(a, world) || self.is_poison(b, world) {
            return (vec![world], vec![world]);
        }
        let (x, y) = (self.kinds(a, world), self.kinds(b, world));
        if x.contains(KindSet::FUNCTION) && y.contains(KindSet::FUNCTION) {
            self.say(
                &rules::FUNCTION_COMPARISON,
                place,
                "functions cannot be compared with each other",
            );
            return (vec![world], vec![world]);
        }
        if x.and(y).is_empty() {
            return (Vec::new(), vec![world]);
        }
        if let (Value::Ref(p), Value::Ref(q)) = (a, b)
            && p == q
        {
            return (vec![world], Vec::new());
        }
        if self.is_empty_value(a) && self.is_empty_value(b) {
            return (vec![world], Vec::new());
        }
        if self.is_empty_value(b) {
            return self.equal_empty(a, y, place, world);
        }
        if self.is_empty_value(a) {
            return self.equal_empty(b, x, place, world);
        }
        let types = (self.data_type(a, world), self.data_type(b, world));
        let (Some(p), Some(q)) = types else {
            // Comparing forces both sides as deep as they are equal.
            let mut sides = [Ty::Poison, Ty::Poison];
            for (value, side) in [a, b].into_iter().zip(&mut sides) {
                if self.kinds(value, world).and(x).and(y).is_empty() {
                    continue;
                }
                *side = self.manifest_for(value, place, world, Purpose::Comparison);
            }
            return match are_equal(&sides) {
                Some(true) => (vec![world], Vec::new()),
                Some(false) => (Vec::new(), vec![world]),
                None => (vec![world], vec![world]),
            };
        };
        if p.is_disjoint(&q) {
            return (Vec::new(), vec![world]);
        }
        let yes = self
            .same(a, &q, world)
            .and_then(|world| self.same(b, &p, world));
        let no = match (scalar(&p), scalar(&q)) {
            (true, true) => None,
            (_, true) => self.differs(a, &q, world),
            (true, _) => self.differs(b, &p, world),
            _ => Some(world),
        };
        (yes.into_iter().collect(), no.into_iter().collect())
    }

    fn same(&mut self, value: &Value, ty: &Ty, world: WorldId) -> Option<WorldId> {
        match value {
            // The other's notes do not pass to this one.
            Value::Ref(path) => {
                let mut kinds = ty.kinds().clone();
                kinds.notes.clear();
                let fact = Refinement::Is(match ty {
                    Ty::Unknown => return Some(world),
                    _ => Ty::new(kinds),
                });
                self.worlds.assume(world, *path, fact)
            }
            Value::Length(path, offset) => match ty
                .kinds()
                .number
                .as_ref()
                .and_then(Number::single)
                .map(|it| it - f64::from(*offset))
            {
                Some(number) if number >= 0.0 && number.fract() == 0.0 => {
                    let length = super::ordering::count(number)?;
                    let fact = Refinement::Length(length, Some(length));
                    self.worlds.assume(world, *path, fact)
                }
                Some(_) => None,
                None => Some(world),
            },
            _ => Some(world),
        }
    }

    fn differs(&mut self, value: &Value, scalar: &Ty, world: WorldId) -> Option<WorldId> {
        match value {
            Value::Ref(path) => {
                let mut kinds = scalar.kinds().clone();
                kinds.notes.clear();
                self.worlds
                    .assume(world, *path, Refinement::IsNot(Ty::new(kinds)))
            }
            Value::Length(path, offset) => {
                let number = scalar.kinds().number.as_ref().and_then(Number::single);
                let Some(length) = number.map(|it| it - f64::from(*offset)) else {
                    return Some(world);
                };
                // The least length that is not it is one more; of any other nothing is learnt.
                let lengths = self.worlds.ty(world, *path).length_type();
                let least = lengths.kinds().number.as_ref().map_or(0.0, |it| it.low);
                let Some(more) = super::ordering::count(least + 1.0).filter(|_| length == least)
                else {
                    return Some(world);
                };
                self.worlds
                    .assume(world, *path, Refinement::Length(more, None))
            }
            _ => Some(world),
        }
    }

    /// `[]` or `{}`.
    fn is_empty_value(&self, value: &Value) -> bool {
        match value {
            Value::Array(array) => matches!(&**array, ArrayValue::Fixed(it) if it.is_empty()),
            Value::Object(object) => self.store.layers_of(*object).iter().all(|it| {
                matches!(
                    &*self.store.layer_of(*it),
                    Layer::Written { fields, dynamic, .. }
                        if fields.is_empty() && dynamic.is_empty()
                )
            }),
            _ => false,
        }
    }

    fn equal_empty(
        &mut self,
        value: &Value,
        kind: KindSet,
        place: ExprId,
        world: WorldId,
    ) -> (Vec<WorldId>, Vec<WorldId>) {
        let known = self.known_identity(value, world);
        if let Value::Array(made) = value
            && (known.is_none() || self.is_counted_by_source(&made.clone(), world))
            && let Some(lengths) = self.source_length(&made.clone(), world)
        {
            let (mut yes, mut no) = (Vec::new(), Vec::new());
            let zero = Value::Data(Ty::from(Number::literal(0.0)));
            for it in lengths {
                let (empty, filled) = self.equal(&it.value, &zero, place, it.world);
                yes.extend(empty);
                no.extend(filled);
            }
            return (self.few(yes), self.few(no));
        }
        let Some(path) = known.filter(|_| !matches!(value, Value::Object(_))) else {
            let (min, max) = match kind {
                KindSet::ARRAY => self.length(value, world),
                _ => (0, None),
            };
            let is_only = self.kinds(value, world) == kind;
            let yes = (min == 0).then_some(world);
            let no = (!is_only || max != Some(0)).then_some(world);
            return (yes.into_iter().collect(), no.into_iter().collect());
        };
        let empty = Refinement::Length(0, Some(0));
        let yes = self
            .worlds
            .assume(world, path, Refinement::Is(kind.ty()))
            .and_then(|world| self.worlds.assume(world, path, empty));
        let no = if self.kinds(value, world) == kind {
            self.worlds.assume(world, path, Refinement::Length(1, None))
        } else {
            Some(world)
        };
        (yes.into_iter().collect(), no.into_iter().collect())
    }
}

/// Whether values of the two types are equal, where that is the same for all of them.
fn are_equal([a, b]: &[Ty; 2]) -> Option<bool> {
    let are_values = [a, b].iter().all(|it| !it.is_poison() && !it.is_never());
    if !are_values {
        return None;
    }
    if a.is_disjoint(b) {
        return Some(false);
    }
    let (a, b) = a.constant().zip(b.constant())?;
    Some(a == b)
}

/// Whether the type is that of exactly one scalar.
pub(crate) fn scalar(ty: &Ty) -> bool {
    let Ty::Kinds(kinds) = ty else { return false };
    let Kinds {
        null,
        bools,
        number,
        text,
        array,
        shapes,
        ..
    } = &**kinds;
    let bools_count = usize::from(bools[0]) + usize::from(bools[1]);
    let count = usize::from(*null)
        + bools_count
        + usize::from(number.is_some())
        + usize::from(text.is_some());
    count == 1
        && array.is_none()
        && shapes.is_empty()
        && number.as_ref().is_none_or(|it| it.single().is_some())
        && text.as_ref().is_none_or(|it: &Text| it.single().is_some())
}
