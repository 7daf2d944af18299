//! Documents to start from, and values to change them with.

use serde_json::{Value, json};

/// Actions that are right in every way; the first four are what pairs of fields are tried on.
pub(crate) const ACTIONS: &[&str] = &[
    r#"{"flow": "registration", "timing": "after", "url": "https://example.com/hook"}"#,
    r#"{"flow": "login", "timing": "before", "url": "https://example.com/hook", "hook": "web_hook"}"#,
    r#"{"flow": "settings", "timing": "after", "hook": "notify_previous_addresses"}"#,
    r#"{"flow": "recovery", "timing": "after", "hook": "session"}"#,
    // The four of the Terraform resource's documentation.
    r#"{"flow": "registration", "timing": "after", "auth_method": "password",
        "url": "https://api.example.com/webhooks/welcome", "method": "POST",
        "body": "function(ctx) {\n  email: ctx.identity.traits.email,\n}\n"}"#,
    r#"{"flow": "login", "timing": "before", "url": "https://api.example.com/webhooks/validate",
        "method": "POST", "can_interrupt": true}"#,
    r#"{"flow": "settings", "timing": "after", "auth_method": "password",
        "url": "https://api.example.com/webhooks/audit", "method": "POST", "response_ignore": true}"#,
    r#"{"flow": "registration", "timing": "after", "auth_method": "password",
        "url": "https://api.example.com/webhooks/enrich", "method": "POST", "response_parse": true,
        "body": "function(ctx) { identity_id: ctx.identity.id }", "project_id": "0-1-2"}"#,
    r#"{"flow": "registration", "timing": "after", "url": "https://example.com/hook",
        "webhook_auth_type": "api_key", "webhook_auth_api_key_name": "X-API-KEY",
        "webhook_auth_api_key_value": "k", "webhook_auth_api_key_in": "header"}"#,
    r#"{"flow": "registration", "timing": "after", "url": "https://example.com/hook",
        "webhook_auth_type": "basic_auth", "webhook_auth_basic_auth_user": "u",
        "webhook_auth_basic_auth_password_wo": "p",
        "webhook_auth_basic_auth_password_wo_version": "1"}"#,
    r#"{"name": "crm", "description": "d", "flow": "settings", "timing": "after",
        "auth_method": ["profile", "password"], "url": "https://example.com/hook",
        "headers": {"X-A": "1", "X-B": "$${b}"}, "body_file": "b.jsonnet",
        "response": {"ignore": false, "parse": true}, "content_type": "form",
        "auth": {"type": "api_key", "config": {"name": "n", "value": "v", "in": "cookie"}},
        "emit_analytics_event": false, "order": -3, "run_after": ["a"], "run_before": ["b", "c"],
        "enabled": false}"#,
    r#"{"flow": "login", "timing": "after", "auth_method": "all", "url": "https://example.com",
        "mode": "notify", "auth": {"type": "basic_auth", "config": {"user": "u", "password": ""}}}"#,
    r#"{"flow": "registration", "timing": "after", "url": "https://example.com", "mode": "modify"}"#,
    r#"{"flow": "settings", "timing": "after", "auth_method": "profile",
        "hook": "notify_previous_addresses", "config": {"recipients": "all"}}"#,
    r#"{"flow": "login", "timing": "before", "hook": "organization", "config": {"a": [1, {}]}}"#,
    r#"{"actions": [{"flow": "login", "timing": "before", "url": "https://example.com"}]}"#,
    r#"{"actions": [{"name": "a", "flow": "login", "timing": "before", "url": "https://e.com/a"},
        {"name": "b", "flow": "recovery", "timing": "after", "url": "https://e.com/b"}]}"#,
];

/// Project files that are right in every way.
pub(crate) const PROJECTS: &[&str] = &[
    "{}",
    r#"{"kratos": "v26.2.0"}"#,
    r#"{"kratos": "main", "actions": "a", "base": "b.yaml", "out": "o.yaml",
        "identity_schemas": {"default": "i.json"}, "metadata_public": "m.json",
        "methods": ["password", "oidc"], "rules": {"insecure-url": "off", "order-cycle": "note"}}"#,
    r#"{"kratos": "1.3.0-rc.1+build", "methods": ["profile"]}"#,
];

/// Values that fit few fields.
pub(crate) const JUNK: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1.0",
    "1.5",
    "1e3",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "\"\"",
    "\"x\"",
    "\" x\"",
    "\"x\\ty\"",
    "\"x y\"",
    "\"é\\u2028\"",
    "\"true\"",
    "\"5\"",
    "\"${vars.a}\"",
    "\"a$${b}\"",
    "\"$$${b}\"",
    "\"$${a}${b}\"",
    "\"v0.1.0\"",
    "\"v99\"",
    "\"v1.2.3.4\"",
    "\"v1.2-\"",
    "\"latest\"",
    "[]",
    "[\"x\"]",
    "[\"\"]",
    "[1]",
    "[\"password\", \"password\"]",
    "[\"all\"]",
    "[[]]",
    "{}",
    "{\"a\": 1}",
    "{\"\": \"x\"}",
    "{\"Content-Type\": \"text/plain\"}",
    "{\"x\": \"${a}\"}",
    "{\"ignore\": true, \"parse\": true}",
    "{\"type\": \"api_key\", \"config\": {\"user\": \"u\"}}",
    "{\"flow\": \"login\", \"timing\": \"before\", \"url\": \"u\"}",
];

