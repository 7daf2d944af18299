//! Removing from arrays as go-jsonnet before 0.22 does: in place.
//!
//! `std.remove` and `std.removeAt` move the elements behind the removed one forward in the very
//! array that they are given, and leave its length and its last element. Whoever reads that array
//! later finds other elements at its positions, and one of them twice.
//!
//! Invariant: what is known of an array that others may read holds after that as well. It may only
//! be what is true of any of its elements.

use std::sync::Arc;

use jsonnet_syntax::{BinaryOp, ExprId, ExprKind};

use super::Call;
use crate::{
    check::StdVersion,
    eval::Checker,
    rules,
    value::{EnvId, Value},
    world::WorldId,
};

impl Checker<'_> {
    /// Reports an array that is changed while something is known of its positions.
    pub(super) fn expect_own(&mut self, call: &Call<'_>, array: &Value, world: WorldId) {
        if self.profile.std_version >= StdVersion::V0_22
            || call.place_of(0) != call.place && self.is_new(call.place_of(0), call.env)
        {
            return;
        }
        let ty = self.data_type(array, world);
        let is_changed = ty.is_none_or(|ty| {
            let known = ty.kinds().array.as_ref();
            known.is_some_and(|it| {
                !it.prefix.is_empty() && it.max != Some(1) || it.unique || it.keyed || it.sorted
            })
        });
        let is_asked = matches!(array, Value::Ref(path) if self.worlds.holds_part_of(world, *path));
        if !is_changed && !is_asked || self.is_poison(array, world) {
            return;
        }
        let message = format!(
            "go-jsonnet before 0.22 changes the array that `std.{}` is given, for all who read it",
            call.name
        );
        let help = match self.subject(array, call.place_of(0)) {
            Some(text) => format!("give it a copy: `{text}[0:]`"),
            None => "give it a copy, such as `array[0:]`".to_owned(),
        };
        let diagnostic = self.diagnostic(&rules::CANNOT_PROVE, call.place_of(0), message);
        self.push(diagnostic.help(help));
    }

    /// Whether an expression makes an array that nobody else can read.
    fn is_new(&self, expr: ExprId, env: EnvId) -> bool {
        match &self.program.expr(expr).kind {
            ExprKind::Parens(inner) => self.is_new(*inner, env),
            ExprKind::Array(_) | ExprKind::ArrayComp { .. } | ExprKind::Slice { .. } => true,
            ExprKind::Binary { op, .. } => *op == BinaryOp::Add,
            ExprKind::Call { args, .. } => match self.std_called(expr, env).as_deref() {
                Some(
                    "split"
                    | "splitLimit"
                    | "splitLimitR"
                    | "stringChars"
                    | "objectFields"
                    | "objectFieldsAll"
                    | "objectValues"
                    | "objectValuesAll"
                    | "objectKeysValues"
                    | "objectKeysValuesAll"
                    | "map"
                    | "mapWithIndex"
                    | "filter"
                    | "filterMap"
                    | "flatMap"
                    | "makeArray"
                    | "range"
                    | "reverse"
                    | "sort"
                    | "set"
                    | "repeat",
                ) => true,
                Some("remove" | "removeAt") => args
                    .first()
                    .is_some_and(|it| it.name.is_none() && self.is_new(it.value, env)),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether an expression makes an object that is no sum, of whatever it is made.
    pub(super) fn is_no_sum(&self, expr: ExprId, env: EnvId) -> bool {
        match &self.program.expr(expr).kind {
            ExprKind::Parens(inner) => self.is_no_sum(*inner, env),
            ExprKind::ObjectComp { .. } => true,
            _ => matches!(
                self.std_called(expr, env).as_deref(),
                Some("objectRemoveKey" | "mapWithKey" | "mergePatch" | "prune")
            ),
        }
    }

    /// The function of std that an expression calls.
    pub(crate) fn std_called(&self, expr: ExprId, env: EnvId) -> Option<Arc<str>> {
        let ExprKind::Call { target, .. } = &self.program.expr(expr).kind else {
            return None;
        };
        let ExprKind::Member { target, name } = &self.program.expr(*target).kind else {
            return None;
        };
        let ExprKind::Var(library) = self.program.expr(*target).kind else {
            return None;
        };
        let is_own = self.store.variable(env, library).is_some();
        (!is_own && &*self.name(library) == "std").then(|| self.name(name.symbol))
    }
}
