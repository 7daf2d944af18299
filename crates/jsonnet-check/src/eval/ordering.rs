//! `<` and its like: what can be ordered, and what the outcome teaches.

use std::{cmp::Ordering, sync::Arc};

use jsonnet_syntax::{BinaryOp, ExprId};
use serde_json::Value as Constant;

use super::{Checker, KindSet, binary::Operand};
use crate::{
    rules,
    ty::{Array, Number, Refinement, Text, Ty},
    value::{Outcomes, Value},
    world::WorldId,
};

impl Checker<'_> {
    pub(super) fn ordering(
        &mut self,
        op: BinaryOp,
        left: Operand<'_>,
        right: Operand<'_>,
        whole: ExprId,
        world: WorldId,
    ) -> Outcomes {
        let rule = &rules::WRONG_OPERAND;
        let what = format!("an operand of `{}`", op.as_str());
        let ordered = KindSet::NUMBER.or(KindSet::STRING).or(KindSet::ARRAY);
        let a = self.expect(left.0, ordered, left.1, rule, &what, world);
        // Where the left one is wrong for good, what the right one should be is not known.
        let Some((a, world)) = a else {
            return Self::poison(world);
        };
        let b = self.expect(right.0, ordered, right.1, rule, &what, world);
        let Some((b, world)) = b else {
            return Self::poison(world);
        };
        if self.is_poison(&a, world) || self.is_poison(&b, world) {
            return Self::poison(world);
        }
        let (x, y) = (self.kinds(&a, world), self.kinds(&b, world));
        if x != y || x.each().count() != 1 {
            let (p, q) = (self.type_name(&a, world), self.type_name(&b, world));
            let message = format!("`{}` cannot compare {p} with {q}", op.as_str());
            self.say(rule, whole, message);
            return Self::poison(world);
        }
        if let (Value::Ref(p), Value::Ref(q)) = (&a, &b)
            && p == q
        {
            if x == KindSet::ARRAY {
                self.comparable_elements(&a, &b, whole, world);
            }
            return Self::data(world, Ty::bool(holds(op, Ordering::Equal)));
        }
        if x == KindSet::ARRAY {
            self.comparable_elements(&a, &b, whole, world);
            let known = self.ordered_arrays(&a, &b, whole, world);
            let result = known.map_or_else(Ty::boolean, |it| Ty::bool(holds(op, it)));
            return Self::data(world, result);
        }
        if x == KindSet::STRING {
            return self.ordered_texts(op, &a, &b, world);
        }
        let yes = self.compare_numbers(op, &a, &b, world);
        let opposite = match op {
            BinaryOp::Less => BinaryOp::GreaterEq,
            BinaryOp::LessEq => BinaryOp::Greater,
            BinaryOp::Greater => BinaryOp::LessEq,
            _ => BinaryOp::Less,
        };
        let no = self.compare_numbers(opposite, &a, &b, world);
        Self::truths(yes.into_iter().collect(), no.into_iter().collect())
    }

    /// Elements of two arrays are compared only up to the first difference, but which that is
    /// depends on the data: all pairs must be comparable.
    pub(super) fn comparable_elements(
        &mut self,
        a: &Value,
        b: &Value,
        place: ExprId,
        world: WorldId,
    ) {
        // With an empty array none is compared.
        if [a, b].iter().any(|it| self.length(it, world).1 == Some(0)) {
            return;
        }
        let mut all = Ty::never();
        for value in [a, b] {
            let ty = self.as_data(value, place, world);
            let element = ty.kinds().array.as_ref().map(Array::element);
            all = all.join(&element.unwrap_or_else(Ty::never));
        }
        if let Err(kind) = comparable(&all) {
            let message = format!("arrays of {kind} cannot be ordered");
            self.say(&rules::WRONG_OPERAND, place, message);
        }
    }

    /// Strings of which all that are possible are known are ordered one by one.
    fn ordered_texts(&mut self, op: BinaryOp, a: &Value, b: &Value, world: WorldId) -> Outcomes {
        let mut literals = |value: &Value| {
            let ty = self.data_type(value, world)?;
            ty.kinds().text.as_ref()?.literals.clone()
        };
        let Some((x, y)) = literals(a).zip(literals(b)) else {
            return Self::data(world, Ty::boolean());
        };
        let [no, yes] = [false, true].map(|wanted| {
            let is_met = |p: &Arc<str>, q: &Arc<str>| holds(op, p.cmp(q)) == wanted;
            let those = x.iter().filter(|p| y.iter().any(|q| is_met(p, q)));
            let others = y.iter().filter(|q| x.iter().any(|p| is_met(p, q)));
            let (those, others): (Vec<_>, Vec<_>) =
                (those.cloned().collect(), others.cloned().collect());
            let mut at = (!those.is_empty()).then_some(world);
            for (value, kept) in [(a, those), (b, others)] {
                if let (Value::Ref(path), Some(world)) = (value, at) {
                    let fact = Refinement::Is(Ty::from(Text::of(kept)));
                    at = self.worlds.assume(world, *path, fact);
                }
            }
            at
        });
        Self::truths(yes.into_iter().collect(), no.into_iter().collect())
    }

    /// How two arrays of constants are ordered, where none of their elements is left open.
    fn ordered_arrays(
        &mut self,
        a: &Value,
        b: &Value,
        place: ExprId,
        world: WorldId,
    ) -> Option<Ordering> {
        let a = self.as_data(a, place, world).constant()?;
        let b = self.as_data(b, place, world).constant()?;
        constant_order(&a, &b)
    }

    /// The world in which `a op b` holds.
    pub(crate) fn compare_numbers(
        &mut self,
        op: BinaryOp,
        a: &Value,
        b: &Value,
        world: WorldId,
    ) -> Option<WorldId> {
        let ty = |it: &mut Self, value: &Value| it.data_type(value, world)?.kinds().number.clone();
        let (x, y) = (ty(self, a)?, ty(self, b)?);
        let possible = match op {
            BinaryOp::Less => x.low < y.high,
            BinaryOp::LessEq => x.low <= y.high,
            BinaryOp::Greater => x.high > y.low,
            _ => x.high >= y.low,
        };
        if !possible {
            return None;
        }
        let mirrored = match op {
            BinaryOp::Less => BinaryOp::Greater,
            BinaryOp::LessEq => BinaryOp::GreaterEq,
            BinaryOp::Greater => BinaryOp::Less,
            _ => BinaryOp::LessEq,
        };
        let world = self.bounded(op, a, &y, world)?;
        let world = self.bounded(mirrored, b, &x, world)?;
        Some(match op {
            BinaryOp::Less | BinaryOp::LessEq => self.below_length(op, a, b, world),
            _ => self.below_length(mirrored, b, a, world),
        })
    }

    /// The world in which a number is known to be less than the length of an array or a string: a
    /// position of it where it is not negative. A fraction is truncated, and stays one.
    fn below_length(&mut self, op: BinaryOp, at: &Value, of: &Value, world: WorldId) -> WorldId {
        let (Value::Ref(at), Value::Length(path, offset)) = (at, of) else {
            return world;
        };
        let is_less = *offset <= if op == BinaryOp::Less { 0 } else { -1 };
        let ty = self.worlds.ty(world, *at);
        if is_less && !ty.is_poison() {
            return self.worlds.hold(world, *path, *at);
        }
        world
    }

    /// The world in which the value stands in that relation to some number of `other`.
    pub(super) fn bounded(
        &mut self,
        op: BinaryOp,
        value: &Value,
        other: &Number,
        world: WorldId,
    ) -> Option<WorldId> {
        match value {
            Value::Ref(path) => {
                let integer = {
                    let ty = self.worlds.ty(world, *path);
                    ty.kinds().number.as_ref().is_some_and(|it| it.integer)
                };
                let below = |bound: f64| {
                    if !integer {
                        bound.next_down()
                    } else if bound.fract() == 0.0 {
                        bound - 1.0
                    } else {
                        bound.floor()
                    }
                };
                let above = |bound: f64| {
                    if !integer {
                        bound.next_up()
                    } else if bound.fract() == 0.0 {
                        bound + 1.0
                    } else {
                        bound.ceil()
                    }
                };
                let (low, high) = match op {
                    BinaryOp::Less => (f64::NEG_INFINITY, below(other.high)),
                    BinaryOp::LessEq => (f64::NEG_INFINITY, other.high),
                    BinaryOp::Greater => (above(other.low), f64::INFINITY),
                    _ => (other.low, f64::INFINITY),
                };
                let number = Number {
                    literals: Vec::new(),
                    low,
                    high,
                    integer: false,
                    holes: Vec::new(),
                };
                self.worlds
                    .assume(world, *path, Refinement::Is(Ty::from(number)))
            }
            Value::Length(path, offset) => {
                let by = f64::from(*offset);
                let (low, high) = (other.low - by, other.high - by);
                let (min, max) = match op {
                    BinaryOp::Less => (0, count(high.ceil() - 1.0)),
                    BinaryOp::LessEq => (0, count(high.floor())),
                    BinaryOp::Greater => (count(low.floor() + 1.0).unwrap_or(0), None),
                    _ => (count(low.ceil()).unwrap_or(0), None),
                };
                self.worlds
                    .assume(world, *path, Refinement::Length(min, max))
            }
            _ => Some(world),
        }
    }
}

