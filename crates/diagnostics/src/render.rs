//! Diagnostics as text: `full` and `concise` for people, the others for programs.
//!
//! Invariants:
//! - every renderer sees findings in the order of [`sort`];
//! - no output depends on the terminal, except colour, which the caller asks for;
//! - lines and columns are 1-based, columns count characters, offsets count bytes; a format that
//!   may count otherwise says which it is;
//! - what forges and scanners read names files as the repository does, `full`, `concise`, `json`
//!   and `junit` as the project does.

mod concise;
mod full;
mod github;
mod gitlab;
mod json;
mod junit;
mod place;
mod sarif;

pub use concise::concise;
pub use full::full;
pub use github::github;
pub use gitlab::gitlab;
pub use json::{JsonSummary, json};
pub use junit::junit;
pub use sarif::sarif;

use crate::{Diagnostic, Level, Sources};

/// Where the program is at home, if its package says so.
pub(crate) fn home_url() -> Option<&'static str> {
    let home = env!("CARGO_PKG_REPOSITORY");
    (!home.is_empty()).then_some(home)
}

/// Where the page of a code is found, if the program has a home.
#[must_use]
pub fn page_url(code: &str) -> Option<String> {
    home_url().map(|home| format!("{home}/blob/main/docs/diagnostics.md#{code}"))
}

/// What was found, as a forge or a scanner wants to know it.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The findings, in the order of [`sort`].
    pub diagnostics: &'a [Diagnostic],
    /// Every file that was read.
    pub sources: &'a Sources,
    /// The folder that paths are relative to, as the repository names it; empty for its root.
    pub folder: &'a str,
    /// The version of the program.
    pub version: &'a str,
    /// The least level that makes the run fail.
    pub fails_at: Level,
}

/// Sorts by file path, offset, the place within and code, and drops exact repetitions.
pub fn sort(diagnostics: &mut Vec<Diagnostic>, sources: &Sources) {
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| {
            let within = d.within.as_ref().map(|it| (it.at.line, it.at.column));
            let range = d.primary.range;
            (range.start, within, d.rule.code, range.end)
        };
        sources
            .path(a.primary.file)
            .cmp(sources.path(b.primary.file))
            .then_with(|| key(a).cmp(&key(b)))
            .then_with(|| a.message.cmp(&b.message))
    });
    diagnostics.dedup();
}

/// `2 errors, 1 warning in 3 files (1 note: -v shows it)`, as the last line of the human formats;
/// `kept_back` notes were not printed.
#[must_use]
pub fn summary(shown: &[Diagnostic], files: usize, kept_back: usize) -> String {
    let count = |level: Level| shown.iter().filter(|d| d.level == level).count();
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
    let counted = format!("{} in {}", parts.join(", "), plural(files, "file"));
    let more = if count(Level::Note) > 0 { "more " } else { "" };
    match kept_back {
        0 => counted,
        1 => format!("{counted} (1 {more}note: -v shows it)"),
        n => format!("{counted} ({n} {more}notes: -v shows them)"),
    }
}

/// The findings that are in no file, of which some formats cannot speak.
pub fn placeless<'a>(
    diagnostics: &'a [Diagnostic],
    sources: &'a Sources,
) -> impl Iterator<Item = &'a Diagnostic> {
    diagnostics
        .iter()
        .filter(|it| sources.get(it.primary.file).is_none())
}

/// Everything that is said about a finding in words: what it is, what was seen, what to do.
fn in_words(diagnostic: &Diagnostic) -> String {
    let mut lines = vec![diagnostic.message.clone()];
    if !diagnostic.annotation.is_empty() {
        lines.push(diagnostic.annotation.clone());
    }
    if let Some(witness) = &diagnostic.witness {
        lines.push(format!("seen: {}", witness.error));
    }
    if let Some(help) = &diagnostic.help {
        lines.push(format!("help: {help}"));
    }
    full::printable(&lines.join("\n"))
}
