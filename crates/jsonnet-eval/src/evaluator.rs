//! What an evaluation is: the trait, and how it can end.

use std::fmt;
use std::ops::Range;

use serde_json::Value;

use crate::limits::{Limit, Limits};

/// Evaluates programs; a library that needs outcomes takes one as a parameter.
pub trait Evaluator {
    /// The outcome of a program for a value of its parameter `ctx`, as the head of the crate
    /// defines it. Total: what goes wrong outside the program is an outcome too.
    fn evaluate(&self, program: &str, ctx: &Value, limits: &Limits) -> Evaluated;
}

/// How an evaluation ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Evaluated {
    /// The manifested value. Fields are in the order of their code points, whole numbers up to
    /// 2^53 are integers.
    Value(Value),
    /// The program failed, or the evaluator did.
    Failed(Failure),
    /// A limit was reached, which says nothing about what the program would have done.
    Exceeded(Limit),
}

impl Evaluated {
    /// A failure of the evaluator itself, the program being neither right nor wrong.
    #[must_use]
    pub fn evaluator_error(message: impl Into<String>) -> Self {
        Self::Failed(Failure::new(FailureKind::EvaluatorError, message, None))
    }
}

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Whose error it is.
    pub kind: FailureKind,
    /// For a user error the text that the program gave; else one clause, in go-jsonnet's words for
    /// the common errors. Longer ones are cut at [`Failure::LONGEST_MESSAGE`] bytes.
    pub message: String,
    /// The innermost place that jrsonnet knows, in bytes of the program: the word `error`, the
    /// condition of an assertion, the arguments of a call, the token of a syntax error. Many errors
    /// have none.
    pub span: Option<Range<usize>>,
}

impl Failure {
    /// In bytes.
    pub const LONGEST_MESSAGE: usize = 1024;

    pub(crate) fn new(
        kind: FailureKind,
        message: impl Into<String>,
        span: Option<Range<usize>>,
    ) -> Self {
        let mut message = message.into();
        if message.len() > Self::LONGEST_MESSAGE {
            let mut ends = (0..=Self::LONGEST_MESSAGE).rev();
            let end = ends.find(|&end| message.is_char_boundary(end));
            message.truncate(end.unwrap_or_default());
        }
        Self {
            kind,
            message,
            span,
        }
    }
}

impl fmt::Display for Failure {
    /// As go-jsonnet begins its report: run-time errors, the program's own among them, are marked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, message, .. } = self;
        match kind {
            FailureKind::StaticError => write!(f, "{message}"),
            FailureKind::UserError | FailureKind::RuntimeError => {
                write!(f, "RUNTIME ERROR: {message}")
            }
            FailureKind::EvaluatorError => write!(f, "the evaluator failed: {message}"),
        }
    }
}

/// Whose error a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FailureKind {
    /// Of the text: syntax, an unknown variable, `self` outside an object.
    StaticError,
    /// Asked for by the program: `error`, `assert`.
    UserError,
    /// Of the program while it runs: an absent field, a wrong operand, a function in the output.
    RuntimeError,
    /// Not of the program: the evaluator panicked, or the worker could not be started or understood.
    EvaluatorError,
}

impl FailureKind {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::StaticError,
        Self::UserError,
        Self::RuntimeError,
        Self::EvaluatorError,
    ];

    /// In words, with hyphens.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StaticError => "static-error",
            Self::UserError => "user-error",
            Self::RuntimeError => "runtime-error",
            Self::EvaluatorError => "evaluator-error",
        }
    }
}
