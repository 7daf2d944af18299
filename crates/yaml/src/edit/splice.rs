//! Replacements of text, applied together.

use std::cmp::Reverse;

/// One replacement; an empty range inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Splice {
    /// The first byte that goes.
    pub(super) start: usize,
    /// The byte behind the last one that goes.
    pub(super) end: usize,
    /// What comes instead.
    pub(super) text: String,
    /// How deep in the document it belongs: at one place, what is deeper comes first.
    pub(super) depth: usize,
}

/// Brings splices in the order of the text.
pub(super) fn sort(splices: &mut [Splice]) {
    splices.sort_by_key(|splice| (splice.start, splice.end, Reverse(splice.depth)));
}

/// Applies sorted splices; `None` if they overlap or do not fit the text.
pub(super) fn apply(text: &str, splices: &[Splice]) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 1024);
    let mut done = 0;
    for splice in splices {
        out.push_str(text.get(done..splice.start)?);
        out.push_str(&splice.text);
        done = splice.end;
        text.get(splice.start..splice.end)?;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}
