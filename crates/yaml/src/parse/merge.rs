//! `bad-merge`: what a merge key may bring in.

use diagnostics::{Diagnostic, FileId, Level, Rule};

use crate::{Entry, Kind, Node, View};

/// A merge key `<<` whose value is neither a mapping nor a list of mappings.
pub static BAD_MERGE: Rule = Rule {
    code: "bad-merge",
    summary: "a merge key whose value is not a mapping",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/bad-merge.md"),
};

/// Checks one entry of a mapping.
pub(crate) fn check(entry: &Entry, file: FileId) -> Option<Diagnostic> {
    if !entry.is_merge() {
        return None;
    }
    match entry.value.view() {
        View::Mapping(_) => None,
        View::Sequence(sequence) => sequence
            .items
            .iter()
            .find(|item| item.as_mapping().is_none() && !is_broken_alias(item))
            .map(|item| {
                Diagnostic::new(
                    &BAD_MERGE,
                    item.range.in_file(file),
                    format!(
                        "`<<` merges mappings, but this item is {}",
                        item.view().kind_name()
                    ),
                )
                .help(HELP)
            }),
        view if !is_broken_alias(&entry.value) => {
            let place = if entry.value.range.is_empty() {
                entry.key.range
            } else {
                entry.value.range
            };
            Some(
                Diagnostic::new(
                    &BAD_MERGE,
                    place.in_file(file),
                    format!(
                        "`<<` takes a mapping or a list of mappings, found {}",
                        view.kind_name()
                    ),
                )
                .help(HELP),
            )
        }
        _ => None,
    }
}

const HELP: &str = "give an alias of a mapping, or quote the key if `<<` is meant literally";

/// The alias itself was reported already.
fn is_broken_alias(node: &Node) -> bool {
    matches!(&node.kind, Kind::Alias(alias) if alias.target.is_none())
}
