//! Manifestation: the type of the output, and the evaluation that it forces.

use std::sync::Arc;

use diagnostics::Rule;
use jsonnet_syntax::{ExprId, ExprKind, Member, Visibility};

use super::{Checker, Manifested, force::Remembered, members::are_names};
use crate::{
    rules,
    std::objects::reads_own_object,
    ty::{Array, Field, Presence, Shape, Ty},
    value::{ArrayValue, Dynamic, Layer, ObjectId, Outcome, ThunkId, Value},
    world::WorldId,
};

/// Which members of an object are gone through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Members {
    /// Those of the output, one after the other: where one never has a value, the object has none.
    Output,
    /// Any of them, hidden ones too or not: what one does says nothing of the others.
    Any { hidden: bool },
}

/// What a value is manifested for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    /// The output, of which all is evaluated: where a part never has a value, nothing has.
    Output,
    /// To be known as data from here on, though it is evaluated as late as ever: a part that never
    /// has a value is there all the same, and of it nothing is known.
    Data,
    /// A comparison.
    Comparison,
}

impl Purpose {
    const fn rule(self) -> &'static Rule {
        match self {
            Self::Output | Self::Data => &rules::FUNCTION_IN_PAYLOAD,
            Self::Comparison => &rules::FUNCTION_COMPARISON,
        }
    }
}

