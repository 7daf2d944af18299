//! Mutants: accepted bodies with one slip. Where a slip makes a body fail on some ctx, the checker
//! must reject it; where it rejects and no ctx is seen to fail, that is printed.
//!
//! jrsonnet says what fails, or go-jsonnet where `ACTIONC_PYTHON` names a Python that has the
//! package `gojsonnet`. `ACTIONC_CASES` sets the number of ctxs for each, from 60 to 1,000;
//! `ACTIONC_VERBOSE` prints the rejected mutants that were not seen to fail.

use std::collections::BTreeMap;

use action_compile::{CtxContext, check_body, phase, points};
use diagnostics::Sources;
use differential::{JrsonnetJudge, Judge, ProcessJudge, mutants};
use jsonnet_check::Random;
use kratos::{Point, Release, Slot};
use serde_json::Value;

use super::{Bodies, Body, context, documents, number};

/// Where a body is tried; it runs at the first that accepts it.
const SLOTS: [&str; 6] = [
    "registration.after.password",
    "settings.after.profile",
    "login.after.password",
    "recovery.after",
    "verification.after",
    "login.before",
];
const CTXS: usize = 60;

#[derive(Default)]
struct Figures {
    bodies: usize,
    mutants: usize,
    failing: usize,
    caught: usize,
    never_fail: usize,
    /// Rejected and not seen to fail, by code.
    imprecise: BTreeMap<&'static str, usize>,
    /// By slip: failing, caught.
    by_slip: BTreeMap<&'static str, (usize, usize)>,
    missed: Vec<String>,
}

/// The codes of the errors, in their order.
fn errors(text: &str, context: &CtxContext, point: Point) -> Vec<&'static str> {
    let file = Sources::default().add("body.jsonnet", text);
    let (found, _) = check_body(text, file, context, &[point], Release::NEWEST, None);
    let errors = found.iter().filter(|it| it.is_error());
    errors.map(|it| it.rule.code).collect()
}

impl Figures {
    fn of(bodies: &Bodies, judge: &mut dyn Judge) -> Self {
        let context = context("person", &bodies.identity_schema);
        let count = number("ACTIONC_CASES", CTXS).clamp(CTXS, 1000);
        let mut random = Random::new(3);
        let places = SLOTS.map(|slot| {
            let slot = Slot::parse(slot).unwrap();
            let phase = phase(slot, false);
            let point = points(slot, phase, Release::NEWEST)[0];
            let ctxs = documents(&context, (Release::NEWEST, point), count, &mut random);
            (point, ctxs)
        });
        let mut figures = Self::default();
        for body in &bodies.all {
            let is_accepted =
                |(point, _): &&(Point, Vec<Value>)| errors(&body.text, &context, *point).is_empty();
            if let Some((point, ctxs)) = places.iter().find(is_accepted) {
                figures.bodies += 1;
                figures.count(body, &context, *point, ctxs, judge);
            }
        }
        figures
    }

    fn count(
        &mut self,
        body: &Body,
        context: &CtxContext,
        point: Point,
        ctxs: &[Value],
        judge: &mut dyn Judge,
    ) {
        for mutant in mutants(&body.text) {
            self.mutants += 1;
            let codes = errors(&mutant.text, context, point);
            let failure = judge.first_failure(&mutant.text, ctxs);
            let slip = self.by_slip.entry(mutant.slip).or_default();
            match (failure, codes.first()) {
                (Some(_), Some(_)) => {
                    self.failing += 1;
                    self.caught += 1;
                    slip.0 += 1;
                    slip.1 += 1;
                }
                (Some((at, message)), None) => {
                    self.failing += 1;
                    slip.0 += 1;
                    let text = format!("{}: {message}\n{}\n{}", mutant.slip, mutant.text, ctxs[at]);
                    self.missed.push(text);
                }
                (None, Some(code)) => {
                    *self.imprecise.entry(code).or_default() += 1;
                    if std::env::var_os("ACTIONC_VERBOSE").is_some() {
                        println!("[{code}] {}: {}\n{}", body.name, mutant.slip, mutant.text);
                    }
                }
                (None, None) => self.never_fail += 1,
            }
        }
    }

    fn show(&self, of: &str) {
        println!(
            "{of}: {} bodies, {} mutants; {} fail, of which {} are rejected; {} never fail and are \
             accepted; rejected and not seen to fail: {:?}",
            self.bodies, self.mutants, self.failing, self.caught, self.never_fail, self.imprecise
        );
        for (slip, (failing, caught)) in &self.by_slip {
            println!("  {slip}: {caught} of {failing}");
        }
    }
}

fn holds(of: &'static str, bodies: Bodies) {
    let thread = std::thread::Builder::new().stack_size(256 << 20);
    let run = move || {
        let mut go = std::env::var("ACTIONC_PYTHON")
            .ok()
            .map(|python| ProcessJudge::go(&python).unwrap());
        let judge: &mut dyn Judge = match &mut go {
            Some(go) => go,
            None => &mut JrsonnetJudge,
        };
        let figures = Figures::of(&bodies, judge);
        figures.show(of);
        assert!(figures.missed.is_empty(), "{}", figures.missed.join("\n\n"));
        assert!(figures.failing > 300, "hardly any mutant fails");
    };
    thread.spawn(run).unwrap().join().unwrap();
}

#[test]
fn slips_in_bodies_of_the_suites_are_rejected_where_they_fail() {
    holds("slips in suites", Bodies::of_suites());
}

#[test]
fn slips_in_bodies_of_the_corpus_are_rejected_where_they_fail() {
    match Bodies::of_corpus() {
        Some(bodies) => holds("slips in the corpus", bodies),
        None => println!("ran no case: the corpus is not here"),
    }
}
