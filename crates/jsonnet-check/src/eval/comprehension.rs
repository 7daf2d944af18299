//! Going through arrays: comprehensions, and the arrays that `std.map` and its like make.
//!
//! An array of unknown length is gone through by "any element": a fresh path bound to the type of
//! the elements. Whoever reads an array that was computed from another goes through the source
//! anew, with roots of its own, so that two readers never share what one learnt of its element.

use std::{rc::Rc, sync::Arc};

use diagnostics::Rule;
use jsonnet_syntax::{ExprId, ExprKind, Member, Spec, Visibility};

use super::{Checker, KindSet};
use crate::{
    rules,
    ty::{Array, Number, Refinement, Text, Ty},
    value::{
        ArrayValue, Body, Dynamic, EnvId, EnvKey, FieldBody, LayerField, Outcome, Outcomes,
        ThunkId, Value,
    },
    world::{PathId, WorldId},
};

/// Arrays of at most this many known elements are gone through one by one.
const MAX_UNROLLED: usize = 64;

impl Checker<'_> {
    /// What an element of an array can be: each with the world in which it is one.
    pub(crate) fn elements(
        &mut self,
        array: &Value,
        place: ExprId,
        env: EnvId,
        world: WorldId,
    ) -> Vec<(WorldId, ThunkId)> {
        if !self.enter_depth(place) {
            return Vec::new();
        }
        let elements = self.elements_of(array, place, env, world);
        self.leave_depth();
        elements
    }

    fn elements_of(
        &mut self,
        array: &Value,
        place: ExprId,
        env: EnvId,
        world: WorldId,
    ) -> Vec<(WorldId, ThunkId)> {
        let Value::Array(made) = array else {
            return self.data_elements(array, place, env, world);
        };
        let made = made.clone();
        // Where there is an element, the array is not empty.
        let filled = match self.known_identity(array, world) {
            Some(path) => self.worlds.assume(world, path, Refinement::Length(1, None)),
            None => Some(world),
        };
        let Some(world) = filled else {
            return Vec::new();
        };
        match &*made {
            ArrayValue::Fixed(elements) => {
                // Elements that would be too many to go through one by one are taken as they come
                // up to a bound; the rest is like them only if it is checked too.
                elements.iter().map(|it| (world, *it)).collect()
            }
            ArrayValue::Comp(expr, inner) => {
                let program = self.program;
                let ExprKind::ArrayComp { element, .. } = program.expr(*expr).kind else {
                    return Vec::new();
                };
                let instances = self.comprehension_instances(*expr, *inner, place, world);
                instances
                    .into_iter()
                    .map(|(world, env)| (world, self.store.expr_thunk(element, env)))
                    .collect()
            }
            ArrayValue::Map {
                function,
                source,
                indexed,
                place: written,
            } => {
                let elements = self.elements(source, place, env, world);
                let mut all = Vec::new();
                for (world, element) in elements {
                    let mut args = vec![element];
                    let mut world = world;
                    if *indexed {
                        let of = self.identity(source);
                        let Some((at, index)) = self.bind_position(place, env, (of, 0), world)
                        else {
                            continue;
                        };
                        args.insert(0, index);
                        world = at;
                    }
                    let body = Body::Apply(function.clone(), args, *written);
                    all.push((world, self.thunk(body)));
                }
                all
            }
            ArrayValue::Filter {
                function,
                source,
                place: written,
            } => {
                let elements = self.elements(source, place, env, world);
                let mut all = Vec::new();
                for (world, element) in elements {
                    for world in self.predicate(function, element, *written, world).0 {
                        all.push((world, element));
                    }
                }
                all
            }
            ArrayValue::Concat(a, b, _) => {
                let mut all = self.elements(a, place, env, world);
                all.extend(self.elements(b, place, env, world));
                all
            }
            ArrayValue::Keys(of, _) => {
                if let Some((path, names)) = self.listed_keys(of, world) {
                    let mut all = Vec::new();
                    for name in names {
                        let fact = Refinement::Has(name.clone());
                        if let Some(world) = self.worlds.assume(world, path, fact) {
                            all.push((world, self.value_thunk(Value::text(&name))));
                        }
                    }
                    return all;
                }
                let key = self.value_thunk(Value::Key(Rc::new(of.clone())));
                vec![(world, key)]
            }
            ArrayValue::Some(of) => self.elements(of, place, env, world),
            ArrayValue::Positions(of, from) => {
                let bound = self.bind_position(place, env, (Some(*of), *from), world);
                bound.into_iter().collect()
            }
        }
    }

    /// Any position of an array, from one on.
    fn bind_position(
        &mut self,
        place: ExprId,
        env: EnvId,
        (of, from): (Option<PathId>, u32),
        world: WorldId,
    ) -> Option<(WorldId, ThunkId)> {
        let positions = Ty::from(Number::integers(f64::from(from), 4_294_967_296.0));
        let world = match of {
            Some(of) if self.worlds.knows(world, of) => {
                let least = usize::try_from(from).unwrap_or(usize::MAX).saturating_add(1);
                self.worlds.assume(world, of, Refinement::Length(least, None))?
            }
            _ => world,
        };
        let (world, thunk) = self.bind_element(place, env, (positions, None), world)?;
        let bound = match self.store.thunks.get(thunk.0 as usize).map(|it| &it.body) {
            Some(Body::Value(Value::Ref(path))) => Some(*path),
            _ => None,
        };
        let world = match of.zip(bound) {
            Some((of, at)) => self.worlds.hold(world, of, at),
            None => world,
        };
        Some((world, thunk))
    }

    /// The names of the members of an input object without others.
    fn listed_keys(&mut self, of: &Value, world: WorldId) -> Option<(PathId, Vec<Arc<str>>)> {
        let Value::Ref(path) = of else { return None };
        let ty = self.worlds.ty(world, *path);
        if matches!(ty, Ty::Unknown | Ty::Poison) {
            return None;
        }
        let mut names: Vec<Arc<str>> = Vec::new();
        for shape in &ty.kinds().shapes {
            if shape.rest.as_ref().is_some_and(|it| !it.is_never()) {
                return None;
            }
            names.extend(shape.present().map(|(name, _)| name.clone()));
        }
        names.sort();
        names.dedup();
        (names.len() <= MAX_UNROLLED).then_some((*path, names))
    }

    fn data_elements(
        &mut self,
        of: &Value,
        place: ExprId,
        env: EnvId,
        world: WorldId,
    ) -> Vec<(WorldId, ThunkId)> {
        let Some(ty) = self.data_type(of, world) else {
            return Vec::new();
        };
        if ty.is_poison() {
            let poison = self.value_thunk(Value::poison());
            return vec![(world, poison)];
        }
        let Some(array) = ty.kinds().array.clone() else {
            return Vec::new();
        };
        let element = array.element();
        if element.is_never() || array.max == Some(0) {
            return Vec::new();
        }
        // Where there is an element, the array is not empty.
        let world = match of {
            Value::Ref(path) => self
                .worlds
                .assume(world, *path, Refinement::Length(1, None)),
            _ => Some(world),
        };
        let bound =
            world.and_then(|world| self.bind_element(place, env, (element, Some(of)), world));
        bound.into_iter().collect()
    }

    /// The worlds in which a predicate holds of an element, and those in which it does not.
    pub(crate) fn predicate(
        &mut self,
        function: &Value,
        element: ThunkId,
        place: ExprId,
        world: WorldId,
    ) -> (Vec<WorldId>, Vec<WorldId>) {
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        let outcomes = self.apply(function, &[element], place, world);
        // What it returns is said where it is written, whoever reads the array.
        let body = match function {
            Value::Closure(expr, _) => match self.program.expr(*expr).kind {
                ExprKind::Function { body, .. } => Some(body),
                _ => None,
            },
            _ => None,
        };
        let place = body.unwrap_or(place);
        for Outcome { world, value } in outcomes {
            let rule = &rules::WRONG_CONDITION;
            let what = "what a predicate returns";
            let (a, b) = self.truth(&value, place, rule, what, world);
            yes.extend(a);
            no.extend(b);
        }
        (self.few(yes), self.few(no))
    }

    /// The ways through the clauses of a comprehension, each with the environment of its variables.
    pub(crate) fn comprehension_instances(
        &mut self,
        id: ExprId,
        env: EnvId,
        place: ExprId,
        world: WorldId,
    ) -> Vec<(WorldId, EnvId)> {
        let program = self.program;
        let (ExprKind::ArrayComp { specs, .. } | ExprKind::ObjectComp { specs, .. }) =
            &program.expr(id).kind
        else {
            return Vec::new();
        };
        let mut ways = vec![(world, env)];
        for spec in specs {
            let mut after = Vec::new();
            for (world, env) in ways {
                match spec {
                    Spec::If { condition } => {
                        let (yes, _) = self.condition(*condition, env, world);
                        after.extend(yes.into_iter().map(|world| (world, env)));
                    }
                    Spec::For { name, source } => {
                        for Outcome { world, value } in self.eval(*source, env, world) {
                            let rule: &'static Rule = &rules::NOT_ITERABLE;
                            let what = "what a comprehension goes through";
                            let array =
                                self.expect(&value, KindSet::ARRAY, *source, rule, what, world);
                            let array = array.filter(|(it, world)| !self.is_poison(it, *world));
                            // Nothing more is said of what was reported, but its elements are
                            // looked at.
                            let elements = match array {
                                Some((array, world)) => self.elements(&array, place, env, world),
                                None => vec![(world, self.value_thunk(Value::poison()))],
                            };
                            for (world, element) in elements {
                                let key = EnvKey {
                                    expr: *source,
                                    env,
                                    parts: vec![element.0],
                                };
                                let (scope, is_new) = self.store.keyed_env(key);
                                if is_new {
                                    self.store.bind(scope, name.symbol, element);
                                }
                                after.push((world, scope));
                            }
                        }
                    }
                }
            }
            ways = after;
            if ways.len() > 512 {
                self.give_up(
                    place,
                    "this comprehension has too many elements to be followed",
                );
                return Vec::new();
            }
        }
        ways
    }

    pub(super) fn array_comprehension(
        &mut self,
        id: ExprId,
        env: EnvId,
        world: WorldId,
    ) -> Outcomes {
        // Sources and conditions are evaluated at once, elements when they are read.
        let instances = self.comprehension_instances(id, env, id, world);
        if self.gave_up {
            return Vec::new();
        }
        drop(instances);
        Self::one(world, Value::Array(Rc::new(ArrayValue::Comp(id, env))))
    }

    /// The least and greatest length of a comprehension.
    pub(super) fn comprehension_length(
        &mut self,
        id: ExprId,
        env: EnvId,
        world: WorldId,
    ) -> (usize, Option<usize>) {
        let program = self.program;
        let ExprKind::ArrayComp { specs, .. } = &program.expr(id).kind else {
            return (0, None);
        };
        let [Spec::For { source, .. }] = &**specs else {
            return (0, None);
        };
        let sources = self.eval(*source, env, world);
        let mut lengths = Vec::new();
        for Outcome { world, value } in sources {
            let is_array = self.kinds(&value, world) == KindSet::ARRAY;
            lengths.push(if is_array {
                self.length(&value, world)
            } else {
                (0, None)
            });
        }
        lengths
            .into_iter()
            .reduce(|a, b| (a.0.min(b.0), a.1.zip(b.1).map(|(x, y)| x.max(y))))
            .unwrap_or((0, None))
    }

    /// The fields of an object comprehension. False when making it never succeeds.
    pub(super) fn comprehension_fields(
        &mut self,
        id: ExprId,
        env: EnvId,
        world: WorldId,
        fields: &mut Vec<LayerField>,
        dynamic: &mut Vec<Dynamic>,
    ) -> bool {
        let program = self.program;
        let ExprKind::ObjectComp { members, specs } = &program.expr(id).kind else {
            return false;
        };
        let field = members.iter().find_map(|it| match it {
            Member::Field(field) => Some(field),
            _ => None,
        });
        let Some(field) = field else { return false };
        let jsonnet_syntax::FieldName::Computed(name_expr) = field.name else {
            return false;
        };
        let instances = self.comprehension_instances(id, env, id, world);
        let is_listed = instances.len() <= MAX_UNROLLED && self.are_listed(specs, env, world);
        let mut name_type: Option<Ty> = None;
        let mut are_keys = !specs.iter().skip(1).any(|it| matches!(it, Spec::For { .. }));
        for (at, inner) in instances {
            let names = self.eval(name_expr, inner, at);
            are_keys &= names.iter().all(|it| matches!(it.value, Value::Key(_)))
                || self.are_distinct(specs, env, world, name_expr);
            let (declared, unknown) = self.field_names(names, name_expr);
            let is_certain = self.worlds.is_certain(at, world) && declared.len() == 1 && unknown.is_none();
            for (name, at) in &declared {
                let Some(name) = name else { continue };
                if !is_listed {
                    let ty = Ty::literal(name);
                    name_type = Some(name_type.map_or(ty.clone(), |it| it.join(&ty)));
                    continue;
                }
                let absent = declared.iter().filter(|(it, _)| it.as_ref() != Some(name));
                let mut absent: Vec<WorldId> = absent.map(|(_, world)| *world).collect();
                if !is_certain && absent.is_empty() {
                    absent.extend(self.left_out(specs, name_expr, name, env, world));
                }
                fields.push(LayerField {
                    name: name.clone(),
                    present: if is_certain { Vec::new() } else { vec![*at] },
                    absent,
                    plus: field.plus,
                    visibility: Visibility::Inherit,
                    body: FieldBody::Expr(field.value, inner),
                });
            }
            if let Some(ty) = unknown {
                name_type = Some(name_type.map_or(ty.clone(), |it| it.join(&ty)));
            }
        }
        if let Some(name) = name_type {
            if !are_keys && !name.is_poison() {
                let message = "two elements may give the same field name";
                let diagnostic = self
                    .diagnostic(&rules::DUPLICATE_COMPUTED_MEMBER, name_expr, message)
                    .help(
                        "go through `std.set(…)` or `std.objectFields(…)`, or build the object \
                         with `std.foldl`",
                    );
                self.push(diagnostic);
            }
            dynamic.push(Dynamic::Comp { name });
        }
        true
    }

    /// The world in which a comprehension has no field of that name: where it goes through the
    /// keys of an input, the one without that member; else nothing is known.
    fn left_out(
        &mut self,
        specs: &[Spec],
        written: ExprId,
        name: &Arc<str>,
        env: EnvId,
        world: WorldId,
    ) -> Option<WorldId> {
        if let [
            Spec::For {
                name: variable,
                source,
            },
        ] = specs
            && let ExprKind::Var(read) = self.program.expr(written).kind
            && read == variable.symbol
            && let [it] = self.eval(*source, env, world).as_slice()
            && let Value::Array(array) = &it.value
            && let ArrayValue::Keys(Value::Ref(path), _) = &**array
        {
            let fact = Refinement::Lacks(name.clone());
            return self.worlds.assume(world, *path, fact);
        }
        Some(world)
    }

    /// Whether every source of a comprehension is a list of known elements.
    fn are_listed(&mut self, specs: &[Spec], env: EnvId, world: WorldId) -> bool {
        let [Spec::For { source, .. }, rest @ ..] = specs else {
            return false;
        };
        let mut all_known = true;
        for it in self.eval(*source, env, world) {
            all_known &= match &it.value {
                Value::Array(array) => match &**array {
                    ArrayValue::Fixed(_) => true,
                    ArrayValue::Keys(of, _) => self.listed_keys(of, it.world).is_some(),
                    _ => false,
                },
                _ => false,
            };
        }
        all_known && rest.iter().all(|it| matches!(it, Spec::If { .. }))
    }

    /// Whether the names are the elements of an array without equal ones.
    fn are_distinct(&mut self, specs: &[Spec], env: EnvId, world: WorldId, name: ExprId) -> bool {
        let [
            Spec::For {
                name: variable,
                source,
            },
            rest @ ..,
        ] = specs
        else {
            return false;
        };
        if !rest.iter().all(|it| matches!(it, Spec::If { .. })) {
            return false;
        }
        let ExprKind::Var(read) = self.program.expr(name).kind else {
            return false;
        };
        let sources = self.eval(*source, env, world);
        read == variable.symbol
            && sources.iter().all(|it| {
                let ty = self.data_type(&it.value, it.world);
                ty.is_some_and(|ty| ty.kinds().array.as_ref().is_some_and(|it| it.unique))
            })
    }

    /// The type of the elements of an array, all of it evaluated.
    pub(crate) fn element_type(&mut self, array: &Value, place: ExprId, world: WorldId) -> Ty {
        let ty = self.manifest(array, place, world);
        if ty.is_poison() {
            return ty;
        }
        let element = ty.kinds().array.as_ref().map(Array::element);
        element.unwrap_or_else(Ty::never)
    }

    /// `std.filter` on data: the elements of which the predicate may hold, as data again.
    pub(crate) fn filter_data(
        &mut self,
        function: &Value,
        array: &Value,
        place: ExprId,
        env: EnvId,
        world: WorldId,
    ) -> Outcomes {
        let Some(ty) = self.data_type(array, world) else {
            return Self::poison(world);
        };
        if ty.is_poison() {
            return Self::poison(world);
        }
        let elements = self.elements(array, place, env, world);
        let mut kept = Ty::never();
        for (at, thunk) in elements {
            let (yes, _) = self.predicate(function, thunk, place, at);
            for at in yes {
                for it in self.force(thunk, at, place) {
                    if let Some(ty) = self.data_type(&it.value, it.world) {
                        kept = kept.join(&ty);
                    }
                }
            }
        }
        let mut array = ty
            .kinds()
            .array
            .clone()
            .unwrap_or_else(|| Array::of(Ty::never()));
        array.prefix.clear();
        array.max = if kept.is_never() { Some(0) } else { array.max };
        array.min = 0;
        array.rest = kept;
        Self::data(world, Ty::from(array).with_notes(&ty.kinds().notes))
    }

    /// The characters of a string as an array.
    pub(crate) fn characters(&mut self, text: &Text) -> Ty {
        let mut array = Array::of(Ty::from(Text::at_least(1)));
        array.min = text.min_length;
        array.max = text.single().map(|it| it.chars().count());
        Ty::from(array)
    }
}
