//! The suites of `mdtest/`, evaluated in this process.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test says what it expects, and its suites are files"
)]

#[path = "outcomes/suite.rs"]
mod suite;

#[test]
fn programs_end_as_the_suites_say() {
    let cases = suite::run(&jsonnet_eval::Jrsonnet);
    println!("{cases} cases");
    assert!(cases > 60);
}
