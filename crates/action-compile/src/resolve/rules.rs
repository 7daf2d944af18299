//! What the shape of one file cannot show: names over the folder, slots and fields per release.

use std::collections::BTreeMap;

use action_format::{Action, Hook};
use diagnostics::{Diagnostic, Level, Rule, Span};
use kratos::{ChainKey, HookKind, Phase, Release, Section, Slot, WebHookField};

use super::url::url_fault;
use super::{Resolved, modelled};
use crate::load::{Loaded, LoadedAction};
use crate::same::fingerprint;

/// Two actions of one name.
pub(crate) static DUPLICATE_NAME: Rule = Rule {
    code: "duplicate-name",
    summary: "two actions with the same name",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/duplicate-name.md"),
};

/// A method that has no list here.
pub(crate) static METHOD_NOT_ALLOWED_HERE: Rule = Rule {
    code: "method-not-allowed-here",
    summary: "an `auth_method` that the flow or the release has no hooks for",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/method-not-allowed-here.md"),
};

/// A kind that the list does not take.
pub(crate) static HOOK_NOT_ALLOWED_IN_SLOT: Rule = Rule {
    code: "hook-not-allowed-in-slot",
    summary: "a kind of hook that Kratos does not accept at this point",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/hook-not-allowed-in-slot.md"),
};

/// A kind that the list takes and never runs.
pub(crate) static HOOK_NEVER_RUNS: Rule = Rule {
    code: "hook-never-runs",
    summary: "a hook that Kratos accepts here and never runs",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/hook-never-runs.md"),
};

/// A field that the release does not know.
pub(crate) static FIELD_NOT_IN_RELEASE: Rule = Rule {
    code: "field-not-in-release",
    summary: "a field that the target release of Kratos does not have",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/field-not-in-release.md"),
};

/// No method said where there are several.
pub(crate) static MISSING_AUTH_METHOD: Rule = Rule {
    code: "missing-auth-method",
    summary: "no `auth_method` where the flow has several",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/missing-auth-method.md"),
};

/// `all` that leaves something out.
pub(crate) static OTHER_NOT_COVERED: Rule = Rule {
    code: "other-not-covered",
    summary: "`auth_method: all` cannot cover methods that have no list of hooks",
    level: Level::Note,
    since: "0.1.0",
    page: include_str!("../../diagnostics/other-not-covered.md"),
};

/// The same hook twice in one list.
pub(crate) static DUPLICATE_HOOK: Rule = Rule {
    code: "duplicate-hook",
    summary: "two actions that are the same hook in the same list",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/duplicate-hook.md"),
};

/// A URL that stops Kratos.
pub(crate) static INVALID_URL: Rule = Rule {
    code: "invalid-url",
    summary: "a `url` that is no absolute http or https URL; a warning where the request may arrive all the same",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/invalid-url.md"),
};

/// A release between two that are modelled.
pub(crate) static RELEASE_NOT_MODELLED: Rule = Rule {
    code: "release-not-modelled",
    summary: "a release between two known ones counts as the lower",
    level: Level::Note,
    since: "0.1.0",
    page: include_str!("../../diagnostics/release-not-modelled.md"),
};

/// What the settings alone show.
pub(super) fn settings(loaded: &mut Loaded) {
    let Some(asked) = &loaded.settings.kratos_asked else {
        return;
    };
    // The place is the project file when it says it, else the top of the first file read.
    let Some((file, source)) = loaded.sources.iter().next() else {
        return;
    };
    let at = source.text().find(asked.as_str()).unwrap_or(0);
    let end = at + if at == 0 { 0 } else { asked.len() };
    let message = format!(
        "`{asked}` counts as {}, the nearest release below that is known",
        loaded.settings.kratos
    );
    loaded.diagnostics.push(
        Diagnostic::new(
            &RELEASE_NOT_MODELLED,
            diagnostics::TextRange::new(at, end).in_file(file),
            message,
        )
        .help("nothing to do, unless that release changed how hooks run"),
    );
}

/// Names are unique over the folder; actions that are switched off count too.
pub(super) fn names(actions: &[LoadedAction], loaded: &mut Loaded) {
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    for LoadedAction { action, .. } in actions {
        let Some(name) = &action.name else { continue };
        match first.get(name.value.as_str()) {
            Some(earlier) => loaded.diagnostics.push(
                Diagnostic::new(
                    &DUPLICATE_NAME,
                    name.span,
                    format!("the name `{}` is taken", name.value),
                )
                .label(*earlier, "by this action")
                .help("give the action another `name`; names are unique over the whole folder"),
            ),
            None => {
                first.insert(&name.value, name.span);
            }
        }
    }
}

