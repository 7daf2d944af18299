//! Hooks of a configuration that Kratos accepts and does not run.
//!
//! A method list replaces the global list, parsed hooks of the global list of registration and
//! settings are never called, and a kind that does not implement a phase is dropped, all without a
//! word (`driver/registry_default_hooks.go`, recorded on six releases).

use std::collections::BTreeSet;

use diagnostics::{Diagnostic, Level, Rule};
use kratos::{Flow, HookKind, Link, Section, Slot, Timing, methods_run};

use super::{Findings, Surroundings};
use crate::base::Base;
use crate::resolve::{HOOK_NEVER_RUNS, phases_run};
use crate::same::fingerprint;

/// A method list that switches off the global one.
pub(crate) static SHADOWED_HOOKS: Rule = Rule {
    code: "shadowed-hooks",
    summary: "a method list of a configuration that switches off hooks of the global list",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/shadowed-hooks.md"),
};

/// A parsed hook where nobody looks for one.
pub(crate) static GLOBAL_PARSE_NEVER_CALLED: Rule = Rule {
    code: "global-parse-never-called",
    summary: "a webhook with `parse` or `can_interrupt` in the global list of registration or settings, which is never called",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../../diagnostics/global-parse-never-called.md"),
};

pub(super) fn shadowed(base: &Base, around: &Surroundings<'_>, found: &mut Findings) {
    let release = around.release();
    for flow in [Flow::Login, Flow::Registration, Flow::Settings] {
        let global = Slot::global(flow, Timing::After);
        let Some(global_hooks) = base.hooks.get(&global).filter(|it| !it.is_empty()) else {
            continue;
        };
        for method in methods_run(flow, release, &base.methods) {
            let slot = Slot::after(flow, method);
            let Some(own) = base.hooks.get(&slot).filter(|it| !it.is_empty()) else {
                continue;
            };
            let mut without = base.section.clone();
            without.slots.remove(&slot);
            let lost: BTreeSet<usize> = read(&without, slot, release)
                .difference(&read(&base.section, slot, release))
                .copied()
                .collect();
            let listed: BTreeSet<String> = own.iter().map(|it| fingerprint(&it.value)).collect();
            let lost: Vec<&crate::base::BaseHook> = lost
                .iter()
                .filter_map(|index| global_hooks.get(*index))
                .filter(|hook| !listed.contains(&fingerprint(&hook.value)))
                // What Kratos refuses there is reported, and is not to be repeated anywhere.
                .filter(|hook| is_accepted(hook, global, release))
                .collect();
            let (Some(first), Some(shadowing)) = (lost.first(), own.first()) else {
                continue;
            };
            let hooks = match lost.len() {
                1 => "a hook".to_owned(),
                several => format!("{several} hooks"),
            };
            found.push(
                Diagnostic::new(
                    &SHADOWED_HOOKS,
                    shadowing.name_span(base.file),
                    format!("the list `{slot}` switches off {hooks} of `{global}`"),
                )
                .label(
                    first.name_span(base.file),
                    format!("not run for `{method}`"),
                )
                .help(format!(
                    "repeat it in `{slot}`: Kratos reads one list, never both"
                )),
            );
        }
    }
}

fn is_accepted(hook: &crate::base::BaseHook, slot: Slot, release: kratos::Release) -> bool {
    let name = hook.node.get("hook").and_then(|name| name.as_str());
    name.and_then(HookKind::parse)
        .is_some_and(|kind| slot.config_rule(kind, release).is_some())
}

/// The hooks of the global list that run for the method of a slot.
fn read(section: &Section, slot: Slot, release: kratos::Release) -> BTreeSet<usize> {
    let global = Slot::global(slot.flow, slot.timing);
    let chains = kratos::effective_chains(release, section);
    let of_method = chains
        .iter()
        .filter(|chain| chain.point.method_slot() == Some(slot));
    of_method
        .flat_map(|chain| &chain.links)
        .filter_map(|link| match link {
            Link::Hook { slot, index, .. } if *slot == global => Some(*index),
            _ => None,
        })
        .collect()
}

/// Each hook of the base with its place in the model.
fn each(base: &Base) -> impl Iterator<Item = (Slot, &crate::base::BaseHook, &kratos::Hook)> {
    base.hooks.iter().flat_map(|(slot, hooks)| {
        let modelled = base.section.hooks(*slot);
        hooks
            .iter()
            .zip(modelled)
            .map(|(hook, model)| (*slot, hook, model))
    })
}

fn is_parsed_web_hook(hook: &kratos::Hook) -> bool {
    hook.kind() == Some(HookKind::WebHook) && (hook.response.parse || hook.response.can_interrupt)
}

pub(super) fn parse_never_called(base: &Base, around: &Surroundings<'_>, found: &mut Findings) {
    for (slot, hook, model) in each(base) {
        let global = slot.method.is_none() && slot.timing == Timing::After;
        if !global
            || !is_parsed_web_hook(model)
            || !phases_run(model, slot, around.release()).is_empty()
        {
            continue;
        }
        let switch = if model.response.parse {
            "parse"
        } else {
            "can_interrupt"
        };
        let at = hook
            .node
            .at(&["config", "response", "parse"])
            .filter(|_| model.response.parse)
            .or_else(|| hook.node.at(&["config", "can_interrupt"]))
            .map_or(hook.span, |node| node.range.in_file(base.file));
        found.push(
            Diagnostic::new(
                &GLOBAL_PARSE_NEVER_CALLED,
                at,
                format!("with `{switch}` Kratos never calls a hook of the global list `{slot}`"),
            )
            .help("move it into the list of each method that needs it"),
        );
    }
}

pub(super) fn never_runs(base: &Base, around: &Surroundings<'_>, found: &mut Findings) {
    let release = around.release();
    for (slot, hook, model) in each(base) {
        let Some(kind) = model.kind() else { continue };
        // The Enterprise build runs these; an existing configuration may well be for it.
        let enterprise = matches!(kind, HookKind::B2bSso | HookKind::Organization);
        let accepted = slot.config_rule(kind, release).is_some();
        if enterprise
            || !accepted
            || is_parsed_web_hook(model)
            || !phases_run(model, slot, release).is_empty()
        {
            continue;
        }
        found.push(
            Diagnostic::new(
                &HOOK_NEVER_RUNS,
                hook.name_span(base.file),
                format!("Kratos {release} accepts `{kind}` in `{slot}` and never runs it"),
            )
            .help("remove it, or move it to a point where this kind does something"),
        );
    }
}
