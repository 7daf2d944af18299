//! A report of tests as JUnit writes it: a suite for each file, a case for each finding.
//!
//! Invariants:
//! - a file without a finding is a case that passes, so that a clean run is not an empty report;
//! - a case fails if and only if its finding makes the run fail;
//! - the document is well-formed whatever the findings hold.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::place::Place;
use super::{Report, full, in_words};
use crate::{Diagnostic, Level};

/// Renders the document.
#[must_use]
pub fn junit(report: &Report<'_>) -> String {
    let fails = |it: &Diagnostic| it.level <= report.fails_at;
    let mut files: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for (_, source) in report.sources.iter() {
        files.entry(source.path()).or_default();
    }
    for diagnostic in report.diagnostics {
        let path = report.sources.path(diagnostic.primary.file);
        files.entry(path).or_default().push(diagnostic);
    }
    let tests: usize = files.values().map(|found| found.len().max(1)).sum();
    let failures = report.diagnostics.iter().filter(|it| fails(it)).count();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuites name=\"actionc\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">"
    );
    for (path, found) in &files {
        let path = attribute(if path.is_empty() { NOWHERE } else { path });
        let failures = found.iter().filter(|it| fails(it)).count();
        let tests = found.len().max(1);
        let _ = writeln!(
            out,
            "  <testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\">"
        );
        if found.is_empty() {
            let _ = writeln!(out, "    <testcase name=\"check\" classname=\"{path}\"/>");
        }
        for diagnostic in found {
            case(&mut out, diagnostic, &path, fails(diagnostic), report);
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// The suite of what is in no file.
const NOWHERE: &str = "actionc";

fn case(out: &mut String, diagnostic: &Diagnostic, path: &str, fails: bool, report: &Report<'_>) {
    let code = diagnostic.rule.code;
    let level: Level = diagnostic.level;
    let words = in_words(diagnostic);
    let (head, text) = match report.sources.get(diagnostic.primary.file) {
        Some(source) => {
            let at = Place::of(diagnostic.primary, report.sources).start;
            (
                format!(
                    "name=\"{code} at {}:{}\" classname=\"{path}\" file=\"{path}\" line=\"{}\"",
                    at.line, at.column, at.line
                ),
                format!(
                    "{}:{}:{}: {level}[{code}] {words}",
                    source.path(),
                    at.line,
                    at.column
                ),
            )
        }
        None => (
            format!("name=\"{code}\" classname=\"{path}\""),
            format!("{level}[{code}] {words}"),
        ),
    };
    let _ = writeln!(out, "    <testcase {head}>");
    let message = attribute(&diagnostic.message);
    let text = content(&text);
    let _ = if fails {
        writeln!(
            out,
            "      <failure type=\"{level}\" message=\"{message}\">{text}</failure>"
        )
    } else {
        writeln!(out, "      <system-out>{text}</system-out>")
    };
    out.push_str("    </testcase>\n");
}

/// Text between tags. What XML 1.0 cannot hold is shown escaped.
fn content(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in full::printable(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{FFFE}' | '\u{FFFF}' => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Text between quotes, where line ends and tabs would be read as blanks.
fn attribute(text: &str) -> String {
    content(text)
        .replace('"', "&quot;")
        .replace('\n', "&#10;")
        .replace('\t', "&#9;")
}
