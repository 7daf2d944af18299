//! Comprehensions: the ways through their clauses, and the fields of those that make objects.

use std::{rc::Rc, sync::Arc};

use diagnostics::Rule;
use jsonnet_syntax::{ExprId, ExprKind, Member, Spec, Visibility};

use super::{Checker, KindSet};
use crate::{
    rules,
    ty::{Refinement, Ty},
    value::{ArrayValue, Dynamic, EnvId, EnvKey, FieldBody, LayerField, Outcome, Outcomes, Value},
    world::WorldId,
};

/// Arrays of at most this many known elements are gone through one by one.
pub(super) const MAX_UNROLLED: usize = 64;

impl Checker<'_> {
    /// The ways through the clauses of a comprehension, each with the environment of its variables.
    pub(crate) fn comprehension_instances(
        &mut self,
        id: ExprId,
        env: EnvId,
        place: ExprId,
        world: WorldId,
    ) -> Vec<(WorldId, EnvId)> {
        self.listed_instances(id, env, place, world).0
    }

    /// The same, and whether each of them stands for one element: every source is a list of known
    /// elements.
    pub(crate) fn listed_instances(
        &mut self,
        id: ExprId,
        env: EnvId,
        place: ExprId,
        world: WorldId,
    ) -> (Vec<(WorldId, EnvId)>, bool) {
        let (ways, all_listed) = self.instances_by_way(id, env, place, world);
        let pairs = ways.into_iter().map(|(world, env, _)| (world, env));
        (pairs.collect(), all_listed)
    }

    /// The same, each with the number of the value of the first source that it comes from.
    fn instances_by_way(
        &mut self,
        id: ExprId,
        env: EnvId,
        place: ExprId,
        world: WorldId,
    ) -> (Vec<(WorldId, EnvId, usize)>, bool) {
        let program = self.program;
        let (ExprKind::ArrayComp { specs, .. } | ExprKind::ObjectComp { specs, .. }) =
            &program.expr(id).kind
        else {
            return (Vec::new(), false);
        };
        let mut all_listed = true;
        let mut ways = vec![(world, env, 0)];
        for (nth, spec) in specs.iter().enumerate() {
            let mut after = Vec::new();
            for (world, env, way) in ways {
                match spec {
                    Spec::If { condition } => {
                        let (yes, no) = self.condition(*condition, env, world);
                        // Several ways in which it holds are still one element.
                        let is_only = no.is_empty() && yes.len() == 1;
                        for holds in yes {
                            let at = match is_only {
                                true => Some(holds),
                                false => self.perhaps(*condition, env, holds, world),
                            };
                            after.extend(at.map(|world| (world, env, way)));
                        }
                    }
                    Spec::For { name, source } => {
                        let sources = self.eval(*source, env, world);
                        let is_only = sources.len() == 1;
                        for (outcome, it) in sources.into_iter().enumerate() {
                            let Outcome { world: at, value } = it;
                            let way = if nth == 0 { outcome } else { way };
                            let at = match is_only {
                                true => Some(at),
                                false => self.perhaps(*source, env, at, world),
                            };
                            let Some(world) = at else { continue };
                            let rule: &'static Rule = &rules::NOT_ITERABLE;
                            let what = "what a comprehension goes through";
                            let array =
                                self.expect(&value, KindSet::ARRAY, *source, rule, what, world);
                            let array = array.filter(|(it, world)| !self.is_poison(it, *world));
                            all_listed &=
                                array.as_ref().is_some_and(|it| self.is_listed(&it.0, it.1));
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
                                after.push((world, scope, way));
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
                return (Vec::new(), false);
            }
        }
        (ways, all_listed)
    }

    /// The world of one of several ways out of `from`, told apart from it: where nothing can be said
    /// of the value that decided, the way taken would else look as if there were no other.
    fn perhaps(
        &mut self,
        decided: ExprId,
        env: EnvId,
        world: WorldId,
        from: WorldId,
    ) -> Option<WorldId> {
        if !self.worlds.is_certain(world, from) {
            return Some(world);
        }
        let doubt = self.bind_element(decided, env, (Ty::boolean(), None), world);
        doubt.map(|(world, _)| world)
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
            let (ways, is_listed) = self.listed_instances(id, env, id, world);
            if !is_listed {
                // What no element comes out of is empty, whatever its sources are.
                return (0, ways.is_empty().then_some(0));
            }
            let certain = ways
                .iter()
                .filter(|(at, _)| self.worlds.is_certain(*at, world))
                .count();
            return (certain, Some(ways.len()));
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
        let (instances, _) = self.instances_by_way(id, env, id, world);
        let is_listed = instances.len() <= MAX_UNROLLED && self.are_listed(specs, env, world);
        let mut name_type: Option<Ty> = None;
        for (at, inner, way) in instances {
            let names = self.eval(name_expr, inner, at);
            let (declared, unknown) = self.field_names(names, name_expr);
            let is_gone_through = self.worlds.is_certain(at, world);
            let is_certain = is_gone_through && declared.len() == 1 && unknown.is_none();
            for (name, at) in &declared {
                let Some(name) = name else { continue };
                if !is_listed {
                    let ty = Ty::literal(name);
                    name_type = Some(name_type.map_or(ty.clone(), |it| it.join(&ty)));
                    continue;
                }
                let absent = declared.iter().filter(|(it, _)| it.as_ref() != Some(name));
                let mut absent: Vec<WorldId> = absent.map(|(_, world)| *world).collect();
                // Where the element itself may not be gone through, no name of it is there.
                if !is_certain && (absent.is_empty() || !is_gone_through) {
                    absent.extend(self.left_out(specs, name_expr, name, env, world));
                }
                fields.push(LayerField {
                    name: name.clone(),
                    present: if is_certain { Vec::new() } else { vec![*at] },
                    absent,
                    way,
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
            if !name.is_poison() && !self.are_distinct((id, name_expr), env, world) {
                let message = "two elements may give the same member name";
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
            all_known &= self.is_listed(&it.value, it.world);
        }
        all_known && rest.iter().all(|it| matches!(it, Spec::If { .. }))
    }

    /// Whether an array is a list of known elements.
    fn is_listed(&mut self, array: &Value, world: WorldId) -> bool {
        match array {
            Value::Array(array) => match &**array {
                ArrayValue::Fixed(_) => true,
                ArrayValue::Keys(of, _) => self.listed_keys(of, world).is_some(),
                _ => false,
            },
            _ => false,
        }
    }
}
