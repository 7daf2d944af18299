//! `std.length`, of whatever has one.

use jsonnet_syntax::{ExprKind, Spec};

use crate::{
    eval::{Checker, KindSet},
    ty::Ty,
    value::{ArrayValue, Outcome, Outcomes, Value},
    world::WorldId,
};

impl Checker<'_> {
    /// `std.length`.
    pub(crate) fn std_length(&mut self, value: &Value, world: WorldId) -> Outcomes {
        let kinds = self.kinds(value, world);
        match value {
            Value::Ref(path) if kinds.each().count() < 2 => {
                Self::one(world, Value::Length(*path, 0))
            }
            Value::Ref(path) => {
                let kinds: Vec<KindSet> = kinds.each().collect();
                let each = kinds.into_iter().filter_map(|kind| {
                    let (_, world) = self.narrow(value, kind, world)?;
                    Some(Outcome {
                        world,
                        value: Value::Length(*path, 0),
                    })
                });
                each.collect()
            }
            Value::Array(made) => {
                let known = self.known_identity(value, world);
                if let Some(lengths) = self.source_length(&made.clone(), world)
                    && (known.is_none() || can_be_learnt(&lengths))
                {
                    return lengths;
                }
                match known {
                    Some(path) => Self::one(world, Value::Length(path, 0)),
                    None => {
                        let (min, max) = self.length(value, world);
                        Self::data(world, Ty::length_between(min, max))
                    }
                }
            }
            Value::Closure(expr, _) => {
                let params = match &self.program.expr(*expr).kind {
                    ExprKind::Function { params, .. } => {
                        params.iter().filter(|it| it.default.is_none()).count()
                    }
                    _ => 0,
                };
                Self::data(world, Ty::length_between(params, Some(params)))
            }
            Value::Builtin(name) => {
                let params = Self::required_params(name);
                Self::data(world, Ty::length_between(params, Some(params)))
            }
            Value::Object(_) => {
                let (min, max) = self.object_size(value, false, world);
                Self::data(world, Ty::length_between(min, max))
            }
            _ => {
                let mut all = Vec::new();
                for kind in kinds.each() {
                    let Some((value, world)) = self.narrow(value, kind, world) else {
                        continue;
                    };
                    let (min, max) = match kind {
                        KindSet::OBJECT => self.key_bounds(&value, false, world),
                        _ => self.length(&value, world),
                    };
                    all.append(&mut Self::data(world, Ty::length_between(min, max)));
                }
                all
            }
        }
    }

    /// Whether what is learnt of the length of an array is learnt of the length of what it is made of.
    pub(crate) fn is_counted_by_source(&mut self, made: &ArrayValue, world: WorldId) -> bool {
        let lengths = self.source_length(made, world);
        lengths.is_some_and(|it| can_be_learnt(&it))
    }

    /// The length of what an array is made of, where it has an element for each of its source's.
    pub(crate) fn source_length(&mut self, made: &ArrayValue, world: WorldId) -> Option<Outcomes> {
        let program = self.program;
        match made {
            ArrayValue::Map { source, .. } | ArrayValue::Reordered(source) => {
                Some(self.std_length(source, world))
            }
            ArrayValue::Comp(expr, env) => {
                let ExprKind::ArrayComp { specs, .. } = &program.expr(*expr).kind else {
                    return None;
                };
                let [Spec::For { source, .. }] = &**specs else {
                    return None;
                };
                let sources = self.eval(*source, *env, world);
                let are_arrays = sources
                    .iter()
                    .all(|it| self.kinds(&it.value, it.world) == KindSet::ARRAY);
                (are_arrays && !sources.is_empty()).then(|| {
                    self.chain(sources, *expr, |it, source, world| {
                        it.std_length(&source, world)
                    })
                })
            }
            _ => None,
        }
    }
}

/// Whether tests of a length teach anything: not of that of a value without a name.
fn can_be_learnt(lengths: &[Outcome]) -> bool {
    let is_data = |it: &Outcome| matches!(it.value, Value::Data(_));
    !lengths.iter().all(is_data)
}
