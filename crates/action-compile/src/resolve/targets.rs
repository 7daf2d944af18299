//! Which lists an action belongs to.

use std::collections::{BTreeMap, BTreeSet};

use action_format::{Action, AuthMethods};
use diagnostics::Diagnostic;
use kratos::{
    ChainKey, Flow, HookKind, Link, Method, Release, Slot, Timing, methods_of, methods_run,
};

use super::rules::{
    HOOK_NOT_ALLOWED_IN_SLOT, METHOD_NOT_ALLOWED_HERE, MISSING_AUTH_METHOD, OTHER_NOT_COVERED,
};
use super::{Element, modelled, phases_run};
use crate::base::BaseHook;
use crate::load::Loaded;
use crate::lower::read_from_global;

/// The lists of an action with the chains it is meant for. What it cannot have is reported and
/// left out.
pub(super) fn targets(action: &Action, loaded: &mut Loaded) -> Vec<(Slot, ChainKey)> {
    let (Some(flow), Some(timing), Some(hook)) = (&action.flow, &action.timing, &action.hook)
    else {
        return Vec::new();
    };
    let release = loaded.settings.kratos;
    let kind = hook.kind();
    let (flow, timing) = (flow.value, timing.value);
    let global = Slot::global(flow, timing);
    let methods = methods_of(flow, timing, release);
    let mut targets = Vec::new();
    match &action.auth_method {
        _ if methods.is_empty() => targets.push((global, ChainKey::Flow)),
        None => {
            loaded.diagnostics.push(
                Diagnostic::new(
                    &MISSING_AUTH_METHOD,
                    action.head,
                    format!(
                        "no `auth_method`: the action runs for `password` only, of {} methods",
                        methods.len()
                    ),
                )
                .help("add `auth_method: password`, or `auth_method: all` to cover every method"),
            );
            targets.push((
                Slot::after(flow, Method::Password),
                ChainKey::Method(Method::Password),
            ));
        }
        Some(AuthMethods::List(listed)) => {
            for method in listed {
                let slot = Slot::after(flow, method.value);
                if slot.exists(release) {
                    targets.push((slot, ChainKey::Method(method.value)));
                } else {
                    report_method(loaded, method, slot, &methods);
                }
            }
        }
        Some(AuthMethods::All(_)) => {
            let global_serves = global_serves(hook, global, release);
            for method in enabled(flow, loaded) {
                let slot = Slot::after(flow, method);
                // Where a list of its own would switch off a hook of the base that it cannot
                // carry, the method goes on reading the global list.
                if !(global_serves && uncarriable(slot, loaded).is_some()) {
                    targets.push((slot, ChainKey::Method(method)));
                }
            }
            if global_serves {
                targets.push((global, ChainKey::Other));
            } else {
                loaded.diagnostics.push(
                    Diagnostic::new(
                        &OTHER_NOT_COVERED,
                        action.auth_method.as_ref().map_or(action.head, |methods| methods_span(methods, action)),
                        "`all` does not cover methods without a list of their own (SAML, device)",
                    )
                    .help(format!("Kratos runs no such hook from the global list `{global}`; nothing can be done here")),
                );
            }
        }
    }
    keep_accepted(action, kind, targets, loaded)
}

/// The base hook of the global list that runs for this method and that the method's own list
/// does not accept.
pub(crate) fn uncarriable(slot: Slot, loaded: &Loaded) -> Option<&BaseHook> {
    let base = loaded.base.as_ref()?;
    let release = loaded.settings.kratos;
    let global = Slot::global(slot.flow, slot.timing);
    let listed = base.hooks.get(&global)?;
    let refused = |index: &usize| match base
        .section
        .hooks(global)
        .get(*index)
        .and_then(kratos::Hook::kind)
    {
        Some(kind) => slot.config_rule(kind, release).is_none(),
        None => true,
    };
    let index = read_from_global(&base.section, slot, release)
        .into_iter()
        .find(refused)?;
    listed.get(index)
}

/// Finds the methods that reach the hooks of the global list because the base gives them no list
/// of their own: a probe at the end of that list shows them.
pub(super) fn reach(elements: &mut [Element], loaded: &Loaded) {
    let release = loaded.settings.kratos;
    let own: BTreeSet<(usize, Slot)> = elements.iter().map(|it| (it.action, it.slot)).collect();
    let base = loaded
        .base
        .as_ref()
        .map(|base| base.section.clone())
        .unwrap_or_default();
    let mut reached: BTreeMap<(Slot, bool), Vec<Method>> = BTreeMap::new();
    for element in elements.iter_mut().filter(|it| it.key == ChainKey::Other) {
        let parsed = element.hook.response.parse || element.hook.response.can_interrupt;
        let methods = reached.entry((element.slot, parsed)).or_insert_with(|| {
            let mut section = base.clone();
            let list = section.slots.entry(element.slot).or_default();
            let probe = list.len();
            list.push(element.hook.clone());
            let chains = kratos::effective_chains(release, &section);
            let probed = chains.iter().filter(|chain| {
                chain.links.iter().any(
                    |link| matches!(link, Link::Hook { slot, index, .. } if *slot == element.slot && *index == probe),
                )
            });
            let methods: BTreeSet<Method> =
                probed.filter_map(|chain| chain.point.method_slot()?.method).collect();
            methods.into_iter().collect()
        });
        let flow = element.slot.flow;
        element.also = methods
            .iter()
            .copied()
            .filter(|method| !own.contains(&(element.action, Slot::after(flow, *method))))
            .collect();
    }
}