impl Checker<'_> {
    /// The type of a value when all of it is evaluated; functions are errors.
    pub(crate) fn manifest(&mut self, value: &Value, place: ExprId, world: WorldId) -> Ty {
        self.manifest_for(value, place, world, Purpose::Output)
    }

    /// The type of a value that is taken as data, and may never be evaluated; functions are errors.
    pub(crate) fn as_data(&mut self, value: &Value, place: ExprId, world: WorldId) -> Ty {
        self.manifest_for(value, place, world, Purpose::Data)
    }

    pub(crate) fn manifest_for(
        &mut self,
        value: &Value,
        place: ExprId,
        world: WorldId,
        purpose: Purpose,
    ) -> Ty {
        if let Some(ty) = self.data_type(value, world) {
            return ty;
        }
        if !self.enter_depth(place) {
            return Ty::Poison;
        }
        self.resume.nested += 1;
        let ty = match value {
            Value::Array(array) => {
                let array = array.clone();
                self.manifest_array(value, &array, place, world, purpose)
            }
            Value::Object(object) => {
                self.manifest_object_for(*object, place, world, Members::Output, purpose)
            }
            Value::Std => {
                self.say(
                    purpose.rule(),
                    place,
                    "`std` holds functions and cannot be an output",
                );
                Ty::Poison
            }
            _ => {
                let at = match value {
                    Value::Closure(expr, _) => *expr,
                    _ => place,
                };
                let message = match purpose {
                    Purpose::Output | Purpose::Data => "a function cannot be part of the output",
                    Purpose::Comparison => "functions cannot be compared with each other",
                };
                let diagnostic = self
                    .diagnostic(purpose.rule(), at, message)
                    .help("call it, or hide the field with `::`");
                self.push(diagnostic);
                Ty::Poison
            }
        };
        self.resume.nested -= 1;
        self.leave_depth();
        ty
    }

    fn manifest_outcomes(&mut self, outcomes: Vec<Outcome>, place: ExprId, purpose: Purpose) -> Ty {
        let mut all = Ty::never();
        for Outcome { world, value } in outcomes {
            let ty = self.manifest_for(&value, place, world, purpose);
            all = all.join(&ty);
        }
        all
    }

    fn manifest_thunk(
        &mut self,
        thunk: ThunkId,
        place: ExprId,
        world: WorldId,
        purpose: Purpose,
    ) -> Ty {
        let key = (Manifested::Thunk(thunk, purpose), world);
        if let Some(ty) = self.manifested.get(&key) {
            return ty.clone();
        }
        let outcomes = self.force(thunk, world, place);
        let ty = self.manifest_outcomes(outcomes, place, purpose);
        if self.gave_up {
            return ty;
        }
        self.manifested.insert(key, ty.clone());
        self.remember(Remembered::Manifested(key));
        ty
    }

    fn manifest_array(
        &mut self,
        value: &Value,
        array: &ArrayValue,
        place: ExprId,
        world: WorldId,
        purpose: Purpose,
    ) -> Ty {
        if let ArrayValue::Fixed(elements) = array {
            let mut types = Vec::new();
            for thunk in elements {
                let ty = self.manifest_thunk(*thunk, place, world, purpose);
                let ty = self.resumed(ty);
                match (ty.is_never(), purpose) {
                    (false, _) => types.push(ty),
                    (true, Purpose::Data) => types.push(Ty::Unknown),
                    (true, _) => return ty,
                }
            }
            return Ty::from(Array::tuple(types));
        }
        if let ArrayValue::Keys(of, _) = array {
            let (min, max) = self.length(value, world);
            let mut keys = Array::of(self.key_type(&of.clone(), world));
            (keys.min, keys.max) = (min, max);
            (keys.unique, keys.sorted) = (true, true);
            return Ty::from(keys);
        }
        let (min, max) = self.length(value, world);
        let mut element = Ty::never();
        let mut is_empty = true;
        for (world, thunk) in self.elements(value, place, Self::GLOBAL, world) {
            let ty = self.manifest_thunk(thunk, place, world, purpose);
            element = element.join(&ty);
            is_empty = false;
        }
        if element.is_never() && !is_empty && purpose == Purpose::Data {
            element = Ty::Unknown;
        }
        if element.is_never() && min > 0 {
            return element;
        }
        let mut array = Array::of(element);
        (array.min, array.max) = (min, max);
        array.unique = self.has_no_equals(value, world);
        array.sorted = are_names(value);
        Ty::from(array)
    }

    fn key_type(&mut self, of: &Value, world: WorldId) -> Ty {
        match of {
            Value::Object(_) => Ty::string(),
            _ => {
                let ty = self.data_type(of, world).unwrap_or(Ty::Poison);
                let is_open = |it: &Shape| it.rest.as_ref().is_some_and(|it| !it.is_never());
                if ty.kinds().shapes.iter().any(is_open) {
                    return Ty::string();
                }
                let fields = ty.kinds().shapes.iter().flat_map(|it| it.present());
                let names: Vec<Arc<str>> = fields.map(|(name, _)| name.clone()).collect();
                if names.is_empty() {
                    return Ty::never();
                }
                Ty::from(crate::ty::Text::of(names))
            }
        }
    }

    pub(crate) fn manifest_object(
        &mut self,
        object: ObjectId,
        place: ExprId,
        world: WorldId,
        members: Members,
    ) -> Ty {
        self.manifest_object_for(object, place, world, members, Purpose::Data)
    }

    fn manifest_object_for(
        &mut self,
        object: ObjectId,
        place: ExprId,
        world: WorldId,
        members: Members,
        purpose: Purpose,
    ) -> Ty {
        let key = (Manifested::Object(object, members, purpose), world);
        if let Some(ty) = self.manifested.get(&key) {
            return ty.clone();
        }
        if purpose == Purpose::Data && self.may_hide_functions(object) {
            let message = "the functions that this object hides are lost here";
            let diagnostic = self
                .diagnostic(&rules::CANNOT_PROVE, place, message)
                .help("make them locals");
            self.push(diagnostic);
            return Ty::Poison;
        }
        let mut worlds = self.run_asserts(object, world);
        if self.gave_up && self.resumed(Ty::never()).is_poison() {
            worlds = vec![world];
        }
        // Who asks for its keys alone does not run its assertions.
        let is_any = purpose == Purpose::Data && worlds != [world];
        let mut all = Ty::never();
        for world in worlds {
            let ty = self.manifest_fields(object, place, world, members, purpose);
            all = all.join(&ty);
        }
        if is_any {
            all = Ty::from(Shape {
                rest: Some(Ty::Unknown),
                late: true,
                ..Shape::default()
            });
        }
        if self.gave_up {
            return all;
        }
        self.manifested.insert(key, all.clone());
        self.remember(Remembered::Manifested(key));
        all
    }

    /// Whether an object may hide members, or read itself where it is added to.
    fn is_late(&mut self, object: ObjectId, world: WorldId) -> bool {
        let layers = self.store.layers_of(object);
        // What `+:` adds to is known where a layer below certainly has the member.
        for (at, layer) in layers.iter().enumerate() {
            let layer = self.store.layer_of(*layer);
            let Layer::Written { fields, .. } = &*layer else {
                continue;
            };
            for field in fields.iter().filter(|it| it.plus) {
                let (found, missing) = self.find(object, &field.name, at, world);
                if found.is_empty() || !missing.is_empty() {
                    return true;
                }
            }
        }
        layers
            .iter()
            .any(|layer| match &*self.store.layer_of(*layer) {
                Layer::Written { expr, .. } => self.is_written_late(*expr),
                Layer::Data(value) => {
                    let ty = self.data_type(value, world).unwrap_or(Ty::Poison);
                    !ty.is_poison() && ty.kinds().shapes.iter().any(|it| it.late)
                }
                Layer::Made(_) => false,
            })
    }

    /// Whether a hidden member may be a function, as far as its text says: what is not output may
    /// be one, and data is none.
    fn may_hide_functions(&self, object: ObjectId) -> bool {
        let program = self.program;
        let layers = self.store.layers_of(object);
        layers.iter().any(|layer| {
            let layer = self.store.layer_of(*layer);
            let Layer::Written { expr, .. } = &*layer else {
                return false;
            };
            let ExprKind::Object(members) = &program.expr(*expr).kind else {
                return false;
            };
            members.iter().any(|it| match it {
                Member::Field(it) => {
                    it.visibility == Visibility::Hidden && self.may_be_function(it.value)
                }
                _ => false,
            })
        })
    }

    fn may_be_function(&self, expr: ExprId) -> bool {
        match self.program.expr(expr).kind {
            ExprKind::Parens(inner) => self.may_be_function(inner),
            ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::String(_) => false,
            ExprKind::Array(_) | ExprKind::ArrayComp { .. } => false,
            ExprKind::Object(_) | ExprKind::ObjectComp { .. } => false,
            ExprKind::Binary { .. } | ExprKind::Unary { .. } | ExprKind::Error(_) => false,
            _ => true,
        }
    }

    fn is_written_late(&mut self, object: ExprId) -> bool {
        if let Some(known) = self.written_late.get(&object) {
            return *known;
        }
        let program = self.program;
        let range = program.span(object).range;
        let is_late = match &program.expr(object).kind {
            ExprKind::Object(members) | ExprKind::ObjectComp { members, .. } => {
                members.iter().any(|it| match it {
                    Member::Field(it) => it.visibility != Visibility::Inherit,
                    _ => false,
                })
            }
            _ => true,
        };
        let is_late = is_late
            || program
                .ids()
                .zip(program.exprs())
                .any(|(id, it)| reads_own_object(it) && range.contains(program.span(id).range));
        self.written_late.insert(object, is_late);
        is_late
    }

    fn manifest_fields(
        &mut self,
        object: ObjectId,
        place: ExprId,
        world: WorldId,
        members: Members,
        purpose: Purpose,
    ) -> Ty {
        let hidden = matches!(members, Members::Any { hidden: true });
        let layers = self.store.layers_of(object);
        let top = layers.len();
        let mut shape = Shape {
            late: self.is_late(object, world),
            ..Shape::default()
        };
        // What follows a field that never gives a value is not evaluated any more.
        let mut never: Option<Ty> = None;
        for name in self.names_in(object, world) {
            let (mut found, mut missing) = self.find(object, &name, top, world);
            if !hidden {
                let mut visible = Vec::new();
                for (world, it) in found {
                    let (shown, mut hid) = self.visibility(object, &name, world);
                    visible.extend(shown.into_iter().map(|world| (world, it.clone())));
                    missing.append(&mut hid);
                }
                found = visible;
            }
            let mut ty = Ty::never();
            let mut is_there = false;
            for (at, it) in found {
                is_there = true;
                let outcomes = self.found_value(object, &it, &name, place, at);
                let value = self.manifest_outcomes(outcomes, place, purpose);
                let value = self.resumed(value);
                ty = ty.join(&value);
            }
            if ty.is_never() {
                match (is_there, members, purpose) {
                    (true, Members::Output, Purpose::Data) => ty = Ty::Unknown,
                    (true, Members::Output, _) if missing.is_empty() => {
                        // This field never has a value, so neither has the object.
                        never = Some(ty);
                        break;
                    }
                    _ => continue,
                }
            }
            let presence = if missing.is_empty() {
                Presence::Required
            } else {
                Presence::Optional
            };
            shape.set(name, Field::new(ty, presence));
        }
        // Fields of unknown name may come before any other.
        for (at, layer) in layers.iter().enumerate() {
            let layer = self.store.layer_of(*layer);
            let rest = match &*layer {
                Layer::Data(value) => {
                    let ty = self.data_type(value, world).unwrap_or(Ty::Poison);
                    if ty.is_poison() {
                        return ty;
                    }
                    let rests = ty.kinds().shapes.iter().filter_map(|it| it.rest.clone());
                    rests.reduce(|a, b| a.join(&b))
                }
                Layer::Written { dynamic, .. } if !dynamic.is_empty() => {
                    let hides = dynamic.iter().all(|it| {
                        matches!(
                            it,
                            Dynamic::Field {
                                visibility: Visibility::Hidden,
                                ..
                            }
                        )
                    });
                    if hides && !hidden {
                        continue;
                    }
                    let outcomes = self.unnamed_value(object, at, place, world);
                    let rest = self.manifest_outcomes(outcomes, place, purpose);
                    Some(self.resumed(rest))
                }
                _ => None,
            };
            if let Some(rest) = rest.filter(|it| !it.is_never()) {
                shape.rest = Some(shape.rest.map_or(rest.clone(), |it| it.join(&rest)));
            }
        }
        never.unwrap_or_else(|| Ty::from(shape))
    }
}
