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

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use diagnostics::{Diagnostic, FileId, Span, TextRange};
use yaml::{Kind, Node, Resolved};

use crate::Read;

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
    /// What the YAML parser found, and whether it read the text to its end.
    parsed: (Vec<Diagnostic>, bool),
}

impl<'t> Reader<'t> {
    /// Parses a file and gives its documents that hold something.
    ///
    /// There are none behind a syntax error: what the text misses cannot be said, and what stands
    /// before the error may have been read as something else than it was meant for.
    pub(crate) fn open(text: &'t str, file: FileId) -> (Self, Option<Vec<Arc<Node>>>) {
        let parsed = yaml::parse(text, file);
        let documents = parsed.documents.into_iter().map(|document| document.root);
        let documents = parsed
            .complete
            .then(|| documents.filter(|root| !is_nothing(root)).collect());
        let reader = Self {
            text,
            file,
            diagnostics: Vec::new(),
            errors: 0,
            parsed: (parsed.diagnostics, parsed.complete),
        };
        (reader, documents)
    }

    /// Puts together what the parser found and what was found since.
    pub(crate) fn finish<T>(self, value: T) -> Read<T> {
        let (mut diagnostics, whole) = self.parsed;
        let broken = diagnostics.iter().any(Diagnostic::is_error);
        // A value that the parser could not make out is null to us, and has been reported.
        let known: BTreeSet<TextRange> = diagnostics.iter().map(|it| it.primary.range).collect();
        let new = |it: &Diagnostic| !known.contains(&it.primary.range);
        diagnostics.extend(self.diagnostics.into_iter().filter(new));
        Read {
            value,
            diagnostics,
            complete: whole && !broken && self.errors == 0,
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
    pub(crate) fn inside(&self, node: &Node, part: Range<usize>) -> Span {
        let part = TextRange::new(part.start, part.end);
        self.span(yaml::offset_map(node, self.text).to_file(part))
    }
}

/// Whether a document holds nothing, as one behind a last `---`.
fn is_nothing(root: &Node) -> bool {
    let Kind::Scalar(scalar) = &root.kind else {
        return false;
    };
    scalar.text.is_empty() && scalar.resolved == Resolved::Null
}
