//! Evaluation with jrsonnet, in this process.
//!
//! Everything is built for one evaluation and dropped after it, cycles included, so that nothing
//! of one program is seen by the next.

mod failure;
mod std_library;
mod value;

use std::any::Any;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use jrsonnet_evaluator::stack::limit_stack_depth;
use jrsonnet_evaluator::tla::{TlaArg, apply_tla};
use jrsonnet_evaluator::{State, Val};
use serde::Deserialize as _;
use serde_json::Value;

use crate::evaluator::{Evaluated, Evaluator, Failure, FailureKind};
use crate::limits::{Limit, Limits};

use failure::evaluated;
use std_library::StdLibrary;

/// Evaluates in this process: keeps the limits on nesting, frames and output, and no other.
///
/// Only for texts that are trusted: beside running without end, a program can end the process, by
/// long chains of operators, `if`s and `local`s and by large arrays.
#[derive(Clone, Copy, Debug, Default)]
pub struct Jrsonnet;

impl Evaluator for Jrsonnet {
    fn evaluate(&self, program: &str, ctx: &Value, limits: &Limits) -> Evaluated {
        if let Err(limit) = limits.admit(program, ctx) {
            return Evaluated::Exceeded(limit);
        }
        // A panic leaves nothing behind: all state is of this evaluation, and guards restore the
        // depth of the stack.
        let outcome = catch_unwind(AssertUnwindSafe(|| run(program, ctx, limits)));
        jrsonnet_gcmodule::collect_thread_cycles();
        outcome.unwrap_or_else(|panic| from_panic(&*panic))
    }
}

/// An outcome that is no value.
type Stopped = Box<Evaluated>;

fn run(program: &str, ctx: &Value, limits: &Limits) -> Evaluated {
    match value_of(program, ctx, limits) {
        Ok(value) => Evaluated::Value(value),
        Err(stopped) => *stopped,
    }
}

fn value_of(program: &str, ctx: &Value, limits: &Limits) -> Result<Value, Stopped> {
    let failed = |error| Box::new(evaluated(&error, program));
    let ctx = Val::deserialize(ctx)
        .map_err(|error| Box::new(Evaluated::evaluator_error(error.to_string())))?;
    // Without a resolver of imports, every import is refused.
    let state = State::builder().build();
    let _entered = state.try_enter().ok_or_else(|| {
        Box::new(Evaluated::evaluator_error(
            "another evaluation of this thread has not ended",
        ))
    })?;
    let _frames = limit_stack_depth(limits.frames);
    let library = StdLibrary::new(&state).map_err(failed)?;
    let program_value = state
        .evaluate_snippet_with("program", program, &library)
        .map_err(failed)?;
    let value = call(program, program_value, ctx)?;
    value::manifested(&value, limits).map_err(|stop| match stop {
        value::Stop::Error(error) => failed(error),
        value::Stop::Function => runtime_error("couldn't manifest function as JSON"),
        value::Stop::Limit(limit) => Box::new(Evaluated::Exceeded(limit)),
    })
}

const CTX: &str = "ctx";

/// Gives `ctx` to a program that is a function.
fn call(text: &str, program: Val, ctx: Val) -> Result<Val, Stopped> {
    let Val::Func(function) = &program else {
        return Ok(program);
    };
    // jrsonnet replaces `function(ctx) ctx` by `std.id`, whose parameter is called `x`.
    let name = if function.is_identity() && mentions(text, CTX) {
        "x"
    } else {
        CTX
    };
    let params = function.params();
    if !params.iter().any(|it| it.name().as_str() == Some(name)) {
        return Err(runtime_error("function has no parameter ctx"));
    }
    #[expect(
        clippy::mutable_key_type,
        reason = "its mutable part is a count of references, which no key is made of"
    )]
    let arguments = HashMap::from([(name.into(), TlaArg::Val(ctx))]);
    apply_tla(&arguments, program).map_err(|error| Box::new(evaluated(&error, text)))
}

/// Whether a name stands in a text, as a word.
fn mentions(text: &str, name: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split(|c| !word(c)).any(|it| it == name)
}

fn runtime_error(message: &str) -> Stopped {
    let failure = Failure::new(FailureKind::RuntimeError, message, None);
    Box::new(Evaluated::Failed(failure))
}

/// What a panic of the evaluator stands for.
fn from_panic(panic: &(dyn Any + Send)) -> Evaluated {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a text");
    // A size that no address can express; a stack, a text that no memory is left for.
    let out_of_memory = ["capacity overflow", "allocate stack", "!data.is_null()"];
    if out_of_memory.iter().any(|it| text.contains(it)) {
        return Evaluated::Exceeded(Limit::Memory);
    }
    Evaluated::evaluator_error(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words() {
        for text in ["function(ctx) ctx", "ctx", "(ctx,"] {
            assert!(mentions(text, CTX), "{text}");
        }
        for text in ["function(x) x", "ctx1", "_ctx", ""] {
            assert!(!mentions(text, CTX), "{text}");
        }
    }
}
