//! Functions that write a value as a text.

use super::Call;
use crate::{
    eval::{Checker, KindSet},
    rules,
    ty::{Array, Text, Ty},
    value::{Outcomes, Value},
    world::WorldId,
};

impl Checker<'_> {
    pub(super) fn manifested(
        &mut self,
        call: &Call<'_>,
        value: &Value,
        world: WorldId,
    ) -> Outcomes {
        let place = call.place_of(0);
        let ty = self.manifest(value, place, world);
        if ty.is_poison() {
            return Self::poison(world);
        }
        match call.name {
            "manifestToml" | "manifestTomlEx" if may_hold_null(&ty, 0) => {
                let message = "TOML has no null, and this value may hold one";
                self.may_fail(call, 0, message, "remove nulls with `std.prune`");
            }
            "manifestXmlJsonml" if !is_jsonml(&ty, 0) => {
                let message = "this could not be shown to be JsonML";
                let diagnostic = self.diagnostic(&rules::CANNOT_PROVE, place, message);
                self.push(diagnostic);
            }
            "manifestIni" => {
                let fits = |value: &Ty| KindSet::of(value) == KindSet::OBJECT;
                let shapes = &ty.kinds().shapes;
                let sections = shapes.iter().all(|shape| {
                    shape.presence("sections") == crate::ty::Presence::Required
                        && shape.member("sections").is_some_and(|it| {
                            fits(&it)
                                && it.kinds().shapes.iter().all(|it| {
                                    let values = it.values();
                                    values.is_never() || fits(&values)
                                })
                        })
                        && shape.member("main").is_none_or(|it| fits(&it))
                });
                if !sections {
                    let message = "`std.manifestIni` needs an object of objects as `sections`";
                    self.may_fail(call, 0, message, "give `{ sections: { … } }`");
                }
            }
            _ => {}
        }
        let text = match call.name {
            "manifestJson" | "manifestJsonMinified" => Text::json(),
            _ => Text::any(),
        };
        Self::data(world, Ty::from(text).with_notes(&ty.kinds().notes))
    }
}

/// Whether all values of the type are JsonML: a name, perhaps attributes, then texts and elements.
fn is_jsonml(ty: &Ty, depth: usize) -> bool {
    let is_only = |ty: &Ty, kind: KindSet| !ty.is_poison() && KindSet::of(ty) == kind;
    let Some(array) = ty.kinds().array.as_ref() else {
        return false;
    };
    let is_listed = array.max.is_some_and(|it| it <= array.prefix.len()) && array.min > 0;
    if depth > 12 || !is_listed || !is_only(ty, KindSet::ARRAY) {
        return false;
    }
    array.prefix.iter().enumerate().all(|(at, it)| {
        is_only(it, KindSet::STRING)
            || at == 1 && is_only(it, KindSet::OBJECT)
            || at > 0 && is_jsonml(it, depth + 1)
    })
}

fn may_hold_null(ty: &Ty, depth: usize) -> bool {
    if depth > 12 {
        return true;
    }
    let kinds = ty.kinds();
    let element = kinds.array.as_ref().map(Array::element);
    kinds.null
        || matches!(ty, Ty::Unknown)
        || element.is_some_and(|it| may_hold_null(&it, depth + 1))
        || kinds
            .shapes
            .iter()
            .any(|it| may_hold_null(&it.values(), depth + 1))
}
