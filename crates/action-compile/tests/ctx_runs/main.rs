//! No body that is accepted at a point fails there: not on documents drawn from the schema of that
//! point, nor on those that real Kratos passed.
//!
//! The same bodies with one slip each are rejected wherever that slip makes them fail.
//!
//! `ACTIONC_CASES` sets the number of runs at which bodies are tried, `ACTIONC_SEED` which these
//! are. Bodies of the corpus and all recordings are taken where they are at hand.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test reads files and says what it expects"
)]

mod bodies;
#[path = "../../../kratos/tests/ctx/recorded.rs"]
mod recorded;
mod slips;

use std::collections::{BTreeMap, BTreeSet};

use action_compile::{CtxContext, check_body, given};
use bodies::{Bodies, Body};
use diagnostics::Sources;
use jsonnet_check::{Random, candidates, sample};
use jsonnet_eval::{Evaluated, Evaluator as _, FailureKind, Jrsonnet, Limits};
use kratos::{Point, Release};
use recorded::{Recordings, all, carried};
use serde_json::Value;

/// Runs that suit every test run.
const CASES: usize = 40;
/// The fewest documents of one run.
const DOCUMENTS: usize = 8;

fn number(name: &str, default: usize) -> usize {
    std::env::var(name)
        .ok()
        .and_then(|it| it.parse().ok())
        .unwrap_or(default)
}

/// What was done.
#[derive(Debug, Default)]
struct Tally {
    /// Pairs of point and release.
    places: BTreeSet<(Release, Point)>,
    documents: usize,
    checked: usize,
    accepted: usize,
    evaluations: usize,
    failures: Vec<String>,
}

impl Tally {
    /// Tries every body at one place.
    fn run(&mut self, bodies: &[Body], context: &CtxContext, at: (Release, Point), ctxs: &Ctxs) {
        let Ctxs { ctxs, labels } = ctxs;
        if ctxs.is_empty() {
            return;
        }
        let (release, point) = at;
        self.places.insert(at);
        self.documents += ctxs.len();
        for body in bodies {
            let file = Sources::default().add(&*body.name, &*body.text);
            let (found, _) = check_body(&body.text, file, context, &[point], release, None);
            self.checked += 1;
            if found.iter().any(diagnostics::Diagnostic::is_error) {
                continue;
            }
            self.accepted += 1;
            self.evaluations += ctxs.len();
            if let Some((number, message)) = failure(&body.text, ctxs) {
                let place = labels.get(number).cloned().unwrap_or_else(|| {
                    let ctx = ctxs.get(number).unwrap_or(&Value::Null);
                    format!("{release} {point:?} on {ctx}")
                });
                self.failures
                    .push(format!("{} at {place}: {message}", body.name));
            }
        }
    }
}

/// Documents, and what to call them where they have names.
#[derive(Default)]
struct Ctxs {
    ctxs: Vec<Value>,
    labels: Vec<String>,
}

/// The first document on which a body fails other than by its own `error`.
fn failure(body: &str, ctxs: &[Value]) -> Option<(usize, String)> {
    let limits = Limits {
        output: 64 << 20,
        ..Limits::default()
    };
    // One evaluation is enough for a body that never fails.
    let of_all = format!("function(ctx) local body = ({body}\n); [body(ctx=it) for it in ctx]");
    let together = Value::Array(ctxs.to_vec());
    if let Evaluated::Value(_) = Jrsonnet.evaluate(&of_all, &together, &limits) {
        return None;
    }
    ctxs.iter().enumerate().find_map(|(number, ctx)| {
        let message = match Jrsonnet.evaluate(body, ctx, &limits) {
            Evaluated::Value(_) => return None,
            Evaluated::Failed(failure) if failure.kind == FailureKind::UserError => return None,
            Evaluated::Failed(failure) => failure.to_string(),
            Evaluated::Exceeded(limit) => limit.to_string(),
        };
        Some((number, message))
    })
}

