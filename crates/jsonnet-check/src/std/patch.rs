//! `std.mergePatch` and `std.prune`: types of objects from which members are taken out.

use std::sync::Arc;

use super::array_of;
use crate::{
    eval::KindSet,
    ty::{Array, Field, Presence, Shape, Ty},
};

/// What RFC 7396 makes of the two.
pub(super) fn merge_patch(target: &Ty, patch: &Ty, depth: usize) -> Ty {
    if target.is_poison() || patch.is_poison() {
        return Ty::Poison;
    }
    if depth > 12 {
        return Ty::Unknown;
    }
    let kinds = patch.kinds();
    let mut others = kinds.clone();
    others.shapes.clear();
    let mut all = Ty::new(others);
    let empty = vec![Shape::default()];
    let has_other = KindSet::of(target) != KindSet::OBJECT;
    let mut targets = target.kinds().shapes.clone();
    if has_other || targets.is_empty() {
        targets.extend(empty);
    }
    for patch in &kinds.shapes {
        for target in &targets {
            all = all.join(&Ty::from(merge_shape(target, patch, depth)));
        }
    }
    all
}

fn merge_shape(target: &Shape, patch: &Shape, depth: usize) -> Shape {
    // Only what the output shows of the two goes into a new object.
    let shown = |it: &Shape| Shape {
        late: false,
        ..it.clone()
    };
    let (target, patch) = (&shown(target), &shown(patch));
    let mut merged = Shape::default();
    let names = target.present().chain(patch.present());
    let names: Vec<Arc<str>> = names.map(|(name, _)| name.clone()).collect();
    for name in names {
        let (base, change) = (target.member(&name), patch.member(&name));
        let base_presence = target.presence(&name);
        let change_presence = patch.presence(&name);
        let mut ty = Ty::never();
        let mut may_lack =
            base_presence != Presence::Required && change_presence != Presence::Required;
        if change_presence != Presence::Required
            && let Some(base) = &base
        {
            ty = ty.join(base);
        }
        if let Some(change) = change.filter(|_| change_presence != Presence::Absent) {
            may_lack |= change.kinds().null;
            let base = base.unwrap_or_else(Ty::null);
            let change = without_null(&change);
            if !change.is_never() {
                ty = ty.join(&merge_patch(&base, &change, depth + 1));
            }
        }
        if ty.is_never() {
            continue;
        }
        let presence = if may_lack {
            Presence::Optional
        } else {
            Presence::Required
        };
        merged.set(name, Field::new(ty, presence));
    }
    let rests = [&target.rest, &patch.rest];
    let rest = rests
        .into_iter()
        .flatten()
        .cloned()
        .reduce(|a, b| a.join(&b));
    merged.rest = rest.map(|it| merge_patch(&it, &it, depth + 1).join(&it));
    merged
}

fn without_null(ty: &Ty) -> Ty {
    if matches!(ty, Ty::Unknown | Ty::Poison) {
        return ty.clone();
    }
    let mut kinds = ty.kinds().clone();
    kinds.null = false;
    Ty::new(kinds)
}

/// What `std.prune` leaves: members and elements that are null, `[]` or `{}` afterwards are gone.
pub(super) fn prune(ty: &Ty, depth: usize) -> Ty {
    if matches!(ty, Ty::Unknown | Ty::Poison) {
        return ty.clone();
    }
    if depth > 24 {
        return Ty::Unknown;
    }
    let mut kinds = ty.kinds().clone();
    for shape in &mut kinds.shapes {
        shape.late = false;
        for (_, field) in &mut shape.fields {
            if field.presence == Presence::Absent {
                continue;
            }
            let (kept, may_go) = pruned_part(&field.ty, depth);
            if kept.is_never() {
                field.presence = Presence::Absent;
            } else if may_go {
                field.presence = field.presence.max(Presence::Optional);
            }
            field.ty = kept;
        }
        shape.rest = shape.rest.as_ref().map(|it| pruned_part(it, depth).0);
    }
    if let Some(array) = &mut kinds.array {
        let element = array.element();
        let (kept, may_go) = pruned_part(&element, depth);
        let mut pruned = Array::of(kept);
        pruned.max = array.max;
        pruned.min = if may_go {
            let known = array.prefix.iter().take(array.min);
            known.filter(|it| !pruned_part(it, depth).1).count()
        } else {
            array.min
        };
        *array = pruned;
    }
    Ty::new(kinds)
}

/// A part after pruning, and whether it may be dropped.
fn pruned_part(ty: &Ty, depth: usize) -> (Ty, bool) {
    let pruned = prune(ty, depth + 1);
    if matches!(pruned, Ty::Unknown | Ty::Poison) {
        return (pruned, true);
    }
    let mut kinds = pruned.kinds().clone();
    let mut may_go = kinds.null;
    kinds.null = false;
    if let Some(array) = &mut kinds.array {
        if array.min == 0 {
            may_go = true;
            array.min = 1;
        }
        if array_of(&pruned).max == Some(0) || array.element().is_never() {
            kinds.array = None;
        }
    }
    let shapes = std::mem::take(&mut kinds.shapes);
    for shape in shapes {
        let has_required = shape
            .fields
            .iter()
            .any(|(_, it)| it.presence == Presence::Required);
        may_go |= !has_required;
        let is_open = shape.rest.as_ref().is_some_and(|it| !it.is_never());
        if has_required || is_open || shape.present().next().is_some() {
            kinds.shapes.push(shape);
        }
    }
    (Ty::new(kinds), may_go)
}
