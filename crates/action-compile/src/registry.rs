//! The register of all codes that checking and compiling can report.

use diagnostics::{Registry, Rule};

use crate::{
    base, body, document, emit, form, identity, lint, load, lower, order, resolve, settings,
    suppress,
};

/// The rules of this crate.
pub(crate) static RULES: &[&Rule] = &[
    &base::FURTHER_DOCUMENT,
    &base::INVALID_BASE,
    &body::BAD_BODY_ENCODING,
    &body::BODY_FILE_OUTSIDE,
    &body::DEFAULT_BODY,
    &body::MISSING_BODY_FILE,
    &form::FORM_BODY_NOT_STRINGS,
    &document::DOCUMENT_SYNTAX,
    &emit::ALIAS_IN_THE_WAY,
    &emit::BASE_NOT_EDITABLE,
    &identity::INVALID_SCHEMA,
    &identity::UNKNOWN_TRAITS,
    &load::NOT_UTF8,
    &lower::HOOK_NOT_CARRIABLE,
    &lower::HOOKS_BEHIND_SESSION,
    &order::IMPOSSIBLE_ORDER,
    &order::ORDER_CYCLE,
    &order::UNKNOWN_ACTION,
    &resolve::DUPLICATE_HOOK,
    &resolve::DUPLICATE_NAME,
    &resolve::FIELD_NOT_IN_RELEASE,
    &resolve::HOOK_NEVER_RUNS,
    &resolve::HOOK_NOT_ALLOWED_IN_SLOT,
    &resolve::INVALID_URL,
    &resolve::METHOD_NOT_ALLOWED_HERE,
    &resolve::MISSING_AUTH_METHOD,
    &resolve::OTHER_NOT_COVERED,
    &resolve::RELEASE_NOT_MODELLED,
    &settings::FIXED_RULE_LEVEL,
    &settings::UNKNOWN_RULE,
    &suppress::INVALID_SUPPRESSION,
    &suppress::UNEXPLAINED_SUPPRESSION,
    &suppress::UNUSED_SUPPRESSION,
];

/// Every rule of every crate.
#[must_use]
pub fn registry() -> Registry {
    Registry::new(&[
        RULES,
        lint::RULES,
        action_format::RULES,
        jsonnet_check::RULES,
        jsonnet_syntax::RULES,
        yaml::RULES,
    ])
}
