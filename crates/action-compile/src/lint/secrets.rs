//! Secrets that are written down: in credentials, headers and bodies.
//!
//! When a body fails at run time, Kratos shows its whole source to the visitor; a configuration is
//! in git and in a ConfigMap. What looks like a placeholder that something fills in later, or that
//! says so, is not taken for a secret.

use diagnostics::{Diagnostic, Level, Rule};
use jsonnet_syntax::{ExprKind, FieldName, Member};

use super::web_hook_at::{AuthAt, BodyFrom, WebHookAt};
use super::{Findings, Surroundings};

/// A secret that is written down.
pub(crate) static HARDCODED_SECRET: Rule = Rule {
    code: "hardcoded-secret",
    summary: "a text that looks like a secret in a credential, a header or a body",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/hardcoded-secret.md"),
};

pub(super) fn hardcoded(hook: &WebHookAt<'_>, _: &Surroundings<'_>, found: &mut Findings) {
    let keep = "keep it out of the file: let the deployment put it into the configuration";
    let credential = match hook.auth {
        Some(AuthAt::ApiKey { value, .. }) => Some(value),
        Some(AuthAt::Basic { password, .. }) => Some(password),
        Some(AuthAt::Other) | None => None,
    };
    if let Some(value) = credential.filter(|it| looks_secret(it.value)) {
        let message = "this credential looks like a real one, written down";
        found.push(Diagnostic::new(&HARDCODED_SECRET, value.span, message).help(keep));
    }
    for header in &hook.headers {
        // `Bearer x`, `Basic x`: the scheme is no secret.
        let value = header.value.value;
        let token = value.rsplit(' ').next().unwrap_or(value);
        if looks_secret(token) {
            let message = format!(
                "the header `{}` looks like a secret, written down",
                header.name.value
            );
            found.push(Diagnostic::new(&HARDCODED_SECRET, header.value.span, message).help(keep));
        }
    }
    if let BodyFrom::Written(body) = hook.body {
        let program = crate::check::parse(&body.text);
        for range in in_body(&program.program) {
            found.push(of_body(body.place.span(range)));
        }
    }
}

/// The finding for a secret in a body.
pub(super) fn of_body(span: diagnostics::Span) -> Diagnostic {
    let message = "this looks like a secret, and a failing body is shown to the visitor";
    Diagnostic::new(&HARDCODED_SECRET, span, message)
        .help("send credentials with `auth`; a body holds no secrets")
}

