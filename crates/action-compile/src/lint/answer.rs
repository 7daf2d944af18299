//! What Kratos does with the answer to a webhook, where that surprises.
//!
//! Evidence: `selfservice/hook/web_hook.go` and recordings of every kind of answer at every point.

use diagnostics::{Diagnostic, Level, Rule};
use kratos::{Flow, Phase, Point, Release, Timing};

use super::web_hook_at::{BodyFrom, WebHookAt};
use super::{Findings, Surroundings};

/// Nobody said what a failure means.
pub(crate) static BLOCKING_HOOK: Rule = Rule {
    code: "blocking-hook",
    summary: "nothing says what becomes of the answer, so any status of 400 or more fails the flow",
    level: Level::Note,
    since: "0.1.0",
    page: include_str!("../../diagnostics/blocking-hook.md"),
};

/// Answers of the retried kind.
pub(crate) static RETRY_DROPS_MESSAGES: Rule = Rule {
    code: "retry-drops-messages",
    summary: "a hook whose answer is read: with status 429 or 5xx its messages are dropped",
    level: Level::Note,
    since: "0.1.0",
    page: include_str!("../../diagnostics/retry-drops-messages.md"),
};

/// A gate that a visitor can blank.
pub(crate) static GATE_OPEN_TO_EMPTY_BODY: Rule = Rule {
    code: "gate-open-to-empty-body",
    summary: "a hook whose answer is read, where a visitor can make Kratos send an empty body",
    level: Level::Note,
    since: "0.1.0",
    page: include_str!("../../diagnostics/gate-open-to-empty-body.md"),
};

/// A crash.
pub(crate) static IDENTITY_IN_BEFORE_RESPONSE: Rule = Rule {
    code: "identity-in-before-response",
    summary: "`response.parse` before a flow: an answer with an `identity` crashes the request",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/identity-in-before-response.md"),
};

/// A change that is lost.
pub(crate) static IDENTITY_CHANGE_IGNORED: Rule = Rule {
    code: "identity-change-ignored",
    summary: "`response.parse` after login, recovery or verification, where changes of the identity are not stored",
    level: Level::Note,
    since: "0.1.0",
    page: include_str!("../../diagnostics/identity-change-ignored.md"),
};

pub(super) fn blocking(hook: &WebHookAt<'_>, _: &Surroundings<'_>, found: &mut Findings) {
    let response = hook.response;
    let is_said = hook.mode.is_some() || hook.response_span.is_some();
    if is_said || response.ignore || is_read(hook) || hook.points.is_empty() {
        return;
    }
    let stored = hook.runs_in(Phase::PostPersist);
    let message = if stored {
        "a failing answer fails the flow, though the identity is stored by then"
    } else {
        "a failing answer fails the flow, and nothing says that it should"
    };
    let help = if hook.of_base {
        "set `response.ignore: true` where nobody has to wait, or `response.ignore: false` where failing is meant"
    } else {
        "say it: `mode: notify` where nobody has to wait, `mode: wait` where failing is meant"
    };
    found.push(Diagnostic::new(&BLOCKING_HOOK, hook.head, message).help(help));
}

/// Whether Kratos reads the answer: `parse`, or its predecessor.
fn is_read(hook: &WebHookAt<'_>) -> bool {
    hook.response.parse || hook.response.can_interrupt
}

pub(super) fn retried(hook: &WebHookAt<'_>, _: &Surroundings<'_>, found: &mut Findings) {
    if !is_read(hook) || hook.points.is_empty() {
        return;
    }
    found.push(
        Diagnostic::new(
            &RETRY_DROPS_MESSAGES,
            hook.response_span.unwrap_or(hook.head),
            "an answer of status 429 or 5xx is retried, and its messages are dropped",
        )
        .help("let the receiver refuse with 400, 403 or 422; those reach the visitor"),
    );
}

pub(super) fn open_to_empty_body(
    hook: &WebHookAt<'_>,
    around: &Surroundings<'_>,
    found: &mut Findings,
) {
    // The limit came with the pool of workers; it was seen from v1.3.1 on.
    let limited = around.release() >= Release::V1_3_1;
    let has_body = !matches!(hook.body, BodyFrom::None);
    if !is_read(hook) || !limited || !has_body {
        return;
    }
    let open = |point: &Point| around.holds_transient_payload(*point);
    if hook.points.iter().any(open) {
        found.push(
            Diagnostic::new(
                &GATE_OPEN_TO_EMPTY_BODY,
                hook.response_span.unwrap_or(hook.head),
                "a visitor who sends 60 KB of `transient_payload` can make this body arrive empty",
            )
            .help("let the receiver refuse an empty body"),
        );
    }
}

pub(super) fn identity_before(hook: &WebHookAt<'_>, _: &Surroundings<'_>, found: &mut Findings) {
    let before = hook.slots.iter().any(|slot| slot.timing == Timing::Before);
    if !before || !hook.response.parse || hook.mode.is_some() {
        return;
    }
    let help = if hook.of_base {
        "make sure that the receiver never answers 200 with an `identity` here"
    } else {
        "write `mode: block` where the answer only refuses, and never answer with an `identity`"
    };
    found.push(
        Diagnostic::new(
            &IDENTITY_IN_BEFORE_RESPONSE,
            hook.response_span.unwrap_or(hook.head),
            "there is no identity yet: an answer that holds one crashes the request",
        )
        .help(help),
    );
}

pub(super) fn identity_ignored(hook: &WebHookAt<'_>, _: &Surroundings<'_>, found: &mut Findings) {
    let forgets = |point: &Point| {
        point.timing == Timing::After
            && matches!(
                point.flow,
                Flow::Login | Flow::Recovery | Flow::Verification
            )
    };
    let only_there = !hook.points.is_empty() && hook.points.iter().all(forgets);
    if !only_there || !hook.response.parse || hook.mode.is_some() {
        return;
    }
    let help = if hook.of_base {
        "use the answer for messages only; identities change in registration and settings"
    } else {
        "write `mode: block` if the answer only refuses; identities change in registration and settings"
    };
    found.push(
        Diagnostic::new(
            &IDENTITY_CHANGE_IGNORED,
            hook.response_span.unwrap_or(hook.head),
            "what this answer changes of the identity is not stored",
        )
        .help(help),
    );
}
