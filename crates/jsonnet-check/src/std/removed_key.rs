//! `std.objectRemoveKey`, which go-jsonnet before 0.22 has for some objects only.

use jsonnet_syntax::{ExprKind, Member};

use super::{Call, objects::reads_own_object};
use crate::{
    eval::{Checker, manifest::Members},
    rules,
    ty::{Field, Kinds, Presence, Ty},
    value::{Layer, Outcomes, Value},
    world::WorldId,
};

impl Checker<'_> {
    pub(super) fn remove_key(
        &mut self,
        call: &Call<'_>,
        object: &Value,
        name: &Value,
        world: WorldId,
    ) -> Outcomes {
        let is_no_sum =
            call.place_of(0) != call.place && self.is_no_sum(call.place_of(0), call.env);
        if !is_no_sum && !self.is_removable(object, world) {
            let message = "go-jsonnet before 0.22 crashes where this object is a sum of objects or has locals";
            return self.refuse_removal(call, message, world);
        }
        let ty = match object {
            // What is left still binds `self` late, and no longer finds the member there.
            Value::Object(_) if self.program.exprs().iter().any(reads_own_object) => {
                let message = "this object may read the member that is removed from it";
                return self.refuse_removal(call, message, world);
            }
            Value::Object(it) => self.manifest_object(*it, call.place, world, Members::Output),
            _ => self.data_type(object, world).unwrap_or(Ty::Poison),
        };
        if ty.is_poison() {
            return Self::poison(world);
        }
        // A member that never has a value says nothing of the others, and may be the one that goes.
        let ty = if ty.is_never() {
            Ty::map(Ty::Unknown)
        } else {
            ty
        };
        let names = self.data_type(name, world).unwrap_or(Ty::Poison);
        let single = names
            .kinds()
            .text
            .as_ref()
            .and_then(|it| it.single().cloned());
        let shapes = ty.kinds().shapes.iter().map(|shape| {
            let mut shape = shape.clone();
            match &single {
                Some(name) => shape.set(name.clone(), Field::new(Ty::never(), Presence::Absent)),
                None => {
                    for (_, field) in &mut shape.fields {
                        field.presence = field.presence.max(Presence::Optional);
                    }
                }
            }
            shape
        });
        Self::data(
            world,
            Ty::new(Kinds {
                shapes: shapes.collect(),
                notes: ty.kinds().notes.clone(),
                ..Kinds::default()
            }),
        )
    }

    fn refuse_removal(&mut self, call: &Call<'_>, message: &str, world: WorldId) -> Outcomes {
        let diagnostic = self
            .diagnostic(&rules::CANNOT_PROVE, call.place, message)
            .help("copy the members that stay: `{ [k]: o[k] for k in … if k != … }`");
        self.push(diagnostic);
        Self::poison(world)
    }

    /// Whether go-jsonnet removes a member: before 0.22 it crashes on an object that is a sum of
    /// objects, and forgets the locals of one.
    fn is_removable(&mut self, object: &Value, world: WorldId) -> bool {
        if self.profile.std_version >= crate::check::StdVersion::V0_22 {
            return true;
        }
        match object {
            Value::Std => false,
            Value::Object(object) => match *self.store.layers_of(*object) {
                [layer] => match *self.store.layer_of(layer) {
                    Layer::Written { expr, .. } => match &self.program.expr(expr).kind {
                        ExprKind::Object(members) => {
                            !members.iter().any(|it| matches!(it, Member::Local(_)))
                        }
                        _ => true,
                    },
                    Layer::Data(_) | Layer::Made(_) => true,
                },
                _ => false,
            },
            // Data may be what is known of a sum, where there was one.
            _ if self.is_poison(object, world) => true,
            Value::Ref(path) => !self.has_extended || self.is_given(*path),
            _ => !self.has_extended,
        }
    }
}
