//! Objects as lists of layers, with late-bound `self`, `super` and `+:`.
//!
//! The names of fields are evaluated when the object is made; a computed name gives the worlds in
//! which the field is there, and its value is evaluated only in those. So
//! `{ [if 'n' in t then 'n']: t.n }` reads `t.n` where it is known to be present.

use std::sync::Arc;

use jsonnet_syntax::{ExprId, ExprKind, Field, FieldName, Member, Visibility};

use super::{Checker, KindSet, force::Remembered};
use crate::{
    rules,
    ty::{Refinement, Ty},
    value::{
        Dynamic, EnvId, EnvKey, FieldBody, Layer, LayerField, LayerId, ObjectId, Outcome, Outcomes,
        Value,
    },
    world::WorldId,
};

/// Worlds in which the asserts of one object are known to have been run.
const MAX_ASSERTED: usize = 256;

/// A name that a field may get, none for null, and the world in which it does.
pub(super) type DeclaredName = (Option<Arc<str>>, WorldId);

impl Checker<'_> {
    /// Makes the object of `{ … }`.
    pub(super) fn object(&mut self, id: ExprId, env: EnvId, world: WorldId) -> Outcomes {
        let program = self.program;
        let (members, is_comprehension) = match &program.expr(id).kind {
            ExprKind::Object(members) => (members, false),
            ExprKind::ObjectComp { members, .. } => (members, true),
            _ => return Self::poison(world),
        };
        let is_plain = !is_comprehension
            && members.iter().all(|member| {
                !matches!(
                    member,
                    Member::Field(Field {
                        name: FieldName::Computed(_),
                        ..
                    })
                )
            });
        // Without computed names an object is the same in every world.
        let key = (
            id,
            env,
            if is_plain {
                crate::world::Worlds::START
            } else {
                world
            },
        );
        if let Some(layer) = self.store.layer_keys.get(&key) {
            let layer = *layer;
            let object = self.store.object(vec![layer]);
            return Self::one(world, Value::Object(object));
        }
        let mut fields = Vec::new();
        let mut dynamic = Vec::new();
        if is_comprehension {
            if !self.comprehension_fields(id, env, world, &mut fields, &mut dynamic) {
                return Vec::new();
            }
        } else {
            for member in members {
                let Member::Field(field) = member else {
                    continue;
                };
                if !self.declare_field(field, env, world, &mut fields, &mut dynamic) {
                    return Vec::new();
                }
            }
        }
        if !is_plain {
            self.duplicate_names((id, env), &fields, &dynamic, world);
        }
        if self.gave_up {
            return Vec::new();
        }
        let layer = self.layer(Layer::Written {
            expr: id,
            env,
            fields: fields.into(),
            dynamic,
        });
        self.store.layer_keys.insert(key, layer);
        self.remember(Remembered::Layer(key));
        let object = self.store.object(vec![layer]);
        Self::one(world, Value::Object(object))
    }

    /// Evaluates the name of a field. False when that never gives a value.
    fn declare_field(
        &mut self,
        field: &Field,
        env: EnvId,
        world: WorldId,
        fields: &mut Vec<LayerField>,
        dynamic: &mut Vec<Dynamic>,
    ) -> bool {
        let expr = match field.name {
            FieldName::Fixed(name) => {
                fields.push(LayerField {
                    name: self.name(name.symbol),
                    present: Vec::new(),
                    absent: Vec::new(),
                    way: 0,
                    plus: field.plus,
                    visibility: field.visibility,
                    body: FieldBody::Expr(field.value, env),
                });
                return true;
            }
            FieldName::Computed(expr) => expr,
        };
        let names = self.eval(expr, env, world);
        if names.is_empty() {
            return false;
        }
        let (declared, unknown) = self.field_names(names, expr);
        let mut seen: Vec<Arc<str>> = Vec::new();
        for (name, _) in &declared {
            if let Some(name) = name
                && !seen.contains(name)
            {
                seen.push(name.clone());
            }
        }
        for name in seen {
            let worlds = |is: bool| {
                let of = declared
                    .iter()
                    .filter(|(it, _)| (it.as_ref() == Some(&name)) == is);
                of.map(|(_, world)| *world).collect::<Vec<_>>()
            };
            let mut absent = worlds(false);
            let is_certain = absent.is_empty() && unknown.is_none();
            // Where the name is some other text, this member is missing.
            absent.extend(unknown.is_some().then_some(world));
            fields.push(LayerField {
                present: if is_certain { Vec::new() } else { worlds(true) },
                name,
                absent,
                way: 0,
                plus: field.plus,
                visibility: field.visibility,
                body: FieldBody::Expr(field.value, env),
            });
        }
        if let Some(name) = unknown {
            dynamic.push(Dynamic::Field {
                name,
                plus: field.plus,
                visibility: field.visibility,
                value: field.value,
            });
        }
        true
    }

    /// The literal names among outcomes (none for null) with their worlds, and the type of the
    /// others.
    pub(super) fn field_names(
        &mut self,
        names: Outcomes,
        place: ExprId,
    ) -> (Vec<DeclaredName>, Option<Ty>) {
        let mut declared = Vec::new();
        let mut unknown: Option<Ty> = None;
        for Outcome { world, value } in names {
            let rule = &rules::NAME_NOT_STRING;
            let kinds = KindSet::STRING.or(KindSet::NULL);
            let what = "the name of a field";
            let Some((value, world)) = self.expect(&value, kinds, place, rule, what, world) else {
                unknown = Some(Ty::Poison);
                continue;
            };
            let ty = self.data_type(&value, world).unwrap_or(Ty::Poison);
            if ty.is_poison() {
                unknown = Some(Ty::Poison);
                continue;
            }
            if ty.kinds().null {
                let world = self.narrow(&value, KindSet::NULL, world);
                declared.extend(world.map(|(_, world)| (None, world)));
            }
            let Some((value, world)) = self.narrow(&value, KindSet::STRING, world) else {
                continue;
            };
            let Some(text) = self
                .data_type(&value, world)
                .and_then(|it| it.kinds().text.clone())
            else {
                continue;
            };
            match (&text.literals, &value) {
                (Some(literals), Value::Ref(path)) => {
                    for literal in literals {
                        let fact = Refinement::Is(Ty::literal(literal));
                        let world = self.worlds.assume(world, *path, fact);
                        declared.extend(world.map(|world| (Some(literal.clone()), world)));
                    }
                }
                (Some(literals), _) if literals.len() == 1 => {
                    let literals = literals.iter().cloned();
                    declared.extend(literals.map(|literal| (Some(literal), world)));
                }
                _ => {
                    let ty = Ty::from(text);
                    unknown = Some(unknown.map_or(ty.clone(), |it| it.join(&ty)));
                }
            }
        }
        (declared, unknown)
    }

    /// The scope of a layer of an object: its locals, with `self` and `super`.
    pub(super) fn layer_env(
        &mut self,
        object: ObjectId,
        layer: usize,
        expr: ExprId,
        env: EnvId,
    ) -> EnvId {
        let layer_number = u32::try_from(layer).unwrap_or(u32::MAX);
        let key = EnvKey {
            expr,
            env,
            parts: vec![object.0, layer_number],
        };
        let (scope, is_new) = self.store.keyed_env(key);
        if is_new {
            self.store.bind_self(scope, object, layer);
            let program = self.program;
            if let ExprKind::Object(members) | ExprKind::ObjectComp { members, .. } =
                &program.expr(expr).kind
            {
                for member in members {
                    if let Member::Local(bind) = member {
                        let thunk = self.store.expr_thunk(bind.value, scope);
                        self.store.bind(scope, bind.name.symbol, thunk);
                    }
                }
            }
        }
        scope
    }

    /// Runs the asserts of an object, as reading a field or manifesting it does: once, and what
    /// they read of the object itself, then or later, does not run them again.
    pub(crate) fn run_asserts(&mut self, object: ObjectId, world: WorldId) -> Vec<WorldId> {
        let mut worlds = vec![world];
        if self.asserting.contains(&object) {
            return worlds;
        }
        let known = self.asserted.get(&object);
        if let Some((_, after)) = known.and_then(|it| it.iter().find(|(it, _)| *it == world)) {
            return after.clone();
        }
        let mut after = known.into_iter().flatten().flat_map(|(_, after)| after);
        if after.any(|it| self.worlds.descends(world, *it)) {
            return worlds;
        }
        let layers = self.store.layers_of(object);
        let program = self.program;
        let mut are_any = false;
        // go-jsonnet runs those of the last operand first.
        for (at, layer) in layers.iter().enumerate().rev() {
            let layer = self.store.layer_of(*layer);
            let Layer::Written { expr, env, .. } = &*layer else {
                continue;
            };
            let ExprKind::Object(members) = &program.expr(*expr).kind else {
                continue;
            };
            for member in members {
                let Member::Assert {
                    condition, message, ..
                } = member
                else {
                    continue;
                };
                are_any = true;
                let scope = self.layer_env(object, at, *expr, *env);
                self.asserting.push(object);
                let mut after = Vec::new();
                for world in worlds {
                    after.extend(self.assertion(*condition, *message, scope, world));
                }
                self.asserting.pop();
                worlds = self.few(after);
            }
        }
        let do_follow = worlds.iter().all(|it| self.worlds.descends(*it, world));
        if are_any && do_follow && !self.gave_up() {
            let known = self.asserted.entry(object).or_default();
            if known.len() < MAX_ASSERTED {
                known.push((world, worlds.clone()));
                self.remember(Remembered::Asserted(object, world));
            }
        }
        worlds
    }

    /// The worlds in which a field that an object has is manifested, and those in which it is
    /// hidden: the topmost colons that are there say so.
    pub(crate) fn visibility(
        &mut self,
        object: ObjectId,
        name: &Arc<str>,
        world: WorldId,
    ) -> (Vec<WorldId>, Vec<WorldId>) {
        let (mut shown, mut hidden) = (Vec::new(), Vec::new());
        let mut open = vec![world];
        for layer in self.store.layers_of(object).iter().rev() {
            let layer = self.store.layer_of(*layer);
            let fields = match &*layer {
                Layer::Data(_) => continue,
                Layer::Written { fields, .. } | Layer::Made(fields) => fields,
            };
            for field in fields.named(name) {
                let said = match field.visibility {
                    Visibility::Hidden => &mut hidden,
                    Visibility::Visible => &mut shown,
                    Visibility::Inherit => continue,
                };
                if field.is_certain() {
                    said.append(&mut open);
                    return (shown, hidden);
                }
                let mut others = Vec::new();
                for world in open {
                    let replay = |it: &WorldId| self.worlds.replay(world, *it);
                    said.extend(field.present.iter().filter_map(replay));
                    let replay = |it: &WorldId| self.worlds.replay(world, *it);
                    others.extend(field.absent.iter().filter_map(replay));
                }
                open = others;
            }
            // A field of unknown name may be this one, unless this one is there by its name.
            let is_there = fields.named(name).any(LayerField::is_certain);
            if let (false, Layer::Written { dynamic, .. }) = (is_there, &*layer) {
                for it in dynamic {
                    match it {
                        Dynamic::Field { name: ty, .. } if ty.is_disjoint(&Ty::literal(name)) => {}
                        Dynamic::Field { visibility, .. } => match visibility {
                            Visibility::Hidden => hidden.extend(&open),
                            Visibility::Visible => shown.extend(&open),
                            Visibility::Inherit => {}
                        },
                        Dynamic::Comp { .. } => {}
                    }
                }
            }
            open = self.few(open);
        }
        shown.append(&mut open);
        (self.few(shown), self.few(hidden))
    }

    /// The layer that is a given list of fields.
    pub(crate) fn made_object(&mut self, fields: Vec<LayerField>, world: WorldId) -> Outcomes {
        let layer: LayerId = self.layer(Layer::Made(fields.into()));
        let object = self.store.object(vec![layer]);
        Self::one(world, Value::Object(object))
    }
}
