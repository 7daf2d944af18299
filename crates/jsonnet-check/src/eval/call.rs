//! Calls: arguments to parameters, then the body in the world of the call.
//!
//! A call is analysed for its own arguments. Equal arguments, by place and environment, make the
//! same environment, so what was evaluated in it before is not evaluated again.

use std::sync::Arc;

use diagnostics::{TextRange, did_you_mean};
use jsonnet_syntax::{Arg, ExprId, ExprKind, Param};

use super::{Checker, KindSet};
use crate::{
    rules,
    value::{EnvId, EnvKey, Outcome, Outcomes, ThunkId, Value},
    world::WorldId,
};

/// Calls inside each other that evaluate a program's own functions.
const MAX_CALLS: usize = 90;

/// An argument of a call.
#[derive(Clone, Debug)]
pub(crate) struct Argument {
    pub(crate) name: Option<Arc<str>>,
    pub(crate) thunk: ThunkId,
    /// Where it is written; the call itself for arguments that the library gives.
    pub(crate) place: ExprId,
    /// Where its name is written.
    pub(crate) name_range: Option<TextRange>,
}

impl Checker<'_> {
    pub(super) fn call_expr(&mut self, id: ExprId, env: EnvId, world: WorldId) -> Outcomes {
        let program = self.program;
        let ExprKind::Call {
            target,
            args,
            tailstrict,
            ..
        } = &program.expr(id).kind
        else {
            return Self::poison(world);
        };
        let targets = self.eval(*target, env, world);
        let arguments: Vec<Argument> = args.iter().map(|arg| self.argument(arg, env)).collect();
        self.chain(targets, id, |it, function, world| {
            let rule = &rules::NOT_CALLABLE;
            let what = "what is called";
            let called = it.expect(&function, KindSet::FUNCTION, *target, rule, what, world);
            let Some((function, world)) = called else {
                return Self::poison(world);
            };
            if it.is_poison(&function, world) {
                return Self::poison(world);
            }
            if let Some(tailstrict) = tailstrict {
                if let Value::Closure(called, _) = function
                    && it.uses_open_default(called, &arguments, *tailstrict)
                {
                    return Self::poison(world);
                }
                let mut worlds = vec![world];
                for argument in &arguments {
                    let mut after = Vec::new();
                    for world in worlds {
                        let values = it.force(argument.thunk, world, argument.place);
                        after.extend(values.into_iter().map(|it| it.world));
                    }
                    worlds = it.few(after);
                }
                let mut all = Vec::new();
                for world in worlds {
                    all.append(&mut it.call(&function, &arguments, id, env, world));
                }
                return it.compact(all, id);
            }
            it.call(&function, &arguments, id, env, world)
        })
    }

    /// Whether a default is used that reads a variable: under `tailstrict` go-jsonnet evaluates it
    /// where there are none, and crashes (seen in 0.21 and 0.22).
    fn uses_open_default(
        &mut self,
        called: ExprId,
        args: &[Argument],
        tailstrict: TextRange,
    ) -> bool {
        let program = self.program;
        let ExprKind::Function { params, .. } = &program.expr(called).kind else {
            return false;
        };
        let positional = args.iter().filter(|it| it.name.is_none()).count();
        for (at, param) in params.iter().enumerate() {
            let name = self.name(param.name.symbol);
            let is_given = at < positional || args.iter().any(|it| it.name.as_ref() == Some(&name));
            let Some(default) = param.default.filter(|_| !is_given) else {
                continue;
            };
            let range = program.span(default).range;
            let is_open = program.ids().zip(program.exprs()).any(|(id, it)| {
                let reads = matches!(
                    it.kind,
                    ExprKind::Var(_)
                        | ExprKind::SelfRef
                        | ExprKind::Dollar
                        | ExprKind::SuperMember { .. }
                        | ExprKind::ArrayComp { .. }
                        | ExprKind::ObjectComp { .. }
                );
                reads && range.contains(program.span(id).range)
            });
            if is_open {
                let message = format!(
                    "under `tailstrict` the default of `{name}` cannot be evaluated, as it reads a \
                     variable"
                );
                let span = tailstrict.in_file(program.file());
                let diagnostic = diagnostics::Diagnostic::new(&rules::WRONG_CALL, span, message)
                    .help("remove `tailstrict`")
                    .fix("remove `tailstrict`", span, "");
                self.push(diagnostic);
                return true;
            }
        }
        false
    }

    fn argument(&mut self, arg: &Arg, env: EnvId) -> Argument {
        Argument {
            name: arg.name.map(|name| self.name(name.symbol)),
            thunk: self.store.expr_thunk(arg.value, env),
            place: arg.value,
            name_range: arg.name.map(|name| name.range),
        }
    }

    /// A call that the library makes.
    pub(crate) fn apply(
        &mut self,
        function: &Value,
        args: &[ThunkId],
        place: ExprId,
        world: WorldId,
    ) -> Outcomes {
        let arguments: Vec<Argument> = args
            .iter()
            .map(|thunk| Argument {
                name: None,
                thunk: *thunk,
                place,
                name_range: None,
            })
            .collect();
        self.call(function, &arguments, place, Self::GLOBAL, world)
    }

    pub(crate) fn call(
        &mut self,
        function: &Value,
        args: &[Argument],
        place: ExprId,
        env: EnvId,
        world: WorldId,
    ) -> Outcomes {
        match function {
            Value::Closure(expr, scope) => self.call_closure(*expr, *scope, args, place, world),
            Value::Builtin(name) => self.call_builtin(name, args, place, env, world),
            _ => Self::poison(world),
        }
    }

    fn call_closure(
        &mut self,
        function: ExprId,
        env: EnvId,
        args: &[Argument],
        place: ExprId,
        world: WorldId,
    ) -> Outcomes {
        let program = self.program;
        let ExprKind::Function { params, body, .. } = &program.expr(function).kind else {
            return Self::poison(world);
        };
        let Some(slots) = self.fit(function, params, args, place) else {
            return Self::poison(world);
        };
        if let Some(outcomes) = self.summarised(function, env, &slots, place, world) {
            return outcomes;
        }
        if self.calls.len() >= MAX_CALLS {
            self.give_up(place, "this recursion could not be shown to end");
            return Vec::new();
        }
        let parts = slots
            .iter()
            .map(|it| it.map_or(u32::MAX, |it| it.0))
            .collect();
        let key = EnvKey {
            expr: function,
            env,
            parts,
        };
        let (scope, is_new) = self.store.keyed_env(key);
        if is_new {
            for (param, slot) in params.iter().zip(&slots) {
                let thunk = match (slot, param.default) {
                    (Some(thunk), _) => *thunk,
                    (None, Some(default)) => self.store.expr_thunk(default, scope),
                    (None, None) => continue,
                };
                self.store.bind(scope, param.name.symbol, thunk);
            }
        }
        self.calls.push(place);
        let outcomes = self.eval(*body, scope, world);
        self.calls.pop();
        outcomes
    }

    /// Which argument each parameter gets. None when they do not fit, which is reported.
    fn fit(
        &mut self,
        function: ExprId,
        params: &[Param],
        args: &[Argument],
        place: ExprId,
    ) -> Option<Vec<Option<ThunkId>>> {
        let names: Vec<Arc<str>> = params.iter().map(|it| self.name(it.name.symbol)).collect();
        let required: Vec<bool> = params.iter().map(|it| it.default.is_none()).collect();
        let declared = self.program.span(function);
        self.fit_names(&names, &required, args, place, Some(declared))
    }

    /// As [`Self::fit`], for parameters of any origin.
    pub(crate) fn fit_names(
        &mut self,
        names: &[Arc<str>],
        required: &[bool],
        args: &[Argument],
        place: ExprId,
        declared: Option<diagnostics::Span>,
    ) -> Option<Vec<Option<ThunkId>>> {
        let mut slots: Vec<Option<ThunkId>> = vec![None; names.len()];
        let mut fits = true;
        let mut positional = 0;
        let mut faults: Vec<(diagnostics::Span, String, Option<String>)> = Vec::new();
        for arg in args {
            let at = match &arg.name {
                None => {
                    positional += 1;
                    (positional <= names.len()).then_some(positional - 1)
                }
                // The last of two equal parameters is the one that is read.
                Some(name) => names.iter().rposition(|it| it == name),
            };
            let span = match arg.name_range {
                Some(range) => range.in_file(self.program.file()),
                None => self.program.span(arg.place),
            };
            let Some(slot) = at.and_then(|at| slots.get_mut(at)) else {
                fits = false;
                match &arg.name {
                    Some(name) => {
                        let near = did_you_mean(name, names.iter().map(|it| &**it));
                        let help = near.map(|near| format!("did you mean `{near}`?"));
                        faults.push((span, format!("no parameter is named `{name}`"), help));
                    }
                    None if positional == names.len() + 1 => {
                        let most = plural(names.len(), "argument");
                        faults.push((span, format!("this function takes at most {most}"), None));
                    }
                    None => {}
                }
                continue;
            };
            if slot.replace(arg.thunk).is_some() {
                fits = false;
                let name = arg.name.as_deref().unwrap_or_default();
                faults.push((span, format!("the parameter `{name}` is given twice"), None));
            }
        }
        let missing = names.iter().zip(required).zip(&slots);
        let missing = missing.filter(|((_, required), slot)| **required && slot.is_none());
        let missing: Vec<String> = missing.map(|((name, _), _)| format!("`{name}`")).collect();
        if !missing.is_empty() && faults.is_empty() {
            let span = match self.program.expr(place).kind {
                ExprKind::Call { parens, .. } => parens.in_file(self.program.file()),
                _ => self.program.span(place),
            };
            let list = missing.join(" and ");
            faults.push((span, format!("the argument for {list} is missing"), None));
        }
        fits &= missing.is_empty();
        for (span, message, help) in faults {
            let mut diagnostic = diagnostics::Diagnostic::new(&rules::WRONG_CALL, span, message);
            if let Some(help) = help {
                diagnostic = diagnostic.help(help);
            }
            if let Some(declared) = declared {
                diagnostic = diagnostic.label(declared, "the function");
            }
            self.push(diagnostic);
        }
        fits.then_some(slots)
    }

    /// Evaluates an argument of the library, expecting some kinds.
    pub(crate) fn expect_argument(
        &mut self,
        thunk: ThunkId,
        kinds: KindSet,
        (place, what): (ExprId, &str),
        world: WorldId,
    ) -> Vec<(Value, WorldId)> {
        let mut all = Vec::new();
        for Outcome { world, value } in self.force(thunk, world, place) {
            let rule = &rules::WRONG_ARGUMENT;
            match self.expect(&value, kinds, place, rule, what, world) {
                Some(it) => all.push(it),
                None => all.push((Value::poison(), world)),
            }
        }
        all
    }
}

pub(crate) fn plural(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
}
