//! Evaluators: what a program makes of many inputs.
//!
//! A program may recurse without end, and jrsonnet does not always notice before the stack is used
//! up: what is not trusted runs in a process of its own ([`ProcessJudge`]).

mod process;

pub use process::{ProcessJudge, serve};

use diagnostics::FileId;
use jsonnet_eval::{Evaluated, Evaluator as _, FailureKind, Jrsonnet, Limit, Limits};
use jsonnet_syntax::ExprKind;
use serde_json::Value;

/// What an evaluation came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// An output.
    Value(Value),
    /// The program's own `error` or assertion.
    UserError(String),
    /// What the checker has to foresee; endless recursion is.
    Failed(String),
    /// A limit was reached, or the evaluator itself gave up.
    Undecided(String),
}

impl Outcome {
    /// Whether the checker had to foresee it.
    #[must_use]
    pub const fn is_failure(&self) -> bool {
        matches!(self, Self::Failed(_))
    }

    /// As it goes between processes.
    fn to_pair(&self) -> (&'static str, Value) {
        match self {
            Self::Value(value) => ("value", value.clone()),
            Self::UserError(message) => ("user", message.as_str().into()),
            Self::Failed(message) => ("failed", message.as_str().into()),
            Self::Undecided(message) => ("undecided", message.as_str().into()),
        }
    }

    fn of_pair((kind, value): (String, Value)) -> Self {
        let text = value.as_str().unwrap_or_default().to_owned();
        match kind.as_str() {
            "value" => Self::Value(value),
            "user" => Self::UserError(text),
            "failed" => Self::Failed(text),
            _ => Self::Undecided(text),
        }
    }
}

/// Evaluates a program on inputs.
pub trait Judge {
    /// The outcomes, in the order of the inputs; those up to the first failure, if nothing more is
    /// asked for.
    fn outcomes(&mut self, program: &str, inputs: &[Value], to_first_failure: bool)
    -> Vec<Outcome>;

    /// The outcome of each input.
    fn judge(&mut self, program: &str, inputs: &[Value]) -> Vec<Outcome> {
        self.outcomes(program, inputs, false)
    }

    /// The first input on which the program fails.
    fn first_failure(&mut self, program: &str, inputs: &[Value]) -> Option<(usize, String)> {
        for (number, chunk) in inputs.chunks(CHUNK).enumerate() {
            let outcomes = self.outcomes(program, chunk, true);
            for (at, outcome) in outcomes.into_iter().enumerate() {
                if let Outcome::Failed(message) = outcome {
                    return Some((number * CHUNK + at, message));
                }
            }
        }
        None
    }
}

/// Inputs that are evaluated at once where the first failure is looked for.
const CHUNK: usize = 20;

/// A program that is a function, called with each of its inputs at once.
pub(crate) fn of_all(program: &str) -> String {
    format!("function(ctx) local the_program = ({program}\n); [the_program(ctx=it) for it in ctx]")
}

/// jrsonnet, in this process: for programs that end.
#[derive(Clone, Copy, Debug, Default)]
pub struct JrsonnetJudge;

impl JrsonnetJudge {
    fn limits() -> Limits {
        Limits {
            output: 64 << 20,
            ..Limits::default()
        }
    }

    /// The outcomes with so many frames.
    fn deeper(program: &str, inputs: &[Value], frames: usize) -> Vec<Outcome> {
        let limits = Limits {
            frames,
            nesting: frames,
            ..Self::limits()
        };
        let program = &for_jrsonnet(program);
        let outcomes = inputs.iter().map(|it| Self::one(program, it, &limits));
        outcomes.collect()
    }

    fn one(program: &str, input: &Value, limits: &Limits) -> Outcome {
        match Jrsonnet.evaluate(program, input, limits) {
            Evaluated::Value(value) => Outcome::Value(value),
            // Inputs are small, so what goes so deep has no end.
            Evaluated::Exceeded(Limit::Frames) => Outcome::Failed(Limit::Frames.to_string()),
            Evaluated::Exceeded(limit) => Outcome::Undecided(limit.to_string()),
            Evaluated::Failed(failure) => match failure.kind {
                FailureKind::UserError => Outcome::UserError(failure.message),
                FailureKind::RuntimeError | FailureKind::StaticError => {
                    Outcome::Failed(failure.message)
                }
                FailureKind::EvaluatorError => Outcome::Undecided(failure.message),
            },
        }
    }
}

