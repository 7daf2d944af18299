//! Objects as lists of layers, with late-bound `self`, `super` and `+:`.
//!
//! The names of fields are evaluated when the object is made; a computed name gives the worlds in
//! which the field is there, and its value is evaluated only in those. So
//! `{ [if 'n' in t then 'n']: t.n }` reads `t.n` where it is known to be present.

use std::sync::Arc;

use diagnostics::Diagnostic;
use jsonnet_syntax::{ExprId, ExprKind, Field, FieldName, Member, Visibility};

use super::{Checker, KindSet};
use crate::{
    rules,
    ty::{Presence, Refinement, Step, Text, Ty},
    value::{
        Dynamic, EnvId, EnvKey, FieldBody, Layer, LayerField, LayerId, ObjectId, Outcome, Outcomes,
        ThunkId, Value,
    },
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
            self.duplicate_names(id, &fields, &dynamic, world);
        }
        let layer = self.layer(Layer::Written {
            expr: id,
            env,
            fields,
            dynamic,
        });
        self.store.layer_keys.insert(key, layer);
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
            let absent = worlds(false);
            let is_certain = absent.is_empty() && unknown.is_none();
            fields.push(LayerField {
                present: if is_certain { Vec::new() } else { worlds(true) },
                name,
                absent,
                plus: field.plus,
                visibility: field.visibility,
                body: FieldBody::Expr(field.value, env),
            });
        }
        if let Some(name) = unknown {
            dynamic.push(Dynamic::Field {
                name,
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

    /// Names that may be equal fail when the object is made.
    fn duplicate_names(
        &mut self,
        id: ExprId,
        fields: &[LayerField],
        dynamic: &[Dynamic],
        world: WorldId,
    ) {
        for (at, field) in fields.iter().enumerate() {
            let earlier = fields.iter().take(at).filter(|it| it.name == field.name);
            let mut clash = false;
            for other in earlier {
                clash |= self.can_both(field, other, world);
            }
            if clash {
                let message = format!("this object may get two fields named `{}`", field.name);
                self.say(&rules::DUPLICATE_COMPUTED_MEMBER, id, message);
                return;
            }
        }
        for (at, it) in dynamic.iter().enumerate() {
            let name = match it {
                Dynamic::Field { name, .. } => name,
                // The comprehension itself answers for its own names.
                Dynamic::Comp { .. } => continue,
            };
            let clashes = fields
                .iter()
                .any(|field| !name.is_disjoint(&Ty::literal(&field.name)));
            let others = dynamic.iter().take(at).any(|other| match other {
                Dynamic::Field { name: other, .. } => !name.is_disjoint(other),
                Dynamic::Comp { .. } => false,
            });
            if (clashes || others) && !name.is_poison() {
                let message = "a computed name may equal that of another field";
                let diagnostic = self
                    .diagnostic(&rules::DUPLICATE_COMPUTED_MEMBER, id, message)
                    .help("put the computed field into an object of its own and add the two");
                self.push(diagnostic);
                return;
            }
        }
    }

    /// Whether two conditional fields can be there at once.
    fn can_both(&mut self, a: &LayerField, b: &LayerField, world: WorldId) -> bool {
        let worlds = |it: &LayerField| match it.present.is_empty() {
            true => vec![world],
            false => it.present.clone(),
        };
        let (a, b) = (worlds(a), worlds(b));
        a.iter()
            .any(|x| b.iter().any(|y| self.worlds.replay(*x, *y).is_some()))
    }

    /// The scope of a layer of an object: its locals, with `self` and `super`.
    fn layer_env(&mut self, object: ObjectId, layer: usize, expr: ExprId, env: EnvId) -> EnvId {
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

    /// Runs the asserts of an object, as reading a field or manifesting it does.
    pub(crate) fn run_asserts(&mut self, object: ObjectId, world: WorldId) -> Vec<WorldId> {
        let mut worlds = vec![world];
        if self.asserting.contains(&object) {
            return worlds;
        }
        let layers = self.store.layers_of(object);
        let program = self.program;
        for (at, layer) in layers.iter().enumerate() {
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
        worlds
    }

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

    fn find_in(
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
        for field in fields.iter().filter(|it| it.name == *name) {
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
            if may_be {
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
        let (at, field) = match found {
            Found::Data(value) => return Self::one(world, value.clone()),
            Found::Dynamic(at) => return self.dynamic_value(object, *at, place, world),
            Found::Field(at, field) => (*at, field),
        };
        let Some(thunk) = self.field_thunk(object, at, field) else {
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
        let (below, without) = self.find(object, name, at, world);
        let mut all = Vec::new();
        for (world, it) in below {
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
                        (&base, body),
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

    /// The value of some field of unknown name in a layer.
    pub(super) fn dynamic_value(
        &mut self,
        object: ObjectId,
        at: usize,
        place: ExprId,
        world: WorldId,
    ) -> Outcomes {
        let layers = self.store.layers_of(object);
        let layer = layers.get(at).map(|it| self.store.layer_of(*it));
        let Some(Layer::Written {
            expr, env, dynamic, ..
        }) = layer.as_deref()
        else {
            return Vec::new();
        };
        let mut all = Vec::new();
        for it in dynamic {
            match it {
                // Nothing more is said where the name is wrong.
                Dynamic::Field { name, .. } | Dynamic::Comp { name } if name.is_poison() => {
                    all.append(&mut Self::poison(world));
                }
                Dynamic::Field { value, .. } => {
                    let scope = self.layer_env(object, at, *expr, *env);
                    let thunk = self.store.expr_thunk(*value, scope);
                    all.append(&mut self.force(thunk, world, place));
                }
                Dynamic::Comp { .. } => {
                    let instances = self.comprehension_instances(*expr, *env, place, world);
                    let program = self.program;
                    let ExprKind::ObjectComp { members, .. } = &program.expr(*expr).kind else {
                        continue;
                    };
                    for (world, inner) in instances {
                        for member in members {
                            if let Member::Field(field) = member {
                                let scope = self.layer_env(object, at, *expr, inner);
                                let thunk = self.store.expr_thunk(field.value, scope);
                                all.append(&mut self.force(thunk, world, place));
                            }
                        }
                    }
                }
            }
        }
        self.compact(all, place)
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
                let diagnostic = self.missing_field(object, name, found.is_empty() && !is_elsewhere, place);
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
    fn named_value(
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

    fn field_thunk(&mut self, object: ObjectId, at: usize, field: &LayerField) -> Option<ThunkId> {
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

    fn has_poison_layer(&mut self, object: ObjectId, world: WorldId) -> bool {
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

    fn missing_field(
        &mut self,
        object: ObjectId,
        name: &Arc<str>,
        never: bool,
        place: ExprId,
    ) -> Diagnostic {
        let range = match &self.program.expr(place).kind {
            ExprKind::Member { name, .. } => name.range,
            ExprKind::Index { index, .. } => self.program.expr(*index).range,
            _ => self.program.expr(place).range,
        };
        let span = range.in_file(self.program.file());
        if !never {
            let message = format!("`{name}` may be absent from this object");
            let target = match self.program.expr(place).kind {
                ExprKind::Member { target, .. } | ExprKind::Index { target, .. } => {
                    self.spelled(target)
                }
                _ => None,
            };
            let help = match target {
                Some(it) => format!(
                    "give a default, `std.get({it}, '{name}', null)`, or guard it: \
                     `if '{name}' in {it} then … else …`"
                ),
                None => "read it with `std.get` and a default".to_owned(),
            };
            return Diagnostic::new(&rules::MEMBER_MAY_BE_ABSENT, span, message).help(help);
        }
        let mut diagnostic = Diagnostic::new(
            &rules::UNKNOWN_MEMBER,
            span,
            format!("this object has no member `{name}`"),
        );
        let names = self.known_names(object);
        let near = diagnostics::did_you_mean(name, names.iter().map(|it| &**it));
        if let Some(near) = near {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            if let ExprKind::Member { .. } = self.program.expr(place).kind {
                diagnostic = diagnostic.fix(format!("replace with `{near}`"), span, near);
            }
        }
        diagnostic
    }

    /// The names of the fields that are known by name, in the order of the layers.
    pub(crate) fn known_names(&mut self, object: ObjectId) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = Vec::new();
        for layer in self.store.layers_of(object).iter() {
            match &*self.store.layer_of(*layer) {
                Layer::Data(value) => {
                    let ty = self.data_type(value, self.current()).unwrap_or(Ty::Poison);
                    let fields = ty.kinds().shapes.iter().flat_map(|it| it.present());
                    names.extend(fields.map(|(name, _)| name.clone()));
                }
                Layer::Written { fields, .. } | Layer::Made(fields) => {
                    names.extend(fields.iter().map(|it| it.name.clone()));
                }
            }
        }
        names.sort();
        names.dedup();
        names
    }

    /// A world in which nothing but the types of the arguments is known.
    fn current(&self) -> WorldId {
        self.start
    }

    /// How a field of an object is manifested: the topmost colons that say so.
    pub(crate) fn is_hidden(&mut self, object: ObjectId, name: &Arc<str>) -> bool {
        for layer in self.store.layers_of(object).iter().rev() {
            match &*self.store.layer_of(*layer) {
                Layer::Data(_) => {}
                Layer::Written { fields, .. } | Layer::Made(fields) => {
                    for field in fields.iter().filter(|it| it.name == *name) {
                        match field.visibility {
                            Visibility::Hidden => return true,
                            Visibility::Visible => return false,
                            Visibility::Inherit => {}
                        }
                    }
                }
            }
        }
        false
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
            if let Value::Key(of) = name
                && of.is_identical(object)
            {
                return (vec![world], Vec::new());
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
                    if !hidden && self.is_hidden(*object, &literal) {
                        no.extend(found);
                    } else {
                        yes.extend(found);
                    }
                    no.extend(missing);
                }
                Value::Std => yes.push(world),
                Value::Ref(path) => {
                    let has = Refinement::Has(literal.clone());
                    let lacks = Refinement::Lacks(literal);
                    yes.extend(self.worlds.assume(world, *path, has));
                    no.extend(self.worlds.assume(world, *path, lacks));
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
                shapes.iter().any(|it| it.presence(name) != Presence::Absent)
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

    /// The layer that is a given list of fields.
    pub(crate) fn made_object(&mut self, fields: Vec<LayerField>, world: WorldId) -> Outcomes {
        let layer: LayerId = self.layer(Layer::Made(fields));
        let object = self.store.object(vec![layer]);
        Self::one(world, Value::Object(object))
    }
}
