//! Conditions: what splits a world in two.

use diagnostics::Rule;
use jsonnet_syntax::ExprId;

use super::{Checker, KindSet};
use crate::{
    rules,
    ty::{Refinement, Ty},
    value::{EnvId, Outcome, Value},
    world::WorldId,
};

impl Checker<'_> {
    /// The worlds in which a condition holds, and those in which it does not.
    pub(crate) fn condition(
        &mut self,
        condition: ExprId,
        env: EnvId,
        world: WorldId,
    ) -> (Vec<WorldId>, Vec<WorldId>) {
        let values = self.eval(condition, env, world);
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for Outcome { world, value } in values {
            let rule = &rules::WRONG_CONDITION;
            let (more_yes, more_no) = self.truth(&value, condition, rule, "a condition", world);
            yes.extend(more_yes);
            no.extend(more_no);
        }
        (self.few(yes), self.few(no))
    }

    /// Keeps the number of worlds small.
    pub(crate) fn few(&self, mut worlds: Vec<WorldId>) -> Vec<WorldId> {
        worlds.dedup();
        if worlds.len() <= 4 {
            return worlds;
        }
        let joined = worlds
            .iter()
            .copied()
            .reduce(|a, b| self.worlds.common(a, b));
        joined.into_iter().collect()
    }

    /// Splits a world by a boolean; anything else is reported.
    pub(crate) fn truth(
        &mut self,
        value: &Value,
        place: ExprId,
        rule: &'static Rule,
        what: &str,
        world: WorldId,
    ) -> (Option<WorldId>, Option<WorldId>) {
        let Some((value, world)) = self.expect(value, KindSet::BOOL, place, rule, what, world)
        else {
            // Reported: both ways are followed, so that what comes after is looked at too.
            return (Some(world), Some(world));
        };
        match value {
            Value::Ref(path) => (
                self.worlds
                    .assume(world, path, Refinement::Is(Ty::bool(true))),
                self.worlds
                    .assume(world, path, Refinement::Is(Ty::bool(false))),
            ),
            Value::Data(ty) => {
                let [no, yes] = ty.kinds().bools;
                (yes.then_some(world), no.then_some(world))
            }
            _ => (None, None),
        }
    }

    /// The worlds in which an assertion holds; its failures are errors of the user.
    pub(crate) fn assertion(
        &mut self,
        condition: ExprId,
        message: Option<ExprId>,
        env: EnvId,
        world: WorldId,
    ) -> Vec<WorldId> {
        let reported = self.diagnostics.len();
        let (yes, no) = self.condition(condition, env, world);
        for world in &no {
            match message {
                Some(message) => {
                    for it in self.eval(message, env, *world) {
                        self.user_error(condition, &it.value, it.world);
                    }
                }
                None => {
                    self.user_error(condition, &Value::text("Assertion failed"), *world);
                }
            }
        }
        if yes.is_empty() && !no.is_empty() && self.diagnostics.len() == reported {
            let diagnostic = self
                .diagnostic(
                    &rules::FAILED_ASSERTION,
                    condition,
                    "this assertion never holds",
                )
                .help("remove it, or write `error` where failing is meant");
            self.push(diagnostic);
        }
        yes
    }
}
