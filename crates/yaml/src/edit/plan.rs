//! The changes as a tree of keys, and what is to be written where nothing stands yet.

use serde_json::Value;

use super::{EditError, Item, SetItems};
use crate::{Sequence, to_json};

/// What is to be done under the root mapping.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    /// By key, in the order of the changes.
    pub(super) under: Vec<(&'a str, Target<'a>)>,
}

/// What is to be done with the value of a key.
#[derive(Debug)]
pub(super) enum Target<'a> {
    /// It is a list to be changed.
    List(&'a [Item]),
    /// It is a mapping with something to be changed below.
    Mapping(Plan<'a>),
}

impl<'a> Plan<'a> {
    /// Collects the changes that bring anything new.
    pub(super) fn new(changes: &'a [SetItems]) -> Result<Self, EditError> {
        let mut plan = Self::default();
        for change in changes {
            let brings_new = change
                .items
                .iter()
                .any(|item| matches!(item, Item::New { .. }));
            if brings_new {
                plan.add(&change.path, &change.items)?;
            }
        }
        Ok(plan)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.under.is_empty()
    }

    fn add(&mut self, path: &'a [String], items: &'a [Item]) -> Result<(), EditError> {
        let clash = || EditError::Guard("two changes have the same or nested paths".to_owned());
        let Some((key, rest)) = path.split_first() else {
            return Err(EditError::Guard("the path of a change is empty".to_owned()));
        };
        let at = match self.under.iter().position(|(known, _)| known == key) {
            Some(_) if rest.is_empty() => return Err(clash()),
            Some(at) => at,
            None if rest.is_empty() => {
                self.under.push((key, Target::List(items)));
                return Ok(());
            }
            None => {
                self.under.push((key, Target::Mapping(Plan::default())));
                self.under.len() - 1
            }
        };
        match self.under.get_mut(at) {
            Some((_, Target::Mapping(plan))) => plan.add(rest, items),
            _ => Err(clash()),
        }
    }
}

/// A value that is written whole.
#[derive(Debug)]
pub(super) enum Content {
    List(Vec<NewItem>),
    Mapping(Vec<(String, Content)>),
}

/// An item with the comments above it.
#[derive(Debug)]
pub(super) struct NewItem {
    pub(super) comments: Vec<String>,
    pub(super) value: Value,
}

impl NewItem {
    /// An item of a change, if it is new.
    pub(super) fn of(item: &Item) -> Option<Self> {
        match item {
            Item::Keep(_) => None,
            Item::New { comments, value } => Some(Self {
                comments: comments
                    .iter()
                    .flat_map(|text| comment_lines(text))
                    .collect(),
                value: value.clone(),
            }),
        }
    }
}

/// What a target becomes where nothing stands that could be kept as text; `kept` are the values
/// of the list it replaces.
pub(super) fn content(target: &Target<'_>, kept: Option<&Sequence>) -> Content {
    match target {
        Target::Mapping(plan) => Content::Mapping(
            plan.under
                .iter()
                .map(|(key, target)| ((*key).to_owned(), content(target, None)))
                .collect(),
        ),
        Target::List(items) => Content::List(
            items
                .iter()
                .filter_map(|item| match item {
                    Item::Keep(index) => Some(NewItem {
                        comments: Vec::new(),
                        value: to_json(kept?.items.get(*index)?),
                    }),
                    item => NewItem::of(item),
                })
                .collect(),
        ),
    }
}

/// The new items of a list by the kept item they stand before; the last are those at its end.
pub(super) fn gaps(items: &[Item]) -> Vec<Vec<NewItem>> {
    let mut gaps = vec![Vec::new()];
    for item in items {
        match (NewItem::of(item), gaps.last_mut()) {
            (Some(item), Some(gap)) => gap.push(item),
            _ => gaps.push(Vec::new()),
        }
    }
    gaps
}

/// A comment as lines that end where every parser thinks they end.
fn comment_lines(text: &str) -> Vec<String> {
    text.split(['\n', '\r'])
        .map(|line| {
            let line: String = line
                .chars()
                .map(|c| {
                    if crate::emit::plain::is_unseen(c) {
                        ' '
                    } else {
                        c
                    }
                })
                .collect();
            match line.trim_end() {
                "" => "#".to_owned(),
                line => format!("# {line}"),
            }
        })
        .collect()
}
