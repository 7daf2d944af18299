//! The tree: nodes with spans, aliases shared and not expanded.
//!
//! Invariants:
//! - every range is one of the file the tree was read from;
//! - an alias points to the very node its anchor stands on, so a tree is as large as its text,
//!   whatever the aliases would expand to; a recursive alias has no target;
//! - [`crate::Limits`] hold for the tree with its aliases followed: a walk that follows them (as
//!   [`Node::view`] and [`Mapping::get`] do) ends after bounded depth and work, and so does the
//!   drop of the tree;
//! - a mapping keeps all its entries in order, duplicates and merge keys included; [`Mapping::get`]
//!   applies YAML's merge rule (own keys first, then merged mappings from first to last).

use std::sync::Arc;

use diagnostics::TextRange;

/// One document of a file.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its top node; null for an empty document.
    pub root: Arc<Node>,
    /// Everything from its first to its last byte.
    pub range: TextRange,
    /// Its comments, in order.
    pub comments: Vec<Comment>,
}

/// A comment, from its `#` to the end of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The text behind the `#`, as written.
    pub text: String,
    /// The place, `#` included.
    pub range: TextRange,
}

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// The place of the value, without tag and anchor. Empty where a value is missing: behind the
    /// `:` or `-` that announces it. A block scalar begins at its `|` or `>`; a block collection
    /// at its first key or `-`, and ends with its last value.
    pub range: TextRange,
    /// The place of `&name`, when the node is anchored.
    pub anchor: Option<TextRange>,
    /// The place of `!tag`, when the node is tagged. Core tags are already applied to
    /// [`Scalar::resolved`]; other tags change nothing.
    pub tag: Option<TextRange>,
    /// What it is.
    pub kind: Kind,
}

/// What a node is, as written.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A scalar.
    Scalar(Scalar),
    /// A sequence.
    Sequence(Sequence),
    /// A mapping.
    Mapping(Mapping),
    /// `*name`.
    Alias(Alias),
}

/// A scalar: its decoded text, how it was written, and what YAML takes it for.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// The decoded text.
    pub text: String,
    /// How it was written.
    pub style: Style,
    /// What the core schema (YAML 1.2) or an explicit core tag makes of it.
    pub resolved: Resolved,
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

impl Style {
    /// Whether the text stands on lines of its own below the indicator.
    #[must_use]
    pub fn is_block(self) -> bool {
        matches!(self, Self::Literal | Self::Folded)
    }
}

/// What a scalar stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Resolved {
    /// Null: `~`, `null` or nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number, and whole numbers beyond 64 bits.
    Float(f64),
    /// Text: [`Scalar::text`].
    String,
}

/// A sequence.
#[derive(Clone, Debug)]
pub struct Sequence {
    /// The elements.
    pub items: Vec<Arc<Node>>,
    /// Whether it was written in brackets.
    pub flow: bool,
}

/// A mapping.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// The entries as written: duplicates and merge keys (`<<`) are among them.
    pub entries: Vec<Entry>,
    /// Whether it was written in braces.
    pub flow: bool,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Arc<Node>,
    /// The value.
    pub value: Arc<Node>,
}

/// A reference to an anchored node.
#[derive(Clone, Debug)]
pub struct Alias {
    /// The node the anchor stands on; `None` when the alias lies inside it or no such anchor
    /// exists (both reported).
    pub target: Option<Arc<Node>>,
}

/// A node as its reader sees it: aliases followed, scalars resolved.
#[derive(Clone, Copy, Debug)]
pub enum View<'a> {
    /// Null, and what a broken alias stands for.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text; the scalar says how it was written.
    String(&'a str),
    /// A sequence.
    Sequence(&'a Sequence),
    /// A mapping.
    Mapping(&'a Mapping),
}

impl View<'_> {
    /// The kind in words, for messages: `a string`, `a mapping`.
    #[must_use]
    pub fn kind_name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) => "an integer",
            Self::Float(_) => "a number",
            Self::String(_) => "a string",
            Self::Sequence(_) => "a list",
            Self::Mapping(_) => "a mapping",
        }
    }
}

impl Node {
    /// A node without an anchor and a tag.
    #[must_use]
    pub fn new(range: TextRange, kind: Kind) -> Self {
        Self {
            range,
            anchor: None,
            tag: None,
            kind,
        }
    }

