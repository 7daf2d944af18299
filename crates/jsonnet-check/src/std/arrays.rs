//! Functions on arrays, and those that take functions.

use std::rc::Rc;

use jsonnet_syntax::{ExprId, ExprKind, Spec};

use super::{Call, array_of, natural, text_of};
use crate::{
    eval::{Checker, KindSet, binary::comparable},
    rules,
    ty::{Array, Number, Refinement, Text, Ty},
    value::{ArrayValue, Body, Outcome, Outcomes, ThunkId, Value},
    world::WorldId,
};

/// Rounds of `foldl` over an array of unknown length before the accumulator is widened.
const FOLD_ROUNDS: usize = 4;

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
            ("mapWithIndex", Some(array)) => self.std_map((first, call.place_of(0)), array, true, world),
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
                Self::data(world, Ty::array(natural()))
            }
            ("count", Some(element)) => {
                self.compared_with_elements(call, first, element, world);
                Self::data(world, natural())
            }
            ("remove", Some(element)) => {
                self.compared_with_elements(call, first, element, world);
                self.fewer(first, world)
            }
            ("removeAt", _) => {
                let (min, _) = self.length(first, world);
                let at = self.number_range(second?, world);
                if at.low < 0.0 || at.high >= crate::eval::access::as_f64(min) {
                    let message = "there may be no element at this position";
                    self.may_fail(call, 1, message, "test the length of the array first");
                }
                self.fewer(first, world)
            }
            ("sort" | "set" | "minArray" | "maxArray", _) => {
                self.sorted(call, first, second, world)
            }
            ("uniq", _) => {
                let element = self.element_type(first, call.place_of(0), world);
                // Neighbours are compared, so one element alone is never looked at.
                let (_, max) = self.length(first, world);
                if max.is_none_or(|max| max > 1) && !element.is_poison() {
                    self.sort_keys(call, first, second, &element, world);
                }
                self.fewer(first, world)
            }
            ("setUnion" | "setInter" | "setDiff", Some(other)) => {
                self.sets(call, first, other, world)
            }
            ("setMember", Some(array)) => {
                let element = self.element_type(array, call.place_of(1), world);
                let ty = self.manifest(first, call.place_of(0), world);
                let both = element.join(&ty);
                if !both.is_poison() {
                    self.expect_comparable_keys(call, both, world);
                }
                Self::data(world, Ty::boolean())
            }
            ("reverse", _) => {
                let ordered = self.part_of(first, world);
                let (min, max) = self.length(first, world);
                self.chain(ordered, call.place, |_, value, world| match value {
                    Value::Data(ty) => {
                        let mut array = array_of(&ty);
                        (array.min, array.max) = (min, max);
                        Self::data(world, Ty::from(array).with_notes(&ty.kinds().notes))
                    }
                    value => Self::one(world, value),
                })
            }
            ("slice", Some(_)) => {
                if let Some(step) = values.get(3) {
                    let ty = self.data_type(step, world).unwrap_or(Ty::Poison);
                    if ty.kinds().number.as_ref().is_some_and(|it| it.low < 1.0) && !ty.is_poison()
                    {
                        self.may_fail(call, 3, "the step must be greater than 0", "give 1");
                    }
                }
                self.part_of(first, world)
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
                if from.high > to.low + 1.0 && self.profile.std_version < crate::check::StdVersion::V0_22
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
                    let length = crate::eval::binary::count((b - a + 1.0).max(0.0));
                    (array.min, array.max) = (length.unwrap_or(0), length);
                    if let Some(length) = length.filter(|it| *it <= 16) {
                        let elements = (0..length).map(|it| {
                            let at = a + crate::eval::access::as_f64(it);
                            self
                                .value_thunk(Value::Data(Ty::from(Number::literal(at))))
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
                self.part_of_any_length(first, world)
            }
            ("flattenArrays", _) => {
                let what = "the argument `arrs` of `std.flattenArrays`";
                self.expect_elements(first, KindSet::ARRAY, call.place_of(0), what, world);
                let element = self.element_type(first, call.place_of(0), world);
                if element.is_poison() {
                    return Some(Self::poison(world));
                }
                Self::data(world, Ty::array(array_of(&element).element()))
            }
            ("flattenDeepArray", _) => {
                let ty = self.manifest(first, call.place_of(0), world);
                Self::data(world, Ty::array(flat_elements(&ty, 0)))
            }
            ("sum", _) => Self::data(world, Ty::number()),
            ("avg", _) => {
                self.expect_filled(call, first, world);
                Self::data(world, Ty::number())
            }
            _ => return None,
        })
    }

    fn std_map(
        &mut self,
        (function, place): (&Value, ExprId),
        array: &Value,
        indexed: bool,
        world: WorldId,
    ) -> Outcomes {
        let mut all = Vec::new();
        for kind in [KindSet::ARRAY, KindSet::STRING] {
            let Some((source, world)) = self.narrow(array, kind, world) else {
                continue;
            };
            let source = if kind == KindSet::STRING {
                let ty = self.data_type(&source, world).unwrap_or(Ty::Poison);
                Value::Data(self.characters(&text_of(&ty)))
            } else {
                source
            };
            if let Value::Array(made) = &source
                && let ArrayValue::Fixed(elements) = &**made
            {
                // Known elements stay apart.
                let elements = elements.clone();
                let mapped = elements.iter().enumerate().map(|(at, element)| {
                    let mut args = vec![*element];
                    if indexed {
                        let at = Number::literal(crate::eval::access::as_f64(at));
                        args.insert(0, self.value_thunk(Value::Data(Ty::from(at))));
                    }
                    self.thunk(Body::Apply(function.clone(), args, place))
                });
                let mapped = ArrayValue::Fixed(mapped.collect());
                all.append(&mut Self::one(world, Value::Array(Rc::new(mapped))));
                continue;
            }
            let mapped = ArrayValue::Map {
                function: function.clone(),
                source,
                indexed,
                place,
            };
            all.append(&mut Self::one(world, Value::Array(Rc::new(mapped))));
        }
        all
    }

    fn std_filter(
        &mut self,
        call: &Call<'_>,
        function: &Value,
        array: &Value,
        world: WorldId,
    ) -> Outcomes {
        if self.data_type(array, world).is_some() {
            return self.filter_data(function, array, call.place, call.env, world);
        }
        // The predicate runs now; what it says is asked again by each reader.
        if let Value::Array(made) = array
            && let ArrayValue::Fixed(elements) = &**made
        {
            let elements = elements.clone();
            let mut kept: Option<Vec<ThunkId>> = Some(Vec::new());
            for element in elements {
                let (yes, no) = self.predicate(function, element, call.place_of(0), world);
                match (&mut kept, yes.is_empty(), no.is_empty()) {
                    (Some(kept), false, true) => kept.push(element),
                    (Some(_), true, false) => {}
                    _ => kept = None,
                }
            }
            if let Some(kept) = kept {
                let kept = ArrayValue::Fixed(kept);
                return Self::one(world, Value::Array(Rc::new(kept)));
            }
        } else {
            for (at, element) in self.elements(array, call.place, call.env, world) {
                self.predicate(function, element, call.place_of(0), at);
            }
        }
        let kept = ArrayValue::Filter {
            function: function.clone(),
            source: array.clone(),
            place: call.place_of(0),
        };
        Self::one(world, Value::Array(Rc::new(kept)))
    }

    fn flat_map(
        &mut self,
        call: &Call<'_>,
        function: &Value,
        array: &Value,
        world: WorldId,
    ) -> Outcomes {
        let mut all = Vec::new();
        for (kind, result) in [
            (KindSet::ARRAY, KindSet::ARRAY),
            (KindSet::STRING, KindSet::STRING),
        ] {
            let Some((source, world)) = self.narrow(array, kind, world) else {
                continue;
            };
            let source = if kind == KindSet::STRING {
                let ty = self.data_type(&source, world).unwrap_or(Ty::Poison);
                Value::Data(self.characters(&text_of(&ty)))
            } else {
                source
            };
            let mut joined = Ty::never();
            for (at, element) in self.elements(&source, call.place, call.env, world) {
                for Outcome { world, value } in self.apply(function, &[element], call.place, at) {
                    let what = "what the function of `std.flatMap` returns";
                    let rule = &rules::WRONG_ARGUMENT;
                    let place = call.place_of(0);
                    let found = self.expect(&value, result, place, rule, what, world);
                    let Some((value, world)) = found else {
                        continue;
                    };
                    let ty = self.manifest(&value, place, world);
                    if ty.is_poison() {
                        return Self::poison(world);
                    }
                    joined = joined.join(&array_of(&ty).element());
                }
            }
            let ty = if result == KindSet::STRING {
                Ty::string()
            } else {
                Ty::array(joined)
            };
            all.append(&mut Self::data(world, ty));
        }
        all
    }

    fn fold(
        &mut self,
        call: &Call<'_>,
        function: &Value,
        array: &Value,
        init: &Value,
        world: WorldId,
    ) -> Outcomes {
        let is_left = call.name == "foldl";
        let place = call.place;
        if let Value::Array(made) = array
            && let ArrayValue::Fixed(elements) = &**made
            && elements.len() <= 32
        {
            let mut elements = elements.clone();
            if !is_left {
                elements.reverse();
            }
            let mut ways = Self::one(world, init.clone());
            for element in elements {
                ways = self.chain(ways, place, |it, value, world| {
                    let acc = it.value_thunk(value);
                    let args = if is_left {
                        [acc, element]
                    } else {
                        [element, acc]
                    };
                    it.apply(function, &args, place, world)
                });
            }
            return ways;
        }
        let source = if self.kinds(array, world) == KindSet::STRING {
            let ty = self.data_type(array, world).unwrap_or(Ty::Poison);
            Value::Data(self.characters(&text_of(&ty)))
        } else {
            array.clone()
        };
        // The accumulator is taken as data and widened until a further round adds nothing.
        let mut acc = self.manifest(init, call.place_of(2), world);
        for round in 0..=FOLD_ROUNDS + 1 {
            let mut next = acc.clone();
            for (at, element) in self.elements(&source, place, call.env, world) {
                let thunk = self.value_thunk(Value::Data(acc.clone()));
                let args = if is_left {
                    [thunk, element]
                } else {
                    [element, thunk]
                };
                for Outcome { world, value } in self.apply(function, &args, place, at) {
                    next = next.join(&self.manifest(&value, place, world));
                }
            }
            if next == acc || next.is_poison() {
                return Self::data(world, next);
            }
            acc = match round {
                0 => next,
                _ if round < FOLD_ROUNDS => widen(&next, 0),
                FOLD_ROUNDS => widen(&KindSet::of(&next).ty(), 0),
                _ => {
                    self.give_up(place, "what this fold gives could not be bounded");
                    return Vec::new();
                }
            };
        }
        Self::data(world, acc)
    }

    /// `std.all` and `std.any`. What `all` says of a mapped input holds of each of its elements;
    /// of elements that are listed, each is asked where those before it left it open.
    fn quantified(&mut self, call: &Call<'_>, array: &Value, world: WorldId) -> Outcomes {
        let is_all = call.name == "all";
        let elements = self.element_type(array, call.place_of(0), world);
        if elements.is_poison() {
            return Self::poison(world);
        }
        if KindSet::of(&elements) == KindSet::BOOL
            && let Some(listed) = self.listed(array, call, world)
        {
            return self.each_asked(&listed, is_all, call, world);
        }
        let learnt = match array {
            Value::Array(made) if is_all => self.held_elements(call, &made.clone(), world),
            _ => None,
        };
        let (min, max) = self.length(array, world);
        let [no, yes] = elements.kinds().bools;
        let (can_hold, can_fail) = if is_all {
            (yes || min == 0, no && max != Some(0))
        } else {
            (yes && max != Some(0), no || min == 0)
        };
        let held = learnt.unwrap_or(Some(world));
        Self::truths(
            held.filter(|_| can_hold).into_iter().collect(),
            can_fail.then_some(world).into_iter().collect(),
        )
    }

    /// The elements of an array whose length is known, in their order.
    fn listed(&mut self, array: &Value, call: &Call<'_>, world: WorldId) -> Option<Vec<ThunkId>> {
        const MAX_LISTED: usize = 16;
        let Value::Array(made) = array else {
            return None;
        };
        let listed = match &*made.clone() {
            ArrayValue::Fixed(elements) => elements.clone(),
            ArrayValue::Comp(expr, env) => {
                let program = self.program;
                let ExprKind::ArrayComp { specs, element } = &program.expr(*expr).kind else {
                    return None;
                };
                let [Spec::For { source, .. }] = &**specs else {
                    return None;
                };
                let sources = self.eval(*source, *env, world);
                let [source] = sources.as_slice() else {
                    return None;
                };
                let Value::Array(source) = &source.value else {
                    return None;
                };
                let ArrayValue::Fixed(_) = &**source else {
                    return None;
                };
                let instances = self.comprehension_instances(*expr, *env, call.place, world);
                let are_certain = instances
                    .iter()
                    .all(|(at, _)| self.worlds.is_certain(*at, world));
                if !are_certain {
                    return None;
                }
                let inner = instances.into_iter().map(|(_, env)| env);
                inner
                    .map(|env| self.store.expr_thunk(*element, env))
                    .collect()
            }
            _ => return None,
        };
        (listed.len() <= MAX_LISTED).then_some(listed)
    }

    fn each_asked(
        &mut self,
        elements: &[ThunkId],
        is_all: bool,
        call: &Call<'_>,
        world: WorldId,
    ) -> Outcomes {
        let mut open = vec![world];
        let mut decided = Vec::new();
        for element in elements {
            let mut still = Vec::new();
            for world in open {
                for it in self.force(*element, world, call.place_of(0)) {
                    let rule = &rules::WRONG_CONDITION;
                    let place = call.place_of(0);
                    let (yes, no) = self.truth(&it.value, place, rule, "an element", it.world);
                    let (on, off) = if is_all { (yes, no) } else { (no, yes) };
                    still.extend(on);
                    decided.extend(off);
                }
            }
            open = self.few(still);
        }
        let decided = self.few(decided);
        if is_all {
            Self::truths(open, decided)
        } else {
            Self::truths(decided, open)
        }
    }

    /// The world in which what is asked of each element of an input holds of all of them.
    fn held_elements(
        &mut self,
        call: &Call<'_>,
        asked: &ArrayValue,
        world: WorldId,
    ) -> Option<Option<WorldId>> {
        let place = call.place;
        // Where it holds of an element, with that element.
        let mut holds: Vec<(WorldId, ThunkId)> = Vec::new();
        let path = match asked {
            ArrayValue::Map {
                function,
                source: Value::Ref(path),
                indexed: false,
                ..
            } => {
                let source = Value::Ref(*path);
                for (at, element) in self.elements(&source, place, call.env, world) {
                    let (yes, _) = self.predicate(function, element, place, at);
                    holds.extend(yes.into_iter().map(|world| (world, element)));
                }
                *path
            }
            ArrayValue::Comp(expr, env) => {
                let program = self.program;
                let ExprKind::ArrayComp { specs, element } = &program.expr(*expr).kind else {
                    return None;
                };
                let [Spec::For { source, .. }] = &**specs else {
                    return None;
                };
                let sources = self.eval(*source, *env, world);
                let [source] = sources.as_slice() else {
                    return None;
                };
                let Value::Ref(path) = source.value else {
                    return None;
                };
                for (at, inner) in self.comprehension_instances(*expr, *env, place, world) {
                    let asked = self.store.expr_thunk(*element, inner);
                    let gone_through = self.store.env(inner)?.binds.first()?.1;
                    for it in self.force(asked, at, place) {
                        let rule = &rules::WRONG_CONDITION;
                        let (yes, _) = self.truth(&it.value, place, rule, "an element", it.world);
                        holds.extend(yes.map(|world| (world, gone_through)));
                    }
                }
                path
            }
            _ => return None,
        };
        let ty = self.worlds.ty(world, path);
        let mut held = Ty::never();
        for (at, element) in holds {
            for Outcome { world, value } in self.force(element, at, place) {
                held = held.join(&self.data_type(&value, world)?);
            }
        }
        let mut array = array_of(&ty);
        if array.prefix.is_empty() {
            array.rest = held;
            let fact = Refinement::Is(Ty::from(array));
            return Some(self.worlds.assume(world, path, fact));
        }
        None
    }

    fn join_arrays(
        &mut self,
        call: &Call<'_>,
        separator: &Value,
        array: &Value,
        world: WorldId,
    ) -> Outcomes {
        let mut all = Vec::new();
        for kind in [KindSet::STRING, KindSet::ARRAY] {
            let Some((separator, world)) = self.narrow(separator, kind, world) else {
                continue;
            };
            let what = "the argument `arr` of `std.join`";
            let kinds = kind.or(KindSet::NULL);
            let place = call.place_of(1);
            let element = self.element_type(array, place, world);
            if element.is_poison() {
                return Self::poison(world);
            }
            self.expect_elements(array, kinds, place, what, world);
            let notes = element.kinds().notes.clone();
            if kind == KindSet::STRING {
                all.append(&mut Self::data(world, Ty::string().with_notes(&notes)));
            } else {
                let separator = self.element_type(&separator, call.place_of(0), world);
                let joined = array_of(&element).element().join(&separator);
                all.append(&mut Self::data(world, Ty::array(joined).with_notes(&notes)));
            }
        }
        all
    }

    /// `std.member` and `std.contains`: of literals, it narrows what is looked for.
    fn std_member_of(
        &mut self,
        call: &Call<'_>,
        array: &Value,
        element: &Value,
        world: WorldId,
    ) -> Outcomes {
        if self.kinds(array, world) == KindSet::STRING {
            let rule = &rules::WRONG_ARGUMENT;
            let what = "what is looked for in a string";
            let found = self.expect(
                element,
                KindSet::STRING,
                call.place_of(1),
                rule,
                what,
                world,
            );
            return match found {
                Some((_, world)) => Self::data(world, Ty::boolean()),
                None => Self::poison(world),
            };
        }
        self.compared_with_elements(call, array, element, world);
        let Value::Array(made) = array else {
            let ty = self.data_type(array, world).unwrap_or(Ty::Poison);
            let elements = array_of(&ty).element();
            if let Value::Ref(path) = element
                && !elements.is_poison()
                && elements != Ty::Unknown
            {
                let yes = self.worlds.assume(world, *path, Refinement::Is(elements));
                return Self::truths(yes.into_iter().collect(), vec![world]);
            }
            return Self::data(world, Ty::boolean());
        };
        if let ArrayValue::Keys(of, hidden) = &**made {
            let (yes, no) = self.has(&of.clone(), element, *hidden, world);
            return Self::truths(yes, no);
        }
        let ArrayValue::Fixed(elements) = &**made else {
            return Self::data(world, Ty::boolean());
        };
        let elements = elements.clone();
        let mut yes = Vec::new();
        let mut no = vec![world];
        let mut all = Ty::never();
        for thunk in elements {
            let mut still = Vec::new();
            for world in no {
                for it in self.force(thunk, world, call.place_of(0)) {
                    let (equal, differs) = self.equal(element, &it.value, call.place, it.world);
                    yes.extend(equal);
                    still.extend(differs);
                    if let Some(ty) = self.data_type(&it.value, it.world) {
                        all = all.join(&ty);
                    }
                }
            }
            no = self.few(still);
        }
        if let Value::Ref(path) = element
            && yes.len() > 1
            && !all.is_poison()
            && all != Ty::Unknown
        {
            let met = self.worlds.assume(world, *path, Refinement::Is(all));
            yes = met.into_iter().collect();
        }
        Self::truths(self.few(yes), no)
    }

    fn compared_with_elements(
        &mut self,
        call: &Call<'_>,
        array: &Value,
        element: &Value,
        world: WorldId,
    ) {
        if self.kinds(element, world).contains(KindSet::FUNCTION) {
            let rule = &rules::FUNCTION_COMPARISON;
            self.say(
                rule,
                call.place,
                "functions cannot be compared with each other",
            );
            return;
        }
        self.manifest_for(array, call.place, world, &rules::FUNCTION_COMPARISON);
        self.manifest_for(element, call.place, world, &rules::FUNCTION_COMPARISON);
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

    fn part_of_any_length(&mut self, value: &Value, world: WorldId) -> Outcomes {
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

    fn expect_comparable(&mut self, call: &Call<'_>, ty: &Ty, index: usize) {
        if let Err(found) = comparable(ty) {
            let message = format!("values of {found} cannot be ordered");
            let rule = &rules::WRONG_ARGUMENT;
            let diagnostic = self
                .diagnostic(rule, call.place_of(index), message)
                .help("give the function that makes a key of each element");
            self.push(diagnostic);
        }
    }

    fn expect_filled(&mut self, call: &Call<'_>, array: &Value, world: WorldId) {
        if self.length(array, world).0 == 0 {
            let message = format!("`std.{}` fails on an array that may be empty", call.name);
            self.may_fail(call, 0, &message, "test that `std.length` of it is not 0");
        }
    }

    /// `sort`, `set`, `minArray`, `maxArray`: keys are compared from two elements on.
    fn sorted(
        &mut self,
        call: &Call<'_>,
        array: &Value,
        key: Option<&Value>,
        world: WorldId,
    ) -> Outcomes {
        let is_pick = matches!(call.name, "minArray" | "maxArray");
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
        if call.name == "set" {
            sorted.min = min.min(1);
            sorted.unique = call.slot(1).is_none();
        }
        Self::data(world, Ty::from(sorted))
    }

    /// What elements are ordered or compared by: what the function in the second slot makes of
    /// them, if there is one.
    fn sort_keys(
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
                keys = keys.join(&self.manifest(&value, call.place_of(1), world));
            }
        }
        keys
    }

    /// Elements of sets must be comparable, or what the function in the third slot makes of them.
    fn expect_comparable_keys(&mut self, call: &Call<'_>, elements: Ty, world: WorldId) {
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
                    keys = keys.join(&self.manifest(&it.value, call.place, it.world));
                }
            }
        }
        self.expect_comparable(call, &keys, 0);
    }

    fn sets(&mut self, call: &Call<'_>, a: &Value, b: &Value, world: WorldId) -> Outcomes {
        let x = self.element_type(a, call.place_of(0), world);
        let y = self.element_type(b, call.place_of(1), world);
        if x.is_poison() || y.is_poison() {
            return Self::poison(world);
        }
        let both = x.join(&y);
        self.expect_comparable_keys(call, both.clone(), world);
        let element = if call.name == "setUnion" { both } else { x };
        let mut array = Array::of(element);
        array.unique = call.slot(2).is_none();
        Self::data(world, Ty::from(array))
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
        let length = range.single().and_then(crate::eval::binary::count);
        if let Some(length) = length.filter(|it| *it <= 32) {
            let elements = (0..length).map(|at| {
                let at = Number::literal(crate::eval::access::as_f64(at));
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
        positions.min = crate::eval::binary::count(size.low).unwrap_or(0);
        positions.max = crate::eval::binary::count(size.high);
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

    pub(super) fn expect_integer(&mut self, call: &Call<'_>, index: usize, number: &Number) {
        if !number.integer {
            let message = format!(
                "`std.{}` needs an integer, this may be a fraction",
                call.name
            );
            self.may_fail(call, index, &message, "round it, as with `std.floor`");
        }
    }
}

/// The elements that are left when arrays inside arrays are taken apart.
fn flat_elements(ty: &Ty, depth: usize) -> Ty {
    if depth > 12 || matches!(ty, Ty::Unknown | Ty::Poison) {
        return ty.clone();
    }
    let mut kinds = ty.kinds().clone();
    match kinds.array.take() {
        Some(array) => Ty::new(kinds).join(&flat_elements(&array.element(), depth + 1)),
        None => ty.clone(),
    }
}

/// A type that further rounds of a loop reach sooner.
fn widen(ty: &Ty, depth: usize) -> Ty {
    if matches!(ty, Ty::Unknown | Ty::Poison) || depth > 6 {
        return ty.clone();
    }
    let mut kinds = ty.kinds().clone();
    if let Some(number) = &mut kinds.number {
        // Sums of any length stay within this; products do not, and are errors.
        *number = Number {
            literals: Vec::new(),
            low: -1e300,
            high: 1e300,
            integer: number.integer,
            nonzero: false,
        };
    }
    if let Some(text) = &mut kinds.text {
        *text = Text::any();
    }
    if let Some(array) = &mut kinds.array {
        *array = Array::of(widen(&array.element(), depth + 1));
    }
    let shapes = std::mem::take(&mut kinds.shapes);
    // A loop that adds members of unknown names makes an open object.
    let is_open = shapes.iter().any(|it| it.rest.is_some());
    for mut shape in shapes {
        for (_, field) in &mut shape.fields {
            field.ty = widen(&field.ty, depth + 1);
        }
        shape.rest = shape.rest.map(|it| widen(&it, depth + 1));
        kinds.shapes.push(shape);
    }
    if is_open && kinds.shapes.len() > 1 {
        let values = kinds.shapes.iter().map(crate::ty::Shape::values);
        let values = values.fold(Ty::never(), |all, it| all.join(&it));
        return Ty::new(crate::ty::Kinds {
            shapes: Vec::new(),
            ..kinds
        })
        .join(&Ty::map(widen(&values, depth + 1)));
    }
    Ty::new(kinds)
}
