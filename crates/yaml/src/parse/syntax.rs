//! `yaml-syntax`: the parser's errors in our words, at the place a reader would look at.

use diagnostics::{Diagnostic, FileId, Level, Rule, TextRange};
use granit_parser::{ErrorKind, ScanError};

use super::{Limits, nesting, quoted};

/// Text that is not YAML.
pub static YAML_SYNTAX: Rule = Rule {
    code: "yaml-syntax",
    summary: "text that is not YAML",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/yaml-syntax.md"),
};

/// Says in our words what stopped the parser.
pub(crate) fn report(error: &ScanError, text: &str, file: FileId, limits: Limits) -> Diagnostic {
    let offset = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let range = one_character(text, offset);
    if *error.kind() == ErrorKind::RecursionLimitExceeded {
        return nesting::too_deep(range.in_file(file), limits.depth);
    }
    Diagnostic::new(&YAML_SYNTAX, range.in_file(file), error.kind().to_string())
}

/// A core tag on a value that it does not fit.
pub(crate) fn wrong_tag(tag: TextRange, spelt: &str, found: &str, file: FileId) -> Diagnostic {
    Diagnostic::new(
        &YAML_SYNTAX,
        tag.in_file(file),
        format!("tag {} does not fit {found}", quoted(spelt)),
    )
    .help("remove the tag, or write a value of its type")
}

fn one_character(text: &str, offset: usize) -> TextRange {
    let length = text
        .get(offset..)
        .and_then(|rest| rest.chars().next())
        .map_or(0, char::len_utf8);
    TextRange::new(offset, offset + length)
}
