//! Lower: from elements to what stands in each list of the configuration.
//!
//! Invariants:
//! - no hook of the base is removed or moved; new hooks stand behind the base's, before a
//!   `session` that ends the list, and before any `session` where its place decides (before
//!   v1.2.0);
//! - a method list that would switch off hooks of the global list carries copies of them;
//! - a list that needs nothing new is not touched, so that compiling twice changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use diagnostics::{Diagnostic, Level, Rule};
use kratos::{
    Clients, HookKind, HookName, Link, Release, Rules, Section, SessionPlace, Slot, Timing,
};
use serde_json::Value;
use yaml::{Item, SetItems};

use crate::base::Base;
use crate::load::Loaded;
use crate::order::Lists;
use crate::resolve::{Element, Resolved, uncarriable};
use crate::same::fingerprint;

/// A base hook that an action's list would switch off.
pub(crate) static HOOK_NOT_CARRIABLE: Rule = Rule {
    code: "hook-not-carriable",
    summary: "an action whose list would switch off a hook of the base",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../diagnostics/hook-not-carriable.md"),
};

/// Base hooks behind `session` where that matters.
pub(crate) static HOOKS_BEHIND_SESSION: Rule = Rule {
    code: "hooks-behind-session",
    summary: "hooks of the base behind `session`, which API and SPA clients never reach",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../diagnostics/hooks-behind-session.md"),
};

/// Where a hook in a list comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The base, in this list.
    Base {
        /// Its index there.
        index: usize,
    },
    /// The base, in the global list, of which this is a copy.
    Carried {
        /// The global list.
        slot: Slot,
        /// The index there.
        index: usize,
    },
    /// An element: its index in [`Resolved::elements`].
    Element(usize),
}

/// A list that changes.
#[derive(Clone, Debug)]
pub(crate) struct SlotList {
    /// Which.
    pub slot: Slot,
    /// What stands in it, in order; each of its base hooks is among them.
    pub origins: Vec<Origin>,
}

/// Decides what stands in each list. Lists that do not change are left out.
#[must_use]
pub(crate) fn lower(loaded: &mut Loaded, resolved: &Resolved, lists: &Lists) -> Vec<SlotList> {
    let mut found = Vec::new();
    let lowering = Lowering::new(loaded, resolved);
    let lowered = lists
        .iter()
        .filter_map(|(slot, members)| lowering.list(*slot, members, &mut found))
        .collect();
    let base = loaded.base.as_ref();
    found.extend(
        base.into_iter()
            .flat_map(|base| behind_session(base, loaded.settings.kratos)),
    );
    loaded.diagnostics.extend(found);
    lowered
}

/// The lists as changes of a document.
#[must_use]
pub(crate) fn changes(lowered: &[SlotList], loaded: &Loaded, resolved: &Resolved) -> Vec<SetItems> {
    let item = |origin: &Origin| match origin {
        Origin::Base { index } => Item::Keep(*index),
        Origin::Carried { slot, index } => Item::New {
            comments: vec![format!(
                "actionc: carried from {slot}, which this list switches off"
            )],
            value: base_value(loaded, *slot, *index)
                .cloned()
                .unwrap_or_default(),
        },
        Origin::Element(index) => {
            let element = resolved.elements.get(*index);
            Item::New {
                comments: element.map(|it| it.comments.clone()).unwrap_or_default(),
                value: element.map(|it| it.value.clone()).unwrap_or_default(),
            }
        }
    };
    let change = |list: &SlotList| SetItems {
        path: list
            .slot
            .config_path()
            .into_iter()
            .map(str::to_owned)
            .collect(),
        items: list.origins.iter().map(item).collect(),
    };
    lowered.iter().map(change).collect()
}

fn base_value(loaded: &Loaded, slot: Slot, index: usize) -> Option<&Value> {
    let base = loaded.base.as_ref()?;
    base.hooks.get(&slot)?.get(index).map(|hook| &hook.value)
}

struct Lowering<'a> {
    loaded: &'a Loaded,
    resolved: &'a Resolved,
    release: Release,
    section: Section,
    /// The hooks that the base runs for each method, flow or, for a global list, the rest, and
    /// those that stand in that list anyway.
    running: BTreeMap<Slot, BTreeSet<String>>,
    session_in_place: bool,
}

impl<'a> Lowering<'a> {
    fn new(loaded: &'a Loaded, resolved: &'a Resolved) -> Self {
        let release = loaded.settings.kratos;
        let section = loaded
            .base
            .as_ref()
            .map(|base| base.section.clone())
            .unwrap_or_default();
        let mut running: BTreeMap<Slot, BTreeSet<String>> = BTreeMap::new();
        for chain in kratos::effective_chains(release, &section) {
            let slot = chain
                .point
                .method_slot()
                .unwrap_or(chain.point.global_slot());
            let values = chain.links.iter().filter_map(|link| match link {
                Link::Hook { slot, index, .. } => {
                    base_value(loaded, *slot, *index).map(fingerprint)
                }
                Link::ImplicitVerifier => None,
            });
            running.entry(slot).or_default().extend(values);
        }
        // A hook that never runs still stands in its list, where Kratos wants no second one.
        for (slot, hooks) in loaded.base.iter().flat_map(|base| &base.hooks) {
            let values = hooks.iter().map(|hook| fingerprint(&hook.value));
            running.entry(*slot).or_default().extend(values);
        }
        Self {
            loaded,
            resolved,
            release,
            section,
            running,
            session_in_place: matches!(Rules::of(release).session, SessionPlace::AsWritten { .. }),
        }
    }

