//! Ory Kratos's self-service hooks as plain data and pure functions, per release.
//!
//! The model answers four questions: what a configuration may say ([`Slot`], [`HookKind`],
//! [`WebHookField`]), what it means ([`effective_chains`]), what the body of a web hook is given
//! ([`ctx()`]), and what becomes of a flow by a web hook's answer ([`judge`]). Text and meaning differ in Kratos, silently: method lists shadow the global list,
//! hooks that do not implement a phase are dropped, `session` moves. `ctx` differs from point to
//! point, from method to method and from release to release. Both are proven against recordings of
//! real Kratos in `tests/`.
//!
//! Invariants:
//! - No Jsonnet, no YAML, no JSON: what stands above reads configurations and fills a [`Section`].
//! - Total: each function has an answer for each input; a slot, kind or method that a release does
//!   not have is simply not run.
//! - What differs between releases is data ([`Rules`], the tables of slots and kinds), never a
//!   condition hidden in code.
//!
//! Start with [`Slot`] for the vocabulary, [`effective_chains`] for the meaning, and [`ctx()`] with
//! [`Shape`] for what bodies see.

mod words;

mod release;

mod slot;
mod web_hook;

mod methods;

mod section;

mod chain;
mod effective;
mod rules;

mod shape;

mod ctx;

mod answer;

pub use answer::{
    ATTEMPT_SECONDS, Answer, MAX_ATTEMPTS, Outcome, Says, Stored, Verdict, WAIT_SECONDS,
    is_retried, judge, stored_at,
};
pub use chain::{Chain, ChainKey, Clients, Link, Point};
pub use ctx::{CtxOptions, canonical_header, ctx, ctx_of_points};
pub use effective::{effective_chains, effective_chains_under};
pub use methods::{CodeSettings, MethodSettings, WebauthnSettings, methods_run};
pub use release::{Release, ReleaseMatch, UnknownRelease};
pub use rules::{ByFlow, EarlyHooks, GlobalList, Rules, SessionPlace, Shadowing, VerifierPlace};
pub use section::{Handling, Hook, HookName, Response, Section};
pub use shape::{
    Absence, Additional, ArrayShape, Format, Member, Note, NoteKind, ObjectShape, Presence, Shape,
    StringShape, Values,
};
pub use slot::{ConfigRule, Slot, methods_of};
pub use web_hook::WebHookField;
pub use words::{Flow, HookKind, Method, Phase, Timing};
