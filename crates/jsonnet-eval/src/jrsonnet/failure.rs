//! What an error of jrsonnet stands for.

use std::ops::Range;

use jrsonnet_evaluator::Error;
use jrsonnet_evaluator::analyze::{DiagLevel, Diagnostic};
use jrsonnet_evaluator::error::ErrorKind;

use crate::evaluator::{Evaluated, Failure, FailureKind};
use crate::limits::Limit;

/// How jrsonnet describes the frame of an `error` expression.
const ERROR_FRAME: &str = "error statement";

/// The outcome that an error is.
pub(super) fn evaluated(error: &Error, program: &str) -> Evaluated {
    let kind = match error.error() {
        // What evaluates arguments, fields and elements counts frames too.
        ErrorKind::StackOverflow => return Evaluated::Exceeded(Limit::Frames),
        ErrorKind::ImportSyntaxError { .. } | ErrorKind::StaticAnalysisError(_) => {
            FailureKind::StaticError
        }
        ErrorKind::AssertionFailed(_) => FailureKind::UserError,
        // The library's own errors are of this kind too, but come from the frame of a call.
        ErrorKind::RuntimeError(_) if innermost_frame(error) == Some(ERROR_FRAME) => {
            FailureKind::UserError
        }
        // jrsonnet counts items in 32 bits; go-jsonnet would try.
        ErrorKind::RuntimeError(text) if &**text == "array is too large" => {
            return Evaluated::Exceeded(Limit::Memory);
        }
        _ => FailureKind::RuntimeError,
    };
    Evaluated::Failed(Failure::new(kind, message(error), span(error, program)))
}

fn innermost_frame(error: &Error) -> Option<&str> {
    error.trace().0.first().map(|frame| frame.desc.as_str())
}

/// In go-jsonnet's words where they say no more than is known here.
fn message(error: &Error) -> String {
    match error.error() {
        ErrorKind::RuntimeError(text) => text.to_string(),
        // The text of an assertion without one.
        ErrorKind::AssertionFailed(text) if &**text == "null" => "Assertion failed".to_owned(),
        ErrorKind::AssertionFailed(text) => text.to_string(),
        ErrorKind::NoSuchField(name, _) => format!("Field does not exist: {name}"),
        ErrorKind::UndefinedExternalVariable(name) => {
            format!("Undefined external variable: {name}")
        }
        ErrorKind::DuplicateFieldName(name) => format!("Duplicate field name: \"{name}\""),
        ErrorKind::ArrayBoundsError(index, length) => {
            format!("Index {index} out of bounds, not within [0, {length})")
        }
        ErrorKind::StringBoundsError(index, length) => {
            format!("Index {index} out of bounds, not within [0, {length})")
        }
        ErrorKind::FunctionParameterNotBoundInCall(name, _) => format!("Missing argument: {name}"),
        ErrorKind::DivisionByZero => "Division by zero.".to_owned(),
        ErrorKind::InfiniteRecursionDetected => "max stack frames exceeded.".to_owned(),
        ErrorKind::ImportNotSupported(..) => "imports are denied".to_owned(),
        ErrorKind::CantIndexInto(kind) | ErrorKind::ValueIsNotIndexable(kind) => {
            format!("Value non indexable: {kind}")
        }
        ErrorKind::ValueIndexMustBeTypeGot(kind, ..)
            if !matches!(&*kind.to_string(), "string" | "array" | "object") =>
        {
            format!("Value non indexable: {kind}")
        }
        ErrorKind::StaticAnalysisError(found) => {
            let text = worst(found).map_or("a static error", |it| &it.message);
            text.strip_prefix("undefined local: ").map_or_else(
                || text.to_owned(),
                |name| format!("Unknown variable: {name}"),
            )
        }
        other => {
            // Suggestions and signatures stand on lines of their own.
            let text = other.to_string();
            let first = text.lines().next().unwrap_or_default();
            first.trim_end_matches(':').to_owned()
        }
    }
}

/// The first finding of jrsonnet's analysis that is no warning.
fn worst(found: &[Diagnostic]) -> Option<&Diagnostic> {
    found.iter().find(|it| it.level == DiagLevel::Error)
}

/// The innermost place in the program.
fn span(error: &Error, program: &str) -> Option<Range<usize>> {
    let place = match error.error() {
        ErrorKind::ImportSyntaxError { error, .. } => Some(&error.location),
        ErrorKind::StaticAnalysisError(found) => worst(found).and_then(|it| it.span.as_ref()),
        _ => {
            let frames = &error.trace().0;
            frames.iter().find_map(|frame| frame.location.as_ref())
        }
    }?;
    let range = usize::try_from(place.1).ok()?..usize::try_from(place.2).ok()?;
    // `std.trace` is a text of its own.
    let ours = place.0.code() == program;
    (ours && program.get(range.clone()).is_some()).then_some(range)
}
