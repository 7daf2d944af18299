//! Down the tree to the lists, deciding at each key what has to be written.

use diagnostics::TextRange;

use super::{
    EditError,
    anchors::{Aliases, Shared},
    plan::{Content, Plan, Target, content, gaps},
    splice::{self, Splice},
    style::{self, Samples},
};
use crate::{Entry, Kind, Mapping, Node, View, emit::Quotes};

/// What the walk came to.
#[derive(Debug)]
pub(super) struct Walked {
    /// The edits, in the order of the text.
    pub(super) splices: Vec<Splice>,
    /// An anchored value that the edits lie in, if an alias uses it elsewhere.
    pub(super) shared: Option<Shared>,
    /// The aliases that are not replaced.
    pub(super) aliases: Vec<TextRange>,
    /// How many comment lines are written.
    pub(super) comments: usize,
}

/// Finds the edits that carry out a plan.
pub(super) fn walk(text: &str, root: &Node, plan: &Plan<'_>) -> Result<Walked, EditError> {
    let mut walker = Walker {
        text,
        samples: Samples::of(text, root),
        aliases: Aliases::of(root),
        passed: Vec::new(),
        splices: Vec::new(),
        comments: 0,
    };
    walker.root(root, plan)?;
    let mut splices = walker.splices;
    splice::sort(&mut splices);
    check_end(text, root, &splices)?;
    Ok(Walked {
        splices,
        shared: walker.aliases.shared(&walker.passed),
        aliases: walker.aliases.staying().collect(),
        comments: walker.comments,
    })
}

/// The walk, with the edits found so far.
pub(super) struct Walker<'a> {
    pub(super) text: &'a str,
    pub(super) samples: Samples,
    aliases: Aliases<'a>,
    /// Every node that an edit lies in.
    passed: Vec<&'a Node>,
    splices: Vec<Splice>,
    pub(super) comments: usize,
}

/// Where a walk has come to.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    /// The mapping.
    pub(super) node: &'a Node,
    /// How many keys lie above.
    pub(super) depth: usize,
    /// How strings are quoted here.
    pub(super) quotes: Quotes,
}

impl<'a> Walker<'a> {
    pub(super) fn splice(&mut self, range: (usize, usize), depth: usize, text: String) {
        let (start, end) = range;
        self.splices.push(Splice {
            start,
            end,
            text,
            depth,
        });
    }

    fn root(&mut self, root: &'a Node, plan: &Plan<'_>) -> Result<(), EditError> {
        let at = At {
            node: root,
            depth: 0,
            quotes: Quotes::WhereNeeded,
        };
        match &root.kind {
            Kind::Mapping(mapping) if !self.is_bare(root, mapping.entries.is_empty()) => {
                self.mapping(at, mapping, plan)
            }
            Kind::Mapping(_) | Kind::Scalar(_)
                if matches!(root.view(), View::Mapping(_) | View::Null) =>
            {
                self.passed.push(root);
                let entries = plan
                    .under
                    .iter()
                    .map(|(key, target)| ((*key).to_owned(), content(target, None)))
                    .collect();
                self.replace_root(root, &Content::Mapping(entries));
                Ok(())
            }
            _ => Err(EditError::NotAMapping {
                at: root.range,
                found: root.view().kind_name(),
            }),
        }
    }

    /// Whether an empty flow collection holds nothing to be kept, so that block style may take
    /// its place.
    fn is_bare(&self, node: &Node, is_empty: bool) -> bool {
        is_empty && !node.range.of(self.text).contains(['\n', '\r'])
    }

