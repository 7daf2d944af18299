//! What bodies are given, held against recordings of real Kratos.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test reads files, says what it did and may fail"
)]

mod absent;
mod conforms;
mod flat;
mod payload;
mod recorded;
#[path = "../../../action-compile/src/ctx/schema.rs"]
pub mod schema;
mod table;
mod union;
