//! What Kratos does with the answer to a web hook: whether the flow goes on, what is stored, how
//! often the call is made, and what becomes visible.
//!
//! Source: ory/kratos `selfservice/hook/web_hook.go`, `oryx/httpx/resilient_client.go`, the
//! executors in `selfservice/flow/*/hook.go`, and 378 answers recorded on `main`, all of which this
//! predicts (`tests/answers`).
//!
//! Invariant: answers are told apart only as far as Kratos treats them differently; reading their
//! JSON is the caller's business.

use crate::chain::Point;
use crate::section::Handling;
use crate::words::{Flow, Phase, words};

/// The most attempts that Kratos makes: the first, and two more.
pub const MOST_ATTEMPTS: u8 = 3;
/// How long one attempt may take, in seconds.
pub const ATTEMPT_SECONDS: u32 = 30;
/// How long all attempts may take together, the pauses of one and two seconds included.
pub const LONGEST_SECONDS: u32 = 93;

/// An answer, or that there was none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// No connection, or no answer in time.
    None,
    /// A status with a body.
    Status(u16, AnswerBody),
}

/// The body of an answer, as far as Kratos tells bodies apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnswerBody {
    /// No JSON, or JSON of other types than Kratos reads there.
    Unreadable,
    /// JSON without messages and without an identity to apply.
    Plain,
    /// At least one entry in `messages`.
    Messages,
    /// An `identity` with a member that Kratos applies.
    Identity,
    /// The same, with traits that the identity schema refuses.
    InvalidIdentity,
}

words! {
    /// What becomes of the flow.
    FlowOutcome {
        /// It goes on.
        Continues = "continues",
        /// Its form is shown again, with the messages.
        Form = "form",
        /// A new flow shows the messages.
        NewFlow = "new-flow",
        /// It fails, and the visitor sees no message of the answer.
        Error = "error",
        /// The request crashes.
        Panic = "panic",
    }
}

words! {
    /// What stays when a hook fails the flow.
    Left {
        /// Nothing.
        Nothing = "nothing",
        /// The identity, and since v25.4.0 the row of a session that nobody has.
        Identity = "identity",
        /// The change of the identity.
        Change = "change",
        /// That the code or link of the recovery is used up.
        UsedCode = "used-code",
        /// That the address is verified.
        VerifiedAddress = "verified-address",
    }
}

/// What Kratos did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// How often it called; `None` where nobody waits and so nobody knows.
    pub attempts: Option<u8>,
    /// What became of the flow.
    pub flow: FlowOutcome,
    /// What stays of it when it does not go on.
    pub left: Left,
}

/// What Kratos does with an answer at a point.
#[must_use]
pub fn outcome(point: Point, handling: Handling, answer: Answer) -> Outcome {
    let left = left(point);
    if handling == Handling::Ignore {
        return Outcome {
            attempts: None,
            flow: FlowOutcome::Continues,
            left,
        };
    }
    let attempts = if is_retried(answer) { MOST_ATTEMPTS } else { 1 };
    Outcome {
        attempts: Some(attempts),
        flow: flow(point, handling, answer),
        left,
    }
}

/// Whether Kratos calls again: after no answer, 429, and 5xx except 501.
#[must_use]
pub fn is_retried(answer: Answer) -> bool {
    match answer {
        Answer::None => true,
        Answer::Status(status, _) => status == 429 || (status >= 500 && status != 501),
    }
}

/// What stays when a hook fails at this point.
#[must_use]
pub fn left(point: Point) -> Left {
    match (point.flow, point.phase) {
        (_, Phase::Before | Phase::PrePersist) | (Flow::Login, _) => Left::Nothing,
        (Flow::Registration, _) => Left::Identity,
        (Flow::Settings, _) => Left::Change,
        (Flow::Recovery, _) => Left::UsedCode,
        (Flow::Verification, _) => Left::VerifiedAddress,
    }
}

fn flow(point: Point, handling: Handling, answer: Answer) -> FlowOutcome {
    let reads = matches!(handling, Handling::Parse | Handling::CanInterrupt);
    let Answer::Status(status, body) = answer else {
        return FlowOutcome::Error;
    };
    // After the last attempt the body is thrown away.
    if is_retried(answer) {
        return FlowOutcome::Error;
    }
    match status {
        200 if handling == Handling::Parse => match body {
            AnswerBody::Unreadable => FlowOutcome::Error,
            AnswerBody::Plain | AnswerBody::Messages => FlowOutcome::Continues,
            AnswerBody::Identity | AnswerBody::InvalidIdentity => changed(point, body),
        },
        400.. if reads && body == AnswerBody::Messages => match (point.flow, point.phase) {
            // The flow is not stored yet, so there is no form to show.
            (_, Phase::Before) => FlowOutcome::Error,
            (Flow::Recovery | Flow::Verification, _) => FlowOutcome::NewFlow,
            (Flow::Login | Flow::Registration | Flow::Settings, _) => FlowOutcome::Form,
        },
        400.. => FlowOutcome::Error,
        _ => FlowOutcome::Continues,
    }
}

/// An identity in the answer: it is written to, where there is one, and looked at once more before
/// it is stored.
fn changed(point: Point, body: AnswerBody) -> FlowOutcome {
    match point.phase {
        Phase::Before => FlowOutcome::Panic,
        Phase::PrePersist if body == AnswerBody::InvalidIdentity => FlowOutcome::Form,
        Phase::PrePersist | Phase::PostPersist | Phase::After => FlowOutcome::Continues,
    }
}
