//! What a hooks section means, proven three ways: against the recordings of real Kratos, against
//! the written rules (`chains.md`), and by turning each rule around to see that these notice.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test reads files, says what it did and may fail"
)]

mod recorded;
mod turned;
mod written;

#[path = "../replay/replay.rs"]
mod replay;
