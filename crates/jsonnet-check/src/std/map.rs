//! `std.map`, `std.filter` and their kin: arrays that keep what they are made of.
//!
//! Invariant: what an array is made of is evaluated by each of its readers, under what is known
//! there; only what is certain to run at the call is reported at the call.

use std::rc::Rc;

use jsonnet_syntax::ExprId;

use super::{Call, text_of};
use crate::{
    eval::{Checker, KindSet},
    ty::{Number, Ty},
    value::{ArrayValue, Body, Outcomes, ThunkId, Value},
    world::WorldId,
};

impl Checker<'_> {
    pub(super) fn std_map(
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
                        let at = Number::literal(crate::eval::position::as_f64(at));
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

    pub(super) fn std_filter(
        &mut self,
        call: &Call<'_>,
        function: &Value,
        array: &Value,
        world: WorldId,
    ) -> Outcomes {
        if self.data_type(array, world).is_some() && !self.finds_keys(call, function, array, world)
        {
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

    /// Whether what a predicate says of an element is that something holds it as a key.
    fn finds_keys(
        &mut self,
        call: &Call<'_>,
        function: &Value,
        array: &Value,
        world: WorldId,
    ) -> bool {
        for (at, thunk) in self.elements(array, call.place, call.env, world) {
            let element = match self.force(thunk, at, call.place).as_slice() {
                [only] => match only.value {
                    Value::Ref(path) => path,
                    _ => return false,
                },
                _ => return false,
            };
            let (yes, _) = self.predicate(function, thunk, call.place_of(0), at);
            if yes.is_empty()
                || yes
                    .iter()
                    .any(|it| self.worlds.holders(*it, element).is_empty())
            {
                return false;
            }
        }
        true
    }
}
