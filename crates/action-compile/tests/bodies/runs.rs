//! Accepted bodies on ctxs that conform: none may fail.

use action_compile::CtxContext;
use jsonnet_check::{Random, candidates, sample};
use jsonnet_eval::{Evaluated, Evaluator as _, FailureKind, Jrsonnet, Limits};
use kratos::{Point, Release};

/// Inputs on which what is accepted must not fail.
pub(crate) const INPUTS: usize = 200;

/// On how many it was run, and the first failure that is not the body's own `error`.
pub(crate) fn failure(
    text: &str,
    context: &CtxContext,
    points: &[Point],
    release: Release,
) -> (usize, Option<String>) {
    let schema = context.schema(points, release);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let types: Vec<_> = points
        .iter()
        .map(|it| context.ty(&[*it], release))
        .collect();
    let mut random = Random::new(7);
    let small = types
        .iter()
        .flat_map(|it| candidates(it, INPUTS / 2 / types.len()));
    let drawn = (0..INPUTS * 8).map(|at| sample(&types[at % types.len()], &mut random));
    let inputs = small.collect::<Vec<_>>().into_iter().chain(drawn);
    let mut runs = 0;
    for ctx in inputs.filter(|it| validator.is_valid(it)).take(INPUTS) {
        runs += 1;
        if let Evaluated::Failed(failure) = Jrsonnet.evaluate(text, &ctx, &Limits::default())
            && failure.kind != FailureKind::UserError
        {
            return (runs, Some(format!("{failure} on {ctx}")));
        }
    }
    (runs, None)
}
