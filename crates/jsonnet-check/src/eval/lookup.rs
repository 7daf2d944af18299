//! Fields of objects: in which layer one is found, in which worlds, and its value.

use std::sync::Arc;

use jsonnet_syntax::{ExprId, ExprKind, Member};

use super::Checker;
use crate::{
    ty::{Presence, Refinement, Step, Ty},
    value::{Dynamic, FieldBody, Layer, LayerField, ObjectId, Outcome, Outcomes, ThunkId, Value},
    world::WorldId,
};

/// Where a field of an object was found.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// A field of a layer.
    Field(usize, LayerField),
    /// A member of data.
    Data(Value),
    /// One of the fields of unknown name in a layer.
    Dynamic(usize),
}

/// Stands for a name that is none of those that are known.
const UNNAMED: &str = "\u{0}a name that no program has";

impl Checker<'_> {
    /// Looks a field up in the layers below `top`: where it is found, and the worlds without it.
    pub(crate) fn find(
        &mut self,
        object: ObjectId,
        name: &Arc<str>,
        top: usize,
        world: WorldId,
    ) -> (Vec<(WorldId, Found)>, Vec<WorldId>) {
        let layers = self.store.layers_of(object);
        let mut open = vec![world];
        let mut found = Vec::new();
        for (at, layer) in layers.iter().enumerate().take(top).rev() {
            if open.is_empty() {
                break;
            }
            let layer = self.store.layer_of(*layer);
            let mut still = Vec::new();
            for world in open {
                self.find_in(&layer, at, name, world, &mut found, &mut still);
            }
            open = self.few(still);
        }
        if top == layers.len()
            && !found.is_empty()
            && !open.is_empty()
            && let Some(path) = self.known_identity(&Value::Object(object), world)
        {
            // Whether it is there may have been asked before.
            let has = Refinement::Has(name.clone());
            let lacks = Refinement::Lacks(name.clone());
            let found = found.into_iter().filter_map(|(world, it)| {
                let world = self.worlds.assume(world, path, has.clone())?;
                Some((world, it))
            });
            let found = found.collect();
            let open = open.into_iter();
            let open = open.filter_map(|it| self.worlds.assume(it, path, lacks.clone()));
            return (found, open.collect());
        }
        (found, open)
    }

    pub(super) fn find_in(
        &mut self,
        layer: &Layer,
        at: usize,
        name: &Arc<str>,
        world: WorldId,
        found: &mut Vec<(WorldId, Found)>,
        still: &mut Vec<WorldId>,
    ) {
        let fields = match layer {
            Layer::Data(value) => {
                let ty = self.data_type(value, world).unwrap_or(Ty::Poison);
                let presences = ty.kinds().shapes.iter().map(|it| it.presence(name));
                let presences: Vec<Presence> = presences.collect();
                let can = presences.iter().any(|it| *it != Presence::Absent);
                let may_lack = presences.iter().any(|it| *it != Presence::Required);
                match value {
                    Value::Ref(path) => {
                        if can {
                            let fact = Refinement::Has(name.clone());
                            let child = self.worlds.child(*path, Step::Member(name.clone()));
                            let world = self.worlds.assume(world, *path, fact);
                            let child = Found::Data(Value::Ref(child));
                            found.extend(world.map(|world| (world, child)));
                        }
                        if may_lack {
                            let fact = Refinement::Lacks(name.clone());
                            still.extend(self.worlds.assume(world, *path, fact));
                        }
                    }
                    _ => {
                        if can {
                            let member = ty.step(&Step::Member(name.clone()));
                            found.push((world, Found::Data(Value::Data(member))));
                        }
                        if may_lack {
                            still.push(world);
                        }
                    }
                }
                return;
            }
            Layer::Written { fields, .. } | Layer::Made(fields) => fields,
        };
        let mut open = vec![world];
        for field in fields.named(name) {
            if field.is_certain() {
                let open = std::mem::take(&mut open);
                found.extend(
                    open.iter()
                        .map(|world| (*world, Found::Field(at, field.clone()))),
                );
                return;
            }
            let mut after = Vec::new();
            for world in open {
                for guard in &field.present {
                    if let Some(world) = self.worlds.replay(world, *guard) {
                        found.push((world, Found::Field(at, field.clone())));
                    }
                }
                for guard in &field.absent {
                    after.extend(self.worlds.replay(world, *guard));
                }
            }
            open = after;
        }
        if let Layer::Written { dynamic, .. } = layer
            && !dynamic.is_empty()
        {
            let may_be = dynamic.iter().any(|it| {
                let (Dynamic::Field { name: ty, .. } | Dynamic::Comp { name: ty, .. }) = it;
                !ty.is_disjoint(&Ty::literal(name))
            });
            if may_be || &**name == UNNAMED {
                found.extend(open.iter().map(|world| (*world, Found::Dynamic(at))));
            }
        }
        still.append(&mut open);
    }

    /// The value of a field that was found.
    pub(crate) fn found_value(
        &mut self,
        object: ObjectId,
        found: &Found,
        name: &Arc<str>,
        place: ExprId,
        world: WorldId,
    ) -> Outcomes {
        let (at, body, values) = match found {
            Found::Data(value) => return Self::one(world, value.clone()),
            Found::Dynamic(at) => {
                let (values, plus) = self.dynamic_value(object, *at, place, world);
                match plus {
                    Some(body) => (*at, body, values),
                    None => return values,
                }
            }
            Found::Field(at, field) => {
                let Some(thunk) = self.field_thunk(object, *at, field) else {
                    return Vec::new();
                };
                let values = self.force(thunk, world, place);
                if !field.plus {
                    return values;
                }
                let body = match field.body {
                    FieldBody::Expr(expr, _) => expr,
                    FieldBody::Thunk(_) => place,
                };
                (*at, body, values)
            }
        };
        let (below, without) = self.find(object, name, at, world);
        let mut all = Vec::new();
        for (world, it) in below {
            // What is wrong with the value below is said where that is written.
            let base_place = match &it {
                Found::Field(_, field) => match field.body {
                    FieldBody::Expr(expr, _) => expr,
                    FieldBody::Thunk(_) => body,
                },
                _ => body,
            };
            let bases = self.found_value(object, &it, name, place, world);
            let mut sums = self.chain(bases, place, |checker, base, world| {
                let values: Vec<_> = values
                    .iter()
                    .filter_map(|it| {
                        let world = checker.worlds.replay(world, it.world)?;
                        Some((it.value.clone(), world))
                    })
                    .collect();
                let mut all = Vec::new();
                for (value, world) in values {
                    all.append(&mut checker.binary_values(
                        jsonnet_syntax::BinaryOp::Add,
                        (&base, base_place),
                        (&value, body),
                        place,
                        world,
                    ));
                }
                all
            });
            all.append(&mut sums);
        }
        for world in without {
            for it in &values {
                if let Some(world) = self.worlds.replay(world, it.world) {
                    all.push(Outcome {
                        world,
                        value: it.value.clone(),
                    });
                }
            }
        }
        self.compact(all, place)
    }

    /// The value of a field that no known name has, in a layer that may have one.
    pub(super) fn unnamed_value(
        &mut self,
        object: ObjectId,
        at: usize,
        place: ExprId,
        world: WorldId,
    ) -> Outcomes {
        let any: Arc<str> = UNNAMED.into();
        self.found_value(object, &Found::Dynamic(at), &any, place, world)
    }

    /// The value of some field of unknown name in a layer, without what it is added to, and one of
    /// those that are added with `+:`.
    fn dynamic_value(
        &mut self,
        object: ObjectId,
        at: usize,
        place: ExprId,
        world: WorldId,
    ) -> (Outcomes, Option<ExprId>) {
        let layers = self.store.layers_of(object);
        let layer = layers.get(at).map(|it| self.store.layer_of(*it));
        let Some(Layer::Written {
            expr, env, dynamic, ..
        }) = layer.as_deref()
        else {
            return (Vec::new(), None);
        };
        let program = self.program;
        let (mut all, mut added) = (Vec::new(), None);
        for it in dynamic {
            match it {
                // Nothing more is said where the name is wrong.
                Dynamic::Field { name, .. } | Dynamic::Comp { name } if name.is_poison() => {
                    all.append(&mut Self::poison(world));
                }
                Dynamic::Field { value, plus, .. } => {
                    added = added.or(plus.then_some(*value));
                    let scope = self.layer_env(object, at, *expr, *env);
                    let thunk = self.store.expr_thunk(*value, scope);
                    all.append(&mut self.force(thunk, world, place));
                }
                Dynamic::Comp { .. } => {
                    let instances = self.comprehension_instances(*expr, *env, place, world);
                    let ExprKind::ObjectComp { members, .. } = &program.expr(*expr).kind else {
                        continue;
                    };
                    let field = members.iter().find_map(|it| match it {
                        Member::Field(field) => Some(field),
                        _ => None,
                    });
                    let Some(field) = field else { continue };
                    added = added.or(field.plus.then_some(field.value));
                    for (world, inner) in instances {
                        let scope = self.layer_env(object, at, *expr, inner);
                        let thunk = self.store.expr_thunk(field.value, scope);
                        all.append(&mut self.force(thunk, world, place));
                    }
                }
            }
        }
        (self.compact(all, place), added)
    }

    pub(super) fn object_member(
        &mut self,
        object: ObjectId,
        (name, is_elsewhere): (&Arc<str>, bool),
        place: ExprId,
        world: WorldId,
    ) -> Outcomes {
        let worlds = self.run_asserts(object, world);
        let top = self.store.layers_of(object).len();
        let mut all = Vec::new();
        for world in worlds {
            let (found, missing) = self.find(object, name, top, world);
            let poisoned = self.has_poison_layer(object, world);
            if !missing.is_empty() && !poisoned {
                let diagnostic =
                    self.missing_field(object, name, found.is_empty() && !is_elsewhere, place);
                self.fails_in(missing.iter().copied());
                self.push(diagnostic);
            }
            if found.is_empty() && !missing.is_empty() {
                all.append(&mut Self::poison(world));
            }
            for (world, it) in found {
                all.append(&mut self.named_value(object, &it, name, place, world));
            }
        }
        self.compact(all, place)
    }

    /// The value of a field that a program reads by its name, and may have tested before.
    pub(super) fn named_value(
        &mut self,
        object: ObjectId,
        found: &Found,
        name: &Arc<str>,
        place: ExprId,
        world: WorldId,
    ) -> Outcomes {
        match found {
            Found::Field(at, field) if !field.plus => match self.field_thunk(object, *at, field) {
                Some(thunk) => self.read(thunk, place, world),
                None => Vec::new(),
            },
            _ => self.found_value(object, found, name, place, world),
        }
    }

    pub(super) fn field_thunk(
        &mut self,
        object: ObjectId,
        at: usize,
        field: &LayerField,
    ) -> Option<ThunkId> {
        let (expr, env) = match field.body {
            FieldBody::Thunk(thunk) => return Some(thunk),
            FieldBody::Expr(expr, env) => (expr, env),
        };
        let layers = self.store.layers_of(object);
        let layer = layers.get(at).map(|it| self.store.layer_of(*it));
        let Some(Layer::Written { expr: whole, .. }) = layer.as_deref() else {
            return None;
        };
        let scope = self.layer_env(object, at, *whole, env);
        Some(self.store.expr_thunk(expr, scope))
    }

    pub(super) fn has_poison_layer(&mut self, object: ObjectId, world: WorldId) -> bool {
        let layers = self.store.layers_of(object);
        layers.iter().any(|it| {
            let layer = self.store.layer_of(*it);
            match &*layer {
                Layer::Data(value) => self.is_poison(value, world),
                Layer::Written { dynamic, .. } => dynamic.iter().any(|it| {
                    let (Dynamic::Field { name, .. } | Dynamic::Comp { name, .. }) = it;
                    name.is_poison()
                }),
                Layer::Made(_) => false,
            }
        })
    }

    /// A world in which nothing but the types of the arguments is known.
    pub(super) fn current(&self) -> WorldId {
        self.start
    }
}
