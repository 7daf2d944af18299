//! Functions that order or compare elements.

use std::rc::Rc;

use super::{Call, array_of};
use crate::{
    eval::{Checker, distinct::Part, members::are_names, ordering::comparable},
    rules,
    ty::{Array, Ty},
    value::{ArrayValue, Outcome, Outcomes, Value},
    world::WorldId,
};

impl Checker<'_> {
    pub(super) fn expect_comparable(&mut self, call: &Call<'_>, ty: &Ty, index: usize) {
        if let Err(found) = comparable(ty) {
            let message = format!("values of {found} cannot be ordered");
            let rule = &rules::WRONG_ARGUMENT;
            let diagnostic = self
                .diagnostic(rule, call.place_of(index), message)
                .help("give the function that makes a key of each element");
            self.push(diagnostic);
        }
    }

    /// The functions behind the operators of order: both values must have one order.
    pub(super) fn ordered(&mut self, call: &Call<'_>, a: &Value, b: &Value, world: WorldId) {
        let a = self.as_data(a, call.place_of(0), world);
        let b = self.as_data(b, call.place_of(1), world);
        let both = a.join(&b);
        if !both.is_poison() {
            self.expect_comparable(call, &both, 0);
        }
    }

    pub(super) fn expect_filled(&mut self, call: &Call<'_>, array: &Value, world: WorldId) {
        if self.length(array, world).0 == 0 {
            let message = format!("`std.{}` fails on an array that may be empty", call.name);
            self.may_fail(call, 0, &message, "test that `std.length` of it is not 0");
        }
    }

    /// `sort`, `set`, `minArray`, `maxArray`: keys are compared from two elements on.
    pub(super) fn sorted(
        &mut self,
        call: &Call<'_>,
        array: &Value,
        key: Option<&Value>,
        world: WorldId,
    ) -> Outcomes {
        let is_pick = matches!(call.name, "minArray" | "maxArray");
        if !is_pick && call.slot(1).is_none() && are_names(array) {
            return Self::one(world, array.clone());
        }
        let element = self.element_type(array, call.place_of(0), world);
        if element.is_poison() {
            return Self::poison(world);
        }
        let (min, max) = self.length(array, world);
        let keys = self.sort_keys(call, array, key, &element, world);
        if max.is_none_or(|max| max > 1) {
            self.expect_comparable(call, &keys, 0);
        }
        if is_pick {
            let mut all = Self::data(world, element.clone());
            if element.is_never() {
                all.clear();
            }
            if min == 0 {
                match call.slot(2) {
                    Some(default) => {
                        all.append(&mut self.force(default, world, call.place_of(2)));
                    }
                    None => self.expect_filled(call, array, world),
                }
            }
            return all;
        }
        let mut sorted = Array::of(element);
        (sorted.min, sorted.max) = (min, max);
        sorted.sorted = call.slot(1).is_none();
        sorted.unique = self.has_no_equals(array, world);
        sorted.keyed = self.are_apart(array, Part::Key, world);
        if call.name == "set" {
            sorted.min = min.min(1);
            sorted.unique |= call.slot(1).is_none();
        }
        Self::data(world, Ty::from(sorted))
    }

    /// What elements are ordered or compared by: what the function in the second slot makes of
    /// them, if there is one.
    pub(super) fn sort_keys(
        &mut self,
        call: &Call<'_>,
        array: &Value,
        key: Option<&Value>,
        element: &Ty,
        world: WorldId,
    ) -> Ty {
        let (Some(_), Some(function)) = (call.slot(1), key) else {
            return element.clone();
        };
        let mut keys = Ty::never();
        for (at, thunk) in self.elements(array, call.place, call.env, world) {
            for Outcome { world, value } in self.apply(function, &[thunk], call.place, at) {
                keys = keys.join(&self.as_data(&value, call.place_of(1), world));
            }
        }
        keys
    }

    /// Elements of sets must be comparable, or what the function in the third slot makes of them.
    pub(super) fn expect_comparable_keys(&mut self, call: &Call<'_>, elements: Ty, world: WorldId) {
        let Some(function) = call.slot(2) else {
            self.expect_comparable(call, &elements, 0);
            return;
        };
        let mut keys = Ty::never();
        for it in self.force(function, world, call.place_of(2)) {
            let element = (elements.clone(), None);
            if let Some((world, thunk)) = self.bind_element(call.place, call.env, element, it.world)
            {
                for it in self.apply(&it.value, &[thunk], call.place, world) {
                    keys = keys.join(&self.as_data(&it.value, call.place, it.world));
                }
            }
        }
        self.expect_comparable(call, &keys, 0);
    }

    pub(super) fn sets(
        &mut self,
        call: &Call<'_>,
        a: &Value,
        b: &Value,
        world: WorldId,
    ) -> Outcomes {
        // With an empty side the other one is returned as it is, or nothing, before any is compared.
        let is_empty = |it: &mut Self, set: &Value| it.length(set, world).1 == Some(0);
        let empty = (is_empty(self, a), is_empty(self, b));
        match (call.name, empty) {
            ("setUnion", (true, _)) | ("setInter", (_, true)) => {
                return Self::one(world, b.clone());
            }
            ("setInter" | "setDiff", (true, _)) | ("setUnion" | "setDiff", (_, true)) => {
                return Self::one(world, a.clone());
            }
            _ => {}
        }
        let x = self.element_type(a, call.place_of(0), world);
        let y = self.element_type(b, call.place_of(1), world);
        if x.is_poison() || y.is_poison() {
            return Self::poison(world);
        }
        let both = x.join(&y);
        // With nothing on one side there is nothing to compare.
        if !x.is_never() && !y.is_never() {
            self.expect_comparable_keys(call, both.clone(), world);
        }
        // What is no set is gone through all the same, side by side: of an array that repeats
        // elements or is not sorted, a union may hold some twice.
        let is_union = call.name == "setUnion";
        let is_set = |it: &Ty| it.kinds().array.as_ref().is_some_and(Array::is_set);
        let first = self.as_data(a, call.place_of(0), world);
        let second = self.as_data(b, call.place_of(1), world);
        let by_itself = call.slot(2).is_none();
        let mut array = Array::of(if is_union { both } else { x });
        if is_union {
            array.unique = by_itself && is_set(&first) && is_set(&second);
            array.sorted = array.unique;
        } else {
            let (first, second) = (array_of(&first), array_of(&second));
            // What was made of elements stays suspended, and a name stays one of the object that
            // it is a name in.
            if let Value::Array(made) = a
                && !matches!(**made, ArrayValue::Fixed(_))
                && (first.is_unique() || !second.is_unique())
            {
                let part = Value::Array(Rc::new(ArrayValue::Part(a.clone())));
                return Self::one(world, part);
            }
            array.max = first.max;
            // What is in both is a part of both.
            let in_both = call.name == "setInter" && by_itself;
            array.unique = first.is_unique() || (in_both && second.is_unique());
            array.sorted = first.sorted || first.is_set();
        }
        Self::data(world, Ty::from(array))
    }
}
