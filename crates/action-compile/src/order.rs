//! Order: the declared order of the actions of each list.
//!
//! Constraints (`run_after`, `run_before`) come first, then `order`, then the name; `session` is
//! always last. Invariant: the order of a list is a function of its actions alone, not of the
//! order in which files were found.

use std::collections::{BTreeMap, BTreeSet};

use diagnostics::{Diagnostic, Level, Rule, Span, did_you_mean};
use kratos::{HookKind, HookName, Phase, Slot};

use crate::load::Loaded;
use crate::resolve::{Element, Resolved};

/// A constraint that names nobody.
pub(crate) static UNKNOWN_ACTION: Rule = Rule {
    code: "unknown-action",
    summary: "a constraint on an action that does not exist",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../diagnostics/unknown-action.md"),
};

/// Constraints that go round.
pub(crate) static ORDER_CYCLE: Rule = Rule {
    code: "order-cycle",
    summary: "actions that each wait for another",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../diagnostics/order-cycle.md"),
};

/// A constraint that Kratos's own order contradicts.
pub(crate) static IMPOSSIBLE_ORDER: Rule = Rule {
    code: "impossible-order",
    summary: "a constraint that Kratos's own order of execution contradicts",
    level: Level::Error,
    since: "0.1.0",
    page: include_str!("../diagnostics/impossible-order.md"),
};

/// The elements of each list in their order, as indices into [`Resolved::elements`]. Elements of
/// a global list are also in the lists of the methods that read it.
pub(crate) type Lists = BTreeMap<Slot, Vec<usize>>;

/// One constraint: `first` runs before `then`, said at a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Constraint {
    /// The action that runs before.
    pub(crate) first: usize,
    /// The action that runs behind.
    pub(crate) then: usize,
    /// Where it is said.
    pub(crate) span: Span,
}

/// Orders every list, and reports constraints that cannot be kept.
#[must_use]
pub(crate) fn order(resolved: &Resolved, loaded: &mut Loaded) -> Lists {
    let constraints = constraints(loaded);
    let mut lists = membership(&resolved.elements);
    let mut reported = BTreeSet::new();
    let mut found = crate::lint::without_effect(&constraints, &lists, resolved, loaded);
    for members in lists.values_mut() {
        for constraint in &constraints {
            if let Some(diagnostic) = impossible(constraint, members, resolved, loaded)
                && reported.insert(constraint.span)
            {
                found.push(diagnostic);
            }
        }
        let (sorted, cycle) = sort(members, resolved, loaded, &constraints);
        *members = sorted;
        if let Some(first) = cycle.first()
            && reported.insert(first.span)
        {
            found.push(cycle_finding(&cycle, loaded));
        }
    }
    loaded.diagnostics.extend(found);
    lists
}

fn membership(elements: &[Element]) -> Lists {
    let mut lists = Lists::new();
    for (index, element) in elements.iter().enumerate() {
        lists.entry(element.slot).or_default().push(index);
        for method in &element.also {
            let slot = Slot::after(element.slot.flow, *method);
            lists.entry(slot).or_default().push(index);
        }
    }
    lists
}

/// All constraints between actions, by index; names that nobody has are reported.
fn constraints(loaded: &mut Loaded) -> Vec<Constraint> {
    let by_name: BTreeMap<&str, usize> = loaded
        .actions
        .iter()
        .enumerate()
        .filter_map(|(index, it)| Some((it.action.name.as_ref()?.value.as_str(), index)))
        .collect();
    let mut constraints = Vec::new();
    let mut found = Vec::new();
    for (index, loaded_action) in loaded.actions.iter().enumerate() {
        let action = &loaded_action.action;
        let after = action.run_after.iter().map(|name| (name, true));
        let before = action.run_before.iter().map(|name| (name, false));
        for (name, is_after) in after.chain(before) {
            match by_name.get(name.value.as_str()) {
                Some(other) => {
                    let (first, then) = if is_after {
                        (*other, index)
                    } else {
                        (index, *other)
                    };
                    let span = name.span;
                    constraints.push(Constraint { first, then, span });
                }
                // A file that could not be read in full may hold it.
                None if !loaded.complete => {}
                None => {
                    let mut diagnostic = Diagnostic::new(
                        &UNKNOWN_ACTION,
                        name.span,
                        format!("there is no action `{}`", name.value),
                    );
                    if let Some(near) = did_you_mean(&name.value, by_name.keys().copied()) {
                        diagnostic = diagnostic.help(format!("did you mean `{near}`?")).fix(
                            format!("rename to `{near}`"),
                            name.span,
                            near,
                        );
                    }
                    found.push(diagnostic);
                }
            }
        }
    }
    loaded.diagnostics.extend(found);
    constraints
}

fn is_session(element: &Element) -> bool {
    element.hook.name == HookName::Known(HookKind::Session)
}

