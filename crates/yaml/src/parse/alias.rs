//! Anchors and aliases: what an alias points to, and how much all aliases stand for.
//!
//! Invariant: sizes are counted once, as saturating sums, when a node is complete; nothing is ever
//! expanded to be counted.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use diagnostics::{Diagnostic, FileId, Level, Rule, TextRange, did_you_mean};

use super::{Limits, nesting, quoted};
use crate::Node;

/// An alias of an anchor that does not exist before it.
pub static UNKNOWN_ANCHOR: Rule = Rule {
    code: "unknown-anchor",
    summary: "an alias of an anchor that does not exist",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/unknown-anchor.md"),
};

/// An alias inside the very value that its anchor stands on.
pub static RECURSIVE_ANCHOR: Rule = Rule {
    code: "recursive-anchor",
    summary: "an alias inside the value it stands for",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/recursive-anchor.md"),
};

/// Aliases that stand for more values than [`Limits::alias_nodes`].
pub static ALIAS_EXPANSION: Rule = Rule {
    code: "alias-expansion",
    summary: "aliases that stand for too many values",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/alias-expansion.md"),
};

/// How many anchors above an unknown alias it may be a misspelling of.
const NAMES_SEARCHED: usize = 20;

/// How large a node is with its aliases followed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Extent {
    /// How many nodes it has, itself included.
    pub(crate) nodes: u64,
    /// How many collections are nested in it, itself included.
    pub(crate) height: usize,
}

/// An anchor whose node is complete.
struct Anchored {
    node: Arc<Node>,
    extent: Extent,
}

/// The anchors of one document.
#[derive(Default)]
pub(crate) struct Anchors {
    complete: HashMap<usize, Anchored>,
    /// Names and places by number, which grows with the text.
    declared: BTreeMap<usize, (String, TextRange)>,
    /// What the aliases read so far stand for.
    spent: u64,
    /// One finding is enough: what is too deep is mostly too large as well.
    reported: bool,
}

impl Anchors {
    /// Forgets everything: anchors end with their document.
    pub(crate) fn clear(&mut self) {
        self.complete.clear();
        self.declared.clear();
        self.spent = 0;
        self.reported = false;
    }

    /// Takes note of `&name`.
    pub(crate) fn declare(&mut self, id: usize, name: &str, range: TextRange) {
        self.declared.insert(id, (name.to_owned(), range));
    }

    /// Takes note of the node that an anchor stands on.
    pub(crate) fn complete(&mut self, id: usize, node: &Arc<Node>, extent: Extent) {
        if id != 0 {
            let node = Arc::clone(node);
            self.complete.insert(id, Anchored { node, extent });
        }
    }

    /// Follows the alias of an anchor that was declared, `depth` collections deep.
    pub(crate) fn follow(
        &mut self,
        id: usize,
        range: TextRange,
        depth: usize,
        (file, limits): (FileId, Limits),
        found: &mut Vec<Diagnostic>,
    ) -> Option<(Arc<Node>, Extent)> {
        let Some(anchored) = self.complete.get(&id) else {
            found.push(self.recursive(id, range, file));
            return None;
        };
        if depth.saturating_add(anchored.extent.height) > limits.depth {
            if !self.reported {
                self.reported = true;
                found.push(nesting::too_deep(range.in_file(file), limits.depth));
            }
            return None;
        }
        // The alias itself is a node of the text.
        let added = anchored.extent.nodes.saturating_sub(1);
        let spent = self.spent.saturating_add(added);
        if spent > limits.alias_nodes {
            if !self.reported {
                self.reported = true;
                found.push(
                    Diagnostic::new(
                        &ALIAS_EXPANSION,
                        range.in_file(file),
                        format!(
                            "up to here aliases add more than {} values to those written out",
                            limits.alias_nodes
                        ),
                    )
                    .help("write out what is needed instead of nesting aliases"),
                );
            }
            return None;
        }
        self.spent = spent;
        Some((Arc::clone(&anchored.node), anchored.extent))
    }

    fn recursive(&self, id: usize, range: TextRange, file: FileId) -> Diagnostic {
        let found = Diagnostic::new(
            &RECURSIVE_ANCHOR,
            range.in_file(file),
            "the alias stands inside the value it stands for",
        )
        .help("give the alias another anchor, or write the value out");
        match self.declared.get(&id) {
            Some((name, anchor)) => found.label(
                anchor.in_file(file),
                format!("{} begins here", quoted(&format!("&{name}"))),
            ),
            None => found,
        }
    }

    /// Reports an alias of an anchor that was not declared.
    pub(crate) fn unknown(&self, name: &str, range: TextRange, file: FileId) -> Diagnostic {
        let found = Diagnostic::new(
            &UNKNOWN_ANCHOR,
            range.in_file(file),
            format!(
                "no anchor {} stands before this alias",
                quoted(&format!("&{name}"))
            ),
        );
        // The nearest above are searched, so that many typos among many anchors cost little each.
        let names = self.declared.values().rev().take(NAMES_SEARCHED);
        let names = names.map(|(name, _)| name.as_str());
        match did_you_mean(name, names) {
            Some(near) => found.help(format!("did you mean {}?", quoted(&format!("*{near}")))),
            None => found.help("define the anchor before its alias, or quote the text"),
        }
    }
}
