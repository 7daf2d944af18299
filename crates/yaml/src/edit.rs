//! Changes lists of a document and not one byte besides.
//!
//! The text is never written anew. A walk down the tree finds where the new items go and yields
//! splices; these are applied to the text, and the result is read again and must prove itself
//! ([`guard`]): its value is the intended one, computed apart from the text, and everything that
//! was not to be touched is still there. What cannot be proven is an error, and nothing is given.
//!
//! ```
//! use diagnostics::FileId;
//! use yaml::{Item, SetItems, set_items};
//! let text = "after:\n  hooks:\n    - hook: session # last\n";
//! let change = SetItems {
//!     path: vec!["after".to_owned(), "hooks".to_owned()],
//!     items: vec![
//!         Item::New {
//!             comments: vec!["from actions/crm.yaml".to_owned()],
//!             value: serde_json::json!({"hook": "web_hook"}),
//!         },
//!         Item::Keep(0),
//!     ],
//! };
//! assert_eq!(
//!     set_items(text, FileId::DETACHED, &[change]).unwrap(),
//!     "after:\n  hooks:\n    # from actions/crm.yaml\n    - hook: web_hook\n    - hook: session # last\n"
//! );
//! ```

mod anchors;
mod block;
mod flow;
mod guard;
mod intent;
mod place;
mod plan;
mod splice;
mod style;
mod walk;

use diagnostics::{Diagnostic, FileId, TextRange};
use serde_json::Value;

use crate::{YAML_SYNTAX, parse, to_json};

/// What a list of the document shall hold.
#[derive(Clone, Debug, PartialEq)]
pub struct SetItems {
    /// The keys from the root mapping to the list.
    pub path: Vec<String>,
    /// The items: all that are there now, in their order, and new ones anywhere between them.
    pub items: Vec<Item>,
}

/// One item of a list that is to be written.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// The item that is at this index now, aliases followed and merge keys applied.
    Keep(usize),
    /// An item that is not there yet.
    New {
        /// What is said above it, a line each, without `#`.
        comments: Vec<String>,
        /// The item.
        value: Value,
    },
}

/// Why a list was not changed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EditError {
    /// Something on the path is neither a mapping nor null.
    #[error("{found} stands where a mapping is expected")]
    NotAMapping {
        /// The value that is in the way.
        at: TextRange,
        /// Its kind in words.
        found: &'static str,
    },
    /// The path ends at something that is neither a list nor null.
    #[error("{found} stands where a list is expected")]
    NotAList {
        /// The value that is in the way.
        at: TextRange,
        /// Its kind in words.
        found: &'static str,
    },
    /// The change would show in another place too, since an alias or a merge key shares the value.
    #[error("the list is part of an anchored value that an alias uses elsewhere")]
    AliasInTheWay {
        /// The alias.
        at: TextRange,
        /// The anchor of the shared value.
        defined: TextRange,
    },
    /// The file ends inside a block scalar whose value a further line would change.
    #[error("the last line of the file belongs to a block scalar and has no line end")]
    NoFinalLineBreak {
        /// The scalar.
        at: TextRange,
    },
    /// The text is not one readable document.
    #[error("the text is not one readable YAML document")]
    Unreadable(Vec<Diagnostic>),
    /// The result did not prove to be what was asked for, or what was asked for makes no sense.
    #[error("the change cannot be made safely: {0}")]
    Guard(String),
}

/// Gives the text with its lists changed; every other byte is the same.
///
/// Lists and mappings on the way that are missing, null or empty are made. A list that is an alias
/// or comes from a merge key becomes one of its own.
///
/// # Errors
///
/// See [`EditError`]; the text is never changed in part.
pub fn set_items(text: &str, file: FileId, changes: &[SetItems]) -> Result<String, EditError> {
    let parsed = parse(text, file);
    if !parsed.diagnostics.is_empty() {
        return Err(EditError::Unreadable(parsed.diagnostics));
    }
    let root = match parsed.documents.as_slice() {
        [document] => &document.root,
        documents => return Err(several_documents(documents, file)),
    };
    let before = to_json(root);
    let intended = intent::apply(&before, changes)?;
    let plan = plan::Plan::new(changes)?;
    if plan.is_empty() {
        return Ok(text.to_owned());
    }
    let walked = walk::walk(text, root, &plan)?;
    let after = splice::apply(text, &walked.splices)
        .ok_or_else(|| EditError::Guard("the edits overlap".to_owned()))?;
    match guard::check(text, &parsed, &after, &intended, changes, &walked) {
        Ok(()) => Ok(after),
        Err(guard::Objection::OtherValue) if let Some(shared) = walked.shared => {
            Err(EditError::AliasInTheWay {
                at: shared.alias,
                defined: shared.anchor,
            })
        }
        Err(objection) => Err(EditError::Guard(objection.to_string())),
    }
}

fn several_documents(documents: &[crate::Document], file: FileId) -> EditError {
    let second = documents
        .get(1)
        .map_or_else(TextRange::default, |it| it.root.range);
    EditError::Unreadable(vec![Diagnostic::new(
        &YAML_SYNTAX,
        second.in_file(file),
        format!("the file holds {} documents, expected one", documents.len()),
    )])
}
