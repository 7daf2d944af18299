//! `std.length`, of whatever has one.

use jsonnet_syntax::{ExprKind, Spec};

use crate::{
    eval::{Checker, KindSet},
    ty::Ty,
    value::{ArrayValue, Outcomes, Value},
    world::WorldId,
};

impl Checker<'_> {
    /// `std.length`.
    pub(crate) fn std_length(&mut self, value: &Value, world: WorldId) -> Outcomes {
        match value {
            Value::Ref(path) => Self::one(world, Value::Length(*path, 0)),
            Value::Array(made) => match self.known_identity(value, world) {
                Some(path) => Self::one(world, Value::Length(path, 0)),
                None => self.made_length(value, &made.clone(), world),
            },
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
                let (min, max) = if self.kinds(value, world) == KindSet::OBJECT {
                    self.key_bounds(value, false, world)
                } else {
                    self.length(value, world)
                };
                Self::data(world, Ty::length_between(min, max))
            }
        }
    }

    /// The length of an array that the program built: that of its source, where it has an element
    /// for each of the source's.
    pub(crate) fn made_length(
        &mut self,
        value: &Value,
        made: &ArrayValue,
        world: WorldId,
    ) -> Outcomes {
        let program = self.program;
        match made {
            ArrayValue::Map { source, .. } | ArrayValue::Reordered(source) => {
                return self.std_length(source, world);
            }
            ArrayValue::Comp(expr, env) => {
                if let ExprKind::ArrayComp { specs, .. } = &program.expr(*expr).kind
                    && let [Spec::For { source, .. }] = &**specs
                {
                    let sources = self.eval(*source, *env, world);
                    let are_arrays = sources
                        .iter()
                        .all(|it| self.kinds(&it.value, it.world) == KindSet::ARRAY);
                    if are_arrays && !sources.is_empty() {
                        return self.chain(sources, *expr, |it, source, world| {
                            it.std_length(&source, world)
                        });
                    }
                }
            }
            _ => {}
        }
        let (min, max) = self.length(value, world);
        Self::data(world, Ty::length_between(min, max))
    }
}
