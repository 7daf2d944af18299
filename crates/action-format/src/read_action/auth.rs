//! Credentials of a request, nested as in Kratos or flat as in the Terraform resource.
//!
//! Invariant: no text of a credential reaches a message, a help or a fix.

use diagnostics::{Diagnostic, Span};

use yaml::View;

use super::hook::conflict;
use crate::reader::{Field, Fields, MISSING_FIELD, Nearby, Reader, UNKNOWN_VALUE, choose, literal};
use crate::{ApiKeyIn, Auth, Secret, Spanned};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    ApiKey,
    BasicAuth,
}

const TYPES: &[(&str, Type)] = &[("api_key", Type::ApiKey), ("basic_auth", Type::BasicAuth)];

const API_KEY: &[&str] = &["name", "value", "in"];
const BASIC_AUTH: &[&str] = &["user", "password"];

/// The flat fields of each type, without those that hold a version, and with `_wo` for the
/// write-only spelling of the secret.
const FLAT: &[(&str, Type)] = &[
    ("webhook_auth_api_key_name", Type::ApiKey),
    ("webhook_auth_api_key_value", Type::ApiKey),
    ("webhook_auth_api_key_value_wo", Type::ApiKey),
    ("webhook_auth_api_key_value_wo_version", Type::ApiKey),
    ("webhook_auth_api_key_in", Type::ApiKey),
    ("webhook_auth_basic_auth_user", Type::BasicAuth),
    ("webhook_auth_basic_auth_password", Type::BasicAuth),
    ("webhook_auth_basic_auth_password_wo", Type::BasicAuth),
    (
        "webhook_auth_basic_auth_password_wo_version",
        Type::BasicAuth,
    ),
];

