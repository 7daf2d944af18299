//! Text to tree: [`parse`] never fails, it reports.
//!
//! Invariants:
//! - every file has at least one document, so that its comments have a home; an empty one is null;
//! - time and memory are linear in the text, whatever aliases or nesting it holds;
//! - diagnostics are sorted by place.

mod alias;
mod build;
pub(crate) mod gap;
mod keys;
mod merge;
mod nesting;
mod resolve;
mod syntax;

pub use alias::{ALIAS_EXPANSION, RECURSIVE_ANCHOR, UNKNOWN_ANCHOR};
pub use keys::DUPLICATE_KEY;
pub use merge::BAD_MERGE;
pub use nesting::NESTING_TOO_DEEP;
pub use syntax::YAML_SYNTAX;

use diagnostics::{Diagnostic, FileId};

use crate::Document;

/// A file as it was read.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The documents, at least one.
    pub documents: Vec<Document>,
    /// What is wrong with the text, by place.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the text was read to its end. If not, the last document lacks what stands behind
    /// the reported place, and nothing can be said about what it misses.
    pub complete: bool,
}

/// How much a text may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How deep lists and mappings may be nested, aliases followed.
    pub depth: usize,
    /// How many values the aliases of a document may stand for, beyond those in its text.
    pub alias_nodes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 128,
            alias_nodes: 100_000,
        }
    }
}

/// Reads a YAML text within the default [`Limits`].
///
/// ```
/// use diagnostics::FileId;
/// let parsed = yaml::parse("name: welcome\nname: again\n", FileId::DETACHED);
/// assert_eq!(parsed.documents[0].root.get("name").unwrap().as_str(), Some("welcome"));
/// assert_eq!(parsed.diagnostics[0].rule.code, "duplicate-key");
/// ```
#[must_use]
pub fn parse(text: &str, file: FileId) -> Parsed {
    parse_with(text, file, Limits::default())
}

/// Reads a YAML text within limits.
#[must_use]
pub fn parse_with(text: &str, file: FileId, limits: Limits) -> Parsed {
    build::build(text, file, limits)
}

/// A piece of the text inside a message: on one line, in backticks, not too long.
fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut shown = String::from("`");
    for (count, c) in text.chars().enumerate() {
        if count == LONGEST {
            shown.push('…');
            break;
        }
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown.push('`');
    shown
}