    fn list(&self, slot: Slot, members: &[usize], found: &mut Vec<Diagnostic>) -> Option<SlotList> {
        let element = |member: &usize| self.resolved.elements.get(*member);
        let runs_already = |it: &Element| {
            self.running
                .get(&slot)
                .is_some_and(|values| values.contains(&fingerprint(&it.value)))
        };
        let new: Vec<usize> = members
            .iter()
            .copied()
            .filter(|member| element(member).is_some_and(|it| !runs_already(it)))
            .collect();
        // Where every new member is reached through the global list, the method needs no list.
        if !new.iter().filter_map(element).any(|it| it.slot == slot) {
            return None;
        }
        let present = self.section.hooks(slot);
        let carried = self.carried(slot, &new);
        if let Some(hook) = carried.first().and_then(|_| uncarriable(slot, self.loaded)) {
            self.report_uncarriable(slot, &new, hook, found);
            return None;
        }
        let global = Slot::global(slot.flow, slot.timing);
        let at = self.insertion(present);
        let mut origins: Vec<Origin> = (0..present.len())
            .map(|index| Origin::Base { index })
            .collect();
        let behind = origins.split_off(at);
        origins.extend(carried.into_iter().map(|index| Origin::Carried {
            slot: global,
            index,
        }));
        origins.extend(new.into_iter().map(Origin::Element));
        origins.extend(behind);
        Some(SlotList { slot, origins })
    }

    /// The hooks of the global list that run for this method and would no longer, once its own
    /// list holds these elements.
    fn carried(&self, slot: Slot, new: &[usize]) -> Vec<usize> {
        if slot.method.is_none() || slot.timing == Timing::Before {
            return Vec::new();
        }
        let before = read_from_global(&self.section, slot, self.release);
        if before.is_empty() {
            return Vec::new();
        }
        let mut section = self.section.clone();
        let hooks = new
            .iter()
            .filter_map(|member| self.resolved.elements.get(*member));
        let list = section.slots.entry(slot).or_default();
        list.extend(hooks.map(|it| it.hook.clone()));
        let after = read_from_global(&section, slot, self.release);
        before.difference(&after).copied().collect()
    }

    /// Where new hooks go in a list of the base.
    fn insertion(&self, present: &[kratos::Hook]) -> usize {
        let is_session = |hook: &kratos::Hook| hook.name == HookName::Known(HookKind::Session);
        let session = present.iter().position(is_session);
        match session {
            Some(at) if self.session_in_place || at + 1 == present.len() => at,
            _ => present.len(),
        }
    }

    fn report_uncarriable(
        &self,
        slot: Slot,
        new: &[usize],
        hook: &crate::base::BaseHook,
        found: &mut Vec<Diagnostic>,
    ) {
        let element = new
            .iter()
            .find_map(|member| self.resolved.elements.get(*member));
        let Some(action) = element.and_then(|it| self.loaded.actions.get(it.action)) else {
            return;
        };
        let global = Slot::global(slot.flow, slot.timing);
        let kind = hook
            .value
            .get("hook")
            .and_then(Value::as_str)
            .unwrap_or_default();
        found.push(
            Diagnostic::new(
                &HOOK_NOT_CARRIABLE,
                action.action.head,
                format!("a hook in `{slot}` would switch off `{kind}` of `{global}`"),
            )
            .label(hook.span, format!("`{slot}` does not accept `{kind}`, so it cannot be carried there"))
            .help("use `auth_method: all`, or move the base's hook into the lists of the methods that need it"),
        );
    }
}

/// Hooks of a configuration that only plain browser forms reach.
pub(crate) fn behind_session(base: &Base, release: Release) -> Vec<Diagnostic> {
    let chains = kratos::effective_chains(release, &base.section);
    let hidden = chains
        .iter()
        .flat_map(|chain| &chain.links)
        .filter_map(|link| match link {
            Link::Hook {
                slot,
                index,
                clients: Clients::BrowserForms,
            } => Some((*slot, *index)),
            _ => None,
        });
    let hidden: BTreeSet<(Slot, usize)> = hidden.collect();
    let finding = |(slot, index): (Slot, usize)| {
        let hooks = base.hooks.get(&slot)?;
        let session = hooks
            .iter()
            .find(|hook| hook.value.get("hook").and_then(Value::as_str) == Some("session"))?;
        Some(
            Diagnostic::new(
                &HOOKS_BEHIND_SESSION,
                hooks.get(index)?.span,
                format!("in {release} API and SPA clients never reach this hook behind `session`"),
            )
            .label(session.span, "`session` answers them here")
            .help("move `session` to the end of the list"),
        )
    };
    hidden.into_iter().filter_map(finding).collect()
}

/// The hooks of the global list that run for a method, in the open-source build or the Enterprise
/// one: by their index.
pub(crate) fn read_from_global(section: &Section, slot: Slot, release: Release) -> BTreeSet<usize> {
    let global = Slot::global(slot.flow, slot.timing);
    let read = |section: &Section| -> BTreeSet<usize> {
        kratos::effective_chains(release, section)
            .iter()
            .filter(|chain| chain.point.method_slot() == Some(slot))
            .flat_map(|chain| &chain.links)
            .filter_map(|link| match link {
                Link::Hook { slot, index, .. } if *slot == global => Some(*index),
                _ => None,
            })
            .collect()
    };
    let mut indices = read(section);
    indices.extend(read(&enterprise(section)));
    indices
}

/// The section as the Enterprise build sees it: its own kinds run like any webhook there, while
/// the open-source build ignores them (`registry_default_hooks.go`).
fn enterprise(section: &Section) -> Section {
    let mut section = section.clone();
    for hook in section.slots.values_mut().flatten() {
        if matches!(hook.kind(), Some(HookKind::B2bSso | HookKind::Organization)) {
            *hook = kratos::Hook::new(HookKind::WebHook);
        }
    }
    section
}
