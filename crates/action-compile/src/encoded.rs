//! Findings in a body that is encoded: its characters have no places in the file.
//!
//! Invariant: such a finding points at all of the scalar, and says in words and for programs where
//! in the body it is.

use diagnostics::{Diagnostic, LineIndex, Within};

/// Says in words where in an encoded body a finding is, and takes away what could not be applied.
pub(crate) fn locate(diagnostic: &mut Diagnostic, text: &str) {
    let lines = LineIndex::new(text);
    let range = diagnostic.primary.range;
    let within = Within {
        text: "body",
        at: lines.line_column(text, range.start as usize),
    };
    let written = range.of(text).lines().next().unwrap_or_default();
    let shown: String = written.chars().take(40).collect();
    let where_ = if shown.is_empty() {
        within.to_string()
    } else {
        format!("{within}: `{shown}`")
    };
    diagnostic.within = Some(within);
    diagnostic.annotation = match diagnostic.annotation.as_str() {
        "" => where_,
        said => format!("{where_} ({said})"),
    };
    diagnostic.labels.clear();
    diagnostic.fixes.clear();
}
