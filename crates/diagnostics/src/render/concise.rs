//! One line a finding: `path:line:column: level[code] message`.

use std::fmt::Write as _;

use crate::{Diagnostic, Sources};

/// Renders one line a finding; control characters in messages are shown escaped.
#[must_use]
pub fn concise(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let place = sources.get(diagnostic.primary.file).map(|source| {
            let at = source
                .lines()
                .line_column(source.text(), diagnostic.primary.range.start as usize);
            (source.path(), at)
        });
        if let Some((path, at)) = place {
            let _ = write!(out, "{path}:{}:{}: ", at.line, at.column);
        }
        let within = diagnostic.within.as_ref();
        let within = within.map_or_else(String::new, |it| format!(" ({it})"));
        let _ = writeln!(
            out,
            "{}[{}] {}{within}",
            diagnostic.level,
            diagnostic.rule.code,
            super::full::printable(&diagnostic.message).replace('\n', "\\n")
        );
    }
    out
}
