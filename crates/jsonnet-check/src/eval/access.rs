//! Members, elements, slices and `super`.

use std::sync::Arc;

use jsonnet_syntax::{ExprId, ExprKind};

use super::{Checker, KindSet, manifest::Members};
use crate::{
    check::Read,
    rules,
    ty::{Presence, Refinement, Step, Ty},
    value::{Outcomes, Value},
    world::{PathId, WorldId},
};

impl Checker<'_> {
    /// `target.name` of each of its forms.
    pub(super) fn members(
        &mut self,
        targets: Outcomes,
        name: &Arc<str>,
        (place, target_place): (ExprId, ExprId),
    ) -> Outcomes {
        // What one form has and another has not may be absent, and is not unknown.
        let is_elsewhere = targets.len() > 1
            && targets
                .iter()
                .any(|it| self.can_have(&it.value, name, it.world));
        self.chain(targets, place, |it, value, world| {
            let places = (place, Some(target_place));
            it.member(&value, (name, is_elsewhere), places, world)
        })
    }

    /// `target.name`, written at `place`.
    pub(crate) fn member(
        &mut self,
        target: &Value,
        (name, is_elsewhere): (&Arc<str>, bool),
        (place, target_place): (ExprId, Option<ExprId>),
        world: WorldId,
    ) -> Outcomes {
        match target {
            Value::Object(object) => {
                return self.object_member(*object, (name, is_elsewhere), place, world);
            }
            Value::Std => return self.std_member(name, place, world),
            _ => {}
        }
        let at = target_place.unwrap_or(place);
        if self.kinds(target, world) != KindSet::OBJECT && !self.is_poison(target, world) {
            let is_unknown = self.no_members(target, name, at, world);
            if is_unknown {
                // The test that is asked for is about the member too.
                return self.reported(target, name, world);
            }
        }
        let Some((target, world)) = self.narrow(target, KindSet::OBJECT, world) else {
            return Self::poison(world);
        };
        let Some(ty) = self.data_type(&target, world) else {
            return Self::poison(world);
        };
        if ty.is_poison() {
            return Self::poison(world);
        }
        self.note_read(&ty, name, place);
        let presences = ty.kinds().shapes.iter().map(|it| it.presence(name));
        let presences: Vec<Presence> = presences.collect();
        let is_certain = presences.iter().all(|it| *it == Presence::Required);
        if !is_certain {
            let never = presences.iter().all(|it| *it == Presence::Absent);
            let was_tested = match &target {
                Value::Ref(path) => self.worlds.is_denied(world, *path, name),
                _ => false,
            };
            let diagnostic = if never && !was_tested && !is_elsewhere {
                self.unknown_member(&target, &ty, name, place)
            } else {
                self.absent_member(&target, &ty, name, place, target_place, world)
            };
            self.fails_where(&target, Refinement::Lacks(name.clone()), world);
            self.push(diagnostic);
            if never {
                return self.reported(&target, name, world);
            }
        }
        match &target {
            Value::Ref(path) => {
                let child = self.worlds.child(*path, Step::Member(name.clone()));
                // What is read without a guard is taken to be there from then on, so that one
                // mistake is one diagnostic.
                let world = if is_certain {
                    Some(world)
                } else {
                    self.worlds
                        .assume(world, *path, Refinement::Has(name.clone()))
                };
                world.map_or_else(Vec::new, |world| Self::one(world, Value::Ref(child)))
            }
            _ => Self::data(world, ty.step(&Step::Member(name.clone()))),
        }
    }

    /// The value of a member that was reported: what follows from it is no mistake of its own.
    fn reported(&mut self, target: &Value, name: &Arc<str>, world: WorldId) -> Outcomes {
        let world = match target {
            Value::Ref(path) => {
                let fact = Refinement::Reported(name.clone());
                self.worlds.assume(world, *path, fact)
            }
            _ => Some(world),
        };
        world.map_or_else(Vec::new, Self::poison)
    }

    pub(super) fn note_read(&mut self, ty: &Ty, name: &Arc<str>, place: ExprId) {
        for shape in &ty.kinds().shapes {
            if let Some(note) = shape.field(name).and_then(|it| it.note.clone()) {
                let read = Read {
                    name: name.clone(),
                    note,
                    span: self.program.span(place),
                };
                if !self.report.reads.contains(&read) {
                    self.report.reads.push(read);
                }
            }
        }
    }

    /// `target[key]`.
    pub(crate) fn index(
        &mut self,
        target: &Value,
        key: &Value,
        place: ExprId,
        target_place: ExprId,
        key_place: ExprId,
        world: WorldId,
    ) -> Outcomes {
        let indexable = KindSet::OBJECT.or(KindSet::ARRAY).or(KindSet::STRING);
        let rule = &rules::NOT_INDEXABLE;
        let Some((target, world)) = self.expect(
            target,
            indexable,
            target_place,
            rule,
            "what is indexed",
            world,
        ) else {
            return Self::poison(world);
        };
        if self.is_poison(&target, world) {
            return Self::poison(world);
        }
        let mut all = Vec::new();
        for kind in self.kinds(&target, world).and(indexable).each() {
            let Some((target, world)) = self.narrow(&target, kind, world) else {
                continue;
            };
            let (wanted, what) = if kind == KindSet::OBJECT {
                (KindSet::STRING, "the index of an object")
            } else {
                (KindSet::NUMBER, "the index of an array or a string")
            };
            let rule = &rules::WRONG_INDEX;
            let Some((key, world)) = self.expect(key, wanted, key_place, rule, what, world) else {
                all.append(&mut Self::poison(world));
                continue;
            };
            if self.is_poison(&key, world) {
                all.append(&mut Self::poison(world));
                continue;
            }
            if kind == KindSet::OBJECT {
                all.append(&mut self.keyed(&target, &key, place, target_place, world));
            } else {
                let places = (place, target_place, key_place);
                all.append(&mut self.element(&target, &key, places, world));
            }
        }
        self.compact(all, place)
    }

    fn keyed(
        &mut self,
        target: &Value,
        key: &Value,
        place: ExprId,
        target_place: ExprId,
        world: WorldId,
    ) -> Outcomes {
        if let Some((container, key)) = self.held(target, key, world) {
            let values = self.any_member(target, true, place, world);
            return self.part(container, key, values);
        }
        let ty = self.data_type(key, world).unwrap_or(Ty::Poison);
        let literals = ty.kinds().text.as_ref().and_then(|it| it.literals.clone());
        let Some(literals) = literals else {
            let message = "a member of this name may be absent";
            let written = self.subject(target, target_place);
            let index = match self.program.expr(place).kind {
                ExprKind::Index { index, .. } => self.spelled(index),
                _ => None,
            };
            let help = match written.zip(index) {
                Some((target, key)) => format!(
                    "give a default, `std.get({target}, {key}, null)`, or guard it: \
                     `if std.objectHas({target}, {key}) then … else …`"
                ),
                None => "read it with `std.get` and a default".to_owned(),
            };
            let diagnostic = self
                .diagnostic(&rules::MEMBER_MAY_BE_ABSENT, place, message)
                .help(help);
            self.push(diagnostic);
            return self.any_member(target, true, place, world);
        };
        let mut all = Vec::new();
        for literal in literals {
            let world = match key {
                Value::Ref(path) => {
                    let fact = Refinement::Is(Ty::literal(&literal));
                    self.worlds.assume(world, *path, fact)
                }
                _ => Some(world),
            };
            if let Some(world) = world {
                let places = (place, Some(target_place));
                let found = self.member(target, (&literal, false), places, world);
                all.extend(found);
            }
        }
        self.compact(all, place)
    }

    /// The paths of a value and of a key that it is known to hold.
    pub(super) fn held(
        &mut self,
        target: &Value,
        key: &Value,
        world: WorldId,
    ) -> Option<(PathId, PathId)> {
        let Value::Ref(key) = key else { return None };
        let container = self.container(target, world)?;
        self.worlds
            .holds(world, container, *key)
            .then_some((container, *key))
    }

    /// Refuses what would need the members of `std` as those of an object: all are hidden, and
    /// nearly all are functions.
    pub(crate) fn refuse_std(&mut self, place: ExprId, world: WorldId) -> Outcomes {
        let message = "the members of `std` are not followed here";
        let diagnostic = self.diagnostic(&rules::CANNOT_PROVE, place, message);
        self.push(diagnostic.help("call the function by its name: `std.length(…)`"));
        Self::poison(world)
    }

    /// The value of some member of an object, whichever it is, hidden ones too or not.
    pub(crate) fn any_member(
        &mut self,
        target: &Value,
        hidden: bool,
        place: ExprId,
        world: WorldId,
    ) -> Outcomes {
        match target {
            Value::Object(object) => {
                let ty = self.manifest_object(*object, place, world, Members::Any { hidden });
                let values = ty.kinds().shapes.iter().map(crate::ty::Shape::values);
                let values = values.fold(Ty::never(), |all, it| all.join(&it));
                if ty.is_poison() {
                    return Self::poison(world);
                }
                if values.is_never() {
                    return Vec::new();
                }
                Self::data(world, values)
            }
            Value::Std if hidden => self.refuse_std(place, world),
            _ => {
                let ty = self.data_type(target, world).unwrap_or(Ty::Poison);
                if ty.is_poison() {
                    return Self::poison(world);
                }
                let values = ty.kinds().shapes.iter().map(|it| match it.late && hidden {
                    true => Ty::Unknown,
                    false => it.values(),
                });
                let values = values.fold(Ty::never(), |all, it| all.join(&it));
                if values.is_never() {
                    return Vec::new();
                }
                Self::data(world, values)
            }
        }
    }

    // `super`.
}
