//! What the tests of this crate share: a short notation for types, and jrsonnet as a judge.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::expect_used,
    clippy::mutable_key_type,
    reason = "each test uses a part of it"
)]
#![allow(
    clippy::allow_attributes,
    reason = "not every test has something to expect"
)]

use jrsonnet_evaluator::{
    State, Val, apply_tla, error::ErrorKind, manifest::JsonFormat, tla::TlaArg, trace::PathResolver,
};
use jsonnet_check::{Array, Field, Number, Presence, Shape, Text, Ty};

/// What jrsonnet makes of a program.
#[derive(Debug, PartialEq)]
pub enum Run {
    /// The output, as JSON.
    Output(String),
    /// The program's own `error` or assertion.
    UserError(String),
    /// A failure that the checker has to foresee.
    Failure(String),
}

/// Evaluates a program on a `ctx`. Where jrsonnet panics go-jsonnet fails: positions that are
/// negative, slices that end before they begin.
pub fn run(program: &str, ctx: &serde_json::Value) -> Run {
    let evaluation = std::panic::AssertUnwindSafe(|| evaluate(program, ctx));
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = std::panic::catch_unwind(evaluation);
    std::panic::set_hook(hook);
    result.unwrap_or_else(|_| Run::Failure("jrsonnet panics".to_owned()))
}

fn evaluate(program: &str, ctx: &serde_json::Value) -> Run {
    let mut builder = State::builder();
    builder.context_initializer(jrsonnet_stdlib::ContextInitializer::new(
        PathResolver::FileName,
    ));
    let state = builder.build();
    let _entered = state.enter();
    let value: Val = serde_json::from_value(ctx.clone()).expect("JSON is a value");
    let args = std::collections::HashMap::from([("ctx".into(), TlaArg::Val(value))]);
    // Unlike go-jsonnet, jrsonnet evaluates what a patch that is no object replaces.
    let program = program.replace(
        "std.mergePatch(",
        "(function(target, patch) \
         if std.isObject(patch) then std.mergePatch(target, patch) else patch)(",
    );
    let result = state
        .evaluate_snippet("body", program)
        .and_then(|function| apply_tla(&args, function))
        .and_then(|output| output.manifest(JsonFormat::minify()));
    match result {
        Ok(output) => Run::Output(output),
        Err(error) => match error.error() {
            ErrorKind::RuntimeError(message) => Run::UserError(message.to_string()),
            // jrsonnet says null where no message is given.
            ErrorKind::AssertionFailed(message) if &**message == "null" => {
                Run::UserError("Assertion failed".to_owned())
            }
            ErrorKind::AssertionFailed(message) => Run::UserError(message.to_string()),
            other => Run::Failure(other.to_string()),
        },
    }
}

/// Runs a test body on a stack that jrsonnet does not overflow.
pub fn with_stack(body: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new()
        .stack_size(256 << 20)
        .spawn(body);
    if let Err(panic) = thread.expect("a thread").join() {
        std::panic::resume_unwind(panic);
    }
}

/// Reads a type in the notation that types are printed in: `{ a: string, b?: "x" | null }`.
pub fn ty(text: &str) -> Ty {
    let mut parser = Notation { rest: text.trim() };
    let ty = parser.union();
    assert!(
        parser.rest.trim().is_empty(),
        "left over: {:?}",
        parser.rest
    );
    ty
}

struct Notation<'t> {
    rest: &'t str,
}

impl Notation<'_> {
    fn eat(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &str) {
        assert!(self.eat(token), "expected {token:?} at {:?}", self.rest);
    }

    fn union(&mut self) -> Ty {
        let mut ty = self.postfix();
        while self.eat("|") {
            ty = ty.join(&self.postfix());
        }
        ty
    }

    fn postfix(&mut self) -> Ty {
        let mut ty = self.primary();
        while self.eat("[]") {
            ty = Ty::array(ty);
            if self.eat("+") {
                let mut array = ty.kinds().array.clone().expect("an array");
                array.min = 1;
                ty = Ty::from(array);
            }
        }
        ty
    }

    fn primary(&mut self) -> Ty {
        if self.eat("(") {
            let ty = self.union();
            self.expect(")");
            return ty;
        }
        if self.eat("[") {
            let mut elements = Vec::new();
            while !self.eat("]") {
                elements.push(self.union());
                self.eat(",");
            }
            return Ty::from(Array::tuple(elements));
        }
        if self.eat("{") {
            return self.object();
        }
        if self.eat("\"") {
            let (literal, rest) = self.rest.split_once('"').expect("a closing quote");
            self.rest = rest;
            return Ty::literal(literal);
        }
        let word = self.word();
        match word.as_str() {
            "string" => Ty::string(),
            "email" | "uuid" | "date-time" => Ty::from(Text::of_format(&word)),
            "number" => Ty::number(),
            "integer" => Ty::integer(),
            "natural" => Ty::from(Number::integers(0.0, 1000.0)),
            "boolean" => Ty::boolean(),
            "true" => Ty::bool(true),
            "false" => Ty::bool(false),
            "null" => Ty::null(),
            "unknown" => Ty::Unknown,
            "never" => Ty::never(),
            _ => Ty::from(Number::literal(word.parse().expect("a type"))),
        }
    }

    fn word(&mut self) -> String {
        self.rest = self.rest.trim_start();
        let end = self
            .rest
            .find(|c: char| !c.is_alphanumeric() && !"_-.".contains(c))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        assert!(!word.is_empty(), "expected a word at {:?}", self.rest);
        self.rest = rest;
        word.to_owned()
    }

    fn object(&mut self) -> Ty {
        let mut shape = Shape::default();
        while !self.eat("}") {
            if self.eat("[string]") {
                self.expect(":");
                shape.rest = Some(self.union());
            } else {
                let name = if self.eat("\"") {
                    let (name, rest) = self.rest.split_once('"').expect("a closing quote");
                    self.rest = rest;
                    name.to_owned()
                } else {
                    self.word()
                };
                let presence = if self.eat("?") {
                    Presence::Optional
                } else {
                    Presence::Required
                };
                self.expect(":");
                let ty = self.union();
                shape.set(name.as_str().into(), Field::new(ty, presence));
            }
            self.eat(",");
        }
        Ty::from(shape)
    }
}
