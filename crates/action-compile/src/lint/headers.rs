//! Request headers, as Go and Kratos treat them.
//!
//! Evidence: `request/builder.go`, `request/auth.go`, and requests recorded on the wire.

use diagnostics::{Diagnostic, Level, Rule};

use super::method::is_token;
use super::secrets::is_placeholder;
use super::web_hook_at::{AuthAt, Text, WebHookAt};
use super::{Findings, Surroundings};

/// A content type that fails each request.
pub(crate) static BAD_CONTENT_TYPE: Rule = Rule {
    code: "bad-content-type",
    summary: "a `Content-Type` that is neither of the two that Kratos accepts, byte for byte",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/bad-content-type.md"),
};

/// A header that no request can be sent with.
pub(crate) static INVALID_HEADER: Rule = Rule {
    code: "invalid-header",
    summary: "a header whose name is no HTTP token, or whose value holds a line break or another control character; a warning for the name of a cookie",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/invalid-header.md"),
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

/// Go sends no request with such a header (`net/http`, `httpguts`), and Kratos starts with it.
pub(super) fn invalid(hook: &WebHookAt<'_>, _: &Surroundings<'_>, found: &mut Findings) {
    let written = hook.headers.iter().map(|it| (it.name, it.value));
    let (of_auth, cookie) = match hook.auth {
        Some(AuthAt::ApiKey {
            name,
            value,
            cookie: false,
        }) => (Some((name, value)), None),
        Some(AuthAt::ApiKey {
            name, cookie: true, ..
        }) => (None, Some(name)),
        _ => (None, None),
    };
    for (name, value) in written.chain(of_auth) {
        if !is_token(name.value) && !is_placeholder(name.value) {
            found.push(invalid_name(name));
        } else if !is_content_type(hook, name)
            && let Some(finding) = invalid_value(name.value, value)
        {
            found.push(finding);
        }
    }
    // Go sends it as it is, and who reads cookies leaves out what is no token.
    if let Some(name) = cookie.filter(|it| !is_token(it.value) && !is_placeholder(it.value)) {
        let message = match name.value {
            "" => "a cookie without a name, which receivers leave out".to_owned(),
            it => format!("`{it}` is no name of a cookie, and receivers leave it out"),
        };
        let mut finding =
            Diagnostic::new(&INVALID_HEADER, name.span, message).help(LETTERS_DIGITS_HYPHENS);
        finding.level = Level::Warning;
        found.push(finding);
    }
}

/// Whether the value is judged as a content type; TRACE sends no body, so nothing looks at the type
/// of one.
fn is_content_type(hook: &WebHookAt<'_>, name: Text<'_>) -> bool {
    name.value.eq_ignore_ascii_case("content-type") && hook.sent_method() != "TRACE"
}

const LETTERS_DIGITS_HYPHENS: &str = "use letters, digits and `-`";

fn invalid_name(name: Text<'_>) -> Diagnostic {
    let message = match name.value {
        "" => "a header without a name fails every request".to_owned(),
        it => format!("`{it}` is no name of a header, and fails every request"),
    };
    let bare = name.value.trim_end_matches([':', ' ']);
    let help = if bare != name.value && is_token(bare) {
        format!("write `{bare}`")
    } else {
        LETTERS_DIGITS_HYPHENS.to_owned()
    };
    Diagnostic::new(&INVALID_HEADER, name.span, message).help(help)
}

/// The value itself is not shown: it may be a credential.
fn invalid_value(name: &str, value: Text<'_>) -> Option<Diagnostic> {
    let is_fault = |it: char| it.is_ascii_control() && it != '\t';
    let first = value.value.chars().find(|it| is_fault(*it))?;
    let is_break = matches!(first, '\n' | '\r');
    let what = if is_break {
        "a line break"
    } else {
        "a control character"
    };
    let help = if is_break && !value.value.trim_end().contains(is_fault) {
        "write it on the line of its name, or `|-` instead of `|`, which keeps the last line break out"
    } else {
        "write it in one line, without control characters"
    };
    let message = format!("the value of `{name}` holds {what}, and fails every request");
    Some(Diagnostic::new(&INVALID_HEADER, value.span, message).help(help))
}

pub(super) fn content_type(hook: &WebHookAt<'_>, around: &Surroundings<'_>, found: &mut Findings) {
    for header in &hook.headers {
        let value = header.value;
        if !is_content_type(hook, header.name) || matches!(value.value, JSON | FORM) {
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
            .fix(
                format!("write `{meant}`"),
                value.span,
                around.in_its_quotes(value.span, meant),
            ),
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
        Some(AuthAt::Basic { password, .. }) => ("Authorization", password.span),
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
