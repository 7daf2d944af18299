//! What each phase of each flow knows, whatever the method.

use super::narrowing::{
    Fact::{Absent, NilUuid, NonEmpty, NotNull, Noted, Null, OneOf, Present, True, ZeroTime},
    Narrowing, known,
};
use crate::release::Release;
use crate::shape::{Absence, Note, NoteKind};
use crate::words::{Flow, Phase};

/// The facts of a phase; those of its method come on top.
pub(super) const fn of_phase(flow: Flow, phase: Phase) -> &'static [Narrowing] {
    match (flow, phase) {
        (Flow::Login, Phase::Before) => LOGIN_BEFORE,
        (Flow::Login, _) => LOGIN_AFTER,
        (Flow::Registration, Phase::Before) => REGISTRATION_BEFORE,
        (Flow::Registration, Phase::PrePersist) => REGISTRATION_PRE_PERSIST,
        (Flow::Registration, _) => REGISTRATION_POST_PERSIST,
        (Flow::Settings, Phase::Before) => SETTINGS_BEFORE,
        (Flow::Settings, Phase::PrePersist) => SETTINGS_PRE_PERSIST,
        (Flow::Settings, _) => SETTINGS_POST_PERSIST,
        (Flow::Recovery, Phase::Before) => RECOVERY_BEFORE,
        (Flow::Recovery, _) => RECOVERY_AFTER,
        (Flow::Verification, Phase::Before) => VERIFICATION_BEFORE,
        (Flow::Verification, _) => VERIFICATION_AFTER,
    }
}

const NOT_CHOSEN: Absence = Absence::because("no method is chosen yet: the flow is being created");
const NOTHING_SENT: Absence =
    Absence::because("the client has not submitted anything yet: the flow is being created");
const NOTHING_DONE: Absence =
    Absence::because("there is nothing to continue with yet: the flow is being created");
const NOT_KEPT: Absence =
    Absence::because("Kratos does not store it: only `before` hooks of the flow see it");

static LOGIN_BEFORE: &[Narrowing] = &[
    known("flow.active", &[Absent(NOT_CHOSEN)]),
    known("flow.state", &[OneOf(&["choose_method"])]),
    known("flow.created_at", &[ZeroTime]),
    known("flow.updated_at", &[ZeroTime]),
    known("flow.transient_payload", &[Absent(NOTHING_SENT)]),
];

static LOGIN_AFTER: &[Narrowing] = &[
    known("flow.session_token_exchange_code", &[Absent(NOT_KEPT)]),
    known(
        "session.id",
        &[Noted(Note::new(
            NoteKind::SometimesUseless,
            "it is the nil UUID at a first factor; a refresh or a second factor has the real one",
        ))],
    ),
    known("session.active", &[True]),
    known("session.devices", &[NonEmpty]),
    known(
        "session.devices[].id",
        &[Noted(Note::new(
            NoteKind::SometimesUseless,
            "it is the nil UUID while the session is not stored",
        ))],
    ),
    known("session.authentication_methods", &[NonEmpty]),
];

static REGISTRATION_BEFORE: &[Narrowing] = &[
    known("flow.active", &[Absent(NOT_CHOSEN)]),
    known("flow.state", &[OneOf(&["choose_method"])]),
    known("flow.transient_payload", &[Absent(NOTHING_SENT)]),
];

static REGISTRATION_PRE_PERSIST: &[Narrowing] = &[
    known("flow.session_token_exchange_code", &[Absent(NOT_KEPT)]),
    known("identity.id", &[NilUuid]),
    known("identity.schema_url", &[OneOf(&[""]), Noted(NO_URL)]),
    known("identity.created_at", &[ZeroTime]),
    known("identity.updated_at", &[ZeroTime]),
    known("identity.state", &[OneOf(&["active"])]),
    known("identity.state_changed_at", &[Present, NotNull]),
    known("identity.verifiable_addresses[].id", &[NilUuid]),
    known("identity.verifiable_addresses[].created_at", &[ZeroTime]),
    known("identity.verifiable_addresses[].updated_at", &[ZeroTime]),
    known(
        "identity.verifiable_addresses[].status",
        &[OneOf(&["pending", "completed"])],
    ),
    known("identity.recovery_addresses[].id", &[NilUuid]),
    known("identity.recovery_addresses[].created_at", &[ZeroTime]),
    known("identity.recovery_addresses[].updated_at", &[ZeroTime]),
];

