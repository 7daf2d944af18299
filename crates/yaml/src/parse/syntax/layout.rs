//! Indentation, and keys and items where none can be: most mistakes in YAML are of this kind.

use diagnostics::TextRange;

use super::{Finding, Stop};
use crate::parse::gap;

/// A `:` behind something that cannot be a key.
pub(super) fn key_not_allowed(stop: Stop<'_>) -> Finding {
    let last = stop.last_scalar;
    let value = last.of(stop.text);
    let continues = last.end as usize == stop.at && value.contains(['\n', '\r']);
    if !continues {
        return Finding::new(
            stop.character(),
            "expected one `: ` on this line, found another",
        )
        .help("put the value in quotes, or begin the mapping on the next line");
    }
    let first_line = value.split(['\n', '\r']).next().unwrap_or("").trim_end();
    let begins = TextRange::new(last.start as usize, last.start as usize + first_line.len());
    let line = last_line(value);
    let line = TextRange::new(last.end as usize - line.len(), last.end as usize);
    let help = if first_line.contains(':') {
        "put a blank behind the `:` of the key above"
    } else {
        "indent the key as the keys it belongs to"
    };
    Finding::new(
        line,
        "expected a key, but this line continues the text above it",
    )
    .label(begins, "the text begins here")
    .help(help)
}

fn last_line(text: &str) -> &str {
    text.rsplit(['\n', '\r'])
        .next()
        .unwrap_or("")
        .trim_start_matches([' ', '\t'])
}

/// Something else than a key where a mapping goes on.
pub(super) fn expected_key(stop: Stop<'_>) -> Finding {
    // The parser stands behind the dash.
    if let Some(dash) = dash_before(stop) {
        let finding = Finding::new(dash, "expected a key of this mapping, found a list item")
            .help("indent the list under its key");
        return with_start(finding, stop, "the mapping begins here");
    }
    behind_value(stop).unwrap_or_else(|| {
        Finding::new(stop.word(), "expected the indentation of a mapping above")
            .help("indent the line as the keys it belongs to")
    })
}

/// A dash that begins the line.
fn dash_before(stop: Stop<'_>) -> Option<TextRange> {
    let before = stop.text.get(..stop.at)?.trim_end_matches([' ', '\t']);
    let line = before.strip_suffix('-')?.rsplit(['\n', '\r']).next()?;
    let begins_line = line.trim_matches(['\u{feff}', ' ']).is_empty();
    begins_line.then(|| TextRange::new(before.len() - 1, before.len()))
}

/// Something else than `-` where a list goes on.
pub(super) fn expected_item(stop: Stop<'_>) -> Finding {
    if let Some(finding) = behind_value(stop) {
        return finding;
    }
    let finding = Finding::new(stop.word(), "expected `-` and the next item of this list")
        .help("indent the line as what it belongs to");
    with_start(finding, stop, "the list begins here")
}

/// Something behind the only value of a document.
pub(super) fn behind_document(stop: Stop<'_>) -> Finding {
    if let Some(finding) = behind_value(stop) {
        return finding;
    }
    Finding::new(stop.word(), "expected the end of the document")
        .help("indent the line as the first one, or begin a document with `---`")
}

/// A line in a mapping that has no `:`.
pub(super) fn key_without_colon(stop: Stop<'_>) -> Finding {
    Finding::new(stop.rest_of_line(), "expected `:` behind this key")
        .help("add `:`, or indent the line if it continues the text above")
}

/// A quoted text whose next line is less indented: mostly its closing quote is missing.
pub(super) fn open_quote(stop: Stop<'_>) -> Finding {
    let from = stop.last_scalar.end as usize;
    let before = stop.text.get(from..stop.at).unwrap_or("");
    match before.find(['"', '\'']) {
        Some(quote) => {
            let quote = from + quote;
            Finding::new(
                TextRange::new(quote, quote + 1),
                "expected the closing quote before the next line",
            )
            .help("close the quote, or indent the lines that continue the text")
        }
        None => Finding::new(stop.character(), "expected more indentation inside quotes"),
    }
}

/// A tab where blanks are expected.
pub(super) fn tab(stop: Stop<'_>) -> Finding {
    // The parser stands before or behind the tab, or at the value that it follows.
    let bytes = stop.text.as_bytes();
    let before = bytes.get(..stop.at).unwrap_or_default();
    let line = before
        .iter()
        .rposition(|byte| matches!(byte, b'\n' | b'\r'))
        .map_or(0, |at| at + 1);
    let is_tab = |at: &usize| bytes.get(*at) == Some(&b'\t');
    let first = (line..stop.at)
        .take_while(|at| matches!(bytes.get(*at), Some(b' ' | b'\t')))
        .find(is_tab)
        .or_else(|| (stop.at..bytes.len()).find(is_tab));
    let finding = match first {
        Some(at) => Finding::new(TextRange::new(at, at + 1), "expected blanks, found a tab"),
        None => Finding::new(stop.character(), "expected blanks, found a tab"),
    };
    finding.help("indent with blanks")
}

/// Text behind a value that is already complete on its line.
fn behind_value(stop: Stop<'_>) -> Option<Finding> {
    let before = stop.text.get(..stop.at)?;
    let line = before.rsplit(['\n', '\r']).next()?;
    let blank = line.trim_matches(['\u{feff}', ' ', '\t']).is_empty();
    (!blank && gap::skip_trivia(stop.text, stop.at) == stop.at).then(|| {
        Finding::new(
            stop.word(),
            "expected the end of the line behind this value",
        )
        .help("put the whole value in quotes")
    })
}

fn with_start(finding: Finding, stop: Stop<'_>, message: &'static str) -> Finding {
    match stop.block {
        Some(start) => {
            let start = Stop { at: start, ..stop };
            finding.label(start.word(), message)
        }
        None => finding,
    }
}
