//! The repository's own tools, as a library, so that `cargo test` uses them too.
//!
//! Invariants:
//! - a generated file is a function of the tree; a test says when the committed one is stale, and
//!   the command that renews it;
//! - [`tidy`] looks only at text and at the metadata of the workspace, so each of its rules is
//!   tested on a few lines.

mod generate;
mod tidy;
mod tree;

pub use generate::{Generated, diagnostics_page, registry, renew, schemas, stale};
pub use tidy::{Crate, Problem, crates, tidy};
pub use tree::Tree;