impl Judge for JrsonnetJudge {
    fn outcomes(
        &mut self,
        program: &str,
        inputs: &[Value],
        to_first_failure: bool,
    ) -> Vec<Outcome> {
        let program = &for_jrsonnet(program);
        // Most programs fail on no input; then one evaluation is enough.
        if inputs.len() > 1 && program.starts_with("function(ctx") && !is_identity(program) {
            let all = Value::Array(inputs.to_vec());
            if let Evaluated::Value(Value::Array(outputs)) =
                Jrsonnet.evaluate(&of_all(program), &all, &Self::limits())
            {
                return outputs.into_iter().map(Outcome::Value).collect();
            }
        }
        let mut outcomes = Vec::new();
        for input in inputs {
            outcomes.push(Self::one(program, input, &Self::limits()));
            if to_first_failure && outcomes.last().is_some_and(Outcome::is_failure) {
                break;
            }
        }
        outcomes
    }
}

/// The same program for jrsonnet, which refuses `null` as a bound of a slice, and evaluates what it
/// maps over, and what a patch that is no object replaces.
fn for_jrsonnet(program: &str) -> String {
    const IF: &str =
        "if std.isFunction(func) && (std.isArray(arr) || std.isString(arr)) then std.makeArray";
    const LAZY_PATCH: &str = "(function(target, patch) if std.isObject(patch) \
                              then std.mergePatch(target, patch) else patch)";
    let parsed = jsonnet_syntax::parse(program, FileId::DETACHED);
    let program_of = &parsed.program;
    let mut edits = Vec::new();
    for expr in program_of.exprs() {
        match expr.kind {
            ExprKind::Slice { from, to, step, .. } => {
                let written = [from, to, step].into_iter().flatten();
                let written = written.map(|it| program_of.expr(it));
                let null = written.filter(|it| matches!(it.kind, ExprKind::Null));
                edits.extend(null.map(|it| (it.range.to_usize(), String::new())));
            }
            ExprKind::Member { .. } => {
                let range = expr.range.to_usize();
                let called = expr.range.of(program);
                let mapped = |args: &str| {
                    format!(
                        "(function(func, arr) {IF}(std.length(arr), function(i) func({args})) \
                         else {called}(func, arr))"
                    )
                };
                let lazy = match called {
                    "std.map" => mapped("arr[i]"),
                    "std.mapWithIndex" => mapped("i, arr[i]"),
                    "std.mergePatch" => LAZY_PATCH.to_owned(),
                    _ => continue,
                };
                edits.push((range, lazy));
            }
            _ => {}
        }
    }
    // From the end, so that places before stay.
    edits.sort_by_key(|it| std::cmp::Reverse(it.0.start));
    let mut text = program.to_owned();
    for (range, with) in edits {
        text.replace_range(range, &with);
    }
    text
}

/// jrsonnet takes `function(ctx) ctx` for `std.id`, whose parameter has another name.
fn is_identity(program: &str) -> bool {
    let body = program.trim_start_matches("function(ctx)").trim();
    body.trim_matches(['(', ')', ' ']) == "ctx"
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn jrsonnet_is_as_lazy_as_go() {
        let outcomes = JrsonnetJudge.judge(
            "function(ctx) std.map(function(a) 2, std.map(func=function(c) 1 + [], arr=ctx))",
            &[json!("xy")],
        );
        assert_eq!(outcomes, [Outcome::Value(json!([2, 2]))]);
    }

    #[test]
    fn a_patch_that_is_no_object_replaces_all() {
        let outcomes = JrsonnetJudge.judge(
            "function(ctx) [std.mergePatch([][0], ctx), std.mergePatch(patch={ a: 1 }, target=ctx)]",
            &[json!(2)],
        );
        assert_eq!(outcomes, [Outcome::Value(json!([2, { "a": 1 }]))]);
    }

    #[test]
    fn null_is_no_bound() {
        let outcomes = JrsonnetJudge.judge("function(ctx) ctx[null:2:null]", &[json!([1, 2, 3])]);
        assert_eq!(outcomes, [Outcome::Value(json!([1, 2]))]);
    }
}
