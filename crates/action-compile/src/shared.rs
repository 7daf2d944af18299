//! Changes of what an alias shares: they show wherever the alias stands.
//!
//! Invariant: no change inside a scalar that an alias uses elsewhere is safe. What the word means
//! where it was found wrong says nothing about what is sent where it stands once more.

use std::collections::{BTreeMap, BTreeSet};

use diagnostics::{Applicability, Diagnostic, FileId, Sources, TextRange};
use yaml::{Kind, Node};

use crate::document::Format;

/// Leaves changes of shared scalars to a person.
pub(crate) fn leave_to_a_person(diagnostics: &mut [Diagnostic], sources: &Sources) {
    let mut shared: BTreeMap<FileId, Vec<TextRange>> = BTreeMap::new();
    let fixes = diagnostics.iter_mut().flat_map(|it| &mut it.fixes);
    for fix in fixes.filter(|it| it.applicability == Applicability::Safe) {
        let is_shared = fix.edits.iter().any(|edit| {
            let file = edit.span.file;
            let scalars = shared
                .entry(file)
                .or_insert_with(|| shared_scalars(sources, file));
            let TextRange { start, end } = edit.span.range;
            scalars.iter().any(|it| start <= it.end && it.start <= end)
        });
        if is_shared {
            fix.applicability = Applicability::Unsafe;
        }
    }
}

/// The scalars of a file that aliases stand for.
fn shared_scalars(sources: &Sources, file: FileId) -> Vec<TextRange> {
    let text = sources.text(file);
    let may_share = Format::of_path(sources.path(file)) == Format::Yaml
        && text.contains('&')
        && text.contains('*');
    if !may_share {
        return Vec::new();
    }
    let mut found = BTreeSet::new();
    for document in &yaml::parse(text, file).documents {
        collect(&document.root, &mut found);
    }
    found
        .into_iter()
        .map(|(start, end)| TextRange { start, end })
        .collect()
}

fn collect(node: &Node, found: &mut BTreeSet<(u32, u32)>) {
    match &node.kind {
        Kind::Alias(alias) => {
            let target = alias.target.as_ref();
            if let Some(scalar) = target.filter(|it| matches!(it.kind, Kind::Scalar(_))) {
                found.insert((scalar.range.start, scalar.range.end));
            }
        }
        Kind::Sequence(sequence) => sequence.items.iter().for_each(|it| collect(it, found)),
        Kind::Mapping(mapping) => {
            for entry in &mapping.entries {
                collect(&entry.key, found);
                collect(&entry.value, found);
            }
        }
        Kind::Scalar(_) => {}
    }
}
