//! YAML as a tree that keeps spans and comments, a strict emitter, and a lossless edit.
//!
//! The only crate that names a YAML library. The tree itself is neutral: a reader of JSON or TOML
//! may build it too, so that what stands above reads every format alike.
//!
//! Invariants:
//! - reading is total: every text gives a tree and diagnostics, in linear time, whatever it holds;
//! - every range is one of bytes of the file, and positions inside scalars are exact or the whole
//!   scalar;
//! - what is written reads back as the same value in every YAML parser;
//! - an edit proves itself: the intended value, every other byte as it was, or an error.
//!
//! Start with [`parse()`], [`Node`] and [`Node::view`].

mod tree;

mod parse;

mod json;
mod offset_map;

pub mod emit;

mod edit;

pub use edit::{EditError, Item, SetItems, set_items};
pub use json::{same_value, to_json};
pub use offset_map::{OffsetMap, offset_map};
pub use parse::{
    ALIAS_EXPANSION, BAD_MERGE, DUPLICATE_KEY, Limits, NESTING_TOO_DEEP, Parsed, RECURSIVE_ANCHOR,
    UNKNOWN_ANCHOR, YAML_SYNTAX, parse, parse_with,
};
pub use tree::{
    Alias, Comment, Document, Entry, Kind, Mapping, Node, Resolved, Scalar, Sequence, Style, View,
};

/// Every rule of this crate.
pub static RULES: &[&diagnostics::Rule] = &[
    &ALIAS_EXPANSION,
    &BAD_MERGE,
    &DUPLICATE_KEY,
    &NESTING_TOO_DEEP,
    &RECURSIVE_ANCHOR,
    &UNKNOWN_ANCHOR,
    &YAML_SYNTAX,
];
