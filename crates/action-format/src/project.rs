//! What the project file says.
//!
//! Invariant: what is absent is `None` or empty, so that a flag, an environment variable or the
//! default can decide; paths are as written, relative to the project file, and never empty.

use diagnostics::{Level, Span};
use indexmap::IndexMap;
use kratos::{Method, ReleaseMatch};

use crate::Spanned;

/// The project file, `actionc.yaml`.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// The target release.
    pub kratos: Option<Target>,
    /// The folder of the action files.
    pub actions: Option<Spanned<String>>,
    /// The configuration that the hooks are merged into.
    pub base: Option<Spanned<String>>,
    /// Where the result is written.
    pub out: Option<Spanned<String>>,
    /// Identity schemas by id, each with its file.
    pub identity_schemas: IndexMap<String, IdentitySchema>,
    /// The schema of `metadata_public`.
    pub metadata_public: Option<Spanned<String>>,
    /// The methods that are on; `None` when the file does not say.
    pub methods: Option<Spanned<Vec<Spanned<Method>>>>,
    /// Levels of rules by code. Whether the codes exist is not checked here.
    pub rules: IndexMap<String, RuleSetting>,
}

/// The target release as written and as known.
#[derive(Clone, Debug)]
pub struct Target {
    /// The text.
    pub text: Spanned<String>,
    /// The release it counts as, and whether it is exactly that one; `None` when the text was
    /// reported as unknown.
    pub release: Option<ReleaseMatch>,
}

/// The file of an identity schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentitySchema {
    /// The place of its id.
    pub id: Span,
    /// The path.
    pub file: Spanned<String>,
}

/// The level that the project gives a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSetting {
    /// The place of the code.
    pub code: Span,
    /// The level, or `None` for `off`.
    pub level: Spanned<Option<Level>>,
}
