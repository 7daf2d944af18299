//! Credentials of requests: those that are missing, and those that do not arrive as written.

use std::collections::BTreeMap;

use diagnostics::{Diagnostic, Level, Rule};

use super::url::{self, HostPlace};
use super::web_hook_at::{AuthAt, WebHookAt};
use super::{Findings, Surroundings, secrets};

/// A key in a cookie that Go changes.
pub(crate) static COOKIE_VALUE_CHANGED: Rule = Rule {
    code: "cookie-value-changed",
    summary: "an API key in a cookie with characters that Go drops or quotes",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/cookie-value-changed.md"),
};

/// A user name that receivers cut.
pub(crate) static COLON_IN_USER_NAME: Rule = Rule {
    code: "colon-in-user-name",
    summary: "a user name of basic authentication with a colon, where receivers take it to end",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/colon-in-user-name.md"),
};

/// Nothing tells the receiver who calls.
pub(crate) static UNAUTHENTICATED_WEBHOOK: Rule = Rule {
    code: "unauthenticated-webhook",
    summary: "webhooks to a public host without any credential, said once for each receiver",
    level: Level::Note,
    since: "0.1.0",
    page: include_str!("../../diagnostics/unauthenticated-webhook.md"),
};

/// Go drops what no cookie may hold (`net/http`, `sanitizeCookieValue`) and quotes a value with a
/// space or comma.
pub(super) fn cookie_value(hook: &WebHookAt<'_>, _: &Surroundings<'_>, found: &mut Findings) {
    let Some(AuthAt::ApiKey {
        value,
        cookie: true,
        ..
    }) = hook.auth
    else {
        return;
    };
    let is_dropped = |it: char| !(' '..='~').contains(&it) || matches!(it, '"' | ';' | '\\');
    let message = if value.value.contains(is_dropped) {
        "this key holds characters that are dropped from a cookie"
    } else if value.value.contains([' ', ',']) {
        "this key holds a blank or comma, so that the cookie is sent in quotes"
    } else {
        return;
    };
    found.push(
        Diagnostic::new(&COOKIE_VALUE_CHANGED, value.span, message)
            .help("use `in: header`, or a key of letters and digits"),
    );
}

/// User name and password travel as one text with a colon between them (RFC 7617, section 2).
pub(super) fn user_name(hook: &WebHookAt<'_>, _: &Surroundings<'_>, found: &mut Findings) {
    let Some(AuthAt::Basic {
        user: Some(user), ..
    }) = hook.auth
    else {
        return;
    };
    if user.value.contains(':') && !secrets::is_placeholder(user.value) {
        let message =
            "this user name holds a colon, and receivers take what follows for the password";
        found.push(
            Diagnostic::new(&COLON_IN_USER_NAME, user.span, message)
                .help("use a name without a colon, or send a whole `Authorization` header"),
        );
    }
}

/// Names of headers that carry proof of the sender.
fn is_credential_header(name: &str) -> bool {
    const PARTS: [&str; 6] = ["auth", "token", "key", "secret", "signature", "password"];
    let lower = name.to_ascii_lowercase();
    PARTS.iter().any(|part| lower.contains(part)) || lower == "cookie"
}

pub(super) fn unauthenticated(hooks: &[WebHookAt<'_>], _: &Surroundings<'_>, found: &mut Findings) {
    let mut receivers: BTreeMap<String, Vec<&WebHookAt<'_>>> = BTreeMap::new();
    for hook in hooks {
        let proven = hook.auth.is_some()
            || url::carries_credential(hook)
            || hook.headers.iter().any(|header| {
                is_credential_header(header.name.value) || secrets::looks_secret(header.value.value)
            });
        // Inside a private network, and on the machine itself, the network is the proof.
        if proven || url::place(hook) != Some(HostPlace::Anywhere) {
            continue;
        }
        if let Some(origin) = url::origin(hook) {
            receivers.entry(origin).or_default().push(hook);
        }
    }
    for (origin, hooks) in receivers {
        let Some(span) = hooks.first().and_then(|hook| hook.url).map(|url| url.span) else {
            continue;
        };
        let times = match hooks.len() {
            1 => "this request".to_owned(),
            several => format!("{several} webhooks, this one first,"),
        };
        let verb = if hooks.len() == 1 { "carries" } else { "carry" };
        found.push(
            Diagnostic::new(
                &UNAUTHENTICATED_WEBHOOK,
                span,
                format!("{times} {verb} no credential to `{origin}`"),
            )
            .help("add `auth`, so that the receiver can tell Kratos from anybody else"),
        );
    }
}
