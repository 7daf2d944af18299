//! `ctx.flow`: one shape for each of the five flows.
//!
//! Source: ory/kratos `selfservice/flow/{login,registration,settings,recovery,verification}/flow.go`
//! and `selfservice/flow/continue_with.go`.

use super::identity::identity;
use super::members::{
    always, boolean, date_time, known, never, non_empty, object, one_of, optional, string, uri,
    uuid,
};
use super::ui::ui;
use crate::release::Release;
use crate::shape::{Absence, Additional, Member, ObjectShape, Shape};
use crate::words::Flow;

/// A flow as every point of it sees it.
pub(super) fn flow(flow: Flow, release: Release) -> Shape {
    let (name, own) = match flow {
        Flow::Login => ("login flow", login(release)),
        Flow::Registration => ("registration flow", registration(release)),
        Flow::Recovery => ("recovery flow", recovery(release)),
        Flow::Settings => ("settings flow", settings(release)),
        Flow::Verification => ("verification flow", verification(release)),
    };
    let mut members = vec![
        always("id", uuid()),
        always("type", one_of(&["browser", "api"])),
        always("expires_at", date_time()),
        always("issued_at", date_time()),
        always("request_url", uri())
            .client_controlled("it is the URL with which the flow was begun, query included"),
        optional("return_to", string())
            .client_controlled("it is the query parameter `return_to` of `request_url`"),
        always("ui", ui(flow, release)),
    ];
    members.extend(own);
    object(Some(name), members)
}

fn login(release: Release) -> Vec<Member> {
    let mut members = oauth2(release);
    members.extend([
        always("organization_id", uuid().nullable()).since(Release::V1_1_0, release),
        optional("active", known(METHODS)),
        always("created_at", date_time()),
        always("updated_at", date_time()),
        always("refresh", boolean()),
        always("requested_aal", one_of(&["aal1", "aal2"])),
        session_token_exchange_code(release),
        challenge_state().since(Release::V1_1_0, release),
        transient_payload().since(Release::V1_2_0, release),
        optional("identity_schema", string()).since(Release::V25_4_0, release),
        optional("test_context", test_context()).since(Release::Main, release),
    ]);
    members
}

fn registration(release: Release) -> Vec<Member> {
    let mut members = oauth2(release);
    members.extend([
        optional("active", known(METHODS)),
        always("organization_id", uuid().nullable()).since(Release::V1_1_0, release),
        transient_payload(),
        session_token_exchange_code(release),
        challenge_state().since(Release::V1_1_0, release),
        optional("identity_schema", string()).since(Release::V25_4_0, release),
    ]);
    members
}

fn settings(release: Release) -> Vec<Member> {
    vec![
        optional("active", known(&["oidc", "saml"])),
        // A pointer in Go, yet a settings flow without identity cannot be stored.
        always("identity", identity(release)),
        always("state", one_of(&["show_form", "success"])),
        always("organization_id", uuid().nullable()).since(Release::Main, release),
        optional("continue_with", non_empty(continue_with())),
        transient_payload().since(Release::V1_2_0, release),
    ]
}

fn recovery(release: Release) -> Vec<Member> {
    vec![
        optional("active", one_of(&["code", "link"])),
        always(
            "state",
            one_of(&[
                "choose_method",
                "sent_email",
                "passed_challenge",
                "recovery_awaiting_address",
                "recovery_awaiting_address_choice",
                "recovery_confirming_address",
                "recovery_awaiting_code",
            ]),
        ),
        optional("continue_with", non_empty(continue_with())).since(Release::V1_1_0, release),
        submitted_payload().since(Release::V1_2_0, release),
    ]
}

fn verification(release: Release) -> Vec<Member> {
    vec![
        optional("active", one_of(&["code", "link"])),
        challenge_state(),
        submitted_payload().since(Release::V1_2_0, release),
    ]
}

const METHODS: &[&str] = &[
    "password",
    "oidc",
    "totp",
    "lookup_secret",
    "webauthn",
    "code",
    "passkey",
    "profile",
    "saml",
    "deviceauthn",
    "identifier_first",
];

/// What ties a flow to an OAuth 2.0 login at Ory Hydra.
fn oauth2(release: Release) -> Vec<Member> {
    vec![
        if release < Release::V1_0_0 {
            always("oauth2_login_challenge", uuid().nullable())
        } else {
            optional("oauth2_login_challenge", string())
        },
        never(
            "oauth2_login_request",
            Absence::because("Kratos fetches it for answers of its API, after the hooks"),
        ),
    ]
}

fn challenge_state() -> Member {
    always(
        "state",
        one_of(&["choose_method", "sent_email", "passed_challenge"]),
    )
}

fn session_token_exchange_code(release: Release) -> Member {
    optional("session_token_exchange_code", string())
        .since(Release::V1_0_0, release)
        .secret("whoever has it can take over the session that the flow ends in")
}

/// Null where a strategy passes on what it read from elsewhere, such as a paused OIDC round trip.
fn transient_payload() -> Member {
    let mut member = submitted_payload();
    member.shape = member.shape.nullable();
    member
}

/// What the request that triggers the hook sent; it is never stored.
fn submitted_payload() -> Member {
    let payload = Shape::Object(ObjectShape {
        name: None,
        members: Vec::new(),
        additional: Additional::Open(Box::new(Shape::Any)),
    });
    optional("transient_payload", payload).client_controlled("the client sends what it likes")
}

fn test_context() -> Shape {
    let payload = ObjectShape {
        name: None,
        members: Vec::new(),
        additional: Additional::Open(Box::new(Shape::Any)),
    };
    object(
        None,
        [
            always("provider_id", string()),
            optional("debug_payload", Shape::Object(payload)),
        ],
    )
}

/// What the client is told to do next. The `action` tells the alternatives apart.
fn continue_with() -> Shape {
    let of_flow = |own: Option<Member>| {
        let mut members = vec![always("id", uuid())];
        members.extend(own);
        members.push(optional("url", string()));
        always("flow", object(None, members))
    };
    let item = |action, member| {
        object(
            Some("continue with"),
            [always("action", one_of(&[action])), member],
        )
    };
    Shape::union([
        item(
            "show_verification_ui",
            of_flow(Some(always("verifiable_address", string()))),
        ),
        item(
            "set_ory_session_token",
            always("ory_session_token", string()).secret("it is the session"),
        ),
        item("show_settings_ui", of_flow(None)),
        item("show_recovery_ui", of_flow(None)),
        item(
            "redirect_browser_to",
            always("redirect_browser_to", string()),
        ),
        item(
            "show_pin_entry_ui",
            always(
                "data",
                object(
                    None,
                    [always("enc", string()), always("ciphertext", string())],
                ),
            ),
        ),
    ])
}
