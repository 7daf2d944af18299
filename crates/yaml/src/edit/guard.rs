//! The proof that an edit did what was asked for, and nothing else.
//!
//! The result is read anew and compared with the text before and with the intended value, which
//! was computed on values and knows nothing of the text.

use diagnostics::{FileId, TextRange};
use serde_json::Value;

use super::{Item, SetItems, walk::Walked};
use crate::{Kind, Node, Parsed, Sequence, parse, same_value, to_json};

/// What speaks against a result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Objection {
    #[error("the result is not readable: {0}")]
    Unreadable(String),
    #[error("the result has another value than intended")]
    OtherValue,
    #[error("text would be lost")]
    LostText,
    #[error("a comment would be lost")]
    LostComment,
    #[error("an anchor or alias would be lost")]
    LostAnchor,
    #[error("a kept item would be changed")]
    ChangedItem,
}

/// Compares the text before and after.
pub(super) fn check(
    text: &str,
    before: &Parsed,
    after: &str,
    intended: &Value,
    changes: &[SetItems],
    walked: &Walked,
) -> Result<(), Objection> {
    let result = parse(after, FileId::DETACHED);
    if let Some(found) = result.diagnostics.first() {
        return Err(Objection::Unreadable(found.message.clone()));
    }
    let ([old], [new]) = (before.documents.as_slice(), result.documents.as_slice()) else {
        return Err(Objection::Unreadable("it is not one document".to_owned()));
    };
    if !same_value(&to_json(&new.root), intended) {
        return Err(Objection::OtherValue);
    }
    check_text(text, after, walked)?;
    let comments = |parsed: &Parsed| -> Vec<String> {
        let documents = parsed.documents.iter();
        documents
            .flat_map(|document| &document.comments)
            .map(|comment| comment.text.trim_end().to_owned())
            .collect()
    };
    let (old_comments, new_comments) = (comments(before), comments(&result));
    if new_comments.len() != old_comments.len() + walked.comments
        || !is_subsequence(&old_comments, &new_comments)
    {
        return Err(Objection::LostComment);
    }
    check_anchors((text, &old.root), (after, &new.root), &walked.aliases)?;
    changes
        .iter()
        .all(|change| items_are_kept((text, &old.root), (after, &new.root), change))
        .then_some(())
        .ok_or(Objection::ChangedItem)
}

/// Everything but what was written is there, in its order; what is gone is a value without
/// content.
fn check_text(text: &str, after: &str, walked: &Walked) -> Result<(), Objection> {
    let mut rest = after;
    let mut done = 0;
    for splice in &walked.splices {
        let kept = text.get(done..splice.start).ok_or(Objection::LostText)?;
        let gone = text
            .get(splice.start..splice.end)
            .ok_or(Objection::LostText)?;
        rest = rest
            .strip_prefix(kept)
            .and_then(|rest| rest.strip_prefix(splice.text.as_str()))
            .ok_or(Objection::LostText)?;
        if !is_empty_value(gone) {
            return Err(Objection::LostText);
        }
        done = splice.end;
    }
    if text.get(done..) == Some(rest) {
        Ok(())
    } else {
        Err(Objection::LostText)
    }
}

/// Whether a text is nothing, null, an empty collection, an alias or a tag.
fn is_empty_value(text: &str) -> bool {
    let text = text.trim();
    let inside = |open: char, close: char| {
        text.strip_prefix(open)
            .and_then(|text| text.strip_suffix(close))
            .is_some_and(|text| text.trim().is_empty())
    };
    let is_word = !text.contains([' ', '\t', '\n', '\r']);
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
        || inside('[', ']')
        || inside('{', '}')
        || (is_word && text.starts_with(['*', '!']))
}

fn is_subsequence(part: &[String], whole: &[String]) -> bool {
    let mut whole = whole.iter();
    part.iter().all(|wanted| whole.any(|found| found == wanted))
}

fn check_anchors(
    (text, old): (&str, &Node),
    (after, new): (&str, &Node),
    staying: &[TextRange],
) -> Result<(), Objection> {
    let (mut before, mut behind) = (Vec::new(), Vec::new());
    marks(old, text, Some(staying), &mut before);
    marks(new, after, None, &mut behind);
    if before == behind {
        Ok(())
    } else {
        Err(Objection::LostAnchor)
    }
}

/// Anchors and aliases as written, in order.
fn marks<'t>(node: &Node, text: &'t str, staying: Option<&[TextRange]>, found: &mut Vec<&'t str>) {
    found.extend(node.anchor.map(|anchor| anchor.of(text)));
    match &node.kind {
        Kind::Alias(_) => {
            if staying.is_none_or(|staying| staying.binary_search(&node.range).is_ok()) {
                found.push(node.range.of(text));
            }
        }
        Kind::Scalar(_) => {}
        Kind::Sequence(sequence) => {
            for item in &sequence.items {
                marks(item, text, staying, found);
            }
        }
        Kind::Mapping(mapping) => {
            for entry in &mapping.entries {
                marks(&entry.key, text, staying, found);
                marks(&entry.value, text, staying, found);
            }
        }
    }
}

/// Whether each kept item is written as it was, where the list was written out before.
fn items_are_kept(
    (text, old): (&str, &Node),
    (after, new): (&str, &Node),
    change: &SetItems,
) -> bool {
    let (Some(old), Some(new)) = (own_list(old, &change.path), own_list(new, &change.path)) else {
        return true;
    };
    change.items.iter().zip(&new.items).all(|(item, found)| {
        let Item::Keep(index) = item else {
            return true;
        };
        old.items
            .get(*index)
            .is_some_and(|kept| kept.range.of(text) == found.range.of(after))
    })
}

/// The list at a path, if no alias and no merge key leads to it.
fn own_list<'a>(root: &'a Node, path: &[String]) -> Option<&'a Sequence> {
    let list = path.iter().try_fold(root, |node, key| match &node.kind {
        Kind::Mapping(mapping) => mapping.own(key).map(|entry| &*entry.value),
        _ => None,
    })?;
    match &list.kind {
        Kind::Sequence(sequence) => Some(sequence),
        _ => None,
    }
}
