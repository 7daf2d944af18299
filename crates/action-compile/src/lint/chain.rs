//! Rules over chains: what hooks do to each other, in the order in which they run.

use std::collections::BTreeMap;

use diagnostics::{Diagnostic, Level, Rule, Span};
use kratos::{Flow, HookKind, Link, Phase, Point, Slot};
use serde_json::Value;

use super::{Findings, Surroundings};
use crate::base::Base;
use crate::load::Loaded;
use crate::plan::{Intended, Intent};
use crate::resolve::Resolved;
use crate::same::fingerprint;

/// Old sessions that are gone though no new one comes.
pub(crate) static REVOKE_BEFORE_FAILING_HOOK: Rule = Rule {
    code: "revoke-before-failing-hook",
    summary: "`revoke_active_sessions` before a hook that can fail the login: the old sessions are gone, and no new one comes",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/revoke-before-failing-hook.md"),
};

/// A form that nobody has prepared.
pub(crate) static SHOW_VERIFICATION_UI_WITHOUT_VERIFIER: Rule = Rule {
    code: "show-verification-ui-without-verifier",
    summary: "`show_verification_ui` where no earlier hook starts a verification, so that it does nothing",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/show-verification-ui-without-verifier.md"),
};

/// Hooks that do not go with a deferred change.
pub(crate) static VERIFY_NEW_ADDRESS_CONFLICT: Rule = Rule {
    code: "verify-new-address-conflict",
    summary: "`verify_new_address` together with `show_verification_ui` or a parsed webhook",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/verify-new-address-conflict.md"),
};

/// One hook of a chain.
#[derive(Clone, Debug)]
pub(crate) struct LinkAt {
    /// Its kind; `None` for the verifier that Kratos adds, and for what Kratos does not know.
    pub(crate) kind: Option<HookKind>,
    /// Whether it can fail the flow.
    pub(crate) can_fail: bool,
    /// Whether Kratos adds it by itself.
    pub(crate) implicit_verifier: bool,
    /// Where it is written.
    pub(crate) span: Span,
}

/// One chain, as it will run.
#[derive(Clone, Debug)]
pub(crate) struct ChainAt {
    /// Where it runs.
    pub(crate) point: Point,
    /// What runs, in order.
    pub(crate) links: Vec<LinkAt>,
}

/// The chains of a project.
pub(super) fn of_project(intent: &Intent, resolved: &Resolved, loaded: &Loaded) -> Vec<ChainAt> {
    // The same hook may stand in several lists.
    let mut places: BTreeMap<(Slot, String), Span> = BTreeMap::new();
    for element in &resolved.elements {
        if let Some(action) = loaded.actions.get(element.action) {
            let head = match &action.action.hook {
                Some(action_format::Hook::BuiltIn(hook)) => hook.kind.span,
                _ => action.action.head,
            };
            places.insert((element.slot, fingerprint(&element.value)), head);
        }
    }
    for (slot, hooks) in loaded.base.iter().flat_map(|base| &base.hooks) {
        for hook in hooks {
            let place = places.entry((*slot, fingerprint(&hook.value)));
            place.or_insert(hook.span);
        }
    }
    let place = |point: &Point, value: &Value| {
        let print = fingerprint(value);
        let own = point.method_slot();
        let mut lists = own.into_iter().chain([point.global_slot()]);
        lists.find_map(|slot| places.get(&(slot, print.clone())).copied())
    };
    let chains = intent.chains.iter().filter(|(_, hooks)| !hooks.is_empty());
    let chains = chains.map(|(point, hooks)| ChainAt {
        point: *point,
        links: hooks
            .iter()
            .filter_map(|hook| match hook {
                Intended::ImplicitVerifier => Some(verifier()),
                Intended::Hook { value, .. } => Some(link(value, place(point, value)?)),
            })
            .collect(),
    });
    chains.collect()
}

/// The chains of a configuration.
pub(super) fn of_file(base: &Base, chains: &[kratos::Chain]) -> Vec<ChainAt> {
    let at = |slot: &Slot, index: usize| base.hooks.get(slot)?.get(index);
    let chains = chains.iter().map(|chain| ChainAt {
        point: chain.point,
        links: chain
            .links
            .iter()
            .filter_map(|it| match it {
                Link::ImplicitVerifier => Some(verifier()),
                Link::Hook { slot, index, .. } => {
                    let hook = at(slot, *index)?;
                    Some(link(&hook.value, hook.span))
                }
            })
            .collect(),
    });
    chains.collect()
}