/// Documents that conform to the schema of a point: small ones first, then random ones. Types may
/// hold more than the schema, so some that are drawn are thrown away.
fn documents(
    context: &CtxContext,
    at: (Release, Point),
    count: usize,
    random: &mut Random,
) -> Vec<Value> {
    let (release, point) = at;
    let schema = context.schema(&[point], release);
    let validator = jsonschema::validator_for(&schema).expect("the schema of ctx is one");
    let ty = context.ty(&[point], release);
    let small = candidates(&ty, count.div_ceil(4)).into_iter();
    let drawn = small.chain((0..count * 4).map(|_| sample(&ty, random)));
    drawn
        .filter(|it| validator.is_valid(it))
        .take(count)
        .collect()
}

/// Every place, in an order that the seed decides.
fn places(random: &mut Random) -> Vec<(Release, Point)> {
    let of = |release: &Release| {
        let release = *release;
        Point::all(release).into_iter().map(move |it| (release, it))
    };
    let mut places: Vec<_> = Release::ALL.iter().flat_map(of).collect();
    for at in (1..places.len()).rev() {
        places.swap(at, random.below(at + 1));
    }
    places
}

fn on_random_documents(bodies: &Bodies) -> Tally {
    let cases = number("ACTIONC_CASES", CASES);
    let mut random = Random::new(number("ACTIONC_SEED", 5) as u64);
    let context = context("person", &bodies.identity_schema);
    let places = places(&mut random);
    let count = DOCUMENTS.max(cases / places.len());
    let mut tally = Tally::default();
    for at in places.into_iter().take(cases) {
        let ctxs = documents(&context, at, count, &mut random);
        assert!(
            !ctxs.is_empty(),
            "{at:?}: no document conforms to its schema"
        );
        let labels = Vec::new();
        tally.run(&bodies.all, &context, at, &Ctxs { ctxs, labels });
    }
    tally
}

fn on_recordings(bodies: &Bodies, recordings: &Recordings) -> Tally {
    let mut of_place: BTreeMap<(Release, Point, &str), Ctxs> = BTreeMap::new();
    for it in &recordings.documents {
        let key = (it.release, it.point, it.identity_schema.as_str());
        let of_key = of_place.entry(key).or_default();
        of_key.ctxs.push(it.ctx.clone());
        of_key.labels.push(it.label.clone());
    }
    let mut tally = Tally::default();
    for ((release, point, id), ctxs) in of_place {
        let context = context(id, &recordings.identity_schemas[id]);
        tally.run(&bodies.all, &context, (release, point), &ctxs);
    }
    tally
}

fn context(id: &str, identity_schema: &Value) -> CtxContext {
    assert!(identity_schema.is_object(), "no identity schema `{id}`");
    CtxContext {
        identities: given([(id.to_owned(), identity_schema.clone())]),
        header_allow_list: None,
    }
}

/// Runs on a stack that jrsonnet does not overflow.
fn holds(of: &str, run: impl FnOnce() -> Tally + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(256 << 20);
    let tally = thread.spawn(run).unwrap().join().unwrap();
    println!(
        "{of}: {} documents at {} points of releases; {} of {} checks accepted, {} evaluations, {} \
         failed",
        tally.documents,
        tally.places.len(),
        tally.accepted,
        tally.checked,
        tally.evaluations,
        tally.failures.len(),
    );
    assert!(tally.failures.is_empty(), "{:#?}", tally.failures);
    assert!(tally.accepted > 100, "hardly any body is accepted");
}

#[test]
fn no_body_of_the_suites_fails_on_random_documents() {
    holds("suites, random", || {
        on_random_documents(&Bodies::of_suites())
    });
}

#[test]
fn no_body_of_the_suites_fails_on_recorded_documents() {
    holds("suites, carried recordings", || {
        on_recordings(&Bodies::of_suites(), &carried())
    });
}

#[test]
fn no_body_of_the_corpus_fails_on_random_documents() {
    match Bodies::of_corpus() {
        Some(bodies) => holds("corpus, random", move || on_random_documents(&bodies)),
        None => println!("ran no case: the corpus is not here"),
    }
}

#[test]
fn no_body_fails_on_any_recorded_document() {
    let (Some(bodies), Some(recordings)) = (Bodies::of_corpus(), all()) else {
        println!("ran no case: the full recordings are not here");
        return;
    };
    holds("suites and corpus, all recordings", move || {
        let mut bodies = bodies;
        bodies.all.extend(Bodies::of_suites().all);
        on_recordings(&bodies, &recordings)
    });
}
