//! Evaluators: what a program makes of many inputs.

mod go;

pub use go::GoJsonnet;

use jsonnet_eval::{Evaluated, Evaluator as _, FailureKind, Jrsonnet, Limits};
use serde_json::Value;

/// What an evaluation came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// An output.
    Value(Value),
    /// The program's own `error` or assertion.
    UserError(String),
    /// What the checker has to foresee.
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
}

/// Evaluates a program on inputs.
pub trait Judge {
    /// The outcomes, in the order of the inputs.
    fn judge(&mut self, program: &str, inputs: &[Value]) -> Vec<Outcome>;

    /// The first input on which the program fails.
    fn first_failure(&mut self, program: &str, inputs: &[Value]) -> Option<(usize, String)> {
        let outcomes = self.judge(program, inputs);
        outcomes.into_iter().enumerate().find_map(|(at, it)| match it {
            Outcome::Failed(message) => Some((at, message)),
            _ => None,
        })
    }
}

/// A program that is a function, called with each of its inputs at once.
fn of_all(program: &str) -> String {
    format!("function(ctx) local the_program = ({program}\n); [the_program(ctx=it) for it in ctx]")
}

/// jrsonnet, in this process.
#[derive(Clone, Copy, Debug, Default)]
pub struct JrsonnetJudge;

impl JrsonnetJudge {
    fn limits() -> Limits {
        Limits {
            output: 64 << 20,
            ..Limits::default()
        }
    }
}

impl Judge for JrsonnetJudge {
    fn judge(&mut self, program: &str, inputs: &[Value]) -> Vec<Outcome> {
        // Most programs fail on no input; then one evaluation is enough.
        if inputs.len() > 1 && program.starts_with("function(ctx") && !is_identity(program) {
            let all = Value::Array(inputs.to_vec());
            if let Evaluated::Value(Value::Array(outputs)) =
                Jrsonnet.evaluate(&of_all(program), &all, &Self::limits())
            {
                return outputs.into_iter().map(Outcome::Value).collect();
            }
        }
        let one = |input| match Jrsonnet.evaluate(program, input, &Self::limits()) {
            Evaluated::Value(value) => Outcome::Value(value),
            Evaluated::Exceeded(limit) => Outcome::Undecided(limit.to_string()),
            Evaluated::Failed(failure) => match failure.kind {
                FailureKind::UserError => Outcome::UserError(failure.message),
                FailureKind::RuntimeError | FailureKind::StaticError => {
                    Outcome::Failed(failure.message)
                }
                FailureKind::EvaluatorError => Outcome::Undecided(failure.message),
            },
        };
        inputs.iter().map(one).collect()
    }

    fn first_failure(&mut self, program: &str, inputs: &[Value]) -> Option<(usize, String)> {
        // Evaluates no more inputs than it takes.
        for (number, chunk) in inputs.chunks(10).enumerate() {
            if chunk.len() > 1 {
                let all = Value::Array(chunk.to_vec());
                let outcome = Jrsonnet.evaluate(&of_all(program), &all, &Self::limits());
                if matches!(outcome, Evaluated::Value(_)) {
                    continue;
                }
            }
            for (at, input) in chunk.iter().enumerate() {
                if let Some(Outcome::Failed(message)) =
                    self.judge(program, std::slice::from_ref(input)).pop()
                {
                    return Some((number * 10 + at, message));
                }
            }
        }
        None
    }
}

/// jrsonnet takes `function(ctx) ctx` for `std.id`, whose parameter has another name.
fn is_identity(program: &str) -> bool {
    let body = program.trim_start_matches("function(ctx)").trim();
    body.trim_matches(['(', ')', ' ']) == "ctx"
}