fn verifier() -> LinkAt {
    LinkAt {
        kind: None,
        can_fail: false,
        implicit_verifier: true,
        span: diagnostics::TextRange::default().in_file(diagnostics::FileId::DETACHED),
    }
}

fn link(value: &Value, span: Span) -> LinkAt {
    let kind = value
        .get("hook")
        .and_then(Value::as_str)
        .and_then(HookKind::parse);
    let ignored = value.pointer("/config/response/ignore") == Some(&Value::Bool(true));
    LinkAt {
        kind,
        can_fail: match kind {
            Some(HookKind::WebHook) => !ignored,
            Some(HookKind::RequireVerifiedAddress) => true,
            _ => false,
        },
        implicit_verifier: false,
        span,
    }
}

pub(super) fn revoke_before_failing(
    chains: &[ChainAt],
    _: &Surroundings<'_>,
    found: &mut Findings,
) {
    let logins = chains
        .iter()
        .filter(|chain| (chain.point.flow, chain.point.phase) == (Flow::Login, Phase::After));
    for chain in logins {
        let revokes = |link: &LinkAt| link.kind == Some(HookKind::RevokeActiveSessions);
        let Some(at) = chain.links.iter().position(revokes) else {
            continue;
        };
        let failing = chain.links.iter().skip(at + 1).find(|link| link.can_fail);
        if let (Some(revoke), Some(failing)) = (chain.links.get(at), failing) {
            found.push(
                Diagnostic::new(
                    &REVOKE_BEFORE_FAILING_HOOK,
                    revoke.span,
                    "the other sessions are revoked before a hook that can still fail the login",
                )
                .label(failing.span, "this can fail the login")
                .help("let `revoke_active_sessions` run last"),
            );
        }
    }
}

pub(super) fn verification_ui_without_verifier(
    chains: &[ChainAt],
    around: &Surroundings<'_>,
    found: &mut Findings,
) {
    for chain in chains {
        let shows = |link: &LinkAt| link.kind == Some(HookKind::ShowVerificationUi);
        let Some(at) = chain.links.iter().position(shows) else {
            continue;
        };
        let verifies =
            |link: &LinkAt| link.implicit_verifier || link.kind == Some(HookKind::Verification);
        let Some(show) = chain.links.get(at) else {
            continue;
        };
        if chain.links.iter().take(at).any(verifies) {
            continue;
        }
        let (message, help) = match chain.point.flow {
            Flow::Login => (
                "no hook before this one starts a verification, so it does nothing",
                "let a `verification` hook run before it",
            ),
            // Without a base nobody knows whether verification is on.
            _ if around.loaded.base.is_none() => continue,
            _ => (
                "verification is not enabled, so this hook does nothing",
                "set `selfservice.flows.verification.enabled: true`",
            ),
        };
        found.push(
            Diagnostic::new(&SHOW_VERIFICATION_UI_WITHOUT_VERIFIER, show.span, message).help(help),
        );
    }
}

pub(super) fn verify_new_address(chains: &[ChainAt], _: &Surroundings<'_>, found: &mut Findings) {
    let deferred = |link: &&LinkAt| link.kind == Some(HookKind::VerifyNewAddress);
    let defers = |chain: &ChainAt| chain.links.iter().find(deferred).map(|link| link.span);
    for chain in chains {
        let same_place = |other: &&ChainAt| {
            (other.point.flow, other.point.timing, other.point.key)
                == (chain.point.flow, chain.point.timing, chain.point.key)
        };
        let Some(deferring) = chains.iter().filter(same_place).find_map(defers) else {
            continue;
        };
        for link in &chain.links {
            let (message, help) = match (chain.point.phase, link.kind) {
                (Phase::PostPersist, Some(HookKind::ShowVerificationUi)) => (
                    "`show_verification_ui` does not go with `verify_new_address`, which shows the form itself",
                    "remove one of the two",
                ),
                (Phase::PrePersist, Some(HookKind::WebHook)) => (
                    "a change of address is deferred by `verify_new_address`: what this hook changes is lost, or it does not run",
                    "use `mode: notify` or `wait`, which runs when the change is stored",
                ),
                _ => continue,
            };
            found.push(
                Diagnostic::new(&VERIFY_NEW_ADDRESS_CONFLICT, link.span, message)
                    .label(deferring, "the change is deferred here")
                    .help(help),
            );
        }
    }
}
