//! Who shares what: an edit inside an anchored value shows wherever its aliases stand.

use std::sync::Arc;

use diagnostics::TextRange;

use crate::{Kind, Node};

/// The aliases of a document.
#[derive(Debug, Default)]
pub(super) struct Aliases<'a> {
    all: Vec<(TextRange, &'a Node)>,
    /// Those that the edit replaces.
    replaced: Vec<TextRange>,
}

/// An anchored value on the way to an edit, with an alias that uses it elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shared {
    pub(super) alias: TextRange,
    pub(super) anchor: TextRange,
}

impl<'a> Aliases<'a> {
    /// Finds them all.
    pub(super) fn of(root: &'a Node) -> Self {
        let mut aliases = Self::default();
        aliases.collect(root);
        aliases
    }

    fn collect(&mut self, node: &'a Node) {
        match &node.kind {
            Kind::Alias(alias) => {
                if let Some(target) = &alias.target {
                    self.all.push((node.range, Arc::as_ref(target)));
                }
            }
            Kind::Sequence(sequence) => {
                for item in &sequence.items {
                    self.collect(item);
                }
            }
            Kind::Mapping(mapping) => {
                for entry in &mapping.entries {
                    self.collect(&entry.key);
                    self.collect(&entry.value);
                }
            }
            Kind::Scalar(_) => {}
        }
    }

    /// Takes note that an alias goes.
    pub(super) fn replace(&mut self, alias: TextRange) {
        self.replaced.push(alias);
    }

    /// The ones that stay, in the order of the text.
    pub(super) fn staying(&self) -> impl Iterator<Item = TextRange> {
        self.all
            .iter()
            .map(|(range, _)| *range)
            .filter(|range| !self.replaced.contains(range))
    }

    /// The first of these nodes that an alias still uses.
    pub(super) fn shared(&self, nodes: &[&Node]) -> Option<Shared> {
        nodes.iter().find_map(|node| {
            let anchor = node.anchor?;
            self.all
                .iter()
                .find(|(range, target)| {
                    std::ptr::eq(*target, *node) && !self.replaced.contains(range)
                })
                .map(|(alias, _)| Shared {
                    alias: *alias,
                    anchor,
                })
        })
    }
}
