//! What is wrong, where, and how it is said.
//!
//! The neutral ground of the workspace: source files and spans, what a diagnostic is, the
//! register of codes, and the renderers. It knows neither YAML nor Jsonnet nor Kratos.
//!
//! Invariants:
//! - A [`Span`] is a range of bytes of one file; lines and columns are computed only when printed.
//! - A [`Diagnostic`] can only be made from a declared [`Rule`], so every code that is ever printed
//!   has a page.
//! - Renderers are pure functions from diagnostics and [`Sources`] to text, and sort by file,
//!   offset and code: the same findings give the same bytes.
//!
//! Start with [`Rule`] and [`Diagnostic`].

mod apply;
mod diagnostic;
mod line_index;
mod registry;
pub mod render;
mod rule;
mod source;
mod span;
mod suggest;

pub use apply::{apply, compatible};
pub use diagnostic::{Applicability, Diagnostic, Edit, Fix, Label, Within, Witness};
pub use line_index::{LineColumn, LineIndex};
pub use registry::Registry;
pub use rule::{Level, Rule};
pub use source::{FileId, Source, Sources};
pub use span::{Span, TextRange};
pub use suggest::did_you_mean;
