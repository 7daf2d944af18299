//! What becomes of a flow by the answer to one of its web hooks.
//!
//! Kratos tells answers apart by status and, where the hook reads them, by what the body says
//! (`selfservice/hook/web_hook.go`, `oryx/httpx/resilient_client.go`). How often it asks, which
//! flow is shown a form and which a bare error, and what is stored by then, is nowhere documented;
//! `tests/answers` holds this file against a running Kratos.
//!
//! Invariant: total, and blind to JSON: whoever has a body says which [`Says`] it is.

use crate::chain::Point;
use crate::section::Handling;
use crate::words::{Flow, Phase, words};

/// How often Kratos asks at most: once, and two more times.
pub const MAX_ATTEMPTS: u8 = 3;

/// Seconds that one attempt may take.
pub const ATTEMPT_SECONDS: u32 = 30;

/// Seconds that a visitor waits at most for one web hook: three attempts, and the pauses of one and
/// two seconds between them. A `Retry-After` of the answer can make it longer.
pub const WAIT_SECONDS: u32 = 93;

/// How one call of a web hook ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// No request could be made: the body failed, or could not be loaded.
    NotAsked,
    /// No answer came: no connection, or not in time.
    Missing,
    /// An answer.
    Status {
        /// Its status code, after redirects.
        status: u16,
        /// What its body says.
        says: Says,
    },
}

/// What the body of an answer says, as far as Kratos tells bodies apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// JSON with nothing to apply: `{}`, `{"identity": null}`, members that Kratos does not know.
    Nothing,
    /// An `identity` with a member that Kratos applies.
    Identity,
    /// The same, with traits that the identity schema refuses.
    InvalidTraits,
    /// At least one message group in the shape Kratos wants.
    Messages,
    /// No JSON, or JSON in a shape that Kratos cannot read.
    Unreadable,
}

words! {
    /// What becomes of the flow.
    Outcome {
        /// It goes on to the next hook.
        Continues = "continues",
        /// The form is shown again, with the messages.
        Form = "form",
        /// A new flow begins, which shows the messages.
        NewFlow = "new-flow",
        /// It ends in an error; no message of the hook is shown.
        Error = "error",
        /// The request crashes: status 500, or a closed connection up to v26.2.0.
        Panic = "panic",
    }
}

words! {
    /// What stays although the flow fails, spelt as `plan` prints it.
    Stored {
        /// Nothing: the flow can be tried again.
        Nothing = "nothing",
        /// The new identity, and from v25.4.0 on a session: signing up again meets a taken address.
        Identity = "identity",
        /// The update of the identity.
        Update = "update",
        /// The code or link is used up.
        Challenge = "challenge",
        /// The address is verified.
        Address = "address",
    }
}

/// What Kratos made of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// What becomes of the flow.
    pub outcome: Outcome,
    /// How many requests were sent; `None` for an ignored hook, which nobody waits for.
    pub attempts: Option<u8>,
}

/// What Kratos makes of this answer to a web hook of this handling at this point.
#[must_use]
pub const fn judge(point: Point, handling: Handling, answer: Answer) -> Verdict {
    let attempts = match handling {
        Handling::Ignore => None,
        Handling::Wait | Handling::Parse | Handling::CanInterrupt => Some(attempts(answer)),
    };
    Verdict {
        outcome: outcome(point, handling, answer),
        attempts,
    }
}

/// What is stored by the time the hooks of this point run, and stays when one of them fails.
#[must_use]
pub const fn stored_at(point: Point) -> Stored {
    match (point.flow, point.phase) {
        (_, Phase::Before | Phase::PrePersist) | (Flow::Login, _) => Stored::Nothing,
        (Flow::Registration, _) => Stored::Identity,
        (Flow::Settings, _) => Stored::Update,
        (Flow::Recovery, _) => Stored::Challenge,
        (Flow::Verification, _) => Stored::Address,
    }
}

const fn attempts(answer: Answer) -> u8 {
    match answer {
        Answer::NotAsked => 0,
        Answer::Missing => MAX_ATTEMPTS,
        Answer::Status { status, .. } if is_retried(status) => MAX_ATTEMPTS,
        Answer::Status { .. } => 1,
    }
}

/// Whether Kratos asks again after this status; what the last answer says is not read then.
#[must_use]
pub const fn is_retried(status: u16) -> bool {
    status == 429 || (status >= 500 && status != 501)
}

const fn outcome(point: Point, handling: Handling, answer: Answer) -> Outcome {
    let (status, says) = match (handling, answer) {
        (Handling::Ignore, _) => return Outcome::Continues,
        (_, Answer::NotAsked | Answer::Missing) => return Outcome::Error,
        (_, Answer::Status { status, says }) => (status, says),
    };
    match handling {
        _ if is_retried(status) => Outcome::Error,
        Handling::Parse if status == 200 => applied(point, says),
        _ if status < 400 => Outcome::Continues,
        Handling::Parse | Handling::CanInterrupt => match says {
            Says::Messages => shown(point),
            _ => Outcome::Error,
        },
        Handling::Wait | Handling::Ignore => Outcome::Error,
    }
}

/// A parsed answer of status 200: its `identity` is applied, to nothing in a `before` hook.
const fn applied(point: Point, says: Says) -> Outcome {
    match (says, point.phase) {
        (Says::Nothing | Says::Messages, _) => Outcome::Continues,
        (Says::Unreadable, _) => Outcome::Error,
        (Says::Identity | Says::InvalidTraits, Phase::Before) => Outcome::Panic,
        (Says::InvalidTraits, Phase::PrePersist) => Outcome::Form,
        (Says::Identity | Says::InvalidTraits, _) => Outcome::Continues,
    }
}

/// Where messages reach the visitor: in the form where it is still open, in a new flow where the
/// challenge of this one is used up, nowhere before a flow has a form.
const fn shown(point: Point) -> Outcome {
    match (point.flow, point.phase) {
        (_, Phase::Before) => Outcome::Error,
        (Flow::Recovery | Flow::Verification, _) => Outcome::NewFlow,
        (Flow::Login | Flow::Registration | Flow::Settings, _) => Outcome::Form,
    }
}
