//! Equality of types.
//!
//! Types share their parts: of an object whose members hold it, each level has all levels below it
//! more than once. So of two types that were found equal it is remembered while they are compared,
//! or the time would double with each level.

use std::{cell::RefCell, collections::HashSet, sync::Arc};

use super::Ty;

/// What is known of a comparison that is under way.
#[derive(Default)]
struct Comparison {
    /// How many types are being compared, each inside the one before.
    depth: usize,
    /// The addresses of pairs that are equal; all of them live as long as the comparison.
    equal: HashSet<(usize, usize)>,
}

thread_local! {
    static COMPARISON: RefCell<Comparison> = RefCell::default();
}

impl PartialEq for Ty {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unknown, Self::Unknown) | (Self::Poison, Self::Poison) => true,
            (Self::Kinds(a), Self::Kinds(b)) if Arc::ptr_eq(a, b) => true,
            // What has no parts is compared at once.
            (Self::Kinds(a), Self::Kinds(b)) if a.shapes.is_empty() && a.array.is_none() => a == b,
            (Self::Kinds(a), Self::Kinds(b)) => {
                let pair = (Arc::as_ptr(a) as usize, Arc::as_ptr(b) as usize);
                let is_known = COMPARISON.with_borrow_mut(|it| {
                    it.depth += 1;
                    it.equal.contains(&pair)
                });
                let is_equal = is_known || a == b;
                COMPARISON.with_borrow_mut(|it| {
                    it.depth -= 1;
                    if it.depth == 0 {
                        it.equal.clear();
                    } else if is_equal {
                        it.equal.insert(pair);
                    }
                });
                is_equal
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ty;
    use crate::ty::{Field, Presence, Shape};

    fn nested(levels: usize) -> Ty {
        (0..levels).fold(Ty::null(), |inner, _| {
            let mut shape = Shape::default();
            for name in ["a", "b"] {
                shape.set(name.into(), Field::new(inner.clone(), Presence::Required));
            }
            Ty::from(shape)
        })
    }

    #[test]
    fn shared_parts_are_compared_once() {
        assert!(nested(300) == nested(300));
        assert!(nested(300) != nested(301));
    }
}
