//! Members by their names: which an object has, in which worlds, and what `std.get` and `in` make of
//! that.

use std::sync::Arc;

use jsonnet_syntax::ExprId;

use super::{Checker, comprehension::MAX_UNROLLED};
use crate::{
    ty::{Presence, Refinement, Shape, Step, Text, Ty},
    value::{ArrayValue, Layer, LayerField, ObjectId, Outcomes, Value},
    world::WorldId,
};

impl Checker<'_> {
    /// The names that are known, those of data as the world has them: ascending, as the evaluator
    /// takes them.
    pub(crate) fn names_in(&mut self, object: ObjectId, world: WorldId) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = Vec::new();
        for layer in self.store.layers_of(object).iter() {
            match &*self.store.layer_of(*layer) {
                Layer::Data(value) => {
                    let ty = self.data_type(value, world).unwrap_or(Ty::Poison);
                    let fields = ty.kinds().shapes.iter().flat_map(|it| it.present());
                    names.extend(fields.map(|(name, _)| name.clone()));
                }
                Layer::Written { fields, .. } | Layer::Made(fields) => {
                    names.extend(fields.iter().map(|it| it.name.clone()));
                }
            }
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The names of the members of an object of the program, in their order, where none depends on
    /// anything and there are not many.
    pub(crate) fn constant_names(
        &mut self,
        object: &Value,
        hidden: bool,
        world: WorldId,
    ) -> Option<Vec<Arc<str>>> {
        let Value::Object(object) = object else {
            return None;
        };
        for layer in self.store.layers_of(*object).iter() {
            let layer = self.store.layer_of(*layer);
            let fields = match &*layer {
                Layer::Data(value) => {
                    let ty = self.data_type(value, world)?;
                    let [shape] = ty.kinds().shapes.as_slice() else {
                        return None;
                    };
                    let is_open = shape.rest.as_ref().is_some_and(|it| !it.is_never());
                    let mut members = shape.present();
                    if is_open
                        || shape.late
                        || members.any(|it| it.1.presence != Presence::Required)
                    {
                        return None;
                    }
                    continue;
                }
                Layer::Written { dynamic, .. } if !dynamic.is_empty() => return None,
                Layer::Written { fields, .. } | Layer::Made(fields) => fields,
            };
            if !fields.iter().all(LayerField::is_certain) {
                return None;
            }
        }
        let mut names = self.names_in(*object, world);
        names.retain(|name| hidden || !self.visibility(*object, name, world).0.is_empty());
        (names.len() <= MAX_UNROLLED).then_some(names)
    }

    /// Whether an object has no members at all, hidden ones neither.
    fn has_none(&mut self, object: &Value, world: WorldId) -> bool {
        match object {
            Value::Object(_) => self.object_size(object, true, world).1 == Some(0),
            _ => self.data_type(object, world).is_some_and(|ty| {
                let shapes = &ty.kinds().shapes;
                let is_empty = |it: &Shape| {
                    let is_closed = it.rest.as_ref().is_none_or(Ty::is_never);
                    is_closed && !it.late && it.present().next().is_none()
                };
                !shapes.is_empty() && shapes.iter().all(is_empty)
            }),
        }
    }

    /// The worlds in which an object has a field of that name, and those in which it has not.
    pub(crate) fn has(
        &mut self,
        object: &Value,
        name: &Value,
        hidden: bool,
        world: WorldId,
    ) -> (Vec<WorldId>, Vec<WorldId>) {
        if self.is_poison(object, world) || self.is_poison(name, world) {
            return (vec![world], vec![world]);
        }
        let ty = self.data_type(name, world).unwrap_or(Ty::Poison);
        let literals = ty.kinds().text.as_ref().and_then(|it| it.literals.clone());
        let Some(literals) = literals else {
            if self.has_none(object, world) {
                return (Vec::new(), vec![world]);
            }
            if let Value::Ref(key) = name
                && let Some(path) = self.container(object, world)
            {
                if self.worlds.holds(world, path, *key) && hidden {
                    return (vec![world], Vec::new());
                }
                let held = self.worlds.hold(world, path, *key);
                return (vec![held], vec![world]);
            }
            return (vec![world], vec![world]);
        };
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for literal in literals {
            let world = match name {
                Value::Ref(path) => {
                    let fact = Refinement::Is(Ty::literal(&literal));
                    match self.worlds.assume(world, *path, fact) {
                        Some(world) => world,
                        None => continue,
                    }
                }
                _ => world,
            };
            match object {
                Value::Object(object) => {
                    let top = self.store.layers_of(*object).len();
                    let (found, missing) = self.find(*object, &literal, top, world);
                    let found = found.into_iter().map(|(world, _)| world);
                    for world in found {
                        if hidden {
                            yes.push(world);
                        } else {
                            let (mut shown, mut hid) = self.visibility(*object, &literal, world);
                            yes.append(&mut shown);
                            no.append(&mut hid);
                        }
                    }
                    no.extend(missing);
                }
                // Which members it has, and that all are hidden, is told where one is read.
                Value::Std => {
                    yes.push(world);
                    no.push(world);
                }
                Value::Ref(path) => {
                    let (has, lacks) = (
                        self.worlds
                            .assume(world, *path, Refinement::Has(literal.clone())),
                        self.worlds.assume(world, *path, Refinement::Lacks(literal)),
                    );
                    // What an object hides is not shown because it is there, nor gone because it is
                    // not shown.
                    let ty = self.worlds.ty(world, *path);
                    let is_late = ty.kinds().shapes.iter().any(|it| it.late);
                    yes.extend(has.map(|it| if is_late && hidden { world } else { it }));
                    no.extend(match is_late && !hidden {
                        true => Some(world),
                        false => lacks,
                    });
                }
                _ => {
                    let ty = self.data_type(object, world).unwrap_or(Ty::Poison);
                    for shape in &ty.kinds().shapes {
                        let presence = shape.presence(&literal);
                        if presence != Presence::Absent {
                            yes.push(world);
                        }
                        if presence != Presence::Required {
                            no.push(world);
                        }
                    }
                }
            }
        }
        (self.few(yes), self.few(no))
    }

    /// Whether an object may have a member of that name.
    pub(super) fn can_have(&mut self, object: &Value, name: &Arc<str>, world: WorldId) -> bool {
        match object {
            Value::Object(it) => {
                let top = self.store.layers_of(*it).len();
                !self.find(*it, name, top, world).0.is_empty()
            }
            _ => {
                let ty = self.data_type(object, world);
                let shapes = ty.as_ref().map_or(&[][..], |it| &it.kinds().shapes);
                shapes
                    .iter()
                    .any(|it| it.presence(name) != Presence::Absent)
            }
        }
    }

    /// The values of a field where it is there, and the worlds in which it is not.
    pub(crate) fn get(
        &mut self,
        object: &Value,
        name: &Arc<str>,
        place: ExprId,
        world: WorldId,
    ) -> (Outcomes, Vec<WorldId>) {
        let named = Value::Data(Ty::from(Text::of(vec![name.clone()])));
        let (yes, no) = self.has(object, &named, true, world);
        let mut all = Vec::new();
        for world in yes {
            let mut values = match object {
                Value::Object(object) => {
                    let top = self.store.layers_of(*object).len();
                    let (found, _) = self.find(*object, name, top, world);
                    let mut all = Vec::new();
                    for world in self.run_asserts(*object, world) {
                        for (at, it) in &found {
                            if let Some(world) = self.worlds.replay(world, *at) {
                                all.append(&mut self.named_value(*object, it, name, place, world));
                            }
                        }
                    }
                    all
                }
                Value::Ref(path) => {
                    if let Some(ty) = self.data_type(object, world) {
                        self.note_read(&ty, name, place);
                    }
                    let child = self.worlds.child(*path, Step::Member(name.clone()));
                    Self::one(world, Value::Ref(child))
                }
                _ => {
                    let ty = self.data_type(object, world).unwrap_or(Ty::Poison);
                    Self::data(world, ty.step(&Step::Member(name.clone())))
                }
            };
            all.append(&mut values);
        }
        (self.compact(all, place), no)
    }
}

/// Whether an array that the program built has names of an object: in order, and each of them once.
pub(crate) fn are_names(array: &Value) -> bool {
    let Value::Array(made) = array else {
        return false;
    };
    match &**made {
        ArrayValue::Keys(..) => true,
        ArrayValue::Part(of) | ArrayValue::Filter { source: of, .. } => are_names(of),
        _ => false,
    }
}
