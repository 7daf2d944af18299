//! Elements of arrays, whichever way those were made.
//!
//! An array of unknown length is gone through by "any element": a fresh path bound to the type of
//! the elements. Whoever reads an array that was computed from another goes through the source
//! anew, with roots of its own, so that two readers never share what one learnt of its element.

use std::sync::Arc;

use jsonnet_syntax::{ExprId, ExprKind};

use super::{Checker, comprehension::MAX_UNROLLED, taken::Taken};
use crate::{
    rules,
    ty::{Array, MAX_LENGTH, Number, Refinement, Text, Ty},
    value::{ArrayValue, Body, EnvId, Outcome, Outcomes, ThunkId, Value},
    world::{PathId, WorldId},
};

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

    pub(super) fn elements_of(
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
                let of = self.container(of, world);
                let bound = self.bind_key(place, env, (Ty::string(), of), world);
                bound.into_iter().collect()
            }
            ArrayValue::Some(of) | ArrayValue::Reordered(of) | ArrayValue::Part(of) => {
                self.elements(of, place, env, world)
            }
            ArrayValue::Positions(of, from) => {
                let bound = self.bind_position(place, env, (Some(*of), *from), world);
                bound.into_iter().collect()
            }
        }
    }

    /// Any position of an array, from one on.
    pub(super) fn bind_position(
        &mut self,
        place: ExprId,
        env: EnvId,
        (of, from): (Option<PathId>, u32),
        world: WorldId,
    ) -> Option<(WorldId, ThunkId)> {
        let positions = Ty::from(Number::integers(f64::from(from), MAX_LENGTH));
        let world = match of {
            Some(of) if self.worlds.knows(world, of) => {
                let least = usize::try_from(from)
                    .unwrap_or(usize::MAX)
                    .saturating_add(1);
                self.worlds
                    .assume(world, of, Refinement::Length(least, None))?
            }
            _ => world,
        };
        self.bind_key(place, env, (positions, of), world)
    }

    /// Anything of that type that the value at a path holds.
    fn bind_key(
        &mut self,
        place: ExprId,
        env: EnvId,
        (ty, of): (Ty, Option<PathId>),
        world: WorldId,
    ) -> Option<(WorldId, ThunkId)> {
        let (world, thunk) = self.bind_element(place, env, (ty, None), world)?;
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
    pub(super) fn listed_keys(
        &mut self,
        of: &Value,
        world: WorldId,
    ) -> Option<(PathId, Vec<Arc<str>>)> {
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

    pub(super) fn data_elements(
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

    /// The type of the elements of an array, all of it evaluated.
    pub(crate) fn element_type(&mut self, array: &Value, place: ExprId, world: WorldId) -> Ty {
        let ty = self.as_data(array, place, world);
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
        let mut fewer = ty
            .kinds()
            .array
            .clone()
            .unwrap_or_else(|| Array::of(Ty::never()));
        fewer.prefix.clear();
        fewer.max = if kept.is_never() { Some(0) } else { fewer.max };
        fewer.min = 0;
        fewer.rest = kept;
        let kept = Self::data(world, Ty::from(fewer).with_notes(&ty.kinds().notes));
        self.take((place, env), array, Taken::Some, kept)
    }

    /// The characters of a string as an array.
    pub(crate) fn characters(&mut self, text: &Text) -> Ty {
        let mut array = Array::of(Ty::from(Text::character()));
        array.min = text.min_length;
        array.max = text.single().map(|it| it.chars().count());
        Ty::from(array)
    }

    /// The path that stands for any element of an array where `place` goes through it, and the
    /// world in which it is one of that type.
    pub(crate) fn bind_element(
        &mut self,
        place: ExprId,
        env: EnvId,
        (element, of): (Ty, Option<&Value>),
        world: WorldId,
    ) -> Option<(WorldId, ThunkId)> {
        let mut index = 0;
        let container = of.and_then(|it| self.identity(it));
        // A root that is bound already may still be referred to: each nesting takes another.
        let root = loop {
            let key = (place, env, container, index);
            let root = match self.roots.get(&key) {
                Some(root) => *root,
                None => {
                    let of = container.and_then(|it| self.worlds.show(it));
                    let name = of.map(|it| format!("{it}[…]"));
                    let root = self.worlds.new_element(name.as_deref());
                    self.roots.insert(key, root);
                    root
                }
            };
            if !self.worlds.is_bound(world, root) {
                break root;
            }
            index += 1;
        };
        let source = of.and_then(|it| self.identity(it));
        self.failing.comes_from(root, source);
        let world = self.worlds.bind(world, root, element)?;
        let path = self.worlds.path_of_root(root);
        if let Some(container) = container {
            self.taken(path, container, Taken::Part);
        }
        let thunk = match self.element_thunks.get(&path) {
            Some(thunk) => *thunk,
            None => {
                let thunk = self.value_thunk(Value::Ref(path));
                self.element_thunks.insert(path, thunk);
                thunk
            }
        };
        Some((world, thunk))
    }
}
