//! Ory Kratos's self-service hooks as plain data and pure functions, per release.
//!
//! The model answers two questions: what a configuration may say ([`Slot`], [`HookKind`],
//! [`WebHookField`]), and what it means ([`effective_chains`]). Text and meaning differ in Kratos,
//! silently: method lists shadow the global list, hooks that do not implement a phase are dropped,
//! `session` moves. The meaning is proven against recordings of real Kratos in `tests/`.
//!
//! Invariants:
//! - No Jsonnet, no YAML, no JSON: what stands above reads configurations and fills a [`Section`].
//! - Total: each function has an answer for each input; a slot, kind or method that a release does
//!   not have is simply not run.
//! - What differs between releases is data ([`Rules`], the tables of slots and kinds), never a
//!   condition hidden in code.
//!
//! Start with [`Slot`] for the vocabulary and [`effective_chains`] for the meaning.

mod words;

mod release;

mod slot;
mod web_hook;

mod methods;

mod section;

mod chain;
mod effective;
mod rules;

pub use chain::{Chain, ChainKey, Clients, Link, Point};
pub use effective::{effective_chains, effective_chains_under};
pub use methods::{CodeSettings, MethodSettings, WebauthnSettings, methods_run};
pub use release::{Release, ReleaseMatch, UnknownRelease};
pub use rules::{ByFlow, EarlyHooks, GlobalList, Rules, SessionPlace, Shadowing, VerifierPlace};
pub use section::{Handling, Hook, HookName, Response, Section};
pub use slot::{ConfigRule, Slot, methods_of};
pub use web_hook::WebHookField;
pub use words::{Flow, HookKind, Method, Phase, Timing};
