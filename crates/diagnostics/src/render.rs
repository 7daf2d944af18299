//! Diagnostics as text: `full` for people, `concise` for a line each, `json` for programs.
//!
//! Invariants:
//! - every renderer sees findings in the order of [`sort`];
//! - no output depends on the terminal, except colour, which the caller asks for;
//! - lines and columns are 1-based, columns count characters, offsets count bytes.

mod concise;
mod full;
mod json;

pub use concise::concise;
pub use full::full;
pub use json::{JsonSummary, json};

use crate::{Diagnostic, Level, Sources};

/// Where the page of a code is found, relative to the repository's root; the code follows.
pub const PAGE_URL: &str = "docs/diagnostics.md#";

/// Sorts by file path, offset and code, and drops exact repetitions.
pub fn sort(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.primary.range.start, d.rule.code, d.primary.range.end);
        sources
            .path(a.primary.file)
            .cmp(sources.path(b.primary.file))
            .then_with(|| key(a).cmp(&key(b)))
            .then_with(|| a.message.cmp(&b.message))
    });
    diagnostics.dedup();
}

/// `2 errors, 1 warning in 3 files`, as the last line of the human formats.
#[must_use]
pub fn summary(diagnostics: &[Diagnostic], files: usize) -> String {
    let count = |level: Level| diagnostics.iter().filter(|d| d.level == level).count();
    let plural = |n: usize, word: &str| match n {
        1 => format!("1 {word}"),
        n => format!("{n} {word}s"),
    };
    let mut parts = vec![
        plural(count(Level::Error), "error"),
        plural(count(Level::Warning), "warning"),
    ];
    if count(Level::Note) > 0 {
        parts.push(plural(count(Level::Note), "note"));
    }
    format!("{} in {}", parts.join(", "), plural(files, "file"))
}