/// Every word that some field takes.
pub(crate) fn words() -> Vec<Value> {
    let kratos = kratos::Flow::ALL
        .iter()
        .map(|it| it.as_str())
        .chain(kratos::Timing::ALL.iter().map(|it| it.as_str()))
        .chain(kratos::Method::ALL.iter().map(|it| it.as_str()))
        .chain(kratos::HookKind::ALL.iter().map(|it| it.as_str()))
        .chain(kratos::Release::ALL.iter().map(|it| it.name()));
    let ours = [
        "all",
        "wait",
        "notify",
        "block",
        "modify",
        "json",
        "form",
        "api_key",
        "basic_auth",
        "header",
        "cookie",
        "error",
        "warning",
        "note",
        "off",
        "removed",
        "all_verified",
        "Login",
        "saml",
    ];
    kratos.chain(ours).map(Value::from).collect()
}

/// Every field of an action, with values that fit it.
pub(crate) fn action_fields() -> Vec<(&'static str, Vec<Value>)> {
    let secret = || vec![json!("s")];
    vec![
        ("name", vec![json!("a/b c")]),
        ("description", vec![json!("")]),
        (
            "flow",
            kratos::Flow::ALL
                .iter()
                .map(|it| json!(it.as_str()))
                .collect(),
        ),
        ("timing", vec![json!("before"), json!("after")]),
        (
            "auth_method",
            vec![json!("password"), json!("all"), json!(["oidc", "code"])],
        ),
        (
            "hook",
            kratos::HookKind::ALL
                .iter()
                .map(|it| json!(it.as_str()))
                .collect(),
        ),
        ("url", vec![json!("https://example.com")]),
        ("method", vec![json!("PUT")]),
        ("target", vec![json!("crm")]),
        ("path", vec![json!("/p")]),
        (
            "headers",
            vec![json!({}), json!({"x-a": "b"}), json!({"CONTENT-type": "c"})],
        ),
        ("body", vec![json!("function(ctx) {}")]),
        ("body_file", vec![json!("b.jsonnet")]),
        (
            "response",
            vec![json!({}), json!({"ignore": true}), json!({"parse": true})],
        ),
        ("response_ignore", vec![json!(true), json!(false)]),
        ("response_parse", vec![json!(true), json!(false)]),
        (
            "mode",
            vec![
                json!("wait"),
                json!("notify"),
                json!("block"),
                json!("modify"),
            ],
        ),
        ("can_interrupt", vec![json!(true), json!(false)]),
        ("when", vec![json!("true")]),
        ("content_type", vec![json!("json"), json!("form")]),
        (
            "auth",
            vec![
                json!({"type": "api_key", "config": {"name": "n", "value": "v", "in": "header"}}),
                json!({"type": "basic_auth", "config": {"user": "u", "password": "p"}}),
            ],
        ),
        (
            "webhook_auth_type",
            vec![json!("api_key"), json!("basic_auth")],
        ),
        ("webhook_auth_api_key_name", secret()),
        ("webhook_auth_api_key_value", secret()),
        ("webhook_auth_api_key_value_wo", secret()),
        (
            "webhook_auth_api_key_value_wo_version",
            vec![json!("1"), json!(1)],
        ),
        (
            "webhook_auth_api_key_in",
            vec![json!("header"), json!("cookie")],
        ),
        ("webhook_auth_basic_auth_user", secret()),
        ("webhook_auth_basic_auth_password", secret()),
        ("webhook_auth_basic_auth_password_wo", secret()),
        (
            "webhook_auth_basic_auth_password_wo_version",
            vec![json!("1"), json!(1)],
        ),
        (
            "config",
            vec![json!({}), json!({"recipients": "all"}), json!({"a": 1})],
        ),
        ("emit_analytics_event", vec![json!(true), json!(false)]),
        ("order", vec![json!(7)]),
        ("run_after", vec![json!([]), json!(["a"])]),
        ("run_before", vec![json!(["a", "b"])]),
        ("enabled", vec![json!(true), json!(["production"])]),
        ("project_id", vec![json!("p")]),
    ]
}

/// Every field of the project file, with values that fit it.
pub(crate) fn project_fields() -> Vec<(&'static str, Vec<Value>)> {
    let path = || vec![json!("p.json")];
    vec![
        (
            "kratos",
            kratos::Release::ALL
                .iter()
                .map(|it| json!(it.name()))
                .collect(),
        ),
        ("actions", path()),
        ("base", path()),
        ("out", path()),
        ("identity_schemas", vec![json!({}), json!({"a": "b"})]),
        ("metadata_public", path()),
        ("methods", vec![json!(["password"])]),
        ("vars", vec![json!({"a": "b"})]),
        ("targets", vec![json!({})]),
        ("environments", vec![json!({})]),
        ("rules", vec![json!({}), json!({"a": "off"})]),
    ]
}