pub(super) fn read(cx: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Spanned<Auth>> {
    let nested = fields.get("auth");
    let flat = fields
        .iter()
        .find(|field| field.name.starts_with("webhook_auth_"));
    let from_nested = nested.and_then(|field| read_nested(cx, &field));
    let from_flat = flat.and_then(|first| read_flat(cx, fields, &first));
    if let (Some(nested), Some(flat)) = (nested, flat) {
        let (guilty, other) = (cx.place(flat.key), cx.place(nested.key));
        conflict(
            cx,
            guilty,
            format!("`{}` and `auth` exclude each other", flat.name),
            (other, "the credentials are here already"),
            "keep one of them",
        );
    }
    from_nested.or(from_flat)
}

fn read_nested(cx: &mut Reader<'_>, field: &Field<'_>) -> Option<Spanned<Auth>> {
    let mapping = cx.mapping("`auth`", field.value)?;
    let keys = [API_KEY, BASIC_AUTH].concat();
    let nearby = Nearby {
        keys: &keys,
        help: "move it under `config`".to_owned(),
        excused: &["config"],
    };
    let known = &["type", "config"];
    let fields = Fields::read(cx, field.value, mapping, "`auth`", known, Some(&nearby));
    let required = [("type", "api_key"), ("config", "{…}")];
    fields.require(cx, ("`auth`", fields.head), &required);
    let kind = fields
        .get("type")
        .and_then(|field| read_type(cx, "`type`", &field))
        .map(|kind| kind.value);
    let config = fields.get("config")?;
    let mapping = cx.mapping("`config`", config.value)?;
    let (own, other, help) = match kind? {
        Type::ApiKey => (API_KEY, BASIC_AUTH, "write `type: basic_auth` for it"),
        Type::BasicAuth => (BASIC_AUTH, API_KEY, "write `type: api_key` for it"),
    };
    let nearby = Nearby {
        keys: other,
        help: help.to_owned(),
        excused: own,
    };
    let owner = "`config` of `auth`";
    let fields = Fields::read(cx, config.value, mapping, owner, own, Some(&nearby));
    let owner = (owner, fields.head);
    let place = cx.place(field.value);
    let auth = match kind? {
        Type::ApiKey => {
            let required = [("name", "X-Api-Key"), ("value", "…"), ("in", "header")];
            fields.require(cx, owner, &required);
            let value = fields.get("value");
            api_key(cx, fields.get("name"), value, fields.get("in"))
        }
        Type::BasicAuth => {
            fields.require(cx, owner, &[("user", "…"), ("password", "…")]);
            basic_auth(cx, fields.get("user"), fields.get("password"))
        }
    };
    Some(Spanned::new(auth?, place))
}

fn read_flat(cx: &mut Reader<'_>, fields: &Fields<'_>, first: &Field<'_>) -> Option<Spanned<Auth>> {
    let place = cx.place(first.key);
    let kind = read_flat_type(cx, fields, place);
    check_write_only(cx, fields);
    // The write-only spelling says the same as the plain one; with both, one was reported.
    let either = |plain: &str, write_only: &str| fields.get(plain).or(fields.get(write_only));
    let key = either(
        "webhook_auth_api_key_value",
        "webhook_auth_api_key_value_wo",
    );
    let password = either(
        "webhook_auth_basic_auth_password",
        "webhook_auth_basic_auth_password_wo",
    );
    // Both are read whatever the type says, for the findings in them.
    let api_key = api_key(
        cx,
        fields.get("webhook_auth_api_key_name"),
        key,
        fields.get("webhook_auth_api_key_in"),
    );
    let basic_auth = basic_auth(cx, fields.get("webhook_auth_basic_auth_user"), password);
    let kind = kind?;
    refuse_other_type(cx, fields, &kind);
    let auth = match kind.value {
        Type::ApiKey => {
            let mut required = vec![
                ("webhook_auth_api_key_name", "X-Api-Key"),
                ("webhook_auth_api_key_in", "header"),
            ];
            if key.is_none() {
                required.insert(1, ("webhook_auth_api_key_value", "…"));
            }
            fields.require(cx, ("the credentials", kind.span), &required);
            api_key
        }
        Type::BasicAuth => {
            let mut required = vec![("webhook_auth_basic_auth_user", "…")];
            if password.is_none() {
                required.push(("webhook_auth_basic_auth_password", "…"));
            }
            fields.require(cx, ("the credentials", kind.span), &required);
            basic_auth
        }
    };
    Some(Spanned::new(auth?, place))
}

fn read_type(cx: &mut Reader<'_>, subject: &str, field: &Field<'_>) -> Option<Spanned<Type>> {
    let words = (subject, "a type of credentials");
    choose(cx, &UNKNOWN_VALUE, words, field.value, TYPES)
}

/// `webhook_auth_type`, which must stand beside every other flat field.
fn read_flat_type(cx: &mut Reader<'_>, fields: &Fields<'_>, first: Span) -> Option<Spanned<Type>> {
    if let Some(field) = fields.get("webhook_auth_type") {
        return read_type(cx, &field.subject(), &field);
    }
    if !fields.was_meant("webhook_auth_type") {
        cx.report(
            Diagnostic::new(
                &MISSING_FIELD,
                first,
                "`webhook_auth_type` is missing beside the other `webhook_auth_*`",
            )
            .help("add `webhook_auth_type: api_key` or `webhook_auth_type: basic_auth`"),
        );
    }
    None
}

/// Terraform's write-only spelling excludes the plain one, and its version goes with it alone. The
/// version says when Terraform is to send the secret again; here it has no further meaning.
fn check_write_only(cx: &mut Reader<'_>, fields: &Fields<'_>) {
    for (plain, write_only, version) in [
        (
            "webhook_auth_api_key_value",
            "webhook_auth_api_key_value_wo",
            "webhook_auth_api_key_value_wo_version",
        ),
        (
            "webhook_auth_basic_auth_password",
            "webhook_auth_basic_auth_password_wo",
            "webhook_auth_basic_auth_password_wo_version",
        ),
    ] {
        if let (Some(plain), Some(write_only)) = (fields.get(plain), fields.get(write_only)) {
            let (guilty, other) = (cx.place(write_only.key), cx.place(plain.key));
            conflict(
                cx,
                guilty,
                format!("`{}` and its `_wo` form exclude each other", plain.name),
                (other, "the secret is here already"),
                "keep one of them",
            );
        }
        let Some(version) = fields.get(version) else {
            continue;
        };
        if !matches!(version.value.view(), View::Integer(_) | View::Float(_)) {
            cx.string(&version.subject(), version.value);
        }
        if !fields.has(write_only) && !fields.was_meant(write_only) {
            let place = cx.place(version.key);
            cx.report(
                Diagnostic::new(
                    &MISSING_FIELD,
                    place,
                    format!("`{}` has no secret to go with", version.name),
                )
                .help(format!("add `{write_only}`, or remove the version")),
            );
        }
    }
}

/// Reports, once, fields of the type that was not chosen.
fn refuse_other_type(cx: &mut Reader<'_>, fields: &Fields<'_>, kind: &Spanned<Type>) {
    let of_other_type = |name: &str| FLAT.iter().any(|it| it.0 == name && it.1 != kind.value);
    let mut others = fields.iter().filter(|field| of_other_type(field.name));
    let Some(first) = others.next() else {
        return;
    };
    let chosen = TYPES
        .iter()
        .find(|it| it.1 == kind.value)
        .map_or("", |it| it.0);
    let place = cx.place(first.key);
    conflict(
        cx,
        place,
        format!("`{}` does not go with the type `{chosen}`", first.name),
        (kind.span, "this is the type"),
        "remove it, or change `webhook_auth_type`",
    );
}

fn api_key(
    cx: &mut Reader<'_>,
    name: Option<Field<'_>>,
    value: Option<Field<'_>>,
    location: Option<Field<'_>>,
) -> Option<Auth> {
    let name = name.and_then(|field| {
        let name = cx.non_empty((&field.subject(), "a name"), field.value);
        literal(cx, field.value, name)
    });
    let value = value.and_then(|field| secret(cx, &field));
    let location = location.and_then(|field| {
        let words = (field.subject(), "a place for an API key");
        let words = (words.0.as_str(), words.1);
        choose(cx, &UNKNOWN_VALUE, words, field.value, ApiKeyIn::ALL)
    });
    Some(Auth::ApiKey {
        name: name?,
        value: value?,
        location: location?,
    })
}

fn basic_auth(
    cx: &mut Reader<'_>,
    user: Option<Field<'_>>,
    password: Option<Field<'_>>,
) -> Option<Auth> {
    let user = user.and_then(|field| {
        // An empty one is sent: some receivers take a token as the password and no name.
        let user = cx.string(&field.subject(), field.value);
        literal(cx, field.value, user)
    });
    let password = password.and_then(|field| secret(cx, &field));
    Some(Auth::BasicAuth {
        user: user?,
        password: password?,
    })
}

/// A text that no message and no fix repeats.
fn secret(cx: &mut Reader<'_>, field: &Field<'_>) -> Option<Spanned<Secret>> {
    let text = cx.string(&field.subject(), field.value);
    literal(cx, field.value, text).map(|text| text.map(Secret::new))
}
