//! `ctx.flow.ui`: the form of the flow.
//!
//! Source: ory/kratos `ui/container/container.go`, `ui/node/node.go`, `ui/node/attributes.go`,
//! `text/message.go`.

use super::members::{
    always, array, boolean, known, non_empty, object, one_of, optional, record, string, uri,
};
use crate::release::Release;
use crate::shape::{Member, Shape};
use crate::words::Flow;

/// The form of a flow.
pub(super) fn ui(flow: Flow, release: Release) -> Shape {
    object(
        Some("form"),
        [
            always("action", uri()),
            always("method", known(&["POST", "GET"])),
            // A nil slice in Go would be null; that happens before settings only.
            always("nodes", array(node(flow, release))),
            optional("messages", non_empty(message())),
        ],
    )
}

/// A message to the visitor.
fn message() -> Shape {
    object(
        Some("message"),
        [
            always("id", Shape::Integer),
            always("text", string()),
            always("type", one_of(&["info", "error", "success"])),
            optional("context", Shape::Any),
        ],
    )
}

/// A node of the form. Its `type` tells its attributes apart: Kratos refuses to write a node whose
/// type does not fit its attributes (`Node.MarshalJSON`).
fn node(flow: Flow, release: Release) -> Shape {
    let mut kinds = vec![
        ("input", "input node", input(release)),
        ("img", "image node", image(flow)),
        ("a", "anchor node", anchor()),
        ("text", "text node", text(flow)),
        ("script", "script node", script()),
    ];
    if release >= Release::V25_4_0 {
        kinds.push(("div", "div node", div()));
    }
    Shape::union(kinds.into_iter().map(|(kind, name, mut attributes)| {
        attributes.push(always("node_type", one_of(&[kind])));
        object(
            Some(name),
            [
                always("type", one_of(&[kind])),
                always("group", one_of(GROUPS)),
                always("attributes", object(None, attributes)),
                // Empty ones are written as `[]` and `{}`, never left out.
                always("messages", array(message())),
                always("meta", object(None, [optional("label", message())])),
            ],
        )
    }))
}

const GROUPS: &[&str] = &[
    "default",
    "password",
    "oidc",
    "profile",
    "link",
    "code",
    "totp",
    "lookup_secret",
    "webauthn",
    "passkey",
    "identifier_first",
    "captcha",
    "saml",
    "deviceauthn",
];

fn input(release: Release) -> Vec<Member> {
    vec![
        always("name", string()),
        always(
            "type",
            one_of(&[
                "text",
                "password",
                "number",
                "checkbox",
                "hidden",
                "email",
                "tel",
                "submit",
                "button",
                "datetime-local",
                "date",
                "url",
            ]),
        ),
        optional("value", Shape::Any).secret("that of the node `csrf_token` is the CSRF token"),
        optional("required", Shape::Boolean(Some(true))),
        optional(
            "autocomplete",
            one_of(&[
                "email",
                "tel",
                "url",
                "current-password",
                "new-password",
                "one-time-code",
                "username",
                "username webauthn",
            ]),
        ),
        optional("label", message()),
        optional("pattern", string()),
        always("disabled", boolean()),
        optional("onclick", string()),
        optional(
            "onclickTrigger",
            one_of(&[
                "oryWebAuthnRegistration",
                "oryWebAuthnLogin",
                "oryPasskeyLogin",
                "oryPasskeyLoginAutocompleteInit",
                "oryPasskeyRegistration",
                "oryPasskeySettingsRegistration",
            ]),
        )
        .since(Release::V1_3_1, release),
        optional("onload", string()).since(Release::V1_2_0, release),
        optional("onloadTrigger", string()).since(Release::V1_3_1, release),
        optional("maxlength", Shape::Integer).since(Release::V1_3_1, release),
        optional(
            "options",
            non_empty(object(None, [always("value", Shape::Any)])),
        )
        .since(Release::Main, release),
    ]
}

fn image(flow: Flow) -> Vec<Member> {
    let source = always("src", string());
    vec![
        match flow {
            Flow::Settings => source.secret("that of the node `totp_qr` shows the TOTP secret"),
            _ => source,
        },
        always("id", string()),
        always("width", Shape::Integer),
        always("height", Shape::Integer),
    ]
}

fn anchor() -> Vec<Member> {
    vec![
        always("href", string()),
        always("title", message().nullable()),
        always("id", string()),
    ]
}

fn text(flow: Flow) -> Vec<Member> {
    let text = always("text", message().nullable());
    vec![
        match flow {
            Flow::Settings => text.secret("it can be the TOTP secret or the lookup secrets"),
            _ => text,
        },
        always("id", string()),
    ]
}

fn script() -> Vec<Member> {
    vec![
        always("src", string()),
        always("referrerpolicy", string()),
        always("crossorigin", string()),
        always("integrity", string()),
        always("type", string()),
        always("id", string()),
        always("nonce", string()),
        always("async", boolean()),
    ]
}

fn div() -> Vec<Member> {
    vec![
        optional("class", string()),
        always("id", string()),
        optional("data", record(string())),
    ]
}
