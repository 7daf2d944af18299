//! Whether a body cancels its webhook: Kratos then calls nobody and the flow goes on.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jrsonnet_evaluator::error::ErrorKind;

use jrsonnet_evaluator::manifest::JsonFormat;
use jrsonnet_evaluator::tla::{TlaArg, apply_tla};
use jrsonnet_evaluator::trace::PathResolver;
use jrsonnet_evaluator::{State, Val};
use jrsonnet_stdlib::ContextInitializer;
use serde_json::Value;
use std::collections::HashMap;

/// Evaluates bodies as Kratos does, each once for each ctx.
#[derive(Default)]
pub(crate) struct Judge {
    known: HashMap<(String, String), bool>,
}

impl Judge {
    /// Whether the body, a `base64://` URI, ends in `error "cancel…"` for this ctx. Kratos looks
    /// for `RUNTIME ERROR: cancel` in the text of the error (`request/builder.go`).
    pub(crate) fn cancels(&mut self, body: &str, ctx: &Value) -> bool {
        let key = (body.to_owned(), ctx.to_string());
        *self
            .known
            .entry(key)
            .or_insert_with(|| evaluates_to_cancel(body, ctx))
    }
}

fn evaluates_to_cancel(body: &str, ctx: &Value) -> bool {
    let source = body.strip_prefix("base64://").unwrap();
    let source = String::from_utf8(STANDARD.decode(source).unwrap()).unwrap();
    // No import resolver: the default one refuses every import, as Kratos does.
    let mut state = State::builder();
    state.context_initializer(ContextInitializer::new(PathResolver::FileName));
    let state = state.build();
    let _entered = state.enter();
    let ctx: Val = serde_json::from_value(ctx.clone()).unwrap();
    let call = |program: Val| {
        // Under the name of the first parameter, whatever it is: the evaluator takes
        // `function(ctx) ctx` for `std.id`, whose parameter has another name.
        let name = match &program {
            Val::Func(function) => function
                .params()
                .iter()
                .next()
                .map(|it| it.name().to_string()),
            _ => None,
        };
        let name = name.unwrap_or_else(|| "ctx".to_owned());
        apply_tla(&HashMap::from([(name.into(), TlaArg::Val(ctx))]), program)
    };
    let evaluated = state
        .evaluate_snippet("body.jsonnet", source.as_str())
        .and_then(call)
        .and_then(|payload| payload.manifest(JsonFormat::default()));
    match evaluated {
        Ok(_) => false,
        Err(error) => match error.error() {
            ErrorKind::RuntimeError(text) | ErrorKind::AssertionFailed(text) => {
                assert!(text.starts_with("cancel"), "{text} in {source}");
                true
            }
            other => panic!("{other:?} in {source}"),
        },
    }
}