/// Sorts one list. The second value is a cycle, when there is one: each constraint's `then` is
/// the next one's `first`.
fn sort(
    members: &[usize],
    resolved: &Resolved,
    loaded: &Loaded,
    constraints: &[Constraint],
) -> (Vec<usize>, Vec<Constraint>) {
    let rank = |member: usize| {
        let element = resolved.elements.get(member)?;
        let action = &loaded.actions.get(element.action)?.action;
        let name = action.name.as_ref().map(|name| name.value.as_str());
        Some((is_session(element), action.order, name, member))
    };
    let by_action: BTreeMap<usize, usize> = members
        .iter()
        .filter_map(|member| Some((resolved.elements.get(*member)?.action, *member)))
        .collect();
    let edges: Vec<(usize, usize, Constraint)> = constraints
        .iter()
        .filter_map(|it| Some((*by_action.get(&it.first)?, *by_action.get(&it.then)?, *it)))
        .collect();
    let mut waits: BTreeMap<usize, usize> = members.iter().map(|member| (*member, 0)).collect();
    let mut unlocks: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (first, then, _) in &edges {
        *waits.entry(*then).or_default() += 1;
        unlocks.entry(*first).or_default().push(*then);
    }
    let mut ready: BTreeSet<_> = members
        .iter()
        .filter(|member| waits.get(member) == Some(&0))
        .map(|member| (rank(*member), *member))
        .collect();
    let mut sorted = Vec::with_capacity(members.len());
    while let Some((_, member)) = ready.pop_first() {
        sorted.push(member);
        for then in unlocks.get(&member).into_iter().flatten() {
            if let Some(count) = waits.get_mut(then) {
                *count -= 1;
                if *count == 0 {
                    ready.insert((rank(*then), *then));
                }
            }
        }
    }
    if sorted.len() == members.len() {
        return (sorted, Vec::new());
    }
    let placed: BTreeSet<usize> = sorted.iter().copied().collect();
    let stuck: Vec<_> = edges
        .into_iter()
        .filter(|(first, then, _)| !placed.contains(first) && !placed.contains(then))
        .collect();
    let mut rest: Vec<usize> = members
        .iter()
        .copied()
        .filter(|member| !placed.contains(member))
        .collect();
    rest.sort_by_key(|member| rank(*member));
    sorted.extend(rest);
    (sorted, cycle(&stuck))
}

/// A cycle among edges of which each leads to another: walk until a place comes again.
fn cycle(edges: &[(usize, usize, Constraint)]) -> Vec<Constraint> {
    // Walking backwards, every stuck element has something it waits for.
    let mut before: BTreeMap<usize, (usize, Constraint)> = BTreeMap::new();
    for (first, then, constraint) in edges {
        before.entry(*then).or_insert((*first, *constraint));
    }
    let Some(mut at) = edges.first().map(|(_, then, _)| *then) else {
        return Vec::new();
    };
    let mut seen = BTreeMap::new();
    let mut walked = Vec::new();
    loop {
        if let Some(start) = seen.insert(at, walked.len()) {
            let mut around: Vec<Constraint> = walked.split_off(start);
            around.reverse();
            return around;
        }
        let Some((first, constraint)) = before.get(&at) else {
            return Vec::new();
        };
        walked.push(*constraint);
        at = *first;
    }
}

fn cycle_finding(cycle: &[Constraint], loaded: &Loaded) -> Diagnostic {
    let name = |action: usize| {
        let name = loaded
            .actions
            .get(action)
            .and_then(|it| it.action.name.as_ref());
        name.map_or("?", |name| name.value.as_str()).to_owned()
    };
    let mut names: Vec<String> = cycle
        .iter()
        .map(|it| format!("`{}`", name(it.first)))
        .collect();
    names.extend(names.first().cloned());
    let message = match cycle {
        [_] => format!(
            "{} waits for itself",
            names.first().cloned().unwrap_or_default()
        ),
        _ => format!("the order goes round: {}", names.join(" before ")),
    };
    let mut rest = cycle.iter();
    let first = rest.next().map(|it| it.span);
    let span = first.unwrap_or(Span {
        file: diagnostics::FileId::DETACHED,
        range: diagnostics::TextRange::default(),
    });
    let mut diagnostic = Diagnostic::new(&ORDER_CYCLE, span, message);
    for constraint in rest {
        let label = format!(
            "`{}` before `{}`",
            name(constraint.first),
            name(constraint.then)
        );
        diagnostic = diagnostic.label(constraint.span, label);
    }
    diagnostic.help("remove one of these constraints")
}

/// What no list can do: a hook behind `session`, or a hook of a later phase before one of an
/// earlier phase.
fn impossible(
    constraint: &Constraint,
    members: &[usize],
    resolved: &Resolved,
    loaded: &Loaded,
) -> Option<Diagnostic> {
    let element = |action: usize| {
        members
            .iter()
            .filter_map(|member| resolved.elements.get(*member))
            .find(|element| element.action == action)
    };
    let (first, then) = (element(constraint.first)?, element(constraint.then)?);
    let name = |element: &Element| {
        let name = loaded
            .actions
            .get(element.action)
            .and_then(|it| it.action.name.as_ref());
        name.map_or("?", |name| name.value.as_str()).to_owned()
    };
    if is_session(first) && !is_session(then) {
        let message = format!(
            "`{}` cannot run after `{}`: `session` always runs last",
            name(then),
            name(first)
        );
        return Some(
            Diagnostic::new(&IMPOSSIBLE_ORDER, constraint.span, message)
                .help("remove the constraint"),
        );
    }
    (first.phases == [Phase::PostPersist] && then.phases == [Phase::PrePersist]).then(|| {
        let message = format!(
            "`{}` cannot run before `{}`, which runs before anything is stored",
            name(first),
            name(then)
        );
        Diagnostic::new(&IMPOSSIBLE_ORDER, constraint.span, message)
            .help("hooks that parse the answer run before those that do not; remove the constraint")
    })
}
