//! `duplicate-key`: one key, one value.

use std::collections::HashMap;

use diagnostics::{Diagnostic, FileId, Level, Rule, TextRange};

use super::quoted;
use crate::Entry;

/// A key that its mapping already has.
pub static DUPLICATE_KEY: Rule = Rule {
    code: "duplicate-key",
    summary: "a key given twice in one mapping",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/duplicate-key.md"),
};

/// Reports every key that an earlier entry has; keys are the same when their decoded text is.
pub(crate) fn check(entries: &[Entry], file: FileId, found: &mut Vec<Diagnostic>) {
    if entries.len() < 2 {
        return;
    }
    // Looked up only, never iterated.
    let mut first: HashMap<&str, &Entry> = HashMap::with_capacity(entries.len());
    for entry in entries {
        let Some(key) = entry.key_text() else {
            continue;
        };
        let Some(earlier) = first.get(key) else {
            first.insert(key, entry);
            continue;
        };
        // A quoted "<<" is a key like any other and does not repeat a merge.
        if earlier.is_merge() != entry.is_merge() {
            continue;
        }
        let help = if entry.is_merge() {
            "merge several mappings with one list: `<<: [*first, *second]`"
        } else {
            "remove or rename one of the two"
        };
        found.push(
            Diagnostic::new(
                &DUPLICATE_KEY,
                place(entry).in_file(file),
                format!("key {} is already given in this mapping", quoted(key)),
            )
            .label(place(earlier).in_file(file), "first given here")
            .help(help),
        );
    }
}

/// The key, or the whole entry where the key is nothing.
fn place(entry: &Entry) -> TextRange {
    if entry.key.range.is_empty() {
        entry.key.range.cover(entry.value.range)
    } else {
        entry.key.range
    }
}