    /// The null node at a place, for what is missing.
    #[must_use]
    pub fn null(range: TextRange) -> Self {
        Self::new(
            range,
            Kind::Scalar(Scalar {
                text: String::new(),
                style: Style::Plain,
                resolved: Resolved::Null,
            }),
        )
    }

    /// The node itself, or what it is an alias of. `None` for a broken alias.
    #[must_use]
    pub fn target(&self) -> Option<&Node> {
        match &self.kind {
            // An anchor never stands on an alias (YAML 1.2, 7.1), so one step is enough.
            Kind::Alias(alias) => alias.target.as_deref(),
            _ => Some(self),
        }
    }

    /// The node as its reader sees it.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        match self.target().map(|node| &node.kind) {
            Some(Kind::Scalar(scalar)) => match scalar.resolved {
                Resolved::Null => View::Null,
                Resolved::Bool(value) => View::Bool(value),
                Resolved::Integer(value) => View::Integer(value),
                Resolved::Float(value) => View::Float(value),
                Resolved::String => View::String(&scalar.text),
            },
            Some(Kind::Sequence(sequence)) => View::Sequence(sequence),
            Some(Kind::Mapping(mapping)) => View::Mapping(mapping),
            Some(Kind::Alias(_)) | None => View::Null,
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self.view() {
            View::String(text) => Some(text),
            _ => None,
        }
    }

    /// The scalar behind the node, aliases followed.
    #[must_use]
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.target()?.kind {
            Kind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.view() {
            View::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The mapping.
    #[must_use]
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match self.view() {
            View::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The sequence.
    #[must_use]
    pub fn as_sequence(&self) -> Option<&Sequence> {
        match self.view() {
            View::Sequence(sequence) => Some(sequence),
            _ => None,
        }
    }

    /// The value under a key of a mapping, merge keys applied.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Arc<Node>> {
        self.as_mapping()?.get(key).map(|entry| &entry.value)
    }

    /// The value at a path of keys.
    #[must_use]
    pub fn at<'a>(&'a self, path: &[&str]) -> Option<&'a Node> {
        path.iter()
            .try_fold(self, |node, key| node.get(key).map(|child| &**child))
    }
}

impl Entry {
    /// The key's text, when it is a scalar.
    #[must_use]
    pub fn key_text(&self) -> Option<&str> {
        self.key.as_scalar().map(|scalar| scalar.text.as_str())
    }

    /// Whether this is `<<`, unquoted.
    #[must_use]
    pub fn is_merge(&self) -> bool {
        matches!(&self.key.kind, Kind::Scalar(scalar) if scalar.style == Style::Plain && scalar.text == "<<")
    }
}

impl Mapping {
    /// The entry of a key: the mapping's own, else that of the first merged mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.own(key)
            .or_else(|| self.merged().find_map(|mapping| mapping.get(key)))
    }

    /// The mapping's own entry of a key, merge keys not applied.
    #[must_use]
    pub fn own(&self, key: &str) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| !entry.is_merge() && entry.key_text() == Some(key))
    }

    /// The mappings that `<<` brings in, in order of precedence.
    pub fn merged(&self) -> impl Iterator<Item = &Mapping> {
        self.entries
            .iter()
            .filter(|entry| entry.is_merge())
            .flat_map(|entry| match entry.value.view() {
                View::Mapping(mapping) => vec![mapping],
                View::Sequence(sequence) => sequence
                    .items
                    .iter()
                    .filter_map(|item| item.as_mapping())
                    .collect(),
                _ => Vec::new(),
            })
    }

    /// Every key that the mapping has, once, merge keys applied: its own first.
    #[must_use]
    pub fn effective(&self) -> Vec<&Entry> {
        let mut seen = std::collections::BTreeSet::new();
        let mut entries = Vec::new();
        self.collect(&mut seen, &mut entries);
        entries
    }

    fn collect<'a>(
        &'a self,
        seen: &mut std::collections::BTreeSet<&'a str>,
        entries: &mut Vec<&'a Entry>,
    ) {
        for entry in self.entries.iter().filter(|entry| !entry.is_merge()) {
            if entry.key_text().is_none_or(|key| seen.insert(key)) {
                entries.push(entry);
            }
        }
        for mapping in self.merged() {
            mapping.collect(seen, entries);
        }
    }
}