/// Fields against the release and the points the action belongs to.
pub(super) fn fields(action: &Action, targets: &[(Slot, ChainKey)], loaded: &mut Loaded) {
    if let Some(Hook::Web(web)) = &action.hook {
        let release = loaded.settings.kratos;
        let content_type = web
            .content_type
            .as_ref()
            .filter(|it| it.value == action_format::ContentType::Form)
            .map(|it| it.span);
        let used = [
            (
                WebHookField::Headers,
                "headers",
                web.headers.first().map(|header| header.name.span),
            ),
            (WebHookField::Headers, "content_type: form", content_type),
            (
                WebHookField::EmitAnalyticsEvent,
                "emit_analytics_event",
                web.emit_analytics_event.as_ref().map(|it| it.span),
            ),
        ];
        for (field, name, span) in used {
            let Some(span) = span.filter(|_| !field.is_known(release)) else {
                continue;
            };
            loaded.diagnostics.push(
                Diagnostic::new(
                    &FIELD_NOT_IN_RELEASE,
                    span,
                    format!(
                        "Kratos {release} has no `{name}`, only since {}",
                        field.since()
                    ),
                )
                .help(format!(
                    "remove it, or compile for {} or later",
                    field.since()
                )),
            );
        }
        // `$${` leaves something for the deployment to fill in.
        if let Some(url) = &web.url
            && !url.value.contains("${")
            && let Some(fault) = url_fault(&url.value)
        {
            let mut finding =
                Diagnostic::new(&INVALID_URL, url.span, fault.message).help(fault.help);
            finding.level = fault.level;
            loaded.diagnostics.push(finding);
        }
    }
    never_runs(action, targets, loaded);
}

/// A hook that alone in its list yields no chain never runs there.
fn never_runs(action: &Action, targets: &[(Slot, ChainKey)], loaded: &mut Loaded) {
    let Some(hook) = &action.hook else { return };
    let release = loaded.settings.kratos;
    let idle: Vec<Slot> = targets
        .iter()
        .map(|(slot, _)| *slot)
        .filter(|slot| phases_run(&modelled(hook), *slot, release).is_empty())
        .collect();
    let Some(first) = idle.first() else { return };
    let kind = hook.kind();
    let at = match hook {
        Hook::BuiltIn(hook) => hook.kind.span,
        Hook::Web(_) => action.head,
    };
    let help = match kind {
        HookKind::B2bSso | HookKind::Organization => "only the Enterprise build of Kratos runs it",
        _ => "remove the action, or move it to a point where this kind does something",
    };
    loaded.diagnostics.push(
        Diagnostic::new(
            &HOOK_NEVER_RUNS,
            at,
            format!("Kratos {release} accepts `{kind}` in `{first}` and never runs it"),
        )
        .help(help),
    );
}

/// The phases in which a hook runs when it is alone in its list.
pub(crate) fn phases_run(hook: &kratos::Hook, slot: Slot, release: Release) -> Vec<Phase> {
    let section = Section {
        slots: BTreeMap::from([(slot, vec![hook.clone()])]),
        verification_enabled: false,
    };
    let chains = kratos::effective_chains(release, &section);
    let running = chains.into_iter().filter(|chain| !chain.links.is_empty());
    running.map(|chain| chain.point.phase).collect()
}

/// Kratos refuses a list with two identical hooks (`uniqueItems`).
pub(super) fn duplicates(resolved: &Resolved, loaded: &mut Loaded) {
    let mut reported = std::collections::BTreeSet::new();
    let mut first: BTreeMap<(Slot, String), usize> = BTreeMap::new();
    for element in &resolved.elements {
        let key = (element.slot, fingerprint(&element.value));
        let Some(earlier) = first.get(&key) else {
            first.insert(key, element.action);
            continue;
        };
        if !reported.insert(element.action) {
            continue;
        }
        let head = |index: usize| loaded.actions.get(index).map(|it| it.action.head);
        if let (Some(here), Some(there)) = (head(element.action), head(*earlier)) {
            let message = format!("the same hook stands twice in `{}`", element.slot);
            loaded.diagnostics.push(
                Diagnostic::new(&DUPLICATE_HOOK, here, message)
                    .label(there, "first here")
                    .help("remove one of the two; Kratos refuses a list with two identical hooks"),
            );
        }
    }
}
