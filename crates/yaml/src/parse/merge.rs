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
    let (guilty, message) = match entry.value.view() {
        View::Sequence(sequence) => {
            let item = sequence.items.iter().find(|item| !can_be_merged(item))?;
            let found = item.view().kind_name();
            (
                item,
                format!("`<<` merges mappings, but this item is {found}"),
            )
        }
        _ if can_be_merged(&entry.value) => return None,
        view => (
            &entry.value,
            format!(
                "`<<` takes a mapping or a list of mappings, found {}",
                view.kind_name()
            ),
        ),
    };
    // What is missing cannot be pointed at.
    let place = if guilty.range.is_empty() {
        entry.key.range
    } else {
        guilty.range
    };
    Some(
        Diagnostic::new(&BAD_MERGE, place.in_file(file), message)
            .help("give an alias of a mapping, or quote the key if `<<` is meant literally"),
    )
}

/// A broken alias was reported already.
fn can_be_merged(node: &Node) -> bool {
    node.as_mapping().is_some()
        || matches!(&node.kind, Kind::Alias(alias) if alias.target.is_none())
}