/// The places of texts in a program that look like secrets.
pub(super) fn in_body(program: &jsonnet_syntax::Program) -> Vec<diagnostics::TextRange> {
    let mut found = Vec::new();
    for expr in program.exprs() {
        match &expr.kind {
            ExprKind::String(symbol) if looks_secret(program.text(*symbol)) => {
                found.push(expr.range);
            }
            ExprKind::Object(members) => {
                for member in members {
                    let Member::Field(field) = member else {
                        continue;
                    };
                    let FieldName::Fixed(name) = field.name else {
                        continue;
                    };
                    let value = program.expr(field.value);
                    let ExprKind::String(text) = value.kind else {
                        continue;
                    };
                    let text = program.text(text);
                    let secret = is_secret_parameter(program.text(name.symbol))
                        && text.len() >= 12
                        && is_dense(text)
                        && !is_stand_in(text);
                    if secret {
                        found.push(value.range);
                    }
                }
            }
            _ => {}
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Whether something else fills the text in before Kratos reads it.
pub(super) fn is_placeholder(text: &str) -> bool {
    const MARKS: [&str; 8] = ["${", "{{", "[[", "$(", "<%", "%(", "%{", "<<"];
    let only_capitals = text
        .chars()
        .all(|it| it.is_ascii_uppercase() || matches!(it, '_' | '-'));
    (only_capitals && text.len() > 3)
        || MARKS.iter().any(|mark| text.contains(mark))
        || (text.starts_with('<') && text.ends_with('>'))
        || (text.starts_with('$') && text.len() > 1)
}

/// Whether a text says of itself that it is no secret.
fn is_stand_in(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    const WORDS: [&str; 11] = [
        "redacted",
        "change-me",
        "changeme",
        "change_me",
        "placeholder",
        "example",
        "your-",
        "your_",
        "xxxx",
        "insecure",
        "set-by",
    ];
    is_placeholder(text) || WORDS.iter().any(|word| lower.contains(word))
}

/// Names of parameters and members that hold secrets.
pub(crate) fn is_secret_parameter(name: &str) -> bool {
    const NAMES: [&str; 21] = [
        "token",
        "accesstoken",
        "authtoken",
        "key",
        "apikey",
        "accesskey",
        "secret",
        "secretkey",
        "clientsecret",
        "apisecret",
        "sig",
        "signature",
        "password",
        "passwd",
        "pwd",
        "auth",
        "credential",
        "privatekey",
        "apitoken",
        "sharedsecret",
        "webhooksecret",
    ];
    let bare: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|it| it.to_ascii_lowercase())
        .collect();
    NAMES.contains(&bare.as_str())
}

/// How keys of widely used services begin.
const KNOWN_BEGINNINGS: [&str; 18] = [
    "ghp_",
    "gho_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "sk_live_",
    "rk_live_",
    "whsec_",
    "xoxb-",
    "xoxp-",
    "xapp-",
    "AKIA",
    "ASIA",
    "AIza",
    "SG.",
    "ory_pat_",
    "ory_at_",
    "-----BEGIN ",
];

/// Whether a text is a secret by its looks: it begins like the key of a known service, is a JSON
/// web token, or is long, of several kinds of characters, and without order.
pub(crate) fn looks_secret(text: &str) -> bool {
    if is_stand_in(text) {
        return false;
    }
    let known = KNOWN_BEGINNINGS
        .iter()
        .any(|it| text.starts_with(it) && text.len() >= it.len() + 12);
    let web_token = text.starts_with("eyJ") && text.matches('.').count() == 2 && text.len() > 40;
    known || web_token || is_random(text)
}

/// A single word of the characters of keys.
fn is_dense(text: &str) -> bool {
    text.chars()
        .all(|it| it.is_ascii_alphanumeric() || "+/=_-.~!@#%^&*".contains(it))
}

fn is_random(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let upper = text.chars().filter(char::is_ascii_uppercase).count();
    let lower = text.chars().filter(char::is_ascii_lowercase).count();
    let kinds = [digits, upper, lower].iter().filter(|it| **it > 0).count();
    let alphabet = text
        .chars()
        .all(|it| it.is_ascii_alphanumeric() || "+/=_-".contains(it));
    // Hexadecimal has two kinds of characters and four bits in each; UUIDs are names, not secrets.
    let hexadecimal = text.chars().all(|it| it.is_ascii_hexdigit()) && digits >= 6;
    let is_uuid = text.len() == 36 && text.matches('-').count() == 4;
    alphabet
        && !is_uuid
        && ((text.len() >= 32 && hexadecimal)
            || (text.len() >= 24 && kinds == 3 && digits >= 3 && bits_per_character(text) > 3.8))
}

/// Shannon's entropy of the characters.
fn bits_per_character(text: &str) -> f64 {
    let mut counts = [0_u32; 128];
    for byte in text.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let total = f64::from(u32::try_from(text.len()).unwrap_or(u32::MAX));
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f64::from(*count) / total;
            -share * share.log2()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_from_names() {
        for secret in [
            "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
            "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
            "Zk3pQ9vX2mT7rW5yB8nL4hJ6",
        ] {
            assert!(looks_secret(secret), "{secret}");
        }
        for other in [
            "set-by-the-deployment",
            "${env.API_KEY}",
            "$API_KEY",
            "OVERWRITE_ME",
            "PLEASE-CHANGE-ME-I-AM-VERY-INSECURE",
            "application/x-www-form-urlencoded",
            "test-api-key-value",
            "00000000-0000-0000-0000-000000000000",
            "https://api.example.com/webhooks/welcome-email",
            "registration.after.password",
            "ThisIsALongCamelCaseIdentifierName",
        ] {
            assert!(!looks_secret(other), "{other}");
        }
    }
}
