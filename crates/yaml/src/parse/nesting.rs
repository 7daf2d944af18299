//! `nesting-too-deep`: nothing deeper is read, so that no reader runs out of stack.

use diagnostics::{Diagnostic, Level, Rule, Span};

/// Lists and mappings nested deeper than [`crate::Limits::depth`].
pub static NESTING_TOO_DEEP: Rule = Rule {
    code: "nesting-too-deep",
    summary: "lists and mappings nested too deep",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/nesting-too-deep.md"),
};

/// Reports the opening of the first value that is too deep.
pub(crate) fn too_deep(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::new(
        &NESTING_TOO_DEEP,
        span,
        format!("lists and mappings are nested deeper than {limit} levels"),
    )
    .help("flatten the structure")
}
