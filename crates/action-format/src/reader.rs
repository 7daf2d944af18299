//! What every reader of this crate needs: the file it reads, and a place for findings.
//!
//! Invariants of all readers below:
//! - a value is given only if nothing is wrong with it; what is wrong has been reported, once;
//! - findings that follow from another one are left out: a misspelt field is not also missing.

mod choice;
mod edits;
mod fields;
mod literal;
mod not_built;
mod values;

use diagnostics::{Diagnostic, FileId, Span, TextRange};
use yaml::Node;

pub use choice::{UNKNOWN_FLOW, UNKNOWN_HOOK, UNKNOWN_METHOD, UNKNOWN_TIMING, UNKNOWN_VALUE};
pub(crate) use choice::{alternatives, choose};
pub(crate) use edits::{removal, rewording};
pub(crate) use fields::{Field, Fields, Nearby};
pub use fields::{MISSING_FIELD, UNKNOWN_FIELD};
pub(crate) use literal::literal;
pub use not_built::FEATURE_NOT_BUILT;
pub(crate) use not_built::{refuse, refuse_fields};
pub(crate) use values::name_problem;
pub use values::{EMPTY_VALUE, INVALID_NAME, WRONG_TYPE};

/// One file being read.
pub(crate) struct Reader<'t> {
    text: &'t str,
    file: FileId,
    diagnostics: Vec<Diagnostic>,
    errors: usize,
}

impl<'t> Reader<'t> {
    pub(crate) fn new(text: &'t str, file: FileId) -> Self {
        Self {
            text,
            file,
            diagnostics: Vec::new(),
            errors: 0,
        }
    }

    /// The text of the file.
    pub(crate) fn text(&self) -> &'t str {
        self.text
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.errors += usize::from(diagnostic.is_error());
        self.diagnostics.push(diagnostic);
    }

    /// How many errors were reported so far: what is read between two equal answers is complete.
    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    pub(crate) fn span(&self, range: TextRange) -> Span {
        range.in_file(self.file)
    }

    pub(crate) fn place(&self, node: &Node) -> Span {
        self.span(node.range)
    }

    /// The place of a part of a scalar's decoded text, given in bytes of that text.
    pub(crate) fn inside(&self, node: &Node, part: std::ops::Range<usize>) -> Span {
        let part = TextRange::new(part.start, part.end);
        self.span(yaml::offset_map(node, self.text).to_file(part))
    }

    pub(crate) fn finish(self) -> Vec<Diagnostic> {
        self.diagnostics
    }
}
