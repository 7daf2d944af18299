//! Functions on objects.

use std::{rc::Rc, sync::Arc};

use jsonnet_syntax::{ExprKind, Visibility};

use super::{
    Call,
    patch::{merge_patch, prune},
};
use crate::{
    eval::{Checker, manifest::Members, taken::Taken},
    rules,
    ty::{Array, Field, Refinement, Shape, Step, Ty},
    value::{ArrayValue, Body, FieldBody, Layer, LayerField, Outcome, Outcomes, Value},
    world::WorldId,
};

impl Checker<'_> {
    pub(super) fn object_function(
        &mut self,
        call: &Call<'_>,
        values: &[Value],
        world: WorldId,
    ) -> Option<Outcomes> {
        let first = values.first()?;
        let second = values.get(1);
        Some(match (call.name, second) {
            ("get", Some(name)) => self.std_get(call, first, name, world),
            ("objectHas" | "objectHasAll" | "objectHasEx", Some(name)) => {
                let (hidden, visible) = match (call.name, values.get(2)) {
                    ("objectHasAll", _) => (true, false),
                    ("objectHasEx", Some(hidden)) => self.may_be(hidden, world),
                    _ => (false, true),
                };
                // A hidden member is found where hidden ones count, and missing where they do not.
                let (yes, no) = self.has(first, name, hidden, world);
                if hidden && visible {
                    let (_, no) = self.has(first, name, false, world);
                    return Some(Self::truths(yes, no));
                }
                Self::truths(yes, no)
            }
            ("objectFields" | "objectFieldsAll" | "objectFieldsEx", _) => {
                let (hidden, visible) = match (call.name, second) {
                    ("objectFieldsAll", _) => (true, false),
                    ("objectFieldsEx", Some(hidden)) => self.may_be(hidden, world),
                    _ => (false, true),
                };
                if hidden && self.may_hide(first, world) {
                    return Some(Self::data(world, Ty::array(Ty::string())));
                }
                if !(hidden && visible)
                    && let Some(names) = self.constant_names(first, hidden, world)
                {
                    let names = names.iter().map(|name| {
                        let name = Ty::literal(name);
                        self.value_thunk(Value::Data(name))
                    });
                    let names = ArrayValue::Fixed(names.collect());
                    return Some(Self::one(world, Value::Array(Rc::new(names))));
                }
                let mut keys = ArrayValue::Keys(first.clone(), hidden);
                if hidden && visible {
                    keys = ArrayValue::Part(Value::Array(Rc::new(keys)));
                }
                Self::one(world, Value::Array(Rc::new(keys)))
            }
            ("objectValues" | "objectValuesAll", _) => {
                let value = self.values_type(first, call, world);
                let (min, max) = self.key_bounds(first, call.name.ends_with("All"), world);
                let mut array = Array::of(value);
                (array.min, array.max) = (min, max);
                let values = Self::data(world, Ty::from(array));
                self.take((call.place, call.env), first, Taken::Some, values)
            }
            ("objectKeysValues" | "objectKeysValuesAll", _) => {
                let value = self.values_type(first, call, world);
                let pair = Ty::object([
                    ("key", Field::required(Ty::string())),
                    ("value", Field::required(value)),
                ]);
                let (min, max) = self.key_bounds(first, call.name.ends_with("All"), world);
                let mut array = Array::of(pair);
                (array.min, array.max) = (min, max);
                (array.unique, array.keyed) = (true, true);
                let pairs = Self::data(world, Ty::from(array));
                self.take((call.place, call.env), first, Taken::Pairs, pairs)
            }
            ("objectRemoveKey", Some(name)) => self.remove_key(call, first, name, world),
            ("mapWithKey", Some(object)) => self.map_with_key(call, first, object, world),
            ("mergePatch", Some(patch)) => {
                let target = self.as_data(first, call.place_of(0), world);
                let patch = self.as_data(patch, call.place_of(1), world);
                Self::data(world, merge_patch(&target, &patch, 0))
            }
            ("prune", _) => {
                let ty = self.as_data(first, call.place_of(0), world);
                Self::data(world, prune(&ty, 0))
            }
            _ => return None,
        })
    }

    /// Whether a value may be true, and whether it may be anything else.
    fn may_be(&mut self, value: &Value, world: WorldId) -> (bool, bool) {
        let ty = self.data_type(value, world).unwrap_or(Ty::Poison);
        let may_be_true = ty.kinds().bools[1];
        (may_be_true, !may_be_true || ty != Ty::bool(true))
    }

    fn std_get(
        &mut self,
        call: &Call<'_>,
        object: &Value,
        name: &Value,
        world: WorldId,
    ) -> Outcomes {
        if matches!(object, Value::Std) {
            return self.refuse_std(call.place, world);
        }
        let ty = self.data_type(name, world).unwrap_or(Ty::Poison);
        let literals = ty.kinds().text.as_ref().and_then(|it| it.literals.clone());
        let mut all = Vec::new();
        let mut without = Vec::new();
        match literals {
            Some(literals) => {
                for literal in literals {
                    let world = match name {
                        Value::Ref(path) => {
                            let fact = Refinement::Is(Ty::literal(&literal));
                            self.worlds.assume(world, *path, fact)
                        }
                        _ => Some(world),
                    };
                    let Some(world) = world else { continue };
                    let (mut found, missing) = self.get(object, &literal, call.place, world);
                    all.append(&mut found);
                    without.extend(missing);
                }
            }
            None => {
                let names = self.constant_names(object, true, world);
                let written = (name, call.place_of(1));
                if !names.is_some_and(|it| self.is_none_of(&it, written, call.env, world)) {
                    all.append(&mut self.any_member(object, true, call.place, world));
                }
                without.push(world);
            }
        }
        // A hidden member counts only if the fourth argument says so, which it does by default.
        if let (Value::Object(_), Some(hidden)) = (object, call.slot(3)) {
            let flags = self.force(hidden, world, call.place_of(3));
            let mut is_certain = true;
            for Outcome { world, value } in flags {
                let ty = self.data_type(&value, world);
                is_certain &= ty.is_some_and(|it| it == Ty::bool(true));
            }
            if !is_certain {
                without.push(world);
            }
        }
        for world in self.few(without) {
            match call.slot(2) {
                Some(default) => all.append(&mut self.force(default, world, call.place_of(2))),
                None => all.append(&mut Self::data(world, Ty::null())),
            }
        }
        all
    }

    fn values_type(&mut self, object: &Value, call: &Call<'_>, world: WorldId) -> Ty {
        let hidden = call.name.ends_with("All");
        let values = self.any_member(object, hidden, call.place, world);
        let mut all = Ty::never();
        for Outcome { world, value } in values {
            if let Some(ty) = self.data_type(&value, world) {
                all = all.join(&ty);
            }
        }
        all
    }

    pub(super) fn key_bounds(
        &mut self,
        object: &Value,
        hidden: bool,
        world: WorldId,
    ) -> (usize, Option<usize>) {
        if let Value::Object(_) = object {
            return self.object_size(object, hidden, world);
        }
        let keys = Value::Array(Rc::new(ArrayValue::Keys(object.clone(), hidden)));
        let (min, max) = self.length(&keys, world);
        let is_known = !hidden || !self.may_hide(object, world);
        (min, max.filter(|_| is_known))
    }

    /// Whether this is data of objects whose hidden members are not known.
    fn may_hide(&mut self, object: &Value, world: WorldId) -> bool {
        if let Value::Object(_) = object {
            return false;
        }
        let ty = self.data_type(object, world).unwrap_or(Ty::Poison);
        !ty.is_poison() && ty.kinds().shapes.iter().any(|it| it.late)
    }

    fn map_with_key(
        &mut self,
        call: &Call<'_>,
        function: &Value,
        object: &Value,
        world: WorldId,
    ) -> Outcomes {
        let place = call.place;
        let names: Vec<Arc<str>> = match object {
            Value::Object(it) => self.names_in(*it, world),
            _ => {
                let ty = self.data_type(object, world).unwrap_or(Ty::Poison);
                let fields = ty.kinds().shapes.iter().flat_map(Shape::present);
                let mut names: Vec<Arc<str>> = fields.map(|(name, _)| name.clone()).collect();
                names.sort();
                names.dedup();
                names
            }
        };
        let mut fields = Vec::new();
        for name in names {
            let key = Value::text(&name);
            let (present, absent) = self.has(object, &key, false, world);
            if present.is_empty() {
                continue;
            }
            let value = match object {
                Value::Ref(path) => {
                    let child = self.worlds.child(*path, Step::Member(name.clone()));
                    self.value_thunk(Value::Ref(child))
                }
                _ => {
                    let (found, _) = self.get(object, &name, place, world);
                    let mut ty = Ty::never();
                    let mut single = None;
                    let count = found.len();
                    for Outcome { world, value } in found {
                        if count == 1 {
                            single = Some(value.clone());
                        }
                        ty = ty.join(&self.as_data(&value, place, world));
                    }
                    let value = single.unwrap_or(Value::Data(ty));
                    self.value_thunk(value)
                }
            };
            let key = self.value_thunk(key);
            let body = Body::Apply(function.clone(), vec![key, value], place);
            let body = self.thunk(body);
            fields.push(LayerField {
                name,
                present: if absent.is_empty() {
                    Vec::new()
                } else {
                    present
                },
                absent,
                way: 0,
                plus: false,
                visibility: Visibility::Inherit,
                body: FieldBody::Thunk(body),
            });
        }
        let rest = match object {
            Value::Object(it) => self.manifest_object(*it, place, world, Members::Output),
            _ => self.data_type(object, world).unwrap_or(Ty::Poison),
        };
        let rests = rest.kinds().shapes.iter().filter_map(|it| it.rest.clone());
        let rest = rests.filter(|it| !it.is_never()).reduce(|a, b| a.join(&b));
        let Some(rest) = rest else {
            return self.made_object(fields, world);
        };
        // Open objects become data: the function is applied to "any member" as well.
        let mut mapped = Ty::never();
        for field in &fields {
            if let FieldBody::Thunk(thunk) = field.body {
                for Outcome { world, value } in self.force(thunk, world, place) {
                    mapped = mapped.join(&self.as_data(&value, place, world));
                }
            }
        }
        let of = Some(object);
        if let Some((world, thunk)) = self.bind_element(place, call.env, (rest, of), world) {
            let key = self.value_thunk(Value::Data(Ty::string()));
            for Outcome { world, value } in self.apply(function, &[key, thunk], place, world) {
                mapped = mapped.join(&self.as_data(&value, place, world));
            }
        }
        Self::data(world, Ty::map(mapped))
    }

    /// How many members an object of the program has, hidden ones too or not.
    pub(crate) fn object_size(
        &mut self,
        value: &Value,
        all: bool,
        world: WorldId,
    ) -> (usize, Option<usize>) {
        let Value::Object(object) = value else {
            return (0, None);
        };
        let (mut min, mut max) = (0, 0);
        let top = self.store.layers_of(*object).len();
        for name in self.names_in(*object, world) {
            let (found, missing) = self.find(*object, &name, top, world);
            let mut is_certain = missing.is_empty();
            let mut is_possible = false;
            for (world, _) in found {
                if all {
                    is_possible = true;
                    continue;
                }
                let (shown, hidden) = self.visibility(*object, &name, world);
                is_possible |= !shown.is_empty();
                is_certain &= hidden.is_empty();
            }
            max += usize::from(is_possible);
            min += usize::from(is_possible && is_certain);
        }
        let is_closed = self.store.layers_of(*object).iter().all(|it| {
            matches!(
                &*self.store.layer_of(*it),
                Layer::Written { dynamic, .. } if dynamic.is_empty()
            )
        });
        (min, is_closed.then_some(max))
    }

    /// Reports a value that a function may refuse because of what it is, not of its kind.
    pub(super) fn may_fail(&mut self, call: &Call<'_>, index: usize, message: &str, help: &str) {
        let diagnostic = self
            .diagnostic(&rules::ARGUMENT_OUT_OF_RANGE, call.place_of(index), message)
            .help(help);
        self.push(diagnostic);
    }
}

/// Whether an expression reads the object that it stands in.
pub(crate) fn reads_own_object(it: &jsonnet_syntax::Expr) -> bool {
    matches!(
        it.kind,
        ExprKind::SelfRef
            | ExprKind::Dollar
            | ExprKind::SuperMember { .. }
            | ExprKind::SuperIndex { .. }
            | ExprKind::InSuper { .. }
    )
}
