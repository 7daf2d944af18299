//! Identity: what is learnt of a computed value is known wherever that value is read.
//!
//! Data of an input has a path. What the program computes gets one when it is read by a name: a
//! root for the suspended value, bound to what evaluation gave. In a world where the root is bound
//! already the two must agree, so that `local p = std.split(x, '@'); if std.length(p) > 1 then p[1]`
//! reads `p[1]` of an array that is known to be long enough, and a local of several forms has, from
//! the test on, only the forms that passed it.
//!
//! Arrays and objects that the program builds stay what they are; their root holds the length, or
//! which members there are.
//!
//! Invariant: a value that was computed from an element of an array is followed only where that
//! element is known, since elsewhere the same name may stand for that of another.

use std::rc::Rc;

use jsonnet_syntax::{ExprId, ExprKind};

use super::{Checker, equality::scalar, taken::Taken};
use crate::{
    ty::{Array, Field, Presence, Refinement, Shape, Ty},
    value::{
        ArrayValue, Body, Layer, LayerField, LayerId, ObjectId, Outcome, Outcomes, ThunkId, Value,
        no_elements, union,
    },
    world::{Elements, PathId, RootId, WorldId},
};

impl Checker<'_> {
    pub(crate) fn thunk(&mut self, body: Body) -> ThunkId {
        let elements = match &body {
            Body::Expr(..) => no_elements(),
            Body::Value(value) => self.elements_behind(value),
            Body::Apply(function, args, _) => {
                let all = self.elements_behind(function);
                let args = args.iter().map(|it| self.store.elements_of(*it));
                args.fold(all, |all, it| union(&all, &it))
            }
        };
        self.store.thunk(body, elements)
    }

    pub(crate) fn value_thunk(&mut self, value: Value) -> ThunkId {
        self.thunk(Body::Value(value))
    }

    pub(crate) fn layer(&mut self, layer: Layer) -> LayerId {
        let elements = match &layer {
            Layer::Data(value) => self.elements_behind(value),
            _ => no_elements(),
        };
        self.store.layer(layer, elements)
    }

    /// The elements of arrays that a value was computed from, or may read.
    fn elements_behind(&self, value: &Value) -> Elements {
        match value {
            Value::Data(_) | Value::Builtin(_) | Value::Std => no_elements(),
            Value::Ref(path) | Value::Length(path, _) => self.worlds.elements_at(*path),
            Value::Closure(_, env) => self.store.elements_in(*env),
            Value::Object(object) => self.store.elements_of_object(*object),
            Value::Array(array) => match &**array {
                ArrayValue::Fixed(thunks) => {
                    let all = thunks.iter().map(|it| self.store.elements_of(*it));
                    all.fold(no_elements(), |all, it| union(&all, &it))
                }
                ArrayValue::Comp(_, env) => self.store.elements_in(*env),
                ArrayValue::Map {
                    function, source, ..
                }
                | ArrayValue::Filter {
                    function, source, ..
                } => union(
                    &self.elements_behind(function),
                    &self.elements_behind(source),
                ),
                ArrayValue::Concat(a, b, _) => {
                    union(&self.elements_behind(a), &self.elements_behind(b))
                }
                ArrayValue::Keys(of, _)
                | ArrayValue::Some(of)
                | ArrayValue::Reordered(of)
                | ArrayValue::Part(of) => self.elements_behind(of),
                ArrayValue::Positions(path, _) => self.worlds.elements_at(*path),
            },
        }
    }

    /// What a name stands for: as [`Self::force`], with an identity.
    pub(crate) fn read(&mut self, thunk: ThunkId, place: ExprId, world: WorldId) -> Outcomes {
        let outcomes = self.force(thunk, world, place);
        self.under_name(thunk, outcomes, place)
    }

    /// What a thunk gave, or what is equal to it, with the identity of the thunk.
    pub(super) fn under_name(
        &mut self,
        thunk: ThunkId,
        outcomes: Outcomes,
        place: ExprId,
    ) -> Outcomes {
        if let [only] = outcomes.as_slice() {
            let root = self.thunk_roots.get(&thunk);
            let is_known = root.is_some_and(|it| self.worlds.is_bound(only.world, *it));
            if !is_known && !self.can_teach(&only.value, only.world) {
                return outcomes;
            }
        }
        let elements = self.store.elements_of(thunk);
        let are_vague = self.are_compatible(&outcomes);
        let mut named = Vec::with_capacity(outcomes.len());
        for (outcome, is_vague) in outcomes.into_iter().zip(are_vague) {
            if self.worlds.are_bound(outcome.world, &elements) {
                named.extend(self.identify(thunk, outcome, is_vague, place));
            } else {
                named.push(outcome);
            }
        }
        named
    }

    /// Of each outcome, whether another is possible in its world too.
    fn are_compatible(&mut self, outcomes: &[Outcome]) -> Vec<bool> {
        let mut vague = vec![false; outcomes.len()];
        for (at, a) in outcomes.iter().enumerate() {
            for (other, b) in outcomes.iter().enumerate().skip(at + 1) {
                if self.worlds.replay(a.world, b.world).is_some() {
                    for it in [at, other] {
                        if let Some(slot) = vague.get_mut(it) {
                            *slot = true;
                        }
                    }
                }
            }
        }
        vague
    }

    /// Whether tests can teach anything of the value beyond what it is, and it has no path yet.
    fn can_teach(&self, value: &Value, world: WorldId) -> bool {
        match value {
            Value::Data(ty) => !ty.is_poison() && !ty.is_never() && !scalar(ty),
            Value::Array(array) => {
                !matches!(&**array, ArrayValue::Fixed(_))
                    && self.known_identity(value, world).is_none()
            }
            Value::Object(object) => {
                self.known_identity(value, world).is_none() && self.is_conditional(*object)
            }
            _ => false,
        }
    }

    /// The path that facts about a value are kept under.
    pub(crate) fn identity(&self, value: &Value) -> Option<PathId> {
        match value {
            Value::Ref(path) => Some(*path),
            Value::Array(array) => {
                let known = self.array_paths.get(&Rc::as_ptr(array));
                known.map(|(_, path)| *path)
            }
            Value::Object(object) => self.object_paths.get(object).copied(),
            _ => None,
        }
    }

    /// The path of a value, where something is known of it under that.
    pub(crate) fn known_identity(&self, value: &Value, world: WorldId) -> Option<PathId> {
        let path = self.identity(value)?;
        self.worlds.knows(world, path).then_some(path)
    }

    /// As [`Self::identity`], for what may hold a key: any object has one.
    pub(crate) fn container(&mut self, value: &Value, world: WorldId) -> Option<PathId> {
        let Value::Object(object) = value else {
            return self.identity(value);
        };
        let elements = self.store.elements_of_object(*object);
        if !self.worlds.are_bound(world, &elements) {
            return None;
        }
        if let Some(path) = self.object_paths.get(object) {
            return Some(*path);
        }
        let root = self.worlds.new_root(None, elements);
        let path = self.worlds.path_of_root(root);
        self.object_paths.insert(*object, path);
        Some(path)
    }

    /// The part of a value under a key that it holds: data has the same identity wherever the two
    /// are the same.
    pub(crate) fn part(&mut self, container: PathId, key: PathId, values: Outcomes) -> Outcomes {
        let [Outcome { world, value }] = values.as_slice() else {
            return values;
        };
        let (world, value) = (*world, value.clone());
        let Value::Data(ty) = &value else {
            return values;
        };
        if ty.is_poison() || ty.is_never() {
            return values;
        }
        let root = match self.parts.get(&(container, key)) {
            Some(root) => *root,
            None => {
                let elements = union(
                    &self.worlds.elements_at(container),
                    &self.worlds.elements_at(key),
                );
                let root = self.worlds.new_root(None, elements);
                self.parts.insert((container, key), root);
                root
            }
        };
        let path = self.worlds.path_of_root(root);
        self.taken(path, container, Taken::Part);
        let made = if self.worlds.is_bound(world, root) {
            self.worlds.assume(world, path, Refinement::Is(ty.clone()))
        } else {
            self.worlds.bind(world, root, ty.clone())
        };
        made.map_or_else(Vec::new, |world| Self::one(world, Value::Ref(path)))
    }

    fn root_of(&mut self, thunk: ThunkId, place: ExprId) -> RootId {
        if let Some(root) = self.thunk_roots.get(&thunk) {
            return *root;
        }
        let name = self.spelled(place);
        let elements = self.store.elements_of(thunk);
        let root = self.worlds.new_root(name.as_deref(), elements);
        self.thunk_roots.insert(thunk, root);
        root
    }

    /// The outcome, with the value under the root of its thunk; none where that is known to be
    /// something else.
    fn identify(
        &mut self,
        thunk: ThunkId,
        outcome: Outcome,
        is_vague: bool,
        place: ExprId,
    ) -> Option<Outcome> {
        let Outcome { world, value } = outcome;
        let known = self.thunk_roots.get(&thunk).copied();
        let is_known = known.is_some_and(|it| self.worlds.is_bound(world, it));
        let outline = match &value {
            _ if !is_known && !is_vague && !self.can_teach(&value, world) => None,
            Value::Array(_) => {
                let (min, max) = self.length(&value, world);
                let mut array = Array::of(Ty::Unknown);
                (array.min, array.max) = (min, max);
                Some(Ty::from(array))
            }
            Value::Object(object) => Some(self.outline(*object, world)),
            _ => self.data_type(&value, world),
        };
        let Some(outline) = outline.filter(|it| !it.is_poison() && !it.is_never()) else {
            return Some(Outcome { world, value });
        };
        let root = self.root_of(thunk, place);
        let path = self.worlds.path_of_root(root);
        let has_other = self.known_identity(&value, world).is_some();
        let world = if is_known {
            self.worlds.assume(world, path, Refinement::Is(outline))?
        } else {
            self.worlds.bind(world, root, outline)?
        };
        let value = match value {
            Value::Data(_) => Value::Ref(path),
            Value::Ref(_) | Value::Length(..) if is_vague => Value::Ref(path),
            Value::Array(array) if !has_other => {
                let at = Rc::as_ptr(&array);
                self.array_paths.insert(at, (array.clone(), path));
                Value::Array(array)
            }
            Value::Object(object) if !has_other => {
                self.object_paths.insert(object, path);
                Value::Object(object)
            }
            value => value,
        };
        Some(Outcome { world, value })
    }

    fn is_conditional(&self, object: ObjectId) -> bool {
        let layers = self.store.layers_of(object);
        layers.iter().any(|it| match &*self.store.layer_of(*it) {
            Layer::Written {
                fields, dynamic, ..
            } => !dynamic.is_empty() || !fields.iter().all(LayerField::is_certain),
            Layer::Made(fields) => !fields.iter().all(LayerField::is_certain),
            Layer::Data(_) => true,
        })
    }

    /// Which members an object has, whatever they are.
    fn outline(&mut self, object: ObjectId, world: WorldId) -> Ty {
        let mut shape = Shape::default();
        let add = |shape: &mut Shape, name: &std::sync::Arc<str>, presence: Presence| {
            let known = shape.presence(name);
            let presence = if shape.field(name).is_some() {
                presence.min(known)
            } else {
                presence
            };
            shape.set(name.clone(), Field::new(Ty::Unknown, presence));
        };
        let mut is_open = false;
        for layer in self.store.layers_of(object).iter() {
            match &*self.store.layer_of(*layer) {
                Layer::Written {
                    fields, dynamic, ..
                } => {
                    is_open |= !dynamic.is_empty();
                    for field in fields.iter() {
                        add(&mut shape, &field.name, certainty(field));
                    }
                }
                Layer::Made(fields) => {
                    for field in fields.iter() {
                        add(&mut shape, &field.name, certainty(field));
                    }
                }
                Layer::Data(value) => {
                    let ty = self.data_type(value, world).unwrap_or(Ty::Poison);
                    let shapes = &ty.kinds().shapes;
                    for one in shapes {
                        is_open |= one.rest.as_ref().is_some_and(|it| !it.is_never());
                        for (name, _) in one.present() {
                            let is_certain = shapes
                                .iter()
                                .all(|it| it.presence(name) == Presence::Required);
                            let presence = if is_certain {
                                Presence::Required
                            } else {
                                Presence::Optional
                            };
                            add(&mut shape, name, presence);
                        }
                    }
                }
            }
        }
        shape.rest = is_open.then_some(Ty::Unknown);
        Ty::from(shape)
    }

    /// The text of a place that names a value: `a`, `self.b`, `c.d`.
    pub(crate) fn spelled(&self, place: ExprId) -> Option<String> {
        match &self.program.expr(place).kind {
            ExprKind::Var(symbol) => Some(self.name(*symbol).to_string()),
            ExprKind::SelfRef => Some("self".to_owned()),
            ExprKind::Dollar => Some("$".to_owned()),
            ExprKind::Parens(inner) => self.spelled(*inner),
            ExprKind::Member { target, name } => {
                let target = self.spelled(*target)?;
                Some(format!("{target}.{}", self.name(name.symbol)))
            }
            ExprKind::Index { target, index } => {
                let target = self.spelled(*target)?;
                match &self.program.expr(*index).kind {
                    ExprKind::String(text) => Some(format!("{target}['{}']", self.name(*text))),
                    ExprKind::Number(at) => Some(format!("{target}[{at}]")),
                    _ => Some(format!("{target}[{}]", self.spelled(*index)?)),
                }
            }
            _ => None,
        }
    }
}

/// Whether an object has the field in every world.
fn certainty(field: &LayerField) -> Presence {
    if field.is_certain() {
        Presence::Required
    } else {
        Presence::Optional
    }
}
