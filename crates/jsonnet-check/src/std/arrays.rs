//! Functions on arrays, and those that take functions.

use std::rc::Rc;

use super::{
    Call, array_of,
    join::{flat_elements, listing},
    natural,
};
use crate::{
    eval::{Checker, KindSet, members::are_names},
    ty::{Array, Number, Ty},
    value::{ArrayValue, Body, Outcome, Outcomes, Value},
    world::WorldId,
};

impl Checker<'_> {
    pub(super) fn array_function(
        &mut self,
        call: &Call<'_>,
        values: &[Value],
        world: WorldId,
    ) -> Option<Outcomes> {
        let first = values.first()?;
        let second = values.get(1);
        Some(match (call.name, second) {
            ("length", _) => self.std_length(first, world),
            ("map", Some(array)) => self.std_map((first, call.place_of(0)), array, false, world),
            ("mapWithIndex", Some(array)) => {
                self.std_map((first, call.place_of(0)), array, true, world)
            }
            ("filter", Some(array)) => self.std_filter(call, first, array, world),
            ("filterMap", Some(function)) => {
                let array = values.get(2)?;
                let kept = self.std_filter(call, first, array, world);
                self.chain(kept, call.place, |it, array, world| {
                    it.std_map((function, call.place_of(1)), &array, false, world)
                })
            }
            ("flatMap", Some(array)) => self.flat_map(call, first, array, world),
            ("foldl" | "foldr", Some(array)) => {
                let init = values.get(2)?;
                self.fold(call, first, array, init, world)
            }
            ("all" | "any", _) => self.quantified(call, first, world),
            ("join", Some(array)) => self.join_arrays(call, first, array, world),
            ("member", Some(element)) => self.std_member_of(call, first, element, world),
            ("contains", Some(element)) => self.std_member_of(call, first, element, world),
            ("find", Some(array)) => {
                self.compared_with_elements(call, array, first, world);
                if let Some(path) = self.known_identity(array, world)
                    && self.kinds(array, world) == KindSet::ARRAY
                {
                    let all = ArrayValue::Positions(path, 0);
                    let found = ArrayValue::Part(Value::Array(Rc::new(all)));
                    return Some(Self::one(world, Value::Array(Rc::new(found))));
                }
                Self::data(world, Ty::array(natural()))
            }
            ("count", Some(element)) => {
                self.compared_with_elements(call, first, element, world);
                if let Some((yes, no)) = self.has_key(first, element, world) {
                    let counted = |number: f64| {
                        move |world| Outcome {
                            world,
                            value: Value::Data(Ty::from(Number::literal(number))),
                        }
                    };
                    let yes = yes.into_iter().map(counted(1.0));
                    return Some(yes.chain(no.into_iter().map(counted(0.0))).collect());
                }
                Self::data(world, natural())
            }
            ("remove", Some(element)) => {
                self.expect_own(call, first, world);
                self.compared_with_elements(call, first, element, world);
                self.fewer(first, world)
            }
            ("removeAt", _) => {
                self.expect_own(call, first, world);
                let (min, _) = self.length(first, world);
                let at = self.number_range(second?, world);
                self.expect_integer(call, 1, &at);
                if at.low < 0.0 || at.high >= crate::eval::position::as_f64(min) {
                    let message = "there may be no element at this position";
                    self.may_fail(call, 1, message, "test the length of the array first");
                }
                self.fewer(first, world)
            }
            ("sort" | "set" | "minArray" | "maxArray", _) => {
                self.sorted(call, first, second, world)
            }
            ("uniq", _) if call.slot(1).is_none() && are_names(first) => {
                Self::one(world, first.clone())
            }
            ("uniq", _) => {
                let element = self.element_type(first, call.place_of(0), world);
                // Neighbours are compared, so one element alone is never looked at.
                let (_, max) = self.length(first, world);
                if max.is_none_or(|max| max > 1) && !element.is_poison() {
                    self.sort_keys(call, first, second, &element, world);
                }
                let ty = self.as_data(first, call.place_of(0), world);
                let sorted = array_of(&ty);
                if sorted.sorted && call.slot(1).is_none() {
                    let mut set = Array::of(element);
                    (set.min, set.max) = (sorted.min.min(1), sorted.max);
                    (set.unique, set.sorted) = (true, true);
                    return Some(Self::data(world, Ty::from(set)));
                }
                self.fewer(first, world)
            }
            ("__compare" | "__compare_array", Some(other)) => {
                self.ordered(call, first, other, world);
                Self::data(world, Ty::from(Number::integers(-1.0, 1.0)))
            }
            (
                "__array_less"
                | "__array_less_or_equal"
                | "__array_greater"
                | "__array_greater_or_equal",
                Some(other),
            ) => {
                self.ordered(call, first, other, world);
                Self::data(world, Ty::boolean())
            }
            ("setUnion" | "setInter" | "setDiff", Some(other)) => {
                self.sets(call, first, other, world)
            }
            ("setMember", Some(array)) => {
                let element = self.element_type(array, call.place_of(1), world);
                let ty = self.as_data(first, call.place_of(0), world);
                let both = element.join(&ty);
                if !both.is_poison() && !element.is_never() {
                    self.expect_comparable_keys(call, both, world);
                }
                if call.slot(2).is_none()
                    && let Some((yes, no)) = self.has_key(array, first, world)
                {
                    return Some(Self::truths(yes, no));
                }
                if call.slot(2).is_none() && !ty.is_poison() && ty.is_disjoint(&element) {
                    return Some(Self::data(world, Ty::bool(false)));
                }
                Self::data(world, Ty::boolean())
            }
            ("reverse", _) => {
                if let Value::Array(array) = first {
                    let reversed = match &**array {
                        ArrayValue::Fixed(elements) => {
                            ArrayValue::Fixed(elements.iter().rev().copied().collect())
                        }
                        _ => ArrayValue::Reordered(first.clone()),
                    };
                    return Some(Self::one(world, Value::Array(Rc::new(reversed))));
                }
                let ordered = self.part_of(first, world);
                let (min, max) = self.length(first, world);
                self.chain(ordered, call.place, |_, value, world| match value {
                    Value::Data(ty) => {
                        let mut array = array_of(&ty);
                        (array.min, array.max) = (min, max);
                        array.sorted = false;
                        Self::data(world, Ty::from(array).with_notes(&ty.kinds().notes))
                    }
                    value => Self::one(world, value),
                })
            }
            ("slice", Some(_)) => {
                let bounds = [1, 2, 3].map(|at| match values.get(at) {
                    Some(value) => self.bound(value, world),
                    None => crate::eval::slice::Bound::Open,
                });
                self.sliced((call.place, call.env), first, bounds, world)
            }
            ("makeArray", Some(function)) => self.make_array(call, first, function, world),
            ("range", Some(to)) => {
                let (from, to) = (
                    self.number_range(first, world),
                    self.number_range(to, world),
                );
                self.expect_integer(call, 0, &from);
                self.expect_integer(call, 1, &to);
                // go-jsonnet before 0.22 makes an array of the size `to - from + 1`.
                if from.high > to.low + 1.0
                    && self.profile.std_version < crate::check::StdVersion::V0_22
                {
                    let message = "`std.range` of less than nothing ends go-jsonnet before 0.22";
                    self.may_fail(
                        call,
                        1,
                        message,
                        "test that the end is not before the start",
                    );
                }
                if let (Some(start), Value::Length(path, -1)) = (from.single(), second?)
                    && (0.0..=64.0).contains(&start)
                    && from.integer
                {
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "checked to lie between 0 and 64"
                    )]
                    let positions = ArrayValue::Positions(*path, start as u32);
                    return Some(Self::one(world, Value::Array(Rc::new(positions))));
                }
                let mut array = Array::of(Ty::from(Number::integers(from.low, to.high)));
                array.unique = true;
                if let (Some(a), Some(b)) = (from.single(), to.single()) {
                    let length = crate::eval::ordering::count((b - a + 1.0).max(0.0));
                    (array.min, array.max) = (length.unwrap_or(0), length);
                    if let Some(length) = length.filter(|it| *it <= 16) {
                        let elements = (0..length).map(|it| {
                            let at = a + crate::eval::position::as_f64(it);
                            self.value_thunk(Value::Data(Ty::from(Number::literal(at))))
                        });
                        let elements = ArrayValue::Fixed(elements.collect());
                        return Some(Self::one(world, Value::Array(Rc::new(elements))));
                    }
                }
                Self::data(world, Ty::from(array))
            }
            ("repeat", Some(count)) => {
                let count = self.number_range(count, world);
                self.expect_integer(call, 1, &count);
                if count.high <= 0.0 {
                    return Some(self.emptied(first, world));
                }
                self.part_of_any_length(first, world)
            }
            ("flattenArrays", _) => {
                let what = "the argument `arrs` of `std.flattenArrays`";
                self.expect_elements(first, KindSet::ARRAY, call.place_of(0), what, world);
                let element = self.element_type(first, call.place_of(0), world);
                if element.is_poison() {
                    return Some(Self::poison(world));
                }
                Self::data(world, Ty::from(listing(array_of(&element).element())))
            }
            ("flattenDeepArray", _) => {
                let ty = self.as_data(first, call.place_of(0), world);
                Self::data(world, Ty::array(flat_elements(&ty, 0)))
            }
            ("sum", _) => self.total(call, first, world),
            ("avg", _) => {
                self.expect_filled(call, first, world);
                self.total(call, first, world)
            }
            _ => return None,
        })
    }

    fn fewer(&mut self, array: &Value, world: WorldId) -> Outcomes {
        let part = self.part_of(array, world);
        let mut all = Vec::new();
        for Outcome { world, value } in part {
            all.append(&mut match value {
                Value::Data(ty) => {
                    let mut array = array_of(&ty);
                    array.min = 0;
                    Self::data(world, Ty::from(array).with_notes(&ty.kinds().notes))
                }
                value => Self::one(world, value),
            });
        }
        all
    }

    /// Reports a step of `std.slice` that leads nowhere.
    pub(super) fn expect_step(&mut self, call: &Call<'_>, step: &Value, world: WorldId) {
        let ty = self.data_type(step, world).unwrap_or(Ty::Poison);
        if ty.kinds().number.as_ref().is_some_and(|it| it.low < 1.0) && !ty.is_poison() {
            self.may_fail(call, 3, "the step must be greater than 0", "give 1");
        }
    }

    /// An empty array or string, as the value is one.
    fn emptied(&mut self, value: &Value, world: WorldId) -> Outcomes {
        let kinds = self.kinds(value, world);
        let mut empty = Ty::never();
        if kinds.contains(KindSet::ARRAY) {
            empty = empty.join(&Ty::from(Array::tuple(Vec::new())));
        }
        if kinds.contains(KindSet::STRING) {
            empty = empty.join(&Ty::literal(""));
        }
        Self::data(world, empty)
    }

    /// The elements of an array, or some text, over and over again.
    fn part_of_any_length(&mut self, value: &Value, world: WorldId) -> Outcomes {
        if let Value::Array(_) = value {
            let repeated = ArrayValue::Some(value.clone());
            return Self::one(world, Value::Array(Rc::new(repeated)));
        }
        let part = self.part_of(value, world);
        let mut all = Vec::new();
        for Outcome { world, value } in part {
            all.append(&mut match value {
                Value::Data(ty) if ty.kinds().array.is_some() => {
                    Self::data(world, Ty::array(array_of(&ty).element()))
                }
                value => Self::one(world, value),
            });
        }
        all
    }

    fn make_array(
        &mut self,
        call: &Call<'_>,
        size: &Value,
        function: &Value,
        world: WorldId,
    ) -> Outcomes {
        let range = self.number_range(size, world);
        self.expect_integer(call, 0, &range);
        let length = range.single().and_then(crate::eval::ordering::count);
        if let Some(length) = length.filter(|it| *it <= 32) {
            let elements = (0..length).map(|at| {
                let at = Number::literal(crate::eval::position::as_f64(at));
                let at = self.value_thunk(Value::Data(Ty::from(at)));
                let body = Body::Apply(function.clone(), vec![at], call.place);
                self.thunk(body)
            });
            let elements = ArrayValue::Fixed(elements.collect());
            return Self::one(world, Value::Array(Rc::new(elements)));
        }
        if let Value::Length(path, 0) = size {
            let made = ArrayValue::Map {
                function: function.clone(),
                source: Value::Array(Rc::new(ArrayValue::Positions(*path, 0))),
                indexed: false,
                place: call.place_of(1),
            };
            return Self::one(world, Value::Array(Rc::new(made)));
        }
        let size = range;
        let mut positions = Array::of(Ty::from(Number::integers(0.0, (size.high - 1.0).max(0.0))));
        positions.min = crate::eval::ordering::count(size.low).unwrap_or(0);
        positions.max = crate::eval::ordering::count(size.high);
        let made = ArrayValue::Map {
            function: function.clone(),
            source: Value::Data(Ty::from(positions)),
            indexed: false,
            place: call.place_of(1),
        };
        Self::one(world, Value::Array(Rc::new(made)))
    }

    pub(super) fn number_range(&mut self, value: &Value, world: WorldId) -> Number {
        let ty = self.data_type(value, world).unwrap_or(Ty::Poison);
        ty.kinds().number.clone().unwrap_or_else(Number::any)
    }

    /// Reports a number that may be a fraction.
    pub(super) fn expect_whole(&mut self, call: &Call<'_>, index: usize, number: &Number) {
        if !number.integer {
            let message = format!(
                "`std.{}` needs an integer, this may be a fraction",
                call.name
            );
            self.may_fail(call, index, &message, "round it, as with `std.floor`");
        }
    }

    /// Reports a number that may be a fraction, or no count of go-jsonnet.
    pub(super) fn expect_integer(&mut self, call: &Call<'_>, index: usize, number: &Number) {
        /// What a count holds in go-jsonnet 0.21 and 0.22, measured: 32 bits.
        const LARGEST: f64 = 2_147_483_647.0;
        self.expect_whole(call, index, number);
        if number.integer && (number.low < -LARGEST - 1.0 || number.high > LARGEST) {
            let message = format!("`std.{}` takes no integer of more than 32 bits", call.name);
            self.may_fail(call, index, &message, "bound it, as with `std.clamp`");
        }
    }
}