const NO_URL: Note = Note::new(
    NoteKind::Useless,
    "it is empty until Kratos stores the identity",
);

static REGISTRATION_POST_PERSIST: &[Narrowing] = &[known(
    "flow.session_token_exchange_code",
    &[Absent(NOT_KEPT)],
)];

static SETTINGS_BEFORE: &[Narrowing] = &[
    // The hooks run before any strategy adds nodes.
    known("flow.ui.nodes", &[Null]),
    known("flow.active", &[Absent(NOT_CHOSEN)]),
    known("flow.state", &[OneOf(&["show_form"])]),
    known("flow.continue_with", &[Absent(NOTHING_DONE)]),
    known("flow.transient_payload", &[Absent(NOTHING_SENT)]),
];

const BEFORE_THE_CHANGE: Note = Note::new(
    NoteKind::Stale,
    "it is the identity as it was before the change",
)
.instead("ctx.identity");

static SETTINGS_PRE_PERSIST: &[Narrowing] = &[
    known("flow.identity", &[Noted(BEFORE_THE_CHANGE)]),
    known("session.identity", &[Noted(BEFORE_THE_CHANGE)]),
    known("identity.verifiable_addresses[].id", &[Noted(NEW_ADDRESS)]),
    known("identity.recovery_addresses[].id", &[Noted(NEW_ADDRESS)]),
];

const NEW_ADDRESS: Note = Note::new(
    NoteKind::SometimesUseless,
    "that of a new address is the nil UUID until Kratos stores it",
);

static SETTINGS_POST_PERSIST: &[Narrowing] = &[
    // `main` has `show_form` too, where `verify_new_address` goes on after a verification.
    known("flow.state", &[OneOf(&["success"])]).until(Release::V26_2_0),
    known("flow.identity", &[Noted(BEFORE_THE_CHANGE)]),
    known("session.identity", &[Noted(BEFORE_THE_CHANGE)]),
];

static RECOVERY_BEFORE: &[Narrowing] = &[
    known(
        "flow.state",
        &[OneOf(&["choose_method", "recovery_awaiting_address"])],
    ),
    known("flow.continue_with", &[Absent(NOTHING_DONE)]),
    known("flow.transient_payload", &[Absent(NOTHING_SENT)]),
];

static RECOVERY_AFTER: &[Narrowing] = &[known("flow.state", &[OneOf(&["passed_challenge"])])];

static VERIFICATION_BEFORE: &[Narrowing] = &[
    known("flow.state", &[OneOf(&["choose_method"])]),
    known("flow.transient_payload", &[Absent(NOTHING_SENT)]),
];

// Up to v1.1.0 the hooks run before the flow is marked as passed, from v1.3.1 after it. Nobody
// looked at v1.2.0, so both are allowed for there.
static VERIFICATION_AFTER: &[Narrowing] = &[
    known("flow.state", &[OneOf(&["sent_email"])]).until(Release::V1_1_0),
    known("flow.ui.method", &[OneOf(&["POST"])]).until(Release::V1_1_0),
    known("flow.state", &[OneOf(&["sent_email", "passed_challenge"])])
        .from(Release::V1_2_0)
        .until(Release::V1_2_0),
    known("flow.ui.method", &[OneOf(&["POST", "GET"])])
        .from(Release::V1_2_0)
        .until(Release::V1_2_0),
    known("flow.state", &[OneOf(&["passed_challenge"])]).from(Release::V1_3_1),
    known("flow.ui.method", &[OneOf(&["GET"])]).from(Release::V1_3_1),
    known("flow.transient_payload", &[Present]),
    known("identity.verifiable_addresses", &[NonEmpty]),
];
