//! The comments of each language, and what each of them speaks of.
//!
//! Invariant: what looks like a comment inside of a string or a block scalar is none.

use diagnostics::{FileId, TextRange};
use yaml::{Kind, Node};

use super::syntax::{self, Directive};
use crate::document::{self, Format};

/// A comment that speaks to the compiler.
pub(super) struct Found {
    pub(super) comment: TextRange,
    pub(super) directive: Directive<TextRange>,
    pub(super) covers: TextRange,
}

/// Those of a Jsonnet program.
pub(super) fn of_jsonnet(text: &str) -> Vec<Found> {
    let comments = crate::check::parse(text).comments;
    let next = |at: usize| {
        let extent = jsonnet_syntax::extent(text, at);
        (!extent.is_empty()).then_some(extent)
    };
    found(text, comments.iter().map(|it| it.range), next)
}

/// Those of a configuration or an action file. JSON has none.
pub(super) fn of_document(format: Format, text: &str) -> Vec<Found> {
    let (comments, roots) = match format {
        Format::Toml => {
            let (root, _) = document::read(format, text, FileId::DETACHED);
            (document::toml_comments(text), root.into_iter().collect())
        }
        // Action files in JSON are read as the YAML that they are.
        Format::Yaml | Format::Json => {
            let documents = yaml::parse(text, FileId::DETACHED).documents;
            let comments = documents.iter().flat_map(|it| &it.comments);
            let comments: Vec<TextRange> = comments.map(|it| it.range).collect();
            let roots: Vec<_> = documents.into_iter().map(|it| it.root).collect();
            (comments, roots)
        }
    };
    let next = |at: usize| {
        let first = first_of_code(text, at)?;
        let node = roots
            .iter()
            .find_map(|root| beginning_at(root, text, first));
        Some(node.unwrap_or_else(|| TextRange::new(first, line_end(text, first))))
    };
    found(text, comments.into_iter(), next)
}

fn found(
    text: &str,
    comments: impl Iterator<Item = TextRange>,
    next: impl Fn(usize) -> Option<TextRange>,
) -> Vec<Found> {
    comments
        .filter_map(|comment| {
            let directive = syntax::read(text, comment)?;
            let start = line_start(text, comment.start as usize);
            let end = line_end(text, comment.end as usize);
            let blank = |range: TextRange| range.of(text).trim().is_empty();
            let alone = blank(TextRange::new(start, comment.start as usize))
                && blank(TextRange::new(comment.end as usize, end));
            let covers = if alone {
                next(end).unwrap_or_else(|| TextRange::empty(end))
            } else {
                TextRange::new(start, end)
            };
            Some(Found {
                comment,
                directive,
                covers,
            })
        })
        .collect()
}

/// The first byte of the next line that is more than a comment.
fn first_of_code(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    for line in text.get(from..)?.split_inclusive('\n') {
        let blanks = line.len() - line.trim_start().len();
        let code = line.trim_start();
        if !code.is_empty() && !code.starts_with('#') {
            return Some(at + blanks);
        }
        at += line.len();
    }
    None
}

/// The entry or item whose first byte is `at`. Recursion is bounded by the depth that readers allow.
fn beginning_at(node: &Node, text: &str, at: usize) -> Option<TextRange> {
    let start = |range: TextRange| range.start as usize;
    match &node.kind {
        Kind::Mapping(mapping) => mapping.entries.iter().find_map(|entry| {
            if start(entry.key.range) == at {
                return Some(entry.key.range.cover(entry.value.range));
            }
            beginning_at(&entry.value, text, at)
        }),
        Kind::Sequence(sequence) => sequence.items.iter().find_map(|item| {
            let dashes = text.get(at..start(item.range));
            let is_dash = |c: char| c == '-' || c.is_whitespace();
            if dashes.is_some_and(|dashes| dashes.chars().all(is_dash)) {
                return Some(TextRange::new(at, item.range.end as usize));
            }
            beginning_at(item, text, at)
        }),
        Kind::Scalar(_) | Kind::Alias(_) => None,
    }
}

fn line_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or("");
    before.rfind('\n').map_or(0, |newline| newline + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    let behind = text.get(at..).unwrap_or("");
    behind.find('\n').map_or(text.len(), |newline| at + newline)
}
