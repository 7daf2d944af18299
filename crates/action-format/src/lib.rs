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

pub use action::{
    Action, ApiKeyIn, Auth, AuthMethods, Body, BuiltIn, ContentType, Header, Hook, InlineBody,
    Mode, Response, WebHook,
};
pub use project::{IdentitySchema, Project, RuleSetting, Target};
pub use spanned::{Read, Secret, Spanned};