/// Whether `a op b` holds of values that are so ordered.
pub(super) const fn holds(op: BinaryOp, order: Ordering) -> bool {
    match op {
        BinaryOp::Less => order.is_lt(),
        BinaryOp::LessEq => order.is_le(),
        BinaryOp::Greater => order.is_gt(),
        _ => order.is_ge(),
    }
}

/// The order of two constants: that of the first elements that differ, or else of the lengths.
fn constant_order(a: &Constant, b: &Constant) -> Option<Ordering> {
    match (a, b) {
        (Constant::Number(a), Constant::Number(b)) => a.as_f64()?.partial_cmp(&b.as_f64()?),
        (Constant::String(a), Constant::String(b)) => Some(a.cmp(b)),
        (Constant::Array(a), Constant::Array(b)) => {
            for (a, b) in a.iter().zip(b) {
                match constant_order(a, b)? {
                    Ordering::Equal => {}
                    order => return Some(order),
                }
            }
            Some(a.len().cmp(&b.len()))
        }
        _ => None,
    }
}

/// A number as a length; none for one that no length reaches.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to lie between 0 and a million"
)]
pub(crate) fn count(number: f64) -> Option<usize> {
    if number < 0.0 {
        return Some(0);
    }
    (number <= 1e6).then_some(number as usize)
}

/// Whether values of the type can be ordered among each other, as `std.sort` needs it; otherwise
/// what is in the way.
pub(crate) fn comparable(ty: &Ty) -> Result<(), String> {
    let kinds = KindSet::of(ty);
    if ty.is_poison() || kinds.is_empty() {
        return Ok(());
    }
    if kinds == KindSet::NUMBER || kinds == KindSet::STRING {
        return Ok(());
    }
    if kinds == KindSet::ARRAY {
        let element = ty.kinds().array.as_ref().map(Array::element);
        return comparable(&element.unwrap_or_else(Ty::never));
    }
    Err(ty.to_string())
}
