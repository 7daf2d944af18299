//! The HTTP method, which Kratos sends exactly as it is written.

use diagnostics::{Diagnostic, Level, Rule};

use super::web_hook_at::WebHookAt;
use super::{Findings, Surroundings};

/// A method that no server expects.
pub(crate) static BAD_METHOD: Rule = Rule {
    code: "bad-method",
    summary: "a method in lower case or empty; an error where it is no HTTP token, which fails every request",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/bad-method.md"),
};

/// The methods of RFC 9110, and the one of RFC 5789.
const STANDARD: [&str; 9] = [
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
];

/// Whether a text is a token of HTTP (RFC 9110, section 5.6.2).
pub(super) fn is_token(text: &str) -> bool {
    let is_part = |it: char| it.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(it);
    !text.is_empty() && text.chars().all(is_part)
}

pub(super) fn bad(hook: &WebHookAt<'_>, around: &Surroundings<'_>, found: &mut Findings) {
    let Some(method) = hook.method else { return };
    let upper = method.value.to_ascii_uppercase();
    let diagnostic = if method.value.is_empty() {
        Diagnostic::new(
            &BAD_METHOD,
            method.span,
            "the method is empty, which is sent as `GET`",
        )
        .help("write `POST`")
        .fix(
            "write `POST`",
            method.span,
            around.in_its_quotes(method.span, "POST"),
        )
    } else if !is_token(method.value) {
        let mut diagnostic = Diagnostic::new(
            &BAD_METHOD,
            method.span,
            format!("`{}` is no HTTP method: every request fails", method.value),
        )
        .help("write `POST`");
        diagnostic.level = Level::Error;
        diagnostic
    } else if upper != method.value && STANDARD.contains(&upper.as_str()) {
        Diagnostic::new(
            &BAD_METHOD,
            method.span,
            format!(
                "`{}` is sent as it is written, and servers expect `{upper}`",
                method.value
            ),
        )
        .help(format!("write `{upper}`"))
        .fix(
            format!("write `{upper}`"),
            method.span,
            around.in_its_quotes(method.span, &upper),
        )
    } else {
        return;
    };
    found.push(diagnostic);
}
