//! The suites of `mdtest/`, evaluated in this process.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects"
)]

#[path = "outcomes/suite.rs"]
mod suite;

#[test]
fn programs_end_as_the_suites_say() {
    let cases = suite::run(&jsonnet_eval::Jrsonnet);
    println!("{cases} cases");
    assert!(cases > 60);
}
