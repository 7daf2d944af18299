//! What checking a body takes: `just bench-bodies`.
//!
//! Median and worst over all bodies of parsing alone, parsing and checking, making the type of ctx,
//! and of jrsonnet parsing and evaluating the same bodies in the same run, for scale. The bodies are
//! the real ones where the corpus is there, else those of the suite. Each figure of a body is the
//! median of several rounds.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench reads files and the clock, and prints"
)]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use action_compile::{CtxContext, given, phase, points};
use diagnostics::FileId;
use jsonnet_check::{Signature, candidates, check};
use jsonnet_eval::{Evaluator as _, Jrsonnet, Limits};
use jsonnet_syntax::parse;
use kratos::{Release, Slot};
use serde_json::{Value, json};

const ROUNDS: usize = 21;
const RELEASE: Release = Release::NEWEST;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let corpus = root.join("../shared/corpus");
    let (bodies, schema, source) = if corpus.is_dir() {
        let schema = std::fs::read_to_string(corpus.join("default.schema.json")).unwrap();
        let schema = serde_json::from_str(&schema).unwrap();
        (real(&corpus.join("bodies")), schema, "real bodies")
    } else {
        let suite = root.join("crates/actionc/mdtest/bodies.md");
        (of_suite(&suite), any_person(), "bodies of the suite")
    };
    let context = CtxContext {
        identities: given([("default".to_owned(), schema)]),
        header_allow_list: None,
    };
    let slot = Slot::parse("registration.after.password").unwrap();
    let points = points(slot, phase(slot, false), RELEASE);
    let ty = context.ty(&points, RELEASE);
    let ctx = candidates(&ty, 1).pop().unwrap_or_default();
    let signature = Signature {
        args: vec![("ctx".into(), ty)],
        ..Signature::default()
    };

    let lines: usize = bodies.iter().map(|it| it.lines().count()).sum();
    let bytes: usize = bodies.iter().map(String::len).sum();
    println!(
        "{} {source} of {} lines and {} bytes on average, µs:",
        bodies.len(),
        lines / bodies.len().max(1),
        bytes / bodies.len().max(1),
    );
    let each = |what: &str, run: &dyn Fn(&str)| {
        let times = bodies.iter().map(|body| median_of(|| run(body)));
        report(what, times.collect())
    };
    each("parse", &|body| {
        black_box(parse(body, FileId::DETACHED));
    });
    let checking = each("parse and check", &|body| {
        let parsed = parse(body, FileId::DETACHED);
        black_box(check(&parsed, &signature));
    });
    let evaluating = each("jrsonnet", &|body| {
        black_box(Jrsonnet.evaluate(body, &ctx, &Limits::default()));
    });
    let types = Slot::all(RELEASE).into_iter().map(|slot| {
        let points = action_compile::points(slot, phase(slot, false), RELEASE);
        median_of(|| {
            black_box(context.ty(&points, RELEASE));
        })
    });
    report("type of ctx, each list", types.collect());
    let ratio = checking.as_secs_f64() / evaluating.as_secs_f64();
    println!("parse and check : jrsonnet = {ratio:.2}, by their medians");
}

fn real(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|it| it.unwrap().path()).collect();
    paths.sort();
    let texts = paths.iter().map(std::fs::read_to_string);
    texts.map(Result::unwrap).collect()
}

/// The Jsonnet blocks of a page.
fn of_suite(page: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(page).unwrap();
    let blocks = text.split("```jsonnet\n").skip(1);
    let body = |block: &str| block.split("```").next().map(str::to_owned);
    blocks.filter_map(body).collect()
}

fn any_person() -> Value {
    json!({"properties": {"traits": {
        "type": "object",
        "properties": {"email": {"type": "string"}, "name": {"type": "string"}},
        "required": ["email"],
    }}})
}

fn median_of(run: impl Fn()) -> Duration {
    let once = || {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    once();
    median((0..ROUNDS).map(|_| once()).collect())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Prints the median and the worst, and gives the median.
fn report(what: &str, times: Vec<Duration>) -> Duration {
    let worst = times.iter().max().copied().unwrap_or_default();
    let median = median(times);
    let micros = |it: Duration| it.as_secs_f64() * 1e6;
    println!(
        "{what:24} median {:8.1}   worst {:8.1}",
        micros(median),
        micros(worst)
    );
    median
}
