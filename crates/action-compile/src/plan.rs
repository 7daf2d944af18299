//! Plan: for every chain of the release, what must run: the chain of the base plus the actions.
//!
//! Invariant: this is computed from the base's chains and the actions' declared order, and knows
//! nothing of how lists are written; [`crate::prove`] compares it with what was written.

use std::collections::BTreeSet;

use kratos::{
    Chain, ChainKey, Clients, HookKind, HookName, Link, Point, Release, Rules, Section,
    SessionPlace, Slot,
};
use serde_json::Value;

use crate::base::Base;
use crate::load::Loaded;
use crate::order::Lists;
use crate::resolve::{Element, Resolved};
use crate::same::fingerprint;

/// One hook that must run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Intended {
    /// The verifier that Kratos adds.
    ImplicitVerifier,
    /// A hook of this value.
    Hook {
        /// As it stands in the configuration.
        value: Value,
        /// Whose requests must reach it.
        clients: Clients,
    },
}

/// What must run, for every point of the release.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Intent {
    /// Each point with its hooks in order.
    pub chains: Vec<(Point, Vec<Intended>)>,
}

/// Adds the actions to the chains of the base.
#[must_use]
pub(crate) fn plan(loaded: &Loaded, resolved: &Resolved, lists: &Lists) -> Intent {
    let release = loaded.settings.kratos;
    let empty = Section::default();
    let section = loaded.base.as_ref().map_or(&empty, |base| &base.section);
    let chains = kratos::effective_chains(release, section);
    let chains = chains.iter().map(|chain| {
        let mut intended: Vec<Intended> = chain
            .links
            .iter()
            .map(|link| of_base(link, loaded.base.as_ref()))
            .collect();
        let present = values(&intended);
        let mut at = insertion(chain, section, release);
        for element in elements_at(chain.point, resolved, lists) {
            if present.contains(&fingerprint(&element.value)) {
                continue;
            }
            let hook = Intended::Hook {
                value: element.value.clone(),
                clients: Clients::All,
            };
            intended.insert(at.min(intended.len()), hook);
            at += 1;
        }
        (chain.point, intended)
    });
    Intent {
        chains: chains.collect(),
    }
}

fn of_base(link: &Link, base: Option<&Base>) -> Intended {
    match link {
        Link::ImplicitVerifier => Intended::ImplicitVerifier,
        Link::Hook {
            slot,
            index,
            clients,
        } => {
            let hook = base.and_then(|base| base.hooks.get(slot)?.get(*index));
            Intended::Hook {
                value: hook.map_or(Value::Null, |hook| hook.value.clone()),
                clients: *clients,
            }
        }
    }
}

/// The hooks of a chain as texts, to recognise an action that the base already runs.
fn values(intended: &[Intended]) -> BTreeSet<String> {
    let hooks = intended.iter().filter_map(|it| match it {
        Intended::Hook { value, .. } => Some(fingerprint(value)),
        Intended::ImplicitVerifier => None,
    });
    hooks.collect()
}

/// The elements that must run at a point, in their declared order.
fn elements_at<'a>(
    point: Point,
    resolved: &'a Resolved,
    lists: &'a Lists,
) -> impl Iterator<Item = &'a Element> {
    let slot = point.method_slot().unwrap_or(point.global_slot());
    let members = lists.get(&slot).into_iter().flatten();
    members
        .filter_map(|member| resolved.elements.get(*member))
        // A method's list holds what is meant for it; a global list also holds what only method
        // lists' chains are meant for.
        .filter(move |element| {
            matches!(
                (point.key, element.key),
                (ChainKey::Method(_), _)
                    | (ChainKey::Flow, ChainKey::Flow)
                    | (ChainKey::Other, ChainKey::Other)
            )
        })
        .filter(move |element| element.phases.contains(&point.phase))
}

/// Where in the base's chain the actions go: behind its hooks and before its `session`. Where the
/// place of `session` in the list decides who reaches what is behind it (before v1.2.0), what the
/// base has behind `session` stays behind the actions.
fn insertion(chain: &Chain, section: &Section, release: Release) -> usize {
    let is_session = |slot: &Slot, index: usize| {
        let hook = section.slots.get(slot).and_then(|list| list.get(index));
        hook.is_some_and(|hook| hook.name == HookName::Known(HookKind::Session))
    };
    let in_place = matches!(Rules::of(release).session, SessionPlace::AsWritten { .. });
    let found = chain.links.iter().position(|link| match link {
        Link::Hook { slot, index, .. } if in_place => {
            (0..=*index).any(|before| is_session(slot, before))
        }
        Link::Hook { slot, index, .. } => is_session(slot, *index),
        Link::ImplicitVerifier => false,
    });
    found.unwrap_or(chain.links.len())
}
