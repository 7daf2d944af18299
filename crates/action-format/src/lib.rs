//! The action file and the project file: their grammar, exact places, shape errors, JSON Schemas.
//!
//! Invariants:
//! - reading is total: it gives what could be understood, every finding of the file in one run, and
//!   never fails;
//! - a field is read or refused, never dropped;
//! - reader and schema accept and reject alike, for the shape of one document;
//! - what a message shows never comes from a credential.
//!
//! Start with [`Action`] and [`Project`].

mod action;
mod project;
mod spanned;

mod read_action;
mod read_project;
mod reader;

mod schema;

pub use action::{
    Action, ApiKeyIn, Auth, AuthMethods, Body, BuiltIn, ContentType, Header, Hook, InlineBody,
    Mode, Response, WebHook,
};
pub use project::{IdentitySchema, Project, RuleSetting, Target};
pub use read_action::{
    CONFLICTING_FIELDS, DEPRECATED_CAN_INTERRUPT, IGNORE_AND_PARSE, UNNAMED_ACTION, read_actions,
};
pub use read_project::{UNKNOWN_RELEASE, read_project};
pub use reader::{
    EMPTY_VALUE, FEATURE_NOT_BUILT, INVALID_NAME, MISSING_FIELD, UNKNOWN_FIELD, UNKNOWN_FLOW,
    UNKNOWN_HOOK, UNKNOWN_METHOD, UNKNOWN_TIMING, UNKNOWN_VALUE, WRONG_TYPE,
};
pub use schema::{action_schema, project_schema};
pub use spanned::{Read, Secret, Spanned};

/// Every rule of this crate.
pub static RULES: &[&diagnostics::Rule] = &[
    &CONFLICTING_FIELDS,
    &DEPRECATED_CAN_INTERRUPT,
    &EMPTY_VALUE,
    &FEATURE_NOT_BUILT,
    &IGNORE_AND_PARSE,
    &INVALID_NAME,
    &MISSING_FIELD,
    &UNKNOWN_FIELD,
    &UNKNOWN_FLOW,
    &UNKNOWN_HOOK,
    &UNKNOWN_METHOD,
    &UNKNOWN_RELEASE,
    &UNKNOWN_TIMING,
    &UNKNOWN_VALUE,
    &UNNAMED_ACTION,
    &WRONG_TYPE,
];
