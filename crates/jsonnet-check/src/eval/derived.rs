//! Positions of an array or a string that are computed from numbers: one before another, one counted
//! from the other end, and any number modulo the length.
//!
//! Invariant: what is derived in the same way from the same values is the same value.

use jsonnet_syntax::BinaryOp;

use super::Checker;
use crate::{
    ty::{Number, Refinement, Ty},
    value::{Outcomes, Value, union},
    world::{PathId, WorldId},
};

/// How a position comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Derived {
    /// `i - 1`, where `i` is a position and not below that.
    Before(PathId, u32),
    /// `std.length(a) - 1 - i`, where `i` is a position of `a`.
    Mirrored(PathId, PathId),
    /// `n % std.length(a)`, where `n` is not negative.
    Modulo(PathId, PathId),
    /// The same of a number that is known; its bits.
    ModuloOf(u64, PathId),
}

impl Derived {
    /// What an operation on two numbers may derive: the values, and the numbers that they may be.
    pub(super) fn of(
        op: BinaryOp,
        (left, x): (&Value, &Number),
        (right, y): (&Value, &Number),
    ) -> Option<Self> {
        match (op, left, right) {
            (BinaryOp::Sub, Value::Ref(position), _) => {
                let back = y
                    .single()
                    .filter(|it| x.integer && x.low >= *it && *it > 0.0)?;
                let count = super::ordering::count(back).filter(|_| back.fract() == 0.0)?;
                Some(Self::Before(*position, u32::try_from(count).ok()?))
            }
            (BinaryOp::Sub, Value::Length(of, -1), Value::Ref(position)) => {
                (y.integer && y.low >= 0.0).then_some(Self::Mirrored(*position, *of))
            }
            (BinaryOp::Mod, Value::Ref(number), Value::Length(of, 0)) => {
                (x.low >= 0.0).then_some(Self::Modulo(*number, *of))
            }
            (BinaryOp::Mod, Value::Data(_), Value::Length(of, 0)) => {
                let number = x.single().filter(|it| *it >= 0.0)?;
                Some(Self::ModuloOf(number.to_bits(), *of))
            }
            _ => None,
        }
    }
}

impl Checker<'_> {
    /// The number that is derived so, as a position of all that it is one of.
    pub(super) fn derived(&mut self, how: Derived, number: Number, world: WorldId) -> Outcomes {
        let (from, of) = match how {
            Derived::Before(position, _) => (position, self.worlds.holders(world, position)),
            Derived::Mirrored(position, of) if self.worlds.holds(world, of, position) => {
                (position, vec![of])
            }
            Derived::Mirrored(position, _) => (position, Vec::new()),
            Derived::Modulo(number, of) => (number, vec![of]),
            Derived::ModuloOf(_, of) => (of, vec![of]),
        };
        let mut ty = Ty::from(number);
        if of.is_empty() {
            return Self::data(world, ty);
        }
        if !matches!(how, Derived::Before(..)) {
            let natural = Ty::from(Number {
                low: 0.0,
                ..Number::any()
            });
            ty = ty.meet(&natural);
        }
        let root = match self.derived.get(&how) {
            Some(root) => *root,
            None => {
                let elements = of
                    .iter()
                    .map(|it| self.worlds.elements_at(*it))
                    .fold(self.worlds.elements_at(from), |all, it| union(&all, &it));
                let root = self.worlds.new_root(None, elements);
                self.derived.insert(how, root);
                root
            }
        };
        let path = self.worlds.path_of_root(root);
        let made = if self.worlds.is_bound(world, root) {
            self.worlds.assume(world, path, Refinement::Is(ty))
        } else {
            self.worlds.bind(world, root, ty)
        };
        let Some(mut world) = made else {
            return Vec::new();
        };
        for container in of {
            world = self.worlds.hold(world, container, path);
        }
        Self::one(world, Value::Ref(path))
    }
}
