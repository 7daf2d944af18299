//! The runner on small pages and a program made up for them: what passes, what is noticed, what an
//! update writes.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests say what they expect, like tests"
)]

mod binary;
mod fake;
mod noticed;
mod output;
mod pages;
mod passes;
mod updates;