fn methods_span(methods: &AuthMethods, action: &Action) -> diagnostics::Span {
    match methods {
        AuthMethods::All(span) => *span,
        AuthMethods::List(listed) => listed.first().map_or(action.head, |method| method.span),
    }
}

/// Whether the global list takes this hook and ever runs it: parsed hooks of registration and
/// settings run before anything is stored, and for that phase Kratos never reads the global list.
fn global_serves(hook: &action_format::Hook, global: Slot, release: Release) -> bool {
    global.config_rule(hook.kind(), release).is_some()
        && !phases_run(&modelled(hook), global, release).is_empty()
}

/// The methods that `all` stands for: those the project names, else those the base switches on,
/// else all of the release.
fn enabled(flow: Flow, loaded: &Loaded) -> Vec<Method> {
    let release = loaded.settings.kratos;
    match (&loaded.settings.methods, &loaded.base) {
        (Some(named), _) => {
            let mut methods = methods_of(flow, Timing::After, release);
            methods.retain(|method| named.contains(method));
            methods
        }
        (None, Some(base)) => methods_run(flow, release, &base.methods),
        (None, None) => methods_of(flow, Timing::After, release),
    }
}

fn report_method(
    loaded: &mut Loaded,
    method: &action_format::Spanned<Method>,
    slot: Slot,
    methods: &[Method],
) {
    let release = loaded.settings.kratos;
    let names: Vec<String> = methods.iter().map(|method| format!("`{method}`")).collect();
    let (message, help) = match slot.first_release() {
        Some(first) => (
            format!("`{}` has no hooks in {release}, only since {first}", slot),
            format!(
                "compile for {first} or later, or use one of {}",
                names.join(", ")
            ),
        ),
        None => (
            format!("`{}` has no method `{}` after it", slot.flow, method.value),
            format!("use one of {}", names.join(", ")),
        ),
    };
    loaded
        .diagnostics
        .push(Diagnostic::new(&METHOD_NOT_ALLOWED_HERE, method.span, message).help(help));
}

/// Leaves out, and reports, lists that do not take the kind of hook.
fn keep_accepted(
    action: &Action,
    kind: HookKind,
    mut targets: Vec<(Slot, ChainKey)>,
    loaded: &mut Loaded,
) -> Vec<(Slot, ChainKey)> {
    let release = loaded.settings.kratos;
    let refused: Vec<Slot> = targets
        .iter()
        .map(|(slot, _)| *slot)
        .filter(|slot| slot.config_rule(kind, release).is_none())
        .collect();
    let Some(first) = refused.first().copied() else {
        return targets;
    };
    let at = match &action.hook {
        Some(action_format::Hook::BuiltIn(hook)) => hook.kind.span,
        _ => action.head,
    };
    let names: Vec<String> = refused.iter().map(|slot| format!("`{slot}`")).collect();
    let accepts = |slot: &Slot| slot.config_rule(kind, release).is_some();
    let here = |slot: &Slot| slot.flow == first.flow && slot.timing == first.timing;
    let slots = Slot::all(release);
    let near: Vec<String> = slots
        .iter()
        .filter(|slot| here(slot) && accepts(slot))
        .map(|slot| format!("`{slot}`"))
        .collect();
    let anywhere: Vec<String> = slots
        .iter()
        .filter(|slot| accepts(slot))
        .map(|slot| format!("`{slot}`"))
        .collect();
    let since = first
        .first_release_with(kind)
        .filter(|since| *since > release);
    let help = match since {
        Some(since) => format!("Kratos accepts it there since {since}"),
        None if !near.is_empty() => format!("`{kind}` is accepted in {}", near.join(", ")),
        None if !anywhere.is_empty() => format!("`{kind}` is accepted in {}", anywhere.join(", ")),
        None => format!("Kratos {release} has no `{kind}`"),
    };
    loaded.diagnostics.push(
        Diagnostic::new(
            &HOOK_NOT_ALLOWED_IN_SLOT,
            at,
            format!(
                "`{kind}` is not accepted in {} of {release}",
                names.join(", ")
            ),
        )
        .help(help),
    );
    targets.retain(|(slot, _)| !refused.contains(slot));
    targets
}
