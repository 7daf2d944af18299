//! YAML as a tree that keeps spans and comments, a strict emitter, and a lossless edit.
//!
//! The only crate that names a YAML library. The tree itself is neutral: a reader of JSON or TOML
//! may build it too, so that what stands above reads every format alike.
//!
//! Start with [`Node`] and [`Node::view`].

mod tree;

pub use tree::{
    Alias, Comment, Document, Entry, Kind, Mapping, Node, Resolved, Scalar, Sequence, Style, View,
};
