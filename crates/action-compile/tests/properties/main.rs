//! Random bases and actions: what the compiled configuration runs is what was declared.
//!
//! The expectation is computed here from the generated values, without the compiler's plan or
//! lowering; only the model of effective chains is shared, and that one is held against recordings
//! of real Kratos in its own crate. `ACTIONC_CASES` sets the number of cases, `ACTIONC_SEED` the
//! seed.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test says what it expects"
)]

mod generated;

use std::collections::BTreeMap;

use action_compile::{Compiled, MemoryFiles, Options, compile};
use generated::{Case, case};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

fn run(files: &MemoryFiles, case: &Case) -> Compiled {
    let options = Options {
        kratos: Some(case.release.name().to_owned()),
        base: Some(case.base_path.to_owned()),
        ..Options::default()
    };
    compile(files, &options).unwrap_or_else(|error| panic!("{error}\n{case:#?}"))
}

#[test]
fn emitted_chains_are_the_declared_ones() {
    let cases = number("ACTIONC_CASES", 300);
    let mut seed = [0_u8; 32];
    seed[..8].copy_from_slice(&number("ACTIONC_SEED", 1).to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = case();
    let mut refused = 0;
    let mut hooks = 0;
    for _ in 0..cases {
        let case = strategy.new_tree(&mut runner).unwrap().current();
        let files = case.files();
        let compiled = run(&files, &case);
        let codes: Vec<&str> = compiled
            .diagnostics
            .iter()
            .filter(|it| it.is_error())
            .map(|it| it.rule.code)
            .collect();
        let Some(output) = &compiled.output else {
            assert!(
                !codes.is_empty() && codes.iter().all(|code| *code == "hook-not-carriable"),
                "{:#?}\n{case:#?}",
                compiled.diagnostics
            );
            refused += 1;
            continue;
        };
        let expected = case.expected();
        let found: BTreeMap<String, Vec<String>> = output
            .plan
            .chains
            .iter()
            .map(|chain| {
                let name = generated::name(chain.point);
                (name, chain.hooks.iter().map(generated::label).collect())
            })
            .collect();
        for (point, chain) in &expected {
            assert_eq!(
                found.get(point),
                Some(chain),
                "at {point}\n{}\n{case:#?}",
                output.text
            );
            hooks += chain.len();
        }
        assert_eq!(found.len(), expected.len());

        let reversed = run(&files.clone().reversed(), &case);
        assert_eq!(
            reversed.output.unwrap().text,
            output.text,
            "the order of a folder shows\n{case:#?}"
        );

        let mut again = files.clone();
        again.insert(case.base_path, output.text.as_bytes());
        let second = run(&again, &case);
        let second = second
            .output
            .unwrap_or_else(|| panic!("{:#?}\n{}\n{case:#?}", second.diagnostics, output.text));
        assert_eq!(
            second.text, output.text,
            "a second compile changes the file\n{case:#?}"
        );
    }
    println!("{cases} cases, {refused} refused as not carriable, {hooks} hooks in their place");
    assert!(
        refused * 4 < cases,
        "the generator mostly makes what is refused: {refused} of {cases}"
    );
    assert!(
        hooks > cases as usize,
        "the generator makes too little: {hooks} hooks"
    );
}
