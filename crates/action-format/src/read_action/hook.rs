//! The kind of a hook, the fields that go with it, and the built-in kinds.

use diagnostics::{Diagnostic, Level, Rule, Span};
use kratos::HookKind;
use serde_json::Value;

use super::slot::SlotFields;
use super::web_hook;
use crate::reader::{Field, Fields, Reader, UNKNOWN_HOOK, UNKNOWN_VALUE, choose};
use crate::{BuiltIn, Hook, Spanned};

/// Fields that say the same thing, or that do not go together.
pub static CONFLICTING_FIELDS: Rule = Rule {
    code: "conflicting-fields",
    summary: "fields that do not go together",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/conflicting-fields.md"),
};

/// The kind of hook, with its place where the action says it.
#[derive(Clone, Copy)]
pub(super) struct KindOfHook {
    kind: HookKind,
    place: Option<Span>,
}

/// `None` when the kind is not known, which was reported.
pub(super) fn read_kind(cx: &mut Reader<'_>, fields: &Fields<'_>) -> Option<KindOfHook> {
    let Some(field) = fields.get("hook") else {
        return (!fields.was_meant("hook")).then_some(KindOfHook {
            kind: HookKind::WebHook,
            place: None,
        });
    };
    let kinds: Vec<_> = HookKind::ALL.iter().map(|it| (it.as_str(), *it)).collect();
    let words = ("`hook`", "a kind of hook");
    let kind = choose(cx, &UNKNOWN_HOOK, words, field.value, &kinds)?;
    Some(KindOfHook {
        kind: kind.value,
        place: Some(kind.span),
    })
}

pub(super) fn read(
    cx: &mut Reader<'_>,
    fields: &Fields<'_>,
    slot: &SlotFields,
    kind: Option<KindOfHook>,
) -> Option<Hook> {
    match kind {
        Some(KindOfHook {
            kind,
            place: Some(place),
        }) if kind != HookKind::WebHook => {
            refuse_web_fields(cx, fields, kind, place);
            Some(Hook::BuiltIn(BuiltIn {
                kind: Spanned::new(kind, place),
                config: read_config(cx, fields, kind, place),
            }))
        }
        Some(KindOfHook { place, .. }) => {
            if let Some(field) = fields.get("config") {
                refuse_config(cx, &field, place);
            }
            let hook = web_hook::read(cx, fields, slot, place);
            Some(Hook::Web(Box::new(hook)))
        }
        // Its fields are read for the findings in them.
        None => {
            web_hook::read(cx, fields, slot, None);
            None
        }
    }
}

/// Reports what every action, or every webhook, must have.
pub(super) fn require(cx: &mut Reader<'_>, fields: &Fields<'_>, kind: Option<KindOfHook>) {
    let mut required = vec![("flow", "registration"), ("timing", "after")];
    let is_web_hook = kind.is_some_and(|it| it.kind == HookKind::WebHook);
    // `target` stands for it, and `config` of Kratos's own form holds it: both were refused.
    if is_web_hook && !fields.has("target") && !fields.has("config") {
        required.push(("url", "https://…"));
    }
    fields.require(cx, ("the action", fields.head), &required);
}

/// Reports a finding about two fields: `guilty` and, labelled, `other`.
pub(super) fn conflict(
    cx: &mut Reader<'_>,
    guilty: Span,
    message: String,
    other: (Span, &str),
    help: &str,
) {
    cx.report(
        Diagnostic::new(&CONFLICTING_FIELDS, guilty, message)
            .label(other.0, other.1)
            .help(help),
    );
}

/// One finding for all the fields that only webhooks have: the mistake is one.
fn refuse_web_fields(cx: &mut Reader<'_>, fields: &Fields<'_>, kind: HookKind, place: Span) {
    let web: Vec<Field<'_>> = fields
        .iter()
        .filter(|field| web_hook::FIELDS.contains(&field.name))
        .collect();
    let Some((first, rest)) = web.split_first() else {
        return;
    };
    let mut finding = Diagnostic::new(
        &CONFLICTING_FIELDS,
        cx.place(first.key),
        format!(
            "`{}` goes with webhooks only, not with `hook: {kind}`",
            first.name
        ),
    )
    .label(place, "this kind calls nothing")
    .help("remove it, or write `hook: web_hook`");
    for field in rest {
        finding = finding.label(cx.place(field.key), "the same here");
    }
    cx.report(finding);
}

fn refuse_config(cx: &mut Reader<'_>, field: &Field<'_>, kind: Option<Span>) {
    let mut finding = Diagnostic::new(
        &CONFLICTING_FIELDS,
        cx.place(field.key),
        "`config` goes with built-in hooks only, not with webhooks",
    )
    .help("write the settings of a webhook into the action itself");
    if let Some(kind) = kind {
        finding = finding.label(kind, "this is a webhook");
    }
    cx.report(finding);
}

/// The settings of a built-in kind. Only three kinds take any (`config.schema.json`, all
/// releases): the two of the enterprise build, which are open, and `notify_previous_addresses`.
fn read_config(
    cx: &mut Reader<'_>,
    fields: &Fields<'_>,
    kind: HookKind,
    place: Span,
) -> Option<Spanned<Value>> {
    let field = fields.get("config")?;
    let open = match kind {
        HookKind::B2bSso | HookKind::Organization => true,
        HookKind::NotifyPreviousAddresses => false,
        _ => {
            let key = cx.place(field.key);
            conflict(
                cx,
                key,
                format!("`config` does not go with `hook: {kind}`"),
                (place, "this kind has no settings"),
                "remove `config`",
            );
            return None;
        }
    };
    let errors = cx.errors();
    let mapping = cx.mapping("`config`", field.value)?;
    if !open {
        let owner = "`config` of `notify_previous_addresses`";
        let fields = Fields::read(cx, field.value, mapping, owner, &["recipients"], None);
        if let Some(recipients) = fields.get("recipients") {
            let words = ("`recipients`", "a choice of recipients");
            let choices = &[("removed", ()), ("all_verified", ()), ("all", ())];
            choose(cx, &UNKNOWN_VALUE, words, recipients.value, choices);
        }
    }
    (cx.errors() == errors).then(|| Spanned::new(yaml::to_json(field.value), cx.place(field.value)))
}
