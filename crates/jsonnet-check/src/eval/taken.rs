//! What was taken out of what: whether one value is smaller than another, whatever the two are.
//!
//! The size of a value is the number of values in it, itself included, and of the characters of a
//! string. A member or an element is smaller than what holds it.
//!
//! Invariant: a relation is about the values of two paths, in every world that knows both.

use jsonnet_syntax::ExprId;

use super::Checker;
use crate::{
    ty::{Refinement, Ty},
    value::{EnvId, Outcome, Outcomes, Value, union},
    world::PathId,
};

/// How a value was taken out of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is a member or an element.
    Part,
    /// It is an array of some of its members or elements, perhaps of all, or some of its characters.
    Some,
    /// It is the same without at least one element or character.
    Fewer,
    /// It is `std.objectKeysValues` of it.
    Pairs,
}

impl Checker<'_> {
    /// Says how a value was taken out of that at a path.
    pub(super) fn taken(&mut self, part: PathId, of: PathId, how: Taken) {
        let known = self.taken.entry(part).or_insert((of, how));
        // Less is said of what was taken twice, in different ways.
        if *known != (of, how) {
            known.1 = if known.1 == Taken::Pairs || how == Taken::Pairs {
                Taken::Pairs
            } else {
                Taken::Some
            };
        }
    }

    /// Whether the value of a path is part of an argument.
    pub(crate) fn is_given(&self, path: PathId) -> bool {
        let mut at = path;
        for _ in 0..64 {
            while let Some((above, _)) = self.worlds.parent(at) {
                at = above;
            }
            if self.worlds.knows(self.start, at) {
                return true;
            }
            match self.taken.get(&at) {
                Some((of, Taken::Part)) => at = *of,
                _ => return false,
            }
        }
        false
    }

    /// Gives data that was taken out of a value a path that says so; only where a program calls
    /// itself, since nobody else asks.
    pub(crate) fn take(
        &mut self,
        (place, env): (ExprId, EnvId),
        of: &Value,
        how: Taken,
        made: Outcomes,
    ) -> Outcomes {
        let (Some(of), true) = (self.identity(of), self.is_recursive()) else {
            return made;
        };
        let [
            Outcome {
                world,
                value: Value::Data(ty),
            },
        ] = made.as_slice()
        else {
            return made;
        };
        // What is applied by the library is evaluated in no environment of its own.
        if env == Self::GLOBAL || ty.is_poison() || ty.is_never() || *ty == Ty::null() {
            return made;
        }
        let key = (place, env, of);
        let root = match self.taken_roots.get(&key) {
            Some(root) => *root,
            None => {
                let elements = union(&self.worlds.elements_at(of), &self.store.elements_in(env));
                let root = self.worlds.new_root(None, elements);
                self.taken_roots.insert(key, root);
                root
            }
        };
        let path = self.worlds.path_of_root(root);
        if self.worlds.is_bound(*world, root) {
            // Evaluated again in the same scope it is the same value, unless it is computed from
            // elements of which this world knows others.
            let elements = self.worlds.elements_at(path);
            if !self.worlds.are_bound(*world, &elements) {
                return made;
            }
            let fact = Refinement::Is(ty.clone());
            return match self.worlds.assume(*world, path, fact) {
                Some(world) => Self::one(world, Value::Ref(path)),
                None => made,
            };
        }
        self.taken(path, of, how);
        match self.worlds.bind(*world, root, ty.clone()) {
            Some(world) => Self::one(world, Value::Ref(path)),
            None => made,
        }
    }

    /// Whether the value at the first path is smaller than that at the second, out of which it was
    /// taken.
    pub(super) fn is_smaller(&self, part: PathId, whole: PathId) -> bool {
        // How often it was gone into a value, and whether anything became less.
        let (mut levels, mut is_less) = (0, false);
        let mut at = part;
        loop {
            let (up, how) = match self.worlds.parent(at) {
                Some((up, _)) => (up, Taken::Part),
                None => match self.taken.get(&at) {
                    Some(known) => *known,
                    None => return false,
                },
            };
            match how {
                Taken::Part => (levels, is_less) = (levels + 1, true),
                Taken::Some => {}
                Taken::Fewer => is_less = true,
                // A pair is as large as a whole object may be; what is in it is not.
                Taken::Pairs if levels < 2 => return false,
                Taken::Pairs => {}
            }
            if up == whole {
                return is_less;
            }
            at = up;
        }
    }
}