    fn mapping(
        &mut self,
        at: At<'a>,
        mapping: &'a Mapping,
        plan: &Plan<'_>,
    ) -> Result<(), EditError> {
        self.passed.push(at.node);
        let at = At {
            quotes: style::quotes(mapping)
                .filter(|_| mapping.flow)
                .unwrap_or(at.quotes),
            ..at
        };
        let mut missing = Vec::new();
        for (key, target) in &plan.under {
            match mapping.own(key) {
                Some(entry) => self.entry(at, mapping, entry, target)?,
                None => missing.push(((*key).to_owned(), absent(mapping, key, target)?)),
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        if mapping.flow {
            self.append_flow_entries(at, mapping, &missing)
        } else {
            self.append_entries(at, &missing);
            Ok(())
        }
    }

    fn entry(
        &mut self,
        at: At<'a>,
        mapping: &'a Mapping,
        entry: &'a Entry,
        target: &Target<'_>,
    ) -> Result<(), EditError> {
        match target {
            Target::List(_) => self.list(at, mapping, entry, target),
            Target::Mapping(plan) => self.inner(at, mapping, entry, (target, plan)),
        }
    }

    fn list(
        &mut self,
        at: At<'a>,
        mapping: &'a Mapping,
        entry: &'a Entry,
        target: &Target<'_>,
    ) -> Result<(), EditError> {
        let value = &*entry.value;
        let Target::List(items) = target else {
            return Ok(());
        };
        match (&value.kind, value.view()) {
            (Kind::Alias(_), View::Sequence(kept)) => {
                self.aliases.replace(value.range);
                self.replace(at, mapping, entry, &content(target, Some(kept)))
            }
            (Kind::Alias(_), View::Null) => {
                self.aliases.replace(value.range);
                self.replace(at, mapping, entry, &content(target, None))
            }
            (Kind::Sequence(sequence), _) => {
                self.passed.push(value);
                if self.is_bare(value, sequence.items.is_empty()) && !mapping.flow {
                    self.replace(at, mapping, entry, &content(target, None))
                } else if sequence.flow {
                    self.insert_in_flow(at, value, sequence, gaps(items))
                } else {
                    self.insert_in_block(at, entry, sequence, gaps(items))
                }
            }
            (_, View::Null) => {
                self.passed.push(value);
                self.replace(at, mapping, entry, &content(target, None))
            }
            (_, found) => Err(EditError::NotAList {
                at: value.range,
                found: found.kind_name(),
            }),
        }
    }

    fn inner(
        &mut self,
        at: At<'a>,
        mapping: &'a Mapping,
        entry: &'a Entry,
        (target, plan): (&Target<'_>, &Plan<'_>),
    ) -> Result<(), EditError> {
        let value = &*entry.value;
        match (&value.kind, value.view()) {
            (Kind::Alias(alias), View::Mapping(_) | View::Null) => Err(EditError::AliasInTheWay {
                at: value.range,
                defined: alias
                    .target
                    .as_ref()
                    .and_then(|target| target.anchor)
                    .unwrap_or(value.range),
            }),
            (Kind::Mapping(inner), _)
                if mapping.flow || !self.is_bare(value, inner.entries.is_empty()) =>
            {
                let below = At {
                    node: value,
                    depth: at.depth + 1,
                    ..at
                };
                self.mapping(below, inner, plan)
            }
            (Kind::Mapping(_), _) | (_, View::Null) => {
                self.passed.push(value);
                self.replace(at, mapping, entry, &content(target, None))
            }
            (_, found) => Err(EditError::NotAMapping {
                at: value.range,
                found: found.kind_name(),
            }),
        }
    }

    fn replace(
        &mut self,
        at: At<'a>,
        mapping: &Mapping,
        entry: &Entry,
        content: &Content,
    ) -> Result<(), EditError> {
        if mapping.flow {
            self.replace_in_flow(at, entry, content);
        } else {
            self.replace_in_block(at, entry, content);
        }
        Ok(())
    }
}

/// What is written for a key that a mapping does not have itself.
fn absent(mapping: &Mapping, key: &str, target: &Target<'_>) -> Result<Content, EditError> {
    let Some(merged) = mapping.get(key) else {
        return Ok(content(target, None));
    };
    match (target, merged.value.view()) {
        (_, View::Null) => Ok(content(target, None)),
        (Target::List(_), View::Sequence(kept)) => Ok(content(target, Some(kept))),
        (Target::List(_), found) => Err(EditError::NotAList {
            at: merged.value.range,
            found: found.kind_name(),
        }),
        (Target::Mapping(_), View::Mapping(_)) => {
            let (at, defined) = merge_of(mapping, key).unwrap_or_default();
            Err(EditError::AliasInTheWay { at, defined })
        }
        (Target::Mapping(_), found) => Err(EditError::NotAMapping {
            at: merged.value.range,
            found: found.kind_name(),
        }),
    }
}

/// Which value of a merge key brings a key in, and where that value is defined.
fn merge_of(mapping: &Mapping, key: &str) -> Option<(TextRange, TextRange)> {
    mapping
        .entries
        .iter()
        .filter(|entry| entry.is_merge())
        .flat_map(|entry| match &entry.value.kind {
            Kind::Sequence(sequence) => sequence.items.iter().collect(),
            _ => vec![&entry.value],
        })
        .find(|node| node.get(key).is_some())
        .map(|node| {
            let target = node.target().unwrap_or(node);
            (node.range, target.anchor.unwrap_or(target.range))
        })
}

/// A line behind a block scalar that ends with the file would give that scalar a line feed.
fn check_end(text: &str, root: &Node, splices: &[Splice]) -> Result<(), EditError> {
    if text.ends_with(['\n', '\r']) || splices.last().is_none_or(|it| it.end < text.len()) {
        return Ok(());
    }
    let mut last = root;
    loop {
        let child = match &last.kind {
            Kind::Sequence(sequence) => sequence.items.last(),
            Kind::Mapping(mapping) => mapping.entries.last().map(|entry| &entry.value),
            _ => None,
        };
        match child {
            Some(child) => last = child,
            None => break,
        }
    }
    let written = last.range.of(text);
    let indicators = written
        .trim_start_matches(['|', '>'])
        .split(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '+'))
        .next()
        .unwrap_or("");
    let open = !indicators.contains('-')
        && written.contains(['\n', '\r'])
        && last.range.end as usize == text.len();
    if open && matches!(&last.kind, Kind::Scalar(scalar) if scalar.style.is_block()) {
        return Err(EditError::NoFinalLineBreak { at: last.range });
    }
    Ok(())
}
