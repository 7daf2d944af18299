//! What Kratos will run, with the place each hook comes from: the answer of `plan`.
//!
//! Invariant: every chain of the release is listed, empty ones included, and secrets in URLs
//! are masked.

use diagnostics::Span;
use kratos::{Chain, Clients, Handling, HookName, Link, Point, Release, Slot};
use serde_json::Value;

use crate::base::Base;
use crate::load::Loaded;
use crate::lower::{Origin, SlotList};
use crate::resolve::Resolved;
use crate::same::fingerprint;
use crate::url_secrets::without_url_secrets;

/// All chains of a configuration.
#[derive(Clone, Debug)]
pub struct PlanView {
    /// The release whose rules were applied.
    pub kratos: Release,
    /// The chains.
    pub chains: Vec<ChainView>,
}

/// One chain.
#[derive(Clone, Debug)]
pub struct ChainView {
    /// Where it runs.
    pub point: Point,
    /// What runs, in order.
    pub hooks: Vec<HookView>,
}

/// One hook of a chain.
#[derive(Clone, Debug)]
pub struct HookView {
    /// Its kind, `implicit_verifier` for the one that Kratos adds.
    pub hook: String,
    /// The list and the index in it; `None` for what Kratos adds.
    pub place: Option<(Slot, usize)>,
    /// The action it comes from.
    pub action: Option<String>,
    /// Where that is written.
    pub source: Option<Span>,
    /// Where a webhook goes.
    pub url: Option<String>,
    /// Its method.
    pub method: Option<String>,
    /// What Kratos does with the answer to a webhook.
    pub response: Option<Handling>,
    /// Whose requests reach it.
    pub clients: Clients,
}

/// The plan of an existing configuration.
pub(crate) fn of_file(base: &Base, chains: &[Chain], loaded: &Loaded) -> PlanView {
    view(base, chains, loaded.settings.kratos, |slot, index| {
        (
            None,
            base.hooks
                .get(&slot)
                .and_then(|list| list.get(index))
                .map(|hook| hook.span),
        )
    })
}

/// The plan of the project: hooks are traced to their action, or to their place in the base.
pub(crate) fn of_project(
    emitted: &Base,
    chains: &[Chain],
    lowered: &[SlotList],
    resolved: &Resolved,
    loaded: &Loaded,
) -> PlanView {
    let of_base = |slot: Slot, index: usize| {
        let base = loaded.base.as_ref()?;
        base.hooks.get(&slot)?.get(index).map(|hook| hook.span)
    };
    let of_element = |index: usize| {
        let element = resolved.elements.get(index)?;
        let action = &loaded.actions.get(element.action)?.action;
        Some((
            action.name.as_ref().map(|name| name.value.clone()),
            Some(action.span),
        ))
    };
    // What the base holds already is an action's all the same when it is the same hook.
    let by_value: std::collections::BTreeMap<(Slot, String), usize> = resolved
        .elements
        .iter()
        .enumerate()
        .map(|(index, element)| ((element.slot, fingerprint(&element.value)), index))
        .collect();
    view(emitted, chains, loaded.settings.kratos, |slot, index| {
        let list = lowered.iter().find(|list| list.slot == slot);
        let origin = list
            .map_or(Some(&Origin::Base { index }), |list| {
                list.origins.get(index)
            })
            .copied();
        match origin {
            Some(Origin::Base { index: in_base }) => {
                let value = emitted
                    .hooks
                    .get(&slot)
                    .and_then(|hooks| hooks.get(index))
                    .map(|hook| fingerprint(&hook.value));
                let known = value.and_then(|value| by_value.get(&(slot, value)));
                let name = known
                    .and_then(|index| of_element(*index))
                    .and_then(|(name, _)| name);
                (name, of_base(slot, in_base))
            }
            Some(Origin::Carried { slot, index }) => (None, of_base(slot, index)),
            Some(Origin::Element(index)) => of_element(index).unwrap_or((None, None)),
            None => (None, None),
        }
    })
}

fn view(
    base: &Base,
    chains: &[Chain],
    release: Release,
    trace: impl Fn(Slot, usize) -> (Option<String>, Option<Span>),
) -> PlanView {
    let chains = chains.iter().map(|chain| ChainView {
        point: chain.point,
        hooks: chain
            .links
            .iter()
            .map(|link| hook(base, link, &trace))
            .collect(),
    });
    PlanView {
        kratos: release,
        chains: chains.collect(),
    }
}

fn hook(
    base: &Base,
    link: &Link,
    trace: &impl Fn(Slot, usize) -> (Option<String>, Option<Span>),
) -> HookView {
    let Link::Hook {
        slot,
        index,
        clients,
    } = link
    else {
        return HookView {
            hook: "implicit_verifier".to_owned(),
            place: None,
            action: None,
            source: None,
            url: None,
            method: None,
            response: None,
            clients: Clients::All,
        };
    };
    let (action, source) = trace(*slot, *index);
    let modelled = base.section.hooks(*slot).get(*index);
    let value = base
        .hooks
        .get(slot)
        .and_then(|list| list.get(*index))
        .map(|hook| &hook.value);
    let config = |key: &str| {
        let text = value
            .and_then(|value| value.get("config")?.get(key))
            .and_then(Value::as_str);
        text.map(str::to_owned)
    };
    let is_webhook = matches!(
        modelled,
        Some(kratos::Hook {
            name: HookName::Known(kratos::HookKind::WebHook),
            ..
        })
    );
    HookView {
        hook: value
            .and_then(|value| value.get("hook"))
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        place: Some((*slot, *index)),
        action,
        source,
        url: config("url")
            .filter(|_| is_webhook)
            .map(|url| without_url_secrets(&url)),
        method: config("method").filter(|_| is_webhook),
        response: modelled
            .filter(|_| is_webhook)
            .map(|hook| hook.response.handling()),
        clients: *clients,
    }
}
