//! Request headers, as Go and Kratos treat them.
//!
//! Evidence: `request/builder.go`, `request/auth.go`, and requests recorded on the wire.

use diagnostics::{Diagnostic, Level, Rule};

use super::web_hook_at::{AuthAt, WebHookAt};
use super::{Findings, Surroundings};

/// A content type that fails each request.
pub(crate) static BAD_CONTENT_TYPE: Rule = Rule {
    code: "bad-content-type",
    summary: "a `Content-Type` that is neither of the two that Kratos accepts, byte for byte",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/bad-content-type.md"),
};

/// Two spellings of one header.
pub(crate) static DUPLICATE_HEADER: Rule = Rule {
    code: "duplicate-header",
    summary: "one header in two spellings, which Kratos merges in random order",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/duplicate-header.md"),
};

/// A header that `auth` replaces.
pub(crate) static HEADER_OVERRIDDEN_BY_AUTH: Rule = Rule {
    code: "header-overridden-by-auth",
    summary: "a header that `auth` sets as well and so replaces",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/header-overridden-by-auth.md"),
};

/// A header that is not sent.
pub(crate) static HEADER_WITHOUT_EFFECT: Rule = Rule {
    code: "header-without-effect",
    summary: "`Host` or `Content-Length` among the headers, which Go ignores there",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/header-without-effect.md"),
};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

pub(super) fn content_type(hook: &WebHookAt<'_>, _: &Surroundings<'_>, found: &mut Findings) {
    for header in &hook.headers {
        let value = header.value;
        let is_it = header.name.value.eq_ignore_ascii_case("content-type");
        // TRACE sends no body, so nothing looks at the type of one.
        if !is_it || matches!(value.value, JSON | FORM) || hook.sent_method() == "TRACE" {
            continue;
        }
        let meant = if value.value.to_ascii_lowercase().contains("urlencoded") {
            FORM
        } else {
            JSON
        };
        found.push(
            Diagnostic::new(
                &BAD_CONTENT_TYPE,
                value.span,
                format!(
                    "`{}` fails every request, expected `{JSON}` or `{FORM}`",
                    value.value
                ),
            )
            .help(format!("write `{meant}`, without parameters"))
            .fix(format!("write `{meant}`"), value.span, meant),
        );
    }
}

pub(super) fn duplicate(hook: &WebHookAt<'_>, _: &Surroundings<'_>, found: &mut Findings) {
    for (index, header) in hook.headers.iter().enumerate() {
        let earlier = hook.headers.iter().take(index).find(|other| {
            other.name.value.eq_ignore_ascii_case(header.name.value)
                && other.name.value != header.name.value
        });
        if let Some(earlier) = earlier {
            found.push(
                Diagnostic::new(
                    &DUPLICATE_HEADER,
                    header.name.span,
                    format!(
                        "`{}` and `{}` are one header, sent in random order",
                        earlier.name.value, header.name.value
                    ),
                )
                .label(earlier.name.span, "the other spelling")
                .help("keep one of the two"),
            );
        }
    }
}

pub(super) fn without_effect(hook: &WebHookAt<'_>, _: &Surroundings<'_>, found: &mut Findings) {
    for header in &hook.headers {
        let name = header.name.value;
        if ["host", "content-length"]
            .iter()
            .any(|it| name.eq_ignore_ascii_case(it))
        {
            found.push(
                Diagnostic::new(
                    &HEADER_WITHOUT_EFFECT,
                    header.name.span,
                    format!("`{name}` has no effect: it is made from the request itself"),
                )
                .help("remove it; the host is that of the `url`"),
            );
        }
    }
}

pub(super) fn overridden(hook: &WebHookAt<'_>, _: &Surroundings<'_>, found: &mut Findings) {
    let set = match hook.auth {
        Some(AuthAt::ApiKey {
            name,
            cookie: false,
            ..
        }) => (name.value, name.span),
        Some(AuthAt::Basic { password }) => ("Authorization", password.span),
        _ => return,
    };
    for header in &hook.headers {
        if header.name.value.eq_ignore_ascii_case(set.0) {
            found.push(
                Diagnostic::new(
                    &HEADER_OVERRIDDEN_BY_AUTH,
                    header.name.span,
                    format!("`auth` replaces the header `{}`", header.name.value),
                )
                .label(set.1, "set here as well")
                .help("remove the header, or the `auth`"),
            );
        }
    }
}
