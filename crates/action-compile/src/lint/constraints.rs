//! Constraints between actions that never meet.

use diagnostics::{Diagnostic, Level, Rule};

use crate::load::Loaded;
use crate::order::{Constraint, Lists};
use crate::resolve::Resolved;

/// A constraint between two lists.
pub(crate) static CONSTRAINT_WITHOUT_EFFECT: Rule = Rule {
    code: "constraint-without-effect",
    summary: "`run_after` or `run_before` names an action that is in none of the same lists",
    level: Level::Warning,
    since: "0.1.0",
    page: include_str!("../../diagnostics/constraint-without-effect.md"),
};

/// Reports the constraints that no list has both actions of.
pub(crate) fn without_effect(
    constraints: &[Constraint],
    lists: &Lists,
    resolved: &Resolved,
    loaded: &Loaded,
) -> Vec<Diagnostic> {
    if constraints.is_empty() {
        return Vec::new();
    }
    let action_of = |member: &usize| resolved.elements.get(*member).map(|it| it.action);
    let lists: Vec<std::collections::BTreeSet<usize>> = lists
        .values()
        .map(|members| members.iter().filter_map(action_of).collect())
        .collect();
    let is_placed = |action: usize| lists.iter().any(|list| list.contains(&action));
    let name = |action: usize| {
        let name = loaded
            .actions
            .get(action)
            .and_then(|it| it.action.name.as_ref());
        name.map_or("?", |name| name.value.as_str())
    };
    let idle = constraints.iter().filter(|it| {
        // An action that is switched off, or refused, has no place to compare.
        it.first != it.then
            && is_placed(it.first)
            && is_placed(it.then)
            && !lists
                .iter()
                .any(|list| list.contains(&it.first) && list.contains(&it.then))
    });
    idle.map(|it| {
        Diagnostic::new(
            &CONSTRAINT_WITHOUT_EFFECT,
            it.span,
            format!(
                "`{}` and `{}` have no list in common, so no order between them",
                name(it.first),
                name(it.then)
            ),
        )
        .help("remove it, or give both actions the same flow, timing and `auth_method`")
    })
    .collect()
}
