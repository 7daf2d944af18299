//! Annotations of GitHub Actions: one workflow command a finding.
//!
//! Invariant: whatever a message holds, a finding is one line and one command. Columns are given
//! only where a place begins and ends in one line, for GitHub refuses them elsewhere.

use std::fmt::Write as _;

use super::place::{Place, from_root};
use super::{Report, full, in_words};
use crate::{Diagnostic, Level};

/// Renders one workflow command a finding.
#[must_use]
pub fn github(report: &Report<'_>) -> String {
    let mut out = String::new();
    for diagnostic in report.diagnostics {
        let _ = writeln!(
            out,
            "::{} {}::{}",
            command(diagnostic.level),
            properties(diagnostic, report),
            data(&in_words(diagnostic))
        );
    }
    out
}

fn command(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    }
}

fn properties(diagnostic: &Diagnostic, report: &Report<'_>) -> String {
    let mut list = Vec::new();
    if let Some(source) = report.sources.get(diagnostic.primary.file) {
        let Place { start, end } = Place::of(diagnostic.primary, report.sources);
        let path = full::printable(&from_root(report.folder, source.path()));
        list.push(format!("file={}", property(&path)));
        list.push(format!("line={}", start.line));
        if start.line == end.line {
            list.push(format!("col={}", start.column));
            list.push(format!("endColumn={}", end.column));
        } else {
            list.push(format!("endLine={}", end.line));
        }
    }
    list.push(format!(
        "title={}",
        property(&format!("actionc: {}", diagnostic.rule.code))
    ));
    list.join(",")
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
